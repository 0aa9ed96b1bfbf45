/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A new keyring: genesis, log-key; a slot for each person, stated by himself
 * when he is a custodian, else in what certifies him; wraps for all, opened.
 * The first custodian signs all statements but the slots of other custodians;
 * his process has all secrets this once.
 */
#include "core/keyring_recovery_impl.h"

#include <string.h>

#include "core/base/random.h"
#include "core/card.h"
#include "core/fold.h"

/* What is handed from step to step. */
struct making {
    struct mk_keyring *k;
    const struct mk_first_member *people;
    size_t n;
    struct mk_identity *who;     /* of people[i] */
    struct mk_kr_person *person; /* of people[i] */
    const struct mk_identity *founder;
    struct mk_secret **secrets;
    uint8_t (*key_ids)[MK_ID];
    const struct mk_share_plan *plan; /* NULL: no cards */
    struct mk_card *cards;
    struct mk_diag *diag;
};

static enum mk_err state_by(struct making *m, struct mk_kr_statement *st,
                            const struct mk_identity *by)
{
    struct mk_kr_refusal no = {MK_E_MEMORY, "keyring", MK_WHY_SIZE};
    enum mk_err rc = mk_kr_sign(m->k, st, by);

    if (rc == MK_OK)
        rc = mk_kr_apply(m->k, st, &no);
    if (rc == MK_E_EXISTS) /* two people of one name: bad input here */
        rc = MK_E_USAGE;
    return rc == MK_OK ? rc : mk_fail(m->diag, rc, no.place);
}

static enum mk_err state(struct making *m, struct mk_kr_statement *st)
{
    return state_by(m, st, m->founder);
}

/* --- people --- */

static enum mk_err check_people(struct making *m, const char *origin)
{
    unsigned roles = 0;
    size_t custodians = 0;

    if (!mk_kr_origin_ok(origin))
        return mk_fail(m->diag, MK_E_USAGE, "origin");
    for (size_t i = 0; i < m->n; i++) {
        enum mk_role role = m->people[i].role;
        if (mk_role_keys(role) == 0)
            return mk_fail(m->diag, MK_E_USAGE, "role");
        roles |= MK_ROLE_BIT(role);
        custodians += role == MK_ROLE_CUSTODIAN;
    }
    for (unsigned r = 1; r < MK_ROLE_MAX; r++)
        if (mk_role_keys((enum mk_role)r) && !(roles & MK_ROLE_BIT(r)))
            return mk_fail(m->diag, MK_E_USAGE, mk_role_slug((enum mk_role)r));
    if (custodians > MK_KR_CUSTODIANS)
        return mk_fail_at(m->diag, MK_E_TOO_LARGE, "custodian", 0,
                          MK_KR_CUSTODIANS, 0);
    return MK_OK;
}

static enum mk_err make_person(struct making *m, size_t i)
{
    struct mk_kr_person *p = &m->person[i];
    struct mk_buf name = MK_BUF_INIT;
    const char *typed = m->people[i].name;
    enum mk_err rc;

    MK_TRY(mk_fold_name(&name, typed, strlen(typed), m->diag));
    memcpy(p->name, name.data, name.len);
    MK_TRY(mk_kr_identity_make(&m->who[i], p->box, p->sign));
    memcpy(p->id, m->who[i].id, MK_ID);
    if (m->people[i].role == MK_ROLE_CUSTODIAN && !m->founder)
        m->founder = &m->who[i];
out:
    mk_buf_release(&name);
    if (rc == MK_E_SYNTAX)
        return mk_fail(m->diag, MK_E_USAGE, "name");
    return rc == MK_E_MEMORY ? mk_fail(m->diag, rc, "keyring") : rc;
}

/* --- statements --- */

static enum mk_err state_genesis(struct making *m, const char *origin)
{
    struct mk_kr_statement st = {.type = MK_KR_GENESIS};

    memcpy(st.origin, origin, strlen(origin));
    mk_random(st.nonce, sizeof st.nonce);
    for (size_t i = 0; i < m->n; i++)
        if (m->people[i].role == MK_ROLE_CUSTODIAN)
            st.custodians[st.n_custodians++] = m->person[i];
    return state(m, &st);
}

static enum mk_err state_log_key(struct making *m)
{
    struct mk_kr_statement st = {.type = MK_KR_LOG_KEY,
                                 .generation = MK_KR_GENERATION};
    struct mk_identity log;
    enum mk_err rc = mk_kr_identity_make(&log, st.log_box, st.log_sign);

    if (rc != MK_OK)
        return mk_fail(m->diag, rc, "keyring");
    m->secrets[MK_KEY_RL] = mk_secret_join(log.box, log.seed);
    mk_identity_release(&log);
    if (!m->secrets[MK_KEY_RL])
        return mk_fail(m->diag, MK_E_MEMORY, "keyring");
    return state(m, &st);
}

/* His slot, whose key and signature hang on the store id of genesis, and the
 * statement that binds it.  Custodians were certified in genesis. */
