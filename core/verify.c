/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * log verify: everything is computed anew from the rows, nothing stored is
 * believed.
 *
 *   pages       the engine's own check
 *   heads       each signed, each follows the one before (heads.c)
 *   log         every leaf hashed; root at each head; prev_head of each leaf;
 *               session leaves signed by the actor of their head
 *   dossiers    rows, entries, chains, root        statistics   chains, root
 *   register    chain                              keyring      hashes, serial
 *   tree nodes  every stored row of both trees     tail         newest head
 *   retention   its form; each dossier's key is in it (R_D: opens)
 */
#include <stdlib.h>
#include <string.h>

#include "core/access.h"
#include "core/leaf.h"
#include "core/mark.h"
#include "core/register.h"
#include "core/retention.h"
#include "core/sessions.h"
#include "core/store/file.h"
#include "core/verify.h"

static void found(struct mk_verifier *w, enum mk_err err, const char *what,
                  uint64_t where)
{
    struct mk_diag diag = MK_DIAG_INIT;

    (void)mk_fail_at(&diag, err, what, 0, (int64_t)where, 0);
    mk_verify_found(w, &diag);
}

void mk_verify_found(struct mk_verifier *w, const struct mk_diag *diag)
{
    if (w->first.err == MK_OK)
        w->first = *diag;
    if (w->finding != NULL)
        w->finding(w->ctx, diag);
}

/* True for an error that is a finding, after which the rest goes on. */
bool mk_verify_took(struct mk_verifier *w, enum mk_err rc,
                    const struct mk_diag *diag)
{
    if (mk_err_exit(rc) != MK_EXIT_INTEGRITY && rc != MK_E_NOT_FOUND)
        return false;
    mk_verify_found(w, diag);
    return true;
}

/* --- heads and log, side by side --- */

struct log_check {
    struct mk_verifier *w;
    struct mk_walk *leaves;
    struct mk_merkle *tree; /* rebuilt; its rows are compared at flush */
    struct mk_sessions sessions;
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
        found(w, MK_E_TAMPERED, "log (session)", row->seq);
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
        found(w, MK_E_TAMPERED, "log (chain of heads)", row->seq);
    return check_session(c, h, &leaf, row, diag);
}

/* The leaves up to size, as the head h signs them. */
static enum mk_err check_leaves(struct log_check *c, const struct mk_head *h,
                                struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_log_row row;
    uint8_t root[MK_HASH];
    bool more;

    while (mk_merkle_size(c->tree) < h->log_size) {
        MK_TRY(mk_walk_log_row(c->leaves, &more, &row, diag));
        if (!more || row.seq != mk_merkle_size(c->tree)) {
            found(c->w, MK_E_TAMPERED, "log (entry missing)",
                  mk_merkle_size(c->tree));
            rc = MK_E_TAMPERED; /* what follows cannot be told apart */
            goto out;
        }
        MK_TRY(check_leaf(c, h, &row, diag));
    }
    MK_TRY(mk_merkle_root(c->tree, mk_merkle_size(c->tree), root, diag));
    if (memcmp(root, h->log_root, MK_HASH) != 0)
        found(c->w, MK_E_TAMPERED, "log (tree)", h->log_size);
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
    w->newest_row = *row;
    if (w->v->where.progress != NULL && w->report->heads % 1000 == 0)
        w->v->where.progress(w->v->where.progress_ctx, "heads",
                             w->report->heads, 0);
    return MK_OK;
}

static enum mk_err check_heads_and_log(struct mk_verifier *w,
                                       struct mk_diag *diag)
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
    MK_TRY(mk_merkle_open(&c.tree, &tree.rows, 0));
    MK_TRY(mk_walk_log(&c.leaves, w->v->store, 0, diag));
    MK_TRY(mk_walk_heads(&heads, w->v->store, 0, diag));
    for (;;) {
        MK_TRY(mk_walk_head(heads, &more, &head, diag));
        if (!more)
            break;
        MK_TRY(check_head(&c, &head, diag));
    }
    MK_TRY(mk_walk_log_row(c.leaves, &more, &row, diag));
    if (more)
        found(w, MK_E_TAMPERED, "log (entries that no head signs)", row.seq);
    MK_TRY(mk_merkle_flush(c.tree, diag));
    w->report->log_size = mk_merkle_size(c.tree);
    memcpy(w->report->log_root, w->newest.log_root, MK_HASH);
    if (w->report->heads == 0)
        found(w, MK_E_TAMPERED, "head (none)", 0);
out:
    mk_walk_close(heads);
    mk_walk_close(c.leaves);
    mk_merkle_close(c.tree);
    mk_sessions_release(&c.sessions);
    return rc;
}

/* --- dossiers --- */

