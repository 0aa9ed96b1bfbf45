/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One pass over the stream, newest record first, proven while it runs:
 *
 *   tail and last chain proven by the root
 *     -> tail rows, last to first                     stats_tail.c
 *     -> chunks, last to first: facts hashed and opened; tags, where wanted,
 *        compared with the hash that the chain covers, and opened
 *          chain of chunk k = hash(chain stored in chunk k - 1, chunk k):
 *          checked as soon as chunk k - 1 is read, that of chunk 0 against
 *          zeros
 */
#include "core/stats_scan.h"

#include "crypto/hash.h"

#include <string.h>

/* The chunk read before, whose chain waits for that of its predecessor. */
struct link {
    struct mk_chunk_row row; /* without blobs */
    uint8_t facts_hash[MK_HASH];
    bool any;
};

/* before: the chain over all chunks before the one in link. */
static enum mk_err link_check(const struct link *link,
                              const uint8_t before[static MK_HASH],
                              struct mk_diag *diag)
{
    uint8_t chain[MK_HASH];
    memcpy(chain, before, MK_HASH);
    mk_stats_chain_chunk(chain, &link->row, link->facts_hash);
    if (!mk_crypto_equal(chain, link->row.chain, MK_HASH))
        return mk_stats_bad_chunk(diag, MK_E_TAMPERED, link->row.idx);
    return MK_OK;
}

/* Checks that row lies directly before what link holds (in its beginning: is
 * what the root says is the last), then holds row. */
static enum mk_err link_move(struct link *link, const struct mk_chunk_row *row,
                             const struct mk_chunk_row *last,
                             struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    bool fits = row->n > 0 && row->n <= MK_STATS_CHUNK_MAX && row->facts.p;
    if (!link->any)
        fits = fits && row->idx == last->idx && row->first == last->first &&
               row->n == last->n &&
               mk_crypto_equal(row->chain, last->chain, MK_HASH);
    else
        fits = fits && row->idx + 1 == link->row.idx &&
               row->first + row->n == link->row.first;
    if (!fits)
        return mk_stats_bad_chunk(diag, MK_E_TAMPERED, row->idx);
    if (link->any)
        rc = link_check(link, row->chain, diag);
    link->row = *row;
    link->row.facts = link->row.tags = (struct mk_blob){NULL, 0};
    link->any = true;
    mk_sha256(link->facts_hash, row->facts.p, row->facts.n);
    return rc;
}

/* Opens the facts of row into plain, with slack behind them. */
static enum mk_err facts_open(struct mk_stats_facts *f, struct mk_buf *plain,
                              const struct mk_stats_key *key,
                              const struct mk_chunk_row *row,
                              struct mk_diag *diag)
{
    struct mk_stats_key its;
    uint8_t aad[MK_AAD];
    enum mk_err rc;
    if (row->facts.n < MK_ENV_OVERHEAD ||
        mk_stats_key_for(&its, key, row->facts.p, row->facts.n) != MK_OK)
        return mk_stats_bad_chunk(diag, MK_E_DAMAGED, row->idx);
    size_t n = row->facts.n - MK_ENV_OVERHEAD;
    plain->len = 0;
    rc = mk_buf_reserve(plain, n + MK_STATS_SLACK);
    if (rc != MK_OK)
        return mk_fail(diag, rc, "stats_chunk");
    mk_stats_chunk_aad(aad, &its, MK_COL_STATS_FACTS, row->idx);
    rc = mk_env_open(plain->data, its.rs, aad, sizeof aad, row->facts.p,
                     row->facts.n, diag);
    if (rc == MK_OK) {
        plain->len = n;
        memset(plain->data + n, 0, MK_STATS_SLACK);
        if (!mk_stats_facts_open(f, plain->data, n, row->n))
            rc = MK_E_DAMAGED;
    }
    return rc == MK_OK ? rc : mk_stats_bad_chunk(diag, rc, row->idx);
}

/* Opens the tags of row, which have to be those that its chain covers. */
static enum mk_err tags_open(struct mk_buf *plain,
                             const struct mk_stats_key *key,
                             const struct mk_chunk_row *row,
                             struct mk_diag *diag)
{
    struct mk_stats_key its;
    uint8_t aad[MK_AAD];
    uint8_t hash[MK_HASH];
    enum mk_err rc;
    if (!row->tags.p)
        return mk_stats_bad_chunk(diag, MK_E_TAMPERED, row->idx);
    mk_sha256(hash, row->tags.p, row->tags.n);
    if (!mk_crypto_equal(hash, row->tags_hash, MK_HASH))
        return mk_stats_bad_chunk(diag, MK_E_TAMPERED, row->idx);
    if (row->tags.n < MK_ENV_OVERHEAD ||
        mk_stats_key_for(&its, key, row->tags.p, row->tags.n) != MK_OK)
        return mk_stats_bad_chunk(diag, MK_E_DAMAGED, row->idx);
    size_t n = row->tags.n - MK_ENV_OVERHEAD;
    plain->len = 0;
    rc = mk_buf_reserve(plain, n);
    if (rc != MK_OK)
        return mk_fail(diag, rc, "stats_chunk");
    mk_stats_chunk_aad(aad, &its, MK_COL_STATS_TAGS, row->idx);
    rc = mk_env_open(plain->data, its.rs, aad, sizeof aad, row->tags.p,
                     row->tags.n, diag);
    if (rc != MK_OK)
        return mk_stats_bad_chunk(diag, rc, row->idx);
    plain->len = n;
    return MK_OK;
}

