/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The master of a search by cuts: minimise cost * y, 0 <= y <= 1, over all
 * cuts  weight * y >= 1  that were found.
 *
 * Every cut is kept; few of them bind at a time, and rows are what a linear
 * programme pays for.  One that was slack for a while leaves the programme and
 * comes back as soon as y violates it, so a solution always meets all of them.
 */
#ifndef MK_SDC_MASTER_H
#define MK_SDC_MASTER_H

#include "reports/sdc/lp.h"

struct mk_sdc_master_cut {
    uint32_t *column; /* owned, as weight */
    double *weight;
    size_t n;
    uint32_t slack; /* solutions in a row in which it did not bind */
    bool in;        /* is a row */
};

struct mk_sdc_master {
    size_t n;      /* columns */
    double *y;     /* of the last solution; owned, as the rest */
    double *dual;  /* by column, of the same: what y = 0 (or 1) saves */
    double value;  /* its cost */
    size_t n_cuts; /* found */
    struct mk_lp *lp;
    struct mk_sdc_master_cut *cut;
    size_t cap;
    uint32_t *row; /* by row of the programme: its cut */
};

/* cost has a place a column; pivots are counted in work (borrowed).  Owns:
 * release, also after an error.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_master_init(struct mk_sdc_master *m,
                                           const double *cost, size_t n,
                                           uint64_t *work);
void mk_sdc_master_release(struct mk_sdc_master *m);

/* Adds a cut over n columns, which y violates.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_master_add(struct mk_sdc_master *m,
                                          const uint32_t *column,
                                          const double *weight, size_t n);

void mk_sdc_master_bounds(struct mk_sdc_master *m, uint32_t column, double lo,
                          double hi);

/* y, dual and value are set when OPTIMAL. */
enum mk_lp_end mk_sdc_master_solve(struct mk_sdc_master *m);

#endif
