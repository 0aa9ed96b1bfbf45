/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work for the solver's process, and its answer.
 *
 *   gate (writes files, no solver)            solver (no files at all)
 *     job: the texts it was given  --------->   reads them itself
 *     reads them itself                         searches, proves
 *     checks the proof             <---------   pattern, intervals, tables
 *     counts and writes
 *
 * Both sides make the same model of the same texts, so that the answer is
 * rows of numbers by cell.  The gate believes nothing in it before the checker
 * has run: a solver that is wrong, or whose process was taken over by hostile
 * input, can at worst hide too much.
 */
#ifndef MK_SDC_JOB_H
#define MK_SDC_JOB_H

#include "core/base/buf.h"
#include "reports/sdc/advise.h"
#include "reports/sdc/round.h"

#define MK_SDC_JOB_BYTES (1u << 28) /* of a job or an answer, at most */

enum mk_sdc_job_kind {
    MK_SDC_JOB_PROTECT = 1,
    MK_SDC_JOB_AUDIT = 2,
    MK_SDC_JOB_ROUND = 3,
    MK_SDC_JOB_ADVISE = 4,
};

struct mk_sdc_job {
    enum mk_sdc_job_kind kind;
    uint64_t work;       /* pivots */
    uint64_t base;       /* of ROUND; of AUDIT where the cells are rounded */
    struct mk_buf key;   /* of rounding: MK_SDC_ROUND_KEY bytes */
    struct mk_buf spec;  /* SPEC.json */
    struct mk_buf data;  /* DATA.csv; empty: none */
    struct mk_buf cells; /* cells.csv or plan.csv; empty: none */
    struct mk_buf release[MK_SDC_RELEASES];      /* release.json */
    struct mk_buf release_name[MK_SDC_RELEASES]; /* of one that does not say
                                                    its own; for messages */
    size_t n_releases;
};
void mk_sdc_job_init(struct mk_sdc_job *job);
void mk_sdc_job_release(struct mk_sdc_job *job);

/* A job that was read: everything in it, owned. */
struct mk_sdc_task {
    struct mk_sdc_spec spec;
    struct mk_sdc_data data;
    struct mk_sdc_printed printed;
    struct mk_sdc_release *earlier; /* as many as the job has */
    size_t n_earlier;
    size_t promised; /* the last earlier release, from 1, that promised more
                        than the spec asks, so that spec was made as strict */
    struct mk_sdc_model model;
    /* the answer of PROTECT and AUDIT; of ROUND; of ADVISE */
    struct mk_sdc_result result;
    struct mk_sdc_rounded rounded;
    struct mk_sdc_advice advice;
    const struct mk_sdc_release **previous; /* earlier, by address */
};

/*
 * Reads the texts of a job and makes the model.  The rule is the strictest of
 * the spec's and the releases', in each of its parts.  Owns: mk_sdc_task_release, also
 * after an error.  Errors: those of the readers and of mk_sdc_model_build;
 * E_WEAKER where a release promised contributors that the spec does not name,
 * but not in an audit;
 * *which says in which text: 0 spec, 1 data, 2 cells, 3 + i release i, -1 in
 * how they go together.
 */
MK_MUST_USE enum mk_err mk_sdc_task_open(struct mk_sdc_task *task,
                                         const struct mk_sdc_job *job,
                                         int *which, struct mk_diag *diag);
void mk_sdc_task_release(struct mk_sdc_task *task);

/* The question of ADVISE; borrows from task. */
struct mk_sdc_asked mk_sdc_task_asked(const struct mk_sdc_task *task);

/* The solver's side: does the work. */
MK_MUST_USE enum mk_err mk_sdc_task_run(struct mk_sdc_task *task,
                                        const struct mk_sdc_job *job,
                                        struct mk_diag *diag);

/*
 * The gate's side: takes the answer (mk_sdc_answer_write of the solver), applies
 * the rule anew and runs the checker; task->result (task->rounded.audit of
 * ROUND) says what it found.  It is for the caller to write nothing where there
 * are faults; advice that does not pass is no answer.
 * Errors: what the solver said; E_INTERNAL for an answer that is none.
 */
MK_MUST_USE enum mk_err mk_sdc_task_accept(struct mk_sdc_task *task,
                                           const struct mk_sdc_job *job,
                                           const struct mk_buf *answer,
                                           struct mk_diag *diag);

/* Over the pipe.  A job ends with itself; so does an answer.  Errors: E_MEMORY;
 * E_SYNTAX; E_TOO_LARGE. */
MK_MUST_USE enum mk_err mk_sdc_job_write(struct mk_buf *out,
                                         const struct mk_sdc_job *job);
MK_MUST_USE enum mk_err mk_sdc_job_read(struct mk_sdc_job *job,
                                        const struct mk_buf *in);
/* rc: how the work ended, with its diag. */
MK_MUST_USE enum mk_err mk_sdc_answer_write(struct mk_buf *out,
                                            const struct mk_sdc_task *task,
                                            enum mk_sdc_job_kind kind,
                                            enum mk_err rc,
                                            const struct mk_diag *diag);

#endif
