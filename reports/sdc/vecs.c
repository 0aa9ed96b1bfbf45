/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/vecs.h"

#include <stdlib.h>
#include <string.h>

#define ROWS ((size_t)1 << 31)
#define FIRST_SLOTS 64

void mk_sdc_vecs_init(struct mk_sdc_vecs *vecs, size_t width)
{
    *vecs = (struct mk_sdc_vecs){.width = width};
}

void mk_sdc_vecs_release(struct mk_sdc_vecs *vecs)
{
    free(vecs->at);
    free(vecs->slot);
    mk_sdc_vecs_init(vecs, vecs->width);
}

/* The steps of splitmix64: every bit of a number reaches every bit of h. */
uint64_t mk_sdc_vecs_hash(const uint32_t *row, size_t n)
{
    uint64_t h = 0x9e3779b97f4a7c15u + n;
    for (size_t i = 0; i < n; i++) {
        h = (h ^ row[i]) * 0xbf58476d1ce4e5b9u;
        h = (h ^ (h >> 30)) * 0x94d049bb133111ebu;
        h ^= h >> 31;
    }
    return h;
}

/* The slot that holds row, or the free one where it belongs. */
static size_t slot_of(const struct mk_sdc_vecs *v, const uint32_t *row)
{
    size_t at = (size_t)mk_sdc_vecs_hash(row, v->width) & (v->n_slots - 1);
    while (v->slot[at]) {
        const uint32_t *other = v->at + (v->slot[at] - 1) * v->width;
        if (memcmp(other, row, v->width * sizeof *row) == 0)
            break;
        at = (at + 1) & (v->n_slots - 1);
    }
    return at;
}

bool mk_sdc_vecs_find(const struct mk_sdc_vecs *vecs, const uint32_t *row,
                      size_t *i)
{
    if (!vecs->n)
        return false;
    size_t at = slot_of(vecs, row);
    if (!vecs->slot[at])
        return false;
    *i = vecs->slot[at] - 1;
    return true;
}

static enum mk_err more_rows(struct mk_sdc_vecs *v, struct mk_diag *diag)
{
    size_t cap = v->cap ? 2 * v->cap : FIRST_SLOTS;
    if (v->n >= ROWS)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "rows", 0, (int64_t)ROWS, 0);
    uint32_t *at = reallocarray(v->at, cap, v->width * sizeof *at);
    if (!at)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    v->at = at;
    v->cap = cap;
    return MK_OK;
}

static enum mk_err more_slots(struct mk_sdc_vecs *v, struct mk_diag *diag)
{
    size_t n = v->n_slots ? 2 * v->n_slots : FIRST_SLOTS;
    uint32_t *slot = calloc(n, sizeof *slot);
    if (!slot)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    free(v->slot);
    v->slot = slot;
    v->n_slots = n;
    for (size_t i = 0; i < v->n; i++)
        slot[slot_of(v, v->at + i * v->width)] = (uint32_t)i + 1;
    return MK_OK;
}

enum mk_err mk_sdc_vecs_add(struct mk_sdc_vecs *vecs, const uint32_t *row,
                            size_t *i, bool *fresh, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    *fresh = false;
    if (mk_sdc_vecs_find(vecs, row, i))
        return MK_OK;
    if (vecs->n == vecs->cap)
        MK_TRY(more_rows(vecs, diag));
    /* at most half full */
    if (2 * (vecs->n + 1) > vecs->n_slots)
        MK_TRY(more_slots(vecs, diag));
    memcpy(vecs->at + vecs->n * vecs->width, row, vecs->width * sizeof *row);
    vecs->slot[slot_of(vecs, row)] = (uint32_t)vecs->n + 1;
    *i = vecs->n++;
    *fresh = true;
out:
    return rc;
}
