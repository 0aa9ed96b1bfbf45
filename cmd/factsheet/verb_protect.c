/* SPDX-License-Identifier: GPL-3.0-or-later */
/* protect and audit: any table of counts, without a vault. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/factsheet/program.h"
#include "core/base/num.h"
#include "reports/sdc/release_file.h"
#include "reports/sdc/report.h"
#include "reports/sdc/write.h"

#define MAX_INPUT ((size_t)1 << 27)
#define MAX_SECONDS 86400
#define MAX_WORK UINT64_C(1000000000000)

enum option {
    OPT_SPEC,
    OPT_DATA,
    OPT_CELLS,
    OPT_PREVIOUS,
    OPT_OUT,
    OPT_WORK,
    OPT_TIME,
    OPT_LANG,
    OPTS
};
static const struct mk_fs_option options[OPTS] = {
    [OPT_SPEC] = {.name = "--spec"},
    [OPT_DATA] = {.name = "--data"},
    [OPT_CELLS] = {.name = "--cells"},
    [OPT_PREVIOUS] = {.name = "--previous", .repeatable = true},
    [OPT_OUT] = {.name = "--out"},
    [OPT_WORK] = {.name = "--work"},
    [OPT_TIME] = {.name = "--time"},
    [OPT_LANG] = {.name = "--lang"},
};

struct given {
    struct mk_fs *fs;
    const char *path[OPTS]; /* spec, data, cells, out */
    const char **previous;
    size_t n_previous;
    uint64_t work;
};

static enum mk_err take(void *ctx, size_t i, const char *value,
                        struct mk_diag *diag)
{
    struct given *g = ctx;
    size_t n = strlen(value);
    switch ((enum option)i) {
    case OPT_SPEC:
    case OPT_DATA:
    case OPT_CELLS:
    case OPT_OUT:
        g->path[i] = value;
        return n > 0 ? MK_OK : mk_fail(diag, MK_E_USAGE, options[i].name);
    case OPT_PREVIOUS:
        if (g->n_previous == MK_SDC_RELEASES)
            return mk_fail_at(diag, MK_E_TOO_LARGE, "--previous", 0,
                              MK_SDC_RELEASES, 0);
        g->previous[g->n_previous++] = value;
        return MK_OK;
    case OPT_WORK:
        return mk_num_parse(value, n, 1, MAX_WORK, &g->work)
                   ? MK_OK
                   : mk_fail_at(diag, MK_E_BAD_NUMBER, "--work", 0, 1,
                                (int64_t)MAX_WORK);
    case OPT_TIME:
        return mk_num_parse(value, n, 1, MAX_SECONDS, &g->fs->solver.seconds)
                   ? MK_OK
                   : mk_fail_at(diag, MK_E_BAD_NUMBER, "--time", 0, 1,
                                MAX_SECONDS);
    case OPT_LANG:
        g->fs->english = strcmp(value, "en") == 0;
        return g->fs->english || strcmp(value, "nl") == 0
                   ? MK_OK
                   : mk_fail(diag, MK_E_USAGE, "--lang");
    case OPTS:
        break;
    }
    return MK_E_INTERNAL;
}

/* Everything that is read is open before the sandbox shuts. */
struct inputs {
    int fd[3]; /* spec, data, cells; -1: none */
    int *previous;
};

static enum mk_err open_inputs(const struct given *g, struct inputs *in,
                               struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < 3; i++)
        if (g->path[i])
            MK_TRY(mk_fs_open(&in->fd[i], g->path[i], diag));
    for (size_t i = 0; i < g->n_previous; i++)
        MK_TRY(mk_fs_open(&in->previous[i], g->previous[i], diag));
out:
    return rc;
}

static enum mk_err read_inputs(const struct given *g, struct inputs *in,
                               struct mk_sdc_job *job, struct mk_diag *diag)
{
    struct mk_buf *text[] = {&job->spec, &job->data, &job->cells};
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < 3; i++)
        if (in->fd[i] >= 0)
            MK_TRY(
                mk_fs_read(in->fd[i], g->path[i], MAX_INPUT, text[i], diag));
    for (; job->n_releases < g->n_previous; job->n_releases++) {
        size_t i = job->n_releases;
        MK_TRY(mk_fs_read(in->previous[i], g->previous[i], MAX_INPUT,
                          &job->release[i], diag));
    }
out:
    return rc;
}

