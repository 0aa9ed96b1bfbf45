/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/publication.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/notes.h"
#include "reports/revision.h"
#include "reports/summary.h"

/* Pivots of each trial of advice: there are about a hundred in a year, and each
 * is held against one that was given as little. */
#define ADVICE_WORK 2000u

void mk_publication_init(struct mk_publication *p)
{
    memset(p, 0, sizeof *p);
    mk_factsheet_init(&p->sheet);
    mk_counts_init(&p->all);
    p->sheet.policy = MK_POLICY_SUPPRESS;
}

void mk_publication_release(struct mk_publication *p)
{
    for (size_t i = 0; i < p->n_cubes; i++)
        mk_counts_release(&p->cube[i]);
    for (size_t i = 0; i < p->n_records; i++)
        mk_record_release(&p->record[i]);
    for (size_t y = 0; p->task && y < MK_COUNTS_YEARS; y++)
        if (p->task[y].spec.n_dims > 0)
            mk_sdc_task_release(&p->task[y]);
    for (size_t y = 0; y < MK_COUNTS_YEARS; y++) {
        if (p->advice[y])
            mk_sdc_task_release(p->advice[y]);
        free(p->advice[y]);
    }
    free(p->cube);
    free(p->record);
    free(p->task);
    json_decref(p->made);
    mk_counts_release(&p->all);
    mk_factsheet_release(&p->sheet);
    memset(p, 0, sizeof *p);
}

/* ---- what came down ---- */

static enum mk_err read_sections(struct mk_publication *p,
                                 const struct mk_gate *gate,
                                 struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    p->cube = calloc(gate->n_sections + 1, sizeof *p->cube);
    p->record = calloc(gate->n_sections + 1, sizeof *p->record);
    p->task = calloc(MK_COUNTS_YEARS, sizeof *p->task);
    if (!p->cube || !p->record || !p->task)
        return mk_fail(diag, MK_E_MEMORY, "meldkluis-gate");
    for (size_t i = 0; i < gate->n_sections; i++) {
        const uint8_t *data;
        size_t n;
        switch (mk_gate_section(gate, i, &data, &n)) {
        case MK_GATE_CUBE:
            mk_counts_init(&p->cube[p->n_cubes]);
            MK_TRY(mk_counts_parse(&p->cube[p->n_cubes++], data, n, diag));
            if (p->cube[p->n_cubes - 1].version == 4) {
                rc = mk_fail(diag, MK_E_SYNTAX, "meldkluis-cube");
                goto out;
            }
            break;
        case MK_GATE_RELEASE:
            mk_record_init(&p->record[p->n_records]);
            MK_TRY(mk_record_parse(&p->record[p->n_records++], data, n, diag));
            break;
        case MK_GATE_KEY:
        case MK_GATE_KINDS:
            break;
        }
    }
out:
    return rc;
}

static enum mk_err add_year(struct mk_publication *p,
                            const struct mk_counts *cube, size_t from,
                            struct mk_diag *diag)
{
    struct mk_counts *all = &p->all;
    size_t at = 0;
    while (at < all->n_years && all->years[at] < cube->years[from])
        at++;
    if (at < all->n_years && all->years[at] == cube->years[from])
        return mk_fail(diag, MK_E_DUPLICATE_KEY, "years");
    if (all->n_years == MK_COUNTS_YEARS)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "years", 0, MK_COUNTS_YEARS,
                          0);
    for (size_t i = all->n_years++; i > at; i--) {
        all->years[i] = all->years[i - 1];
        p->position[i] = p->position[i - 1];
        p->sheet.frozen_date[i] = p->sheet.frozen_date[i - 1];
    }
    all->years[at] = cube->years[from];
    p->position[at] = cube->position;
    p->sheet.frozen_date[at] = cube->data_date;
    return MK_OK;
}

/* What counts now: what went has gone. */
static enum mk_err add_rows(struct mk_publication *p,
                            const struct mk_counts *cube)
{
    struct mk_counts *all = &p->all;
    struct mk_counts_row *rows =
        realloc(all->rows, (all->n_rows + cube->n_rows + 1) * sizeof *rows);
    if (!rows)
        return MK_E_MEMORY;
    all->rows = rows;
    for (size_t i = 0; i < cube->n_rows; i++) {
        struct mk_counts_row r = cube->rows[i];
        int year = cube->years[r.level[MK_DIM_YEAR]];
        if (r.change == MK_CHANGE_REMOVED)
            continue;
        for (size_t y = 0; y < all->n_years; y++)
            if (all->years[y] == year)
                r.level[MK_DIM_YEAR] = (uint8_t)y;
        rows[all->n_rows++] = r;
    }
    return MK_OK;
}

