/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tx.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/destroy.h"
#include "core/failed.h"
#include "core/leaf.h"
#include "core/mark.h"
#include "core/register.h"
#include "core/retention.h"
#include "core/server.h"
#include "core/store/file.h"

/* A row stands where the heads say that there is none yet. */
static enum mk_err unsigned_row(enum mk_err rc, const char *what,
                                uint64_t where, struct mk_diag *diag)
{
    return rc == MK_E_TAMPERED
               ? mk_fail_at(diag, MK_E_TAMPERED, what, 0, (int64_t)where, 0)
               : rc;
}

static enum mk_err append_leaf(struct mk_tx *tx, const uint8_t *leaf, size_t n,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t hash[MK_HASH];
    struct mk_log_row row = {
        .seq = mk_merkle_size(tx->log),
        .leaf = {leaf, n},
    };

    mk_merkle_leaf(hash, leaf, n);
    MK_TRY(unsigned_row(mk_log_insert(tx->v->store, &row, diag),
                        "log (entries that no head signs)", row.seq, diag));
    MK_TRY(mk_merkle_append(tx->log, hash, diag));
out:
    return rc;
}

static struct mk_leaf_place here(const struct mk_tx *tx)
{
    return (struct mk_leaf_place){
        .seq = mk_merkle_size(tx->log),
        .store = tx->next.store,
        .session = tx->v->session,
        .prev_head = tx->v->head_hash,
    };
}

static enum mk_err take_failed(void *ctx,
                               const uint8_t record[static MK_FAILED_RECORD],
                               struct mk_diag *diag)
{
    struct mk_tx *tx = ctx;
    struct mk_leaf_place at = here(tx);
    uint8_t leaf[MK_LEAF_FAILED];

    mk_leaf_failed(leaf, &at, record);
    return append_leaf(tx, leaf, sizeof leaf, diag);
}

static enum mk_err begin_session(struct mk_tx *tx, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_vault *v = tx->v;
    struct mk_leaf_place at = here(tx);
    uint8_t leaf[MK_LEAF_SESSION];
    uint8_t box[MK_PK];
    uint8_t sign[MK_PK];

    mk_keyring_log_keys(v->keyring, box, sign);
    MK_TRY(mk_leaf_session(leaf, &at, &v->who, box, v->log_key));
    MK_TRY(append_leaf(tx, leaf, sizeof leaf, diag));
    tx->has_session = true;
    /* beside: they are dropped from the file only when they are in the log */
    if (!v->beside)
        MK_TRY(mk_failed_walk(v, take_failed, tx, &tx->took_failed, diag));
out:
    return rc;
}

/* Is keyring.new the one that the newest head names? */
static enum mk_err new_is_named(struct mk_vault *v, bool *yes,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_keyring *k = NULL;
    struct mk_diag cut_off = MK_DIAG_INIT;

    *yes = false;
    MK_TRY(
        mk_docs_read(&v->docs, MK_KEYRING_NEW, MK_KEYRING_MAX, &text, diag));
    rc = mk_keyring_parse(&k, text.data, text.len, &cut_off);
    if (rc == MK_E_MEMORY)
        goto out;
    *yes = rc == MK_OK && mk_head_names(&v->head, k);
    rc = MK_OK;
out:
    mk_keyring_free(k);
    mk_buf_release(&text);
    return rc;
}

/*
 * With the writer's lock held a keyring.new is either named by the newest
 * head (then its writer was cut off before the rename) or by none.  Its text
 * decides: what was read earlier may be another writer's file by now.
 */
static enum mk_err tidy_keyring(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    bool there;
    bool named = false;

    v->keyring_is_new = false;
    if (mk_vault_on_server(v))
        return MK_OK;
    MK_TRY(mk_docs_has(&v->docs, MK_KEYRING_NEW, &there, diag));
    if (!there)
        goto out;
    MK_TRY(new_is_named(v, &named, diag));
    if (named)
        rc =
            mk_file_rename(v->docs.dir, MK_KEYRING_NEW, MK_KEYRING_FILE, diag);
    else
        rc = mk_docs_remove(&v->docs, MK_KEYRING_NEW, diag);
out:
    return rc;
}

