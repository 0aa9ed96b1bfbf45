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
 *
 * Cuts hold everywhere, so there is one master for all nodes.
 */
#include <stdlib.h>
#include <string.h>

#include "reports/sdc/master.h"
#include "reports/sdc/suppress.h"

#define NOTHING 1e-6
#define ROUNDS_AT_ROOT 200
#define ROUNDS_AT_NODE 20
#define ROUNDS_IN_DIVE 3
#define CUTS_KEPT 4000
#define SURELY 0.8 /* hidden, in a dive */
#define LAST_PATIENCE 1

struct node {
    double bound;
    uint32_t parent; /* of the fixing that makes it; NONE at the root */
    uint32_t column; /* fixed: open class number */
    bool value;
    uint32_t depth;
};

struct prove {
    struct mk_sdc_search *search;
    struct mk_sdc_master master;
    double *y;         /* by open class, like the next two */
    double *dual;      /* of the root: what y = 0 (or 1) saves there */
    double root;       /* bound of the root */
    int8_t *settled;   /* 0 or 1 in every better pattern; -1: not known */
    uint32_t *number;  /* class to open class, or NONE */
    struct node *node; /* all that were made */
    size_t n_nodes, cap_nodes;
    uint32_t *heap; /* of nodes to visit, by bound */
    size_t n_heap;
    uint32_t *index; /* scratch */
    double *value;
    size_t cuts; /* found in this round */
    bool unsure; /* a need failed without a cut */
    enum mk_err rc;
};

/* ---- the heap ---- */

static bool before(const struct prove *p, uint32_t a, uint32_t b)
{
    if (p->node[a].bound != p->node[b].bound)
        return p->node[a].bound < p->node[b].bound;
    return p->node[a].depth != p->node[b].depth
               ? p->node[a].depth > p->node[b].depth
               : a < b;
}

static void push(struct prove *p, uint32_t node)
{
    size_t i = p->n_heap++;
    for (; i > 0 && before(p, node, p->heap[(i - 1) / 2]); i = (i - 1) / 2)
        p->heap[i] = p->heap[(i - 1) / 2];
    p->heap[i] = node;
}

static uint32_t pop(struct prove *p)
{
    uint32_t top = p->heap[0], last = p->heap[--p->n_heap];
    size_t i = 0;
    for (;;) {
        size_t c = 2 * i + 1;
        if (c + 1 < p->n_heap && before(p, p->heap[c + 1], p->heap[c]))
            c++;
        if (c >= p->n_heap || !before(p, p->heap[c], last))
            break;
        p->heap[i] = p->heap[c];
        i = c;
    }
    p->heap[i] = last;
    return top;
}

static enum mk_err add_node(struct prove *p, double bound, uint32_t parent,
                            uint32_t column, bool value)
{
    if (p->n_nodes == p->cap_nodes) {
        size_t cap = p->cap_nodes ? 2 * p->cap_nodes : 256;
        struct node *node = realloc(p->node, cap * sizeof *node);
        if (node)
            p->node = node;
        uint32_t *heap = realloc(p->heap, cap * sizeof *heap);
        if (heap)
            p->heap = heap;
        if (!node || !heap)
            return MK_E_MEMORY;
        p->cap_nodes = cap;
    }
    uint32_t depth = parent == MK_SDC_NONE ? 0 : p->node[parent].depth + 1;
    p->node[p->n_nodes] = (struct node){bound, parent, column, value, depth};
    push(p, (uint32_t)p->n_nodes++);
    return MK_OK;
}

/* ---- cuts ---- */

static double left_side(const struct prove *p, const struct mk_sdc_cut *cut)
{
    double sum = 0;
    for (size_t k = 0; k < cut->n; k++)
        sum += cut->weight[k] * p->y[p->number[cut->cls[k]]];
    return sum;
}

static enum mk_err add_cut(struct prove *p, const struct mk_sdc_cut *cut)
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
static enum mk_err add_last_cut(struct prove *p)
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
    struct prove *p = ctx;
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
static enum mk_err separate_pattern(struct prove *p)
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
static enum mk_err separate_fraction(struct prove *p)
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

static double limit(const struct prove *p)
{
    return p->search->best_cost - mk_sdc_cost_step(p->search->s);
}

