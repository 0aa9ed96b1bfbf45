/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules of recovery, by statements with good signatures; and the way
 * through them that the vault takes. */
#include "core/card.h"
#include "tests/support/keyring.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static struct mk_kr_office o;
static struct mk_card cards[MK_SHARES_MOST];
static const char *const what[MK_SHARES_MOST] = {
    "a", "b", "c", "d", "e", "f", "g", "h",
    "i", "j", "k", "l", "m", "n", "o", "p",
};
static const struct mk_share_plan two_of_three = {.threshold = 2, .n = 3};

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    mk_kr_office_make(&o);
}

#define FOUNDER (&o.who[MK_KR_FOUNDER])
#define CUSTODIAN2 (&o.who[MK_KR_CUSTODIAN2])
#define INSPECTOR (&o.who[MK_KR_INSPECTOR])
#define AUDITOR (&o.who[MK_KR_AUDITOR])

static struct mk_keyring *copy(const struct mk_keyring *k)
{
    struct mk_keyring *c;
    ck_assert_int_eq(mk_keyring_copy(&c, k), MK_OK);
    return c;
}

/* Why the reader refuses st by who behind k; "" when he does not. */
static const char *verdict(const struct mk_keyring *k,
                           struct mk_kr_statement *st,
                           const struct mk_identity *who)
{
    struct mk_kr_refusal no;
    struct mk_keyring *c = copy(k);
    ck_assert_int_eq(mk_kr_sign(c, st, who), MK_OK);
    enum mk_err rc = mk_kr_apply(c, st, &no);
    const char *why = rc == MK_OK ? "" : no.why;
    mk_keyring_free(c);
    mk_kr_second_reader(k, st, why);
    return why;
}
#define REFUSED(k, st, who, why) ck_assert_str_eq(verdict(k, st, who), why)
#define TAKEN(k, st, who) ck_assert_str_eq(verdict(k, st, who), "")

static void reread(void)
{
    mk_kr_office_reread(&o);
}

/* A share statement with keys that fit. */
static struct mk_kr_statement share(uint32_t set, unsigned k, unsigned n)
{
    struct mk_kr_statement st = {.type = MK_KR_SHARE};
    struct mk_identity key;
    struct mk_secret *s = mk_secret_random(MK_CARD_SHARE);
    ck_assert_int_eq(mk_kr_recovery_identity(&key, st.set.box, st.set.sign,
                                             mk_keyring_store(o.k), s),
                     MK_OK);
    st.set.number = set;
    st.set.threshold = k;
    st.set.n = n;
    mk_identity_release(&key);
    mk_secret_free(s);
    return st;
}

static struct mk_kr_statement of_set(enum mk_kr_type type, uint32_t set)
{
    return (struct mk_kr_statement){
        .type = type, .set = {.number = set}, .at_ms = 1};
}

static struct mk_kr_statement escrow(const struct mk_keyring *k,
                                     enum mk_key_kind kind)
{
    struct mk_kr_statement st = of_set(MK_KR_ESCROW, k->recovery.set.number);
    memcpy(st.key_id, o.key_ids[kind], MK_ID);
    ck_assert_int_eq(mk_kr_box_fill(k, &st, k->recovery.set.id,
                                    k->recovery.set.box, kind, o.key_ids[kind],
                                    o.secrets[kind]),
                     MK_OK);
    return st;
}

/* In force before it is whole, as in keyrings of before accept-2
 * (check_keyring_accept.c). */
static void in_force(void)
{
    struct mk_kr_statement st;

    ck_assert_int_eq(
        mk_keyring_share(o.k, FOUNDER, &two_of_three, cards, NULL), MK_OK);
    st = of_set(MK_KR_ACCEPT, o.k->recovery.proposed.number);
    ck_assert_int_eq(mk_kr_state(o.k, &st, CUSTODIAN2, NULL), MK_OK);
    reread();
}

static void whole(void)
{
    unsigned kinds;
    in_force();
    ck_assert_int_eq(mk_keyring_escrow(o.k, INSPECTOR, &kinds, NULL), MK_OK);
    ck_assert_uint_eq(kinds,
                      1u << MK_KEY_DBK | 1u << MK_KEY_RD | 1u << MK_KEY_RS);
    ck_assert_int_eq(mk_keyring_escrow(o.k, AUDITOR, &kinds, NULL), MK_OK);
    ck_assert_uint_eq(kinds, 1u << MK_KEY_RL);
    reread();
}

