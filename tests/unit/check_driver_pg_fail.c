/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: server */
/* The driver for PostgreSQL when the server fails: by triggers that raise what
 * a busy, dying or slow server does. */
#define DB "driver_pg_fail"
#include "core/base/clock.h"
#include "tests/unit/pg_fixture.h"

/* Raises text when a row of the log is written (or, deferred, at COMMIT), as
 * long as the sequence `times` is below n: that is not rolled back. */
static void provoke(const char *when, const char *text, unsigned n)
{
    char sql[1024];

    (void)snprintf(
        sql, sizeof(sql),
        "CREATE SEQUENCE times; CREATE FUNCTION provoked() RETURNS trigger"
        " SECURITY DEFINER SET search_path = meldkluis LANGUAGE plpgsql AS $$"
        " BEGIN IF nextval('times') <= %u THEN %s; END IF;"
        " RETURN NEW; END $$; %s ON log %s FOR EACH ROW EXECUTE FUNCTION "
        "provoked()",
        n, text, when,
        *when == 'C' && when[7] == 'C' ? "DEFERRABLE INITIALLY DEFERRED" : "");
    server_sql(DB, sql);
}
#define AT_WRITE "CREATE TRIGGER t BEFORE INSERT"
#define AT_COMMIT "CREATE CONSTRAINT TRIGGER t AFTER INSERT"
#define SERIALIZE "RAISE EXCEPTION 'later' USING ERRCODE = '40001'"
#define DEADLOCK "RAISE EXCEPTION 'later' USING ERRCODE = '40P01'"
#define DIE "PERFORM pg_terminate_backend(pg_backend_pid())"

static uint64_t rows_of_log(void)
{
    PGconn *c = server_connect(DB);
    PGresult *r = PQexec(c, "SELECT count(*) FROM log");
    uint64_t n = strtoull(PQgetvalue(r, 0, 0), NULL, 10);

    PQclear(r);
    PQfinish(c);
    return n;
}

/* Nothing runs any more in what an error has broken, and its end opens the way
 * for the next. */
static void is_broken(enum mk_err why)
{
    ck_assert(mk_driver_inside(d));
    ck_refused(d->ops->begin(d, true, true, &diag), MK_E_INTERNAL);
    ck_refused(add_log(5, "late"), why);
    ck_refused(d->ops->commit(d, &diag), why);
    ck_assert(!mk_driver_inside(d));
}

static void write_two(void)
{
    begin(true);
    ck_ok(add_log(0, "one"));
    ck_assert_uint_eq(walk_log(10), 1);
    ck_ok(add_log(1, "two"));
    ck_assert_uint_eq(walk_log(10), 2);
    commit();
    ck_assert_uint_eq(rows_of_log(), 2);
}

START_TEST(write_that_the_server_gives_up_is_begun_again)
{
    provoke(AT_WRITE, SERIALIZE, 3);
    write_two();
}
END_TEST

START_TEST(deadlock_is_begun_again)
{
    provoke(AT_WRITE, DEADLOCK, 1);
    write_two();
}
END_TEST

START_TEST(commit_that_the_server_gives_up_is_begun_again)
{
    provoke(AT_COMMIT, SERIALIZE, 2);
    write_two();
}
END_TEST

START_TEST(server_that_never_agrees_is_busy)
{
    provoke(AT_WRITE, SERIALIZE, 1000);
    begin(true);
    ck_refused(add_log(0, "one"), MK_E_BUSY);
    is_broken(MK_E_BUSY);
    ck_assert_uint_eq(rows_of_log(), 0);
}
END_TEST

START_TEST(answer_that_differs_the_second_time_is_told)
{
    /* the same row comes back with another leaf */
    server_sql(DB,
               "CREATE FUNCTION provoked() RETURNS trigger SECURITY"
               " DEFINER SET search_path = meldkluis LANGUAGE plpgsql AS $$"
               " BEGIN IF NEW.seq = 1 AND nextval('times') = 1 THEN " SERIALIZE
               "; END IF; IF NEW.seq = 0 THEN"
               " NEW.leaf := convert_to(nextval('tries')::text, 'UTF8');"
               " END IF; RETURN NEW; END $$;"
               " CREATE SEQUENCE times; CREATE SEQUENCE tries;"
               " CREATE TRIGGER t BEFORE INSERT ON log FOR EACH ROW"
               " EXECUTE FUNCTION provoked()");
    begin(true);
    ck_ok(add_log(0, "one"));
    ck_assert_uint_eq(walk_log(10), 1);
    ck_refused(add_log(1, "two"), MK_E_CHANGED);
    is_broken(MK_E_CHANGED);
    ck_assert_uint_eq(rows_of_log(), 0);
}
END_TEST

