/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The driver for PostgreSQL when meldkluis-pg is not what it should be: what it
 * "answers" lies ready in the socket before anything is asked.  Nothing of it
 * may be believed, and none of it may do harm.
 */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>

#include "core/store/driver.h"
#include "core/store/wire.h"
#include "tests/unit/store_fixture.h"

static int far; /* the end of the helper */
static int near;
static struct mk_driver *d;
static struct mk_buf frame;

static void set_up(void)
{
    int ends[2];

    diag = (struct mk_diag)MK_DIAG_INIT;
    (void)signal(SIGPIPE, SIG_IGN);
    ck_ok(mk_crypto_init(&diag));
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    far = ends[0];
    near = ends[1];
}

static void tear_down(void)
{
    if (d)
        d->ops->close(d);
    mk_buf_release(&frame);
    (void)close(far);
}

/* ---- what the helper says ---- */

static void say(const void *p, size_t n)
{
    ck_assert_int_eq(write(far, p, n), (ssize_t)n);
}

static void say_frame(enum mk_wire_kind kind, const void *body, size_t n)
{
    ck_ok(mk_wire_begin(&frame, kind));
    ck_ok(mk_buf_add(&frame, body, n));
    mk_put_u32(frame.data, (uint32_t)(frame.len - 4));
    say(frame.data, frame.len);
}

static void say_end(void)
{
    ck_assert_int_eq(shutdown(far, SHUT_WR), 0);
}

#define ROWS(more, columns, rows) \
    more, 0, 0, 0, 0, 0, 0, 0, 0, 0, columns, 0, 0, 0, rows
#define BYTES(...) \
    (const uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__})

static void welcome(void)
{
    say_frame(MK_WIRE_WELCOME, BYTES(0, 0, 0, 1));
}

static enum mk_err open_driver(void)
{
    return mk_pg_open(&d, near, "postgresql://", &diag);
}

/* In a write, with answers that follow. */
static void begin(void)
{
    welcome();
    say_frame(MK_WIRE_DONE, NULL, 0);
    ck_ok(open_driver());
    ck_ok(d->ops->begin(d, true, true, &diag));
}

static enum mk_err walk(void)
{
    const struct mk_sql_value from = mk_sql_u64(0);
    enum mk_err rc;
    bool more = true;

    MK_TRY(d->ops->run(d, MK_Q_LOG_WALK, &from, 1, &diag));
    while (more)
        MK_TRY(d->ops->step(d, MK_Q_LOG_WALK, &more, NULL, &diag));
out:
    return rc;
}

/* Nothing goes on in the transaction, and it says why. */
static void is_broken(enum mk_err why)
{
    bool more;

    ck_assert(mk_driver_inside(d));
    ck_refused(d->ops->begin(d, false, false, &diag), MK_E_INTERNAL);
    ck_refused(d->ops->step(d, MK_Q_LOG_WALK, &more, NULL, &diag), why);
    ck_refused(walk(), why);
}

/* From now on the driver is of no use, and says so. */
static void is_given_up(void)
{
    bool more;

    ck_assert(!mk_driver_inside(d));
    ck_refused(d->ops->begin(d, false, false, &diag), MK_E_SERVER);
    ck_refused(d->ops->step(d, MK_Q_LOG_WALK, &more, NULL, &diag),
               MK_E_INTERNAL);
}

static void ends_the_driver(void)
{
    is_broken(MK_E_SERVER);
    d->ops->rollback(d);
    is_given_up();
}

/* ---- frames ---- */

static const struct {
    const char *what;
    uint8_t bytes[8];
    size_t n;
} broken[] = {
    {"nothing", {0}, 0},
    {"half a length", {0, 0}, 2},
    {"a length of none", {0, 0, 0, 0, MK_WIRE_WELCOME}, 5},
    {"a length beyond all", {0xff, 0xff, 0xff, 0xff, MK_WIRE_WELCOME}, 5},
    {"a length beyond what comes", {0, 0, 1, 0, MK_WIRE_WELCOME, 0, 0}, 7},
    {"an unknown kind", {0, 0, 0, 1, 200}, 5},
    {"an answer to another question", {0, 0, 0, 1, MK_WIRE_DONE}, 5},
    {"a question", {0, 0, 0, 1, MK_WIRE_RUN}, 5},
    {"a welcome without its time", {0, 0, 0, 1, MK_WIRE_WELCOME}, 5},
    {"no reason", {0, 0, 0, 1, MK_WIRE_FAILED}, 5},
};

START_TEST(broken_frame_opens_nothing)
{
    say(broken[_i].bytes, broken[_i].n);
    say_end();
    ck_refused(open_driver(), MK_E_SERVER);
    ck_assert_ptr_null(d);
}
END_TEST

START_TEST(time_out_of_range_is_refused)
{
    say_frame(MK_WIRE_WELCOME, BYTES(0, 0, _i ? 0xff : 0, 0));
    ck_refused(open_driver(), MK_E_SERVER);
}
END_TEST

