/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cells.csv and plan.csv, ours or those of another tool: a column a dimension
 * (`*` is the total), `value`, `status`, and perhaps `lo`, `hi`, `why` (passed
 * over), in any order.
 *
 *   published           value; no lo, hi.  Where figures are rounded lo, hi both
 *                       or neither, at most the base away
 *   hidden              no value; lo, hi both or neither
 *   primary, secondary  value; lo, hi both or neither
 *
 * Source: the page INTERFACE of the design, meldkluis-factsheet.
 */
#ifndef MK_SDC_CELLS_READ_H
#define MK_SDC_CELLS_READ_H

#include "reports/sdc/model.h"

/*
 * Fills printed, which is initialised for spec; after an error it is still to
 * be released.  base: what published figures are rounded to; 0: they are not.
 * A hidden cell without lo and hi has no interval, a rounded one that of its
 * figure.  Whether cells are missing is for the model to say.
 * Errors, with a line: E_SYNTAX, E_BAD_UTF8, E_TOO_LARGE, E_UNKNOWN_COLUMN,
 * E_MISSING_KEY (a column), E_DUPLICATE_KEY (a column or a cell), E_BAD_CODE
 * (no such node; place: the dimension, or status), E_BAD_NUMBER (value, lo,
 * hi; a value that is no multiple of base), E_BAD_VALUE (a cell that no table has, or columns that do not go
 * together); E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_sdc_cells_parse(struct mk_sdc_printed *printed,
                                           const struct mk_sdc_spec *spec,
                                           uint64_t base, const void *text,
                                           size_t n, struct mk_diag *diag);

#endif
