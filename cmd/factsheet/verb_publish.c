/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * publish: the factsheet, or one table, through disclosure control.
 *
 *   gate (cubes, earlier releases) -> a job a year -> checked answers
 *     -> cells hidden, notes, rendered -> record up -> registered? -> files
 *
 * Nothing is written before every year is proven, together with all that was
 * printed about it before, and, where a release is asked for, registered.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/factsheet/making.h"
#include "cmd/factsheet/report.h"
#include "cmd/factsheet/sheet.h"
#include "core/base/text.h"
#include "reports/sdc/report.h"

#define UP 3 /* the descriptor that a record goes up by */

enum option {
    OPT_FORMAT = MK_FS_MAKING_OPTS,
    OPT_OUT,
    OPT_RELEASE,
    OPT_AUDIENCE,
    OPT_TABLE,
    OPTS
};
static const struct mk_fs_option options[OPTS] = {
    MK_FS_MAKING_OPTIONS,
    [OPT_FORMAT] = {.name = "--format", .repeatable = true},
    [OPT_OUT] = {.name = "--out"},
    [OPT_RELEASE] = {.name = "--release"},
    [OPT_AUDIENCE] = {.name = "--audience", .repeatable = true},
    [OPT_TABLE] = {.name = "--table"},
};

struct given {
    struct mk_fs_making making;
    struct mk_fs_sheet sheet;
};

static enum mk_err take(void *ctx, size_t i, const char *value,
                        struct mk_diag *diag)
{
    struct given *g = ctx;
    struct mk_publication *p = &g->making.p;
    if (i < MK_FS_MAKING_OPTS)
        return mk_fs_making_take(&g->making, i, value, diag);
    switch ((enum option)i) {
    case OPT_FORMAT:
        return mk_fs_sheet_format(&g->sheet, value, diag);
    case OPT_OUT:
        return mk_fs_out(&g->sheet.out, value, diag);
    case OPT_RELEASE:
        p->release = value;
        return mk_text_is_name(value, strlen(value))
                   ? MK_OK
                   : mk_fail(diag, MK_E_BAD_NAME, "--release");
    case OPT_AUDIENCE:
        p->audience = value;
        return MK_OK;
    case OPT_TABLE:
        p->table = value;
        return mk_year_table_check(value, diag);
    case OPTS:
        break;
    }
    return MK_E_INTERNAL;
}

/* Why a year was refused: cell by cell, with the release that is in the way. */
static void explain(const struct given *g)
{
    struct mk_buf text = MK_BUF_INIT;
    const struct mk_sdc_task *task = g->making.p.refused;
    if (!task)
        return;
    fprintf(stderr, "%d:\n", g->making.p.refused_year);
    if (mk_sdc_write_refusal(&text, task, g->making.fs->english) == MK_OK)
        fwrite(text.data, 1, text.len, stderr);
    mk_buf_release(&text);
}

/* Hands the record up and waits; *go says whether to publish. */
static enum mk_err register_release(struct given *g, bool *go)
{
    struct mk_buf record = MK_BUF_INIT;
    struct mk_diag *diag = &g->making.fs->diag;
    enum mk_err rc = MK_OK;
    *go = true;
    if (!g->making.p.release)
        return MK_OK;
    for (unsigned i = 0; i < MK_FILE_COUNT; i++) {
        const struct mk_buf *text = mk_fs_sheet_kept(&g->sheet, i);
        if (text->len > 0)
            MK_TRY(mk_publication_file(
                &g->making.p, mk_fs_sheet_file(&g->sheet, i), text, diag));
    }
    MK_TRY(mk_publication_record(&g->making.p, &record, diag));
    MK_TRY(mk_gate_send(UP, record.data, record.len, diag));
    MK_TRY(mk_gate_await(STDIN_FILENO, go, diag));
out:
    mk_buf_release(&record);
    return rc;
}

static enum mk_err make(struct given *g)
{
    struct mk_fs *fs = g->making.fs;
    const struct mk_publication *p = &g->making.p;
    bool go;
    enum mk_err rc;
    MK_TRY(mk_fs_making_make(&g->making));
    if (p->table)
        MK_TRY(
            mk_publication_table(p, &g->sheet.text[MK_FILE_CSV], &fs->diag));
    else
        MK_TRY(mk_fs_sheet_render(&g->sheet, &p->sheet, &fs->diag));
    MK_TRY(register_release(g, &go));
    if (!go) { /* whoever started us says why */
        fs->silent = true;
        rc = MK_E_CANCELLED;
        goto out;
    }
    MK_TRY(mk_fs_sheet_write(fs, &g->sheet));
out:
    return rc;
}

