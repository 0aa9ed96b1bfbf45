/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/keyring.h"

#include <check.h>
#include <string.h>

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
                                    n, who, o->secrets, o->key_ids,
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
