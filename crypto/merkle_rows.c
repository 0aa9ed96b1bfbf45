/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/merkle_rows.h"

#include <stdlib.h>
#include <string.h>

void mk_merkle_cache_init(struct mk_merkle_cache *c,
                          const struct mk_merkle_rows *store)
{
    memset(c, 0, sizeof *c);
    c->store = *store;
}

static void drop_all(struct mk_merkle_cache *c)
{
    struct mk_merkle_row *next;
    for (struct mk_merkle_row *r = c->first; r; r = next) {
        next = r->next;
        free(r);
    }
    memset(c->bucket, 0, sizeof c->bucket);
    c->first = NULL;
    c->last = NULL;
    c->n = 0;
}

void mk_merkle_cache_release(struct mk_merkle_cache *c)
{
    drop_all(c);
}

static size_t bucket_of(unsigned level, uint64_t index)
{
    uint64_t key = (index << 4 | level) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(key >> 32) % MK_MERKLE_BUCKETS;
}

static struct mk_merkle_row *find(const struct mk_merkle_cache *c,
                                  unsigned level, uint64_t index)
{
    struct mk_merkle_row *r = c->bucket[bucket_of(level, index)];
    while (r && (r->index != index || r->level != level))
        r = r->chain;
    return r;
}

static void insert(struct mk_merkle_cache *c, struct mk_merkle_row *r)
{
    struct mk_merkle_row **bucket = &c->bucket[bucket_of(r->level, r->index)];
    r->chain = *bucket;
    *bucket = r;
    if (c->last)
        c->last->next = r;
    else
        c->first = r;
    c->last = r;
    c->n++;
}

static enum mk_err save(struct mk_merkle_cache *c, struct mk_merkle_row *r,
                        struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    if (!r->is_dirty)
        return MK_OK;
    MK_TRY(c->store.save(c->store.ctx, r->level, r->index, r->hash[0], r->n,
                         diag));
    r->is_dirty = false;
out:
    return rc;
}

/*
 * Saves and drops the full rows.  Those that still grow stay, at most one a
 * level: so every row is saved once, whole, and who compares what is saved
 * with what was stored sees no half row.
 */
static enum mk_err make_room(struct mk_merkle_cache *c, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_merkle_row *old = c->first;
    for (struct mk_merkle_row *r = old; r; r = r->next) {
        if (r->n == MK_MERKLE_ROW)
            MK_TRY(save(c, r, diag));
    }
    memset(c->bucket, 0, sizeof c->bucket);
    c->first = NULL;
    c->last = NULL;
    c->n = 0;
    while (old) {
        struct mk_merkle_row *r = old;
        old = r->next;
        r->next = NULL;
        if (r->n == MK_MERKLE_ROW)
            free(r);
        else
            insert(c, r);
    }
out:
    return rc;
}

static enum mk_err bring(struct mk_merkle_cache *c, unsigned level,
                         uint64_t index, size_t want,
                         struct mk_merkle_row **out, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_merkle_row *r = calloc(1, sizeof *r);
    if (!r)
        return mk_fail(diag, MK_E_MEMORY, "merkle");
    r->level = (uint8_t)level;
    r->index = index;
    if (want > 0) {
        size_t n = 0;
        MK_TRY(
            c->store.load(c->store.ctx, level, index, r->hash[0], &n, diag));
        if (n < want || n > MK_MERKLE_ROW) {
            rc = mk_fail(diag, MK_E_DAMAGED, "merkle");
            goto out;
        }
        r->n = (uint8_t)n;
    }
    insert(c, r);
    *out = r;
    r = NULL;
out:
    free(r);
    return rc;
}

enum mk_err mk_merkle_cache_get(struct mk_merkle_cache *c, unsigned level,
                                uint64_t index, size_t want,
                                struct mk_merkle_row **row,
                                struct mk_diag *diag)
{
    *row = find(c, level, index);
    if (!*row) {
        if (c->n >= MK_MERKLE_CACHE) {
            enum mk_err rc = make_room(c, diag);
            if (rc != MK_OK)
                return rc;
        }
        return bring(c, level, index, want, row, diag);
    }
    return (*row)->n < want ? mk_fail(diag, MK_E_DAMAGED, "merkle") : MK_OK;
}

enum mk_err mk_merkle_cache_flush(struct mk_merkle_cache *c,
                                  struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    for (struct mk_merkle_row *r = c->first; r; r = r->next)
        MK_TRY(save(c, r, diag));
out:
    return rc;
}
