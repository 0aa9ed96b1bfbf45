/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For check_driver_pg*: the driver d with meldkluis-pg and a real server behind
 * it, and a few statements.  DB is the name of the test's database. */
#ifndef MK_TEST_PG_FIXTURE_H
#define MK_TEST_PG_FIXTURE_H

#include <signal.h>
#include <sys/wait.h>

#include "core/store/driver.h"
#include "tests/support/server.h"
#include "tests/unit/store_fixture.h"

static struct mk_driver *d;
static pid_t helper;

UNUSED static enum mk_err open_driver(const char *role, const char *more)
{
    char url[512];
    int fd = server_helper(&helper);

    server_url(url, sizeof(url), DB, role, more);
    return mk_pg_open(&d, fd, url, &diag);
}

UNUSED static void connect_driver(void)
{
    v.dbk = mk_secret_random(MK_KEY);
    ck_ok(open_driver("wisser", ""));
    ck_ok(mk_pg_shell(d, v.dbk, 1, &diag));
}

/* With a database of its own: for a test that changes more than rows. */
UNUSED static void set_up_new(void)
{
    diag = (struct mk_diag)MK_DIAG_INIT;
    (void)signal(SIGPIPE, SIG_IGN);
    ck_ok(mk_crypto_init(&diag));
    server_database(DB);
    connect_driver();
}

/* With the database of the tests before, without their rows. */
UNUSED static void set_up(void)
{
    diag = (struct mk_diag)MK_DIAG_INIT;
    (void)signal(SIGPIPE, SIG_IGN);
    ck_ok(mk_crypto_init(&diag));
    /* who is still asleep in a test before this one holds locks */
    server_sql("postgres", "SELECT pg_terminate_backend(pid, 5000)"
                           " FROM pg_stat_activity WHERE datname = '" DB "'");
    server_empty(DB);
    server_sql(DB, "DROP FUNCTION IF EXISTS provoked CASCADE;"
                   " DROP SEQUENCE IF EXISTS times, tries");
    connect_driver();
}

UNUSED static void tear_down_one(void)
{
    int status = 0;

    d->ops->close(d);
    ck_assert_int_eq(waitpid(helper, &status, 0), helper);
    ck_assert_msg(WIFEXITED(status), "signal %d", WTERMSIG(status));
    d = NULL;
}

UNUSED static void tear_down(void)
{
    if (d)
        tear_down_one();
    mk_secret_free(v.dbk);
}

/* ---- statements ---- */

UNUSED static struct mk_sql_value text(const char *s)
{
    return mk_sql_blob(s, strlen(s));
}

UNUSED static enum mk_err run(enum mk_query q,
                              const struct mk_sql_value *params, size_t n)
{
    enum mk_err rc;
    bool more;

    MK_TRY(d->ops->run(d, q, params, n, &diag));
    MK_TRY(d->ops->step(d, q, &more, NULL, &diag));
    d->ops->finish(d, q);
out:
    return rc;
}

UNUSED static void begin(bool write)
{
    ck_ok(d->ops->begin(d, write, true, &diag));
    ck_assert(mk_driver_inside(d));
}

UNUSED static void commit(void)
{
    ck_ok(d->ops->commit(d, &diag));
    ck_assert(!mk_driver_inside(d));
}

UNUSED static enum mk_err add_log(uint64_t seq, const char *leaf)
{
    const struct mk_sql_value row[] = {mk_sql_u64(seq), text(leaf)};

    return run(MK_Q_LOG_INSERT, row, 2);
}

/* Steps through the log; the number of rows, which must be dense. */
UNUSED static uint64_t walk_log(uint64_t stop)
{
    const struct mk_sql_value from = mk_sql_u64(0);
    uint64_t n = 0;
    bool more;

    ck_ok(d->ops->run(d, MK_Q_LOG_WALK, &from, 1, &diag));
    for (; n < stop; n++) {
        struct mk_sql_value seq, leaf;

        ck_ok(d->ops->step(d, MK_Q_LOG_WALK, &more, NULL, &diag));
        if (!more)
            break;
        ck_assert(d->ops->column(d, MK_Q_LOG_WALK, 0, &seq));
        ck_assert(d->ops->column(d, MK_Q_LOG_WALK, 1, &leaf));
        ck_assert(!d->ops->column(d, MK_Q_LOG_WALK, 2, &leaf));
        ck_assert_uint_eq(seq.u, n);
    }
    d->ops->finish(d, MK_Q_LOG_WALK);
    return n;
}

UNUSED static void new_database(void)
{
    server_database(DB);
}

/* tests find an empty vault; those that change more than rows, a new one. */
UNUSED static int pg_main(const TTest *const tests[], size_t n,
                          const TTest *const changing[], size_t n_changing)
{
    Suite *suite = suite_create(DB);
    TCase *tc = tcase_create("server");
    TCase *alone = tcase_create("server of its own");

    tcase_set_timeout(tc, 120);
    tcase_set_timeout(alone, 120);
    if (server_is_here()) {
        tcase_add_unchecked_fixture(tc, new_database, NULL);
        tcase_add_checked_fixture(tc, set_up, tear_down);
        tcase_add_checked_fixture(alone, set_up_new, tear_down);
        for (size_t i = 0; i < n; i++)
            tcase_add_test(tc, tests[i]);
        for (size_t i = 0; i < n_changing; i++)
            tcase_add_test(alone, changing[i]);
    } else {
        skip(tc, "driver # SKIP no server: make check-pg has one");
    }
    suite_add_tcase(suite, tc);
    suite_add_tcase(suite, alone);
    return run_suite(suite);
}

#endif
