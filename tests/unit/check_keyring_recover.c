/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the key of a set may begin (rule 16), and how a set goes on with a
 * rotation (rule 12) and from the start. */
#include <stdio.h>
#include <string.h>

#include "tests/support/recovery_kit.h"
#include "tests/support/unit.h"

/* --- drill, recover (rule 16) --- */

START_TEST(a_drill_is_stated_by_the_key_of_a_whole_set)
{
    struct mk_kr_statement st = rk_of_set(MK_KR_DRILL, 1);
    struct mk_recovery r;
    struct mk_recovery_facts facts;
    struct mk_diag diag = MK_DIAG_INIT;

    REFUSED(rk_o.k, &st, FOUNDER, MK_WHY_RECOVERY_KEY);
    rk_in_force();
    rk_combined(&r);
    REFUSED(rk_o.k, &st, &r.who, MK_WHY_ESCROW);
    ck_assert_int_eq(mk_keyring_drill(rk_o.k, &r, 5, &diag), MK_E_NOT_WHOLE);
    ck_assert_int_eq(diag.num[0], 1);
    mk_recovery_release(&r);
    rk_whole(); /* set 2 */
    rk_combined(&r);
    REFUSED(rk_o.k, &st, &r.who, MK_WHY_RECOVERY_KEY);
    st = rk_of_set(MK_KR_DRILL, 2);
    REFUSED(rk_o.k, &st, FOUNDER, MK_WHY_RECOVERY_KEY);
    ck_assert_int_eq(mk_keyring_drill(rk_o.k, &r, 1234, NULL), MK_OK);
    rk_reread();
    mk_keyring_recovery_facts(rk_o.k, &facts);
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

    rk_whole();
    memcpy(old, rk_cards, sizeof old);
    rk_combined(&r);
    ck_assert_int_eq(mk_keyring_reshare(rk_o.k, &r, &plan, rk_cards, NULL),
                     MK_OK);
    rk_reread();
    mk_keyring_recovery_facts(rk_o.k, &facts);
    ck_assert(facts.in_force.number == 2 && facts.in_force.n == 5);
    ck_assert_uint_eq(facts.missing, 0);
    rk_combine_refused(old, 2, MK_E_CARD_SET, "a", 1);
    mk_recovery_release(&r);
    ck_assert_int_eq(
        mk_keyring_combine(rk_o.k, rk_cards + 1, rk_what, 3, &r, NULL), MK_OK);
    mk_recovery_release(&r);
}
END_TEST

/* k behind a share of its own key, before the escrow. */
static struct mk_keyring *sealing(struct mk_recovery *r)
{
    struct mk_keyring *k;
    rk_whole();
    rk_combined(r);
    k = rk_copy(rk_o.k);
    ck_assert_int_eq(
        mk_kr_state_share(k, &r->who, &rk_two_of_three, rk_cards, NULL),
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
    struct mk_kr_statement st = mk_kr_office_certify(
        &rk_o, MK_KR_ANALYST, MK_ROLE_BIT(MK_ROLE_AUDITOR));

    REFUSED(k, &st, FOUNDER, MK_WHY_RECOVERY);
    REFUSED(k, &st, &r.who, MK_WHY_RECOVERY);
    st = rk_escrow(k, MK_KEY_RD);
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
                                            rk_o.secrets[kind], NULL),
                         MK_OK);
    }
    mk_buf_clear(&text);
    ck_assert_int_eq(mk_keyring_format(k, &text), MK_OK);
    ck_assert_int_eq(mk_keyring_parse(&read, text.data, text.len, &diag),
                     MK_OK);
    st = rk_escrow(k, MK_KEY_RD);
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
    ck_assert_int_eq(mk_request_make(rk_o.k, name, p, out, NULL), MK_OK);
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

    rk_whole();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mk_buf request = MK_BUF_INIT;
        struct mk_member m;
        struct mk_recovery r;
        struct mk_identity who;
        struct mk_secret *p = mk_secret_from("een lang geheim woord", 21);
        name[5] = (char)('0' + i);
        request_of(name, &request);
        rk_combined(&r);
        ck_assert_int_eq(mk_keyring_recover(rk_o.k, &r, request.data,
                                            request.len, cases[i].roles,
                                            &rk_two_of_three, rk_cards, &m,
                                            NULL),
                         MK_OK);
        rk_reread();
        ck_assert_uint_eq(mk_keyring_roles(rk_o.k, m.id), cases[i].roles);
        ck_assert_int_eq(mk_keyring_unlock(rk_o.k,
                                           mk_keyring_by_id(rk_o.k, m.id), p,
                                           &who, NULL),
                         MK_OK);
        for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++) {
            struct mk_secret *s = NULL;
            uint8_t id[MK_ID];
            uint32_t generation;
            bool has = mk_keyring_unwrap(rk_o.k, &who, (enum mk_key_kind)kind,
                                         &s, id, &generation, NULL) == MK_OK;
            ck_assert_int_eq(has, cases[i].keys >> kind & 1);
            if (has)
                ck_assert(mk_secret_equal(s, rk_o.secrets[kind]));
            mk_secret_free(s);
        }
        /* rk_what was used up opens nothing; the new rk_cards do */
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

    rk_whole();
    rk_combined(&r);
    serial = mk_keyring_serial(rk_o.k);
    request_of("nieuw", &request);
    ck_assert_int_eq(mk_keyring_recover(rk_o.k, &r, request.data, request.len,
                                        MK_ROLE_BIT(MK_ROLE_CUSTODIAN) |
                                            MK_ROLE_BIT(MK_ROLE_INSPECTOR),
                                        &rk_two_of_three, rk_cards, &m, NULL),
                     MK_E_ROLE_CONFLICT);
    ck_assert_uint_eq(mk_keyring_serial(rk_o.k), serial);
    ck_assert_int_eq(mk_keyring_recover(rk_o.k, &r, request.data, request.len,
                                        0, &rk_two_of_three, rk_cards, &m,
                                        NULL),
                     MK_E_USAGE);
    mk_buf_release(&request);
    mk_recovery_release(&r);
}
END_TEST

