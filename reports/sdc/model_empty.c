/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks for a record of the cell that no zero forbids:
 *
 *   1. zeros that do not touch the cell are left out; one that covers it ends
 *      the search;
 *   2. a leaf that no zero names is chosen at once, which takes away every
 *      zero that names its dimension; again, until nothing changes;
 *   3. what is left is tried leaf by leaf, dimension by dimension.
 */
#include "reports/sdc/model_empty.h"

#include <stdlib.h>
#include <string.h>

#define STEPS 20000

struct mk_sdc_empty {
    const struct mk_sdc_spec *joint;
    const uint32_t *node; /* the cell */
    const struct mk_sdc_pattern **zero;
    size_t n_zeros;
    bool *named; /* leaves of one dimension */
    uint32_t at[MK_SDC_DIMS], leaf[MK_SDC_DIMS];
    size_t dim[MK_SDC_DIMS], n_dims; /* to try */
};

struct mk_sdc_empty *mk_sdc_empty_new(const struct mk_sdc_spec *joint)
{
    struct mk_sdc_empty *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    e->joint = joint;
    e->zero = calloc(joint->zeros.n + 1, sizeof(void *));
    e->named = calloc(MK_SDC_LEVELS, sizeof *e->named);
    if (!e->zero || !e->named) {
        mk_sdc_empty_free(e);
        return NULL;
    }
    return e;
}

void mk_sdc_empty_free(struct mk_sdc_empty *empty)
{
    if (!empty)
        return;
    free(empty->zero);
    free(empty->named);
    free(empty);
}

static const struct mk_sdc_node *cell_node(const struct mk_sdc_empty *e,
                                           size_t d)
{
    return &e->joint->dim[d].node[e->node[d]];
}

static const struct mk_sdc_node *zero_node(const struct mk_sdc_empty *e,
                                           const struct mk_sdc_pattern *z,
                                           size_t d)
{
    return &e->joint->dim[d].node[z->node[d]];
}

/* Leaves that both nodes have. */
static uint32_t shared(const struct mk_sdc_node *a,
                       const struct mk_sdc_node *b)
{
    const struct mk_sdc_node *few = a->n_leaves < b->n_leaves ? a : b;
    const struct mk_sdc_node *many = few == a ? b : a;
    uint32_t n = 0;
    for (uint32_t i = 0; i < few->n_leaves; i++)
        n += mk_sdc_node_has(many, few->leaf[i]);
    return n;
}

enum touch { TOUCH_NONE, TOUCH_SOME, TOUCH_ALL };

static enum touch touches(const struct mk_sdc_empty *e,
                          const struct mk_sdc_pattern *z)
{
    enum touch touch = TOUCH_ALL;
    for (size_t d = 0; d < e->joint->n_dims; d++) {
        if (z->node[d] == MK_SDC_ANY || z->node[d] == e->node[d])
            continue;
        uint32_t n = shared(cell_node(e, d), zero_node(e, z, d));
        if (n == 0)
            return TOUCH_NONE;
        if (n < cell_node(e, d)->n_leaves)
            touch = TOUCH_SOME;
    }
    return touch;
}

static bool names(const struct mk_sdc_empty *e, size_t d)
{
    for (size_t i = 0; i < e->n_zeros; i++)
        if (e->zero[i]->node[d] != MK_SDC_ANY)
            return true;
    return false;
}

/* Whether the cell has a leaf that no zero names. */
static bool has_free_leaf(struct mk_sdc_empty *e, size_t d)
{
    const struct mk_sdc_node *cell = cell_node(e, d);
    memset(e->named, 0, e->joint->dim[d].n_leaves * sizeof *e->named);
    for (size_t i = 0; i < e->n_zeros; i++) {
        if (e->zero[i]->node[d] == MK_SDC_ANY)
            continue;
        const struct mk_sdc_node *zero = zero_node(e, e->zero[i], d);
        for (uint32_t k = 0; k < zero->n_leaves; k++)
            e->named[zero->leaf[k]] = true;
    }
    for (uint32_t k = 0; k < cell->n_leaves; k++)
        if (!e->named[cell->leaf[k]])
            return true;
    return false;
}

static void drop_zeros(struct mk_sdc_empty *e, size_t d)
{
    size_t n = 0;
    for (size_t i = 0; i < e->n_zeros; i++)
        if (e->zero[i]->node[d] == MK_SDC_ANY)
            e->zero[n++] = e->zero[i];
    e->n_zeros = n;
}

static void choose_free_leaves(struct mk_sdc_empty *e)
{
    bool again = true;
    while (again && e->n_zeros) {
        again = false;
        for (size_t d = 0; d < e->joint->n_dims; d++)
            if (names(e, d) && has_free_leaf(e, d)) {
                drop_zeros(e, d);
                again = true;
            }
    }
}

/* Whether a zero forbids all that is left with dims 0 to depth chosen. */
static bool forbidden(const struct mk_sdc_empty *e, size_t depth)
{
    for (size_t i = 0; i < e->n_zeros; i++) {
        bool all = true;
        for (size_t k = 0; k < e->n_dims && all; k++) {
            size_t d = e->dim[k];
            if (e->zero[i]->node[d] == MK_SDC_ANY)
                continue;
            const struct mk_sdc_node *zero = zero_node(e, e->zero[i], d);
            const struct mk_sdc_node *cell = cell_node(e, d);
            all = k <= depth ? mk_sdc_node_has(zero, e->leaf[k])
                             : shared(cell, zero) == cell->n_leaves;
        }
        if (all)
            return true;
    }
    return false;
}

/* Whether trying finds no record; false too after too many steps. */
static bool try_all(struct mk_sdc_empty *e)
{
    size_t depth = 0;
    e->at[0] = 0;
    for (unsigned steps = 0; steps < STEPS; steps++) {
        const struct mk_sdc_node *cell = cell_node(e, e->dim[depth]);
        if (e->at[depth] == cell->n_leaves) {
            if (depth == 0)
                return true;
            e->at[--depth]++;
            continue;
        }
        e->leaf[depth] = cell->leaf[e->at[depth]];
        if (forbidden(e, depth)) {
            e->at[depth]++;
            continue;
        }
        if (depth + 1 == e->n_dims)
            return false;
        e->at[++depth] = 0;
    }
    return false;
}

bool mk_sdc_empty_is(struct mk_sdc_empty *empty, const uint32_t *node)
{
    struct mk_sdc_empty *e = empty;
    e->node = node;
    e->n_zeros = 0;
    for (size_t i = 0; i < e->joint->zeros.n; i++) {
        const struct mk_sdc_pattern *zero = &e->joint->zeros.at[i];
        enum touch touch = touches(e, zero);
        if (touch == TOUCH_ALL)
            return true;
        if (touch == TOUCH_SOME)
            e->zero[e->n_zeros++] = zero;
    }
    choose_free_leaves(e);
    if (!e->n_zeros)
        return false;
    e->n_dims = 0;
    for (size_t d = 0; d < e->joint->n_dims; d++)
        if (names(e, d))
            e->dim[e->n_dims++] = d;
    return try_all(e);
}
