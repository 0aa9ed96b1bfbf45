/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One spelling only: every line is taken apart by a rule that admits a single
 * form of its value, so nothing has to be written again to be compared.
 */
#include "cmd/verify/members.h"

#include <string.h>

#include "cmd/verify/note.h"
#include "core/base/bytes.h"
#include "core/base/num.h"
#include "core/base/text.h"

/* Lines from front to back; bad stays set. */
struct lines {
    const char *at, *end;
    bool bad;
};

/* The value of "key: value" LF, or NULL. */
static const char *value_of(struct lines *l, const char *key, size_t *n)
{
    const size_t n_key = strlen(key);
    const size_t left = (size_t)(l->end - l->at);
    const char *lf = l->bad ? NULL : memchr(l->at, '\n', left);
    const char *value = NULL;

    if (lf && (size_t)(lf - l->at) >= n_key + 2 &&
        memcmp(l->at, key, n_key) == 0 && l->at[n_key] == ':' &&
        l->at[n_key + 1] == ' ') {
        value = l->at + n_key + 2;
        *n = (size_t)(lf - value);
        l->at = lf + 1;
    } else {
        l->bad = true;
    }
    return value;
}

static bool is_next(const struct lines *l, const char *start)
{
    const size_t n = strlen(start);
    return !l->bad && (size_t)(l->end - l->at) >= n &&
           memcmp(l->at, start, n) == 0;
}

static void text(struct lines *l, const char *key, char *out, size_t size)
{
    size_t n;
    const char *v = value_of(l, key, &n);

    out[0] = '\0';
    if (!v || n == 0 || n >= size || memchr(v, '\0', n) ||
        mk_text_valid(v, n) != n) {
        l->bad = true;
        return;
    }
    memcpy(out, v, n);
    out[n] = '\0';
}

static void hex(struct lines *l, const char *key, uint8_t *out, size_t n)
{
    char digits[2 * MK_PK + 1];

    text(l, key, digits, sizeof digits);
    for (const char *p = digits; *p; p++)
        if (*p >= 'A' && *p <= 'F')
            l->bad = true;
    if (!l->bad && !mk_unhex(out, n, digits))
        l->bad = true;
}

static void base64(struct lines *l, const char *key, uint8_t *out, size_t n)
{
    size_t len, got;
    const char *v = value_of(l, key, &len);

    if (!v || !mk_vf_unbase64(out, n, &got, v, len) || got != n)
        l->bad = true;
}

static uint64_t number(struct lines *l, const char *key)
{
    size_t n;
    uint64_t v = 0;
    const char *at = value_of(l, key, &n);

    if (!at || !mk_num_parse(at, n, 1, UINT32_MAX, &v))
        l->bad = true;
    return v;
}

static void moment(struct lines *l, const char *key)
{
    size_t n;
    uint64_t v = 0;
    const char *at = value_of(l, key, &n);

    if (!at || !mk_num_parse(at, n, 0, INT64_MAX, &v))
        l->bad = true;
}

/* Which of the n words the value is, from 1; 0 and bad: none. */
static unsigned word(struct lines *l, const char *key,
                     const char *const *words, unsigned n)
{
    char v[32];

    text(l, key, v, sizeof v);
    for (unsigned i = 1; i < n; i++)
        if (words[i] && strcmp(words[i], v) == 0)
            return i;
    l->bad = true;
    return 0;
}

static const char *const role_words[MK_VF_ROLES] = {
#define MK_ROLE(number, NAME, slug, nl, en) [number] = slug,
#include "core/defs/roles.def"
#undef MK_ROLE
};
static const char *const secret_words[MK_VF_SECRETS] = {
    [MK_VF_DBK] = "dbk",
    [MK_VF_RD] = "rd",
    [MK_VF_RS] = "rs",
    [MK_VF_RL] = "rl",
};
static const char *const type_words[] = {
    [MK_VF_GENESIS] = "genesis",   [MK_VF_LOG_KEY] = "log-key",
    [MK_VF_CERTIFY] = "certify",   [MK_VF_WRAP] = "wrap",
    [MK_VF_SLOT] = "slot",         [MK_VF_OPENED] = "opened",
    [MK_VF_SUSPEND] = "suspend",   [MK_VF_RESUME] = "resume",
    [MK_VF_REVOKE] = "revoke",     [MK_VF_EXCEPT] = "except",
    [MK_VF_ROTATE] = "rotate",     [MK_VF_SLOT_2] = "slot-2",
    [MK_VF_SHARE] = "share",       [MK_VF_ACCEPT] = "accept",
    [MK_VF_ACCEPT_2] = "accept-2", [MK_VF_ESCROW] = "escrow",
    [MK_VF_DRILL] = "drill",       [MK_VF_RECOVER] = "recover",
    [MK_VF_THEFT] = "theft",
};
#define TYPES ((unsigned)(sizeof type_words / sizeof *type_words))

/* Words in the order of their numbers, one space between. */
static unsigned roles(struct lines *l)
{
    char v[64];
    const char *at = v;
    unsigned bits = 0;

    text(l, "roles", v, sizeof v);
    for (unsigned r = 1; r < MK_VF_ROLES; r++) {
        const size_t n = strlen(role_words[r]);

        if (strncmp(at, role_words[r], n) != 0 ||
            (at[n] != '\0' && at[n] != ' '))
            continue;
        bits |= MK_VF_BIT(r);
        at += n;
        if (*at == ' ' && at[1] != '\0')
            at++;
    }
    if (*at != '\0' || bits == 0)
        l->bad = true;
    return bits;
}

static void person(struct lines *l, struct mk_vf_person *p)
{
    hex(l, "user", p->id, MK_ID);
    text(l, "name", p->name, sizeof p->name);
    hex(l, "box-key", p->box, MK_PK);
    hex(l, "sign-key", p->sign, MK_PK);
}

