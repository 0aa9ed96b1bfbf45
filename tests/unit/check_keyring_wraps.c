/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Role secrets in boxes: who may seal them to whom, and what opens.  All
 * statements here have a good signature.
 */
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

START_TEST(no_custodian_wraps_after_the_opening)
{
    struct mk_keyring *k = mk_kr_office_certified(
        &o, MK_KR_ANALYST, BIT(INSPECTOR), MK_KR_CUSTODIAN2);
    struct mk_kr_statement st =
        mk_kr_office_wrap(&o, k, MK_KR_ANALYST, MK_ROLE_INSPECTOR, MK_KEY_RD);

    REFUSED(k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_WRAP_CUSTODIAN);
    REFUSED(k, &st, &o.who[MK_KR_CUSTODIAN2], MK_WHY_TWO_PEOPLE);
    ck_assert_int_eq(
        mk_kr_office_verdict(k, &st, &o.who[MK_KR_INSPECTOR], why), MK_OK);
    mk_keyring_free(k);
}
END_TEST

START_TEST(who_does_not_hold_the_role_s_keys_does_not_wrap_them)
{
    struct mk_keyring *k = mk_kr_office_certified(
        &o, MK_KR_ANALYST, BIT(INSPECTOR), MK_KR_FOUNDER);
    struct mk_kr_statement st =
        mk_kr_office_wrap(&o, k, MK_KR_ANALYST, MK_ROLE_INSPECTOR, MK_KEY_RD);

    REFUSED(k, &st, &o.who[MK_KR_AUDITOR], MK_WHY_HOLDER);
    REFUSED(k, &st, &o.who[MK_KR_ANALYST], MK_WHY_TWO_PEOPLE);
    st = mk_kr_office_wrap(&o, k, MK_KR_ANALYST, MK_ROLE_INSPECTOR, MK_KEY_RL);
    REFUSED(k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_KIND);
    mk_keyring_free(k);
}
END_TEST

START_TEST(who_is_certified_for_a_role_and_has_not_got_it_does_not_grant_it)
{
    struct mk_keyring *k = mk_kr_office_certified(
        &o, MK_KR_ANALYST, BIT(INSPECTOR), MK_KR_FOUNDER);
    struct mk_kr_statement st;

    /* the second custodian is to be an analyst too */
    ck_assert_int_eq(mk_keyring_certify(k, &o.who[MK_KR_FOUNDER],
                                        o.who[MK_KR_CUSTODIAN2].id,
                                        BIT(ANALYST), NULL),
                     MK_OK);
    st =
        mk_kr_office_wrap(&o, k, MK_KR_CUSTODIAN2, MK_ROLE_ANALYST, MK_KEY_RS);
    REFUSED(k, &st, &o.who[MK_KR_AUDITOR], MK_WHY_HOLDER);
    ck_assert_int_eq(mk_kr_office_verdict(k, &st, &o.who[MK_KR_ANALYST], why),
                     MK_OK);
    mk_keyring_free(k);

    k = mk_kr_office_certified(&o, MK_KR_AUDITOR, BIT(ANALYST), MK_KR_FOUNDER);
    ck_assert_int_eq(mk_keyring_certify(k, &o.who[MK_KR_FOUNDER],
                                        o.who[MK_KR_CUSTODIAN2].id,
                                        BIT(ANALYST), NULL),
                     MK_OK);
    st =
        mk_kr_office_wrap(&o, k, MK_KR_CUSTODIAN2, MK_ROLE_ANALYST, MK_KEY_RS);
    REFUSED(k, &st, &o.who[MK_KR_AUDITOR], MK_WHY_HOLDER);
    ck_assert_int_eq(mk_keyring_grant(k, &o.who[MK_KR_ANALYST],
                                      o.who[MK_KR_AUDITOR].id, MK_ROLE_ANALYST,
                                      NULL),
                     MK_OK);
    ck_assert_int_eq(mk_kr_office_verdict(k, &st, &o.who[MK_KR_AUDITOR], why),
                     MK_OK);
    mk_keyring_free(k);
}
END_TEST

START_TEST(nobody_gets_a_key_without_being_certified_for_its_role)
{
    struct mk_kr_statement st = mk_kr_office_wrap(
        &o, o.k, MK_KR_ANALYST, MK_ROLE_INSPECTOR, MK_KEY_RD);

    REFUSED(o.k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_UNCERTIFIED);
    st = mk_kr_office_wrap(&o, o.k, MK_KR_ANALYST, MK_ROLE_ANALYST, MK_KEY_RD);
    REFUSED(o.k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_KIND);
    st = mk_kr_office_wrap(&o, o.k, MK_KR_ANALYST, MK_ROLE_ANALYST, MK_KEY_RS);
    REFUSED(o.k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_TWICE);
    st.person.id[0] ^= 1;
    REFUSED(o.k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_UNCERTIFIED);
}
END_TEST

