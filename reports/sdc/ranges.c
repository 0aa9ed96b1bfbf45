/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/ranges.h"

#include <stdlib.h>
#include <string.h>

#include "reports/sdc/earlier.h"

#define NEAR 1e-6

struct ranges {
    struct mk_sdc_judge *judge;
    struct mk_sdc_proof *proof;
    uint32_t *number; /* table of the pool to table of the proof, or NONE */
    size_t numbers;
    double *x; /* scratch, by column */
};

/* The pool's table as one of the proof. */
static enum mk_err show_table(struct ranges *r, uint32_t table, uint32_t *at)
{
    const struct mk_sdc_pool *pool = &r->judge->pool;
    const struct mk_sdc_system *s = r->judge->s;
    *at = MK_SDC_NONE;
    if (table == MK_SDC_NONE)
        return MK_OK;
    if (table >= r->numbers) {
        size_t n = pool->n + 64;
        uint32_t *number = realloc(r->number, n * sizeof *number);
        if (!number)
            return MK_E_MEMORY;
        for (size_t i = r->numbers; i < n; i++)
            number[i] = MK_SDC_NONE;
        r->number = number;
        r->numbers = n;
    }
    if (r->number[table] == MK_SDC_NONE) {
        const struct mk_sdc_table_found *t = &pool->table[table];
        for (size_t j = 0; j < s->n_cols; j++)
            r->x[j] = (double)s->x0[j];
        for (size_t k = 0; k < t->n_col; k++)
            r->x[t->col[k].at] += t->col[k].delta;
        enum mk_err rc =
            mk_sdc_proof_add(r->proof, s, r->x, &r->number[table]);
        if (rc != MK_OK)
            return rc;
    }
    *at = r->number[table];
    return MK_OK;
}

/* One end of a class: its value, whether that is exact, and its table. */
static enum mk_err one_end(struct ranges *r, uint32_t cls, bool up,
                           uint64_t *value, bool *exact, uint32_t *at)
{
    struct mk_sdc_judge *j = r->judge;
    struct mk_sdc_target target = {cls, MK_SDC_NONE};
    int64_t v = (int64_t)j->s->cls[cls].value, found;
    struct mk_sdc_reach reach;
    enum mk_err rc;
    mk_sdc_pool_reach(&j->pool, cls, MK_SDC_NONE, MK_SDC_NONE, false, &reach);
    bool bottom = !up && v - (int64_t)reach.down == 0;
    enum mk_lp_end end = bottom ? MK_LP_OPTIMAL
                                : mk_sdc_attack_bound(j->attack, target, up);
    double bound = bottom ? 0
                   : up   ? floor(j->attack->bound + NEAR)
                          : ceil(j->attack->bound - NEAR);
    *exact = end == MK_LP_OPTIMAL;
    if (!*exact)
        bound = up ? MK_SDC_ENDLESS : 0;
    double far = up ? (double)v + reach.up : (double)v - reach.down;
    if (!bottom && (up ? far < bound : far > bound)) {
        end = mk_sdc_attack_whole(j->attack, target, up, bound, &found);
        if (end == MK_LP_OPTIMAL || end == MK_LP_FOUND)
            MK_TRY(mk_sdc_pool_add(&j->pool, j->attack->x, true, false));
        mk_sdc_pool_reach(&j->pool, cls, MK_SDC_NONE, MK_SDC_NONE, false,
                          &reach);
        far = up ? (double)v + reach.up : (double)v - reach.down;
        *exact &= end == MK_LP_OPTIMAL || far == bound;
    }
    *value = (uint64_t)(*exact ? far : bound);
    if (up && *value >= (uint64_t)(MK_SDC_ENDLESS / 2))
        *value = MK_SDC_COUNT;
    rc = show_table(r, up ? reach.up_table : reach.down_table, at);
out:
    return rc;
}

static enum mk_err range_of(struct ranges *r, uint32_t cls)
{
    const struct mk_sdc_system *s = r->judge->s;
    uint64_t lo, hi;
    uint32_t lo_at, hi_at;
    bool lo_exact, hi_exact;
    enum mk_err rc;
    MK_TRY(one_end(r, cls, true, &hi, &hi_exact, &hi_at));
    MK_TRY(one_end(r, cls, false, &lo, &lo_exact, &lo_at));
    for (size_t i = s->cls[cls].first, n = 0; n < s->cls[cls].n_cells; i++) {
        struct mk_sdc_cell *cell = &s->model->cell[i];
        if (s->class_of[i] != cls)
            continue;
        n++;
        cell->hidden = true;
        cell->lo = lo;
        cell->hi = hi;
        cell->exact = lo_exact && hi_exact;
        r->proof->lo[i] = lo_at;
        r->proof->hi[i] = hi_at;
    }
out:
    return rc;
}

