/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/verify.h"

/*
 * The rebuilt tree may let go of a row and ask for it again; it was compared
 * when it was let go, so what is stored serves.
 */
static enum mk_err load(void *ctx, unsigned level, uint64_t index,
                        uint8_t row[static MK_MERKLE_ROW * MK_HASH], size_t *n,
                        struct mk_diag *diag)
{
    const struct mk_verify_tree *t = ctx;

    return mk_node_load(t->w->v->store, t->tree, level, index, row, n, diag);
}

static enum mk_err compare(void *ctx, unsigned level, uint64_t index,
                           const uint8_t *row, size_t n, struct mk_diag *diag)
{
    const struct mk_verify_tree *t = ctx;
    enum mk_err rc;
    uint8_t stored[MK_MERKLE_ROW * MK_HASH];
    size_t n_stored;
    struct mk_diag what = MK_DIAG_INIT;

    rc = mk_node_load(t->w->v->store, t->tree, level, index, stored, &n_stored,
                      diag);
    if (rc != MK_OK)
        return rc;
    if (n_stored != n || memcmp(stored, row, n * MK_HASH) != 0) {
        (void)mk_fail_at(&what, MK_E_TAMPERED,
                         t->tree == MK_TREE_LOG ? "node (log)"
                                                : "node (dossier)",
                         0, (int64_t)index, (int64_t)level);
        mk_verify_found(t->w, &what);
    }
    return MK_OK;
}

void mk_verify_tree_init(struct mk_verify_tree *t, struct mk_verifier *w,
                         enum mk_tree tree)
{
    t->w = w;
    t->tree = tree;
    t->rows = (struct mk_merkle_rows){
        .ctx = t,
        .load = load,
        .save = compare,
    };
}
