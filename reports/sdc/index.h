/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a record to the cells that count it.
 *
 * A cell crosses some dimensions (its mask) and sums over the others.  All
 * cells with one mask are found for a record by trying the nodes that hold
 * its leaf, dimension by dimension: 8 look-ups in a table of three dimensions
 * without parents, however many cells there are.
 */
#ifndef MK_SDC_INDEX_H
#define MK_SDC_INDEX_H

#include "reports/sdc/model.h"

#define MK_SDC_NONE UINT32_MAX
#define MK_SDC_MASKS 4096u

struct mk_sdc_index {
    const struct mk_sdc_model *model; /* borrowed */
    uint32_t *slot;                   /* open addressing: cell, or NONE */
    size_t slots;                     /* a power of two */
    uint32_t *mask;                   /* distinct masks, in order of cells */
    size_t n_masks;
    /* nodes but the total that hold leaf l of dimension d:
     * above[d][start[d][l] .. start[d][l + 1] - 1], ascending */
    uint32_t *above[MK_SDC_DIMS];
    uint32_t *start[MK_SDC_DIMS];
};

/* Owns: mk_sdc_index_release, also after an error.  Errors: E_MEMORY;
 * E_TOO_LARGE (more than MK_SDC_MASKS masks). */
MK_MUST_USE enum mk_err mk_sdc_index_init(struct mk_sdc_index *x,
                                          const struct mk_sdc_model *model,
                                          struct mk_diag *diag);
void mk_sdc_index_release(struct mk_sdc_index *x);

/* The dimensions that cell crosses. */
uint32_t mk_sdc_cell_mask(const struct mk_sdc_model *model, size_t cell);
/* The cell of that node vector, or MK_SDC_NONE. */
uint32_t mk_sdc_index_find(const struct mk_sdc_index *x, const uint32_t *node);

/* Calls for each cell with that mask that counts a record with those leaves
 * (leaves outside the mask are not looked at). */
typedef void mk_sdc_visit(void *ctx, uint32_t cell);
void mk_sdc_index_visit(const struct mk_sdc_index *x, uint32_t mask,
                        const uint32_t *leaf, mk_sdc_visit *visit, void *ctx);

#endif
