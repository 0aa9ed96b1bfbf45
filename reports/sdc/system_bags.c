/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which inner cells of which bag can hold a record at all.  Three rules,
 * until nothing changes: structural zeros, printed zeros, and a separator that
 * is empty on one side is empty on the other.
 */
#include <stdlib.h>
#include <string.h>

#include "reports/sdc/system.h"

void mk_sdc_bag_leaves(const struct mk_sdc_bag_cells *bag,
                       const struct mk_sdc_spec *joint, size_t raw,
                       uint32_t leaf[static MK_SDC_DIMS])
{
    for (size_t k = bag->n_dims; k-- > 0;) {
        uint32_t n = joint->dim[bag->dim[k]].n_leaves;
        leaf[bag->dim[k]] = (uint32_t)(raw % n);
        raw /= n;
    }
}

size_t mk_sdc_bag_raw(const struct mk_sdc_bag_cells *bag,
                      const struct mk_sdc_spec *joint, const uint32_t *leaf)
{
    size_t raw = 0;
    for (size_t k = 0; k < bag->n_dims; k++)
        raw = raw * joint->dim[bag->dim[k]].n_leaves + leaf[bag->dim[k]];
    return raw;
}

size_t mk_sdc_combination(const struct mk_sdc_spec *joint, uint32_t dims,
                          const uint32_t *leaf)
{
    size_t i = 0;
    for (size_t d = 0; d < joint->n_dims; d++)
        if (dims & UINT32_C(1) << d)
            i = i * joint->dim[d].n_leaves + leaf[d];
    return i;
}

size_t mk_sdc_combinations(const struct mk_sdc_spec *joint, uint32_t dims)
{
    size_t n = 1;
    for (size_t d = 0; d < joint->n_dims; d++)
        if (dims & UINT32_C(1) << d)
            n *= joint->dim[d].n_leaves;
    return n;
}

size_t mk_sdc_bag_of(const struct mk_sdc_tree *tree, uint32_t mask)
{
    size_t b = 0;
    while (b + 1 < tree->n_bags && (mask & ~tree->bag[b].dims) != 0)
        b++;
    return b;
}

static enum mk_err open_bag(struct mk_sdc_bag_cells *bag,
                            const struct mk_sdc_spec *joint, uint32_t dims,
                            size_t *room, struct mk_diag *diag)
{
    bag->size = 1;
    for (size_t d = 0; d < joint->n_dims; d++) {
        if (!(dims & UINT32_C(1) << d))
            continue;
        bag->dim[bag->n_dims++] = d;
        if (bag->size > *room / joint->dim[d].n_leaves)
            return mk_fail_at(diag, MK_E_TOO_LARGE, "tables", 0,
                              MK_SDC_COLUMNS, 0);
        bag->size *= joint->dim[d].n_leaves;
    }
    *room -= bag->size;
    bag->alive = malloc(bag->size);
    if (!bag->alive)
        return MK_E_MEMORY;
    memset(bag->alive, 1, bag->size);
    return MK_OK;
}

/* The dimensions in which a pattern says something. */
static uint32_t pattern_mask(const struct mk_sdc_spec *joint,
                             const struct mk_sdc_pattern *p)
{
    uint32_t mask = 0;
    for (size_t d = 0; d < joint->n_dims; d++)
        if (p->node[d] != MK_SDC_ANY &&
            p->node[d] != joint->dim[d].n_nodes - 1)
            mask |= UINT32_C(1) << d;
    return mask;
}

/* Kills what the node vector takes in: a pattern (ANY: everything), or a cell
 * (its totals hold every leaf). */
static void kill(struct mk_sdc_bag_cells *bag, const struct mk_sdc_spec *joint,
                 const uint32_t *node)
{
    uint32_t leaf[MK_SDC_DIMS];
    for (size_t raw = 0; raw < bag->size; raw++) {
        bool in = bag->alive[raw];
        if (!in)
            continue;
        mk_sdc_bag_leaves(bag, joint, raw, leaf);
        for (size_t k = 0; k < bag->n_dims && in; k++) {
            size_t d = bag->dim[k];
            in = node[d] == MK_SDC_ANY ||
                 mk_sdc_node_has(&joint->dim[d].node[node[d]], leaf[d]);
        }
        if (in)
            bag->alive[raw] = 0;
    }
}

/* One pass over the separators, leaves to root and back.  True if something
 * died. */
