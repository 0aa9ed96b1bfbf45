/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the model of a spec, its data and all that was printed before. */
#ifndef MK_SDC_MODEL_BUILD_H
#define MK_SDC_MODEL_BUILD_H

#include "reports/sdc/model.h"

/*
 * Fills m, which is initialised; after an error it is still to be released.
 * spec is borrowed for as long as m lives, the rest is copied.
 *
 * data (or NULL) is in the dimensions of spec.  printed (or NULL) is the table
 * set that is audited, in the dimensions of spec too.
 *
 * Cells: those of the spec in the order of its walk, then those of the earlier
 * releases in theirs.
 *   fate      MUST_SHOW what an earlier release printed, MUST_HIDE what it hid
 *             (why EARLIER, its interval kept) unless another one printed it,
 *             of what one rounded the interval is kept; a cell of spec whose
 *             value is known is left to the rule, others are MUST_HIDE,
 *             MUST_HIDE what is watched (why WATCHED); in an audit what the
 *             tables show and hide.  A watched cell that was printed is shown
 *             already: MUST_SHOW, but still watched.
 *   rounded   by printed or an earlier release, unless one before that hid it:
 *             the order of earlier is that in which they were released
 *   known     from the data; else from what was printed.
 *   empty     known and zero, MUST_SHOW.
 *   hidden    set in an audit.  A cell that was hidden earlier and that the
 *             audited tables print is MUST_SHOW with why EARLIER.
 *
 * Sizes: MK_SDC_RELEASES, MK_SDC_CELLS.
 * Errors: E_MEMORY; E_TOO_LARGE; E_BAD_VALUE for names that do not fit
 * together, or audited tables that contradict themselves or the data;
 * E_IMPOSSIBLE for a record in a structural zero; E_MISSING_KEY for a cell
 * that the audited tables lack; E_EARLIER for a figure or a zero that an
 * earlier release had otherwise; E_UNSAFE for a figure that an earlier release
 * printed below its own threshold, unless another one printed it by a smaller
 * one.  place is the cell, the name or the zero.
 */
MK_MUST_USE enum mk_err mk_sdc_model_build(
    struct mk_sdc_model *m, const struct mk_sdc_spec *spec,
    const struct mk_sdc_data *data, const struct mk_sdc_printed *printed,
    const struct mk_sdc_release *const *earlier, size_t n_earlier,
    struct mk_diag *diag);

#endif
