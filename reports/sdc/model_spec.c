/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spec: dimensions, nodes and patterns. */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "reports/sdc/model.h"

#define FIRST_CAP 16
#define TOTAL "*"
#define DEFAULT_THRESHOLD 5
#define DEFAULT_TAGS_MIN 3
#define DEFAULT_SHARE 500000

void mk_sdc_spec_init(struct mk_sdc_spec *spec)
{
    *spec = (struct mk_sdc_spec){.threshold = DEFAULT_THRESHOLD,
                                 .insider = true,
                                 .tags_min = DEFAULT_TAGS_MIN,
                                 .share_ppm = DEFAULT_SHARE};
}

static void release_dim(struct mk_sdc_dim *dim)
{
    for (uint32_t i = 0; i < dim->n_nodes; i++) {
        free(dim->node[i].name);
        free(dim->node[i].leaf);
    }
    free(dim->name);
    free(dim->node);
    free(dim->same);
    free(dim->slot);
}

void mk_sdc_spec_release(struct mk_sdc_spec *spec)
{
    for (size_t d = 0; d < spec->n_dims; d++)
        release_dim(&spec->dim[d]);
    for (size_t t = 0; t < spec->n_tables; t++)
        for (size_t d = 0; d < MK_SDC_DIMS; d++)
            free(spec->table[t].where[d]);
    for (size_t k = 0; k < spec->n_tags; k++)
        free(spec->tag[k]);
    free(spec->zeros.at);
    free(spec->never.at);
    free(spec->watched.at);
    mk_sdc_spec_init(spec);
}

bool mk_sdc_name_ok(const char *name)
{
    size_t n = strnlen(name, MK_SDC_NAME);
    if (n == 0 || n == MK_SDC_NAME || strcmp(name, TOTAL) == 0)
        return false;
    for (size_t at = 0, step; at < n; at += step) {
        uint32_t c;
        bool hidden;
        step = mk_text_next(name + at, n - at, &c, &hidden);
        if (step == 0 || hidden)
            return false;
    }
    return true;
}

bool mk_sdc_find_dim(const struct mk_sdc_spec *spec, const char *name,
                     size_t n, size_t *dim)
{
    for (size_t d = 0; d < spec->n_dims; d++)
        if (strlen(spec->dim[d].name) == n &&
            memcmp(spec->dim[d].name, name, n) == 0) {
            *dim = d;
            return true;
        }
    return false;
}

enum mk_err mk_sdc_spec_dim(struct mk_sdc_spec *spec, const char *name,
                            struct mk_diag *diag)
{
    size_t d;
    if (!mk_sdc_name_ok(name))
        return mk_fail(diag, MK_E_BAD_VALUE, "dims");
    if (mk_sdc_find_dim(spec, name, strlen(name), &d))
        return mk_fail(diag, MK_E_DUPLICATE_KEY, name);
    if (spec->n_dims == MK_SDC_DIMS)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "dims", 0, MK_SDC_DIMS, 0);
    char *copy = strdup(name);
    if (!copy)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    spec->dim[spec->n_dims++] = (struct mk_sdc_dim){.name = copy};
    return MK_OK;
}

/* ---- nodes by name ---- */

/* FNV-1a; names are short and few. */
static uint64_t hash_name(const char *name, size_t n)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint8_t)name[i]) * 0x100000001b3u;
    return h ^ h >> 32;
}

/* The slot of the node with that name, or the free one where it belongs. */
static uint32_t name_slot(const struct mk_sdc_dim *dim, const char *name,
                          size_t n)
{
    uint32_t at = (uint32_t)hash_name(name, n) & (dim->n_slots - 1);
    while (dim->slot[at]) {
        const char *other = dim->node[dim->slot[at] - 1].name;
        if (strlen(other) == n && memcmp(other, name, n) == 0)
            break;
        at = (at + 1) & (dim->n_slots - 1);
    }
    return at;
}

bool mk_sdc_find_node(const struct mk_sdc_dim *dim, const char *name, size_t n,
                      uint32_t *node)
{
    if (!dim->n_nodes)
        return false;
    uint32_t at = name_slot(dim, name, n);
    if (!dim->slot[at])
        return false;
    *node = dim->slot[at] - 1;
    return true;
}

static enum mk_err make_room(struct mk_sdc_dim *dim, struct mk_diag *diag)
{
    if (dim->n_nodes < dim->cap)
        return MK_OK;
    uint32_t cap = dim->cap ? 2 * dim->cap : FIRST_CAP;
    struct mk_sdc_node *node = reallocarray(dim->node, cap, sizeof *node);
    if (!node)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    dim->node = node;
    uint32_t *slot = calloc(2 * (size_t)cap, sizeof *slot);
    if (!slot)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    free(dim->slot);
    dim->slot = slot;
    dim->n_slots = 2 * cap;
    dim->cap = cap;
    for (uint32_t i = 0; i < dim->n_nodes; i++) {
        const char *name = dim->node[i].name;
        slot[name_slot(dim, name, strlen(name))] = i + 1;
    }
    return MK_OK;
}

/* Takes leaf (n of them) in every case. */
static enum mk_err add_node(struct mk_sdc_dim *dim, const char *name,
                            uint32_t *leaf, uint32_t n, struct mk_diag *diag)
{
    uint32_t other;
    char *copy = NULL;
    enum mk_err rc;
    if (mk_sdc_find_node(dim, name, strlen(name), &other)) {
        rc = mk_fail(diag, MK_E_DUPLICATE_KEY, name);
        goto out;
    }
    copy = strdup(name);
    if (!leaf || !copy) {
        rc = mk_fail(diag, MK_E_MEMORY, NULL);
        goto out;
    }
    MK_TRY(make_room(dim, diag));
    dim->slot[name_slot(dim, name, strlen(name))] = dim->n_nodes + 1;
    dim->node[dim->n_nodes++] = (struct mk_sdc_node){copy, leaf, n};
    return MK_OK;
out:
    free(copy);
    free(leaf);
    return rc;
}