START_TEST(connection_lost_before_the_commit_saved_nothing)
{
    provoke(AT_WRITE, DIE, 1);
    begin(true);
    ck_refused(add_log(0, "one"), MK_E_SERVER);
    is_broken(MK_E_SERVER);
    ck_refused(d->ops->begin(d, true, true, &diag), MK_E_SERVER);
    ck_assert_uint_eq(rows_of_log(), 0);
}
END_TEST

START_TEST(connection_lost_in_the_commit_leaves_the_outcome_unknown)
{
    provoke(AT_COMMIT, DIE, 1);
    begin(true);
    ck_ok(add_log(0, "one"));
    ck_refused(d->ops->commit(d, &diag), MK_E_UNKNOWN_OUTCOME);
    ck_assert(!mk_driver_inside(d));
}
END_TEST

START_TEST(warning_at_the_commit_leaves_the_outcome_unknown)
{
    provoke(AT_COMMIT, "RAISE WARNING 'not waited for'", 1);
    begin(true);
    ck_ok(add_log(0, "one"));
    ck_refused(d->ops->commit(d, &diag), MK_E_UNKNOWN_OUTCOME);
    ck_assert_uint_eq(rows_of_log(), 1);
    /* the connection is as good as it was */
    begin(true);
    ck_ok(add_log(1, "two"));
    commit();
}
END_TEST

/* It may be saved here: to write it again would save it twice. */
START_TEST(commit_that_was_warned_of_is_not_begun_again)
{
    provoke(AT_COMMIT, "RAISE WARNING 'not waited for'; " SERIALIZE, 1);
    begin(true);
    ck_ok(add_log(0, "one"));
    ck_refused(d->ops->commit(d, &diag), MK_E_UNKNOWN_OUTCOME);
    ck_assert_uint_eq(rows_of_log(), 0);
    begin(true);
    ck_ok(add_log(0, "one"));
    commit();
}
END_TEST

START_TEST(error_at_the_commit_saved_nothing_and_says_so)
{
    provoke(AT_COMMIT, "RAISE EXCEPTION 'full' USING ERRCODE = '53100'", 1);
    begin(true);
    ck_ok(add_log(0, "one"));
    ck_refused(d->ops->commit(d, &diag), MK_E_DISK_FULL);
    ck_assert_uint_eq(rows_of_log(), 0);
}
END_TEST

/* With one second for each answer; how long it took. */
static int64_t slow(const char *when, enum mk_err wanted)
{
    int64_t start;
    enum mk_err rc;

    provoke(when, "PERFORM pg_sleep(6)", 1);
    tear_down_one();
    ck_ok(open_driver("wisser", "&answer_timeout=1"));
    begin(true);
    start = mk_clock_steady();
    rc = add_log(0, "one");
    if (rc == MK_OK)
        rc = d->ops->commit(d, &diag);
    ck_refused(rc, wanted);
    return mk_clock_steady() - start;
}

START_TEST(answer_that_takes_too_long_is_not_waited_for)
{
    ck_assert_int_lt(slow(AT_WRITE, MK_E_SERVER), 5500);
}
END_TEST

START_TEST(commit_that_takes_too_long_leaves_the_outcome_unknown)
{
    ck_assert_int_lt(slow(AT_COMMIT, MK_E_UNKNOWN_OUTCOME), 5500);
}
END_TEST

START_TEST(helper_that_dies_before_the_commit_saved_nothing)
{
    begin(true);
    ck_ok(add_log(0, "one"));
    ck_assert_int_eq(kill(helper, SIGKILL), 0);
    ck_assert_int_eq(waitpid(helper, NULL, 0), helper);
    ck_refused(d->ops->commit(d, &diag), MK_E_SERVER);
    d->ops->close(d);
    d = NULL;
    ck_assert_uint_eq(rows_of_log(), 0);
}
END_TEST

START_TEST(helper_goes_when_nobody_asks_any_more)
{
    begin(true);
    ck_ok(add_log(0, "one"));
    tear_down_one(); /* waits for its end */
    ck_assert_uint_eq(rows_of_log(), 0);
}
END_TEST

/* ---- rows that nobody waits for ---- */

static enum mk_err put_log(uint64_t seq, const char *leaf,
                           enum mk_err otherwise)
{
    const struct mk_sql_value row[] = {mk_sql_u64(seq), text(leaf)};

    return d->ops->put(d, MK_Q_LOG_INSERT, row, 2, otherwise, &diag);
}

/* The transaction ends with that error, and the next one is as any. */
static void put_failed(enum mk_err why)
{
    ck_refused(d->ops->commit(d, &diag), why);
    ck_assert(!mk_driver_inside(d));
    ck_assert_uint_eq(rows_of_log(), 0);
    server_sql(DB, "DROP FUNCTION IF EXISTS provoked CASCADE");
    begin(true);
    ck_ok(put_log(0, "one", MK_E_TAMPERED));
    commit();
    ck_assert_uint_eq(rows_of_log(), 1);
}

