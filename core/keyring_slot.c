/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *   P      = Argon2id(NFC passphrase, salt, t, m)
 *   header = "MKS1" | store 16 | user 16 | slot u16 | counter u64 | t u32 |
 *            m u32 | salt 16
 *   KEK    = HKDF-SHA256(salt = store | user | slot u16, P,
 *                        info = "mk1/kek" | header)
 *   bundle = envelope(KEK, aad "MKS1", X25519 secret | Ed25519 seed)
 *
 * The header binds every parameter: a slot of another store, person, number,
 * counter or cost gives another KEK.  Which slot is his newest the members part
 * states: hash and counter, signed by himself (the first by who certified him).
 */
#include "core/keyring_impl.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/random.h"
#include "core/kek.h"
#include "crypto/hash.h"

#define KEK_LABEL "mk1/kek"
#define HEADER (4 + MK_ID + MK_ID + 2 + 8 + 4 + 4 + MK_ARGON2_SALT)

void mk_identity_release(struct mk_identity *who)
{
    if (!who)
        return;
    mk_secret_free(who->box);
    mk_secret_free(who->seed);
    mk_secret_free(who->sign);
    memset(who, 0, sizeof *who);
}

/* Fills sign and both public keys from the two secrets that who has. */
static enum mk_err identity_derive(struct mk_identity *who,
                                   uint8_t box[static MK_PK],
                                   uint8_t sign[static MK_PK])
{
    if (!who->box || !who->seed)
        return MK_E_MEMORY;
    if (!mk_box_public(box, who->box))
        return MK_E_DAMAGED;
    return mk_sign_key(&who->sign, sign, who->seed);
}

enum mk_err mk_kr_identity_make(struct mk_identity *who,
                                uint8_t box[static MK_PK],
                                uint8_t sign[static MK_PK])
{
    enum mk_err rc;

    memset(who, 0, sizeof *who);
    mk_random(who->id, MK_ID);
    who->box = mk_secret_random(MK_KEY);
    who->seed = mk_secret_random(MK_KEY);
    rc = identity_derive(who, box, sign);
    if (rc != MK_OK)
        mk_identity_release(who);
    return rc;
}

static enum mk_err kek_of(struct mk_secret **kek, const struct mk_kr_slot *s,
                          const uint8_t store[static MK_ID],
                          const struct mk_secret *passphrase,
                          struct mk_diag *diag)
{
    uint8_t info[sizeof KEK_LABEL - 1 + HEADER];
    uint8_t salt[MK_ID + MK_ID + 2];
    uint8_t *h = info + sizeof KEK_LABEL - 1;

    memcpy(info, KEK_LABEL, sizeof KEK_LABEL - 1);
    memcpy(h, "MKS1", 4);
    memcpy(h + 4, store, MK_ID);
    memcpy(h + 20, s->user, MK_ID);
    mk_put_u16(h + 36, s->number);
    mk_put_u64(h + 38, s->counter);
    mk_put_u32(h + 46, s->cost.t);
    mk_put_u32(h + 50, s->cost.m_kib);
    memcpy(h + 54, s->salt, MK_ARGON2_SALT);
    memcpy(salt, h + 4, sizeof salt);

    return mk_kek_make(kek, passphrase, s->salt, s->cost,
                       (struct mk_part){salt, sizeof salt},
                       (struct mk_part){info, sizeof info}, diag);
}

static void slot_aad(uint8_t aad[static MK_AAD], const struct mk_kr_slot *s,
                     const uint8_t store[static MK_ID])
{
    struct mk_place place = {.column = s->number, .version = s->counter};
    memcpy(place.row, s->user, MK_ID);
    memcpy(place.key_id, s->salt, MK_ID);
    mk_aad(aad, "MKS1", store, &place);
}

static enum mk_err signed_bytes(struct mk_buf *out, const struct mk_kr_slot *s,
                                const uint8_t store[static MK_ID])
{
    enum mk_err rc;
    size_t n_signed;

    MK_TRY(mk_buf_add(out, store, MK_ID));
    MK_TRY(mk_kr_slot_add(out, s, &n_signed));
    out->len = MK_ID + n_signed;
out:
    return rc;
}

enum mk_err mk_kr_slot_sign(struct mk_kr_slot *slot,
                            const uint8_t store[static MK_ID],
                            const struct mk_identity *who)
{
    enum mk_err rc;
    struct mk_buf msg = MK_BUF_INIT;

    MK_TRY(signed_bytes(&msg, slot, store));
    MK_TRY(mk_sign(slot->sig, who->sign, MK_KR_CTX_SLOT, msg.data, msg.len));
out:
    mk_buf_release(&msg);
    return rc;
}

const char *mk_kr_slot_check(const struct mk_kr_slot *slot,
                             const uint8_t store[static MK_ID],
                             const uint8_t user[static MK_ID],
                             const uint8_t sign_pk[static MK_PK])
{
    struct mk_buf msg = MK_BUF_INIT;
    const char *why = NULL;

    if (memcmp(slot->user, user, MK_ID) != 0)
        why = MK_WHY_SLOT;
    else if (!mk_argon2_cost_ok(slot->cost))
        why = MK_WHY_SLOT_COST;
    else if (signed_bytes(&msg, slot, store) != MK_OK ||
             !mk_sign_ok(slot->sig, sign_pk, MK_KR_CTX_SLOT, msg.data,
                         msg.len))
        why = MK_WHY_SLOT_SIGNATURE;
    mk_buf_release(&msg);
    return why;
}

