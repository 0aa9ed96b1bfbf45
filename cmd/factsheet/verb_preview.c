/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preview: what publish would make, for own use; writes no file. */
#include <stdlib.h>
#include <string.h>

#include "cmd/factsheet/published.h"
#include "cmd/factsheet/report.h"
#include "core/base/num.h"
#include "reports/preview.h"

#define DEFAULT_THRESHOLD 5

enum option {
    OPT_THRESHOLD,
    OPT_RULE,
    OPT_FORMAT,
    OPT_LANG,
    OPT_REVISE,
    OPT_PUBLISHED,
    OPTS
};
static const struct mk_fs_option options[OPTS] = {
    [OPT_THRESHOLD] = {.name = "--threshold"},
    [OPT_RULE] = {.name = "--rule"},
    [OPT_FORMAT] = {.name = "--format", .repeatable = true},
    [OPT_LANG] = {.name = "--lang"},
    [OPT_REVISE] = {.name = "--revise", .flag = true},
    [OPT_PUBLISHED] = {.name = "--published"},
};

struct given {
    struct mk_fs *fs;
    struct mk_fs_report report;
    struct mk_fs_published published;
    struct mk_publication p;
    struct mk_preview preview;
};

static enum mk_err take(void *ctx, size_t i, const char *value,
                        struct mk_diag *diag)
{
    struct given *g = ctx;
    switch ((enum option)i) {
    case OPT_THRESHOLD:
        return mk_num_parse(value, strlen(value), 2, MK_SDC_THRESHOLD,
                            &g->p.sheet.threshold)
                   ? MK_OK
                   : mk_fail(diag, MK_E_USAGE, "--threshold");
    case OPT_RULE:
        g->p.sheet.own_rule = true;
        return mk_rule_parse(&g->p.sheet.rule, value, strlen(value), diag);
    case OPT_FORMAT:
        return mk_fs_report_format(&g->report, value, diag);
    case OPT_LANG:
        return mk_fs_language(g->fs, value, diag);
    case OPT_REVISE:
        g->p.revise = true;
        return MK_OK;
    case OPT_PUBLISHED:
        g->published.path = value;
        return MK_OK;
    case OPTS:
        break;
    }
    return MK_E_INTERNAL;
}

static enum mk_err tell(struct given *g)
{
    struct mk_fs *fs = g->fs;
    enum mk_err rc;
    MK_TRY(mk_preview_make(&g->preview, &g->p, &fs->diag));
    if (g->report.text_wanted)
        MK_TRY(mk_preview_text(&g->report.text, &g->preview));
    if (g->report.json_wanted)
        MK_TRY(mk_preview_json(&g->report.json, &g->preview));
    MK_TRY(mk_fs_report_write(fs, &g->report));
    for (size_t y = 0; y < g->p.sheet.n_years && rc == MK_OK; y++)
        if (g->p.unsafe[y])
            rc = mk_fail(&fs->diag, MK_E_DISCLOSURE, NULL);
out:
    return rc;
}

enum mk_err mk_fs_preview(struct mk_fs *fs, int argc, char **argv)
{
    struct given *g = calloc(1, sizeof *g);
    struct mk_gate gate;
    enum mk_err rc = MK_E_MEMORY;
    if (!g)
        return rc;
    g->fs = fs;
    g->published = (struct mk_fs_published)MK_FS_PUBLISHED_NONE;
    mk_gate_init(&gate);
    mk_fs_report_init(&g->report, NULL, NULL); /* it has no folder */
    mk_publication_init(&g->p);
    g->p.sheet.threshold = DEFAULT_THRESHOLD;
    g->p.preview = true;
    MK_TRY(mk_fs_options(fs, argc, argv, options, OPTS, take, g));
    if (g->p.sheet.own_rule)
        g->p.sheet.threshold = g->p.sheet.rule.threshold;
    g->p.sheet.english = fs->english;
    MK_TRY(mk_fs_published_open(fs, &g->published));
    MK_TRY(mk_fs_solver_start(&fs->solver, &fs->diag));
    MK_TRY(mk_fs_report_shut(fs, &g->report));
    MK_TRY(mk_fs_gate_read(fs, &gate));
    MK_TRY(mk_publication_make(&g->p, &gate, mk_fs_solver_solve, &fs->solver,
                               &fs->diag));
    MK_TRY(mk_fs_published_add(fs, &g->published, &g->p.sheet, false));
    MK_TRY(tell(g));
out:
    mk_publication_release(&g->p);
    mk_fs_published_release(&g->published);
    mk_fs_report_release(&g->report);
    mk_gate_release(&gate);
    free(g);
    return rc;
}
