/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A new role secret: who gets it and who does not, what follows a rotate, and
 * the way back to what was sealed before.  And the second passphrase.
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

/* Rotates kind by who; the office's secret of that kind is the new one. */
static void rotate(size_t who, enum mk_key_kind kind)
{
    struct mk_secret *fresh;
    uint32_t generation;
    uint32_t before = mk_keyring_generation(o.k, kind);

    OK(mk_keyring_rotate(o.k, &o.who[who], kind, o.secrets[kind], &fresh,
                         o.key_ids[kind], &generation, NULL));
    ck_assert_uint_eq(generation, before + 1);
    ck_assert_uint_eq(mk_keyring_generation(o.k, kind), generation);
    mk_secret_free(o.secrets[kind]);
    o.secrets[kind] = fresh;
    mk_kr_office_reread(&o);
}

/* Opens the newest wrap of somebody; 0 when he has none at all. */
static uint32_t opens(size_t who, enum mk_key_kind kind)
{
    struct mk_secret *got;
    uint8_t id[MK_ID];
    uint32_t generation = 0;
    enum mk_err rc =
        mk_keyring_unwrap(o.k, &o.who[who], kind, &got, id, &generation, NULL);
    if (rc == MK_OK && generation == mk_keyring_generation(o.k, kind))
        ck_assert(mk_secret_equal(got, o.secrets[kind]));
    mk_secret_free(got);
    return rc == MK_OK ? generation : 0;
}

START_TEST(all_who_hold_a_key_get_the_new_one_and_nobody_else)
{
    const struct {
        enum mk_key_kind kind;
        size_t by;
        unsigned holders;
    } rows[] = {
        {MK_KEY_DBK, MK_KR_ANALYST, 0x3f},
        {MK_KEY_RD, MK_KR_INSPECTOR2,
         1u << MK_KR_INSPECTOR | 1u << MK_KR_INSPECTOR2},
        {MK_KEY_RS, MK_KR_ANALYST,
         1u << MK_KR_INSPECTOR | 1u << MK_KR_INSPECTOR2 | 1u << MK_KR_ANALYST},
        {MK_KEY_RL, MK_KR_AUDITOR, 1u << MK_KR_AUDITOR},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rotate(rows[i].by, rows[i].kind);
        for (size_t p = 0; p < MK_KR_PEOPLE; p++)
            ck_assert_uint_eq(opens(p, rows[i].kind),
                              rows[i].holders >> p & 1 ? 2 : 0);
    }
    for (size_t p = 0; p < MK_KR_PEOPLE; p++)
        ck_assert_uint_eq(mk_keyring_roles(o.k, o.who[p].id),
                          MK_ROLE_BIT(mk_kr_first[p].role));
}
END_TEST

START_TEST(who_is_out_gets_no_later_key_and_then_nothing_is_stale)
{
    OK(mk_keyring_revoke(o.k, WHO(FOUNDER), ID(INSPECTOR2), BIT(INSPECTOR),
                         NULL));
    rotate(MK_KR_INSPECTOR, MK_KEY_RD);
    rotate(MK_KR_INSPECTOR, MK_KEY_RS);
    ck_assert_uint_eq(mk_keyring_stale(o.k), 1u << MK_KEY_DBK);
    rotate(MK_KR_FOUNDER, MK_KEY_DBK);
    ck_assert_uint_eq(mk_keyring_stale(o.k), 0);
    for (enum mk_key_kind kind = MK_KEY_DBK; kind <= MK_KEY_RS; kind++) {
        ck_assert_uint_eq(opens(MK_KR_INSPECTOR, kind), 2);
        ck_assert_uint_eq(opens(MK_KR_INSPECTOR2, kind), 1);
    }
}
END_TEST

