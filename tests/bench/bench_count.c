/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counting against what it is made of and against what it replaces, in one
 * run over the same 1,000,000 invented dossiers:
 *
 *   count    mk_stats_count: all tables of a window of three years, one pass
 *   group by F1 .. F7, a SELECT ... GROUP BY each, on a table with a plain
 *            column for each fact in a SQLCipher file of the same settings
 *   cipher   XChaCha20-Poly1305 over as many bytes in pieces of the same size
 *   pages    reading the same blobs out of SQLCipher, nothing else
 *
 * Every figure is processor time, the best of some rounds, each on a store
 * just opened.  The counts are compared with what SQL says before anything is
 * printed.
 */
#define SQLITE_HAS_CODEC 1
#include <sqlcipher/sqlite3.h>

#include "tests/support/stats_fixture.h"

#include "crypto/hash.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DOSSIERS 1000000u
#define ROUNDS 15
#define YEARS 3

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "bench_count: %s\n", what);
    exit(1);
}

/* Of this process alone: others on the machine do not count. */
static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- the two stores ---- */

static void reopen(struct stats_fixture *f)
{
    struct mk_diag diag = MK_DIAG_INIT;
    mk_store_close(f->st);
    f->st = NULL;
    must(mk_store_open(&f->st, f->dir, f->path, f->dbk, &diag) == MK_OK,
         "reopen");
}

/* Four out of five are imported in order; then every fifth gets its record,
 * and one in fifty a second one. */
static uint64_t stream_fill(struct mk_stats *s, struct mk_diag *diag)
{
    struct mk_stats_record r;
    uint64_t n = 0;
    for (int pass = 0; pass < 3; pass++) {
        for (uint64_t d = 0; d < DOSSIERS; d++) {
            if (pass == 0 ? d % 5 == 4 : pass == 1 ? d % 5 != 4 : d % 50 != 7)
                continue;
            stats_record_make(&r, d + (pass == 2 ? DOSSIERS : 0), d);
            must(mk_stats_append(s, &r, diag) == MK_OK, "append");
            n++;
        }
    }
    return n;
}

static void stream_make(struct stats_fixture *f)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_stats *s = NULL;
    must(mk_store_begin_write(f->st, &diag) == MK_OK, "begin");
    must(mk_stats_open(&s, f->st, &f->key, f->root, 0, &diag) == MK_OK,
         "open");
    stream_fill(s, &diag);
    must(mk_stats_flush(s, &f->n, f->root, &diag) == MK_OK, "flush");
    mk_stats_close(s);
    must(mk_store_commit(f->st, &diag) == MK_OK, "commit");
}

static const char plain_key[] =
    "x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    "202122232425262728292a2b2c2d2e2f'";

/* locked: with the setting of a vault, which locks and wipes whatever the
 * library allocates; a process cannot go back from it. */
static sqlite3 *plain_open(const char *name, bool locked)
{
    sqlite3 *db = NULL;
    must(sqlite3_open(name, &db) == SQLITE_OK, "plain open");
    must(sqlite3_key(db, plain_key, (int)strlen(plain_key)) == SQLITE_OK,
         "plain key");
    if (locked)
        must(sqlite3_exec(db, "PRAGMA cipher_memory_security = ON", NULL, NULL,
                          NULL) == SQLITE_OK,
             "plain settings");
    must(sqlite3_exec(db,
                      "PRAGMA temp_store = MEMORY;"
                      "SELECT count(*) FROM sqlite_master",
                      NULL, NULL, NULL) == SQLITE_OK,
         "plain key");
    return db;
}

static void plain_bind(sqlite3_stmt *s, const struct mk_stats_record *r)
{
    const int v[] = {
        (int)r->ordinal,  mk_date_year(r->received),
        r->state,         r->category,
        r->care_type,     r->reporter,
        r->mtbp,          r->qualification,
        r->duty,          r->direct,
        r->red,           r->referred,
        r->complaint,     r->police_report,
        r->unmet_overleg, r->unmet_aangifte,
    };
    for (size_t i = 0; i < sizeof v / sizeof v[0]; i++)
        sqlite3_bind_int(s, (int)i + 1, v[i]);
}

