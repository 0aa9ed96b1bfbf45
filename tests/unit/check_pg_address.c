/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The address of a vault on a server: what becomes of it, and what is refused.
 * Nothing is connected. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/pg/address.h"
#include "cmd/pg/keywords.h"
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
    ck_assert_int_eq(get("postgres:///db"), MK_OK);
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
                     MK_E_SERVER_ADDRESS);
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
    ck_assert_int_eq(get("postgresql:///db"), MK_OK); /* clears variables */
    mk_address_release(&a);
    if (tls[_i].variable)
        ck_assert_int_eq(setenv("PGSSLMODE", tls[_i].variable, 1), 0);
    ck_assert_int_eq(mk_address_read(&a, tls[_i].url, &diag), MK_OK);
    is(0, "sslmode", tls[_i].tls);
    mk_address_release(&a);
}
END_TEST

static const struct {
    const char *url;
    enum mk_err err;
    const char *place;
} refused[] = {
    {"", MK_E_SERVER_ADDRESS, "postgresql://"},
    {"/some/folder", MK_E_SERVER_ADDRESS, "postgresql://"},
    {"host=far dbname=db", MK_E_SERVER_ADDRESS, "postgresql://"},
    {"postgresql:/far", MK_E_SERVER_ADDRESS, "postgresql://"},
    {"postgresql://me:secret@far/db", MK_E_SERVER_ADDRESS, NULL},
    {"postgresql://me:secret@[far/db", MK_E_SERVER_ADDRESS, NULL},
    {"postgresql://far/db?password=secret", MK_E_SERVER_ADDRESS, NULL},
    {"postgresql://far/db?passw%6frd=secret", MK_E_SERVER_ADDRESS, NULL},
    {"postgresql://far/db?passw%6frd=%zzsecret", MK_E_SERVER_ADDRESS,
     "a keyword or its value"},
    {"postgresql://far/db?user=secret%zz", MK_E_SERVER_ADDRESS,
     "a keyword or its value"},
    {"postgresql://far/db?answer_timeout=0", MK_E_SERVER_ADDRESS,
     "answer_timeout (1 to 3600 seconds)"},
    {"postgresql://far/db?answer_timeout=3601", MK_E_SERVER_ADDRESS,
     "answer_timeout (1 to 3600 seconds)"},
    {"postgresql://far/db?answer_timeout=ten", MK_E_SERVER_ADDRESS,
     "answer_timeout (1 to 3600 seconds)"},
    {"postgresql://far/db?schema=", MK_E_SERVER_ADDRESS, "schema"},
    {"postgresql://far/db?schema=a%22b", MK_E_SERVER_ADDRESS, "schema"},
    {"postgresql://far/db?schema=Team", MK_E_SERVER_ADDRESS, "schema"},
    {"postgresql://far/db?schema=1", MK_E_SERVER_ADDRESS, "schema"},
    {"postgresql://far/db?connect_timeout=0", MK_E_SERVER_ADDRESS,
     "connect_timeout (1 to 120 seconds)"},
    {"postgresql://far/db?connect_timeout=121", MK_E_SERVER_ADDRESS,
     "connect_timeout (1 to 120 seconds)"},
    {"postgresql://far/db?no_such_word=1", MK_E_SERVER_ADDRESS,
     "a keyword or its value"},
    /* not for users: by name */
    {"postgresql://far/db?sslpassword=secret", MK_E_SERVER_KEYWORD,
     "sslpassword"},
    {"postgresql://far/db?sslkey=/tmp/library.so:key", MK_E_SERVER_KEYWORD,
     "sslkey=engine:"},
    {"postgresql://far/db?sslkey=/tmp/library.so%3akey", MK_E_SERVER_KEYWORD,
     "sslkey=engine:"},
    {"postgresql://far/db?options=-csynchronous_commit%3Doff",
     MK_E_SERVER_KEYWORD, "options"},
    {"postgresql://far/db?replication=true", MK_E_SERVER_KEYWORD,
     "replication"},
    {"postgresql://far/db?gsslib=gssapi", MK_E_SERVER_KEYWORD, "gsslib"},
    {"postgresql://far/db?sslcompression=1", MK_E_SERVER_KEYWORD,
     "sslcompression"},
    {"postgresql://far/db?application_name=x", MK_E_SERVER_KEYWORD,
     "application_name"},
    {"postgresql://far/db?client_encoding=LATIN1", MK_E_SERVER_KEYWORD,
     "client_encoding"},
    /* a keyword that says nothing means something else to libpq */
    {"postgresql://far/db?sslrootcert=", MK_E_SERVER_KEYWORD, "sslrootcert"},
    {"postgresql:///db?host=", MK_E_SERVER_KEYWORD, "host"},
    /* a host without a name would be the socket of this machine */
    {"postgresql:///db?host=,", MK_E_SERVER_ADDRESS, "host"},
    {"postgresql:///db?host=h2,", MK_E_SERVER_ADDRESS, "host"},
    {"postgresql://,h2/db", MK_E_SERVER_ADDRESS, "host"},
    {"postgresql:///db?hostaddr=10.0.0.1,", MK_E_SERVER_ADDRESS, "host"},
    {"postgresql://far/db?port=x", MK_E_SERVER_ADDRESS, "port (1 to 65535)"},
    {"postgresql://far:65536/db", MK_E_SERVER_ADDRESS, "port (1 to 65535)"},
    {"postgresql://far/db?port=0", MK_E_SERVER_ADDRESS, "port (1 to 65535)"},
    {"postgresql://one,two/db?port=1,2,3", MK_E_SERVER_ADDRESS, "port"},
    {"postgresql://one,two/db?hostaddr=10.0.0.1,10.0.0.2,10.0.0.3",
     MK_E_SERVER_ADDRESS, "hostaddr"},
    /* libpq would take the name of the account for it */
    {"postgresql://far", MK_E_SERVER_ADDRESS, "dbname"},
    {"postgresql://me@far/?port=5432", MK_E_SERVER_ADDRESS, "dbname"},
    {"postgresql://far/db?service=elsewhere", MK_E_SERVER_ADDRESS, "service"},
};

