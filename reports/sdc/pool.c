/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NOTHING 1e-6 /* a change below this is none */

enum mk_err mk_sdc_pool_init(struct mk_sdc_pool *pool,
                             const struct mk_sdc_system *s)
{
    memset(pool, 0, sizeof *pool);
    pool->s = s;
    pool->use = calloc(s->n_classes + 1, sizeof *pool->use);
    pool->hidden = calloc(s->n_classes + 1, sizeof *pool->hidden);
    pool->scratch = calloc(s->n_classes + 1, sizeof *pool->scratch);
    if (!pool->use || !pool->hidden || !pool->scratch)
        return MK_E_MEMORY;
    for (size_t i = 0; i < s->n_classes; i++)
        pool->hidden[i] = s->cls[i].fate == MK_SDC_MUST_HIDE;
    return MK_OK;
}

void mk_sdc_pool_release(struct mk_sdc_pool *pool)
{
    for (size_t t = 0; t < pool->n; t++) {
        free(pool->table[t].cls);
        free(pool->table[t].col);
    }
    if (pool->use)
        for (size_t i = 0; i < pool->s->n_classes; i++)
            free(pool->use[i].at);
    free(pool->table);
    free(pool->use);
    free(pool->hidden);
    free(pool->scratch);
    memset(pool, 0, sizeof *pool);
}

void mk_sdc_pool_set(struct mk_sdc_pool *pool, uint32_t cls, bool hidden)
{
    if (pool->hidden[cls] == hidden)
        return;
    pool->hidden[cls] = hidden;
    for (size_t k = 0; k < pool->use[cls].n; k++) {
        struct mk_sdc_table_found *t =
            &pool->table[pool->use[cls].at[k].table];
        t->shown += hidden ? -1u : 1u;
    }
}

/* Counts what x changes, by column and (in scratch) by class. */
static void count_changes(struct mk_sdc_pool *pool, const double *x,
                          uint32_t *cols, uint32_t *classes)
{
    const struct mk_sdc_system *s = pool->s;
    *cols = *classes = 0;
    memset(pool->scratch, 0, s->n_classes * sizeof *pool->scratch);
    for (size_t j = 0; j < s->n_cols; j++) {
        double delta = x[j] - (double)s->x0[j];
        if (fabs(delta) < NOTHING)
            continue;
        ++*cols;
        for (size_t e = s->col_start[j]; e < s->col_start[j + 1]; e++)
            if (s->col_row[e] < s->n_classes)
                pool->scratch[s->col_row[e]] += delta;
    }
    for (size_t i = 0; i < s->n_classes; i++)
        *classes += fabs(pool->scratch[i]) >= NOTHING;
}

static enum mk_err add_use(struct mk_sdc_uses *uses, struct mk_sdc_use use)
{
    if (uses->n == uses->cap) {
        size_t cap = uses->cap ? 2 * uses->cap : 8;
        struct mk_sdc_use *at = realloc(uses->at, cap * sizeof *at);
        if (!at)
            return MK_E_MEMORY;
        uses->at = at;
        uses->cap = cap;
    }
    uses->at[uses->n++] = use;
    return MK_OK;
}

/* Is there anything that x does and no table did? */
static bool goes_further(const struct mk_sdc_pool *pool, bool whole)
{
    for (size_t i = 0; i < pool->s->n_classes; i++) {
        bool there = fabs(pool->scratch[i]) < NOTHING;
        for (size_t k = 0; k < pool->use[i].n && !there; k++) {
            const struct mk_sdc_use *use = &pool->use[i].at[k];
            const struct mk_sdc_table_found *t = &pool->table[use->table];
            there = fabs(use->delta - pool->scratch[i]) < NOTHING &&
                    t->shown == 0 && (t->whole || !whole);
        }
        if (!there)
            return true;
    }
    return false;
}

static enum mk_err room_for_one(struct mk_sdc_pool *pool)
{
    if (pool->n < pool->cap)
        return MK_OK;
    size_t cap = pool->cap ? 2 * pool->cap : 64;
    struct mk_sdc_table_found *table =
        realloc(pool->table, cap * sizeof *table);
    if (!table)
        return MK_E_MEMORY;
    pool->table = table;
    pool->cap = cap;
    return MK_OK;
}

