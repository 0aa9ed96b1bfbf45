/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/job.h"

#include <stdlib.h>
#include <string.h>

#include "reports/sdc/cells_read.h"
#include "reports/sdc/data_read.h"
#include "reports/sdc/model_build.h"
#include "reports/sdc/release_file.h"
#include "reports/sdc/spec_read.h"

void mk_sdc_job_init(struct mk_sdc_job *job)
{
    memset(job, 0, sizeof *job);
}

void mk_sdc_job_release(struct mk_sdc_job *job)
{
    mk_buf_release(&job->spec);
    mk_buf_release(&job->data);
    mk_buf_release(&job->cells);
    mk_buf_release(&job->key);
    for (size_t i = 0; i < job->n_releases; i++) {
        mk_buf_release(&job->release[i]);
        mk_buf_release(&job->release_name[i]);
    }
    mk_sdc_job_init(job);
}

/* ---- a task ---- */

/* The end of a long one: of a path that says most. */
static void take_name(struct mk_sdc_release *release,
                      const struct mk_buf *name)
{
    size_t most = sizeof release->name - 1;
    size_t n = name->len < most ? name->len : most;
    if (n > 0)
        memcpy(release->name, name->data + name->len - n, n);
    release->name[n] = '\0';
}

static bool raise(uint64_t *at, uint64_t least)
{
    if (*at >= least)
        return false;
    *at = least;
    return true;
}

static bool require(bool *at, bool wanted)
{
    if (*at || !wanted)
        return false;
    *at = true;
    return true;
}

/* Are there the contributors that the release promised to look at?  Without
 * them nobody can keep that. */
static bool has_tags(const struct mk_sdc_spec *spec,
                     const struct mk_sdc_spec *promised)
{
    for (size_t k = 0; k < promised->n_tags; k++) {
        size_t own = 0;
        while (own < spec->n_tags &&
               strcmp(spec->tag[own], promised->tag[k]) != 0)
            own++;
        if (own == spec->n_tags)
            return false;
    }
    return true;
}

/* Who promised more before is held to it: true where spec asked less.  In an
 * audit contributors count only where the data have them. */
static bool hold(struct mk_sdc_spec *spec, const struct mk_sdc_spec *promised)
{
    bool less = raise(&spec->threshold, promised->threshold);
    less |= require(&spec->zeros_protected, promised->zeros_protected);
    less |= require(&spec->insider, promised->insider);
    for (size_t d = 0; d < promised->n_dims; d++) {
        const char *name = promised->dim[d].name;
        size_t own;
        if (promised->group[d] &&
            mk_sdc_find_dim(spec, name, strlen(name), &own))
            less |= require(&spec->group[own], true);
    }
    if (spec->n_tags == 0 || promised->n_tags == 0)
        return less;
    less |= raise(&spec->tags_min, promised->tags_min);
    if (promised->share_ppm < spec->share_ppm) {
        spec->share_ppm = promised->share_ppm;
        less = true;
    }
    return less;
}

static enum mk_err read_releases(struct mk_sdc_task *task,
                                 const struct mk_sdc_job *job, int *which,
                                 struct mk_diag *diag)
{
    task->earlier = calloc(job->n_releases + 1, sizeof *task->earlier);
    if (!task->earlier)
        return mk_fail(diag, MK_E_MEMORY, "release");
    for (size_t i = 0; i < job->n_releases; i++) {
        struct mk_sdc_release *release = &task->earlier[task->n_earlier++];
        mk_sdc_release_init(release);
        *which = 3 + (int)i;
        enum mk_err rc = mk_sdc_release_parse(release, job->release[i].data,
                                              job->release[i].len, diag);
        if (rc != MK_OK)
            return rc;
        if (release->name[0] == '\0')
            take_name(release, &job->release_name[i]);
        if (job->kind != MK_SDC_JOB_AUDIT &&
            !has_tags(&task->spec, &release->spec))
            return mk_fail(diag, MK_E_WEAKER, "contributors");
        if (hold(&task->spec, &release->spec))
            task->promised = task->n_earlier;
    }
    return MK_OK;
}

