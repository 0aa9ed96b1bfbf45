/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/restricted.h"

#include <string.h>

#include "core/base/bytes.h"
#include "crypto/hash.h"
#include "crypto/shares.h"
#include "crypto/sign.h"

#define FORM 2 /* the open form begins with the suite of an envelope, 1 */
#define CONTEXT (4 + MK_ID + MK_ID + 8)
#define KEY_BOX (CONTEXT + MK_KEY + MK_BOX_OVERHEAD)
#define SHARE_BOX (CONTEXT + 1 + MK_KEY + MK_BOX_OVERHEAD)
#define NAMED (MK_ID + KEY_BOX)
#define SHARE (MK_ID + 1 + SHARE_BOX)

bool mk_restricted_is(const struct mk_dossier_row *row)
{
    return row->dek.n != 0 && row->dek.p[0] == FORM;
}

enum mk_err mk_restricted_read(struct mk_restricted *out,
                               const struct mk_dossier_row *row,
                               struct mk_diag *diag)
{
    struct mk_reader r;
    uint8_t form;
    uint8_t threshold;

    mk_reader_init(&r, row->dek.p, row->dek.n);
    form = mk_read_u8(&r);
    out->n_named = mk_read_u8(&r);
    out->named = mk_read_bytes(&r, out->n_named * NAMED);
    threshold = mk_read_u8(&r);
    out->n_shares = mk_read_u8(&r);
    out->shares = mk_read_bytes(&r, out->n_shares * SHARE);
    out->boxes = (struct mk_blob){row->dek.p, row->dek.n - r.left};
    out->outer.n = r.left;
    out->outer.p = mk_read_bytes(&r, r.left);
    if (r.bad || form != FORM || out->n_named == 0 ||
        out->n_named > MK_RESTRICTED_MOST ||
        threshold != MK_RESTRICTED_THRESHOLD || out->n_shares < threshold ||
        out->n_shares > MK_RESTRICTED_MOST)
        return mk_fail_at(diag, MK_E_DAMAGED, "dossier (key)", 0,
                          (int64_t)row->ordinal, 0);
    return MK_OK;
}

const uint8_t *mk_restricted_name(const struct mk_restricted *r, size_t i)
{
    return r->named + i * NAMED;
}

const uint8_t *mk_restricted_holder(const struct mk_restricted *r, size_t i,
                                    uint8_t *number)
{
    const uint8_t *at = r->shares + i * SHARE;

    *number = at[MK_ID];
    return at;
}

void mk_restricted_people(uint8_t out[static MK_ID], struct mk_blob boxes)
{
    static const char tag[] = "mk1/restricted";
    uint8_t hash[MK_HASH];

    mk_sha256_parts(
        hash,
        (const struct mk_part[]){{tag, sizeof tag - 1}, {boxes.p, boxes.n}},
        2);
    memcpy(out, hash, MK_ID);
}

bool mk_restricted_names(const struct mk_restricted *r,
                         const uint8_t id[static MK_ID])
{
    for (size_t i = 0; i < r->n_named; i++)
        if (memcmp(mk_restricted_name(r, i), id, MK_ID) == 0)
            return true;
    return false;
}

/* --- for whom --- */

void mk_restrict_to_custodians(struct mk_restrict_to *to,
                               const struct mk_vault *v)
{
    for (size_t i = 0; i < mk_keyring_count(v->keyring); i++) {
        const struct mk_member *m = mk_keyring_member(v->keyring, i);
        unsigned roles = mk_keyring_roles(v->keyring, m->id);

        if ((roles & MK_ROLE_BIT(MK_ROLE_CUSTODIAN)) != 0 &&
            to->n_custodians < MK_RESTRICTED_MOST)
            to->custodian[to->n_custodians++] = m;
    }
}

bool mk_restricted_left(const struct mk_vault *v,
                        const struct mk_restricted *r,
                        struct mk_restrict_to *to)
{
    *to = (struct mk_restrict_to){.n_named = 0};
    for (size_t i = 0; i < r->n_named; i++) {
        const struct mk_member *m =
            mk_keyring_by_id(v->keyring, mk_restricted_name(r, i));

        /* who is suspended may come back, and is named until then */
        if (m != NULL && (m->certified & MK_ROLE_BIT(MK_ROLE_INSPECTOR)) != 0)
            to->named[to->n_named++] = m;
    }
    if (to->n_named == r->n_named || to->n_named == 0)
        return false;
    mk_restrict_to_custodians(to, v);
    return to->n_custodians >= MK_RESTRICTED_THRESHOLD;
}

