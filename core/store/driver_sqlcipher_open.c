/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The driver for SQLCipher, second part: starting the library, opening a file
 * and asking for its state.
 *
 * Order of opening (CRYPTO): open -> key -> log level, memory security, page
 * size -> first SELECT, where a wrong key shows -> defensive settings ->
 * journal.  Every setting is read back: a library that ignores one is refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/store/driver_sqlcipher.h"

/* The page cache: what a command touches fits, and 64 MiB are far away. */
#define CACHE_KIB "8192"

struct setting {
    const char *set;   /* the statement, or NULL */
    const char *name;  /* the pragma to read it back, or NULL */
    const char *value; /* what it must say then */
};

/* Right after the key.  Activating the cipher resets the log level, so it
 * cannot be set before. */
static const struct setting cipher_settings[] = {
    {"PRAGMA cipher_log_level = NONE", "cipher_log_level", "NONE"},
    {"PRAGMA cipher_memory_security = ON", "cipher_memory_security", "1"},
    {"PRAGMA cipher_page_size = 4096", "cipher_page_size", "4096"},
};

/* Once the key is known to be right. */
static const struct setting file_settings[] = {
    {"PRAGMA trusted_schema = OFF", "trusted_schema", "0"},
    {"PRAGMA temp_store = MEMORY", "temp_store", "2"},
    {"PRAGMA foreign_keys = ON", "foreign_keys", "1"},
    {"PRAGMA secure_delete = ON", "secure_delete", "1"},
    {"PRAGMA cell_size_check = ON", "cell_size_check", "1"},
    {"PRAGMA journal_mode = TRUNCATE", "journal_mode", "truncate"},
    {"PRAGMA synchronous = EXTRA", "synchronous", "3"},
    {"PRAGMA cache_size = -" CACHE_KIB, "cache_size", "-" CACHE_KIB},
};

#define LEN(a) (sizeof(a) / sizeof(*(a)))

enum mk_err mk_sqlcipher_exec(sqlite3 *db, const char *sql,
                              struct mk_diag *diag)
{
    int code = sqlite3_exec(db, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? MK_OK : mk_sqlcipher_fail(db, code, sql, diag);
}

enum mk_err mk_sqlcipher_ask(sqlite3 *db, const char *sql, char *out,
                             size_t size, struct mk_diag *diag)
{
    sqlite3_stmt *stmt = NULL;
    const char *text = NULL;
    int code;

    out[0] = '\0';
    code = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    if (code == SQLITE_ROW)
        text = (const char *)sqlite3_column_text(stmt, 0);
    if (text)
        (void)snprintf(out, size, "%s", text);
    (void)sqlite3_finalize(stmt);
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return MK_OK;
    return mk_sqlcipher_fail(db, code, sql, diag);
}

static enum mk_err read_setting(sqlite3 *db, const char *name, char *out,
                                size_t size, struct mk_diag *diag)
{
    char sql[64];

    (void)snprintf(sql, sizeof(sql), "PRAGMA %s", name);
    return mk_sqlcipher_ask(db, sql, out, size, diag);
}

static enum mk_err apply(sqlite3 *db, const struct setting *list, size_t n,
                         struct mk_diag *diag)
{
    char text[32];
    enum mk_err rc = MK_OK;

    for (size_t i = 0; i < n; i++) {
        MK_TRY(mk_sqlcipher_exec(db, list[i].set, diag));
        MK_TRY(read_setting(db, list[i].name, text, sizeof(text), diag));
        if (strcmp(text, list[i].value) != 0)
            MK_TRY(mk_fail(diag, MK_E_LIBRARY, list[i].name));
    }
out:
    return rc;
}

/* What can be switched off is: the schema holds neither view nor trigger. */
static enum mk_err defend(sqlite3 *db, struct mk_diag *diag)
{
    static const struct {
        int option;
        int on;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
        {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
    };

    for (size_t i = 0; i < LEN(options); i++) {
        int now = -1;
        int code =
            sqlite3_db_config(db, options[i].option, options[i].on, &now);

        if (code != SQLITE_OK || now != options[i].on)
            return mk_fail(diag, MK_E_LIBRARY, "SQLCipher");
    }
    (void)sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    return MK_OK;
}

/* "4.6.1 community": a plain SQLite says nothing at all. */
static enum mk_err check_version(sqlite3 *db, struct mk_diag *diag)
{
    char text[64];
    unsigned major = 0, minor = 0;
    enum mk_err rc;

    rc = mk_sqlcipher_ask(db, "PRAGMA cipher_version", text, sizeof(text),
                          diag);
    if (rc != MK_OK)
        return rc;
    if (sscanf(text, "%u.%u", &major, &minor) != 2 || major < 4 ||
        (major == 4 && minor < 6))
        return mk_fail(diag, MK_E_LIBRARY, "SQLCipher 4.6");
    if (!sqlite3_compileoption_used("TEMP_STORE=2") &&
        !sqlite3_compileoption_used("TEMP_STORE=3"))
        return mk_fail(diag, MK_E_LIBRARY, "SQLCipher TEMP_STORE");
    return MK_OK;
}

enum mk_err mk_sqlcipher_init(struct mk_diag *diag)
{
    /* a key of zeros for a database in memory that nobody uses: it starts
     * the cipher, which reads its own configuration files then */
    char key[MK_SQLCIPHER_KEY_TEXT];
    char salt[40];
    unsigned seed;
    sqlite3 *db = NULL;
    enum mk_err rc;
    int code;

