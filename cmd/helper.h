/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one other program that is started: meldkluis-factsheet, before the
 * sandbox and before any key exists.  It gets counts on its standard input,
 * and may answer with one record on its descriptor 3.  What travels is framed
 * as reports/gate.h says; this is the other half of it.
 */
#ifndef MK_CMD_HELPER_H
#define MK_CMD_HELPER_H

#include "cmd/app.h"

#include <sys/types.h>

struct mk_helper {
    pid_t pid; /* 0: none */
    int in;    /* where to write for it; -1 when closed */
    int back;  /* where to read its answer; -1 when there is none */
    bool gone; /* it stopped reading before all was sent: it has said why */
};

#define MK_HELPER_NONE                                \
    {                                                 \
        .pid = 0, .in = -1, .back = -1, .gone = false \
    }

/*
 * Starts the program that lies beside this one.  argv ends with NULL.  It
 * inherits descriptors 0-2 and an empty environment, and with answers its end
 * of a pipe as descriptor 3; nothing else.
 * Errors: E_PROGRAM.
 */
MK_MUST_USE enum mk_err mk_helper_start(struct mk_helper *h, const char *name,
                                        const char *const argv[], bool answers,
                                        struct mk_diag *diag);
/* Errors: E_PROGRAM when it stopped reading. */
MK_MUST_USE enum mk_err mk_helper_send(struct mk_helper *h, const void *p,
                                       size_t n, struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_helper_say(struct mk_helper *h, const char *text,
                                      struct mk_diag *diag);
/* A section of the gate's frame. */
MK_MUST_USE enum mk_err mk_helper_section(struct mk_helper *h,
                                          const char *name, const void *p,
                                          size_t n, struct mk_diag *diag);
/*
 * Waits for the record that it answers with, of at most max bytes; *any is
 * false when it ended, or closed its end, without one.
 * Errors: E_PROGRAM when what came is no record.
 */
MK_MUST_USE enum mk_err mk_helper_record(struct mk_helper *h, size_t max,
                                         struct mk_buf *record, bool *any,
                                         struct mk_diag *diag);
/* Ends its input and waits.  *status: how it exited.  Errors: E_PROGRAM when
 * a signal ended it. */
MK_MUST_USE enum mk_err mk_helper_finish(struct mk_helper *h, int *status,
                                         struct mk_diag *diag);

#endif
