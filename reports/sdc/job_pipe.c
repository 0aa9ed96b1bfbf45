/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Jobs and answers as bytes.  Numbers are u64, big-endian; a text or a row of
 * numbers has its length before it.
 *
 *   job     kind | work | base | english | key | spec | data | cells | n |
 *           (release | its name) ...
 *   answer  error | line | num0 | num1 | list | place
 *           and where the error is 0: safe | optimal | heuristic | cost | bound | work |
 *           classes | columns | rows | bags | cells |
 *           (hidden | exact | lo | hi | table of lo | of hi) a cell |
 *           dimensions | base | n | table ... | derivations
 *           or, of ROUND and ADVISE, two texts
 *   table   rows | (leaf a dimension | n) a row
 */
#include <stdlib.h>
#include <string.h>

#include "reports/sdc/job.h"

/* ---- reading ---- */

struct reader {
    const uint8_t *p;
    size_t left;
    bool bad;
};

static uint64_t get(struct reader *r)
{
    uint64_t v = 0;
    if (r->left < 8) {
        r->bad = true;
        return 0;
    }
    for (int i = 0; i < 8; i++)
        v = v << 8 | *r->p++;
    r->left -= 8;
    return v;
}

static enum mk_err get_text(struct reader *r, struct mk_buf *out)
{
    uint64_t n = get(r);
    if (r->bad || n > r->left) {
        r->bad = true;
        return MK_E_SYNTAX;
    }
    enum mk_err rc = mk_buf_add(out, r->p, (size_t)n);
    r->p += n;
    r->left -= (size_t)n;
    return rc;
}

/* ---- jobs ---- */

static enum mk_err put_text(struct mk_buf *out, const struct mk_buf *text)
{
    enum mk_err rc = mk_buf_add_u64(out, text->len);
    return rc == MK_OK && text->len > 0
               ? mk_buf_add(out, text->data, text->len)
               : rc;
}

enum mk_err mk_sdc_job_write(struct mk_buf *out, const struct mk_sdc_job *job)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_u64(out, job->kind));
    MK_TRY(mk_buf_add_u64(out, job->work));
    MK_TRY(mk_buf_add_u64(out, job->base));
    MK_TRY(mk_buf_add_u64(out, job->english));
    MK_TRY(put_text(out, &job->key));
    MK_TRY(put_text(out, &job->spec));
    MK_TRY(put_text(out, &job->data));
    MK_TRY(put_text(out, &job->cells));
    MK_TRY(mk_buf_add_u64(out, job->n_releases));
    for (size_t i = 0; i < job->n_releases; i++) {
        MK_TRY(put_text(out, &job->release[i]));
        MK_TRY(put_text(out, &job->release_name[i]));
    }
    if (out->len > MK_SDC_JOB_BYTES)
        rc = MK_E_TOO_LARGE;
out:
    return rc;
}

enum mk_err mk_sdc_job_read(struct mk_sdc_job *job, const struct mk_buf *in)
{
    struct reader r = {in->data, in->len, false};
    enum mk_err rc;
    uint64_t kind = get(&r);
    if (kind < MK_SDC_JOB_PROTECT || kind > MK_SDC_JOB_ADVISE)
        return MK_E_SYNTAX;
    job->kind = (enum mk_sdc_job_kind)kind;
    job->work = get(&r);
    job->base = get(&r);
    job->english = get(&r) != 0;
    MK_TRY(get_text(&r, &job->key));
    MK_TRY(get_text(&r, &job->spec));
    MK_TRY(get_text(&r, &job->data));
    MK_TRY(get_text(&r, &job->cells));
    uint64_t n = get(&r);
    if (r.bad || n > MK_SDC_RELEASES)
        return MK_E_SYNTAX;
    while (job->n_releases < n) {
        size_t i = job->n_releases++;
        MK_TRY(get_text(&r, &job->release[i]));
        MK_TRY(get_text(&r, &job->release_name[i]));
    }
    if (r.left > 0)
        rc = MK_E_SYNTAX;
out:
    return rc;
}

/* ---- answers ---- */

static enum mk_err put_records(struct mk_buf *out,
                               const struct mk_sdc_records *r, size_t n_dims)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_u64(out, r->rows));
    for (size_t i = 0; i < r->rows; i++) {
        for (size_t d = 0; d < n_dims; d++)
            MK_TRY(mk_buf_add_u64(out, r->leaf[i * n_dims + d]));
        MK_TRY(mk_buf_add_u64(out, (uint64_t)r->n[i]));
    }
out:
    return rc;
}

static uint64_t bits(double v)
{
    uint64_t u;
    memcpy(&u, &v, sizeof u);
    return u;
}

