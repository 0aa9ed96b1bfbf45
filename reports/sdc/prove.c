/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cheapest pattern, proven: branch and bound on which classes are hidden.
 *
 *   master   the cheapest y over the cuts found so far (master.h)
 *   a node   some y fixed; its bound is the master's
 *   at a node, until no cut is violated:
 *     hide all with y > 0 and ask every question; each "no" gives a cut over
 *     classes that are shown, which y violates wholly; if all is answered, ask
 *     with fractions
 *   whole y that passes is a pattern; else branch
 *   in turns with the tree: what lies around the best pattern (around.c)
 *
 * Cuts hold everywhere, so there is one master for all nodes.
 */
#include <stdlib.h>
#include <string.h>

#include "reports/sdc/prove.h"

#define NOTHING 1e-6
#define ROUNDS_AT_ROOT 200
#define ROUNDS_AT_NODE 20
#define ROUNDS_IN_DIVE 3
#define CUTS_KEPT 4000
#define SURELY 0.8 /* hidden, in a dive */
#define LAST_PATIENCE 1
#define NODES_A_DIVE 48
#define WORK_A_TURN 40000 /* pivots: around the best pattern, in the tree */

/* ---- cuts ---- */

static double left_side(const struct mk_sdc_prove *p,
                        const struct mk_sdc_cut *cut)
{
    double sum = 0;
    for (size_t k = 0; k < cut->n; k++)
        sum += cut->weight[k] * p->y[p->number[cut->cls[k]]];
    return sum;
}

static enum mk_err add_cut(struct mk_sdc_prove *p,
                           const struct mk_sdc_cut *cut)
{
    if (cut->n == 0 || left_side(p, cut) > 1 - NOTHING)
        return MK_OK;
    for (size_t k = 0; k < cut->n; k++) {
        p->index[k] = p->number[cut->cls[k]];
        p->value[k] = cut->weight[k];
    }
    p->cuts++;
    return mk_sdc_master_add(&p->master, p->index, p->value, cut->n);
}

/* Something of what is shown has to be hidden, that much is sure. */
static enum mk_err add_last_cut(struct mk_sdc_prove *p)
{
    const struct mk_sdc_search *search = p->search;
    size_t n = 0;
    for (uint32_t k = 0; k < search->n_open; k++)
        if (!search->hidden[search->open[k]]) {
            p->index[n] = k;
            p->value[n++] = 1;
        }
    p->cuts++;
    return mk_sdc_master_add(&p->master, p->index, p->value, n);
}

static bool ask(void *ctx, const struct mk_sdc_need *need, uint32_t insider)
{
    struct mk_sdc_prove *p = ctx;
    struct mk_sdc_cut cut;
    bool met;
    p->rc = mk_sdc_judge_need(p->search->judge, need, insider, &met, &cut);
    if (p->rc != MK_OK)
        return false;
    if (!met) {
        p->unsure |= cut.n == 0;
        p->rc = add_cut(p, &cut);
    }
    mk_sdc_cut_release(&cut);
    return p->rc == MK_OK;
}

/* Questions about the pattern that hides everything with y > 0. */
static enum mk_err separate_pattern(struct mk_sdc_prove *p)
{
    struct mk_sdc_search *search = p->search;
    for (size_t k = 0; k < search->n_open; k++)
        mk_sdc_search_set(search, search->open[k], p->y[k] > NOTHING);
    p->cuts = 0;
    p->unsure = false;
    mk_sdc_judge_questions(search->judge, ask, p);
    if (p->rc == MK_OK && p->cuts == 0 && p->unsure)
        return add_last_cut(p);
    return p->rc;
}

/* Questions with fractions; outsiders only. */
static enum mk_err separate_fraction(struct mk_sdc_prove *p)
{
    struct mk_sdc_search *search = p->search;
    struct mk_sdc_judge *judge = search->judge;
    double room = (double)search->s->model->spec->threshold;
    enum mk_err rc = MK_OK;
    for (size_t k = 0; k < search->n_open; k++)
        mk_sdc_attack_fraction(judge->attack, search->open[k], p->y[k], room);
    p->cuts = 0;
    for (size_t i = 0; i < judge->needs->n && rc == MK_OK; i++) {
        struct mk_sdc_cut cut;
        rc = mk_sdc_judge_fraction(judge, &judge->needs->at[i], &cut);
        if (rc == MK_OK)
            rc = add_cut(p, &cut);
        mk_sdc_cut_release(&cut);
    }
    for (size_t k = 0; k < search->n_open; k++)
        mk_sdc_judge_set(judge, search->open[k],
                         search->hidden[search->open[k]]);
    return rc;
}