static void plain_make(const char *name)
{
    sqlite3 *db = plain_open(name, false);
    sqlite3_stmt *s = NULL;
    struct mk_stats_record r;
    must(sqlite3_exec(
             db,
             "CREATE TABLE dossier (ordinal INTEGER PRIMARY KEY, year INT,"
             " state INT, category INT, care_type INT, reporter INT,"
             " mtbp INT, qualification INT, duty INT, direct INT, red INT,"
             " referred INT, complaint INT, police_report INT,"
             " unmet_overleg INT, unmet_aangifte INT);BEGIN",
             NULL, NULL, NULL) == SQLITE_OK,
         "plain table");
    must(sqlite3_prepare_v2(db,
                            "INSERT INTO dossier VALUES"
                            " (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                            -1, &s, NULL) == SQLITE_OK,
         "plain insert");
    for (uint64_t d = 0; d < DOSSIERS; d++) {
        stats_record_make(&r, d + (d % 50 == 7 ? DOSSIERS : 0), d);
        plain_bind(s, &r);
        must(sqlite3_step(s) == SQLITE_DONE, "plain row");
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK,
         "plain commit");
    sqlite3_close(db);
}

/* ---- SELECT ... GROUP BY ---- */

#define WHERE_COUNTS                                                       \
    " FROM dossier WHERE year BETWEEN 2018 AND 2020 AND state NOT IN (1, " \
    "17, 18)"

static const char *const tables[] = {
    "SELECT year, count(*)" WHERE_COUNTS " GROUP BY year",
    "SELECT year, category, count(*)" WHERE_COUNTS " GROUP BY year, category",
    "SELECT year, category, care_type, count(*)" WHERE_COUNTS
    " GROUP BY year, category, care_type",
    "SELECT year, category, qualification = 2, count(*),"
    " sum(mtbp = 1)" WHERE_COUNTS
    " AND (category IN (1, 2) OR qualification = 2)"
    " GROUP BY year, category, qualification = 2",
    "SELECT year, qualification, count(*), sum(direct = 1), sum(direct = 2),"
    " sum(direct NOT IN (1, 2)), sum(red), sum(referred), sum(complaint),"
    " sum(police_report), sum(unmet_overleg), sum(unmet_aangifte),"
    " sum(unmet_overleg OR unmet_aangifte)" WHERE_COUNTS
    " AND duty = 1 GROUP BY year, qualification",
    "SELECT year, reporter, count(*)" WHERE_COUNTS " GROUP BY year, reporter",
    "SELECT year, care_type, count(*)" WHERE_COUNTS
    " GROUP BY year, care_type",
};

/* Sum of all cells, so that nothing can be left out. */
static int64_t group_by(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *s = NULL;
    int64_t sum = 0;
    must(sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK, sql);
    while (sqlite3_step(s) == SQLITE_ROW)
        sum += sqlite3_column_int64(s, sqlite3_column_count(s) - 1);
    sqlite3_finalize(s);
    return sum;
}

static double time_group_by(const char *name, bool locked)
{
    sqlite3 *db = plain_open(name, locked);
    double all = 0;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        double t = cpu();
        must(group_by(db, tables[i]) > 0, "group by");
        t = cpu() - t;
        all += t;
    }
    sqlite3_close(db);
    return all;
}

/* ---- counting ---- */

static void window(struct mk_cube *cube)
{
    mk_cube_init(cube);
    cube->n_years = YEARS;
    for (int y = 0; y < YEARS; y++)
        cube->years[y] = 2018 + y;
}

static double time_count(struct stats_fixture *f, struct mk_cube *cube)
{
    struct mk_diag diag = MK_DIAG_INIT;
    reopen(f);
    window(cube);
    double t = cpu();
    enum mk_err rc = stats_fixture_count(f, DOSSIERS, NULL, cube, &diag);
    t = cpu() - t;
    must(rc == MK_OK, "count");
    return t;
}