    memset(key, '0', sizeof(key));
    key[0] = 'x';
    key[1] = key[sizeof(key) - 1] = '\'';
    code = sqlite3_open_v2(":memory:", &db,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (code != SQLITE_OK) {
        rc = mk_fail(diag, MK_E_LIBRARY, "SQLCipher");
        goto out;
    }
    MK_TRY(check_version(db, diag));
    if (sqlite3_key(db, key, (int)sizeof(key)) != SQLITE_OK)
        MK_TRY(mk_fail(diag, MK_E_LIBRARY, "SQLCipher"));
    MK_TRY(apply(db, cipher_settings, 2, diag));
    /* asks the cipher for a random salt, which starts the library below it */
    MK_TRY(
        mk_sqlcipher_ask(db, "PRAGMA cipher_salt", salt, sizeof(salt), diag));
    sqlite3_randomness((int)sizeof(seed), &seed); /* opens /dev/urandom */
out:
    (void)sqlite3_close_v2(db);
    return rc;
}

static enum mk_err open_file(sqlite3 *db, const struct mk_secret *raw_key,
                             struct mk_diag *diag)
{
    char text[24];
    enum mk_err rc;
    int code;

    /* asked for writing, the library settles for reading without a word */
    if (sqlite3_db_readonly(db, "main") != 0)
        return mk_fail(diag, MK_E_READ_ONLY, MK_SQLCIPHER_PLACE);
    MK_TRY(check_version(db, diag));
    code = sqlite3_key(db, mk_secret_peek(raw_key), MK_SQLCIPHER_KEY_TEXT);
    if (code != SQLITE_OK)
        MK_TRY(mk_sqlcipher_fail(db, code, "key", diag));
    MK_TRY(apply(db, cipher_settings, LEN(cipher_settings), diag));
    MK_TRY(mk_sqlcipher_ask(db, "SELECT count(*) FROM sqlite_schema", text,
                            sizeof(text), diag));
    MK_TRY(defend(db, diag));
    MK_TRY(apply(db, file_settings, LEN(file_settings), diag));
out:
    return rc;
}

enum mk_err mk_sqlcipher_open(struct mk_driver **out, const char *file,
                              const struct mk_secret *raw_key,
                              unsigned busy_ms, struct mk_diag *diag)
{
    struct mk_sqlcipher *s = calloc(1, sizeof(*s));
    enum mk_err rc;
    int code;

    *out = NULL;
    if (!s)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    s->driver.ops = &mk_sqlcipher_ops;
    code = sqlite3_open_v2(file, &s->db,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW |
                               SQLITE_OPEN_PRIVATECACHE |
                               SQLITE_OPEN_EXRESCODE,
                           NULL);
    if (code != SQLITE_OK) {
        rc = mk_sqlcipher_fail(s->db, code, "open", diag);
    } else {
        s->busy_ms = (int)busy_ms;
        (void)sqlite3_busy_timeout(s->db, s->busy_ms);
        rc = open_file(s->db, raw_key, diag);
    }
    if (rc == MK_OK)
        *out = &s->driver;
    else
        s->driver.ops->close(&s->driver);
    return rc;
}

/* ---- state ---- */

static enum mk_err add_settings(sqlite3 *db, const struct setting *list,
                                size_t n, struct mk_store_facts *out,
                                struct mk_diag *diag)
{
    char text[32];
    enum mk_err rc = MK_OK;

    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(out->settings);

        MK_TRY(read_setting(db, list[i].name, text, sizeof(text), diag));
        (void)snprintf(out->settings + len, sizeof(out->settings) - len,
                       "%s%s=%s", len ? " " : "", list[i].name, text);
    }
out:
    return rc;
}

static enum mk_err engine_of(sqlite3 *db, char out[static 64],
                             struct mk_diag *diag)
{
    char version[32];
    enum mk_err rc = mk_sqlcipher_ask(db, "PRAGMA cipher_version", version,
                                      sizeof(version), diag);

    if (rc == MK_OK)
        (void)snprintf(out, 64, "SQLCipher %s (SQLite %s)", version,
                       sqlite3_libversion());
    return rc;
}

enum mk_err mk_sqlcipher_engine(char out[static 64], struct mk_diag *diag)
{
    sqlite3 *db = NULL;
    enum mk_err rc;

    if (sqlite3_open(":memory:", &db) != SQLITE_OK) {
        sqlite3_close(db);
        return mk_fail(diag, MK_E_LIBRARY, "SQLCipher");
    }
    rc = engine_of(db, out, diag);
    sqlite3_close(db);
    return rc;
}

enum mk_err mk_sqlcipher_facts(struct mk_driver *d, struct mk_store_facts *out,
                               struct mk_diag *diag)
{
    struct mk_sqlcipher *s = (struct mk_sqlcipher *)d;
    enum mk_err rc;

    out->settings[0] = '\0';
    MK_TRY(engine_of(s->db, out->engine, diag));
    MK_TRY(
        add_settings(s->db, cipher_settings, LEN(cipher_settings), out, diag));
    MK_TRY(add_settings(s->db, file_settings, LEN(file_settings), out, diag));
out:
    return rc;
}

enum mk_err mk_sqlcipher_check(struct mk_driver *d, struct mk_diag *diag)
{
    struct mk_sqlcipher *s = (struct mk_sqlcipher *)d;
    char text[128];
    enum mk_err rc;

    /* one row a page whose code does not fit, none if all do */
    MK_TRY(mk_sqlcipher_ask(s->db, "PRAGMA cipher_integrity_check", text,
                            sizeof(text), diag));
    if (text[0] != '\0')
        MK_TRY(mk_fail(diag, MK_E_DAMAGED, MK_SQLCIPHER_PLACE));
    MK_TRY(mk_sqlcipher_ask(s->db, "PRAGMA integrity_check(1)", text,
                            sizeof(text), diag));
    if (strcmp(text, "ok") != 0)
        MK_TRY(mk_fail(diag, MK_E_DAMAGED, MK_SQLCIPHER_PLACE));
out:
    return rc;
}