/* After a theft every key is due, until each has a new generation. */
START_TEST(a_theft_is_over_when_every_kind_was_replaced)
{
    const unsigned all = 1u << MK_KEY_DBK | 1u << MK_KEY_RD | 1u << MK_KEY_RS |
                         1u << MK_KEY_RL;

    rotate(MK_KR_INSPECTOR, MK_KEY_RD);
    ck_assert_uint_eq(mk_keyring_stolen(o.k), 0);
    OK(mk_keyring_theft(o.k, WHO(AUDITOR), NULL));
    mk_kr_office_reread(&o);
    ck_assert_uint_eq(mk_keyring_stolen(o.k), all);
    ck_assert_uint_eq(mk_keyring_stolen_of(o.k, ID(ANALYST)),
                      1u << MK_KEY_DBK | 1u << MK_KEY_RS);
    rotate(MK_KR_INSPECTOR, MK_KEY_RD);
    rotate(MK_KR_ANALYST, MK_KEY_RS);
    ck_assert_uint_eq(mk_keyring_stolen_of(o.k, ID(INSPECTOR)),
                      1u << MK_KEY_DBK);
    rotate(MK_KR_FOUNDER, MK_KEY_DBK);
    ck_assert_uint_eq(mk_keyring_stolen(o.k), 1u << MK_KEY_RL);
    ck_assert_uint_eq(mk_keyring_stolen_of(o.k, ID(INSPECTOR)), 0);
    OK(mk_keyring_theft(o.k, WHO(INSPECTOR2), NULL));
    ck_assert_uint_eq(mk_keyring_stolen(o.k), all);
}
END_TEST

START_TEST(who_is_not_in_reports_no_theft)
{
    OK(mk_keyring_suspend(o.k, WHO(FOUNDER), ID(INSPECTOR2), NULL));
    ck_assert_int_eq(mk_keyring_theft(o.k, WHO(INSPECTOR2), NULL),
                     MK_E_SUSPENDED);
    ck_assert_uint_eq(mk_keyring_stolen_of(o.k, ID(INSPECTOR2)), 0);
    ck_assert_uint_eq(mk_keyring_stolen(o.k), 0);
}
END_TEST

START_TEST(who_was_suspended_through_a_rotation_asks_for_his_role_anew)
{
    OK(mk_keyring_suspend(o.k, WHO(FOUNDER), ID(INSPECTOR2), NULL));
    rotate(MK_KR_INSPECTOR, MK_KEY_RD);
    OK(mk_keyring_resume(o.k, WHO(FOUNDER), ID(INSPECTOR2), NULL));
    ck_assert_uint_eq(mk_keyring_roles(o.k, ID(INSPECTOR2)), 0);
    OK(mk_keyring_grant(o.k, WHO(INSPECTOR), ID(INSPECTOR2), MK_ROLE_INSPECTOR,
                        NULL));
    ck_assert_uint_eq(mk_keyring_roles(o.k, ID(INSPECTOR2)), BIT(INSPECTOR));
    ck_assert_uint_eq(opens(MK_KR_INSPECTOR2, MK_KEY_RD), 2);
    mk_kr_office_reread(&o);
}
END_TEST

START_TEST(the_newest_key_opens_all_before_it_and_an_old_one_none_after)
{
    struct mk_secret *first = mk_secret_copy(o.secrets[MK_KEY_RL]);
    struct mk_secret *got;
    uint8_t id[MK_ID];
    uint8_t box[2][MK_PK];
    uint8_t sign[2][MK_PK];

    rotate(MK_KR_AUDITOR, MK_KEY_RL);
    rotate(MK_KR_AUDITOR, MK_KEY_RL);
    for (uint32_t g = 1; g <= 4; g++) {
        enum mk_err rc = mk_keyring_unwrap_at(o.k, WHO(AUDITOR), MK_KEY_RL, g,
                                              &got, id, NULL);
        ck_assert_int_eq(rc, g < 4 ? MK_OK : MK_E_NOT_FOUND);
        if (g == 1)
            ck_assert(mk_secret_equal(got, first));
        mk_secret_free(got);
    }
    ck_assert_int_eq(mk_keyring_older(o.k, MK_KEY_RL, 3, first, &got, NULL),
                     MK_E_DAMAGED);
    ck_assert(mk_keyring_log_keys_at(o.k, 1, box[0], sign[0]));
    ck_assert(mk_keyring_log_keys_at(o.k, 3, box[1], sign[1]));
    ck_assert(!mk_keyring_log_keys_at(o.k, 4, box[1], sign[1]));
    ck_assert_mem_ne(box[0], box[1], MK_PK);
    ck_assert_mem_ne(sign[0], sign[1], MK_PK);
    mk_secret_free(first);
}
END_TEST

START_TEST(a_database_key_before_the_newest_is_not_kept)
{
    struct mk_secret *got;
    uint8_t id[MK_ID];

    rotate(MK_KR_AUDITOR, MK_KEY_DBK);
    ck_assert_int_eq(
        mk_keyring_unwrap_at(o.k, WHO(AUDITOR), MK_KEY_DBK, 1, &got, id, NULL),
        MK_E_NOT_FOUND);
    ck_assert_ptr_null(got);
}
END_TEST