static void combined(struct mk_recovery *r)
{
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert_msg(mk_keyring_combine(o.k, cards, what, 2, r, &diag) == MK_OK,
                  "%s %s", mk_err_name(diag.err), diag.place);
}

/* --- share, accept (rule 14) --- */

START_TEST(a_set_takes_two_custodians)
{
    struct mk_kr_statement st = share(1, 2, 3);
    struct mk_kr_statement accept = of_set(MK_KR_ACCEPT, 1);
    struct mk_recovery_facts facts;

    REFUSED(o.k, &accept, CUSTODIAN2, MK_WHY_SHARE);
    REFUSED(o.k, &st, INSPECTOR, MK_WHY_CUSTODIAN);
    ck_assert_int_eq(
        mk_keyring_share(o.k, FOUNDER, &two_of_three, cards, NULL), MK_OK);
    mk_keyring_recovery_facts(o.k, &facts);
    ck_assert(facts.in_force.number == 0 && facts.proposed.number == 1);
    REFUSED(o.k, &accept, FOUNDER, MK_WHY_TWO_PEOPLE);
    REFUSED(o.k, &accept, INSPECTOR, MK_WHY_CUSTODIAN);
    accept.set.number = 2;
    REFUSED(o.k, &accept, CUSTODIAN2, MK_WHY_SHARE);
    accept.set.number = 1;
    ck_assert_int_eq(mk_kr_state(o.k, &accept, CUSTODIAN2, NULL), MK_OK);
    reread();
    mk_keyring_recovery_facts(o.k, &facts);
    ck_assert(facts.in_force.number == 1 && facts.proposed.number == 0);
    ck_assert(facts.in_force.threshold == 2 && facts.in_force.n == 3);
    ck_assert_uint_ne(facts.missing, 0);
    REFUSED(o.k, &accept, CUSTODIAN2, MK_WHY_SHARE);
}
END_TEST

START_TEST(numbers_of_sets_follow_each_other_and_thresholds_protect)
{
    struct mk_kr_statement st = share(2, 2, 3);
    static const unsigned bad[][2] = {{1, 3}, {0, 3}, {3, 2}, {2, 0}};

    REFUSED(o.k, &st, FOUNDER, MK_WHY_SHARE);
    for (size_t i = 0; i < 4; i++) {
        st = share(1, bad[i][0], bad[i][1]);
        REFUSED(o.k, &st, FOUNDER, MK_WHY_SHARE);
    }
    in_force();
    st = share(1, 2, 3);
    REFUSED(o.k, &st, FOUNDER, MK_WHY_SHARE);
    st = share(2, 16, 16);
    TAKEN(o.k, &st, FOUNDER);
}
END_TEST

START_TEST(holders_are_members_and_nobody_holds_two_cards)
{
    struct mk_kr_statement st = share(1, 2, 3);
    struct mk_share_plan plan = two_of_three;

    memset(st.set.share[1].holder, 7, MK_ID);
    REFUSED(o.k, &st, FOUNDER, MK_WHY_SHARE);
    memcpy(st.set.share[1].holder, INSPECTOR->id, MK_ID);
    TAKEN(o.k, &st, FOUNDER);
    memcpy(st.set.share[2].holder, INSPECTOR->id, MK_ID);
    REFUSED(o.k, &st, FOUNDER, MK_WHY_SHARE);
    plan.holder[0] = "niemand";
    ck_assert_int_eq(mk_keyring_share(o.k, FOUNDER, &plan, cards, NULL),
                     MK_E_NOT_FOUND);
    plan.holder[0] = mk_kr_first[MK_KR_AUDITOR].name;
    ck_assert_int_eq(mk_keyring_share(o.k, FOUNDER, &plan, cards, NULL),
                     MK_OK);
    ck_assert_mem_eq(o.k->recovery.proposed.share[0].holder, AUDITOR->id,
                     MK_ID);
}
END_TEST

