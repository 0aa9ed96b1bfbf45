/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All leaves that the log still has, in order, against the root of the newest
 * head: the stored hashes stand for those that were pruned.
 *
 *   open    behind the last pruning
 *   next    leaf by leaf
 *   prove   at the end: all of it made the root.  Until then nothing that was
 *           read may be given out
 *
 * In a snapshot.  One scan at a time.
 */
#ifndef MK_CORE_LOG_LEAVES_H
#define MK_CORE_LOG_LEAVES_H

#include "core/vault.h"
#include "crypto/merkle.h"

struct mk_log_leaves {
    struct mk_vault *v;
    struct mk_walk *walk;
    struct mk_merkle_stream stream; /* its size: how far we are */
    uint64_t first;                 /* the first leaf that is there */
};

MK_MUST_USE enum mk_err mk_log_leaves_open(struct mk_log_leaves *s,
                                           struct mk_vault *v,
                                           struct mk_diag *diag);
/* Errors: E_TAMPERED where a leaf is missing. */
MK_MUST_USE enum mk_err mk_log_leaves_next(struct mk_log_leaves *s, bool *more,
                                           struct mk_log_row *row,
                                           struct mk_diag *diag);
/* After the last one.  Errors: E_TAMPERED. */
MK_MUST_USE enum mk_err mk_log_leaves_prove(const struct mk_log_leaves *s,
                                            struct mk_diag *diag);
void mk_log_leaves_close(
    struct mk_log_leaves *s); /* also after a failed open */

/*
 * The stored hashes of the leaves from .. to-1, in order, each to one call of
 * each.  They are what the tree of the log was made of, and prove nothing by
 * themselves.  Errors: E_TAMPERED where one is missing; those of each.
 */
typedef enum mk_err mk_leaf_hash_each(void *ctx,
                                      const uint8_t hash[static MK_HASH],
                                      struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_leaf_hashes(struct mk_store *store, uint64_t from,
                                       uint64_t to, mk_leaf_hash_each *each,
                                       void *ctx, struct mk_diag *diag);

#endif
