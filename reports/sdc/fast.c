/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/fast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/sdc/fast_proof.h"

#define ALONE 0.1 /* off the price, for each sum that needs it */
#define NOISE 0.2
#define STRETCH 4   /* part of the effort that goes to the intervals */
#define STEPS 200   /* of the search for a unit of effort: about a pivot */
#define TOGETHER 64 /* needs that are answered anew at once, at most */

bool mk_sdc_fast_can(const struct mk_sdc_system *s,
                     const struct mk_sdc_needs *needs)
{
    const struct mk_sdc_model *m = s->model;
    if (s->tree.n_bags != 1 || !m->covered || m->spec->insider || m->audit)
        return false;
    for (size_t i = 0; i < m->n_cells; i++)
        if (m->cell[i].release != 0 || m->cell[i].watched)
            return false;
    for (size_t i = 0; i < needs->n; i++)
        if (needs->at[i].target.minus != MK_SDC_NONE)
            return false;
    return true;
}

struct fast {
    const struct mk_sdc_system *s; /* borrowed */
    const struct mk_sdc_needs *needs;
    struct mk_sdc_cover cover;
    uint32_t *alone; /* by class: see mk_sdc_sums_alone; owned */
    uint64_t effort; /* steps */
    uint64_t chance; /* state of the fixed sequence */
};

static size_t chance(struct fast *f, size_t n)
{
    f->chance = f->chance * 6364136223846793005u + 1442695040888963407u;
    return (size_t)((f->chance >> 33) % n);
}

static bool spent(const struct fast *f)
{
    return f->cover.hunt.steps >= f->effort;
}

/*
 * The search is told a lower price for what many sums need: in each sum with
 * one hidden term there has to be another one.  noise (below 1) lowers others
 * by chance, so that it ends elsewhere than the time before.
 */
static void ask(struct fast *f, double noise)
{
    for (uint32_t c = 0; c < f->s->n_classes; c++) {
        double less = ALONE * (f->alone[c] > 3 ? 3 : f->alone[c]) +
                      noise * (double)chance(f, 1024) / 1024;
        mk_sdc_cover_ask(&f->cover, c, f->cover.cost[c] * (1 - less));
    }
}

static enum mk_err answer_all(struct fast *f, double limit, bool *safe)
{
    bool found;
    enum mk_err rc = MK_OK;
    *safe = true;
    for (uint32_t i = 0; i < f->needs->n; i++) {
        if (f->cover.answer[i].number != 0)
            continue;
        MK_TRY(mk_sdc_cover_answer(&f->cover, i, limit, &found));
        *safe &= found;
    }
out:
    return rc;
}

/* ---- cheaper ---- */

/* Each answer that hides something is given anew by itself. */
static enum mk_err answer_again(struct fast *f, bool *better)
{
    enum mk_err rc = MK_OK;
    bool one;
    for (uint32_t i = 0; i < f->needs->n && !spent(f); i++) {
        if (f->cover.answer[i].n_cls == 0)
            continue;
        MK_TRY(mk_sdc_cover_again(&f->cover, &i, 1, MK_SDC_NONE, false, &one));
        *better |= one;
    }
out:
    return rc;
}

struct ranked {
    double cost;
    uint32_t cls;
};

static int dearest_first(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost > y->cost ? -1 : 1;
    return (x->cls > y->cls) - (x->cls < y->cls);
}

static enum mk_err list_hidden(const struct fast *f, struct ranked **rank,
                               size_t *n)
{
    *n = 0;
    *rank = calloc(f->s->n_classes + 1, sizeof **rank);
    if (!*rank)
        return MK_E_MEMORY;
    for (uint32_t c = 0; c < f->s->n_classes; c++)
        if (f->cover.use[c] > 0)
            (*rank)[(*n)++] = (struct ranked){f->cover.cost[c], c};
    if (*n)
        qsort(*rank, *n, sizeof **rank, dearest_first);
    return MK_OK;
}

/* Each class that is hidden without having to be: without it? */
static enum mk_err publish_again(struct fast *f, bool *better)
{
    struct ranked *rank = NULL;
    uint32_t need[TOGETHER];
    size_t n, users;
    bool one;
    enum mk_err rc;
    MK_TRY(list_hidden(f, &rank, &n));
    for (size_t i = 0; i < n && !spent(f); i++) {
        if (f->cover.use[rank[i].cls] == 0)
            continue;
        mk_sdc_cover_users(&f->cover, rank[i].cls, need, TOGETHER, &users);
        if (users > TOGETHER)
            continue;
        MK_TRY(mk_sdc_cover_again(&f->cover, need, users, rank[i].cls, false,
                                  &one));
        *better |= one;
        if (one)
            continue;
        /* with it, and then without it by a second cube through it */
        MK_TRY(mk_sdc_cover_again(&f->cover, need, users, MK_SDC_NONE, false,
                                  &one));
        *better |= one;
    }
out:
    free(rank);
    return rc;
}