START_TEST(a_key_has_one_id_and_one_generation)
{
    struct mk_keyring *k = mk_kr_office_certified(
        &o, MK_KR_ANALYST, BIT(INSPECTOR), MK_KR_FOUNDER);
    struct mk_kr_statement st =
        mk_kr_office_wrap(&o, k, MK_KR_ANALYST, MK_ROLE_INSPECTOR, MK_KEY_RD);

    st.key_id[0] ^= 1;
    REFUSED(k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_KEY);
    st = mk_kr_office_wrap(&o, k, MK_KR_ANALYST, MK_ROLE_INSPECTOR, MK_KEY_RD);
    st.generation = 2;
    REFUSED(k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_KEY);
    mk_keyring_free(k);
}
END_TEST

START_TEST(another_secret_under_the_same_id_is_found_out_at_opening)
{
    struct mk_keyring *k = mk_kr_office_certified(
        &o, MK_KR_ANALYST, BIT(INSPECTOR), MK_KR_FOUNDER);
    struct mk_secret *wrong = mk_secret_random(MK_KEY);
    struct mk_secret *got;
    struct mk_kr_statement st;
    struct mk_kr_refusal no;
    uint8_t id[MK_ID];
    uint32_t generation;

    ck_assert_int_eq(mk_kr_wrap_fill(k, &st,
                                     mk_kr_find(k, o.who[MK_KR_ANALYST].id),
                                     MK_ROLE_INSPECTOR, MK_KEY_RD,
                                     o.key_ids[MK_KEY_RD], wrong),
                     MK_OK);
    ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[MK_KR_INSPECTOR]), MK_OK);
    ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_OK);
    ck_assert_int_eq(mk_keyring_unwrap(k, &o.who[MK_KR_ANALYST], MK_KEY_RD,
                                       &got, id, &generation, NULL),
                     MK_E_DAMAGED);
    ck_assert_ptr_null(got);
    mk_secret_free(wrong);
    mk_keyring_free(k);
}
END_TEST

static struct mk_kr_wrap *find_wrap(struct mk_keyring *k, size_t person,
                                    enum mk_key_kind kind)
{
    for (size_t i = 0; i < k->n_wraps; i++)
        if (k->wrap[i].kind == kind &&
            memcmp(k->wrap[i].user, o.who[person].id, MK_ID) == 0)
            return &k->wrap[i];
    ck_abort();
    return NULL;
}

START_TEST(a_box_opens_only_for_its_member_and_its_kind)
{
    struct mk_keyring *k;
    struct mk_secret *got;
    uint8_t id[MK_ID];
    uint32_t generation;
    const struct mk_kr_wrap *from;
    struct mk_kr_wrap *to;

    ck_assert_int_eq(mk_keyring_copy(&k, o.k), MK_OK);
    to = find_wrap(k, MK_KR_INSPECTOR2, MK_KEY_RD);
    from = find_wrap(k, MK_KR_INSPECTOR, MK_KEY_RD);
    memcpy(to->box, from->box, from->n_box);
    ck_assert_int_eq(mk_keyring_unwrap(k, &o.who[MK_KR_INSPECTOR2], MK_KEY_RD,
                                       &got, id, &generation, NULL),
                     MK_E_DAMAGED);
    from = find_wrap(k, MK_KR_INSPECTOR2, MK_KEY_RS);
    memcpy(to->box, from->box, from->n_box);
    ck_assert_int_eq(mk_keyring_unwrap(k, &o.who[MK_KR_INSPECTOR2], MK_KEY_RD,
                                       &got, id, &generation, NULL),
                     MK_E_DAMAGED);
    ck_assert_int_eq(mk_keyring_unwrap(k, &o.who[MK_KR_INSPECTOR2], MK_KEY_RS,
                                       &got, id, &generation, NULL),
                     MK_OK);
    mk_secret_free(got);
    mk_keyring_free(k);
}
END_TEST

START_TEST(a_log_key_is_the_one_whose_public_halves_are_known)
{
    struct mk_secret *got;
    uint8_t id[MK_ID];
    uint32_t generation;

    for (int half = 0; half < 3; half++) {
        struct mk_keyring *k;
        struct mk_kr_key *key;
        ck_assert_int_eq(mk_keyring_copy(&k, o.k), MK_OK);
        key = mk_kr_key(k, MK_KEY_RL);
        if (half > 0)
            (half == 1 ? key->log_box : key->log_sign)[0] ^= 1;
        ck_assert_int_eq(mk_keyring_unwrap(k, &o.who[MK_KR_AUDITOR], MK_KEY_RL,
                                           &got, id, &generation, NULL),
                         half > 0 ? MK_E_DAMAGED : MK_OK);
        mk_secret_free(got);
        mk_keyring_free(k);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        no_custodian_wraps_after_the_opening,
        who_does_not_hold_the_role_s_keys_does_not_wrap_them,
        who_is_certified_for_a_role_and_has_not_got_it_does_not_grant_it,
        nobody_gets_a_key_without_being_certified_for_its_role,
        a_key_has_one_id_and_one_generation,
        another_secret_under_the_same_id_is_found_out_at_opening,
        a_box_opens_only_for_its_member_and_its_kind,
        a_log_key_is_the_one_whose_public_halves_are_known,
    };
    return UNIT_RUN("keyring_wraps", tests, start);
}
