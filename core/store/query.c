/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/query.h"

#include <string.h>

static enum mk_err check(const struct mk_store *st, enum mk_query q,
                         struct mk_diag *diag)
{
    bool fits = mk_query_writes(q) ? st->tx == MK_TX_WRITE
                                   : st->tx != MK_TX_NONE;

    return fits ? MK_OK : mk_fail(diag, MK_E_INTERNAL, mk_query_name(q));
}

enum mk_err mk_query_start(struct mk_store *st, enum mk_query q,
                           const struct mk_sql_value *params, size_t n,
                           struct mk_diag *diag)
{
    enum mk_err rc = check(st, q, diag);

    return rc == MK_OK ? st->driver->ops->run(st->driver, q, params, n, diag)
                       : rc;
}

enum mk_err mk_query_step(struct mk_store *st, enum mk_query q, bool *more,
                          struct mk_diag *diag)
{
    return st->driver->ops->step(st->driver, q, more, NULL, diag);
}

void mk_query_finish(struct mk_store *st, enum mk_query q)
{
    st->driver->ops->finish(st->driver, q);
}

enum mk_err mk_query_run(struct mk_store *st, enum mk_query q,
                         const struct mk_sql_value *params, size_t n,
                         uint64_t *changed, struct mk_diag *diag)
{
    enum mk_err rc = mk_query_start(st, q, params, n, diag);
    bool more;

    *changed = 0;
    return rc == MK_OK
               ? st->driver->ops->step(st->driver, q, &more, changed, diag)
               : rc;
}

enum mk_err mk_query_put(struct mk_store *st, enum mk_query q,
                         const struct mk_sql_value *params, size_t n,
                         enum mk_err otherwise, struct mk_diag *diag)
{
    enum mk_err rc = check(st, q, diag);

    return rc == MK_OK ? st->driver->ops->put(st->driver, q, params, n,
                                              otherwise, diag)
                       : rc;
}

enum mk_err mk_query_first(struct mk_store *st, enum mk_query q,
                           const struct mk_sql_value *params, size_t n,
                           bool *found, struct mk_diag *diag)
{
    enum mk_err rc;

    *found = false;
    rc = mk_query_start(st, q, params, n, diag);
    if (rc == MK_OK)
        rc = mk_query_step(st, q, found, diag);
    return rc;
}

struct mk_columns mk_columns_of(struct mk_store *st, enum mk_query q)
{
    return (struct mk_columns){.st = st, .q = q};
}

static struct mk_sql_value next(struct mk_columns *c, enum mk_sql_type type)
{
    struct mk_driver *d = c->st->driver;
    struct mk_sql_value v = {.type = MK_SQL_NULL};

    if (!d->ops->column(d, c->q, c->next++, &v) || v.type != type)
        c->bad = true;
    return v;
}

uint64_t mk_column_u64(struct mk_columns *c)
{
    return next(c, MK_SQL_U64).u;
}

uint32_t mk_column_u32(struct mk_columns *c)
{
    uint64_t u = mk_column_u64(c);

    if (u > UINT32_MAX)
        c->bad = true;
    return (uint32_t)u;
}

struct mk_blob mk_column_blob(struct mk_columns *c)
{
    struct mk_sql_value v = next(c, MK_SQL_BLOB);

    return (struct mk_blob){.p = v.p, .n = v.n};
}

struct mk_blob mk_column_blob_or_null(struct mk_columns *c)
{
    struct mk_driver *d = c->st->driver;
    struct mk_sql_value v = {.type = MK_SQL_NULL};

    if (!d->ops->column(d, c->q, c->next++, &v) || v.type == MK_SQL_U64)
        c->bad = true;
    return (struct mk_blob){.p = v.p, .n = v.n};
}

void mk_column_bytes(struct mk_columns *c, uint8_t *out, size_t n)
{
    struct mk_blob b = mk_column_blob(c);

    memset(out, 0, n);
    if (b.n != n)
        c->bad = true;
    else if (b.p)
        memcpy(out, b.p, n);
}

enum mk_err mk_columns_end(const struct mk_columns *c, const char *table,
                           struct mk_diag *diag)
{
    return c->bad ? mk_fail(diag, MK_E_TAMPERED, table) : MK_OK;
}
