/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Statements with a good signature, made by a member with a program of his
 * own who does what his role does not allow.
 */
#include <stdio.h>
#include <string.h>

#include "tests/support/keyring.h"
#include "tests/support/unit.h"

static struct mk_kr_office o;

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    mk_kr_office_make(&o);
}

#define BIT(role) MK_ROLE_BIT(MK_ROLE_##role)

static char why[MK_KR_WHY];

#define REFUSED(k, st, who, reason)                             \
    do {                                                        \
        ck_assert_int_eq(mk_kr_office_verdict(k, st, who, why), \
                         MK_E_DAMAGED);                         \
        ck_assert_str_eq(why, reason);                          \
    } while (0)

/* --- certify --- */

START_TEST(only_a_custodian_certifies)
{
    struct mk_kr_statement st =
        mk_kr_office_certify(&o, MK_KR_ANALYST, BIT(INSPECTOR));

    REFUSED(o.k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_CUSTODIAN);
    REFUSED(o.k, &st, &o.who[MK_KR_AUDITOR], MK_WHY_CUSTODIAN);
    ck_assert_int_eq(
        mk_kr_office_verdict(o.k, &st, &o.who[MK_KR_CUSTODIAN2], why), MK_OK);
    ck_assert_int_eq(
        mk_kr_office_verdict(o.k, &st, &o.who[MK_KR_FOUNDER], why), MK_OK);
}
END_TEST

START_TEST(a_custodian_does_not_certify_himself)
{
    struct mk_kr_statement st =
        mk_kr_office_certify(&o, MK_KR_CUSTODIAN2, BIT(ANALYST));

    REFUSED(o.k, &st, &o.who[MK_KR_CUSTODIAN2], MK_WHY_TWO_PEOPLE);
    ck_assert_int_eq(
        mk_kr_office_verdict(o.k, &st, &o.who[MK_KR_FOUNDER], why), MK_OK);
}
END_TEST

START_TEST(a_custodian_certified_but_not_granted_cannot_certify)
{
    struct mk_keyring *k = mk_kr_office_certified(
        &o, MK_KR_ANALYST, BIT(CUSTODIAN), MK_KR_FOUNDER);
    struct mk_kr_statement st =
        mk_kr_office_certify(&o, MK_KR_CUSTODIAN2, BIT(ANALYST));

    REFUSED(k, &st, &o.who[MK_KR_ANALYST], MK_WHY_CUSTODIAN);
    ck_assert_int_eq(mk_keyring_grant(k, &o.who[MK_KR_INSPECTOR],
                                      o.who[MK_KR_ANALYST].id,
                                      MK_ROLE_CUSTODIAN, NULL),
                     MK_OK);
    ck_assert_int_eq(mk_kr_office_verdict(k, &st, &o.who[MK_KR_ANALYST], why),
                     MK_OK);
    mk_keyring_free(k);
}
END_TEST

START_TEST(roles_that_exclude_each_other_are_not_certified)
{
    const struct {
        size_t person;
        unsigned roles;
    } rows[] = {
        {MK_KR_INSPECTOR, BIT(AUDITOR)},
        {MK_KR_AUDITOR, BIT(INSPECTOR)},
        {MK_KR_CUSTODIAN2, BIT(INSPECTOR)},
        {MK_KR_INSPECTOR, BIT(CUSTODIAN)},
        {MK_KR_CUSTODIAN2, BIT(AUDITOR)},
        {MK_KR_AUDITOR, BIT(CUSTODIAN)},
        {MK_KR_ANALYST, BIT(INSPECTOR) | BIT(AUDITOR)},
        {MK_KR_ANALYST, BIT(CUSTODIAN) | BIT(INSPECTOR)},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mk_kr_statement st =
            mk_kr_office_certify(&o, rows[i].person, rows[i].roles);
        REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_ROLES);
    }
}
END_TEST

