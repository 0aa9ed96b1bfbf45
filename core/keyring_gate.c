/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one gate through which a statement comes into a keyring, read or made:
 *
 *   serial dense -> signature over store | hash before | body -> rules -> text
 *
 *   hash(0) = SHA-256(header line)
 *   hash(s) = SHA-256("mk1/statement" | hash(s-1) | lines of statement s)
 */
#include "core/keyring_recovery_impl.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"

void *mk_kr_grow(void *p, size_t *cap, size_t need, size_t size)
{
    size_t more = *cap ? *cap * 2 : 16;
    void *q;

    if (need <= *cap)
        return p;
    if (more < need)
        more = need;
    q = calloc(more, size);
    if (!q)
        return NULL;
    if (p) {
        memcpy(q, p, *cap * size);
        mk_crypto_wipe(p, *cap * size);
        free(p);
    }
    *cap = more;
    return q;
}

enum mk_err mk_kr_signed_bytes(const struct mk_keyring *k,
                               const struct mk_kr_statement *st,
                               struct mk_buf *out)
{
    enum mk_err rc;
    size_t began = out->len;
    size_t n_signed;

    MK_TRY(mk_buf_add(out, k->store, MK_ID));
    MK_TRY(mk_buf_add(out, k->hash[k->serial], MK_HASH));
    MK_TRY(mk_kr_statement_add(out, st, &n_signed));
    out->len = began + MK_ID + MK_HASH + n_signed;
out:
    return rc;
}

enum mk_err mk_kr_sign(const struct mk_keyring *k, struct mk_kr_statement *st,
                       const struct mk_identity *by)
{
    enum mk_err rc;
    struct mk_buf msg = MK_BUF_INIT;

    st->serial = k->serial + 1;
    memcpy(st->by, by->id, MK_ID);
    MK_TRY(mk_kr_signed_bytes(k, st, &msg));
    MK_TRY(mk_sign(st->sig, by->sign, MK_KR_CTX_STATEMENT, msg.data, msg.len));
out:
    mk_buf_release(&msg);
    return rc;
}

static enum mk_err check_signature(const struct mk_keyring *k,
                                   const struct mk_kr_statement *st,
                                   struct mk_kr_refusal *no)
{
    enum mk_err rc;
    struct mk_buf msg = MK_BUF_INIT;
    const struct mk_kr_member *by = mk_kr_find(k, st->by);
    const uint8_t *pk = by ? by->m.sign : mk_kr_recovery_sign_key(k, st->by);

    if (st->type == MK_KR_GENESIS && k->serial == 0)
        pk = st->custodians[0].sign;
    if (!pk)
        return mk_kr_refuse(no, MK_E_NO_ROLE, "member", MK_WHY_SIGNER);
    rc = mk_kr_signed_bytes(k, st, &msg);
    if (rc != MK_OK)
        mk_kr_refuse(no, rc, "keyring", MK_WHY_SIZE);
    else if (!mk_sign_ok(st->sig, pk, MK_KR_CTX_STATEMENT, msg.data, msg.len))
        rc = mk_kr_refuse(no, MK_E_DAMAGED, "keyring", MK_WHY_SIGNATURE);
    mk_buf_release(&msg);
    return rc;
}

/* Appends the text and the next hash; gives the store id at genesis. */
static enum mk_err append(struct mk_keyring *k,
                          const struct mk_kr_statement *st)
{
    static const char tag[] = "mk1/statement";
    enum mk_err rc;
    uint8_t hash[MK_HASH];
    size_t n_signed;
    size_t at = k->members.len + 1;
    void *room;

    room = mk_kr_grow(k->hash, &k->hash_cap, k->serial + 2, sizeof *k->hash);
    if (!room)
        return MK_E_MEMORY;
    k->hash = room;
    MK_TRY(mk_buf_add_str(&k->members, "\n"));
    MK_TRY(mk_kr_statement_add(&k->members, st, &n_signed));
    mk_sha256_parts(
        k->hash[k->serial + 1],
        (const struct mk_part[]){{tag, sizeof tag - 1},
                                 {k->hash[k->serial], MK_HASH},
                                 {k->members.data + at, k->members.len - at}},
        3);
    if (st->type == MK_KR_GENESIS) {
        mk_sha256(hash, k->members.data + at, n_signed);
        memcpy(k->store, hash, MK_ID);
    }
    k->serial++;
    if (k->members.len > MK_KEYRING_MAX)
        rc = MK_E_TOO_LARGE;
out:
    return rc;
}

enum mk_err mk_kr_apply(struct mk_keyring *k, const struct mk_kr_statement *st,
                        struct mk_kr_refusal *no)
{
    enum mk_err rc;

    *no = (struct mk_kr_refusal){MK_OK, "keyring", MK_WHY_FORM};
    if (st->serial != k->serial + 1)
        return mk_kr_refuse(no, MK_E_DAMAGED, "keyring", MK_WHY_SERIAL);
    if ((st->type == MK_KR_GENESIS) != (st->serial == 1))
        return mk_kr_refuse(no, MK_E_DAMAGED, "keyring", MK_WHY_GENESIS);
    MK_TRY(check_signature(k, st, no));
    MK_TRY(mk_kr_rules(k, st, no));
    rc = append(k, st);
    if (rc != MK_OK)
        mk_kr_refuse(no, rc, "keyring", MK_WHY_SIZE);
out:
    return rc;
}
