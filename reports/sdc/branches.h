/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The nodes of a branch and bound: each fixes one column more than its parent,
 * at 0 or at 1.  Those still to be visited lie in a heap, lowest bound first,
 * of equal ones the deepest, then the oldest.
 */
#ifndef MK_SDC_BRANCHES_H
#define MK_SDC_BRANCHES_H

#include "core/base/err.h"

struct mk_sdc_branch {
    double bound;    /* nothing below costs less */
    uint32_t parent; /* MK_SDC_NONE at the root, which fixes nothing */
    uint32_t column; /* fixed */
    uint32_t depth;
    bool value;
};

struct mk_sdc_branches {
    struct mk_sdc_branch *at; /* all that were made; owned, as heap */
    size_t n, cap;
    uint32_t *heap; /* to be visited */
    size_t n_heap;
};

/* Adds a node to be visited.  Nodes begin as {0}.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_branches_add(struct mk_sdc_branches *nodes,
                                            double bound, uint32_t parent,
                                            uint32_t column, bool value);
/* Takes the next one; there must be one. */
uint32_t mk_sdc_branches_pop(struct mk_sdc_branches *nodes);
/* Forgets all; the room stays. */
void mk_sdc_branches_clear(struct mk_sdc_branches *nodes);
void mk_sdc_branches_release(struct mk_sdc_branches *nodes);

#endif
