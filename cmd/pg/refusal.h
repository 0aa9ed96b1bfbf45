/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why none of the hosts of an address took us: each with its own reason. */
#ifndef MK_CMD_PG_REFUSAL_H
#define MK_CMD_PG_REFUSAL_H

#include <libpq-fe.h>

#include "core/base/buf.h"

struct mk_refusals {
    enum mk_err err;     /* that counts for all; MK_OK: none refused yet */
    struct mk_buf place; /* what that is about */
    struct mk_buf hosts; /* all of them, "one, two" */
    struct mk_buf said;  /* "one: reason; two: reason" */
};
#define MK_REFUSALS_INIT                                                \
    {                                                                   \
        .place = MK_BUF_INIT, .hosts = MK_BUF_INIT, .said = MK_BUF_INIT \
    }

/*
 * conn, whose messages are PQERRORS_SQLSTATE, was to connect to host and did
 * not; late: no answer came in time.  Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_refusals_add(struct mk_refusals *r,
                                        const PGconn *conn, const char *host,
                                        bool late, struct mk_diag *diag);
/* Fills diag with what counts, and what each host said; returns that error. */
MK_MUST_USE enum mk_err mk_refusals_tell(struct mk_refusals *r,
                                         struct mk_diag *diag);
void mk_refusals_release(struct mk_refusals *r);

#endif
