/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole tables that were found, kept as what they change in the true one.
 *
 * A table is good as long as it changes no row that is shown; whoever hides
 * more keeps every one.  So most questions "can this cell be larger than
 * that?" need no attack: a table of before answers.
 *
 * Tables with fractions are kept too: they answer for the linear programme
 * while patterns are looked for.  They prove nothing.
 */
#ifndef MK_SDC_POOL_H
#define MK_SDC_POOL_H

#include "reports/sdc/system.h"

#define MK_SDC_POOL 4000 /* tables; past it those that are not good go */

struct mk_sdc_change {
    uint32_t at;  /* class or column */
    double delta; /* never 0 */
};

struct mk_sdc_table_found {
    struct mk_sdc_change *cls; /* owned; ascending, like col */
    struct mk_sdc_change *col;
    uint32_t n_cls, n_col;
    uint32_t shown; /* classes that it changes and that are shown: 0 = good */
    bool whole;     /* whole numbers only */
};

struct mk_sdc_use {
    uint32_t table;
    double delta;
};
struct mk_sdc_uses {
    struct mk_sdc_use *at;
    size_t n, cap;
};

struct mk_sdc_pool {
    const struct mk_sdc_system *s; /* borrowed */
    struct mk_sdc_table_found *table;
    size_t n, cap;
    struct mk_sdc_uses *use; /* by class */
    bool *hidden;            /* by class */
    bool keep;               /* all tables: their numbers are used elsewhere */
    double *scratch;         /* by class */
};

/* All classes but MUST_HIDE are shown.  Owns: release, also after an error.
 * Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_pool_init(struct mk_sdc_pool *pool,
                                         const struct mk_sdc_system *s);
void mk_sdc_pool_release(struct mk_sdc_pool *pool);

void mk_sdc_pool_set(struct mk_sdc_pool *pool, uint32_t cls, bool hidden);

/* Adds the table x (by column) if it does something to a class that no good
 * one did, or if it is wanted: it answers a question about more than one. */
MK_MUST_USE enum mk_err mk_sdc_pool_add(struct mk_sdc_pool *pool,
                                        const double *x, bool whole,
                                        bool wanted);

/* How far good tables take cls less minus (or NONE) from its true value, up
 * and down (down as a positive number).  still: they leave this class as it
 * is (or NONE).  linear: those with fractions too. */
struct mk_sdc_reach {
    double up, down;               /* whole numbers, unless linear */
    uint32_t up_table, down_table; /* MK_SDC_NONE: the true table */
};
void mk_sdc_pool_reach(const struct mk_sdc_pool *pool, uint32_t cls,
                       uint32_t minus, uint32_t still, bool linear,
                       struct mk_sdc_reach *reach);

#endif