START_TEST(length_promised_takes_no_memory)
{
    struct mk_buf body = MK_BUF_INIT;
    uint8_t kind;

    ck_assert(mk_wire_ready(near));
    say(BYTES(0x03, 0xff, 0xff, 0xff, MK_WIRE_ROWS, 1, 2, 3));
    say_end();
    ck_refused(
        mk_wire_receive(near, &kind, &body, NULL, MK_WIRE_FOREVER, &diag),
        MK_E_SERVER);
    ck_assert_uint_le(body.cap, (size_t)2 << 20);
    mk_buf_release(&body);
    (void)close(near);
}
END_TEST

START_TEST(frame_that_does_not_come_is_not_waited_for)
{
    struct mk_buf body = MK_BUF_INIT;
    uint8_t kind;

    ck_assert(mk_wire_ready(near));
    say(BYTES(0, 0, 1));
    ck_refused(
        mk_wire_receive(near, &kind, &body, NULL, mk_wire_now() + 50, &diag),
        MK_E_SERVER);
    ck_assert_int_eq(diag.sys, ETIMEDOUT);
    mk_buf_release(&body);
    (void)close(near);
}
END_TEST

START_TEST(reader_that_does_not_read_is_not_waited_for)
{
    static uint8_t much[4 << 20];

    ck_assert(mk_wire_ready(near));
    ck_ok(mk_wire_begin(&frame, MK_WIRE_RUN));
    ck_ok(mk_buf_add(&frame, much, sizeof(much)));
    ck_refused(mk_wire_send(near, &frame, mk_wire_now() + 50, &diag),
               MK_E_SERVER);
    ck_assert_int_eq(diag.sys, ETIMEDOUT);
    (void)close(near);
}
END_TEST

/* ---- rows ---- */

static const struct {
    const char *what;
    uint8_t bytes[32];
    size_t n;
} wrong_rows[] = {
    {"nothing", {0}, 0},
    {"more is neither", {ROWS(2, 0, 0)}, 15},
    {"more of nothing", {ROWS(1, 2, 0)}, 15},
    {"more columns than any statement has", {ROWS(0, 13, 0)}, 15},
    {"rows without columns", {ROWS(0, 0, 1)}, 15},
    {"rows that do not come", {ROWS(0, 1, 2), 0}, 16},
    {"bytes after the last", {ROWS(0, 1, 1), 0, 0}, 17},
    {"a type that is none", {ROWS(0, 1, 1), 9}, 16},
    {"a number that is negative",
     {ROWS(0, 1, 1), MK_SQL_U64, 0xff, 0, 0, 0, 0, 0, 0, 0},
     24},
    {"bytes beyond the end",
     {ROWS(0, 1, 1), MK_SQL_BLOB, 0xff, 0xff, 0xff, 0xff},
     20},
};

START_TEST(wrong_rows_end_the_driver)
{
    begin();
    say_frame(MK_WIRE_ROWS, wrong_rows[_i].bytes, wrong_rows[_i].n);
    ck_refused(walk(), MK_E_SERVER);
    ends_the_driver();
}
END_TEST

START_TEST(more_rows_than_a_statement_has_are_refused)
{
    const struct mk_sql_value one = mk_sql_u64(0);

    begin();
    say_frame(MK_WIRE_ROWS, BYTES(ROWS(1, 1, 1), 0));
    ck_refused(d->ops->run(d, MK_Q_HEAD_LOAD, &one, 1, &diag), MK_E_LOCKED);
    ck_refused(d->ops->run(d, MK_Q_NODE_LOAD, &one, 1, &diag), MK_E_SERVER);
    ends_the_driver();
}
END_TEST

START_TEST(strange_value_is_no_column)
{
    const struct mk_sql_value from = mk_sql_u64(0);
    struct mk_sql_value got;
    bool more;

    begin();
    say_frame(MK_WIRE_ROWS,
              BYTES(ROWS(0, 2, 1), MK_WIRE_STRANGE, MK_SQL_NULL));
    ck_ok(d->ops->run(d, MK_Q_LOG_WALK, &from, 1, &diag));
    ck_ok(d->ops->step(d, MK_Q_LOG_WALK, &more, NULL, &diag));
    ck_assert(more);
    ck_assert(!d->ops->column(d, MK_Q_LOG_WALK, 0, &got));
    ck_assert(d->ops->column(d, MK_Q_LOG_WALK, 1, &got));
    ck_assert(!d->ops->column(d, MK_Q_LOG_WALK, 2, &got));
}
END_TEST

START_TEST(next_rows_that_are_cut_off_are_told)
{
    begin();
    say_frame(MK_WIRE_ROWS, BYTES(ROWS(1, 1, 1), MK_SQL_NULL));
    say_end();
    ck_refused(walk(), MK_E_SERVER);
    ends_the_driver();
}
END_TEST

/* ---- errors and outcomes ---- */

