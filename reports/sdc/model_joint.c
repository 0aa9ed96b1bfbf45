/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/model_joint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is on the way: the leaves of a node in joint numbers. */
struct joiner {
    struct mk_sdc_spec *joint;
    struct mk_sdc_source *source;
    size_t n;
    struct mk_diag *diag;
    uint64_t *hash[MK_SDC_DIMS]; /* of the parents of a joint dimension */
    uint32_t *leaf;              /* MK_SDC_LEVELS of them */
};

void mk_sdc_source_release(struct mk_sdc_source *source)
{
    for (size_t e = 0; e < MK_SDC_DIMS; e++) {
        free(source->node[e]);
        source->node[e] = NULL;
    }
}

void mk_sdc_joint_row(const struct mk_sdc_spec *joint,
                      const struct mk_sdc_source *source, const uint32_t *node,
                      uint32_t row[static MK_SDC_DIMS])
{
    for (size_t d = 0; d < joint->n_dims; d++)
        row[d] = mk_sdc_total(&joint->dim[d]);
    for (size_t e = 0; e < source->spec->n_dims; e++)
        row[source->dim[e]] = source->node[e][node[e]];
}

/* ---- dimensions and leaves ---- */

static enum mk_err add_dims(struct joiner *j, struct mk_sdc_source *s)
{
    enum mk_err rc = MK_OK;
    for (size_t e = 0; e < s->spec->n_dims; e++) {
        const char *name = s->spec->dim[e].name;
        if (!mk_sdc_find_dim(j->joint, name, strlen(name), &s->dim[e])) {
            MK_TRY(mk_sdc_spec_dim(j->joint, name, j->diag));
            s->dim[e] = j->joint->n_dims - 1;
        }
        s->node[e] = calloc(s->spec->dim[e].n_nodes, sizeof *s->node[e]);
        if (!s->node[e])
            return mk_fail(j->diag, MK_E_MEMORY, NULL);
    }
out:
    return rc;
}

static enum mk_err add_leaves(struct joiner *j, struct mk_sdc_source *s,
                              size_t e)
{
    const struct mk_sdc_dim *own = &s->spec->dim[e];
    struct mk_sdc_dim *dim = &j->joint->dim[s->dim[e]];
    enum mk_err rc = MK_OK;
    for (uint32_t i = 0; i < own->n_leaves; i++) {
        const char *name = own->node[i].name;
        if (mk_sdc_find_node(dim, name, strlen(name), &s->node[e][i]))
            continue;
        MK_TRY(mk_sdc_dim_leaf(dim, name, j->diag));
        s->node[e][i] = dim->n_leaves - 1;
    }
out:
    return rc;
}

/* ---- nodes by their leaves ---- */

/* "a+b+c", cut between characters to fit. */
static void join_names(const struct mk_sdc_dim *dim, const uint32_t *leaf,
                       uint32_t n, char name[static MK_SDC_NAME])
{
    size_t at = 0;
    for (uint32_t i = 0; i < n; i++) {
        const char *part = dim->node[leaf[i]].name;
        size_t len = strlen(part) + (i ? 1 : 0);
        if (len >= MK_SDC_NAME - at)
            break;
        if (i)
            name[at++] = '+';
        memcpy(name + at, part, strlen(part));
        at += strlen(part);
    }
    name[at] = '\0';
}

/* The name if nobody has it yet, else one that nobody has. */
static enum mk_err add_parent(struct mk_sdc_dim *dim, const char *name,
                              const uint32_t *leaf, uint32_t n,
                              struct mk_diag *diag)
{
    char text[MK_SDC_NAME];
    uint32_t other;
    if (!name || mk_sdc_find_node(dim, name, strlen(name), &other)) {
        join_names(dim, leaf, n, text);
        for (uint32_t i = dim->n_nodes;
             mk_sdc_find_node(dim, text, strlen(text), &other); i++)
            (void)snprintf(text, sizeof text, "#%u", i);
        name = text;
    }
    return mk_sdc_dim_parent(dim, name, leaf, n, diag);
}