START_TEST(address_that_is_none_or_says_too_much_is_refused)
{
    ck_assert_msg(get(refused[_i].url) == refused[_i].err, "%s: %s",
                  refused[_i].url, mk_err_name(diag.err));
    if (refused[_i].place)
        ck_assert_str_eq(diag.place, refused[_i].place);
    ck_assert_ptr_null(strstr(diag.place, "secret"));
    ck_assert_ptr_null(strstr(diag.said, "secret"));
    mk_address_release(&a);
}
END_TEST

/* What libpq says of it is its own words, beside ours. */
START_TEST(words_of_libpq_are_kept_apart)
{
    ck_assert_int_eq(get("postgresql://far/db?no_such_word=1"),
                     MK_E_SERVER_ADDRESS);
    ck_assert_str_eq(diag.said,
                     "invalid URI query parameter: \"no_such_word\"");
    mk_address_release(&a);
    ck_assert_int_eq(get("postgresql:///?service=elsewhere"),
                     MK_E_SERVER_ADDRESS);
    ck_assert_ptr_nonnull(strstr(diag.said, "elsewhere"));
    mk_address_release(&a);
}
END_TEST

/* A keyword that a later libpq brings is nobody's until it is on the list: of
 * those of this one each is free, or known to be refused. */
START_TEST(each_keyword_of_libpq_is_free_or_refused)
{
    static const char *const not_free[] = {
        "options",         "application_name", "fallback_application_name",
        "client_encoding", "sslcompression",   "gsslib",
        "replication",     "authtype",         "tty",
        "gssdelegation"};
    PQconninfoOption *all = PQconndefaults();

    ck_assert_ptr_nonnull(all);
    for (const PQconninfoOption *o = all; o->keyword; o++) {
        bool known = mk_keyword_is_free(o->keyword, true);

        for (size_t i = 0; i < sizeof(not_free) / sizeof(*not_free); i++)
            known = known || strcmp(not_free[i], o->keyword) == 0;
        ck_assert_msg(known, "%s", o->keyword);
    }
    PQconninfoFree(all);
    ck_assert(!mk_keyword_is_free("sslkeylogfile", true));
    ck_assert(!mk_keyword_is_free("options", true));
    ck_assert(!mk_keyword_is_free("password", false));
    ck_assert(mk_keyword_is_free("password", true));
    ck_assert(mk_keyword_has_variable("PGHOST=far"));
    ck_assert(mk_keyword_has_variable("PGSYSCONFDIR=/etc"));
    ck_assert(!mk_keyword_has_variable("PGHOSTS=far"));
    ck_assert(!mk_keyword_has_variable("PGPASSWORD=secret"));
    ck_assert(!mk_keyword_has_variable("PGOPTIONS=-c"));
    ck_assert(!mk_keyword_has_variable("PGDATESTYLE=ISO"));
}
END_TEST

