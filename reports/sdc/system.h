/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The equations that an attacker can write down.
 *
 *   unknowns  x[j] >= 0, whole: how many records lie in column j
 *   rows      one a class of cells:      sum of its columns = value
 *             one a separator combination of two bags: both sides are equal
 *
 * A class is one or more cells with the very same columns: the same number
 * under two names, so it has one fate.  Reduced (the ordinary form), columns
 * are the inner cells of the bags of tree.h; left out are structural zeros,
 * everything in a zero that stays printed, and what is empty on one side of a
 * separator; columns of one bag with the same rows are one.  Not reduced, there
 * is one bag of all dimensions and nothing is merged or left out but
 * structural zeros.  Both forms give an attacker the same answers.
 */
#ifndef MK_SDC_SYSTEM_H
#define MK_SDC_SYSTEM_H

#include "reports/sdc/index.h"
#include "reports/sdc/tree.h"

struct mk_sdc_class {
    uint32_t first;   /* cell that stands for it: the first */
    uint32_t n_cells; /* how many cells it is */
    uint64_t value;
    bool known;
    uint8_t why;
    enum mk_sdc_fate fate;
};

struct mk_sdc_system {
    struct mk_sdc_model *model; /* borrowed; cell[].empty is set */
    struct mk_sdc_index index;
    struct mk_sdc_tree tree;

    struct mk_sdc_class *cls;
    size_t n_classes;
    uint32_t *class_of; /* by cell; MK_SDC_NONE: no column */
    size_t n_rows;      /* classes, then separator combinations */

    /* column j: entries col_start[j] .. col_start[j + 1] - 1, rows
     * ascending; sign is 1, or -1 on the parent's side of a separator */
    size_t n_cols;
    size_t *col_start;
    uint32_t *col_row;
    int8_t *col_sign;
    uint8_t *col_bag;
    uint32_t *col_raw; /* inner cell of its bag that stands for it: mixed
                          radix over the leaves, last dimension fastest */
    uint64_t *x0;      /* the true table (where the data cover the model) */
    /* row i: row_start[i] .. row_start[i + 1] - 1 */
    size_t *row_start;
    uint32_t *row_col;
};

/*
 * Owns: mk_sdc_system_release, also after an error.
 * Errors: E_MEMORY; E_TOO_LARGE when a bag has more inner cells than
 * MK_SDC_COLUMNS; E_EARLIER where cells of one class have to be shown and
 * hidden both.
 */
MK_MUST_USE enum mk_err mk_sdc_system_build(struct mk_sdc_system *s,
                                            struct mk_sdc_model *model,
                                            bool reduce, struct mk_diag *diag);
void mk_sdc_system_release(struct mk_sdc_system *s);

/* The leaves of the inner cell that stands for column j, of the dimensions of
 * its bag; others are left alone. */
void mk_sdc_system_leaves(const struct mk_sdc_system *s, size_t j,
                          uint32_t leaf[static MK_SDC_DIMS]);

/* ---- for system_*.c ---- */

struct mk_sdc_bag_cells {
    size_t dim[MK_SDC_DIMS];
    size_t n_dims;
    size_t size;    /* inner cells */
    uint8_t *alive; /* owned */
};

/* Marks the inner cells of all bags that can hold a record; sets
 * cell[].empty by structural zeros alone, then also drops what printed zeros
 * exclude (reduced only). */
MK_MUST_USE enum mk_err mk_sdc_bags_open(struct mk_sdc_bag_cells *bag,
                                         struct mk_sdc_system *s, bool reduce,
                                         struct mk_diag *diag);
void mk_sdc_bag_leaves(const struct mk_sdc_bag_cells *bag,
                       const struct mk_sdc_spec *joint, size_t raw,
                       uint32_t leaf[static MK_SDC_DIMS]);
size_t mk_sdc_bag_raw(const struct mk_sdc_bag_cells *bag,
                      const struct mk_sdc_spec *joint, const uint32_t *leaf);
/* Index of a leaf combination of the dimensions dims; their number. */
size_t mk_sdc_combination(const struct mk_sdc_spec *joint, uint32_t dims,
                          const uint32_t *leaf);
size_t mk_sdc_combinations(const struct mk_sdc_spec *joint, uint32_t dims);
/* The bag that a cell with that mask is counted in. */
size_t mk_sdc_bag_of(const struct mk_sdc_tree *tree, uint32_t mask);

#endif