START_TEST(a_member_keeps_his_name_and_keys)
{
    struct mk_kr_statement st =
        mk_kr_office_certify(&o, MK_KR_ANALYST, BIT(INSPECTOR));

    st.person.box[0] ^= 1;
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_KEY);
    st = mk_kr_office_certify(&o, MK_KR_ANALYST, BIT(INSPECTOR));
    memcpy(st.person.sign, o.who[MK_KR_ANALYST].id, MK_ID);
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_KEY);
    st = mk_kr_office_certify(&o, MK_KR_ANALYST, BIT(INSPECTOR));
    st.person.name[0] = 'X';
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_KEY);
    st = mk_kr_office_certify(&o, MK_KR_ANALYST, BIT(INSPECTOR));
    st.generation = 2;
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_KEY);
    st = mk_kr_office_certify(&o, MK_KR_ANALYST, BIT(ANALYST));
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_TWICE);
}
END_TEST

START_TEST(names_ids_and_keys_are_nobody_elses)
{
    struct mk_identity new;
    struct mk_kr_statement fresh =
        mk_kr_office_certify(&o, MK_KR_ANALYST, BIT(ANALYST));
    struct mk_kr_statement st;
    const struct mk_kr_person *analyst = &fresh.person;
    struct mk_kr_person p = {.name = "Gerda Vos"};

    ck_assert_int_eq(mk_kr_identity_make(&new, p.box, p.sign), MK_OK);
    memcpy(p.id, new.id, MK_ID);
    st = fresh;
    st.person = p;
    memcpy(st.person.name, "EVA mulder", 11);
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_TWICE);
    st.person = p;
    memcpy(st.person.box, analyst->box, MK_PK);
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_TWICE);
    st.person = p;
    memcpy(st.person.sign, analyst->sign, MK_PK);
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_TWICE);
    /* decomposed, a bidi control, spaces around: all are other spellings */
    const char *const names[] = {"Rene\xcc\x81", "Eva\xe2\x80\xae",
                                 " Gerda",       "Gerda ",
                                 "Ger  da",      "\xd0\x95va"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        st.person = p;
        snprintf(st.person.name, sizeof st.person.name, "%s", names[i]);
        REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_NAME);
    }
    mk_identity_release(&new);
}
END_TEST

/* --- genesis, signatures, order --- */

START_TEST(genesis_log_key_and_opening_happen_once)
{
    struct mk_kr_statement st = {.type = MK_KR_OPENED};

    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_OPENED);
    st = (struct mk_kr_statement){.type = MK_KR_LOG_KEY, .generation = 1};
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_TWICE);
    st = (struct mk_kr_statement){.type = MK_KR_GENESIS, .origin = "o"};
    st.n_custodians = 1;
    st.custodians[0] = mk_kr_office_certify(&o, MK_KR_FOUNDER, 0).person;
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_GENESIS);
}
END_TEST

START_TEST(a_statement_signed_with_another_s_key_is_refused)
{
    struct mk_kr_statement st =
        mk_kr_office_certify(&o, MK_KR_ANALYST, BIT(INSPECTOR));
    struct mk_identity thief = o.who[MK_KR_ANALYST];

    memcpy(thief.id, o.who[MK_KR_FOUNDER].id, MK_ID);
    REFUSED(o.k, &st, &thief, MK_WHY_SIGNATURE);
    memset(thief.id, 7, MK_ID);
    REFUSED(o.k, &st, &thief, MK_WHY_SIGNER);
}
END_TEST

START_TEST(before_the_opening_only_the_first_custodian_speaks)
{
    struct mk_keyring *k = mk_kr_new();
    struct mk_kr_text t;
    struct mk_kr_statement st;
    struct mk_kr_refusal no;

    /* genesis and log-key of the office, then somebody else */
    mk_kr_text_init(&t, o.text.data, o.text.len);
    mk_kr_expect(&t, MK_KR_HEADER);
    for (size_t i = 0; i < 2; i++) {
        mk_kr_expect(&t, "\n");
        mk_kr_statement_read(&t, &st);
        ck_assert(!t.bad);
        ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_OK);
    }
    st = mk_kr_office_certify(&o, MK_KR_ANALYST, BIT(ANALYST));
    ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[MK_KR_CUSTODIAN2]), MK_OK);
    ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_E_NO_ROLE);
    ck_assert_str_eq(no.why, MK_WHY_FOUNDER);
    mk_keyring_free(k);
}
END_TEST