static void free_column(struct prove *p, uint32_t k)
{
    int8_t at = p->settled[k];
    mk_sdc_master_bounds(&p->master, k, at == 1 ? 1 : 0, at == 0 ? 0 : 1);
}

static void fix(struct prove *p, uint32_t node, bool on)
{
    for (uint32_t i = node; p->node[i].parent != MK_SDC_NONE;
         i = p->node[i].parent) {
        double v = p->node[i].value;
        if (on)
            mk_sdc_master_bounds(&p->master, p->node[i].column, v, v);
        else
            free_column(p, p->node[i].column);
    }
}

/* What the root's duals settle now that best is what it is. */
static void settle(struct prove *p)
{
    for (uint32_t k = 0; k < p->search->n_open; k++) {
        if (p->settled[k] >= 0 || p->root + fabs(p->dual[k]) <= limit(p))
            continue;
        p->settled[k] = p->dual[k] < 0;
        free_column(p, k);
    }
}

static bool whole(const struct prove *p)
{
    for (size_t k = 0; k < p->search->n_open; k++)
        if (p->y[k] > NOTHING && p->y[k] < 1 - NOTHING)
            return false;
    return true;
}

/* Solves the master; false when the node is done with. */
static bool solve(struct prove *p, double *bound)
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
static enum mk_err visit(struct prove *p, unsigned rounds, double *bound,
                         bool *open)
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

static uint32_t branch_on(const struct prove *p)
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
static enum mk_err try_pattern(struct prove *p)
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
static enum mk_err dive(struct prove *p)
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
            free_column(p, k);
    free(fixed);
    return rc;
}

/* The root is open: patterns that it leads to, and by chance once more. */
static enum mk_err from_root(struct prove *p)
{
    struct mk_sdc_search *search = p->search;
    enum mk_err rc;
    memcpy(p->dual, p->master.dual, search->n_open * sizeof *p->dual);
    settle(p);
    MK_TRY(dive(p));
    settle(p);
    MK_TRY(mk_sdc_search_improve(search, LAST_PATIENCE));
    settle(p);
out:
    return rc;
}

static enum mk_err run(struct prove *p, bool *optimal)
{
    enum mk_err rc;
    struct mk_sdc_search *search = p->search;
    size_t visited = 0;
    double *y = calloc(search->n_open + 1, sizeof *y);
    if (!y)
        return MK_E_MEMORY;
    MK_TRY(add_node(p, 0, MK_SDC_NONE, 0, false));
    while (p->n_heap > 0) {
        bool open;
        uint32_t node = pop(p);
        double bound = p->node[node].bound;
        search->bound = bound;
        if (bound > limit(p)) {
            p->n_heap = 0;
            break;
        }
        fix(p, node, true);
        rc = visit(p, node == 0 ? ROUNDS_AT_ROOT : ROUNDS_AT_NODE, &bound,
                   &open);
        memcpy(y, p->y, search->n_open * sizeof *y);
        if (rc == MK_OK && open && node != 0 && ++visited % 48 == 0)
            rc = dive(p);
        memcpy(p->y, y, search->n_open * sizeof *y);
        fix(p, node, false);
        if (rc != MK_OK)
            goto out;
        settle(p);
        uint32_t k = open ? branch_on(p) : MK_SDC_NONE;
        if (*search->effort->work > search->effort->prove) {
            search->bound = fmin(bound, limit(p));
            goto out;
        }
        if (open && k == MK_SDC_NONE) /* nothing to branch on, not settled */
            goto out;
        if (open && node == 0) {
            p->root = bound;
            MK_TRY(from_root(p));
            memcpy(p->y, y, search->n_open * sizeof *y);
        }
        for (int v = 0; open && v < 2; v++)
            MK_TRY(add_node(p, bound, node, k, v == 1));
    }
    search->bound = search->best_cost;
    *optimal = !search->judge->gave_up;
out:
    free(y);
    return rc;
}

enum mk_err mk_sdc_search_prove(struct mk_sdc_search *search, bool *optimal)
{
    struct prove *p = calloc(1, sizeof *p);
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
    free(p->node);
    free(p->heap);
    free(p->index);
    free(p->value);
    free(p);
    return rc;
}
