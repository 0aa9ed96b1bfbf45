/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/factsheet/counts.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/num.h"
#include "reports/sdc/advise.h"
#include "reports/sdc/round.h"

#define MAX_INPUT ((size_t)1 << 27)
#define MAX_SECONDS 86400
#define MAX_WORK UINT64_C(1000000000000)

static const struct mk_fs_option options[MK_FS_COUNTS_OPTIONS] = {
    [MK_FS_SPEC] = {.name = "--spec"},
    [MK_FS_DATA] = {.name = "--data"},
    [MK_FS_CELLS] = {.name = "--cells"},
    [MK_FS_PREVIOUS] = {.name = "--previous", .repeatable = true},
    [MK_FS_OUT] = {.name = "--out"},
    [MK_FS_WORK] = {.name = "--work"},
    [MK_FS_TIME] = {.name = "--time"},
    [MK_FS_LANG] = {.name = "--lang"},
    [MK_FS_BASE] = {.name = "--base"},
    [MK_FS_KEY] = {.name = "--key"},
};

static enum mk_err take(void *ctx, size_t i, const char *value,
                        struct mk_diag *diag)
{
    struct mk_fs_counts *g = ctx;
    size_t n = strlen(value);
    switch ((enum mk_fs_counts_option)i) {
    case MK_FS_SPEC:
    case MK_FS_DATA:
    case MK_FS_CELLS:
    case MK_FS_OUT:
    case MK_FS_KEY:
        g->path[i] = value;
        return n > 0 ? MK_OK : mk_fail(diag, MK_E_USAGE, options[i].name);
    case MK_FS_PREVIOUS:
        if (g->n_previous == MK_SDC_RELEASES)
            return mk_fail_at(diag, MK_E_TOO_LARGE, "--previous", 0,
                              MK_SDC_RELEASES, 0);
        g->previous[g->n_previous++] = value;
        return MK_OK;
    case MK_FS_WORK:
        return mk_num_parse(value, n, 1, MAX_WORK, &g->work)
                   ? MK_OK
                   : mk_fail_at(diag, MK_E_BAD_NUMBER, "--work", 0, 1,
                                (int64_t)MAX_WORK);
    case MK_FS_TIME:
        return mk_num_parse(value, n, 1, MAX_SECONDS, &g->fs->solver.seconds)
                   ? MK_OK
                   : mk_fail_at(diag, MK_E_BAD_NUMBER, "--time", 0, 1,
                                MAX_SECONDS);
    case MK_FS_LANG:
        return mk_fs_language(g->fs, value, diag);
    case MK_FS_BASE:
        return mk_num_parse(value, n, 3, 5, &g->base) && g->base != 4
                   ? MK_OK
                   : mk_fail(diag, MK_E_USAGE, "--base");
    case MK_FS_COUNTS_OPTIONS:
        break;
    }
    return MK_E_INTERNAL;
}

/* Everything that is read is open before the sandbox shuts. */
struct inputs {
    int fd[3]; /* spec, data, cells; -1: none */
    int key;
    int *previous;
};

static enum mk_err open_inputs(const struct mk_fs_counts *g, struct inputs *in,
                               struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < 3; i++)
        if (g->path[i])
            MK_TRY(mk_fs_open(&in->fd[i], g->path[i], diag));
    if (g->path[MK_FS_KEY])
        MK_TRY(mk_fs_open(&in->key, g->path[MK_FS_KEY], diag));
    for (size_t i = 0; i < g->n_previous; i++)
        MK_TRY(mk_fs_open(&in->previous[i], g->previous[i], diag));
out:
    return rc;
}

static enum mk_err read_inputs(const struct mk_fs_counts *g, struct inputs *in,
                               struct mk_sdc_job *job, struct mk_diag *diag)
{
    struct mk_buf *text[] = {&job->spec, &job->data, &job->cells};
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < 3; i++)
        if (in->fd[i] >= 0)
            MK_TRY(
                mk_fs_read(in->fd[i], g->path[i], MAX_INPUT, text[i], diag));
    if (in->key >= 0) {
        MK_TRY(mk_fs_read(in->key, g->path[MK_FS_KEY], MK_SDC_ROUND_KEY,
                          &job->key, diag));
        if (job->key.len != MK_SDC_ROUND_KEY) {
            rc = mk_fail(diag, MK_E_BAD_VALUE, "--key");
            goto out;
        }
    }
    while (job->n_releases < g->n_previous) {
        size_t i = job->n_releases++;
        MK_TRY(mk_buf_add_str(&job->release_name[i], g->previous[i]));
        MK_TRY(mk_fs_read(in->previous[i], g->previous[i], MAX_INPUT,
                          &job->release[i], diag));
    }
out:
    return rc;
}

#define PATH_ROOM 16  /* for what stands between path and key */
#define PATH_LEAST 24 /* bytes of a path that are always told */