/* The reader names a key or a column: the file is said here. */
static void say_where(struct mk_fs *fs, const struct given *g, int which)
{
    const char *path = which < 0   ? NULL
                       : which < 3 ? g->path[which]
                                   : g->previous[which - 3];
    struct mk_buf text = MK_BUF_INIT;
    if (path && mk_buf_addf(&text, "%s: ", path) == MK_OK &&
        mk_buf_add_str(&text, fs->diag.place) == MK_OK &&
        mk_buf_terminate(&text) == MK_OK)
        (void)mk_fail(&fs->diag, fs->diag.err, (const char *)text.data);
    mk_buf_release(&text);
}

static enum mk_err prepare(struct mk_fs *fs, const struct given *g,
                           struct mk_folder *folder, struct mk_sdc_job *job,
                           struct mk_sdc_task *task)
{
    const struct mk_harden_place place = {g->path[OPT_OUT], MK_HARDEN_WRITE};
    struct inputs in = {{-1, -1, -1}, NULL};
    int which = -1;
    enum mk_err rc = MK_E_MEMORY;
    in.previous = calloc(g->n_previous + 1, sizeof *in.previous);
    if (!in.previous)
        return mk_fail(&fs->diag, rc, "--previous");
    MK_TRY(mk_fs_solver_start(&fs->solver, &fs->diag));
    MK_TRY(open_inputs(g, &in, &fs->diag));
    if (g->path[OPT_OUT])
        MK_TRY(mk_folder_open(folder, g->path[OPT_OUT], true, &fs->diag));
    MK_TRY(mk_harden_sandbox(&fs->harden, &place, g->path[OPT_OUT] ? 1 : 0,
                             &fs->diag));
    MK_TRY(read_inputs(g, &in, job, &fs->diag));
    rc = mk_sdc_task_open(task, job, &which, &fs->diag);
    if (rc != MK_OK) {
        say_where(fs, g, which);
        goto out;
    }
    MK_TRY(mk_fs_solver_ask(&fs->solver, job, task, &fs->diag));
out:
    free(in.previous);
    return rc;
}

/* ---- protect ---- */

static enum mk_err write_protected(struct mk_fs *fs,
                                   const struct mk_folder *folder,
                                   const struct mk_sdc_task *task)
{
    struct mk_buf cells = MK_BUF_INIT, plan = MK_BUF_INIT;
    struct mk_buf proof = MK_BUF_INIT, release = MK_BUF_INIT;
    const struct mk_fs_file file[] = {{"cells.csv", &cells},
                                      {"plan.csv", &plan},
                                      {"proof.json", &proof},
                                      {"release.json", &release}};
    enum mk_err rc;
    MK_TRY(mk_sdc_write_cells(&cells, &task->model, &fs->diag));
    MK_TRY(mk_sdc_write_plan(&plan, &task->model, &fs->diag));
    MK_TRY(mk_sdc_write_proof(&proof, task, true));
    MK_TRY(mk_sdc_release_write(&release, &task->model, NULL, &fs->diag));
    MK_TRY(mk_fs_write_files(folder, file, 4, &fs->diag));
out:
    mk_buf_release(&cells);
    mk_buf_release(&plan);
    mk_buf_release(&proof);
    mk_buf_release(&release);
    return rc;
}

static void say_protected(const struct mk_fs *fs,
                          const struct mk_sdc_task *task)
{
    const struct mk_sdc_result *r = &task->result;
    struct mk_sdc_counts n;
    mk_sdc_count_cells(&task->model, &n);
    printf(MK_FS_T(fs,
                   "%zu cellen: %zu gepubliceerd, %zu verborgen (%zu "
                   "primair, %zu secundair)\n",
                   "%zu cells: %zu published, %zu hidden (%zu primary, %zu "
                   "secondary)\n"),
           n.cells, n.published, n.hidden, n.primary, n.secondary);
    if (r->optimal)
        puts(MK_FS_T(fs, "bewezen: het kan niet met minder",
                     "proven: it cannot be done with less"));
    else
        printf(MK_FS_T(fs,
                       "kosten %.0f, zeker niet minder dan %.0f (grens van "
                       "--work bereikt)\n",
                       "cost %.0f, surely not less than %.0f (limit of "
                       "--work reached)\n"),
               r->cost, r->bound > 0 ? r->bound - 0.5 : 0);
}

