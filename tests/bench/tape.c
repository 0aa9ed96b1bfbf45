/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * On the tape, one behind the other:
 *
 *   begin, commit   u8 kind
 *   row, written    u8 kind | u8 query | u8 values | values
 *   row, read       the same; no values: the end of the query
 *   value           struct mk_sql_value | its bytes, filled up to 8
 */
#define SQLITE_HAS_CODEC 1
#include "tests/bench/tape.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/store/driver_sqlcipher.h"
#include "core/store/query.h"
#include "tests/bench/bench.h"

enum { BEGIN = 1, COMMIT, ROW };
#define MAX_VALUES 16

static struct tape *tape; /* the one that is inserted */
static const struct mk_driver_ops *below;
static struct mk_sql_value played[MK_QUERY_COUNT][MAX_VALUES];
static size_t n_played[MK_QUERY_COUNT];

/* ---- the tape itself ---- */

static uint8_t *room(struct tape *t, size_t n)
{
    uint8_t *p;

    while (t->len + n > t->cap) {
        t->cap = t->cap == 0 ? (size_t)1 << 20 : t->cap * 2;
        t->data = realloc(t->data, t->cap);
        bench_must(t->data != NULL, "memory");
    }
    p = t->data + t->len;
    t->len += n;
    return p;
}

static void put_row(struct tape *t, enum mk_query q,
                    const struct mk_sql_value *v, size_t n)
{
    uint8_t *p = room(t, 8);

    memset(p, 0, 8);
    p[0] = ROW;
    p[1] = (uint8_t)q;
    p[2] = (uint8_t)n;
    for (size_t i = 0; i < n; i++) {
        size_t bytes = v[i].type == MK_SQL_BLOB ? v[i].n : 0;

        memcpy(room(t, sizeof v[i]), &v[i], sizeof v[i]);
        p = room(t, (bytes + 7) / 8 * 8);
        if (bytes > 0)
            memcpy(p, v[i].p, bytes);
    }
}

static void put_mark(struct tape *t, uint8_t kind)
{
    uint8_t *p = room(t, 8);

    memset(p, 0, 8);
    p[0] = kind;
}

/* What stands at *at; v's bytes are borrowed from the tape. */
static uint8_t take(const struct tape *t, size_t *at, enum mk_query *q,
                    struct mk_sql_value *v, size_t *n)
{
    const uint8_t *p = t->data + *at;

    *q = p[1];
    *n = p[2];
    *at += 8;
    for (size_t i = 0; i < *n; i++) {
        memcpy(&v[i], t->data + *at, sizeof v[i]);
        *at += sizeof v[i];
        if (v[i].type != MK_SQL_BLOB)
            continue;
        v[i].p = t->data + *at;
        *at += (v[i].n + 7) / 8 * 8;
    }
    return p[0];
}

void tape_start(struct tape *t, enum tape_mode mode)
{
    t->mode = mode;
    t->at = 0;
    if (mode == TAPE_PLAY)
        return;
    t->len = 0;
    t->rows = t->transactions = t->reads = 0;
    t->seconds = t->durable = 0;
}

void tape_each_row(const struct tape *t, tape_row *row, void *ctx)
{
    struct mk_sql_value v[MAX_VALUES];
    size_t size[MAX_VALUES];
    enum mk_query q;
    size_t at = 0;
    size_t n;

    while (at < t->len) {
        if (take(t, &at, &q, v, &n) != ROW || n == 0)
            continue;
        for (size_t i = 0; i < n; i++)
            size[i] = v[i].type == MK_SQL_BLOB  ? v[i].n
                      : v[i].type == MK_SQL_U64 ? 8
                                                : 0;
        row(ctx, mk_query_name(q), size, n);
    }
}

/* ---- the seam ---- */

static enum mk_err op_begin(struct mk_driver *d, bool write, bool wait,
                            struct mk_diag *diag)
{
    double start = bench_now();
    enum mk_err rc;

    if (tape->mode == TAPE_PLAY)
        return MK_OK;
    rc = below->begin(d, write, wait, diag);
    tape->seconds += bench_now() - start;
    if (tape->mode == TAPE_WRITES && write) {
        tape->transactions++;
        put_mark(tape, BEGIN);
    }
    return rc;
}

static enum mk_err op_commit(struct mk_driver *d, struct mk_diag *diag)
{
    double start = bench_now();
    enum mk_err rc = below->commit(d, diag);

    start = bench_now() - start;
    tape->seconds += start;
    tape->durable += start;
    if (tape->mode == TAPE_WRITES)
        put_mark(tape, COMMIT);
    return rc;
}

static void op_rollback(struct mk_driver *d)
{
    if (tape->mode != TAPE_PLAY)
        below->rollback(d);
}

