/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that runs the solver.  It is started before anything is opened
 * and has three pipes and nothing else: no file, no folder, no clock to run
 * late by.  It ends when the gate does.
 */
#ifndef MK_CMD_FACTSHEET_SOLVER_H
#define MK_CMD_FACTSHEET_SOLVER_H

#include "cmd/factsheet/child.h"
#include "reports/sdc/job.h"

struct mk_fs_solver {
    struct mk_fs_child child;
    uint64_t seconds; /* for one answer; 0: as long as it takes */
};

/* In the child this does not return.  Errors: E_IO. */
MK_MUST_USE enum mk_err mk_fs_solver_start(struct mk_fs_solver *solver,
                                           struct mk_diag *diag);
/*
 * Sends the job of task (opened by the caller) and takes the checked answer.
 * Errors: those of mk_sdc_task_accept; E_TIME when no answer came in time;
 * E_PROGRAM when the process is gone.
 */
MK_MUST_USE enum mk_err mk_fs_solver_ask(struct mk_fs_solver *solver,
                                         const struct mk_sdc_job *job,
                                         struct mk_sdc_task *task,
                                         struct mk_diag *diag);
/* The same as what reports/publication.h asks with: ctx is the solver. */
MK_MUST_USE enum mk_err mk_fs_solver_solve(void *ctx,
                                           const struct mk_sdc_job *job,
                                           struct mk_sdc_task *task,
                                           struct mk_diag *diag);
void mk_fs_solver_stop(struct mk_fs_solver *solver);

#endif
