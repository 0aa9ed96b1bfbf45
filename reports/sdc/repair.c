/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/repair.h"

#include <stdlib.h>

#define NOTHING 1e-6

struct mk_sdc_repair {
    const struct mk_sdc_system *s;
    struct mk_lp *lp;
    uint32_t *over;  /* by class: column of its rise; the fall is the next; or
                       NONE */
    uint32_t *index; /* scratch, by column of the system */
    double *value;
    bool fresh;
};

/* Columns of the system, then a rise and a fall for each open class. */
static enum mk_err load(struct mk_sdc_repair *r, uint64_t *work)
{
    const struct mk_sdc_system *s = r->s;
    size_t open = 0;
    for (size_t i = 0; i < s->n_classes; i++)
        open += s->cls[i].fate == MK_SDC_OPEN;
    r->lp = mk_lp_new(s->n_rows, s->n_cols + 2 * open, work);
    if (!r->lp)
        return MK_E_MEMORY;
    for (size_t j = 0; j < s->n_cols; j++) {
        size_t at = s->col_start[j], n = s->col_start[j + 1] - at;
        for (size_t k = 0; k < n; k++)
            r->value[k] = s->col_sign[at + k];
        mk_lp_column(r->lp, j, s->col_row + at, r->value, n);
        mk_lp_column_bounds(r->lp, j, 0, INFINITY);
    }
    uint32_t next = (uint32_t)s->n_cols;
    for (uint32_t i = 0; i < s->n_rows; i++) {
        double v = i < s->n_classes ? (double)s->cls[i].value : 0;
        if (i < s->n_classes && s->cls[i].fate == MK_SDC_MUST_HIDE)
            continue;
        mk_lp_row_bounds(r->lp, i, v, v);
        if (i >= s->n_classes || s->cls[i].fate != MK_SDC_OPEN)
            continue;
        r->over[i] = next;
        for (unsigned k = 0; k < 2; k++, next++) {
            double sign = k == 0 ? -1 : 1;
            mk_lp_column(r->lp, next, &i, &sign, 1);
            mk_lp_column_bounds(r->lp, next, 0, k == 0 ? INFINITY : v);
            mk_lp_objective(r->lp, next, 1);
        }
    }
    return MK_OK;
}

enum mk_err mk_sdc_repair_new(struct mk_sdc_repair **out,
                              const struct mk_sdc_system *s, uint64_t *work)
{
    struct mk_sdc_repair *r = calloc(1, sizeof *r);
    enum mk_err rc = MK_E_MEMORY;
    size_t most = (s->n_rows > s->n_cols ? s->n_rows : s->n_cols) + 1;
    *out = r;
    if (!r)
        return rc;
    r->s = s;
    r->over = malloc((s->n_classes + 1) * sizeof *r->over);
    r->index = calloc(most, sizeof *r->index);
    r->value = calloc(most, sizeof *r->value);
    if (!r->over || !r->index || !r->value)
        return rc;
    for (size_t i = 0; i < s->n_classes; i++)
        r->over[i] = MK_SDC_NONE;
    return load(r, work);
}

void mk_sdc_repair_free(struct mk_sdc_repair *r)
{
    if (!r)
        return;
    mk_lp_free(r->lp);
    free(r->over);
    free(r->index);
    free(r->value);
    free(r);
}

void mk_sdc_repair_price(struct mk_sdc_repair *r, uint32_t cls, double price)
{
    if (r->over[cls] == MK_SDC_NONE)
        return;
    mk_lp_objective(r->lp, r->over[cls], price);
    mk_lp_objective(r->lp, r->over[cls] + 1, price);
}

/* A last row: plus - minus. */
static void add_target(struct mk_sdc_repair *r, struct mk_sdc_target t,
                       double lo, double hi)
{
    const struct mk_sdc_system *s = r->s;
    size_t n = 0;
    for (size_t e = s->row_start[t.plus]; e < s->row_start[t.plus + 1]; e++) {
        bool both = false;
        for (size_t k = t.minus == MK_SDC_NONE ? 0 : s->row_start[t.minus];
             t.minus != MK_SDC_NONE && k < s->row_start[t.minus + 1]; k++)
            both |= s->row_col[k] == s->row_col[e];
        if (both)
            continue;
        r->index[n] = s->row_col[e];
        r->value[n++] = 1;
    }
    for (size_t k = t.minus == MK_SDC_NONE ? 0 : s->row_start[t.minus];
         t.minus != MK_SDC_NONE && k < s->row_start[t.minus + 1]; k++) {
        bool both = false;
        for (size_t e = s->row_start[t.plus]; e < s->row_start[t.plus + 1];
             e++)
            both |= s->row_col[k] == s->row_col[e];
        if (both)
            continue;
        r->index[n] = s->row_col[k];
        r->value[n++] = -1;
    }
    mk_lp_add_row(r->lp, r->index, r->value, n, lo, hi);
}

enum mk_err mk_sdc_repair_way(struct mk_sdc_repair *r,
                              struct mk_sdc_target target, int64_t value,
                              int64_t distance, bool up, uint32_t insider,
                              bool *moved, double *price)
{
    const struct mk_sdc_system *s = r->s;
    double at = (double)(up ? value + distance : value - distance);
    bool *drop = calloc(s->n_rows + 2, sizeof *drop);
    *price = INFINITY;
    if (!drop)
        return MK_E_MEMORY;
    add_target(r, target, up ? at : -INFINITY, up ? INFINITY : at);
    if (insider != MK_SDC_NONE)
        mk_lp_row_bounds(r->lp, insider, 1, 1);
    enum mk_lp_end end = mk_lp_solve(r->lp, false, MK_LP_DUAL);
    if (end == MK_LP_OPTIMAL) {
        *price = mk_lp_value(r->lp);
        for (size_t i = 0; i < s->n_classes; i++)
            moved[i] = r->over[i] != MK_SDC_NONE &&
                       mk_lp_primal(r->lp, r->over[i]) +
                               mk_lp_primal(r->lp, r->over[i] + 1) >
                           NOTHING;
    }
    if (insider != MK_SDC_NONE)
        mk_lp_row_bounds(r->lp, insider, -INFINITY, INFINITY);
    drop[s->n_rows] = true;
    mk_lp_drop_rows(r->lp, drop);
    free(drop);
    return MK_OK;
}
