/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is a pattern (which classes are hidden) safe?  And if not: which cut does
 * that prove?
 *
 * Every "yes" rests on whole tables in the pool; every "no" on an attack.  A
 * need is met, or it is not, or it is open because a limit was reached; open
 * counts as no.
 */
#ifndef MK_SDC_JUDGE_H
#define MK_SDC_JUDGE_H

#include "reports/sdc/pool.h"
#include "reports/sdc/rules.h"

/*
 * A cut: in every safe pattern the hidden ones among these classes weigh at
 * least 1 together.
 */
struct mk_sdc_cut {
    uint32_t *cls; /* owned */
    double *weight;
    size_t n;
};

struct mk_sdc_judge {
    const struct mk_sdc_system *s; /* borrowed */
    const struct mk_sdc_needs *needs;
    struct mk_sdc_attack *attack; /* owned, like the rest */
    struct mk_sdc_pool pool;
    /* classes of value 1, each one record that knows itself; empty where the
     * spec wants no insider */
    uint32_t *one;
    size_t n_ones;
    uint32_t *
        *same;    /* by one: other ones with the same record, ended by NONE */
    bool linear;  /* tables with fractions will do: to look for patterns */
    bool gave_up; /* somewhere a "no" was only a limit: sticky */
    double *up_coef, *down_coef; /* by class: of the last two attacks */
    double up_const, down_const;
};

MK_MUST_USE enum mk_err mk_sdc_judge_new(struct mk_sdc_judge **out,
                                         const struct mk_sdc_system *s,
                                         const struct mk_sdc_needs *needs,
                                         uint64_t *work, struct mk_diag *diag);
void mk_sdc_judge_free(struct mk_sdc_judge *j);

void mk_sdc_judge_set(struct mk_sdc_judge *j, uint32_t cls, bool hidden);

/*
 * Does need hold, for an outsider (insider = MK_SDC_NONE) or for whoever knows
 * the record in class insider?  *met.  When it does not and cut is not NULL,
 * *cut is what proves it (n = 0 where only whole numbers tell, not the linear
 * programme, or a limit was reached); the caller frees it.  Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_sdc_judge_need(struct mk_sdc_judge *j,
                                          const struct mk_sdc_need *need,
                                          uint32_t insider, bool *met,
                                          struct mk_sdc_cut *cut);
/* As far as the pool knows: no attack. */
MK_MUST_USE bool mk_sdc_judge_known(const struct mk_sdc_judge *j,
                                    const struct mk_sdc_need *need,
                                    uint32_t insider);
/* With rows at fractions: a cut that the fractions violate, or n = 0. */
MK_MUST_USE enum mk_err mk_sdc_judge_fraction(struct mk_sdc_judge *j,
                                              const struct mk_sdc_need *need,
                                              struct mk_sdc_cut *cut);

/*
 * Goes through all questions of a pattern, outsiders first: visit gets the
 * need and the insider (or NONE), and says whether to go on.  Pairs that the
 * rule exempts are passed over.
 */
typedef bool mk_sdc_question(void *ctx, const struct mk_sdc_need *need,
                             uint32_t insider);
void mk_sdc_judge_questions(const struct mk_sdc_judge *j,
                            mk_sdc_question *visit, void *ctx);

/* Is every question answered with yes? */
MK_MUST_USE enum mk_err mk_sdc_judge_all(struct mk_sdc_judge *j, bool *safe);

void mk_sdc_cut_release(struct mk_sdc_cut *cut);

#endif
