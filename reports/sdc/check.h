/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The checker: is what is about to be printed safe?  Whole numbers, no solver,
 * no equations, nothing of how the pattern was found.  It believes what it
 * counts itself:
 *
 *   1. the base has the value of every cell that has one and keeps every
 *      interval that was printed, no record lies in a structural zero, no count
 *      is below 0
 *   2. every other table leaves each printed figure as it is, every interval
 *      that was printed kept, and no count below 0
 *   3. the tables named for a hidden cell reach its lo and its hi
 *   4. the rule, from those tables alone: intervals, groups, and for each
 *      record that knows itself a table in which it is and the other is not
 */
#ifndef MK_SDC_CHECK_H
#define MK_SDC_CHECK_H

#include "reports/sdc/proof.h"

enum mk_sdc_fault {
    MK_SDC_FAULT_NONE,
    MK_SDC_FAULT_BASE,    /* 1: the base is not what it should be */
    MK_SDC_FAULT_TABLE,   /* 2: a table contradicts a printed figure */
    MK_SDC_FAULT_REACH,   /* 3: a table does not reach what it should */
    MK_SDC_FAULT_SHOWN,   /* an unsafe cell is printed */
    MK_SDC_FAULT_EXACT,   /* a hidden cell has one possible value */
    MK_SDC_FAULT_NARROW,  /* an unsafe cell is known too closely */
    MK_SDC_FAULT_INSIDER, /* ... to somebody who knows one record */
    MK_SDC_FAULT_GROUP,   /* a group is disclosed */
};
const char *mk_sdc_fault_slug(enum mk_sdc_fault fault);

/*
 * Faults by cell: fault[i] of cell i, the first that was found; by[i] the cell
 * whose record is known (MK_SDC_FAULT_INSIDER), or MK_SDC_NONE.  Both have a
 * place a cell.  *n: how many.  Cells that an earlier release printed as small
 * as they are, are not held against this one.
 * Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_sdc_check(const struct mk_sdc_model *model,
                                     const struct mk_sdc_lines *lines,
                                     const struct mk_sdc_proof *proof,
                                     enum mk_sdc_fault *fault, uint32_t *by,
                                     size_t *n, struct mk_diag *diag);

#endif
