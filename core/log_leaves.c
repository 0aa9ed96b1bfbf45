/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/log_leaves.h"

#include <string.h>

#include "core/prune.h"

enum mk_err mk_leaf_hashes(struct mk_store *store, uint64_t from, uint64_t to,
                           mk_leaf_hash_each *each, void *ctx,
                           struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    uint8_t row[MK_MERKLE_ROW * MK_HASH];
    size_t n = 0;

    for (uint64_t seq = from; seq < to; seq++) {
        size_t at = (size_t)(seq % MK_MERKLE_ROW);

        if (at == 0 || seq == from)
            MK_TRY(mk_node_load(store, MK_TREE_LOG, 0, seq / MK_MERKLE_ROW,
                                row, &n, diag));
        if (at >= n) {
            rc = mk_fail_at(diag, MK_E_TAMPERED, "node (log)", 0, (int64_t)seq,
                            0);
            goto out;
        }
        MK_TRY(each(ctx, row + at * MK_HASH, diag));
    }
out:
    return rc;
}

static enum mk_err add_hash(void *ctx, const uint8_t hash[static MK_HASH],
                            struct mk_diag *diag)
{
    struct mk_log_leaves *s = ctx;

    (void)diag;
    mk_merkle_stream_add(&s->stream, hash);
    return MK_OK;
}

enum mk_err mk_log_leaves_open(struct mk_log_leaves *s, struct mk_vault *v,
                               struct mk_diag *diag)
{
    enum mk_err rc;

    *s = (struct mk_log_leaves){.v = v};
    mk_merkle_stream_init(&s->stream);
    MK_TRY(mk_pruned_size(v, &s->first, diag));
    MK_TRY(mk_leaf_hashes(v->store, 0, s->first, add_hash, s, diag));
    MK_TRY(mk_walk_log(&s->walk, v->store, s->first, diag));
out:
    return rc;
}

enum mk_err mk_log_leaves_next(struct mk_log_leaves *s, bool *more,
                               struct mk_log_row *row, struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t hash[MK_HASH];

    MK_TRY(mk_walk_log_row(s->walk, more, row, diag));
    if (!*more)
        goto out;
    if (row->seq != s->stream.size) {
        rc = mk_fail_at(diag, MK_E_TAMPERED, "log (entry missing)", 0,
                        (int64_t)s->stream.size, 0);
        goto out;
    }
    mk_merkle_leaf(hash, row->leaf.p, row->leaf.n);
    mk_merkle_stream_add(&s->stream, hash);
out:
    return rc;
}

enum mk_err mk_log_leaves_prove(const struct mk_log_leaves *s,
                                struct mk_diag *diag)
{
    uint8_t root[MK_HASH];

    mk_merkle_stream_root(&s->stream, root);
    if (s->stream.size != s->v->head.log_size ||
        memcmp(root, s->v->head.log_root, MK_HASH) != 0)
        return mk_fail(diag, MK_E_TAMPERED, "log (tree)");
    return MK_OK;
}

void mk_log_leaves_close(struct mk_log_leaves *s)
{
    mk_walk_close(s->walk);
    s->walk = NULL;
}
