/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the program meldkluis-pg does. */
#ifndef MK_CMD_PG_PROGRAM_H
#define MK_CMD_PG_PROGRAM_H

#include "cmd/harden.h"
#include "core/base/buf.h"

/*
 * Serves who asks over the socket fd until he closes it.  Before it
 * looks at what he says it gives up what connecting does not take, and once it
 * is connected all but its two sockets.  (serve.c)
 */
MK_MUST_USE enum mk_err mk_session_serve(int fd, struct mk_harden *h,
                                         struct mk_diag *diag);

/* The script for the administrator of a server.  (schema.c) */
MK_MUST_USE enum mk_err mk_pg_schema(struct mk_buf *out);

#endif
