/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For check_{store,rows,file,migrate}: a vault in a folder of its own, and a
 * second way into its file that none of our checks guards. */
#ifndef MK_TEST_STORE_FIXTURE_H
#define MK_TEST_STORE_FIXTURE_H

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/store/driver.h"
#include "core/store/file.h"
#include "core/store/rows.h"
#include "crypto/kdf.h"
#include "tests/support/server.h"

#ifndef SQLITE_HAS_CODEC
#define SQLITE_HAS_CODEC 1
#endif
#include <sqlcipher/sqlite3.h>

#define UNUSED __attribute__((unused))

struct vault {
    char path[64];
    int dir;
    struct mk_secret *dbk;
    struct mk_store *st;
    struct mk_driver *server; /* NULL: a file */
    pid_t helper;             /* between us and the server */
};
static struct vault v;
static struct mk_diag diag;

#define ck_ok(call)                                                 \
    do {                                                            \
        enum mk_err got_ = (call);                                  \
        ck_assert_msg(got_ == MK_OK, "%s: %s %s (%d, %lld)", #call, \
                      mk_err_name(got_), diag.place, diag.sys,      \
                      (long long)diag.num[0]);                      \
    } while (0)
#define ck_refused(call, wanted)                                           \
    do {                                                                   \
        enum mk_err got_ = (call);                                         \
        ck_assert_msg(got_ == (wanted), "%s: %s, not %s (%s)", #call,      \
                      mk_err_name(got_), mk_err_name(wanted), diag.place); \
    } while (0)

UNUSED static void make_folder(void)
{
    const char *tmp = getenv("TMPDIR");

    memset(&v, 0, sizeof(v));
    (void)umask(077);
    diag = (struct mk_diag)MK_DIAG_INIT;
    ck_ok(mk_crypto_init(&diag));
    (void)snprintf(v.path, sizeof(v.path), "%s/vault.XXXXXX",
                   tmp && strlen(tmp) < 40 ? tmp : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(v.path));
    ck_ok(mk_dir_open(&v.dir, v.path, &diag));
    v.dbk = mk_secret_random(MK_KEY);
    ck_assert_ptr_nonnull(v.dbk);
}

/* Anything of that name is in the folder. */
UNUSED static bool is_there(const char *name)
{
    bool there;

    ck_ok(mk_file_exists(v.dir, name, &there, &diag));
    return there;
}

/* Where the rows of make_vault lie: in a file, or (MK_STORE, tests/run) on the
 * server of this run, in a database by the name of the program. */
UNUSED static bool on_server(void)
{
    const char *store = getenv("MK_STORE");

    return store && strcmp(store, "server") == 0;
}

UNUSED static enum mk_err reach_server(void)
{
    char url[256];
    int fd = server_helper(&v.helper);
    enum mk_err rc;

    server_url(url, sizeof(url), program_invocation_short_name, "wisser", "");
    MK_TRY(mk_pg_open(&v.server, fd, url, &diag));
    MK_TRY(mk_pg_shell(v.server, v.dbk, 1, &diag));
    MK_TRY(mk_store_open_server(&v.st, v.server, &diag));
out:
    return rc;
}

UNUSED static void leave_server(void)
{
    int status = 0;

    if (v.server)
        v.server->ops->close(v.server);
    if (v.helper > 0)
        ck_assert_int_eq(waitpid(v.helper, &status, 0), v.helper);
    ck_assert(WIFEXITED(status));
    v.server = NULL;
    v.helper = 0;
}

UNUSED static void make_vault_on_server(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    ck_assert(server_is_here());
    server_empty(program_invocation_short_name);
    ck_ok(reach_server());
}

UNUSED static void remove_folder(void)
{
    char command[128];

    mk_store_close(v.st);
    leave_server();
    mk_secret_free(v.dbk);
    (void)close(v.dir);
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", v.path);
    ck_assert_int_eq(system(command), 0);
}