START_TEST(a_recovery_key_is_nobodys_key)
{
    struct mk_kr_statement st = share(1, 2, 3);
    const struct mk_member *m = mk_keyring_by_id(o.k, INSPECTOR->id);

    memcpy(st.set.sign, m->sign, MK_PK);
    REFUSED(o.k, &st, FOUNDER, MK_WHY_TWICE);
    st = share(1, 2, 3);
    memcpy(st.set.box, m->sign, MK_PK);
    REFUSED(o.k, &st, FOUNDER, MK_WHY_TWICE);
    st = share(1, 2, 3);
    memcpy(st.set.box, st.set.sign, MK_PK);
    REFUSED(o.k, &st, FOUNDER, MK_WHY_TWICE);
    in_force();
    /* and nobody takes it later: neither id nor keys */
    struct mk_kr_statement person = {.type = MK_KR_CERTIFY,
                                     .roles = MK_ROLE_BIT(MK_ROLE_ANALYST),
                                     .generation = 1,
                                     .has_slot = true,
                                     .slot_counter = 1,
                                     .person = {.name = "nieuw"}};
    memset(person.person.box, 1, MK_PK);
    memset(person.person.sign, 2, MK_PK);
    TAKEN(o.k, &person, FOUNDER);
    memcpy(person.person.id, o.k->recovery.set.id, MK_ID);
    REFUSED(o.k, &person, FOUNDER, MK_WHY_TWICE);
    memset(person.person.id, 3, MK_ID);
    memcpy(person.person.box, o.k->recovery.set.sign, MK_PK);
    REFUSED(o.k, &person, FOUNDER, MK_WHY_TWICE);
}
END_TEST

/* --- escrow (rule 15) --- */

START_TEST(only_a_holder_puts_a_secret_with_the_set_and_once)
{
    struct mk_kr_statement st;

    in_force();
    st = escrow(o.k, MK_KEY_RD);
    REFUSED(o.k, &st, AUDITOR, MK_WHY_HOLDER);
    REFUSED(o.k, &st, FOUNDER, MK_WHY_HOLDER);
    TAKEN(o.k, &st, INSPECTOR);
    st.set.number = 2;
    REFUSED(o.k, &st, INSPECTOR, MK_WHY_SHARE);
    st = escrow(o.k, MK_KEY_RD);
    st.generation = 2;
    REFUSED(o.k, &st, INSPECTOR, MK_WHY_KEY);
    st = escrow(o.k, MK_KEY_RD);
    st.key_id[0] ^= 1;
    REFUSED(o.k, &st, INSPECTOR, MK_WHY_KEY);
    whole();
}
END_TEST

START_TEST(a_secret_is_stored_once_and_who_has_none_stores_none)
{
    struct mk_kr_statement st;
    unsigned kinds;

    ck_assert_int_eq(mk_keyring_escrow(o.k, INSPECTOR, &kinds, NULL),
                     MK_E_NO_CARDS);
    whole();
    st = escrow(o.k, MK_KEY_RD);
    REFUSED(o.k, &st, INSPECTOR, MK_WHY_TWICE);
    ck_assert_int_eq(mk_keyring_escrow(o.k, INSPECTOR, &kinds, NULL),
                     MK_E_EXISTS);
}
END_TEST

START_TEST(a_new_set_in_force_takes_the_place_of_the_old_and_its_escrow)
{
    struct mk_recovery_facts facts;
    struct mk_recovery r;

    whole();
    mk_keyring_recovery_facts(o.k, &facts);
    ck_assert_uint_eq(facts.missing, 0);
    combined(&r);
    in_force();
    mk_keyring_recovery_facts(o.k, &facts);
    ck_assert_uint_eq(facts.in_force.number, 2);
    ck_assert_uint_ne(facts.missing, 0);
    /* the old key signs nothing any more */
    struct mk_kr_statement st = of_set(MK_KR_DRILL, 2);
    REFUSED(o.k, &st, &r.who, MK_WHY_SIGNER);
    mk_recovery_release(&r);
}
END_TEST

/* --- cards --- */