/* One table has one form, and a year changes as a whole. */
static enum mk_err complete(struct given *g, struct mk_diag *diag)
{
    if (!g->making.p.table)
        return mk_fs_sheet_complete(&g->sheet, diag);
    for (size_t i = 0; i < MK_FORMAT_COUNT; i++)
        if (g->sheet.wants[i] && i != MK_FORMAT_CSV)
            return mk_fail(diag, MK_E_USAGE, "--table (csv)");
    if (g->making.p.revise)
        return mk_fail(diag, MK_E_USAGE, "--table, --revise");
    g->sheet.wants[MK_FORMAT_CSV] = true;
    g->sheet.table = true;
    return mk_fs_sheet_complete(&g->sheet, diag);
}

enum mk_err mk_fs_publish(struct mk_fs *fs, int argc, char **argv)
{
    struct given *g = calloc(1, sizeof *g);
    enum mk_err rc = MK_E_MEMORY;
    if (!g)
        return rc;
    mk_fs_making_init(&g->making, fs);
    mk_fs_sheet_init(&g->sheet);
    MK_TRY(mk_fs_options(fs, argc, argv, options, OPTS, take, g));
    MK_TRY(complete(g, &fs->diag));
    MK_TRY(mk_fs_making_start(&g->making));
    MK_TRY(mk_fs_sheet_start(&g->sheet, &fs->diag));
    MK_TRY(mk_fs_shut(fs, g->sheet.out, false, &g->sheet.folder));
    MK_TRY(make(g));
out:
    if (rc == MK_E_DISCLOSURE)
        explain(g);
    mk_fs_making_release(&g->making);
    mk_fs_sheet_release(&g->sheet);
    free(g);
    return rc;
}

/* ---- release: what was published, again ---- */

enum show_option { SHOW_FORMAT, SHOW_OUT, SHOW_LANG, SHOW_OPTS };
static const struct mk_fs_option show_options[SHOW_OPTS] = {
    [SHOW_FORMAT] = {.name = "--format", .repeatable = true},
    [SHOW_OUT] = {.name = "--out"},
    [SHOW_LANG] = {.name = "--lang"},
};

static enum mk_err take_show(void *ctx, size_t i, const char *value,
                             struct mk_diag *diag)
{
    static const size_t same[SHOW_OPTS] = {OPT_FORMAT, OPT_OUT,
                                           MK_FS_MAKING_LANG};
    return take(ctx, same[i], value, diag);
}

static enum mk_err show_header(struct mk_fs *fs,
                               const struct mk_record *record)
{
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_buf_addf(&text, "%s\n", (const char *)record->header.data));
    rc = mk_fs_write(fs, &text);
out:
    mk_buf_release(&text);
    return rc;
}

/* What the record has of a file: of a PDF the page that it is made of. */
static enum mk_err take_back(struct given *g, const struct mk_record *record,
                             enum mk_format_file file, bool *there)
{
    const char *text = mk_record_file(
        record, mk_fs_sheet_file(&g->sheet,
                                 file == MK_FILE_PDF ? MK_FILE_HTML : file));
    *there = text != NULL;
    return text ? mk_buf_add_str(&g->sheet.text[file], text) : MK_OK;
}

/* The formats that the record has, of those that were asked for: all in a
 * folder without --format, else the first. */
static enum mk_err take_formats(struct given *g,
                                const struct mk_record *record, bool all,
                                bool *any)
{
    bool there;
    enum mk_err rc = MK_OK;
    *any = false;
    for (unsigned i = 0; i < MK_FORMAT_COUNT; i++) {
        bool wanted = all ? i != MK_FORMAT_PDF && (!*any || g->sheet.out)
                          : g->sheet.wants[i];
        g->sheet.wants[i] = false;
        if (!wanted || (g->sheet.table && i != MK_FORMAT_CSV))
            continue;
        MK_TRY(take_back(g, record, i, &there));
        g->sheet.wants[i] = there;
        *any = *any || there;
    }
out:
    return rc;
}

