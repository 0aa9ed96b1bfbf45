/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules about recovery: share, accept-2, escrow, drill, recover.
 *
 *   share by a custodian --- accept-2 by another ---> accepted
 *                                                     |  escrow of each kind
 *   share by the first custodian before opened -+     |  by a holder of it
 *   share by the key of the set in force -------+     v
 *              then at once all escrow ---------> whole: in force
 *                                                   |   |
 *   recover: that key certifies and wraps  <--------+   +---> drill
 *        and ends with the next share
 *
 * Until the last escrow is there the set before stays in force, with all that
 * lies with it.  (`accept`, of older keyrings, put a set in force before it
 * was whole.)
 *
 * The key of a set is nobody's: who has enough cards has it.  So it may sign
 * only what is named here, and what it begins is complete in the same
 * document or not there.
 */
#include "core/keyring_recovery_impl.h"

#include <string.h>

#include "core/base/bytes.h"
#include "crypto/hash.h"

#define BIT(kind) (1u << (kind))

static bool same(const uint8_t *a, const uint8_t *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

/* --- questions --- */

void mk_kr_recovery_id(uint8_t out[static MK_ID],
                       const uint8_t box[static MK_PK],
                       const uint8_t sign[static MK_PK])
{
    static const char tag[] = "mk1/recovery";
    uint8_t hash[MK_HASH];

    mk_sha256_parts(hash,
                    (const struct mk_part[]){
                        {tag, sizeof tag - 1}, {box, MK_PK}, {sign, MK_PK}},
                    3);
    memcpy(out, hash, MK_ID);
}

void mk_kr_share_check(uint8_t out[static MK_ID],
                       const uint8_t store[static MK_ID], uint32_t set,
                       const struct mk_share *share)
{
    static const char tag[] = "mk1/share";
    uint8_t number[5];
    uint8_t hash[MK_HASH];

    mk_put_u32(number, set);
    number[4] = share->number;
    mk_sha256_parts(hash,
                    (const struct mk_part[]){{tag, sizeof tag - 1},
                                             {store, MK_ID},
                                             {number, sizeof number},
                                             {mk_secret_peek(share->bytes),
                                              mk_secret_len(share->bytes)}},
                    4);
    memcpy(out, hash, MK_ID);
}

static bool is_key_of(const uint8_t id[static MK_ID],
                      const struct mk_kr_set *set)
{
    return set->number > 0 && same(id, set->id, MK_ID);
}

const uint8_t *mk_kr_recovery_sign_key(const struct mk_keyring *k,
                                       const uint8_t by[static MK_ID])
{
    const struct mk_kr_recovery *r = &k->recovery;

    if (is_key_of(by, &r->set))
        return r->set.sign;
    if (r->stage == MK_KR_SEALING && same(by, r->before_id, MK_ID))
        return r->before_sign;
    return NULL;
}

unsigned mk_kr_escrow_missing(const struct mk_keyring *k,
                              const struct mk_kr_set *set)
{
    unsigned missing = 0;

    for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++) {
        const struct mk_kr_wrap *e = &set->escrow[kind];
        const struct mk_kr_key *key = mk_kr_key(k, (enum mk_key_kind)kind);
        if (e->serial == 0 || !key || e->generation != key->generation)
            missing |= BIT(kind);
    }
    return missing;
}

const struct mk_kr_set *mk_kr_escrow_set(const struct mk_keyring *k)
{
    return k->recovery.accepted ? &k->recovery.proposed : &k->recovery.set;
}

bool mk_kr_recovery_unfinished(const struct mk_keyring *k)
{
    return k->recovery.stage != MK_KR_SETTLED;
}

bool mk_kr_recovers(const struct mk_keyring *k,
                    const struct mk_kr_statement *st)
{
    return k->recovery.stage == MK_KR_RECOVERING &&
           is_key_of(st->by, &k->recovery.set);
}

bool mk_kr_recovery_uses(const struct mk_keyring *k,
                         const struct mk_kr_person *p)
{
    const struct mk_kr_set *const sets[] = {&k->recovery.set,
                                            &k->recovery.proposed};

    for (size_t i = 0; i < 2; i++)
        if (sets[i]->number > 0 && (same(p->id, sets[i]->id, MK_ID) ||
                                    same(p->box, sets[i]->box, MK_PK) ||
                                    same(p->sign, sets[i]->box, MK_PK) ||
                                    same(p->box, sets[i]->sign, MK_PK) ||
                                    same(p->sign, sets[i]->sign, MK_PK)))
            return true;
    return false;
}