/* Half of the tables go: first those that are not good, then the oldest. */
static void make_room(struct mk_sdc_pool *pool)
{
    size_t kept = 0, go = pool->n / 2;
    bool *gone = calloc(pool->n, sizeof *gone);
    uint32_t *now = calloc(pool->n, sizeof *now);
    if (!gone || !now)
        goto out; /* then it grows */
    for (int pass = 0; pass < 2; pass++)
        for (size_t t = 0; t < pool->n && go > 0; t++)
            if (!gone[t] && (pass == 1 || pool->table[t].shown > 0)) {
                gone[t] = true;
                go--;
            }
    for (size_t t = 0; t < pool->n; t++) {
        if (gone[t]) {
            free(pool->table[t].cls);
            free(pool->table[t].col);
            continue;
        }
        now[t] = (uint32_t)kept;
        pool->table[kept++] = pool->table[t];
    }
    for (size_t i = 0; i < pool->s->n_classes; i++) {
        struct mk_sdc_uses *uses = &pool->use[i];
        size_t n = 0;
        for (size_t k = 0; k < uses->n; k++)
            if (!gone[uses->at[k].table])
                uses->at[n++] = (struct mk_sdc_use){now[uses->at[k].table],
                                                    uses->at[k].delta};
        uses->n = n;
    }
    pool->n = kept;
out:
    free(gone);
    free(now);
}

enum mk_err mk_sdc_pool_add(struct mk_sdc_pool *pool, const double *x,
                            bool whole, bool wanted)
{
    const struct mk_sdc_system *s = pool->s;
    struct mk_sdc_table_found t = {.whole = whole};
    uint32_t cols, classes;
    enum mk_err rc;
    count_changes(pool, x, &cols, &classes);
    if (cols == 0 || !(wanted || goes_further(pool, whole)))
        return MK_OK;
    if (pool->n >= MK_SDC_POOL && !pool->keep)
        make_room(pool);
    MK_TRY(room_for_one(pool));
    t.col = calloc(cols + 1, sizeof *t.col);
    t.cls = calloc(classes + 1, sizeof *t.cls);
    if (!t.col || !t.cls) {
        rc = MK_E_MEMORY;
        goto out;
    }
    for (size_t j = 0; j < s->n_cols; j++)
        if (fabs(x[j] - (double)s->x0[j]) >= NOTHING)
            t.col[t.n_col++] =
                (struct mk_sdc_change){(uint32_t)j, x[j] - (double)s->x0[j]};
    for (size_t i = 0; i < s->n_classes; i++) {
        if (fabs(pool->scratch[i]) < NOTHING)
            continue;
        struct mk_sdc_use use = {(uint32_t)pool->n, pool->scratch[i]};
        t.cls[t.n_cls++] = (struct mk_sdc_change){(uint32_t)i, use.delta};
        t.shown += !pool->hidden[i];
        MK_TRY(add_use(&pool->use[i], use));
    }
    pool->table[pool->n++] = t;
    return MK_OK;
out:
    free(t.col);
    free(t.cls);
    return rc;
}

static double delta_of(const struct mk_sdc_table_found *t, uint32_t cls)
{
    uint32_t lo = 0, hi = t->n_cls;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (t->cls[mid].at == cls)
            return t->cls[mid].delta;
        if (t->cls[mid].at < cls)
            lo = mid + 1;
        else
            hi = mid;
    }
    return 0;
}

static void reach_by(const struct mk_sdc_pool *pool, uint32_t table,
                     double delta, uint32_t still, bool linear,
                     struct mk_sdc_reach *reach)
{
    const struct mk_sdc_table_found *t = &pool->table[table];
    if (t->shown > 0 || (!t->whole && !linear) ||
        (delta <= reach->up && -delta <= reach->down) ||
        (still != MK_SDC_NONE && fabs(delta_of(t, still)) >= NOTHING))
        return;
    if (delta > reach->up) {
        reach->up = delta;
        reach->up_table = table;
    }
    if (-delta > reach->down) {
        reach->down = -delta;
        reach->down_table = table;
    }
}

void mk_sdc_pool_reach(const struct mk_sdc_pool *pool, uint32_t cls,
                       uint32_t minus, uint32_t still, bool linear,
                       struct mk_sdc_reach *reach)
{
    *reach = (struct mk_sdc_reach){0, 0, MK_SDC_NONE, MK_SDC_NONE};
    for (size_t k = 0; k < pool->use[cls].n; k++) {
        struct mk_sdc_use use = pool->use[cls].at[k];
        double delta = use.delta;
        if (minus != MK_SDC_NONE)
            delta -= delta_of(&pool->table[use.table], minus);
        reach_by(pool, use.table, delta, still, linear, reach);
    }
    if (minus == MK_SDC_NONE)
        return;
    for (size_t k = 0; k < pool->use[minus].n; k++) {
        struct mk_sdc_use use = pool->use[minus].at[k];
        double delta = delta_of(&pool->table[use.table], cls) - use.delta;
        reach_by(pool, use.table, delta, still, linear, reach);
    }
}
