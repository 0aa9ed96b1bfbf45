/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of the statistics stream: its tail rows and its last chunk. */
#include "core/stats_parts.h"

#include <string.h>

static enum mk_err tail_add(struct mk_stats_tail *t,
                            const struct mk_stats_row *row,
                            struct mk_diag *diag)
{
    const uint64_t position = t->first + t->n;
    if (row->slot != t->n || t->n == MK_STATS_SLOTS ||
        row->env.n != MK_STATS_ROW)
        return mk_stats_bad_row(diag, MK_E_TAMPERED, position);
    memcpy(t->env[t->n], row->env.p, MK_STATS_ROW);
    mk_stats_chain_row(t->chain, position, t->env[t->n]);
    t->n++;
    return MK_OK;
}

enum mk_err mk_stats_tail_load(struct mk_stats_tail *t, struct mk_store *st,
                               uint64_t first, uint64_t n,
                               struct mk_diag *diag)
{
    struct mk_walk *w = NULL;
    struct mk_stats_row row;
    bool more = true;
    enum mk_err rc;
    t->first = first;
    t->n = 0;
    memset(t->chain, 0, sizeof t->chain);
    if (first > n || n - first > MK_STATS_SLOTS)
        return mk_stats_bad_row(diag, MK_E_TAMPERED, first);
    MK_TRY(mk_walk_stats_rows(&w, st, n - first, diag));
    for (;;) {
        MK_TRY(mk_walk_stats_row(w, &more, &row, diag));
        if (!more)
            break;
        MK_TRY(tail_add(t, &row, diag));
    }
    if (t->n != n - first)
        rc = mk_stats_bad_row(diag, MK_E_TAMPERED, first + t->n);
out:
    mk_walk_close(w);
    return rc;
}

enum mk_err mk_stats_tail_get(const struct mk_stats_tail *t,
                              const struct mk_stats_key *key, size_t i,
                              struct mk_stats_record *r, struct mk_diag *diag)
{
    uint8_t aad[MK_AAD];
    uint8_t plain[MK_STATS_ROW_PLAIN];
    struct mk_stats_key its;
    if (mk_stats_key_for(&its, key, t->env[i], MK_STATS_ROW) != MK_OK)
        return mk_stats_bad_row(diag, MK_E_DAMAGED, t->first + i);
    mk_stats_row_aad(aad, &its, t->first + i);
    bool ok = mk_env_open(plain, its.rs, aad, sizeof aad, t->env[i],
                          MK_STATS_ROW, diag) == MK_OK &&
              mk_stats_row_decode(r, plain);
    mk_crypto_wipe(plain, sizeof plain);
    return ok ? MK_OK : mk_stats_bad_row(diag, MK_E_DAMAGED, t->first + i);
}

enum mk_err mk_stats_end_load(struct mk_stats_tail *t,
                              struct mk_chunk_row *last, struct mk_store *st,
                              uint64_t n, const uint8_t root[static MK_HASH],
                              struct mk_diag *diag)
{
    uint8_t now[MK_HASH];
    bool found = false;
    enum mk_err rc;
    memset(last, 0, sizeof *last);
    MK_TRY(mk_chunk_last(st, &found, last, diag));
    if (!found)
        memset(last, 0, sizeof *last);
    else if (last->n == 0)
        return mk_stats_bad_chunk(diag, MK_E_TAMPERED, last->idx);
    MK_TRY(mk_stats_tail_load(t, st, last->first + last->n, n, diag));
    mk_stats_root(now, n, last->chain, t->chain);
    if (!mk_crypto_equal(now, root, MK_HASH))
        rc = mk_fail(diag, MK_E_TAMPERED, "stats_root");
out:
    return rc;
}
