/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules of FORMAT-keyring, numbered as there. */
#include "cmd/verify/members.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define SECRET(name) (1u << MK_VF_##name)

static bool same(const uint8_t *a, const uint8_t *b)
{
    return memcmp(a, b, MK_ID) == 0;
}

/* What a role is there for. */
static const unsigned holds[MK_VF_ROLES] = {
    [MK_VF_CUSTODIAN] = SECRET(DBK),
    [MK_VF_INSPECTOR] = SECRET(DBK) | SECRET(RD) | SECRET(RS),
    [MK_VF_ANALYST] = SECRET(DBK) | SECRET(RS),
    [MK_VF_AUDITOR] = SECRET(DBK) | SECRET(RL),
};
/* What has to be wrapped for it by name (rule 2). */
static const unsigned own[MK_VF_ROLES] = {
    [MK_VF_CUSTODIAN] = SECRET(DBK),
    [MK_VF_INSPECTOR] = SECRET(RD) | SECRET(RS),
    [MK_VF_ANALYST] = SECRET(RS),
    [MK_VF_AUDITOR] = SECRET(RL),
};
/* Rule 7. */
static const unsigned excluding[] = {
    MK_VF_BIT(MK_VF_INSPECTOR) | MK_VF_BIT(MK_VF_AUDITOR),
    MK_VF_BIT(MK_VF_CUSTODIAN) | MK_VF_BIT(MK_VF_INSPECTOR),
    MK_VF_BIT(MK_VF_CUSTODIAN) | MK_VF_BIT(MK_VF_AUDITOR),
};

static struct mk_vf_member *find(struct mk_vf_members *m, const uint8_t *id)
{
    for (size_t i = 0; i < m->n; i++)
        if (same(m->member[i].id, id))
            return &m->member[i];
    return NULL;
}

static unsigned wrapped(const struct mk_vf_member *p)
{
    unsigned bits = 0;
    for (unsigned r = 1; r < MK_VF_ROLES; r++)
        bits |= p->role[r].wrapped;
    return bits;
}

static unsigned held(const struct mk_vf_member *p)
{
    unsigned bits = 0;
    for (unsigned r = 1; r < MK_VF_ROLES; r++)
        if (p->role[r].effective)
            bits |= holds[r];
    return bits;
}

/* ---- rule 8: names ---- */

static bool is_letter(utf8proc_int32_t c)
{
    const utf8proc_category_t k = utf8proc_category(c);
    const bool latin = c <= 0x24f || (c >= 0x1e00 && c <= 0x1eff);

    return latin && (k == UTF8PROC_CATEGORY_LU || k == UTF8PROC_CATEGORY_LL ||
                     k == UTF8PROC_CATEGORY_LT);
}

static bool signs_ok(const uint8_t *p, size_t n)
{
    bool space = true, any = false;
    utf8proc_int32_t c;

    for (size_t i = 0; i < n;) {
        const utf8proc_ssize_t step =
            utf8proc_iterate(p + i, (utf8proc_ssize_t)(n - i), &c);
        const bool alone = is_letter(c) || (c >= '0' && c <= '9');

        if (step <= 0 || (c == ' ' && space) ||
            (!alone && c != ' ' && (i == 0 || (c != '.' && c != '-'))))
            return false;
        any = any || alone;
        space = c == ' ';
        i += (size_t)step;
    }
    return any && !space;
}

bool mk_vf_name_ok(const char *name, uint8_t folded[static MK_HASH])
{
    const utf8proc_uint8_t *in = (const utf8proc_uint8_t *)name;
    const size_t n = strlen(name);
    utf8proc_uint8_t *plain = NULL, *fold = NULL;
    const utf8proc_option_t nfc = UTF8PROC_STABLE | UTF8PROC_COMPOSE |
                                  UTF8PROC_REJECTNA;
    bool ok = false;

    if (n == 0 || n > 64 || !signs_ok(in, n))
        return false;
    /* with compatibility mapping: ligatures and superscripts change */
    utf8proc_ssize_t got =
        utf8proc_map(in, (utf8proc_ssize_t)n, &plain, nfc | UTF8PROC_COMPAT);
    if (got == (utf8proc_ssize_t)n && memcmp(plain, in, n) == 0) {
        got = utf8proc_map(in, (utf8proc_ssize_t)n, &fold,
                           nfc | UTF8PROC_CASEFOLD);
        ok = got > 0;
        if (ok)
            mk_sha256(folded, fold, (size_t)got);
    }
    free(plain);
    free(fold);
    return ok;
}

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
        if (same(o->id, p->id))
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

