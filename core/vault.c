/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/vault.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/destroy.h"
#include "core/failed.h"
#include "core/mark.h"
#include "core/move_impl.h"
#include "core/retention.h"
#include "core/server.h"
#include "core/store/file.h"
#include "core/store/next.h"

void mk_on_exhausted(void (*end)(void *ctx, int err, const char *text))
{
    mk_crypto_on_exhausted(end);
}

enum mk_err mk_init(struct mk_diag *diag)
{
    enum mk_err rc = mk_crypto_init(diag);

    return rc != MK_OK ? rc : mk_store_init(diag);
}

enum mk_err mk_vault_load_keyring(struct mk_vault *v, const char *name,
                                  struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_keyring *fresh = NULL;

    MK_TRY(mk_docs_read(&v->docs, name, MK_KEYRING_MAX, &text, diag));
    MK_TRY(mk_keyring_parse(&fresh, text.data, text.len, diag));
    if (v->keyring != NULL &&
        memcmp(mk_keyring_store(fresh), mk_keyring_store(v->keyring), MK_ID) !=
            0) {
        rc = mk_fail(diag, MK_E_TAMPERED, "keyring (of another vault)");
        goto out;
    }
    mk_keyring_free(v->keyring);
    v->keyring = fresh;
    v->keyring_is_new = strcmp(name, MK_KEYRING_NEW) == 0;
    fresh = NULL;
    if (v->me != NULL && !v->joining)
        rc = mk_vault_follow_keyring(v, diag);
out:
    mk_keyring_free(fresh);
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_vault_follow_keyring(struct mk_vault *v, struct mk_diag *diag)
{
    v->me = mk_keyring_by_id(v->keyring, v->my_id);
    if (v->me == NULL)
        return mk_fail(diag, MK_E_TAMPERED, "keyring (you are missing)");
    /* a role that came since begins with the next unlock */
    v->roles &= mk_keyring_roles(v->keyring, v->my_id);
    return mk_vault_take_keys(v, diag);
}

enum mk_err mk_vault_open(struct mk_vault **out, const struct mk_where *where,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_vault *v = calloc(1, sizeof *v);

    if (v == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    v->where = *where;
    v->docs = (struct mk_docs)MK_DOCS_NONE;
    v->state = -1;
    v->settings.houder_is_mtbp = true;
    MK_TRY(mk_where_open(&v->docs, where, diag));
    MK_TRY(mk_dir_make(where->state, diag));
    MK_TRY(mk_dir_open(&v->state, where->state, diag));
    MK_TRY(mk_moved_check(v, diag));
    if (!mk_vault_on_server(v))
        MK_TRY(mk_next_settle(v->docs.dir, diag));
    rc = mk_vault_load_keyring(v, MK_KEYRING_FILE, diag);
    if (rc == MK_E_NOT_FOUND && mk_vault_on_server(v) && mk_server_was_used(v))
        rc = mk_fail(diag, MK_E_TAMPERED, "keyring (missing)");
    MK_TRY(rc);
    mk_head_empty(&v->head, mk_keyring_store(v->keyring));
    MK_TRY(mk_key_places_open(v, diag));
    *out = v;
    return MK_OK;
out:
    mk_vault_close(v);
    return rc;
}

void mk_vault_lock(struct mk_vault *v)
{
    mk_tree_forget(v, MK_TREE_LOG);
    mk_tree_forget(v, MK_TREE_DOSSIER);
    mk_store_close(v->store);
    v->store = NULL;
    mk_server_lock(v);
    v->suspect = MK_OK;
    v->me = NULL;
    v->roles = 0;
    mk_identity_release(&v->who);
    mk_vault_drop_keys(v);
    mk_secret_free(v->emergency.k);
    v->emergency.k = NULL;
    mk_tombstones_release(&v->tombstones);
    mk_buried_release(v->buried);
    v->buried = NULL;
    v->bury = false;
}

void mk_vault_close(struct mk_vault *v)
{
    if (v == NULL)
        return;
    mk_vault_lock(v);
    mk_keyring_free(v->keyring);
    mk_key_places_close(v);
    mk_docs_close(&v->docs);
    if (v->state >= 0)
        close(v->state);
    free(v);
}

const struct mk_keyring *mk_vault_keyring(const struct mk_vault *v)
{
    return v->keyring;
}

const struct mk_member *mk_vault_user(const struct mk_vault *v)
{
    return v->me;
}

unsigned mk_vault_roles(const struct mk_vault *v)
{
    return v->roles;
}

bool mk_vault_first_use(const struct mk_vault *v)
{
    return v->first_use;
}

bool mk_vault_first_mark(const struct mk_vault *v)
{
    struct mk_head_row mark;
    bool found = false;

    return v->first_use &&
           mk_mark_load(v->state, mk_keyring_store(v->keyring), &found, &mark,
                        NULL) == MK_OK &&
           found;
}

enum mk_err mk_vault_need(const struct mk_vault *v, enum mk_role role,
                          struct mk_diag *diag)
{
    if (v->suspect != MK_OK)
        return mk_fail(diag, v->suspect, "head");
    if (v->me != NULL && (v->roles & MK_ROLE_BIT(role)) != 0)
        return MK_OK;
    return mk_fail(diag, MK_E_NO_ROLE, mk_role_slug(role));
}

static const char *first_role(unsigned certified)
{
    for (enum mk_role r = 1; r < MK_ROLE_MAX; r++)
        if ((certified & MK_ROLE_BIT(r)) != 0)
            return mk_role_slug(r);
    return "";
}

enum mk_err mk_vault_check_standing(const struct mk_vault *v,
                                    struct mk_diag *diag)
{
    switch (mk_keyring_standing(v->keyring, v->my_id)) {
    case MK_STANDING_SUSPENDED:
        return mk_fail(diag, MK_E_SUSPENDED, NULL);
    case MK_STANDING_OUT:
        return mk_fail(diag, MK_E_OUT, NULL);
    case MK_STANDING_ACTIVE:
        break;
    }
    return v->roles != 0
               ? MK_OK
               : mk_fail(diag, MK_E_NOT_GRANTED, first_role(v->me->certified));
}

static enum mk_err open_slot(struct mk_vault *v, const char *user,
                             const struct mk_secret *passphrase,
                             struct mk_diag *diag)
{
    const struct mk_member *m = mk_keyring_by_name(v->keyring, user);
    enum mk_err rc;

    if (m == NULL)
        return mk_fail(diag, MK_E_LOCKED, NULL);
    rc = mk_keyring_unlock(v->keyring, m, passphrase, &v->who, diag);
    if (rc == MK_OK)
        memcpy(v->my_id, m->id, MK_ID);
    return rc;
}

/*
 * Who was cut off between the commit of a new passphrase and the rename of
 * the keyring types the new one: keyring.new knows it.  So it is with the end
 * of a suspension.  refused: what the keyring said.
 */
static enum mk_err open_new_slot(struct mk_vault *v, const char *user,
                                 const struct mk_secret *passphrase,
                                 enum mk_err refused, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_diag quiet = MK_DIAG_INIT;
    bool there = false;

    if (!mk_vault_on_server(v)) { /* there it is a row of a transaction */
        rc = mk_docs_has(&v->docs, MK_KEYRING_NEW, &there, diag);
        if (rc != MK_OK)
            return rc;
    }
    if (!there || mk_vault_load_keyring(v, MK_KEYRING_NEW, &quiet) != MK_OK)
        return mk_fail(diag, refused, NULL);
    rc = open_slot(v, user, passphrase, diag);
    if (rc != MK_OK &&
        mk_vault_load_keyring(v, MK_KEYRING_FILE, &quiet) != MK_OK)
        return mk_fail(diag, MK_E_DAMAGED, MK_KEYRING_FILE);
    return rc;
}

static enum mk_err take_keys(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;

    v->me = mk_keyring_by_id(v->keyring, v->my_id);
    v->roles = mk_keyring_roles(v->keyring, v->my_id);
    MK_TRY(mk_vault_check_standing(v, diag));
    MK_TRY(mk_vault_take_keys(v, diag));
out:
    return rc;
}

enum mk_err mk_vault_open_anew(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_store *now;

    MK_TRY(mk_next_settle(v->docs.dir, diag));
    MK_TRY(mk_vault_load_keyring(v, MK_KEYRING_FILE, diag));
    MK_TRY(mk_store_open(&now, v->docs.dir, v->where.vault,
                         v->keys[MK_KEY_DBK], diag));
    mk_tree_forget(v, MK_TREE_LOG);
    mk_tree_forget(v, MK_TREE_DOSSIER);
    mk_store_close(v->store);
    v->store = now;
out:
    return rc;
}

static enum mk_err begin(struct mk_vault *v, bool write, struct mk_diag *diag)
{
    return write ? mk_store_begin_write(v->store, diag)
                 : mk_store_begin_read(v->store, diag);
}

enum mk_err mk_vault_begin(struct mk_vault *v, bool write,
                           struct mk_diag *diag)
{
    enum mk_err rc = begin(v, write, diag);

    if (rc != MK_E_REPLACED || mk_vault_on_server(v))
        return rc;
    if (mk_vault_open_anew(v, NULL) != MK_OK)
        return mk_fail(diag, MK_E_REPLACED, "vault.db");
    return begin(v, write, diag);
}

enum mk_err mk_vault_open_store(struct mk_vault *v,
                                const struct mk_secret *dbk,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    uint32_t known = v->key_gens[MK_KEY_DBK];

    rc = mk_where_open_rows(v, dbk, diag);
    /* while a passphrase was typed the key may have been replaced */
    if (rc == MK_E_DAMAGED && !v->joining &&
        mk_vault_load_keyring(v, MK_KEYRING_FILE, NULL) == MK_OK &&
        v->key_gens[MK_KEY_DBK] != known)
        rc = mk_where_open_rows(v, v->keys[MK_KEY_DBK], diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_store_begin_read(v->store, diag));
    rc = mk_heads_from_mark(v, diag);
    mk_store_rollback(v->store);
out:
    return rc;
}

/*
 * Person and slot count only in the keyring that the newest head names.  What
 * was cut off before its commit, or an old keyring put beside the real one,
 * opens nothing.  opened: hash of the slots of the keyring that was used.
 */
static enum mk_err still_opens(struct mk_vault *v,
                               const struct mk_secret *passphrase,
                               const uint8_t opened[static MK_HASH],
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_identity same = {.box = NULL};
    uint8_t slots[MK_HASH];

    mk_keyring_slots_hash(v->keyring, slots);
    if (memcmp(slots, opened, MK_HASH) == 0)
        return mk_vault_check_standing(v, diag);
    rc = mk_keyring_unlock(v->keyring, v->me, passphrase, &same, diag);
    mk_identity_release(&same);
    return rc;
}

/* Is each key that is held the newest of its kind? */
static enum mk_err keys_hold(const struct mk_vault *v, bool *yes,
                             struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_secret *key = NULL;
    uint8_t id[MK_ID];
    uint32_t gen;

    for (enum mk_key_kind kind = MK_KEY_DBK; *yes && kind < MK_KEY_KINDS;
         kind++) {
        if (v->keys[kind] == NULL)
            continue;
        MK_TRY(mk_keyring_unwrap(v->keyring, &v->who, kind, &key, id, &gen,
                                 diag));
        *yes = memcmp(id, v->key_ids[kind], MK_ID) == 0;
        mk_secret_free(key);
        key = NULL;
    }
out:
    return rc;
}

enum mk_err mk_vault_refresh(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_slot_info slot = {.counter = 0};
    bool same;

    if (v->me == NULL || v->suspect != MK_OK)
        return mk_fail(diag, v->me == NULL ? MK_E_LOCKED : v->suspect, "head");
    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    mk_snapshot_end(v);
    if (mk_keyring_serial(v->keyring) == v->serial_found)
        return MK_OK;
    same = mk_keyring_roles(v->keyring, v->my_id) == v->roles_found &&
           mk_keyring_slot_info(v->keyring, v->my_id, &slot) &&
           slot.counter == v->slot_found && slot.second == v->second_found;
    MK_TRY(keys_hold(v, &same, diag));
    if (!same)
        return mk_fail(diag, MK_E_OPEN_AGAIN, NULL);
    v->serial_found = mk_keyring_serial(v->keyring);
out:
    return rc;
}

/* What mk_vault_refresh compares with. */
static void note_found(struct mk_vault *v)
{
    struct mk_slot_info slot = {.counter = 0};

    if (mk_keyring_slot_info(v->keyring, v->my_id, &slot))
        v->slot_found = slot.counter;
    v->second_found = slot.second;
    v->roles_found = v->roles;
    v->serial_found = mk_keyring_serial(v->keyring);
}

enum mk_err mk_vault_unlock(struct mk_vault *v, const char *user,
                            const struct mk_secret *passphrase,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_member *claimed;
    uint8_t opened[MK_HASH];

    mk_vault_lock(v);
    rc = open_slot(v, user, passphrase, diag);
    if (rc == MK_E_LOCKED || rc == MK_E_SUSPENDED)
        rc = open_new_slot(v, user, passphrase, rc, diag);
    if (rc == MK_OK)
        rc = take_keys(v, diag);
    if (rc == MK_OK) {
        mk_keyring_slots_hash(v->keyring, opened);
        rc = mk_vault_open_store(v, v->keys[MK_KEY_DBK], diag);
        v->suspect = rc;
    }
    if (rc == MK_OK)
        rc = still_opens(v, passphrase, opened, diag);
    if (rc == MK_OK)
        note_found(v);
    if (rc == MK_OK && v->keys[MK_KEY_RD] != NULL && !v->where.moved)
        rc = mk_retention_tidy(v, diag);
    if (rc == MK_E_LOCKED) {
        claimed = mk_keyring_by_name(v->keyring, user);
        mk_failed_note(v, claimed != NULL ? claimed->id : NULL);
    }
    /* Verify, doctor and accept-restore may still look into a store that
     * opened and was found wrong. */
    if (rc != MK_OK &&
        (mk_err_exit(rc) != MK_EXIT_INTEGRITY || v->store == NULL))
        mk_vault_lock(v);
    return rc;
}
