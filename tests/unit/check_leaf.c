/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/leaf.h"

#include <string.h>

#include "tests/support/attack.h"
#include "tests/support/unit.h"

static struct attack a;
static struct mk_vault *inspector;
static struct mk_secret *rl_box;
static const uint8_t prev[MK_HASH] = {7};

static void set_up(void)
{
    attack_setup(&a, 0);
    inspector = attack_as(&a, "inspecteur1");
    rl_box = mk_secret_part(a.known[6]->keys[MK_KEY_RL], 0, MK_KEY);
    ck_assert_ptr_nonnull(rl_box);
}

static void take_down(void)
{
    mk_secret_free(rl_box);
    mk_vault_close(inspector);
    attack_teardown(&a);
}

static const uint8_t *store(void)
{
    return mk_keyring_store(inspector->keyring);
}

static struct mk_leaf_place at(uint64_t seq)
{
    return (struct mk_leaf_place){.seq = seq,
                                  .store = store(),
                                  .session = inspector->session,
                                  .prev_head = prev};
}

static const struct mk_log_item full = {
    .time_ms = 1600000000123,
    .actor = {1, 2, 3},
    .role = MK_ROLE_INSPECTOR,
    .kind = MK_AUDIT_SHOW,
    .outcome = MK_OUTCOME_ASKED,
    .purpose = MK_PURPOSE_WRN,
    .verb = MK_VERB_DUID,
    .object = {9, 8, 7},
    .mask = 0x8000000000000005u,
    .count = 0x123456789abcu,
    .from = 0x1122334455667788u,
    .to = 0x99aabbccddeeff01u,
    .conclusion = 0x0304,
    .member = {4, 5, 6},
};

static void make_entry(uint8_t out[MK_LEAF_ENTRY], uint64_t seq,
                       const struct mk_log_item *item)
{
    struct mk_leaf_place p = at(seq);

    mk_leaf_entry(out, &p, inspector->log_key, item);
}

START_TEST(an_entry_comes_back_as_it_went_in)
{
    uint8_t bytes[MK_LEAF_ENTRY];
    struct mk_leaf leaf;
    struct mk_log_item out;

    make_entry(bytes, 77, &full);
    ck_assert_int_eq(mk_leaf_parse(&leaf, bytes, sizeof bytes, store(), NULL),
                     MK_OK);
    ck_assert_int_eq(leaf.kind, MK_LEAF_IS_ENTRY);
    ck_assert_uint_eq(leaf.seq, 77);
    ck_assert_mem_eq(leaf.prev_head, prev, MK_HASH);
    ck_assert_mem_eq(leaf.session, inspector->session, MK_ID);
    ck_assert_int_eq(
        mk_leaf_open_entry(&out, &leaf, bytes, inspector->log_key, NULL),
        MK_OK);
    ck_assert_uint_eq(out.seq, 77);
    ck_assert_int_eq(out.time_ms, full.time_ms);
    ck_assert_mem_eq(out.actor, full.actor, MK_ID);
    ck_assert_mem_eq(out.session, inspector->session, MK_ID);
    ck_assert_mem_eq(out.object, full.object, MK_ID);
    ck_assert_int_eq(out.role, full.role);
    ck_assert_int_eq(out.kind, full.kind);
    ck_assert_int_eq(out.outcome, full.outcome);
    ck_assert_uint_eq(out.purpose, full.purpose);
    ck_assert_int_eq(out.verb, full.verb);
    ck_assert_uint_eq(out.mask, full.mask);
    ck_assert_uint_eq(out.count, full.count);
    ck_assert_uint_eq(out.from, full.from);
    ck_assert_uint_eq(out.to, full.to);
    ck_assert_uint_eq(out.conclusion, full.conclusion);
    ck_assert_mem_eq(out.member, full.member, MK_ID);
    ck_assert_uint_eq(out.answers, 0);
}
END_TEST