enum mk_err mk_tx_lock(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc = mk_vault_begin(v, true, diag);

    if (rc != MK_OK || v->making)
        return rc;
    MK_TRY(mk_heads_advance(v, diag));
    if (!v->joining)
        MK_TRY(mk_vault_check_standing(v, diag));
    MK_TRY(tidy_keyring(v, diag));
out:
    if (rc != MK_OK)
        mk_store_rollback(v->store);
    return rc;
}

enum mk_err mk_tx_unlock(struct mk_vault *v, enum mk_err rc,
                         struct mk_diag *diag)
{
    if (rc == MK_OK && mk_vault_on_server(v))
        return mk_store_commit(v->store, diag);
    mk_store_rollback(v->store);
    return rc;
}

/*
 * With the writer's lock held: whoever wrote the same request has committed by
 * now, and not yet, perhaps, when it was looked up without the lock.
 */
static enum mk_err take_txid(struct mk_tx *tx, const uint8_t *request,
                             struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_head_row row;
    bool found;

    if (request == NULL) {
        mk_random(tx->next.txid, MK_ID);
        goto out;
    }
    MK_TRY(mk_head_by_txid(tx->v->store, request, &found, &row, diag));
    if (found)
        rc = mk_fail(diag, MK_E_CHANGED, NULL);
    memcpy(tx->next.txid, request, MK_ID);
out:
    return rc;
}

enum mk_err mk_tx_begin(struct mk_tx *tx, struct mk_vault *v,
                        const uint8_t *request, struct mk_diag *diag)
{
    enum mk_err rc;

    *tx = (struct mk_tx){.v = v};
    if (v->me == NULL || v->suspect != MK_OK) {
        *tx = (struct mk_tx){.v = NULL};
        return mk_fail(diag, v->me == NULL ? MK_E_LOCKED : v->suspect, "head");
    }
    MK_TRY(mk_tx_lock(v, diag));
    tx->next = v->head;
    MK_TRY(take_txid(tx, request, diag));
    MK_TRY(mk_tree_take(v, MK_TREE_LOG, &tx->log, diag));
    if (!v->session_logged)
        MK_TRY(begin_session(tx, diag));
out:
    if (rc != MK_OK)
        mk_tx_abort(tx);
    return rc;
}

void mk_tx_abort(struct mk_tx *tx)
{
    if (tx->v == NULL)
        return;
    mk_stats_close(tx->stats);
    if (!tx->committed && tx->log != NULL)
        mk_tree_forget(tx->v, MK_TREE_LOG);
    if (!tx->committed && tx->dossiers != NULL)
        mk_tree_forget(tx->v, MK_TREE_DOSSIER);
    /* After a COMMIT that failed the lock is gone, and a head may name the
     * file: then the next writer judges it. */
    if (tx->keyring != NULL && mk_store_in_write(tx->v->store) &&
        !mk_vault_on_server(tx->v)) {
        enum mk_err rc = mk_docs_remove(&tx->v->docs, MK_KEYRING_NEW, NULL);

        (void)rc; /* the next writer deletes it: no head names it */
    }
    mk_store_rollback(tx->v->store);
    /* keys that were made in it are not there */
    if (!tx->committed && mk_vault_on_server(tx->v))
        mk_retention_release(tx->v);
    /* Its leaf may be in the log all the same: none is opened twice. */
    if (tx->has_session && !tx->committed)
        mk_random(tx->v->session, MK_ID);
    mk_keyring_free(tx->keyring);
    *tx = (struct mk_tx){.v = NULL};
}

enum mk_err mk_tx_leaf(struct mk_tx *tx, const struct mk_log_item *item,
                       struct mk_diag *diag)
{
    struct mk_leaf_place at = here(tx);
    struct mk_log_item entry = *item;
    uint8_t leaf[MK_LEAF_ENTRY];

    entry.time_ms = mk_clock_now();
    memcpy(entry.actor, tx->v->my_id, MK_ID);
    mk_leaf_entry(leaf, &at, tx->v->log_key, &entry);
    return append_leaf(tx, leaf, sizeof leaf, diag);
}

