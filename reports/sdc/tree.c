/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/tree.h"

#include <string.h>

static double product(uint32_t dims, const uint32_t *weight)
{
    double p = 1;
    for (size_t d = 0; d < MK_SDC_DIMS; d++)
        if (dims & UINT32_C(1) << d)
            p *= weight[d];
    return p;
}

/* The dimension of left whose bag, if it goes now, is the smallest. */
static size_t cheapest(uint32_t left, const uint32_t *links,
                       const uint32_t *weight)
{
    size_t best = MK_SDC_DIMS;
    double best_size = 0;
    for (size_t d = 0; d < MK_SDC_DIMS; d++) {
        if (!(left & UINT32_C(1) << d))
            continue;
        double size = product((links[d] & left) | UINT32_C(1) << d, weight);
        if (best == MK_SDC_DIMS || size < best_size) {
            best = d;
            best_size = size;
        }
    }
    return best;
}

/* Adds dims as a bag unless another holds it; one that it holds goes. */
static void add_bag(struct mk_sdc_tree *tree, uint32_t dims)
{
    size_t kept = 0;
    for (size_t b = 0; b < tree->n_bags; b++)
        if ((dims & ~tree->bag[b].dims) == 0)
            return;
    for (size_t b = 0; b < tree->n_bags; b++)
        if ((tree->bag[b].dims & ~dims) != 0)
            tree->bag[kept++] = tree->bag[b];
    tree->bag[kept].dims = dims;
    tree->n_bags = kept + 1;
}

/* The bags of a graph without chordless cycles, hung together where they share
 * most (Prim): that is a junction tree. */
static void hang_together(struct mk_sdc_tree *tree)
{
    for (size_t done = 1; done < tree->n_bags; done++) {
        size_t next = done, parent = 0;
        int most = -1;
        for (size_t b = done; b < tree->n_bags; b++)
            for (size_t p = 0; p < done; p++) {
                int shared =
                    __builtin_popcount(tree->bag[b].dims & tree->bag[p].dims);
                if (shared > most) {
                    most = shared;
                    next = b;
                    parent = p;
                }
            }
        struct mk_sdc_bag bag = tree->bag[next];
        tree->bag[next] = tree->bag[done];
        bag.parent = parent;
        bag.separator = bag.dims & tree->bag[parent].dims;
        tree->bag[done] = bag;
    }
}

void mk_sdc_tree_make(struct mk_sdc_tree *tree, const uint32_t *sets, size_t n,
                      const uint32_t weight[static MK_SDC_DIMS])
{
    uint32_t links[MK_SDC_DIMS] = {0}, left = 0;
    memset(tree, 0, sizeof *tree);
    for (size_t i = 0; i < n; i++) {
        left |= sets[i];
        for (size_t d = 0; d < MK_SDC_DIMS; d++)
            if (sets[i] & UINT32_C(1) << d)
                links[d] |= sets[i];
    }
    while (left != 0) {
        size_t d = cheapest(left, links, weight);
        uint32_t bag = (links[d] & left) | UINT32_C(1) << d;
        for (size_t e = 0; e < MK_SDC_DIMS; e++)
            if (bag & UINT32_C(1) << e)
                links[e] |= bag;
        left &= ~(UINT32_C(1) << d);
        add_bag(tree, bag);
    }
    if (tree->n_bags == 0)
        tree->n_bags = 1;
    tree->bag[0].parent = 0;
    tree->bag[0].separator = 0;
    hang_together(tree);
}
