/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules of FORMAT-keyring, numbered as there.  Each refusal is a text that
 * ends the sentence "statement N: ...".
 */
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

static const char *no_twin(const struct mk_vf_members *m,
                           const struct mk_vf_person *p,
                           const uint8_t folded[static MK_HASH])
{
    if (memcmp(p->box, p->sign, MK_PK) == 0)
        return "one key for two purposes";
    for (size_t i = 0; i < m->n; i++) {
        const struct mk_vf_member *o = &m->member[i];
        const uint8_t *const keys[] = {o->box, o->sign};

        if (memcmp(o->folded, folded, MK_HASH) == 0)
            return "a name that is taken";
        if (same(o->id, p->id))
            return "an id that is taken";
        for (size_t j = 0; j < 2; j++)
            if (memcmp(keys[j], p->box, MK_PK) == 0 ||
                memcmp(keys[j], p->sign, MK_PK) == 0)
                return "a key that is taken";
    }
    return NULL;
}

static enum mk_err add_member(struct mk_vf_members *m,
                              const struct mk_vf_person *p, uint64_t serial,
                              struct mk_vf_member **out, const char **why)
{
    uint8_t folded[MK_HASH];

    *out = NULL;
    if (!mk_vf_name_ok(p->name, folded))
        *why = "a name that is none";
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
                           const struct mk_vf_statement *s, const char **why)
{
    enum mk_err rc = MK_OK;
    struct mk_vf_member *p;

    for (const char *c = s->origin; *c; c++)
        if (*c <= ' ' || *c > '~' || *c == '+')
            *why = "an origin that is none";
    if (!same(s->by, s->person[0].id))
        *why = "not signed by the first custodian";
    for (size_t i = 0; i < s->n_persons && !*why && rc == MK_OK; i++) {
        rc = add_member(m, &s->person[i], s->serial, &p, why);
        if (p)
            certified(p, MK_VF_BIT(MK_VF_CUSTODIAN), s);
    }
    memcpy(m->founder, s->by, MK_ID);
    memcpy(m->origin, s->origin, sizeof m->origin);
    return rc;
}

static const char *log_key(struct mk_vf_members *m,
                           const struct mk_vf_statement *s)
{
    if (m->opened || m->has_log_key || s->generation != 1)
        return "a second key of the log";
    memcpy(m->log_box, s->box, MK_PK);
    memcpy(m->log_sign, s->sign, MK_PK);
    m->has_log_key = true;
    return NULL;
}

static const char *roles_ok(const struct mk_vf_member *p, unsigned roles)
{
    unsigned all = roles;

    for (unsigned r = 1; p && r < MK_VF_ROLES; r++) {
        if (!p->role[r].certified)
            continue;
        if (roles & MK_VF_BIT(r))
            return "a role that was certified before";
        all |= MK_VF_BIT(r);
    }
    for (size_t i = 0; i < sizeof excluding / sizeof *excluding; i++)
        if ((all & excluding[i]) == excluding[i])
            return "roles that exclude each other";
    return NULL;
}

static enum mk_err certify(struct mk_vf_members *m,
                           const struct mk_vf_statement *s, const char **why)
{
    enum mk_err rc = MK_OK;
    struct mk_vf_member *by = find(m, s->by), *p = find(m, s->user);
    const struct mk_vf_person *said = &s->person[0];
    const bool is_new = p == NULL;

    if (m->opened && !(by && by->role[MK_VF_CUSTODIAN].effective))
        *why = "certified by somebody who is no custodian";
    else if (same(s->by, s->user))
        *why = "certified by himself";
    else if (s->generation != 1)
        *why = "an unknown generation";
    else if (p && (strcmp(p->name, said->name) != 0 ||
                   memcmp(p->box, said->box, MK_PK) != 0 ||
                   memcmp(p->sign, said->sign, MK_PK) != 0))
        *why = "another name or key for somebody known";
    else if (s->has_slot != is_new)
        *why = "a slot where none belongs, or none where one does";
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
static const char *may_wrap(struct mk_vf_members *m,
                            const struct mk_vf_member *to,
                            const struct mk_vf_statement *s)
{
    const struct mk_vf_member *by = find(m, s->by);

    if (!by || by == to || same(to->role[s->role].certified_by, s->by))
        return "one person did the work of two";
    if (by->role[MK_VF_CUSTODIAN].effective)
        return "a key wrapped by a custodian";
    if ((held(by) & holds[s->role]) != holds[s->role])
        return "a key wrapped by somebody who does not hold it";
    return NULL;
}

static const char *wrap(struct mk_vf_members *m,
                        const struct mk_vf_statement *s)
{
    struct mk_vf_member *to = find(m, s->user);
    const unsigned bit = 1u << s->secret;
    const char *why = NULL;
    unsigned had;

    if (!to || !to->role[s->role].certified)
        return "a key for somebody who is not certified";
    if (m->opened)
        why = may_wrap(m, to, s);
    if (why)
        return why;
    if (!(holds[s->role] & bit))
        return "a key of another role";
    /* rule 5: DBK once by whatever role, and once more for a custodian */
    had = s->secret == MK_VF_DBK && s->role != MK_VF_CUSTODIAN
              ? wrapped(to)
              : to->role[s->role].wrapped;
    if (had & bit)
        return "a key wrapped twice";
    if (s->generation != 1 ||
        (m->secret[s->secret].known ? !same(m->secret[s->secret].id, s->key_id)
                                    : m->opened))
        return "another key than the others have";
    m->secret[s->secret].known = true;
    memcpy(m->secret[s->secret].id, s->key_id, MK_ID);
    to->role[s->role].wrapped |= bit;
    for (unsigned r = 1; r < MK_VF_ROLES; r++)
        if (to->role[r].certified && !to->role[r].effective &&
            (to->role[r].wrapped & own[r]) == own[r] &&
            (wrapped(to) & SECRET(DBK)))
            to->role[r].effective = s->serial;
    return NULL;
}

/* Rule 9. */
static const char *slot(struct mk_vf_members *m,
                        const struct mk_vf_statement *s)
{
    struct mk_vf_member *p = find(m, s->user);

    if (!p || !same(s->by, s->user))
        return "a slot stated by somebody else";
    if (s->counter != p->slot_counter + 1 || (!m->opened && s->counter != 1))
        return "a slot out of order";
    p->slot_counter = s->counter;
    return NULL;
}

static const char *opened(struct mk_vf_members *m)
{
    unsigned all = 0;

    if (m->opened || !m->has_log_key)
        return "an end of genesis that is none";
    for (size_t i = 0; i < m->n; i++) {
        if (m->member[i].slot_counter == 0)
            return "genesis ends before everybody has a slot";
        for (unsigned r = 1; r < MK_VF_ROLES; r++) {
            const struct mk_vf_role *role = &m->member[i].role[r];

            if (role->certified && !role->effective)
                return "genesis ends before everybody has his keys";
            if (role->effective)
                all |= MK_VF_BIT(r);
        }
    }
    for (unsigned r = 1; r < MK_VF_ROLES; r++)
        if (!(all & MK_VF_BIT(r)))
            return "genesis ends without somebody in each role";
    m->opened = true;
    return NULL;
}

enum mk_err mk_vf_rules(struct mk_vf_members *m,
                        const struct mk_vf_statement *s, const char **why)
{
    *why = NULL;
    if (!m->opened && s->type != MK_VF_GENESIS && s->type != MK_VF_SLOT &&
        !same(s->by, m->founder)) {
        *why = "not signed by the first custodian";
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
