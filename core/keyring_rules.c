/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who may state what.
 *
 *   genesis ---> certify, log-key, wrap   (all by the first custodian)
 *                slot                     (by each custodian, his first)
 *                      |
 *                   opened                (everybody has his whole role and
 *                      |                   a slot)
 *   certify by an effective custodian, never about himself
 *   wrap    by a holder of every key of the role, who is no custodian, did not
 *           certify that role and is not the receiver
 *   slot    by everybody about himself, with a counter one higher; slot-2 too
 *   suspend, resume, revoke, except   by an effective custodian about others
 *   rotate  by a holder of the key; then its wraps and nothing else
 *   theft   by any member: every key of now is to be replaced
 *
 * Who is suspended or out signs nothing.
 *   share, accept, escrow, drill, recover: keyring_recovery.c; what the key of a
 *           share set begins nothing else may interrupt
 */
#include "core/keyring_recovery_impl.h"

#include <string.h>

static bool same(const uint8_t *a, const uint8_t *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

enum mk_err mk_kr_refuse(struct mk_kr_refusal *no, enum mk_err err,
                         const char *place, const char *why)
{
    *no = (struct mk_kr_refusal){err, place, why};
    return err;
}

struct mk_kr_member *mk_kr_find(const struct mk_keyring *k,
                                const uint8_t id[static MK_ID])
{
    for (size_t i = 0; i < k->n_persons; i++)
        if (same(k->person[i].m.id, id, MK_ID))
            return &k->person[i];
    return NULL;
}

enum mk_err mk_kr_by_custodian(const struct mk_keyring *k,
                               const struct mk_kr_statement *st,
                               struct mk_kr_refusal *no)
{
    const struct mk_kr_member *by = mk_kr_find(k, st->by);

    if (by && (by->roles & MK_ROLE_BIT(MK_ROLE_CUSTODIAN)))
        return MK_OK;
    return mk_kr_refuse(no, MK_E_NO_ROLE, mk_role_slug(MK_ROLE_CUSTODIAN),
                        MK_WHY_CUSTODIAN);
}

/* --- slot, opened --- */

void mk_kr_slot_take(struct mk_kr_member *p, const struct mk_kr_statement *st)
{
    struct mk_kr_stated *s = &p->stated[st->type == MK_KR_SLOT2_SET];

    s->counter = st->slot_counter;
    memcpy(s->hash, st->slot_hash, MK_HASH);
}

static bool is_zero(const uint8_t hash[static MK_HASH])
{
    static const uint8_t zero[MK_HASH];
    return same(hash, zero, MK_HASH);
}

bool mk_kr_has_slot(const struct mk_kr_member *p, unsigned number)
{
    return p->stated[number - 1].counter > 0 &&
           !is_zero(p->stated[number - 1].hash);
}

static enum mk_err apply_slot(struct mk_keyring *k,
                              const struct mk_kr_statement *st,
                              struct mk_kr_refusal *no)
{
    struct mk_kr_member *p = mk_kr_find(k, st->person.id);
    bool second = st->type == MK_KR_SLOT2_SET;

    if (!p || !same(st->by, st->person.id, MK_ID))
        return mk_kr_refuse(no, MK_E_NO_ROLE, "member", MK_WHY_SLOT_USER);
    /* before the opening: the first of a custodian of genesis, no other */
    if (st->slot_counter != p->stated[second].counter + 1 ||
        (!k->opened && (second || st->slot_counter != 1)))
        return mk_kr_refuse(no, MK_E_DAMAGED, "slot", MK_WHY_SLOT_COUNTER);
    /* only the second can be taken away, and only if it is there */
    if (is_zero(st->slot_hash) && (!second || !mk_kr_has_slot(p, 2)))
        return mk_kr_refuse(no, MK_E_NOT_FOUND, "second passphrase",
                            MK_WHY_SLOT_HASH);
    mk_kr_slot_take(p, st);
    return MK_OK;
}

static enum mk_err apply_opened(struct mk_keyring *k, struct mk_kr_refusal *no)
{
    unsigned roles = 0;

    if (k->opened || !mk_kr_key(k, MK_KEY_RL))
        return mk_kr_refuse(no, MK_E_EXISTS, "opened", MK_WHY_OPENED);
    for (size_t i = 0; i < k->n_persons; i++) {
        if (!mk_kr_has_slot(&k->person[i], 1))
            return mk_kr_refuse(no, MK_E_USAGE, "slot", MK_WHY_OPENED);
        if (k->person[i].m.certified != k->person[i].roles)
            return mk_kr_refuse(no, MK_E_USAGE, "role", MK_WHY_OPENED);
        roles |= k->person[i].roles;
    }
    for (unsigned r = 1; r < MK_ROLE_MAX; r++)
        if (mk_role_keys((enum mk_role)r) && !(roles & MK_ROLE_BIT(r)))
            return mk_kr_refuse(no, MK_E_USAGE, mk_role_slug((enum mk_role)r),
                                MK_WHY_OPENED);
    if (k->recovery.set.number > 0 &&
        mk_kr_escrow_missing(k, &k->recovery.set) != 0)
        return mk_kr_refuse(no, MK_E_USAGE, "escrow", MK_WHY_OPENED);
    k->opened = true;
    return MK_OK;
}

/* Whether a statement may stand here at all, whatever it says. */
static enum mk_err check_place(const struct mk_keyring *k,
                               const struct mk_kr_statement *st,
                               struct mk_kr_refusal *no)
{
    const struct mk_kr_member *by = mk_kr_find(k, st->by);

    if (!k->opened && st->type != MK_KR_GENESIS &&
        st->type != MK_KR_SLOT_SET && !same(st->by, k->founder, MK_ID))
        return mk_kr_refuse(no, MK_E_NO_ROLE, mk_role_slug(MK_ROLE_CUSTODIAN),
                            MK_WHY_FOUNDER);
    if (by && by->standing != MK_STANDING_ACTIVE)
        return mk_kr_refuse(
            no, by->standing == MK_STANDING_OUT ? MK_E_OUT : MK_E_SUSPENDED,
            "member", MK_WHY_STANDING);
    return k->rotating ? mk_kr_check_run(k, st, no)
                       : mk_kr_recovery_in_order(k, st, no);
}

enum mk_err mk_kr_rules(struct mk_keyring *k, const struct mk_kr_statement *st,
                        struct mk_kr_refusal *no)
{
    enum mk_err rc = check_place(k, st, no);

    if (rc != MK_OK)
        return rc;
    switch (st->type) {
    case MK_KR_GENESIS:
        return mk_kr_genesis(k, st, no);
    case MK_KR_LOG_KEY:
        return mk_kr_log_key(k, st, no);
    case MK_KR_CERTIFY:
        return mk_kr_certify(k, st, no);
    case MK_KR_WRAP:
        return mk_kr_wrap(k, st, no);
    case MK_KR_OPENED:
        return apply_opened(k, no);
    case MK_KR_SLOT_SET:
    case MK_KR_SLOT2_SET:
        return apply_slot(k, st, no);
    case MK_KR_SHARE:
    case MK_KR_ACCEPT:
    case MK_KR_ACCEPT2:
    case MK_KR_ESCROW:
    case MK_KR_DRILL:
    case MK_KR_RECOVER:
        return mk_kr_recovery(k, st, no);
    case MK_KR_SUSPEND:
        return mk_kr_suspend(k, st, no);
    case MK_KR_RESUME:
        return mk_kr_resume(k, st, no);
    case MK_KR_REVOKE:
        return mk_kr_revoke(k, st, no);
    case MK_KR_EXCEPT:
        return mk_kr_except(k, st, no);
    case MK_KR_ROTATE:
        return mk_kr_rotate(k, st, no);
    case MK_KR_THEFT:
        return mk_kr_theft(k, st, no);
    }
    return mk_kr_refuse(no, MK_E_DAMAGED, "keyring", MK_WHY_TYPE);
}
