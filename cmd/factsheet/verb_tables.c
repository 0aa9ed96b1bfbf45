/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tables: a factsheet of counts as they are, for own use or by policy. */
#include <string.h>
#include <unistd.h>

#include "cmd/factsheet/published.h"
#include "cmd/factsheet/sheet.h"

#define MAX_THRESHOLD 1000

/* What meldkluis sends when it has no counts after all (no key, a dry run): it
 * has told why, so this program ends without a word. */
static const char nothing[] = "meldkluis-cube: none\n";

enum option {
    OPT_POLICY,
    OPT_THRESHOLD,
    OPT_FORMAT,
    OPT_OUT,
    OPT_LANG,
    OPT_PUBLISHED,
    OPTS
};
static const struct mk_fs_option options[OPTS] = {
    [OPT_POLICY] = {.name = "--policy"},
    [OPT_THRESHOLD] = {.name = "--threshold"},
    [OPT_FORMAT] = {.name = "--format", .repeatable = true},
    [OPT_OUT] = {.name = "--out"},
    [OPT_LANG] = {.name = "--lang"},
    [OPT_PUBLISHED] = {.name = "--published"},
};

struct given {
    struct mk_fs *fs;
    struct mk_fs_sheet sheet;
    struct mk_fs_published published;
    bool policy_given;
    enum mk_policy policy;
    uint64_t threshold;
};

static enum mk_err take(void *ctx, size_t i, const char *value,
                        struct mk_diag *diag)
{
    struct given *g = ctx;
    switch ((enum option)i) {
    case OPT_POLICY:
        if (strcmp(value, "internal") != 0 && strcmp(value, "exact") != 0)
            return mk_fail(diag, MK_E_USAGE, "--policy");
        g->policy_given = true;
        g->policy = strcmp(value, "exact") == 0 ? MK_POLICY_EXACT
                                                : MK_POLICY_INTERNAL;
        return MK_OK;
    case OPT_THRESHOLD:
        return mk_fs_threshold(&g->threshold, value, MAX_THRESHOLD, diag);
    case OPT_FORMAT:
        return mk_fs_sheet_format(&g->sheet, value, diag);
    case OPT_OUT:
        return mk_fs_out(&g->sheet.out, value, diag);
    case OPT_LANG:
        return mk_fs_language(g->fs, value, diag);
    case OPT_PUBLISHED:
        g->published.path = value;
        return MK_OK;
    case OPTS:
        break;
    }
    return MK_E_INTERNAL;
}

enum mk_err mk_fs_tables(struct mk_fs *fs, int argc, char **argv)
{
    struct given g = {.fs = fs,
                      .threshold = MK_FS_THRESHOLD,
                      .published = MK_FS_PUBLISHED_NONE};
    struct mk_buf in = MK_BUF_INIT;
    struct mk_counts counts;
    struct mk_factsheet sheet;
    enum mk_err rc;
    mk_fs_sheet_init(&g.sheet);
    mk_counts_init(&counts);
    mk_factsheet_init(&sheet);
    MK_TRY(mk_fs_options(fs, argc, argv, options, OPTS, take, &g));
    if (!g.policy_given) {
        rc = mk_fs_usage(fs, "--policy", MK_FS_WRONG_MISSING);
        goto out;
    }
    MK_TRY(mk_fs_sheet_complete(&g.sheet, &fs->diag));
    MK_TRY(mk_fs_sheet_start(&g.sheet, &fs->diag));
    sheet.english = fs->english;
    sheet.policy = g.policy;
    sheet.threshold = g.threshold;
    MK_TRY(mk_fs_published_open(fs, &g.published));
    MK_TRY(mk_fs_shut(fs, g.sheet.out, g.policy == MK_POLICY_INTERNAL,
                      &g.sheet.folder));
    MK_TRY(mk_fs_read(STDIN_FILENO, "stdin", MK_COUNTS_BYTES, &in, &fs->diag));
    fs->silent = in.len == sizeof nothing - 1 &&
                 memcmp(in.data, nothing, in.len) == 0;
    MK_TRY(mk_counts_parse(&counts, in.data, in.len, &fs->diag));
    if (counts.version > 2) { /* old and new side by side: not one state */
        rc = mk_fail(&fs->diag, MK_E_SYNTAX, "meldkluis-cube");
        goto out;
    }
    MK_TRY(mk_factsheet_build(&sheet, &counts, &fs->diag));
    MK_TRY(mk_fs_published_add(fs, &g.published, &sheet,
                               g.policy == MK_POLICY_INTERNAL));
    MK_TRY(mk_fs_sheet_render(&g.sheet, &sheet, &fs->diag));
    MK_TRY(mk_fs_sheet_write(fs, &g.sheet));
out:
    mk_fs_published_release(&g.published);
    mk_fs_sheet_release(&g.sheet);
    mk_factsheet_release(&sheet);
    mk_counts_release(&counts);
    mk_buf_release(&in);
    return rc;
}
