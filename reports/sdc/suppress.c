/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/suppress.h"

#include <stdlib.h>
#include <string.h>

#include "reports/sdc/repair.h"

#define FIRST_PATIENCE 0.3

void mk_sdc_plan_release(struct mk_sdc_plan *plan)
{
    free(plan->hidden);
    memset(plan, 0, sizeof *plan);
}

/* ---- cost ---- */

static bool is_inner(const struct mk_sdc_spec *spec, uint32_t mask)
{
    for (size_t t = 0; t < spec->n_tables; t++) {
        uint32_t table = 0;
        for (size_t d = 0; d < spec->n_dims; d++)
            if (spec->table[t].crosses[d] || spec->table[t].where[d])
                table |= UINT32_C(1) << d;
        if (table == mask)
            return true;
    }
    return false;
}

static double whole_cost(const struct mk_sdc_model *m, size_t cell)
{
    if (m->spec->cost == MK_SDC_COST_CELLS)
        return 1;
    uint32_t mask = mk_sdc_cell_mask(m, cell);
    return mask == 0 ? 10000 : is_inner(m->spec, mask) ? 1 : 100;
}

static double all_values(const struct mk_sdc_system *s)
{
    double sum = 1;
    for (size_t i = 0; i < s->model->n_cells; i++)
        sum += (double)s->model->cell[i].value;
    return sum;
}

void mk_sdc_class_cost(const struct mk_sdc_system *s, double *cost)
{
    double all = all_values(s);
    memset(cost, 0, s->n_classes * sizeof *cost);
    for (size_t i = 0; i < s->model->n_cells; i++)
        if (s->class_of[i] != MK_SDC_NONE && s->model->cell[i].current &&
            !s->model->cell[i].watched)
            cost[s->class_of[i]] += whole_cost(s->model, i) +
                                    (double)s->model->cell[i].value / all;
}

double mk_sdc_cost_step(const struct mk_sdc_system *s)
{
    return 0.5 / all_values(s);
}

/* ---- the pattern ---- */

void mk_sdc_search_set(struct mk_sdc_search *search, uint32_t cls, bool hidden)
{
    if (search->hidden[cls] == hidden)
        return;
    search->hidden[cls] = hidden;
    mk_sdc_judge_set(search->judge, cls, hidden);
}

double mk_sdc_search_cost(const struct mk_sdc_search *search)
{
    double sum = 0;
    for (size_t i = 0; i < search->n_open; i++)
        if (search->hidden[search->open[i]])
            sum += search->cost[search->open[i]];
    return sum;
}

enum mk_err mk_sdc_search_keep(struct mk_sdc_search *search, bool *whole)
{
    double cost = mk_sdc_search_cost(search);
    enum mk_err rc;
    *whole = true;
    if (cost >= search->best_cost)
        return MK_OK;
    search->judge->linear = false;
    MK_TRY(mk_sdc_judge_all(search->judge, whole));
    if (!*whole)
        goto out;
    search->best_cost = cost;
    memcpy(search->best, search->hidden,
           search->s->n_classes * sizeof *search->best);
out:
    search->judge->linear = true;
    return rc;
}

void mk_sdc_search_go(struct mk_sdc_search *search, const bool *hidden)
{
    for (size_t i = 0; i < search->n_open; i++)
        mk_sdc_search_set(search, search->open[i], hidden[search->open[i]]);
}

size_t mk_sdc_search_chance(struct mk_sdc_search *search, size_t n)
{
    search->chance = search->chance * 6364136223846793005u +
                     1442695040888963407u;
    return (size_t)((search->chance >> 33) % n);
}

/* ---- repair ---- */

struct unanswered {
    struct mk_sdc_search *search;
    const double *price;
    bool *moved, *other;
    bool hid; /* something was hidden in this pass */
    bool stuck;
    enum mk_err rc;
};

static void hide_moved(struct unanswered *u, const bool *moved)
{
    struct mk_sdc_search *search = u->search;
    for (uint32_t i = 0; i < search->s->n_classes; i++)
        if (moved[i] && !search->hidden[i]) {
            mk_sdc_search_set(search, i, true);
            mk_sdc_repair_price(search->repair, i, 0);
            u->hid = true;
        }
}

