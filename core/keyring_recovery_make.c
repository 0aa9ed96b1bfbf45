/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Statements about recovery, made.
 *
 *   S      32 random bytes, shared into cards and then forgotten
 *   box    HKDF(S, "mk1/recovery/box")   X25519: opens the escrow
 *   seed   HKDF(S, "mk1/recovery/sign")  Ed25519: signs
 */
#include "core/keyring_recovery_impl.h"

#include <string.h>

#include "core/card.h"

/* Takes c over k when rc is fine, else lets go of it. */
static enum mk_err settle(struct mk_keyring *k, struct mk_keyring *c,
                          enum mk_err rc, struct mk_diag *diag)
{
    if (rc == MK_OK)
        mk_kr_take(k, c);
    else
        mk_keyring_free(c);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "keyring") : rc;
}

/* --- the key --- */

static enum mk_err derive(struct mk_secret **out, const uint8_t *store,
                          const struct mk_secret *secret, const char *info)
{
    return mk_hkdf(out, MK_KEY, store, MK_ID, secret, info, strlen(info));
}

enum mk_err mk_kr_recovery_identity(struct mk_identity *who,
                                    uint8_t box[static MK_PK],
                                    uint8_t sign[static MK_PK],
                                    const uint8_t store[static MK_ID],
                                    const struct mk_secret *secret)
{
    enum mk_err rc;

    *who = (struct mk_identity){.box = NULL};
    MK_TRY(derive(&who->box, store, secret, "mk1/recovery/box"));
    MK_TRY(derive(&who->seed, store, secret, "mk1/recovery/sign"));
    MK_TRY(mk_sign_key(&who->sign, sign, who->seed));
    if (!mk_box_public(box, who->box))
        return MK_E_INTERNAL;
    mk_kr_recovery_id(who->id, box, sign);
out:
    return rc;
}

/* --- share --- */

static enum mk_err name_holders(const struct mk_keyring *k,
                                const struct mk_share_plan *plan,
                                struct mk_kr_set *set, struct mk_diag *diag)
{
    for (unsigned i = 0; i < plan->n; i++) {
        const struct mk_member *m;
        if (!plan->holder[i])
            continue;
        m = mk_keyring_by_name(k, plan->holder[i]);
        if (!m)
            return mk_fail(diag, MK_E_NO_MEMBER, plan->holder[i]);
        memcpy(set->share[i].holder, m->id, MK_ID);
    }
    return MK_OK;
}

/* The cards of secret, and what the statement says about them. */
static enum mk_err deal(const struct mk_keyring *k,
                        const struct mk_secret *secret, struct mk_kr_set *set,
                        struct mk_card *cards, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_share share[MK_SHARES_MOST];

    MK_TRY(mk_shares_split(share, set->threshold, set->n, secret, diag));
    for (unsigned i = 0; i < set->n; i++) {
        mk_kr_share_check(set->share[i].check, k->store, set->number,
                          &share[i]);
        cards[i] = (struct mk_card){.set = set->number,
                                    .threshold = set->threshold,
                                    .share = share[i]};
        memcpy(cards[i].store, k->store, MK_ID);
        share[i].bytes = NULL;
    }
out:
    mk_shares_release(share, set->n);
    return rc;
}

bool mk_share_plan_fits(const struct mk_share_plan *plan)
{
    return mk_shares_fit(plan->threshold, plan->n);
}

enum mk_err mk_kr_state_share(struct mk_keyring *k,
                              const struct mk_identity *by,
                              const struct mk_share_plan *plan,
                              struct mk_card *cards, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_kr_statement st = {.type = MK_KR_SHARE};
    struct mk_identity key = {.box = NULL};
    struct mk_secret *secret = NULL;

    if (!mk_share_plan_fits(plan))
        return mk_fail(diag, MK_E_USAGE, "threshold");
    memset(cards, 0, plan->n * sizeof *cards);
    st.set.number = k->recovery.newest + 1;
    st.set.threshold = plan->threshold;
    st.set.n = plan->n;
    secret = mk_secret_random(MK_CARD_SHARE);
    if (!secret)
        return mk_fail(diag, MK_E_MEMORY, "keyring");
    MK_TRY(mk_kr_recovery_identity(&key, st.set.box, st.set.sign, k->store,
                                   secret));
    MK_TRY(name_holders(k, plan, &st.set, diag));
    MK_TRY(deal(k, secret, &st.set, cards, diag));
    MK_TRY(mk_kr_state(k, &st, by, diag));
out:
    if (rc != MK_OK)
        mk_cards_release(cards, plan->n);
    mk_identity_release(&key);
    mk_secret_free(secret);
    return rc;
}

