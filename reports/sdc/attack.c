/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/attack.h"

#include <stdlib.h>
#include <string.h>

#define NEAR 1e-6         /* of a whole number */
#define BRANCH_NODES 4000 /* for one whole table */

static enum mk_err load(struct mk_sdc_attack *a)
{
    const struct mk_sdc_system *s = a->s;
    double *value = calloc(s->n_rows + 1, sizeof *value);
    if (!value)
        return MK_E_MEMORY;
    for (size_t i = 0; i < s->n_classes; i++)
        if (s->row_start[i + 1] - s->row_start[i] == 1)
            a->alone[s->row_col[s->row_start[i]]] = true;
    for (size_t j = 0; j < s->n_cols; j++) {
        size_t at = s->col_start[j], n = s->col_start[j + 1] - at;
        for (size_t k = 0; k < n; k++)
            value[k] = s->col_sign[at + k];
        mk_lp_column(a->lp, j, s->col_row + at, value, n);
        /* where a row is this column alone, the row's bounds say it, and they
         * shrink with y */
        mk_lp_column_bounds(a->lp, j, a->alone[j] ? -INFINITY : 0, INFINITY);
    }
    free(value);
    for (size_t i = s->n_classes; i < s->n_rows; i++)
        mk_lp_row_bounds(a->lp, i, 0, 0);
    for (uint32_t i = 0; i < s->n_classes; i++)
        if (s->cls[i].fate == MK_SDC_MUST_HIDE)
            mk_sdc_attack_hide(a, i);
        else
            mk_sdc_attack_show(a, i);
    return MK_OK;
}

enum mk_err mk_sdc_attack_new(struct mk_sdc_attack **out,
                              const struct mk_sdc_system *s, uint64_t *work,
                              struct mk_diag *diag)
{
    struct mk_sdc_attack *a = calloc(1, sizeof *a);
    enum mk_err rc = MK_E_MEMORY;
    *out = a;
    if (!a)
        goto out;
    a->s = s;
    a->work = work;
    a->aim = (struct mk_sdc_target){MK_SDC_NONE, MK_SDC_NONE};
    a->hidden = calloc(s->n_classes + 1, sizeof *a->hidden);
    a->alone = calloc(s->n_cols + 1, sizeof *a->alone);
    a->x = calloc(s->n_cols + 1, sizeof *a->x);
    a->lp = mk_lp_new(s->n_rows, s->n_cols, work);
    if (a->hidden && a->alone && a->x && a->lp)
        rc = load(a);
out:
    return rc == MK_OK ? rc : mk_fail(diag, rc, "tables");
}

void mk_sdc_attack_free(struct mk_sdc_attack *a)
{
    if (!a)
        return;
    mk_lp_free(a->lp);
    free(a->hidden);
    free(a->alone);
    free(a->x);
    free(a);
}

void mk_sdc_attack_show(struct mk_sdc_attack *a, uint32_t cls)
{
    double v = (double)a->s->cls[cls].value;
    a->hidden[cls] = false;
    mk_lp_row_bounds(a->lp, cls, v, v);
}

/* Cells of one class are one number: all intervals printed for it hold. */
static void printed_interval(const struct mk_sdc_system *s, uint32_t cls,
                             double *lo, double *hi)
{
    const struct mk_sdc_cell *cell = s->model->cell;
    *lo = 0;
    *hi = MK_SDC_ENDLESS;
    for (size_t i = s->cls[cls].first, n = 0; n < s->cls[cls].n_cells; i++) {
        if (s->class_of[i] != cls)
            continue;
        n++;
        if (!cell[i].interval)
            continue;
        *lo = fmax(*lo, (double)cell[i].printed_lo);
        *hi = fmin(*hi, (double)cell[i].printed_hi);
    }
}

void mk_sdc_attack_hide(struct mk_sdc_attack *a, uint32_t cls)
{
    double lo, hi;
    a->hidden[cls] = true;
    printed_interval(a->s, cls, &lo, &hi);
    mk_lp_row_bounds(a->lp, cls, lo, hi);
}

void mk_sdc_attack_fraction(struct mk_sdc_attack *a, uint32_t cls, double y,
                            double room)
{
    double v = (double)a->s->cls[cls].value;
    a->hidden[cls] = y > 0;
    mk_lp_row_bounds(a->lp, cls, v * (1 - y), v + room * y);
}