static enum mk_err op_run(struct mk_driver *d, enum mk_query q,
                          const struct mk_sql_value *params, size_t n,
                          struct mk_diag *diag)
{
    double start = bench_now();
    enum mk_err rc;

    if (tape->mode == TAPE_PLAY)
        return MK_OK;
    rc = below->run(d, q, params, n, diag);
    tape->seconds += bench_now() - start;
    if (!mk_query_writes(q)) {
        tape->reads++;
    } else if (tape->mode == TAPE_WRITES) {
        tape->rows++;
        put_row(tape, q, params, n);
    }
    return rc;
}

static enum mk_err op_put(struct mk_driver *d, enum mk_query q,
                          const struct mk_sql_value *params, size_t n,
                          enum mk_err otherwise, struct mk_diag *diag)
{
    double start = bench_now();
    enum mk_err rc;

    /* by run and step, of ours */
    if (below->put == mk_driver_put_now)
        return mk_driver_put_now(d, q, params, n, otherwise, diag);
    rc = below->put(d, q, params, n, otherwise, diag);
    tape->seconds += bench_now() - start;
    if (tape->mode == TAPE_WRITES) {
        tape->rows++;
        put_row(tape, q, params, n);
    }
    return rc;
}

static enum mk_err play(enum mk_query q, bool *more)
{
    enum mk_query on_tape;
    uint8_t kind = take(tape, &tape->at, &on_tape, played[q], &n_played[q]);

    bench_must(kind == ROW && on_tape == q && tape->at <= tape->len,
               "the tape does not fit");
    *more = n_played[q] > 0;
    return MK_OK;
}

static enum mk_err op_step(struct mk_driver *d, enum mk_query q, bool *more,
                           uint64_t *changed, struct mk_diag *diag)
{
    struct mk_sql_value v[MAX_VALUES];
    double start;
    enum mk_err rc;
    unsigned n = 0;

    if (tape->mode == TAPE_PLAY)
        return play(q, more);
    start = bench_now();
    rc = below->step(d, q, more, changed, diag);
    tape->seconds += bench_now() - start;
    if (tape->mode != TAPE_READS || mk_query_writes(q))
        return rc;
    while (*more && n < MAX_VALUES && below->column(d, q, n, &v[n]))
        n++;
    put_row(tape, q, v, n);
    return rc;
}

static bool op_column(struct mk_driver *d, enum mk_query q, unsigned i,
                      struct mk_sql_value *out)
{
    if (tape->mode != TAPE_PLAY)
        return below->column(d, q, i, out);
    if (i >= n_played[q])
        return false;
    *out = played[q][i];
    return true;
}

static void op_finish(struct mk_driver *d, enum mk_query q)
{
    if (tape->mode != TAPE_PLAY)
        below->finish(d, q);
}

static enum mk_err op_check(struct mk_driver *d, struct mk_diag *diag)
{
    return tape->mode == TAPE_PLAY ? MK_OK : below->check(d, diag);
}

static struct mk_driver_ops seam;

void tape_insert(struct tape *t, struct mk_store *st)
{
    *t = (struct tape){.mode = TAPE_OFF};
    bench_must(tape == NULL, "one tape at a time");
    tape = t;
    below = st->driver->ops;
    seam = *below;
    seam.begin = op_begin;
    seam.commit = op_commit;
    seam.rollback = op_rollback;
    seam.run = op_run;
    seam.put = op_put;
    seam.step = op_step;
    seam.column = op_column;
    seam.finish = op_finish;
    seam.check = op_check;
    st->driver->ops = &seam;
}

void tape_remove(struct tape *t, struct mk_store *st)
{
    st->driver->ops = below;
    tape = NULL;
    free(t->data);
    t->data = NULL;
}

/* ---- the bare library ---- */

struct tape_bare {
    struct mk_driver *driver;
    sqlite3 *db;
    sqlite3_stmt *stmt[MK_QUERY_COUNT];
};

static struct mk_secret *raw_key(const struct mk_secret *dbk, const char *file)
{
    FILE *f = fopen(file, "r");
    const uint8_t *key = mk_secret_peek(dbk);
    char text[MK_SQLCIPHER_KEY_TEXT + 1];
    uint8_t salt[MK_SQLCIPHER_SALT];
    struct mk_secret *raw;
    size_t n = 2;

    bench_must(f != NULL && fread(salt, sizeof salt, 1, f) == 1, file);
    fclose(f);
    memcpy(text, "x'", 3);
    for (size_t i = 0; i < MK_KEY; i++, n += 2)
        snprintf(text + n, 3, "%02x", key[i]);
    for (size_t i = 0; i < sizeof salt; i++, n += 2)
        snprintf(text + n, 3, "%02x", salt[i]);
    text[n] = '\'';
    raw = mk_secret_from(text, MK_SQLCIPHER_KEY_TEXT);
    mk_crypto_wipe(text, sizeof text);
    return raw;
}

