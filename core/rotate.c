/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A new secret in the place of one that somebody may know who shall not.  Each
 * is one transaction: the statements, what lies under the secret, the head.
 *
 *   R_D   every row of a dossier anew, with a new last key of its own, and
 *         K_tag; then the retention file, which is read along the chain until
 *         that is done
 *   R_S   nothing: what lies under an older one is opened along the chain
 *   R_L   nothing; from now on another key signs checkpoints, and sessions are
 *         sealed to it
 *   DBK   the whole file, copied (store/next.h); on a server the keys
 *         of the shell (server.h)
 */
#include "core/rotate.h"

#include <string.h>

#include "core/access.h"
#include "core/destroy.h"
#include "core/mark.h"
#include "core/people.h"
#include "core/register.h"
#include "core/retention.h"
#include "core/sealed_key.h"
#include "core/server.h"
#include "core/store/file.h"
#include "core/store/next.h"

#define STEP 256 /* dossiers between two words of progress */

/* What mk_keyring_rotate made. */
struct fresh {
    struct mk_keyring *keyring; /* changed copy */
    struct mk_secret *secret;
    uint8_t id[MK_ID];
    uint32_t generation;
};

static void fresh_release(struct fresh *f)
{
    mk_keyring_free(f->keyring);
    mk_secret_free(f->secret);
}

static enum mk_err fresh_make(struct fresh *f, const struct mk_vault *v,
                              enum mk_key_kind kind, struct mk_diag *diag)
{
    enum mk_err rc;

    if (v->keys[kind] == NULL) /* taken from us since we asked */
        return mk_fail(diag, MK_E_NO_ROLE, mk_role_slug(mk_rekey_role(kind)));
    MK_TRY(mk_keyring_copy(&f->keyring, v->keyring));
    MK_TRY(mk_keyring_rotate(f->keyring, &v->who, kind, v->keys[kind],
                             &f->secret, f->id, &f->generation, diag));
out:
    return rc;
}

enum mk_role mk_rekey_role(enum mk_key_kind kind)
{
    switch (kind) {
    case MK_KEY_RD:
        return MK_ROLE_INSPECTOR;
    case MK_KEY_RS:
        return MK_ROLE_ANALYST;
    case MK_KEY_RL:
        return MK_ROLE_AUDITOR;
    default:
        return MK_ROLE_NONE; /* anybody */
    }
}

/* In which role: one of those that hold it. */
static enum mk_role acting_role(const struct mk_vault *v,
                                enum mk_key_kind kind)
{
    for (enum mk_role r = 1; r < MK_ROLE_MAX; r++)
        if ((v->roles & MK_ROLE_BIT(r)) != 0 &&
            (kind == MK_KEY_DBK || (mk_role_keys(r) & (1u << kind)) != 0))
            return r;
    return MK_ROLE_NONE;
}

static struct mk_log_item entry_of(const struct mk_vault *v,
                                   enum mk_key_kind kind, uint32_t generation,
                                   enum mk_outcome outcome)
{
    return (struct mk_log_item){
        .role = acting_role(v, kind),
        .kind = MK_AUDIT_KEY_ROTATE,
        .outcome = outcome,
        .mask = UINT64_C(1) << kind,
        .count = generation,
    };
}

/* --- dossiers --- */

static enum mk_err take_tree(struct mk_tx *tx, struct mk_diag *diag)
{
    return tx->dossiers != NULL
               ? MK_OK
               : mk_tree_take(tx->v, MK_TREE_DOSSIER, &tx->dossiers, diag);
}

/* A tombstone keeps its row; its leaf is set all the same, so that the new
 * root stands on nothing but rows that were proven. */
static enum mk_err rewrap_row(struct mk_tx *tx,
                              const struct mk_dossier_row *row,
                              const struct mk_rewrap *how,
                              const uint8_t leaf[static MK_HASH],
                              struct mk_diag *diag)
{
    enum mk_err rc;

    if (row->dek.p != NULL)
        return mk_sealed_rewrap(tx, row, how, diag);
    MK_TRY(take_tree(tx, diag));
    rc = mk_merkle_set(tx->dossiers, row->ordinal, leaf, diag);
out:
    return rc;
}

/*
 * All rows, in order: together they have to make the root of the head, or
 * nothing of this transaction is committed.
 */