/* ---- nodes ---- */

static double limit(const struct mk_sdc_prove *p)
{
    return p->search->best_cost - mk_sdc_cost_step(p->search->s);
}

void mk_sdc_prove_unfix(struct mk_sdc_prove *p, uint32_t k)
{
    int8_t at = p->settled[k];
    mk_sdc_master_bounds(&p->master, k, at == 1 ? 1 : 0, at == 0 ? 0 : 1);
}

static void fix(struct mk_sdc_prove *p, const struct mk_sdc_branches *nodes,
                uint32_t node, bool on)
{
    for (uint32_t i = node; nodes->at[i].parent != MK_SDC_NONE;
         i = nodes->at[i].parent) {
        double v = nodes->at[i].value;
        if (on)
            mk_sdc_master_bounds(&p->master, nodes->at[i].column, v, v);
        else
            mk_sdc_prove_unfix(p, nodes->at[i].column);
    }
}

/* What the root's duals settle now that best is what it is. */
void mk_sdc_prove_settle(struct mk_sdc_prove *p)
{
    for (uint32_t k = 0; k < p->search->n_open; k++) {
        if (p->settled[k] >= 0 || p->root + fabs(p->dual[k]) <= limit(p))
            continue;
        p->settled[k] = p->dual[k] < 0;
        mk_sdc_prove_unfix(p, k);
    }
}

static bool whole(const struct mk_sdc_prove *p)
{
    for (size_t k = 0; k < p->search->n_open; k++)
        if (p->y[k] > NOTHING && p->y[k] < 1 - NOTHING)
            return false;
    return true;
}

/* Solves the master; false when the node is done with. */
static bool solve(struct mk_sdc_prove *p, double *bound)
{
    enum mk_lp_end end = mk_sdc_master_solve(&p->master);
    if (end != MK_LP_OPTIMAL) {
        p->search->judge->gave_up |= end != MK_LP_INFEASIBLE;
        return false;
    }
    if (p->master.value > *bound)
        *bound = p->master.value;
    if (*bound > limit(p))
        return false;
    memcpy(p->y, p->master.y, p->search->n_open * sizeof *p->y);
    return true;
}

/* Cuts until none is violated; *open says whether the node has to branch. */
static enum mk_err visit(struct mk_sdc_prove *p, unsigned rounds,
                         double *bound, bool *open)
{
    enum mk_err rc = MK_OK;
    *open = false;
    for (unsigned round = 0;; round++) {
        if (!solve(p, bound))
            return MK_OK;
        if (*p->search->effort->work > p->search->effort->prove)
            break;
        MK_TRY(separate_pattern(p));
        if (p->cuts > 0)
            continue;
        if (whole(p)) { /* the pattern passed: it is the best of this node */
            bool good;
            MK_TRY(mk_sdc_search_keep(p->search, &good));
            if (good) { /* what hides nothing may have been hidden with it */
                MK_TRY(mk_sdc_search_publish(p->search));
                return mk_sdc_search_keep(p->search, &good);
            }
            MK_TRY(add_last_cut(p));
            continue;
        }
        /* hiding a bit more than y says is safe too: a pattern, perhaps a
         * good one after publishing again */
        if (round > rounds || p->master.n_cuts > CUTS_KEPT)
            break;
        MK_TRY(separate_fraction(p));
        if (p->cuts == 0)
            break;
    }
    *open = true;
out:
    return rc;
}

static uint32_t branch_on(const struct mk_sdc_prove *p)
{
    uint32_t best = MK_SDC_NONE;
    double most = -1;
    for (uint32_t k = 0; k < p->search->n_open; k++) {
        double score = fmin(p->y[k], 1 - p->y[k]) + 1e-3 * p->y[k];
        if (p->y[k] > NOTHING && p->y[k] < 1 - NOTHING && score > most) {
            most = score;
            best = k;
        }
    }
    return best;
}