static bool certified_since(const struct mk_kr_member *p, uint64_t serial)
{
    for (unsigned r = 1; r < MK_ROLE_MAX; r++)
        if (p->role[r].certified > serial)
            return true;
    return false;
}

static struct mk_recovery_set facts_of(const struct mk_kr_set *set)
{
    struct mk_recovery_set out = {
        .number = set->number,
        .threshold = set->threshold,
        .n = set->n,
        .serial = set->serial,
    };

    memcpy(out.by, set->by, MK_ID);
    for (unsigned i = 0; i < set->n; i++)
        memcpy(out.holder[i], set->share[i].holder, MK_ID);
    return out;
}

void mk_keyring_recovery_facts(const struct mk_keyring *k,
                               struct mk_recovery_facts *out)
{
    const struct mk_kr_recovery *r = &k->recovery;

    *out = (struct mk_recovery_facts){
        .in_force = facts_of(&r->set),
        .proposed = facts_of(&r->proposed),
        .missing = mk_kr_escrow_missing(k, &r->set),
        .accepted = r->accepted,
        .accepted_missing = r->accepted ? mk_kr_escrow_missing(k, &r->proposed)
                                        : 0,
        .drill_ms = (int64_t)r->drill_ms,
        .drill_set = r->drill_set,
    };
}

/* --- what may stand between a beginning and its end --- */

enum mk_err mk_kr_recovery_in_order(const struct mk_keyring *k,
                                    const struct mk_kr_statement *st,
                                    struct mk_kr_refusal *no)
{
    const struct mk_kr_recovery *r = &k->recovery;
    const struct mk_kr_member *by = mk_kr_find(k, st->by);
    bool fits = true;

    switch (r->stage) {
    case MK_KR_SETTLED:
        break;
    case MK_KR_SEALING:
        fits = st->type == MK_KR_ESCROW && same(st->by, r->before_id, MK_ID);
        break;
    case MK_KR_RECOVERING:
        if (st->type == MK_KR_SLOT_SET)
            fits = by && certified_since(by, r->since);
        else
            fits = mk_kr_recovers(k, st) &&
                   (st->type == MK_KR_CERTIFY || st->type == MK_KR_WRAP ||
                    st->type == MK_KR_SHARE);
        break;
    }
    return fits ? MK_OK
                : mk_kr_refuse(no, MK_E_DAMAGED, "keyring", MK_WHY_RECOVERY);
}

/* --- share, accept --- */

static enum mk_err check_holders(const struct mk_keyring *k,
                                 const struct mk_kr_set *set,
                                 struct mk_kr_refusal *no)
{
    static const uint8_t nobody[MK_ID];

    for (unsigned i = 0; i < set->n; i++) {
        const uint8_t *holder = set->share[i].holder;
        if (same(holder, nobody, MK_ID))
            continue;
        if (!mk_kr_find(k, holder))
            return mk_kr_refuse(no, MK_E_NOT_FOUND, "member", MK_WHY_SHARE);
        for (unsigned j = 0; j < i; j++)
            if (same(set->share[j].holder, holder, MK_ID))
                return mk_kr_refuse(no, MK_E_USAGE, "member", MK_WHY_SHARE);
    }
    return MK_OK;
}

/* No key of it is anybody's, nor of the set in force. */
static enum mk_err check_keys(const struct mk_keyring *k,
                              const struct mk_kr_set *set,
                              struct mk_kr_refusal *no)
{
    struct mk_kr_person as_person = {.name = ""};
    bool twice = same(set->box, set->sign, MK_PK);

    memcpy(as_person.id, set->id, MK_ID);
    memcpy(as_person.box, set->box, MK_PK);
    memcpy(as_person.sign, set->sign, MK_PK);
    twice = twice || mk_kr_recovery_uses(k, &as_person);
    for (size_t i = 0; i < k->n_persons && !twice; i++) {
        const struct mk_member *m = &k->person[i].m;
        twice = same(m->id, set->id, MK_ID) || same(m->box, set->box, MK_PK) ||
                same(m->box, set->sign, MK_PK) ||
                same(m->sign, set->box, MK_PK) ||
                same(m->sign, set->sign, MK_PK);
    }
    return twice ? mk_kr_refuse(no, MK_E_EXISTS, "key", MK_WHY_TWICE) : MK_OK;
}

