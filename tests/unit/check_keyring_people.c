/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * People who are suspended, resumed, revoked or excepted.  What a rule allows
 * the maker makes and the reader reads; what it refuses both refuse.
 */
#include <string.h>

#include "tests/support/keyring.h"
#include "tests/support/unit.h"

static struct mk_kr_office o;
static char why[MK_KR_WHY];

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    mk_kr_office_make(&o);
}

#define BIT(role) MK_ROLE_BIT(MK_ROLE_##role)
#define ID(person) (o.who[MK_KR_##person].id)
#define WHO(person) (&o.who[MK_KR_##person])
#define OK(call) ck_assert_int_eq(call, MK_OK)

static struct mk_kr_statement about(enum mk_kr_type type, size_t person,
                                    unsigned roles)
{
    struct mk_kr_statement st = {.type = type, .roles = roles};
    memcpy(st.person.id, o.who[person].id, MK_ID);
    return st;
}

/* The reader says reason of st by who, and the maker refuses it too. */
static void refused(struct mk_kr_statement st, size_t who, const char *reason)
{
    struct mk_kr_refusal no;
    struct mk_keyring *c;

    ck_assert_int_eq(mk_kr_office_verdict(o.k, &st, &o.who[who], why),
                     MK_E_DAMAGED);
    ck_assert_str_eq(why, reason);
    OK(mk_keyring_copy(&c, o.k));
    OK(mk_kr_sign(c, &st, &o.who[who]));
    ck_assert_int_ne(mk_kr_apply(c, &st, &no), MK_OK);
    ck_assert_str_eq(no.why, reason);
    mk_keyring_free(c);
}

static unsigned roles_of(size_t person)
{
    return mk_keyring_roles(o.k, o.who[person].id);
}

/* Certified by one custodian and given by an inspector. */
static void give(size_t person, enum mk_role role, size_t certifier,
                 size_t giver)
{
    OK(mk_keyring_certify(o.k, &o.who[certifier], o.who[person].id,
                          MK_ROLE_BIT(role), NULL));
    OK(mk_keyring_grant(o.k, &o.who[giver], o.who[person].id, role, NULL));
}

/* --- suspend and resume --- */

START_TEST(who_is_suspended_has_no_role_until_he_is_resumed)
{
    uint64_t before = mk_keyring_serial(o.k);

    OK(mk_keyring_suspend(o.k, WHO(FOUNDER), ID(INSPECTOR2), NULL));
    ck_assert_uint_eq(roles_of(MK_KR_INSPECTOR2), 0);
    ck_assert_int_eq(mk_keyring_standing(o.k, ID(INSPECTOR2)),
                     MK_STANDING_SUSPENDED);
    OK(mk_keyring_resume(o.k, WHO(CUSTODIAN2), ID(INSPECTOR2), NULL));
    ck_assert_uint_eq(roles_of(MK_KR_INSPECTOR2), BIT(INSPECTOR));
    ck_assert_int_eq(mk_keyring_standing(o.k, ID(INSPECTOR2)),
                     MK_STANDING_ACTIVE);
    mk_kr_office_reread(&o);
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq(
            mk_keyring_roles_at(o.k, ID(INSPECTOR2), before + (unsigned)i),
            i == 1 ? 0 : BIT(INSPECTOR));
    ck_assert_uint_eq(mk_keyring_stale(o.k), 0);
}
END_TEST

START_TEST(who_is_suspended_is_not_unlocked_and_that_costs_no_derivation)
{
    struct mk_identity who;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_secret *p = mk_kr_office_passphrase(MK_KR_INSPECTOR2);

    OK(mk_keyring_suspend(o.k, WHO(FOUNDER), ID(INSPECTOR2), NULL));
    /* a derivation would refuse this cost */
    mk_kr_find(o.k, ID(INSPECTOR2))->slot[0].cost.t = 0;
    ck_assert_int_eq(mk_keyring_unlock(o.k,
                                       mk_keyring_by_id(o.k, ID(INSPECTOR2)),
                                       p, &who, &diag),
                     MK_E_SUSPENDED);
    OK(mk_keyring_revoke(o.k, WHO(FOUNDER), ID(INSPECTOR2), BIT(INSPECTOR),
                         NULL));
    ck_assert_int_eq(mk_keyring_unlock(o.k,
                                       mk_keyring_by_id(o.k, ID(INSPECTOR2)),
                                       p, &who, &diag),
                     MK_E_OUT);
    mk_secret_free(p);
}
END_TEST

