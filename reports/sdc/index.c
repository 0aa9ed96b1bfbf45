/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/index.h"

#include <stdlib.h>
#include <string.h>

static size_t dims_of(const struct mk_sdc_index *x)
{
    return x->model->joint.n_dims;
}

static uint64_t hash(const uint32_t *node, size_t n)
{
    uint64_t h = 0x9e3779b97f4a7c15u;
    for (size_t d = 0; d < n; d++) {
        h = (h ^ node[d]) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    return h;
}

static uint32_t *place(const struct mk_sdc_index *x, const uint32_t *node)
{
    size_t n = dims_of(x);
    size_t i = (size_t)hash(node, n) & (x->slots - 1);
    while (x->slot[i] != MK_SDC_NONE &&
           memcmp(x->model->node + (size_t)x->slot[i] * n, node,
                  n * sizeof *node) != 0)
        i = (i + 1) & (x->slots - 1);
    return &x->slot[i];
}

uint32_t mk_sdc_index_find(const struct mk_sdc_index *x, const uint32_t *node)
{
    return *place(x, node);
}

uint32_t mk_sdc_cell_mask(const struct mk_sdc_model *model, size_t cell)
{
    const struct mk_sdc_spec *joint = &model->joint;
    const uint32_t *node = model->node + cell * joint->n_dims;
    uint32_t mask = 0;
    for (size_t d = 0; d < joint->n_dims; d++)
        if (node[d] != joint->dim[d].n_nodes - 1)
            mask |= UINT32_C(1) << d;
    return mask;
}

static enum mk_err add_mask(struct mk_sdc_index *x, uint32_t mask,
                            struct mk_diag *diag)
{
    for (size_t i = 0; i < x->n_masks; i++)
        if (x->mask[i] == mask)
            return MK_OK;
    if (x->n_masks == MK_SDC_MASKS)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "tables", 0, MK_SDC_MASKS, 0);
    x->mask[x->n_masks++] = mask;
    return MK_OK;
}

/* Which nodes hold which leaf, as rows of one array. */
static enum mk_err turn_over(struct mk_sdc_index *x, size_t d)
{
    const struct mk_sdc_dim *dim = &x->model->joint.dim[d];
    uint32_t *start = calloc(dim->n_leaves + 2, sizeof *start);
    size_t total = 0;
    x->start[d] = start;
    if (!start)
        return MK_E_MEMORY;
    for (uint32_t k = 0; k + 1 < dim->n_nodes; k++)
        for (uint32_t i = 0; i < dim->node[k].n_leaves; i++, total++)
            start[dim->node[k].leaf[i] + 2]++;
    x->above[d] = calloc(total + 1, sizeof *x->above[d]);
    if (!x->above[d])
        return MK_E_MEMORY;
    for (uint32_t l = 0; l < dim->n_leaves; l++)
        start[l + 2] += start[l + 1];
    for (uint32_t k = 0; k + 1 < dim->n_nodes; k++)
        for (uint32_t i = 0; i < dim->node[k].n_leaves; i++)
            x->above[d][start[dim->node[k].leaf[i] + 1]++] = k;
    return MK_OK;
}

enum mk_err mk_sdc_index_init(struct mk_sdc_index *x,
                              const struct mk_sdc_model *model,
                              struct mk_diag *diag)
{
    enum mk_err rc = MK_E_MEMORY;
    memset(x, 0, sizeof *x);
    x->model = model;
    for (x->slots = 16; x->slots < 2 * model->n_cells;)
        x->slots *= 2;
    x->slot = malloc(x->slots * sizeof *x->slot);
    x->mask = calloc(MK_SDC_MASKS, sizeof *x->mask);
    if (!x->slot || !x->mask)
        goto out;
    memset(x->slot, 0xff, x->slots * sizeof *x->slot);
    for (size_t d = 0; d < dims_of(x); d++)
        MK_TRY(turn_over(x, d));
    rc = MK_OK;
    for (size_t i = 0; i < model->n_cells; i++) {
        *place(x, model->node + i * dims_of(x)) = (uint32_t)i;
        MK_TRY(add_mask(x, mk_sdc_cell_mask(model, i), diag));
    }
out:
    return rc;
}

void mk_sdc_index_release(struct mk_sdc_index *x)
{
    free(x->slot);
    free(x->mask);
    for (size_t d = 0; d < MK_SDC_DIMS; d++) {
        free(x->above[d]);
        free(x->start[d]);
    }
    memset(x, 0, sizeof *x);
}

void mk_sdc_index_visit(const struct mk_sdc_index *x, uint32_t mask,
                        const uint32_t *leaf, mk_sdc_visit *visit, void *ctx)
{
    const struct mk_sdc_spec *joint = &x->model->joint;
    uint32_t node[MK_SDC_DIMS], at[MK_SDC_DIMS];
    size_t dims[MK_SDC_DIMS], n = 0;
    for (size_t d = 0; d < joint->n_dims; d++) {
        node[d] = joint->dim[d].n_nodes - 1;
        if (!(mask & UINT32_C(1) << d))
            continue;
        at[n] = x->start[d][leaf[d]];
        node[d] = x->above[d][at[n]];
        dims[n++] = d;
    }
    for (;;) {
        uint32_t cell = mk_sdc_index_find(x, node);
        if (cell != MK_SDC_NONE)
            visit(ctx, cell);
        size_t k = n;
        while (k > 0) { /* the next node of the last dimension, and so on */
            size_t d = dims[--k];
            if (++at[k] < x->start[d][leaf[d] + 1]) {
                node[d] = x->above[d][at[k]];
                break;
            }
            at[k] = x->start[d][leaf[d]];
            node[d] = x->above[d][at[k]];
            if (k == 0)
                return;
        }
        if (n == 0)
            return;
    }
}
