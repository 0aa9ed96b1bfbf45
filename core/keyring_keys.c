/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about keys, log-key and wrap; the generations of each. */
#include "core/keyring_recovery_impl.h"

#include <string.h>

#define BIT(kind) (1u << (kind))

static bool same(const uint8_t *a, const uint8_t *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

/* --- generations --- */

struct mk_kr_key *mk_kr_key_at(const struct mk_keyring *k,
                               enum mk_key_kind kind, uint32_t generation)
{
    for (size_t i = k->n_keys; i-- > 0;)
        if (k->key[i].kind == kind && k->key[i].generation == generation)
            return &k->key[i];
    return NULL;
}

struct mk_kr_key *mk_kr_key(const struct mk_keyring *k, enum mk_key_kind kind)
{
    for (size_t i = k->n_keys; i-- > 0;)
        if (k->key[i].kind == kind)
            return &k->key[i];
    return NULL;
}

struct mk_kr_key *mk_kr_key_add(struct mk_keyring *k, enum mk_key_kind kind,
                                uint32_t generation)
{
    struct mk_kr_key *new;
    void *room =
        mk_kr_grow(k->key, &k->cap_keys, k->n_keys + 1, sizeof *k->key);

    if (!room)
        return NULL;
    k->key = room;
    new = &k->key[k->n_keys++];
    *new = (struct mk_kr_key){.kind = kind, .generation = generation};
    return new;
}

enum mk_err mk_kr_log_key(struct mk_keyring *k,
                          const struct mk_kr_statement *st,
                          struct mk_kr_refusal *no)
{
    struct mk_kr_key *key;

    if (k->opened || mk_kr_key(k, MK_KEY_RL) ||
        st->generation != MK_KR_GENERATION)
        return mk_kr_refuse(no, MK_E_EXISTS, "log-key", MK_WHY_TWICE);
    key = mk_kr_key_add(k, MK_KEY_RL, MK_KR_GENERATION);
    if (!key)
        return mk_kr_refuse(no, MK_E_MEMORY, "keyring", MK_WHY_SIZE);
    memcpy(key->log_box, st->log_box, MK_PK);
    memcpy(key->log_sign, st->log_sign, MK_PK);
    return MK_OK;
}

/* --- wraps --- */

enum mk_err mk_kr_may_grant(const struct mk_keyring *k,
                            const uint8_t by[static MK_ID],
                            const uint8_t user[static MK_ID],
                            enum mk_role role, struct mk_kr_refusal *no)
{
    const struct mk_kr_member *giver = mk_kr_find(k, by);
    const struct mk_kr_member *to = mk_kr_find(k, user);
    unsigned kinds = mk_role_keys(role);

    if (!giver)
        return mk_kr_refuse(no, MK_E_NO_ROLE, mk_role_slug(role),
                            MK_WHY_SIGNER);
    if (!to || kinds == 0 || !to->role[role].certified)
        return mk_kr_refuse(no, MK_E_NOT_FOUND, "certify", MK_WHY_UNCERTIFIED);
    if (mk_kr_check_active(to, no) != MK_OK)
        return no->err;
    if (giver == to || same(to->role[role].certified_by, by, MK_ID))
        return mk_kr_refuse(no, MK_E_TWO_PEOPLE, "certify, grant",
                            MK_WHY_TWO_PEOPLE);
    if (giver->roles & MK_ROLE_BIT(MK_ROLE_CUSTODIAN))
        return mk_kr_refuse(no, MK_E_NO_ROLE, mk_role_slug(role),
                            MK_WHY_WRAP_CUSTODIAN);
    if ((mk_kr_kinds_of(giver->roles) & kinds) != kinds)
        return mk_kr_refuse(no, MK_E_NO_ROLE, mk_role_slug(role),
                            MK_WHY_HOLDER);
    return MK_OK;
}

static enum mk_err check_wrap(const struct mk_keyring *k,
                              const struct mk_kr_statement *st,
                              const struct mk_kr_member *to,
                              struct mk_kr_refusal *no)
{
    const struct mk_kr_key *key = mk_kr_key(k, st->kind);
    bool known = key && key->has_id;
    bool again = to->role[st->role].wrapped & BIT(st->kind);

    if (!(mk_role_keys(st->role) & BIT(st->kind)))
        return mk_kr_refuse(no, MK_E_NO_ROLE, mk_role_slug(st->role),
                            MK_WHY_KIND);
    /* DBK once by whatever role, and once more for a custodian */
    if (st->kind == MK_KEY_DBK && st->role != MK_ROLE_CUSTODIAN)
        again = to->known & BIT(MK_KEY_DBK);
    if (again && !k->rotating)
        return mk_kr_refuse(no, MK_E_EXISTS, mk_role_slug(st->role),
                            MK_WHY_TWICE);
    if (st->generation != (key ? key->generation : MK_KR_GENERATION) ||
        (known && !same(key->id, st->key_id, MK_ID)) || (!known && k->opened))
        return mk_kr_refuse(no, MK_E_NO_ROLE, mk_role_slug(st->role),
                            MK_WHY_KEY);
    return MK_OK;
}

static enum mk_err keep_wrap(struct mk_keyring *k,
                             const struct mk_kr_statement *st,
                             struct mk_kr_refusal *no)
{
    struct mk_kr_key *key = mk_kr_key(k, st->kind);
    struct mk_kr_wrap *w;
    void *room =
        mk_kr_grow(k->wrap, &k->cap_wraps, k->n_wraps + 1, sizeof *k->wrap);

    if (room)
        k->wrap = room;
    if (room && !key)
        key = mk_kr_key_add(k, st->kind, st->generation);
    if (!room || !key)
        return mk_kr_refuse(no, MK_E_MEMORY, "keyring", MK_WHY_SIZE);
    w = &k->wrap[k->n_wraps++];
    w->serial = st->serial;
    memcpy(w->user, st->person.id, MK_ID);
    w->kind = st->kind;
    w->generation = st->generation;
    memcpy(w->key_id, st->key_id, MK_ID);
    memcpy(w->box, st->box, st->n_box);
    w->n_box = st->n_box;
    key->has_id = true;
    memcpy(key->id, st->key_id, MK_ID);
    return MK_OK;
}

enum mk_err mk_kr_wrap(struct mk_keyring *k, const struct mk_kr_statement *st,
                       struct mk_kr_refusal *no)
{
    struct mk_kr_member *to = mk_kr_find(k, st->person.id);
    enum mk_err rc = MK_OK;

    if (!to || !to->role[st->role].certified)
        return mk_kr_refuse(no, MK_E_NOT_FOUND, "certify", MK_WHY_UNCERTIFIED);
    if (k->rotating) /* who may hold it was decided before */
        rc = MK_OK;
    else if (k->opened && !mk_kr_recovers(k, st))
        rc = mk_kr_may_grant(k, st->by, to->m.id, st->role, no);
    if (rc == MK_OK)
        rc = check_wrap(k, st, to, no);
    if (rc == MK_OK)
        rc = keep_wrap(k, st, no);
    if (rc != MK_OK)
        return rc;
    if (k->rotating)
        mk_kr_run_on(k);
    to->known |= BIT(st->kind);
    to->role[st->role].wrapped |= BIT(st->kind);
    return mk_kr_settle(k, to, st->serial, no);
}
