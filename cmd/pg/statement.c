/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements of the store: prepared ones, rows that are put, walks. */
#include <stdio.h>
#include <string.h>

#include "cmd/pg/session.h"

#define OID_BYTEA 17
#define OID_INT8 20

/* A walk begins small, so that a few rows cost little, and grows. */
#define BATCH_FIRST 32u
#define BATCH_MAX 1024u
#define BATCH_BYTES ((size_t)1 << 20)

/* ---- parameters ---- */

/* As libpq takes them: all numbers as int8, whatever the column, so that a
 * number that a column cannot hold is an error and not another number. */
struct params {
    uint16_t blobs;
    int n;
    Oid types[MK_QUERY_PARAMS];
    const char *values[MK_QUERY_PARAMS];
    int lengths[MK_QUERY_PARAMS];
    int formats[MK_QUERY_PARAMS];
    uint8_t numbers[MK_QUERY_PARAMS][8];
};

static bool read_params(struct params *p, struct mk_reader *r)
{
    memset(p, 0, sizeof(*p));
    while (r->left > 0) {
        struct mk_sql_value v;
        int i = p->n;

        if (i == MK_QUERY_PARAMS || !mk_wire_read_value(r, &v))
            return false;
        p->n++;
        p->formats[i] = 1;
        p->types[i] = v.type == MK_SQL_U64 ? OID_INT8 : OID_BYTEA;
        if (v.type == MK_SQL_U64) {
            mk_put_u64(p->numbers[i], v.u);
            p->values[i] = (const char *)p->numbers[i];
            p->lengths[i] = 8;
            continue;
        }
        p->blobs |= (uint16_t)(1u << i);
        /* an empty one is not NULL */
        if (v.type == MK_SQL_BLOB)
            p->values[i] = v.n > 0 ? v.p : "";
        p->lengths[i] = (int)v.n;
    }
    return !r->bad;
}

/* ---- statements ---- */

static void name_of(char out[static 8], enum mk_query q)
{
    (void)snprintf(out, 8, "s%u", (unsigned)q);
}

/* Only an account of those who may erase gets past these (grants.sql). */
static bool erases(enum mk_query q)
{
    return q == MK_Q_LOG_PRUNE || q == MK_Q_ENTRIES_DELETE ||
           q == MK_Q_DOSSIER_BURY;
}

/* Of what is owed only this matters later: what has been prepared. */
static void settle_owed(struct mk_session *s)
{
    struct mk_owed *owed = &s->server.owed;

    for (unsigned i = 0; i < owed->n; i++) {
        struct mk_statement *st = &s->statements[owed->one[i].query];

        if (owed->one[i].prepares) {
            st->prepared = i < owed->good;
            st->preparing = false;
        }
    }
    owed->n = 0;
    s->put = 0;
}

enum mk_err mk_session_take(struct mk_session *s, const char *what,
                            PGresult **out, struct mk_diag *diag)
{
    enum mk_err rc = mk_server_take(&s->server, what, out, diag);

    settle_owed(s);
    return rc;
}

enum mk_err mk_session_settle(struct mk_session *s, struct mk_diag *diag)
{
    return s->server.owed.n > 0 ? mk_session_take(s, "PUT", NULL, diag)
                                : MK_OK;
}

static bool send_prepare(struct mk_session *s, enum mk_query q,
                         const struct params *p, const char *name)
{
    const struct mk_owed_one one = {
        .what = mk_query_name(q), .query = (uint16_t)q, .prepares = true};
    struct mk_statement *st = &s->statements[q];

    if (!PQenterPipelineMode(s->server.conn) ||
        !PQsendPrepare(s->server.conn, name, mk_query_sql(q), p->n, p->types))
        return false;
    mk_server_owe(&s->server, &one);
    st->preparing = true;
    st->blobs = p->blobs;
    st->n_params = (uint8_t)p->n;
    return true;
}

