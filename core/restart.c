/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/restart.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/mark.h"
#include "core/register.h"
#include "core/tx.h"
#include "crypto/sign.h"

static const char restart_context[] = "meldkluis/restart/v1";

static void encode(uint8_t out[static MK_RESTART_SIGNED],
                   const uint8_t store[static MK_ID],
                   const struct mk_restart_record *r)
{
    memcpy(out, "MKX1", 4);
    memcpy(out + 4, store, MK_ID);
    mk_put_u32(out + 20, r->epoch);
    mk_put_u16(out + 24, (uint16_t)r->reason);
    memcpy(out + 26, r->known, MK_HASH);
    memcpy(out + 58, r->restored, MK_HASH);
    memcpy(out + 90, r->custodian, MK_ID);
    memcpy(out + 106, r->auditor, MK_ID);
}

static bool signed_by(const struct mk_keyring *k, const uint8_t *id,
                      enum mk_role role, uint64_t serial, const uint8_t *body,
                      const uint8_t *sig)
{
    const struct mk_member *m = mk_keyring_by_id(k, id);

    return m != NULL && mk_keyring_has_role(k, id, role, serial) &&
           mk_sign_ok(sig, m->sign, restart_context, body, MK_RESTART_SIGNED);
}

bool mk_restart_parse(struct mk_restart_record *out, const void *body,
                      size_t n, const struct mk_keyring *keyring,
                      uint64_t serial)
{
    const uint8_t *p = body;

    if (n != MK_RESTART_BODY || memcmp(p, "MKX1", 4) != 0 ||
        memcmp(p + 4, mk_keyring_store(keyring), MK_ID) != 0)
        return false;
    out->epoch = mk_get_u32(p + 20);
    out->reason = mk_get_u16(p + 24);
    memcpy(out->known, p + 26, MK_HASH);
    memcpy(out->restored, p + 58, MK_HASH);
    memcpy(out->custodian, p + 90, MK_ID);
    memcpy(out->auditor, p + 106, MK_ID);
    return signed_by(keyring, out->custodian, MK_ROLE_CUSTODIAN, serial, p,
                     p + MK_RESTART_SIGNED) &&
           signed_by(keyring, out->auditor, MK_ROLE_AUDITOR, serial, p,
                     p + MK_RESTART_SIGNED + MK_SIG);
}

/* A restart record that says what is asked; NULL and 0: whatever. */
struct wanted {
    const struct mk_keyring *keyring;
    uint64_t serial;
    uint32_t epoch;
    const uint8_t *known;
    const uint8_t *restored;
};

static bool matches(const struct wanted *w, const struct mk_blob *body)
{
    struct mk_restart_record r;

    return mk_restart_parse(&r, body->p, body->n, w->keyring, w->serial) &&
           (w->epoch == 0 || r.epoch == w->epoch) &&
           (w->known == NULL || memcmp(r.known, w->known, MK_HASH) == 0) &&
           (w->restored == NULL ||
            memcmp(r.restored, w->restored, MK_HASH) == 0);
}

/*
 * Called while heads are being proven, so the register is read row by row
 * without asking for its root: a record carries its own signatures.
 */
enum mk_err mk_restart_covers(struct mk_vault *v, uint32_t epoch,
                              const uint8_t *known, const uint8_t *restored,
                              uint64_t serial, bool *yes, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_register_row row;
    const struct wanted w = {v->keyring, serial, epoch, known, restored};
    bool more;

    *yes = false;
    MK_TRY(mk_walk_register(&walk, v->store, diag));
    for (;;) {
        MK_TRY(mk_walk_register_row(walk, &more, &row, diag));
        if (!more)
            break;
        if (row.kind == MK_REGISTER_RESTART && matches(&w, &row.body))
            *yes = true;
    }
out:
    mk_walk_close(walk);
    return rc;
}

