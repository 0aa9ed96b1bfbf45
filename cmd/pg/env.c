/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/pg/env.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool is_wanted(const char *variable)
{
#ifdef MK_TEST_BUILD
    if (begins(variable, "MELDKLUIS_TEST_"))
        return true;
#endif
    if (begins(variable, "PGPASSWORD=") || begins(variable, "PGOPTIONS="))
        return false;
    return begins(variable, "HOME=") || begins(variable, "PG");
}

void mk_pg_env_reduce(void)
{
    char **to = environ;

    for (char **from = environ; from && *from; from++)
        if (is_wanted(*from))
            *to++ = *from;
    if (to)
        *to = NULL;
}

enum mk_err mk_pg_env_service(const char *name, struct mk_diag *diag)
{
    return setenv("PGSERVICE", name, 1) == 0
               ? MK_OK
               : mk_fail(diag, MK_E_MEMORY, NULL);
}

bool mk_pg_env_has(const char *name)
{
    const char *value = getenv(name);

    return value && *value != '\0';
}
