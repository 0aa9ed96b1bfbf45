/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct merger {
    const struct mk_sdc_spec *spec;
    const struct mk_sdc_merge *merge;
    struct mk_sdc_spec *out;
    struct mk_diag *diag;
    uint32_t *to;   /* node of the merged dimension -> its new node; owned */
    uint32_t *part; /* scratch: leaves of a parent; owned */
    char name[2 * MK_SDC_NAME];
    bool fits;
};

static uint32_t leaf_to(const struct mk_sdc_merge *merge, uint32_t leaf)
{
    if (leaf == merge->second)
        return merge->first;
    return leaf - (leaf > merge->second);
}

static bool is_one(const struct mk_sdc_merge *merge, uint32_t node)
{
    return node == merge->first || node == merge->second;
}

/* ---- dimensions ---- */

static enum mk_err copy_dim(struct merger *g, size_t d)
{
    const struct mk_sdc_dim *from = &g->spec->dim[d];
    struct mk_sdc_dim *to = &g->out->dim[d];
    enum mk_err rc = MK_OK;
    for (uint32_t i = 0; i < from->n_leaves; i++)
        MK_TRY(mk_sdc_dim_leaf(to, from->node[i].name, g->diag));
    for (uint32_t i = from->n_leaves; i + 1 < from->n_nodes; i++)
        MK_TRY(mk_sdc_dim_parent(to, from->node[i].name, from->node[i].leaf,
                                 from->node[i].n_leaves, g->diag));
    MK_TRY(mk_sdc_dim_finish(to, g->diag));
out:
    return rc;
}

static enum mk_err merge_parent(struct merger *g, struct mk_sdc_dim *to,
                                const struct mk_sdc_node *node, uint32_t *at)
{
    bool first = mk_sdc_node_has(node, g->merge->first);
    uint32_t n = 0;
    enum mk_err rc;
    if (first != mk_sdc_node_has(node, g->merge->second)) {
        g->fits = false;
        return MK_OK;
    }
    for (uint32_t k = 0; k < node->n_leaves; k++)
        if (node->leaf[k] != g->merge->second)
            g->part[n++] = leaf_to(g->merge, node->leaf[k]);
    *at = g->merge->first;
    if (first && n == 1 && strcmp(node->name, g->name) == 0)
        return MK_OK; /* the merged level itself */
    *at = to->n_nodes;
    if (mk_sdc_find_node(to, node->name, strlen(node->name), at)) {
        g->fits = false;
        return MK_OK;
    }
    MK_TRY(mk_sdc_dim_parent(to, node->name, g->part, n, g->diag));
out:
    return rc;
}

static enum mk_err merge_dim(struct merger *g)
{
    const struct mk_sdc_dim *from = &g->spec->dim[g->merge->dim];
    struct mk_sdc_dim *to = &g->out->dim[g->merge->dim];
    uint32_t other;
    enum mk_err rc = MK_OK;
    snprintf(g->name, sizeof g->name, "%s+%s",
             from->node[g->merge->first].name,
             from->node[g->merge->second].name);
    g->fits &= mk_sdc_name_ok(g->name) &&
               !(mk_sdc_find_node(from, g->name, strlen(g->name), &other) &&
                 other < from->n_leaves);
    for (uint32_t i = 0; i < from->n_leaves && g->fits; i++) {
        g->to[i] = leaf_to(g->merge, i);
        if (i != g->merge->second)
            MK_TRY(mk_sdc_dim_leaf(
                to, i == g->merge->first ? g->name : from->node[i].name,
                g->diag));
    }
    for (uint32_t i = from->n_leaves; i + 1 < from->n_nodes && g->fits; i++)
        MK_TRY(merge_parent(g, to, &from->node[i], &g->to[i]));
    if (!g->fits)
        return MK_OK;
    MK_TRY(mk_sdc_dim_finish(to, g->diag));
    g->to[mk_sdc_total(from)] = mk_sdc_total(to);
out:
    return rc;
}

static enum mk_err copy_dims(struct merger *g)
{
    enum mk_err rc = MK_OK;
    for (size_t d = 0; d < g->spec->n_dims && g->fits; d++) {
        MK_TRY(mk_sdc_spec_dim(g->out, g->spec->dim[d].name, g->diag));
        MK_TRY(d == g->merge->dim ? merge_dim(g) : copy_dim(g, d));
    }
out:
    return rc;
}

/* ---- tables ---- */

static bool listed(const uint32_t *list, uint32_t n, uint32_t node)
{
    for (uint32_t i = 0; i < n; i++)
        if (list[i] == node)
            return true;
    return false;
}

static enum mk_err copy_where(struct merger *g,
                              const struct mk_sdc_table *from,
                              struct mk_sdc_table *to, size_t d)
{
    const struct mk_sdc_merge *merge = g->merge;
    const uint32_t *where = from->where[d];
    uint32_t n = from->n_where[d];
    if (!where)
        return MK_OK;
    to->where[d] = calloc((size_t)n + 1, sizeof *to->where[d]);
    if (!to->where[d])
        return mk_fail(g->diag, MK_E_MEMORY, NULL);
    if (d == merge->dim &&
        listed(where, n, merge->first) != listed(where, n, merge->second))
        g->fits = false;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t node = d == merge->dim ? g->to[where[i]] : where[i];
        if (!listed(to->where[d], to->n_where[d], node))
            to->where[d][to->n_where[d]++] = node;
    }
    return MK_OK;
}

