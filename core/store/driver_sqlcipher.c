/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The driver for SQLCipher, first part: running statements.  How the file is
 * opened stands in driver_sqlcipher_open.c; these two are the only files that
 * see the header of the library.
 *
 * Commit with a rollback journal (journal_mode=TRUNCATE, synchronous=EXTRA):
 *
 *   journal written, synced -> pages written, synced -> journal truncated,
 *   synced
 *
 * Until the truncation the journal is valid, so whatever fails before it is
 * undone, here or at the next open.  Only when a sync or the truncation itself
 * fails is the outcome not known: see commit_error.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/store/driver_sqlcipher.h"
#include "core/store/migrate.h"
#include "crypto/hash.h"

/* SHA-256 over the rows of sqlite_schema after each migration. */
static const char *const schemas[] = {
#define MK_SCHEMA_HASH(version, hex) [version - 1] = hex,
#include "core/store/schema/sqlite.def"
#undef MK_SCHEMA_HASH
    NULL,
};

/* ---- errors ---- */

/* By extended code first, then by primary code. */
static const struct {
    int code;
    enum mk_err err;
} error_map[] = {
    {SQLITE_CANTOPEN_SYMLINK, MK_E_PERMISSIONS},
    {SQLITE_IOERR_NOMEM, MK_E_MEMORY},
    {SQLITE_IOERR_CORRUPTFS, MK_E_DAMAGED},
    {SQLITE_IOERR_SHORT_READ, MK_E_DAMAGED},
    {SQLITE_CONSTRAINT_UNIQUE, MK_E_EXISTS},
    {SQLITE_CONSTRAINT_PRIMARYKEY, MK_E_EXISTS},
    {SQLITE_CONSTRAINT_ROWID, MK_E_EXISTS},
    {SQLITE_BUSY, MK_E_BUSY},
    {SQLITE_LOCKED, MK_E_BUSY},
    {SQLITE_PROTOCOL, MK_E_BUSY},
    {SQLITE_NOMEM, MK_E_MEMORY},
    {SQLITE_READONLY, MK_E_READ_ONLY},
    {SQLITE_IOERR, MK_E_IO},
    {SQLITE_CANTOPEN, MK_E_IO},
    {SQLITE_NOLFS, MK_E_IO},
    {SQLITE_FULL, MK_E_DISK_FULL},
    {SQLITE_CORRUPT, MK_E_DAMAGED},
    {SQLITE_NOTADB, MK_E_DAMAGED},
    {SQLITE_FORMAT, MK_E_DAMAGED},
    /* our statements are right, so this is the cipher refusing a page */
    {SQLITE_ERROR, MK_E_DAMAGED},
    {SQLITE_SCHEMA, MK_E_TAMPERED},
    {SQLITE_PERM, MK_E_PERMISSIONS},
    {SQLITE_AUTH, MK_E_PERMISSIONS},
    {SQLITE_TOOBIG, MK_E_TOO_LARGE},
};

static enum mk_err map_code(int code, int sys)
{
    /* the library calls only ENOSPC full */
    if ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN) {
        if (sys == ENOSPC || sys == EDQUOT)
            return MK_E_DISK_FULL;
        if (sys == EROFS || sys == EACCES)
            return MK_E_READ_ONLY;
    }
    for (size_t pass = 0; pass < 2; pass++) {
        int wanted = pass ? code & 0xff : code;

        for (size_t i = 0; i < sizeof(error_map) / sizeof(*error_map); i++)
            if (error_map[i].code == wanted)
                return error_map[i].err;
    }
    return MK_E_INTERNAL;
}

enum mk_err mk_sqlcipher_fail(sqlite3 *db, int code, const char *what,
                              struct mk_diag *diag)
{
    int sys = db ? sqlite3_system_errno(db) : 0;
    enum mk_err err = map_code(code, sys);
    bool ours = err == MK_E_INTERNAL || err == MK_E_EXISTS;

    if (diag) {
        diag->sys = err == MK_E_IO ? sys : 0;
        diag->num[0] = code;
    }
    return mk_fail(diag, err, ours ? what : MK_SQLCIPHER_PLACE);
}