/* --- making and opening --- */

static void put_context(uint8_t out[static CONTEXT + 1],
                        const struct mk_vault *v,
                        const struct mk_dossier_row *row, uint8_t number)
{
    memcpy(out, "MKW1", 4);
    memcpy(out + 4, v->head.store, MK_ID);
    memcpy(out + 4 + MK_ID, row->id, MK_ID);
    mk_put_u64(out + 4 + 2 * (size_t)MK_ID, row->dek_version);
    out[CONTEXT] = number;
}

static enum mk_err add_shares(const struct mk_vault *v,
                              const struct mk_dossier_row *row,
                              const struct mk_restrict_to *to,
                              const struct mk_secret *k, struct mk_buf *out,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_share share[MK_RESTRICTED_MOST] = {{.number = 0}};
    uint8_t context[CONTEXT + 1];

    MK_TRY(mk_shares_split(share, MK_RESTRICTED_THRESHOLD,
                           (unsigned)to->n_custodians, k, diag));
    MK_TRY(mk_buf_add_u8(out, MK_RESTRICTED_THRESHOLD));
    MK_TRY(mk_buf_add_u8(out, (uint8_t)to->n_custodians));
    for (size_t i = 0; i < to->n_custodians; i++) {
        put_context(context, v, row, share[i].number);
        MK_TRY(mk_buf_add(out, to->custodian[i]->id, MK_ID));
        MK_TRY(mk_buf_add_u8(out, share[i].number));
        MK_TRY(mk_box_seal_secret(out, to->custodian[i]->box, context,
                                  sizeof context, share[i].bytes));
    }
out:
    mk_shares_release(share, to->n_custodians);
    return rc;
}

enum mk_err mk_restricted_make(const struct mk_vault *v,
                               const struct mk_dossier_row *row,
                               const struct mk_restrict_to *to,
                               struct mk_buf *out, struct mk_secret **k,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t context[CONTEXT + 1];

    *k = mk_secret_random(MK_KEY);
    if (*k == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    put_context(context, v, row, 0);
    MK_TRY(mk_buf_add_u8(out, FORM));
    MK_TRY(mk_buf_add_u8(out, (uint8_t)to->n_named));
    for (size_t i = 0; i < to->n_named; i++) {
        MK_TRY(mk_buf_add(out, to->named[i]->id, MK_ID));
        MK_TRY(
            mk_box_seal_secret(out, to->named[i]->box, context, CONTEXT, *k));
    }
    MK_TRY(add_shares(v, row, to, *k, out, diag));
out:
    return rc;
}

enum mk_err mk_restricted_key(const struct mk_vault *v,
                              const struct mk_dossier_row *row,
                              const struct mk_restricted *r,
                              struct mk_secret **k, struct mk_diag *diag)
{
    uint8_t context[CONTEXT + 1];

    put_context(context, v, row, 0);
    for (size_t i = 0; i < r->n_named; i++)
        if (memcmp(mk_restricted_name(r, i), v->my_id, MK_ID) == 0)
            return mk_box_open_secret(k, v->who.box, context, CONTEXT,
                                      mk_restricted_name(r, i) + MK_ID,
                                      KEY_BOX, diag);
    if (v->emergency.k != NULL &&
        memcmp(v->emergency.dossier, row->id, MK_ID) == 0) {
        *k = mk_secret_copy(v->emergency.k);
        return *k != NULL ? MK_OK : mk_fail(diag, MK_E_MEMORY, NULL);
    }
    return mk_fail(diag, MK_E_RESTRICTED, "dossier");
}

enum mk_err mk_restricted_share(const struct mk_vault *v,
                                const struct mk_dossier_row *row,
                                const struct mk_restricted *r, uint8_t *number,
                                struct mk_secret **share, struct mk_diag *diag)
{
    uint8_t context[CONTEXT + 1];

    for (size_t i = 0; i < r->n_shares; i++) {
        const uint8_t *at = mk_restricted_holder(r, i, number);

        if (memcmp(at, v->my_id, MK_ID) != 0)
            continue;
        put_context(context, v, row, *number);
        return mk_box_open_secret(share, v->who.box, context, sizeof context,
                                  at + MK_ID + 1, SHARE_BOX, diag);
    }
    return mk_fail(diag, MK_E_NO_SHARE, NULL);
}
