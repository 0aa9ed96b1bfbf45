/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is shown to the checker: complete tables of records.
 *
 *   base    one table that meets every printed figure (the true one, or one
 *           that could be)
 *   table   what another one has more or less of, leaf by leaf
 *
 * A hidden cell's lo and hi are each reached by a table of the list.  Witnesses
 * stay with whoever made them: the base is the secret itself.
 */
#ifndef MK_SDC_PROOF_H
#define MK_SDC_PROOF_H

#include "reports/sdc/judge.h"

/* Records: leaf[i * n_dims + d], n[i] of them (in a difference: more or less).
 * Ascending by leaves, each combination once, no n of 0. */
struct mk_sdc_records {
    uint32_t *leaf; /* owned */
    int64_t *n;     /* owned */
    size_t rows;
};

void mk_sdc_records_release(struct mk_sdc_records *r);
/* The whole table x (by column of s) as records.  r is all zero before, and
 * owns what it has after.  Errors: E_MEMORY; E_INTERNAL where the bags of x
 * contradict each other. */
MK_MUST_USE enum mk_err mk_sdc_records_glue(struct mk_sdc_records *r,
                                            const struct mk_sdc_system *s,
                                            const double *x);

struct mk_sdc_proof {
    size_t n_dims;
    struct mk_sdc_records base;
    struct mk_sdc_records *table; /* owned */
    size_t n_tables, cap;
    /* by cell: tables that reach lo and hi; MK_SDC_NONE: the base does */
    uint32_t *lo, *hi; /* owned */
};

/* Dimensions that no table of the spec links have leaf 0 everywhere. */
MK_MUST_USE enum mk_err mk_sdc_proof_init(struct mk_sdc_proof *proof,
                                          const struct mk_sdc_system *s,
                                          struct mk_diag *diag);
void mk_sdc_proof_release(struct mk_sdc_proof *proof);

/* Adds the whole table x (by column of s); *at is its number. */
MK_MUST_USE enum mk_err mk_sdc_proof_add(struct mk_sdc_proof *proof,
                                         const struct mk_sdc_system *s,
                                         const double *x, uint32_t *at);
/* The same for a table that differs from the true one in few columns: by
 * delta[i] in col[i], n of them.  Only where s has one bag. */
MK_MUST_USE enum mk_err mk_sdc_proof_add_sparse(struct mk_sdc_proof *proof,
                                                const struct mk_sdc_system *s,
                                                const uint32_t *col,
                                                const int64_t *delta, size_t n,
                                                uint32_t *at);

#endif
