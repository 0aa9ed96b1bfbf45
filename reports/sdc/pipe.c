/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/pipe.h"

#include <stdlib.h>
#include <string.h>

#define COST 1e15 /* of a pattern, at most */

/* ---- numbers and texts ---- */

uint64_t mk_sdc_pipe_get(struct mk_sdc_pipe *r)
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

enum mk_err mk_sdc_pipe_get_text(struct mk_sdc_pipe *r, struct mk_buf *out)
{
    uint64_t n = mk_sdc_pipe_get(r);
    if (r->bad || n > r->left) {
        r->bad = true;
        return MK_E_SYNTAX;
    }
    enum mk_err rc = mk_buf_add(out, r->p, (size_t)n);
    r->p += n;
    r->left -= (size_t)n;
    return rc;
}

enum mk_err mk_sdc_pipe_put_text(struct mk_buf *out, const struct mk_buf *text)
{
    enum mk_err rc = mk_buf_add_u64(out, text->len);
    return rc == MK_OK && text->len > 0
               ? mk_buf_add(out, text->data, text->len)
               : rc;
}

/* ---- writing a result ---- */

enum mk_err mk_sdc_pipe_put_records(struct mk_buf *out,
                                    const struct mk_sdc_records *r,
                                    size_t n_dims)
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

enum mk_err mk_sdc_pipe_put_result(struct mk_buf *out,
                                   const struct mk_sdc_result *r,
                                   const struct mk_sdc_model *m)
{
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
    MK_TRY(mk_sdc_pipe_put_records(out, &r->proof.base, r->proof.n_dims));
    MK_TRY(mk_buf_add_u64(out, r->proof.n_tables));
    for (size_t t = 0; t < r->proof.n_tables; t++)
        MK_TRY(
            mk_sdc_pipe_put_records(out, &r->proof.table[t], r->proof.n_dims));
    MK_TRY(mk_sdc_pipe_put_text(out, &r->derivations));
out:
    return rc;
}

/* ---- reading one ---- */

/* A cost; what cannot be one is 0. */
static double get_cost(struct mk_sdc_pipe *r)
{
    uint64_t u = mk_sdc_pipe_get(r);
    double v;
    memcpy(&v, &u, sizeof v);
    return v >= 0 && v <= COST ? v : 0;
}