void mk_sdc_attack_fix(struct mk_sdc_attack *a, uint32_t cls, uint64_t value)
{
    mk_lp_row_bounds(a->lp, cls, (double)value, (double)value);
}

void mk_sdc_attack_unfix(struct mk_sdc_attack *a, uint32_t cls)
{
    if (a->hidden[cls])
        mk_sdc_attack_hide(a, cls);
    else
        mk_sdc_attack_show(a, cls);
}

/* ---- an attack ---- */

static void add_objective(struct mk_sdc_attack *a, uint32_t cls, double c)
{
    const struct mk_sdc_system *s = a->s;
    if (cls == MK_SDC_NONE)
        return;
    for (size_t e = s->row_start[cls]; e < s->row_start[cls + 1]; e++)
        mk_lp_objective(a->lp, s->row_col[e], c);
}

static bool contains(const struct mk_sdc_system *s, uint32_t cls, uint32_t col)
{
    for (size_t e = s->row_start[cls]; e < s->row_start[cls + 1]; e++)
        if (s->row_col[e] == col)
            return true;
    return false;
}

static void aim(struct mk_sdc_attack *a, struct mk_sdc_target t)
{
    const struct mk_sdc_system *s = a->s;
    if (a->aim.plus == t.plus && a->aim.minus == t.minus)
        return;
    add_objective(a, a->aim.plus, 0);
    add_objective(a, a->aim.minus, 0);
    a->aim = t;
    add_objective(a, t.plus, 1);
    if (t.minus == MK_SDC_NONE)
        return;
    for (size_t e = s->row_start[t.minus]; e < s->row_start[t.minus + 1]; e++)
        mk_lp_objective(a->lp, s->row_col[e],
                        contains(s, t.plus, s->row_col[e]) ? 0 : -1);
}

int64_t mk_sdc_attack_value(const struct mk_sdc_attack *a,
                            struct mk_sdc_target t, const double *x)
{
    const struct mk_sdc_system *s = a->s;
    double sum = 0;
    for (size_t e = s->row_start[t.plus]; e < s->row_start[t.plus + 1]; e++)
        sum += x[s->row_col[e]];
    if (t.minus != MK_SDC_NONE)
        for (size_t e = s->row_start[t.minus]; e < s->row_start[t.minus + 1];
             e++)
            sum -= x[s->row_col[e]];
    return (int64_t)sum;
}

/* The table that the solver ended with; true if it is in whole numbers. */
static bool take(struct mk_sdc_attack *a,
                 double (*get)(const struct mk_lp *lp, size_t j))
{
    bool whole = true;
    for (size_t j = 0; j < a->s->n_cols; j++) {
        double v = get(a->lp, j);
        double near = floor(v + 0.5);
        bool is = fabs(v - near) <= NEAR && near >= 0 && near <= MK_SDC_COUNT;
        a->x[j] = is ? near : v;
        whole &= is;
    }
    return whole;
}

enum mk_lp_end mk_sdc_attack_bound(struct mk_sdc_attack *a,
                                   struct mk_sdc_target target, bool largest)
{
    aim(a, target);
    enum mk_lp_end end = mk_lp_solve(a->lp, largest, MK_LP_PRIMAL);
    a->whole = false;
    if (end == MK_LP_UNBOUNDED)
        a->bound = INFINITY;
    if (end != MK_LP_OPTIMAL)
        return end;
    a->bound = mk_lp_value(a->lp);
    a->whole = take(a, mk_lp_primal);
    return end;
}

enum mk_lp_end mk_sdc_attack_whole(struct mk_sdc_attack *a,
                                   struct mk_sdc_target target, bool largest,
                                   double enough, int64_t *value)
{
    enum mk_lp_end end = MK_LP_OPTIMAL;
    if (!a->whole) {
        aim(a, target);
        end = mk_lp_solve_integer(a->lp, largest, enough, BRANCH_NODES);
        if ((end == MK_LP_OPTIMAL || end == MK_LP_FOUND) &&
            !take(a, mk_lp_integer))
            end = MK_LP_LIMIT;
    }
    if (end == MK_LP_OPTIMAL || end == MK_LP_FOUND)
        *value = mk_sdc_attack_value(a, target, a->x);
    return end;
}
