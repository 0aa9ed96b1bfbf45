/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cards that a second custodian accepted (accept-2): the set before stays in
 * force, with all that lies with it, until the last secret lies with the new
 * one.  Never is there a moment in which no set opens everything. */
#include "core/card.h"
#include "tests/support/keyring.h"
#include "tests/support/unit.h"

#include <string.h>

static struct mk_kr_office o;
static struct mk_card first[MK_SHARES_MOST], second[MK_SHARES_MOST];
static const char *const what[] = {"a", "b", "c"};
static const struct mk_share_plan plan = {.threshold = 2, .n = 3};

#define FOUNDER (&o.who[MK_KR_FOUNDER])
#define CUSTODIAN2 (&o.who[MK_KR_CUSTODIAN2])
#define INSPECTOR (&o.who[MK_KR_INSPECTOR])
#define AUDITOR (&o.who[MK_KR_AUDITOR])
#define BIT(kind) (1u << (kind))

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    mk_kr_office_make(&o);
}

static void proposed(struct mk_card *cards)
{
    ck_assert_int_eq(mk_keyring_share(o.k, FOUNDER, &plan, cards, NULL),
                     MK_OK);
}

static void accepted(struct mk_card *cards)
{
    proposed(cards);
    ck_assert_int_eq(mk_keyring_accept(o.k, CUSTODIAN2, NULL), MK_OK);
    mk_kr_office_reread(&o);
}

static void stored_by(const struct mk_identity *who)
{
    unsigned kinds;
    ck_assert_int_eq(mk_keyring_escrow(o.k, who, &kinds, NULL), MK_OK);
    mk_kr_office_reread(&o);
}

static void whole(struct mk_card *cards)
{
    accepted(cards);
    stored_by(INSPECTOR);
    stored_by(AUDITOR);
}

static struct mk_recovery_facts facts(void)
{
    struct mk_recovery_facts f;
    mk_keyring_recovery_facts(o.k, &f);
    return f;
}

static enum mk_err combine(const struct mk_card *cards)
{
    struct mk_recovery r;
    enum mk_err rc = mk_keyring_combine(o.k, cards, what, 2, &r, NULL);
    for (unsigned kind = 1; rc == MK_OK && kind < MK_KEY_KINDS; kind++)
        ck_assert_ptr_nonnull(r.keys[kind]);
    mk_recovery_release(&r);
    return rc;
}

/* Both readers refuse st by who for this reason; they take it where it is
 * empty. */
static void judged(struct mk_kr_statement st, const struct mk_identity *who,
                   const char *why)
{
    char said[MK_KR_WHY];
    mk_kr_office_verdict(o.k, &st, who, said);
    ck_assert_str_eq(said, why);
}

static struct mk_kr_statement of_set(enum mk_kr_type type, uint32_t set)
{
    return (struct mk_kr_statement){
        .type = type, .set = {.number = set}, .at_ms = 1};
}

static struct mk_kr_statement escrow(const struct mk_kr_set *set,
                                     enum mk_key_kind kind)
{
    struct mk_kr_statement st = of_set(MK_KR_ESCROW, set->number);
    memcpy(st.key_id, o.key_ids[kind], MK_ID);
    ck_assert_int_eq(mk_kr_box_fill(o.k, &st, set->id, set->box, kind,
                                    o.key_ids[kind], o.secrets[kind]),
                     MK_OK);
    return st;
}

START_TEST(the_first_set_is_in_force_when_it_is_whole)
{
    accepted(first);
    ck_assert(facts().in_force.number == 0 && facts().accepted);
    ck_assert_uint_eq(facts().proposed.number, 1);
    ck_assert_int_eq(combine(first), MK_E_NOT_WHOLE);
    stored_by(INSPECTOR);
    ck_assert_uint_eq(facts().accepted_missing, BIT(MK_KEY_RL));
    ck_assert_uint_eq(facts().in_force.number, 0);
    stored_by(AUDITOR);
    ck_assert(facts().in_force.number == 1 && facts().missing == 0);
    ck_assert(facts().proposed.number == 0 && !facts().accepted);
    ck_assert_int_eq(combine(first), MK_OK);
}
END_TEST

START_TEST(the_old_set_opens_everything_until_the_new_one_does)
{
    whole(first);
    proposed(second);
    ck_assert_int_eq(combine(first), MK_OK);
    ck_assert_int_eq(mk_keyring_accept(o.k, CUSTODIAN2, NULL), MK_OK);
    mk_kr_office_reread(&o);
    ck_assert_int_eq(combine(first), MK_OK);
    ck_assert_int_eq(combine(second), MK_E_NOT_WHOLE);
    stored_by(AUDITOR);
    ck_assert_int_eq(combine(first), MK_OK);
    ck_assert_int_eq(combine(second), MK_E_NOT_WHOLE);
    ck_assert_uint_eq(facts().in_force.number, 1);
    stored_by(INSPECTOR);
    ck_assert_uint_eq(facts().in_force.number, 2);
    ck_assert_int_eq(combine(first), MK_E_CARD_SET);
    ck_assert_int_eq(combine(second), MK_OK);
}
END_TEST