UNUSED static void make_vault(void)
{
    make_folder();
    if (on_server())
        make_vault_on_server();
    else
        ck_ok(mk_store_create(&v.st, v.dir, v.path, v.dbk, &diag));
}

UNUSED static void close_vault(void)
{
    mk_store_close(v.st);
    v.st = NULL;
    leave_server();
}

UNUSED static enum mk_err open_vault(void)
{
    if (on_server())
        return reach_server();
    return mk_store_open(&v.st, v.dir, v.path, v.dbk, &diag);
}

/* Opens the file of the closed vault with its key, as a thief of it would. */
UNUSED static sqlite3 *open_raw(void)
{
    struct mk_secret *salt;
    char key[100], file[128];
    sqlite3 *db;

    ck_ok(mk_hkdf(&salt, 16, NULL, 0, v.dbk, "mk1/salt", 8));
    memcpy(key, "x'", 2);
    mk_hex(key + 2, mk_secret_peek(v.dbk), 32);
    mk_hex(key + 66, mk_secret_peek(salt), 16);
    key[98] = '\'';
    mk_secret_free(salt);
    (void)snprintf(file, sizeof(file), "%s/vault.db", v.path);
    ck_assert_int_eq(sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    ck_assert_int_eq(sqlite3_key(db, key, 99), SQLITE_OK);
    return db;
}

UNUSED static void tamper(const char *sql)
{
    sqlite3 *db;
    char *text = NULL;
    int code;

    if (on_server()) {
        server_sql(program_invocation_short_name, sql);
        return;
    }
    db = open_raw();
    code = sqlite3_exec(db, sql, NULL, NULL, &text);

    ck_assert_msg(code == SQLITE_OK, "%s: %s", sql, text ? text : "");
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

/* The smallest transaction with a trace: log row number seq, tail after it. */
UNUSED static enum mk_err append_log(struct mk_store *st, uint64_t seq)
{
    static const uint8_t leaf[300] = {1, 2, 3};
    const struct mk_log_row row = {.seq = seq, .leaf = {leaf, sizeof(leaf)}};
    enum mk_err rc;

    MK_TRY(mk_log_insert(st, &row, &diag));
    MK_TRY(mk_tail_set(st, seq + 1, &diag));
out:
    return rc;
}

UNUSED static void commit_log(uint64_t seq)
{
    ck_ok(mk_store_begin_write(v.st, &diag));
    ck_ok(append_log(v.st, seq));
    ck_ok(mk_store_commit(v.st, &diag));
}

/* Rows of the log, which must be dense; the tail must say the same. */
UNUSED static uint64_t count_log(void)
{
    struct mk_walk *w;
    struct mk_log_row row;
    uint64_t n = 0, tail;
    bool more = true;

    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_ok(mk_walk_log(&w, v.st, 0, &diag));
    for (;;) {
        ck_ok(mk_walk_log_row(w, &more, &row, &diag));
        if (!more)
            break;
        ck_assert_uint_eq(row.seq, n);
        n++;
    }
    mk_walk_close(w);
    ck_ok(mk_tail_get(v.st, &tail, &diag));
    ck_assert_uint_eq(tail, n);
    mk_store_rollback(v.st);
    return n;
}

static void nothing(int i UNUSED)
{
}

/* Puts a test into the report that cannot run here: "name # SKIP reason". */
UNUSED static void skip(TCase *tc, const char *text)
{
    static TTest tests[8];
    static size_t n;

    if (n == sizeof(tests) / sizeof(*tests))
        abort(); /* no test runs yet: newer libchecks assert in tests only */
    tests[n] = (TTest){text, nothing, __FILE__, __LINE__};
    tcase_add_test(tc, &tests[n]);
    n++;
}

UNUSED static int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* A row that is written need not have been done yet: what became of it. */
UNUSED static enum mk_err told(enum mk_err rc)
{
    uint64_t tail;

    return rc == MK_OK ? mk_tail_get(v.st, &tail, &diag) : rc;
}

#endif
