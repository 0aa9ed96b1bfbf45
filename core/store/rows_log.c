/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access log, heads, tree nodes and the tail: rows only, no meaning. */
#include <string.h>

#include "core/store/query.h"
#include "core/store/rows_walk.h"

/* ---- log ---- */

enum mk_err mk_log_insert(struct mk_store *st, const struct mk_log_row *row,
                          struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_u64(row->seq),
                                     mk_sql_blob(row->leaf.p, row->leaf.n)};

    return mk_query_put(st, MK_Q_LOG_INSERT, v, 2, MK_E_TAMPERED, diag);
}

enum mk_err mk_walk_log(struct mk_walk **out, struct mk_store *st,
                        uint64_t from_seq, struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_u64(from_seq)};

    return mk_walk_open(out, st, MK_Q_LOG_WALK, v, 1, diag);
}

enum mk_err mk_walk_log_row(struct mk_walk *w, bool *more,
                            struct mk_log_row *row, struct mk_diag *diag)
{
    struct mk_columns c = mk_columns_of(w->st, w->q);
    enum mk_err rc;

    memset(row, 0, sizeof(*row));
    rc = mk_query_step(w->st, w->q, more, diag);
    if (rc != MK_OK || !*more)
        return rc;
    row->seq = mk_column_u64(&c);
    row->leaf = mk_column_blob(&c);
    return mk_columns_end(&c, "log", diag);
}

enum mk_err mk_log_prune_rows(struct mk_store *st, uint64_t size,
                              uint64_t *removed, struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_u64(size)};

    *removed = 0;
    return mk_query_run(st, MK_Q_LOG_PRUNE, v, 1, removed, diag);
}

/* ---- heads ---- */

enum mk_err mk_head_insert(struct mk_store *st, const struct mk_head_row *row,
                           struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {
        mk_sql_u64(row->log_size),
        mk_sql_blob(row->txid, MK_ID),
        mk_sql_blob(row->body, MK_HEAD),
        mk_sql_blob(row->sig, MK_SIG),
    };

    return mk_query_put(st, MK_Q_HEAD_INSERT, v, 4, MK_E_TAMPERED, diag);
}

static void take_head(struct mk_columns *c, struct mk_head_row *row)
{
    row->log_size = mk_column_u64(c);
    mk_column_bytes(c, row->txid, MK_ID);
    mk_column_bytes(c, row->body, MK_HEAD);
    mk_column_bytes(c, row->sig, MK_SIG);
}

static enum mk_err find_head(struct mk_store *st, enum mk_query q,
                             const struct mk_sql_value *params, size_t n,
                             bool *found, struct mk_head_row *row,
                             struct mk_diag *diag)
{
    struct mk_columns c = mk_columns_of(st, q);
    enum mk_err rc;

    memset(row, 0, sizeof(*row));
    rc = mk_query_first(st, q, params, n, found, diag);
    if (rc != MK_OK || !*found)
        return rc;
    take_head(&c, row);
    rc = mk_columns_end(&c, "head", diag);
    mk_query_finish(st, q);
    return rc;
}

enum mk_err mk_head_newest(struct mk_store *st, struct mk_head_row *row,
                           struct mk_diag *diag)
{
    enum mk_err rc;
    bool found;

    rc = find_head(st, MK_Q_HEAD_NEWEST, NULL, 0, &found, row, diag);
    if (rc == MK_OK && !found)
        rc = mk_fail(diag, MK_E_NOT_FOUND, "head");
    return rc;
}

enum mk_err mk_head_newest_beside(struct mk_store *st, const char *document,
                                  bool *there, struct mk_head_row *row,
                                  struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_blob(document, strlen(document))};
    const enum mk_query q = MK_Q_HEAD_NEWEST_BESIDE;
    struct mk_columns c = mk_columns_of(st, q);
    struct mk_sql_value length;
    enum mk_err rc;
    bool found;

    *there = false;
    memset(row, 0, sizeof(*row));
    MK_TRY(mk_query_first(st, q, v, 1, &found, diag));
    if (!found)
        MK_TRY(mk_fail(diag, MK_E_NOT_FOUND, "head"));
    take_head(&c, row);
    if (!st->driver->ops->column(st->driver, q, c.next, &length))
        c.bad = true;
    *there = length.type == MK_SQL_U64 && length.u != 0;
    MK_TRY(mk_columns_end(&c, "head", diag));