static int ascending(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* The joint node with the leaves of own node i of s, made if need be.  The
 * joint total is MK_SDC_ANY here, since it does not exist yet. */
static enum mk_err unite(struct joiner *j, struct mk_sdc_source *s, size_t e,
                         uint32_t i, const char *name)
{
    const struct mk_sdc_node *own = &s->spec->dim[e].node[i];
    size_t d = s->dim[e];
    struct mk_sdc_dim *dim = &j->joint->dim[d];
    uint32_t n = own->n_leaves, *to = &s->node[e][i];
    for (uint32_t k = 0; k < n; k++)
        j->leaf[k] = s->node[e][own->leaf[k]];
    qsort(j->leaf, n, sizeof *j->leaf, ascending);
    if (n == dim->n_leaves || n == 1) {
        *to = n == dim->n_leaves ? MK_SDC_ANY : j->leaf[0];
        return MK_OK;
    }
    uint64_t hash = mk_sdc_vecs_hash(j->leaf, n);
    for (uint32_t p = dim->n_leaves; p < dim->n_nodes; p++) {
        const struct mk_sdc_node *node = &dim->node[p];
        if (j->hash[d][p - dim->n_leaves] == hash && node->n_leaves == n &&
            memcmp(node->leaf, j->leaf, n * sizeof *j->leaf) == 0) {
            *to = p;
            return MK_OK;
        }
    }
    enum mk_err rc = add_parent(dim, name, j->leaf, n, j->diag);
    if (rc != MK_OK)
        return rc;
    *to = dim->n_nodes - 1;
    j->hash[d][*to - dim->n_leaves] = hash;
    return MK_OK;
}

/* All parents, or all totals, of a source. */
static enum mk_err unite_all(struct joiner *j, struct mk_sdc_source *s,
                             bool totals)
{
    enum mk_err rc = MK_OK;
    for (size_t e = 0; e < s->spec->n_dims; e++) {
        const struct mk_sdc_dim *own = &s->spec->dim[e];
        const struct mk_sdc_dim *dim = &j->joint->dim[s->dim[e]];
        uint32_t total = mk_sdc_total(own);
        if (totals) {
            MK_TRY(unite(j, s, e, total, NULL));
            continue;
        }
        for (uint32_t i = own->n_leaves; i < total; i++) {
            const char *name = own->node[i].name;
            uint32_t other;
            if (mk_sdc_find_node(dim, name, strlen(name), &other) &&
                other < dim->n_leaves)
                return mk_fail(j->diag, MK_E_BAD_VALUE, name);
            if (own->same[i] == i)
                MK_TRY(unite(j, s, e, i, name));
        }
    }
out:
    return rc;
}

/* Nodes that another one stands for, here or there. */
static void settle(struct joiner *j, struct mk_sdc_source *s)
{
    for (size_t e = 0; e < s->spec->n_dims; e++) {
        const struct mk_sdc_dim *own = &s->spec->dim[e];
        const struct mk_sdc_dim *dim = &j->joint->dim[s->dim[e]];
        for (uint32_t i = 0; i < own->n_nodes; i++) {
            uint32_t to = s->node[e][own->same[i]];
            s->node[e][i] = to == MK_SDC_ANY ? mk_sdc_total(dim)
                                             : dim->same[to];
        }
    }
}

/* ---- structural zeros ---- */

static enum mk_err add_zeros(struct joiner *j, const struct mk_sdc_source *s,
                             struct mk_sdc_vecs *seen)
{
    const struct mk_sdc_spec *spec = s->spec;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < spec->zeros.n; i++) {
        struct mk_sdc_pattern joint;
        size_t at;
        bool fresh;
        mk_sdc_pattern_init(&joint);
        for (size_t e = 0; e < spec->n_dims; e++) {
            uint32_t own = spec->zeros.at[i].node[e];
            if (own == MK_SDC_ANY)
                own = mk_sdc_total(&spec->dim[e]);
            uint32_t node = s->node[e][own];
            if (node != mk_sdc_total(&j->joint->dim[s->dim[e]]))
                joint.node[s->dim[e]] = node;
        }
        MK_TRY(mk_sdc_vecs_add(seen, joint.node, &at, &fresh, j->diag));
        if (fresh)
            MK_TRY(mk_sdc_patterns_add(&j->joint->zeros, &joint, j->diag));
    }
out:
    return rc;
}

static enum mk_err add_all_zeros(struct joiner *j)
{
    struct mk_sdc_vecs seen;
    enum mk_err rc = MK_OK;
    mk_sdc_vecs_init(&seen, MK_SDC_DIMS);
    for (size_t i = 0; i < j->n; i++)
        MK_TRY(add_zeros(j, &j->source[i], &seen));
out:
    mk_sdc_vecs_release(&seen);
    return rc;
}

static enum mk_err build(struct joiner *j)
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < j->n; i++)
        MK_TRY(add_dims(j, &j->source[i]));
    for (size_t i = 0; i < j->n; i++)
        for (size_t e = 0; e < j->source[i].spec->n_dims; e++)
            MK_TRY(add_leaves(j, &j->source[i], e));
    j->leaf = calloc(MK_SDC_LEVELS, sizeof *j->leaf);
    if (!j->leaf)
        return mk_fail(j->diag, MK_E_MEMORY, NULL);
    for (size_t d = 0; d < j->joint->n_dims; d++) {
        j->hash[d] = calloc(MK_SDC_PARENTS, sizeof *j->hash[d]);
        if (!j->hash[d])
            return mk_fail(j->diag, MK_E_MEMORY, NULL);
    }
    /* totals last, so that a node gets the name that somebody gave it */
    for (size_t i = 0; i < j->n; i++)
        MK_TRY(unite_all(j, &j->source[i], false));
    for (size_t i = 0; i < j->n; i++)
        MK_TRY(unite_all(j, &j->source[i], true));
    for (size_t d = 0; d < j->joint->n_dims; d++)
        MK_TRY(mk_sdc_dim_finish(&j->joint->dim[d], j->diag));
    for (size_t i = 0; i < j->n; i++)
        settle(j, &j->source[i]);
    MK_TRY(add_all_zeros(j));
out:
    return rc;
}

enum mk_err mk_sdc_joint_build(struct mk_sdc_spec *joint,
                               struct mk_sdc_source *source, size_t n,
                               struct mk_diag *diag)
{
    struct joiner j = {.joint = joint, .source = source, .n = n, .diag = diag};
    enum mk_err rc = build(&j);
    free(j.leaf);
    for (size_t d = 0; d < MK_SDC_DIMS; d++)
        free(j.hash[d]);
    return rc;
}