START_TEST(cards_give_every_secret)
{
    struct mk_recovery r;
    whole();
    for (unsigned left_out = 0; left_out < 3; left_out++) {
        struct mk_card some[2];
        size_t n = 0;
        for (unsigned i = 0; i < 3; i++)
            if (i != left_out)
                some[n++] = cards[i];
        ck_assert_int_eq(mk_keyring_combine(o.k, some, what, 2, &r, NULL),
                         MK_OK);
        for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++)
            ck_assert(mk_secret_equal(r.keys[kind], o.secrets[kind]));
        mk_recovery_release(&r);
    }
    ck_assert_int_eq(mk_keyring_combine(o.k, cards, what, 3, &r, NULL), MK_OK);
    mk_recovery_release(&r);
}
END_TEST

static void combine_refused(const struct mk_card *some, size_t n,
                            enum mk_err err, const char *place, int64_t num)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_recovery r;
    ck_assert_int_eq(mk_keyring_combine(o.k, some, what, n, &r, &diag), err);
    ck_assert_str_eq(diag.place, place);
    ck_assert_int_eq(diag.num[0], num);
    ck_assert_ptr_null(r.who.box);
    mk_recovery_release(&r);
}

START_TEST(cards_that_do_not_belong_are_named)
{
    struct mk_card old[3];
    struct mk_card some[3];

    combine_refused(cards, 0, MK_E_NO_CARDS, "", 0);
    whole();
    memcpy(old, cards, sizeof old);
    whole(); /* set 2 */
    combine_refused(cards, 0, MK_E_CARD_FEW, "", 0);
    combine_refused(cards, 1, MK_E_CARD_FEW, "", 1);
    memcpy(some, cards, sizeof some);
    some[1] = old[1];
    combine_refused(some, 2, MK_E_CARD_SET, "b", 1);
    some[1] = cards[0];
    combine_refused(some, 2, MK_E_CARD_TWICE, "b", 1);
    some[1] = cards[1];
    some[1].store[3] ^= 1;
    combine_refused(some, 2, MK_E_CARD_VAULT, "b", 0);
    /* a share of the old set with the number of the new one */
    some[1] = old[1];
    some[1].set = 2;
    combine_refused(some, 2, MK_E_CARD_BAD, "b", 2);
    some[1] = cards[1];
    some[1].share.number = 9;
    combine_refused(some, 2, MK_E_CARD_BAD, "b", 9);
    some[1] = cards[1];
    some[1].share.number = 3;
    combine_refused(some, 2, MK_E_CARD_BAD, "b", 3);
    some[1] = cards[1];
    some[1].threshold = 3;
    combine_refused(some, 2, MK_E_CARD_BAD, "b", 2);
    memcpy(some, cards, sizeof some);
    mk_secret_bytes(some[2].share.bytes)[5] ^= 0x10;
    combine_refused(some, 3, MK_E_CARD_BAD, "c", 3);
}
END_TEST

/* --- drill, recover (rule 16) --- */

START_TEST(a_drill_is_stated_by_the_key_of_a_whole_set)
{
    struct mk_kr_statement st = of_set(MK_KR_DRILL, 1);
    struct mk_recovery r;
    struct mk_recovery_facts facts;
    struct mk_diag diag = MK_DIAG_INIT;

    REFUSED(o.k, &st, FOUNDER, MK_WHY_RECOVERY_KEY);
    in_force();
    combined(&r);
    REFUSED(o.k, &st, &r.who, MK_WHY_ESCROW);
    ck_assert_int_eq(mk_keyring_drill(o.k, &r, 5, &diag), MK_E_NOT_WHOLE);
    ck_assert_int_eq(diag.num[0], 1);
    mk_recovery_release(&r);
    whole(); /* set 2 */
    combined(&r);
    REFUSED(o.k, &st, &r.who, MK_WHY_RECOVERY_KEY);
    st = of_set(MK_KR_DRILL, 2);
    REFUSED(o.k, &st, FOUNDER, MK_WHY_RECOVERY_KEY);
    ck_assert_int_eq(mk_keyring_drill(o.k, &r, 1234, NULL), MK_OK);
    reread();
    mk_keyring_recovery_facts(o.k, &facts);
    ck_assert(facts.drill_ms == 1234 && facts.drill_set == 2);
    mk_recovery_release(&r);
}
END_TEST