START_TEST(who_is_suspended_signs_nothing_and_gets_nothing)
{
    struct mk_kr_statement st = {
        .type = MK_KR_SLOT_SET, .has_slot = true, .slot_counter = 2};

    OK(mk_keyring_suspend(o.k, WHO(FOUNDER), ID(CUSTODIAN2), NULL));
    OK(mk_keyring_suspend(o.k, WHO(FOUNDER), ID(INSPECTOR2), NULL));
    memcpy(st.person.id, ID(INSPECTOR2), MK_ID);
    st.slot_hash[0] = 1;
    refused(st, MK_KR_INSPECTOR2, MK_WHY_STANDING);
    refused(about(MK_KR_SUSPEND, MK_KR_ANALYST, 0), MK_KR_CUSTODIAN2,
            MK_WHY_STANDING);
    refused(mk_kr_office_certify(&o, MK_KR_ANALYST, BIT(INSPECTOR)),
            MK_KR_CUSTODIAN2, MK_WHY_STANDING);
    refused(mk_kr_office_certify(&o, MK_KR_INSPECTOR2, BIT(ANALYST)),
            MK_KR_FOUNDER, MK_WHY_STANDING);
    refused(mk_kr_office_wrap(&o, o.k, MK_KR_INSPECTOR2, MK_ROLE_INSPECTOR,
                              MK_KEY_RD),
            MK_KR_INSPECTOR, MK_WHY_STANDING);
    refused(about(MK_KR_SUSPEND, MK_KR_INSPECTOR2, 0), MK_KR_FOUNDER,
            MK_WHY_TWICE);
}
END_TEST

START_TEST(only_a_custodian_suspends_and_not_himself)
{
    const enum mk_kr_type types[] = {MK_KR_SUSPEND, MK_KR_RESUME, MK_KR_REVOKE,
                                     MK_KR_EXCEPT};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        unsigned roles = i < 2 ? 0
                         : i == 2
                             ? BIT(ANALYST)
                             : BIT(ANALYST) | BIT(INSPECTOR) | BIT(AUDITOR);
        refused(about(types[i], MK_KR_ANALYST, roles), MK_KR_INSPECTOR,
                MK_WHY_CUSTODIAN);
        refused(about(types[i], MK_KR_ANALYST, roles), MK_KR_AUDITOR,
                MK_WHY_CUSTODIAN);
        refused(about(types[i], MK_KR_CUSTODIAN2, roles), MK_KR_CUSTODIAN2,
                MK_WHY_TWO_PEOPLE);
    }
    refused(about(MK_KR_RESUME, MK_KR_ANALYST, 0), MK_KR_FOUNDER,
            MK_WHY_STANDING);
    struct mk_kr_statement st = about(MK_KR_SUSPEND, MK_KR_ANALYST, 0);
    st.person.id[0] ^= 1;
    refused(st, MK_KR_FOUNDER, MK_WHY_UNCERTIFIED);
}
END_TEST

/* --- revoke --- */

