/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stored trees of a vault: the log's and the dossiers'. */
#include <string.h>

#include "core/vault.h"

static enum mk_err load_node(void *ctx, unsigned level, uint64_t index,
                             uint8_t row[static MK_MERKLE_ROW * MK_HASH],
                             size_t *n, struct mk_diag *diag)
{
    struct mk_tree_rows *t = ctx;

    return mk_node_load(t->store, t->tree, level, index, row, n, diag);
}

static enum mk_err save_node(void *ctx, unsigned level, uint64_t index,
                             const uint8_t *row, size_t n,
                             struct mk_diag *diag)
{
    struct mk_tree_rows *t = ctx;

    return mk_node_save(t->store, t->tree, level, index, row, n, diag);
}

void mk_tree_rows_init(struct mk_merkle_rows *rows, struct mk_tree_rows *ctx,
                       struct mk_store *store, enum mk_tree tree)
{
    ctx->store = store;
    ctx->tree = tree;
    *rows = (struct mk_merkle_rows){
        .ctx = ctx,
        .load = load_node,
        .save = save_node,
    };
}

static struct mk_kept_tree *kept(struct mk_vault *v, enum mk_tree tree)
{
    return tree == MK_TREE_LOG ? &v->log_tree : &v->dossier_tree;
}

void mk_tree_forget(struct mk_vault *v, enum mk_tree tree)
{
    struct mk_kept_tree *k = kept(v, tree);

    mk_merkle_close(k->tree);
    k->tree = NULL;
    k->is_taken = false;
}

enum mk_err mk_tree_prove(struct mk_merkle *tree, uint64_t size,
                          const uint8_t root[static MK_HASH], const char *what,
                          struct mk_diag *diag)
{
    uint8_t now[MK_HASH];
    enum mk_err rc = mk_merkle_root(tree, size, now, diag);

    if (rc == MK_E_DAMAGED || (rc == MK_OK && memcmp(now, root, MK_HASH) != 0))
        rc = mk_fail_at(diag, MK_E_TAMPERED, what, 0, (int64_t)size, 0);
    return rc;
}

enum mk_err mk_tree_get(struct mk_vault *v, enum mk_tree tree,
                        struct mk_merkle **out, struct mk_diag *diag)
{
    struct mk_kept_tree *k = kept(v, tree);
    const bool is_log = tree == MK_TREE_LOG;
    const uint8_t *root = is_log ? v->head.log_root : v->head.dossier_root;
    uint64_t size = is_log ? v->head.log_size : v->head.n_dossiers;
    struct mk_merkle_rows rows;
    enum mk_err rc = MK_OK;

    if (k->is_taken)
        return mk_fail(diag, MK_E_INTERNAL, "tree");
    if (k->tree == NULL || mk_merkle_size(k->tree) != size ||
        memcmp(k->root, root, MK_HASH) != 0) {
        mk_tree_forget(v, tree);
        mk_tree_rows_init(&rows, &k->rows, v->store, tree);
        MK_TRY(mk_merkle_open(&k->tree, &rows, size));
        MK_TRY(mk_tree_prove(k->tree, size, root,
                             is_log ? "node (log)" : "node (dossier)", diag));
        memcpy(k->root, root, MK_HASH);
    }
    *out = k->tree;
out:
    if (rc != MK_OK)
        mk_tree_forget(v, tree);
    return rc;
}

enum mk_err mk_tree_take(struct mk_vault *v, enum mk_tree tree,
                         struct mk_merkle **out, struct mk_diag *diag)
{
    enum mk_err rc = mk_tree_get(v, tree, out, diag);

    if (rc == MK_OK)
        kept(v, tree)->is_taken = true;
    return rc;
}

void mk_tree_keep(struct mk_vault *v, enum mk_tree tree)
{
    const bool is_log = tree == MK_TREE_LOG;
    struct mk_kept_tree *k = kept(v, tree);

    memcpy(k->root, is_log ? v->head.log_root : v->head.dossier_root, MK_HASH);
    k->is_taken = false;
}