static void add_users(struct fast *f, uint32_t cls, uint32_t *need, size_t *n)
{
    uint32_t user[TOGETHER];
    size_t users;
    mk_sdc_cover_users(&f->cover, cls, user, TOGETHER, &users);
    for (size_t k = 0; k < users && users <= TOGETHER; k++) {
        bool there = false;
        for (size_t i = 0; i < *n && !there; i++)
            there = need[i] == user[k];
        if (!there && *n < TOGETHER)
            need[(*n)++] = user[k];
    }
}

/* Needs that lie together, in any order, level ones too: another valley. */
static enum mk_err shake(struct fast *f, bool *better)
{
    struct ranked *rank = NULL;
    uint32_t need[TOGETHER];
    size_t n, users;
    enum mk_err rc;
    MK_TRY(list_hidden(f, &rank, &n));
    for (size_t i = 0; i < n && !spent(f); i++) {
        bool one;
        double before = f->cover.total;
        users = 0;
        add_users(f, rank[chance(f, n)].cls, need, &users);
        if (users == 0)
            continue;
        const struct mk_sdc_answer *a =
            &f->cover.answer[need[chance(f, users)]];
        for (size_t k = 0; k < 2 && a->n_cls > 0; k++)
            add_users(f, a->cls[chance(f, a->n_cls)], need, &users);
        for (size_t k = users; k > 1; k--) {
            size_t at = chance(f, k);
            uint32_t swap = need[at];
            need[at] = need[k - 1];
            need[k - 1] = swap;
        }
        MK_TRY(mk_sdc_cover_again(&f->cover, need, users, MK_SDC_NONE, true,
                                  &one));
        *better |= f->cover.total < before - f->cover.step;
    }
out:
    free(rank);
    return rc;
}

static enum mk_err improve(struct fast *f)
{
    enum mk_err rc = MK_OK;
    for (int idle = 0; idle < 12 && !spent(f);) {
        bool better = false;
        ask(f, NOISE);
        MK_TRY(answer_again(f, &better));
        MK_TRY(publish_again(f, &better));
        MK_TRY(shake(f, &better));
        idle = better ? 0 : idle + 1;
    }
out:
    return rc;
}

/* ---- all of it ---- */

enum mk_err mk_sdc_fast(struct mk_sdc_plan *plan, struct mk_sdc_proof *proof,
                        const struct mk_sdc_system *s,
                        const struct mk_sdc_needs *needs, uint64_t effort,
                        bool publish, struct mk_diag *diag)
{
    uint64_t scale = 2 + s->n_classes / MK_SDC_FAST_SCALE;
    struct fast f = {.s = s, .needs = needs, .effort = effort * STEPS * scale};
    struct mk_sdc_sums sums;
    enum mk_err rc;
    memset(plan, 0, sizeof *plan);
    memset(&sums, 0, sizeof sums);
    MK_TRY(mk_sdc_cover_init(&f.cover, s, needs));
    MK_TRY(mk_sdc_sums_init(&sums, s));
    f.alone = calloc(s->n_classes + 1, sizeof *f.alone);
    rc = f.alone ? MK_OK : MK_E_MEMORY;
    if (rc != MK_OK)
        goto out;
    mk_sdc_sums_alone(&sums, f.alone);
    ask(&f, 0);
    MK_TRY(answer_all(&f, 0, &plan->safe));
    MK_TRY(answer_all(&f, INFINITY, &plan->safe));
    if (plan->safe && publish)
        MK_TRY(improve(&f));
    plan->work = f.cover.hunt.steps / STEPS;
    plan->hidden = calloc(s->n_classes + 1, sizeof *plan->hidden);
    rc = plan->hidden ? MK_OK : MK_E_MEMORY;
    if (rc != MK_OK || !plan->safe)
        goto out;
    for (size_t c = 0; c < s->n_classes; c++) {
        plan->hidden[c] = s->cls[c].fate == MK_SDC_MUST_HIDE ||
                          f.cover.use[c] > 0;
        plan->cost += f.cover.use[c] > 0 ? f.cover.cost[c] : 0;
    }
    MK_TRY(mk_sdc_sums_bound(&sums, f.cover.cost, &plan->bound));
    MK_TRY(mk_sdc_fast_proof(proof, &f.cover, &sums, plan->hidden,
                             f.effort / STRETCH));
out:
    mk_sdc_sums_release(&sums);
    mk_sdc_cover_release(&f.cover);
    free(f.alone);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "tables");
}