static double number(uint64_t u)
{
    double v;
    memcpy(&v, &u, sizeof v);
    return v;
}

static enum mk_err put_result(struct mk_buf *out,
                              const struct mk_sdc_task *task)
{
    const struct mk_sdc_result *r = &task->result;
    const struct mk_sdc_model *m = &task->model;
    const uint64_t head[] = {r->safe,       r->optimal,     r->heuristic,
                             bits(r->cost), bits(r->bound), r->work,
                             r->n_classes,  r->n_columns,   r->n_rows,
                             r->n_bags,     m->n_cells};
    enum mk_err rc;
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++)
        MK_TRY(mk_buf_add_u64(out, head[i]));
    for (size_t i = 0; i < m->n_cells; i++) {
        const struct mk_sdc_cell *c = &m->cell[i];
        const uint64_t of_cell[] = {c->hidden, c->exact,       c->lo,
                                    c->hi,     r->proof.lo[i], r->proof.hi[i]};
        for (size_t k = 0; k < 6; k++)
            MK_TRY(mk_buf_add_u64(out, of_cell[k]));
    }
    MK_TRY(mk_buf_add_u64(out, r->proof.n_dims));
    MK_TRY(put_records(out, &r->proof.base, r->proof.n_dims));
    MK_TRY(mk_buf_add_u64(out, r->proof.n_tables));
    for (size_t t = 0; t < r->proof.n_tables; t++)
        MK_TRY(put_records(out, &r->proof.table[t], r->proof.n_dims));
    MK_TRY(put_text(out, &r->derivations));
out:
    return rc;
}

enum mk_err mk_sdc_answer_write(struct mk_buf *out,
                                const struct mk_sdc_task *task,
                                enum mk_sdc_job_kind kind, enum mk_err error,
                                const struct mk_diag *diag)
{
    struct mk_buf place = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(&place, diag->place));
    MK_TRY(mk_buf_add_u64(out, error));
    MK_TRY(mk_buf_add_u64(out, diag->line));
    MK_TRY(mk_buf_add_u64(out, (uint64_t)diag->num[0]));
    MK_TRY(mk_buf_add_u64(out, (uint64_t)diag->num[1]));
    MK_TRY(put_text(out, &place));
    if (error != MK_OK)
        goto out;
    if (kind == MK_SDC_JOB_PROTECT || kind == MK_SDC_JOB_AUDIT) {
        MK_TRY(put_result(out, task));
    } else {
        MK_TRY(put_text(out, &task->text[0]));
        MK_TRY(put_text(out, &task->text[1]));
    }
out:
    mk_buf_release(&place);
    return rc;
}

/* rows of u64 are left in r? Never make room for more than was sent. */
static enum mk_err get_records(struct reader *r, struct mk_sdc_records *out,
                               const struct mk_sdc_spec *joint)
{
    size_t n_dims = joint->n_dims;
    uint64_t rows = get(r);
    if (r->bad || rows > r->left / 8 / (n_dims + 1))
        return MK_E_SYNTAX;
    out->leaf = calloc((size_t)rows * n_dims + 1, sizeof *out->leaf);
    out->n = calloc((size_t)rows + 1, sizeof *out->n);
    if (!out->leaf || !out->n)
        return MK_E_MEMORY;
    for (size_t i = 0; i < rows; i++) {
        for (size_t d = 0; d < n_dims; d++) {
            uint64_t leaf = get(r);
            if (leaf >= joint->dim[d].n_leaves)
                return MK_E_SYNTAX;
            out->leaf[i * n_dims + d] = (uint32_t)leaf;
        }
        out->n[i] = (int64_t)get(r);
        if (out->n[i] > MK_SDC_COUNT || out->n[i] < -(int64_t)MK_SDC_COUNT)
            return MK_E_SYNTAX;
    }
    out->rows = (size_t)rows;
    return MK_OK;
}

/* The order that the checker counts on: strictly ascending. */
static bool in_order(const struct mk_sdc_records *r, size_t n_dims)
{
    for (size_t i = 1; i < r->rows; i++) {
        int order = 0;
        for (size_t d = 0; d < n_dims && order == 0; d++) {
            uint32_t a = r->leaf[(i - 1) * n_dims + d];
            uint32_t b = r->leaf[i * n_dims + d];
            order = (a > b) - (a < b);
        }
        if (order >= 0)
            return false;
    }
    return true;
}

