/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/* The driver for PostgreSQL with meldkluis-pg and a real server behind it. */
#include <signal.h>
#include <sys/wait.h>

#include "cmd/pg/server.h"
#include "core/store/migrate.h"
#include "core/store/query.h"
#include "crypto/hash.h"
#include "tests/support/server.h"
#include "tests/unit/store_fixture.h"

#define DB "driver_pg"

static struct mk_driver *d;
static pid_t helper;

static enum mk_err open_driver(const char *role, const char *more)
{
    char url[512];
    int fd = server_helper(&helper);

    server_url(url, sizeof(url), DB, role, more);
    return mk_pg_open(&d, fd, url, &diag);
}

static void set_up(void)
{
    diag = (struct mk_diag)MK_DIAG_INIT;
    (void)signal(SIGPIPE, SIG_IGN);
    ck_ok(mk_crypto_init(&diag));
    v.dbk = mk_secret_random(MK_KEY);
    server_database(DB);
    ck_ok(open_driver("wisser", ""));
    ck_ok(mk_pg_shell(d, v.dbk, 1, &diag));
}

static void tear_down(void)
{
    int status = 0;

    if (d)
        d->ops->close(d);
    ck_assert_int_eq(waitpid(helper, &status, 0), helper);
    ck_assert_msg(WIFEXITED(status), "signal %d", WTERMSIG(status));
    mk_secret_free(v.dbk);
}

START_TEST(migrations_are_what_the_administrator_made)
{
    unsigned version = 0;

    ck_ok(mk_migrate(d, false, &version, &diag));
    ck_assert_uint_eq(version, mk_migrate_newest());
}
END_TEST

/* SHA-256 over the catalogue as the driver gets it: values of bytes. */
static void hash_catalogue(PGconn *c, char hex[static 2 * MK_HASH + 1])
{
    const char *catalogue = mk_server_sql(MK_SERVER_CATALOGUE);
    struct mk_sha256 *h = mk_sha256_new();
    PGresult *r = PQexecParams(c, catalogue, 0, NULL, NULL, NULL, NULL, 1);
    uint8_t hash[MK_HASH], front[5] = {MK_SQL_BLOB};

    ck_assert_int_eq(PQresultStatus(r), PGRES_TUPLES_OK);
    for (int i = 0; i < PQntuples(r); i++) {
        size_t n = (size_t)PQgetlength(r, i, 0);

        mk_put_u32(front + 1, (uint32_t)n);
        mk_sha256_add(h, front, sizeof(front));
        mk_sha256_add(h, PQgetvalue(r, i, 0), n);
    }
    mk_sha256_take(h, hash);
    mk_sha256_free(h);
    mk_hex(hex, hash, MK_HASH);
    PQclear(r);
}

/* Says what to write into schema/postgres.def for a new migration. */
START_TEST(catalogue_hash_list_fits_the_schema_texts)
{
    static const char *const listed[] = {
#define MK_SCHEMA_HASH(version, hex) hex,
#include "core/store/schema/postgres.def"
#undef MK_SCHEMA_HASH
    };
    char hex[2 * MK_HASH + 1];
    PGconn *c;

    ck_assert_uint_eq(sizeof(listed) / sizeof(*listed), mk_migrate_newest());
    server_sql(DB, "DROP SCHEMA meldkluis CASCADE; CREATE SCHEMA meldkluis");
    c = server_connect(DB);
    for (unsigned n = 1; n <= mk_migrate_newest(); n++) {
        PQclear(PQexec(c, mk_migrate_text(n)));
        hash_catalogue(c, hex);
        ck_assert_str_eq(hex, listed[n - 1]);
    }
    PQfinish(c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("driver_pg");
    TCase *tc = tcase_create("server");
    int failed;

    if (server_start()) {
        tcase_add_checked_fixture(tc, set_up, tear_down);
        tcase_add_test(tc, catalogue_hash_list_fits_the_schema_texts);
        tcase_add_test(tc, migrations_are_what_the_administrator_made);
    } else {
        skip(tc, "driver # SKIP no server of PostgreSQL is installed");
    }
    suite_add_tcase(suite, tc);
    failed = run_suite(suite);
    server_stop();
    return failed;
}