static enum mk_err unite(struct mk_publication *p, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    p->all.version = 2;
    for (size_t i = 0; i < p->n_cubes; i++) {
        const struct mk_counts *cube = &p->cube[i];
        for (size_t y = 0; y < cube->n_years; y++)
            MK_TRY(add_year(p, cube, y, diag));
        p->all.school_year = cube->school_year;
        if (cube->position >= p->all.position) {
            p->all.position = cube->position;
            p->all.data_date = cube->data_date;
        }
    }
    for (size_t i = 0; i < p->n_cubes; i++)
        MK_TRY(add_rows(p, &p->cube[i]));
    if (p->n_cubes == 0)
        rc = mk_fail(diag, MK_E_SYNTAX, "meldkluis-gate");
out:
    return rc;
}

static const struct mk_counts *cube_of(const struct mk_publication *p,
                                       int year)
{
    for (size_t i = 0; i < p->n_cubes; i++)
        for (size_t y = 0; y < p->cube[i].n_years; y++)
            if (p->cube[i].years[y] == year)
                return &p->cube[i];
    return NULL;
}

/* ---- a year ---- */

static bool record_has(const struct mk_record *record, int year)
{
    int years[MK_COUNTS_YEARS];
    size_t n = mk_record_years(record, years, MK_COUNTS_YEARS);
    for (size_t i = 0; i < n; i++)
        if (years[i] == year)
            return true;
    return false;
}

/* A release of the other kind of year that touches the same days. */
static bool overlaps(const struct mk_record *record, int year, bool school)
{
    return record->school_year != school &&
           (record_has(record, year) ||
            record_has(record, school ? year + 1 : year - 1));
}

static enum mk_err add_release(struct mk_sdc_job *job,
                               const struct mk_record *record, int year,
                               bool changed, struct mk_diag *diag)
{
    bool found;
    enum mk_err rc;
    if (job->n_releases == MK_SDC_RELEASES)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "release", 0, MK_SDC_RELEASES,
                          0);
    rc = mk_record_year(record, year, changed, &found,
                        &job->release[job->n_releases], diag);
    if (rc == MK_OK && found)
        job->n_releases++;
    return rc;
}

/* All releases that printed the year, before them what is known of a change
 * anyway. */
static enum mk_err add_releases(struct mk_publication *p, int year,
                                const struct mk_change *change,
                                struct mk_sdc_job *job, struct mk_diag *diag)
{
    bool changed = mk_change_any(change);
    enum mk_err rc = MK_OK;
    if (changed)
        MK_TRY(mk_change_known(&job->release[job->n_releases++], change));
    for (size_t i = 0; i < p->n_records; i++) {
        if (overlaps(&p->record[i], year, p->all.school_year))
            return mk_fail(diag, MK_E_BASIS, p->record[i].name);
        MK_TRY(add_release(job, &p->record[i], year, changed, diag));
    }
out:
    return rc;
}

/* The spec of the year with what came and what went, in the tables of all
 * releases. */
static enum mk_err add_change(const struct mk_publication *p, int year,
                              struct mk_sdc_job *job, struct mk_diag *diag)
{
    const json_t **spec = calloc(p->n_records + 1, sizeof *spec);
    enum mk_err rc = MK_E_MEMORY;
    if (!spec)
        return mk_fail(diag, rc, "spec");
    for (size_t i = 0; i < p->n_records; i++)
        spec[i] = json_object_get(mk_record_sdc(&p->record[i], year), "spec");
    rc = mk_change_spec(&job->spec, spec, p->n_records, diag);
    free(spec);
    return rc;
}

static bool has_rows(const struct mk_counts *counts, int year)
{
    for (size_t i = 0; i < counts->n_rows; i++)
        if (counts->years[counts->rows[i].level[MK_DIM_YEAR]] == year)
            return true;
    return false;
}

static enum mk_err refuse_few(int year, uint64_t threshold,
                              struct mk_diag *diag)
{
    return mk_fail_at(diag, MK_E_FEW_CHANGES, "--revise", 0, year,
                      (int64_t)threshold);
}

