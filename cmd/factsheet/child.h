/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process that works for the gate.  It is started before anything is opened,
 * is told and tells by two pipes, and ends when the gate does: a third pipe,
 * life, is closed then.
 *
 * A message is its length (u64, big endian) and its bytes.
 */
#ifndef MK_CMD_FACTSHEET_CHILD_H
#define MK_CMD_FACTSHEET_CHILD_H

#include <sys/types.h>
#include <time.h>

#include "core/base/buf.h"

struct mk_fs_child {
    pid_t pid; /* 0: not started */
    int to, from;
    int life; /* the process is gone soon after this is closed */
};

/* In the child: does its work and does not return. */
typedef void mk_fs_child_work(int in, int out, int life);

/* Errors: E_IO with name as place. */
MK_MUST_USE enum mk_err mk_fs_child_start(struct mk_fs_child *child,
                                          mk_fs_child_work *work,
                                          const char *name,
                                          struct mk_diag *diag);
void mk_fs_child_stop(struct mk_fs_child *child);

/* In the child: it ends as soon as nobody holds the other end of life, in the
 * middle of its work too.  False when that cannot be, or is so already. */
MK_MUST_USE bool mk_fs_child_bind(int life);

/* Errors: E_PROGRAM when the other one is gone. */
MK_MUST_USE enum mk_err mk_fs_child_send(int fd, const struct mk_buf *message);

/* The monotonic second that lies seconds ahead; 0 for 0: never. */
time_t mk_fs_child_end(uint64_t seconds);
/* Adds a message of at most max bytes to out, waiting until end (0: for ever).
 * Errors: E_PROGRAM, E_TIME, E_TOO_LARGE, E_MEMORY. */
MK_MUST_USE enum mk_err mk_fs_child_receive(int fd, struct mk_buf *out,
                                            size_t max, time_t end);

#endif