START_TEST(only_a_holder_makes_a_new_key)
{
    struct mk_secret *fresh;
    struct mk_diag diag = MK_DIAG_INIT;
    uint8_t id[MK_ID];
    uint32_t generation;
    uint64_t serial = mk_keyring_serial(o.k);

    ck_assert_int_eq(mk_keyring_rotate(o.k, WHO(ANALYST), MK_KEY_RD,
                                       o.secrets[MK_KEY_RD], &fresh, id,
                                       &generation, &diag),
                     MK_E_NO_ROLE);
    ck_assert_str_eq(diag.place, "inspector");
    /* nor one who has another secret than the newest */
    ck_assert_int_eq(mk_keyring_rotate(o.k, WHO(INSPECTOR), MK_KEY_RD,
                                       o.secrets[MK_KEY_RS], &fresh, id,
                                       &generation, &diag),
                     MK_E_NO_ROLE);
    ck_assert_ptr_null(fresh);
    ck_assert_uint_eq(mk_keyring_serial(o.k), serial);
}
END_TEST

/* --- what follows a rotate --- */

/* k with a rotate of R_D by INSPECTOR and nothing behind it yet. */
static struct mk_keyring *begun(struct mk_kr_statement *rotation)
{
    struct mk_keyring *whole;
    struct mk_keyring *k;
    struct mk_secret *fresh;
    struct mk_kr_refusal no;
    uint32_t generation;
    struct mk_kr_text t;
    size_t at = o.k->members.len + 1;

    OK(mk_keyring_copy(&whole, o.k));
    OK(mk_keyring_rotate(whole, WHO(INSPECTOR), MK_KEY_RD,
                         o.secrets[MK_KEY_RD], &fresh, o.key_ids[MK_KEY_RD],
                         &generation, NULL));
    mk_secret_free(o.secrets[MK_KEY_RD]);
    o.secrets[MK_KEY_RD] = fresh;
    mk_kr_text_init(&t, whole->members.data + at, whole->members.len - at);
    mk_kr_statement_read(&t, rotation);
    OK(mk_keyring_copy(&k, o.k));
    OK(mk_kr_apply(k, rotation, &no));
    mk_keyring_free(whole);
    return k;
}

#define REFUSED(k, st, who, reason)                                  \
    do {                                                             \
        ck_assert_int_eq(mk_kr_office_verdict(k, st, WHO(who), why), \
                         MK_E_DAMAGED);                              \
        ck_assert_str_eq(why, reason);                               \
    } while (0)

START_TEST(behind_a_rotate_come_its_wraps_in_order_and_nothing_else)
{
    struct mk_kr_statement rotation;
    struct mk_kr_statement st;
    struct mk_kr_refusal no;
    struct mk_keyring *k = begun(&rotation);
    struct mk_kr_statement suspend = {.type = MK_KR_SUSPEND};

    memcpy(suspend.person.id, ID(ANALYST), MK_ID);
    REFUSED(k, &suspend, FOUNDER, MK_WHY_ROTATION);
    st = mk_kr_office_wrap(&o, k, MK_KR_INSPECTOR2, MK_ROLE_INSPECTOR,
                           MK_KEY_RD);
    REFUSED(k, &st, INSPECTOR, MK_WHY_ROTATION);
    st = mk_kr_office_wrap(&o, k, MK_KR_INSPECTOR, MK_ROLE_INSPECTOR,
                           MK_KEY_RD);
    REFUSED(k, &st, INSPECTOR2, MK_WHY_ROTATION);
    /* the right one, but the document ends behind it */
    REFUSED(k, &st, INSPECTOR, MK_WHY_ROTATION);
    OK(mk_kr_apply(k, &st, &no));
    REFUSED(k, &suspend, FOUNDER, MK_WHY_ROTATION);
    st = mk_kr_office_wrap(&o, k, MK_KR_INSPECTOR2, MK_ROLE_INSPECTOR,
                           MK_KEY_RD);
    ck_assert_int_eq(mk_kr_office_verdict(k, &st, WHO(INSPECTOR), why), MK_OK);
    OK(mk_kr_apply(k, &st, &no));
    ck_assert_int_eq(mk_kr_office_verdict(k, &suspend, WHO(FOUNDER), why),
                     MK_OK);
    mk_keyring_free(k);
}
END_TEST