/* The cheapest way to make the target reach far enough on one side. */
static enum mk_err way_out(struct unanswered *u,
                           const struct mk_sdc_need *need, bool up,
                           double distance, uint32_t insider, bool *moved,
                           double *price)
{
    *price = INFINITY;
    if (distance <= 0)
        return MK_OK;
    return mk_sdc_repair_way(u->search->repair, need->target, need->value,
                             (int64_t)ceil(distance), up, insider, moved,
                             price);
}

/* Which side and how far: what the attack that has just failed left open. */
static enum mk_err find_way(struct unanswered *u,
                            const struct mk_sdc_need *need, uint32_t insider,
                            bool *found)
{
    struct mk_sdc_reach reach;
    double up, down;
    enum mk_err rc;
    const struct mk_sdc_pool *pool = &u->search->judge->pool;
    mk_sdc_pool_reach(pool, need->target.plus, need->target.minus, insider,
                      u->search->judge->linear, &reach);
    *found = true;
    if (insider == MK_SDC_NONE && reach.up < (double)need->up) {
        MK_TRY(
            way_out(u, need, true, (double)need->up, insider, u->moved, &up));
        if (isfinite(up))
            hide_moved(u, u->moved);
        *found = isfinite(up);
        return MK_OK;
    }
    if (insider == MK_SDC_NONE && reach.down < (double)need->down) {
        MK_TRY(way_out(u, need, false, (double)need->down, insider, u->moved,
                       &down));
        if (isfinite(down))
            hide_moved(u, u->moved);
        *found = isfinite(down);
        return MK_OK;
    }
    double width = insider == MK_SDC_NONE ? (double)need->slide : 1;
    MK_TRY(way_out(u, need, true, width - reach.down, insider, u->moved, &up));
    MK_TRY(
        way_out(u, need, false, width - reach.up, insider, u->other, &down));
    *found = isfinite(up) || isfinite(down);
    if (*found)
        hide_moved(u, up <= down ? u->moved : u->other);
out:
    return rc;
}

static bool repair_one(void *ctx, const struct mk_sdc_need *need,
                       uint32_t insider)
{
    struct unanswered *u = ctx;
    struct mk_sdc_search *search = u->search;
    bool met = false, found = true, hid;
    for (int tries = 0; tries < 8; tries++) {
        u->rc = mk_sdc_judge_need(search->judge, need, insider, &met, NULL);
        if (u->rc != MK_OK || met)
            return u->rc == MK_OK;
        hid = u->hid;
        u->hid = false;
        u->rc = find_way(u, need, insider, &found);
        bool moved = u->hid;
        u->hid |= hid;
        if (u->rc != MK_OK)
            return false;
        if (!found || !moved) {
            u->stuck = true;
            return false;
        }
    }
    u->stuck = true;
    return false;
}

/* Only whole numbers say no: hide the cheapest class that moves with the
 * target, as the linear programme sees nothing to do. */
static bool hide_anything(struct mk_sdc_search *search, const double *price)
{
    uint32_t best = MK_SDC_NONE;
    for (size_t i = 0; i < search->n_open; i++) {
        uint32_t c = search->open[i];
        if (!search->hidden[c] &&
            (best == MK_SDC_NONE || price[c] < price[best]))
            best = c;
    }
    if (best == MK_SDC_NONE)
        return false;
    mk_sdc_search_set(search, best, true);
    mk_sdc_repair_price(search->repair, best, 0);
    return true;
}

enum mk_err mk_sdc_search_repair(struct mk_sdc_search *search,
                                 const double *price, bool *safe)
{
    size_t n = search->s->n_classes;
    struct unanswered u = {.search = search, .price = price};
    enum mk_err rc = MK_E_MEMORY;
    *safe = false;
    u.moved = calloc(n + 1, sizeof *u.moved);
    u.other = calloc(n + 1, sizeof *u.other);
    if (!u.moved || !u.other)
        goto out;
    for (size_t i = 0; i < search->n_open; i++) {
        uint32_t c = search->open[i];
        mk_sdc_repair_price(search->repair, c,
                            search->hidden[c] ? 0 : price[c]);
    }
    do {
        u.hid = u.stuck = false;
        mk_sdc_judge_questions(search->judge, repair_one, &u);
        MK_TRY(u.rc);
        if (u.stuck && !hide_anything(search, price))
            goto out; /* rc is OK, and nothing is left to hide */
    } while (u.hid || u.stuck);
    *safe = true;
    rc = MK_OK;
out:
    free(u.moved);
    free(u.other);
    return rc;
}