out:
    mk_query_finish(st, q);
    return rc;
}

enum mk_err mk_head_load(struct mk_store *st, uint64_t log_size, bool *found,
                         struct mk_head_row *row, struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_u64(log_size)};

    return find_head(st, MK_Q_HEAD_LOAD, v, 1, found, row, diag);
}

enum mk_err mk_head_by_txid(struct mk_store *st,
                            const uint8_t txid[static MK_ID], bool *found,
                            struct mk_head_row *row, struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_blob(txid, MK_ID)};

    return find_head(st, MK_Q_HEAD_BY_TXID, v, 1, found, row, diag);
}

enum mk_err mk_walk_heads(struct mk_walk **out, struct mk_store *st,
                          uint64_t after, struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_u64(after)};

    return mk_walk_open(out, st, MK_Q_HEAD_WALK, v, 1, diag);
}

enum mk_err mk_walk_head(struct mk_walk *w, bool *more,
                         struct mk_head_row *row, struct mk_diag *diag)
{
    struct mk_columns c = mk_columns_of(w->st, w->q);
    enum mk_err rc;

    rc = mk_query_step(w->st, w->q, more, diag);
    if (rc != MK_OK || !*more)
        return rc;
    take_head(&c, row);
    return mk_columns_end(&c, "head", diag);
}

/* ---- tree nodes ---- */

enum mk_err mk_node_load(struct mk_store *st, enum mk_tree tree,
                         unsigned level, uint64_t index,
                         uint8_t row[static 16 * MK_HASH], size_t *n,
                         struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_u64(tree), mk_sql_u64(level),
                                     mk_sql_u64(index)};
    struct mk_columns c = mk_columns_of(st, MK_Q_NODE_LOAD);
    struct mk_blob hashes;
    enum mk_err rc;
    bool found;

    *n = 0;
    rc = mk_query_first(st, MK_Q_NODE_LOAD, v, 3, &found, diag);
    if (rc != MK_OK || !found)
        return rc;
    hashes = mk_column_blob(&c);
    if (hashes.n == 0 || hashes.n > 16 * MK_HASH || hashes.n % MK_HASH != 0)
        c.bad = true;
    if (!c.bad) {
        memcpy(row, hashes.p, hashes.n);
        *n = hashes.n / MK_HASH;
    }
    mk_query_finish(st, MK_Q_NODE_LOAD);
    return mk_columns_end(&c, "node", diag);
}

enum mk_err mk_node_save(struct mk_store *st, enum mk_tree tree,
                         unsigned level, uint64_t index, const uint8_t *row,
                         size_t n, struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_u64(tree), mk_sql_u64(level),
                                     mk_sql_u64(index),
                                     mk_sql_blob(row, n * MK_HASH)};

    if (n == 0 || n > 16)
        return mk_fail(diag, MK_E_INTERNAL, "node");
    return mk_query_put(st, MK_Q_NODE_SAVE, v, 4, MK_E_TAMPERED, diag);
}

/* ---- tail ---- */

enum mk_err mk_tail_set(struct mk_store *st, uint64_t log_size,
                        struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_u64(log_size)};
    enum mk_err rc;

    rc = mk_query_put(st, MK_Q_TAIL_SET, v, 1, MK_E_TAMPERED, diag);
    if (rc == MK_OK)
        st->tail_written = log_size;
    return rc;
}

enum mk_err mk_tail_get(struct mk_store *st, uint64_t *log_size,
                        struct mk_diag *diag)
{
    struct mk_columns c = mk_columns_of(st, MK_Q_TAIL_GET);
    enum mk_err rc;
    bool found;

    *log_size = 0;
    rc = mk_query_first(st, MK_Q_TAIL_GET, NULL, 0, &found, diag);
    if (rc == MK_OK && !found)
        rc = mk_fail(diag, MK_E_TAMPERED, "tail");
    if (rc != MK_OK)
        return rc;
    *log_size = mk_column_u64(&c);
    mk_query_finish(st, MK_Q_TAIL_GET);
    return mk_columns_end(&c, "tail", diag);
}
