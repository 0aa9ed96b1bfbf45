/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which roles follow from what was stated about somebody, and since when.  A
 * role is effective from the statement on that completes it: certified, the
 * newest generation of each key that is its own wrapped for this role, and DBK
 * by any.
 */
#include "core/keyring_impl.h"

#define BIT(kind) (1u << (kind))

/* A custodian has no key of his own: his wrap of DBK, even when he has DBK by
 * another role, is the second person's consent. */
unsigned mk_kr_own_kinds(enum mk_role role)
{
    unsigned kinds = mk_role_keys(role);
    return role == MK_ROLE_CUSTODIAN ? kinds : kinds & ~BIT(MK_KEY_DBK);
}

unsigned mk_kr_kinds_of(unsigned roles)
{
    unsigned kinds = 0;
    for (unsigned r = 1; r < MK_ROLE_MAX; r++)
        if (roles & MK_ROLE_BIT(r))
            kinds |= mk_role_keys((enum mk_role)r);
    return kinds;
}

unsigned mk_kr_complete_roles(const struct mk_kr_member *p)
{
    unsigned roles = 0;
    for (unsigned r = 1; r < MK_ROLE_MAX; r++) {
        const struct mk_kr_role *role = &p->role[r];
        unsigned own = mk_kr_own_kinds((enum mk_role)r);
        if (role->certified && (role->wrapped & own) == own &&
            (p->known & BIT(MK_KEY_DBK)))
            roles |= MK_ROLE_BIT(r);
    }
    return roles;
}

enum mk_err mk_kr_check_active(const struct mk_kr_member *p,
                               struct mk_kr_refusal *no)
{
    switch (p->standing) {
    case MK_STANDING_ACTIVE:
        return MK_OK;
    case MK_STANDING_SUSPENDED:
        return mk_kr_refuse(no, MK_E_MEMBER_SUSPENDED, "member",
                            MK_WHY_STANDING);
    case MK_STANDING_OUT:
        break;
    }
    return mk_kr_refuse(no, MK_E_MEMBER_OUT, "member", MK_WHY_STANDING);
}

enum mk_err mk_kr_settle(struct mk_keyring *k, struct mk_kr_member *p,
                         uint64_t serial, struct mk_kr_refusal *no)
{
    unsigned roles =
        p->standing == MK_STANDING_ACTIVE ? mk_kr_complete_roles(p) : 0;
    void *room;

    if (roles == p->roles)
        return MK_OK;
    room = mk_kr_grow(k->stage, &k->cap_stages, k->n_stages + 1,
                      sizeof *k->stage);
    if (!room)
        return mk_kr_refuse(no, MK_E_MEMORY, "keyring", MK_WHY_SIZE);
    k->stage = room;
    k->stage[k->n_stages++] = (struct mk_kr_stage){
        .serial = serial, .roles = roles, .before = p->stage};
    p->stage = k->n_stages;
    p->roles = roles;
    return MK_OK;
}

unsigned mk_keyring_roles_at(const struct mk_keyring *k,
                             const uint8_t id[static MK_ID], uint64_t serial)
{
    const struct mk_kr_member *p = mk_kr_find(k, id);

    for (size_t at = p ? p->stage : 0; at > 0; at = k->stage[at - 1].before)
        if (k->stage[at - 1].serial <= serial)
            return k->stage[at - 1].roles;
    return 0;
}

unsigned mk_keyring_roles(const struct mk_keyring *k,
                          const uint8_t id[static MK_ID])
{
    const struct mk_kr_member *p = mk_kr_find(k, id);
    return p ? p->roles : 0;
}

bool mk_keyring_has_role(const struct mk_keyring *k,
                         const uint8_t id[static MK_ID], enum mk_role role,
                         uint64_t serial)
{
    return (unsigned)role < MK_ROLE_MAX &&
           (mk_keyring_roles_at(k, id, serial) & MK_ROLE_BIT(role)) != 0;
}

bool mk_keyring_had_role(const struct mk_keyring *k,
                         const uint8_t id[static MK_ID], enum mk_role role,
                         uint64_t serial)
{
    const struct mk_kr_member *p = mk_kr_find(k, id);

    if ((unsigned)role >= MK_ROLE_MAX)
        return false;
    for (size_t at = p ? p->stage : 0; at > 0; at = k->stage[at - 1].before)
        if (k->stage[at - 1].serial <= serial &&
            (k->stage[at - 1].roles & MK_ROLE_BIT(role)) != 0)
            return true;
    return false;
}

enum mk_standing mk_keyring_standing(const struct mk_keyring *k,
                                     const uint8_t id[static MK_ID])
{
    const struct mk_kr_member *p = mk_kr_find(k, id);
    return p ? p->standing : MK_STANDING_OUT;
}

/* What he was wrapped, less what goes with the roles he is certified for:
 * effective, waiting or suspended. */
static unsigned stale_of(const struct mk_kr_member *p, unsigned ended)
{
    return p->known & ~mk_kr_kinds_of(p->m.certified & ~ended);
}

unsigned mk_keyring_stale_by(const struct mk_keyring *k,
                             const uint8_t id[static MK_ID], unsigned roles)
{
    const struct mk_kr_member *p = mk_kr_find(k, id);
    return p ? stale_of(p, roles) : 0;
}

unsigned mk_keyring_stale(const struct mk_keyring *k)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < k->n_persons; i++)
        kinds |= stale_of(&k->person[i], 0);
    return kinds;
}