START_TEST(what_recovers_does_nothing_else_and_ends_with_a_new_set)
{
    struct mk_recovery r;
    struct mk_kr_statement st = rk_of_set(MK_KR_RECOVER, 1);
    struct mk_kr_statement certify = mk_kr_office_certify(
        &rk_o, MK_KR_ANALYST, MK_ROLE_BIT(MK_ROLE_AUDITOR));
    struct mk_kr_statement slot = {
        .type = MK_KR_SLOT_SET, .has_slot = true, .slot_counter = 2};
    memset(slot.slot_hash, 5, MK_HASH);
    struct mk_kr_statement drill = rk_of_set(MK_KR_DRILL, 1);
    struct mk_buf text = MK_BUF_INIT;
    struct mk_keyring *read;
    struct mk_diag diag = MK_DIAG_INIT;

    REFUSED(rk_o.k, &st, FOUNDER, MK_WHY_RECOVERY_KEY);
    rk_whole();
    rk_combined(&r);
    /* without recover it certifies nobody */
    REFUSED(rk_o.k, &certify, &r.who, MK_WHY_CUSTODIAN);
    ck_assert_int_eq(mk_kr_state(rk_o.k, &st, &r.who, NULL), MK_OK);
    REFUSED(rk_o.k, &certify, FOUNDER, MK_WHY_RECOVERY);
    REFUSED(rk_o.k, &drill, &r.who, MK_WHY_RECOVERY);
    memcpy(slot.person.id, rk_o.who[MK_KR_ANALYST].id, MK_ID);
    REFUSED(rk_o.k, &slot, &rk_o.who[MK_KR_ANALYST], MK_WHY_RECOVERY);
    ck_assert_int_eq(mk_keyring_format(rk_o.k, &text), MK_OK);
    ck_assert_int_eq(mk_keyring_parse(&read, text.data, text.len, &diag),
                     MK_E_DAMAGED);
    ck_assert_str_eq(diag.place, MK_WHY_RECOVERY);
    /* analyst and auditor go together: certified, he may state a slot */
    ck_assert_int_eq(mk_kr_state(rk_o.k, &certify, &r.who, NULL), MK_OK);
    TAKEN(rk_o.k, &slot, &rk_o.who[MK_KR_ANALYST]);
    memcpy(slot.person.id, AUDITOR->id, MK_ID);
    REFUSED(rk_o.k, &slot, AUDITOR, MK_WHY_RECOVERY);
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

    rk_whole();
    ck_assert_int_eq(mk_keyring_rotate(rk_o.k, INSPECTOR, MK_KEY_RD,
                                       rk_o.secrets[MK_KEY_RD], &fresh, id,
                                       &generation, NULL),
                     MK_OK);
    rk_reread();
    mk_keyring_recovery_facts(rk_o.k, &facts);
    ck_assert_uint_eq(facts.missing, 0);
    rk_combined(&r);
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
    ck_assert_int_eq(mk_buf_terminate(&rk_o.text), MK_OK);
    for (char *p = (char *)rk_o.text.data; (p = strstr(p, line)); p++)
        at = p;
    ck_assert_ptr_nonnull(at);
    char *end = strstr(at, "\n\n");
    ck_assert_int_eq(mk_buf_add(&text, rk_o.text.data,
                                (size_t)(end - (char *)rk_o.text.data) + 2),
                     MK_OK);
    ck_assert_int_eq(
        mk_buf_add_str(&text, strstr((char *)rk_o.text.data, "slots:\n")),
        MK_OK);
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

    rk_whole();
    ck_assert_int_eq(mk_keyring_rotate(rk_o.k, AUDITOR, MK_KEY_RL,
                                       rk_o.secrets[MK_KEY_RL], &fresh, id,
                                       &generation, NULL),
                     MK_OK);
    rk_reread();
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
                                    plan, rk_cards, &diag) == MK_OK,
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
    ck_assert_int_eq(mk_keyring_combine(read, rk_cards, rk_what, 3, &r, NULL),
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
    struct mk_kr_statement st = rk_share(2, 2, 3);
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
    return UNIT_RUN("keyring_recover", tests, rk_start);
}
