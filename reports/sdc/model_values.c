/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/model_values.h"

#include <stdlib.h>
#include <string.h>

/* The nodes other than the total that hold leaf l: node[from[l]] up to
 * node[from[l + 1]]. */
struct holders {
    uint32_t *from, *node;
};

struct counter {
    struct mk_sdc_model *model;
    struct mk_diag *diag;
    struct holders holders[MK_SDC_DIMS];
    struct mk_sdc_vecs masks; /* sets of dimensions, as bits */

    /* of one mask */
    size_t dim[MK_SDC_DIMS], n_dims;
    struct mk_sdc_vecs sums; /* records by their leaves */
    uint64_t *sum;
    size_t cap;
};

static enum mk_err find_holders(struct holders *h,
                                const struct mk_sdc_dim *dim,
                                struct mk_diag *diag)
{
    uint32_t total = mk_sdc_total(dim);
    size_t sum = (size_t)dim->n_leaves + dim->n_children;
    h->from = calloc((size_t)dim->n_leaves + 2, sizeof *h->from);
    h->node = calloc(sum, sizeof *h->node);
    if (!h->from || !h->node)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    /* from[l + 2] counts, then from[l + 1] is where l is filled */
    for (uint32_t i = 0; i < total; i++)
        for (uint32_t k = 0; k < dim->node[i].n_leaves; k++)
            if (dim->same[i] == i)
                h->from[dim->node[i].leaf[k] + 2]++;
    for (uint32_t l = 0; l < dim->n_leaves; l++)
        h->from[l + 2] += h->from[l + 1];
    for (uint32_t i = 0; i < total; i++)
        for (uint32_t k = 0; k < dim->node[i].n_leaves; k++)
            if (dim->same[i] == i)
                h->node[h->from[dim->node[i].leaf[k] + 1]++] = i;
    return MK_OK;
}

/* Whether the data tells of every leaf of the cell. */
static bool is_known(const struct mk_sdc_model *m, const uint32_t *node)
{
    for (size_t d = 0; d < m->joint.n_dims; d++) {
        const struct mk_sdc_dim *dim = &m->joint.dim[d];
        const struct mk_sdc_node *n = &dim->node[node[d]];
        if (d < m->spec->n_dims
                ? n->leaf[n->n_leaves - 1] >= m->spec->dim[d].n_leaves
                : node[d] != mk_sdc_total(dim))
            return false;
    }
    return true;
}

static enum mk_err find_masks(struct counter *c)
{
    struct mk_sdc_model *m = c->model;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < m->n_cells; i++) {
        const uint32_t *node = m->node + i * m->joint.n_dims;
        uint32_t mask = 0;
        size_t at;
        bool fresh;
        m->cell[i].known = is_known(m, node);
        m->cell[i].value = 0;
        if (!m->cell[i].known)
            continue;
        for (size_t d = 0; d < m->joint.n_dims; d++)
            if (node[d] != mk_sdc_total(&m->joint.dim[d]))
                mask |= (uint32_t)1 << d;
        MK_TRY(mk_sdc_vecs_add(&c->masks, &mask, &at, &fresh, c->diag));
    }
out:
    return rc;
}

static enum mk_err add_sum(struct counter *c, const uint32_t *row, uint64_t n)
{
    size_t at;
    bool fresh;
    enum mk_err rc = mk_sdc_vecs_add(&c->sums, row, &at, &fresh, c->diag);
    if (rc != MK_OK)
        return rc;
    if (c->sums.cap > c->cap) {
        uint64_t *sum = reallocarray(c->sum, c->sums.cap, sizeof *sum);
        if (!sum)
            return mk_fail(c->diag, MK_E_MEMORY, NULL);
        c->sum = sum;
        c->cap = c->sums.cap;
    }
    c->sum[at] = fresh ? n : c->sum[at] + n;
    return MK_OK;
}

/* The records added up over the dimensions that are not in the mask. */
static enum mk_err add_up(struct counter *c)
{
    const struct mk_sdc_data *data = &c->model->data;
    uint32_t row[MK_SDC_DIMS] = {0};
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < data->rows; i++) {
        for (size_t k = 0; k < c->n_dims; k++)
            row[k] = data->leaf[i * data->n_dims + c->dim[k]];
        MK_TRY(add_sum(c, row, data->n[i]));
    }
out:
    return rc;
}

/* Adds n to every cell of the mask that holds the leaves. */
static void add_to_cells(struct counter *c, const uint32_t *leaf, uint64_t n)
{
    struct mk_sdc_model *m = c->model;
    const uint32_t *from[MK_SDC_DIMS] = {NULL};
    uint32_t row[MK_SDC_DIMS];
    uint32_t at[MK_SDC_DIMS] = {0};
    size_t cell, k;
    for (size_t d = 0; d < m->joint.n_dims; d++)
        row[d] = mk_sdc_total(&m->joint.dim[d]);
    for (k = 0; k < c->n_dims; k++) {
        from[k] = c->holders[c->dim[k]].from + leaf[k];
        if (from[k][0] == from[k][1])
            return;
    }
    do {
        for (k = 0; k < c->n_dims; k++)
            row[c->dim[k]] = c->holders[c->dim[k]].node[from[k][0] + at[k]];
        if (mk_sdc_vecs_find(&m->at, row, &cell))
            m->cell[cell].value += n;
        for (k = c->n_dims; k-- > 0;) {
            if (++at[k] < from[k][1] - from[k][0])
                break;
            at[k] = 0;
        }
    } while (k != SIZE_MAX);
}

static enum mk_err count_mask(struct counter *c, uint32_t mask)
{
    c->n_dims = 0;
    for (size_t d = 0; d < c->model->joint.n_dims; d++)
        if (mask >> d & 1)
            c->dim[c->n_dims++] = d;
    mk_sdc_vecs_init(&c->sums, c->n_dims ? c->n_dims : 1);
    enum mk_err rc = add_up(c);
    if (rc == MK_OK)
        for (size_t i = 0; i < c->sums.n; i++)
            add_to_cells(c, c->sums.at + i * c->sums.width, c->sum[i]);
    mk_sdc_vecs_release(&c->sums);
    return rc;
}

enum mk_err mk_sdc_values_count(struct mk_sdc_model *model,
                                struct mk_diag *diag)
{
    struct counter c = {.model = model, .diag = diag};
    enum mk_err rc;
    mk_sdc_vecs_init(&c.masks, 1);
    for (size_t d = 0; d < model->joint.n_dims; d++)
        MK_TRY(find_holders(&c.holders[d], &model->joint.dim[d], diag));
    MK_TRY(find_masks(&c));
    for (size_t i = 0; i < c.masks.n; i++)
        MK_TRY(count_mask(&c, c.masks.at[i]));
out:
    for (size_t d = 0; d < MK_SDC_DIMS; d++) {
        free(c.holders[d].from);
        free(c.holders[d].node);
    }
    mk_sdc_vecs_release(&c.masks);
    free(c.sum);
    return rc;
}
