/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The statistics stream and the register: rows only, no meaning. */
#include <string.h>

#include "core/store/query.h"
#include "core/store/rows_walk.h"

/* ---- chunks ---- */

enum mk_err mk_chunk_insert(struct mk_store *st,
                            const struct mk_chunk_row *row,
                            struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {
        mk_sql_u64(row->idx),
        mk_sql_u64(row->first),
        mk_sql_u64(row->n),
        mk_sql_blob(row->tags_hash, MK_HASH),
        mk_sql_blob(row->chain, MK_HASH),
        mk_sql_blob(row->facts.p, row->facts.n),
        mk_sql_blob(row->tags.p, row->tags.n),
    };

    return mk_query_put(st, MK_Q_CHUNK_INSERT, v, 7, MK_E_TAMPERED, diag);
}

/* blobs: 0 none, 1 facts, 2 facts and tags */
static enum mk_err read_chunk(struct mk_store *st, enum mk_query q,
                              unsigned blobs, struct mk_chunk_row *row,
                              struct mk_diag *diag)
{
    struct mk_columns c = mk_columns_of(st, q);

    memset(row, 0, sizeof(*row));
    row->idx = mk_column_u64(&c);
    row->first = mk_column_u64(&c);
    row->n = mk_column_u64(&c);
    mk_column_bytes(&c, row->tags_hash, MK_HASH);
    mk_column_bytes(&c, row->chain, MK_HASH);
    if (blobs > 0)
        row->facts = mk_column_blob(&c);
    if (blobs > 1)
        row->tags = mk_column_blob(&c);
    return mk_columns_end(&c, "stats_chunk", diag);
}

enum mk_err mk_chunk_last(struct mk_store *st, bool *found,
                          struct mk_chunk_row *row, struct mk_diag *diag)
{
    enum mk_err rc;

    memset(row, 0, sizeof(*row));
    rc = mk_query_first(st, MK_Q_CHUNK_LAST, NULL, 0, found, diag);
    if (rc != MK_OK || !*found)
        return rc;
    rc = read_chunk(st, MK_Q_CHUNK_LAST, 0, row, diag);
    mk_query_finish(st, MK_Q_CHUNK_LAST);
    return rc;
}

enum mk_err mk_walk_chunks(struct mk_walk **out, struct mk_store *st,
                           bool with_tags, bool newest_first,
                           struct mk_diag *diag)
{
    static const enum mk_query queries[2][2] = {
        {MK_Q_CHUNK_WALK, MK_Q_CHUNK_WALK_BACK},
        {MK_Q_CHUNK_WALK_TAGS, MK_Q_CHUNK_WALK_TAGS_BACK},
    };

    return mk_walk_open(out, st, queries[with_tags][newest_first], NULL, 0,
                        diag);
}

enum mk_err mk_walk_chunk(struct mk_walk *w, bool *more,
                          struct mk_chunk_row *row, struct mk_diag *diag)
{
    bool tags = w->q == MK_Q_CHUNK_WALK_TAGS ||
                w->q == MK_Q_CHUNK_WALK_TAGS_BACK;
    enum mk_err rc;

    rc = mk_query_step(w->st, w->q, more, diag);
    if (rc != MK_OK || !*more)
        return rc;
    return read_chunk(w->st, w->q, tags ? 2 : 1, row, diag);
}

/* ---- rows of the tail of the stream ---- */

enum mk_err mk_stats_row_save(struct mk_store *st,
                              const struct mk_stats_row *row,
                              struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_u64(row->slot),
                                     mk_sql_blob(row->env.p, row->env.n)};

    return mk_query_put(st, MK_Q_STATS_ROW_SAVE, v, 2, MK_E_TAMPERED, diag);
}

enum mk_err mk_walk_stats_rows(struct mk_walk **out, struct mk_store *st,
                               uint64_t n, struct mk_diag *diag)
{
    const struct mk_sql_value before = mk_sql_u64(n);

    return mk_walk_open(out, st, MK_Q_STATS_ROW_WALK, &before, 1, diag);
}

enum mk_err mk_walk_stats_row(struct mk_walk *w, bool *more,
                              struct mk_stats_row *row, struct mk_diag *diag)
{
    struct mk_columns c = mk_columns_of(w->st, w->q);
    enum mk_err rc;

    memset(row, 0, sizeof(*row));
    rc = mk_query_step(w->st, w->q, more, diag);
    if (rc != MK_OK || !*more)
        return rc;
    row->slot = mk_column_u64(&c);
    row->env = mk_column_blob(&c);
    return mk_columns_end(&c, "stats_row", diag);
}

/* ---- register ---- */

enum mk_err mk_register_insert(struct mk_store *st,
                               const struct mk_register_row *row,
                               struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {
        mk_sql_u64(row->seq),
        mk_sql_u64(row->kind),
        mk_sql_blob(row->chain, MK_HASH),
        mk_sql_blob(row->body.p, row->body.n),
    };

    return mk_query_put(st, MK_Q_REGISTER_INSERT, v, 4, MK_E_TAMPERED, diag);
}

enum mk_err mk_walk_register(struct mk_walk **out, struct mk_store *st,
                             struct mk_diag *diag)
{
    return mk_walk_open(out, st, MK_Q_REGISTER_WALK, NULL, 0, diag);
}

enum mk_err mk_walk_register_row(struct mk_walk *w, bool *more,
                                 struct mk_register_row *row,
                                 struct mk_diag *diag)
{
    struct mk_columns c = mk_columns_of(w->st, w->q);
    enum mk_err rc;

    memset(row, 0, sizeof(*row));
    rc = mk_query_step(w->st, w->q, more, diag);
    if (rc != MK_OK || !*more)
        return rc;
    row->seq = mk_column_u64(&c);
    row->kind = mk_column_u32(&c);
    mk_column_bytes(&c, row->chain, MK_HASH);
    row->body = mk_column_blob(&c);
    return mk_columns_end(&c, "register", diag);
}
