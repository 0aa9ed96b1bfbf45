/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gluing: the tables of the bags become one table of records.  Bag by bag,
 * parents first; the records so far and the new bag's columns agree on their
 * separator, so each record is dealt out over the columns that fit it.  At most
 * one row more a column, and whole numbers stay whole.
 */
#include "reports/sdc/proof.h"

#include <stdlib.h>
#include <string.h>

void mk_sdc_records_release(struct mk_sdc_records *r)
{
    free(r->leaf);
    free(r->n);
    memset(r, 0, sizeof *r);
}

static enum mk_err records_room(struct mk_sdc_records *r, size_t rows,
                                size_t n_dims)
{
    r->leaf = calloc(rows * n_dims + 1, sizeof *r->leaf);
    r->n = calloc(rows + 1, sizeof *r->n);
    r->rows = 0;
    return r->leaf && r->n ? MK_OK : MK_E_MEMORY;
}

/* ---- in order ---- */

struct keyed {
    const uint32_t *leaf;
    size_t n_dims;
    int64_t n;
};

static int by_leaves(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    for (size_t d = 0; d < x->n_dims; d++)
        if (x->leaf[d] != y->leaf[d])
            return x->leaf[d] < y->leaf[d] ? -1 : 1;
    return 0;
}

/* Sorts, adds up what is equal, leaves out what is 0. */
static enum mk_err put_in_order(struct mk_sdc_records *r, size_t n_dims)
{
    struct keyed *k = calloc(r->rows + 1, sizeof *k);
    struct mk_sdc_records out = {0};
    enum mk_err rc = k ? records_room(&out, r->rows, n_dims) : MK_E_MEMORY;
    if (rc != MK_OK)
        goto out;
    for (size_t i = 0; i < r->rows; i++)
        k[i] = (struct keyed){r->leaf + i * n_dims, n_dims, r->n[i]};
    qsort(k, r->rows, sizeof *k, by_leaves);
    for (size_t i = 0; i < r->rows;) {
        int64_t sum = 0;
        size_t j = i;
        for (; j < r->rows && by_leaves(&k[i], &k[j]) == 0; j++)
            sum += k[j].n;
        if (sum != 0) {
            memcpy(out.leaf + out.rows * n_dims, k[i].leaf,
                   n_dims * sizeof *out.leaf);
            out.n[out.rows++] = sum;
        }
        i = j;
    }
    mk_sdc_records_release(r);
    *r = out;
    memset(&out, 0, sizeof out);
out:
    mk_sdc_records_release(&out);
    free(k);
    return rc;
}

/* ---- gluing ---- */

/* Columns of one bag in order of their separator combination. */
struct part {
    size_t combination;
    uint32_t col;
    int64_t left;
};

static int by_combination(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    if (x->combination != y->combination)
        return x->combination < y->combination ? -1 : 1;
    return (x->col > y->col) - (x->col < y->col);
}

static size_t first_of(const struct part *part, size_t n, size_t combination)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (part[mid].combination < combination)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static size_t parts_of_bag(const struct mk_sdc_system *s, const double *x,
                           size_t bag, struct part *part)
{
    uint32_t leaf[MK_SDC_DIMS] = {0};
    size_t n = 0;
    for (size_t j = 0; j < s->n_cols; j++) {
        if (s->col_bag[j] != bag || x[j] < 0.5)
            continue;
        mk_sdc_system_leaves(s, j, leaf);
        part[n++] =
            (struct part){mk_sdc_combination(&s->model->joint,
                                             s->tree.bag[bag].separator, leaf),
                          (uint32_t)j, (int64_t)x[j]};
    }
    if (n)
        qsort(part, n, sizeof *part, by_combination);
    return n;
}

/* Deals the records of r out over the parts; what does not come out even is a
 * table that contradicts itself. */
static enum mk_err deal(const struct mk_sdc_system *s, size_t bag,
                        struct part *part, size_t parts,
                        struct mk_sdc_records *r)
{
    size_t n_dims = s->model->joint.n_dims;
    struct mk_sdc_records out = {0};
    enum mk_err rc;
    MK_TRY(records_room(&out, r->rows + parts, n_dims));
    for (size_t i = 0; i < r->rows; i++) {
        const uint32_t *leaf = r->leaf + i * n_dims;
        size_t c = mk_sdc_combination(&s->model->joint,
                                      s->tree.bag[bag].separator, leaf);
        int64_t left = r->n[i];
        for (size_t k = first_of(part, parts, c);
             left > 0 && k < parts && part[k].combination == c; k++) {
            int64_t n = part[k].left < left ? part[k].left : left;
            if (n == 0)
                continue;
            memcpy(out.leaf + out.rows * n_dims, leaf, n_dims * sizeof *leaf);
            mk_sdc_system_leaves(s, part[k].col, out.leaf + out.rows * n_dims);
            out.n[out.rows++] = n;
            part[k].left -= n;
            left -= n;
        }
        if (left > 0) {
            rc = MK_E_INTERNAL;
            goto out;
        }
    }
    mk_sdc_records_release(r);
    *r = out;
    return MK_OK;
out:
    mk_sdc_records_release(&out);
    return rc;
}

enum mk_err mk_sdc_records_glue(struct mk_sdc_records *r,
                                const struct mk_sdc_system *s, const double *x)
{
    size_t n_dims = s->model->joint.n_dims;
    struct part *part = calloc(s->n_cols + 1, sizeof *part);
    enum mk_err rc = part ? MK_OK : MK_E_MEMORY;
    for (size_t bag = 0; rc == MK_OK && bag < s->tree.n_bags; bag++) {
        size_t n = parts_of_bag(s, x, bag, part);
        if (bag > 0) {
            rc = deal(s, bag, part, n, r);
            continue;
        }
        rc = records_room(r, n, n_dims);
        for (size_t k = 0; rc == MK_OK && k < n; k++) {
            mk_sdc_system_leaves(s, part[k].col, r->leaf + k * n_dims);
            r->n[r->rows++] = part[k].left;
        }
    }
    free(part);
    return rc == MK_OK ? put_in_order(r, n_dims) : rc;
}

