/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole statistics stream against its root, without any key. */
#include "core/stats_parts.h"

#include "crypto/hash.h"

#include <string.h>

/* Checks row as the chunk after idx - 1 and carries the chain on. */
static enum mk_err chunk_check(const struct mk_chunk_row *row, uint64_t idx,
                               uint64_t first, uint8_t chain[static MK_HASH],
                               struct mk_diag *diag)
{
    uint8_t facts_hash[MK_HASH];
    uint8_t tags_hash[MK_HASH];
    if (row->idx != idx || row->first != first || row->n == 0 ||
        row->n > MK_STATS_CHUNK_MAX || !row->facts.p || !row->tags.p)
        return mk_stats_bad_chunk(diag, MK_E_TAMPERED, row->idx);
    mk_sha256(facts_hash, row->facts.p, row->facts.n);
    mk_sha256(tags_hash, row->tags.p, row->tags.n);
    mk_stats_chain_chunk(chain, row, facts_hash);
    if (!mk_crypto_equal(tags_hash, row->tags_hash, MK_HASH) ||
        !mk_crypto_equal(chain, row->chain, MK_HASH))
        return mk_stats_bad_chunk(diag, MK_E_TAMPERED, row->idx);
    return MK_OK;
}

enum mk_err mk_stats_verify(struct mk_store *st, uint64_t n,
                            const uint8_t root[static MK_HASH],
                            struct mk_diag *diag)
{
    struct mk_walk *w = NULL;
    struct mk_chunk_row row;
    struct mk_stats_tail tail;
    uint8_t chain[MK_HASH] = {0};
    uint8_t now[MK_HASH];
    uint64_t first = 0;
    bool more = true;
    enum mk_err rc;

    MK_TRY(mk_walk_chunks(&w, st, true, false, diag));
    for (uint64_t idx = 0;; idx++) {
        MK_TRY(mk_walk_chunk(w, &more, &row, diag));
        if (!more)
            break;
        MK_TRY(chunk_check(&row, idx, first, chain, diag));
        first += row.n;
    }
    MK_TRY(mk_stats_tail_load(&tail, st, first, n, diag));
    mk_stats_root(now, n, chain, tail.chain);
    if (!mk_crypto_equal(now, root, MK_HASH))
        rc = mk_fail(diag, MK_E_TAMPERED, "stats_root");
out:
    mk_walk_close(w);
    return rc;
}