static void genesis(struct lines *l, struct mk_vf_statement *s)
{
    uint8_t nonce[32];

    text(l, "origin", s->origin, sizeof s->origin);
    hex(l, "nonce", nonce, sizeof nonce);
    while (is_next(l, "user: ")) {
        if (s->n_persons == MK_VF_CUSTODIANS) {
            l->bad = true;
            return;
        }
        person(l, &s->person[s->n_persons++]);
    }
    if (s->n_persons == 0)
        l->bad = true;
}

static void certify(struct lines *l, struct mk_vf_statement *s)
{
    uint8_t slot[MK_HASH];

    s->n_persons = 1;
    person(l, &s->person[0]);
    memcpy(s->user, s->person[0].id, MK_ID);
    s->roles = roles(l);
    s->generation = number(l, "generation");
    s->has_slot = is_next(l, "slot-hash: ");
    s->counter = s->has_slot;
    if (s->has_slot)
        hex(l, "slot-hash", slot, sizeof slot);
}

/* The keys that wrap and escrow end with. */
static void sealed(struct lines *l, struct mk_vf_statement *s)
{
    uint8_t box[170];

    s->secret = word(l, "key", secret_words, MK_VF_SECRETS);
    hex(l, "key-id", s->key_id, MK_ID);
    s->generation = number(l, "generation");
    base64(l, "box", box, s->secret == MK_VF_RL ? 170 : 138);
}

static void wrap(struct lines *l, struct mk_vf_statement *s)
{
    hex(l, "user", s->user, MK_ID);
    s->role = word(l, "role", role_words, MK_VF_ROLES);
    sealed(l, s);
}

static void rotate(struct lines *l, struct mk_vf_statement *s)
{
    uint8_t previous[141]; /* an envelope is 77 bytes more than the secret */

    s->secret = word(l, "key", secret_words, MK_VF_SECRETS);
    s->generation = number(l, "generation");
    hex(l, "key-id", s->key_id, MK_ID);
    if (s->secret == MK_VF_RL) {
        hex(l, "box-key", s->box, MK_PK);
        hex(l, "sign-key", s->sign, MK_PK);
    }
    if (s->secret != MK_VF_DBK)
        base64(l, "previous", previous, s->secret == MK_VF_RL ? 141 : 109);
}

static void share(struct lines *l, struct mk_vf_statement *s)
{
    uint8_t check[MK_ID];

    s->set = number(l, "set");
    s->threshold = number(l, "threshold");
    hex(l, "box-key", s->box, MK_PK);
    hex(l, "sign-key", s->sign, MK_PK);
    while (is_next(l, "holder: ")) {
        if (s->n_shares == MK_VF_SHARES) {
            l->bad = true;
            return;
        }
        hex(l, "holder", s->holder[s->n_shares++], MK_ID);
        hex(l, "check", check, sizeof check);
    }
}

static void slot(struct lines *l, struct mk_vf_statement *s)
{
    static const uint8_t none[MK_HASH];
    uint8_t hash[MK_HASH] = {1};

    hex(l, "user", s->user, MK_ID);
    s->counter = number(l, "counter");
    s->has_slot = true;
    hex(l, "slot-hash", hash, sizeof hash);
    s->slot_is_none = memcmp(hash, none, MK_HASH) == 0;
}

static void body(struct lines *l, struct mk_vf_statement *s)
{
    switch (s->type) {
    case MK_VF_GENESIS:
        genesis(l, s);
        break;
    case MK_VF_LOG_KEY:
        s->generation = number(l, "generation");
        hex(l, "box-key", s->box, MK_PK);
        hex(l, "sign-key", s->sign, MK_PK);
        break;
    case MK_VF_CERTIFY:
        certify(l, s);
        break;
    case MK_VF_WRAP:
        wrap(l, s);
        break;
    case MK_VF_SLOT:
        slot(l, s);
        break;
    case MK_VF_OPENED:
    case MK_VF_THEFT:
        break;
    case MK_VF_SUSPEND:
    case MK_VF_RESUME:
        hex(l, "user", s->user, MK_ID);
        break;
    case MK_VF_REVOKE:
    case MK_VF_EXCEPT:
        hex(l, "user", s->user, MK_ID);
        s->roles = roles(l);
        break;
    case MK_VF_ROTATE:
        rotate(l, s);
        break;
    case MK_VF_SLOT_2:
        slot(l, s);
        break;
    case MK_VF_SHARE:
        share(l, s);
        break;
    case MK_VF_ACCEPT:
    case MK_VF_ACCEPT_2:
    case MK_VF_RECOVER:
        s->set = number(l, "set");
        break;
    case MK_VF_ESCROW:
        s->set = number(l, "set");
        sealed(l, s);
        break;
    case MK_VF_DRILL:
        s->set = number(l, "set");
        moment(l, "at");
        break;
    }
}

enum mk_vf_why mk_vf_statement_read(struct mk_vf_statement *s, const char *at,
                                    size_t n)
{
    struct lines l = {.at = at, .end = at + n};

    memset(s, 0, sizeof *s);
    s->lines = at;
    s->serial = number(&l, "serial");
    s->type = (enum mk_vf_type)word(&l, "type", type_words, TYPES);
    if (l.bad)
        return MK_VF_WHY_NUMBER_OR_TYPE;
    body(&l, s);
    hex(&l, "by", s->by, MK_ID);
    s->n_signed = (size_t)(l.at - at);
    base64(&l, "sig", s->sig, MK_SIG);
    s->n_lines = (size_t)(l.at - at);
    return l.bad ? MK_VF_WHY_FORM : MK_VF_FINE;
}
