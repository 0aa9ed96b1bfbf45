/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is a release that was read whole, and can its figures be true?  What lacks a
 * cell, or claims a figure that was never printed, would let a later release
 * give somebody away.
 *
 *   whole      every cell that its tables have is in it; only those of
 *              structural zeros may be left out
 *   adds up    along each dimension the leaves of a parent, or of a total, can
 *              have its figure: intervals are narrowed by each other, round
 *              after round, and none comes out empty
 *
 * The last is weaker than "some whole table has all of it" (that is for the
 * solver), but it needs none, and what it refuses is surely false.  Whether it
 * prints less than its own threshold only all releases together tell: what one
 * printed by a smaller threshold a later one prints again (model_build.h).
 */
#ifndef MK_SDC_RELEASE_CHECK_H
#define MK_SDC_RELEASE_CHECK_H

#include "reports/sdc/model.h"

/*
 * release has its spec and its printed cells.
 * Errors, with the row in the place: E_INCOMPLETE ("cells: year=2020,cat=a");
 * E_SUMS ("cells[3]: year=2020", also two figures of one cell); E_TOO_LARGE
 * (more sums than can be worked out); E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_sdc_release_check(
    const struct mk_sdc_release *release, struct mk_diag *diag);

#endif
