/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers, texts and results as bytes, for the pipe between solver and gate.
 * Numbers are u64, big-endian; a text or a row of numbers has its length before
 * it.
 *
 *   result  safe | optimal | heuristic | cost | bound | work |
 *           classes | columns | rows | bags | cells |
 *           (hidden | exact | lo | hi | table of lo | of hi) a cell |
 *           dimensions | base | n | table ... | derivations
 *   table   rows | (leaf a dimension | n) a row
 *
 * What is read comes from a process that is not believed: nothing makes room
 * for more than was sent, and what does not fit the model is refused.
 */
#ifndef MK_SDC_PIPE_H
#define MK_SDC_PIPE_H

#include "core/base/buf.h"
#include "reports/sdc/protect.h"

struct mk_sdc_pipe {
    const uint8_t *p; /* borrowed */
    size_t left;
    bool bad; /* something was asked that was not there */
};

/* 0 where nothing is left. */
uint64_t mk_sdc_pipe_get(struct mk_sdc_pipe *pipe);
/* Adds the text to out.  Errors: E_MEMORY, E_SYNTAX. */
MK_MUST_USE enum mk_err mk_sdc_pipe_get_text(struct mk_sdc_pipe *pipe,
                                             struct mk_buf *out);
MK_MUST_USE enum mk_err mk_sdc_pipe_put_text(struct mk_buf *out,
                                             const struct mk_buf *text);

/* Records of a model whose joint dimensions are those.  r is all zero before, and
 * owns what it has after an error too.  Errors: E_MEMORY, E_SYNTAX. */
MK_MUST_USE enum mk_err mk_sdc_pipe_put_records(struct mk_buf *out,
                                                const struct mk_sdc_records *r,
                                                size_t n_dims);
MK_MUST_USE enum mk_err mk_sdc_pipe_get_records(
    struct mk_sdc_pipe *pipe, struct mk_sdc_records *r,
    const struct mk_sdc_spec *joint);

/*
 * A result, with the pattern and the intervals of its model.  On the reading
 * side the rule was applied to model before; a pattern that goes against a
 * cell's fate is refused.  Nothing else is judged here: that is for
 * mk_sdc_result_check.  Errors: E_MEMORY, E_TOO_LARGE, E_SYNTAX.
 */
MK_MUST_USE enum mk_err mk_sdc_pipe_put_result(
    struct mk_buf *out, const struct mk_sdc_result *result,
    const struct mk_sdc_model *model);
MK_MUST_USE enum mk_err mk_sdc_pipe_get_result(struct mk_sdc_pipe *pipe,
                                               struct mk_sdc_result *result,
                                               struct mk_sdc_model *model);

/* The gate's side: the rule is applied to model, the result is read, and the
 * checker runs.  Errors: as above. */
MK_MUST_USE enum mk_err mk_sdc_pipe_accept_result(struct mk_sdc_pipe *pipe,
                                                  struct mk_sdc_result *result,
                                                  struct mk_sdc_model *model,
                                                  struct mk_diag *diag);

#endif
