/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/master.h"

#include <stdlib.h>
#include <string.h>

#define NOTHING 1e-6
#define PATIENCE 8 /* solutions that a cut may be slack in before it leaves */

enum mk_err mk_sdc_master_init(struct mk_sdc_master *m, const double *cost,
                               size_t n, uint64_t *work)
{
    memset(m, 0, sizeof *m);
    m->n = n;
    m->lp = mk_lp_new(0, n, work);
    m->y = calloc(n + 1, sizeof *m->y);
    m->dual = calloc(n + 1, sizeof *m->dual);
    if (!m->lp || !m->y || !m->dual)
        return MK_E_MEMORY;
    for (size_t k = 0; k < n; k++) {
        mk_lp_column_bounds(m->lp, k, 0, 1);
        mk_lp_objective(m->lp, k, cost[k]);
    }
    return MK_OK;
}

void mk_sdc_master_release(struct mk_sdc_master *m)
{
    for (size_t i = 0; i < m->n_cuts; i++) {
        free(m->cut[i].column);
        free(m->cut[i].weight);
    }
    mk_lp_free(m->lp);
    free(m->y);
    free(m->dual);
    free(m->cut);
    free(m->row);
    memset(m, 0, sizeof *m);
}

static enum mk_err room_for_one(struct mk_sdc_master *m)
{
    if (m->n_cuts < m->cap)
        return MK_OK;
    size_t cap = m->cap ? 2 * m->cap : 256;
    struct mk_sdc_master_cut *cut = realloc(m->cut, cap * sizeof *cut);
    if (cut)
        m->cut = cut;
    uint32_t *row = realloc(m->row, cap * sizeof *row);
    if (row)
        m->row = row;
    if (!cut || !row)
        return MK_E_MEMORY;
    m->cap = cap;
    return MK_OK;
}

static void enter(struct mk_sdc_master *m, uint32_t i)
{
    struct mk_sdc_master_cut *cut = &m->cut[i];
    m->row[mk_lp_rows(m->lp)] = i;
    mk_lp_add_row(m->lp, cut->column, cut->weight, cut->n, 1, INFINITY);
    cut->in = true;
    cut->slack = 0;
}

enum mk_err mk_sdc_master_add(struct mk_sdc_master *m, const uint32_t *column,
                              const double *weight, size_t n)
{
    struct mk_sdc_master_cut cut = {.n = n};
    enum mk_err rc;
    MK_TRY(room_for_one(m));
    cut.column = calloc(n + 1, sizeof *cut.column);
    cut.weight = calloc(n + 1, sizeof *cut.weight);
    if (!cut.column || !cut.weight) {
        free(cut.column);
        free(cut.weight);
        return MK_E_MEMORY;
    }
    memcpy(cut.column, column, n * sizeof *column);
    memcpy(cut.weight, weight, n * sizeof *weight);
    m->cut[m->n_cuts] = cut;
    enter(m, (uint32_t)m->n_cuts++);
out:
    return rc;
}

void mk_sdc_master_bounds(struct mk_sdc_master *m, uint32_t column, double lo,
                          double hi)
{
    mk_lp_column_bounds(m->lp, column, lo, hi);
}

static double left_side(const struct mk_sdc_master *m,
                        const struct mk_sdc_master_cut *cut)
{
    double sum = 0;
    for (size_t k = 0; k < cut->n; k++)
        sum += cut->weight[k] * m->y[cut->column[k]];
    return sum;
}

/* Cuts outside that y violates come back. */
static bool call_back(struct mk_sdc_master *m)
{
    bool any = false;
    for (uint32_t i = 0; i < m->n_cuts; i++)
        if (!m->cut[i].in && left_side(m, &m->cut[i]) < 1 - NOTHING) {
            enter(m, i);
            any = true;
        }
    return any;
}

/* Cuts that have not bound for long leave.  What is slack is in the basis, so
 * the rest of it stays one. */
static void dismiss(struct mk_sdc_master *m)
{
    size_t rows = mk_lp_rows(m->lp), kept = 0;
    bool any = false, *drop = calloc(rows + 1, sizeof *drop);
    for (size_t r = 0; r < rows && drop; r++) {
        struct mk_sdc_master_cut *cut = &m->cut[m->row[r]];
        bool slack = left_side(m, cut) > 1 + NOTHING;
        cut->slack = slack ? cut->slack + 1 : 0;
        drop[r] = cut->slack > PATIENCE;
        any |= drop[r];
        cut->in = !drop[r];
        if (!drop[r])
            m->row[kept++] = m->row[r];
    }
    if (any)
        mk_lp_drop_rows(m->lp, drop);
    free(drop); /* without memory they stay */
}

enum mk_lp_end mk_sdc_master_solve(struct mk_sdc_master *m)
{
    do {
        enum mk_lp_end end = mk_lp_solve(m->lp, false, MK_LP_DUAL);
        if (end != MK_LP_OPTIMAL)
            return end;
        for (size_t k = 0; k < m->n; k++)
            m->y[k] = mk_lp_primal(m->lp, k);
    } while (call_back(m));
    m->value = mk_lp_value(m->lp);
    for (size_t k = 0; k < m->n; k++)
        m->dual[k] = mk_lp_column_dual(m->lp, k);
    dismiss(m);
    return MK_LP_OPTIMAL;
}
