/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of crypto/merkle.h: the rows of a tree that are in memory. */
#ifndef MK_CRYPTO_MERKLE_ROWS_H
#define MK_CRYPTO_MERKLE_ROWS_H

#include "crypto/merkle.h"

/* Rows that are kept; when a further one comes, the full ones are saved and
 * dropped, so that an import of a million leaves needs little memory. */
#define MK_MERKLE_CACHE 4096
#define MK_MERKLE_BUCKETS 1024

struct mk_merkle_row {
    struct mk_merkle_row *chain; /* next in the bucket */
    struct mk_merkle_row *next;  /* in the order of coming */
    uint64_t index;
    uint8_t level;
    uint8_t n; /* hashes that are there */
    bool is_dirty;
    uint8_t hash[MK_MERKLE_ROW][MK_HASH];
};

struct mk_merkle_cache {
    struct mk_merkle_rows store;
    struct mk_merkle_row *bucket[MK_MERKLE_BUCKETS];
    struct mk_merkle_row *first;
    struct mk_merkle_row *last;
    size_t n;
};

void mk_merkle_cache_init(struct mk_merkle_cache *c,
                          const struct mk_merkle_rows *store);
void mk_merkle_cache_release(struct mk_merkle_cache *c);

/*
 * *row is borrowed until the next call of this function.  want: how many
 * hashes it holds at least; 0 makes a new, empty row without asking the
 * store.  Errors: E_DAMAGED when it holds fewer, E_MEMORY, what load gives.
 */
MK_MUST_USE enum mk_err mk_merkle_cache_get(struct mk_merkle_cache *c,
                                            unsigned level, uint64_t index,
                                            size_t want,
                                            struct mk_merkle_row **row,
                                            struct mk_diag *diag);

/* Saves what is dirty, in the order of coming. */
MK_MUST_USE enum mk_err mk_merkle_cache_flush(struct mk_merkle_cache *c,
                                              struct mk_diag *diag);

/* SHA-256(01 | left | right); out may be one of them. */
void mk_merkle_node(uint8_t out[static MK_HASH],
                    const uint8_t left[static MK_HASH],
                    const uint8_t right[static MK_HASH]);

/* Largest power of two below n (n >= 2): where RFC 6962 splits. */
uint64_t mk_merkle_split(uint64_t n);

#endif