static void compare(const char *name, const struct mk_cube *cube)
{
    sqlite3 *db = plain_open(name, true);
    uint64_t n = 0, duty = 0;
    for (size_t i = 0; i < cube->cap; i++) {
        const struct mk_cube_cell *c = &cube->cells[i];
        n += c->n;
        /* duty: 3 bits above direct and the flags */
        if ((c->key >> 9 & 7) == MK_YN_J)
            duty += c->n;
    }
    must((int64_t)n == group_by(db, tables[0]), "F1 differs from SQL");
    must((int64_t)duty ==
             group_by(db, "SELECT count(*)" WHERE_COUNTS " AND duty = 1"),
         "duty differs from SQL");
    sqlite3_close(db);
}

static long status_kib(const char *name)
{
    char line[128];
    long kib = -1;
    FILE *in = fopen("/proc/self/status", "r");
    must(in != NULL, "status");
    while (fgets(line, sizeof line, in)) {
        if (strncmp(line, name, strlen(name)) == 0)
            kib = strtol(line + strlen(name) + 1, NULL, 10);
    }
    fclose(in);
    return kib;
}

static void peak_reset(void)
{
    FILE *out = fopen("/proc/self/clear_refs", "w");
    must(out && fputs("5", out) >= 0 && fclose(out) == 0, "clear_refs");
}

/* ---- what a count is made of ---- */

struct parts {
    size_t bytes, chunks;
    double pages, cipher, hash;
};

static void time_pages(struct stats_fixture *f, struct parts *p,
                       struct mk_buf *all)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_walk *w = NULL;
    struct mk_chunk_row row;
    bool more = true;
    reopen(f);
    p->bytes = p->chunks = 0;
    double t = cpu();
    must(mk_store_begin_read(f->st, &diag) == MK_OK, "begin");
    must(mk_walk_chunks(&w, f->st, false, true, &diag) == MK_OK, "walk");
    while (mk_walk_chunk(w, &more, &row, &diag) == MK_OK && more) {
        p->bytes += row.facts.n;
        p->chunks++;
        if (all)
            must(mk_buf_add(all, row.facts.p, row.facts.n) == MK_OK, "memory");
    }
    mk_walk_close(w);
    mk_store_rollback(f->st);
    t = cpu() - t;
    if (!all && (p->pages == 0 || t < p->pages))
        p->pages = t;
}

/* The envelopes' ciphertexts sealed anew, so that they open under one key. */
static void time_cipher(struct parts *p, struct mk_buf *all)
{
    static const uint8_t key[32], nonce[24];
    size_t piece = p->bytes / p->chunks, n = all->len / piece;
    uint8_t *sealed = malloc(n * (piece + 16)), *out = malloc(piece);
    uint8_t hash[MK_HASH];
    must(sealed && out, "memory");
    for (size_t i = 0; i < n; i++)
        crypto_aead_xchacha20poly1305_ietf_encrypt(
            sealed + i * (piece + 16), NULL, all->data + i * piece, piece,
            NULL, 0, NULL, nonce, key);
    for (int round = 0; round < ROUNDS; round++) {
        double t = cpu();
        for (size_t i = 0; i < n; i++)
            must(crypto_aead_xchacha20poly1305_ietf_decrypt(
                     out, NULL, NULL, sealed + i * (piece + 16), piece + 16,
                     NULL, 0, nonce, key) == 0,
                 "cipher");
        t = cpu() - t;
        p->cipher = round == 0 || t < p->cipher ? t : p->cipher;
        t = cpu();
        for (size_t i = 0; i < n; i++)
            mk_sha256(hash, all->data + i * piece, piece);
        t = cpu() - t;
        p->hash = round == 0 || t < p->hash ? t : p->hash;
    }
    free(sealed);
    free(out);
}

/* ---- in a process of its own, so that its memory and settings are not ours.
 */

static void stream_job(struct stats_fixture *f, void *out, size_t n)
{
    reopen(f);
    stream_make(f);
    must(n == MK_HASH + sizeof f->n, "size");
    memcpy(out, f->root, MK_HASH);
    memcpy((uint8_t *)out + MK_HASH, &f->n, sizeof f->n);
}

