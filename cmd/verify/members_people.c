/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules 2 to 5, 7, 8 and 11 of FORMAT-keyring: people and their roles. */
#include "cmd/verify/members.h"

#include <stdlib.h>

const unsigned mk_vf_holds[MK_VF_ROLES] = {
    [MK_VF_CUSTODIAN] = MK_VF_SECRET_BIT(DBK),
    [MK_VF_INSPECTOR] = MK_VF_SECRET_BIT(DBK) | MK_VF_SECRET_BIT(RD) |
                        MK_VF_SECRET_BIT(RS),
    [MK_VF_ANALYST] = MK_VF_SECRET_BIT(DBK) | MK_VF_SECRET_BIT(RS),
    [MK_VF_AUDITOR] = MK_VF_SECRET_BIT(DBK) | MK_VF_SECRET_BIT(RL),
};
/* What has to be wrapped for it by name (rule 2). */
static const unsigned own[MK_VF_ROLES] = {
    [MK_VF_CUSTODIAN] = MK_VF_SECRET_BIT(DBK),
    [MK_VF_INSPECTOR] = MK_VF_SECRET_BIT(RD) | MK_VF_SECRET_BIT(RS),
    [MK_VF_ANALYST] = MK_VF_SECRET_BIT(RS),
    [MK_VF_AUDITOR] = MK_VF_SECRET_BIT(RL),
};
/* Rule 7. */
static const unsigned excluding[] = {
    MK_VF_BIT(MK_VF_INSPECTOR) | MK_VF_BIT(MK_VF_AUDITOR),
    MK_VF_BIT(MK_VF_CUSTODIAN) | MK_VF_BIT(MK_VF_INSPECTOR),
    MK_VF_BIT(MK_VF_CUSTODIAN) | MK_VF_BIT(MK_VF_AUDITOR),
};

struct mk_vf_member *mk_vf_find(struct mk_vf_members *m,
                                const uint8_t id[static MK_ID])
{
    for (size_t i = 0; i < m->n; i++)
        if (mk_vf_same(m->member[i].id, id))
            return &m->member[i];
    return NULL;
}

unsigned mk_vf_roles_now(const struct mk_vf_member *who)
{
    return who->n_spans > 0 ? who->span[who->n_spans - 1].roles : 0;
}

unsigned mk_vf_held(const struct mk_vf_member *who)
{
    const unsigned roles = mk_vf_roles_now(who);
    unsigned bits = 0;

    for (unsigned r = 1; r < MK_VF_ROLES; r++)
        if (roles & MK_VF_BIT(r))
            bits |= mk_vf_holds[r];
    return bits;
}

/* Rule 2: certified, and all wrapped in the newest generation. */
static bool is_complete(const struct mk_vf_member *p, unsigned r)
{
    return p->role[r].certified && (p->role[r].wrapped & own[r]) == own[r] &&
           p->has_dbk;
}

enum mk_err mk_vf_settle(struct mk_vf_member *p, uint64_t serial)
{
    unsigned roles = 0;

    for (unsigned r = 1; p->standing == MK_VF_ACTIVE && r < MK_VF_ROLES; r++)
        if (is_complete(p, r))
            roles |= MK_VF_BIT(r);
    if (roles == mk_vf_roles_now(p))
        return MK_OK;
    struct mk_vf_span *grown =
        realloc(p->span, (p->n_spans + 1) * sizeof *grown);
    if (!grown)
        return MK_E_MEMORY;
    p->span = grown;
    grown[p->n_spans++] = (struct mk_vf_span){serial, roles};
    return MK_OK;
}

/* ---- somebody new ---- */

