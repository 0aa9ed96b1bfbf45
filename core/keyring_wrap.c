/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A role secret in a box sealed to one member:
 *
 *   "MKW1" | store 16 | user 16 | kind u16 | generation u32 | key_id 16 | secret
 *
 * Anybody can seal to a public key, so the box lies in a signed statement.
 * key_id commits to the secret: who gives a member another secret than
 * everybody has is found out when that member opens it.
 */
#include "core/keyring_impl.h"

#include <string.h>

#include "core/base/bytes.h"

void mk_kr_key_id(uint8_t out[static MK_ID], const struct mk_secret *secret,
                  const uint8_t store[static MK_ID], enum mk_key_kind kind,
                  uint32_t generation)
{
    static const char label[] = "mk1/keyid";
    uint8_t mac[32];
    uint8_t number[6];

    mk_put_u16(number, (uint16_t)kind);
    mk_put_u32(number + 2, generation);
    mk_hmac_sha256(mac, secret,
                   (const struct mk_part[]){{label, sizeof label - 1},
                                            {store, MK_ID},
                                            {number, sizeof number}},
                   3);
    memcpy(out, mac, MK_ID);
}

static void wrap_prefix(uint8_t out[static MK_KR_PREFIX],
                        const uint8_t store[static MK_ID],
                        const uint8_t user[static MK_ID],
                        enum mk_key_kind kind, uint32_t generation,
                        const uint8_t key_id[static MK_ID])
{
    memcpy(out, "MKW1", 4);
    memcpy(out + 4, store, MK_ID);
    memcpy(out + 20, user, MK_ID);
    mk_put_u16(out + 36, (uint16_t)kind);
    mk_put_u32(out + 38, generation);
    memcpy(out + 42, key_id, MK_ID);
}

enum mk_err mk_kr_box_fill(const struct mk_keyring *k,
                           struct mk_kr_statement *st,
                           const uint8_t to[static MK_ID],
                           const uint8_t box_key[static MK_PK],
                           enum mk_key_kind kind,
                           const uint8_t key_id[static MK_ID],
                           const struct mk_secret *secret)
{
    enum mk_err rc;
    struct mk_buf box = MK_BUF_INIT;
    uint8_t prefix[MK_KR_PREFIX];

    st->kind = kind;
    st->generation = mk_kr_key(k, kind) ? mk_kr_key(k, kind)->generation
                                        : MK_KR_GENERATION;
    memcpy(st->key_id, key_id, MK_ID);
    wrap_prefix(prefix, k->store, to, kind, st->generation, key_id);
    MK_TRY(mk_box_seal_secret(&box, box_key, prefix, sizeof prefix, secret));
    st->n_box = MK_KR_PREFIX + mk_kr_kind_size(kind) + MK_BOX_OVERHEAD;
    if (box.len != st->n_box) {
        rc = MK_E_INTERNAL;
        goto out;
    }
    memcpy(st->box, box.data, box.len);
out:
    mk_buf_release(&box);
    return rc;
}

enum mk_err mk_kr_wrap_fill(const struct mk_keyring *k,
                            struct mk_kr_statement *st,
                            const struct mk_kr_member *to, enum mk_role role,
                            enum mk_key_kind kind,
                            const uint8_t key_id[static MK_ID],
                            const struct mk_secret *secret)
{
    memset(st, 0, sizeof *st);
    st->type = MK_KR_WRAP;
    memcpy(st->person.id, to->m.id, MK_ID);
    st->role = role;
    return mk_kr_box_fill(k, st, to->m.id, to->m.box, kind, key_id, secret);
}

/* The public halves of R_L are known: the secret must be theirs. */
static bool is_log_secret(const struct mk_kr_key *of,
                          const struct mk_secret *secret)
{
    bool ok = false;
    uint8_t box[MK_PK];
    uint8_t sign[MK_PK];
    struct mk_secret *x = mk_secret_part(secret, 0, MK_KEY);
    struct mk_secret *seed = mk_secret_part(secret, MK_KEY, MK_KEY);
    struct mk_secret *key = NULL;

    if (x && seed && mk_box_public(box, x) &&
        mk_sign_key(&key, sign, seed) == MK_OK)
        ok = memcmp(box, of->log_box, MK_PK) == 0 &&
             memcmp(sign, of->log_sign, MK_PK) == 0;
    mk_secret_free(x);
    mk_secret_free(seed);
    mk_secret_free(key);
    return ok;
}

bool mk_kr_is_secret(const struct mk_keyring *k, const struct mk_kr_key *key,
                     const struct mk_secret *secret)
{
    uint8_t id[MK_ID];

    if (mk_secret_len(secret) != mk_kr_kind_size(key->kind))
        return false;
    mk_kr_key_id(id, secret, k->store, key->kind, key->generation);
    return mk_crypto_equal(id, key->id, MK_ID) &&
           (key->kind != MK_KEY_RL || is_log_secret(key, secret));
}

const char *mk_kr_role_with(enum mk_key_kind kind)
{
    for (unsigned r = MK_ROLE_INSPECTOR; r < MK_ROLE_MAX; r++)
        if (mk_role_keys((enum mk_role)r) & (1u << kind))
            return mk_role_slug((enum mk_role)r);
    return "";
}

enum mk_err mk_kr_unseal(const struct mk_keyring *k,
                         const struct mk_secret *box_secret,
                         const struct mk_kr_wrap *w, struct mk_secret **out,
                         struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t prefix[MK_KR_PREFIX];

    *out = NULL;
    wrap_prefix(prefix, k->store, w->user, w->kind, w->generation, w->key_id);
    rc = mk_box_open_secret(out, box_secret, prefix, sizeof prefix, w->box,
                            w->n_box, diag);
    if (rc != MK_OK)
        return mk_fail(diag, rc, MK_WHY_KEY);
    if (mk_kr_is_secret(k, mk_kr_key_at(k, w->kind, w->generation), *out))
        return MK_OK;
    mk_secret_free(*out);
    *out = NULL;
    return mk_fail_at(diag, MK_E_DAMAGED, MK_WHY_KEY, 0, (int64_t)w->serial,
                      0);
}

enum mk_err mk_keyring_unwrap(const struct mk_keyring *k,
                              const struct mk_identity *who,
                              enum mk_key_kind kind, struct mk_secret **out,
                              uint8_t key_id[static MK_ID],
                              uint32_t *generation, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_kr_wrap *w = NULL;

    *out = NULL;
    for (size_t i = k->n_wraps; i-- > 0 && !w;)
        if (k->wrap[i].kind == kind &&
            memcmp(k->wrap[i].user, who->id, MK_ID) == 0)
            w = &k->wrap[i];
    if (!w)
        return mk_fail(diag, MK_E_NO_ROLE, mk_kr_role_with(kind));
    rc = mk_kr_unseal(k, who->box, w, out, diag);
    if (rc != MK_OK)
        return rc;
    memcpy(key_id, w->key_id, MK_ID);
    *generation = w->generation;
    return MK_OK;
}