/* What one chunk needs, kept from chunk to chunk. */
struct opened {
    struct mk_buf facts, tags;
};

/* The records of a chunk as rows. */
static enum mk_err give_rows(const struct mk_stats_scan *s,
                             const struct mk_stats_facts *facts,
                             const struct mk_buf *tags, uint64_t first)
{
    struct mk_stats_record r;
    enum mk_err rc = MK_OK;
    for (size_t i = facts->n; i-- > 0 && rc == MK_OK;) {
        memset(&r, 0, sizeof r);
        if (mk_stats_facts_get(facts, i, &r) &&
            (!s->with_tags ||
             mk_stats_tags_get(tags->data, tags->len, facts->n, i, &r)))
            rc = s->row(s->ctx, &r, first + i);
        else
            rc = MK_E_DAMAGED;
    }
    mk_crypto_wipe(&r, sizeof r);
    return rc;
}

static enum mk_err give_chunk(const struct mk_stats_scan *s, struct opened *o,
                              const struct mk_stats_key *key,
                              const struct mk_chunk_row *row,
                              struct mk_diag *diag)
{
    struct mk_stats_facts facts;
    enum mk_err rc;
    MK_TRY(facts_open(&facts, &o->facts, key, row, diag));
    if (s->with_tags)
        MK_TRY(tags_open(&o->tags, key, row, diag));
    rc = s->chunk ? s->chunk(s->ctx, &facts, &o->tags, row->first)
                  : give_rows(s, &facts, &o->tags, row->first);
    if (rc != MK_OK)
        mk_stats_bad_chunk(diag, rc, row->idx);
out:
    return rc;
}

static enum mk_err scan_chunks(const struct mk_stats_scan *s,
                               struct mk_store *st,
                               const struct mk_stats_key *key,
                               const struct mk_chunk_row *last,
                               struct mk_diag *diag)
{
    static const uint8_t none[MK_HASH];
    struct mk_walk *w = NULL;
    struct mk_chunk_row row;
    struct opened opened = {MK_BUF_INIT, MK_BUF_INIT};
    struct link link = {.any = false};
    bool more = true;
    enum mk_err rc;

    MK_TRY(mk_walk_chunks(&w, st, s->with_tags, true, diag));
    for (;;) {
        MK_TRY(mk_walk_chunk(w, &more, &row, diag));
        if (!more)
            break;
        MK_TRY(link_move(&link, &row, last, diag));
        if (row.first < s->end)
            MK_TRY(give_chunk(s, &opened, key, &row, diag));
    }
    /* the oldest is the first of the stream, and no chunk is missing */
    if (link.any != (last->n > 0) ||
        (link.any && (link.row.idx != 0 || link.row.first != 0)))
        rc = mk_stats_bad_chunk(diag, MK_E_TAMPERED, 0);
    else if (link.any)
        rc = link_check(&link, none, diag);
out:
    mk_walk_close(w);
    mk_buf_release(&opened.facts);
    mk_buf_release(&opened.tags);
    return rc;
}

static enum mk_err scan_tail(const struct mk_stats_scan *s,
                             const struct mk_stats_tail *tail,
                             const struct mk_stats_key *key,
                             struct mk_diag *diag)
{
    struct mk_stats_record r;
    enum mk_err rc = MK_OK;
    for (size_t i = tail->n; i-- > 0 && rc == MK_OK;) {
        rc = mk_stats_tail_get(tail, key, i, &r, diag);
        if (rc != MK_OK)
            break;
        rc = s->row(s->ctx, &r, tail->first + i);
        if (rc != MK_OK)
            mk_stats_bad_row(diag, rc, tail->first + i);
    }
    mk_crypto_wipe(&r, sizeof r);
    return rc;
}

enum mk_err mk_stats_scan(const struct mk_stats_scan *s, struct mk_store *st,
                          const struct mk_stats_key *key, uint64_t n,
                          const uint8_t root[static MK_HASH],
                          struct mk_diag *diag)
{
    struct mk_stats_tail tail;
    struct mk_chunk_row last;
    enum mk_err rc;
    MK_TRY(mk_stats_end_load(&tail, &last, st, n, root, diag));
    MK_TRY(scan_tail(s, &tail, key, diag));
    MK_TRY(scan_chunks(s, st, key, &last, diag));
out:
    return rc;
}