static enum mk_err load_names(struct mk_verifier *w,
                              struct mk_retention_names *names,
                              struct mk_diag *diag)
{
    enum mk_err rc = mk_retention_list(w->v, names, diag);

    return rc != MK_OK && mk_verify_took(w, rc, diag) ? MK_OK : rc;
}

/* One finding for all that share a key. */
static void check_key(struct mk_verifier *w,
                      const struct mk_retention_names *names,
                      const struct mk_dossier_row *row,
                      struct mk_retention_name *missing)
{
    if (names->v == NULL || /* could not be read: told before */
        mk_retention_named(names, row->intake_year, row->rk_gen) ||
        (missing->year == row->intake_year && missing->gen == row->rk_gen))
        return;
    *missing = (struct mk_retention_name){row->intake_year, row->rk_gen};
    found(w, MK_E_DAMAGED, MK_RETENTION_FILE, row->intake_year);
}

static enum mk_err check_dossiers(struct mk_verifier *w, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *dossiers = NULL;
    struct mk_walk *entries = NULL;
    struct mk_merkle *rebuilt = NULL;
    struct mk_verify_tree tree;
    struct mk_dossier_row row;
    struct mk_entry_row entry;
    struct mk_retention_names names = {.n = 0};
    struct mk_retention_name missing = {.year = 0};
    uint8_t hash[MK_HASH];
    bool more;
    bool has_entry;

    mk_dossier_row_init(&row);
    MK_TRY(load_names(w, &names, diag));
    mk_verify_tree_init(&tree, w, MK_TREE_DOSSIER);
    MK_TRY(mk_merkle_open(&rebuilt, &tree.rows, 0));
    MK_TRY(mk_walk_dossiers(&dossiers, w->v->store, diag));
    MK_TRY(mk_walk_all_entries(&entries, w->v->store, diag));
    MK_TRY(mk_walk_entry(entries, &has_entry, &entry, diag));
    for (;;) {
        uint8_t chain[MK_HASH] = {0};
        uint64_t n = 0;

        MK_TRY(mk_walk_dossier(dossiers, &more, &row, diag));
        if (!more)
            break;
        while (has_entry && entry.dossier == row.ordinal &&
               entry.seq == n + 1) {
            mk_entry_chain(chain, &entry);
            n++;
            w->report->entries++;
            MK_TRY(mk_walk_entry(entries, &has_entry, &entry, diag));
        }
        if (row.ordinal != mk_merkle_size(rebuilt))
            found(w, MK_E_TAMPERED, "dossier (row missing)",
                  mk_merkle_size(rebuilt));
        if (n != row.entries || memcmp(chain, row.chain, MK_HASH) != 0)
            found(w, MK_E_TAMPERED, "dossier (entries)", row.ordinal);
        check_key(w, &names, &row, &missing);
        mk_dossier_leaf(&row, hash);
        MK_TRY(mk_merkle_append(rebuilt, hash, diag));
    }
    if (has_entry)
        found(w, MK_E_TAMPERED, "dossier (entries too many)", entry.dossier);
    w->report->dossiers = mk_merkle_size(rebuilt);
    MK_TRY(mk_merkle_root(rebuilt, w->report->dossiers, hash, diag));
    if (w->report->dossiers != w->newest.n_dossiers ||
        memcmp(hash, w->newest.dossier_root, MK_HASH) != 0)
        found(w, MK_E_TAMPERED, "dossier (root)", w->report->dossiers);
    MK_TRY(mk_merkle_flush(rebuilt, diag));
out:
    mk_walk_close(dossiers);
    mk_walk_close(entries);
    mk_merkle_close(rebuilt);
    mk_dossier_row_release(&row);
    free(names.v);
    return rc;
}

/* --- the rest --- */

static enum mk_err check_register(struct mk_verifier *w, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_register_row row;
    uint8_t chain[MK_HASH] = {0};
    uint64_t n = 0;
    bool more;

    MK_TRY(mk_walk_register(&walk, w->v->store, diag));
    for (;;) {
        MK_TRY(mk_walk_register_row(walk, &more, &row, diag));
        if (!more)
            break;
        mk_register_chain(chain, &row);
        if (row.seq != n++ || memcmp(chain, row.chain, MK_HASH) != 0)
            found(w, MK_E_TAMPERED, "register", row.seq);
    }
    if (n != w->newest.n_register ||
        memcmp(chain, w->newest.register_root, MK_HASH) != 0)
        found(w, MK_E_TAMPERED, "register (root)", n);
    w->report->registers = n;
out:
    mk_walk_close(walk);
    return rc;
}

