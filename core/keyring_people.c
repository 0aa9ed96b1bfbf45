/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about who is let in: genesis, certify. */
#include "core/keyring_recovery_impl.h"

#include <string.h>

#include "core/fold.h"

static bool same(const uint8_t *a, const uint8_t *b, size_t n)
{
    return memcmp(a, b, n) == 0;
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
    if (same(p->box, p->sign, MK_PK) || mk_kr_recovery_uses(k, p))
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

/* --- genesis, certify --- */

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

enum mk_err mk_kr_genesis(struct mk_keyring *k,
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

/* Another custodian than this one has allowed all of these roles together. */
static bool is_excepted(const struct mk_kr_member *p, unsigned roles,
                        const uint8_t certifier[static MK_ID])
{
    return p && (roles & ~p->except) == 0 &&
           !same(p->except_by, certifier, MK_ID);
}

static enum mk_err check_roles(const struct mk_kr_member *p,
                               const struct mk_kr_statement *st,
                               struct mk_kr_refusal *no)
{
    unsigned roles = st->roles;
    unsigned before = p ? p->m.certified : 0;

    if (roles == 0)
        return mk_kr_refuse(no, MK_E_USAGE, "role", MK_WHY_FORM);
    for (unsigned r = 1; r < MK_ROLE_MAX; r++)
        if (before & roles & MK_ROLE_BIT(r))
            return mk_kr_refuse(no, MK_E_EXISTS, mk_role_slug((enum mk_role)r),
                                MK_WHY_TWICE);
    if (!mk_roles_compatible(before | roles) &&
        !is_excepted(p, before | roles, st->by))
        return mk_kr_refuse(no, MK_E_ROLE_CONFLICT, "member", MK_WHY_ROLES);
    return MK_OK;
}

enum mk_err mk_kr_certify(struct mk_keyring *k,
                          const struct mk_kr_statement *st,
                          struct mk_kr_refusal *no)
{
    const struct mk_kr_person *s = &st->person;
    struct mk_kr_member *p = mk_kr_find(k, s->id);
    bool first = p == NULL;
    enum mk_err rc;

    if (k->opened && !mk_kr_recovers(k, st) &&
        (rc = mk_kr_by_custodian(k, st, no)) != MK_OK)
        return rc;
    if (same(st->by, s->id, MK_ID))
        return mk_kr_refuse(no, MK_E_SELF, "member", MK_WHY_TWO_PEOPLE);
    if (p && (rc = mk_kr_check_active(p, no)) != MK_OK)
        return rc;
    if (st->generation != MK_KR_GENERATION)
        return mk_kr_refuse(no, MK_E_SYNTAX, "generation", MK_WHY_KEY);
    if (p &&
        (strcmp(p->m.name, s->name) != 0 || !same(p->m.box, s->box, MK_PK) ||
         !same(p->m.sign, s->sign, MK_PK)))
        return mk_kr_refuse(no, MK_E_EXISTS, "key", MK_WHY_KEY);
    rc = check_roles(p, st, no);
    if (rc == MK_OK && first)
        rc = add_person(k, s, st, &p, no);
    if (rc != MK_OK)
        return rc;
    /* later ones are stated by himself alone */
    if (st->has_slot != first)
        return mk_kr_refuse(no, MK_E_SYNTAX, "slot", MK_WHY_SLOT_HASH);
    certify(p, st->roles, st);
    if (first)
        mk_kr_slot_take(p, st);
    return mk_kr_settle(k, p, st->serial, no);
}
