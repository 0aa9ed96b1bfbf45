/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/env.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *filled(const char *name)
{
    const char *value = getenv(name);
    return value && value[0] != '\0' ? value : NULL;
}

/* base/end, where base is variable, or home/fallback. */
static void place(char out[static MK_PATH], const char *variable,
                  const char *fallback, const char *end)
{
    const char *base = filled(variable);
    const char *home = filled("HOME");
    int n;
    if (home == NULL) {
        const struct passwd *me = getpwuid(getuid());
        home = me ? me->pw_dir : NULL;
    }
    /* a relative path is to be ignored: XDG Base Directory 0.8 */
    if (base && base[0] == '/')
        n = snprintf(out, MK_PATH, "%s/%s", base, end);
    else if (home && home[0] == '/')
        n = snprintf(out, MK_PATH, "%s/%s/%s", home, fallback, end);
    else
        n = MK_PATH;
    if (n < 0 || n >= MK_PATH)
        out[0] = '\0';
}

static bool is_for_server(const char *variable)
{
    return strncmp(variable, "HOME=", 5) == 0 ||
           (strncmp(variable, "PG", 2) == 0 &&
            strncmp(variable, "PGPASSWORD=", 11) != 0 &&
            strncmp(variable, "PGOPTIONS=", 10) != 0);
}

static void take_server(struct mk_env *env)
{
    size_t n = 0;
    for (char **v = environ; v && *v && n < MK_ENV_SERVER; v++)
        if (is_for_server(*v))
            env->server[n++] = *v;
    env->server[n] = NULL;
}

void mk_env_read(struct mk_env *env)
{
    static const char *const order[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *vault = filled("MELDKLUIS");
    const char *term = filled("TERM");
    memset(env, 0, sizeof *env);
    if (vault == NULL)
        place(env->vault, "XDG_DATA_HOME", ".local/share", "meldkluis/kluis");
    else if (strlen(vault) < MK_PATH)
        snprintf(env->vault, MK_PATH, "%s", vault);
    place(env->state, "XDG_STATE_HOME", ".local/state", "meldkluis");
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        const char *locale = filled(order[i]);
        if (locale) {
            env->english = strncmp(locale, "en", 2) == 0;
            break;
        }
    }
    take_server(env);
    env->plain = filled("NO_COLOR") || !term || strcmp(term, "dumb") == 0;
}