enum mk_err mk_sdc_pipe_get_records(struct mk_sdc_pipe *pipe,
                                    struct mk_sdc_records *r,
                                    const struct mk_sdc_spec *joint)
{
    size_t n_dims = joint->n_dims;
    uint64_t rows = mk_sdc_pipe_get(pipe);
    if (pipe->bad || rows > pipe->left / 8 / (n_dims + 1))
        return MK_E_SYNTAX;
    r->leaf = calloc((size_t)rows * n_dims + 1, sizeof *r->leaf);
    r->n = calloc((size_t)rows + 1, sizeof *r->n);
    if (!r->leaf || !r->n)
        return MK_E_MEMORY;
    for (size_t i = 0; i < rows; i++) {
        for (size_t d = 0; d < n_dims; d++) {
            uint64_t leaf = mk_sdc_pipe_get(pipe);
            if (leaf >= joint->dim[d].n_leaves)
                return MK_E_SYNTAX;
            r->leaf[i * n_dims + d] = (uint32_t)leaf;
        }
        r->n[i] = (int64_t)mk_sdc_pipe_get(pipe);
        if (r->n[i] > MK_SDC_COUNT || r->n[i] < -(int64_t)MK_SDC_COUNT)
            return MK_E_SYNTAX;
    }
    r->rows = (size_t)rows;
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

static enum mk_err get_proof(struct mk_sdc_pipe *r, struct mk_sdc_proof *proof,
                             const struct mk_sdc_spec *joint)
{
    enum mk_err rc;
    proof->n_dims = joint->n_dims;
    if (mk_sdc_pipe_get(r) != joint->n_dims)
        return MK_E_SYNTAX;
    MK_TRY(mk_sdc_pipe_get_records(r, &proof->base, joint));
    uint64_t n = mk_sdc_pipe_get(r);
    if (r->bad || n > r->left / 8)
        return MK_E_SYNTAX;
    proof->table = calloc((size_t)n + 1, sizeof *proof->table);
    if (!proof->table)
        return MK_E_MEMORY;
    proof->cap = (size_t)n;
    for (; proof->n_tables < n; proof->n_tables++) {
        struct mk_sdc_records *table = &proof->table[proof->n_tables];
        rc = mk_sdc_pipe_get_records(r, table, joint);
        if (rc == MK_OK && !in_order(table, joint->n_dims))
            rc = MK_E_SYNTAX;
        if (rc != MK_OK) {
            mk_sdc_records_release(table);
            goto out;
        }
    }
    if (!in_order(&proof->base, joint->n_dims))
        rc = MK_E_SYNTAX;
out:
    return rc;
}

static enum mk_err get_cells(struct mk_sdc_pipe *r, struct mk_sdc_proof *proof,
                             struct mk_sdc_model *m)
{
    proof->lo = calloc(m->n_cells + 1, sizeof *proof->lo);
    proof->hi = calloc(m->n_cells + 1, sizeof *proof->hi);
    if (!proof->lo || !proof->hi)
        return MK_E_MEMORY;
    for (size_t i = 0; i < m->n_cells; i++) {
        struct mk_sdc_cell *c = &m->cell[i];
        c->hidden = mk_sdc_pipe_get(r) != 0;
        c->exact = mk_sdc_pipe_get(r) != 0;
        c->lo = mk_sdc_pipe_get(r);
        c->hi = mk_sdc_pipe_get(r);
        proof->lo[i] = (uint32_t)mk_sdc_pipe_get(r);
        proof->hi[i] = (uint32_t)mk_sdc_pipe_get(r);
        if (!c->empty && ((c->hidden && c->fate == MK_SDC_MUST_SHOW) ||
                          (!c->hidden && c->fate == MK_SDC_MUST_HIDE)))
            return MK_E_SYNTAX;
        if (c->hidden && (c->lo > c->hi || c->hi > MK_SDC_COUNT))
            return MK_E_SYNTAX;
    }
    return r->bad ? MK_E_SYNTAX : MK_OK;
}

enum mk_err mk_sdc_pipe_get_result(struct mk_sdc_pipe *r,
                                   struct mk_sdc_result *result,
                                   struct mk_sdc_model *model)
{
    enum mk_err rc;
    result->safe = mk_sdc_pipe_get(r) != 0;
    result->optimal = mk_sdc_pipe_get(r) != 0;
    result->heuristic = mk_sdc_pipe_get(r) != 0;
    result->cost = get_cost(r);
    result->bound = get_cost(r);
    result->work = mk_sdc_pipe_get(r);
    result->n_classes = (size_t)mk_sdc_pipe_get(r);
    result->n_columns = (size_t)mk_sdc_pipe_get(r);
    result->n_rows = (size_t)mk_sdc_pipe_get(r);
    result->n_bags = (size_t)mk_sdc_pipe_get(r);
    if (mk_sdc_pipe_get(r) != model->n_cells)
        return MK_E_SYNTAX;
    MK_TRY(get_cells(r, &result->proof, model));
    MK_TRY(get_proof(r, &result->proof, &model->joint));
    MK_TRY(mk_sdc_pipe_get_text(r, &result->derivations));
out:
    return rc;
}

enum mk_err mk_sdc_pipe_accept_result(struct mk_sdc_pipe *r,
                                      struct mk_sdc_result *result,
                                      struct mk_sdc_model *model,
                                      struct mk_diag *diag)
{
    enum mk_err rc;
    MK_TRY(mk_sdc_rules_apply(model, &result->lines, diag));
    MK_TRY(mk_sdc_pipe_get_result(r, result, model));
    MK_TRY(mk_sdc_result_check(result, model, diag));
out:
    return rc;
}
