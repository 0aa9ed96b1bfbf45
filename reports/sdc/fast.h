/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way for large models, without a solver: a need is answered by moves
 * (cover.h), the pattern is made cheaper as long as the effort lasts, and the
 * intervals are what every reader can compute (outer.h).
 *
 *   1. answer what can be answered by classes that have to be hidden anyway
 *   2. answer the rest, each as cheaply as can be
 *   3. answer each anew; publish each class again if its needs find another
 *      answer for less; then the same for needs that lie together, by chance
 *
 * Nothing here is believed before mk_sdc_check.
 */
#ifndef MK_SDC_FAST_H
#define MK_SDC_FAST_H

#include "reports/sdc/proof.h"
#include "reports/sdc/suppress.h"

/* Up to here the exact method is asked. */
#define MK_SDC_FAST_CLASSES 3000u
/* Effort is given twice, and once more for each so many classes. */
#define MK_SDC_FAST_SCALE 4096u

/* Whether a system may be solved so at all: one bag, its true table known,
 * nothing printed before, no insider and no group. */
MK_MUST_USE bool mk_sdc_fast_can(const struct mk_sdc_system *s,
                                 const struct mk_sdc_needs *needs);

/*
 * The pattern; hidden, lo, hi and exact of the cells, and the proof
 * (initialised).  plan->safe is false, and cells and proof are as they were,
 * where a need found no move.  plan->work: steps of the search, in what a pivot
 * costs; improving stops when they pass effort times what the size gives
 * (MK_SDC_FAST_SCALE).  publish false: only 1 and 2, to see
 * what the rest is worth.
 * Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_sdc_fast(struct mk_sdc_plan *plan,
                                    struct mk_sdc_proof *proof,
                                    const struct mk_sdc_system *s,
                                    const struct mk_sdc_needs *needs,
                                    uint64_t effort, bool publish,
                                    struct mk_diag *diag);

#endif
