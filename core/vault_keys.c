/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The secrets in a handle, and how they follow the keyring: somebody else may
 * put a new one in their place at any time.
 */
#include <string.h>

#include "core/base/random.h"
#include "core/retention.h"
#include "core/server.h"

static void forget(struct mk_vault *v, enum mk_key_kind kind)
{
    mk_secret_free(v->keys[kind]);
    v->keys[kind] = NULL;
    mk_generations_release(&v->chain[kind]);
}

/* The newest of kind, unless it is held already. */
static enum mk_err take(struct mk_vault *v, enum mk_key_kind kind,
                        bool *changed, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_secret *fresh = NULL;
    uint8_t id[MK_ID];
    uint32_t newest = mk_keyring_generation(v->keyring, kind);

    if (v->keys[kind] != NULL && v->key_gens[kind] == newest &&
        mk_keyring_key_id_at(v->keyring, kind, newest, id) &&
        memcmp(id, v->key_ids[kind], MK_ID) == 0)
        return MK_OK;
    rc = mk_keyring_unwrap(v->keyring, &v->who, kind, &fresh, v->key_ids[kind],
                           &v->key_gens[kind], diag);
    if (rc != MK_OK)
        return rc;
    forget(v, kind);
    v->keys[kind] = fresh;
    *changed = true;
    return MK_OK;
}

static unsigned wanted_by(unsigned roles)
{
    unsigned kinds = roles == 0 ? 0 : 1u << MK_KEY_DBK;

    for (enum mk_role r = 1; r < MK_ROLE_MAX; r++)
        if ((roles & MK_ROLE_BIT(r)) != 0)
            kinds |= mk_role_keys(r);
    return kinds;
}

enum mk_err mk_vault_new_session(struct mk_vault *v, struct mk_diag *diag)
{
    struct mk_secret *key = mk_secret_random(MK_KEY);

    if (key == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    mk_secret_free(v->log_key);
    v->log_key = key;
    mk_random(v->session, MK_ID);
    v->session_logged = false;
    v->session_gen = mk_keyring_generation(v->keyring, MK_KEY_RL);
    return MK_OK;
}

enum mk_err mk_vault_take_keys(struct mk_vault *v, struct mk_diag *diag)
{
    static const char info[] = "mk1/owner";
    enum mk_err rc = MK_OK;
    unsigned wanted = wanted_by(v->roles);
    bool changed[MK_KEY_KINDS] = {false};

    for (enum mk_key_kind kind = MK_KEY_DBK; kind < MK_KEY_KINDS; kind++)
        if ((wanted & (1u << kind)) != 0)
            MK_TRY(take(v, kind, &changed[kind], diag));
    if (changed[MK_KEY_RD]) {
        mk_secret_free(v->owner_key);
        v->owner_key = NULL;
        mk_retention_release(v);
        MK_TRY(mk_hkdf(&v->owner_key, MK_KEY, mk_keyring_store(v->keyring),
                       MK_ID, v->keys[MK_KEY_RD], info, sizeof info - 1));
    }
    if (changed[MK_KEY_DBK] && v->store != NULL && mk_vault_on_server(v))
        MK_TRY(mk_server_shell(v, v->keys[MK_KEY_DBK], diag));
    /* what is written from now on is not for who held the log key before */
    if (v->log_key == NULL ||
        v->session_gen != mk_keyring_generation(v->keyring, MK_KEY_RL))
        MK_TRY(mk_vault_new_session(v, diag));
out:
    return rc;
}

void mk_vault_drop_keys(struct mk_vault *v)
{
    for (enum mk_key_kind kind = 0; kind < MK_KEY_KINDS; kind++)
        forget(v, kind);
    mk_secret_free(v->ktag);
    mk_secret_free(v->owner_key);
    mk_secret_free(v->log_key);
    v->ktag = NULL;
    v->owner_key = NULL;
    v->log_key = NULL;
    mk_retention_release(v);
}

enum mk_err mk_vault_generations(struct mk_vault *v, enum mk_key_kind kind,
                                 const struct mk_generations **out,
                                 struct mk_diag *diag)
{
    enum mk_err rc;

    *out = &v->chain[kind];
    if (v->chain[kind].n != 0)
        return MK_OK;
    if (v->keys[kind] == NULL)
        return mk_fail(diag, MK_E_NO_ROLE, "key");
    rc = mk_generations_open(&v->chain[kind], v->keyring, kind,
                             v->key_gens[kind], v->keys[kind], diag);
    return rc;
}
