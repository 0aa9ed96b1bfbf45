/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cmd/factsheet/program.h"

#define MOST_OPTIONS 32

/* "--name value" or "--name=value"; NULL value if there is none. */
static size_t find_option(const char *arg, const struct mk_fs_option *list,
                          size_t n, const char **value)
{
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(list[i].name);
        if (strncmp(arg, list[i].name, len) != 0)
            continue;
        if (arg[len] == '\0' || arg[len] == '=') {
            *value = arg[len] ? arg + len + 1 : NULL;
            return i;
        }
    }
    return n;
}

enum mk_err mk_fs_options(int argc, char **argv,
                          const struct mk_fs_option *list, size_t n,
                          mk_fs_take *take, void *ctx, struct mk_diag *diag)
{
    bool seen[MOST_OPTIONS] = {false};
    for (int i = 2; i < argc; i++) {
        const char *value = NULL;
        size_t k = find_option(argv[i], list, n, &value);
        if (k == n || k >= MOST_OPTIONS)
            return mk_fail(diag, MK_E_USAGE, argv[i]);
        if (!value && !list[k].flag && i + 1 < argc)
            value = argv[++i];
        if ((value == NULL) != list[k].flag ||
            (seen[k] && !list[k].repeatable))
            return mk_fail(diag, MK_E_USAGE, list[k].name);
        seen[k] = true;
        enum mk_err rc = take(ctx, k, value, diag);
        if (rc != MK_OK)
            return rc;
    }
    return MK_OK;
}

enum mk_err mk_fs_language(struct mk_fs *fs, const char *value,
                           struct mk_diag *diag)
{
    fs->english = strcmp(value, "en") == 0;
    return fs->english || strcmp(value, "nl") == 0
               ? MK_OK
               : mk_fail(diag, MK_E_USAGE, "--lang");
}
