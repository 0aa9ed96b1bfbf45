/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A linear program, as disclosure control needs it: built once, then solved
 * many times with other bounds and objectives, each time from where the last
 * solution ended.  The only file that knows the solver is lp_glpk.c.
 *
 * What a solver says is never taken as proof: see witness.h.
 */
#ifndef MK_SDC_LP_H
#define MK_SDC_LP_H

#include <math.h>

#include "core/base/err.h"

struct mk_lp;

enum mk_lp_end {
    MK_LP_OPTIMAL,
    MK_LP_INFEASIBLE,
    MK_LP_UNBOUNDED,
    MK_LP_FOUND, /* a whole solution, perhaps not the best */
    MK_LP_LIMIT, /* gave up: too many steps, or numerical trouble */
};

/* Prepares the library: no output of its own.  Once a process. */
void mk_lp_start(void);

/*
 * A problem of rows and columns without entries; all free, objective 0.  Each
 * pivot is counted in work (borrowed): the measure of what was spent, the same
 * on every machine.
 * NULL when there is no memory (for small parts of it the library ends the
 * process, which therefore is a child of its own: see solve.h).
 */
struct mk_lp *mk_lp_new(size_t rows, size_t columns, uint64_t *work);
void mk_lp_free(struct mk_lp *lp);

/* Column j gets n entries: row[k] (from 0), value[k]. */
void mk_lp_column(struct mk_lp *lp, size_t j, const uint32_t *row,
                  const double *value, size_t n);
/* A new last row with n entries. */
void mk_lp_add_row(struct mk_lp *lp, const uint32_t *column,
                   const double *value, size_t n, double lo, double hi);
/* Removes the rows for which drop is true (drop[i], i < rows). */
void mk_lp_drop_rows(struct mk_lp *lp, const bool *drop);
size_t mk_lp_rows(const struct mk_lp *lp);

/* Bounds; -INFINITY and INFINITY for none. */
void mk_lp_row_bounds(struct mk_lp *lp, size_t i, double lo, double hi);
void mk_lp_column_bounds(struct mk_lp *lp, size_t j, double lo, double hi);
void mk_lp_objective(struct mk_lp *lp, size_t j, double c);

enum mk_lp_method {
    MK_LP_PRIMAL, /* the objective changed */
    MK_LP_DUAL,   /* bounds changed, or rows came */
};
enum mk_lp_end mk_lp_solve(struct mk_lp *lp, bool maximize,
                           enum mk_lp_method method);
/* With all columns integer, until a solution is at least as good as enough
 * (INFINITY, or -INFINITY to minimize: the best), at most nodes steps of
 * branching.  There is a solution when OPTIMAL or FOUND. */
enum mk_lp_end mk_lp_solve_integer(struct mk_lp *lp, bool maximize,
                                   double enough, unsigned nodes);

/* Of the last mk_lp_solve. */
double mk_lp_value(const struct mk_lp *lp);
double mk_lp_primal(const struct mk_lp *lp, size_t j);
double mk_lp_row_activity(const struct mk_lp *lp, size_t i);
double mk_lp_row_dual(const struct mk_lp *lp, size_t i);
double mk_lp_column_dual(const struct mk_lp *lp, size_t j);
/* Of the last mk_lp_solve_integer. */
double mk_lp_integer(const struct mk_lp *lp, size_t j);

#endif
