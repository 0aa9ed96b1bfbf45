/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data, what was printed, and the model as such. */
#include "reports/sdc/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 64

/* at with room for cap rows of n items of size bytes; NULL: as it was. */
static void *grown(void *at, size_t cap, size_t n, size_t size)
{
    return reallocarray(at, cap, n ? n * size : 1);
}

void mk_sdc_data_init(struct mk_sdc_data *data, const struct mk_sdc_spec *spec)
{
    *data =
        (struct mk_sdc_data){.n_dims = spec->n_dims, .n_tags = spec->n_tags};
}

void mk_sdc_data_release(struct mk_sdc_data *data)
{
    free(data->leaf);
    free(data->n);
    free(data->tag);
    *data =
        (struct mk_sdc_data){.n_dims = data->n_dims, .n_tags = data->n_tags};
}

static bool more_rows(struct mk_sdc_data *d)
{
    size_t cap = d->cap ? 2 * d->cap : FIRST_CAP;
    uint32_t *leaf = grown(d->leaf, cap, d->n_dims, sizeof *leaf);
    d->leaf = leaf ? leaf : d->leaf;
    uint64_t *n = grown(d->n, cap, 1, sizeof *n);
    d->n = n ? n : d->n;
    uint32_t *tag = grown(d->tag, cap, d->n_tags, sizeof *tag);
    d->tag = tag ? tag : d->tag;
    if (!leaf || !n || !tag)
        return false;
    d->cap = cap;
    return true;
}

enum mk_err mk_sdc_data_add(struct mk_sdc_data *data, const uint32_t *leaf,
                            uint64_t n, const uint32_t *tag,
                            struct mk_diag *diag)
{
    if (data->rows == MK_SDC_RECORDS)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "rows", 0, MK_SDC_RECORDS, 0);
    if (n > MK_SDC_COUNT - data->total)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "n", 0, MK_SDC_COUNT, 0);
    if (data->rows == data->cap && !more_rows(data))
        return mk_fail(diag, MK_E_MEMORY, NULL);
    memcpy(data->leaf + data->rows * data->n_dims, leaf,
           data->n_dims * sizeof *leaf);
    for (size_t k = 0; k < data->n_tags; k++) {
        uint32_t value = tag ? tag[k] : 0;
        data->tag[data->rows * data->n_tags + k] = value;
        if (value == 0)
            data->empty[k] += n;
    }
    data->n[data->rows++] = n;
    data->total += n;
    return MK_OK;
}

void mk_sdc_printed_init(struct mk_sdc_printed *p,
                         const struct mk_sdc_spec *spec)
{
    *p = (struct mk_sdc_printed){.n_dims = spec->n_dims};
}

void mk_sdc_printed_release(struct mk_sdc_printed *p)
{
    free(p->node);
    free(p->cell);
    *p = (struct mk_sdc_printed){.n_dims = p->n_dims};
}

enum mk_err mk_sdc_printed_add(struct mk_sdc_printed *p, const uint32_t *node,
                               const struct mk_sdc_print_cell *cell,
                               struct mk_diag *diag)
{
    if (p->n == MK_SDC_CELLS)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "cells", 0, MK_SDC_CELLS, 0);
    if (p->n == p->cap) {
        size_t cap = p->cap ? 2 * p->cap : FIRST_CAP;
        uint32_t *at = grown(p->node, cap, p->n_dims, sizeof *at);
        p->node = at ? at : p->node;
        struct mk_sdc_print_cell *cells =
            grown(p->cell, cap, 1, sizeof *cells);
        p->cell = cells ? cells : p->cell;
        if (!at || !cells)
            return mk_fail(diag, MK_E_MEMORY, NULL);
        p->cap = cap;
    }
    memcpy(p->node + p->n * p->n_dims, node, p->n_dims * sizeof *node);
    p->cell[p->n++] = *cell;
    return MK_OK;
}

void mk_sdc_release_init(struct mk_sdc_release *release)
{
    release->name[0] = '\0';
    mk_sdc_spec_init(&release->spec);
    mk_sdc_printed_init(&release->printed, &release->spec);
}

void mk_sdc_release_release(struct mk_sdc_release *release)
{
    mk_sdc_printed_release(&release->printed);
    mk_sdc_spec_release(&release->spec);
    mk_sdc_release_init(release);
}

/* ---- the model ---- */

void mk_sdc_model_init(struct mk_sdc_model *model)
{
    *model = (struct mk_sdc_model){.spec = NULL};
    mk_sdc_spec_init(&model->joint);
}

void mk_sdc_model_release(struct mk_sdc_model *model)
{
    for (size_t d = 0; d < MK_SDC_DIMS; d++)
        free(model->of_spec[d]);
    mk_sdc_vecs_release(&model->at);
    free(model->earlier);
    free(model->cell);
    mk_sdc_data_release(&model->data);
    mk_sdc_spec_release(&model->joint);
    mk_sdc_model_init(model);
}

bool mk_sdc_model_find(const struct mk_sdc_model *model, const uint32_t *node,
                       size_t *cell)
{
    const struct mk_sdc_spec *joint = &model->joint;
    uint32_t row[MK_SDC_DIMS];
    for (size_t d = 0; d < joint->n_dims; d++)
        row[d] = d < model->spec->n_dims ? model->of_spec[d][node[d]]
                                         : mk_sdc_total(&joint->dim[d]);
    return mk_sdc_vecs_find(&model->at, row, cell);
}

/* Cuts text (of at bytes) so that it ends between characters of UTF-8. */
static void cut(char *text, size_t at)
{
    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    text[at] = '\0';
}

void mk_sdc_model_place(const struct mk_sdc_model *model, size_t cell,
                        char *text, size_t n)
{
    const struct mk_sdc_spec *joint = &model->joint;
    const uint32_t *node = model->at.at + cell * joint->n_dims;
    char part[2 * MK_SDC_NAME + 2];
    size_t at = 0;
    for (size_t d = 0; d < joint->n_dims; d++) {
        const struct mk_sdc_dim *dim = &joint->dim[d];
        if (node[d] == mk_sdc_total(dim))
            continue;
        int len = snprintf(part, sizeof part, "%s%s=%s", at ? "," : "",
                           dim->name, dim->node[node[d]].name);
        size_t room = n - 1 - at;
        size_t take = len > 0 && (size_t)len < room ? (size_t)len : room;
        if (take < (size_t)len)
            cut(part, take);
        memcpy(text + at, part, strlen(part));
        at += strlen(part);
        if (take < (size_t)len)
            break;
    }
    if (at == 0)
        text[at++] = '*';
    text[at] = '\0';
}