enum mk_err mk_tx_dossier(struct mk_tx *tx, const struct mk_dossier_row *row,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t leaf[MK_HASH];

    if (tx->dossiers == NULL)
        MK_TRY(mk_tree_take(tx->v, MK_TREE_DOSSIER, &tx->dossiers, diag));
    mk_dossier_leaf(row, leaf);
    if (row->ordinal == mk_merkle_size(tx->dossiers)) {
        MK_TRY(unsigned_row(mk_dossier_insert(tx->v->store, row, diag),
                            "dossier (row)", row->ordinal, diag));
        MK_TRY(mk_merkle_append(tx->dossiers, leaf, diag));
    } else {
        MK_TRY(mk_dossier_update(tx->v->store, row, diag));
        MK_TRY(mk_merkle_set(tx->dossiers, row->ordinal, leaf, diag));
    }
    tx->next.n_dossiers = mk_merkle_size(tx->dossiers);
out:
    return rc;
}

enum mk_err mk_tx_tombstone(struct mk_tx *tx, const struct mk_dossier_row *row,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t leaf[MK_HASH];

    if (tx->dossiers == NULL)
        MK_TRY(mk_tree_take(tx->v, MK_TREE_DOSSIER, &tx->dossiers, diag));
    mk_dossier_leaf(row, leaf);
    MK_TRY(mk_dossier_bury(tx->v->store, row, diag));
    MK_TRY(mk_merkle_set(tx->dossiers, row->ordinal, leaf, diag));
out:
    return rc;
}

enum mk_err mk_vault_stats_key(struct mk_vault *v, struct mk_stats_key *key,
                               struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    *key = (struct mk_stats_key){
        .store = mk_keyring_store(v->keyring),
        .rs = v->keys[MK_KEY_RS],
        .gen = v->key_gens[MK_KEY_RS],
    };
    memcpy(key->key_id, v->key_ids[MK_KEY_RS], MK_ID);
    if (key->gen > 1)
        rc = mk_vault_generations(v, MK_KEY_RS, &key->all, diag);
    return rc;
}

enum mk_err mk_tx_stats(struct mk_tx *tx, const struct mk_stats_record *record,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_stats_key key;

    if (tx->stats == NULL) {
        MK_TRY(mk_vault_stats_key(tx->v, &key, diag));
        MK_TRY(mk_stats_open(&tx->stats, tx->v->store, &key,
                             tx->v->head.stats_root, tx->v->head.n_stats,
                             diag));
    }
    MK_TRY(mk_stats_append(tx->stats, record, diag));
out:
    return rc;
}

enum mk_err mk_tx_register(struct mk_tx *tx, uint32_t kind, const void *body,
                           size_t n, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_register_row row = {
        .seq = tx->next.n_register,
        .kind = kind,
        .body = {body, n},
    };

    mk_register_chain(tx->next.register_root, &row);
    memcpy(row.chain, tx->next.register_root, MK_HASH);
    MK_TRY(unsigned_row(mk_register_insert(tx->v->store, &row, diag),
                        "register", row.seq, diag));
    tx->next.n_register++;
out:
    return rc;
}

void mk_tx_keyring(struct mk_tx *tx, struct mk_keyring *changed)
{
    mk_keyring_free(tx->keyring);
    tx->keyring = changed;
}

/* The new text is on the disk before the head that names it. */
static enum mk_err write_keyring(struct mk_tx *tx, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    const struct mk_keyring *k = tx->keyring != NULL ? tx->keyring
                                                     : tx->v->keyring;

    tx->next.keyring_serial = mk_keyring_serial(k);
    mk_keyring_members_hash(k, tx->next.members_hash);
    mk_keyring_slots_hash(k, tx->next.slots_hash);
    if (tx->keyring == NULL)
        return MK_OK;
    MK_TRY(mk_keyring_format(tx->keyring, &text));
    if (mk_vault_on_server(tx->v)) /* one row, in the same transaction */
        rc = mk_docs_write(&tx->v->docs, MK_KEYRING_FILE, text.data, text.len,
                           diag);
    else
        rc = mk_file_write(tx->v->docs.dir, MK_KEYRING_NEW, text.data,
                           text.len, diag);
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err gather_roots(struct mk_tx *tx, struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_merkle_flush(tx->log, diag));
    tx->next.log_size = mk_merkle_size(tx->log);
    MK_TRY(
        mk_merkle_root(tx->log, tx->next.log_size, tx->next.log_root, diag));
    if (tx->dossiers != NULL) {
        MK_TRY(mk_merkle_flush(tx->dossiers, diag));
        MK_TRY(mk_merkle_root(tx->dossiers, tx->next.n_dossiers,
                              tx->next.dossier_root, diag));
    }
    if (tx->stats != NULL)
        MK_TRY(mk_stats_flush(tx->stats, &tx->next.n_stats,
                              tx->next.stats_root, diag));
out:
    return rc;
}