enum mk_err mk_sdc_task_open(struct mk_sdc_task *task,
                             const struct mk_sdc_job *job, int *which,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    memset(task, 0, sizeof *task);
    mk_sdc_spec_init(&task->spec);
    mk_sdc_model_init(&task->model);
    mk_sdc_result_init(&task->result);
    mk_sdc_rounded_init(&task->rounded);
    mk_sdc_advice_init(&task->advice, &task->spec);
    mk_sdc_data_init(&task->data, &task->spec);
    mk_sdc_printed_init(&task->printed, &task->spec);
    *which = 0;
    MK_TRY(
        mk_sdc_spec_parse(&task->spec, job->spec.data, job->spec.len, diag));
    mk_sdc_data_init(&task->data, &task->spec);
    mk_sdc_printed_init(&task->printed, &task->spec);
    *which = 1;
    if (job->data.len > 0 || job->kind != MK_SDC_JOB_AUDIT)
        MK_TRY(mk_sdc_data_parse(&task->data, &task->spec, job->data.data,
                                 job->data.len, diag));
    *which = 2;
    if (job->kind == MK_SDC_JOB_AUDIT)
        MK_TRY(mk_sdc_cells_parse(&task->printed, &task->spec, job->base,
                                  job->cells.data, job->cells.len, diag));
    MK_TRY(read_releases(task, job, which, diag));
    *which = -1;
    task->previous = calloc(task->n_earlier + 1, sizeof *task->previous);
    if (!task->previous)
        return mk_fail(diag, MK_E_MEMORY, "release");
    for (size_t i = 0; i < task->n_earlier; i++)
        task->previous[i] = &task->earlier[i];
    MK_TRY(mk_sdc_model_build(
        &task->model, &task->spec, job->data.len > 0 ? &task->data : NULL,
        job->kind == MK_SDC_JOB_AUDIT ? &task->printed : NULL, task->previous,
        task->n_earlier, diag));
out:
    return rc;
}

void mk_sdc_task_release(struct mk_sdc_task *task)
{
    mk_sdc_advice_release(&task->advice);
    mk_sdc_rounded_release(&task->rounded);
    mk_sdc_result_release(&task->result);
    mk_sdc_model_release(&task->model);
    for (size_t i = 0; i < task->n_earlier; i++)
        mk_sdc_release_release(&task->earlier[i]);
    free(task->earlier);
    free(task->previous);
    mk_sdc_printed_release(&task->printed);
    mk_sdc_data_release(&task->data);
    mk_sdc_spec_release(&task->spec);
    memset(task, 0, sizeof *task);
}

struct mk_sdc_asked mk_sdc_task_asked(const struct mk_sdc_task *task)
{
    return (struct mk_sdc_asked){&task->spec, &task->data, task->previous,
                                 task->n_earlier};
}

static enum mk_err run_round(struct mk_sdc_task *task,
                             const struct mk_sdc_job *job,
                             struct mk_diag *diag)
{
    if (job->key.len != MK_SDC_ROUND_KEY)
        return mk_fail(diag, MK_E_INTERNAL, "key");
    return mk_sdc_round(&task->rounded, &task->model, (unsigned)job->base,
                        job->key.data, job->work, diag);
}

static enum mk_err run_advise(struct mk_sdc_task *task,
                              const struct mk_sdc_job *job,
                              struct mk_diag *diag)
{
    const struct mk_sdc_asked asked = mk_sdc_task_asked(task);
    return mk_sdc_advise(&task->advice, &asked, job->work, diag);
}

enum mk_err mk_sdc_task_run(struct mk_sdc_task *task,
                            const struct mk_sdc_job *job, struct mk_diag *diag)
{
    switch (job->kind) {
    case MK_SDC_JOB_PROTECT:
        return mk_sdc_protect(&task->result, &task->model, job->work, diag);
    case MK_SDC_JOB_AUDIT:
        return mk_sdc_audit(&task->result, &task->model, diag);
    case MK_SDC_JOB_ROUND:
        return run_round(task, job, diag);
    case MK_SDC_JOB_ADVISE:
        return run_advise(task, job, diag);
    }
    return MK_E_INTERNAL;
}