START_TEST(who_loses_his_last_role_is_out_for_good)
{
    uint64_t before = mk_keyring_serial(o.k);

    OK(mk_keyring_revoke(o.k, WHO(CUSTODIAN2), ID(INSPECTOR2), BIT(INSPECTOR),
                         NULL));
    mk_kr_office_reread(&o);
    ck_assert_int_eq(mk_keyring_standing(o.k, ID(INSPECTOR2)),
                     MK_STANDING_OUT);
    ck_assert_uint_eq(roles_of(MK_KR_INSPECTOR2), 0);
    ck_assert_uint_eq(mk_keyring_roles_at(o.k, ID(INSPECTOR2), before),
                      BIT(INSPECTOR));
    ck_assert_uint_eq(mk_keyring_by_id(o.k, ID(INSPECTOR2))->certified, 0);
    refused(mk_kr_office_certify(&o, MK_KR_INSPECTOR2, BIT(ANALYST)),
            MK_KR_FOUNDER, MK_WHY_STANDING);
    refused(about(MK_KR_RESUME, MK_KR_INSPECTOR2, 0), MK_KR_FOUNDER,
            MK_WHY_STANDING);
    refused(about(MK_KR_REVOKE, MK_KR_INSPECTOR2, BIT(INSPECTOR)),
            MK_KR_FOUNDER, MK_WHY_STANDING);
}
END_TEST

START_TEST(a_role_that_ended_comes_back_by_two_people_only)
{
    give(MK_KR_ANALYST, MK_ROLE_INSPECTOR, MK_KR_FOUNDER, MK_KR_INSPECTOR);
    ck_assert_uint_eq(roles_of(MK_KR_ANALYST), BIT(ANALYST) | BIT(INSPECTOR));
    OK(mk_keyring_revoke(o.k, WHO(FOUNDER), ID(ANALYST), BIT(INSPECTOR),
                         NULL));
    ck_assert_uint_eq(roles_of(MK_KR_ANALYST), BIT(ANALYST));
    ck_assert_int_eq(mk_keyring_standing(o.k, ID(ANALYST)),
                     MK_STANDING_ACTIVE);
    /* he knows R_D still; what an analyst may hold is no fault */
    ck_assert_uint_eq(mk_keyring_stale(o.k), 1u << MK_KEY_RD);
    ck_assert_uint_eq(mk_keyring_stale_by(o.k, ID(ANALYST), 0),
                      1u << MK_KEY_RD);
    OK(mk_keyring_certify(o.k, WHO(FOUNDER), ID(ANALYST), BIT(INSPECTOR),
                          NULL));
    ck_assert_uint_eq(roles_of(MK_KR_ANALYST), BIT(ANALYST));
    OK(mk_keyring_grant(o.k, WHO(INSPECTOR2), ID(ANALYST), MK_ROLE_INSPECTOR,
                        NULL));
    ck_assert_uint_eq(roles_of(MK_KR_ANALYST), BIT(ANALYST) | BIT(INSPECTOR));
    ck_assert_uint_eq(mk_keyring_stale(o.k), 0);
    mk_kr_office_reread(&o);
}
END_TEST

START_TEST(a_role_that_nobody_else_holds_is_not_revoked)
{
    struct mk_diag diag = MK_DIAG_INIT;

    refused(about(MK_KR_REVOKE, MK_KR_ANALYST, BIT(ANALYST)), MK_KR_FOUNDER,
            MK_WHY_LAST);
    ck_assert_int_eq(
        mk_keyring_revoke(o.k, WHO(FOUNDER), ID(AUDITOR), BIT(AUDITOR), &diag),
        MK_E_LAST_HOLDER);
    ck_assert_str_eq(diag.place, "auditor");
    /* and not by way of a suspension */
    OK(mk_keyring_suspend(o.k, WHO(FOUNDER), ID(AUDITOR), NULL));
    refused(about(MK_KR_REVOKE, MK_KR_AUDITOR, BIT(AUDITOR)), MK_KR_FOUNDER,
            MK_WHY_LAST);
    /* who is suspended does not count as another holder */
    OK(mk_keyring_suspend(o.k, WHO(FOUNDER), ID(INSPECTOR2), NULL));
    refused(about(MK_KR_REVOKE, MK_KR_INSPECTOR, BIT(INSPECTOR)),
            MK_KR_FOUNDER, MK_WHY_LAST);
    OK(mk_keyring_resume(o.k, WHO(FOUNDER), ID(INSPECTOR2), NULL));
    OK(mk_keyring_revoke(o.k, WHO(FOUNDER), ID(INSPECTOR), BIT(INSPECTOR),
                         NULL));
}
END_TEST