START_TEST(
    while_it_waits_the_old_key_drills_and_lets_in_and_the_new_one_does_not)
{
    struct mk_recovery old;

    whole(first);
    ck_assert_int_eq(mk_keyring_combine(o.k, first, what, 2, &old, NULL),
                     MK_OK);
    accepted(second);
    judged(of_set(MK_KR_DRILL, 1), &old.who, "");
    judged(of_set(MK_KR_DRILL, 2), &old.who, MK_WHY_RECOVERY_KEY);
    ck_assert_int_eq(mk_keyring_drill(o.k, &old, 5, NULL), MK_OK);
    ck_assert_uint_eq(facts().drill_set, 1);
    mk_kr_office_reread(&o);
    /* a set by the old key takes the place of the one that waits */
    ck_assert_int_eq(mk_keyring_reshare(o.k, &old, &plan, second, NULL),
                     MK_OK);
    mk_kr_office_reread(&o);
    ck_assert(facts().in_force.number == 3 && !facts().accepted);
    ck_assert_int_eq(combine(second), MK_OK);
    mk_recovery_release(&old);
}
END_TEST

START_TEST(an_escrow_goes_to_one_of_the_two_sets_and_once)
{
    struct mk_recovery old;

    whole(first);
    ck_assert_int_eq(mk_keyring_combine(o.k, first, what, 2, &old, NULL),
                     MK_OK);
    proposed(second);
    judged(escrow(&o.k->recovery.proposed, MK_KEY_RD), INSPECTOR,
           MK_WHY_SHARE); /* nobody accepted it */
    ck_assert_int_eq(mk_keyring_accept(o.k, CUSTODIAN2, NULL), MK_OK);
    mk_kr_office_reread(&o);
    const struct mk_kr_set *waits = &o.k->recovery.proposed;
    judged(escrow(&o.k->recovery.set, MK_KEY_RD), INSPECTOR, MK_WHY_TWICE);
    judged(escrow(waits, MK_KEY_RD), AUDITOR, MK_WHY_HOLDER);
    judged(escrow(waits, MK_KEY_RD), FOUNDER, MK_WHY_HOLDER);
    judged(escrow(waits, MK_KEY_RD), &old.who, MK_WHY_HOLDER);
    judged(escrow(waits, MK_KEY_RD), INSPECTOR, "");
    stored_by(INSPECTOR);
    judged(escrow(&o.k->recovery.proposed, MK_KEY_RD), INSPECTOR,
           MK_WHY_TWICE);
    judged(of_set(MK_KR_ESCROW, 3), INSPECTOR, MK_WHY_FORM);
    mk_recovery_release(&old);
}
END_TEST

START_TEST(a_set_is_accepted_once_and_by_another)
{
    whole(first);
    judged(of_set(MK_KR_ACCEPT2, 1), CUSTODIAN2, MK_WHY_SHARE);
    proposed(second);
    judged(of_set(MK_KR_ACCEPT2, 2), FOUNDER, MK_WHY_TWO_PEOPLE);
    judged(of_set(MK_KR_ACCEPT2, 2), INSPECTOR, MK_WHY_CUSTODIAN);
    judged(of_set(MK_KR_ACCEPT2, 3), CUSTODIAN2, MK_WHY_SHARE);
    /* the old form would put it in force before it is whole */
    judged(of_set(MK_KR_ACCEPT, 2), CUSTODIAN2, MK_WHY_SHARE);
    judged(of_set(MK_KR_ACCEPT2, 2), CUSTODIAN2, "");
    ck_assert_int_eq(mk_keyring_accept(o.k, FOUNDER, NULL), MK_E_TWO_PEOPLE);
    ck_assert_int_eq(mk_keyring_accept(o.k, CUSTODIAN2, NULL), MK_OK);
    judged(of_set(MK_KR_ACCEPT2, 2), CUSTODIAN2, MK_WHY_SHARE);
    ck_assert_int_eq(mk_keyring_accept(o.k, CUSTODIAN2, NULL), MK_E_NOT_FOUND);
}
END_TEST