static enum mk_err copy_tables(struct merger *g)
{
    enum mk_err rc = MK_OK;
    for (size_t t = 0; t < g->spec->n_tables; t++) {
        const struct mk_sdc_table *from = &g->spec->table[t];
        if (t == g->merge->drop_table)
            continue;
        struct mk_sdc_table *to = &g->out->table[g->out->n_tables++];
        memcpy(to->crosses, from->crosses, sizeof to->crosses);
        for (size_t d = 0; d < g->spec->n_dims; d++)
            MK_TRY(copy_where(g, from, to, d));
    }
out:
    return rc;
}

/* ---- patterns ---- */

static bool inside(const struct mk_sdc_dim *dim, uint32_t small,
                   uint32_t large)
{
    if (large == MK_SDC_ANY)
        return true;
    if (small == MK_SDC_ANY)
        return false;
    const struct mk_sdc_node *node = &dim->node[small];
    for (uint32_t k = 0; k < node->n_leaves; k++)
        if (!mk_sdc_node_has(&dim->node[large], node->leaf[k]))
            return false;
    return true;
}

/* Does the list say of the other level what p says of one?  zeros: about every
 * record inside; else about the very cells. */
static bool said_of(const struct merger *g, const struct mk_sdc_patterns *list,
                    const struct mk_sdc_pattern *p, uint32_t other, bool zeros)
{
    const struct mk_sdc_spec *spec = g->spec;
    for (size_t i = 0; i < list->n; i++) {
        bool all = true;
        for (size_t d = 0; d < spec->n_dims && all; d++) {
            const struct mk_sdc_dim *dim = &spec->dim[d];
            uint32_t is = d == g->merge->dim ? other : p->node[d];
            uint32_t says = list->at[i].node[d];
            all = zeros ? inside(dim, is, says)
                        : says == MK_SDC_ANY ||
                              (is != MK_SDC_ANY &&
                               dim->same[is] == dim->same[says]);
        }
        if (all)
            return true;
    }
    return false;
}

static enum mk_err copy_patterns(struct merger *g, struct mk_sdc_patterns *to,
                                 const struct mk_sdc_patterns *from,
                                 bool zeros)
{
    const struct mk_sdc_merge *merge = g->merge;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < from->n; i++) {
        struct mk_sdc_pattern p = from->at[i];
        if (merge->dim != MK_SDC_MERGE_NONE) {
            uint32_t *node = &p.node[merge->dim];
            if (is_one(merge, *node) &&
                !said_of(g, from, &p,
                         *node == merge->first ? merge->second : merge->first,
                         zeros)) {
                g->fits &= zeros;
                continue;
            }
            if (*node != MK_SDC_ANY)
                *node = g->to[*node];
        }
        MK_TRY(mk_sdc_patterns_add(to, &p, g->diag));
    }
out:
    return rc;
}

/* ---- all of it ---- */

static enum mk_err copy_rest(struct merger *g)
{
    const struct mk_sdc_spec *spec = g->spec;
    struct mk_sdc_spec *out = g->out;
    out->threshold = spec->threshold;
    out->zeros_protected = spec->zeros_protected;
    out->insider = spec->insider;
    memcpy(out->group, spec->group, sizeof out->group);
    memcpy(out->nomargin, spec->nomargin, sizeof out->nomargin);
    out->cost = spec->cost;
    out->tags_min = spec->tags_min;
    out->share_ppm = spec->share_ppm;
    for (size_t k = 0; k < spec->n_tags; k++) {
        out->tag[k] = strdup(spec->tag[k]);
        if (!out->tag[k])
            return mk_fail(g->diag, MK_E_MEMORY, NULL);
        out->n_tags++;
    }
    return MK_OK;
}

enum mk_err mk_sdc_merge_spec(struct mk_sdc_spec *out,
                              const struct mk_sdc_spec *spec,
                              const struct mk_sdc_merge *merge, bool *fits,
                              struct mk_diag *diag)
{
    struct merger g = {
        .spec = spec, .merge = merge, .out = out, .diag = diag, .fits = true};
    enum mk_err rc;
    if (merge->dim != MK_SDC_MERGE_NONE) {
        const struct mk_sdc_dim *dim = &spec->dim[merge->dim];
        g.to = calloc(dim->n_nodes, sizeof *g.to);
        g.part = calloc(dim->n_leaves, sizeof *g.part);
        if (!g.to || !g.part) {
            rc = mk_fail(diag, MK_E_MEMORY, NULL);
            goto out;
        }
    }
    MK_TRY(copy_rest(&g));
    MK_TRY(copy_dims(&g));
    if (g.fits)
        MK_TRY(copy_tables(&g));
    if (g.fits)
        MK_TRY(copy_patterns(&g, &out->zeros, &spec->zeros, true));
    if (g.fits)
        MK_TRY(copy_patterns(&g, &out->never, &spec->never, false));
    if (g.fits)
        MK_TRY(copy_patterns(&g, &out->watched, &spec->watched, false));
out:
    *fits = g.fits;
    free(g.to);
    free(g.part);
    return rc;
}

enum mk_err mk_sdc_merge_data(struct mk_sdc_data *out,
                              const struct mk_sdc_data *data,
                              const struct mk_sdc_merge *merge,
                              struct mk_diag *diag)
{
    uint32_t leaf[MK_SDC_DIMS];
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < data->rows; i++) {
        memcpy(leaf, data->leaf + i * data->n_dims,
               data->n_dims * sizeof *leaf);
        if (merge->dim != MK_SDC_MERGE_NONE)
            leaf[merge->dim] = leaf_to(merge, leaf[merge->dim]);
        MK_TRY(mk_sdc_data_add(
            out, leaf, data->n[i],
            data->n_tags ? data->tag + i * data->n_tags : NULL, diag));
    }
out:
    return rc;
}