enum mk_err mk_sdc_dim_leaf(struct mk_sdc_dim *dim, const char *name,
                            struct mk_diag *diag)
{
    if (!mk_sdc_name_ok(name))
        return mk_fail(diag, MK_E_BAD_VALUE, dim->name);
    if (dim->n_nodes != dim->n_leaves || dim->same)
        return mk_fail(diag, MK_E_INTERNAL, "sdc leaf");
    if (dim->n_leaves == MK_SDC_LEVELS)
        return mk_fail_at(diag, MK_E_TOO_LARGE, dim->name, 0, MK_SDC_LEVELS,
                          0);
    uint32_t *leaf = malloc(sizeof *leaf);
    if (leaf)
        *leaf = dim->n_leaves;
    enum mk_err rc = add_node(dim, name, leaf, 1, diag);
    if (rc == MK_OK)
        dim->n_leaves++;
    return rc;
}

static int ascending(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

enum mk_err mk_sdc_dim_parent(struct mk_sdc_dim *dim, const char *name,
                              const uint32_t *leaf, uint32_t n,
                              struct mk_diag *diag)
{
    if (!mk_sdc_name_ok(name) || n == 0)
        return mk_fail(diag, MK_E_BAD_VALUE, dim->name);
    if (dim->same)
        return mk_fail(diag, MK_E_INTERNAL, "sdc parent");
    if (dim->n_nodes - dim->n_leaves == MK_SDC_PARENTS)
        return mk_fail_at(diag, MK_E_TOO_LARGE, dim->name, 0, MK_SDC_PARENTS,
                          0);
    if (n > MK_SDC_CHILDREN - dim->n_children)
        return mk_fail_at(diag, MK_E_TOO_LARGE, dim->name, 0, MK_SDC_CHILDREN,
                          0);
    uint32_t *copy = calloc(n, sizeof *copy);
    if (!copy)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    memcpy(copy, leaf, n * sizeof *copy);
    qsort(copy, n, sizeof *copy, ascending);
    bool twice = false;
    for (uint32_t i = 1; i < n; i++)
        twice |= copy[i] == copy[i - 1];
    if (twice || copy[n - 1] >= dim->n_leaves) {
        free(copy);
        return mk_fail(diag, twice ? MK_E_DUPLICATE_KEY : MK_E_INTERNAL, name);
    }
    enum mk_err rc = add_node(dim, name, copy, n, diag);
    if (rc == MK_OK)
        dim->n_children += n;
    return rc;
}

static bool same_leaves(const struct mk_sdc_node *a,
                        const struct mk_sdc_node *b)
{
    return a->n_leaves == b->n_leaves &&
           memcmp(a->leaf, b->leaf, a->n_leaves * sizeof *a->leaf) == 0;
}

/* The node that stands for node i; hash is that of the nodes before it. */
static uint32_t stands_for(const struct mk_sdc_dim *dim, uint32_t i,
                           const uint64_t *hash)
{
    const struct mk_sdc_node *node = &dim->node[i];
    if (node->n_leaves == dim->n_leaves)
        return dim->n_nodes - 1;
    if (node->n_leaves == 1)
        return node->leaf[0];
    for (uint32_t j = dim->n_leaves; j < i; j++)
        if (hash[j] == hash[i] && same_leaves(&dim->node[j], node))
            return j;
    return i;
}

enum mk_err mk_sdc_dim_finish(struct mk_sdc_dim *dim, struct mk_diag *diag)
{
    uint64_t *hash = NULL;
    uint32_t *leaf = NULL;
    enum mk_err rc;
    if (dim->same)
        return mk_fail(diag, MK_E_INTERNAL, "sdc total");
    if (dim->n_leaves == 0)
        return mk_fail(diag, MK_E_BAD_VALUE, dim->name);
    leaf = calloc(dim->n_leaves, sizeof *leaf);
    if (!leaf)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    for (uint32_t i = 0; i < dim->n_leaves; i++)
        leaf[i] = i;
    MK_TRY(add_node(dim, TOTAL, leaf, dim->n_leaves, diag));
    hash = calloc(dim->n_nodes, sizeof *hash);
    dim->same = calloc(dim->n_nodes, sizeof *dim->same);
    if (!hash || !dim->same) {
        rc = mk_fail(diag, MK_E_MEMORY, NULL);
        goto out;
    }
    for (uint32_t i = 0; i < dim->n_nodes; i++) {
        const struct mk_sdc_node *node = &dim->node[i];
        hash[i] = mk_sdc_vecs_hash(node->leaf, node->n_leaves);
        dim->same[i] = stands_for(dim, i, hash);
    }
out:
    free(hash);
    return rc;
}

uint32_t mk_sdc_total(const struct mk_sdc_dim *dim)
{
    return dim->n_nodes - 1;
}

bool mk_sdc_node_has(const struct mk_sdc_node *node, uint32_t leaf)
{
    uint32_t from = 0, to = node->n_leaves;
    while (from < to) {
        uint32_t mid = from + (to - from) / 2;
        if (node->leaf[mid] == leaf)
            return true;
        if (node->leaf[mid] < leaf)
            from = mid + 1;
        else
            to = mid;
    }
    return false;
}
