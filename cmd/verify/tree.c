/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/tree.h"

#include <string.h>

void mk_vf_tree_init(struct mk_vf_tree *t)
{
    t->size = 0;
}

void mk_vf_leaf_hash(uint8_t out[static MK_HASH], uint8_t *leaf, size_t n)
{
    leaf[-1] = 0x00;
    mk_sha256(out, leaf - 1, n + 1);
}

static void node(uint8_t out[static MK_HASH],
                 const uint8_t left[static MK_HASH],
                 const uint8_t right[static MK_HASH])
{
    uint8_t text[1 + 2 * MK_HASH];

    text[0] = 0x01;
    memcpy(text + 1, left, MK_HASH);
    memcpy(text + 1 + MK_HASH, right, MK_HASH);
    mk_sha256(out, text, sizeof text);
}

unsigned mk_vf_tree_add(struct mk_vf_tree *t,
                        const uint8_t leaf[static MK_HASH],
                        uint8_t made[static MK_VF_LEVELS][MK_HASH])
{
    uint8_t hash[MK_HASH];
    unsigned h = 0, levels = 1;

    memcpy(hash, leaf, MK_HASH);
    memcpy(made[0], leaf, MK_HASH);
    for (; (t->size >> h & 1) != 0; h++) {
        node(hash, t->peak[h], hash);
        if ((h + 1) % 8 == 0 && levels < MK_VF_LEVELS)
            memcpy(made[levels++], hash, MK_HASH);
    }
    memcpy(t->peak[h], hash, MK_HASH);
    t->size++;
    return levels;
}

void mk_vf_tree_root(const struct mk_vf_tree *t, uint8_t out[static MK_HASH])
{
    bool any = false;

    if (t->size == 0)
        mk_sha256(out, "", 0);
    for (unsigned h = 0; h < 63; h++) {
        if ((t->size >> h & 1) == 0)
            continue;
        if (any)
            node(out, t->peak[h], out);
        else
            memcpy(out, t->peak[h], MK_HASH);
        any = true;
    }
}
