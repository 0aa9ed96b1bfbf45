/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/pg/server.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "core/store/wire.h"

const char *mk_server_sql(enum mk_server_sql which)
{
    static const char *const texts[MK_SERVER_SQL_COUNT] = {
#define MK_SERVER_SQL(name, sql) sql,
#include "core/store/server.def"
#undef MK_SERVER_SQL
    };

    return texts[which];
}

/* ---- errors ---- */

/* By SQLSTATE, or by its first characters; the first that fits. */
static const struct {
    const char *state;
    enum mk_err err;
} error_map[] = {
    {"23505", MK_E_EXISTS},
    {"23", MK_E_INTERNAL}, /* what we write fits the tables */
    {"55P03", MK_E_BUSY},  /* lock_timeout, NOWAIT */
    {"57014", MK_E_BUSY},
    {"40001", MK_E_BUSY}, /* after all tries */
    {"40P01", MK_E_BUSY},
    {"53100", MK_E_DISK_FULL},
    {"25006", MK_E_SERVER_STANDBY},
    {"42501", MK_E_SERVER_DENIED},
    {"28", MK_E_SERVER_DENIED},
    {"3F000", MK_E_SERVER_NO_SCHEMA},
    {"42", MK_E_SERVER_SCHEMA},
    {"0A000", MK_E_SERVER_SCHEMA}, /* a table changed under a statement */
    {"22003", MK_E_TOO_LARGE},
    {"54", MK_E_TOO_LARGE},
    {"XX001", MK_E_DAMAGED},
    {"XX002", MK_E_DAMAGED},
};

static enum mk_err map_state(const char *state)
{
    for (size_t i = 0; i < sizeof(error_map) / sizeof(*error_map); i++)
        if (strncmp(state, error_map[i].state, strlen(error_map[i].state)) ==
            0)
            return error_map[i].err;
    return MK_E_SERVER;
}

bool mk_server_again(const struct mk_server *s)
{
    return !s->lost &&
           (strcmp(s->state, "40001") == 0 || strcmp(s->state, "40P01") == 0);
}

static enum mk_err fail(struct mk_server *s, const char *what,
                        struct mk_diag *diag)
{
    char place[sizeof(diag->place)];
    enum mk_err err = map_state(s->state);

    if (s->lost)
        return mk_fail(diag, MK_E_SERVER, what);
    if (err == MK_E_SERVER_NO_SCHEMA)
        return mk_fail(diag, err, s->schema);
    if (err == MK_E_SERVER_STANDBY)
        return mk_fail(diag, err, PQhost(s->conn));
    (void)snprintf(place, sizeof(place), "%s%s%s %s",
                   err == MK_E_SERVER_SCHEMA ? s->schema : "",
                   err == MK_E_SERVER_SCHEMA ? ": " : "", what, s->state);
    return mk_fail(diag, err, place);
}

static void note_error(struct mk_server *s, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *severity =
        PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

    (void)snprintf(s->state, sizeof(s->state), "%s", state ? state : "");
    /* libpq's own errors have no state: the connection is of no use then */
    if (!state || !severity || strcmp(severity, "ERROR") != 0)
        s->lost = true;
}

/* A write that was put before. */
static enum mk_err fail_owed(struct mk_server *s,
                             const struct mk_owed_one *owed,
                             struct mk_diag *diag)
{
    enum mk_err err = MK_E_EXISTS; /* no error of the server: another number */

    if (s->lost || s->state[0] != '\0')
        err = fail(s, owed->what, diag);
    if (err == MK_E_EXISTS)
        err = mk_fail(diag, owed->otherwise, owed->what);
    if (err == MK_E_SERVER_DENIED && !owed->prepares)
        err = mk_fail(diag, owed->denied, owed->what);
    return err;
}

enum mk_err mk_server_unsent(struct mk_server *s, const char *what,
                             struct mk_diag *diag)
{
    s->lost = true;
    return fail(s, what, diag);
}

/* ---- waiting ---- */

/* Until the socket is ready for what; false: too late, or nobody asks. */
static bool wait_for(struct mk_server *s, short what)
{
    struct pollfd p[2] = {
        {.fd = PQsocket(s->conn), .events = what},
        {.fd = s->parent, .events = POLLRDHUP},
    };

    for (;;) {
        int64_t left = s->deadline - mk_wire_now();
        int n;

        if (left <= 0)
            return false;
        n = poll(p, 2, left > INT32_MAX ? INT32_MAX : (int)left);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            return p[1].revents == 0;
    }
}