START_TEST(a_wrap_behind_a_rotate_is_of_the_new_key)
{
    struct mk_kr_statement rotation;
    struct mk_kr_statement st;
    struct mk_keyring *k = begun(&rotation);

    st = mk_kr_office_wrap(&o, k, MK_KR_INSPECTOR, MK_ROLE_INSPECTOR,
                           MK_KEY_RD);
    st.key_id[0] ^= 1;
    REFUSED(k, &st, INSPECTOR, MK_WHY_KEY);
    st.key_id[0] ^= 1;
    st.generation--;
    REFUSED(k, &st, INSPECTOR, MK_WHY_KEY);
    mk_keyring_free(k);
}
END_TEST

START_TEST(a_generation_is_the_next_and_its_key_was_never_used)
{
    struct mk_kr_statement st;
    struct mk_kr_refusal no;
    struct mk_keyring *c;

    mk_keyring_free(begun(&st));
    for (int i = 0; i < 4; i++) {
        struct mk_kr_statement bad = st;
        if (i == 0)
            bad.generation = 3;
        else if (i == 1)
            bad.generation = 1;
        else if (i == 2)
            memcpy(bad.key_id, mk_kr_key(o.k, MK_KEY_RD)->id, MK_ID);
        else
            memcpy(bad.key_id, mk_kr_key(o.k, MK_KEY_RS)->id, MK_ID);
        REFUSED(o.k, &bad, INSPECTOR, MK_WHY_KEY);
        OK(mk_keyring_copy(&c, o.k));
        OK(mk_kr_sign(c, &bad, WHO(INSPECTOR)));
        ck_assert_int_eq(mk_kr_apply(c, &bad, &no), MK_E_DAMAGED);
        mk_keyring_free(c);
    }
    REFUSED(o.k, &st, ANALYST, MK_WHY_HOLDER);
}
END_TEST

START_TEST(log_keys_are_never_used_twice)
{
    struct mk_kr_statement st = {
        .type = MK_KR_ROTATE, .kind = MK_KEY_RL, .generation = 2};
    uint8_t box[MK_PK];
    uint8_t sign[MK_PK];

    mk_keyring_log_keys(o.k, box, sign);
    st.n_previous = mk_kr_previous_size(MK_KEY_RL);
    for (int i = 0; i < 3; i++) {
        memset(st.log_box, 1, MK_PK);
        memset(st.log_sign, i == 2 ? 1 : 2, MK_PK);
        if (i == 0)
            memcpy(st.log_box, box, MK_PK);
        if (i == 1)
            memcpy(st.log_sign, sign, MK_PK);
        REFUSED(o.k, &st, AUDITOR, MK_WHY_KEY);
    }
}
END_TEST

START_TEST(a_role_that_waits_loses_what_was_wrapped_of_the_old_key)
{
    struct mk_kr_statement st;
    struct mk_kr_refusal no;

    OK(mk_keyring_certify(o.k, WHO(FOUNDER), ID(ANALYST), BIT(INSPECTOR),
                          NULL));
    st = mk_kr_office_wrap(&o, o.k, MK_KR_ANALYST, MK_ROLE_INSPECTOR,
                           MK_KEY_RD);
    OK(mk_kr_sign(o.k, &st, WHO(INSPECTOR)));
    OK(mk_kr_apply(o.k, &st, &no));
    OK(mk_kr_slots_changed(o.k));
    rotate(MK_KR_INSPECTOR, MK_KEY_RD);
    ck_assert_uint_eq(mk_keyring_roles(o.k, ID(ANALYST)), BIT(ANALYST));
    /* he knows the old one, and that is no fault now */
    ck_assert_uint_eq(mk_keyring_stale(o.k), 0);
    OK(mk_keyring_grant(o.k, WHO(INSPECTOR), ID(ANALYST), MK_ROLE_INSPECTOR,
                        NULL));
    ck_assert_uint_eq(opens(MK_KR_ANALYST, MK_KEY_RD), 2);
    mk_kr_office_reread(&o);
}
END_TEST

/* --- the second passphrase --- */

static struct mk_secret *word(void)
{
    return mk_secret_from("een tweede wachtwoord", 21);
}

static enum mk_err unlock(const struct mk_secret *p)
{
    struct mk_identity who;
    enum mk_err rc = mk_keyring_unlock(
        o.k, mk_keyring_by_id(o.k, ID(INSPECTOR)), p, &who, NULL);
    mk_identity_release(&who);
    return rc;
}

