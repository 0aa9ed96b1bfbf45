/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare: what changed since a release and why, for own use. */
#include "cmd/factsheet/report.h"
#include "reports/compare.h"

enum option { OPT_FORMAT, OPT_OUT, OPT_LANG, OPTS };
static const struct mk_fs_option options[OPTS] = {
    [OPT_FORMAT] = {.name = "--format", .repeatable = true},
    [OPT_OUT] = {.name = "--out"},
    [OPT_LANG] = {.name = "--lang"},
};

struct given {
    struct mk_fs *fs;
    struct mk_fs_report report;
};

static enum mk_err take(void *ctx, size_t i, const char *value,
                        struct mk_diag *diag)
{
    struct given *g = ctx;
    switch ((enum option)i) {
    case OPT_FORMAT:
        return mk_fs_report_format(&g->report, value, diag);
    case OPT_OUT:
        return mk_fs_out(&g->report.out, value, diag);
    case OPT_LANG:
        return mk_fs_language(g->fs, value, diag);
    case OPTS:
        break;
    }
    return MK_E_INTERNAL;
}

enum mk_err mk_fs_compare(struct mk_fs *fs, int argc, char **argv)
{
    struct given g = {.fs = fs};
    struct mk_gate gate;
    struct mk_compare compare;
    enum mk_err rc;
    mk_gate_init(&gate);
    mk_compare_init(&compare);
    mk_fs_report_init(&g.report, "compare.txt", "compare.json");
    MK_TRY(mk_fs_options(fs, argc, argv, options, OPTS, take, &g));
    MK_TRY(mk_fs_report_shut(fs, &g.report));
    compare.english = fs->english;
    MK_TRY(mk_fs_gate_read(fs, &gate));
    MK_TRY(mk_compare_make(&compare, &gate, &fs->diag));
    if (g.report.text_wanted)
        MK_TRY(mk_compare_text(&g.report.text, &compare));
    if (g.report.json_wanted)
        MK_TRY(mk_compare_json(&g.report.json, &compare));
    MK_TRY(mk_fs_report_write(fs, &g.report));
out:
    mk_compare_release(&compare);
    mk_fs_report_release(&g.report);
    mk_gate_release(&gate);
    return rc;
}
