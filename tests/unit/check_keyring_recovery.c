/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about sets of cards (14, 15), and what cards give. */
#include <stdio.h>
#include <string.h>

#include "tests/support/recovery_kit.h"
#include "tests/support/unit.h"

/* --- share, accept (rule 14) --- */

START_TEST(a_set_takes_two_custodians)
{
    struct mk_kr_statement st = rk_share(1, 2, 3);
    struct mk_kr_statement accept = rk_of_set(MK_KR_ACCEPT, 1);
    struct mk_recovery_facts facts;

    REFUSED(rk_o.k, &accept, CUSTODIAN2, MK_WHY_SHARE);
    REFUSED(rk_o.k, &st, INSPECTOR, MK_WHY_CUSTODIAN);
    ck_assert_int_eq(
        mk_keyring_share(rk_o.k, FOUNDER, &rk_two_of_three, rk_cards, NULL),
        MK_OK);
    mk_keyring_recovery_facts(rk_o.k, &facts);
    ck_assert(facts.in_force.number == 0 && facts.proposed.number == 1);
    REFUSED(rk_o.k, &accept, FOUNDER, MK_WHY_TWO_PEOPLE);
    REFUSED(rk_o.k, &accept, INSPECTOR, MK_WHY_CUSTODIAN);
    accept.set.number = 2;
    REFUSED(rk_o.k, &accept, CUSTODIAN2, MK_WHY_SHARE);
    accept.set.number = 1;
    ck_assert_int_eq(mk_kr_state(rk_o.k, &accept, CUSTODIAN2, NULL), MK_OK);
    rk_reread();
    mk_keyring_recovery_facts(rk_o.k, &facts);
    ck_assert(facts.in_force.number == 1 && facts.proposed.number == 0);
    ck_assert(facts.in_force.threshold == 2 && facts.in_force.n == 3);
    ck_assert_uint_ne(facts.missing, 0);
    REFUSED(rk_o.k, &accept, CUSTODIAN2, MK_WHY_SHARE);
}
END_TEST

START_TEST(numbers_of_sets_follow_each_other_and_thresholds_protect)
{
    struct mk_kr_statement st = rk_share(2, 2, 3);
    static const unsigned bad[][2] = {{1, 3}, {0, 3}, {3, 2}, {2, 0}};

    REFUSED(rk_o.k, &st, FOUNDER, MK_WHY_SHARE);
    for (size_t i = 0; i < 4; i++) {
        st = rk_share(1, bad[i][0], bad[i][1]);
        REFUSED(rk_o.k, &st, FOUNDER, MK_WHY_SHARE);
    }
    rk_in_force();
    st = rk_share(1, 2, 3);
    REFUSED(rk_o.k, &st, FOUNDER, MK_WHY_SHARE);
    st = rk_share(2, 16, 16);
    TAKEN(rk_o.k, &st, FOUNDER);
}
END_TEST

START_TEST(holders_are_members_and_nobody_holds_two_cards)
{
    struct mk_kr_statement st = rk_share(1, 2, 3);
    struct mk_share_plan plan = rk_two_of_three;

    memset(st.set.share[1].holder, 7, MK_ID);
    REFUSED(rk_o.k, &st, FOUNDER, MK_WHY_SHARE);
    memcpy(st.set.share[1].holder, INSPECTOR->id, MK_ID);
    TAKEN(rk_o.k, &st, FOUNDER);
    memcpy(st.set.share[2].holder, INSPECTOR->id, MK_ID);
    REFUSED(rk_o.k, &st, FOUNDER, MK_WHY_SHARE);
    plan.holder[0] = "niemand";
    ck_assert_int_eq(mk_keyring_share(rk_o.k, FOUNDER, &plan, rk_cards, NULL),
                     MK_E_NO_MEMBER);
    plan.holder[0] = mk_kr_first[MK_KR_AUDITOR].name;
    ck_assert_int_eq(mk_keyring_share(rk_o.k, FOUNDER, &plan, rk_cards, NULL),
                     MK_OK);
    ck_assert_mem_eq(rk_o.k->recovery.proposed.share[0].holder, AUDITOR->id,
                     MK_ID);
}
END_TEST

