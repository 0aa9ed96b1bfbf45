/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why a hidden cell is known so closely: printed figures, each times a small
 * whole number, that add up to a bound.
 *
 *   whole number D, numbers L:  in every inner cell  sum L >= D times the cell
 *   so                          D * cell <= sum L * printed figure
 *
 * The numbers come from a solver's duals and are then verified in integers, so
 * what is said is true whatever the solver did.
 */
#ifndef MK_SDC_DERIVE_H
#define MK_SDC_DERIVE_H

#include "core/base/buf.h"
#include "reports/sdc/attack.h"

/*
 * Adds a line "<= 3: + [k=a] 12 - [A, k,m: k=a,m=x] 9" (>= with up false) for
 * class cls under what the attack knows; A is the earlier release that printed
 * the figure, in its table k,m.  Adds nothing where no short
 * derivation was found: whole numbers can say more than sums do.
 * Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_sdc_derive(struct mk_buf *out,
                                      struct mk_sdc_attack *a, uint32_t cls,
                                      bool up);

#endif