static enum mk_err get_proof(struct reader *r, struct mk_sdc_proof *proof,
                             const struct mk_sdc_spec *joint)
{
    enum mk_err rc;
    proof->n_dims = joint->n_dims;
    if (get(r) != joint->n_dims)
        return MK_E_SYNTAX;
    MK_TRY(get_records(r, &proof->base, joint));
    uint64_t n = get(r);
    if (r->bad || n > r->left / 8)
        return MK_E_SYNTAX;
    proof->table = calloc((size_t)n + 1, sizeof *proof->table);
    if (!proof->table)
        return MK_E_MEMORY;
    proof->cap = (size_t)n;
    for (; proof->n_tables < n; proof->n_tables++) {
        struct mk_sdc_records *table = &proof->table[proof->n_tables];
        rc = get_records(r, table, joint);
        if (rc == MK_OK && !in_order(table, joint->n_dims))
            rc = MK_E_SYNTAX;
        if (rc != MK_OK) {
            free(table->leaf);
            free(table->n);
            goto out;
        }
    }
    if (!in_order(&proof->base, joint->n_dims))
        rc = MK_E_SYNTAX;
out:
    return rc;
}

static enum mk_err get_cells(struct reader *r, struct mk_sdc_task *task)
{
    struct mk_sdc_model *m = &task->model;
    struct mk_sdc_proof *proof = &task->result.proof;
    proof->lo = calloc(m->n_cells + 1, sizeof *proof->lo);
    proof->hi = calloc(m->n_cells + 1, sizeof *proof->hi);
    if (!proof->lo || !proof->hi)
        return MK_E_MEMORY;
    for (size_t i = 0; i < m->n_cells; i++) {
        struct mk_sdc_cell *c = &m->cell[i];
        c->hidden = get(r) != 0;
        c->exact = get(r) != 0;
        c->lo = get(r);
        c->hi = get(r);
        proof->lo[i] = (uint32_t)get(r);
        proof->hi[i] = (uint32_t)get(r);
        if (!c->empty && ((c->hidden && c->fate == MK_SDC_MUST_SHOW) ||
                          (!c->hidden && c->fate == MK_SDC_MUST_HIDE)))
            return MK_E_SYNTAX;
        if (c->hidden && (c->lo > c->hi || c->hi > MK_SDC_COUNT))
            return MK_E_SYNTAX;
    }
    return r->bad ? MK_E_SYNTAX : MK_OK;
}

static enum mk_err get_result(struct reader *r, struct mk_sdc_task *task)
{
    struct mk_sdc_result *result = &task->result;
    enum mk_err rc;
    result->safe = get(r) != 0;
    result->optimal = get(r) != 0;
    result->heuristic = get(r) != 0;
    result->cost = number(get(r));
    result->bound = number(get(r));
    result->work = get(r);
    result->n_classes = (size_t)get(r);
    result->n_columns = (size_t)get(r);
    result->n_rows = (size_t)get(r);
    result->n_bags = (size_t)get(r);
    if (get(r) != task->model.n_cells)
        return MK_E_SYNTAX;
    MK_TRY(get_cells(r, task));
    MK_TRY(get_proof(r, &result->proof, &task->model.joint));
    MK_TRY(get_text(r, &result->derivations));
    if (r->bad || r->left > 0)
        rc = MK_E_SYNTAX;
out:
    return rc;
}

enum mk_err mk_sdc_task_accept(struct mk_sdc_task *task,
                               enum mk_sdc_job_kind kind,
                               const struct mk_buf *answer,
                               struct mk_diag *diag)
{
    struct reader r = {answer->data, answer->len, false};
    struct mk_buf place = MK_BUF_INIT;
    uint64_t error = get(&r), line = get(&r);
    int64_t num0 = (int64_t)get(&r), num1 = (int64_t)get(&r);
    enum mk_err rc;
    if (r.bad || error >= MK_ERR_COUNT)
        return mk_fail(diag, MK_E_INTERNAL, "solver");
    MK_TRY(get_text(&r, &place));
    MK_TRY(mk_buf_terminate(&place));
    if (error != MK_OK) {
        rc = mk_fail_at(diag, (enum mk_err)error, (const char *)place.data,
                        line, num0, num1);
        goto out;
    }
    if (kind == MK_SDC_JOB_ROUND || kind == MK_SDC_JOB_ADVISE) {
        for (int i = 0; i < 2 && rc == MK_OK; i++)
            rc = get_text(&r, &task->text[i]);
        if (rc != MK_OK || r.left > 0)
            rc = mk_fail(diag, MK_E_INTERNAL, "solver");
        goto out;
    }
    MK_TRY(mk_sdc_rules_apply(&task->model, &task->result.lines, diag));
    rc = get_result(&r, task);
    if (rc != MK_OK) {
        rc = mk_fail(diag, rc == MK_E_SYNTAX ? MK_E_INTERNAL : rc, "solver");
        goto out;
    }
    MK_TRY(mk_sdc_result_check(&task->result, &task->model, diag));
out:
    mk_buf_release(&place);
    return rc;
}
