/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the log is kept, and what is left when a part of it is gone. */
#include <stdio.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/tx.h"
#include "tests/support/old_log.h"
#include "tests/support/unit.h"

static struct attack a;
static struct attack_files base; /* as old_setup left it */

/* Made once: every test is a process of its own, and begins with its files. */
static void start(void)
{
    old_setup(&a);
    attack_save(&a, &base);
}

static void begin(void)
{
    attack_load(&a, &base);
    old_clock(OLD_SECOND);
}

static void end(void)
{
    attack_files_release(&base);
    attack_teardown(&a);
}

static const uint8_t a_store[MK_ID] = "0123456789abcde";

/* --- the bytes --- */

START_TEST(a_term_lies_in_its_bytes_as_written_down)
{
    uint8_t body[MK_TERM_BODY];
    struct mk_blob blob = {body, sizeof body};
    uint32_t months;

    mk_term_encode(body, a_store, 84);
    ck_assert_mem_eq(body, "MKT1", 4);
    ck_assert_mem_eq(body + 4, a_store, MK_ID);
    ck_assert_uint_eq(mk_get_u32(body + 20), 84);
    ck_assert(mk_term_parse(&months, &blob, a_store));
    ck_assert_uint_eq(months, 84);
    for (size_t i = 0; i < 20; i++) {
        body[i] ^= 1;
        ck_assert(!mk_term_parse(&months, &blob, a_store));
        body[i] ^= 1;
    }
    blob.n--;
    ck_assert(!mk_term_parse(&months, &blob, a_store));
}
END_TEST

START_TEST(a_term_lies_within_its_bounds)
{
    uint8_t body[MK_TERM_BODY];
    const struct mk_blob blob = {body, sizeof body};
    static const struct {
        uint32_t months;
        bool good;
    } cases[] = {{0, false},  {59, false},  {60, true},
                 {600, true}, {601, false}, {UINT32_MAX, false}};
    uint32_t months;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mk_term_encode(body, a_store, cases[i].months);
        ck_assert_int_eq(mk_term_parse(&months, &blob, a_store),
                         cases[i].good);
    }
}
END_TEST

START_TEST(a_pruning_lies_in_its_bytes_as_written_down)
{
    struct mk_pruning p = {.size = 512, .before_ms = 0x0102030405060708};
    struct mk_pruning back;
    uint8_t body[MK_PRUNING_BODY];
    struct mk_blob blob = {body, sizeof body};

    memset(p.root, 0xb7, MK_HASH);
    mk_pruning_encode(body, a_store, &p);
    ck_assert_mem_eq(body, "MKP1", 4);
    ck_assert_mem_eq(body + 4, a_store, MK_ID);
    ck_assert_uint_eq(mk_get_u64(body + 20), 512);
    ck_assert_mem_eq(body + 28, p.root, MK_HASH);
    ck_assert_uint_eq(mk_get_u64(body + 60), 0x0102030405060708);
    ck_assert(mk_pruning_parse(&back, &blob, a_store));
    ck_assert_mem_eq(&back, &p, sizeof p);
    blob.n--;
    ck_assert(!mk_pruning_parse(&back, &blob, a_store));
    blob.n++;
    for (uint64_t size = 0; size < 600; size++) {
        p.size = size;
        mk_pruning_encode(body, a_store, &p);
        ck_assert_int_eq(mk_pruning_parse(&back, &blob, a_store),
                         size == 256 || size == 512);
    }
}
END_TEST

/* --- the term --- */

#define DAY INT64_C(86400000)

