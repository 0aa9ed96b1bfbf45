/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cmd/pg/session.h"

#define FACTS 6 /* columns of that statement */

/* ---- transactions ---- */

static void ended(struct mk_session *s)
{
    mk_statements_end(s);
    s->open = s->write = false;
}

void mk_session_rollback(struct mk_session *s)
{
    if (!s->server.lost && mk_session_settle(s, NULL) != MK_OK)
        s->server.state[0] = '\0'; /* it is undone */
    if (!s->server.lost &&
        PQtransactionStatus(s->server.conn) != PQTRANS_IDLE &&
        mk_server_run(&s->server, MK_SERVER_ROLLBACK, NULL, NULL) != MK_OK)
        s->server.lost = true;
    ended(s);
}

enum mk_err mk_session_begin(struct mk_session *s, bool write, bool wait,
                             struct mk_diag *diag)
{
    enum mk_err rc;

    rc = mk_server_run(&s->server,
                       !write ? MK_SERVER_BEGIN_READ
                       : wait ? MK_SERVER_BEGIN_WRITE
                              : MK_SERVER_BEGIN_WRITE_NOW,
                       NULL, diag);
    s->open = rc == MK_OK;
    s->write = write;
    return rc;
}

static enum mk_err do_begin(struct mk_session *s, struct mk_reader *r,
                            struct mk_diag *diag)
{
    uint8_t write = mk_read_u8(r);
    uint8_t wait = mk_read_u8(r);

    if (!mk_reader_done(r) || write > 1 || wait > 1 || s->open)
        return mk_fail(diag, MK_E_INTERNAL, "BEGIN");
    if (write && wait)
        s->server.deadline += (int64_t)MK_WIRE_LOCK_WAIT * 1000;
    return mk_session_begin(s, write, wait, diag);
}

/*
 * What the server did not say outright, nobody knows: a connection that was
 * lost, or a warning that it did not wait for its standby.  To ask another
 * time would not tell either, as what one server shows may go with it.
 */
static enum mk_err do_commit(struct mk_session *s, struct mk_diag *diag)
{
    bool write = s->write;
    PGresult *result = NULL;
    enum mk_err rc;

    if (!s->open)
        return mk_fail(diag, MK_E_INTERNAL, "COMMIT");
    rc = mk_session_settle(s, diag);
    if (rc != MK_OK)
        return rc;
    s->server.warned = false;
    rc = mk_server_run(&s->server, MK_SERVER_COMMIT, &result, diag);
    if (write && (rc == MK_OK ? s->server.warned ||
                                    strcmp(PQcmdStatus(result), "COMMIT") != 0
                              : s->server.lost || s->server.warned))
        rc = mk_fail(diag, MK_E_UNKNOWN_OUTCOME, "COMMIT");
    PQclear(result);
    if (rc == MK_OK || rc == MK_E_UNKNOWN_OUTCOME)
        ended(s);
    return rc;
}

/* ---- state ---- */

static enum mk_err do_catalogue(struct mk_session *s, struct mk_buf *out,
                                struct mk_diag *diag)
{
    PGresult *result = NULL;
    enum mk_err rc;
    int at = 0;

    if (!s->open)
        return mk_fail(diag, MK_E_INTERNAL, "CATALOGUE");
    if (!PQsendQueryParams(s->server.conn, mk_server_sql(MK_SERVER_CATALOGUE),
                           0, NULL, NULL, NULL, NULL, 1))
        return mk_server_unsent(&s->server, "CATALOGUE", diag);
    MK_TRY(mk_session_take(s, "CATALOGUE", &result, diag));
    MK_TRY(mk_rows_add(out, result, &at, MK_WIRE_MAX, false, diag));
out:
    PQclear(result);
    return rc;
}

static enum mk_err add_text(struct mk_buf *out, const char *text)
{
    enum mk_err rc;

    MK_TRY(mk_buf_add_u32(out, (uint32_t)strlen(text)));
    MK_TRY(mk_buf_add_str(out, text));
out:
    return rc;
}

static enum mk_err do_facts(struct mk_session *s, struct mk_buf *out,
                            struct mk_diag *diag)
{
    PGresult *f = NULL;
    char engine[64], settings[320];
    const char *tls = PQsslAttribute(s->server.conn, "protocol");
    enum mk_err rc;

    MK_TRY(mk_session_settle(s, diag));
    MK_TRY(mk_server_run(&s->server, MK_SERVER_FACTS, &f, diag));
    if (!mk_server_is_row(f, FACTS))
        MK_TRY(mk_server_unsent(&s->server, "FACTS", diag));
    (void)snprintf(engine, sizeof(engine), "PostgreSQL %s",
                   PQgetvalue(f, 0, 0));
    (void)snprintf(
        settings, sizeof(settings),
        "host=%s sslmode=%s tls=%s schema=%s synchronous_commit=%s "
        "standby=%s data_checksums=%s fsync=%s full_page_writes=%s "
        "answer_timeout=%u",
        PQhost(s->server.conn), s->address.tls ? s->address.tls : "prefer",
        tls ? tls : "off", s->address.schema, PQgetvalue(f, 0, 1),
        strcmp(PQgetvalue(f, 0, 2), "t") == 0 ? "synchronous" : "none",
        PQgetvalue(f, 0, 3), PQgetvalue(f, 0, 4), PQgetvalue(f, 0, 5),
        s->address.answer_s);
    MK_TRY(mk_wire_begin(out, MK_WIRE_FACTS_ARE));
    MK_TRY(add_text(out, engine));
    MK_TRY(add_text(out, settings));
out:
    PQclear(f);
    return rc;
}

/* ---- one question ---- */

static enum mk_err perform(struct mk_session *s, uint8_t kind,
                           const struct mk_buf *body, struct mk_buf *out,
                           struct mk_diag *diag)
{
    struct mk_reader r;
    enum mk_err rc = MK_E_INTERNAL;

    mk_reader_init(&r, body->data, body->len);
    switch (kind) {
    case MK_WIRE_RUN:
        return mk_statement_run(s, &r, out, diag);
    case MK_WIRE_PUT:
        return mk_statement_put(s, &r, diag);
    case MK_WIRE_NEXT:
        return mk_statement_next(s, &r, out, diag);
    case MK_WIRE_CATALOGUE:
        return do_catalogue(s, out, diag);
    case MK_WIRE_FACTS:
        return do_facts(s, out, diag);
    case MK_WIRE_BEGIN:
        rc = do_begin(s, &r, diag);
        break;
    case MK_WIRE_COMMIT:
        rc = do_commit(s, diag);
        break;
    case MK_WIRE_ROLLBACK:
        mk_session_rollback(s);
        rc = s->server.lost ? mk_fail(diag, MK_E_SERVER, "ROLLBACK") : MK_OK;
        break;
    default:
        return mk_fail(diag, MK_E_INTERNAL, "question");
    }
    return rc == MK_OK ? mk_wire_begin(out, MK_WIRE_DONE) : rc;
}

enum mk_err mk_session_run(struct mk_session *s, uint8_t kind,
                           const struct mk_buf *body, struct mk_buf *out,
                           struct mk_diag *diag)
{
    enum mk_err rc;

    mk_buf_clear(out);
    s->server.state[0] = '\0';
    rc = s->server.lost ? mk_fail(diag, MK_E_SERVER, "connection")
                        : perform(s, kind, body, out, diag);
    return rc;
}
