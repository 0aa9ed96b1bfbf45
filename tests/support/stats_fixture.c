/* SPDX-License-Identifier: GPL-3.0-or-later */
#define SQLITE_HAS_CODEC 1
#include <sqlcipher/sqlite3.h>

#include "tests/support/stats_fixture.h"

#include "core/base/bytes.h"
#include "core/store/file.h"
#include "crypto/kdf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void must(enum mk_err rc, const char *what, const struct mk_diag *diag)
{
    if (rc == MK_OK)
        return;
    fprintf(stderr, "%s: %s at %s\n", what, mk_err_name(rc),
            diag ? diag->place : "");
    abort();
}

void stats_fixture_init(struct stats_fixture *f)
{
    struct mk_diag diag = MK_DIAG_INIT;
    uint8_t key[MK_KEY];
    memset(f, 0, sizeof *f);
    snprintf(f->path, sizeof f->path, "/tmp/mk_stats_XXXXXX");
    if (!mkdtemp(f->path))
        abort();
    must(mk_crypto_init(&diag), "crypto", &diag);
    must(mk_store_init(&diag), "store", &diag);
    memset(key, 0x11, sizeof key);
    f->dbk = mk_secret_from(key, sizeof key);
    memset(key, 0x22, sizeof key);
    f->rs = mk_secret_from(key, sizeof key);
    memset(f->store_id, 0x33, sizeof f->store_id);
    f->key = (struct mk_stats_key){
        .store = f->store_id,
        .rs = f->rs,
        .gen = 1,
    };
    memset(f->key.key_id, 0x44, MK_ID);
    must(mk_dir_open(&f->dir, f->path, &diag), "folder", &diag);
    must(mk_store_create(&f->st, f->dir, f->path, f->dbk, &diag), "create",
         &diag);
    mk_stats_empty_root(f->root);
}

void stats_fixture_release(struct stats_fixture *f)
{
    static const char *const names[] = {"vault.db", "vault.db-journal"};
    char name[128];
    mk_store_close(f->st);
    mk_secret_free(f->dbk);
    mk_secret_free(f->rs);
    close(f->dir);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(name, sizeof name, "%s/%s", f->path, names[i]);
        unlink(name);
    }
    rmdir(f->path);
}

/* splitmix64 */
uint64_t stats_next(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Draws from shares of 100. */
static uint8_t draw(uint64_t *seed, const uint8_t (*shares)[2])
{
    unsigned x = (unsigned)(stats_next(seed) % 100);
    while (x >= (*shares)[1]) {
        x -= (*shares)[1];
        shares++;
    }
    return (*shares)[0];
}

static bool chance(uint64_t *seed, unsigned percent)
{
    return stats_next(seed) % 100 < percent;
}

static void duty_make(struct mk_stats_record *r, uint64_t *s)
{
    static const uint8_t direct[][2] = {
        {MK_DIRECT_J, 70}, {MK_DIRECT_N, 20}, {0, 10}};
    r->duty = MK_YN_J;
    r->direct = draw(s, direct);
    r->unmet_overleg = chance(s, 3);
    r->red = chance(s, 50);
    r->verdict = r->red ? MK_VERDICT_RED : MK_VERDICT_GEEN;
    r->referred = r->red && chance(s, 90);
    r->complaint = r->red && chance(s, 60);
    r->police_report = r->red && chance(s, 20);
    r->unmet_aangifte = r->red && !r->complaint && chance(s, 30);
}

void stats_record_make(struct mk_stats_record *r, uint64_t seed,
                       uint64_t ordinal)
{
    static const uint8_t category[][2] = {{MK_CATEGORY_SM, 23},
                                          {MK_CATEGORY_SI, 15},
                                          {MK_CATEGORY_PG, 20},
                                          {MK_CATEGORY_FG, 37},
                                          {MK_CATEGORY_OV, 5}};
    static const uint8_t care[][2] = {{MK_CARE_TYPE_KDV, 55},
                                      {MK_CARE_TYPE_BSO, 27},
                                      {MK_CARE_TYPE_VGO, 10},
                                      {MK_CARE_TYPE_GOB, 5},
                                      {MK_CARE_TYPE_ONB, 3}};
    static const uint8_t reporter[][2] = {
        {MK_REPORTER_OUD, 35}, {MK_REPORTER_HOU, 40}, {MK_REPORTER_MED, 10},
        {MK_REPORTER_GGD, 5},  {MK_REPORTER_PRO, 5},  {MK_REPORTER_ANO, 5}};
    static const uint8_t accused[][2] = {
        {MK_ACCUSED_MW, 55}, {MK_ACCUSED_GO, 8},  {MK_ACCUSED_HG, 3},
        {MK_ACCUSED_ST, 3},  {MK_ACCUSED_KD, 15}, {MK_ACCUSED_OU, 8},
        {MK_ACCUSED_OB, 8}};
    static const uint8_t state[][2] = {
        {MK_STATE_AFGEROND, 85},    {MK_STATE_VOLGEN, 5},
        {MK_STATE_INGETROKKEN, 3},  {MK_STATE_DUBBEL, 2},
        {MK_STATE_NIET_BEVOEGD, 2}, {MK_STATE_ONTVANGEN, 2},
        {MK_STATE_BIJ_INSTANTIE, 1}};
    uint64_t s = seed;
    memset(r, 0, sizeof *r);
    r->ordinal = ordinal;
    r->received = mk_date_day(2018, 1, 1) +
                  (mk_day)(stats_next(&s) % (3 * 365));
    r->recorded = mk_date_day(2021, 3, 1);
    r->state = draw(&s, state);
    r->sector = MK_SECTOR_KO;
    r->category = draw(&s, category);
    r->care_type = draw(&s, care);
    r->reporter = draw(&s, reporter);
    r->accused = draw(&s, accused);
    r->mtbp = r->accused <= MK_ACCUSED_HO ? MK_YN_J : MK_YN_N;
    if (r->accused == MK_ACCUSED_OB)
        r->mtbp = MK_YN_ONB;
    r->qualification = MK_QUALIFICATION_GEEN;
    if (r->category == MK_CATEGORY_SM)
        r->qualification = MK_QUALIFICATION_XIV;
    else if (r->category == MK_CATEGORY_FG && chance(&s, 40))
        r->qualification = MK_QUALIFICATION_XX;
    r->duty = MK_YN_N;
    if (r->mtbp == MK_YN_J && r->qualification != MK_QUALIFICATION_GEEN)
        duty_make(r, &s);
    if (chance(&s, 10))
        r->extra = 1u << MK_CATEGORY_OV;
    r->site_empty = chance(&s, 50);
    r->accused_empty = chance(&s, 90);
    mk_put_u64(r->site, stats_next(&s));
    mk_put_u64(r->accused_tag, stats_next(&s));
}

void stats_fixture_append(struct stats_fixture *f,
                          const struct mk_stats_record *r, size_t n)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_stats *s = NULL;
    must(mk_store_begin_write(f->st, &diag), "begin", &diag);
    must(mk_stats_open(&s, f->st, &f->key, f->root, f->n, &diag), "open",
         &diag);
    for (size_t i = 0; i < n; i++)
        must(mk_stats_append(s, &r[i], &diag), "append", &diag);
    must(mk_stats_flush(s, &f->n, f->root, &diag), "flush", &diag);
    mk_stats_close(s);
    must(mk_store_commit(f->st, &diag), "commit", &diag);
}