START_TEST(old_cards_make_a_new_set_that_is_whole_at_once)
{
    struct mk_recovery r;
    struct mk_recovery_facts facts;
    struct mk_card old[3];
    const struct mk_share_plan plan = {.threshold = 3, .n = 5};

    whole();
    memcpy(old, cards, sizeof old);
    combined(&r);
    ck_assert_int_eq(mk_keyring_reshare(o.k, &r, &plan, cards, NULL), MK_OK);
    reread();
    mk_keyring_recovery_facts(o.k, &facts);
    ck_assert(facts.in_force.number == 2 && facts.in_force.n == 5);
    ck_assert_uint_eq(facts.missing, 0);
    combine_refused(old, 2, MK_E_CARD_SET, "a", 1);
    mk_recovery_release(&r);
    ck_assert_int_eq(mk_keyring_combine(o.k, cards + 1, what, 3, &r, NULL),
                     MK_OK);
    mk_recovery_release(&r);
}
END_TEST

/* k behind a share of its own key, before the escrow. */
static struct mk_keyring *sealing(struct mk_recovery *r)
{
    struct mk_keyring *k;
    whole();
    combined(r);
    k = copy(o.k);
    ck_assert_int_eq(mk_kr_state_share(k, &r->who, &two_of_three, cards, NULL),
                     MK_OK);
    return k;
}

START_TEST(nothing_stands_between_a_share_by_the_key_and_its_escrow)
{
    struct mk_recovery r;
    struct mk_keyring *k = sealing(&r);
    struct mk_keyring *read;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_kr_statement st =
        mk_kr_office_certify(&o, MK_KR_ANALYST, MK_ROLE_BIT(MK_ROLE_AUDITOR));

    REFUSED(k, &st, FOUNDER, MK_WHY_RECOVERY);
    REFUSED(k, &st, &r.who, MK_WHY_RECOVERY);
    st = escrow(k, MK_KEY_RD);
    REFUSED(k, &st, INSPECTOR, MK_WHY_RECOVERY);
    TAKEN(k, &st, &r.who);
    for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++) {
        mk_buf_clear(&text);
        ck_assert_int_eq(mk_keyring_format(k, &text), MK_OK);
        ck_assert_int_eq(mk_keyring_parse(&read, text.data, text.len, &diag),
                         MK_E_DAMAGED);
        ck_assert_str_eq(diag.place, MK_WHY_RECOVERY);
        ck_assert_int_eq(mk_kr_state_escrow(k, &k->recovery.set, &r.who,
                                            (enum mk_key_kind)kind,
                                            o.secrets[kind], NULL),
                         MK_OK);
    }
    mk_buf_clear(&text);
    ck_assert_int_eq(mk_keyring_format(k, &text), MK_OK);
    ck_assert_int_eq(mk_keyring_parse(&read, text.data, text.len, &diag),
                     MK_OK);
    st = escrow(k, MK_KEY_RD);
    REFUSED(k, &st, &r.who, MK_WHY_SIGNER);
    mk_keyring_free(read);
    mk_keyring_free(k);
    mk_buf_release(&text);
    mk_recovery_release(&r);
}
END_TEST

static void request_of(const char *name, struct mk_buf *out)
{
    struct mk_secret *p = mk_secret_from("een lang geheim woord", 21);
    ck_assert_int_eq(mk_request_make(o.k, name, p, out, NULL), MK_OK);
    mk_secret_free(p);
}

