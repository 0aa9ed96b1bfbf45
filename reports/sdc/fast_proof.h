/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From answers to what is printed and what proves it. */
#ifndef MK_SDC_FAST_PROOF_H
#define MK_SDC_FAST_PROOF_H

#include "reports/sdc/cover.h"
#include "reports/sdc/outer.h"
#include "reports/sdc/proof.h"

/*
 * Sets hidden, lo, hi and exact of the cells of the pattern hidden (by class)
 * and adds to proof the moves of the answers, as few as prove every need met
 * and no hidden class exact.  lo and hi are those of mk_sdc_outer; effort steps
 * go to moves that reach them, so that more of them are exact.
 * Errors: E_MEMORY; E_INTERNAL where an answer is missing.
 */
MK_MUST_USE enum mk_err mk_sdc_fast_proof(struct mk_sdc_proof *proof,
                                          struct mk_sdc_cover *cover,
                                          const struct mk_sdc_sums *sums,
                                          const bool *hidden, uint64_t effort);

#endif