START_TEST(only_roles_that_somebody_has_are_revoked)
{
    refused(about(MK_KR_REVOKE, MK_KR_INSPECTOR, BIT(ANALYST)), MK_KR_FOUNDER,
            MK_WHY_UNCERTIFIED);
    refused(
        about(MK_KR_REVOKE, MK_KR_INSPECTOR, BIT(INSPECTOR) | BIT(ANALYST)),
        MK_KR_FOUNDER, MK_WHY_UNCERTIFIED);
    OK(mk_keyring_certify(o.k, WHO(FOUNDER), ID(ANALYST), BIT(INSPECTOR),
                          NULL));
    /* one that waits for its key can end, too */
    OK(mk_keyring_revoke(o.k, WHO(FOUNDER), ID(ANALYST), BIT(INSPECTOR),
                         NULL));
    ck_assert_uint_eq(mk_keyring_by_id(o.k, ID(ANALYST))->certified,
                      BIT(ANALYST));
    ck_assert_uint_eq(mk_keyring_stale(o.k), 0);
}
END_TEST

START_TEST(what_somebody_knew_who_is_out_is_stale)
{
    ck_assert_uint_eq(mk_keyring_stale(o.k), 0);
    ck_assert_uint_eq(mk_keyring_stale_by(o.k, ID(INSPECTOR2), BIT(INSPECTOR)),
                      (1u << MK_KEY_DBK) | (1u << MK_KEY_RD) |
                          (1u << MK_KEY_RS));
    OK(mk_keyring_revoke(o.k, WHO(FOUNDER), ID(INSPECTOR2), BIT(INSPECTOR),
                         NULL));
    ck_assert_uint_eq(mk_keyring_stale(o.k), (1u << MK_KEY_DBK) |
                                                 (1u << MK_KEY_RD) |
                                                 (1u << MK_KEY_RS));
    ck_assert_uint_eq(mk_keyring_stale_by(o.k, ID(INSPECTOR), 0), 0);
}
END_TEST

/* --- except --- */

#define INS_AUD (BIT(INSPECTOR) | BIT(AUDITOR))

START_TEST(an_exception_takes_two_custodians)
{
    refused(mk_kr_office_certify(&o, MK_KR_AUDITOR, BIT(INSPECTOR)),
            MK_KR_FOUNDER, MK_WHY_ROLES);
    OK(mk_keyring_except(o.k, WHO(CUSTODIAN2), ID(AUDITOR), INS_AUD, NULL));
    refused(mk_kr_office_certify(&o, MK_KR_AUDITOR, BIT(INSPECTOR)),
            MK_KR_CUSTODIAN2, MK_WHY_ROLES);
    give(MK_KR_AUDITOR, MK_ROLE_INSPECTOR, MK_KR_FOUNDER, MK_KR_INSPECTOR);
    ck_assert_uint_eq(roles_of(MK_KR_AUDITOR), INS_AUD);
    mk_kr_office_reread(&o);
}
END_TEST

START_TEST(an_exception_names_all_roles_and_one_person)
{
    OK(mk_keyring_except(o.k, WHO(CUSTODIAN2), ID(AUDITOR), INS_AUD, NULL));
    refused(mk_kr_office_certify(&o, MK_KR_AUDITOR,
                                 BIT(INSPECTOR) | BIT(CUSTODIAN)),
            MK_KR_FOUNDER, MK_WHY_ROLES);
    refused(mk_kr_office_certify(&o, MK_KR_INSPECTOR, BIT(AUDITOR)),
            MK_KR_FOUNDER, MK_WHY_ROLES);
    /* the newest one counts */
    OK(mk_keyring_except(o.k, WHO(FOUNDER), ID(AUDITOR), INS_AUD, NULL));
    refused(mk_kr_office_certify(&o, MK_KR_AUDITOR, BIT(INSPECTOR)),
            MK_KR_FOUNDER, MK_WHY_ROLES);
    refused(about(MK_KR_EXCEPT, MK_KR_AUDITOR, BIT(AUDITOR) | BIT(ANALYST)),
            MK_KR_FOUNDER, MK_WHY_ROLES);
}
END_TEST