START_TEST(a_new_proposal_takes_the_place_of_a_set_that_waits)
{
    struct mk_card third[MK_SHARES_MOST];

    whole(first);
    accepted(second);
    stored_by(INSPECTOR);
    proposed(third);
    mk_kr_office_reread(&o);
    ck_assert(facts().proposed.number == 3 && !facts().accepted);
    ck_assert_int_eq(combine(first), MK_OK);
    ck_assert_int_eq(combine(second), MK_E_CARD_SET);
    ck_assert_int_eq(mk_keyring_accept(o.k, CUSTODIAN2, NULL), MK_OK);
    /* what lay with the one before it counts for nothing */
    stored_by(AUDITOR);
    ck_assert_uint_eq(facts().in_force.number, 1);
    stored_by(INSPECTOR);
    ck_assert_uint_eq(facts().in_force.number, 3);
    mk_cards_release(third, 3);
}
END_TEST

START_TEST(a_key_that_is_replaced_meanwhile_goes_to_the_old_cards_at_once)
{
    struct mk_secret *fresh;
    uint8_t id[MK_ID];
    uint32_t generation;
    unsigned kinds;

    whole(first);
    accepted(second);
    stored_by(INSPECTOR);
    ck_assert_int_eq(mk_keyring_rotate(o.k, INSPECTOR, MK_KEY_RD,
                                       o.secrets[MK_KEY_RD], &fresh, id,
                                       &generation, NULL),
                     MK_OK);
    mk_kr_office_reread(&o);
    ck_assert_uint_eq(facts().missing, 0);
    ck_assert_int_eq(combine(first), MK_OK);
    ck_assert_uint_eq(facts().accepted_missing,
                      BIT(MK_KEY_RD) | BIT(MK_KEY_RL));
    stored_by(AUDITOR);
    ck_assert_uint_eq(facts().in_force.number, 1);
    ck_assert_int_eq(mk_keyring_escrow(o.k, INSPECTOR, &kinds, NULL), MK_OK);
    ck_assert_uint_eq(kinds, BIT(MK_KEY_RD));
    mk_kr_office_reread(&o);
    ck_assert_uint_eq(facts().in_force.number, 2);
    ck_assert_int_eq(combine(second), MK_OK);
    mk_secret_free(fresh);
}
END_TEST

START_TEST(a_rotation_does_not_end_with_the_set_that_waits)
{
    struct mk_keyring *k;
    struct mk_secret *fresh;
    uint8_t id[MK_ID];
    uint32_t generation;
    struct mk_kr_statement st;
    struct mk_kr_refusal no;

    whole(first);
    accepted(second);
    ck_assert_int_eq(mk_keyring_copy(&k, o.k), MK_OK);
    ck_assert_int_eq(mk_keyring_rotate(o.k, AUDITOR, MK_KEY_RL,
                                       o.secrets[MK_KEY_RL], &fresh, id,
                                       &generation, NULL),
                     MK_OK);
    /* the rotation behind k once more, up to its escrow */
    k->rotating = MK_KEY_RL;
    memcpy(k->rotator, AUDITOR->id, MK_ID);
    k->due = k->n_persons;
    st = escrow(&k->recovery.proposed, MK_KEY_RL);
    ck_assert_int_eq(mk_kr_sign(k, &st, AUDITOR), MK_OK);
    ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_E_NO_CARDS);
    mk_keyring_free(k);
    mk_secret_free(fresh);
}
END_TEST

/* While a set waits, accepted or not, the one in force is still the one before. */
START_TEST(keys_of_the_set_in_force_make_no_other_set_while_one_waits)
{
    char why[MK_KR_WHY];

    whole(first);
    for (int i = 0; i < 2; i++) {
        struct mk_kr_statement st = {.type = MK_KR_SHARE};

        if (i == 0)
            proposed(second);
        else
            ck_assert_int_eq(mk_keyring_accept(o.k, CUSTODIAN2, NULL), MK_OK);
        st.set = o.k->recovery.set;
        st.set.number = 3;
        ck_assert_int_ne(mk_kr_office_verdict(o.k, &st, FOUNDER, why), MK_OK);
        ck_assert_str_eq(why, MK_WHY_TWICE);
        memcpy(st.set.sign, o.k->recovery.proposed.sign, MK_PK);
        ck_assert_int_ne(mk_kr_office_verdict(o.k, &st, FOUNDER, why), MK_OK);
        ck_assert_str_eq(why, MK_WHY_TWICE);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_first_set_is_in_force_when_it_is_whole,
        the_old_set_opens_everything_until_the_new_one_does,
        while_it_waits_the_old_key_drills_and_lets_in_and_the_new_one_does_not,
        an_escrow_goes_to_one_of_the_two_sets_and_once,
        a_set_is_accepted_once_and_by_another,
        a_new_proposal_takes_the_place_of_a_set_that_waits,
        a_key_that_is_replaced_meanwhile_goes_to_the_old_cards_at_once,
        a_rotation_does_not_end_with_the_set_that_waits,
        keys_of_the_set_in_force_make_no_other_set_while_one_waits,
    };
    return UNIT_RUN("keyring_accept", tests, start);
}