static enum mk_err state_person(struct making *m, size_t i)
{
    enum mk_err rc;
    bool custodian = m->people[i].role == MK_ROLE_CUSTODIAN;
    struct mk_kr_slot slot;
    struct mk_kr_statement st = {.type = custodian ? MK_KR_SLOT_SET
                                                   : MK_KR_CERTIFY,
                                 .person = m->person[i],
                                 .roles = MK_ROLE_BIT(m->people[i].role),
                                 .generation = MK_KR_GENERATION,
                                 .has_slot = true,
                                 .slot_counter = 1};

    MK_TRY(mk_kr_slot_make(&slot, m->k->store, &m->who[i],
                           m->people[i].passphrase, 1, 1, m->diag));
    MK_TRY(mk_kr_slot_hash(&slot, st.slot_hash));
    MK_TRY(state_by(m, &st, custodian ? &m->who[i] : m->founder));
    mk_kr_find(m->k, m->person[i].id)->slot[0] = slot;
out:
    return rc;
}

static enum mk_err make_secrets(struct making *m)
{
    for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++) {
        if (kind != MK_KEY_RL)
            m->secrets[kind] =
                mk_secret_random(mk_kr_kind_size((enum mk_key_kind)kind));
        if (!m->secrets[kind])
            return mk_fail(m->diag, MK_E_MEMORY, "keyring");
        mk_kr_key_id(m->key_ids[kind], m->secrets[kind], m->k->store,
                     (enum mk_key_kind)kind, MK_KR_GENERATION);
    }
    return MK_OK;
}

static enum mk_err state_wraps(struct making *m, size_t i)
{
    enum mk_err rc = MK_OK;
    enum mk_role role = m->people[i].role;
    struct mk_kr_statement st;

    for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++) {
        if (!(mk_role_keys(role) & (1u << kind)))
            continue;
        rc = mk_kr_wrap_fill(m->k, &st, mk_kr_find(m->k, m->person[i].id),
                             role, (enum mk_key_kind)kind, m->key_ids[kind],
                             m->secrets[kind]);
        if (rc != MK_OK)
            return mk_fail(m->diag, rc, "wrap");
        MK_TRY(state(m, &st));
    }
out:
    return rc;
}

/* The first set of recovery cards, whole from the start. */
static enum mk_err state_cards(struct making *m)
{
    enum mk_err rc =
        mk_kr_state_share(m->k, m->founder, m->plan, m->cards, m->diag);

    for (unsigned kind = 1; kind < MK_KEY_KINDS && rc == MK_OK; kind++)
        rc = mk_kr_state_escrow(m->k, &m->k->recovery.set, m->founder,
                                (enum mk_key_kind)kind, m->secrets[kind],
                                m->diag);
    if (rc != MK_OK)
        mk_cards_release(m->cards, m->plan->n);
    return rc;
}

static enum mk_err make_all(struct making *m, const char *origin)
{
    enum mk_err rc;
    struct mk_kr_statement opened = {.type = MK_KR_OPENED};

    for (size_t i = 0; i < m->n; i++)
        MK_TRY(make_person(m, i));
    MK_TRY(state_genesis(m, origin));
    MK_TRY(state_log_key(m));
    MK_TRY(make_secrets(m));
    for (size_t i = 0; i < m->n; i++)
        MK_TRY(state_person(m, i));
    for (size_t i = 0; i < m->n; i++)
        MK_TRY(state_wraps(m, i));
    if (m->plan)
        MK_TRY(state_cards(m));
    MK_TRY(state(m, &opened));
    MK_TRY(mk_kr_slots_changed(m->k));
out:
    return rc;
}

enum mk_err mk_keyring_create(struct mk_keyring **out, const char *origin,
                              const struct mk_first_member *people, size_t n,
                              struct mk_identity *identities,
                              struct mk_secret *secrets[static MK_KEY_KINDS],
                              uint8_t key_ids[static MK_KEY_KINDS][MK_ID],
                              const struct mk_share_plan *plan,
                              struct mk_card *cards, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf persons = MK_BUF_INIT;
    struct making m = {.people = people,
                       .n = n,
                       .who = identities,
                       .secrets = secrets,
                       .key_ids = key_ids,
                       .plan = plan,
                       .cards = cards,
                       .diag = diag};

    *out = NULL;
    memset(secrets, 0, MK_KEY_KINDS * sizeof *secrets);
    memset(key_ids, 0, MK_KEY_KINDS * sizeof *key_ids);
    if (n > 0)
        memset(identities, 0, n * sizeof *identities);
    MK_TRY(check_people(&m, origin));
    MK_TRY(mk_buf_add_zero(&persons, n * sizeof *m.person));
    m.person = (struct mk_kr_person *)(void *)persons.data;
    m.k = mk_kr_new();
    if (!m.k) {
        rc = MK_E_MEMORY;
        goto out;
    }
    MK_TRY(make_all(&m, origin));
    *out = m.k;
    m.k = NULL;
out:
    mk_keyring_free(m.k);
    mk_buf_release(&persons);
    if (rc != MK_OK) {
        for (size_t i = 0; i < n; i++)
            mk_identity_release(&identities[i]);
        for (size_t kind = 0; kind < MK_KEY_KINDS; kind++) {
            mk_secret_free(secrets[kind]);
            secrets[kind] = NULL;
        }
    }
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "keyring") : rc;
}
