/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preview: what publish would make, for own use; writes no file. */
#include <stdlib.h>

#include "cmd/factsheet/making.h"
#include "cmd/factsheet/report.h"
#include "reports/preview.h"

enum option { OPT_FORMAT = MK_FS_MAKING_OPTS, OPTS };
static const struct mk_fs_option options[OPTS] = {
    MK_FS_MAKING_OPTIONS,
    [OPT_FORMAT] = {.name = "--format", .repeatable = true},
};

struct given {
    struct mk_fs_making making;
    struct mk_fs_report report;
    struct mk_preview preview;
};

static enum mk_err take(void *ctx, size_t i, const char *value,
                        struct mk_diag *diag)
{
    struct given *g = ctx;
    return i == OPT_FORMAT ? mk_fs_report_format(&g->report, value, diag)
                           : mk_fs_making_take(&g->making, i, value, diag);
}

static enum mk_err tell(struct given *g)
{
    struct mk_fs *fs = g->making.fs;
    const struct mk_publication *p = &g->making.p;
    enum mk_err rc;
    MK_TRY(mk_preview_make(&g->preview, p, &fs->diag));
    if (g->report.text_wanted)
        MK_TRY(mk_preview_text(&g->report.text, &g->preview));
    if (g->report.json_wanted)
        MK_TRY(mk_preview_json(&g->report.json, &g->preview));
    MK_TRY(mk_fs_report_write(fs, &g->report));
    for (size_t y = 0; y < p->sheet.n_years && rc == MK_OK; y++)
        if (p->unsafe[y])
            rc = mk_fail(&fs->diag, MK_E_DISCLOSURE, NULL);
out:
    return rc;
}

enum mk_err mk_fs_preview(struct mk_fs *fs, int argc, char **argv)
{
    struct given *g = calloc(1, sizeof *g);
    enum mk_err rc = MK_E_MEMORY;
    if (!g)
        return rc;
    mk_fs_making_init(&g->making, fs);
    mk_fs_report_init(&g->report, NULL, NULL); /* it has no folder */
    g->making.p.preview = true;
    MK_TRY(mk_fs_options(fs, argc, argv, options, OPTS, take, g));
    MK_TRY(mk_fs_making_start(&g->making));
    MK_TRY(mk_fs_report_shut(fs, &g->report));
    MK_TRY(mk_fs_making_make(&g->making));
    MK_TRY(tell(g));
out:
    mk_fs_making_release(&g->making);
    mk_fs_report_release(&g->report);
    free(g);
    return rc;
}