static void put_in_force(struct mk_keyring *k, const struct mk_kr_set *set)
{
    struct mk_kr_recovery *r = &k->recovery;

    r->set = *set;
    memset(&r->proposed, 0, sizeof r->proposed);
    r->accepted = false;
}

static enum mk_err apply_share(struct mk_keyring *k,
                               const struct mk_kr_statement *st,
                               struct mk_kr_refusal *no)
{
    struct mk_kr_recovery *r = &k->recovery;
    struct mk_kr_set set = st->set;
    bool by_key = is_key_of(st->by, &r->set);
    enum mk_err rc;

    if (set.number != r->newest + 1 || (!k->opened && r->newest > 0))
        return mk_kr_refuse(no, MK_E_CHANGED, "share", MK_WHY_SHARE);
    if (!mk_shares_fit(set.threshold, set.n))
        return mk_kr_refuse(no, MK_E_USAGE, "threshold", MK_WHY_SHARE);
    if (k->opened && !by_key && (rc = mk_kr_by_custodian(k, st, no)) != MK_OK)
        return rc;
    /* behind recover it ends what that began; else only a whole set may */
    if (by_key && mk_kr_escrow_missing(k, &r->set) != 0)
        return mk_kr_refuse(no, MK_E_NOT_WHOLE, "share", MK_WHY_ESCROW);
    mk_kr_recovery_id(set.id, set.box, set.sign);
    if ((rc = check_keys(k, &set, no)) != MK_OK ||
        (rc = check_holders(k, &set, no)) != MK_OK)
        return rc;
    set.serial = st->serial;
    memcpy(set.by, st->by, MK_ID);
    r->newest = set.number;
    if (by_key) {
        r->stage = MK_KR_SEALING;
        memcpy(r->before_id, r->set.id, MK_ID);
        memcpy(r->before_sign, r->set.sign, MK_PK);
    }
    if (by_key || !k->opened)
        put_in_force(k, &set);
    else {
        r->proposed = set;
        r->accepted = false;
    }
    return MK_OK;
}

static enum mk_err apply_accept(struct mk_keyring *k,
                                const struct mk_kr_statement *st,
                                struct mk_kr_refusal *no)
{
    struct mk_kr_recovery *r = &k->recovery;
    const struct mk_kr_set *proposed = &r->proposed;
    const struct mk_kr_set accepted = *proposed;
    enum mk_err rc = mk_kr_by_custodian(k, st, no);

    if (rc != MK_OK)
        return rc;
    if (proposed->number == 0 || st->set.number != proposed->number ||
        r->accepted || (st->type == MK_KR_ACCEPT && r->new_form))
        return mk_kr_refuse(no, MK_E_NOT_FOUND, "share", MK_WHY_SHARE);
    if (same(st->by, proposed->by, MK_ID))
        return mk_kr_refuse(no, MK_E_TWO_PEOPLE, "share, accept",
                            MK_WHY_TWO_PEOPLE);
    r->new_form = r->new_form || st->type == MK_KR_ACCEPT2;
    if (r->new_form)
        r->accepted = true;
    else
        put_in_force(k, &accepted);
    return MK_OK;
}

/* --- escrow --- */

/* The first custodian before the opening, the key of the set before while it
 * ends its own, a holder else. */
static bool may_escrow(const struct mk_keyring *k,
                       const struct mk_kr_statement *st)
{
    const struct mk_kr_member *by = mk_kr_find(k, st->by);

    if (!k->opened || k->recovery.stage == MK_KR_SEALING)
        return true; /* others were refused before this is asked */
    return by && (mk_kr_kinds_of(by->roles) & BIT(st->kind));
}

/* The set that an escrow names: the one in force, or the one that was accepted
 * and is not whole - but not in a rotation, which ends with the one in force.
 * NULL: another. */
static struct mk_kr_set *escrow_goes_to(struct mk_keyring *k,
                                        const struct mk_kr_statement *st)
{
    struct mk_kr_recovery *r = &k->recovery;

    if (r->set.number > 0 && st->set.number == r->set.number)
        return &r->set;
    if (r->accepted && !k->rotating && st->set.number == r->proposed.number)
        return &r->proposed;
    return NULL;
}

