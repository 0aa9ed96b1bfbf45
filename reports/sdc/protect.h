/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a model to a safe pattern, and from printed tables to what they give
 * away.  Everything here may run a solver; what it says is believed only after
 * mk_sdc_check.
 */
#ifndef MK_SDC_PROTECT_H
#define MK_SDC_PROTECT_H

#include "core/base/buf.h"
#include "reports/sdc/check.h"

#define MK_SDC_WORK 1500000u /* pivots: the default limit of --work */

struct mk_sdc_result {
    struct mk_sdc_lines lines;
    struct mk_sdc_proof proof;
    /* by cell, of the checker */
    enum mk_sdc_fault *fault;
    uint32_t *by;
    size_t n_faults;
    struct mk_buf
        derivations; /* text, see derive.h: of an audit, and of what is
                                  refused for earlier releases */

    /* of the search (protect only) */
    bool safe; /* a pattern was found at all */
    bool optimal, heuristic;
    double cost, bound; /* see suppress.h; bound <= cost */
    uint64_t work;      /* pivots */
    /* how large the attack was */
    size_t n_classes, n_columns, n_rows, n_bags;
};

void mk_sdc_result_init(struct mk_sdc_result *r);
void mk_sdc_result_release(struct mk_sdc_result *r);

/*
 * protect: the rule, the cheapest safe pattern within work pivots, intervals
 * and proof; cells get why, fate, hidden, lo, hi, exact.
 * audit: the pattern is the model's (mk_sdc_model_build with printed tables);
 * r->fault says which cells give something away.
 * Both end without error when there are faults: mk_sdc_result_check decides.
 * Errors: E_MEMORY; E_TOO_LARGE; E_EARLIER.
 */
MK_MUST_USE enum mk_err mk_sdc_protect(struct mk_sdc_result *r,
                                       struct mk_sdc_model *model,
                                       uint64_t work, struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_sdc_audit(struct mk_sdc_result *r,
                                     struct mk_sdc_model *model,
                                     struct mk_diag *diag);
/* Runs the checker on the model and r->proof, and fills fault, by, n_faults.
 * Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_result_check(struct mk_sdc_result *r,
                                            const struct mk_sdc_model *model,
                                            struct mk_diag *diag);

#endif
