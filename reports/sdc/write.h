/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What comes out: cells.csv, which may be shown, and plan.csv, which may not.
 * Both: UTF-8, comma, LF, quotes where needed; a column a dimension (`*` for
 * the total), then
 *
 *   cells.csv   value,status,lo,hi       published or hidden; a value only
 *               where published, lo and hi only where hidden or rounded (then
 *               value is the figure)
 *   plan.csv    value,status,lo,hi,why   published, primary or secondary, the
 *               value always where it is known; why: words with a space
 *
 * Cells come in the order of the spec's walk, once under each of their names;
 * what is watched, or of structural zeros only, has no row.
 */
#ifndef MK_SDC_WRITE_H
#define MK_SDC_WRITE_H

#include "core/base/buf.h"
#include "reports/sdc/model_empty.h"

/* Both add to out.  Errors: E_MEMORY, E_TOO_LARGE; E_INTERNAL when a cell that
 * is to be shown has no known value. */
MK_MUST_USE enum mk_err mk_sdc_write_cells(struct mk_buf *out,
                                           const struct mk_sdc_model *model,
                                           struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_sdc_write_plan(struct mk_buf *out,
                                          const struct mk_sdc_model *model,
                                          struct mk_diag *diag);

/* ---- the cells that are written, one by one ---- */

struct mk_sdc_writer {
    const struct mk_sdc_model *model; /* borrowed */
    /* of the spec alone (borrowed), or NULL: what is empty only because an
     * earlier release says so comes too, as 0 */
    struct mk_sdc_empty *own;
    struct mk_sdc_walk walk;
    struct mk_sdc_vecs seen;        /* owned */
    const uint32_t *node;           /* of the spec */
    const struct mk_sdc_cell *cell; /* borrowed */
};
void mk_sdc_writer_init(struct mk_sdc_writer *w,
                        const struct mk_sdc_model *model);
void mk_sdc_writer_release(struct mk_sdc_writer *w);
/* *more false at the end.  Errors: E_MEMORY; E_INTERNAL as above. */
MK_MUST_USE enum mk_err mk_sdc_writer_next(struct mk_sdc_writer *w, bool *more,
                                           struct mk_diag *diag);

/* A field, the names of the dimensions (each with a comma behind it) and rest,
 * the nodes of the cell at hand (likewise).  Errors: E_MEMORY, E_TOO_LARGE. */
MK_MUST_USE enum mk_err mk_sdc_write_field(struct mk_buf *out,
                                           const char *text);
MK_MUST_USE enum mk_err mk_sdc_write_header(struct mk_buf *out,
                                            const struct mk_sdc_spec *spec,
                                            const char *rest);
MK_MUST_USE enum mk_err mk_sdc_write_nodes(struct mk_buf *out,
                                           const struct mk_sdc_writer *w);

#endif