enum mk_err stats_fixture_count(struct stats_fixture *f, uint64_t n_dossiers,
                                const struct mk_as_of *as_of,
                                struct mk_cube *cube, struct mk_diag *diag)
{
    static const struct mk_as_of now = {.by_day = false};
    must(mk_store_begin_read(f->st, diag), "begin", diag);
    enum mk_err rc = mk_stats_count(f->st, &f->key, f->n, f->root, n_dossiers,
                                    as_of ? as_of : &now, cube, diag);
    mk_store_rollback(f->st);
    return rc;
}

enum mk_err stats_fixture_verify(struct stats_fixture *f, struct mk_diag *diag)
{
    must(mk_store_begin_read(f->st, diag), "begin", diag);
    enum mk_err rc = mk_stats_verify(f->st, f->n, f->root, diag);
    mk_store_rollback(f->st);
    return rc;
}

enum mk_err stats_fixture_open(struct stats_fixture *f, struct mk_diag *diag)
{
    struct mk_stats *s = NULL;
    must(mk_store_begin_write(f->st, diag), "begin", diag);
    enum mk_err rc = mk_stats_open(&s, f->st, &f->key, f->root, f->n, diag);
    mk_stats_close(s);
    mk_store_rollback(f->st);
    return rc;
}

struct sqlite3 *stats_fixture_raw(struct stats_fixture *f)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_secret *salt = NULL;
    char key[2 + 64 + 32 + 2];
    char name[128];
    sqlite3 *db = NULL;
    must(mk_hkdf(&salt, 16, NULL, 0, f->dbk, "mk1/salt", 8), "salt", &diag);
    memcpy(key, "x'", 2);
    mk_hex(key + 2, mk_secret_peek(f->dbk), MK_KEY);
    mk_hex(key + 66, mk_secret_peek(salt), 16);
    key[98] = '\'';
    mk_secret_free(salt);
    snprintf(name, sizeof name, "%s/vault.db", f->path);
    if (sqlite3_open(name, &db) != SQLITE_OK ||
        sqlite3_key(db, key, 99) != SQLITE_OK)
        abort();
    return db;
}

int64_t stats_fixture_sql(struct stats_fixture *f, const char *sql)
{
    sqlite3 *db = stats_fixture_raw(f);
    sqlite3_stmt *s = NULL;
    int64_t result = 0;
    const char *rest = sql;
    while (*rest) {
        if (sqlite3_prepare_v2(db, rest, -1, &s, &rest) != SQLITE_OK) {
            fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
            abort();
        }
        int step = sqlite3_step(s);
        if (step == SQLITE_ROW)
            result = sqlite3_column_int64(s, 0);
        else if (step != SQLITE_DONE) {
            fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
            abort();
        }
        sqlite3_finalize(s);
    }
    sqlite3_close(db);
    return result;
}