/* ---- statements ---- */

static enum mk_err genesis(struct mk_vf_members *m,
                           const struct mk_vf_statement *s,
                           enum mk_vf_why *why)
{
    enum mk_err rc = MK_OK;
    struct mk_vf_member *p;

    for (const char *c = s->origin; *c; c++)
        if (*c <= ' ' || *c > '~' || *c == '+')
            *why = MK_VF_WHY_ORIGIN;
    if (!same(s->by, s->person[0].id))
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

static enum mk_vf_why log_key(struct mk_vf_members *m,
                              const struct mk_vf_statement *s)
{
    if (m->opened || m->has_log_key || s->generation != 1)
        return MK_VF_WHY_SECOND_LOG_KEY;
    memcpy(m->log_box, s->box, MK_PK);
    memcpy(m->log_sign, s->sign, MK_PK);
    m->has_log_key = true;
    return MK_VF_FINE;
}

static enum mk_vf_why roles_ok(const struct mk_vf_member *p, unsigned roles)
{
    unsigned all = roles;

    for (unsigned r = 1; p && r < MK_VF_ROLES; r++) {
        if (!p->role[r].certified)
            continue;
        if (roles & MK_VF_BIT(r))
            return MK_VF_WHY_ROLE_TWICE;
        all |= MK_VF_BIT(r);
    }
    for (size_t i = 0; i < sizeof excluding / sizeof *excluding; i++)
        if ((all & excluding[i]) == excluding[i])
            return MK_VF_WHY_EXCLUDING;
    return MK_VF_FINE;
}

static enum mk_err certify(struct mk_vf_members *m,
                           const struct mk_vf_statement *s,
                           enum mk_vf_why *why)
{
    enum mk_err rc = MK_OK;
    struct mk_vf_member *by = find(m, s->by), *p = find(m, s->user);
    const struct mk_vf_person *said = &s->person[0];
    const bool is_new = p == NULL;

