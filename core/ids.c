/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ids.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"

void mk_ids_release(struct mk_ids *ids)
{
    free(ids->id);
    free(ids->slot);
    *ids = (struct mk_ids){.n = 0};
}

void *mk_ids_room(void *array, size_t size, size_t n, size_t *cap)
{
    size_t more = *cap == 0 ? 16 : 2 * *cap;
    void *grown;

    if (n < *cap)
        return array;
    grown = realloc(array, more * size);
    if (grown != NULL)
        *cap = more;
    return grown;
}

/* The slot of id, or the free one where it belongs. */
static uint32_t *slot_of(const struct mk_ids *ids, const uint8_t *id)
{
    size_t mask = 2 * ids->cap - 1;
    uint64_t half[2];
    uint64_t hash;
    size_t i;

    memcpy(half, id, sizeof half);
    hash = (half[0] ^ ids->seed[0]) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ (hash >> 32) ^ half[1] ^ ids->seed[1]) *
           UINT64_C(0xd6e8feb86659fd93);
    i = (size_t)(hash >> 32) & mask;
    while (ids->slot[i] != 0 &&
           memcmp(ids->id[ids->slot[i] - 1], id, sizeof *ids->id) != 0)
        i = (i + 1) & mask;
    return &ids->slot[i];
}

static enum mk_err grow(struct mk_ids *ids)
{
    size_t cap = ids->cap;
    uint8_t(*id)[16] = mk_ids_room(ids->id, sizeof *id, ids->n, &cap);
    uint32_t *slot;

    if (id == NULL)
        return MK_E_MEMORY;
    ids->id = id;
    slot = calloc(2 * cap, sizeof *slot);
    if (slot == NULL)
        return MK_E_MEMORY;
    if (ids->slot == NULL)
        mk_random(ids->seed, sizeof ids->seed);
    free(ids->slot);
    ids->slot = slot;
    ids->cap = cap;
    for (size_t i = 0; i < ids->n; i++)
        *slot_of(ids, ids->id[i]) = (uint32_t)i + 1;
    return MK_OK;
}

enum mk_err mk_ids_take(struct mk_ids *ids, const uint8_t id[static 16],
                        uint32_t *at, bool *fresh)
{
    enum mk_err rc = MK_OK;
    uint32_t *slot;

    if (ids->n >= UINT32_MAX / 4)
        return MK_E_TOO_LARGE;
    if (ids->n == ids->cap)
        MK_TRY(grow(ids));
    slot = slot_of(ids, id);
    *fresh = *slot == 0;
    if (*fresh) {
        memcpy(ids->id[ids->n], id, sizeof *ids->id);
        *slot = (uint32_t)++ids->n;
    }
    *at = *slot - 1;
out:
    return rc;
}