/* All that may stand in an address reaches libpq, and none is lost. */
START_TEST(all_that_is_free_arrives)
{
    static const char *const said[][2] = {
        {"passfile", "/p"},
        {"requirepeer", "postgres"},
        {"channel_binding", "require"},
        {"gssencmode", "disable"},
        {"krbsrvname", "pg"},
        {"sslmode", "verify-ca"},
        {"sslrootcert", "/r"},
        {"sslcert", "/c"},
        {"sslkey", "/k"},
        {"sslcrl", "/l"},
        {"sslcrldir", "/d"},
        {"sslsni", "0"},
        {"ssl_min_protocol_version", "TLSv1.3"},
        {"ssl_max_protocol_version", "TLSv1.3"},
        {"keepalives", "1"},
        {"keepalives_idle", "10"},
        {"keepalives_interval", "5"},
        {"keepalives_count", "3"},
        {"tcp_user_timeout", "9000"},
        {"target_session_attrs", "primary"},
        {"user", "me"},
        {"dbname", "db"}};
    char url[1024] = "postgresql://far/?connect_timeout=9";

    for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++) {
        size_t n = strlen(url);

        (void)snprintf(url + n, sizeof(url) - n, "&%s=%s", said[i][0],
                       said[i][1]);
    }
    ck_assert_msg(get(url) == MK_OK, "%s %s", diag.place, diag.said);
    for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
        is(0, said[i][0], said[i][1]);
    is(0, "host", "far");
    mk_address_release(&a);
}
END_TEST

static char service_file[256];

static void write_services(const char *text)
{
    FILE *f;

    ck_assert_int_eq(get("postgresql:///db"), MK_OK);
    mk_address_release(&a);
    (void)snprintf(service_file, sizeof(service_file), "%s/service.conf",
                   getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    f = fopen(service_file, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
    ck_assert_int_eq(setenv("PGSERVICEFILE", service_file, 1), 0);
}

static enum mk_err get_service(const char *name)
{
    char url[64];

    (void)snprintf(url, sizeof(url), "postgresql:///?service=%s", name);
    diag = (struct mk_diag)MK_DIAG_INIT;
    return mk_address_read(&a, url, &diag);
}

START_TEST(service_file_is_read_as_libpq_does)
{
    write_services("[team]\nhost=one,two\ndbname=db\nsslmode=verify-ca\n"
                   "connect_timeout=3\npassword=geheim\n"
                   "target_session_attrs=primary\n"
                   "[here]\nhost=localhost\ndbname=db\n");
    ck_assert_int_eq(get_service("team"), MK_OK);
    ck_assert_uint_eq(a.hosts, 2);
    ck_assert_uint_eq(a.connect_s, 3);
    is(1, "host", "two");
    is(1, "sslmode", "verify-ca");
    is(1, "password", "geheim");
    is(1, "target_session_attrs", "primary");
    /* libpq does not read it a second time, when it may be another */
    is(1, "service", NULL);
    ck_assert_ptr_null(getenv("PGSERVICE"));
    mk_address_release(&a);
    ck_assert_int_eq(get_service("here"), MK_OK);
    is(0, "sslmode", NULL);
    is(0, "target_session_attrs", "read-write");
    mk_address_release(&a);
    ck_assert_int_eq(unlink(service_file), 0);
}
END_TEST

static const struct {
    const char *text;
    enum mk_err err;
    const char *place;
} services[] = {
    {"[s]\nsslkey=pkcs11:key\n", MK_E_SERVER_KEYWORD, "sslkey=engine:"},
    {"[s]\nhost=far\noptions=-cfsync=off\n", MK_E_SERVER_KEYWORD, "options"},
    {"[s]\nreplication=database\n", MK_E_SERVER_KEYWORD, "replication"},
    {"[s]\nclient_encoding=LATIN1\n", MK_E_SERVER_KEYWORD, "client_encoding"},
    {"[s]\nhost=far,\n", MK_E_SERVER_ADDRESS, "host"},
    {"[s]\nport=x\n", MK_E_SERVER_ADDRESS, "port (1 to 65535)"},
    {"[s]\nno_such_word=1\n", MK_E_SERVER_ADDRESS, "service"},
    {"[s]\nno word at all\n", MK_E_SERVER_ADDRESS, "service"},
    {"[other]\nhost=far\n", MK_E_SERVER_ADDRESS, "service"},
};

START_TEST(service_file_may_say_no_more_than_an_address)
{
    write_services(services[_i].text);
    ck_assert_msg(get_service("s") == services[_i].err, "%s: %s",
                  services[_i].text, mk_err_name(diag.err));
    ck_assert_str_eq(diag.place, services[_i].place);
    mk_address_release(&a);
    ck_assert_int_eq(unlink(service_file), 0);
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
    tcase_add_test(tc, words_of_libpq_are_kept_apart);
    tcase_add_test(tc, each_keyword_of_libpq_is_free_or_refused);
    tcase_add_test(tc, all_that_is_free_arrives);
    tcase_add_test(tc, service_file_is_read_as_libpq_does);
    tcase_add_loop_test(tc, service_file_may_say_no_more_than_an_address, 0,
                        sizeof(services) / sizeof(*services));
    suite_add_tcase(suite, tc);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