START_TEST(an_exception_ends_with_a_role_of_it)
{
    OK(mk_keyring_except(o.k, WHO(CUSTODIAN2), ID(AUDITOR), INS_AUD, NULL));
    give(MK_KR_AUDITOR, MK_ROLE_INSPECTOR, MK_KR_FOUNDER, MK_KR_INSPECTOR);
    OK(mk_keyring_revoke(o.k, WHO(FOUNDER), ID(AUDITOR), BIT(INSPECTOR),
                         NULL));
    refused(mk_kr_office_certify(&o, MK_KR_AUDITOR, BIT(INSPECTOR)),
            MK_KR_FOUNDER, MK_WHY_ROLES);
}
END_TEST

START_TEST(nobody_comes_or_goes_before_the_opening)
{
    const struct mk_kr_statement rows[] = {
        about(MK_KR_SUSPEND, MK_KR_INSPECTOR2, 0),
        about(MK_KR_RESUME, MK_KR_INSPECTOR2, 0),
        about(MK_KR_REVOKE, MK_KR_INSPECTOR2, BIT(INSPECTOR)),
        about(MK_KR_EXCEPT, MK_KR_AUDITOR, INS_AUD),
        {.type = MK_KR_ROTATE,
         .kind = MK_KEY_DBK,
         .generation = 2,
         .key_id = {1}},
        {.type = MK_KR_SLOT2_SET, .slot_counter = 1, .slot_hash = {1}},
    };
    struct mk_keyring *k = mk_kr_new();
    struct mk_kr_refusal no;
    struct mk_kr_statement st;
    struct mk_kr_text t;

    /* all statements of the office but the last, which is the opening */
    mk_kr_text_init(&t, o.text.data, o.text.len);
    mk_kr_expect(&t, MK_KR_HEADER);
    while (k->serial + 1 < o.k->serial) {
        mk_kr_expect(&t, "\n");
        mk_kr_statement_read(&t, &st);
        OK(mk_kr_apply(k, &st, &no));
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mk_keyring *c;
        st = rows[i];
        if (st.type == MK_KR_SLOT2_SET)
            memcpy(st.person.id, ID(FOUNDER), MK_ID);
        OK(mk_keyring_copy(&c, k));
        OK(mk_kr_sign(c, &st, WHO(FOUNDER)));
        ck_assert_int_ne(mk_kr_apply(c, &st, &no), MK_OK);
        ck_assert_str_eq(no.why, st.type == MK_KR_SLOT2_SET
                                     ? MK_WHY_SLOT_COUNTER
                                     : MK_WHY_OPENED);
        mk_keyring_free(c);
    }
    mk_keyring_free(k);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        who_is_suspended_has_no_role_until_he_is_resumed,
        who_is_suspended_is_not_unlocked_and_that_costs_no_derivation,
        who_is_suspended_signs_nothing_and_gets_nothing,
        only_a_custodian_suspends_and_not_himself,
        who_loses_his_last_role_is_out_for_good,
        a_role_that_ended_comes_back_by_two_people_only,
        a_role_that_nobody_else_holds_is_not_revoked,
        only_roles_that_somebody_has_are_revoked,
        what_somebody_knew_who_is_out_is_stale,
        an_exception_takes_two_custodians,
        an_exception_names_all_roles_and_one_person,
        an_exception_ends_with_a_role_of_it,
        nobody_comes_or_goes_before_the_opening,
    };
    return UNIT_RUN("keyring_people", tests, start);
}
