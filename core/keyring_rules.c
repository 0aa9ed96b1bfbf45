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
 *   slot    by everybody about himself, with a counter one higher
 *
 * A role is effective from the statement on that completes it: certified, a
 * wrap made for this role of each kind that is its own, and DBK by any role.
 */
#include "core/keyring_impl.h"

#include <string.h>

#include "core/fold.h"

#define BIT(kind) (1u << (kind))

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

/* A custodian has no key of his own: his wrap of DBK, even when he has DBK by
 * another role, is the second person's consent. */
unsigned mk_kr_own_kinds(enum mk_role role)
{
    unsigned kinds = mk_role_keys(role);
    return role == MK_ROLE_CUSTODIAN ? kinds : kinds & ~BIT(MK_KEY_DBK);
}

unsigned mk_kr_kinds_held(const struct mk_kr_member *p)
{
    unsigned kinds = 0;
    for (unsigned r = 1; r < MK_ROLE_MAX; r++)
        if (p->role[r].effective)
            kinds |= mk_role_keys((enum mk_role)r);
    return kinds;
}

unsigned mk_kr_kinds_wrapped(const struct mk_kr_member *p)
{
    unsigned kinds = 0;
    for (unsigned r = 1; r < MK_ROLE_MAX; r++)
        kinds |= p->role[r].wrapped;
    return kinds;
}

static void make_effective(struct mk_kr_member *p, uint64_t serial)
{
    for (unsigned r = 1; r < MK_ROLE_MAX; r++) {
        struct mk_kr_role *role = &p->role[r];
        unsigned own = mk_kr_own_kinds((enum mk_role)r);
        if (role->certified && !role->effective &&
            (role->wrapped & own) == own &&
            (mk_kr_kinds_wrapped(p) & BIT(MK_KEY_DBK)))
            role->effective = serial;
    }
}

/* --- people --- */

static enum mk_err check_new_person(const struct mk_keyring *k,
                                    const struct mk_kr_person *p,
                                    uint8_t name_key[static MK_HASH],
                                    struct mk_kr_refusal *no)
{
    struct mk_buf nfc = MK_BUF_INIT;
    bool ok = mk_fold_name(&nfc, p->name, strlen(p->name), NULL) == MK_OK &&
              nfc.len == strlen(p->name) &&
              same(nfc.data, (const uint8_t *)p->name, nfc.len) &&
              mk_fold_name_key(name_key, p->name, nfc.len);
    mk_buf_release(&nfc);
    if (!ok)
        return mk_kr_refuse(no, MK_E_SYNTAX, "name", MK_WHY_NAME);
    if (same(p->box, p->sign, MK_PK))
        return mk_kr_refuse(no, MK_E_EXISTS, "key", MK_WHY_TWICE);
    for (size_t i = 0; i < k->n_persons; i++) {
        const struct mk_member *m = &k->person[i].m;
        if (same(k->person[i].name_key, name_key, MK_HASH))
            return mk_kr_refuse(no, MK_E_EXISTS, "name", MK_WHY_TWICE);
        if (same(m->id, p->id, MK_ID) || same(m->box, p->box, MK_PK) ||
            same(m->sign, p->sign, MK_PK) || same(m->box, p->sign, MK_PK) ||
            same(m->sign, p->box, MK_PK))
            return mk_kr_refuse(no, MK_E_EXISTS, "key", MK_WHY_TWICE);
    }
    return MK_OK;
}

static enum mk_err add_person(struct mk_keyring *k,
                              const struct mk_kr_person *p,
                              const struct mk_kr_statement *st,
                              struct mk_kr_member **out,
                              struct mk_kr_refusal *no)
{
    uint8_t name_key[MK_HASH];
    struct mk_kr_member *new;
    void *room;
    enum mk_err rc = check_new_person(k, p, name_key, no);