static enum mk_err rewrap_all(struct mk_tx *tx, const struct mk_rewrap *how,
                              struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_vault *v = tx->v;
    struct mk_dossier_row row;
    struct mk_merkle_stream stream;
    uint8_t hash[MK_HASH];

    mk_dossier_row_init(&row);
    mk_merkle_stream_init(&stream);
    for (uint64_t i = 0; i < v->head.n_dossiers; i++) {
        rc = mk_dossier_load(v->store, i, &row, diag);
        if (rc == MK_E_NOT_FOUND)
            rc = mk_fail_at(diag, MK_E_TAMPERED, "dossier (row)", 0,
                            (int64_t)i, 0);
        if (rc != MK_OK)
            goto out;
        mk_dossier_leaf(&row, hash);
        mk_merkle_stream_add(&stream, hash);
        if (!mk_row_is_tombstone(&row))
            MK_TRY(rewrap_row(tx, &row, how, hash, diag));
        if (v->where.progress != NULL && (i + 1) % STEP == 0)
            v->where.progress(v->where.progress_ctx, "dossiers", i + 1,
                              v->head.n_dossiers);
    }
    mk_merkle_stream_root(&stream, hash);
    if (memcmp(hash, v->head.dossier_root, MK_HASH) != 0)
        rc = mk_fail(diag, MK_E_TAMPERED, "dossier (list)");
out:
    mk_dossier_row_release(&row);
    return rc;
}

static enum mk_err rewrap_tag_key(struct mk_tx *tx, const struct fresh *f,
                                  struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf body = MK_BUF_INIT;

    MK_TRY(mk_tag_key_load(tx->v, diag));
    MK_TRY(mk_tag_key_wrap(tx->v, tx->v->ktag, f->secret, f->id, f->generation,
                           &body));
    MK_TRY(mk_tx_register(tx, MK_REGISTER_TAG_KEY, body.data, body.len, diag));
out:
    mk_buf_release(&body);
    return rc;
}

static enum mk_err rewrap(struct mk_tx *tx, const struct fresh *f,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_rewrap how = {
        .fresh_dek = true,
        .rd = f->secret,
        .rd_id = f->id,
        .rd_gen = f->generation,
    };

    MK_TRY(rewrap_tag_key(tx, f, diag));
    MK_TRY(rewrap_all(tx, &how, diag));
out:
    return rc;
}

/* --- a role secret --- */