/* The pattern that the node's y leads to when everything it touches is hidden
 * and what is not needed is published. */
static enum mk_err try_pattern(struct mk_sdc_prove *p)
{
    struct mk_sdc_search *search = p->search;
    bool safe;
    enum mk_err rc;
    for (size_t k = 0; k < search->n_open; k++)
        mk_sdc_search_set(search, search->open[k], p->y[k] > 0.3);
    MK_TRY(mk_sdc_search_repair(search, search->cost, &safe));
    if (!safe)
        return MK_OK;
    MK_TRY(mk_sdc_search_publish(search));
    MK_TRY(mk_sdc_search_keep(search, &safe));
out:
    return rc;
}

/* Down from a node: what is nearly hidden is hidden, and so on, to a whole
 * pattern that the bound leads to. */
static enum mk_err dive(struct mk_sdc_prove *p)
{
    struct mk_sdc_search *search = p->search;
    double bound = p->root;
    bool open = true, *fixed = calloc(search->n_open + 1, sizeof *fixed);
    enum mk_err rc = MK_OK;
    if (!fixed)
        return MK_E_MEMORY;
    while (open && *search->effort->work <= search->effort->prove) {
        uint32_t best = MK_SDC_NONE;
        for (uint32_t k = 0; k < search->n_open; k++) {
            if (p->y[k] <= NOTHING || p->y[k] >= 1 - NOTHING)
                continue;
            if (p->y[k] > SURELY) {
                mk_sdc_master_bounds(&p->master, k, 1, 1);
                fixed[k] = true;
            }
            if (best == MK_SDC_NONE || p->y[k] > p->y[best])
                best = k;
        }
        if (best == MK_SDC_NONE)
            break;
        mk_sdc_master_bounds(&p->master, best, 1, 1);
        fixed[best] = true;
        MK_TRY(visit(p, ROUNDS_IN_DIVE, &bound, &open));
    }
    if (open)
        rc = try_pattern(p);
out:
    for (uint32_t k = 0; k < search->n_open; k++)
        if (fixed[k])
            mk_sdc_prove_unfix(p, k);
    free(fixed);
    return rc;
}

/* The root is open: patterns that it leads to, and by chance once more. */
static enum mk_err from_root(struct mk_sdc_prove *p)
{
    struct mk_sdc_search *search = p->search;
    enum mk_err rc;
    memcpy(p->dual, p->master.dual, search->n_open * sizeof *p->dual);
    mk_sdc_prove_settle(p);
    MK_TRY(dive(p));
    mk_sdc_prove_settle(p);
    MK_TRY(mk_sdc_search_improve(search, LAST_PATIENCE));
    mk_sdc_prove_settle(p);
out:
    return rc;
}

/* Visits the next node; two more if it is open. */
static enum mk_err next_node(struct mk_sdc_prove *p,
                             struct mk_sdc_branches *nodes, unsigned rounds,
                             bool dives, bool *stuck)
{
    uint32_t node = mk_sdc_branches_pop(nodes), k = MK_SDC_NONE;
    size_t visited = nodes->n - nodes->n_heap;
    double bound = nodes->at[node].bound;
    bool open;
    enum mk_err rc;
    fix(p, nodes, node, true);
    rc = visit(p, rounds, &bound, &open);
    if (open)
        k = branch_on(p);
    if (rc == MK_OK && open && dives && visited % NODES_A_DIVE == 0)
        rc = dive(p);
    fix(p, nodes, node, false);
    MK_TRY(rc);
    *stuck = open && k == MK_SDC_NONE;
    if (*stuck) { /* it stays where it was */
        struct mk_sdc_branch at = nodes->at[node];
        rc = mk_sdc_branches_add(nodes, bound, at.parent, at.column, at.value);
    }
    for (int v = 0; k != MK_SDC_NONE && v < 2; v++)
        MK_TRY(mk_sdc_branches_add(nodes, bound, node, k, v == 1));
    mk_sdc_prove_settle(p);
out:
    return rc;
}