    if (rc != MK_OK)
        return rc;
    room = mk_kr_grow(k->person, &k->cap_persons, k->n_persons + 1,
                      sizeof *k->person);
    if (!room)
        return mk_kr_refuse(no, MK_E_MEMORY, "keyring", MK_WHY_SIZE);
    k->person = room;
    new = &k->person[k->n_persons++];
    memset(new, 0, sizeof *new);
    memcpy(new->m.id, p->id, MK_ID);
    memcpy(new->m.name, p->name, sizeof new->m.name);
    memcpy(new->m.box, p->box, MK_PK);
    memcpy(new->m.sign, p->sign, MK_PK);
    memcpy(new->m.certified_by, st->by, MK_ID);
    new->m.serial = st->serial;
    memcpy(new->name_key, name_key, MK_HASH);
    *out = new;
    return MK_OK;
}

static void certify(struct mk_kr_member *p, unsigned roles,
                    const struct mk_kr_statement *st)
{
    p->m.certified |= roles;
    for (unsigned r = 1; r < MK_ROLE_MAX; r++)
        if (roles & MK_ROLE_BIT(r)) {
            p->role[r].certified = st->serial;
            memcpy(p->role[r].certified_by, st->by, MK_ID);
        }
}

static void state_slot(struct mk_kr_member *p,
                       const struct mk_kr_statement *st)
{
    p->slot_counter = st->slot_counter;
    memcpy(p->slot_hash, st->slot_hash, MK_HASH);
}

/* --- genesis, log-key, certify --- */

bool mk_kr_origin_ok(const char *origin)
{
    size_t n = strlen(origin);
    if (n == 0 || n > MK_ORIGIN_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        if (origin[i] <= ' ' || origin[i] > '~' || origin[i] == '+')
            return false;
    return true;
}

static enum mk_err apply_genesis(struct mk_keyring *k,
                                 const struct mk_kr_statement *st,
                                 struct mk_kr_refusal *no)
{
    if (k->n_persons > 0 || st->n_custodians == 0 ||
        !mk_kr_origin_ok(st->origin) ||
        !same(st->by, st->custodians[0].id, MK_ID))
        return mk_kr_refuse(no, MK_E_SYNTAX, "origin", MK_WHY_GENESIS);
    for (size_t i = 0; i < st->n_custodians; i++) {
        struct mk_kr_member *p;
        enum mk_err rc = add_person(k, &st->custodians[i], st, &p, no);
        if (rc != MK_OK)
            return rc;
        certify(p, MK_ROLE_BIT(MK_ROLE_CUSTODIAN), st);
    }
    memcpy(k->founder, st->by, MK_ID);
    memcpy(k->origin, st->origin, sizeof k->origin);
    return MK_OK;
}

static enum mk_err apply_log_key(struct mk_keyring *k,
                                 const struct mk_kr_statement *st,
                                 struct mk_kr_refusal *no)
{
    if (k->opened || k->has_log_key || st->generation != MK_KR_GENERATION)
        return mk_kr_refuse(no, MK_E_EXISTS, "log-key", MK_WHY_TWICE);
    memcpy(k->log_box, st->log_box, MK_PK);
    memcpy(k->log_sign, st->log_sign, MK_PK);
    k->has_log_key = true;
    return MK_OK;
}

static enum mk_err check_roles(const struct mk_kr_member *p, unsigned roles,
                               struct mk_kr_refusal *no)
{
    unsigned before = p ? p->m.certified : 0;

    if (roles == 0)
        return mk_kr_refuse(no, MK_E_USAGE, "role", MK_WHY_FORM);
    for (unsigned r = 1; r < MK_ROLE_MAX; r++)
        if (before & roles & MK_ROLE_BIT(r))
            return mk_kr_refuse(no, MK_E_EXISTS, mk_role_slug((enum mk_role)r),
                                MK_WHY_TWICE);
    if (!mk_roles_compatible(before | roles))
        return mk_kr_refuse(no, MK_E_ROLE_CONFLICT, "member", MK_WHY_ROLES);
    return MK_OK;
}

static enum mk_err apply_certify(struct mk_keyring *k,
                                 const struct mk_kr_statement *st,
                                 struct mk_kr_refusal *no)
{
    const struct mk_kr_person *s = &st->person;
    const struct mk_kr_member *by = mk_kr_find(k, st->by);
    struct mk_kr_member *p = mk_kr_find(k, s->id);
    bool first = p == NULL;
    enum mk_err rc;

    if (k->opened && !(by && by->role[MK_ROLE_CUSTODIAN].effective))
        return mk_kr_refuse(no, MK_E_NO_ROLE, mk_role_slug(MK_ROLE_CUSTODIAN),
                            MK_WHY_CUSTODIAN);
    if (same(st->by, s->id, MK_ID))
        return mk_kr_refuse(no, MK_E_TWO_PEOPLE, "certify", MK_WHY_TWO_PEOPLE);
    if (st->generation != MK_KR_GENERATION)
        return mk_kr_refuse(no, MK_E_SYNTAX, "generation", MK_WHY_KEY);
    if (p &&
        (strcmp(p->m.name, s->name) != 0 || !same(p->m.box, s->box, MK_PK) ||
         !same(p->m.sign, s->sign, MK_PK)))
        return mk_kr_refuse(no, MK_E_EXISTS, "key", MK_WHY_KEY);
    rc = check_roles(p, st->roles, no);
    if (rc == MK_OK && first)
        rc = add_person(k, s, st, &p, no);
    if (rc != MK_OK)
        return rc;
    /* later ones are stated by himself alone */
    if (st->has_slot != first)
        return mk_kr_refuse(no, MK_E_SYNTAX, "slot", MK_WHY_SLOT_HASH);
    certify(p, st->roles, st);
    if (first)
        state_slot(p, st);
    return MK_OK;
}

/* --- wrap --- */

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
    if (giver == to || same(to->role[role].certified_by, by, MK_ID))
        return mk_kr_refuse(no, MK_E_TWO_PEOPLE, "certify, grant",
                            MK_WHY_TWO_PEOPLE);
    if (giver->role[MK_ROLE_CUSTODIAN].effective)
        return mk_kr_refuse(no, MK_E_NO_ROLE, mk_role_slug(role),
                            MK_WHY_WRAP_CUSTODIAN);
    if ((mk_kr_kinds_held(giver) & kinds) != kinds)
        return mk_kr_refuse(no, MK_E_NO_ROLE, mk_role_slug(role),
                            MK_WHY_HOLDER);
    return MK_OK;
}