/* ---- statements ---- */

static struct mk_sqlcipher *self(struct mk_driver *d)
{
    return (struct mk_sqlcipher *)d;
}

/* $1 is a name to this library: where it stands is asked once. */
static enum mk_err prepare(struct mk_sqlcipher *s, enum mk_query q,
                           struct mk_diag *diag)
{
    char name[8] = "$";
    int code;

    if (s->stmt[q])
        return MK_OK;
    code = sqlite3_prepare_v3(s->db, mk_query_sql(q), -1,
                              SQLITE_PREPARE_PERSISTENT, &s->stmt[q], NULL);
    if (code != SQLITE_OK)
        return (code & 0xff) == SQLITE_ERROR
                   ? mk_fail(diag, MK_E_TAMPERED, mk_query_name(q))
                   : mk_sqlcipher_fail(s->db, code, mk_query_name(q), diag);
    for (unsigned i = 0; i < MK_QUERY_PARAMS; i++) {
        unsigned n = i + 1;
        char *p = name + 1;

        if (n >= 10)
            *p++ = (char)('0' + n / 10);
        *p++ = (char)('0' + n % 10);
        *p = '\0';
        s->at[q][i] = (uint8_t)sqlite3_bind_parameter_index(s->stmt[q], name);
    }
    return MK_OK;
}

static void op_finish(struct mk_driver *d, enum mk_query q)
{
    struct mk_sqlcipher *s = self(d);

    if (!s->active[q])
        return;
    (void)sqlite3_reset(s->stmt[q]); /* repeats the error of the step */
    (void)sqlite3_clear_bindings(s->stmt[q]);
    s->active[q] = false;
    s->row[q] = false;
}

static void finish_all(struct mk_sqlcipher *s)
{
    for (size_t q = 0; q < MK_QUERY_COUNT; q++)
        op_finish(&s->driver, (enum mk_query)q);
}

static int bind(struct mk_sqlcipher *s, enum mk_query q, unsigned i,
                const struct mk_sql_value *v)
{
    sqlite3_stmt *stmt = s->stmt[q];
    int at = i < MK_QUERY_PARAMS ? s->at[q][i] : 0;

    if (at == 0)
        return SQLITE_RANGE;
    switch (v->type) {
    case MK_SQL_NULL:
        return sqlite3_bind_null(stmt, at);
    case MK_SQL_U64:
        if (v->u > INT64_MAX)
            return SQLITE_RANGE;
        return sqlite3_bind_int64(stmt, at, (sqlite3_int64)v->u);
    case MK_SQL_BLOB:
        /* a cursor may outlive the caller's memory, a write does not */
        return sqlite3_bind_blob64(stmt, at, v->p, v->n,
                                   mk_query_writes(q) ? SQLITE_STATIC
                                                      : SQLITE_TRANSIENT);
    }
    return SQLITE_MISUSE;
}

static enum mk_err op_run(struct mk_driver *d, enum mk_query q,
                          const struct mk_sql_value *params, size_t n,
                          struct mk_diag *diag)
{
    struct mk_sqlcipher *s = self(d);
    enum mk_err rc;
    int code = SQLITE_OK;

    rc = mk_driver_may(d, mk_query_writes(q), mk_query_name(q), diag);
    if (rc != MK_OK)
        return rc;
    if (s->active[q])
        return mk_fail(diag, MK_E_INTERNAL, mk_query_name(q));
    rc = prepare(s, q, diag);
    if (rc != MK_OK)
        return mk_driver_broke(d, rc);
    if ((size_t)sqlite3_bind_parameter_count(s->stmt[q]) != n)
        return mk_fail(diag, MK_E_INTERNAL, mk_query_name(q));
    s->active[q] = true;
    for (size_t i = 0; i < n && code == SQLITE_OK; i++)
        code = bind(s, q, (unsigned)i, &params[i]);
    if (code == SQLITE_OK)
        return MK_OK;
    op_finish(d, q);
    return mk_sqlcipher_fail(s->db, code, mk_query_name(q), diag);
}

