/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which keywords of libpq an address, a service file and the environment may
 * use.  What is not on the list is refused by its name, so that a keyword that
 * a later libpq brings (another file to write, a library to load, a setting of
 * the session) is nobody's until somebody has looked at it.  The list is told
 * to users in meldkluis-pg(1).
 */
#ifndef MK_CMD_PG_KEYWORDS_H
#define MK_CMD_PG_KEYWORDS_H

#include "core/base/err.h"

struct _PQconninfoOption; /* of libpq */

/* name is as libpq knows it; service: it stands in a service file, which
 * only its owner has to be able to read. */
MK_MUST_USE bool mk_keyword_is_free(const char *name, bool service);

/* Is "NAME=value" a variable of one of them? */
MK_MUST_USE bool mk_keyword_has_variable(const char *variable);

/*
 * What an address says, or what libpq makes of service file and environment:
 * no keyword that is not free, no engine as key.  An address also says
 * something with every keyword that it has.  Errors: E_SERVER_KEYWORD.
 */
MK_MUST_USE enum mk_err mk_keywords_check(
    const struct _PQconninfoOption *options, bool service,
    struct mk_diag *diag);

#endif
