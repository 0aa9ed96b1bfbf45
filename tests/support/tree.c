/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/tree.h"

#include "core/base/bytes.h"
#include "crypto/hash.h"

#include <check.h>
#include <string.h>

const uint8_t *tree_leaf(size_t i)
{
    static uint8_t all[TREE_LEAVES + 1][MK_HASH];
    static bool is_made;
    if (!is_made) {
        for (uint32_t j = 0; j <= TREE_LEAVES; j++) {
            uint8_t leaf[4];
            mk_put_u32(leaf, j);
            mk_merkle_leaf(all[j], leaf, sizeof leaf);
        }
        is_made = true;
    }
    ck_assert_uint_le(i, TREE_LEAVES);
    return all[i];
}

static size_t split(size_t n)
{
    size_t k = 1;
    while (2 * k < n)
        k *= 2;
    return k;
}

static void node(uint8_t out[static MK_HASH],
                 const uint8_t left[static MK_HASH],
                 const uint8_t right[static MK_HASH])
{
    static const uint8_t one = 1;
    const struct mk_part parts[3] = {
        {&one, 1}, {left, MK_HASH}, {right, MK_HASH}};
    mk_sha256_parts(out, parts, 3);
}

void tree_root(size_t first, size_t n, uint8_t root[static MK_HASH])
{
    if (n == 0) {
        mk_sha256(root, "", 0);
    } else if (n == 1) {
        memcpy(root, tree_leaf(first), MK_HASH);
    } else {
        uint8_t left[MK_HASH], right[MK_HASH];
        size_t k = split(n);
        tree_root(first, k, left);
        tree_root(first + k, n - k, right);
        node(root, left, right);
    }
}

void tree_numbers_root(size_t n, uint8_t root[static MK_HASH])
{
    struct mk_merkle *t = tree_open(n);
    ck_assert_int_eq(mk_merkle_root(t, n, root, NULL), MK_OK);
    mk_merkle_close(t);
}

size_t tree_path(size_t m, size_t first, size_t n, uint8_t proof[][MK_HASH])
{
    if (n == 1)
        return 0;
    size_t k = split(n);
    size_t len;
    if (m < k) {
        len = tree_path(m, first, k, proof);
        tree_root(first + k, n - k, proof[len]);
    } else {
        len = tree_path(m - k, first + k, n - k, proof);
        tree_root(first, k, proof[len]);
    }
    return len + 1;
}

size_t tree_proof(size_t m, size_t first, size_t n, bool is_known,
                  uint8_t proof[][MK_HASH])
{
    if (m == n) {
        if (is_known)
            return 0;
        tree_root(first, n, proof[0]);
        return 1;
    }
    size_t k = split(n);
    size_t len;
    if (m <= k) {
        len = tree_proof(m, first, k, is_known, proof);
        tree_root(first + k, n - k, proof[len]);
    } else {
        len = tree_proof(m - k, first + k, n - k, false, proof);
        tree_root(first, k, proof[len]);
    }
    return len + 1;
}

static enum mk_err load(void *ctx, unsigned level, uint64_t index,
                        uint8_t row[static MK_MERKLE_ROW * MK_HASH], size_t *n,
                        struct mk_diag *diag)
{
    struct tree_rows *r = ctx;
    ck_assert(level < TREE_LEVELS && index < TREE_ROWS);
    r->loads++;
    if (r->fail_load != MK_OK)
        return mk_fail(diag, r->fail_load, "load");
    *n = r->n[level][index];
    /* more than a row has is for the reader to refuse, not to overrun */
    size_t some = *n < MK_MERKLE_ROW ? *n : MK_MERKLE_ROW;
    memcpy(row, r->row[level][index], some * MK_HASH);
    return MK_OK;
}

static enum mk_err save(void *ctx, unsigned level, uint64_t index,
                        const uint8_t *row, size_t n, struct mk_diag *diag)
{
    struct tree_rows *r = ctx;
    ck_assert(level < TREE_LEVELS && index < TREE_ROWS);
    ck_assert(n >= 1 && n <= MK_MERKLE_ROW);
    r->saves++;
    if (r->fail_save != MK_OK)
        return mk_fail(diag, r->fail_save, "save");
    r->n[level][index] = (uint8_t)n;
    memcpy(r->row[level][index], row, n * MK_HASH);
    return MK_OK;
}

struct mk_merkle_rows tree_rows_of(struct tree_rows *r)
{
    return (struct mk_merkle_rows){.ctx = r, .load = load, .save = save};
}

struct mk_merkle *tree_open_with(const uint8_t (*leaf)[MK_HASH], size_t n)
{
    static struct tree_rows rows;
    memset(&rows, 0, sizeof rows);
    struct mk_merkle_rows store = tree_rows_of(&rows);
    struct mk_merkle *t;
    ck_assert_int_eq(mk_merkle_open(&t, &store, 0), MK_OK);
    for (size_t i = 0; i < n; i++) {
        const uint8_t *hash = leaf ? leaf[i] : tree_leaf(i);
        ck_assert_int_eq(mk_merkle_append(t, hash, NULL), MK_OK);
    }
    return t;
}

struct mk_merkle *tree_open(size_t n)
{
    return tree_open_with(NULL, n);
}