static enum mk_err op_step(struct mk_driver *d, enum mk_query q, bool *more,
                           uint64_t *changed, struct mk_diag *diag)
{
    struct mk_sqlcipher *s = self(d);
    enum mk_err rc;
    int code;

    *more = false;
    rc = mk_driver_may(d, false, mk_query_name(q), diag);
    if (rc != MK_OK)
        return rc;
    if (!s->active[q])
        return mk_fail(diag, MK_E_INTERNAL, mk_query_name(q));
    code = sqlite3_step(s->stmt[q]);
    s->row[q] = code == SQLITE_ROW;
    *more = s->row[q];
    if (code == SQLITE_ROW)
        return MK_OK;
    if (code == SQLITE_DONE) {
        if (changed)
            *changed = (uint64_t)sqlite3_changes64(s->db);
        op_finish(d, q);
        return MK_OK;
    }
    rc = mk_sqlcipher_fail(s->db, code, mk_query_name(q), diag);
    op_finish(d, q);
    return mk_driver_broke(d, rc);
}

static bool op_column(struct mk_driver *d, enum mk_query q, unsigned i,
                      struct mk_sql_value *out)
{
    struct mk_sqlcipher *s = self(d);
    sqlite3_stmt *stmt = s->stmt[q];
    sqlite3_int64 v;
    const void *p;

    *out = (struct mk_sql_value){.type = MK_SQL_NULL};
    if (!s->row[q] || (int)i >= sqlite3_column_count(stmt))
        return false;
    switch (sqlite3_column_type(stmt, (int)i)) {
    case SQLITE_NULL:
        return true;
    case SQLITE_INTEGER:
        v = sqlite3_column_int64(stmt, (int)i);
        *out = mk_sql_u64((uint64_t)v);
        return v >= 0;
    case SQLITE_BLOB:
        p = sqlite3_column_blob(stmt, (int)i);
        out->n = (size_t)sqlite3_column_bytes(stmt, (int)i);
        if (!p && out->n > 0)
            return false;
        out->type = MK_SQL_BLOB;
        out->p = p ? p : ""; /* an empty blob is not NULL */
        return true;
    default: /* the engine's own types: text, floating point */
        return false;
    }
}

/* ---- transactions ---- */

enum bound { BEGIN_READ, BEGIN_WRITE, COMMIT, ROLLBACK };