static enum mk_err rekey_secret(struct mk_vault *v, enum mk_key_kind kind,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct fresh f = {.keyring = NULL};
    struct mk_log_item item;

    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(fresh_make(&f, v, kind, diag));
    if (kind == MK_KEY_RD)
        MK_TRY(rewrap(&tx, &f, diag));
    if (kind == MK_KEY_DBK)
        MK_TRY(mk_server_shell_renew(v, f.secret, f.generation, diag));
    mk_tx_keyring(&tx, f.keyring);
    f.keyring = NULL;
    item = entry_of(v, kind, f.generation, MK_OUTCOME_DONE);
    MK_TRY(mk_tx_leaf(&tx, &item, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    fresh_release(&f);
    return rc;
}

/* --- the key of the file --- */

static void tell_copying(void *ctx, uint64_t done, uint64_t total)
{
    const struct mk_vault *v = ctx;

    if (v->where.progress != NULL)
        v->where.progress(v->where.progress_ctx, "rows", done, total);
}

/* The transaction in the copy.  next is v as it will be; it owns its keyring
 * and its trees. */
static enum mk_err commit_in_copy(struct mk_vault *next, struct fresh *f,
                                  struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    const struct mk_log_item item =
        entry_of(next, MK_KEY_DBK, f->generation, MK_OUTCOME_DONE);

    MK_TRY(mk_tx_begin(&tx, next, NULL, diag));
    mk_tx_keyring(&tx, f->keyring);
    f->keyring = NULL;
    MK_TRY(mk_tx_leaf(&tx, &item, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    mk_tree_forget(next, MK_TREE_LOG);
    mk_tree_forget(next, MK_TREE_DOSSIER);
    return rc;
}

static enum mk_err next_of(struct mk_vault *next, const struct mk_vault *v,
                           struct mk_store *copy)
{
    enum mk_err rc;

    *next = *v;
    next->keyring = NULL;
    next->store = copy;
    next->beside = true;
    next->log_tree = (struct mk_kept_tree){.tree = NULL};
    next->dossier_tree = (struct mk_kept_tree){.tree = NULL};
    MK_TRY(mk_keyring_copy(&next->keyring, v->keyring));
    next->me = mk_keyring_by_id(next->keyring, v->my_id);
out:
    return rc;
}

/* The copy is in its place: v goes on with it. */
static enum mk_err adopt(struct mk_vault *v, const struct mk_vault *next,
                         struct mk_diag *diag)
{
    v->head = next->head;
    v->head_row = next->head_row;
    memcpy(v->head_hash, next->head_hash, MK_HASH);
    v->session_logged = next->session_logged;
    if (mk_vault_open_anew(v, diag) == MK_OK &&
        mk_mark_raise(v->state, v->head.store, &v->head_row, diag) == MK_OK)
        return MK_OK;
    return mk_fail(diag, MK_E_UNKNOWN_OUTCOME, "vault.db");
}

/* The writer's lock is held; it is let go. */
static enum mk_err replace_file(struct mk_vault *v, struct fresh *f,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_copy_progress progress = {tell_copying, v};
    struct mk_store *copy = NULL;
    struct mk_vault next = {.keyring = NULL};

    MK_TRY(mk_store_copy(&copy, v->store, v->where.vault, f->secret, &progress,
                         diag));
    MK_TRY(next_of(&next, v, copy));
    rc = commit_in_copy(&next, f, diag);
    if (rc != MK_OK) {
        enum mk_err gone = mk_docs_remove(&v->docs, MK_KEYRING_NEW, NULL);

        (void)gone; /* the next writer removes it */
        goto out;
    }
    rc = mk_store_switch(v->store, copy, MK_KEYRING_NEW, diag);
    copy = NULL;
    if (rc == MK_OK)
        rc = adopt(v, &next, diag);
out:
    mk_store_drop(copy);
    mk_keyring_free(next.keyring);
    mk_store_rollback(v->store);
    return rc;
}

static enum mk_err rekey_file(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    struct fresh f = {.keyring = NULL};

    MK_TRY(mk_tx_lock(v, diag));
    rc = fresh_make(&f, v, MK_KEY_DBK, diag);
    if (rc == MK_OK)
        rc = replace_file(v, &f, diag);
    else
        mk_store_rollback(v->store);
out:
    fresh_release(&f);
    return rc;
}

/* --- the command --- */

unsigned mk_rekey_held(const struct mk_vault *v)
{
    unsigned kinds = 0;

    for (enum mk_key_kind kind = MK_KEY_DBK; kind < MK_KEY_KINDS; kind++)
        if (v->keys[kind] != NULL)
            kinds |= 1u << kind;
    return kinds;
}

enum mk_err mk_rekey_theft(struct mk_vault *v, const struct mk_access *access,
                           struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_tx tx = {.v = NULL};
    struct mk_keyring *changed = NULL;
    const enum mk_role role = mk_people_acting(v, MK_ROLE_NONE);

    if (v->me == NULL || v->suspect != MK_OK)
        return mk_fail(diag, v->me == NULL ? MK_E_LOCKED : v->suspect, "head");
    mk_access_afresh(v);
    if (access->dry_run)
        return mk_people_dry_run(v, role, MK_AUDIT_THEFT, diag);
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_keyring_copy(&changed, v->keyring));
    MK_TRY(mk_keyring_theft(changed, &v->who, diag));
    rc = mk_people_write(&tx, changed, role, MK_AUDIT_THEFT, NULL, diag);
    changed = NULL;
out:
    mk_tx_abort(&tx);
    mk_keyring_free(changed);
    return rc;
}

enum mk_err mk_rekey(struct mk_vault *v, const struct mk_access *access,
                     enum mk_key_kind kind, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    if (v->me == NULL || v->suspect != MK_OK)
        return mk_fail(diag, v->me == NULL ? MK_E_LOCKED : v->suspect, "head");
    if ((mk_rekey_held(v) & (1u << kind)) == 0)
        return mk_fail(diag, MK_E_NO_ROLE, mk_role_slug(mk_rekey_role(kind)));
    mk_access_afresh(v);
    if (access->dry_run) {
        const struct mk_log_item item =
            entry_of(v, kind, v->key_gens[kind] + 1, MK_OUTCOME_DRY_RUN);

        return mk_log_now(v, &item, diag);
    }
    if (kind == MK_KEY_DBK && !mk_vault_on_server(v))
        return rekey_file(v, diag);
    MK_TRY(rekey_secret(v, kind, diag));
    if (kind == MK_KEY_RD) {
        enum mk_err later = mk_retention_tidy(v, NULL);

        (void)later; /* what is done is done: the next writer seals it */
    }
out:
    return rc;
}
