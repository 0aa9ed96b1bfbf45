/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Merkle tree of RFC 9162 section 2.1, grown leaf by leaf: kept are the
 * roots of its complete subtrees, at most one a height.
 *
 *   size 6 = 110b     peak[2] over leaves 0-3, peak[1] over 4-5
 */
#ifndef MK_CMD_VERIFY_TREE_H
#define MK_CMD_VERIFY_TREE_H

#include "crypto/hash.h"

struct mk_vf_tree {
    uint64_t size;
    uint8_t peak[64][MK_HASH]; /* [h] counts while bit h of size is set */
};

void mk_vf_tree_init(struct mk_vf_tree *t);
/* H(00 | leaf); the byte before leaf is overwritten: the caller has it. */
void mk_vf_leaf_hash(uint8_t out[static MK_HASH], uint8_t *leaf, size_t n);
/*
 * Grows by one leaf.  made[L] becomes the root of the subtree of 256^L leaves
 * that this leaf completes (L = 0: the leaf itself); returns how many.
 */
#define MK_VF_LEVELS 8
unsigned mk_vf_tree_add(struct mk_vf_tree *t,
                        const uint8_t leaf[static MK_HASH],
                        uint8_t made[static MK_VF_LEVELS][MK_HASH]);
void mk_vf_tree_root(const struct mk_vf_tree *t, uint8_t out[static MK_HASH]);

#endif