START_TEST(enough_cards_bring_somebody_new_in_with_all_that_his_roles_hold)
{
    static const struct {
        unsigned roles;
        unsigned keys;
    } cases[] = {
        {MK_ROLE_BIT(MK_ROLE_CUSTODIAN), 1u << MK_KEY_DBK},
        {MK_ROLE_BIT(MK_ROLE_INSPECTOR),
         1u << MK_KEY_DBK | 1u << MK_KEY_RD | 1u << MK_KEY_RS},
        {MK_ROLE_BIT(MK_ROLE_INSPECTOR) | MK_ROLE_BIT(MK_ROLE_ANALYST),
         1u << MK_KEY_DBK | 1u << MK_KEY_RD | 1u << MK_KEY_RS},
        {MK_ROLE_BIT(MK_ROLE_AUDITOR), 1u << MK_KEY_DBK | 1u << MK_KEY_RL},
    };
    char name[] = "nieuw0";

    whole();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mk_buf request = MK_BUF_INIT;
        struct mk_member m;
        struct mk_recovery r;
        struct mk_identity who;
        struct mk_secret *p = mk_secret_from("een lang geheim woord", 21);
        name[5] = (char)('0' + i);
        request_of(name, &request);
        combined(&r);
        ck_assert_int_eq(mk_keyring_recover(o.k, &r, request.data, request.len,
                                            cases[i].roles, &two_of_three,
                                            cards, &m, NULL),
                         MK_OK);
        reread();
        ck_assert_uint_eq(mk_keyring_roles(o.k, m.id), cases[i].roles);
        ck_assert_int_eq(
            mk_keyring_unlock(o.k, mk_keyring_by_id(o.k, m.id), p, &who, NULL),
            MK_OK);
        for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++) {
            struct mk_secret *s = NULL;
            uint8_t id[MK_ID];
            uint32_t generation;
            bool has = mk_keyring_unwrap(o.k, &who, (enum mk_key_kind)kind, &s,
                                         id, &generation, NULL) == MK_OK;
            ck_assert_int_eq(has, cases[i].keys >> kind & 1);
            if (has)
                ck_assert(mk_secret_equal(s, o.secrets[kind]));
            mk_secret_free(s);
        }
        /* what was used up opens nothing; the new cards do */
        mk_identity_release(&who);
        mk_secret_free(p);
        mk_recovery_release(&r);
        mk_buf_release(&request);
    }
}
END_TEST

START_TEST(roles_that_exclude_each_other_are_not_recovered_in_one_person)
{
    struct mk_buf request = MK_BUF_INIT;
    struct mk_member m;
    struct mk_recovery r;
    uint64_t serial;

    whole();
    combined(&r);
    serial = mk_keyring_serial(o.k);
    request_of("nieuw", &request);
    ck_assert_int_eq(mk_keyring_recover(o.k, &r, request.data, request.len,
                                        MK_ROLE_BIT(MK_ROLE_CUSTODIAN) |
                                            MK_ROLE_BIT(MK_ROLE_INSPECTOR),
                                        &two_of_three, cards, &m, NULL),
                     MK_E_ROLE_CONFLICT);
    ck_assert_uint_eq(mk_keyring_serial(o.k), serial);
    ck_assert_int_eq(mk_keyring_recover(o.k, &r, request.data, request.len, 0,
                                        &two_of_three, cards, &m, NULL),
                     MK_E_USAGE);
    mk_buf_release(&request);
    mk_recovery_release(&r);
}
END_TEST

START_TEST(what_recovers_does_nothing_else_and_ends_with_a_new_set)
{
    struct mk_recovery r;
    struct mk_kr_statement st = of_set(MK_KR_RECOVER, 1);
    struct mk_kr_statement certify =
        mk_kr_office_certify(&o, MK_KR_ANALYST, MK_ROLE_BIT(MK_ROLE_AUDITOR));
    struct mk_kr_statement slot = {
        .type = MK_KR_SLOT_SET, .has_slot = true, .slot_counter = 2};
    memset(slot.slot_hash, 5, MK_HASH);
    struct mk_kr_statement drill = of_set(MK_KR_DRILL, 1);
    struct mk_buf text = MK_BUF_INIT;
    struct mk_keyring *read;
    struct mk_diag diag = MK_DIAG_INIT;

    REFUSED(o.k, &st, FOUNDER, MK_WHY_RECOVERY_KEY);
    whole();
    combined(&r);
    /* without recover it certifies nobody */
    REFUSED(o.k, &certify, &r.who, MK_WHY_CUSTODIAN);
    ck_assert_int_eq(mk_kr_state(o.k, &st, &r.who, NULL), MK_OK);
    REFUSED(o.k, &certify, FOUNDER, MK_WHY_RECOVERY);
    REFUSED(o.k, &drill, &r.who, MK_WHY_RECOVERY);
    memcpy(slot.person.id, o.who[MK_KR_ANALYST].id, MK_ID);
    REFUSED(o.k, &slot, &o.who[MK_KR_ANALYST], MK_WHY_RECOVERY);
    ck_assert_int_eq(mk_keyring_format(o.k, &text), MK_OK);
    ck_assert_int_eq(mk_keyring_parse(&read, text.data, text.len, &diag),
                     MK_E_DAMAGED);
    ck_assert_str_eq(diag.place, MK_WHY_RECOVERY);
    /* analyst and auditor go together: certified, he may state a slot */
    ck_assert_int_eq(mk_kr_state(o.k, &certify, &r.who, NULL), MK_OK);
    TAKEN(o.k, &slot, &o.who[MK_KR_ANALYST]);
    memcpy(slot.person.id, AUDITOR->id, MK_ID);
    REFUSED(o.k, &slot, AUDITOR, MK_WHY_RECOVERY);
    mk_buf_release(&text);
    mk_recovery_release(&r);
}
END_TEST

