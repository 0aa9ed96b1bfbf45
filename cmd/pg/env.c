/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/pg/env.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/pg/keywords.h"

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
    return begins(variable, "HOME=") || mk_keyword_has_variable(variable);
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
    return (name ? setenv("PGSERVICE", name, 1) : unsetenv("PGSERVICE")) == 0
               ? MK_OK
               : mk_fail(diag, MK_E_MEMORY, NULL);
}

const char *mk_pg_env_get(const char *name)
{
    const char *value = getenv(name);

    return value && *value != '\0' ? value : NULL;
}