static enum mk_vf_why no_twin(const struct mk_vf_members *m,
                              const struct mk_vf_person *p,
                              const uint8_t folded[static MK_HASH])
{
    if (memcmp(p->box, p->sign, MK_PK) == 0)
        return MK_VF_WHY_ONE_KEY;
    for (size_t i = 0; i < m->n; i++) {
        const struct mk_vf_member *o = &m->member[i];
        const uint8_t *const keys[] = {o->box, o->sign};

        if (memcmp(o->folded, folded, MK_HASH) == 0)
            return MK_VF_WHY_NAME_TAKEN;
        if (mk_vf_same(o->id, p->id))
            return MK_VF_WHY_ID_TAKEN;
        for (size_t j = 0; j < 2; j++)
            if (memcmp(keys[j], p->box, MK_PK) == 0 ||
                memcmp(keys[j], p->sign, MK_PK) == 0)
                return MK_VF_WHY_KEY_TAKEN;
    }
    return MK_VF_FINE;
}

static enum mk_err add_member(struct mk_vf_members *m,
                              const struct mk_vf_person *p, uint64_t serial,
                              struct mk_vf_member **out, enum mk_vf_why *why)
{
    uint8_t folded[MK_HASH];

    *out = NULL;
    if (!mk_vf_name_ok(p->name, folded))
        *why = MK_VF_WHY_NAME;
    else
        *why = no_twin(m, p, folded);
    if (*why)
        return MK_OK;
    if (m->n == m->cap) {
        const size_t cap = m->cap > 0 ? 2 * m->cap : 16;
        struct mk_vf_member *grown = realloc(m->member, cap * sizeof *grown);
        if (!grown)
            return MK_E_MEMORY;
        m->member = grown;
        m->cap = cap;
    }
    *out = &m->member[m->n++];
    **out = (struct mk_vf_member){.serial = serial};
    memcpy((*out)->id, p->id, MK_ID);
    memcpy((*out)->name, p->name, sizeof p->name);
    memcpy((*out)->folded, folded, MK_HASH);
    memcpy((*out)->box, p->box, MK_PK);
    memcpy((*out)->sign, p->sign, MK_PK);
    return MK_OK;
}

static void certified(struct mk_vf_member *p, unsigned roles,
                      const struct mk_vf_statement *s)
{
    for (unsigned r = 1; r < MK_VF_ROLES; r++)
        if (roles & MK_VF_BIT(r)) {
            p->role[r].certified = s->serial;
            memcpy(p->role[r].certified_by, s->by, MK_ID);
        }
}

enum mk_err mk_vf_rule_genesis(struct mk_vf_members *m,
                               const struct mk_vf_statement *s,
                               enum mk_vf_why *why)
{
    enum mk_err rc = MK_OK;
    struct mk_vf_member *p;

    for (const char *c = s->origin; *c; c++)
        if (*c <= ' ' || *c > '~' || *c == '+')
            *why = MK_VF_WHY_ORIGIN;
    if (!mk_vf_same(s->by, s->person[0].id))
        *why = MK_VF_WHY_FOUNDER;
    for (size_t i = 0; i < s->n_persons && !*why && rc == MK_OK; i++) {
        rc = add_member(m, &s->person[i], s->serial, &p, why);
        if (p)
            certified(p, MK_VF_BIT(MK_VF_CUSTODIAN), s);
    }
    memcpy(m->founder, s->by, MK_ID);
    if (!*why)
        memcpy(m->origin, s->origin, sizeof m->origin);
    return rc;
}

/* ---- certify ---- */

static unsigned certified_roles(const struct mk_vf_member *p)
{
    unsigned bits = 0;

    for (unsigned r = 1; r < MK_VF_ROLES; r++)
        if (p->role[r].certified)
            bits |= MK_VF_BIT(r);
    return bits;
}

static bool exclude(unsigned roles)
{
    bool yes = false;

    for (size_t i = 0; i < sizeof excluding / sizeof *excluding; i++)
        yes = yes || (roles & excluding[i]) == excluding[i];
    return yes;
}

static enum mk_vf_why roles_ok(const struct mk_vf_member *p,
                               const struct mk_vf_statement *s)
{
    const unsigned had = p ? certified_roles(p) : 0;
    const unsigned all = had | s->roles;

    if (had & s->roles)
        return MK_VF_WHY_ROLE_TWICE;
    /* excepted by the newest exception, of another custodian */
    if (exclude(all) &&
        (!p || (all & ~p->except) != 0 || mk_vf_same(p->except_by, s->by)))
        return MK_VF_WHY_EXCLUDING;
    return MK_VF_FINE;
}