static enum mk_err check_wrap(const struct mk_keyring *k,
                              const struct mk_kr_statement *st,
                              const struct mk_kr_member *to,
                              struct mk_kr_refusal *no)
{
    const struct mk_kr_key *key = &k->key[st->kind];
    bool again = to->role[st->role].wrapped & BIT(st->kind);

    if (!(mk_role_keys(st->role) & BIT(st->kind)))
        return mk_kr_refuse(no, MK_E_NO_ROLE, mk_role_slug(st->role),
                            MK_WHY_KIND);
    /* DBK once by whatever role, and once more for a custodian */
    if (st->kind == MK_KEY_DBK && st->role != MK_ROLE_CUSTODIAN)
        again = mk_kr_kinds_wrapped(to) & BIT(MK_KEY_DBK);
    if (again)
        return mk_kr_refuse(no, MK_E_EXISTS, mk_role_slug(st->role),
                            MK_WHY_TWICE);
    if (st->generation != MK_KR_GENERATION ||
        (key->known && !same(key->id, st->key_id, MK_ID)) ||
        (!key->known && k->opened))
        return mk_kr_refuse(no, MK_E_NO_ROLE, mk_role_slug(st->role),
                            MK_WHY_KEY);
    return MK_OK;
}

static enum mk_err apply_wrap(struct mk_keyring *k,
                              const struct mk_kr_statement *st,
                              struct mk_kr_refusal *no)
{
    struct mk_kr_member *to = mk_kr_find(k, st->person.id);
    struct mk_kr_wrap *w;
    void *room;
    enum mk_err rc = MK_OK;

