/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which dimensions have to be looked at together.
 *
 * Published tables link dimensions.  Where the links form no cycle, the full
 * cross-classification need not be built: tables that agree on what they
 * share can always be glued to one (whole numbers to whole numbers), and any
 * set of links is made free of cycles by adding links.  The result is a tree
 * of bags: every table lies in a bag, and the bags that hold a dimension hang
 * together.
 *
 * Source: S. L. Lauritzen, Graphical Models (1996), 2.1 and 4.4: decomposable
 * models; the ears of DISCLOSURE "Way to compute it" are its leaves.
 */
#ifndef MK_SDC_TREE_H
#define MK_SDC_TREE_H

#include "reports/sdc/model.h"

/* Sets of dimensions are bit masks. */
struct mk_sdc_bag {
    uint32_t dims;
    size_t parent;      /* index of another bag; of the first: itself */
    uint32_t separator; /* what it shares with parent; of the first: 0 */
};

struct mk_sdc_tree {
    struct mk_sdc_bag bag[MK_SDC_DIMS];
    size_t n_bags; /* parents come before their children */
};

/*
 * A tree for the sets (n of them).  weight[d]: leaves of dimension d; the
 * product over a bag is kept small.  Dimensions in no set are in no bag; with
 * no set at all there is one empty bag.
 */
void mk_sdc_tree_make(struct mk_sdc_tree *tree, const uint32_t *sets, size_t n,
                      const uint32_t weight[static MK_SDC_DIMS]);

#endif
