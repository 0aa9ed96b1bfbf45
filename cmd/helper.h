/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one other program that is started: meldkluis-factsheet, before the
 * sandbox and before any key exists.  It gets counts on its standard input. */
#ifndef MK_CMD_HELPER_H
#define MK_CMD_HELPER_H

#include "cmd/app.h"

#include <sys/types.h>

struct mk_helper {
    pid_t pid; /* 0: none */
    int in;    /* where to write for it; -1 when closed */
};

/*
 * Starts the program that lies beside this one.  argv ends with NULL.  It
 * inherits descriptors 0-2 and an empty environment, nothing else.
 * Errors: E_PROGRAM.
 */
MK_MUST_USE enum mk_err mk_helper_start(struct mk_helper *h, const char *name,
                                        const char *const argv[],
                                        struct mk_diag *diag);
/* Errors: E_PROGRAM when it stopped reading. */
MK_MUST_USE enum mk_err mk_helper_send(struct mk_helper *h,
                                       const struct mk_buf *buf,
                                       struct mk_diag *diag);
/* Ends its input and waits.  *status: how it exited.  Errors: E_PROGRAM when
 * a signal ended it. */
MK_MUST_USE enum mk_err mk_helper_finish(struct mk_helper *h, int *status,
                                         struct mk_diag *diag);

#endif
