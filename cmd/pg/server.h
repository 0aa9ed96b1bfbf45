/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One connection to a server: sending, waiting with a deadline, errors.  A
 * connection that is lost stays lost: the sandbox has no way to another.
 */
#ifndef MK_CMD_PG_SERVER_H
#define MK_CMD_PG_SERVER_H

#include <libpq-fe.h>

#include "cmd/pg/address.h"

/* Results that nobody has waited for yet, of statements that were sent in
 * pipeline mode: they come before that of the next statement. */
#define MK_OWED_MAX 256
struct mk_owed {
    unsigned n;
    unsigned good; /* of those that were taken */
    struct mk_owed_one {
        const char *what; /* static */
        uint16_t query;
        bool prepares;         /* else it writes one row, or is */
        enum mk_err otherwise; /* this error */
        enum mk_err denied;    /* when the account has no right to it */
    } one[MK_OWED_MAX];
};

struct mk_server {
    PGconn *conn;
    int parent;       /* whoever asks: when he is gone nobody waits; -1 none */
    int64_t deadline; /* of what is awaited now (mk_wire_now) */
    bool lost;
    bool warned;        /* the server gave a warning since this was cleared */
    char state[6];      /* SQLSTATE of the last error; "" if it had none */
    const char *schema; /* borrowed from the address */
    struct mk_owed owed;
};

/* The statements of server.def. */
enum mk_server_sql {
#define MK_SERVER_SQL(name, sql) MK_SERVER_##name,
#include "core/store/server.def"
#undef MK_SERVER_SQL
    MK_SERVER_SQL_COUNT
};
const char *mk_server_sql(enum mk_server_sql which);

/*
 * Connects to the first host that takes us, and sets the session.  a outlives
 * s.  When none does, diag says which reason each of them had.
 * Errors: E_SERVER, E_SERVER_FULL, E_SERVER_DENIED, E_SERVER_DATABASE,
 * E_SERVER_NO_SCHEMA, E_SERVER_STANDBY (none takes writes), E_SERVER_ADDRESS,
 * E_LIBRARY (too old), E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_server_connect(struct mk_server *s,
                                          const struct mk_address *a,
                                          struct mk_diag *diag);
void mk_server_hang_up(struct mk_server *s);

/* Of what was sent last in pipeline mode; owed.n is below MK_OWED_MAX. */
void mk_server_owe(struct mk_server *s, const struct mk_owed_one *one);
/*
 * What was sent (PQsend...) is answered, and what was owed; *out, which may be
 * NULL, becomes the last result.  Ends pipeline mode.  No result at all is no
 * answer.  Of what was owed the first owed.good were done; the caller empties
 * it then.
 * Errors: by SQLSTATE; the first of all results.  Owns: the caller clears *out.
 */
MK_MUST_USE enum mk_err mk_server_take(struct mk_server *s, const char *what,
                                       PGresult **out, struct mk_diag *diag);
/* A text without parameters, as a simple query; nothing may be owed. */
MK_MUST_USE enum mk_err mk_server_run(struct mk_server *s,
                                      enum mk_server_sql which, PGresult **out,
                                      struct mk_diag *diag);
/* It has one row of so many columns. */
bool mk_server_is_row(const PGresult *result, int columns);
/* PQsend... failed, or what came is no answer: the connection is lost. */
MK_MUST_USE enum mk_err mk_server_unsent(struct mk_server *s, const char *what,
                                         struct mk_diag *diag);

/* The server asks for another try of the whole transaction. */
bool mk_server_again(const struct mk_server *s);

#endif