enum mk_err mk_keyring_share(struct mk_keyring *k,
                             const struct mk_identity *by,
                             const struct mk_share_plan *plan,
                             struct mk_card *cards, struct mk_diag *diag)
{
    struct mk_keyring *c = NULL;
    enum mk_err rc = mk_keyring_copy(&c, k);

    if (rc == MK_OK)
        rc = mk_kr_state_share(c, by, plan, cards, diag);
    return settle(k, c, rc, diag);
}

enum mk_err mk_keyring_accept(struct mk_keyring *k,
                              const struct mk_identity *by,
                              struct mk_diag *diag)
{
    struct mk_kr_statement st = {.type = MK_KR_ACCEPT2};
    struct mk_keyring *c = NULL;
    enum mk_err rc = mk_keyring_copy(&c, k);

    st.set.number = k->recovery.proposed.number;
    if (rc == MK_OK && st.set.number == 0)
        rc = mk_fail(diag, MK_E_NOT_FOUND, "share");
    if (rc == MK_OK)
        rc = mk_kr_state(c, &st, by, diag);
    return settle(k, c, rc, diag);
}

/* --- escrow --- */

enum mk_err mk_kr_state_escrow(struct mk_keyring *k,
                               const struct mk_kr_set *set,
                               const struct mk_identity *by,
                               enum mk_key_kind kind,
                               const struct mk_secret *secret,
                               struct mk_diag *diag)
{
    const struct mk_kr_key *key = mk_kr_key(k, kind);
    struct mk_kr_statement st = {.type = MK_KR_ESCROW};
    enum mk_err rc;

    if (!key)
        return mk_fail(diag, MK_E_INTERNAL, "escrow");
    st.set.number = set->number;
    memcpy(st.key_id, key->id, MK_ID);
    rc = mk_kr_box_fill(k, &st, set->id, set->box, kind, key->id, secret);
    return rc == MK_OK ? mk_kr_state(k, &st, by, diag)
                       : mk_fail(diag, rc, "escrow");
}

static enum mk_err escrow_own(struct mk_keyring *k,
                              const struct mk_identity *by, unsigned kinds,
                              struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++) {
        struct mk_secret *secret = NULL;
        uint8_t key_id[MK_ID];
        uint32_t generation;

        if (!(kinds & (1u << kind)))
            continue;
        rc = mk_keyring_unwrap(k, by, (enum mk_key_kind)kind, &secret, key_id,
                               &generation, diag);
        if (rc == MK_OK)
            rc = mk_kr_state_escrow(k, mk_kr_escrow_set(k), by,
                                    (enum mk_key_kind)kind, secret, diag);
        mk_secret_free(secret);
        if (rc != MK_OK)
            break;
    }
    return rc;
}

enum mk_err mk_keyring_escrow(struct mk_keyring *k,
                              const struct mk_identity *by, unsigned *kinds,
                              struct mk_diag *diag)
{
    struct mk_keyring *c = NULL;
    unsigned held = mk_kr_kinds_of(mk_keyring_roles(k, by->id));
    enum mk_err rc;

    *kinds = held & mk_kr_escrow_missing(k, mk_kr_escrow_set(k));
    if (mk_kr_escrow_set(k)->number == 0)
        return mk_fail(diag, MK_E_NO_CARDS, NULL);
    if (held == 0)
        return mk_fail(diag, MK_E_NO_ROLE, mk_role_slug(MK_ROLE_INSPECTOR));
    if (*kinds == 0)
        return mk_fail(diag, MK_E_EXISTS, "escrow");
    rc = mk_keyring_copy(&c, k);
    if (rc == MK_OK)
        rc = escrow_own(c, by, *kinds, diag);
    return settle(k, c, rc, diag);
}

/* --- combining --- */

void mk_recovery_release(struct mk_recovery *r)
{
    mk_identity_release(&r->who);
    for (size_t i = 0; i < MK_KEY_KINDS; i++) {
        mk_secret_free(r->keys[i]);
        r->keys[i] = NULL;
    }
}

static enum mk_err need_whole(const struct mk_keyring *k,
                              const struct mk_kr_set *set,
                              struct mk_diag *diag)
{
    unsigned missing = mk_kr_escrow_missing(k, set);

