/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is told about a protection or an audit.
 *
 *   proof.json   counts, optimum or bound, what the checker looked at; no
 *                value of a hidden cell
 *   audit.csv    a row a cell: what was printed, what can be inferred, and
 *                what is wrong with it
 */
#ifndef MK_SDC_REPORT_H
#define MK_SDC_REPORT_H

#include "core/base/buf.h"
#include "reports/sdc/job.h"

struct mk_sdc_counts {
    size_t cells, primary, secondary, hidden;
    size_t published, rounded; /* printed as it is; as a figure near it */
    size_t unsafe;             /* hidden or rounded, and known to be unsafe */
    uint64_t narrowest;        /* of those: the smallest hi - lo */
    size_t inexact;            /* cells whose interval is only an outer one */
};
/* Cells that a reader sees: not what is watched or structurally empty. */
void mk_sdc_count_cells(const struct mk_sdc_model *model,
                        struct mk_sdc_counts *counts);

/* Both add to out.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_write_proof(struct mk_buf *out,
                                           const struct mk_sdc_task *task,
                                           bool reproducible);
/* The same of a rounding. */
MK_MUST_USE enum mk_err mk_sdc_write_round_proof(
    struct mk_buf *out, const struct mk_sdc_task *task, bool reproducible);
MK_MUST_USE enum mk_err mk_sdc_write_audit(struct mk_buf *out,
                                           const struct mk_sdc_task *task);

/* One line a fault of the task's result, for people; with the earlier release and
 * its table where one has the figure. */
MK_MUST_USE enum mk_err mk_sdc_write_faults(struct mk_buf *out,
                                            const struct mk_sdc_task *task,
                                            bool english);
/* The same for a publication that is refused: also, where they are known, the
 * earlier figures that add up to what is known too closely (derive.h), and the
 * names of the earlier releases. */
MK_MUST_USE enum mk_err mk_sdc_write_refusal(struct mk_buf *out,
                                             const struct mk_sdc_task *task,
                                             bool english);

#endif
