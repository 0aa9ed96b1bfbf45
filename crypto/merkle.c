/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tree over its rows.  Everything that is asked of it is the root of a
 * range of leaves that begins at a multiple of a power of two not below its
 * length; such a range falls into complete subtrees, largest first, and a
 * complete subtree of 2^k leaves is 2^(k mod 4) hashes of one row:
 *
 *   level 1   [ r0 . r1 . r2 . ...          ]   each the root of 16 leaves
 *   level 0   [ l0 .. l15 ][ l16 .. l31 ][ l32 .. ]
 *
 * Holds between calls: level L has size >> 4L hashes, row i of it has all of
 * its own that are below that number.
 */
#include "crypto/merkle.h"

#include "crypto/hash.h"
#include "crypto/merkle_rows.h"

#include <stdlib.h>
#include <string.h>

struct mk_merkle {
    uint64_t size;
    struct mk_merkle_cache cache;
};

enum mk_err mk_merkle_open(struct mk_merkle **out,
                           const struct mk_merkle_rows *rows, uint64_t size)
{
    *out = malloc(sizeof **out);
    if (!*out)
        return MK_E_MEMORY;
    (*out)->size = size;
    mk_merkle_cache_init(&(*out)->cache, rows);
    return MK_OK;
}

void mk_merkle_close(struct mk_merkle *t)
{
    if (!t)
        return;
    mk_merkle_cache_release(&t->cache);
    free(t);
}

uint64_t mk_merkle_size(const struct mk_merkle *t)
{
    return t->size;
}

enum mk_err mk_merkle_flush(struct mk_merkle *t, struct mk_diag *diag)
{
    return mk_merkle_cache_flush(&t->cache, diag);
}

/* Root of n (a power of two up to 16) hashes. */
static void fold(uint8_t out[static MK_HASH], const uint8_t (*hash)[MK_HASH],
                 size_t n)
{
    uint8_t level[MK_MERKLE_ROW][MK_HASH];
    memcpy(level, hash, n * MK_HASH);
    for (; n > 1; n /= 2) {
        for (size_t i = 0; i < n / 2; i++)
            mk_merkle_node(level[i], level[2 * i], level[2 * i + 1]);
    }
    memcpy(out, level[0], MK_HASH);
}

/* Hashes that row index of level has in a tree of size leaves. */
static size_t row_fill(uint64_t size, unsigned level, uint64_t index)
{
    uint64_t all = size >> (4 * level);
    uint64_t before = index * MK_MERKLE_ROW;
    if (all <= before)
        return 0;
    return all - before < MK_MERKLE_ROW ? (size_t)(all - before)
                                        : MK_MERKLE_ROW;
}

enum mk_err mk_merkle_append(struct mk_merkle *t,
                             const uint8_t hash[static MK_HASH],
                             struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t up[MK_HASH];
    uint64_t at = t->size; /* number of up in its level */
    if (t->size == UINT64_MAX)
        return mk_fail(diag, MK_E_INTERNAL, "merkle");
    memcpy(up, hash, MK_HASH);
    for (unsigned level = 0; level < MK_MERKLE_LEVELS; level++) {
        struct mk_merkle_row *row;
        size_t slot = at % MK_MERKLE_ROW;
        MK_TRY(mk_merkle_cache_get(&t->cache, level, at / MK_MERKLE_ROW, slot,
                                   &row, diag));
        memcpy(row->hash[slot], up, MK_HASH);
        row->n = (uint8_t)(slot + 1);
        row->is_dirty = true;
        if (slot + 1 < MK_MERKLE_ROW)
            break;
        fold(up, (const uint8_t(*)[MK_HASH])row->hash, MK_MERKLE_ROW);
        at /= MK_MERKLE_ROW;
    }
    t->size++;
out:
    return rc;
}

enum mk_err mk_merkle_set(struct mk_merkle *t, uint64_t index,
                          const uint8_t hash[static MK_HASH],
                          struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    uint8_t up[MK_HASH];
    uint64_t at = index;
    if (index >= t->size)
        return mk_fail(diag, MK_E_INTERNAL, "merkle");
    memcpy(up, hash, MK_HASH);
    for (unsigned level = 0; level < MK_MERKLE_LEVELS; level++) {
        struct mk_merkle_row *row;
        uint64_t number = at / MK_MERKLE_ROW;
        size_t fill = row_fill(t->size, level, number);
        MK_TRY(
            mk_merkle_cache_get(&t->cache, level, number, fill, &row, diag));
        memcpy(row->hash[at % MK_MERKLE_ROW], up, MK_HASH);
        row->is_dirty = true;
        if (fill < MK_MERKLE_ROW)
            break;
        fold(up, (const uint8_t(*)[MK_HASH])row->hash, MK_MERKLE_ROW);
        at = number;
    }
out:
    return rc;
}

