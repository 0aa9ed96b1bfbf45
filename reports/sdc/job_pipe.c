/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Jobs and answers as bytes.  Numbers are u64, big-endian; a text or a row of
 * numbers has its length before it.
 *
 *   job     kind | work | base | key | spec | data | cells | n |
 *           (release | its name) ...
 *   answer  error | line | num0 | num1 | list | place
 *           and where the error is 0
 *             PROTECT, AUDIT  a result (pipe.h)
 *             ROUND   tries | work | the inner table of units, as records |
 *                     the result of what is seen of it
 *             ADVISE  see mk_sdc_advice_put
 */
#include <stdlib.h>
#include <string.h>

#include "reports/sdc/job.h"

/* ---- jobs ---- */

enum mk_err mk_sdc_job_write(struct mk_buf *out, const struct mk_sdc_job *job)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_u64(out, job->kind));
    MK_TRY(mk_buf_add_u64(out, job->work));
    MK_TRY(mk_buf_add_u64(out, job->base));
    MK_TRY(mk_sdc_pipe_put_text(out, &job->key));
    MK_TRY(mk_sdc_pipe_put_text(out, &job->spec));
    MK_TRY(mk_sdc_pipe_put_text(out, &job->data));
    MK_TRY(mk_sdc_pipe_put_text(out, &job->cells));
    MK_TRY(mk_buf_add_u64(out, job->n_releases));
    for (size_t i = 0; i < job->n_releases; i++) {
        MK_TRY(mk_sdc_pipe_put_text(out, &job->release[i]));
        MK_TRY(mk_sdc_pipe_put_text(out, &job->release_name[i]));
    }
    if (out->len > MK_SDC_JOB_BYTES)
        rc = MK_E_TOO_LARGE;
out:
    return rc;
}

enum mk_err mk_sdc_job_read(struct mk_sdc_job *job, const struct mk_buf *in)
{
    struct mk_sdc_pipe r = {in->data, in->len, false};
    enum mk_err rc;
    uint64_t kind = mk_sdc_pipe_get(&r);
    if (kind < MK_SDC_JOB_PROTECT || kind > MK_SDC_JOB_ADVISE)
        return MK_E_SYNTAX;
    job->kind = (enum mk_sdc_job_kind)kind;
    job->work = mk_sdc_pipe_get(&r);
    job->base = mk_sdc_pipe_get(&r);
    MK_TRY(mk_sdc_pipe_get_text(&r, &job->key));
    MK_TRY(mk_sdc_pipe_get_text(&r, &job->spec));
    MK_TRY(mk_sdc_pipe_get_text(&r, &job->data));
    MK_TRY(mk_sdc_pipe_get_text(&r, &job->cells));
    uint64_t n = mk_sdc_pipe_get(&r);
    if (r.bad || n > MK_SDC_RELEASES)
        return MK_E_SYNTAX;
    while (job->n_releases < n) {
        size_t i = job->n_releases++;
        MK_TRY(mk_sdc_pipe_get_text(&r, &job->release[i]));
        MK_TRY(mk_sdc_pipe_get_text(&r, &job->release_name[i]));
    }
    if (r.left > 0)
        rc = MK_E_SYNTAX;
out:
    return rc;
}

/* ---- answers ---- */

/* What there is to say where the work went well. */
static enum mk_err put_outcome(struct mk_buf *out,
                               const struct mk_sdc_task *task,
                               enum mk_sdc_job_kind kind)
{
    const struct mk_sdc_rounded *round = &task->rounded;
    enum mk_err rc = MK_E_INTERNAL;
    switch (kind) {
    case MK_SDC_JOB_PROTECT:
    case MK_SDC_JOB_AUDIT:
        return mk_sdc_pipe_put_result(out, &task->result, &task->model);
    case MK_SDC_JOB_ROUND:
        MK_TRY(mk_buf_add_u64(out, round->tries));
        MK_TRY(mk_buf_add_u64(out, round->work));
        MK_TRY(mk_sdc_pipe_put_records(out, &round->units,
                                       task->model.joint.n_dims));
        MK_TRY(mk_sdc_pipe_put_result(out, &round->audit, &round->seen));
        break;
    case MK_SDC_JOB_ADVISE:
        return mk_sdc_advice_put(out, &task->advice);
    }
out:
    return rc;
}

static enum mk_err put_end(struct mk_buf *out, enum mk_err error,
                           const struct mk_diag *diag)
{
    struct mk_buf place = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(&place, diag->place));
    MK_TRY(mk_buf_add_u64(out, error));
    MK_TRY(mk_buf_add_u64(out, diag->line));
    MK_TRY(mk_buf_add_u64(out, (uint64_t)diag->num[0]));
    MK_TRY(mk_buf_add_u64(out, (uint64_t)diag->num[1]));
    MK_TRY(mk_sdc_pipe_put_text(out, &place));
