/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/keyring.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "cmd/verify/members.h"

const struct mk_kr_person_row mk_kr_first[MK_KR_PEOPLE] = {
    [MK_KR_FOUNDER] = {"Anna de Boer", MK_ROLE_CUSTODIAN,
                       "correct paard batterij niet"},
    [MK_KR_CUSTODIAN2] = {"Bram Visser", MK_ROLE_CUSTODIAN, "b wachtwoord"},
    [MK_KR_INSPECTOR] = {"Ren\xc3\xa9"
                         "e K\xc3\xb6nig",
                         MK_ROLE_INSPECTOR, "c wachtwoord"},
    [MK_KR_INSPECTOR2] = {"D. Smit-Bakker", MK_ROLE_INSPECTOR, "d wachtwoord"},
    [MK_KR_ANALYST] = {"Eva Mulder", MK_ROLE_ANALYST, "e wachtwoord"},
    [MK_KR_AUDITOR] = {"Frank de Wit", MK_ROLE_AUDITOR, "f wachtwoord"},
};

struct mk_secret *mk_kr_office_passphrase(size_t person)
{
    const char *p = mk_kr_first[person].passphrase;
    return mk_secret_from(p, strlen(p));
}

void mk_kr_office_make_of(struct mk_kr_office *o, unsigned persons)
{
    struct mk_first_member people[MK_KR_PEOPLE];
    struct mk_identity who[MK_KR_PEOPLE];
    struct mk_secret *p[MK_KR_PEOPLE];
    struct mk_diag diag = MK_DIAG_INIT;
    size_t n = 0;

    memset(o, 0, sizeof *o);
    for (size_t i = 0; i < MK_KR_PEOPLE; i++) {
        if (!(persons & (1u << i)))
            continue;
        p[n] = mk_kr_office_passphrase(i);
        people[n] = (struct mk_first_member){mk_kr_first[i].name,
                                             mk_kr_first[i].role, p[n]};
        n++;
    }
    ck_assert_msg(mk_keyring_create(&o->k, "kluis.voorbeeld.example", people,
                                    n, who, o->secrets, o->key_ids, NULL, NULL,
                                    &diag) == MK_OK,
                  "%s %s", mk_err_name(diag.err), diag.place);
    n = 0;
    for (size_t i = 0; i < MK_KR_PEOPLE; i++)
        if (persons & (1u << i)) {
            o->who[i] = who[n];
            mk_secret_free(p[n++]);
        }
    ck_assert_int_eq(mk_keyring_format(o->k, &o->text), MK_OK);
}

void mk_kr_office_make(struct mk_kr_office *o)
{
    mk_kr_office_make_of(o, (1u << MK_KR_PEOPLE) - 1);
}

void mk_kr_office_release(struct mk_kr_office *o)
{
    mk_keyring_free(o->k);
    mk_buf_release(&o->text);
    for (size_t i = 0; i < MK_KR_PEOPLE; i++)
        mk_identity_release(&o->who[i]);
    for (size_t i = 0; i < MK_KEY_KINDS; i++)
        mk_secret_free(o->secrets[i]);
}

struct mk_identity mk_kr_office_unlock(const struct mk_kr_office *o,
                                       const struct mk_keyring *k,
                                       size_t person)
{
    struct mk_identity who;
    struct mk_secret *p = mk_kr_office_passphrase(person);
    const struct mk_member *m = mk_keyring_by_id(k, o->who[person].id);

    ck_assert_ptr_nonnull(m);
    ck_assert_int_eq(mk_keyring_unlock(k, m, p, &who, NULL), MK_OK);
    mk_secret_free(p);
    return who;
}

void mk_kr_office_reread(struct mk_kr_office *o)
{
    struct mk_keyring *k;
    struct mk_buf again = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;

    mk_buf_clear(&o->text);
    ck_assert_int_eq(mk_keyring_format(o->k, &o->text), MK_OK);
    ck_assert_msg(mk_keyring_parse(&k, o->text.data, o->text.len, &diag) ==
                      MK_OK,
                  "%s %s", mk_err_name(diag.err), diag.place);
    ck_assert_int_eq(mk_keyring_format(k, &again), MK_OK);
    ck_assert_uint_eq(again.len, o->text.len);
    ck_assert_mem_eq(again.data, o->text.data, again.len);
    mk_buf_release(&again);
    mk_keyring_free(o->k);
    o->k = k;
}

