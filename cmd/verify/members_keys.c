/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules 6, 12 and 14 to 16 of FORMAT-keyring: secrets that change, and the
 * key whose secret lies on cards. */
#include "cmd/verify/members.h"

#include <stdlib.h>

/* ---- the log's own keys ---- */

static enum mk_err add_log_key(struct mk_vf_members *m,
                               const struct mk_vf_statement *s)
{
    struct mk_vf_log_key *grown =
        realloc(m->log_key, (m->n_log_keys + 1) * sizeof *grown);

    if (!grown)
        return MK_E_MEMORY;
    m->log_key = grown;
    grown += m->n_log_keys++;
    grown->serial = s->serial;
    memcpy(grown->box, s->box, MK_PK);
    memcpy(grown->sign, s->sign, MK_PK);
    return MK_OK;
}

enum mk_err mk_vf_rule_log_key(struct mk_vf_members *m,
                               const struct mk_vf_statement *s,
                               enum mk_vf_why *why)
{
    if (m->opened || m->n_log_keys > 0 || s->generation != 1) {
        *why = MK_VF_WHY_SECOND_LOG_KEY;
        return MK_OK;
    }
    return add_log_key(m, s);
}

/* ---- rule 12 ---- */

/* Who did not hold the key by an effective role loses what he was given of
 * it: it is the old one. */
static void forget(struct mk_vf_member *p, unsigned secret)
{
    const unsigned bit = 1u << secret;
    const unsigned now = mk_vf_roles_now(p);

    if (secret == MK_VF_DBK && now == 0)
        p->has_dbk = false;
    for (unsigned r = 1; r < MK_VF_ROLES; r++)
        if (!(now & MK_VF_BIT(r)))
            p->role[r].wrapped &= ~bit;
}

/* The lowest role by which p holds the secret; 0: none. */
static unsigned role_for(const struct mk_vf_member *p, unsigned secret)
{
    const unsigned now = mk_vf_roles_now(p);

    for (unsigned r = 1; r < MK_VF_ROLES; r++)
        if ((now & MK_VF_BIT(r)) && (mk_vf_holds[r] & (1u << secret)))
            return r;
    return 0;
}

/* On to whoever is to be wrapped next; behind the last comes the escrow. */
static void go_on(struct mk_vf_members *m)
{
    struct mk_vf_rotation *r = &m->rotation;

    while (r->at < m->n && role_for(&m->member[r->at], r->secret) == 0)
        r->at++;
    if (r->at == m->n && m->in_force.number == 0)
        r->secret = 0;
}

static bool was_used(const struct mk_vf_members *m, const uint8_t *id)
{
    for (unsigned i = 1; i < MK_VF_SECRETS; i++)
        if (m->secret[i].generation != 0 && mk_vf_same(m->secret[i].id, id))
            return true;
    for (size_t i = 0; i < m->n_used; i++)
        if (mk_vf_same(m->used[i].id, id))
            return true;
    return false;
}

/* A key of R_L is new, too. */
static bool log_key_was_used(const struct mk_vf_members *m,
                             const struct mk_vf_statement *s)
{
    for (size_t i = 0; i < m->n_log_keys; i++) {
        const uint8_t *const old[] = {m->log_key[i].box, m->log_key[i].sign};
        for (size_t j = 0; j < 2; j++)
            if (memcmp(old[j], s->box, MK_PK) == 0 ||
                memcmp(old[j], s->sign, MK_PK) == 0)
                return true;
    }
    return false;
}

/* The newest id of that kind becomes one that was used. */
static enum mk_err retire(struct mk_vf_members *m, unsigned secret)
{
    struct mk_vf_key_id *grown =
        realloc(m->used, (m->n_used + 1) * sizeof *grown);

    if (!grown)
        return MK_E_MEMORY;
    m->used = grown;
    memcpy(grown[m->n_used++].id, m->secret[secret].id, MK_ID);
    return MK_OK;
}

enum mk_err mk_vf_rule_rotate(struct mk_vf_members *m,
                              const struct mk_vf_statement *s,
                              enum mk_vf_why *why)
{
    const struct mk_vf_member *by = mk_vf_find(m, s->by);
    enum mk_err rc = MK_OK;

    if (!m->opened)
        *why = MK_VF_WHY_EARLY;
    else if (!by || !(mk_vf_held(by) & (1u << s->secret)))
        *why = MK_VF_WHY_ROTATION_HOLDER;
    else if (s->generation != m->secret[s->secret].generation + 1 ||
             was_used(m, s->key_id) ||
             (s->secret == MK_VF_RL && log_key_was_used(m, s)))
        *why = MK_VF_WHY_OTHER_KEY;
    if (*why)
        return MK_OK;
    rc = retire(m, s->secret);
    if (rc == MK_OK && s->secret == MK_VF_RL)
        rc = add_log_key(m, s);
    m->secret[s->secret].generation = s->generation;
    memcpy(m->secret[s->secret].id, s->key_id, MK_ID);
    m->in_force.escrowed &= ~(1u << s->secret);
    m->stated.escrowed &= ~(1u << s->secret);
    for (size_t i = 0; i < m->n; i++)
        forget(&m->member[i], s->secret);
    m->rotation = (struct mk_vf_rotation){.secret = s->secret};
    memcpy(m->rotation.by, s->by, MK_ID);
    go_on(m);
    return rc;
}

