/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules about people who come and go: suspend, resume, revoke, except.
 *
 *   active <--- resume --- suspended
 *     | \------ suspend ------^  |
 *     |                          |
 *     +-- revoke of the last ----+--> out, for good
 *         certified role
 *
 * All of them by an effective custodian, after the opening, about somebody
 * else who is not out.
 */
#include "core/keyring_impl.h"

#include <string.h>

/* E_SELF, E_OUT, E_NOT_FOUND, E_NO_ROLE: what the four have in common. */
static enum mk_err check_subject(const struct mk_keyring *k,
                                 const struct mk_kr_statement *st,
                                 struct mk_kr_member **subject,
                                 struct mk_kr_refusal *no)
{
    enum mk_err rc = mk_kr_by_custodian(k, st, no);
    struct mk_kr_member *p = mk_kr_find(k, st->person.id);

    if (rc != MK_OK)
        return rc;
    if (!k->opened)
        return mk_kr_refuse(no, MK_E_NO_ROLE, "member", MK_WHY_OPENED);
    if (!p)
        return mk_kr_refuse(no, MK_E_NOT_FOUND, "member", MK_WHY_UNCERTIFIED);
    if (memcmp(st->by, p->m.id, MK_ID) == 0)
        return mk_kr_refuse(no, MK_E_SELF, "member", MK_WHY_TWO_PEOPLE);
    if (p->standing == MK_STANDING_OUT)
        return mk_kr_refuse(no, MK_E_MEMBER_OUT, "member", MK_WHY_STANDING);
    *subject = p;
    return MK_OK;
}

enum mk_err mk_kr_suspend(struct mk_keyring *k,
                          const struct mk_kr_statement *st,
                          struct mk_kr_refusal *no)
{
    struct mk_kr_member *p;
    enum mk_err rc = check_subject(k, st, &p, no);

    if (rc != MK_OK)
        return rc;
    if (p->standing == MK_STANDING_SUSPENDED)
        return mk_kr_refuse(no, MK_E_MEMBER_SUSPENDED, "member", MK_WHY_TWICE);
    p->standing = MK_STANDING_SUSPENDED;
    return mk_kr_settle(k, p, st->serial, no);
}

enum mk_err mk_kr_resume(struct mk_keyring *k,
                         const struct mk_kr_statement *st,
                         struct mk_kr_refusal *no)
{
    struct mk_kr_member *p;
    enum mk_err rc = check_subject(k, st, &p, no);

    if (rc != MK_OK)
        return rc;
    if (p->standing != MK_STANDING_SUSPENDED)
        return mk_kr_refuse(no, MK_E_MEMBER_ACTIVE, "member", MK_WHY_STANDING);
    p->standing = MK_STANDING_ACTIVE;
    return mk_kr_settle(k, p, st->serial, no);
}

/* Somebody else must go on holding what p has whole, suspended or not: its
 * keys would be lost with him. */
static enum mk_err check_not_last(const struct mk_keyring *k,
                                  const struct mk_kr_member *p, unsigned roles,
                                  struct mk_kr_refusal *no)
{
    unsigned alone = roles & mk_kr_complete_roles(p);

    for (size_t i = 0; i < k->n_persons; i++)
        if (&k->person[i] != p)
            alone &= ~k->person[i].roles;
    for (unsigned r = 1; r < MK_ROLE_MAX; r++)
        if (alone & MK_ROLE_BIT(r))
            return mk_kr_refuse(no, MK_E_LAST_HOLDER,
                                mk_role_slug((enum mk_role)r), MK_WHY_LAST);
    return MK_OK;
}

enum mk_err mk_kr_revoke(struct mk_keyring *k,
                         const struct mk_kr_statement *st,
                         struct mk_kr_refusal *no)
{
    struct mk_kr_member *p;
    enum mk_err rc = check_subject(k, st, &p, no);

    if (rc != MK_OK)
        return rc;
    for (unsigned r = 1; r < MK_ROLE_MAX; r++)
        if (st->roles & ~p->m.certified & MK_ROLE_BIT(r))
            return mk_kr_refuse(no, MK_E_ROLE_ABSENT,
                                mk_role_slug((enum mk_role)r),
                                MK_WHY_UNCERTIFIED);
    if (st->roles == 0)
        return mk_kr_refuse(no, MK_E_SYNTAX, "role", MK_WHY_FORM);
    rc = check_not_last(k, p, st->roles, no);
    if (rc != MK_OK)
        return rc;
    for (unsigned r = 1; r < MK_ROLE_MAX; r++)
        if (st->roles & MK_ROLE_BIT(r))
            memset(&p->role[r], 0, sizeof p->role[r]);
    p->m.certified &= ~st->roles;
    if (p->m.certified == 0)
        p->standing = MK_STANDING_OUT;
    if (st->roles & p->except)
        p->except = 0; /* it was for these roles together */
    return mk_kr_settle(k, p, st->serial, no);
}

enum mk_err mk_kr_except(struct mk_keyring *k,
                         const struct mk_kr_statement *st,
                         struct mk_kr_refusal *no)
{
    struct mk_kr_member *p;
    enum mk_err rc = check_subject(k, st, &p, no);

    if (rc != MK_OK)
        return rc;
    if (mk_roles_compatible(st->roles))
        return mk_kr_refuse(no, MK_E_NO_CONFLICT, "member", MK_WHY_ROLES);
    p->except = st->roles;
    memcpy(p->except_by, st->by, MK_ID);
    return MK_OK;
}