/* Prepared at its first use, in the same round trip. */
static enum mk_err send_prepared(struct mk_session *s, enum mk_query q,
                                 const struct params *p, struct mk_diag *diag)
{
    struct mk_statement *st = &s->statements[q];
    bool first = !st->prepared && !st->preparing;
    char name[8];

    name_of(name, q);
    if (!first && (st->blobs != p->blobs || st->n_params != p->n))
        return mk_fail(diag, MK_E_INTERNAL, mk_query_name(q));
    if ((first && !send_prepare(s, q, p, name)) ||
        !PQsendQueryPrepared(s->server.conn, name, p->n, p->values, p->lengths,
                             p->formats, 1))
        return mk_server_unsent(&s->server, mk_query_name(q), diag);
    return MK_OK;
}

static bool send_text(PGconn *c, const char *text, const struct params *p)
{
    return p ? PQsendQueryParams(c, text, p->n, p->types, p->values,
                                 p->lengths, p->formats, 1)
             : PQsendQueryParams(c, text, 0, NULL, NULL, NULL, NULL, 1);
}

static bool send_fetch(PGconn *c, enum mk_query q, unsigned rows)
{
    char text[64];

    (void)snprintf(text, sizeof(text), "%s%u%s%u",
                   mk_server_sql(MK_SERVER_WALK_FETCH), rows,
                   mk_server_sql(MK_SERVER_WALK_FROM), (unsigned)q);
    return send_text(c, text, NULL);
}

static bool send_close(PGconn *c, enum mk_query q)
{
    char text[64];

    (void)snprintf(text, sizeof(text), "%s%u",
                   mk_server_sql(MK_SERVER_WALK_CLOSE), (unsigned)q);
    return send_text(c, text, NULL);
}

/* Opens the cursor of a walk, closes the one that was left, and fetches the
 * first rows: one round trip. */
static bool send_walk(struct mk_session *s, enum mk_query q,
                      const struct params *p)
{
    struct mk_statement *st = &s->statements[q];
    PGconn *c = s->server.conn;
    char text[1024];
    int n = snprintf(text, sizeof(text), "%s%u%s%s",
                     mk_server_sql(MK_SERVER_WALK_OPEN), (unsigned)q,
                     mk_server_sql(MK_SERVER_WALK_FOR), mk_query_sql(q));

    return n > 0 && (size_t)n < sizeof(text) && PQenterPipelineMode(c) &&
           (!st->walking || send_close(c, q)) && send_text(c, text, p) &&
           send_fetch(c, q, st->batch);
}

/* How many rows make a good batch, after this one. */
static unsigned next_batch(unsigned batch, size_t rows, size_t bytes)
{
    size_t fits = rows > 0 ? BATCH_BYTES / (bytes / rows + 1) : 1;
    size_t most = (size_t)batch * 8;

    if (fits > most)
        fits = most;
    if (fits > BATCH_MAX)
        fits = BATCH_MAX;
    return fits > 0 ? (unsigned)fits : 1;
}

static void forget_rest(struct mk_statement *st)
{
    PQclear(st->rest);
    st->rest = NULL;
    st->at = 0;
}

/* All rows of a statement that has few, or what it touched. */
static enum mk_err give_all(const PGresult *result, struct mk_buf *out,
                            struct mk_diag *diag)
{
    int at = 0;

    return mk_rows_add(out, result, &at, MK_WIRE_MAX, false, diag);
}

/* The next rows of what was fetched of a walk, as an answer. */
static enum mk_err give_some(struct mk_statement *st, struct mk_buf *out,
                             struct mk_diag *diag)
{
    unsigned rows = (unsigned)PQntuples(st->rest);
    bool more = rows == st->asked;
    enum mk_err rc;
    int from = st->at;

    rc = mk_rows_add(out, st->rest, &st->at, BATCH_BYTES, more, diag);
    if (rc != MK_OK)
        return rc;
    st->batch = next_batch(st->asked, (size_t)(st->at - from), out->len);
    if (st->at == (int)rows)
        forget_rest(st);
    return MK_OK;
}

/* What was sent for a walk is answered. */
static enum mk_err take_some(struct mk_session *s, enum mk_query q,
                             struct mk_buf *out, struct mk_diag *diag)
{
    struct mk_statement *st = &s->statements[q];
    enum mk_err rc;