START_TEST(rows_put_are_there_for_whoever_reads_next)
{
    char leaf[5000];
    unsigned n = 2 * 256 + 7; /* more than results are owed at once */

    memset(leaf, 'x', sizeof(leaf) - 1); /* and more bytes */
    leaf[sizeof(leaf) - 1] = '\0';
    begin(true);
    for (unsigned i = 0; i < n; i++)
        ck_ok(put_log(i, leaf, MK_E_TAMPERED));
    ck_assert_uint_eq(walk_log(n + 1), n);
    commit();
    ck_assert_uint_eq(rows_of_log(), n);
}
END_TEST

START_TEST(put_that_the_server_gives_up_is_begun_again)
{
    provoke(AT_WRITE, SERIALIZE, 3);
    begin(true);
    ck_ok(put_log(0, "one", MK_E_TAMPERED));
    ck_ok(put_log(1, "two", MK_E_TAMPERED));
    ck_assert_uint_eq(walk_log(10), 2);
    ck_ok(put_log(2, "three", MK_E_TAMPERED));
    commit();
    ck_assert_uint_eq(rows_of_log(), 3);
}
END_TEST

START_TEST(put_that_is_swallowed_is_told_before_anything_is_saved)
{
    server_sql(DB, "CREATE FUNCTION provoked() RETURNS trigger LANGUAGE"
                   " plpgsql AS $$ BEGIN RETURN NULL; END $$; " AT_WRITE
                   " ON log FOR EACH ROW EXECUTE FUNCTION provoked()");
    begin(true);
    ck_ok(put_log(0, "one", MK_E_TAMPERED));
    put_failed(MK_E_TAMPERED);
}
END_TEST

START_TEST(put_in_the_place_of_another_is_told_as_the_caller_says)
{
    begin(true);
    ck_ok(put_log(0, "one", MK_E_TAMPERED));
    ck_ok(put_log(0, "two", MK_E_CHANGED));
    ck_ok(put_log(1, "not done any more", MK_E_TAMPERED));
    ck_refused(add_log(2, "asks"), MK_E_CHANGED);
    is_broken(MK_E_CHANGED);
    ck_assert_uint_eq(rows_of_log(), 0);
}
END_TEST

START_TEST(put_that_failed_is_forgotten_by_who_rolls_back)
{
    begin(true);
    ck_ok(put_log(0, "one", MK_E_TAMPERED));
    ck_ok(put_log(0, "two", MK_E_TAMPERED));
    d->ops->rollback(d);
    begin(true);
    ck_ok(put_log(0, "one", MK_E_TAMPERED));
    commit();
    ck_assert_uint_eq(rows_of_log(), 1);
}
END_TEST

START_TEST(put_with_a_full_disk_says_so)
{
    provoke(AT_WRITE, "RAISE EXCEPTION 'full' USING ERRCODE = '53100'", 1);
    begin(true);
    ck_ok(put_log(0, "one", MK_E_TAMPERED));
    put_failed(MK_E_DISK_FULL);
}
END_TEST

START_TEST(connection_lost_in_a_put_saved_nothing)
{
    provoke(AT_WRITE, DIE, 1);
    begin(true);
    ck_ok(put_log(0, "one", MK_E_TAMPERED));
    ck_refused(d->ops->commit(d, &diag), MK_E_SERVER);
    ck_assert_uint_eq(rows_of_log(), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        rows_put_are_there_for_whoever_reads_next,
        put_that_the_server_gives_up_is_begun_again,
        put_that_is_swallowed_is_told_before_anything_is_saved,
        put_in_the_place_of_another_is_told_as_the_caller_says,
        put_that_failed_is_forgotten_by_who_rolls_back,
        put_with_a_full_disk_says_so,
        connection_lost_in_a_put_saved_nothing,
        helper_that_dies_before_the_commit_saved_nothing,
        helper_goes_when_nobody_asks_any_more,
        write_that_the_server_gives_up_is_begun_again,
        deadlock_is_begun_again,
        commit_that_the_server_gives_up_is_begun_again,
        server_that_never_agrees_is_busy,
        answer_that_differs_the_second_time_is_told,
        connection_lost_before_the_commit_saved_nothing,
        connection_lost_in_the_commit_leaves_the_outcome_unknown,
        warning_at_the_commit_leaves_the_outcome_unknown,
        commit_that_was_warned_of_is_not_begun_again,
        error_at_the_commit_saved_nothing_and_says_so,
        answer_that_takes_too_long_is_not_waited_for,
        commit_that_takes_too_long_leaves_the_outcome_unknown,
    };

    return pg_main(tests, sizeof(tests) / sizeof(*tests), NULL, 0);
}
