/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an attacker can infer at best: for every hidden cell the smallest and
 * the largest value over all tables in whole numbers, each with a table that
 * has it; and the tables that answer for insiders and groups.
 */
#ifndef MK_SDC_RANGES_H
#define MK_SDC_RANGES_H

#include "reports/sdc/proof.h"

/*
 * Sets hidden, lo, hi and exact of the cells of the judge's pattern and fills
 * proof (initialised).  exact is false where a limit was reached: lo and hi are
 * then those of the linear programme, so that what is printed never says more
 * than an attacker could know.  hi is MK_SDC_COUNT where there is no largest.
 * Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_sdc_ranges(struct mk_sdc_judge *judge,
                                      struct mk_sdc_proof *proof,
                                      struct mk_diag *diag);

/*
 * The true table where the data do not cover the model: any one that has the
 * values that are known.  Values of cells that are not known become its values.
 * Errors: E_MEMORY; E_EARLIER when there is none: what was printed
 * contradicts the data, or itself.
 */
MK_MUST_USE enum mk_err mk_sdc_stand_in(struct mk_sdc_system *s,
                                        uint64_t *work, struct mk_diag *diag);

#endif
