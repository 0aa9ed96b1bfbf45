/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Merkle tree of RFC 6962 section 2.1 with stored interior nodes.
 *
 *   leaf hash  SHA-256(00 | leaf)          node  SHA-256(01 | left | right)
 *   of n leaves the left part is the largest power of two below n
 *
 * Stored in rows of up to 16 hashes.  Row (level, index) holds the roots of
 * the complete subtrees of 16^level leaves with numbers 16*index .. 16*index
 * + 15, as many as there are.  Level 0 are the leaf hashes.  What lies between
 * two levels is hashed again when needed (15 hashes a row), so an append, an
 * update or a proof touches O(log16 n) rows.
 */
#ifndef MK_CRYPTO_MERKLE_H
#define MK_CRYPTO_MERKLE_H

#include "core/base/buf.h"
#include "crypto/crypto.h"

#define MK_MERKLE_ROW 16
#define MK_MERKLE_LEVELS 16 /* 16^16 leaves */
#define MK_MERKLE_PROOF 64  /* most hashes in an inclusion proof */
#define MK_MERKLE_CONSISTENCY 66

/* Where rows are kept.  load gives *n = 0 for a row that does not exist. */
struct mk_merkle_rows {
    void *ctx;
    enum mk_err (*load)(void *ctx, unsigned level, uint64_t index,
                        uint8_t row[static MK_MERKLE_ROW * MK_HASH], size_t *n,
                        struct mk_diag *diag);
    enum mk_err (*save)(void *ctx, unsigned level, uint64_t index,
                        const uint8_t *row, size_t n, struct mk_diag *diag);
};

/* A tree of size leaves over rows, with a cache of the rows it touched that
 * mk_merkle_flush writes.  One transaction, one handle: when very many rows
 * were touched some are saved before the flush, and after an error the tree
 * may be half changed; rolling back the transaction undoes both. */
struct mk_merkle;

MK_MUST_USE enum mk_err mk_merkle_open(struct mk_merkle **out,
                                       const struct mk_merkle_rows *rows,
                                       uint64_t size);
void mk_merkle_close(struct mk_merkle *t); /* drops what was not flushed */
uint64_t mk_merkle_size(const struct mk_merkle *t);

/* hash is a leaf hash.  Errors: what rows->load gives; E_DAMAGED when a row
 * has fewer hashes than size demands. */
MK_MUST_USE enum mk_err mk_merkle_append(struct mk_merkle *t,
                                         const uint8_t hash[static MK_HASH],
                                         struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_merkle_set(struct mk_merkle *t, uint64_t index,
                                      const uint8_t hash[static MK_HASH],
                                      struct mk_diag *diag);
/* Root of the first size leaves (size <= mk_merkle_size; 0: SHA-256 of
 * nothing). */
MK_MUST_USE enum mk_err mk_merkle_root(struct mk_merkle *t, uint64_t size,
                                       uint8_t root[static MK_HASH],
                                       struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_merkle_flush(struct mk_merkle *t,
                                        struct mk_diag *diag);

/* RFC 6962 2.1.1 (PATH) and 2.1.2 (PROOF), over the first size leaves. */
MK_MUST_USE enum mk_err mk_merkle_inclusion(
    struct mk_merkle *t, uint64_t index, uint64_t size,
    uint8_t proof[static MK_MERKLE_PROOF][MK_HASH], size_t *n,
    struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_merkle_consistency(
    struct mk_merkle *t, uint64_t old_size, uint64_t size,
    uint8_t proof[static MK_MERKLE_CONSISTENCY][MK_HASH], size_t *n,
    struct mk_diag *diag);

/* Pure; RFC 9162 2.1.3.2 and 2.1.4.2. */
MK_MUST_USE bool mk_merkle_inclusion_ok(
    const uint8_t leaf_hash[static MK_HASH], uint64_t index, uint64_t size,
    const uint8_t proof[][MK_HASH], size_t n,
    const uint8_t root[static MK_HASH]);
MK_MUST_USE bool mk_merkle_consistency_ok(
    uint64_t old_size, uint64_t size, const uint8_t proof[][MK_HASH], size_t n,
    const uint8_t old_root[static MK_HASH],
    const uint8_t root[static MK_HASH]);

/* SHA-256(00 | leaf) */
void mk_merkle_leaf(uint8_t out[static MK_HASH], const void *leaf, size_t n);

/* The root of a stream of leaf hashes, in O(log n) memory: for the checks
 * that recompute everything. */
struct mk_merkle_stream {
    uint64_t size;
    uint8_t stack[64][MK_HASH]; /* roots of complete subtrees, one a set bit
                                   of size, largest first */
};
void mk_merkle_stream_init(struct mk_merkle_stream *s);
void mk_merkle_stream_add(struct mk_merkle_stream *s,
                          const uint8_t hash[static MK_HASH]);
void mk_merkle_stream_root(const struct mk_merkle_stream *s,
                           uint8_t root[static MK_HASH]);

#endif