    if (m->opened && !(by && by->role[MK_VF_CUSTODIAN].effective))
        *why = MK_VF_WHY_NO_CUSTODIAN;
    else if (same(s->by, s->user))
        *why = MK_VF_WHY_BY_HIMSELF;
    else if (s->generation != 1)
        *why = MK_VF_WHY_GENERATION;
    else if (p && (strcmp(p->name, said->name) != 0 ||
                   memcmp(p->box, said->box, MK_PK) != 0 ||
                   memcmp(p->sign, said->sign, MK_PK) != 0))
        *why = MK_VF_WHY_OTHER_PERSON;
    else if (s->has_slot != is_new)
        *why = MK_VF_WHY_SLOT_PLACE;
    else
        *why = roles_ok(p, s->roles);
    if (!*why && is_new)
        rc = add_member(m, said, s->serial, &p, why);
    if (rc != MK_OK || *why)
        return rc;
    certified(p, s->roles, s);
    if (is_new)
        p->slot_counter = 1;
    return MK_OK;
}

/* Rule 4. */
static enum mk_vf_why may_wrap(struct mk_vf_members *m,
                               const struct mk_vf_member *to,
                               const struct mk_vf_statement *s)
{
    const struct mk_vf_member *by = find(m, s->by);

    if (!by || by == to || same(to->role[s->role].certified_by, s->by))
        return MK_VF_WHY_ONE_PERSON;
    if (by->role[MK_VF_CUSTODIAN].effective)
        return MK_VF_WHY_BY_CUSTODIAN;
    if ((held(by) & holds[s->role]) != holds[s->role])
        return MK_VF_WHY_NOT_HELD;
    return MK_VF_FINE;
}

static enum mk_vf_why wrap(struct mk_vf_members *m,
                           const struct mk_vf_statement *s)
{
    struct mk_vf_member *to = find(m, s->user);
    const unsigned bit = 1u << s->secret;
    enum mk_vf_why why = MK_VF_FINE;
    unsigned had;

    if (!to || !to->role[s->role].certified)
        return MK_VF_WHY_UNCERTIFIED;
    if (m->opened)
        why = may_wrap(m, to, s);
    if (why)
        return why;
    if (!(holds[s->role] & bit))
        return MK_VF_WHY_OTHER_ROLE;
    /* rule 5: DBK once by whatever role, and once more for a custodian */
    had = s->secret == MK_VF_DBK && s->role != MK_VF_CUSTODIAN
              ? wrapped(to)
              : to->role[s->role].wrapped;
    if (had & bit)
        return MK_VF_WHY_KEY_TWICE;
    if (s->generation != 1 ||
        (m->secret[s->secret].known ? !same(m->secret[s->secret].id, s->key_id)
                                    : m->opened))
        return MK_VF_WHY_OTHER_KEY;
    m->secret[s->secret].known = true;
    memcpy(m->secret[s->secret].id, s->key_id, MK_ID);
    to->role[s->role].wrapped |= bit;
    for (unsigned r = 1; r < MK_VF_ROLES; r++)
        if (to->role[r].certified && !to->role[r].effective &&
            (to->role[r].wrapped & own[r]) == own[r] &&
            (wrapped(to) & SECRET(DBK)))
            to->role[r].effective = s->serial;
    return MK_VF_FINE;
}

/* Rule 9. */
static enum mk_vf_why slot(struct mk_vf_members *m,
                           const struct mk_vf_statement *s)
{
    struct mk_vf_member *p = find(m, s->user);

    if (!p || !same(s->by, s->user))
        return MK_VF_WHY_SLOT_OTHER;
    if (s->counter != p->slot_counter + 1 || (!m->opened && s->counter != 1))
        return MK_VF_WHY_SLOT_ORDER;
    p->slot_counter = s->counter;
    return MK_VF_FINE;
}

static enum mk_vf_why opened(struct mk_vf_members *m)
{
    unsigned all = 0;

    if (m->opened || !m->has_log_key)
        return MK_VF_WHY_END;
    for (size_t i = 0; i < m->n; i++) {
        if (m->member[i].slot_counter == 0)
            return MK_VF_WHY_END_SLOT;
        for (unsigned r = 1; r < MK_VF_ROLES; r++) {
            const struct mk_vf_role *role = &m->member[i].role[r];

            if (role->certified && !role->effective)
                return MK_VF_WHY_END_KEYS;
            if (role->effective)
                all |= MK_VF_BIT(r);
        }
    }
    for (unsigned r = 1; r < MK_VF_ROLES; r++)
        if (!(all & MK_VF_BIT(r)))
            return MK_VF_WHY_END_ROLES;
    m->opened = true;
    return MK_VF_FINE;
}

enum mk_err mk_vf_rules(struct mk_vf_members *m,
                        const struct mk_vf_statement *s, enum mk_vf_why *why)
{
    *why = MK_VF_FINE;
    if (!m->opened && s->type != MK_VF_GENESIS && s->type != MK_VF_SLOT &&
        !same(s->by, m->founder)) {
        *why = MK_VF_WHY_FOUNDER;
        return MK_OK;
    }
    switch (s->type) {
    case MK_VF_GENESIS:
        return genesis(m, s, why);
    case MK_VF_LOG_KEY:
        *why = log_key(m, s);
        break;
    case MK_VF_CERTIFY:
        return certify(m, s, why);
    case MK_VF_WRAP:
        *why = wrap(m, s);
        break;
    case MK_VF_SLOT:
        *why = slot(m, s);
        break;
    case MK_VF_OPENED:
        *why = opened(m);
        break;
    }
    return MK_OK;
}
