/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/factsheet/solver.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/harden.h"

/* ---- the child ---- */

static enum mk_err work_once(int in, int out, struct mk_sdc_job *job,
                             struct mk_sdc_task *task)
{
    struct mk_buf message = MK_BUF_INIT, answer = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;
    int which;
    enum mk_err rc;
    mk_sdc_job_init(job);
    MK_TRY(mk_fs_child_receive(in, &message, MK_SDC_JOB_BYTES, 0));
    MK_TRY(mk_sdc_job_read(job, &message));
    enum mk_err worked = mk_sdc_task_open(task, job, &which, &diag);
    if (worked == MK_OK)
        worked = mk_sdc_task_run(task, job, &diag);
    rc = mk_sdc_answer_write(&answer, task, job->kind, worked, &diag);
    mk_sdc_task_release(task);
    if (rc == MK_OK)
        rc = mk_fs_child_send(out, &answer);
out:
    mk_sdc_job_release(job);
    mk_buf_release(&message);
    mk_buf_release(&answer);
    return rc;
}

static void work(int in, int out, int life)
{
    struct mk_harden harden = {0};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_sdc_job *job = calloc(1, sizeof *job);
    struct mk_sdc_task *task = calloc(1, sizeof *task);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (in != 3 && out != 3 && life != 3)
        (void)close(3); /* the gate's way up is not for us */
    if (!mk_fs_child_bind(life) || nothing < 0 || dup2(nothing, 0) < 0 ||
        dup2(nothing, 1) < 0 || !job || !task ||
        mk_harden_sandbox(&harden, NULL, 0, &diag) != MK_OK)
        _exit(MK_EXIT_FAILED);
    while (work_once(in, out, job, task) == MK_OK)
        ;
    _exit(MK_EXIT_DONE);
}

/* ---- the parent ---- */

enum mk_err mk_fs_solver_start(struct mk_fs_solver *solver,
                               struct mk_diag *diag)
{
    return mk_fs_child_start(&solver->child, work, "solver", diag);
}

enum mk_err mk_fs_solver_solve(void *ctx, const struct mk_sdc_job *job,
                               struct mk_sdc_task *task, struct mk_diag *diag)
{
    return mk_fs_solver_ask(ctx, job, task, diag);
}

void mk_fs_solver_stop(struct mk_fs_solver *solver)
{
    mk_fs_child_stop(&solver->child);
}

enum mk_err mk_fs_solver_ask(struct mk_fs_solver *solver,
                             const struct mk_sdc_job *job,
                             struct mk_sdc_task *task, struct mk_diag *diag)
{
    struct mk_buf message = MK_BUF_INIT, answer = MK_BUF_INIT;
    time_t end = mk_fs_child_end(solver->seconds);
    enum mk_err rc;
    rc = mk_sdc_job_write(&message, job);
    if (rc == MK_OK)
        rc = mk_fs_child_send(solver->child.to, &message);
    if (rc == MK_OK)
        rc = mk_fs_child_receive(solver->child.from, &answer, MK_SDC_JOB_BYTES,
                                 end);
    if (rc != MK_OK) {
        (void)mk_fail(diag, rc, "solver");
        goto out;
    }
    rc = mk_sdc_task_accept(task, job, &answer, diag);
out:
    mk_buf_release(&message);
    mk_buf_release(&answer);
    return rc;
}