    if (!to || !to->role[st->role].certified)
        return mk_kr_refuse(no, MK_E_NOT_FOUND, "certify", MK_WHY_UNCERTIFIED);
    if (k->opened)
        rc = mk_kr_may_grant(k, st->by, to->m.id, st->role, no);
    if (rc == MK_OK)
        rc = check_wrap(k, st, to, no);
    if (rc != MK_OK)
        return rc;
    room = mk_kr_grow(k->wrap, &k->cap_wraps, k->n_wraps + 1, sizeof *k->wrap);
    if (!room)
        return mk_kr_refuse(no, MK_E_MEMORY, "keyring", MK_WHY_SIZE);
    k->wrap = room;
    w = &k->wrap[k->n_wraps++];
    w->serial = st->serial;
    memcpy(w->user, st->person.id, MK_ID);
    w->kind = st->kind;
    w->generation = st->generation;
    memcpy(w->key_id, st->key_id, MK_ID);
    memcpy(w->box, st->box, st->n_box);
    w->n_box = st->n_box;
    k->key[st->kind].known = true;
    k->key[st->kind].generation = st->generation;
    memcpy(k->key[st->kind].id, st->key_id, MK_ID);
    to->role[st->role].wrapped |= BIT(st->kind);
    make_effective(to, st->serial);
    return MK_OK;
}

/* --- slot, opened --- */

static enum mk_err apply_slot(struct mk_keyring *k,
                              const struct mk_kr_statement *st,
                              struct mk_kr_refusal *no)
{
    struct mk_kr_member *p = mk_kr_find(k, st->person.id);

    if (!p || !same(st->by, st->person.id, MK_ID))
        return mk_kr_refuse(no, MK_E_NO_ROLE, "member", MK_WHY_SLOT_USER);
    /* before the opening: the first of a custodian of genesis, no other */
    if (st->slot_counter != p->slot_counter + 1 ||
        (!k->opened && st->slot_counter != 1))
        return mk_kr_refuse(no, MK_E_DAMAGED, "slot", MK_WHY_SLOT_COUNTER);
    state_slot(p, st);
    return MK_OK;
}

static enum mk_err apply_opened(struct mk_keyring *k, struct mk_kr_refusal *no)
{
    unsigned roles = 0;

    if (k->opened || !k->has_log_key)
        return mk_kr_refuse(no, MK_E_EXISTS, "opened", MK_WHY_OPENED);
    for (size_t i = 0; i < k->n_persons; i++) {
        if (k->person[i].slot_counter == 0)
            return mk_kr_refuse(no, MK_E_USAGE, "slot", MK_WHY_OPENED);
        for (unsigned r = 1; r < MK_ROLE_MAX; r++) {
            const struct mk_kr_role *role = &k->person[i].role[r];
            if (role->certified && !role->effective)
                return mk_kr_refuse(no, MK_E_USAGE, "role", MK_WHY_OPENED);
            if (role->effective)
                roles |= MK_ROLE_BIT(r);
        }
    }
    for (unsigned r = 1; r < MK_ROLE_MAX; r++)
        if (mk_role_keys((enum mk_role)r) && !(roles & MK_ROLE_BIT(r)))
            return mk_kr_refuse(no, MK_E_USAGE, mk_role_slug((enum mk_role)r),
                                MK_WHY_OPENED);
    k->opened = true;
    return MK_OK;
}

enum mk_err mk_kr_rules(struct mk_keyring *k, const struct mk_kr_statement *st,
                        struct mk_kr_refusal *no)
{
    if (!k->opened && st->type != MK_KR_GENESIS &&
        st->type != MK_KR_SLOT_SET && !same(st->by, k->founder, MK_ID))
        return mk_kr_refuse(no, MK_E_NO_ROLE, mk_role_slug(MK_ROLE_CUSTODIAN),
                            MK_WHY_FOUNDER);
    switch (st->type) {
    case MK_KR_GENESIS:
        return apply_genesis(k, st, no);
    case MK_KR_LOG_KEY:
        return apply_log_key(k, st, no);
    case MK_KR_CERTIFY:
        return apply_certify(k, st, no);
    case MK_KR_WRAP:
        return apply_wrap(k, st, no);
    case MK_KR_OPENED:
        return apply_opened(k, no);
    case MK_KR_SLOT_SET:
        return apply_slot(k, st, no);
    }
    return mk_kr_refuse(no, MK_E_DAMAGED, "keyring", MK_WHY_TYPE);
}