/* One more escrow is there: it may end what was begun. */
static void escrowed(struct mk_keyring *k, const struct mk_kr_set *set)
{
    struct mk_kr_recovery *r = &k->recovery;
    bool whole = mk_kr_escrow_missing(k, set) == 0;

    if (whole && set == &r->proposed) {
        const struct mk_kr_set accepted = *set;
        put_in_force(k, &accepted);
    }
    if (r->stage == MK_KR_SEALING && whole)
        r->stage = MK_KR_SETTLED;
    if (k->rotating)
        mk_kr_run_on(k);
}

static enum mk_err apply_escrow(struct mk_keyring *k,
                                const struct mk_kr_statement *st,
                                struct mk_kr_refusal *no)
{
    const struct mk_kr_key *key = mk_kr_key(k, st->kind);
    struct mk_kr_set *set = escrow_goes_to(k, st);
    const struct mk_kr_wrap *had;
    struct mk_kr_wrap e = {.serial = st->serial,
                           .kind = st->kind,
                           .generation = st->generation,
                           .n_box = st->n_box};

    if (!set)
        return mk_kr_refuse(no, MK_E_NO_CARDS, "share", MK_WHY_SHARE);
    had = &set->escrow[st->kind];
    if (!may_escrow(k, st))
        return mk_kr_refuse(no, MK_E_NO_ROLE, mk_key_slug(st->kind),
                            MK_WHY_HOLDER);
    if (!key || !key->has_id || st->generation != key->generation ||
        !same(st->key_id, key->id, MK_ID))
        return mk_kr_refuse(no, MK_E_DAMAGED, "escrow", MK_WHY_KEY);
    if (had->serial != 0 && had->generation == st->generation)
        return mk_kr_refuse(no, MK_E_EXISTS, "escrow", MK_WHY_TWICE);
    memcpy(e.user, set->id, MK_ID);
    memcpy(e.key_id, st->key_id, MK_ID);
    memcpy(e.box, st->box, sizeof e.box); /* zeros behind n_box */
    set->escrow[st->kind] = e;
    escrowed(k, set);
    return MK_OK;
}

/* --- drill, recover --- */

static enum mk_err by_key_of_whole_set(const struct mk_keyring *k,
                                       const struct mk_kr_statement *st,
                                       struct mk_kr_refusal *no)
{
    const struct mk_kr_set *set = &k->recovery.set;

    if (!is_key_of(st->by, set) || st->set.number != set->number)
        return mk_kr_refuse(no, MK_E_NO_ROLE, "recovery", MK_WHY_RECOVERY_KEY);
    if (mk_kr_escrow_missing(k, set) != 0)
        return mk_kr_refuse(no, MK_E_NOT_WHOLE, "recovery", MK_WHY_ESCROW);
    return MK_OK;
}

static enum mk_err apply_drill(struct mk_keyring *k,
                               const struct mk_kr_statement *st,
                               struct mk_kr_refusal *no)
{
    enum mk_err rc = by_key_of_whole_set(k, st, no);

    if (rc != MK_OK)
        return rc;
    k->recovery.drill_serial = st->serial;
    k->recovery.drill_set = st->set.number;
    k->recovery.drill_ms = st->at_ms;
    return MK_OK;
}

static enum mk_err apply_recover(struct mk_keyring *k,
                                 const struct mk_kr_statement *st,
                                 struct mk_kr_refusal *no)
{
    enum mk_err rc = by_key_of_whole_set(k, st, no);

    if (rc != MK_OK)
        return rc;
    k->recovery.stage = MK_KR_RECOVERING;
    k->recovery.since = st->serial;
    return MK_OK;
}

enum mk_err mk_kr_recovery(struct mk_keyring *k,
                           const struct mk_kr_statement *st,
                           struct mk_kr_refusal *no)
{
    if (st->type == MK_KR_SHARE)
        return apply_share(k, st, no);
    if (st->type == MK_KR_ESCROW)
        return apply_escrow(k, st, no);
    if (!k->opened)
        return mk_kr_refuse(no, MK_E_DAMAGED, "keyring", MK_WHY_OPENED);
    if (st->type == MK_KR_ACCEPT || st->type == MK_KR_ACCEPT2)
        return apply_accept(k, st, no);
    if (st->type == MK_KR_DRILL)
        return apply_drill(k, st, no);
    return apply_recover(k, st, no);
}