    for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++)
        if (missing & (1u << kind))
            return mk_fail_at(diag, MK_E_NOT_WHOLE,
                              mk_role_slug(kind == MK_KEY_RL
                                               ? MK_ROLE_AUDITOR
                                               : MK_ROLE_INSPECTOR),
                              0, set->number, 0);
    return MK_OK;
}

/* Is it a card of the set in force, as it was issued? */
static enum mk_err check_card(const struct mk_keyring *k,
                              const struct mk_card *card, const char *what,
                              struct mk_diag *diag)
{
    const struct mk_kr_set *set = &k->recovery.set;
    uint8_t check[MK_ID];
    unsigned number = card->share.number;

    if (memcmp(card->store, k->store, MK_ID) != 0)
        return mk_fail(diag, MK_E_CARD_VAULT, what);
    if (k->recovery.accepted && card->set == k->recovery.proposed.number)
        return need_whole(k, &k->recovery.proposed, diag);
    if (set->number == 0)
        return mk_fail(diag, MK_E_NO_CARDS, NULL);
    if (card->set != set->number)
        return mk_fail_at(diag, MK_E_CARD_SET, what, 0, card->set,
                          set->number);
    mk_kr_share_check(check, k->store, set->number, &card->share);
    if (number > set->n || card->threshold != set->threshold ||
        !mk_crypto_equal(check, set->share[number - 1].check, MK_ID))
        return mk_fail_at(diag, MK_E_CARD_BAD, what, 0, number, 0);
    return MK_OK;
}

enum mk_err mk_keyring_cards_check(const struct mk_keyring *k,
                                   const struct mk_card *cards,
                                   const char *const *what, size_t n,
                                   struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    for (size_t i = 0; i < n; i++) {
        MK_TRY(check_card(k, &cards[i], what[i], diag));
        for (size_t j = 0; j < i; j++)
            if (cards[j].share.number == cards[i].share.number)
                return mk_fail_at(diag, MK_E_CARD_TWICE, what[i], 0,
                                  cards[i].share.number, 0);
    }
    if (k->recovery.set.number == 0)
        return mk_fail(diag, MK_E_NO_CARDS, NULL);
out:
    return rc;
}

static enum mk_err open_escrow(const struct mk_keyring *k,
                               struct mk_recovery *r, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    const struct mk_kr_set *set = &k->recovery.set;
    unsigned missing = mk_kr_escrow_missing(k, set);

    for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++) {
        const struct mk_kr_wrap *e = &set->escrow[kind];
        if (missing & (1u << kind))
            continue;
        MK_TRY(mk_kr_unseal(k, r->who.box, e, &r->keys[kind], diag));
        memcpy(r->key_ids[kind], e->key_id, MK_ID);
        r->key_gens[kind] = e->generation;
    }
out:
    return rc;
}

enum mk_err mk_keyring_combine(const struct mk_keyring *k,
                               const struct mk_card *cards,
                               const char *const *what, size_t n,
                               struct mk_recovery *out, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_kr_set *set = &k->recovery.set;
    struct mk_share share[MK_SHARES_MOST];
    struct mk_secret *secret = NULL;
    uint8_t box[MK_PK];
    uint8_t sign[MK_PK];

    *out = (struct mk_recovery){.who = {.box = NULL}};
    MK_TRY(mk_keyring_cards_check(k, cards, what, n, diag));
    if (n < set->threshold)
        return mk_fail_at(diag, MK_E_CARD_FEW, NULL, 0, (int64_t)n,
                          set->threshold);
    for (size_t i = 0; i < n; i++)
        share[i] = cards[i].share; /* different numbers of at most n */
    MK_TRY(mk_shares_combine(&secret, share, n, diag));
    MK_TRY(mk_kr_recovery_identity(&out->who, box, sign, k->store, secret));
    if (memcmp(box, set->box, MK_PK) != 0 ||
        memcmp(sign, set->sign, MK_PK) != 0) {
        rc = mk_fail(diag, MK_E_DAMAGED, MK_WHY_RECOVERY_KEY);
        goto out;
    }
    MK_TRY(open_escrow(k, out, diag));
out:
    mk_secret_free(secret);
    return rc;
}

/* --- what the recovery key states --- */

enum mk_err mk_keyring_need_whole(const struct mk_keyring *k,
                                  struct mk_diag *diag)
{
    return need_whole(k, &k->recovery.set, diag);
}

