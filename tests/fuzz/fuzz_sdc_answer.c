/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes from the solver's process, as the gate takes it.  The first byte
 * is the kind of the job (P, A, R, V); the rest is the answer.  Whatever comes,
 * nothing small is printed, and no figure but one of its value. */
#include <string.h>

#include "reports/sdc/job.h"
#include "tests/fuzz/fuzz.h"

static const char spec_text[] =
    "{\"dims\":[\"row\",\"col\"],\"levels\":{\"row\":[\"a\",\"b\",\"c\"],"
    "\"col\":[\"x\",\"y\"]},\"tables\":[[\"row\",\"col\"]],"
    "\"structural_zeros\":[{\"row\":\"c\",\"col\":\"y\"}]}";
static const char data_text[] =
    "row,col,n\na,x,2\na,y,7\nb,x,6\nb,y,3\nc,x,10\n";

static const char kinds[] = "PARV";

static void put(struct mk_buf *text, const char *bytes)
{
    CLAIM(mk_buf_add_str(text, bytes) == MK_OK);
}

/* A hidden cell of the tables that are audited is hidden, all the rest too. */
static void put_cells(struct mk_buf *text)
{
    static const char *const row[] = {"a", "b", "c", "*"};
    put(text, "row,col,value,status\n");
    for (size_t i = 0; i < 4; i++)
        CLAIM(mk_buf_addf(text, "%s,x,,hidden\n%s,*,,hidden\n", row[i],
                          row[i]) == MK_OK);
    put(text, "a,y,,hidden\nb,y,,hidden\n*,y,10,published\n");
}

static void look_at(const struct mk_sdc_task *task, enum mk_sdc_job_kind kind)
{
    const struct mk_sdc_model *m = &task->model;
    const struct mk_sdc_rounded *r = &task->rounded;
    for (size_t i = 0; i < m->n_cells; i++) {
        uint64_t v = m->cell[i].value;
        if (kind == MK_SDC_JOB_PROTECT && task->result.n_faults == 0)
            CLAIM(v == 0 || v >= 5 || m->cell[i].hidden);
        if (kind != MK_SDC_JOB_ROUND || r->audit.n_faults > 0 ||
            !r->cell[i].shown)
            continue;
        uint64_t figure = r->cell[i].value;
        CLAIM(figure % 5 == 0 && (v > 0 || figure == 0));
        CLAIM((figure > v ? figure - v : v - figure) <= r->window);
        CLAIM(r->cell[i].lo <= v && v <= r->cell[i].hi);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *at = size > 0 ? memchr(kinds, data[0], 4) : NULL;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf answer = MK_BUF_INIT;
    int which;
    if (!at)
        return 0;
    struct mk_sdc_job *job = calloc(1, sizeof *job);
    struct mk_sdc_task *task = calloc(1, sizeof *task);
    CLAIM(job && task);
    mk_sdc_job_init(job);
    job->kind = (enum mk_sdc_job_kind)(at - kinds + MK_SDC_JOB_PROTECT);
    job->base = job->kind == MK_SDC_JOB_ROUND ? 5 : 0;
    put(&job->spec, spec_text);
    put(&job->data, data_text);
    if (job->kind == MK_SDC_JOB_AUDIT)
        put_cells(&job->cells);
    CLAIM(mk_sdc_task_open(task, job, &which, &diag) == MK_OK);
    CLAIM(mk_buf_add(&answer, data + 1, size - 1) == MK_OK);
    enum mk_err rc = mk_sdc_task_accept(task, job, &answer, &diag);
    CLAIM(rc == MK_OK || diag.err == rc);
    if (rc == MK_OK)
        look_at(task, job->kind);
    mk_sdc_task_release(task);
    mk_sdc_job_release(job);
    mk_buf_release(&answer);
    free(task);
    free(job);
    return 0;
}
