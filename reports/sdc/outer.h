/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every reader can compute: bounds of hidden cells from the sums that are
 * published, in whole numbers, without a solver.
 *
 * A sum is a cell whose node in one dimension has more leaves than one, and
 * the cells of those leaves.  Where columns are no cells of their own, each
 * class is also the sum of its columns.  Bounds are carried through all sums
 * until nothing changes.  They contain whatever an attacker can infer, because
 * each step holds for every table that meets what is published; they follow
 * from what is published alone, so that printing them tells nobody anything.
 */
#ifndef MK_SDC_OUTER_H
#define MK_SDC_OUTER_H

#include "reports/sdc/system.h"

/* Terms of sum i: term[start[i] .. start[i + 1] - 1], the first is the sum of
 * the others.  A term is a class, or n_classes + column. */
struct mk_sdc_sums {
    const struct mk_sdc_system *s; /* borrowed */
    size_t *start;                 /* owned, like the rest */
    uint32_t *term;
    size_t n, cap, n_terms, cap_terms;
};

/* Owns: release, also after an error.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_sums_init(struct mk_sdc_sums *sums,
                                         const struct mk_sdc_system *s);
void mk_sdc_sums_release(struct mk_sdc_sums *sums);

/* lo and hi by class (0 .. MK_SDC_COUNT where nothing is known); both have a
 * place a class.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_outer(const struct mk_sdc_sums *sums,
                                     const bool *hidden, int64_t *lo,
                                     int64_t *hi);

/* In how many sums a class stands in which one term has to be hidden so far:
 * in has a place a class. */
void mk_sdc_sums_alone(const struct mk_sdc_sums *sums, uint32_t *in);

/*
 * No safe pattern costs less: in a sum with one term that has to be hidden
 * another one has to be, and each pays its share to all such sums that it is
 * in.  cost by class.  Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_sdc_sums_bound(const struct mk_sdc_sums *sums,
                                          const double *cost, double *bound);

#endif
