/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of log verify: heads and log, walked side by side.  For leaves that
 * were pruned their stored hashes stand. */
#include <string.h>

#include "core/leaf.h"
#include "core/log_leaves.h"
#include "core/prune.h"
#include "core/sessions.h"
#include "core/verify.h"

struct log_check {
    struct mk_verifier *w;
    struct mk_walk *leaves;
    struct mk_merkle *tree; /* rebuilt; its rows are compared at flush */
    struct mk_sessions sessions;
    struct mk_past past; /* prunings; below mk_past_size there are no leaves */
    struct mk_head prev;
    uint8_t prev_hash[MK_HASH];
};

/* A session is opened once, by a signature of who signs the head; an entry
 * belongs to a session that he opened. */
static enum mk_err check_session(struct log_check *c, const struct mk_head *h,
                                 const struct mk_leaf *leaf,
                                 const struct mk_log_row *row,
                                 struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_verifier *w = c->w;
    const struct mk_session *s;
    bool good = true;

    if (leaf->kind == MK_LEAF_IS_SESSION) {
        w->report->signatures++;
        good = memcmp(leaf->rest, h->actor, MK_ID) == 0 &&
               mk_leaf_session_ok(leaf, row->leaf.p, w->v->keyring);
        rc = mk_sessions_add(&c->sessions, leaf);
        good = good && rc != MK_E_EXISTS;
    } else {
        s = mk_sessions_find(&c->sessions, leaf->session);
        good = s != NULL && memcmp(s->rest, h->actor, MK_ID) == 0;
    }
    if (!good)
        mk_verify_found_at(w, MK_E_TAMPERED, "log (session)", row->seq);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, NULL) : MK_OK;
}

static enum mk_err check_leaf(struct log_check *c, const struct mk_head *h,
                              const struct mk_log_row *row,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_verifier *w = c->w;
    struct mk_leaf leaf;
    uint8_t hash[MK_HASH];

    mk_merkle_leaf(hash, row->leaf.p, row->leaf.n);
    rc = mk_merkle_append(c->tree, hash, diag);
    if (rc != MK_OK)
        return rc;
    rc = mk_leaf_parse(&leaf, row->leaf.p, row->leaf.n,
                       mk_keyring_store(w->v->keyring), diag);
    if (rc != MK_OK) {
        mk_verify_found(w, diag);
        return MK_OK;
    }
    if (leaf.seq != row->seq ||
        memcmp(leaf.prev_head, c->prev_hash, MK_HASH) != 0)
        mk_verify_found_at(w, MK_E_TAMPERED, "log (chain of heads)", row->seq);
    return check_session(c, h, &leaf, row, diag);
}

static enum mk_err append_hash(void *ctx, const uint8_t hash[static MK_HASH],
                               struct mk_diag *diag)
{
    struct log_check *c = ctx;

    return mk_merkle_append(c->tree, hash, diag);
}

/* The leaves of head h that were pruned. */
static enum mk_err check_pruned(struct log_check *c, const struct mk_head *h,
                                struct mk_diag *diag)
{
    uint64_t from = mk_merkle_size(c->tree);
    uint64_t to = mk_past_size(&c->past);

    if (to > h->log_size)
        to = h->log_size;
    if (from >= to)
        return MK_OK;
    return mk_leaf_hashes(c->w->v->store, from, to, append_hash, c, diag);
}

/* The leaves up to size, as the head h signs them. */
static enum mk_err check_leaves(struct log_check *c, const struct mk_head *h,
                                struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_log_row row;
    uint8_t root[MK_HASH];
    bool more;

    MK_TRY(check_pruned(c, h, diag));
    while (mk_merkle_size(c->tree) < h->log_size) {
        MK_TRY(mk_walk_log_row(c->leaves, &more, &row, diag));
        if (!more || row.seq != mk_merkle_size(c->tree)) {
            mk_verify_found_at(c->w, MK_E_TAMPERED, "log (entry missing)",
                               mk_merkle_size(c->tree));
            rc = MK_E_TAMPERED; /* what follows cannot be told apart */
            goto out;
        }
        MK_TRY(check_leaf(c, h, &row, diag));
    }
    MK_TRY(mk_merkle_root(c->tree, mk_merkle_size(c->tree), root, diag));
    if (memcmp(root, h->log_root, MK_HASH) != 0)
        mk_verify_found_at(c->w, MK_E_TAMPERED, "log (tree)", h->log_size);
out:
    return rc;
}