/* --- rotation (rule 12) --- */

START_TEST(a_new_secret_goes_to_the_cards_at_once)
{
    struct mk_recovery r;
    struct mk_recovery_facts facts;
    struct mk_secret *fresh;
    uint8_t id[MK_ID];
    uint32_t generation;

    whole();
    ck_assert_int_eq(mk_keyring_rotate(o.k, INSPECTOR, MK_KEY_RD,
                                       o.secrets[MK_KEY_RD], &fresh, id,
                                       &generation, NULL),
                     MK_OK);
    reread();
    mk_keyring_recovery_facts(o.k, &facts);
    ck_assert_uint_eq(facts.missing, 0);
    combined(&r);
    ck_assert(mk_secret_equal(r.keys[MK_KEY_RD], fresh));
    ck_assert_uint_eq(r.key_gens[MK_KEY_RD], 2);
    ck_assert_mem_eq(r.key_ids[MK_KEY_RD], id, MK_ID);
    mk_recovery_release(&r);
    mk_secret_free(fresh);
}
END_TEST

/* The document that ends with that statement. */
static enum mk_err cut_off(const char *type, const char **why)
{
    static struct mk_diag diag;
    struct mk_keyring *read;
    struct mk_buf text = MK_BUF_INIT;
    char line[40];
    snprintf(line, sizeof line, "type: %s\n", type);
    char *at = NULL;
    ck_assert_int_eq(mk_buf_terminate(&o.text), MK_OK);
    for (char *p = (char *)o.text.data; (p = strstr(p, line)); p++)
        at = p;
    ck_assert_ptr_nonnull(at);
    char *end = strstr(at, "\n\n");
    ck_assert_int_eq(mk_buf_add(&text, o.text.data,
                                (size_t)(end - (char *)o.text.data) + 2),
                     MK_OK);
    ck_assert_int_eq(
        mk_buf_add_str(&text, strstr((char *)o.text.data, "slots:\n")), MK_OK);
    diag = (struct mk_diag)MK_DIAG_INIT;
    enum mk_err rc = mk_keyring_parse(&read, text.data, text.len, &diag);
    *why = diag.place;
    mk_keyring_free(read);
    mk_buf_release(&text);
    return rc;
}

START_TEST(a_rotation_without_its_escrow_is_not_complete)
{
    struct mk_secret *fresh;
    uint8_t id[MK_ID];
    uint32_t generation;
    const char *why;

    whole();
    ck_assert_int_eq(mk_keyring_rotate(o.k, AUDITOR, MK_KEY_RL,
                                       o.secrets[MK_KEY_RL], &fresh, id,
                                       &generation, NULL),
                     MK_OK);
    reread();
    ck_assert_int_eq(cut_off("escrow", &why), MK_OK);
    ck_assert_int_eq(cut_off("wrap", &why), MK_E_DAMAGED);
    ck_assert_str_eq(why, MK_WHY_ROTATION);
    mk_secret_free(fresh);
}
END_TEST

/* --- from the start --- */