bool mk_sdc_prove_done(const struct mk_sdc_prove *p,
                       const struct mk_sdc_branches *nodes)
{
    return nodes->n_heap == 0 || nodes->at[nodes->heap[0]].bound > limit(p);
}

enum mk_err mk_sdc_prove_explore(struct mk_sdc_prove *p,
                                 struct mk_sdc_branches *nodes, uint64_t until,
                                 bool dives, bool *stuck)
{
    enum mk_err rc = MK_OK;
    *stuck = false;
    while (!*stuck && !mk_sdc_prove_done(p, nodes) &&
           *p->search->effort->work <= until)
        MK_TRY(next_node(p, nodes, ROUNDS_AT_NODE, dives, stuck));
out:
    return rc;
}

/* From now on a turn, as far as there is work left. */
static uint64_t turn(const struct mk_sdc_effort *effort)
{
    uint64_t end = *effort->work + WORK_A_TURN;
    return end < effort->prove ? end : effort->prove;
}

/* The tree of an open root, and in turns what lies around the best pattern. */
static enum mk_err grow(struct mk_sdc_prove *p, struct mk_sdc_branches *nodes,
                        bool *stuck)
{
    const struct mk_sdc_effort *effort = p->search->effort;
    struct mk_sdc_around around;
    enum mk_err rc;
    MK_TRY(mk_sdc_around_init(&around, p));
    while (!*stuck && !mk_sdc_prove_done(p, nodes) &&
           *effort->work <= effort->prove) {
        MK_TRY(mk_sdc_around_best(&around, p, turn(effort)));
        MK_TRY(mk_sdc_prove_explore(p, nodes, turn(effort), true, stuck));
    }
out:
    mk_sdc_around_release(&around);
    return rc;
}

static enum mk_err run(struct mk_sdc_prove *p, bool *optimal)
{
    struct mk_sdc_search *search = p->search;
    struct mk_sdc_branches nodes = {.n = 0};
    bool stuck = false;
    enum mk_err rc;
    MK_TRY(mk_sdc_branches_add(&nodes, 0, MK_SDC_NONE, 0, false));
    MK_TRY(next_node(p, &nodes, ROUNDS_AT_ROOT, false, &stuck));
    if (!stuck && nodes.n_heap > 0) {
        p->root = nodes.at[nodes.heap[0]].bound;
        MK_TRY(from_root(p));
        MK_TRY(grow(p, &nodes, &stuck));
    }
    if (mk_sdc_prove_done(p, &nodes)) {
        search->bound = search->best_cost;
        *optimal = !search->judge->gave_up;
    } else { /* no node that is left costs less than the next one */
        search->bound = nodes.at[nodes.heap[0]].bound;
    }
out:
    mk_sdc_branches_release(&nodes);
    return rc;
}

enum mk_err mk_sdc_search_prove(struct mk_sdc_search *search, bool *optimal)
{
    struct mk_sdc_prove *p = calloc(1, sizeof *p);
    size_t n = search->n_open;
    enum mk_err rc = MK_E_MEMORY;
    *optimal = false;
    if (!p)
        return rc;
    p->search = search;
    p->y = calloc(n + 1, sizeof *p->y);
    p->number = malloc((search->s->n_classes + 1) * sizeof *p->number);
    p->index = calloc(n + 1, sizeof *p->index);
    p->value = calloc(n + 1, sizeof *p->value);
    p->dual = calloc(n + 1, sizeof *p->dual);
    p->settled = malloc(n + 1);
    if (!p->y || !p->number || !p->index || !p->value || !p->dual ||
        !p->settled)
        goto out;
    memset(p->settled, -1, n + 1);
    for (size_t i = 0; i < search->s->n_classes; i++)
        p->number[i] = MK_SDC_NONE;
    for (uint32_t k = 0; k < n; k++) {
        p->number[search->open[k]] = k;
        p->value[k] = search->cost[search->open[k]];
    }
    MK_TRY(mk_sdc_master_init(&p->master, p->value, n, search->effort->work));
    rc = run(p, optimal);
out:
    mk_sdc_master_release(&p->master);
    free(p->y);
    free(p->number);
    free(p->dual);
    free(p->settled);
    free(p->index);
    free(p->value);
    free(p);
    return rc;
}
