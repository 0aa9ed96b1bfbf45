/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/factsheet/solver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/harden.h"
#include "core/base/bytes.h"

/* ---- one message: its length (u64), then its bytes ---- */

static enum mk_err send_all(int fd, const uint8_t *p, size_t n)
{
    while (n > 0) {
        ssize_t k = write(fd, p, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return MK_E_PROGRAM;
        p += k;
        n -= (size_t)k;
    }
    return MK_OK;
}

static enum mk_err send_message(int fd, const struct mk_buf *text)
{
    uint8_t head[8];
    mk_put_u64(head, text->len);
    enum mk_err rc = send_all(fd, head, sizeof head);
    return rc == MK_OK ? send_all(fd, text->data, text->len) : rc;
}

/* Waits at most until the monotonic second end (0: for ever). */
static enum mk_err wait_for(int fd, time_t end)
{
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        struct timespec now;
        int left = -1;
        if (end > 0) {
            clock_gettime(CLOCK_MONOTONIC, &now);
            if (now.tv_sec >= end)
                return MK_E_TIME;
            left = end - now.tv_sec > 3600 ? 3600000
                                           : (int)(end - now.tv_sec) * 1000;
        }
        int rc = poll(&p, 1, left);
        if (rc > 0)
            return MK_OK;
        if (rc < 0 && errno != EINTR)
            return MK_E_PROGRAM;
    }
}

static enum mk_err receive(int fd, uint8_t *p, size_t n, time_t end)
{
    while (n > 0) {
        enum mk_err rc = wait_for(fd, end);
        if (rc != MK_OK)
            return rc;
        ssize_t k = read(fd, p, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return MK_E_PROGRAM;
        p += k;
        n -= (size_t)k;
    }
    return MK_OK;
}

static enum mk_err receive_message(int fd, struct mk_buf *out, time_t end)
{
    uint8_t head[8];
    enum mk_err rc;
    MK_TRY(receive(fd, head, sizeof head, end));
    uint64_t n = mk_get_u64(head);
    if (n > MK_SDC_JOB_BYTES)
        return MK_E_TOO_LARGE;
    MK_TRY(mk_buf_add_zero(out, (size_t)n));
    MK_TRY(receive(fd, out->data, (size_t)n, end));
out:
    return rc;
}

/* ---- the child ---- */

static enum mk_err work_once(int in, int out, struct mk_sdc_job *job,
                             struct mk_sdc_task *task)
{
    struct mk_buf message = MK_BUF_INIT, answer = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;
    int which;
    enum mk_err rc;
    mk_sdc_job_init(job);
    MK_TRY(receive_message(in, &message, 0));
    MK_TRY(mk_sdc_job_read(job, &message));
    enum mk_err worked = mk_sdc_task_open(task, job, &which, &diag);
    if (worked == MK_OK)
        worked = mk_sdc_task_run(task, job, &diag);
    rc = mk_sdc_answer_write(&answer, task, job->kind, worked, &diag);
    mk_sdc_task_release(task);
    if (rc == MK_OK)
        rc = send_message(out, &answer);
out:
    mk_sdc_job_release(job);
    mk_buf_release(&message);
    mk_buf_release(&answer);
    return rc;
}

/* Nobody writes to life, and only the gate has its other end: when that goes,
 * so do we, also in the middle of a job.  (A parent's death signal would not do:
 * a Landlock domain that may not signal others keeps it back.) */
static bool bind_life(int life)
{
    struct pollfd p = {.fd = life, .events = POLLIN};
    return signal(SIGIO, SIG_DFL) != SIG_ERR &&
           fcntl(life, F_SETOWN, getpid()) == 0 &&
           fcntl(life, F_SETFL, O_ASYNC) == 0 && poll(&p, 1, 0) == 0;
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
    if (!bind_life(life) || nothing < 0 || dup2(nothing, 0) < 0 ||
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
    int end[3][2]; /* down, up, life: to read, to write */
    for (size_t i = 0; i < 3; i++)
        if (pipe2(end[i], O_CLOEXEC) != 0) {
            (void)mk_fail_sys(diag, MK_E_IO, "pipe");
            while (i-- > 0) {
                close(end[i][0]);
                close(end[i][1]);
            }
            return MK_E_IO;
        }
    pid_t pid = fork();
    if (pid == 0) {
        close(end[0][1]);
        close(end[1][0]);
        close(end[2][1]);
        work(end[0][0], end[1][1], end[2][0]);
    }
    close(end[0][0]);
    close(end[1][1]);
    close(end[2][0]);
    solver->to = end[0][1];
    solver->from = end[1][0];
    solver->life = end[2][1];
    solver->pid = pid;
    if (pid > 0)
        return MK_OK;
    (void)mk_fail_sys(diag, MK_E_IO, "solver");
    mk_fs_solver_stop(solver);
    return MK_E_IO;
}

void mk_fs_solver_stop(struct mk_fs_solver *solver)
{
    if (solver->pid == 0)
        return;
    close(solver->to);
    close(solver->from);
    close(solver->life);
    solver->pid = 0;
}

enum mk_err mk_fs_solver_ask(struct mk_fs_solver *solver,
                             const struct mk_sdc_job *job,
                             struct mk_sdc_task *task, struct mk_diag *diag)
{
    struct mk_buf message = MK_BUF_INIT, answer = MK_BUF_INIT;
    struct timespec now;
    time_t end = 0;
    enum mk_err rc;
    if (solver->seconds > 0) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        end = now.tv_sec + (time_t)solver->seconds;
    }
    rc = mk_sdc_job_write(&message, job);
    if (rc == MK_OK)
        rc = send_message(solver->to, &message);
    if (rc == MK_OK)
        rc = receive_message(solver->from, &answer, end);
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