static enum mk_err level_edge(struct mk_sdc_bag_cells *bag,
                              const struct mk_sdc_system *s, size_t child,
                              bool *died)
{
    const struct mk_sdc_spec *joint = &s->model->joint;
    uint32_t dims = s->tree.bag[child].separator, leaf[MK_SDC_DIMS];
    struct mk_sdc_bag_cells *side[2] = {&bag[child],
                                        &bag[s->tree.bag[child].parent]};
    uint8_t *seen = calloc(mk_sdc_combinations(joint, dims), 1);
    if (!seen)
        return MK_E_MEMORY;
    for (unsigned pass = 0; pass < 2; pass++)
        for (unsigned k = 0; k < 2; k++)
            for (size_t raw = 0; raw < side[k]->size; raw++) {
                if (!side[k]->alive[raw])
                    continue;
                mk_sdc_bag_leaves(side[k], joint, raw, leaf);
                size_t c = mk_sdc_combination(joint, dims, leaf);
                if (pass == 0) {
                    seen[c] |= (uint8_t)(1u << k);
                } else if (seen[c] != 3) {
                    side[k]->alive[raw] = 0;
                    *died = true;
                }
            }
    free(seen);
    return MK_OK;
}

static enum mk_err level(struct mk_sdc_bag_cells *bag,
                         const struct mk_sdc_system *s)
{
    enum mk_err rc = MK_OK;
    bool died = true;
    while (died) {
        died = false;
        for (size_t b = s->tree.n_bags; b-- > 1;)
            MK_TRY(level_edge(bag, s, b, &died));
        for (size_t b = 1; b < s->tree.n_bags; b++)
            MK_TRY(level_edge(bag, s, b, &died));
    }
out:
    return rc;
}

static void not_empty(void *ctx, uint32_t cell)
{
    struct mk_sdc_model *model = ctx;
    model->cell[cell].empty = false;
}

/* A cell of structural zeros only is no cell. */
static void find_empty(const struct mk_sdc_bag_cells *bag,
                       struct mk_sdc_system *s)
{
    struct mk_sdc_model *m = s->model;
    uint32_t leaf[MK_SDC_DIMS];
    for (size_t i = 0; i < m->n_cells; i++)
        m->cell[i].empty = true;
    for (size_t k = 0; k < s->index.n_masks; k++) {
        uint32_t mask = s->index.mask[k];
        const struct mk_sdc_bag_cells *b = &bag[mk_sdc_bag_of(&s->tree, mask)];
        for (size_t raw = 0; raw < b->size; raw++) {
            if (!b->alive[raw])
                continue;
            mk_sdc_bag_leaves(b, &m->joint, raw, leaf);
            mk_sdc_index_visit(&s->index, mask, leaf, not_empty, m);
        }
    }
}

/* Marks bag inner cells that a printed zero excludes. */
struct zero {
    const struct mk_sdc_model *model;
    bool found;
};

static void is_zero(void *ctx, uint32_t cell)
{
    struct zero *z = ctx;
    const struct mk_sdc_cell *c = &z->model->cell[cell];
    z->found |= c->fate == MK_SDC_MUST_SHOW && c->value == 0;
}

static void drop_printed_zeros(struct mk_sdc_bag_cells *bag,
                               struct mk_sdc_system *s)
{
    uint32_t leaf[MK_SDC_DIMS];
    for (size_t k = 0; k < s->index.n_masks; k++) {
        uint32_t mask = s->index.mask[k];
        struct mk_sdc_bag_cells *b = &bag[mk_sdc_bag_of(&s->tree, mask)];
        for (size_t raw = 0; raw < b->size; raw++) {
            struct zero z = {s->model, false};
            if (!b->alive[raw])
                continue;
            mk_sdc_bag_leaves(b, &s->model->joint, raw, leaf);
            mk_sdc_index_visit(&s->index, mask, leaf, is_zero, &z);
            if (z.found)
                b->alive[raw] = 0;
        }
    }
}

enum mk_err mk_sdc_bags_open(struct mk_sdc_bag_cells *bag,
                             struct mk_sdc_system *s, bool reduce,
                             struct mk_diag *diag)
{
    const struct mk_sdc_spec *joint = &s->model->joint;
    size_t room = MK_SDC_COLUMNS;
    enum mk_err rc = MK_OK;
    for (size_t b = 0; b < s->tree.n_bags; b++)
        MK_TRY(open_bag(&bag[b], joint, s->tree.bag[b].dims, &room, diag));
    for (size_t p = 0; p < joint->zeros.n; p++) {
        const struct mk_sdc_pattern *zero = &joint->zeros.at[p];
        uint32_t mask = pattern_mask(joint, zero);
        for (size_t b = 0; b < s->tree.n_bags; b++)
            if ((mask & ~s->tree.bag[b].dims) == 0)
                kill(&bag[b], joint, zero->node);
    }
    MK_TRY(level(bag, s));
    find_empty(bag, s);
    if (reduce) {
        drop_printed_zeros(bag, s);
        MK_TRY(level(bag, s));
    }
out:
    return rc == MK_OK ? rc : mk_fail(diag, rc, "tables");
}
