/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/factsheet/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/base/io.h"

/* ---- messages ---- */

enum mk_err mk_fs_child_send(int fd, const struct mk_buf *message)
{
    uint8_t head[8];
    mk_put_u64(head, message->len);
    return mk_io_write(fd, head, sizeof head) &&
                   mk_io_write(fd, message->data, message->len)
               ? MK_OK
               : MK_E_PROGRAM;
}

time_t mk_fs_child_end(uint64_t seconds)
{
    struct timespec now;
    if (seconds == 0)
        return 0;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + (time_t)seconds;
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

enum mk_err mk_fs_child_receive(int fd, struct mk_buf *out, size_t max,
                                time_t end)
{
    uint8_t head[8];
    enum mk_err rc;
    MK_TRY(receive(fd, head, sizeof head, end));
    uint64_t n = mk_get_u64(head);
    if (n > max)
        return MK_E_TOO_LARGE;
    MK_TRY(mk_buf_add_zero(out, (size_t)n));
    MK_TRY(receive(fd, out->data + out->len - n, (size_t)n, end));
out:
    return rc;
}

/* ---- the process ---- */

/* Nobody writes to life, and only the gate has its other end: when that goes,
 * so do we, also in the middle of a job.  (A parent's death signal would not do:
 * a Landlock domain that may not signal others keeps it back.) */
bool mk_fs_child_bind(int life)
{
    struct pollfd p = {.fd = life, .events = POLLIN};
    return signal(SIGIO, SIG_DFL) != SIG_ERR &&
           fcntl(life, F_SETOWN, getpid()) == 0 &&
           fcntl(life, F_SETFL, O_ASYNC) == 0 && poll(&p, 1, 0) == 0;
}

enum mk_err mk_fs_child_start(struct mk_fs_child *child,
                              mk_fs_child_work *work, const char *name,
                              struct mk_diag *diag)
{
    int end[3][2]; /* down, up, life: to read, to write */
    for (size_t i = 0; i < 3; i++)
        if (pipe2(end[i], O_CLOEXEC) != 0) {
            (void)mk_fail_sys(diag, MK_E_IO, name);
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
        _exit(MK_EXIT_FAILED);
    }
    close(end[0][0]);
    close(end[1][1]);
    close(end[2][0]);
    child->to = end[0][1];
    child->from = end[1][0];
    child->life = end[2][1];
    child->pid = pid;
    if (pid > 0)
        return MK_OK;
    (void)mk_fail_sys(diag, MK_E_IO, name);
    mk_fs_child_stop(child);
    return MK_E_IO;
}

void mk_fs_child_stop(struct mk_fs_child *child)
{
    if (child->pid == 0)
        return;
    close(child->to);
    close(child->from);
    close(child->life);
    child->pid = 0;
}