/* ---- a proof ---- */

enum mk_err mk_sdc_proof_init(struct mk_sdc_proof *proof,
                              const struct mk_sdc_system *s,
                              struct mk_diag *diag)
{
    size_t n = s->model->n_cells + 1;
    double *x = calloc(s->n_cols + 1, sizeof *x);
    enum mk_err rc = MK_E_MEMORY;
    memset(proof, 0, sizeof *proof);
    proof->n_dims = s->model->joint.n_dims;
    proof->lo = malloc(n * sizeof *proof->lo);
    proof->hi = malloc(n * sizeof *proof->hi);
    if (!x || !proof->lo || !proof->hi)
        goto out;
    memset(proof->lo, 0xff, n * sizeof *proof->lo);
    memset(proof->hi, 0xff, n * sizeof *proof->hi);
    for (size_t j = 0; j < s->n_cols; j++)
        x[j] = (double)s->x0[j];
    rc = mk_sdc_records_glue(&proof->base, s, x);
out:
    free(x);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "tables");
}

void mk_sdc_proof_release(struct mk_sdc_proof *proof)
{
    mk_sdc_records_release(&proof->base);
    for (size_t t = 0; t < proof->n_tables; t++)
        mk_sdc_records_release(&proof->table[t]);
    free(proof->table);
    free(proof->lo);
    free(proof->hi);
    memset(proof, 0, sizeof *proof);
}

/* r less base. */
static enum mk_err subtract(struct mk_sdc_records *r,
                            const struct mk_sdc_records *base, size_t n_dims)
{
    struct mk_sdc_records all = {0};
    enum mk_err rc;
    MK_TRY(records_room(&all, r->rows + base->rows, n_dims));
    memcpy(all.leaf, r->leaf, r->rows * n_dims * sizeof *r->leaf);
    memcpy(all.n, r->n, r->rows * sizeof *r->n);
    memcpy(all.leaf + r->rows * n_dims, base->leaf,
           base->rows * n_dims * sizeof *base->leaf);
    for (size_t i = 0; i < base->rows; i++)
        all.n[r->rows + i] = -base->n[i];
    all.rows = r->rows + base->rows;
    mk_sdc_records_release(r);
    *r = all;
    memset(&all, 0, sizeof all);
    MK_TRY(put_in_order(r, n_dims));
out:
    mk_sdc_records_release(&all);
    return rc;
}

/* With one bag, columns are records: nothing has to be glued. */
static enum mk_err columns_changed(const struct mk_sdc_system *s,
                                   const double *x, struct mk_sdc_records *r)
{
    size_t n_dims = s->model->joint.n_dims, n = 0;
    enum mk_err rc;
    for (size_t j = 0; j < s->n_cols; j++)
        n += (int64_t)x[j] != (int64_t)s->x0[j];
    MK_TRY(records_room(r, n, n_dims));
    for (size_t j = 0; j < s->n_cols; j++) {
        int64_t delta = (int64_t)x[j] - (int64_t)s->x0[j];
        if (delta == 0)
            continue;
        mk_sdc_system_leaves(s, j, r->leaf + r->rows * n_dims);
        r->n[r->rows++] = delta;
    }
    rc = put_in_order(r, n_dims);
out:
    return rc;
}

/* Room for one table more; r is moved there. */
static enum mk_err add_table(struct mk_sdc_proof *proof,
                             struct mk_sdc_records *r, uint32_t *at)
{
    if (proof->n_tables == proof->cap) {
        size_t cap = proof->cap ? 2 * proof->cap : 64;
        struct mk_sdc_records *table =
            realloc(proof->table, cap * sizeof *table);
        if (!table)
            return MK_E_MEMORY;
        proof->table = table;
        proof->cap = cap;
    }
    *at = (uint32_t)proof->n_tables;
    proof->table[proof->n_tables++] = *r;
    memset(r, 0, sizeof *r);
    return MK_OK;
}

enum mk_err mk_sdc_proof_add(struct mk_sdc_proof *proof,
                             const struct mk_sdc_system *s, const double *x,
                             uint32_t *at)
{
    struct mk_sdc_records r = {0};
    enum mk_err rc;
    if (s->tree.n_bags == 1) {
        MK_TRY(columns_changed(s, x, &r));
    } else {
        MK_TRY(mk_sdc_records_glue(&r, s, x));
        MK_TRY(subtract(&r, &proof->base, proof->n_dims));
    }
    MK_TRY(add_table(proof, &r, at));
out:
    mk_sdc_records_release(&r);
    return rc;
}

enum mk_err mk_sdc_proof_add_sparse(struct mk_sdc_proof *proof,
                                    const struct mk_sdc_system *s,
                                    const uint32_t *col, const int64_t *delta,
                                    size_t n, uint32_t *at)
{
    struct mk_sdc_records r = {0};
    enum mk_err rc;
    MK_TRY(records_room(&r, n, proof->n_dims));
    for (size_t i = 0; i < n; i++) {
        mk_sdc_system_leaves(s, col[i], r.leaf + i * proof->n_dims);
        r.n[i] = delta[i];
    }
    r.rows = n;
    MK_TRY(put_in_order(&r, proof->n_dims));
    MK_TRY(add_table(proof, &r, at));
out:
    mk_sdc_records_release(&r);
    return rc;
}