enum mk_err mk_kr_slot_hash(const struct mk_kr_slot *slot,
                            uint8_t out[static MK_HASH])
{
    struct mk_buf text = MK_BUF_INIT;
    size_t n_signed;
    enum mk_err rc = mk_kr_slot_add(&text, slot, &n_signed);

    if (rc == MK_OK)
        mk_sha256(out, text.data, text.len);
    mk_buf_release(&text);
    return rc;
}

const char *mk_kr_slot_stated(const struct mk_kr_slot *slot, unsigned number,
                              const struct mk_kr_member *p)
{
    const struct mk_kr_stated *stated = &p->stated[number - 1];
    uint8_t hash[MK_HASH];

    if (slot->number != number)
        return MK_WHY_SLOT;
    if (slot->counter != stated->counter)
        return MK_WHY_SLOT_OLD;
    if (mk_kr_slot_hash(slot, hash) != MK_OK ||
        memcmp(hash, stated->hash, MK_HASH) != 0)
        return MK_WHY_SLOT_HASH;
    return NULL;
}

enum mk_err mk_kr_slot_make(struct mk_kr_slot *slot,
                            const uint8_t store[static MK_ID],
                            const struct mk_identity *who,
                            const struct mk_secret *passphrase,
                            unsigned number, uint64_t counter,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_secret *kek = NULL;
    struct mk_secret *both = mk_secret_join(who->box, who->seed);
    struct mk_buf bundle = MK_BUF_INIT;
    uint8_t aad[MK_AAD];

    memset(slot, 0, sizeof *slot);
    memcpy(slot->user, who->id, MK_ID);
    slot->number = (uint16_t)number;
    slot->counter = counter;
    slot->cost = mk_argon2_standard();
    mk_random(slot->salt, sizeof slot->salt);
    if (!both) {
        rc = mk_fail(diag, MK_E_MEMORY, "slot");
        goto out;
    }
    MK_TRY(kek_of(&kek, slot, store, passphrase, diag));
    slot_aad(aad, slot, store);
    MK_TRY(mk_env_wrap(&bundle, kek, MK_KR_GENERATION, aad, sizeof aad, both));
    if (bundle.len != sizeof slot->bundle) {
        rc = mk_fail(diag, MK_E_INTERNAL, "slot");
        goto out;
    }
    memcpy(slot->bundle, bundle.data, bundle.len);
    rc = mk_kr_slot_sign(slot, store, who);
out:
    mk_buf_release(&bundle);
    mk_secret_free(both);
    mk_secret_free(kek);
    return rc;
}

/* Wrong passphrase and changed bundle are one and the same here; what was
 * changed by somebody else did not pass the signature before. */
static enum mk_err open_bundle(struct mk_secret **both,
                               const struct mk_keyring *k,
                               const struct mk_kr_slot *slot,
                               const struct mk_secret *passphrase,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_secret *kek = NULL;
    uint8_t aad[MK_AAD];

    if (!mk_argon2_cost_ok(slot->cost))
        return mk_fail(diag, MK_E_DAMAGED, MK_WHY_SLOT_COST);
    rc = kek_of(&kek, slot, k->store, passphrase, diag);
    if (rc == MK_OK) {
        slot_aad(aad, slot, k->store);
        rc = mk_env_unwrap(both, kek, aad, sizeof aad, slot->bundle,
                           sizeof slot->bundle, diag);
    }
    mk_secret_free(kek);
    /* a passphrase that could not have been set is a wrong one */
    return rc == MK_OK || rc == MK_E_MEMORY
               ? rc
               : mk_fail(diag, MK_E_LOCKED, "keyring");
}

enum mk_err mk_keyring_unlock(const struct mk_keyring *k,
                              const struct mk_member *m,
                              const struct mk_secret *passphrase,
                              struct mk_identity *out, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_kr_member *p = mk_kr_find(k, m->id);
    struct mk_secret *both = NULL;
    uint8_t box[MK_PK];
    uint8_t sign[MK_PK];

    memset(out, 0, sizeof *out);
    if (!p)
        return mk_fail(diag, MK_E_NOT_FOUND, "member");
    if (p->standing != MK_STANDING_ACTIVE)
        return mk_fail(
            diag, p->standing == MK_STANDING_OUT ? MK_E_OUT : MK_E_SUSPENDED,
            NULL);
    rc = open_bundle(&both, k, &p->slot[0], passphrase, diag);
    if (rc == MK_E_LOCKED && mk_kr_has_slot(p, 2))
        rc = open_bundle(&both, k, &p->slot[1], passphrase, diag);
    if (rc != MK_OK)
        goto out;
    memcpy(out->id, p->m.id, MK_ID);
    out->box = mk_secret_part(both, 0, MK_KEY);
    out->seed = mk_secret_part(both, MK_KEY, MK_KEY);
    MK_TRY(identity_derive(out, box, sign));
    if (memcmp(box, p->m.box, MK_PK) != 0 ||
        memcmp(sign, p->m.sign, MK_PK) != 0)
        rc = mk_fail(diag, MK_E_DAMAGED, MK_WHY_SLOT);
out:
    mk_secret_free(both);
    if (rc != MK_OK)
        mk_identity_release(out);
    if (rc == MK_E_MEMORY)
        mk_fail(diag, rc, "keyring");
    return rc;
}
