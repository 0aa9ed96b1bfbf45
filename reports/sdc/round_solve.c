/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounding: costs from the key, and the tables that cost least. */
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "reports/sdc/round.h"
#include "reports/sdc/siphash.h"

#define BRANCH_NODES 20000 /* for one set of tables */
#define MOVE_COST 4.0      /* of a multiple: more than any direction costs */

/* ---- costs ---- */

static enum mk_err add_name(struct mk_buf *text, const char *name)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_u8(text, (uint8_t)strlen(name)));
    MK_TRY(mk_buf_add_str(text, name));
out:
    return rc;
}

/* What names a cell: base, try, and its nodes that are no total. */
static enum mk_err name_cell(struct mk_buf *text, const struct mk_sdc_model *m,
                             size_t cell, unsigned base, unsigned try)
{
    const struct mk_sdc_spec *joint = &m->joint;
    const uint32_t *node = m->node + cell * joint->n_dims;
    enum mk_err rc;
    mk_buf_clear(text);
    MK_TRY(mk_buf_add_u32(text, base));
    MK_TRY(mk_buf_add_u32(text, try));
    for (size_t d = 0; d < joint->n_dims; d++) {
        if (node[d] == mk_sdc_total(&joint->dim[d]))
            continue;
        MK_TRY(add_name(text, joint->dim[d].name));
        MK_TRY(add_name(text, joint->dim[d].node[node[d]].name));
    }
out:
    return rc;
}

/* 0 to 1, by both halves of the key. */
static double chance(const uint8_t key[static MK_SDC_ROUND_KEY],
                     const struct mk_buf *text)
{
    uint8_t inner[8];
    mk_put_u64(inner, mk_sdc_siphash(key, text->data, text->len));
    uint64_t h = mk_sdc_siphash(key + 16, inner, sizeof inner);
    return (double)(h >> 11) * 0x1p-53;
}

enum mk_err mk_sdc_round_costs(double *cost, const struct mk_sdc_system *s,
                               unsigned base,
                               const uint8_t key[static MK_SDC_ROUND_KEY],
                               unsigned try, struct mk_diag *diag)
{
    struct mk_buf text;
    enum mk_err rc = MK_OK;
    mk_buf_init(&text);
    for (size_t c = 0; c < s->n_classes; c++) {
        MK_TRY(name_cell(&text, s->model, s->cls[c].first, base, try));
        cost[c] = chance(key, &text) -
                  (double)(s->cls[c].value % base) / (double)base;
    }
out:
    mk_buf_release(&text);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "tables");
}

/* ---- tables ---- */

/* Is some cell of the class shown? */
static bool is_shown(const struct mk_sdc_system *s, uint32_t cls)
{
    for (size_t i = s->cls[cls].first, n = 0; n < s->cls[cls].n_cells; i++) {
        if (s->class_of[i] != cls)
            continue;
        n++;
        if (!s->model->cell[i].watched)
            return true;
    }
    return false;
}

/* Columns 0 .. n_cols - 1 are the inner cells; then two for each class that
 * may move: how far up, how far down. */
struct tables {
    const struct mk_sdc_system *s;
    struct mk_lp *lp;
    unsigned base;
    bool relaxed;
    size_t n_moves;
};

static bool may_move(const struct tables *t, uint32_t cls)
{
    uint64_t v = t->s->cls[cls].value;
    return t->relaxed && v > 0 && v % t->base == 0 && is_shown(t->s, cls);
}

static enum mk_err load_columns(struct tables *t, const double *cost)
{
    const struct mk_sdc_system *s = t->s;
    double *value = calloc(s->n_rows + 1, sizeof *value);
    if (!value)
        return MK_E_MEMORY;
    for (size_t j = 0; j < s->n_cols; j++) {
        size_t at = s->col_start[j], n = s->col_start[j + 1] - at;
        double sum = 0;
        for (size_t k = 0; k < n; k++) {
            uint32_t row = s->col_row[at + k];
            value[k] = s->col_sign[at + k];
            if (row < s->n_classes && s->cls[row].value % t->base != 0)
                sum += cost[row];
        }
        mk_lp_column(t->lp, j, s->col_row + at, value, n);
        mk_lp_column_bounds(t->lp, j, 0, INFINITY);
        mk_lp_objective(t->lp, j, sum);
    }
    free(value);
    return MK_OK;
}

static void load_rows(struct tables *t)
{
    const struct mk_sdc_system *s = t->s;
    const double signs[2] = {-1, 1};
    size_t j = s->n_cols;
    for (uint32_t c = 0; c < s->n_classes; c++) {
        double lo = (double)(s->cls[c].value / t->base);
        bool between = s->cls[c].value % t->base != 0;
        if (!is_shown(s, c))
            continue; /* free */
        mk_lp_row_bounds(t->lp, c, lo, between ? lo + 1 : lo);
        for (size_t k = 0; k < 2 && may_move(t, c); k++, j++) {
            mk_lp_column(t->lp, j, &c, &signs[k], 1);
            mk_lp_column_bounds(t->lp, j, 0, 1);
            mk_lp_objective(t->lp, j, MOVE_COST);
        }
    }
    for (size_t i = s->n_classes; i < s->n_rows; i++)
        mk_lp_row_bounds(t->lp, i, 0, 0);
}

/* The whole table that the solver ended with; false if it is none after all.
 * What its sums are is counted by mk_sdc_round_show. */
static bool take(const struct tables *t, double *z)
{
    for (size_t j = 0; j < t->s->n_cols; j++) {
        z[j] = floor(mk_lp_integer(t->lp, j) + 0.5);
        if (!(z[j] >= 0 && z[j] <= MK_SDC_COUNT))
            return false;
    }
    return true;
}

enum mk_err mk_sdc_round_solve(double *z, bool *found,
                               const struct mk_sdc_system *s, unsigned base,
                               bool relaxed, const double *cost,
                               uint64_t *work, struct mk_diag *diag)
{
    struct tables t = {.s = s, .base = base, .relaxed = relaxed};
    enum mk_err rc = MK_E_MEMORY;
    *found = false;
    for (uint32_t c = 0; c < s->n_classes; c++)
        t.n_moves += may_move(&t, c);
    t.lp = mk_lp_new(s->n_rows, s->n_cols + 2 * t.n_moves, work);
    if (!t.lp)
        goto out;
    MK_TRY(load_columns(&t, cost));
    load_rows(&t);
    enum mk_lp_end end =
        mk_lp_solve_integer(t.lp, false, -INFINITY, BRANCH_NODES);
    *found = (end == MK_LP_OPTIMAL || end == MK_LP_FOUND) && take(&t, z);
out:
    mk_lp_free(t.lp);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "tables");
}