/* The last bytes of path, at most n, from the beginning of a character. */
static const char *path_end(const char *path, size_t n)
{
    size_t len = strlen(path);
    if (n < PATH_LEAST || n > MK_SDC_NAME)
        n = PATH_LEAST;
    if (len > n)
        path += len - n;
    while (((unsigned char)*path & 0xc0) == 0x80)
        path++;
    return path;
}

/* The reader names a key or a column: the file is said here.  What columns are
 * allowed stands in the spec, so that they are not listed. */
static enum mk_err say_where(struct mk_fs *fs, const struct mk_fs_counts *g,
                             int which)
{
    enum mk_err rc = fs->diag.err;
    const char *path = which < 0   ? NULL
                       : which < 3 ? g->path[which]
                                   : g->previous[which - 3];
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err put = MK_E_INTERNAL;
    if (path) /* of a long one the end, so that there is room for the key */
        path = path_end(path, sizeof fs->diag.place - 1 -
                                  strlen(fs->diag.place) - PATH_ROOM);
    if (path && rc == MK_E_UNKNOWN_COLUMN) {
        put = mk_buf_addf(&text, MK_FS_T(fs, "%s: kolom %d", "%s: column %d"),
                          path, (int)fs->diag.num[0]);
        rc = MK_E_BAD_VALUE;
    } else if (path && rc == MK_E_SEMICOLON) {
        put = mk_buf_add_str(&text, path);
    } else if (path) {
        put = mk_buf_addf(&text, "%s: %s", path, fs->diag.place);
    }
    if (put == MK_OK && mk_buf_terminate(&text) == MK_OK)
        (void)mk_fail(&fs->diag, rc, (const char *)text.data);
    mk_buf_release(&text);
    return rc;
}

static enum mk_err prepare(struct mk_fs_counts *g)
{
    struct mk_fs *fs = g->fs;
    struct inputs in = {{-1, -1, -1}, -1, NULL};
    int which = -1;
    enum mk_err rc = MK_E_MEMORY;
    in.previous = calloc(g->n_previous + 1, sizeof *in.previous);
    if (!in.previous)
        return mk_fail(&fs->diag, rc, "--previous");
    MK_TRY(mk_fs_solver_start(&fs->solver, &fs->diag));
    MK_TRY(open_inputs(g, &in, &fs->diag));
    MK_TRY(mk_fs_shut(fs, g->path[MK_FS_OUT], true, &g->folder));
    MK_TRY(read_inputs(g, &in, g->job, &fs->diag));
    g->job->base = g->base;
    rc = mk_sdc_task_open(g->task, g->job, &which, &fs->diag);
    if (rc != MK_OK) {
        rc = say_where(fs, g, which);
        goto out;
    }
    MK_TRY(mk_fs_solver_ask(&fs->solver, g->job, g->task, &fs->diag));
out:
    free(in.previous);
    return rc;
}

/* ---- a verb ---- */

struct taking {
    struct mk_fs_counts *c;
    unsigned may, given;
};

static enum mk_err take_one(void *ctx, size_t i, const char *value,
                            struct mk_diag *diag)
{
    struct taking *t = ctx;
    if (!(t->may & 1u << i))
        return mk_fs_usage(t->c->fs, options[i].name, MK_FS_WRONG_OPTION);
    t->given |= 1u << i;
    return take(t->c, i, value, diag);
}

enum mk_err mk_fs_counts_run(struct mk_fs_counts *c, struct mk_fs *fs,
                             int argc, char **argv, enum mk_sdc_job_kind kind,
                             unsigned may, unsigned must)
{
    struct taking t = {c, may, 0};
    enum mk_err rc = MK_E_MEMORY;
    memset(c, 0, sizeof *c);
    c->fs = fs;
    mk_folder_init(&c->folder);
    c->job = calloc(1, sizeof *c->job);
    c->task = calloc(1, sizeof *c->task);
    c->previous = calloc(MK_SDC_RELEASES, sizeof *c->previous);
    if (!c->job || !c->task || !c->previous)
        goto out;
    mk_sdc_job_init(c->job);
    MK_TRY(mk_fs_options(fs, argc, argv, options, MK_FS_COUNTS_OPTIONS,
                         take_one, &t));
    for (unsigned i = 0; i < MK_FS_COUNTS_OPTIONS; i++)
        if (must & ~t.given & 1u << i) {
            rc = mk_fs_usage(fs, options[i].name, MK_FS_WRONG_MISSING);
            goto out;
        }
    c->job->kind = kind;
    c->job->work = c->work                     ? c->work
                   : kind == MK_SDC_JOB_ADVISE ? MK_SDC_ADVISE_WORK
                                               : MK_SDC_WORK;
    rc = prepare(c);
out:
    return rc;
}

void mk_fs_counts_end(struct mk_fs_counts *c)
{
    mk_folder_close(&c->folder);
    if (c->task)
        mk_sdc_task_release(c->task);
    if (c->job)
        mk_sdc_job_release(c->job);
    free(c->task);
    free(c->job);
    free(c->previous);
}
