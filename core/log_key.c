/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The auditor's key file (docs/FORMAT-export.md):
 *
 *   KEK    = HKDF-SHA256(salt = store | salt, Argon2id(NFC passphrase),
 *                        "mk1/logkeyfile")
 *   bundle = envelope(KEK, aad "MKW1", X25519 secret of R_L)
 */
#include <string.h>

#include "core/access.h"
#include "core/base/bytes.h"
#include "core/base/random.h"
#include "core/kek.h"
#include "core/keyring_impl.h"

#define TABLE 0xfff2 /* in the aad: no table of the store */
#define VERSION 1
#define GENERATION 1

static enum mk_err kek_of(struct mk_secret **kek,
                          const struct mk_secret *passphrase,
                          const uint8_t store[static MK_ID],
                          const uint8_t salt[static MK_ARGON2_SALT],
                          struct mk_diag *diag)
{
    static const char info[] = "mk1/logkeyfile";
    uint8_t both[MK_ID + MK_ARGON2_SALT];

    memcpy(both, store, MK_ID);
    memcpy(both + MK_ID, salt, MK_ARGON2_SALT);
    return mk_kek_make(kek, passphrase, salt, mk_argon2_standard(),
                       (struct mk_part){both, sizeof both},
                       (struct mk_part){info, sizeof info - 1}, diag);
}

static enum mk_err seal(const struct mk_vault *v,
                        const struct mk_secret *passphrase,
                        const uint8_t salt[static MK_ARGON2_SALT],
                        struct mk_buf *bundle, struct mk_diag *diag)
{
    enum mk_err rc;
    const uint8_t *store = mk_keyring_store(v->keyring);
    struct mk_place place = {.table = TABLE, .version = VERSION};
    struct mk_secret *kek = NULL;
    struct mk_secret *box = mk_secret_part(v->keys[MK_KEY_RL], 0, MK_KEY);
    uint8_t aad[MK_AAD];

    if (box == NULL) {
        rc = mk_fail(diag, MK_E_MEMORY, NULL);
        goto out;
    }
    memcpy(place.row, store, MK_ID);
    memcpy(place.key_id, v->key_ids[MK_KEY_RL], MK_ID);
    mk_aad(aad, "MKW1", store, &place);
    MK_TRY(kek_of(&kek, passphrase, store, salt, diag));
    MK_TRY(mk_env_wrap(bundle, kek, GENERATION, aad, sizeof aad, box));
out:
    mk_secret_free(kek);
    mk_secret_free(box);
    return rc;
}

static enum mk_err format(const struct mk_vault *v,
                          const struct mk_secret *passphrase,
                          struct mk_buf *out, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_argon2_cost cost = mk_argon2_standard();
    struct mk_buf bundle = MK_BUF_INIT;
    uint8_t salt[MK_ARGON2_SALT];

    mk_random(salt, sizeof salt);
    MK_TRY(seal(v, passphrase, salt, &bundle, diag));
    MK_TRY(mk_buf_add_str(out, "meldkluis-log-key: 1\n"));
    MK_TRY(mk_kr_add_hex(out, "store", mk_keyring_store(v->keyring), MK_ID));
    MK_TRY(mk_buf_addf(out, "origin: %s\n", mk_keyring_origin(v->keyring)));
    MK_TRY(mk_kr_add_hex(out, "key-id", v->key_ids[MK_KEY_RL], MK_ID));
    MK_TRY(mk_buf_addf(out, "argon2id-t: %u\nargon2id-m: %u\n",
                       (unsigned)cost.t, (unsigned)cost.m_kib));
    MK_TRY(mk_kr_add_hex(out, "salt", salt, sizeof salt));
    MK_TRY(mk_kr_add_b64(out, "bundle", bundle.data, bundle.len));
out:
    mk_buf_release(&bundle);
    return rc;
}

enum mk_err mk_log_key(struct mk_vault *v, const struct mk_access *access,
                       const struct mk_secret *passphrase, struct mk_buf *text,
                       struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_log_item item = {
        .role = MK_ROLE_AUDITOR,
        .kind = MK_AUDIT_LOG_KEY,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_ASKED,
        .purpose = mk_access_purpose(access, MK_ROLE_AUDITOR),
    };

    MK_TRY(mk_vault_need(v, MK_ROLE_AUDITOR, diag));
    mk_access_afresh(v);
    MK_TRY(mk_log_now(v, &item, diag));
    if (!access->dry_run)
        MK_TRY(format(v, passphrase, text, diag));
out:
    return rc;
}
