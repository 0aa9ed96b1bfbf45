/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cells that a spec prints, and which of them were named already. */
#ifndef MK_SDC_CELL_SET_H
#define MK_SDC_CELL_SET_H

#include "reports/sdc/model.h"

struct mk_sdc_cell_set {
    const struct mk_sdc_spec *spec; /* borrowed */
    struct mk_sdc_vecs cells; /* nodes that stand for the others; owned */
    struct mk_sdc_vecs named; /* nodes as they were named; owned */
};

/* Errors: E_MEMORY; the set is to be released all the same. */
MK_MUST_USE enum mk_err mk_sdc_cell_set_init(struct mk_sdc_cell_set *set,
                                             const struct mk_sdc_spec *spec,
                                             struct mk_diag *diag);
void mk_sdc_cell_set_release(struct mk_sdc_cell_set *set);

/* Names a cell by its nodes.  Errors: E_MEMORY; E_BAD_VALUE when no table has
 * it or it is watched; E_DUPLICATE_KEY when it was named so before. */
MK_MUST_USE enum mk_err mk_sdc_cell_set_name(struct mk_sdc_cell_set *set,
                                             const uint32_t *node,
                                             struct mk_diag *diag);

#endif