struct answers {
    struct ranges *r;
    enum mk_err rc;
};

/* One table that answers a question; the rule of a cell itself is answered by
 * its ends. */
static bool show_answer(void *ctx, const struct mk_sdc_need *need,
                        uint32_t insider)
{
    struct answers *a = ctx;
    struct mk_sdc_judge *j = a->r->judge;
    struct mk_sdc_reach reach;
    uint32_t at;
    bool met;
    if (insider == MK_SDC_NONE && need->target.minus == MK_SDC_NONE)
        return true;
    a->rc = mk_sdc_judge_need(j, need, insider, &met, NULL);
    if (a->rc != MK_OK)
        return false;
    mk_sdc_pool_reach(&j->pool, need->target.plus, need->target.minus, insider,
                      false, &reach);
    if (reach.up_table != MK_SDC_NONE)
        a->rc = show_table(a->r, reach.up_table, &at);
    else
        a->rc = show_table(a->r, reach.down_table, &at);
    return a->rc == MK_OK;
}

enum mk_err mk_sdc_ranges(struct mk_sdc_judge *judge,
                          struct mk_sdc_proof *proof, struct mk_diag *diag)
{
    const struct mk_sdc_system *s = judge->s;
    struct ranges r = {.judge = judge, .proof = proof};
    struct answers a = {&r, MK_OK};
    enum mk_err rc = MK_E_MEMORY;
    r.x = calloc(s->n_cols + 1, sizeof *r.x);
    if (!r.x)
        goto out;
    judge->linear = false;
    judge->pool.keep = true;
    for (size_t i = 0; i < s->model->n_cells; i++)
        s->model->cell[i].hidden = false;
    rc = MK_OK;
    for (uint32_t c = 0; c < s->n_classes; c++)
        if (judge->pool.hidden[c])
            MK_TRY(range_of(&r, c));
    /* where printed zeros leave no room there is no class: everybody knows 0 */
    for (size_t i = 0; i < s->model->n_cells; i++) {
        struct mk_sdc_cell *cell = &s->model->cell[i];
        if (s->class_of[i] != MK_SDC_NONE || cell->empty ||
            cell->fate != MK_SDC_MUST_HIDE)
            continue;
        cell->hidden = cell->exact = true;
        cell->lo = cell->hi = 0;
    }
    mk_sdc_judge_questions(judge, show_answer, &a);
    rc = a.rc;
out:
    free(r.number);
    free(r.x);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "tables");
}

/* ---- a stand-in ---- */

enum mk_err mk_sdc_stand_in(struct mk_sdc_system *s, uint64_t *work,
                            struct mk_diag *diag)
{
    struct mk_sdc_attack *a = NULL;
    int64_t value;
    enum mk_err rc;
    MK_TRY(mk_sdc_attack_new(&a, s, work, diag));
    for (uint32_t c = 0; c < s->n_classes; c++)
        if (s->cls[c].known)
            mk_sdc_attack_fix(a, c, s->cls[c].value);
        else
            mk_sdc_attack_hide(a, c);
    if (s->n_classes > 0) {
        /* towards the top: there the linear programme ends in whole numbers
         * more often than where it starts */
        struct mk_sdc_target any = {0, MK_SDC_NONE};
        enum mk_lp_end end = mk_sdc_attack_bound(a, any, true);
        if (end == MK_LP_OPTIMAL || end == MK_LP_UNBOUNDED)
            end = mk_sdc_attack_whole(a, any, true, 0, &value);
        if (end != MK_LP_OPTIMAL && end != MK_LP_FOUND) {
            rc =
                mk_sdc_earlier_refuse(s->model, 0, MK_SDC_ANY, "tables", diag);
            goto out;
        }
    }
    for (size_t j = 0; j < s->n_cols; j++)
        s->x0[j] = (uint64_t)a->x[j];
    for (uint32_t c = 0; c < s->n_classes; c++) {
        struct mk_sdc_target t = {c, MK_SDC_NONE};
        if (!s->cls[c].known)
            s->cls[c].value = (uint64_t)mk_sdc_attack_value(a, t, a->x);
    }
    for (size_t i = 0; i < s->model->n_cells; i++)
        if (!s->model->cell[i].known && s->class_of[i] != MK_SDC_NONE)
            s->model->cell[i].value = s->cls[s->class_of[i]].value;
out:
    mk_sdc_attack_free(a);
    return rc;
}