/* Until a result can be taken without waiting; false when the connection is
 * of no use any more. */
static bool pump(struct mk_server *s)
{
    int left = PQflush(s->conn);

    while (left == 1 || (left == 0 && PQisBusy(s->conn))) {
        if (!wait_for(s, left == 1 ? POLLIN | POLLOUT : POLLIN) ||
            !PQconsumeInput(s->conn))
            return false;
        left = PQflush(s->conn);
    }
    return left == 0;
}

/* What counts of the results: the first error, else the last. */
struct taken {
    PGresult *kept;
    unsigned n; /* results */
    bool failed;
    const struct mk_owed_one *owed; /* that failed */
};

/* One row, no more, no less. */
static bool is_one(const PGresult *result)
{
    return strcmp(PQcmdTuples((PGresult *)(uintptr_t)result), "1") == 0;
}

static void keep(struct mk_server *s, struct taken *t, PGresult *next)
{
    ExecStatusType status = PQresultStatus(next);
    bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    const struct mk_owed_one *owed = t->n < s->owed.n ? &s->owed.one[t->n]
                                                      : NULL;

    t->n++;
    if (t->failed || status == PGRES_PIPELINE_ABORTED) {
        PQclear(next);
        return;
    }
    if (!good)
        note_error(s, next);
    t->failed = !good || (owed && !owed->prepares && !is_one(next));
    if (t->failed)
        t->owed = owed;
    else if (owed)
        s->owed.good++;
    PQclear(t->kept);
    t->kept = next;
}

/* All results until the server waits for us again, or is lost. */
static void take_all(struct mk_server *s, bool pipeline, struct taken *t)
{
    bool parted = false; /* by a NULL: one between the results of a pipeline */

    while (pump(s)) {
        PGresult *next = PQgetResult(s->conn);

        if (PQstatus(s->conn) == CONNECTION_BAD)
            s->lost = true;
        if (!next && (s->lost || !pipeline))
            return;
        if (!next && parted)
            break;
        parted = !next;
        if (next && PQresultStatus(next) == PGRES_PIPELINE_SYNC) {
            PQclear(next);
            return;
        }
        if (next)
            keep(s, t, next);
        /* of libpq's own errors, as of COPY, it would give one after the other
         * without end */
        if (s->lost)
            return;
    }
    s->lost = true;
}

void mk_server_owe(struct mk_server *s, const struct mk_owed_one *one)
{
    s->owed.one[s->owed.n++] = *one;
}

enum mk_err mk_server_take(struct mk_server *s, const char *what,
                           PGresult **out, struct mk_diag *diag)
{
    bool pipeline = PQpipelineStatus(s->conn) != PQ_PIPELINE_OFF;
    struct taken t = {.kept = NULL};
    bool good;

    s->owed.good = 0;
    if (!pipeline || PQpipelineSync(s->conn))
        take_all(s, pipeline, &t);
    if ((pipeline && !s->lost && !PQexitPipelineMode(s->conn)) || !t.kept)
        s->lost = true;
    good = !t.failed && !s->lost;
    if (out)
        *out = good ? t.kept : NULL;
    if (!good || !out)
        PQclear(t.kept);
    if (good)
        return MK_OK;
    return t.owed ? fail_owed(s, t.owed, diag) : fail(s, what, diag);
}

/* A row of so many columns, as our own statement has it. */
bool mk_server_is_row(const PGresult *result, int columns)
{
    return PQntuples(result) == 1 && PQnfields(result) == columns;
}

enum mk_err mk_server_run(struct mk_server *s, enum mk_server_sql which,
                          PGresult **out, struct mk_diag *diag)
{
    static const char *const names[MK_SERVER_SQL_COUNT] = {
#define MK_SERVER_SQL(name, sql) #name,
#include "core/store/server.def"
#undef MK_SERVER_SQL
    };

    if (s->lost || !PQsendQuery(s->conn, mk_server_sql(which)))
        return mk_server_unsent(s, names[which], diag);
    return mk_server_take(s, names[which], out, diag);
}

void mk_server_hang_up(struct mk_server *s)
{
    PQfinish(s->conn);
    s->conn = NULL;
    s->lost = true;
}