struct tape_bare *tape_bare_open(const char *folder,
                                 const struct mk_secret *dbk)
{
    struct tape_bare *b = calloc(1, sizeof *b);
    char file[PATH_MAX];
    char full[PATH_MAX];
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_secret *raw;

    snprintf(file, sizeof file, "%s/vault.db", folder);
    bench_must(b != NULL && realpath(file, full) != NULL, file);
    raw = raw_key(dbk, full);
    bench_ok(mk_sqlcipher_open(&b->driver, full, raw, 1000, &diag), &diag,
             "bare library");
    mk_secret_free(raw);
    b->db = ((struct mk_sqlcipher *)b->driver)->db;
    return b;
}

void tape_bare_close(struct tape_bare *b)
{
    for (size_t q = 0; q < MK_QUERY_COUNT; q++)
        sqlite3_finalize(b->stmt[q]);
    b->driver->ops->close(b->driver);
    free(b);
}

static const char *const sql_of[MK_QUERY_COUNT] = {
#define MK_QUERY(name, kind, sql) [MK_Q_##name] = sql,
#include "core/store/queries.def"
#undef MK_QUERY
};

/* "$1" is a name to this library; ?1 would be the number at once. */
static void prepare(struct tape_bare *b, enum mk_query q)
{
    char sql[1024];
    size_t n = 0;

    for (const char *p = sql_of[q]; *p != '\0' && n < sizeof sql - 1; p++)
        sql[n++] = *p == '$' ? '?' : *p;
    sql[n] = '\0';
    bench_must(sqlite3_prepare_v3(b->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                  &b->stmt[q], NULL) == SQLITE_OK,
               sql);
}

static void write_row(struct tape_bare *b, enum mk_query q,
                      const struct mk_sql_value *v, size_t n)
{
    sqlite3_stmt *s;

    if (b->stmt[q] == NULL)
        prepare(b, q);
    s = b->stmt[q];
    for (size_t i = 0; i < n; i++) {
        int at = (int)i + 1;

        if (v[i].type == MK_SQL_U64)
            sqlite3_bind_int64(s, at, (sqlite3_int64)v[i].u);
        else if (v[i].type == MK_SQL_BLOB)
            sqlite3_bind_blob64(s, at, v[i].p, v[i].n, SQLITE_STATIC);
        else
            sqlite3_bind_null(s, at);
    }
    bench_must(sqlite3_step(s) == SQLITE_DONE, "bare write");
    sqlite3_reset(s);
}

void tape_bare_write(struct tape_bare *b, const struct tape *t)
{
    struct mk_sql_value v[MAX_VALUES];
    enum mk_query q;
    size_t at = 0;
    size_t n;

    while (at < t->len)
        switch (take(t, &at, &q, v, &n)) {
        case BEGIN:
            bench_must(sqlite3_exec(b->db, "BEGIN IMMEDIATE", NULL, NULL,
                                    NULL) == SQLITE_OK,
                       "bare begin");
            break;
        case COMMIT:
            bench_must(sqlite3_exec(b->db, "COMMIT", NULL, NULL, NULL) ==
                           SQLITE_OK,
                       "bare commit");
            break;
        default:
            write_row(b, q, v, n);
        }
}

static sqlite3 *db_of(struct mk_store *st)
{
    return ((struct mk_sqlcipher *)st->driver)->db;
}

uint64_t tape_pages(struct mk_store *st)
{
    int now = 0;
    int most = 0;

    bench_must(sqlite3_db_status(db_of(st), SQLITE_DBSTATUS_CACHE_MISS, &now,
                                 &most, 1) == SQLITE_OK,
               "cache status");
    return (uint64_t)now;
}

void tape_bare_walk(struct mk_store *st, enum mk_query query)
{
    sqlite3_stmt *s = NULL;
    uint64_t bytes = 0;

    bench_must(sqlite3_prepare_v2(db_of(st), sql_of[query], -1, &s, NULL) ==
                   SQLITE_OK,
               "bare walk");
    for (int i = 1; i <= sqlite3_bind_parameter_count(s); i++)
        bench_must(sqlite3_bind_int(s, i, 0) == SQLITE_OK, "bare walk");
    while (sqlite3_step(s) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(s); i++)
            if (sqlite3_column_type(s, i) == SQLITE_BLOB &&
                sqlite3_column_blob(s, i) != NULL)
                bytes += (uint64_t)sqlite3_column_bytes(s, i);
    sqlite3_finalize(s);
    bench_must(bytes > 0, "bare walk");
}