START_TEST(a_vault_opens_only_when_everybody_has_his_whole_role)
{
    /* all statements of the office up to each wrap, then "opened" */
    size_t refused = 0;
    for (uint64_t last = 1; last + 1 < o.k->serial; last++) {
        struct mk_keyring *k = mk_kr_new();
        struct mk_kr_text t;
        struct mk_kr_statement st;
        struct mk_kr_refusal no;

        mk_kr_text_init(&t, o.text.data, o.text.len);
        mk_kr_expect(&t, MK_KR_HEADER);
        while (k->serial < last) {
            mk_kr_expect(&t, "\n");
            mk_kr_statement_read(&t, &st);
            ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_OK);
        }
        st = (struct mk_kr_statement){.type = MK_KR_OPENED};
        ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[MK_KR_FOUNDER]), MK_OK);
        ck_assert_int_ne(mk_kr_apply(k, &st, &no), MK_OK);
        ck_assert_str_eq(no.why, MK_WHY_OPENED);
        refused++;
        mk_keyring_free(k);
    }
    ck_assert_uint_eq(refused, o.k->serial - 2);
}
END_TEST

START_TEST(a_vault_does_not_open_over_somebody_half_admitted)
{
    struct mk_keyring *k = mk_kr_new();
    struct mk_kr_text t;
    struct mk_kr_statement st;
    struct mk_kr_refusal no;

    mk_kr_text_init(&t, o.text.data, o.text.len);
    mk_kr_expect(&t, MK_KR_HEADER);
    while (k->serial + 1 < o.k->serial) {
        mk_kr_expect(&t, "\n");
        mk_kr_statement_read(&t, &st);
        ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_OK);
    }
    st = mk_kr_office_certify(&o, MK_KR_ANALYST, BIT(INSPECTOR));
    ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[MK_KR_FOUNDER]), MK_OK);
    ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_OK);
    st = (struct mk_kr_statement){.type = MK_KR_OPENED};
    ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[MK_KR_FOUNDER]), MK_OK);
    ck_assert_int_ne(mk_kr_apply(k, &st, &no), MK_OK);
    ck_assert_str_eq(no.why, MK_WHY_OPENED);
    mk_keyring_free(k);
}
END_TEST

START_TEST(serials_are_dense)
{
    struct mk_kr_statement st =
        mk_kr_office_certify(&o, MK_KR_ANALYST, BIT(INSPECTOR));
    struct mk_kr_refusal no;
    struct mk_keyring *k;

    ck_assert_int_eq(mk_keyring_copy(&k, o.k), MK_OK);
    ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[MK_KR_FOUNDER]), MK_OK);
    st.serial++;
    ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_E_DAMAGED);
    ck_assert_str_eq(no.why, MK_WHY_SERIAL);
    mk_keyring_free(k);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        only_a_custodian_certifies,
        a_custodian_does_not_certify_himself,
        a_custodian_certified_but_not_granted_cannot_certify,
        roles_that_exclude_each_other_are_not_certified,
        a_member_keeps_his_name_and_keys,
        names_ids_and_keys_are_nobody_elses,
        genesis_log_key_and_opening_happen_once,
        a_statement_signed_with_another_s_key_is_refused,
        before_the_opening_only_the_first_custodian_speaks,
        a_vault_opens_only_when_everybody_has_his_whole_role,
        a_vault_does_not_open_over_somebody_half_admitted,
        serials_are_dense,
    };
    return UNIT_RUN("keyring_rules", tests, start);
}