START_TEST(the_longest_term_of_the_last_31_days_holds)
{
    struct mk_past_term terms[] = {
        {.months = 120, .set_ms = 100 * DAY},
        {.months = 60, .set_ms = 200 * DAY},
        {.months = 84, .set_ms = 210 * DAY},
        {.months = 72, .set_ms = 300 * DAY},
    };
    static const struct {
        int day;
        size_t n;
        uint32_t months; /* 0: none holds */
    } cases[] = {
        {130, 1, 0},   {131, 1, 120}, {230, 2, 120}, {231, 2, 60},
        {230, 3, 120}, {231, 3, 84},  {241, 3, 84},  {330, 4, 84},
        {331, 4, 72},  {131, 0, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mk_past past;
        uint32_t months;

        mk_past_init(&past);
        past.terms = terms;
        past.n_terms = cases[i].n;
        ck_assert_int_eq(mk_past_term_at(&past, cases[i].day * DAY, &months),
                         cases[i].months != 0);
        ck_assert_msg(months == cases[i].months, "day %d: %u", cases[i].day,
                      months);
    }
}
END_TEST

START_TEST(a_term_is_set_by_a_custodian_and_shown_to_all)
{
    const struct mk_access access = {.purpose = 0};
    const struct mk_access dry = {.dry_run = true};
    struct mk_log_keeping k;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;
    bool chosen;

    old_clock(OLD_FIRST);
    attack_setup(&a, 0);
    v = attack_as(&a, "inspecteur1");
    ck_assert_int_eq(mk_log_term_chosen(v, &chosen, &diag), MK_OK);
    ck_assert(!chosen);
    ck_assert_int_eq(mk_log_term_set(v, &access, 60, &diag), MK_E_NO_ROLE);
    ck_assert_int_eq(mk_log_keeping(v, &k, &diag), MK_OK);
    ck_assert_uint_eq(k.months, 0);
    mk_vault_close(v);
    v = attack_as(&a, "bewaarder2");
    ck_assert_int_eq(mk_log_term_set(v, &access, 59, &diag), MK_E_BAD_NUMBER);
    ck_assert_int_eq(mk_log_term_set(v, &access, 601, &diag), MK_E_BAD_NUMBER);
    ck_assert_int_eq(mk_log_term_set(v, &dry, 84, &diag), MK_OK);
    ck_assert_int_eq(mk_log_keeping(v, &k, &diag), MK_OK);
    ck_assert_uint_eq(k.months, 0);
    ck_assert_int_eq(mk_log_term_set(v, &access, 84, &diag), MK_OK);
    mk_vault_close(v);
    v = attack_as(&a, "analist1");
    ck_assert_int_eq(mk_log_keeping(v, &k, &diag), MK_OK);
    ck_assert_uint_eq(k.months, 84);
    ck_assert_uint_eq(k.in_force, 0);
    /* no month has to go by: the office has made up its mind */
    ck_assert_int_eq(mk_log_term_chosen(v, &chosen, &diag), MK_OK);
    ck_assert(chosen);
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

/* --- what goes and what stays --- */

static enum mk_err first_of(void *ctx, const struct mk_log_item *item)
{
    uint64_t *first = ctx;

    if (item->seq < *first)
        *first = item->seq;
    ck_assert_uint_ne(item->kind, MK_AUDIT_NONE);
    return MK_OK;
}

static void assert_sound(uint64_t pruned)
{
    const struct mk_access access = {.purpose = MK_PURPOSE_CTL};
    const struct mk_log_filter any = {.from = MK_DAY_NONE,
                                      .until = MK_DAY_NONE};
    struct mk_verify_report report;
    struct attack_seen seen;
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t first = UINT64_MAX;
    struct mk_vault *v;
    enum mk_err rc;

    attack_look(&a, &seen);
    ck_assert_msg(seen.read == MK_OK && seen.verify == MK_OK, "%s %s",
                  mk_err_name(seen.read), seen.place);
    v = attack_as(&a, "auditor1");
    rc = mk_log_list(v, &access, &any, first_of, &first, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    ck_assert_uint_ge(first, pruned);
    ck_assert_uint_lt(first, pruned + 60);
    ck_assert_int_eq(mk_log_verify(v, &access, &report, NULL, NULL, &diag),
                     MK_OK);
    ck_assert_uint_eq(report.pruned, pruned);
    ck_assert_uint_eq(report.log_size, v->head.log_size);
    mk_vault_close(v);
}

static void without_mark(void)
{
    char path[192];

    attack_path(&a, ATTACK_MARK, path);
    ck_assert_int_eq(remove(path), 0);
}

START_TEST(what_is_older_than_the_term_goes_and_all_else_is_as_it_was)
{
    struct below_rows rows;
    struct mk_log_keeping k;
    struct mk_log_pruned out;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;

    begin();
    old_clock(
        "2026-06-01"); /* the year of the first part is over, and no more */
    old_others(&a);
    ck_assert_int_eq(old_prune(&a, NULL, true, &out, &diag), MK_OK);
    ck_assert_uint_eq(out.removed, 256);
    assert_sound(0);
    old_prune_to(&a, 256);
    assert_sound(256);
    attack_rows(&a, "log", &rows);
    v = attack_as(&a, "inspecteur1");
    ck_assert_uint_eq(rows.n + 256, v->head.log_size);
    mk_vault_close(v);
    below_release(&rows);
    without_mark();
    assert_sound(256);
    /* nothing more is due; the next year is */
    old_prune_to(&a, 256);
    old_clock(OLD_AFTER);
    old_others(&a);
    old_prune_to(&a, 512);
    assert_sound(512);
    without_mark();
    assert_sound(512);
    v = attack_as(&a, "analist1");
    ck_assert_int_eq(mk_log_keeping(v, &k, NULL), MK_OK);
    ck_assert_uint_eq(k.pruned, 512);
    ck_assert_uint_eq(k.in_force, 60);
    ck_assert_mem_eq(k.pruned_by, a.known[0]->my_id, MK_ID);
    mk_vault_close(v);
}
END_TEST

START_TEST(who_was_open_meanwhile_goes_on)
{
    const struct mk_log_item item = {.kind = MK_AUDIT_LOG_VERIFY};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;

    begin();
    old_clock(OLD_AFTER);
    old_others(&a);
    v = attack_as(&a, "inspecteur2");
    old_prune_to(&a, 512);
    ck_assert_int_eq(mk_log_now(v, &item, &diag), MK_OK);
    mk_vault_close(v);
    assert_sound(512);
}
END_TEST

START_TEST(a_day_can_be_named_but_not_one_that_the_term_forbids)
{
    struct mk_log_pruned out;
    struct mk_diag diag = MK_DIAG_INIT;

    begin();
    old_clock(OLD_AFTER);
    old_others(&a);
    ck_assert_int_eq(old_prune(&a, "2023-01-01", false, &out, &diag),
                     MK_E_TERM_HOLDS);
    ck_assert_str_eq(diag.place, "2022-04-27");
    ck_assert_int_eq(old_prune(&a, "2022-04-28", true, &out, &diag),
                     MK_E_TERM_HOLDS);
    ck_assert_int_eq(old_prune(&a, "2022-04-27", true, &out, &diag), MK_OK);
    ck_assert_uint_eq(out.size, 512);
    ck_assert_int_eq(old_prune(&a, "2021-06-01", false, &out, &diag), MK_OK);
    ck_assert_uint_eq(out.size, 256);
    assert_sound(256);
}
END_TEST

/* --- what keeps it --- */

START_TEST(without_a_term_that_holds_nothing_goes)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_log_pruned out;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;

    old_clock(OLD_FIRST);
    attack_setup(&a, 0);
    old_work_to(&a, "inspecteur1", 256);
    old_clock(OLD_AFTER);
    old_others(&a);
    ck_assert_int_eq(old_prune(&a, NULL, false, &out, &diag), MK_E_NO_TERM);
    v = attack_as(&a, "bewaarder2");
    ck_assert_int_eq(mk_log_term_set(v, &access, 60, &diag), MK_OK);
    mk_vault_close(v);
    ck_assert_int_eq(old_prune(&a, NULL, false, &out, &diag), MK_E_NO_TERM);
    /* his own clock makes no 31 days of it */
    old_clock("2027-07-09");
    ck_assert_int_eq(old_prune(&a, NULL, false, &out, &diag), MK_E_NO_TERM);
    old_others(&a);
    old_prune_to(&a, 256);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_clock_that_a_custodian_set_forward_takes_nothing_away)
{
    struct mk_log_pruned out;
    struct mk_diag diag = MK_DIAG_INIT;

    begin();
    old_clock("2023-01-02");
    old_others(&a);
    old_clock("2060-01-01");
    ck_assert_int_eq(old_prune(&a, NULL, false, &out, &diag), MK_OK);
    ck_assert_uint_eq(out.removed, 0);
    /* and an inspector of whom he made a friend is not enough */
    old_work(&a, "inspecteur1", 1);
    ck_assert_int_eq(old_prune(&a, NULL, false, &out, &diag), MK_OK);
    ck_assert_uint_eq(out.removed, 0);
}
END_TEST

START_TEST(a_session_that_goes_on_keeps_what_began_before_it)
{
    const struct mk_log_item item = {.kind = MK_AUDIT_LOG_VERIFY};
    struct mk_log_pruned out;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *open;
    uint64_t began;

    begin();
    open = attack_as(&a, "inspecteur2");
    ck_assert_int_eq(mk_log_now(open, &item, &diag), MK_OK);
    began = open->head.log_size - 2;
    old_work_to(&a, "inspecteur1", 768);
    old_work_to(&a, "inspecteur1", 800);
    old_clock(OLD_AFTER);
    ck_assert_int_eq(mk_log_now(open, &item, &diag), MK_OK);
    mk_vault_close(open);
    old_others(&a);
    ck_assert_int_eq(old_prune(&a, NULL, false, &out, &diag), MK_OK);
    ck_assert(out.held);
    ck_assert_uint_eq(out.held_seq, began);
    ck_assert_mem_eq(out.held_by, a.known[3]->my_id, MK_ID);
    ck_assert_uint_eq(out.size, began - began % 256);
    assert_sound(out.size);
}
END_TEST

START_TEST(only_a_custodian_prunes)
{
    static const char *const others[] = {"inspecteur1", "analist1",
                                         "auditor1"};
    const struct mk_access access = {.purpose = 0};
    struct mk_log_pruned out;
    struct mk_diag diag = MK_DIAG_INIT;

    begin();
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct mk_vault *v = attack_as(&a, others[i]);

        ck_assert_int_eq(mk_log_prune(v, &access, 0, &out, &diag),
                         MK_E_NO_ROLE);
        mk_vault_close(v);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_term_lies_in_its_bytes_as_written_down,
        a_term_lies_within_its_bounds,
        a_pruning_lies_in_its_bytes_as_written_down,
        the_longest_term_of_the_last_31_days_holds,
        a_term_is_set_by_a_custodian_and_shown_to_all,
        what_is_older_than_the_term_goes_and_all_else_is_as_it_was,
        who_was_open_meanwhile_goes_on,
        a_day_can_be_named_but_not_one_that_the_term_forbids,
        without_a_term_that_holds_nothing_goes,
        a_clock_that_a_custodian_set_forward_takes_nothing_away,
        a_session_that_goes_on_keeps_what_began_before_it,
        only_a_custodian_prunes,
    };

    return UNIT_RUN_SHARED("prune", tests, start, end);
}