/* Root of the complete subtree of 2^k leaves from start. */
static enum mk_err subtree(struct mk_merkle *t, unsigned k, uint64_t start,
                           uint8_t out[static MK_HASH], struct mk_diag *diag)
{
    unsigned level = k / 4;
    size_t n = (size_t)1 << k % 4;
    uint64_t at = start >> (4 * level);
    uint64_t number = at / MK_MERKLE_ROW;
    size_t fill = row_fill(t->size, level, number);
    struct mk_merkle_row *row;
    enum mk_err rc =
        mk_merkle_cache_get(&t->cache, level, number, fill, &row, diag);
    if (rc == MK_OK)
        fold(out, (const uint8_t(*)[MK_HASH]) & row->hash[at % MK_MERKLE_ROW],
             n);
    return rc;
}

/* Root of the n (> 0) leaves from start, from the smallest subtree back. */
static enum mk_err range_root(struct mk_merkle *t, uint64_t start, uint64_t n,
                              uint8_t out[static MK_HASH],
                              struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    bool is_first = true;
    for (unsigned k = 0; k < 64; k++) {
        uint64_t bit = (uint64_t)1 << k;
        uint8_t left[MK_HASH];
        if (!(n & bit))
            continue;
        /* the larger subtrees lie before it */
        uint64_t before = n & ~(bit | (bit - 1));
        MK_TRY(subtree(t, k, start + before, left, diag));
        if (is_first)
            memcpy(out, left, MK_HASH);
        else
            mk_merkle_node(out, left, out);
        is_first = false;
    }
out:
    return rc;
}

enum mk_err mk_merkle_root(struct mk_merkle *t, uint64_t size,
                           uint8_t root[static MK_HASH], struct mk_diag *diag)
{
    if (size > t->size)
        return mk_fail(diag, MK_E_INTERNAL, "merkle");
    if (size == 0) {
        mk_sha256(root, NULL, 0);
        return MK_OK;
    }
    return range_root(t, 0, size, root, diag);
}

/* The proofs are found from the root down, but listed from the leaf up. */
static void reverse(uint8_t (*proof)[MK_HASH], size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        uint8_t keep[MK_HASH];
        memcpy(keep, proof[i], MK_HASH);
        memcpy(proof[i], proof[n - 1 - i], MK_HASH);
        memcpy(proof[n - 1 - i], keep, MK_HASH);
    }
}

enum mk_err mk_merkle_inclusion(struct mk_merkle *t, uint64_t index,
                                uint64_t size,
                                uint8_t proof[static MK_MERKLE_PROOF][MK_HASH],
                                size_t *n, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    uint64_t start = 0;
    uint64_t left = size; /* the leaf is one of so many from start */
    *n = 0;
    if (size > t->size || index >= size)
        return mk_fail(diag, MK_E_INTERNAL, "merkle");
    while (left > 1) {
        uint64_t split = mk_merkle_split(left);
        if (index - start < split) {
            MK_TRY(
                range_root(t, start + split, left - split, proof[*n], diag));
            left = split;
        } else {
            MK_TRY(range_root(t, start, split, proof[*n], diag));
            start += split;
            left -= split;
        }
        (*n)++;
    }
    reverse(proof, *n);
out:
    return rc;
}

enum mk_err mk_merkle_consistency(
    struct mk_merkle *t, uint64_t old_size, uint64_t size,
    uint8_t proof[static MK_MERKLE_CONSISTENCY][MK_HASH], size_t *n,
    struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    uint64_t start = 0;
    uint64_t left = size;
    uint64_t old = old_size; /* of these left leaves, so many are old */
    bool is_known = true;    /* their root is the old root itself */
    *n = 0;
    if (size > t->size || old_size > size)
        return mk_fail(diag, MK_E_INTERNAL, "merkle");
    if (old_size == 0)
        return MK_OK;
    while (old != left) {
        uint64_t split = mk_merkle_split(left);
        if (old <= split) {
            MK_TRY(
                range_root(t, start + split, left - split, proof[*n], diag));
            left = split;
        } else {
            MK_TRY(range_root(t, start, split, proof[*n], diag));
            start += split;
            left -= split;
            old -= split;
            is_known = false;
        }
        (*n)++;
    }
    if (!is_known) {
        MK_TRY(range_root(t, start, left, proof[*n], diag));
        (*n)++;
    }
    reverse(proof, *n);
out:
    return rc;
}