/* Nothing of an entry shows in it, and the same one twice looks new. */
START_TEST(an_entry_shows_nothing_of_what_it_says)
{
    uint8_t one[MK_LEAF_ENTRY];
    uint8_t two[MK_LEAF_ENTRY];

    make_entry(one, 5, &full);
    make_entry(two, 5, &full);
    ck_assert_mem_eq(one, two, MK_LEAF_PREFIX);
    ck_assert_mem_ne(one + MK_LEAF_PREFIX, two + MK_LEAF_PREFIX,
                     sizeof one - MK_LEAF_PREFIX);
    ck_assert_ptr_null(memmem(one, sizeof one, full.actor, MK_ID));
    ck_assert_ptr_null(memmem(one, sizeof one, full.object, MK_ID));
}
END_TEST

START_TEST(a_flipped_bit_of_an_entry_is_noticed)
{
    uint8_t bytes[MK_LEAF_ENTRY];
    struct mk_leaf leaf;
    struct mk_log_item out;

    make_entry(bytes, 5, &full);
    for (size_t i = 0; i < 8 * sizeof bytes; i++) {
        enum mk_err rc;

        bytes[i / 8] ^= (uint8_t)(1u << (i % 8));
        rc = mk_leaf_parse(&leaf, bytes, sizeof bytes, store(), NULL);
        if (rc == MK_OK && leaf.kind == MK_LEAF_IS_ENTRY)
            rc = mk_leaf_open_entry(&out, &leaf, bytes, inspector->log_key,
                                    NULL);
        ck_assert_msg(mk_err_exit(rc) == MK_EXIT_INTEGRITY, "bit %zu: %s", i,
                      mk_err_name(rc));
        bytes[i / 8] ^= (uint8_t)(1u << (i % 8));
    }
}
END_TEST

START_TEST(an_entry_opens_with_no_other_sessions_key)
{
    uint8_t bytes[MK_LEAF_ENTRY];
    struct mk_secret *other = mk_secret_random(MK_KEY);
    struct mk_leaf leaf;
    struct mk_log_item out;
    struct mk_diag diag = MK_DIAG_INIT;

    make_entry(bytes, 5, &full);
    ck_assert_int_eq(mk_leaf_parse(&leaf, bytes, sizeof bytes, store(), NULL),
                     MK_OK);
    ck_assert_int_eq(mk_leaf_open_entry(&out, &leaf, bytes, other, &diag),
                     MK_E_DAMAGED);
    ck_assert_str_eq(diag.place, "log");
    ck_assert_int_eq(diag.num[0], 5);
    mk_secret_free(other);
}
END_TEST

START_TEST(a_leaf_of_another_size_kind_or_store_is_refused)
{
    uint8_t bytes[MK_LEAF_ENTRY + 1] = {0};
    uint8_t other[MK_ID] = {0};
    struct mk_leaf leaf;

    make_entry(bytes, 5, &full);
    for (size_t n = 0; n <= sizeof bytes; n++)
        ck_assert_int_eq(mk_leaf_parse(&leaf, bytes, n, store(), NULL),
                         n == MK_LEAF_ENTRY ? MK_OK : MK_E_TAMPERED);
    ck_assert_int_eq(mk_leaf_parse(&leaf, bytes, MK_LEAF_ENTRY, other, NULL),
                     MK_E_TAMPERED);
    for (unsigned kind = 0; kind < 256; kind++) {
        bytes[MK_LEAF_PREFIX] = (uint8_t)kind;
        ck_assert_int_eq(
            mk_leaf_parse(&leaf, bytes, MK_LEAF_ENTRY, store(), NULL),
            kind == MK_LEAF_IS_ENTRY ? MK_OK : MK_E_TAMPERED);
    }
}
END_TEST

static void make_session(uint8_t out[MK_LEAF_SESSION])
{
    struct mk_leaf_place p = at(4);
    uint8_t box[MK_PK];
    uint8_t sign[MK_PK];

    mk_keyring_log_keys(inspector->keyring, box, sign);
    ck_assert_int_eq(
        mk_leaf_session(out, &p, &inspector->who, box, inspector->log_key),
        MK_OK);
}