/*
 * The reader of meldkluis-verify was written apart, from docs/FORMAT-keyring.md:
 * it takes what the vault takes.  It does not see the slots part (rule 10).
 */
static void second_reader(const struct mk_buf *members, enum mk_err rc,
                          const char *why)
{
    struct mk_vf_members m;

    ck_assert_int_eq(mk_vf_members_parse(&m, members->data, members->len),
                     MK_OK);
    if (strcmp(why, MK_WHY_SLOT_OLD) != 0 &&
        strcmp(why, MK_WHY_SLOT_HASH) != 0)
        ck_assert_msg((rc == MK_OK) == (m.why == MK_VF_FINE),
                      "the vault says %s, meldkluis-verify %s",
                      rc == MK_OK ? "yes" : why,
                      m.why ? mk_vf_why_text(m.why, true) : "yes");
    mk_vf_members_release(&m);
}

void mk_kr_second_reader(const struct mk_keyring *k,
                         const struct mk_kr_statement *st, const char *why)
{
    struct mk_vf_members m;
    struct mk_buf text = MK_BUF_INIT;
    size_t n_signed;

    ck_assert_int_eq(mk_keyring_format_members(k, &text), MK_OK);
    ck_assert_int_eq(mk_kr_statement_add(&text, st, &n_signed), MK_OK);
    ck_assert_int_eq(mk_vf_members_parse(&m, text.data, text.len), MK_OK);
    ck_assert_msg((m.serial >= st->serial) == (why[0] == '\0'),
                  "the vault says '%s', meldkluis-verify '%s'", why,
                  mk_vf_why_text(m.why, true));
    mk_vf_members_release(&m);
    mk_buf_release(&text);
}

enum mk_err mk_kr_office_verdict(const struct mk_keyring *k,
                                 struct mk_kr_statement *st,
                                 const struct mk_identity *who,
                                 char why[static MK_KR_WHY])
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_keyring *c;
    struct mk_keyring *read;
    struct mk_buf t = MK_BUF_INIT;
    size_t n_signed;
    enum mk_err rc;

    ck_assert_int_eq(mk_kr_sign(k, st, who), MK_OK);
    ck_assert_int_eq(mk_keyring_copy(&c, k), MK_OK);
    ck_assert_int_eq(mk_buf_add_str(&c->members, "\n"), MK_OK);
    ck_assert_int_eq(mk_kr_statement_add(&c->members, st, &n_signed), MK_OK);
    ck_assert_int_eq(mk_keyring_format(c, &t), MK_OK);
    rc = mk_keyring_parse(&read, t.data, t.len, &diag);
    if (rc != MK_OK)
        ck_assert_int_eq(diag.num[0], (int64_t)st->serial);
    memcpy(why, diag.place, MK_KR_WHY);
    second_reader(&c->members, rc, why);
    mk_keyring_free(read);
    mk_keyring_free(c);
    mk_buf_release(&t);
    return rc;
}

struct mk_kr_statement mk_kr_office_certify(const struct mk_kr_office *o,
                                            size_t person, unsigned roles)
{
    struct mk_kr_statement st = {
        .type = MK_KR_CERTIFY, .roles = roles, .generation = 1};
    const struct mk_member *m = mk_keyring_by_id(o->k, o->who[person].id);
    memcpy(st.person.id, m->id, MK_ID);
    memcpy(st.person.name, m->name, sizeof st.person.name);
    memcpy(st.person.box, m->box, MK_PK);
    memcpy(st.person.sign, m->sign, MK_PK);
    return st;
}

struct mk_kr_statement mk_kr_office_wrap(const struct mk_kr_office *o,
                                         const struct mk_keyring *k,
                                         size_t person, enum mk_role role,
                                         enum mk_key_kind kind)
{
    struct mk_kr_statement st;
    ck_assert_int_eq(mk_kr_wrap_fill(k, &st, mk_kr_find(k, o->who[person].id),
                                     role, kind, o->key_ids[kind],
                                     o->secrets[kind]),
                     MK_OK);
    return st;
}

struct mk_keyring *mk_kr_office_certified(const struct mk_kr_office *o,
                                          size_t person, unsigned roles,
                                          size_t custodian)
{
    struct mk_keyring *k;
    ck_assert_int_eq(mk_keyring_copy(&k, o->k), MK_OK);
    ck_assert_int_eq(mk_keyring_certify(k, &o->who[custodian],
                                        o->who[person].id, roles, NULL),
                     MK_OK);
    return k;
}