START_TEST(error_comes_over_with_a_place_that_cannot_do_harm)
{
    begin();
    say_frame(MK_WIRE_FAILED,
              BYTES(5, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 9, 0, 4, 'a', 0x1b,
                    '[', 0xff, 0xc3, 0xa9, '\n', 0xe2, 0x80, 0xae, 0xc3));
    ck_refused(walk(), MK_E_BUSY);
    ck_assert_str_eq(diag.place, "a[?");
    ck_assert_str_eq(diag.said, "\xc3\xa9?");
    ck_assert_int_eq(diag.sys, 7);
    ck_assert_int_eq(diag.num[0], 9);
    is_broken(MK_E_BUSY);
}
END_TEST

/* The other side has rolled back: nothing is asked of it to end this here. */
START_TEST(broken_transaction_is_ended_without_a_word)
{
    const uint8_t busy[] = {5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    begin();
    say_frame(MK_WIRE_FAILED, busy, sizeof(busy));
    ck_refused(walk(), MK_E_BUSY);
    if (_i)
        ck_refused(d->ops->commit(d, &diag), MK_E_BUSY);
    else
        d->ops->rollback(d);
    ck_assert(!mk_driver_inside(d));
    say_frame(MK_WIRE_DONE, NULL, 0);
    ck_ok(d->ops->begin(d, true, true, &diag));
    say_frame(MK_WIRE_DONE, NULL, 0);
    ck_ok(d->ops->commit(d, &diag));
}
END_TEST

START_TEST(error_that_is_none_of_its_own_is_refused)
{
    begin();
    say_frame(MK_WIRE_FAILED,
              BYTES(99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    ck_refused(walk(), MK_E_SERVER);
}
END_TEST

START_TEST(error_whose_place_is_longer_than_it_is_refused)
{
    begin();
    say_frame(MK_WIRE_FAILED,
              BYTES(5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 'a'));
    ck_refused(walk(), MK_E_SERVER);
}
END_TEST

/* What may come for COMMIT: DONE and nothing else is saved. */
START_TEST(commit_without_a_clear_answer_is_unknown)
{
    begin();
    switch (_i) {
    case 0:
        break;
    case 1:
        say(BYTES(0, 0, 0, 1));
        break;
    case 2:
        say_frame(MK_WIRE_DONE, "x", 1);
        break;
    case 3:
        say_frame(MK_WIRE_ROWS, NULL, 0);
        break;
    case 4:
        say_frame(MK_WIRE_FAILED, BYTES(5, 0, 0));
        break;
    case 5:
        say_frame(MK_WIRE_FAILED,
                  BYTES(99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        break;
    default:
        say(BYTES(0xff, 0, 0, 1, MK_WIRE_DONE));
    }
    say_end();
    ck_refused(d->ops->commit(d, &diag), MK_E_UNKNOWN_OUTCOME);
    is_given_up();
}
END_TEST

START_TEST(commit_that_was_never_sent_saved_nothing)
{
    begin();
    (void)close(far);
    far = -1;
    ck_refused(d->ops->commit(d, &diag), MK_E_SERVER);
    is_given_up();
}
END_TEST

START_TEST(reading_has_no_outcome)
{
    welcome();
    say_frame(MK_WIRE_DONE, NULL, 0);
    say_end();
    ck_ok(open_driver());
    ck_ok(d->ops->begin(d, false, true, &diag));
    ck_refused(d->ops->commit(d, &diag), MK_E_SERVER);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

int main(void)
{
    Suite *suite = suite_create("driver_pg_hostile");
    TCase *tc = tcase_create("answers");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, broken_frame_opens_nothing, 0, COUNT(broken));
    tcase_add_loop_test(tc, time_out_of_range_is_refused, 0, 2);
    tcase_add_test(tc, length_promised_takes_no_memory);
    tcase_add_test(tc, frame_that_does_not_come_is_not_waited_for);
    tcase_add_test(tc, reader_that_does_not_read_is_not_waited_for);
    tcase_add_loop_test(tc, wrong_rows_end_the_driver, 0, COUNT(wrong_rows));
    tcase_add_test(tc, more_rows_than_a_statement_has_are_refused);
    tcase_add_test(tc, strange_value_is_no_column);
    tcase_add_test(tc, next_rows_that_are_cut_off_are_told);
    tcase_add_test(tc, error_comes_over_with_a_place_that_cannot_do_harm);
    tcase_add_loop_test(tc, broken_transaction_is_ended_without_a_word, 0, 2);
    tcase_add_test(tc, error_that_is_none_of_its_own_is_refused);
    tcase_add_test(tc, error_whose_place_is_longer_than_it_is_refused);
    tcase_add_loop_test(tc, commit_without_a_clear_answer_is_unknown, 0, 7);
    tcase_add_test(tc, commit_that_was_never_sent_saved_nothing);
    tcase_add_test(tc, reading_has_no_outcome);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