START_TEST(a_session_opens_for_the_auditor)
{
    uint8_t bytes[MK_LEAF_SESSION];
    uint8_t entry[MK_LEAF_ENTRY];
    uint8_t actor[MK_ID];
    struct mk_leaf leaf;
    struct mk_secret *key;
    struct mk_log_item out;

    make_session(bytes);
    ck_assert_int_eq(mk_leaf_parse(&leaf, bytes, sizeof bytes, store(), NULL),
                     MK_OK);
    ck_assert_int_eq(leaf.kind, MK_LEAF_IS_SESSION);
    ck_assert(mk_leaf_session_ok(&leaf, bytes, inspector->keyring));
    ck_assert_int_eq(
        mk_leaf_open_session(&key, actor, &leaf, store(), rl_box, NULL),
        MK_OK);
    ck_assert_mem_eq(actor, inspector->my_id, MK_ID);
    make_entry(entry, 5, &full);
    ck_assert_int_eq(mk_leaf_parse(&leaf, entry, sizeof entry, store(), NULL),
                     MK_OK);
    ck_assert_int_eq(mk_leaf_open_entry(&out, &leaf, entry, key, NULL), MK_OK);
    mk_secret_free(key);
}
END_TEST

START_TEST(the_signature_of_a_session_covers_every_bit)
{
    uint8_t bytes[MK_LEAF_SESSION];
    struct mk_leaf leaf;

    make_session(bytes);
    for (size_t i = 0; i < 8 * sizeof bytes; i += 3) {
        enum mk_err rc;

        bytes[i / 8] ^= (uint8_t)(1u << (i % 8));
        rc = mk_leaf_parse(&leaf, bytes, sizeof bytes, store(), NULL);
        ck_assert_msg(rc != MK_OK || !mk_leaf_session_ok(&leaf, bytes,
                                                         inspector->keyring),
                      "bit %zu", i);
        bytes[i / 8] ^= (uint8_t)(1u << (i % 8));
    }
}
END_TEST

/* The box says whose it is and where: it opens under no other claim. */
START_TEST(a_box_of_a_session_opens_under_no_other_name_session_or_store)
{
    uint8_t bytes[MK_LEAF_SESSION];
    uint8_t actor[MK_ID];
    uint8_t other[MK_ID];
    struct mk_leaf leaf;
    struct mk_secret *key;

    make_session(bytes);
    ck_assert_int_eq(mk_leaf_parse(&leaf, bytes, sizeof bytes, store(), NULL),
                     MK_OK);
    bytes[MK_LEAF_PREFIX + 1] ^= 1;
    ck_assert_int_eq(
        mk_leaf_open_session(&key, actor, &leaf, store(), rl_box, NULL),
        MK_E_DAMAGED);
    bytes[MK_LEAF_PREFIX + 1] ^= 1;
    leaf.session[0] ^= 1;
    ck_assert_int_eq(
        mk_leaf_open_session(&key, actor, &leaf, store(), rl_box, NULL),
        MK_E_DAMAGED);
    leaf.session[0] ^= 1;
    memcpy(other, store(), MK_ID);
    other[0] ^= 1;
    ck_assert_int_eq(
        mk_leaf_open_session(&key, actor, &leaf, other, rl_box, NULL),
        MK_E_DAMAGED);
    ck_assert_int_eq(mk_leaf_open_session(&key, actor, &leaf, store(),
                                          inspector->who.box, NULL),
                     MK_E_DAMAGED);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        an_entry_comes_back_as_it_went_in,
        an_entry_shows_nothing_of_what_it_says,
        a_flipped_bit_of_an_entry_is_noticed,
        an_entry_opens_with_no_other_sessions_key,
        a_leaf_of_another_size_kind_or_store_is_refused,
        a_session_opens_for_the_auditor,
        the_signature_of_a_session_covers_every_bit,
        a_box_of_a_session_opens_under_no_other_name_session_or_store,
    };
    Suite *suite = suite_create("leaf");
    TCase *all = tcase_create("leaf");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(all, set_up, take_down);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(all, tests[i]);
    suite_add_tcase(suite, all);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