START_TEST(a_recovery_key_is_nobodys_key)
{
    struct mk_kr_statement st = rk_share(1, 2, 3);
    const struct mk_member *m = mk_keyring_by_id(rk_o.k, INSPECTOR->id);

    memcpy(st.set.sign, m->sign, MK_PK);
    REFUSED(rk_o.k, &st, FOUNDER, MK_WHY_TWICE);
    st = rk_share(1, 2, 3);
    memcpy(st.set.box, m->sign, MK_PK);
    REFUSED(rk_o.k, &st, FOUNDER, MK_WHY_TWICE);
    st = rk_share(1, 2, 3);
    memcpy(st.set.box, st.set.sign, MK_PK);
    REFUSED(rk_o.k, &st, FOUNDER, MK_WHY_TWICE);
    rk_in_force();
    /* and nobody takes it later: neither id nor keys */
    struct mk_kr_statement person = {.type = MK_KR_CERTIFY,
                                     .roles = MK_ROLE_BIT(MK_ROLE_ANALYST),
                                     .generation = 1,
                                     .has_slot = true,
                                     .slot_counter = 1,
                                     .person = {.name = "nieuw"}};
    memset(person.person.box, 1, MK_PK);
    memset(person.person.sign, 2, MK_PK);
    TAKEN(rk_o.k, &person, FOUNDER);
    memcpy(person.person.id, rk_o.k->recovery.set.id, MK_ID);
    REFUSED(rk_o.k, &person, FOUNDER, MK_WHY_TWICE);
    memset(person.person.id, 3, MK_ID);
    memcpy(person.person.box, rk_o.k->recovery.set.sign, MK_PK);
    REFUSED(rk_o.k, &person, FOUNDER, MK_WHY_TWICE);
}
END_TEST

/* --- escrow (rule 15) --- */

START_TEST(only_a_holder_puts_a_secret_with_the_set_and_once)
{
    struct mk_kr_statement st;

    rk_in_force();
    st = rk_escrow(rk_o.k, MK_KEY_RD);
    REFUSED(rk_o.k, &st, AUDITOR, MK_WHY_HOLDER);
    REFUSED(rk_o.k, &st, FOUNDER, MK_WHY_HOLDER);
    TAKEN(rk_o.k, &st, INSPECTOR);
    st.set.number = 2;
    REFUSED(rk_o.k, &st, INSPECTOR, MK_WHY_SHARE);
    st = rk_escrow(rk_o.k, MK_KEY_RD);
    st.generation = 2;
    REFUSED(rk_o.k, &st, INSPECTOR, MK_WHY_KEY);
    st = rk_escrow(rk_o.k, MK_KEY_RD);
    st.key_id[0] ^= 1;
    REFUSED(rk_o.k, &st, INSPECTOR, MK_WHY_KEY);
    rk_whole();
}
END_TEST

START_TEST(a_secret_is_stored_once_and_who_has_none_stores_none)
{
    struct mk_kr_statement st;
    unsigned kinds;

    ck_assert_int_eq(mk_keyring_escrow(rk_o.k, INSPECTOR, &kinds, NULL),
                     MK_E_NO_CARDS);
    rk_whole();
    st = rk_escrow(rk_o.k, MK_KEY_RD);
    REFUSED(rk_o.k, &st, INSPECTOR, MK_WHY_TWICE);
    ck_assert_int_eq(mk_keyring_escrow(rk_o.k, INSPECTOR, &kinds, NULL),
                     MK_E_EXISTS);
}
END_TEST

