/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The draft of an intake that was cut off: the answers given so far, in a file
 * of the account's state folder, sealed so that only who gave them reads them.
 *
 *   <store id in hex>.<user id in hex>.concept = envelope, padded, under
 *   HKDF(salt = store, own X25519 secret, "mk1/draft"); aad "MKW1", table fff1,
 *   row = user id, version 1
 */
#include <stdio.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/store/file.h"
#include "core/vault.h"
#include "crypto/envelope.h"
#include "crypto/kdf.h"

#define TABLE_DRAFT 0xfff1u
#define DRAFT_NAME (4 * MK_ID + 10)
/* Padded to a power of two above the text. */
#define SEALED_MAX (2 * (size_t)MK_DRAFT_MAX + MK_ENV_OVERHEAD)

static void name_of(char out[static DRAFT_NAME], const struct mk_vault *v)
{
    char store[2 * MK_ID + 1];
    char user[2 * MK_ID + 1];

    mk_hex(store, mk_keyring_store(v->keyring), MK_ID);
    mk_hex(user, v->my_id, MK_ID);
    snprintf(out, DRAFT_NAME, "%s.%s.concept", store, user);
}

static enum mk_err key_of(const struct mk_vault *v, struct mk_secret **key,
                          uint8_t aad[static MK_AAD], struct mk_diag *diag)
{
    static const char info[] = "mk1/draft";
    struct mk_place place = {.table = TABLE_DRAFT, .version = 1};

    if (v->me == NULL)
        return mk_fail(diag, MK_E_LOCKED, NULL);
    memcpy(place.row, v->my_id, MK_ID);
    mk_aad(aad, "MKW1", mk_keyring_store(v->keyring), &place);
    return mk_hkdf(key, MK_KEY, mk_keyring_store(v->keyring), MK_ID,
                   v->who.box, info, sizeof info - 1);
}

enum mk_err mk_draft_save(struct mk_vault *v, const void *text, size_t n,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_secret *key = NULL;
    struct mk_buf sealed = MK_BUF_INIT;
    uint8_t aad[MK_AAD];
    char name[DRAFT_NAME];

    if (n > MK_DRAFT_MAX)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "draft", 0, MK_DRAFT_MAX, 0);
    MK_TRY(key_of(v, &key, aad, diag));
    MK_TRY(mk_env_seal_padded(&sealed, MK_PAD_NARRATIVE, key, 1, aad,
                              sizeof aad, text, n));
    name_of(name, v);
    MK_TRY(mk_file_replace(v->state, name, sealed.data, sealed.len, diag));
out:
    mk_secret_free(key);
    mk_buf_release(&sealed);
    return rc;
}

enum mk_err mk_draft_load(struct mk_vault *v, bool *found, struct mk_buf *text,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_secret *key = NULL;
    struct mk_buf sealed = MK_BUF_INIT;
    uint8_t aad[MK_AAD];
    char name[DRAFT_NAME];

    *found = false;
    MK_TRY(key_of(v, &key, aad, diag));
    name_of(name, v);
    rc = mk_file_read(v->state, name, SEALED_MAX, &sealed, diag);
    if (rc == MK_E_NOT_FOUND) {
        rc = MK_OK;
        goto out;
    }
    if (rc != MK_OK)
        goto out;
    rc = mk_env_open_padded(text, key, aad, sizeof aad, sealed.data,
                            sealed.len, diag);
    if (rc == MK_E_DAMAGED)
        rc = mk_fail(diag, rc, "draft");
    *found = rc == MK_OK;
out:
    mk_secret_free(key);
    mk_buf_release(&sealed);
    return rc;
}

enum mk_err mk_draft_drop(struct mk_vault *v, struct mk_diag *diag)
{
    char name[DRAFT_NAME];

    if (v->me == NULL)
        return mk_fail(diag, MK_E_LOCKED, NULL);
    name_of(name, v);
    return mk_file_remove(v->state, name, diag);
}
