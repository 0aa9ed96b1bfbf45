/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The environment of meldkluis-pg: what libpq reads there, and no more. */
#ifndef MK_CMD_PG_ENV_H
#define MK_CMD_PG_ENV_H

#include "core/base/err.h"

/* Keeps HOME, and the variables of keywords that an address may have, too
 * (keywords.h): not PGPASSWORD (others see an environment), nor what would
 * change a session of ours. */
void mk_pg_env_reduce(void);
/* The service that an address names: libpq's defaults then know it, too.
 * NULL: none. */
MK_MUST_USE enum mk_err mk_pg_env_service(const char *name,
                                          struct mk_diag *diag);
/* NULL: not set, or empty. */
const char *mk_pg_env_get(const char *name);

#endif
