/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/* The vault's side of witnesses: what nobody outside has seen. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/register.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "tests/support/unit.h"
#include "tests/support/witness_kit.h"

/* --- the report --- */

static struct mk_witness_report report(void)
{
    struct mk_witness_report r;
    ck_assert_int_eq(mk_witness_report(wk_bewaarder, 0, &r, NULL), MK_OK);
    return r;
}

START_TEST(the_report_says_what_nobody_outside_has_seen)
{
    const int64_t day = INT64_C(1700000000);
    struct mk_witness_report r;
    struct mk_head first;
    wk_setup();
    r = report();
    ck_assert_uint_eq(r.covered, 0);
    ck_assert_uint_eq(r.checkpoint.size, r.log_size);
    ck_assert(mk_head_decode(&first, wk_bewaarder->head_row.body));
    ck_assert_int_le(r.since, (int64_t)(first.time_ms / 1000));
    ck_assert_int_gt(r.since, (int64_t)(first.time_ms / 1000) - 600);
    ck_assert_int_eq(wk_trust(1, NULL), MK_OK);
    ck_assert_int_eq(wk_trust(2, NULL), MK_OK);
    ck_assert_int_eq(wk_take_signed(3, 1, (uint64_t)day), MK_OK);
    ck_assert_int_eq(wk_take_signed(5, 2, (uint64_t)day + 7), MK_OK);
    r = report();
    ck_assert_uint_eq(r.covered, 5);
    ck_assert_int_eq(r.since, day + 7);
    ck_assert_uint_eq(r.w[0].size, 3);
    ck_assert_uint_eq(r.w[1].size, 5);
    ck_assert_uint_eq(r.checkpoint.size, 5);
    ck_assert_uint_eq(r.n_trusted, 2);
    ck_assert_int_eq(wk_drop("getuige/2"), MK_OK);
    r = report();
    ck_assert_uint_eq(r.covered, 3);
    ck_assert_uint_eq(r.w[1].size, 5);
    ck_assert_int_eq(mk_witness_report(wk_bewaarder, r.log_size + 1, &r, NULL),
                     MK_E_BAD_NUMBER);
    wk_teardown();
}
END_TEST

START_TEST(files_that_prove_nothing_are_counted_and_do_no_more)
{
    struct mk_checkpoint c;
    struct mk_buf note = MK_BUF_INIT;
    struct mk_witness_report r;
    char big[70000];
    wk_setup();
    ck_assert_int_eq(wk_trust(1, NULL), MK_OK);
    ck_assert_int_eq(wk_take_signed(3, 1, 1700000000), MK_OK);
    memset(big, 'x', sizeof big);
    wk_write_kept("1", "rommel", 6);
    wk_write_kept("2", big, sizeof big);
    wk_write_kept("04", "geen naam", 9);
    wk_write_kept("vreemd", "x", 1);
    c = wk_checkpoint_at(4);
    wk_note_of(&note, &c, 0, 0); /* signed by the log alone */
    wk_write_kept("4", note.data, note.len);
    wk_note_of(&note, &c, 1, 1700000000);
    wk_write_kept("5", note.data, note.len); /* of another size */
    note.data[note.len - 8] ^= 1;
    wk_write_kept("6", note.data, note.len);
    r = report();
    ck_assert_uint_eq(r.damaged, 5);
    ck_assert_uint_eq(r.covered, 3);
    /* a good one takes the place of rubbish */
    ck_assert_int_eq(wk_take_signed(1, 1, 1700000000), MK_OK);
    r = report();
    ck_assert_uint_eq(r.damaged, 4);
    /* but what contradicts is no rubbish */
    c.root[0] ^= 1;
    wk_note_of(&note, &c, 1, 1700000000);
    wk_write_kept("4", note.data, note.len);
    ck_assert_int_eq(mk_witness_report(wk_bewaarder, 0, &r, NULL), MK_E_SPLIT);
    c.size = 100000;
    wk_note_of(&note, &c, 1, 1700000000);
    wk_write_kept("100000", note.data, note.len);
    ck_assert_int_eq(mk_witness_report(wk_bewaarder, 0, &r, NULL),
                     MK_E_LOG_SHORTER);
    mk_buf_release(&note);
    wk_teardown();
}
END_TEST

START_TEST(a_checkpoint_that_others_may_read_is_refused)
{
    struct mk_witness_report r;
    char path[160];
    wk_setup();
    ck_assert_int_eq(wk_trust(1, NULL), MK_OK);
    ck_assert_int_eq(wk_take_signed(3, 1, 1700000000), MK_OK);
    wk_path_of(path, "3");
    ck_assert_int_eq(chmod(path, 0644), 0);
    ck_assert_int_eq(mk_witness_report(wk_bewaarder, 0, &r, NULL),
                     MK_E_PERMISSIONS);
    wk_teardown();
}
END_TEST