static void make_with_cards(struct mk_keyring **k, struct mk_identity *who,
                            const struct mk_share_plan *plan)
{
    static const struct {
        const char *name;
        enum mk_role role;
    } rows[] = {{"els", MK_ROLE_CUSTODIAN},
                {"ria", MK_ROLE_INSPECTOR},
                {"ans", MK_ROLE_ANALYST},
                {"ada", MK_ROLE_AUDITOR}};
    struct mk_first_member people[4];
    struct mk_secret *secrets[MK_KEY_KINDS];
    uint8_t ids[MK_KEY_KINDS][MK_ID];
    struct mk_secret *p = mk_secret_from("een lang geheim woord", 21);
    struct mk_diag diag = MK_DIAG_INIT;

    for (size_t i = 0; i < 4; i++)
        people[i] = (struct mk_first_member){rows[i].name, rows[i].role, p};
    ck_assert_msg(mk_keyring_create(k, "oost", people, 4, who, secrets, ids,
                                    plan, cards, &diag) == MK_OK,
                  "%s %s", mk_err_name(diag.err), diag.place);
    for (size_t i = 1; i < MK_KEY_KINDS; i++)
        mk_secret_free(secrets[i]);
    mk_secret_free(p);
}

START_TEST(a_vault_may_have_its_cards_from_the_start)
{
    struct mk_identity who[4];
    struct mk_keyring *k;
    struct mk_keyring *read;
    struct mk_recovery r;
    struct mk_recovery_facts facts;
    struct mk_buf text = MK_BUF_INIT;
    const struct mk_share_plan plan = {
        .threshold = 3, .n = 5, .holder = {"els", NULL, "ria"}};

    make_with_cards(&k, who, &plan);
    ck_assert_int_eq(mk_keyring_format(k, &text), MK_OK);
    ck_assert_int_eq(mk_keyring_parse(&read, text.data, text.len, NULL),
                     MK_OK);
    mk_keyring_recovery_facts(read, &facts);
    ck_assert(facts.in_force.number == 1 && facts.missing == 0);
    ck_assert_mem_eq(facts.in_force.holder[2], who[1].id, MK_ID);
    ck_assert_int_eq(mk_keyring_combine(read, cards, what, 3, &r, NULL),
                     MK_OK);
    mk_recovery_release(&r);
    mk_buf_release(&text);
    mk_keyring_free(read);
    mk_keyring_free(k);
    for (size_t i = 0; i < 4; i++)
        mk_identity_release(&who[i]);
}
END_TEST

/* els states another set in the place of the statement that opens the vault. */
START_TEST(before_the_opening_there_is_one_set)
{
    struct mk_identity who[4];
    struct mk_keyring *k;
    struct mk_kr_statement st = share(2, 2, 3);
    const struct mk_share_plan plan = {.threshold = 2, .n = 3};
    const char *last;

    make_with_cards(&k, who, &plan);
    ck_assert_int_eq(mk_buf_terminate(&k->members), MK_OK);
    last = strstr((const char *)k->members.data, "\n\nserial: 20\n");
    ck_assert_ptr_nonnull(last);
    ck_assert_ptr_nonnull(strstr(last, "\ntype: opened\n"));
    k->members.len = (size_t)((const uint8_t *)last - k->members.data) + 1;
    k->serial = 19;
    ck_assert_int_eq(mk_kr_sign(k, &st, &who[0]), MK_OK);
    mk_kr_second_reader(k, &st, MK_WHY_SHARE);
    mk_keyring_free(k);
    for (size_t i = 0; i < 4; i++)
        mk_identity_release(&who[i]);
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
        a_drill_is_stated_by_the_key_of_a_whole_set,
        old_cards_make_a_new_set_that_is_whole_at_once,
        nothing_stands_between_a_share_by_the_key_and_its_escrow,
        enough_cards_bring_somebody_new_in_with_all_that_his_roles_hold,
        roles_that_exclude_each_other_are_not_recovered_in_one_person,
        what_recovers_does_nothing_else_and_ends_with_a_new_set,
        a_new_secret_goes_to_the_cards_at_once,
        a_rotation_without_its_escrow_is_not_complete,
        a_vault_may_have_its_cards_from_the_start,
        before_the_opening_there_is_one_set,
    };
    return UNIT_RUN("keyring_recovery", tests, start);
}
