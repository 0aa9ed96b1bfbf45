/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/pg/refusal.h"
#include "cmd/pg/server.h"
#include "core/store/wire.h"

#define OVERDUE_S 5u  /* beyond the time for connecting */
#define OLDEST 150000 /* PostgreSQL 15 */
#define SETTINGS 11   /* columns of that statement */

static bool wait_for(struct mk_server *s, PostgresPollingStatusType what)
{
    struct pollfd p[2] = {
        {.fd = PQsocket(s->conn),
         .events = what == PGRES_POLLING_READING ? POLLIN : POLLOUT},
        {.fd = s->parent, .events = POLLRDHUP},
    };

    for (;;) {
        int64_t left = s->deadline - mk_wire_now();
        int n = left > 0 ? poll(p, 2, (int)left) : 0;

        if (n > 0)
            return p[1].revents == 0;
        if (n == 0 || errno != EINTR)
            return false;
    }
}

/* Without an error s->conn is NULL when this host did not take us. */
static enum mk_err try_host(struct mk_server *s, const struct mk_address *a,
                            const struct mk_address_host *h,
                            struct mk_refusals *refusals, struct mk_diag *diag)
{
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;
    const char *host = *h->host ? h->host : h->hostaddr;
    bool late = false;
    enum mk_err rc;

    s->deadline = mk_wire_now() + (int64_t)a->connect_s * 1000;
    /* a server may ask for a computation without end (rounds of SCRAM), which
     * no deadline of ours interrupts: this ends the process */
    (void)alarm(a->connect_s + OVERDUE_S);
    s->conn = PQconnectStartParams(h->keys, h->values, 0);
    if (!s->conn)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    (void)PQsetErrorVerbosity(s->conn, PQERRORS_SQLSTATE);
    if (PQstatus(s->conn) == CONNECTION_BAD)
        next = PGRES_POLLING_FAILED;
    while (next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED && !late) {
        late = !wait_for(s, next);
        if (!late)
            next = PQconnectPoll(s->conn);
    }
    (void)alarm(0);
    if (next == PGRES_POLLING_OK)
        return MK_OK;
    rc = mk_refusals_add(refusals, s->conn, *host ? host : "socket", late,
                         diag);
    PQfinish(s->conn);
    s->conn = NULL;
    return rc;
}

static void on_notice(void *ctx, const PGresult *notice)
{
    struct mk_server *s = ctx;
    const char *severity =
        PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);

    if (!severity || strcmp(severity, "WARNING") == 0)
        s->warned = true;
}

static enum mk_err set_session(struct mk_server *s, const struct mk_address *a,
                               struct mk_diag *diag)
{
    char lock_ms[16];
    const char *const values[] = {a->schema, lock_ms};
    PGresult *result = NULL;
    enum mk_err rc;

    if (PQserverVersion(s->conn) < OLDEST)
        return mk_fail(diag, MK_E_LIBRARY, "PostgreSQL 15");
    (void)PQsetNoticeReceiver(s->conn, on_notice, s);
    if (PQsetnonblocking(s->conn, 1) != 0)
        return mk_server_unsent(s, "SETTINGS", diag);
    s->deadline = mk_wire_now() + (int64_t)a->answer_s * 1000;
    (void)snprintf(lock_ms, sizeof(lock_ms), "%u", MK_WIRE_LOCK_WAIT * 1000);
    if (!PQsendQueryParams(s->conn, mk_server_sql(MK_SERVER_SETTINGS), 2, NULL,
                           values, NULL, NULL, 0))
        return mk_server_unsent(s, "SETTINGS", diag);
    rc = mk_server_take(s, "SETTINGS", &result, diag);
    if (rc == MK_OK && !mk_server_is_row(result, SETTINGS))
        rc = mk_server_unsent(s, "SETTINGS", diag);
    if (rc == MK_OK && strcmp(PQgetvalue(result, 0, 0), "t") != 0)
        rc = mk_fail(diag, MK_E_SERVER_DENIED, a->schema);
    PQclear(result);
    return rc;
}

enum mk_err mk_server_connect(struct mk_server *s, const struct mk_address *a,
                              struct mk_diag *diag)
{
    struct mk_refusals refusals = MK_REFUSALS_INIT;
    struct mk_address_host host;
    enum mk_err rc = MK_OK;

    s->conn = NULL;
    s->lost = s->warned = false;
    s->schema = a->schema;
    for (size_t i = 0; i < a->hosts && !s->conn; i++) {
        MK_TRY(mk_address_host(a, i, &host, diag));
        MK_TRY(try_host(s, a, &host, &refusals, diag));
    }
    MK_TRY(s->conn ? set_session(s, a, diag)
                   : mk_refusals_tell(&refusals, diag));
out:
    mk_refusals_release(&refusals);
    if (rc != MK_OK)
        mk_server_hang_up(s);
    return rc;
}
