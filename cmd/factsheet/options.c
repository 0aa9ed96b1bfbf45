/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cmd/factsheet/program.h"
#include "core/base/num.h"
#include "core/base/text.h"

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

enum mk_err mk_fs_usage(struct mk_fs *fs, const char *word,
                        enum mk_fs_wrong wrong)
{
    static const char *const texts[][2] = {
        [MK_FS_WRONG_VERB] = {"onbekende opdracht", "no such command"},
        [MK_FS_WRONG_OPTION] = {"onbekende optie", "no such option"},
        [MK_FS_WRONG_TWICE] = {"staat er twee keer", "is given twice"},
        [MK_FS_WRONG_VALUE] = {"wil precies een waarde", "wants one value"},
        [MK_FS_WRONG_MISSING] = {"ontbreekt", "is missing"},
    };
    char place[sizeof fs->diag.place];
    (void)snprintf(place, sizeof place, "%.60s (%s)", word,
                   texts[wrong][fs->english]);
    place[mk_text_valid(place, strlen(place))] = '\0';
    return mk_fail(&fs->diag, MK_E_USAGE, place);
}

enum mk_err mk_fs_options(struct mk_fs *fs, int argc, char **argv,
                          const struct mk_fs_option *list, size_t n,
                          mk_fs_take *take, void *ctx)
{
    bool seen[MOST_OPTIONS] = {false};
    for (int i = 2; i < argc; i++) {
        const char *value = NULL;
        size_t k = find_option(argv[i], list, n, &value);
        if (k == n && mk_fs_help_is(argv[i])) {
            enum mk_err told = mk_fs_help(fs, fs->verb);
            fs->helped = told == MK_OK;
            return fs->helped ? MK_E_CANCELLED : told;
        }
        if (k == n || k >= MOST_OPTIONS)
            return mk_fs_usage(fs, argv[i], MK_FS_WRONG_OPTION);
        if (!value && !list[k].flag && i + 1 < argc)
            value = argv[++i];
        if ((value == NULL) != list[k].flag)
            return mk_fs_usage(fs, list[k].name, MK_FS_WRONG_VALUE);
        if (seen[k] && !list[k].repeatable)
            return mk_fs_usage(fs, list[k].name, MK_FS_WRONG_TWICE);
        seen[k] = true;
        enum mk_err rc = take(ctx, k, value, &fs->diag);
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

enum mk_err mk_fs_threshold(uint64_t *threshold, const char *value,
                            uint64_t max, struct mk_diag *diag)
{
    return mk_num_parse(value, strlen(value), 2, max, threshold)
               ? MK_OK
               : mk_fail(diag, MK_E_USAGE, "--threshold");
}

enum mk_err mk_fs_out(const char **out, const char *value,
                      struct mk_diag *diag)
{
    *out = value;
    return *value ? MK_OK : mk_fail(diag, MK_E_USAGE, "--out");
}