/* Solves one year; task is filled, also when it is refused. */
static enum mk_err run_job(struct mk_publication *p, int year,
                           const struct mk_change *change,
                           struct mk_sdc_job *job, struct mk_sdc_task *task,
                           mk_solve *solve, void *ctx, struct mk_diag *diag)
{
    int which;
    enum mk_err rc;
    MK_TRY(mk_sdc_task_open(task, job, &which, diag));
    if (p->revise && mk_change_few(change, task->spec.threshold)) {
        /* an earlier release promised more than the sheet does */
        rc = refuse_few(year, task->spec.threshold, diag);
        goto out;
    }
    /* a policy that is stated is not quietly another one */
    if (p->sheet.own_rule && task->promised > 0) {
        rc =
            mk_fail(diag, MK_E_WEAKER, task->earlier[task->promised - 1].name);
        goto out;
    }
    MK_TRY(solve(ctx, job, task, diag));
    if (!task->result.safe || task->result.n_faults > 0) {
        p->refused = task;
        p->refused_year = year;
        rc = mk_fail(diag, MK_E_DISCLOSURE, NULL);
    }
out:
    return rc;
}

/* What less detail would hide, of a year that nobody has seen yet. */
static enum mk_err advise(struct mk_publication *p, size_t y,
                          struct mk_sdc_job *job, mk_solve *solve, void *ctx,
                          struct mk_diag *diag)
{
    struct mk_sdc_task *task;
    int which;
    enum mk_err rc;
    if (!p->preview || job->n_releases > 0)
        return MK_OK;
    task = p->advice[y] = calloc(1, sizeof *task);
    if (!task)
        return mk_fail(diag, MK_E_MEMORY, "advice");
    job->kind = MK_SDC_JOB_ADVISE;
    job->work = ADVICE_WORK;
    MK_TRY(mk_sdc_task_open(task, job, &which, diag));
    MK_TRY(solve(ctx, job, task, diag));
out:
    return rc;
}

static enum mk_err protect_year(struct mk_publication *p, size_t y,
                                mk_solve *solve, void *ctx,
                                struct mk_diag *diag)
{
    int year = p->sheet.years[y];
    const struct mk_counts *counts = cube_of(p, year);
    struct mk_change change;
    struct mk_year_model m;
    struct mk_sdc_job *job = calloc(1, sizeof *job);
    enum mk_err rc = MK_E_MEMORY;
    if (!job || !counts)
        goto out;
    mk_year_model_init(&m, &p->sheet, y);
    change = mk_change_count(counts, year);
    m.changed = mk_change_any(&change);
    p->sheet.revised[y] = p->revise && m.changed;
    if (p->table && !m.kept && mk_year_table_needs_kept(p->table)) {
        rc = mk_fail(diag, MK_E_CODE_YEAR, "--table");
        goto out;
    }
    for (size_t i = 0; i < p->n_records; i++) {
        if (overlaps(&p->record[i], year, p->all.school_year)) {
            rc = mk_fail(diag, MK_E_BASIS, p->record[i].name);
            goto out;
        }
        if (p->revise && mk_change_shown(mk_record_sdc(&p->record[i], year))) {
            rc = mk_fail_at(diag, MK_E_REVISED, p->record[i].name, 0, year, 0);
            goto out;
        }
        p->sheet.frozen[y] |= !p->sheet.revised[y] &&
                              record_has(&p->record[i], year);
    }
    rc = MK_OK;
    if (!has_rows(counts, year)) /* nothing but zeros */
        goto out;
    MK_TRY(mk_year_job(job, &m, counts, p->table, diag));
    MK_TRY(add_releases(p, year, &change, job, diag));
    if (m.changed)
        MK_TRY(add_change(p, year, job, diag));
    rc = run_job(p, year, &change, job, &p->task[y], solve, ctx, diag);
    p->unsafe[y] = rc == MK_E_DISCLOSURE;
    if (rc != MK_OK && !(p->preview && p->unsafe[y]))
        goto out;
    MK_TRY(advise(p, y, job, solve, ctx, diag));
    if (!p->table && !p->unsafe[y])
        MK_TRY(mk_year_hide(&p->sheet, &m, &p->task[y], diag));
out:
    if (job)
        mk_sdc_job_release(job);
    free(job);
    return rc;
}

/* A year that has not begun when the data end has no figures to freeze. */
static enum mk_err check_begun(const struct mk_publication *p,
                               struct mk_diag *diag)
{
    for (size_t y = 0; y < p->all.n_years && p->release; y++)
        if (p->all.data_date == MK_DAY_NONE ||
            mk_date_day(p->all.years[y], p->all.school_year ? 8 : 1, 1) >
                p->all.data_date)
            return mk_fail(diag, MK_E_NO_RECORDS, "--years");
    return MK_OK;
}