static bool is_newest(const struct mk_vf_members *m,
                      const struct mk_vf_statement *s)
{
    return s->generation == m->secret[s->secret].generation &&
           mk_vf_same(s->key_id, m->secret[s->secret].id);
}

enum mk_vf_why mk_vf_rule_rotate_wrap(struct mk_vf_members *m,
                                      const struct mk_vf_statement *s)
{
    struct mk_vf_rotation *r = &m->rotation;
    const struct mk_vf_member *to;

    if (r->at == m->n)
        return MK_VF_WHY_ROTATION_PARTS;
    to = &m->member[r->at];
    if (!mk_vf_same(s->by, r->by) || !mk_vf_same(s->user, to->id) ||
        s->secret != r->secret || s->role != role_for(to, r->secret) ||
        !is_newest(m, s))
        return MK_VF_WHY_ROTATION_PARTS;
    r->at++;
    go_on(m);
    return MK_VF_FINE;
}

/* ---- sets of cards ---- */

const struct mk_vf_set *mk_vf_set_of(const struct mk_vf_members *m,
                                     const uint8_t id[static MK_ID])
{
    if (m->in_force.number != 0 && mk_vf_same(m->in_force.id, id))
        return &m->in_force;
    if (m->before.number != 0 && mk_vf_same(m->before.id, id))
        return &m->before;
    return NULL;
}

static bool by_key_in_force(const struct mk_vf_members *m,
                            const struct mk_vf_statement *s)
{
    return m->in_force.number != 0 && mk_vf_same(m->in_force.id, s->by);
}

static bool by_a_custodian(const struct mk_vf_members *m,
                           const struct mk_vf_statement *s)
{
    const struct mk_vf_member *by = mk_vf_member(m, s->by);

    return by && (mk_vf_roles_now(by) & MK_VF_BIT(MK_VF_CUSTODIAN));
}

static void put_in_force(struct mk_vf_members *m)
{
    m->before = m->in_force;
    m->in_force = m->stated;
    m->accepted = false;
}

static bool shares_can_be(const struct mk_vf_members *m,
                          const struct mk_vf_statement *s)
{
    static const uint8_t outside[MK_ID];

    if (s->threshold < 2 || s->threshold > s->n_shares)
        return false;
    for (size_t i = 0; i < s->n_shares; i++) {
        if (mk_vf_same(s->holder[i], outside))
            continue;
        if (mk_vf_member(m, s->holder[i]) == NULL)
            return false;
        for (size_t j = 0; j < i; j++)
            if (mk_vf_same(s->holder[j], s->holder[i]))
                return false;
    }
    return true;
}

static bool has_key(const uint8_t box[static MK_PK],
                    const uint8_t sign[static MK_PK],
                    const uint8_t key[static MK_PK])
{
    return memcmp(box, key, MK_PK) == 0 || memcmp(sign, key, MK_PK) == 0;
}

bool mk_vf_is_of_set(const struct mk_vf_members *m,
                     const struct mk_vf_person *p)
{
    const struct mk_vf_set *const sets[] = {&m->in_force, &m->stated};

    for (size_t i = 0; i < 2; i++)
        if (sets[i]->number != 0 &&
            (mk_vf_same(sets[i]->id, p->id) ||
             has_key(sets[i]->box, sets[i]->sign, p->box) ||
             has_key(sets[i]->box, sets[i]->sign, p->sign)))
            return true;
    return false;
}

/* The keys of a set, and its id, are nobody's, nor of a set that is in force or
 * was stated behind that. */
static bool keys_are_new(const struct mk_vf_members *m,
                         const struct mk_vf_set *set)
{
    struct mk_vf_person as_person = {.name = ""};

    memcpy(as_person.id, set->id, MK_ID);
    memcpy(as_person.box, set->box, MK_PK);
    memcpy(as_person.sign, set->sign, MK_PK);
    if (memcmp(set->box, set->sign, MK_PK) == 0 ||
        mk_vf_is_of_set(m, &as_person))
        return false;
    for (size_t i = 0; i < m->n; i++)
        if (mk_vf_same(m->member[i].id, set->id) ||
            has_key(set->box, set->sign, m->member[i].box) ||
            has_key(set->box, set->sign, m->member[i].sign))
            return false;
    return true;
}

static struct mk_vf_set set_of(const struct mk_vf_statement *s)
{
    const struct mk_part parts[] = {
        {"mk1/recovery", 12}, {s->box, MK_PK}, {s->sign, MK_PK}};
    struct mk_vf_set set = {.number = s->set};
    uint8_t hash[MK_HASH];

    mk_sha256_parts(hash, parts, 3);
    memcpy(set.id, hash, MK_ID);
    memcpy(set.maker, s->by, MK_ID);
    memcpy(set.box, s->box, MK_PK);
    memcpy(set.sign, s->sign, MK_PK);
    return set;
}