static bool is_other_person(const struct mk_vf_member *p,
                            const struct mk_vf_person *said)
{
    return strcmp(p->name, said->name) != 0 ||
           memcmp(p->box, said->box, MK_PK) != 0 ||
           memcmp(p->sign, said->sign, MK_PK) != 0;
}

enum mk_err mk_vf_rule_certify(struct mk_vf_members *m,
                               const struct mk_vf_statement *s,
                               enum mk_vf_why *why)
{
    enum mk_err rc = MK_OK;
    struct mk_vf_member *by = mk_vf_find(m, s->by);
    struct mk_vf_member *p = mk_vf_find(m, s->user);
    const bool is_new = p == NULL;

    if (m->opened && !m->recovering &&
        !(by && (mk_vf_roles_now(by) & MK_VF_BIT(MK_VF_CUSTODIAN))))
        *why = MK_VF_WHY_NO_CUSTODIAN;
    else if (mk_vf_same(s->by, s->user))
        *why = MK_VF_WHY_BY_HIMSELF;
    else if (s->generation != 1)
        *why = MK_VF_WHY_GENERATION;
    else if (p && p->standing != MK_VF_ACTIVE)
        *why = MK_VF_WHY_GONE;
    else if (mk_vf_is_of_set(m, &s->person[0]))
        *why = MK_VF_WHY_KEY_TAKEN;
    else if (p && is_other_person(p, &s->person[0]))
        *why = MK_VF_WHY_OTHER_PERSON;
    else if (s->has_slot != is_new)
        *why = MK_VF_WHY_SLOT_PLACE;
    else
        *why = roles_ok(p, s);
    if (!*why && is_new)
        rc = add_member(m, &s->person[0], s->serial, &p, why);
    if (rc != MK_OK || *why)
        return rc;
    certified(p, s->roles, s);
    if (is_new)
        p->slot_counter = 1;
    return MK_OK;
}

/* ---- wrap ---- */

/* Rule 4. */
static enum mk_vf_why may_wrap(struct mk_vf_members *m,
                               const struct mk_vf_member *to,
                               const struct mk_vf_statement *s)
{
    const struct mk_vf_member *by = mk_vf_find(m, s->by);
    const unsigned needed = mk_vf_holds[s->role];

    if (!by || by == to || mk_vf_same(to->role[s->role].certified_by, s->by))
        return MK_VF_WHY_ONE_PERSON;
    if (mk_vf_roles_now(by) & MK_VF_BIT(MK_VF_CUSTODIAN))
        return MK_VF_WHY_BY_CUSTODIAN;
    if ((mk_vf_held(by) & needed) != needed)
        return MK_VF_WHY_NOT_HELD;
    return MK_VF_FINE;
}

/* Rules 5 and 6. */
static enum mk_vf_why is_right_key(const struct mk_vf_members *m,
                                   const struct mk_vf_member *to,
                                   const struct mk_vf_statement *s)
{
    const unsigned bit = 1u << s->secret;
    const uint64_t generation = m->secret[s->secret].generation;
    bool had = (to->role[s->role].wrapped & bit) != 0;

    if (!(mk_vf_holds[s->role] & bit))
        return MK_VF_WHY_OTHER_ROLE;
    /* DBK once by whatever role, and once more for a custodian */
    if (s->secret == MK_VF_DBK && s->role != MK_VF_CUSTODIAN)
        had = to->has_dbk;
    if (had)
        return MK_VF_WHY_KEY_TWICE;
    if (generation == 0 ? m->opened || s->generation != 1
                        : s->generation != generation ||
                              !mk_vf_same(m->secret[s->secret].id, s->key_id))
        return MK_VF_WHY_OTHER_KEY;
    return MK_VF_FINE;
}

enum mk_err mk_vf_rule_wrap(struct mk_vf_members *m,
                            const struct mk_vf_statement *s,
                            enum mk_vf_why *why)
{
    struct mk_vf_member *to = mk_vf_find(m, s->user);

