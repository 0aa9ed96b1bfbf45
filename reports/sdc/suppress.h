/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Suppression: which cells to hide so that every need holds, at least cost.
 *
 *   start   hide what must be; for each question that is not answered, hide
 *           what the cheapest way out moves; publish again what is not needed
 *   improve publish some, repair, publish again; keep what is cheaper
 *   prove   branch and bound over the cuts that attacks give; in turns, the
 *           same around the best pattern, where most of it stays
 *
 * Cells of MUST_HIDE are hidden, those of MUST_SHOW are not.  The same input
 * gives the same pattern: nothing looks at a clock, chance is a fixed
 * sequence, and limits count pivots.
 *
 * Source: M. Fischetti, J. J. Salazar, Models and algorithms for optimizing
 * cell suppression in tabular data with linear constraints, JASA 95 (2000);
 * the attacker here works on inner cells and in whole numbers.
 */
#ifndef MK_SDC_SUPPRESS_H
#define MK_SDC_SUPPRESS_H

#include "reports/sdc/judge.h"

struct mk_sdc_plan {
    bool *hidden;  /* by class; owned */
    bool safe;     /* every question is answered with yes */
    bool optimal;  /* no cheaper pattern is safe */
    double cost;   /* of the pattern; see mk_sdc_class_cost */
    double bound;  /* no safe pattern costs less */
    uint64_t work; /* pivots spent */
};
void mk_sdc_plan_release(struct mk_sdc_plan *plan);

struct mk_sdc_effort {
    uint64_t *work;   /* counter; borrowed */
    uint64_t improve; /* stop improving, and proving, when it passes these */
    uint64_t prove;
};

/* Cost of hiding each class: whole cells or weights, and a fraction below 1
 * of all for the sum of values. cost has a place a class. */
void mk_sdc_class_cost(const struct mk_sdc_system *s, double *cost);
/* Whole cost: what a difference has to be at least to be one. */
double mk_sdc_cost_step(const struct mk_sdc_system *s);

/* Errors: E_MEMORY.  A plan that is not safe is no error: nothing that may be
 * hidden is enough, or a limit was reached. */
MK_MUST_USE enum mk_err mk_sdc_suppress(struct mk_sdc_plan *plan,
                                        struct mk_sdc_judge *judge,
                                        const struct mk_sdc_effort *effort,
                                        struct mk_diag *diag);

/* ---- for suppress.c, improve.c, prove.c, around.c ---- */

struct mk_sdc_search {
    struct mk_sdc_judge *judge; /* borrowed */
    const struct mk_sdc_system *s;
    const struct mk_sdc_effort *effort;
    double *cost;   /* by class; owned, like the rest */
    bool *hidden;   /* the pattern that the judge has */
    uint32_t *open; /* classes that may be hidden or not */
    size_t n_open;
    bool *best;       /* the cheapest safe pattern */
    double best_cost; /* INFINITY: none yet */
    double bound;
    uint64_t chance; /* state of the fixed sequence */
    struct mk_sdc_repair *repair;
};

void mk_sdc_search_set(struct mk_sdc_search *search, uint32_t cls,
                       bool hidden);
double mk_sdc_search_cost(const struct mk_sdc_search *search);
/* Keeps the judge's pattern, which is safe by the linear programme, if it is
 * cheaper than the best and safe in whole numbers: *whole is false where it is
 * not. */
MK_MUST_USE enum mk_err mk_sdc_search_keep(struct mk_sdc_search *search,
                                           bool *whole);
void mk_sdc_search_go(struct mk_sdc_search *search, const bool *hidden);
/* A number below n of the fixed sequence. */
size_t mk_sdc_search_chance(struct mk_sdc_search *search, size_t n);

/* Hides until all is answered; *safe says whether that was possible.  Each
 * way out is chosen by price[cls]. */
MK_MUST_USE enum mk_err mk_sdc_search_repair(struct mk_sdc_search *search,
                                             const double *price, bool *safe);
/* From a safe pattern: publishes what is not needed, dearest first, those of
 * one price by chance. */
MK_MUST_USE enum mk_err mk_sdc_search_publish(struct mk_sdc_search *search);
/* Until nothing better was found patience * sqrt(open classes) times. */
MK_MUST_USE enum mk_err mk_sdc_search_improve(struct mk_sdc_search *search,
                                              double patience);
MK_MUST_USE enum mk_err mk_sdc_search_prove(struct mk_sdc_search *search,
                                            bool *optimal);

#endif