/* ---- publish again ---- */

struct ranked {
    double cost;
    size_t chance;
    uint32_t cls;
};

static int dearest_first(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost > y->cost ? -1 : 1;
    return (x->chance > y->chance) - (x->chance < y->chance);
}

enum mk_err mk_sdc_search_publish(struct mk_sdc_search *search)
{
    struct ranked *rank = calloc(search->n_open + 1, sizeof *rank);
    size_t n = 0;
    enum mk_err rc = MK_OK;
    if (!rank)
        return MK_E_MEMORY;
    for (size_t i = 0; i < search->n_open; i++)
        if (search->hidden[search->open[i]])
            rank[n++] = (struct ranked){search->cost[search->open[i]],
                                        mk_sdc_search_chance(search, 1 << 20),
                                        search->open[i]};
    qsort(rank, n, sizeof *rank, dearest_first);
    for (size_t i = 0; i < n; i++) {
        bool safe;
        mk_sdc_search_set(search, rank[i].cls, false);
        MK_TRY(mk_sdc_judge_all(search->judge, &safe));
        if (!safe)
            mk_sdc_search_set(search, rank[i].cls, true);
    }
out:
    free(rank);
    return rc;
}

/* ---- all of it ---- */

static enum mk_err search_init(struct mk_sdc_search *search,
                               struct mk_sdc_judge *judge,
                               const struct mk_sdc_effort *effort)
{
    const struct mk_sdc_system *s = judge->s;
    size_t n = s->n_classes + 1;
    memset(search, 0, sizeof *search);
    search->judge = judge;
    search->s = s;
    search->effort = effort;
    search->best_cost = INFINITY;
    search->cost = calloc(n, sizeof *search->cost);
    search->hidden = calloc(n, sizeof *search->hidden);
    search->open = calloc(n, sizeof *search->open);
    search->best = calloc(n, sizeof *search->best);
    if (!search->cost || !search->hidden || !search->open || !search->best)
        return MK_E_MEMORY;
    mk_sdc_class_cost(s, search->cost);
    for (uint32_t i = 0; i < s->n_classes; i++) {
        search->hidden[i] = s->cls[i].fate == MK_SDC_MUST_HIDE;
        if (s->cls[i].fate == MK_SDC_OPEN)
            search->open[search->n_open++] = i;
    }
    return mk_sdc_repair_new(&search->repair, s, effort->work);
}

static void search_release(struct mk_sdc_search *search)
{
    mk_sdc_repair_free(search->repair);
    free(search->cost);
    free(search->hidden);
    free(search->open);
    free(search->best);
}

/* The first pattern is safe in whole numbers; so it is after publishing. */
static enum mk_err start(struct mk_sdc_search *search)
{
    bool whole;
    enum mk_err rc;
    MK_TRY(mk_sdc_search_publish(search));
    MK_TRY(mk_sdc_search_keep(search, &whole));
out:
    return rc;
}

enum mk_err mk_sdc_suppress(struct mk_sdc_plan *plan,
                            struct mk_sdc_judge *judge,
                            const struct mk_sdc_effort *effort,
                            struct mk_diag *diag)
{
    struct mk_sdc_search search;
    uint64_t began = *effort->work;
    enum mk_err rc;
    memset(plan, 0, sizeof *plan);
    MK_TRY(search_init(&search, judge, effort));
    MK_TRY(mk_sdc_search_repair(&search, search.cost, &plan->safe));
    if (plan->safe) {
        MK_TRY(start(&search));
        judge->linear = true;
        MK_TRY(mk_sdc_search_improve(&search, FIRST_PATIENCE));
        MK_TRY(mk_sdc_search_prove(&search, &plan->optimal));
        judge->linear = false;
        mk_sdc_search_go(&search, search.best);
        /* what no whole table moves is known to everybody, hidden or not */
        MK_TRY(mk_sdc_search_publish(&search));
        plan->cost = mk_sdc_search_cost(&search);
        plan->bound = plan->optimal ? plan->cost : search.bound;
    }
    plan->work = *effort->work - began;
    plan->hidden = search.hidden;
    search.hidden = NULL;
out:
    search_release(&search);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "tables");
}