/* share and the four escrow: no document ends between them. */
static enum mk_err state_next_set(struct mk_keyring *k,
                                  const struct mk_recovery *r,
                                  const struct mk_share_plan *plan,
                                  struct mk_card *cards, struct mk_diag *diag)
{
    enum mk_err rc = mk_kr_state_share(k, &r->who, plan, cards, diag);

    if (rc != MK_OK)
        return rc;
    for (unsigned kind = 1; kind < MK_KEY_KINDS && rc == MK_OK; kind++)
        rc = mk_kr_state_escrow(k, &k->recovery.set, &r->who,
                                (enum mk_key_kind)kind, r->keys[kind], diag);
    if (rc != MK_OK)
        mk_cards_release(cards, plan->n);
    return rc;
}

enum mk_err mk_keyring_reshare(struct mk_keyring *k,
                               const struct mk_recovery *r,
                               const struct mk_share_plan *plan,
                               struct mk_card *cards, struct mk_diag *diag)
{
    struct mk_keyring *c = NULL;
    enum mk_err rc = mk_keyring_need_whole(k, diag);

    if (rc == MK_OK)
        rc = mk_keyring_copy(&c, k);
    if (rc == MK_OK)
        rc = state_next_set(c, r, plan, cards, diag);
    return settle(k, c, rc, diag);
}

enum mk_err mk_keyring_drill(struct mk_keyring *k, const struct mk_recovery *r,
                             int64_t at_ms, struct mk_diag *diag)
{
    struct mk_kr_statement st = {.type = MK_KR_DRILL,
                                 .at_ms = (uint64_t)at_ms};
    struct mk_keyring *c = NULL;
    enum mk_err rc = mk_keyring_need_whole(k, diag);

    if (rc == MK_OK)
        rc = mk_keyring_copy(&c, k);
    st.set.number = k->recovery.set.number;
    if (rc == MK_OK)
        rc = mk_kr_state(c, &st, &r->who, diag);
    return settle(k, c, rc, diag);
}

static enum mk_err wrap_roles(struct mk_keyring *k,
                              const struct mk_recovery *r,
                              const uint8_t id[static MK_ID], unsigned roles,
                              struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_kr_statement st;

    for (unsigned role = 1; role < MK_ROLE_MAX; role++)
        for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++) {
            const struct mk_kr_member *to = mk_kr_find(k, id);
            unsigned need = mk_kr_own_kinds((enum mk_role)role) |
                            (1u << MK_KEY_DBK & ~to->known);
            if (!(roles & MK_ROLE_BIT(role)) || !(need & (1u << kind)))
                continue;
            MK_TRY(mk_kr_wrap_fill(k, &st, to, (enum mk_role)role,
                                   (enum mk_key_kind)kind, r->key_ids[kind],
                                   r->keys[kind]));
            MK_TRY(mk_kr_state(k, &st, &r->who, diag));
        }
out:
    return rc;
}

static enum mk_err recover(struct mk_keyring *k, const struct mk_recovery *r,
                           const struct mk_kr_request *request, unsigned roles,
                           const struct mk_share_plan *plan,
                           struct mk_card *cards, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_kr_statement begin = {.type = MK_KR_RECOVER};

    begin.set.number = k->recovery.set.number;
    MK_TRY(mk_kr_state(k, &begin, &r->who, diag));
    MK_TRY(mk_kr_state_certify(k, &r->who, &request->person, roles,
                               &request->slot, diag));
    mk_kr_find(k, request->person.id)->slot[0] = request->slot;
    MK_TRY(wrap_roles(k, r, request->person.id, roles, diag));
    MK_TRY(state_next_set(k, r, plan, cards, diag));
    MK_TRY(mk_kr_slots_changed(k));
out:
    return rc;
}

enum mk_err mk_keyring_recover(
    struct mk_keyring *k, const struct mk_recovery *r, const void *request,
    size_t n, unsigned roles, const struct mk_share_plan *plan,
    struct mk_card *cards, struct mk_member *recovered, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_keyring *c = NULL;
    struct mk_kr_request read;

    MK_TRY(mk_keyring_need_whole(k, diag));
    MK_TRY(mk_kr_request_read(k, request, n, &read, diag));
    if (mk_kr_find(k, read.person.id))
        return mk_fail(diag, MK_E_EXISTS, "member");
    MK_TRY(mk_keyring_copy(&c, k));
    rc = recover(c, r, &read, roles, plan, cards, diag);
    if (rc == MK_OK)
        *recovered = mk_kr_find(c, read.person.id)->m;
out:
    return settle(k, c, rc, diag);
}