out:
    mk_buf_release(&place);
    return rc;
}

enum mk_err mk_sdc_answer_write(struct mk_buf *out,
                                const struct mk_sdc_task *task,
                                enum mk_sdc_job_kind kind, enum mk_err error,
                                const struct mk_diag *diag)
{
    struct mk_diag large = MK_DIAG_INIT;
    enum mk_err rc;
    MK_TRY(put_end(out, error, diag));
    if (error == MK_OK)
        rc = put_outcome(out, task, kind);
    if (rc == MK_OK && out->len <= MK_SDC_JOB_BYTES)
        return rc;
    if (rc != MK_OK && rc != MK_E_TOO_LARGE)
        goto out;
    /* said, so that the gate can say it too */
    mk_buf_clear(out);
    (void)mk_fail_at(&large, MK_E_TOO_LARGE, "solver", 0, MK_SDC_JOB_BYTES, 0);
    rc = put_end(out, large.err, &large);
out:
    return rc;
}

/* ---- the gate's side ---- */

static enum mk_err accept_rounded(struct mk_sdc_pipe *r,
                                  struct mk_sdc_task *task, uint64_t base,
                                  struct mk_diag *diag)
{
    struct mk_sdc_rounded *round = &task->rounded;
    enum mk_err rc;
    MK_TRY(mk_sdc_round_open(round, &task->model, (unsigned)base, diag));
    round->tries = (unsigned)mk_sdc_pipe_get(r);
    round->work = mk_sdc_pipe_get(r);
    MK_TRY(mk_sdc_pipe_get_records(r, &round->units, &task->model.joint));
    MK_TRY(mk_sdc_round_show(round, diag));
    MK_TRY(mk_sdc_pipe_accept_result(r, &round->audit, &round->seen, diag));
    mk_sdc_round_take(round);
out:
    return rc;
}

static enum mk_err accept_advice(struct mk_sdc_pipe *r,
                                 struct mk_sdc_task *task,
                                 struct mk_diag *diag)
{
    const struct mk_sdc_asked asked = mk_sdc_task_asked(task);
    mk_sdc_advice_init(&task->advice, &task->spec);
    return mk_sdc_advice_accept(&task->advice, r, &asked, diag);
}

static enum mk_err accept_outcome(struct mk_sdc_pipe *r,
                                  struct mk_sdc_task *task,
                                  const struct mk_sdc_job *job,
                                  struct mk_diag *diag)
{
    switch (job->kind) {
    case MK_SDC_JOB_PROTECT:
    case MK_SDC_JOB_AUDIT:
        return mk_sdc_pipe_accept_result(r, &task->result, &task->model, diag);
    case MK_SDC_JOB_ROUND:
        return accept_rounded(r, task, job->base, diag);
    case MK_SDC_JOB_ADVISE:
        return accept_advice(r, task, diag);
    }
    return MK_E_INTERNAL;
}

/* How the work ended, by itself: what the solver says of it. */
static enum mk_err take_end(struct mk_sdc_pipe *r, struct mk_diag *said)
{
    struct mk_buf place = MK_BUF_INIT;
    uint64_t error = mk_sdc_pipe_get(r), line = mk_sdc_pipe_get(r);
    int64_t num0 = (int64_t)mk_sdc_pipe_get(r);
    int64_t num1 = (int64_t)mk_sdc_pipe_get(r);
    enum mk_err rc;
    if (r->bad || error >= MK_ERR_COUNT)
        return MK_E_SYNTAX;
    MK_TRY(mk_sdc_pipe_get_text(r, &place));
    MK_TRY(mk_buf_terminate(&place));
    (void)mk_fail_at(said, (enum mk_err)error, (const char *)place.data, line,
                     num0, num1);
out:
    mk_buf_release(&place);
    return rc;
}

enum mk_err mk_sdc_task_accept(struct mk_sdc_task *task,
                               const struct mk_sdc_job *job,
                               const struct mk_buf *answer,
                               struct mk_diag *diag)
{
    struct mk_sdc_pipe r = {answer->data, answer->len, false};
    struct mk_diag said = MK_DIAG_INIT;
    enum mk_err rc = take_end(&r, &said);
    if (rc == MK_OK && said.err != MK_OK)
        return mk_fail_at(diag, said.err, said.place, said.line, said.num[0],
                          said.num[1]);
    if (rc == MK_OK)
        rc = accept_outcome(&r, task, job, diag);
    if (rc == MK_OK && (r.bad || r.left > 0))
        rc = MK_E_SYNTAX;
    if (rc == MK_E_SYNTAX)
        rc = mk_fail(diag, MK_E_INTERNAL, "solver");
    if (rc != MK_OK && diag->err != rc)
        (void)mk_fail(diag, rc, "solver");
    return rc;
}