    if (!to || !to->role[s->role].certified)
        *why = MK_VF_WHY_UNCERTIFIED;
    else if (to->standing != MK_VF_ACTIVE)
        *why = MK_VF_WHY_GONE;
    else if (m->opened && !m->recovering)
        *why = may_wrap(m, to, s);
    if (!*why)
        *why = is_right_key(m, to, s);
    if (*why)
        return MK_OK;
    m->secret[s->secret].generation = s->generation;
    memcpy(m->secret[s->secret].id, s->key_id, MK_ID);
    to->role[s->role].wrapped |= 1u << s->secret;
    to->has_dbk = to->has_dbk || s->secret == MK_VF_DBK;
    return mk_vf_settle(to, s->serial);
}

/* ---- rule 11 ---- */

/* By an effective custodian, about somebody else who is there. */
static enum mk_vf_why by_custodian(struct mk_vf_members *m,
                                   const struct mk_vf_member *p,
                                   const struct mk_vf_statement *s)
{
    const struct mk_vf_member *by = mk_vf_find(m, s->by);

    if (!m->opened)
        return MK_VF_WHY_EARLY;
    if (!by || !(mk_vf_roles_now(by) & MK_VF_BIT(MK_VF_CUSTODIAN)))
        return MK_VF_WHY_NO_CUSTODIAN;
    if (by == p)
        return MK_VF_WHY_BY_HIMSELF;
    if (!p || p->standing == MK_VF_OUT)
        return MK_VF_WHY_GONE;
    return MK_VF_FINE;
}

static bool is_last(const struct mk_vf_members *m,
                    const struct mk_vf_member *p, unsigned roles)
{
    unsigned others = 0, whole = 0;

    for (size_t i = 0; i < m->n; i++)
        if (&m->member[i] != p)
            others |= mk_vf_roles_now(&m->member[i]);
    /* also of somebody who is suspended: he may come back */
    for (unsigned r = 1; r < MK_VF_ROLES; r++)
        if (is_complete(p, r))
            whole |= MK_VF_BIT(r);
    return (roles & whole & ~others) != 0;
}

static enum mk_vf_why revoke(const struct mk_vf_members *m,
                             struct mk_vf_member *p,
                             const struct mk_vf_statement *s)
{
    if ((s->roles & ~certified_roles(p)) != 0)
        return MK_VF_WHY_ROLE_MISSING;
    if (is_last(m, p, s->roles))
        return MK_VF_WHY_LAST;
    for (unsigned r = 1; r < MK_VF_ROLES; r++)
        if (s->roles & MK_VF_BIT(r))
            p->role[r] = (struct mk_vf_role){.certified = 0};
    if (p->except & s->roles)
        p->except = 0;
    if (certified_roles(p) == 0)
        p->standing = MK_VF_OUT;
    return MK_VF_FINE;
}

enum mk_err mk_vf_rule_standing(struct mk_vf_members *m,
                                const struct mk_vf_statement *s,
                                enum mk_vf_why *why)
{
    struct mk_vf_member *p = mk_vf_find(m, s->user);
    const bool suspends = s->type == MK_VF_SUSPEND;

    *why = by_custodian(m, p, s);
    if (*why)
        return MK_OK;
    if (s->type == MK_VF_REVOKE)
        *why = revoke(m, p, s);
    else if ((p->standing == MK_VF_SUSPENDED) == suspends)
        *why = MK_VF_WHY_NOT_SO;
    else
        p->standing = suspends ? MK_VF_SUSPENDED : MK_VF_ACTIVE;
    return *why ? MK_OK : mk_vf_settle(p, s->serial);
}

enum mk_vf_why mk_vf_rule_except(struct mk_vf_members *m,
                                 const struct mk_vf_statement *s)
{
    struct mk_vf_member *p = mk_vf_find(m, s->user);
    enum mk_vf_why why = by_custodian(m, p, s);

    if (!why && !exclude(s->roles))
        why = MK_VF_WHY_NO_EXCEPTION;
    if (why)
        return why;
    p->except = s->roles;
    memcpy(p->except_by, s->by, MK_ID);
    return MK_VF_FINE;
}
