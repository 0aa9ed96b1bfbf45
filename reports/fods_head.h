/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands in factsheet.fods before its sheets (render_fods.c).  Styles of
 * cells by what they are for:
 *
 *   ti title   su what it is about  mk marking  hd, hr head of a column
 *   co code    la label             in label set in (of which)
 *   nu number  ma mark              no running text
 *   tc, tl, tn, tm: code, label, number and mark of a line of totals
 *   bn, bm: number and mark of a column of totals
 * Of columns: cc codes, cl labels, cv figures, cw figures under a label, cn
 * running text.
 */
#ifndef MK_REPORTS_FODS_HEAD_H
#define MK_REPORTS_FODS_HEAD_H

#include "reports/grid.h"

/* Rows of a sheet above the heads of its table: title, unit, release and
 * moment, marking. */
#define MK_FODS_TOP_ROWS 4

/* Rows of heads: two where care types stand across, labels above codes. */
size_t mk_fods_head_rows(const struct mk_grid *g);

/* Adds the root element's begin, what the document is about (without any time
 * of making), which rows stay when a sheet scrolls, and the styles. */
MK_MUST_USE enum mk_err mk_fods_head(struct mk_buf *out,
                                     const struct mk_factsheet *f,
                                     const char *title);

#endif