    st->asked = st->batch;
    rc = mk_session_take(s, mk_query_name(q), &st->rest, diag);
    return rc == MK_OK ? give_some(st, out, diag) : rc;
}

enum mk_err mk_statement_run(struct mk_session *s, struct mk_reader *r,
                             struct mk_buf *out, struct mk_diag *diag)
{
    unsigned number = mk_read_u16(r);
    enum mk_query q = (enum mk_query)number;
    PGresult *result = NULL;
    struct params p;
    enum mk_err rc;

    if (r->bad || number >= MK_QUERY_COUNT || !read_params(&p, r) ||
        !s->open || (mk_query_writes(q) && !s->write))
        return mk_fail(diag, MK_E_INTERNAL, "RUN");
    if (mk_query_kind(q) == MK_QUERY_WALK) {
        forget_rest(&s->statements[q]);
        s->statements[q].batch = BATCH_FIRST;
        if (!send_walk(s, q, &p))
            return mk_server_unsent(&s->server, mk_query_name(q), diag);
        s->statements[q].walking = true;
        return take_some(s, q, out, diag);
    }
    rc = send_prepared(s, q, &p, diag);
    if (rc == MK_OK)
        rc = mk_session_take(s, mk_query_name(q), &result, diag);
    if (rc == MK_E_SERVER_DENIED && erases(q))
        rc = mk_fail(diag, MK_E_SERVER_ERASE, mk_query_name(q));
    if (rc == MK_OK)
        rc = give_all(result, out, diag);
    PQclear(result);
    return rc;
}

enum mk_err mk_statement_put(struct mk_session *s, struct mk_reader *r,
                             struct mk_diag *diag)
{
    unsigned number = mk_read_u16(r);
    uint8_t changed = mk_read_u8(r);
    enum mk_query q = (enum mk_query)number;
    const struct mk_owed_one one = {
        .what = number < MK_QUERY_COUNT ? mk_query_name(q) : "",
        .query = (uint16_t)number,
        .otherwise = changed ? MK_E_CHANGED : MK_E_TAMPERED,
        .denied = number < MK_QUERY_COUNT && erases(q) ? MK_E_SERVER_ERASE
                                                       : MK_E_SERVER_DENIED,
    };
    size_t bytes = r->left;
    struct params p;
    enum mk_err rc;

    if (r->bad || number >= MK_QUERY_COUNT || changed > 1 ||
        !read_params(&p, r) || !s->open || !s->write || !mk_query_writes(q))
        return mk_fail(diag, MK_E_INTERNAL, "PUT");
    if (!PQenterPipelineMode(s->server.conn))
        return mk_server_unsent(&s->server, mk_query_name(q), diag);
    MK_TRY(send_prepared(s, q, &p, diag));
    mk_server_owe(&s->server, &one);
    s->put += bytes;
    /* room for one more that is prepared first, and for a question's */
    if (s->server.owed.n + 3 > MK_OWED_MAX || s->put > MK_PUT_MAX)
        rc = mk_session_settle(s, diag);
out:
    return rc;
}

enum mk_err mk_statement_next(struct mk_session *s, struct mk_reader *r,
                              struct mk_buf *out, struct mk_diag *diag)
{
    unsigned number = mk_read_u16(r);
    enum mk_query q = (enum mk_query)number;
    struct mk_statement *st;

    if (!mk_reader_done(r) || number >= MK_QUERY_COUNT || !s->open ||
        !s->statements[number].walking)
        return mk_fail(diag, MK_E_INTERNAL, "NEXT");
    st = &s->statements[number];
    if (st->rest)
        return give_some(st, out, diag);
    if (!send_fetch(s->server.conn, q, st->batch))
        return mk_server_unsent(&s->server, mk_query_name(q), diag);
    return take_some(s, q, out, diag);
}

void mk_statements_end(struct mk_session *s)
{
    for (unsigned q = 0; q < MK_QUERY_COUNT; q++) {
        forget_rest(&s->statements[q]);
        s->statements[q].walking = false;
    }
}
