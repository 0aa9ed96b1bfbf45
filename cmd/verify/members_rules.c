/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which statement may come now, and by whom: rules 1, 9, 13 and the order that
 * 12 and 16 demand.  The rules of FORMAT-keyring, numbered as there. */
#include "cmd/verify/members.h"

/* Rules 9 and 13. */
static enum mk_vf_why slot(struct mk_vf_members *m,
                           const struct mk_vf_statement *s)
{
    struct mk_vf_member *p = mk_vf_find(m, s->user);
    uint64_t *counter;

    if (!p || !mk_vf_same(s->by, s->user))
        return MK_VF_WHY_SLOT_OTHER;
    const bool second = s->type == MK_VF_SLOT_2;
    if (second && !m->opened)
        return MK_VF_WHY_EARLY;
    if (s->slot_is_none && (!second || !p->has_slot2))
        return MK_VF_WHY_SLOT_NONE;
    counter = second ? &p->slot2_counter : &p->slot_counter;
    if (s->counter != *counter + 1 || (!m->opened && s->counter != 1))
        return MK_VF_WHY_SLOT_ORDER;
    *counter = s->counter;
    p->has_slot2 = second ? !s->slot_is_none : p->has_slot2;
    return MK_VF_FINE;
}

/* Rule 1. */
static enum mk_vf_why opened(struct mk_vf_members *m)
{
    unsigned all = 0;

    if (m->opened || m->n_log_keys == 0)
        return MK_VF_WHY_END;
    for (size_t i = 0; i < m->n; i++) {
        if (m->member[i].slot_counter == 0)
            return MK_VF_WHY_END_SLOT;
        const unsigned now = mk_vf_roles_now(&m->member[i]);
        for (unsigned r = 1; r < MK_VF_ROLES; r++)
            if (m->member[i].role[r].certified && !(now & MK_VF_BIT(r)))
                return MK_VF_WHY_END_KEYS;
        all |= now;
    }
    for (unsigned r = 1; r < MK_VF_ROLES; r++)
        if (!(all & MK_VF_BIT(r)))
            return MK_VF_WHY_END_ROLES;
    if (m->in_force.number != 0 && m->in_force.escrowed != MK_VF_ALL_SECRETS)
        return MK_VF_WHY_NOT_WHOLE;
    m->opened = true;
    return MK_VF_FINE;
}

/* Somebody whom the recovery key certified states his slot. */
static bool is_let_in(struct mk_vf_members *m, const struct mk_vf_statement *s)
{
    const struct mk_vf_member *p = mk_vf_find(m, s->by);

    for (unsigned r = 1; p && s->type == MK_VF_SLOT && r < MK_VF_ROLES; r++)
        if (p->role[r].certified > m->recover_serial &&
            mk_vf_same(p->role[r].certified_by, m->in_force.id))
            return true;
    return false;
}

/* What a rotation or a recovery has begun is completed before anything else. */
static enum mk_vf_why in_order(struct mk_vf_members *m,
                               const struct mk_vf_statement *s)
{
    const bool by_key = m->in_force.number != 0 &&
                        mk_vf_same(m->in_force.id, s->by);

    if (m->rotation.secret != 0)
        return s->type == MK_VF_WRAP || s->type == MK_VF_ESCROW
                   ? MK_VF_FINE
                   : MK_VF_WHY_ROTATION_PARTS;
    if (m->resharing)
        return s->type == MK_VF_ESCROW ? MK_VF_FINE : MK_VF_WHY_RECOVERY_PARTS;
    if (!m->recovering || is_let_in(m, s))
        return MK_VF_FINE;
    return by_key && (s->type == MK_VF_CERTIFY || s->type == MK_VF_WRAP ||
                      s->type == MK_VF_SHARE)
               ? MK_VF_FINE
               : MK_VF_WHY_RECOVERY_PARTS;
}

/* Who may speak at all. */
static enum mk_vf_why may_speak(struct mk_vf_members *m,
                                const struct mk_vf_statement *s)
{
    const struct mk_vf_member *by = mk_vf_find(m, s->by);

    if (!m->opened && s->type != MK_VF_GENESIS && s->type != MK_VF_SLOT &&
        !mk_vf_same(s->by, m->founder))
        return MK_VF_WHY_FOUNDER;
    if (by && by->standing != MK_VF_ACTIVE)
        return MK_VF_WHY_STANDING;
    return in_order(m, s);
}

enum mk_err mk_vf_rules(struct mk_vf_members *m,
                        const struct mk_vf_statement *s, enum mk_vf_why *why)
{
    *why = may_speak(m, s);
    if (*why)
        return MK_OK;
    switch (s->type) {
    case MK_VF_GENESIS:
        return mk_vf_rule_genesis(m, s, why);
    case MK_VF_LOG_KEY:
        return mk_vf_rule_log_key(m, s, why);
    case MK_VF_CERTIFY:
        return mk_vf_rule_certify(m, s, why);
    case MK_VF_WRAP:
        if (m->rotation.secret == 0)
            return mk_vf_rule_wrap(m, s, why);
        *why = mk_vf_rule_rotate_wrap(m, s);
        break;
    case MK_VF_SLOT:
    case MK_VF_SLOT_2:
        *why = slot(m, s);
        break;
    case MK_VF_OPENED:
        *why = opened(m);
        break;
    case MK_VF_THEFT: /* by anybody who is in */
        *why = !m->opened             ? MK_VF_WHY_EARLY
               : mk_vf_find(m, s->by) ? MK_VF_FINE
                                      : MK_VF_WHY_STANDING;
        break;
    case MK_VF_SUSPEND:
    case MK_VF_RESUME:
    case MK_VF_REVOKE:
        return mk_vf_rule_standing(m, s, why);
    case MK_VF_EXCEPT:
        *why = mk_vf_rule_except(m, s);
        break;
    case MK_VF_ROTATE:
        return mk_vf_rule_rotate(m, s, why);
    case MK_VF_SHARE:
    case MK_VF_ACCEPT:
    case MK_VF_ACCEPT_2:
    case MK_VF_ESCROW:
    case MK_VF_DRILL:
    case MK_VF_RECOVER:
        *why = mk_vf_rule_recovery(m, s);
        break;
    }
    return MK_OK;
}
