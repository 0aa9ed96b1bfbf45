/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Appending to the statistics stream.
 *
 *   append -> pending --flush--> fewer than MK_STATS_GROUP with the tail:
 *                |               each a row at the end of the tail
 *                |      \------> else: tail and pending become one chunk
 *                \-- MK_STATS_CHUNK_MAX with the tail: a chunk at once
 */
#include "core/stats_parts.h"

#include "crypto/hash.h"

#include <stdlib.h>
#include <string.h>

struct mk_stats {
    struct mk_store *st;
    struct mk_stats_key key;
    uint64_t n_chunks;
    uint8_t chunks[MK_HASH]; /* chain over them */
    struct mk_stats_tail tail;
    struct mk_buf pending; /* struct mk_stats_record, one behind the other */
};

static size_t pending_n(const struct mk_stats *s)
{
    return s->pending.len / sizeof(struct mk_stats_record);
}

enum mk_err mk_stats_open(struct mk_stats **out, struct mk_store *st,
                          const struct mk_stats_key *key,
                          const uint8_t root[static MK_HASH], uint64_t n,
                          struct mk_diag *diag)
{
    struct mk_chunk_row last;
    *out = NULL;
    struct mk_stats *s = calloc(1, sizeof *s);
    if (!s)
        return mk_fail(diag, MK_E_MEMORY, "stats");
    s->st = st;
    s->key = *key;
    mk_buf_init(&s->pending);
    enum mk_err rc = mk_stats_end_load(&s->tail, &last, st, n, root, diag);
    if (rc != MK_OK) {
        mk_stats_close(s);
        return rc;
    }
    s->n_chunks = last.n > 0 ? last.idx + 1 : 0;
    memcpy(s->chunks, last.chain, MK_HASH);
    *out = s;
    return MK_OK;
}

void mk_stats_close(struct mk_stats *s)
{
    if (!s)
        return;
    mk_buf_release(&s->pending);
    free(s);
}

/* Seals plain as a part of the next chunk. */
static enum mk_err seal_part(struct mk_buf *out, const struct mk_stats *s,
                             uint16_t column, const struct mk_buf *plain)
{
    uint8_t aad[MK_AAD];
    size_t n = plain->len + MK_ENV_OVERHEAD;
    enum mk_err rc = mk_buf_reserve(out, n);
    if (rc != MK_OK)
        return rc;
    mk_stats_chunk_aad(aad, &s->key, column, s->n_chunks);
    mk_env_seal(out->data, s->key.rs, s->key.gen, aad, sizeof aad, plain->data,
                plain->len);
    out->len = n;
    return MK_OK;
}

/* Everything that is pending becomes the next chunk; the tail is empty. */
static enum mk_err chunk_write(struct mk_stats *s, struct mk_diag *diag)
{
    const struct mk_stats_record *r = (const void *)s->pending.data;
    size_t n = pending_n(s);
    struct mk_buf plain = MK_BUF_INIT, facts = MK_BUF_INIT, tags = MK_BUF_INIT;
    uint8_t facts_hash[MK_HASH];
    enum mk_err rc;

    MK_TRY(mk_stats_facts_encode(&plain, r, n));
    MK_TRY(seal_part(&facts, s, MK_COL_STATS_FACTS, &plain));
    mk_buf_clear(&plain);
    MK_TRY(mk_stats_tags_encode(&plain, r, n));
    MK_TRY(seal_part(&tags, s, MK_COL_STATS_TAGS, &plain));

    struct mk_chunk_row row = {
        .idx = s->n_chunks,
        .first = s->tail.first,
        .n = n,
        .facts = {facts.data, facts.len},
        .tags = {tags.data, tags.len},
    };
    mk_sha256(facts_hash, facts.data, facts.len);
    mk_sha256(row.tags_hash, tags.data, tags.len);
    mk_stats_chain_chunk(s->chunks, &row, facts_hash);
    memcpy(row.chain, s->chunks, MK_HASH);
    MK_TRY(mk_chunk_insert(s->st, &row, diag));
    s->n_chunks++;
    s->tail.first += n;
    mk_buf_clear(&s->pending);
out:
    mk_buf_release(&plain);
    mk_buf_release(&facts);
    mk_buf_release(&tags);
    if (rc != MK_OK && diag && diag->err == MK_OK)
        mk_fail(diag, rc, "stats_chunk");
    return rc;
}

/* Opens the tail rows and puts them before what is pending: the tail is empty,
 * its slots are free. */
static enum mk_err tail_pull(struct mk_stats *s, struct mk_diag *diag)
{
    struct mk_buf all = MK_BUF_INIT;
    struct mk_stats_record r;
    enum mk_err rc = MK_OK;
    if (s->tail.n == 0)
        return MK_OK;
    for (size_t i = 0; i < s->tail.n; i++) {
        MK_TRY(mk_stats_tail_get(&s->tail, &s->key, i, &r, diag));
        MK_TRY(mk_buf_add(&all, &r, sizeof r));
    }
    MK_TRY(mk_buf_add(&all, s->pending.data, s->pending.len));
    mk_buf_take(&s->pending, &all);
    s->tail.n = 0;
    memset(s->tail.chain, 0, MK_HASH);
out:
    mk_crypto_wipe(&r, sizeof r);
    mk_buf_release(&all);
    return rc;
}

enum mk_err mk_stats_append(struct mk_stats *s,
                            const struct mk_stats_record *r,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    if (!mk_stats_fits(r))
        return mk_fail(diag, MK_E_INTERNAL, "stats_row");
    rc = mk_buf_add(&s->pending, r, sizeof *r);
    if (rc != MK_OK)
        return mk_fail(diag, rc, "stats_row");
    if (s->tail.n + pending_n(s) < MK_STATS_CHUNK_MAX)
        return MK_OK;
    MK_TRY(tail_pull(s, diag));
    MK_TRY(chunk_write(s, diag));
out:
    return rc;
}

/* Each pending record becomes a row at the end of the tail. */
static enum mk_err rows_write(struct mk_stats *s, struct mk_diag *diag)
{
    const struct mk_stats_record *r = (const void *)s->pending.data;
    struct mk_stats_tail *t = &s->tail;
    uint8_t plain[MK_STATS_ROW_PLAIN];
    uint8_t aad[MK_AAD];
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < pending_n(s); i++) {
        const struct mk_stats_row row = {
            .slot = t->n,
            .env = {t->env[t->n], MK_STATS_ROW},
        };
        const uint64_t position = t->first + t->n;
        mk_stats_row_encode(plain, &r[i]);
        mk_stats_row_aad(aad, &s->key, position);
        mk_env_seal(t->env[t->n], s->key.rs, s->key.gen, aad, sizeof aad,
                    plain, sizeof plain);
        MK_TRY(mk_stats_row_save(s->st, &row, diag));
        mk_stats_chain_row(t->chain, position, t->env[t->n]);
        t->n++;
    }
    mk_buf_clear(&s->pending);
out:
    mk_crypto_wipe(plain, sizeof plain);
    return rc;
}

enum mk_err mk_stats_flush(struct mk_stats *s, uint64_t *n,
                           uint8_t root[static MK_HASH], struct mk_diag *diag)
{
    enum mk_err rc;
    if (s->tail.n + pending_n(s) < MK_STATS_GROUP) {
        MK_TRY(rows_write(s, diag));
    } else {
        MK_TRY(tail_pull(s, diag));
        MK_TRY(chunk_write(s, diag));
    }
    *n = s->tail.first + s->tail.n;
    mk_stats_root(root, *n, s->chunks, s->tail.chain);
out:
    return rc;
}