START_TEST(either_passphrase_opens_and_the_second_can_be_taken_away)
{
    struct mk_secret *first = mk_kr_office_passphrase(MK_KR_INSPECTOR);
    struct mk_secret *second = word();
    struct mk_slot_info info;

    ck_assert_int_eq(unlock(second), MK_E_LOCKED);
    ck_assert_int_eq(mk_keyring_drop_slot(o.k, WHO(INSPECTOR), NULL),
                     MK_E_NOT_FOUND);
    for (int round = 0; round < 2; round++) {
        OK(mk_keyring_set_slot(o.k, WHO(INSPECTOR), 2, second, NULL));
        mk_kr_office_reread(&o);
        OK(unlock(first));
        OK(unlock(second));
        ck_assert(mk_keyring_slot_info(o.k, ID(INSPECTOR), &info));
        ck_assert(info.has_second);
        OK(mk_keyring_drop_slot(o.k, WHO(INSPECTOR), NULL));
        mk_kr_office_reread(&o);
        OK(unlock(first));
        ck_assert_int_eq(unlock(second), MK_E_LOCKED);
        ck_assert(mk_keyring_slot_info(o.k, ID(INSPECTOR), &info));
        ck_assert(!info.has_second);
    }
    mk_secret_free(first);
    mk_secret_free(second);
}
END_TEST

START_TEST(an_old_second_slot_does_not_come_back)
{
    struct mk_secret *second = word();
    struct mk_kr_slot kept;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_keyring *k;
    struct mk_buf text = MK_BUF_INIT;

    OK(mk_keyring_set_slot(o.k, WHO(INSPECTOR), 2, second, NULL));
    kept = mk_kr_find(o.k, ID(INSPECTOR))->slot[1];
    OK(mk_keyring_set_slot(o.k, WHO(INSPECTOR), 2, second, NULL));
    mk_kr_find(o.k, ID(INSPECTOR))->slot[1] = kept;
    OK(mk_keyring_format(o.k, &text));
    ck_assert_int_eq(mk_keyring_parse(&k, text.data, text.len, &diag),
                     MK_E_DAMAGED);
    ck_assert_str_eq(diag.place, MK_WHY_SLOT_OLD);
    mk_buf_release(&text);
    mk_secret_free(second);
}
END_TEST

START_TEST(a_second_slot_is_stated_by_its_user_and_counts_for_itself)
{
    struct mk_kr_statement st = {
        .type = MK_KR_SLOT2_SET, .has_slot = true, .slot_counter = 1};

    memcpy(st.person.id, ID(INSPECTOR), MK_ID);
    /* taken away before it was there */
    REFUSED(o.k, &st, INSPECTOR, MK_WHY_SLOT_HASH);
    st.slot_hash[0] = 1;
    REFUSED(o.k, &st, INSPECTOR2, MK_WHY_SLOT_USER);
    st.slot_counter = 2;
    REFUSED(o.k, &st, INSPECTOR, MK_WHY_SLOT_COUNTER);
    /* the first cannot be taken away */
    st.type = MK_KR_SLOT_SET;
    memset(st.slot_hash, 0, MK_HASH);
    REFUSED(o.k, &st, INSPECTOR, MK_WHY_SLOT_HASH);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        all_who_hold_a_key_get_the_new_one_and_nobody_else,
        who_is_out_gets_no_later_key_and_then_nothing_is_stale,
        a_theft_is_over_when_every_kind_was_replaced,
        who_is_not_in_reports_no_theft,
        who_was_suspended_through_a_rotation_asks_for_his_role_anew,
        the_newest_key_opens_all_before_it_and_an_old_one_none_after,
        a_database_key_before_the_newest_is_not_kept,
        only_a_holder_makes_a_new_key,
        behind_a_rotate_come_its_wraps_in_order_and_nothing_else,
        a_wrap_behind_a_rotate_is_of_the_new_key,
        a_generation_is_the_next_and_its_key_was_never_used,
        log_keys_are_never_used_twice,
        a_role_that_waits_loses_what_was_wrapped_of_the_old_key,
        either_passphrase_opens_and_the_second_can_be_taken_away,
        an_old_second_slot_does_not_come_back,
        a_second_slot_is_stated_by_its_user_and_counts_for_itself,
    };
    return UNIT_RUN("keyring_rotate", tests, start);
}
