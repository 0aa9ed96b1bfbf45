/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The address of a vault on a server: what becomes of it, and what is refused.
 * Nothing is connected. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/pg/address.h"
#include "tests/support/unit.h"

static struct mk_address a;
static struct mk_diag diag;

static enum mk_err get(const char *url)
{
    static const char *const variables[] = {
        "PGHOST",    "PGHOSTADDR", "PGPORT",     "PGSSLMODE",
        "PGSERVICE", "PGUSER",     "PGDATABASE", "PGSERVICEFILE"};

    for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
        (void)unsetenv(variables[i]);
    diag = (struct mk_diag)MK_DIAG_INIT;
    return mk_address_read(&a, url, &diag);
}

static const char *value(const struct mk_address_host *h, const char *key)
{
    const char *found = NULL;

    for (size_t i = 0; h->keys[i]; i++)
        if (strcmp(h->keys[i], key) == 0) {
            ck_assert_msg(!found, "%s twice", key);
            found = h->values[i];
        }
    return found;
}

static void is(size_t host, const char *key, const char *wanted)
{
    struct mk_address_host h;
    const char *got;

    ck_assert_int_eq(mk_address_host(&a, host, &h, &diag), MK_OK);
    got = value(&h, key);
    if (!wanted)
        ck_assert_msg(!got, "%s=%s", key, got);
    else
        ck_assert_msg(got && strcmp(got, wanted) == 0, "%s=%s, not %s", key,
                      got ? got : "", wanted);
}

START_TEST(our_own_keywords_are_taken_out)
{
    ck_assert_int_eq(get("postgresql://me@h/db?answer_timeout=7&sslmode="
                         "require&schema=team_2"),
                     MK_OK);
    ck_assert_uint_eq(a.answer_s, 7);
    ck_assert_str_eq(a.schema, "team_2");
    is(0, "sslmode", "require");
    is(0, "user", "me");
    is(0, "dbname", "db");
    is(0, "answer_timeout", NULL);
    mk_address_release(&a);
}
END_TEST

START_TEST(without_them_there_are_defaults)
{
    ck_assert_int_eq(get("postgres:///"), MK_OK);
    ck_assert_uint_eq(a.answer_s, 60);
    ck_assert_uint_eq(a.connect_s, 10);
    ck_assert_str_eq(a.schema, "meldkluis");
    is(0, "target_session_attrs", "read-write");
    is(0, "application_name", "meldkluis");
    mk_address_release(&a);
}
END_TEST

START_TEST(hosts_keep_their_ports_and_one_port_serves_all)
{
    ck_assert_int_eq(get("postgresql://one:1,two:2,three/db"), MK_OK);
    ck_assert_uint_eq(a.hosts, 3);
    is(1, "host", "two");
    is(1, "port", "2");
    is(2, "host", "three");
    mk_address_release(&a);
    ck_assert_int_eq(get("postgresql:///db?host=/one,/two&port=7"), MK_OK);
    ck_assert_uint_eq(a.hosts, 2);
    is(0, "host", "/one");
    is(1, "port", "7");
    mk_address_release(&a);
    ck_assert_int_eq(get("postgresql://one:1,two:2/db?hostaddr=127.0.0.1"),
                     MK_E_USAGE);
    mk_address_release(&a);
}
END_TEST

static const struct {
    const char *url, *variable, *tls;
} tls[] = {
    {"postgresql://far/db", NULL, "verify-full"},
    {"postgresql://localhost,far/db", NULL, "verify-full"},
    {"postgresql://10.0.0.1/db", NULL, "verify-full"},
    {"postgresql://127.evil.example/db", NULL, "verify-full"},
    {"postgresql://localhost/db?hostaddr=10.0.0.1", NULL, "verify-full"},
    {"postgresql://far/db?hostaddr=127.0.0.1", NULL, NULL},
    {"postgresql://localhost/db", NULL, NULL},
    {"postgresql://127.0.0.1/db", NULL, NULL},
    {"postgresql://[::1]/db", NULL, NULL},
    {"postgresql:///db?host=/run/pg", NULL, NULL},
    {"postgresql:///db", NULL, NULL},
    {"postgresql://far/db?sslmode=prefer", NULL, "prefer"},
    {"postgresql://localhost/db?sslmode=require", NULL, "require"},
    {"postgresql://far/db", "disable", "disable"},
    {"postgresql://far/db", "prefer", "prefer"},
    {"postgresql://far/db?sslmode=require", "disable", "require"},
};