static void plain_job(struct stats_fixture *f, void *out, size_t n)
{
    const char *name = f->path;
    plain_make(name);
    double t = time_group_by(name, false);
    must(n == sizeof t, "size");
    memcpy(out, &t, sizeof t);
}

/* out: the n bytes that job leaves. */
static void apart(void (*job)(struct stats_fixture *, void *, size_t),
                  struct stats_fixture *f, void *out, size_t n)
{
    int fd[2], status = 0;
    must(pipe(fd) == 0, "pipe");
    pid_t pid = fork();
    must(pid >= 0, "fork");
    if (pid == 0) {
        job(f, out, n);
        must(write(fd[1], out, n) == (ssize_t)n, "pipe");
        _exit(0);
    }
    close(fd[1]);
    must(read(fd[0], out, n) == (ssize_t)n, "making a store");
    must(waitpid(pid, &status, 0) == pid && status == 0, "waiting");
    close(fd[0]);
}

static void report(const struct stats_fixture *f, const struct parts *p,
                   double count, double group, double unlocked, long peak)
{
    printf("counting %u dossiers, %llu records, %zu chunks, %.1f bytes of "
           "facts a record\n",
           DOSSIERS, (unsigned long long)f->n, p->chunks,
           (double)p->bytes / (double)f->n);
    printf("  count, all tables   %9.1f ms\n", count * 1e3);
    printf("  seven GROUP BY      %9.1f ms, settings of a vault\n",
           group * 1e3);
    printf("                      %9.1f ms, unlocked memory\n",
           unlocked * 1e3);
    printf("  page cipher         %9.1f ms (SQLCipher reading the bytes)\n",
           p->pages * 1e3);
    printf("  envelope cipher     %9.1f ms\n", p->cipher * 1e3);
    printf("  SHA-256             %9.1f ms\n", p->hash * 1e3);
    printf("  GROUP BY / count                   %7.1f (aim >= 100)\n",
           group / count);
    printf("  GROUP BY unlocked / count          %7.1f\n", unlocked / count);
    printf("  count / envelope cipher            %7.1f (aim <= 4)\n",
           count / p->cipher);
    printf("  count / (page + envelope cipher)   %7.2f\n",
           count / (p->cipher + p->pages));
    printf("  peak memory of counting            %7.1f MiB (aim < 64)\n",
           (double)peak / 1024);
}

int main(void)
{
    struct stats_fixture plain = {.path = "/tmp/mk_bench_XXXXXX"};
    struct stats_fixture f;
    struct mk_cube cube;
    struct mk_buf all = MK_BUF_INIT;
    struct parts p = {.bytes = 0};
    double count = 1e9, unlocked, t;
    uint8_t end[MK_HASH + sizeof f.n];

    int fd = mkstemp(plain.path);
    must(fd >= 0 && close(fd) == 0, "temporary file");
    apart(plain_job, &plain, &unlocked, sizeof unlocked);

    stats_fixture_init(&f);
    mk_store_close(f.st); /* a connection must not cross a fork */
    f.st = NULL;
    apart(stream_job, &f, end, sizeof end);
    memcpy(f.root, end, MK_HASH);
    memcpy(&f.n, end + MK_HASH, sizeof f.n);

    peak_reset();
    for (int i = 0; i < ROUNDS; i++) {
        t = time_count(&f, &cube);
        count = t < count ? t : count;
        if (i + 1 < ROUNDS)
            mk_cube_release(&cube);
    }
    long peak = status_kib("VmHWM");
    compare(plain.path, &cube);
    mk_cube_release(&cube);
    for (int i = 0; i < ROUNDS; i++)
        time_pages(&f, &p, NULL);
    time_pages(&f, &p, &all);
    time_cipher(&p, &all);
    mk_buf_release(&all);
    t = time_group_by(plain.path, true);
    report(&f, &p, count, t, unlocked, peak);
    unlink(plain.path);
    stats_fixture_release(&f);
    return 0;
}
