/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the two files of the driver for PostgreSQL; no other includes it. */
#ifndef MK_STORE_DRIVER_PG_H
#define MK_STORE_DRIVER_PG_H

#include "core/store/driver.h"
#include "core/store/shell.h"
#include "core/store/wire.h"

#define MK_PG_PLACE "meldkluis-pg"

struct mk_pg_cursor {
    bool active;
    bool on_row;
    struct mk_buf body; /* of the last ROWS; values point into it */
    struct mk_wire_rows rows;
    struct mk_sql_value value[MK_QUERY_COLUMNS]; /* the current row */
    bool strange[MK_QUERY_COLUMNS];
    struct mk_buf opened; /* the column that came in the shell */
};

struct mk_pg {
    struct mk_driver driver;
    int fd; /* -1: the helper is given up */
    unsigned wait_s;
    struct mk_shell *shell;
    struct mk_buf frame;  /* what is asked */
    struct mk_buf answer; /* where no cursor keeps it */
    struct mk_buf sealed; /* a parameter in the shell */
    struct mk_pg_cursor cursors[MK_QUERY_COUNT];
};

extern const struct mk_driver_ops mk_pg_ops;

/* ---- asking (driver_pg_ask.c) ---- */

/* Seconds that an answer may take, here. */
unsigned mk_pg_wait(const struct mk_pg *s);
/* Sends s->frame, which has no answer.  Errors: E_TOO_LARGE; E_SERVER when the
 * helper is given up. */
MK_MUST_USE enum mk_err mk_pg_send(struct mk_pg *s, unsigned wait_s,
                                   struct mk_diag *diag);
/*
 * Sends s->frame and takes the answer, of the kind wanted, into body.
 * *sent: the question left whole, so the helper may have acted on it.
 * Errors: what the helper says, or E_SERVER when it is given up: both break
 * what is open.
 */
MK_MUST_USE enum mk_err mk_pg_ask(struct mk_pg *s, enum mk_wire_kind wanted,
                                  struct mk_buf *body, unsigned wait_s,
                                  bool *sent, struct mk_diag *diag);
/* A question without a body that is answered with DONE. */
enum mk_err mk_pg_tell(struct mk_pg *s, enum mk_wire_kind kind, bool *sent,
                       struct mk_diag *diag);
/* The end of the socket is the end of the helper; the server undoes what was
 * open. */
enum mk_err mk_pg_give_up(struct mk_pg *s, enum mk_err err,
                          struct mk_diag *diag);
void mk_pg_finish(struct mk_pg_cursor *c);
void mk_pg_finish_all(struct mk_pg *s);

#endif
