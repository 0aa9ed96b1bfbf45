/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts the records in every cell.  A part of model_build. */
#ifndef MK_SDC_MODEL_VALUES_H
#define MK_SDC_MODEL_VALUES_H

#include "reports/sdc/model.h"

/*
 * Sets value and known of the cells of model from model->data, whose leaves
 * are those of model->spec.  A cell is known when the data tells of all its
 * leaves.  Errors: E_MEMORY.
 *
 * Cells with totals in the same dimensions are counted together: the records
 * are first added up over those dimensions.
 */
MK_MUST_USE enum mk_err mk_sdc_values_count(struct mk_sdc_model *model,
                                            struct mk_diag *diag);

#endif
