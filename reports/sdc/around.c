/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Better patterns near one that is known: most of it stays, and what the rest
 * is at best is found by branch and bound over the cuts of all.
 *
 * A try asks for something cheaper.  Where that was of no use, most of them
 * show a class that was hidden and take what is a little dearer than the best,
 * so that the search leaves a place around which nothing is cheaper.  Now and
 * then it goes back to the best.
 */
#include <stdlib.h>
#include <string.h>

#include "reports/sdc/prove.h"

#define WIDER 1.15
#define NARROWER 0.9
#define PATIENCE 2     /* tries of no use before it goes away */
#define TRIES_A_LOOK 8 /* then, one of them asks for something cheaper */
#define TRIES_AWAY 64  /* until it goes back */
#define MOST_IDLE 40   /* tries of no use before it ends */
#define DEARER 1.5     /* times the price of what is shown */
#define DRAWS 20       /* of a cut, an open class */

/* A look for something cheaper; away from there. */
static const struct {
    double width;  /* at first, of the open classes */
    uint64_t work; /* at most, pivots */
} kinds[2] = {[false] = {0.4, 2000}, [true] = {0.25, 1000}};

static void go_back(struct mk_sdc_around *a,
                    const struct mk_sdc_search *search)
{
    memcpy(a->at, search->best, search->s->n_classes * sizeof *a->at);
    a->cost = search->best_cost;
}

enum mk_err mk_sdc_around_init(struct mk_sdc_around *a,
                               const struct mk_sdc_prove *p)
{
    size_t n = p->search->n_open;
    memset(a, 0, sizeof *a);
    a->at = calloc(p->search->s->n_classes + 1, sizeof *a->at);
    a->settled = calloc(n + 1, sizeof *a->settled);
    a->loose = calloc(n + 1, sizeof *a->loose);
    for (int away = 0; away < 2; away++)
        a->width[away] = kinds[away].width * (double)n;
    a->best_cost = INFINITY;
    return a->at && a->settled && a->loose ? MK_OK : MK_E_MEMORY;
}

void mk_sdc_around_release(struct mk_sdc_around *a)
{
    mk_sdc_branches_release(&a->branches);
    free(a->at);
    free(a->settled);
    free(a->loose);
    memset(a, 0, sizeof *a);
}

/* ---- which classes may change ---- */

static size_t loosen(struct mk_sdc_around *a, size_t k)
{
    bool was = a->loose[k];
    a->loose[k] = true;
    return !was;
}

/* What a cut binds to something that is loose; how many that adds. */
static size_t loosen_cut(struct mk_sdc_around *a,
                         const struct mk_sdc_master_cut *cut, size_t most)
{
    size_t added = 0;
    bool meets = false;
    for (size_t k = 0; k < cut->n && !meets; k++)
        meets = a->loose[cut->column[k]];
    for (size_t k = 0; k < cut->n && meets && added < most; k++)
        added += loosen(a, cut->column[k]);
    return added;
}

/* Classes that cuts bind to the first, and to one another; or any. */
static void choose(struct mk_sdc_around *a, const struct mk_sdc_prove *p,
                   size_t first, bool away)
{
    struct mk_sdc_search *search = p->search;
    const struct mk_sdc_master *m = &p->master;
    size_t n = search->n_open, rows = mk_lp_rows(m->lp);
    size_t width = (size_t)a->width[away], count = 1;
    bool bound = rows > 0 && mk_sdc_search_chance(search, 2) == 0;
    memset(a->loose, 0, n * sizeof *a->loose);
    a->loose[first] = true;
    for (size_t i = 0; i < DRAWS * n && count < width; i++) {
        size_t k = mk_sdc_search_chance(search, bound ? rows : n);
        count += bound ? loosen_cut(a, &m->cut[m->row[k]], width - count)
                       : loosen(a, k);
    }
}

/* ---- one try ---- */

/* All that is not loose stays as it is in the pattern. */
static void hold(struct mk_sdc_around *a, struct mk_sdc_prove *p)
{
    const struct mk_sdc_search *search = p->search;
    memcpy(a->settled, p->settled, search->n_open * sizeof *a->settled);
    for (uint32_t k = 0; k < search->n_open; k++)
        if (!a->loose[k]) {
            p->settled[k] = a->at[search->open[k]];
            mk_sdc_prove_unfix(p, k);
        }
}

static void let_go(const struct mk_sdc_around *a, struct mk_sdc_prove *p)
{
    memcpy(p->settled, a->settled, p->search->n_open * sizeof *a->settled);
    for (uint32_t k = 0; k < p->search->n_open; k++)
        mk_sdc_prove_unfix(p, k);
    mk_sdc_prove_settle(p);
}

/* The pattern takes the place of the best one while it is improved; only what
 * costs less than limit counts. */
static enum mk_err improve(struct mk_sdc_around *a, struct mk_sdc_prove *p,
                           bool away, double limit)
{
    struct mk_sdc_search *search = p->search;
    bool *best = search->best, stuck;
    double best_cost = search->best_cost;
    enum mk_err rc;
    mk_sdc_branches_clear(&a->branches);
    MK_TRY(mk_sdc_branches_add(&a->branches, p->root, MK_SDC_NONE, 0, false));
    search->best = a->at;
    search->best_cost = limit;
    rc = mk_sdc_prove_explore(p, &a->branches,
                              *search->effort->work + kinds[away].work, false,
                              &stuck);
    bool done = mk_sdc_prove_done(p, &a->branches);
    bool moved = search->best_cost < limit;
    if (moved)
        a->cost = search->best_cost;
    else if (done)
        a->width[away] = fmin(a->width[away] * WIDER, (double)search->n_open);
    if (!done)
        a->width[away] *= NARROWER;
    search->best = best;
    search->best_cost = best_cost;
    if (a->cost < best_cost) {
        memcpy(best, a->at, search->s->n_classes * sizeof *best);
        search->best_cost = a->cost;
    }
out:
    return rc;
}

/* An open class by chance, or the next one that is hidden. */
static uint32_t draw(const struct mk_sdc_around *a,
                     struct mk_sdc_search *search, bool hidden)
{
    size_t n = search->n_open, k = mk_sdc_search_chance(search, n);
    for (size_t i = 0; i < n && hidden && !a->at[search->open[k]]; i++)
        k = (k + 1) % n;
    return (uint32_t)k;
}

static enum mk_err try_once(struct mk_sdc_around *a, struct mk_sdc_prove *p)
{
    struct mk_sdc_search *search = p->search;
    bool away = a->idle > PATIENCE && a->idle % TRIES_A_LOOK != 0;
    uint32_t k = draw(a, search, away);
    double limit = a->cost;
    choose(a, p, k, away);
    hold(a, p);
    if (away) {
        limit = search->best_cost + DEARER * search->cost[search->open[k]];
        p->settled[k] = 0;
        mk_sdc_prove_unfix(p, k);
    }
    enum mk_err rc = improve(a, p, away, limit);
    let_go(a, p);
    return rc;
}

enum mk_err mk_sdc_around_best(struct mk_sdc_around *a, struct mk_sdc_prove *p,
                               uint64_t until)
{
    const struct mk_sdc_search *search = p->search;
    enum mk_err rc = MK_OK;
    while (*search->effort->work < until) {
        if (search->best_cost < a->best_cost) {
            a->best_cost = search->best_cost;
            a->idle = 0;
        }
        if (a->idle >= MOST_IDLE)
            break;
        if (a->idle % TRIES_AWAY == 0)
            go_back(a, search);
        a->idle++;
        MK_TRY(try_once(a, p));
    }
out:
    return rc;
}
