/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "cmd/pg/server.h"
#include "core/store/wire.h"

#define OLDEST 150000 /* PostgreSQL 15 */
#define STATE 5       /* characters of an SQLSTATE */
#define SETTINGS 11   /* columns of that statement */

/* ---- why not ---- */

/* What the server said comes as its code only (PQERRORS_SQLSTATE), which ends
 * the message; what libpq says itself is text. */
static bool find_state(const char *p, size_t n, char out[static STATE + 1])
{
    if (n < STATE + 2 || p[n - STATE - 1] != ' ' || p[n - STATE - 2] != ' ')
        return false;
    memcpy(out, p + n - STATE, STATE);
    out[STATE] = '\0';
    if (strspn(out, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == STATE)
        return true;
    out[0] = '\0';
    return false;
}

/* A line of libpq's message, without where it was said. */
static const char *without_place(const char *p, size_t *n)
{
    static const char failed[] = " failed: ";
    const char *said = memmem(p, *n, failed, sizeof(failed) - 1);

    if (said) {
        said += sizeof(failed) - 1;
        *n -= (size_t)(said - p);
        p = said;
    }
    return p;
}

/* The first line that has a code, else the first of all: what follows them
 * are hints.  state is empty without one. */
static const char *find_reason(const char *text, size_t *n,
                               char state[static STATE + 1])
{
    const char *first = text;

    state[0] = '\0';
    while (*text != '\0') {
        *n = strcspn(text, "\n");
        if (find_state(text, *n, state)) {
            *n = STATE;
            return state;
        }
        text += *n + (text[*n] == '\n');
    }
    *n = strcspn(first, "\n");
    return without_place(first, n);
}

static enum mk_err refused(struct mk_server *s, const char *host, bool late,
                           struct mk_diag *diag)
{
    char place[sizeof(diag->place)];
    const char *text;
    size_t n;
    enum mk_err err = MK_E_SERVER;

    text = find_reason(PQerrorMessage(s->conn), &n, s->state);
    if (late) {
        text = "timeout";
        n = strlen(text);
    }
    /* 42501: the account may not connect to this database */
    if (strncmp(s->state, "28", 2) == 0 || strcmp(s->state, "42501") == 0 ||
        PQconnectionNeedsPassword(s->conn))
        err = MK_E_SERVER_DENIED;
    else if (strcmp(s->state, "3D000") == 0) /* no such database */
        err = MK_E_SERVER_SCHEMA;
    (void)snprintf(place, sizeof(place), "%.40s: %.*s",
                   *host ? host : "socket",
                   n < sizeof(place) ? (int)n : (int)sizeof(place), text);
    return mk_fail(diag, err, place);
}

/* ---- connecting ---- */

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

static enum mk_err try_host(struct mk_server *s, const struct mk_address *a,
                            const struct mk_address_host *h,
                            struct mk_diag *diag)
{
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;
    const char *host = *h->host ? h->host : h->hostaddr;
    bool late = false;
    enum mk_err rc;

    s->deadline = mk_wire_now() + (int64_t)a->connect_s * 1000;
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
    if (next == PGRES_POLLING_OK)
        return MK_OK;
    rc = refused(s, host, late, diag);
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
    struct mk_diag why = MK_DIAG_INIT;
    struct mk_address_host host;
    enum mk_err rc = MK_OK, err = MK_E_SERVER;

    s->conn = NULL;
    s->lost = s->warned = false;
    for (size_t i = 0; i < a->hosts && !s->conn; i++) {
        MK_TRY(mk_address_host(a, i, &host, diag));
        err = try_host(s, a, &host, &why);
        /* who is refused by one wants to know that, whatever the next says */
        if (err != MK_OK && (!diag || diag->err != MK_E_SERVER_DENIED))
            (void)mk_fail(diag, err, why.place);
    }
    if (!s->conn)
        return diag ? diag->err : err;
    rc = set_session(s, a, diag);
out:
    if (rc != MK_OK)
        mk_server_hang_up(s);
    return rc;
}