/* Rule 14. */
static enum mk_vf_why share(struct mk_vf_members *m,
                            const struct mk_vf_statement *s)
{
    const bool by_key = by_key_in_force(m, s);
    const struct mk_vf_set set = set_of(s);

    if (s->set != m->stated.number + 1 || (!m->opened && s->set != 1))
        return MK_VF_WHY_SET;
    if (!shares_can_be(m, s))
        return MK_VF_WHY_SHARES;
    if (!keys_are_new(m, &set))
        return MK_VF_WHY_KEY_TAKEN;
    if (m->opened && !by_key && !by_a_custodian(m, s))
        return MK_VF_WHY_SHARE_SIGNER;
    if (by_key && m->in_force.escrowed != MK_VF_ALL_SECRETS)
        return MK_VF_WHY_NOT_WHOLE;
    m->accepted = false;
    m->stated = set;
    if (by_key || !m->opened)
        put_in_force(m);
    m->resharing = by_key;
    m->recovering = false;
    return MK_VF_FINE;
}

static enum mk_vf_why accept(struct mk_vf_members *m,
                             const struct mk_vf_statement *s)
{
    if (s->set != m->stated.number || s->set == m->in_force.number ||
        m->accepted || (s->type == MK_VF_ACCEPT && m->accepts_late))
        return MK_VF_WHY_SET;
    if (!by_a_custodian(m, s) || mk_vf_same(s->by, m->stated.maker))
        return MK_VF_WHY_ACCEPT_SELF;
    if (s->type == MK_VF_ACCEPT_2)
        m->accepts_late = m->accepted = true;
    else
        put_in_force(m);
    return MK_VF_FINE;
}

/* Rule 15. */
static bool may_escrow(struct mk_vf_members *m,
                       const struct mk_vf_statement *s)
{
    const struct mk_vf_member *by = mk_vf_find(m, s->by);

    if (!m->opened) /* then he is the first custodian */
        return true;
    /* by the key of the set before, while that ends what it began */
    if (m->before.number != 0 && mk_vf_same(m->before.id, s->by))
        return m->resharing;
    return by && (mk_vf_held(by) & (1u << s->secret));
}

/* The set that it names: in force, or accepted and not whole.  NULL: neither.
 * A rotation ends with the one in force. */
static struct mk_vf_set *escrow_for(struct mk_vf_members *m,
                                    const struct mk_vf_statement *s)
{
    if (m->in_force.number != 0 && s->set == m->in_force.number)
        return &m->in_force;
    return m->accepted && m->rotation.secret == 0 && s->set == m->stated.number
               ? &m->stated
               : NULL;
}

static enum mk_vf_why escrow(struct mk_vf_members *m,
                             const struct mk_vf_statement *s)
{
    const unsigned bit = 1u << s->secret;
    struct mk_vf_rotation *r = &m->rotation;
    struct mk_vf_set *set = escrow_for(m, s);

    if (r->secret != 0 &&
        (r->at < m->n || r->secret != s->secret || !mk_vf_same(r->by, s->by)))
        return MK_VF_WHY_ROTATION_PARTS;
    if (m->resharing && !mk_vf_same(s->by, m->before.id))
        return MK_VF_WHY_RECOVERY_PARTS;
    if (set == NULL)
        return MK_VF_WHY_SET;
    if (!may_escrow(m, s))
        return MK_VF_WHY_ESCROW_SIGNER;
    if ((set->escrowed & bit) || !is_newest(m, s))
        return MK_VF_WHY_ESCROW_KEY;
    set->escrowed |= bit;
    r->secret = 0;
    m->resharing = m->resharing && set->escrowed != MK_VF_ALL_SECRETS;
    if (set == &m->stated && set->escrowed == MK_VF_ALL_SECRETS)
        put_in_force(m);
    return MK_VF_FINE;
}

/* Rule 16. */
static enum mk_vf_why by_cards(struct mk_vf_members *m,
                               const struct mk_vf_statement *s)
{
    if (!m->opened)
        return MK_VF_WHY_EARLY;
    if (s->set != m->in_force.number)
        return MK_VF_WHY_SET;
    if (!by_key_in_force(m, s))
        return MK_VF_WHY_RECOVERY_SIGNER;
    if (m->in_force.escrowed != MK_VF_ALL_SECRETS)
        return MK_VF_WHY_NOT_WHOLE;
    m->recovering = s->type == MK_VF_RECOVER;
    m->recover_serial = s->serial;
    return MK_VF_FINE;
}

enum mk_vf_why mk_vf_rule_recovery(struct mk_vf_members *m,
                                   const struct mk_vf_statement *s)
{
    if (s->type == MK_VF_SHARE)
        return share(m, s);
    if (s->type == MK_VF_ACCEPT || s->type == MK_VF_ACCEPT_2)
        return accept(m, s);
    if (s->type == MK_VF_ESCROW)
        return escrow(m, s);
    return by_cards(m, s);
}