static enum mk_err check_head(struct log_check *c,
                              const struct mk_head_row *row,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_verifier *w = c->w;
    struct mk_head h;

    rc = mk_head_follows(w->v, &c->prev, row, &h, diag);
    w->report->signatures++;
    w->report->heads++;
    if (rc != MK_OK) {
        if (!mk_verify_took(w, rc, diag))
            return rc;
        if (!mk_head_decode(&h, row->body))
            return MK_E_TAMPERED;
    }
    rc = check_leaves(c, &h, diag);
    if (rc != MK_OK)
        return rc;
    c->prev = h;
    mk_head_hash(row->body, c->prev_hash);
    w->newest = h;
    if (w->v->where.progress != NULL && w->report->heads % 1000 == 0)
        w->v->where.progress(w->v->where.progress_ctx, "heads",
                             w->report->heads, 0);
    return MK_OK;
}

/*
 * What the register says about pruning.  Where that is not true the walk goes
 * on with what it says, so that the other findings are found too.
 */
static enum mk_err read_past(struct log_check *c, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_head_row row;
    struct mk_head newest;

    mk_past_init(&c->past);
    rc = mk_head_newest(c->w->v->store, &row, diag);
    if (rc != MK_OK)
        return rc == MK_E_NOT_FOUND ? MK_OK : rc; /* said at the end */
    if (!mk_head_decode(&newest, row.body))
        return MK_OK; /* said when that head is met */
    rc = mk_past_rows(&c->past, c->w->v, &newest, diag);
    if (rc == MK_OK && c->past.n_prunings != 0)
        rc = mk_past_judge(&c->past, c->w->v, diag);
    c->w->report->pruned = mk_past_size(&c->past);
    return rc != MK_OK && mk_verify_took(c->w, rc, diag) ? MK_OK : rc;
}

/* What was pruned is gone. */
static enum mk_err check_gone(struct log_check *c, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_log_row row;
    bool more;

    if (mk_past_size(&c->past) == 0)
        return MK_OK;
    MK_TRY(mk_walk_log(&walk, c->w->v->store, 0, diag));
    MK_TRY(mk_walk_log_row(walk, &more, &row, diag));
    if (more && row.seq < mk_past_size(&c->past))
        mk_verify_found_at(c->w, MK_E_TAMPERED, "log (pruned, but there)",
                           row.seq);
out:
    mk_walk_close(walk);
    return rc;
}

/* Against the tree that was made anew of the leaves. */
static enum mk_err check_pruned_roots(struct log_check *c,
                                      struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    uint8_t root[MK_HASH];

    for (size_t i = 0; i < c->past.n_prunings; i++) {
        const struct mk_past_pruning *one = &c->past.prunings[i];

        if (one->p.size <= mk_merkle_size(c->tree)) {
            MK_TRY(mk_merkle_root(c->tree, one->p.size, root, diag));
            if (memcmp(root, one->p.root, MK_HASH) == 0)
                continue;
        }
        mk_verify_found_at(c->w, MK_E_TAMPERED, "register (pruning)",
                           one->row);
    }
out:
    return rc;
}

enum mk_err mk_verify_heads(struct mk_verifier *w, struct mk_diag *diag)
{
    enum mk_err rc;
    struct log_check c = {.w = w};
    struct mk_walk *heads = NULL;
    struct mk_verify_tree tree;
    struct mk_log_row row;
    struct mk_head_row head;
    bool more;

    mk_head_empty(&c.prev, mk_keyring_store(w->v->keyring));
    w->newest = c.prev;
    mk_verify_tree_init(&tree, w, MK_TREE_LOG);
    MK_TRY(read_past(&c, diag));
    MK_TRY(check_gone(&c, diag));
    MK_TRY(mk_merkle_open(&c.tree, &tree.rows, 0));
    MK_TRY(mk_walk_log(&c.leaves, w->v->store, mk_past_size(&c.past), diag));
    MK_TRY(mk_walk_heads(&heads, w->v->store, 0, diag));
    for (;;) {
        MK_TRY(mk_walk_head(heads, &more, &head, diag));
        if (!more)
            break;
        MK_TRY(check_head(&c, &head, diag));
    }
    MK_TRY(mk_walk_log_row(c.leaves, &more, &row, diag));
    if (more)
        mk_verify_found_at(w, MK_E_TAMPERED,
                           "log (entries that no head signs)", row.seq);
    MK_TRY(check_pruned_roots(&c, diag));
    MK_TRY(mk_merkle_flush(c.tree, diag));
    w->report->log_size = mk_merkle_size(c.tree);
    memcpy(w->report->log_root, w->newest.log_root, MK_HASH);
    if (w->report->heads == 0)
        mk_verify_found_at(w, MK_E_TAMPERED, "head (none)", 0);
out:
    mk_walk_close(heads);
    mk_walk_close(c.leaves);
    mk_merkle_close(c.tree);
    mk_sessions_release(&c.sessions);
    mk_past_release(&c.past);
    return rc;
}
