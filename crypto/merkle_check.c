/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of crypto/merkle.h that needs no rows: hashes, proofs, streams. */
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/merkle_rows.h"

#include <string.h>

void mk_merkle_leaf(uint8_t out[static MK_HASH], const void *leaf, size_t n)
{
    static const uint8_t zero = 0;
    const struct mk_part parts[2] = {{&zero, 1}, {leaf, n}};
    mk_sha256_parts(out, parts, 2);
}

void mk_merkle_node(uint8_t out[static MK_HASH],
                    const uint8_t left[static MK_HASH],
                    const uint8_t right[static MK_HASH])
{
    uint8_t node[1 + 2 * MK_HASH];
    node[0] = 1;
    memcpy(node + 1, left, MK_HASH);
    memcpy(node + 1 + MK_HASH, right, MK_HASH);
    mk_sha256(out, node, sizeof node);
}

uint64_t mk_merkle_split(uint64_t n)
{
    return (uint64_t)1 << (63 - __builtin_clzll(n - 1));
}

bool mk_merkle_inclusion_ok(const uint8_t leaf_hash[static MK_HASH],
                            uint64_t index, uint64_t size,
                            const uint8_t proof[][MK_HASH], size_t n,
                            const uint8_t root[static MK_HASH])
{
    if (index >= size)
        return false;
    uint64_t fn = index;
    uint64_t sn = size - 1;
    uint8_t r[MK_HASH];
    memcpy(r, leaf_hash, MK_HASH);
    for (size_t i = 0; i < n; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) || fn == sn) {
            mk_merkle_node(r, proof[i], r);
            while (!(fn & 1) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            mk_merkle_node(r, r, proof[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && mk_crypto_equal(r, root, MK_HASH);
}

/* Both sizes above 0 and not equal.  Source: RFC 9162 section 2.1.4.2. */
static bool grows(uint64_t old_size, uint64_t size,
                  const uint8_t proof[][MK_HASH], size_t n,
                  const uint8_t old_root[static MK_HASH],
                  const uint8_t root[static MK_HASH])
{
    uint64_t fn = old_size - 1;
    uint64_t sn = size - 1;
    uint8_t fr[MK_HASH];
    uint8_t sr[MK_HASH];
    size_t i = 0;
    /* the root of a complete old tree is not repeated in the proof */
    bool is_complete = (old_size & fn) == 0;
    if (n == 0)
        return false;
    memcpy(fr, is_complete ? old_root : proof[i++], MK_HASH);
    memcpy(sr, fr, MK_HASH);
    while (fn & 1) {
        fn >>= 1;
        sn >>= 1;
    }
    for (; i < n; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) || fn == sn) {
            mk_merkle_node(fr, proof[i], fr);
            mk_merkle_node(sr, proof[i], sr);
            while (!(fn & 1) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            mk_merkle_node(sr, sr, proof[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && mk_crypto_equal(fr, old_root, MK_HASH) &&
           mk_crypto_equal(sr, root, MK_HASH);
}

bool mk_merkle_consistency_ok(uint64_t old_size, uint64_t size,
                              const uint8_t proof[][MK_HASH], size_t n,
                              const uint8_t old_root[static MK_HASH],
                              const uint8_t root[static MK_HASH])
{
    if (old_size > size)
        return false;
    if (old_size == size)
        return n == 0 && mk_crypto_equal(old_root, root, MK_HASH);
    if (old_size == 0) {
        /* every tree extends the empty one */
        uint8_t empty[MK_HASH];
        mk_sha256(empty, NULL, 0);
        return n == 0 && mk_crypto_equal(old_root, empty, MK_HASH);
    }
    return grows(old_size, size, proof, n, old_root, root);
}

void mk_merkle_stream_init(struct mk_merkle_stream *s)
{
    s->size = 0;
}

void mk_merkle_stream_add(struct mk_merkle_stream *s,
                          const uint8_t hash[static MK_HASH])
{
    size_t top = (size_t)__builtin_popcountll(s->size);
    uint8_t up[MK_HASH];
    memcpy(up, hash, MK_HASH);
    for (uint64_t bits = s->size; bits & 1; bits >>= 1)
        mk_merkle_node(up, s->stack[--top], up);
    memcpy(s->stack[top], up, MK_HASH);
    s->size++;
}

void mk_merkle_stream_root(const struct mk_merkle_stream *s,
                           uint8_t root[static MK_HASH])
{
    size_t top = (size_t)__builtin_popcountll(s->size);
    if (top == 0) {
        mk_sha256(root, NULL, 0);
        return;
    }
    memcpy(root, s->stack[--top], MK_HASH);
    while (top > 0)
        mk_merkle_node(root, s->stack[--top], root);
}