/* A server that is not on this machine has to prove who it is, unless somebody
 * said otherwise. */
START_TEST(tls_is_the_strictest_that_nobody_loosened)
{
    ck_assert_int_eq(get("postgresql:///"), MK_OK); /* clears variables */
    mk_address_release(&a);
    if (tls[_i].variable)
        ck_assert_int_eq(setenv("PGSSLMODE", tls[_i].variable, 1), 0);
    ck_assert_int_eq(mk_address_read(&a, tls[_i].url, &diag), MK_OK);
    is(0, "sslmode", tls[_i].tls);
    mk_address_release(&a);
}
END_TEST

static const char *const refused[] = {
    "",
    "/some/folder",
    "host=far dbname=db",
    "postgresql:/far",
    "postgresql://me:secret@far/db",
    "postgresql://far/db?password=secret",
    "postgresql://far/db?passw%6frd=secret",
    "postgresql://far/db?sslpassword=secret",
    "postgresql://far/db?sslkey=/tmp/library.so:key",
    "postgresql://far/db?sslkey=/tmp/library.so%3akey",
    "postgresql://far/db?options=-csynchronous_commit%3Doff",
    "postgresql://far/db?replication=true",
    "postgresql://far/db?answer_timeout=0",
    "postgresql://far/db?answer_timeout=3601",
    "postgresql://far/db?answer_timeout=ten",
    "postgresql://far/db?schema=",
    "postgresql://far/db?schema=a%22b",
    "postgresql://far/db?schema=Team",
    "postgresql://far/db?schema=1",
    "postgresql://far/db?connect_timeout=0",
    "postgresql://far/db?connect_timeout=121",
    "postgresql://far/db?no_such_word=1",
};

START_TEST(address_that_is_none_or_says_too_much_is_refused)
{
    ck_assert_msg(get(refused[_i]) == MK_E_USAGE, "%s", refused[_i]);
    ck_assert_ptr_null(strstr(diag.place, "secret"));
    mk_address_release(&a);
}
END_TEST

START_TEST(service_file_is_read_as_libpq_does)
{
    char file[256];
    FILE *f;

    ck_assert_int_eq(get("postgresql:///"), MK_OK);
    mk_address_release(&a);
    (void)snprintf(file, sizeof(file), "%s/service.conf",
                   getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    f = fopen(file, "w");
    ck_assert_ptr_nonnull(f);
    fputs("[team]\nhost=one,two\nsslmode=verify-ca\nconnect_timeout=3\n"
          "[here]\nhost=localhost\n[engine]\nsslkey=pkcs11:key\n",
          f);
    fclose(f);
    ck_assert_int_eq(setenv("PGSERVICEFILE", file, 1), 0);
    ck_assert_int_eq(mk_address_read(&a, "postgresql:///?service=team", &diag),
                     MK_OK);
    ck_assert_uint_eq(a.hosts, 2);
    ck_assert_uint_eq(a.connect_s, 3);
    is(1, "host", "two");
    is(1, "sslmode", "verify-ca");
    mk_address_release(&a);
    ck_assert_int_eq(mk_address_read(&a, "postgresql:///?service=here", &diag),
                     MK_OK);
    is(0, "sslmode", NULL);
    mk_address_release(&a);
    ck_assert_int_eq(
        mk_address_read(&a, "postgresql:///?service=engine", &diag),
        MK_E_USAGE);
    ck_assert_str_eq(diag.place, "sslkey");
    mk_address_release(&a);
    ck_assert_int_eq(unlink(file), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pg_address");
    TCase *tc = tcase_create("address");
    SRunner *runner;
    int failed;

    tcase_add_test(tc, our_own_keywords_are_taken_out);
    tcase_add_test(tc, without_them_there_are_defaults);
    tcase_add_test(tc, hosts_keep_their_ports_and_one_port_serves_all);
    tcase_add_loop_test(tc, tls_is_the_strictest_that_nobody_loosened, 0,
                        sizeof(tls) / sizeof(*tls));
    tcase_add_loop_test(tc, address_that_is_none_or_says_too_much_is_refused,
                        0, sizeof(refused) / sizeof(*refused));
    tcase_add_test(tc, service_file_is_read_as_libpq_does);
    suite_add_tcase(suite, tc);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