/* Before anything is solved: a revision of nothing would print the same figures
 * as new ones, and one of a few dossiers would point at them. */
static enum mk_err check_changes(const struct mk_publication *p,
                                 struct mk_diag *diag)
{
    bool any = false;
    for (size_t y = 0; y < p->all.n_years && p->revise; y++) {
        const struct mk_counts *cube = cube_of(p, p->all.years[y]);
        struct mk_change change = mk_change_count(cube, p->all.years[y]);
        if (mk_change_few(&change, p->sheet.threshold))
            return refuse_few(p->all.years[y], p->sheet.threshold, diag);
        any |= mk_change_any(&change);
    }
    return p->revise && !any ? mk_fail(diag, MK_E_UNCHANGED, "--revise")
                             : MK_OK;
}

enum mk_err mk_publication_make(struct mk_publication *p,
                                const struct mk_gate *gate, mk_solve *solve,
                                void *ctx, struct mk_diag *diag)
{
    enum mk_err rc;
    MK_TRY(read_sections(p, gate, diag));
    MK_TRY(unite(p, diag));
    MK_TRY(check_begun(p, diag));
    MK_TRY(check_changes(p, diag));
    p->sheet.draft = p->release == NULL && !p->preview;
    p->sheet.release = p->release;
    MK_TRY(mk_factsheet_build(&p->sheet, &p->all, diag));
    for (size_t y = 0; y < p->sheet.n_years; y++)
        MK_TRY(protect_year(p, y, solve, ctx, diag));
    MK_TRY(mk_notes_build(&p->sheet, &p->all, diag));
    MK_TRY(mk_summary_build(&p->sheet, diag));
out:
    return rc;
}

/* ---- all releases together ---- */

/* The newest spec that printed the year: with all others sticky, its cells and
 * theirs are what is held against the data. */
static enum mk_err spec_of(const struct mk_buf *release, struct mk_buf *out)
{
    json_t *json =
        json_loadb((const char *)release->data, release->len, 0, NULL);
    char *text = json_dumps(json_object_get(json, "spec"), JSON_COMPACT);
    enum mk_err rc = text ? mk_buf_add_str(out, text) : MK_E_MEMORY;
    free(text);
    json_decref(json);
    return rc;
}

static enum mk_err check_year(struct mk_publication *p,
                              const struct mk_counts *cube, size_t y,
                              mk_solve *solve, void *ctx, size_t *years,
                              struct mk_diag *diag)
{
    struct mk_sdc_job *job = calloc(1, sizeof *job);
    struct mk_factsheet *sheet = calloc(1, sizeof *sheet);
    struct mk_sdc_task *task = &p->task[0];
    struct mk_change change = mk_change_count(cube, cube->years[y]);
    struct mk_year_model m;
    enum mk_err rc = MK_E_MEMORY;
    if (!job || !sheet)
        goto out;
    mk_factsheet_init(sheet);
    sheet->policy = MK_POLICY_SUPPRESS;
    sheet->threshold = 5;
    MK_TRY(mk_factsheet_build(sheet, cube, diag));
    mk_year_model_init(&m, sheet, y);
    m.changed = mk_change_any(&change);
    if (!has_rows(cube, cube->years[y]))
        goto out;
    p->all.school_year = cube->school_year;
    MK_TRY(add_releases(p, cube->years[y], &change, job, diag));
    if (job->n_releases == 0)
        goto out;
    MK_TRY(mk_year_job(job, &m, cube, NULL, diag));
    mk_buf_clear(&job->spec);
    MK_TRY(spec_of(&job->release[job->n_releases - 1], &job->spec));
    MK_TRY(run_job(p, cube->years[y], &change, job, task, solve, ctx, diag));
    mk_sdc_task_release(task);
    ++*years;
out:
    if (sheet)
        mk_factsheet_release(sheet);
    if (job)
        mk_sdc_job_release(job);
    free(sheet);
    free(job);
    return rc;
}

enum mk_err mk_publication_check(struct mk_publication *p,
                                 const struct mk_gate *gate, mk_solve *solve,
                                 void *ctx, size_t *years,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    MK_TRY(read_sections(p, gate, diag));
    for (size_t i = 0; i < p->n_cubes; i++)
        for (size_t y = 0; y < p->cube[i].n_years; y++)
            MK_TRY(check_year(p, &p->cube[i], y, solve, ctx, years, diag));
out:
    return rc;
}