static enum mk_err check_keyring(struct mk_verifier *w, struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t members[MK_HASH];
    uint8_t slots[MK_HASH];

    rc = mk_vault_load_keyring(w->v, MK_KEYRING_FILE, diag);
    if (rc != MK_OK)
        return mk_verify_took(w, rc, diag) ? MK_OK : rc;
    mk_keyring_members_hash(w->v->keyring, members);
    mk_keyring_slots_hash(w->v->keyring, slots);
    if (mk_keyring_serial(w->v->keyring) != w->newest.keyring_serial ||
        memcmp(members, w->newest.members_hash, MK_HASH) != 0)
        found(w, MK_E_TAMPERED, "keyring (members)",
              mk_keyring_serial(w->v->keyring));
    if (memcmp(slots, w->newest.slots_hash, MK_HASH) != 0)
        found(w, MK_E_TAMPERED, "keyring (slots)",
              mk_keyring_serial(w->v->keyring));
    return MK_OK;
}

static enum mk_err check_tail(struct mk_verifier *w, struct mk_diag *diag)
{
    enum mk_err rc;
    uint64_t tail;

    MK_TRY(mk_tail_get(w->v->store, &tail, diag));
    if (tail != w->newest.log_size)
        found(w, MK_E_TAMPERED, "tail", tail);
out:
    return rc;
}

static enum mk_err check_stats(struct mk_verifier *w, struct mk_diag *diag)
{
    enum mk_err rc;

    w->report->stats = w->newest.n_stats;
    rc = mk_stats_verify(w->v->store, w->newest.n_stats, w->newest.stats_root,
                         diag);
    return rc != MK_OK && mk_verify_took(w, rc, diag) ? MK_OK : rc;
}

/* The mark of this account is a head of this store. */
static enum mk_err check_mark(struct mk_verifier *w, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_head_row mark;
    struct mk_head_row same;
    struct mk_head seen;
    bool has_mark;
    bool has_head = false;

    rc = mk_mark_load(w->v->state, mk_keyring_store(w->v->keyring), &has_mark,
                      &mark, diag);
    if (rc != MK_OK)
        return mk_verify_took(w, rc, diag) ? MK_OK : rc;
    if (!has_mark || !mk_head_decode(&seen, mark.body) ||
        seen.epoch < w->newest.epoch)
        return MK_OK; /* a restart was proven with the heads */
    MK_TRY(mk_head_load(w->v->store, mark.log_size, &has_head, &same, diag));
    if (has_head && memcmp(mark.body, same.body, MK_HEAD) == 0)
        goto out;
    w->report->rolled_back = true;
    (void)mk_fail_at(diag, MK_E_ROLLED_BACK, "head", 0,
                     (int64_t)w->newest.log_size, (int64_t)mark.log_size);
    mk_verify_found(w, diag);
out:
    return rc;
}

static enum mk_err check_all(struct mk_verifier *w, struct mk_diag *diag)
{
    static enum mk_err (*const checks[])(struct mk_verifier *,
                                         struct mk_diag *) = {
        check_heads_and_log, check_dossiers, check_stats, check_register,
        check_keyring,       check_tail,     check_mark,
    };
    enum mk_err rc;

    rc = mk_store_check(w->v->store, diag);
    if (rc != MK_OK && !mk_verify_took(w, rc, diag))
        return rc;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        rc = checks[i](w, diag);
        if (rc != MK_OK && !mk_verify_took(w, rc, diag))
            return rc;
    }
    return MK_OK;
}

enum mk_err mk_log_verify(struct mk_vault *v, const struct mk_access *access,
                          struct mk_verify_report *report,
                          mk_verify_finding *finding, void *ctx,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_verifier w = {
        .v = v,
        .report = report,
        .finding = finding,
        .ctx = ctx,
        .first = MK_DIAG_INIT,
    };
    struct mk_log_item item = {
        .kind = MK_AUDIT_LOG_VERIFY,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_ASKED,
        .purpose = MK_PURPOSE_CTL,
    };

    *report = (struct mk_verify_report){.heads = 0};
    if (v->store == NULL)
        return mk_fail(diag, MK_E_LOCKED, NULL);
    for (enum mk_role r = 1; r < MK_ROLE_MAX; r++)
        if ((v->roles & MK_ROLE_BIT(r)) != 0)
            item.role = r;
    if (v->suspect == MK_OK) {
        rc = mk_log_now(v, &item, diag);
        if (mk_err_exit(rc) == MK_EXIT_INTEGRITY)
            mk_verify_found(&w, diag);
        else if (rc != MK_OK)
            return rc;
    }
    MK_TRY(mk_store_begin_read(v->store, diag));
    rc = check_all(&w, diag);
    mk_store_rollback(v->store);
    if (rc == MK_OK && w.first.err != MK_OK) {
        rc = w.first.err;
        if (diag != NULL)
            *diag = w.first;
    }
out:
    return rc;
}
