/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The address of a vault on a server: postgresql://... as libpq knows it, and
 * two keywords of our own, which libpq never sees:
 *
 *   answer_timeout=SECONDS  of every single answer of the server (60)
 *   schema=NAME             where its tables are (meldkluis)
 *
 * It becomes what libpq connects with, host by host, so that each host has a
 * time of its own and a dead one costs no more than that.
 */
#ifndef MK_CMD_PG_ADDRESS_H
#define MK_CMD_PG_ADDRESS_H

#include <libpq-fe.h>

#include "core/base/buf.h"

#define MK_ADDRESS_NAME 64 /* of a schema, with its NUL */

struct mk_address {
    PQconninfoOption *given;    /* in the address */
    PQconninfoOption *defaults; /* by environment, service file, libpq */
    unsigned answer_s;
    unsigned connect_s; /* of one host */
    char schema[MK_ADDRESS_NAME];
    size_t hosts;    /* at least one */
    const char *tls; /* sslmode in force; NULL: as libpq has it */
};

/*
 * Takes the service of the environment, or of the address, out of the
 * environment: what it says is in defaults.
 * Errors: E_SERVER_ADDRESS (no address, a password in it, no such service, no
 * database, a host or port that is none), E_SERVER_KEYWORD (one that is not
 * for users), E_MEMORY.
 * Owns: mk_address_release, also after an error.
 */
MK_MUST_USE enum mk_err mk_address_read(struct mk_address *a, const char *url,
                                        struct mk_diag *diag);
void mk_address_release(struct mk_address *a);

/* Host number i (0 .. hosts - 1) as libpq wants it. */
#define MK_ADDRESS_KEYS 64
struct mk_address_host {
    const char *keys[MK_ADDRESS_KEYS];
    const char *values[MK_ADDRESS_KEYS];
    size_t n;
    char host[256], hostaddr[64], port[8];
};
MK_MUST_USE enum mk_err mk_address_host(const struct mk_address *a, size_t i,
                                        struct mk_address_host *out,
                                        struct mk_diag *diag);

#endif