static enum mk_err show(struct given *g, const struct mk_record *record)
{
    bool any, there, all = true;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < MK_FORMAT_COUNT; i++)
        all &= !g->sheet.wants[i];
    g->sheet.table = record->kind == MK_RECORD_TABLE;
    MK_TRY(take_formats(g, record, all, &any));
    if (!any && !all) {
        rc = mk_fail(&g->making.fs->diag, MK_E_NO_FORMAT, "--format");
        goto out;
    }
    for (unsigned i = MK_FORMAT_COUNT; i < MK_FILE_COUNT && !g->sheet.table;
         i++)
        if (mk_format_makes(g->sheet.wants, i))
            MK_TRY(take_back(g, record, i, &there));
    MK_TRY(mk_fs_sheet_pdf(&g->sheet, &g->making.fs->diag));
    if (!g->sheet.out)
        MK_TRY(show_header(g->making.fs, record));
    if (any)
        MK_TRY(mk_fs_sheet_write(g->making.fs, &g->sheet));
out:
    return rc;
}

enum mk_err mk_fs_release(struct mk_fs *fs, int argc, char **argv)
{
    struct given *g = calloc(1, sizeof *g);
    struct mk_gate *gate;
    struct mk_record record;
    const uint8_t *data;
    size_t n;
    enum mk_err rc = MK_E_MEMORY;
    if (!g)
        return rc;
    gate = &g->making.gate;
    mk_fs_making_init(&g->making, fs);
    mk_record_init(&record);
    mk_fs_sheet_init(&g->sheet);
    MK_TRY(
        mk_fs_options(fs, argc, argv, show_options, SHOW_OPTS, take_show, g));
    MK_TRY(mk_fs_sheet_start(&g->sheet, &fs->diag));
    MK_TRY(mk_fs_shut(fs, g->sheet.out, false, &g->sheet.folder));
    MK_TRY(mk_gate_read(gate, STDIN_FILENO, &fs->diag));
    fs->silent = gate->none;
    if (gate->none || gate->n_sections != 1 ||
        mk_gate_section(gate, 0, &data, &n) != MK_GATE_RELEASE) {
        rc = mk_fail(&fs->diag, MK_E_SYNTAX, "meldkluis-gate");
        goto out;
    }
    MK_TRY(mk_record_parse(&record, data, n, &fs->diag));
    MK_TRY(show(g, &record));
out:
    mk_fs_making_release(&g->making);
    mk_fs_sheet_release(&g->sheet);
    mk_record_release(&record);
    free(g);
    return rc;
}

/* ---- check: all releases together ---- */

static const struct mk_fs_option check_options[] = {
    {.name = "--lang"}, {.name = "--format", .repeatable = true}};

static enum mk_err take_check(void *ctx, size_t i, const char *value,
                              struct mk_diag *diag)
{
    /* --format comes with --json of meldkluis: there is one answer */
    return i == 0 ? take(ctx, MK_FS_MAKING_LANG, value, diag) : MK_OK;
}

enum mk_err mk_fs_check(struct mk_fs *fs, int argc, char **argv)
{
    struct given *g = calloc(1, sizeof *g);
    struct mk_gate *gate;
    struct mk_buf said = MK_BUF_INIT;
    size_t years = 0;
    enum mk_err rc = MK_E_MEMORY;
    if (!g)
        return rc;
    gate = &g->making.gate;
    mk_fs_making_init(&g->making, fs);
    MK_TRY(mk_fs_options(fs, argc, argv, check_options, 2, take_check, g));
    MK_TRY(mk_fs_solver_start(&fs->solver, &fs->diag));
    MK_TRY(mk_harden_sandbox(&fs->harden, NULL, 0, &fs->diag));
    MK_TRY(mk_fs_gate_read(fs, gate));
    g->making.p.sheet.english = fs->english;
    MK_TRY(mk_publication_check(&g->making.p, gate, mk_fs_solver_solve,
                                &fs->solver, &years, &fs->diag));
    MK_TRY(mk_buf_addf(&said,
                       MK_FS_T(fs,
                               "alle vrijgaven samen geven niets weg (%zu "
                               "jaarstanden nagerekend)\n",
                               "all releases together give nothing away (%zu "
                               "years worked out)\n"),
                       years));
    MK_TRY(mk_fs_write(fs, &said));
out:
    if (rc == MK_E_DISCLOSURE)
        explain(g);
    mk_buf_release(&said);
    mk_fs_making_release(&g->making);
    free(g);
    return rc;
}