/* keyring.new takes its place: under the writer's lock again, because another
 * may be about to write his. */
static enum mk_err place_keyring(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;

    if (mk_vault_on_server(v))
        return MK_OK;
    if (v->making)
        return mk_file_rename(v->docs.dir, MK_KEYRING_NEW, MK_KEYRING_FILE,
                              diag);
    rc = mk_tx_lock(v, diag);
    mk_store_rollback(v->store);
    return rc;
}

/* What was destroyed, by us or by others, is known to this account from now
 * on. */
static enum mk_err bury(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc = mk_snapshot_begin(v, diag);

    if (rc != MK_OK)
        return rc;
    rc = mk_buried_note(v, diag);
    v->bury = v->bury && rc != MK_OK;
    mk_snapshot_end(v);
    return rc;
}

/*
 * What follows a commit cannot undo it.  A rename that fails is finished by
 * the next writer.  A mark that could not be raised is told: the write is
 * durable, but an old copy would not be noticed, and whoever repeats the
 * request learns that it was done.
 */
static enum mk_err after_commit(struct mk_tx *tx, struct mk_diag *diag)
{
    struct mk_vault *v = tx->v;
    struct mk_head_row row = v->head_row;
    enum mk_err rc = MK_OK;

    if (tx->has_session) {
        v->session_logged = true;
        if (tx->took_failed != 0)
            mk_failed_clear(v, tx->took_failed);
    }
    if (tx->keyring != NULL) {
        mk_keyring_free(v->keyring);
        v->keyring = tx->keyring;
        tx->keyring = NULL;
        if (v->beside) /* who puts the copy in its place does the rest */
            return MK_OK;
        rc = place_keyring(v, diag);
        if (v->making) {
            if (rc != MK_OK)
                return rc;
            v->me = mk_keyring_by_id(v->keyring, v->my_id);
        } else if (mk_vault_follow_keyring(v, diag) != MK_OK) {
            return mk_fail(diag, MK_E_UNKNOWN_OUTCOME, "keyring");
        }
    }
    v->making = false;
    /* before the mark, which vouches for the rows that were seen */
    if (v->bury && bury(v, diag) != MK_OK)
        return mk_fail(diag, MK_E_UNKNOWN_OUTCOME,
                       "list of destroyed dossiers");
    rc = mk_mark_raise(v->state, v->head.store, &row, diag);
    return rc == MK_OK
               ? MK_OK
               : mk_fail(diag, MK_E_UNKNOWN_OUTCOME, "high-water mark");
}

enum mk_err mk_tx_commit(struct mk_tx *tx, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_vault *v = tx->v;
    struct mk_head_row row;

    MK_TRY(gather_roots(tx, diag));
    MK_TRY(write_keyring(tx, diag));
    tx->next.epoch = v->head.epoch + tx->epoch_step;
    tx->next.time_ms = (uint64_t)mk_clock_now();
    memcpy(tx->next.actor, v->my_id, MK_ID);
    MK_TRY(mk_head_sign(&row, &tx->next, v->who.sign));
    MK_TRY(mk_head_insert(v->store, &row, diag));
    MK_TRY(mk_tail_set(v->store, tx->next.log_size, diag));
    MK_TRY(mk_store_commit(v->store, diag));
    v->head = tx->next;
    v->head_row = row;
    mk_head_hash(row.body, v->head_hash);
    tx->committed = true;
    mk_tree_keep(v, MK_TREE_LOG);
    if (tx->dossiers != NULL)
        mk_tree_keep(v, MK_TREE_DOSSIER);
    rc = after_commit(tx, diag);
out:
    mk_tx_abort(tx);
    return rc;
}

enum mk_err mk_log_now(struct mk_vault *v, const struct mk_log_item *item,
                       struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx;

    rc = mk_tx_begin(&tx, v, NULL, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_tx_leaf(&tx, item, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    return rc;
}
