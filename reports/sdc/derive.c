/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/derive.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/sdc/earlier.h"

#define LARGEST_D 24
#define NEAR 1e-5
#define MOST_TERMS 24 /* longer ones convince nobody */
#define CELL_TEXT 512

struct bound {
    int64_t d;       /* D */
    int64_t *number; /* L, by row */
};

/* L = D * dual for the smallest D that makes all of them whole. */
static bool make_whole(const struct mk_sdc_attack *a, double sign,
                       struct bound *b)
{
    for (b->d = 1; b->d <= LARGEST_D; b->d++) {
        bool whole = true;
        for (size_t i = 0; i < a->s->n_rows && whole; i++) {
            double v = sign * mk_lp_row_dual(a->lp, i) * (double)b->d;
            double near = floor(v + 0.5);
            whole = fabs(v - near) < NEAR && fabs(near) < 1e6;
            b->number[i] = (int64_t)near;
        }
        if (whole)
            return true;
    }
    return false;
}

/* In every column: sum of L over its rows >= D, where cls has it (up), or >=
 * -D (down: a bound on the negative). */
static bool holds(const struct mk_sdc_attack *a, uint32_t cls, bool up,
                  const struct bound *b)
{
    const struct mk_sdc_system *s = a->s;
    for (size_t j = 0; j < s->n_cols; j++) {
        int64_t sum = 0;
        bool in = false;
        for (size_t e = s->col_start[j]; e < s->col_start[j + 1]; e++) {
            sum += s->col_sign[e] * b->number[s->col_row[e]];
            in |= s->col_row[e] == cls;
        }
        if (sum < (in ? (up ? b->d : -b->d) : 0))
            return false;
    }
    return true;
}

/* The largest that L * row can be; false if there is no end to it. */
static bool row_at_most(const struct mk_sdc_attack *a, size_t i, int64_t l,
                        int64_t *at)
{
    const struct mk_sdc_class *c = &a->s->cls[i];
    const struct mk_sdc_cell *cell = &a->s->model->cell[c->first];
    *at = 0;
    if (l == 0 || i >= a->s->n_classes) /* a separator balances to 0 */
        return true;
    if (!a->hidden[i])
        *at = l * (int64_t)c->value;
    else if (cell->interval)
        *at = l * (int64_t)(l > 0 ? cell->printed_hi : cell->printed_lo);
    else
        return l < 0; /* at least 0, so no more than 0 */
    return true;
}

/* The cell of class i that an earlier release has, if one has; else the first
 * one. */
static uint32_t told_cell(const struct mk_sdc_system *s, uint32_t i)
{
    const struct mk_sdc_model *m = s->model;
    for (uint32_t c = s->cls[i].first; m->n_earlier && c < m->n_cells; c++)
        if (s->class_of[c] == i && m->cell[c].release != 0)
            return c;
    return s->cls[i].first;
}

/* " + 2 x [A, k,m: k=a] 12"; with the release where an earlier one printed
 * it. */
static enum mk_err put_term(struct mk_buf *out, const struct mk_sdc_attack *a,
                            uint32_t i, int64_t l, bool high, int64_t d)
{
    const struct mk_sdc_model *m = a->s->model;
    uint32_t told = told_cell(a->s, i);
    const struct mk_sdc_cell *cell = &m->cell[a->s->cls[i].first];
    char place[CELL_TEXT], table[CELL_TEXT], name[MK_SDC_EARLIER_NAME];
    int64_t n = l < 0 ? -l : l;
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, l < 0 ? " - " : " + "));
    if (n != d && n % d == 0)
        MK_TRY(mk_buf_addf(out, "%" PRId64 " x ", n / d));
    else if (n != d)
        MK_TRY(mk_buf_addf(out, "%" PRId64 "/%" PRId64 " x ", n, d));
    MK_TRY(mk_buf_add_str(out, "["));
    if (mk_sdc_earlier_of(m, told, name)) {
        mk_sdc_earlier_table(m, told, table, sizeof table);
        MK_TRY(mk_buf_addf(out, "%s, %s: ", name, table));
    }
    mk_sdc_model_place(m, told, place, sizeof place);
    MK_TRY(mk_buf_addf(out, "%s] %" PRIu64, place,
                       a->hidden[i]
                           ? (high ? cell->printed_hi : cell->printed_lo)
                           : a->s->cls[i].value));
out:
    return rc;
}

static enum mk_err put_bound(struct mk_buf *out, const struct mk_sdc_attack *a,
                             bool up, const struct bound *b)
{
    int64_t sum = 0, at;
    size_t terms = 0;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < a->s->n_rows; i++) {
        if (!row_at_most(a, i, b->number[i], &at))
            return MK_OK;
        sum += at;
        terms += i < a->s->n_classes && at != 0;
    }
    if (terms == 0 || terms > MOST_TERMS)
        return MK_OK;
    /* D * cell <= sum, or -D * cell <= sum */
    int64_t bound = up ? sum / b->d : (-sum + b->d - 1) / b->d;
    MK_TRY(mk_buf_addf(out, "    %s %" PRId64 ":", up ? "<=" : ">=", bound));
    for (uint32_t i = 0; i < a->s->n_classes; i++) {
        int64_t l = up ? b->number[i] : -b->number[i];
        if (row_at_most(a, i, b->number[i], &at) && at != 0)
            MK_TRY(put_term(out, a, i, l, b->number[i] > 0, b->d));
    }
    MK_TRY(mk_buf_add_str(out, "\n"));
out:
    return rc;
}

enum mk_err mk_sdc_derive(struct mk_buf *out, struct mk_sdc_attack *a,
                          uint32_t cls, bool up)
{
    struct bound b = {0};
    struct mk_sdc_target target = {cls, MK_SDC_NONE};
    enum mk_err rc = MK_OK;
    if (mk_sdc_attack_bound(a, target, up) != MK_LP_OPTIMAL)
        return MK_OK;
    b.number = calloc(a->s->n_rows + 1, sizeof *b.number);
    if (!b.number)
        return MK_E_MEMORY;
    if (make_whole(a, up ? 1 : -1, &b) && holds(a, cls, up, &b))
        rc = put_bound(out, a, up, &b);
    free(b.number);
    return rc;
}