enum mk_err mk_fs_protect(struct mk_fs *fs, int argc, char **argv)
{
    struct given g = {.fs = fs, .work = MK_SDC_WORK};
    struct mk_folder folder = {.fd = -1};
    struct mk_sdc_job *job = calloc(1, sizeof *job);
    struct mk_sdc_task *task = calloc(1, sizeof *task);
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc = MK_E_MEMORY;
    g.previous = calloc(MK_SDC_RELEASES, sizeof *g.previous);
    if (!job || !task || !g.previous)
        goto out;
    mk_sdc_job_init(job);
    MK_TRY(mk_fs_options(argc, argv, options, OPTS, take, &g, &fs->diag));
    for (int i = OPT_SPEC; i <= OPT_OUT; i++)
        if (i != OPT_PREVIOUS && (g.path[i] != NULL) != (i != OPT_CELLS)) {
            rc = mk_fail(&fs->diag, MK_E_USAGE, options[i].name);
            goto out;
        }
    job->kind = MK_SDC_JOB_PROTECT;
    job->work = g.work;
    MK_TRY(prepare(fs, &g, &folder, job, task));
    if (!task->result.safe || task->result.n_faults > 0) {
        MK_TRY(mk_sdc_write_faults(&text, task, fs->english));
        fwrite(text.data, 1, text.len, stderr);
        rc = mk_fail(&fs->diag, MK_E_DISCLOSURE, NULL);
        goto out;
    }
    MK_TRY(write_protected(fs, &folder, task));
    say_protected(fs, task);
out:
    mk_folder_close(&folder);
    mk_buf_release(&text);
    if (task)
        mk_sdc_task_release(task);
    if (job)
        mk_sdc_job_release(job);
    free(task);
    free(job);
    free(g.previous);
    return rc;
}

/* ---- audit ---- */

static enum mk_err write_audit(struct mk_fs *fs, const struct given *g,
                               const struct mk_folder *folder,
                               const struct mk_sdc_task *task)
{
    struct mk_buf text = MK_BUF_INIT, cells = MK_BUF_INIT;
    struct mk_buf proof = MK_BUF_INIT;
    const struct mk_fs_file file[] = {{"audit.csv", &cells},
                                      {"proof.json", &proof}};
    struct mk_sdc_counts n;
    enum mk_err rc;
    MK_TRY(mk_sdc_write_audit(&cells, task));
    MK_TRY(mk_sdc_write_proof(&proof, task, true));
    if (g->path[OPT_OUT])
        MK_TRY(mk_fs_write_files(folder, file, 2, &fs->diag));
    MK_TRY(mk_sdc_write_faults(&text, task, fs->english));
    mk_sdc_count_cells(&task->model, &n);
    MK_TRY(mk_buf_addf(&text,
                       MK_FS_T(fs,
                               "%zu cellen, %zu verborgen: %zu geven iets "
                               "weg\n",
                               "%zu cells, %zu hidden: %zu give something "
                               "away\n"),
                       n.cells, n.hidden, task->result.n_faults));
    MK_TRY(mk_fs_write(&text, &fs->diag));
out:
    mk_buf_release(&text);
    mk_buf_release(&cells);
    mk_buf_release(&proof);
    return rc;
}

enum mk_err mk_fs_audit(struct mk_fs *fs, int argc, char **argv)
{
    struct given g = {.fs = fs, .work = MK_SDC_WORK};
    struct mk_folder folder = {.fd = -1};
    struct mk_sdc_job *job = calloc(1, sizeof *job);
    struct mk_sdc_task *task = calloc(1, sizeof *task);
    enum mk_err rc = MK_E_MEMORY;
    g.previous = calloc(MK_SDC_RELEASES, sizeof *g.previous);
    if (!job || !task || !g.previous)
        goto out;
    mk_sdc_job_init(job);
    MK_TRY(mk_fs_options(argc, argv, options, OPTS, take, &g, &fs->diag));
    if (!g.path[OPT_SPEC] || !g.path[OPT_CELLS]) {
        rc = mk_fail(&fs->diag, MK_E_USAGE,
                     g.path[OPT_SPEC] ? "--cells" : "--spec");
        goto out;
    }
    job->kind = MK_SDC_JOB_AUDIT;
    job->work = g.work;
    MK_TRY(prepare(fs, &g, &folder, job, task));
    MK_TRY(write_audit(fs, &g, &folder, task));
    if (task->result.n_faults > 0)
        rc = mk_fail(&fs->diag, MK_E_DISCLOSURE, NULL);
out:
    mk_folder_close(&folder);
    if (task)
        mk_sdc_task_release(task);
    if (job)
        mk_sdc_job_release(job);
    free(task);
    free(job);
    free(g.previous);
    return rc;
}