START_TEST(a_new_set_in_force_takes_the_place_of_the_old_and_its_escrow)
{
    struct mk_recovery_facts facts;
    struct mk_recovery r;

    rk_whole();
    mk_keyring_recovery_facts(rk_o.k, &facts);
    ck_assert_uint_eq(facts.missing, 0);
    rk_combined(&r);
    rk_in_force();
    mk_keyring_recovery_facts(rk_o.k, &facts);
    ck_assert_uint_eq(facts.in_force.number, 2);
    ck_assert_uint_ne(facts.missing, 0);
    /* the old key signs nothing any more */
    struct mk_kr_statement st = rk_of_set(MK_KR_DRILL, 2);
    REFUSED(rk_o.k, &st, &r.who, MK_WHY_SIGNER);
    mk_recovery_release(&r);
}
END_TEST

/* --- rk_cards --- */

START_TEST(cards_give_every_secret)
{
    struct mk_recovery r;
    rk_whole();
    for (unsigned left_out = 0; left_out < 3; left_out++) {
        struct mk_card some[2];
        size_t n = 0;
        for (unsigned i = 0; i < 3; i++)
            if (i != left_out)
                some[n++] = rk_cards[i];
        ck_assert_int_eq(
            mk_keyring_combine(rk_o.k, some, rk_what, 2, &r, NULL), MK_OK);
        for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++)
            ck_assert(mk_secret_equal(r.keys[kind], rk_o.secrets[kind]));
        mk_recovery_release(&r);
    }
    ck_assert_int_eq(
        mk_keyring_combine(rk_o.k, rk_cards, rk_what, 3, &r, NULL), MK_OK);
    mk_recovery_release(&r);
}
END_TEST

START_TEST(cards_that_do_not_belong_are_named)
{
    struct mk_card old[3];
    struct mk_card some[3];

    rk_combine_refused(rk_cards, 0, MK_E_NO_CARDS, "", 0);
    rk_whole();
    memcpy(old, rk_cards, sizeof old);
    rk_whole(); /* set 2 */
    rk_combine_refused(rk_cards, 0, MK_E_CARD_FEW, "", 0);
    rk_combine_refused(rk_cards, 1, MK_E_CARD_FEW, "", 1);
    memcpy(some, rk_cards, sizeof some);
    some[1] = old[1];
    rk_combine_refused(some, 2, MK_E_CARD_SET, "b", 1);
    some[1] = rk_cards[0];
    rk_combine_refused(some, 2, MK_E_CARD_TWICE, "b", 1);
    some[1] = rk_cards[1];
    some[1].store[3] ^= 1;
    rk_combine_refused(some, 2, MK_E_CARD_VAULT, "b", 0);
    /* a share of the old set with the number of the new one */
    some[1] = old[1];
    some[1].set = 2;
    rk_combine_refused(some, 2, MK_E_CARD_BAD, "b", 2);
    some[1] = rk_cards[1];
    some[1].share.number = 9;
    rk_combine_refused(some, 2, MK_E_CARD_BAD, "b", 9);
    some[1] = rk_cards[1];
    some[1].share.number = 3;
    rk_combine_refused(some, 2, MK_E_CARD_BAD, "b", 3);
    some[1] = rk_cards[1];
    some[1].threshold = 3;
    rk_combine_refused(some, 2, MK_E_CARD_BAD, "b", 2);
    memcpy(some, rk_cards, sizeof some);
    mk_secret_bytes(some[2].share.bytes)[5] ^= 0x10;
    rk_combine_refused(some, 3, MK_E_CARD_BAD, "c", 3);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_set_takes_two_custodians,
        numbers_of_sets_follow_each_other_and_thresholds_protect,
        holders_are_members_and_nobody_holds_two_cards,
        a_recovery_key_is_nobodys_key,
        only_a_holder_puts_a_secret_with_the_set_and_once,
        a_secret_is_stored_once_and_who_has_none_stores_none,
        a_new_set_in_force_takes_the_place_of_the_old_and_its_escrow,
        cards_give_every_secret,
        cards_that_do_not_belong_are_named,
    };
    return UNIT_RUN("keyring_recovery", tests, rk_start);
}