static enum mk_err sign_record(struct mk_vault *v, const char *auditor,
                               const struct mk_secret *passphrase,
                               struct mk_restart_record *r,
                               uint8_t body[static MK_RESTART_BODY],
                               struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_member *m = mk_keyring_by_name(v->keyring, auditor);
    struct mk_identity second = {.box = NULL};

    if (m == NULL)
        return mk_fail(diag, MK_E_LOCKED, NULL);
    if ((mk_keyring_roles(v->keyring, m->id) & MK_ROLE_BIT(MK_ROLE_AUDITOR)) ==
        0)
        return mk_fail(diag, MK_E_NO_ROLE, mk_role_slug(MK_ROLE_AUDITOR));
    MK_TRY(mk_keyring_unlock(v->keyring, m, passphrase, &second, diag));
    memcpy(r->custodian, v->my_id, MK_ID);
    memcpy(r->auditor, m->id, MK_ID);
    encode(body, mk_keyring_store(v->keyring), r);
    MK_TRY(mk_sign(body + MK_RESTART_SIGNED, v->who.sign, restart_context,
                   body, MK_RESTART_SIGNED));
    MK_TRY(mk_sign(body + MK_RESTART_SIGNED + MK_SIG, second.sign,
                   restart_context, body, MK_RESTART_SIGNED));
out:
    mk_identity_release(&second);
    return rc;
}

/* Proves the restored store from its first head: the mark cannot vouch. */
static enum mk_err prove_restored(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;

    mk_head_empty(&v->head, mk_keyring_store(v->keyring));
    rc = mk_store_begin_read(v->store, diag);
    if (rc != MK_OK)
        return rc;
    rc = mk_heads_advance(v, diag);
    mk_store_rollback(v->store);
    return rc;
}

static enum mk_err write_record(struct mk_vault *v,
                                const uint8_t body[static MK_RESTART_BODY],
                                uint32_t step, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx;
    const struct mk_log_item item = {
        .role = MK_ROLE_CUSTODIAN,
        .kind = MK_AUDIT_RESTART,
        .outcome = MK_OUTCOME_DONE,
    };

    rc = mk_tx_begin(&tx, v, NULL, diag);
    if (rc != MK_OK)
        return rc;
    tx.epoch_step = step;
    MK_TRY(
        mk_tx_register(&tx, MK_REGISTER_RESTART, body, MK_RESTART_BODY, diag));
    MK_TRY(mk_tx_leaf(&tx, &item, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    return rc;
}

enum mk_err mk_restart(struct mk_vault *v, const char *auditor,
                       const struct mk_secret *auditor_passphrase,
                       unsigned reason, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_head_row mark;
    struct mk_head seen;
    struct mk_restart_record r = {.reason = reason};
    uint8_t body[MK_RESTART_BODY];
    bool found;

    if (v->me == NULL || (v->roles & MK_ROLE_BIT(MK_ROLE_CUSTODIAN)) == 0)
        return mk_fail(diag, MK_E_NO_ROLE, mk_role_slug(MK_ROLE_CUSTODIAN));
    if (v->suspect != MK_E_ROLLED_BACK)
        return mk_fail(diag, MK_E_USAGE, "no restore was seen here");
    MK_TRY(mk_mark_load(v->state, mk_keyring_store(v->keyring), &found, &mark,
                        diag));
    if (!found || !mk_head_decode(&seen, mark.body)) {
        rc = mk_fail(diag, MK_E_DAMAGED, "high-water mark");
        goto out;
    }
    MK_TRY(prove_restored(v, diag));
    mk_head_hash(mark.body, r.known);
    memcpy(r.restored, v->head_hash, MK_HASH);
    /* Every mark accepts only a later epoch than its own. */
    r.epoch = v->head.epoch + 1;
    if (seen.epoch >= r.epoch)
        r.epoch = seen.epoch + 1;
    MK_TRY(sign_record(v, auditor, auditor_passphrase, &r, body, diag));
    v->suspect = MK_OK;
    rc = write_record(v, body, r.epoch - v->head.epoch, diag);
    if (rc != MK_OK)
        v->suspect = MK_E_ROLLED_BACK;
out:
    return rc;
}