static const char *const bound_sql[] = {
    [BEGIN_READ] = "BEGIN",
    [BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
};

/* Parsing one of these costs more than running it. */
static int run_bound(struct mk_sqlcipher *s, enum bound b)
{
    int code = SQLITE_OK;

    if (!s->bound[b])
        code = sqlite3_prepare_v3(s->db, bound_sql[b], -1,
                                  SQLITE_PREPARE_PERSISTENT, &s->bound[b],
                                  NULL);
    if (code != SQLITE_OK)
        return code;
    code = sqlite3_step(s->bound[b]);
    (void)sqlite3_reset(s->bound[b]); /* repeats the error of the step */
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static enum mk_err op_begin(struct mk_driver *d, bool write, bool wait,
                            struct mk_diag *diag)
{
    struct mk_sqlcipher *s = self(d);
    enum bound b = write ? BEGIN_WRITE : BEGIN_READ;
    int code;

    if (mk_driver_inside(d))
        return mk_fail(diag, MK_E_INTERNAL, bound_sql[b]);
    if (!wait)
        (void)sqlite3_busy_timeout(s->db, 0);
    code = run_bound(s, b);
    if (!wait)
        (void)sqlite3_busy_timeout(s->db, s->busy_ms);
    if (code != SQLITE_OK)
        return mk_sqlcipher_fail(s->db, code, bound_sql[b], diag);
    mk_driver_began(d, write);
    return MK_OK;
}

static void op_rollback(struct mk_driver *d)
{
    struct mk_sqlcipher *s = self(d);

    finish_all(s);
    /* if it fails the journal stays and undoes everything at the next read */
    if (!sqlite3_get_autocommit(s->db))
        (void)run_bound(s, ROLLBACK);
    mk_driver_ended(d);
}

/*
 * What a failed COMMIT leaves behind.  BUSY and a constraint leave the
 * transaction open, every other error has rolled it back (or left a hot
 * journal that will).  The exceptions are the last two steps: if truncating
 * the journal or syncing that truncation failed, the commit may be seen, now
 * or after a loss of power, or not.  The first syncs report the same code.
 */
static enum mk_err commit_error(struct mk_sqlcipher *s, int code,
                                struct mk_diag *diag)
{
    enum mk_err err = mk_sqlcipher_fail(s->db, code, "COMMIT", diag);

    op_rollback(&s->driver);
    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_TRUNCATE)
        err = mk_fail(diag, MK_E_UNKNOWN_OUTCOME, MK_SQLCIPHER_PLACE);
    return err;
}

static enum mk_err op_commit(struct mk_driver *d, struct mk_diag *diag)
{
    struct mk_sqlcipher *s = self(d);
    enum mk_err rc = mk_driver_may(d, false, "COMMIT", diag);
    int code;

    finish_all(s);
    if (rc == MK_OK) {
        code = run_bound(s, COMMIT);
        if (code != SQLITE_OK)
            return commit_error(s, code, diag);
    }
    op_rollback(d); /* of a broken one; after COMMIT nothing is left of it */
    return rc;
}

static void op_close(struct mk_driver *d)
{
    struct mk_sqlcipher *s = self(d);

    op_rollback(d);
    for (size_t q = 0; q < MK_QUERY_COUNT; q++)
        (void)sqlite3_finalize(s->stmt[q]);
    for (size_t i = 0; i < sizeof(s->bound) / sizeof(*s->bound); i++)
        (void)sqlite3_finalize(s->bound[i]);
    (void)sqlite3_close_v2(s->db);
    free(s);
}

/* ---- schema ---- */

static enum mk_err op_script(struct mk_driver *d, unsigned version,
                             struct mk_diag *diag)
{
    struct mk_sqlcipher *s = self(d);
    enum mk_err rc = mk_sqlcipher_exec(s->db, mk_migrate_text(version), diag);

    return rc == MK_OK ? MK_OK : mk_driver_broke(d, rc);
}

/* Each column u32 length | bytes, NULL ffffffff: as rows are hashed. */
static int hash_schema_row(sqlite3_stmt *stmt, struct mk_sha256 *h)
{
    for (int i = 0; i < sqlite3_column_count(stmt); i++) {
        const void *p = sqlite3_column_text(stmt, i);
        size_t n = (size_t)sqlite3_column_bytes(stmt, i);
        uint8_t len[4];

        mk_put_u32(len, p ? (uint32_t)n : UINT32_MAX);
        mk_sha256_add(h, len, sizeof(len));
        if (p)
            mk_sha256_add(h, p, n);
    }
    return sqlite3_step(stmt);
}

static enum mk_err op_hash_schema(struct mk_driver *d,
                                  uint8_t out[static MK_HASH],
                                  struct mk_diag *diag)
{
    struct mk_sqlcipher *s = self(d);
    struct mk_sha256 *h = mk_sha256_new();
    sqlite3_stmt *stmt = NULL;
    enum mk_err rc = MK_OK;
    int code;

    if (!h)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    code = sqlite3_prepare_v2(s->db,
                              "SELECT type, name, tbl_name, sql"
                              " FROM sqlite_schema ORDER BY type, name",
                              -1, &stmt, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    while (code == SQLITE_ROW)
        code = hash_schema_row(stmt, h);
    if (code == SQLITE_DONE)
        mk_sha256_take(h, out);
    else
        rc =
            mk_driver_broke(d, mk_sqlcipher_fail(s->db, code, "schema", diag));
    (void)sqlite3_finalize(stmt);
    mk_sha256_free(h);
    return rc;
}

const struct mk_driver_ops mk_sqlcipher_ops = {
    .close = op_close,
    .begin = op_begin,
    .commit = op_commit,
    .rollback = op_rollback,
    .run = op_run,
    .step = op_step,
    .put = mk_driver_put_now,
    .column = op_column,
    .finish = op_finish,
    .script = op_script,
    .hash_schema = op_hash_schema,
    .schemas = schemas,
    .facts = mk_sqlcipher_facts,
    .check = mk_sqlcipher_check,
};