START_TEST(stamps_are_numbered_and_kept_once)
{
    unsigned number;
    struct mk_docs docs;
    bool found;
    wk_setup();
    ck_assert_int_eq(
        mk_checkpoints_open(&docs, wk_bewaarder, true, &found, NULL), MK_OK);
    for (unsigned round = 0; round < 2; round++)
        for (unsigned i = 1; i <= MK_STAMPS; i++) {
            char text[8];
            snprintf(text, sizeof text, "nr %u", i);
            ck_assert_int_eq(
                mk_checkpoints_stamp(&docs, 3, text, 4, &number, NULL), MK_OK);
            ck_assert_uint_eq(number, i);
        }
    ck_assert_int_eq(mk_checkpoints_stamp(&docs, 3, "meer", 4, &number, NULL),
                     MK_E_TOO_LARGE);
    ck_assert_int_eq(mk_checkpoints_stamp(&docs, 4, "meer", 4, &number, NULL),
                     MK_OK);
    /* which prove nothing, and are counted as such */
    ck_assert_uint_eq(report().stamps, 0);
    ck_assert_uint_eq(report().damaged, MK_STAMPS + 1);
    mk_docs_close(&docs);
    wk_teardown();
}
END_TEST

/* Whose clock runs ahead would else keep everybody calm until then. */
START_TEST(a_cosignature_of_tomorrow_is_not_fresh)
{
    const uint64_t now = (uint64_t)mk_clock_now() / 1000;
    struct mk_witness_report r;
    int64_t began;

    wk_setup();
    ck_assert_int_eq(wk_trust(1, NULL), MK_OK);
    ck_assert_int_eq(wk_trust(2, NULL), MK_OK);
    began = report().since;
    ck_assert_int_eq(wk_take_signed(3, 1, now + 86400), MK_OK);
    r = report();
    ck_assert(r.w[0].ahead);
    ck_assert_uint_eq(r.covered, 3); /* he saw them, whenever it was */
    ck_assert_int_eq(r.since, began);
    ck_assert_int_eq(wk_take_signed(2, 2, now - 50), MK_OK);
    r = report();
    ck_assert(!r.w[1].ahead);
    ck_assert_uint_eq(r.covered, 3);
    ck_assert_int_eq(r.since, (int64_t)now - 50);
    ck_assert_int_eq(wk_take_signed(4, 2, now + 60), MK_OK);
    ck_assert(!report().w[1].ahead); /* no two clocks are the same */
    wk_teardown();
}
END_TEST

START_TEST(files_of_checkpoints_have_their_names)
{
    static const struct {
        const char *name;
        uint64_t size;
        unsigned number;
    } good[] = {{"1", 1, 0},
                {"1234", 1234, 0},
                {"1234.1.tsr", 1234, 1},
                {"1234.9.tsr", 1234, 9},
                {"9223372036854775807", INT64_MAX, 0}};
    static const char *const bad[] = {"",
                                      "0",
                                      "07",
                                      "-1",
                                      "1234.",
                                      "1234.tsr",
                                      "1234.0.tsr",
                                      "1234.10.tsr",
                                      "1234.1.tsr.",
                                      ".1234.half",
                                      "1234.1.tsrx",
                                      "12a",
                                      "1234.1",
                                      "9223372036854775808"};
    uint64_t size;
    unsigned number;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert(mk_checkpoints_name(good[i].name, &size, &number));
        ck_assert_uint_eq(size, good[i].size);
        ck_assert_uint_eq(number, good[i].number);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!mk_checkpoints_name(bad[i], &size, &number), "%s",
                      bad[i]);
}
END_TEST

START_TEST(a_locked_vault_reports_nothing)
{
    struct mk_vault *v;
    struct mk_witness_report r;
    struct mk_witness_taken taken;
    struct mk_buf note = MK_BUF_INIT;
    wk_setup();
    struct mk_checkpoint c = wk_checkpoint_at(2);
    wk_note_of(&note, &c, 1, 1700000000);
    ck_assert_int_eq(mk_vault_open(&v, &wk_f.where, NULL), MK_OK);
    ck_assert_int_eq(mk_witness_report(v, 0, &r, NULL), MK_E_LOCKED);
    ck_assert_int_eq(
        mk_witness_take(v, &wk_plain, note.data, note.len, &taken, NULL),
        MK_E_LOCKED);
    mk_vault_close(v);
    mk_buf_release(&note);
    wk_teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_report_says_what_nobody_outside_has_seen,
        files_that_prove_nothing_are_counted_and_do_no_more,
        stamps_are_numbered_and_kept_once,
        a_cosignature_of_tomorrow_is_not_fresh,
        files_of_checkpoints_have_their_names,
        a_locked_vault_reports_nothing,
    };
    const TTest *const of_files[] = {
        a_checkpoint_that_others_may_read_is_refused,
    };
    return UNIT_RUN_STORES("witness_report", tests, of_files, NULL);
}
