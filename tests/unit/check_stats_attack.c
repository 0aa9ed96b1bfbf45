/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What somebody with the database key does to the statistics stream is noticed
 * by everything that reads what was changed; what an insider with the
 * statistics key seals into it does not bring a count down.
 */
#include "core/stats_tally.h"

#include "core/base/bytes.h"
#include "crypto/hash.h"
#include "tests/support/stats_fixture.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

#define DOSSIERS 1200

static bool noticed(enum mk_err rc)
{
    return rc == MK_E_TAMPERED || rc == MK_E_DAMAGED;
}

/* Four chunks of 256 and a tail of 100, in one transaction. */
static void begin(struct stats_fixture *f)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_stats_record r;
    struct mk_stats *s = NULL;
    stats_fixture_init(f);
    ck_assert_int_eq(mk_store_begin_write(f->st, &diag), MK_OK);
    ck_assert_int_eq(mk_stats_open(&s, f->st, &f->key, f->root, 0, &diag),
                     MK_OK);
    for (uint64_t d = 0; d < 4 * MK_STATS_GROUP + 100; d++) {
        stats_record_make(&r, d, d);
        ck_assert_int_eq(mk_stats_append(s, &r, &diag), MK_OK);
        if ((d + 1) % MK_STATS_GROUP == 0)
            ck_assert_int_eq(mk_stats_flush(s, &f->n, f->root, &diag), MK_OK);
    }
    ck_assert_int_eq(mk_stats_flush(s, &f->n, f->root, &diag), MK_OK);
    mk_stats_close(s);
    ck_assert_int_eq(mk_store_commit(f->st, &diag), MK_OK);
}

static enum mk_err count(struct stats_fixture *f, struct mk_diag *diag)
{
    struct mk_cube cube;
    mk_cube_init(&cube);
    cube.n_years = 1;
    cube.years[0] = 2019;
    enum mk_err rc = stats_fixture_count(f, DOSSIERS, NULL, &cube, diag);
    /* nothing is given out before all was found equal */
    if (rc != MK_OK) {
        ck_assert_uint_eq(cube.n_cells, 0);
        ck_assert_uint_eq(cube.position, 0);
    }
    mk_cube_release(&cube);
    return rc;
}

/* Each statement by itself, on a stream of its own. */
static void attack(const char *sql, bool count_sees)
{
    struct stats_fixture f;
    struct mk_diag diag = MK_DIAG_INIT;
    begin(&f);
    ck_assert_int_eq(stats_fixture_verify(&f, &diag), MK_OK);
    ck_assert_int_eq(count(&f, &diag), MK_OK);
    stats_fixture_sql(&f, sql);
    ck_assert_msg(noticed(stats_fixture_verify(&f, &diag)), "%s", sql);
    ck_assert_msg(diag.place[0], "%s", sql);
    enum mk_err rc = count(&f, &diag);
    ck_assert_msg(count_sees ? noticed(rc) : rc == MK_OK, "%s: %s", sql,
                  mk_err_name(rc));
    stats_fixture_release(&f);
}

START_TEST(swapped_chunks_are_noticed)
{
    attack("UPDATE stats_chunk SET idx = 99 WHERE idx = 1;"
           "UPDATE stats_chunk SET idx = 1 WHERE idx = 2;"
           "UPDATE stats_chunk SET idx = 2 WHERE idx = 99",
           true);
    attack("UPDATE stats_chunk SET facts = (SELECT facts FROM stats_chunk"
           " WHERE idx = 1) WHERE idx = 2",
           true);
}
END_TEST

START_TEST(a_dropped_chunk_is_noticed)
{
    attack("DELETE FROM stats_chunk WHERE idx = 0", true);
    attack("DELETE FROM stats_chunk WHERE idx = 2", true);
    attack("DELETE FROM stats_chunk WHERE idx = 3", true);
    attack("DELETE FROM stats_chunk", true);
    /* and one added */
    attack("INSERT INTO stats_chunk SELECT 4, first, n, tags_hash, chain,"
           " facts, tags FROM stats_chunk WHERE idx = 3",
           true);
}
END_TEST

START_TEST(changed_numbers_of_a_chunk_are_noticed)
{
    attack("UPDATE stats_chunk SET n = n + 1 WHERE idx = 0", true);
    attack("UPDATE stats_chunk SET n = 0 WHERE idx = 1", true);
    attack("UPDATE stats_chunk SET first = first + 1 WHERE idx = 1", true);
    attack("UPDATE stats_chunk SET n = n - 1 WHERE idx = 1;"
           "UPDATE stats_chunk SET first = first - 1 WHERE idx = 2",
           true);
    attack("UPDATE stats_chunk SET idx = idx + 10", true);
    attack("UPDATE stats_chunk SET n = 5000000000000 WHERE idx = 0", true);
    attack("UPDATE stats_chunk SET chain = zeroblob(32) WHERE idx = 0", true);
    attack("UPDATE stats_chunk SET chain = zeroblob(32) WHERE idx = 3", true);
}
END_TEST

START_TEST(an_exchanged_part_of_a_chunk_is_noticed)
{
    attack("UPDATE stats_chunk SET facts = zeroblob(length(facts))"
           " WHERE idx = 0",
           true);
    attack("UPDATE stats_chunk SET facts = substr(facts, 1, 40) WHERE idx = 2",
           true);
    attack("UPDATE stats_chunk SET facts = zeroblob(0) WHERE idx = 2", true);
}
END_TEST

START_TEST(tags_moved_between_chunks_are_noticed_by_verification)
{
    const char *move = "UPDATE stats_chunk SET tags = (SELECT tags FROM"
                       " stats_chunk WHERE idx = 1) WHERE idx = 2";
    const char *hash = "UPDATE stats_chunk SET tags_hash = (SELECT tags_hash"
                       " FROM stats_chunk WHERE idx = 1) WHERE idx = 2";
    char both[512];
    /* a count does not read tags: it answers for their hash only */
    attack(move, false);
    attack(hash, true);
    snprintf(both, sizeof both, "%s;%s", move, hash);
    attack(both, true);
}
END_TEST

START_TEST(a_changed_tail_is_noticed)
{
    attack("DELETE FROM stats_row WHERE slot = 99", true);
    attack("DELETE FROM stats_row WHERE slot = 0", true);
    attack("DELETE FROM stats_row WHERE slot = 26", true);
    attack("DELETE FROM stats_row", true);
    attack("UPDATE stats_row SET slot = -1 WHERE slot = 99", true);
    attack("INSERT INTO stats_row SELECT -1, env FROM stats_row"
           " WHERE slot = 99",
           true);
    attack("UPDATE stats_row SET env = (SELECT env FROM stats_row"
           " WHERE slot = 6) WHERE slot = 16",
           true);
    attack("UPDATE stats_row SET env = zeroblob(128) WHERE slot = 16", true);
    attack("UPDATE stats_row SET env = zeroblob(127) WHERE slot = 16", true);
    attack("UPDATE stats_row SET env = zeroblob(129) WHERE slot = 16", true);
}
END_TEST

/* A whole group of rows lay there once, then 100 took their slots. */
START_TEST(rows_behind_the_tail_are_of_no_account)
{
    static const char *const changes[] = {
        "DELETE FROM stats_row WHERE slot >= 100",
        "DELETE FROM stats_row WHERE slot = 100",
        "UPDATE stats_row SET env = zeroblob(128) WHERE slot >= 100",
        "UPDATE stats_row SET env = zeroblob(5000) WHERE slot = 100",
        "UPDATE stats_row SET env = (SELECT env FROM stats_row WHERE slot = "
        "99)"
        " WHERE slot = 100",
        "INSERT INTO stats_row SELECT slot + 255, env FROM stats_row",
        "INSERT INTO stats_row SELECT 2147483647, env FROM stats_row"
        " WHERE slot = 0",
    };
    struct mk_stats_record r[160];
    for (size_t i = 0; i < 160; i++)
        stats_record_make(&r[i], i, i);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct stats_fixture f;
        struct mk_diag diag = MK_DIAG_INIT;
        begin(&f);
        for (size_t n = 0; n < 256; n += 32)
            stats_fixture_append(&f, r, 32);
        ck_assert_int_eq(
            stats_fixture_sql(&f, "SELECT count(*) FROM stats_row"), 228);
        stats_fixture_sql(&f, changes[i]);
        ck_assert_msg(stats_fixture_verify(&f, &diag) == MK_OK, "%s",
                      changes[i]);
        ck_assert_int_eq(count(&f, &diag), MK_OK);
        stats_fixture_append(&f, r, 1);
        stats_fixture_append(&f, r, 160);
        ck_assert_int_eq(stats_fixture_verify(&f, &diag), MK_OK);
        ck_assert_int_eq(count(&f, &diag), MK_OK);
        stats_fixture_release(&f);
    }
}
END_TEST

START_TEST(appending_to_a_changed_end_is_refused)
{
    static const char *const changes[] = {
        "DELETE FROM stats_row WHERE slot = 99",
        "UPDATE stats_row SET env = zeroblob(128) WHERE slot = 16",
        "DELETE FROM stats_chunk WHERE idx = 3",
        "UPDATE stats_chunk SET chain = zeroblob(32) WHERE idx = 3",
        "UPDATE stats_chunk SET n = n - 1 WHERE idx = 3",
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct stats_fixture f;
        struct mk_diag diag = MK_DIAG_INIT;
        begin(&f);
        ck_assert_int_eq(stats_fixture_open(&f, &diag), MK_OK);
        stats_fixture_sql(&f, changes[i]);
        ck_assert_int_eq(stats_fixture_open(&f, &diag), MK_E_TAMPERED);
        stats_fixture_release(&f);
    }
}
END_TEST

START_TEST(an_older_state_of_the_stream_is_noticed)
{
    struct stats_fixture f;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_stats_record r[200];
    begin(&f);
    for (size_t i = 0; i < 200; i++)
        stats_record_make(&r[i], i, i);
    /* a tail row that was proven once, put back after the next one */
    stats_fixture_sql(&f, "CREATE TABLE copy AS SELECT * FROM stats_row");
    stats_fixture_append(&f, r, 1);
    ck_assert_int_eq(count(&f, &diag), MK_OK);
    stats_fixture_sql(&f, "DELETE FROM stats_row;"
                          "INSERT INTO stats_row SELECT * FROM copy");
    ck_assert(noticed(count(&f, &diag)));
    ck_assert(noticed(stats_fixture_verify(&f, &diag)));
    stats_fixture_release(&f);

    /* the row that a slot held before it folded, put back */
    begin(&f);
    stats_fixture_sql(&f, "CREATE TABLE copy AS SELECT * FROM stats_row");
    stats_fixture_append(&f, r, 200);
    stats_fixture_append(&f, r, 100);
    ck_assert_int_eq(count(&f, &diag), MK_OK);
    stats_fixture_sql(&f, "UPDATE stats_row SET env = (SELECT env FROM copy"
                          " WHERE slot = 99) WHERE slot = 99");
    ck_assert(noticed(count(&f, &diag)));
    ck_assert(noticed(stats_fixture_verify(&f, &diag)));
    stats_fixture_release(&f);

    /* rows that were folded, put back in place of their chunk */
    begin(&f);
    stats_fixture_sql(&f, "CREATE TABLE copy AS SELECT * FROM stats_row");
    stats_fixture_append(&f, r, 200);
    ck_assert_int_eq(count(&f, &diag), MK_OK);
    stats_fixture_sql(&f, "DELETE FROM stats_chunk WHERE idx = 4;"
                          "DELETE FROM stats_row;"
                          "INSERT INTO stats_row SELECT * FROM copy");
    ck_assert(noticed(count(&f, &diag)));
    ck_assert(noticed(stats_fixture_verify(&f, &diag)));
    stats_fixture_release(&f);
}
END_TEST

/* ---- an insider: all chains are right, what is sealed is not ---- */

/* Puts plain as the only chunk (n records) into an empty stream of f, sealed
 * for chunk idx of store. */
static void insider(struct stats_fixture *f, const uint8_t *store,
                    uint64_t idx, const uint8_t *plain, size_t len, size_t n)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_stats_key key = f->key;
    struct mk_chunk_row row = {.n = n};
    uint8_t aad[MK_AAD], facts_hash[MK_HASH], none[MK_HASH] = {0};
    uint8_t *env = calloc(1, len + MK_ENV_OVERHEAD);
    uint8_t tags = 0;
    key.store = store;
    mk_stats_chunk_aad(aad, &key, MK_COL_STATS_FACTS, idx);
    mk_env_seal(env, key.rs, key.gen, aad, sizeof aad, plain, len);
    row.facts = (struct mk_blob){env, len + MK_ENV_OVERHEAD};
    row.tags = (struct mk_blob){&tags, 1};
    mk_sha256(facts_hash, row.facts.p, row.facts.n);
    mk_sha256(row.tags_hash, row.tags.p, row.tags.n);
    mk_stats_chain_chunk(row.chain, &row, facts_hash);
    ck_assert_int_eq(mk_store_begin_write(f->st, &diag), MK_OK);
    ck_assert_int_eq(mk_chunk_insert(f->st, &row, &diag), MK_OK);
    ck_assert_int_eq(mk_store_commit(f->st, &diag), MK_OK);
    f->n = n;
    mk_stats_root(f->root, n, row.chain, none);
    free(env);
}

static void good_facts(struct mk_buf *plain, size_t n,
                       void (*change)(struct mk_stats_record *))
{
    struct mk_stats_record *r = calloc(n, sizeof *r);
    for (size_t i = 0; i < n; i++)
        stats_record_make(&r[i], i, i % DOSSIERS);
    for (size_t i = 0; i < n; i++)
        r[i].received = mk_date_day(2019, 2, 2);
    if (change)
        change(&r[n / 2]);
    ck_assert_int_eq(mk_stats_facts_encode(plain, r, n), MK_OK);
    free(r);
}

static enum mk_err count_insider(const uint8_t *store, uint64_t idx,
                                 const uint8_t *plain, size_t len, size_t n)
{
    struct stats_fixture f;
    struct mk_diag diag = MK_DIAG_INIT;
    stats_fixture_init(&f);
    insider(&f, store ? store : f.store_id, idx, plain, len, n);
    ck_assert_int_eq(stats_fixture_verify(&f, &diag), MK_OK);
    enum mk_err rc = count(&f, &diag);
    if (rc != MK_OK)
        ck_assert(strncmp(diag.place, "stats", 5) == 0);
    stats_fixture_release(&f);
    return rc;
}

START_TEST(a_chunk_sealed_for_another_store_or_place_does_not_open)
{
    struct mk_buf p = MK_BUF_INIT;
    uint8_t other[MK_ID] = {1};
    good_facts(&p, 100, NULL);
    ck_assert_int_eq(count_insider(NULL, 0, p.data, p.len, 100), MK_OK);
    ck_assert_int_eq(count_insider(other, 0, p.data, p.len, 100),
                     MK_E_DAMAGED);
    ck_assert_int_eq(count_insider(NULL, 1, p.data, p.len, 100), MK_E_DAMAGED);
    mk_buf_release(&p);
}
END_TEST

static void ordinal_too_large(struct mk_stats_record *r)
{
    r->ordinal = DOSSIERS;
}
static void ordinal_at_the_end(struct mk_stats_record *r)
{
    r->ordinal = UINT64_MAX;
}
static void no_state(struct mk_stats_record *r)
{
    r->state = 0;
}
static void no_such_code(struct mk_stats_record *r)
{
    r->state = MK_STATE_AFGEROND;
    r->reporter = 12;
}

START_TEST(values_that_no_list_has_are_damage)
{
    static void (*const changes[])(struct mk_stats_record *) = {
        ordinal_too_large,
        ordinal_at_the_end,
        no_state,
        no_such_code,
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct stats_fixture f;
        struct mk_diag diag = MK_DIAG_INIT;
        struct mk_buf p = MK_BUF_INIT;
        stats_fixture_init(&f);
        good_facts(&p, 100, changes[i]);
        insider(&f, f.store_id, 0, p.data, p.len, 100);
        ck_assert_int_eq(count(&f, &diag), MK_E_DAMAGED);
        mk_buf_release(&p);
        stats_fixture_release(&f);
    }
}
END_TEST

START_TEST(facts_of_another_size_or_shape_are_damage)
{
    struct mk_buf p = MK_BUF_INIT;
    good_facts(&p, 100, NULL);
    ck_assert_int_eq(count_insider(NULL, 0, p.data, p.len - 1, 100),
                     MK_E_DAMAGED);
    ck_assert_int_eq(count_insider(NULL, 0, p.data, 0, 100), MK_E_DAMAGED);
    ck_assert_int_eq(count_insider(NULL, 0, p.data, 20, 100), MK_E_DAMAGED);
    ck_assert_int_eq(count_insider(NULL, 0, p.data, p.len, 99), MK_E_DAMAGED);
    ck_assert_int_eq(mk_buf_add_u8(&p, 0), MK_OK);
    ck_assert_int_eq(count_insider(NULL, 0, p.data, p.len, 100), MK_E_DAMAGED);
    mk_buf_release(&p);
}
END_TEST

/* Everything that a count does with the facts of a chunk. */
static enum mk_err tally(const uint8_t *p, size_t len, size_t n)
{
    static const struct mk_as_of as_of = {.by_day = false};
    struct mk_stats_facts f;
    struct mk_tally t;
    struct mk_cube cube;
    enum mk_err rc = MK_E_DAMAGED;
    mk_cube_init(&cube);
    cube.n_years = 1;
    cube.years[0] = 2019;
    ck_assert_int_eq(mk_tally_init(&t, &cube, n, DOSSIERS, &as_of), MK_OK);
    if (mk_stats_facts_open(&f, p, len, n))
        rc = mk_tally_chunk(&t, &f, 0);
    if (rc == MK_OK)
        rc = mk_tally_give(&t, &cube);
    mk_tally_release(&t);
    mk_cube_release(&cube);
    return rc;
}

START_TEST(no_bit_of_the_facts_can_bring_a_count_down)
{
    struct mk_buf p = MK_BUF_INIT;
    size_t good = 0, damaged = 0;
    good_facts(&p, 300, NULL);
    size_t len = p.len;
    ck_assert_int_eq(mk_buf_add_zero(&p, MK_STATS_SLACK), MK_OK);
    for (size_t bit = 0; bit < len * 8; bit++) {
        p.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        enum mk_err rc = tally(p.data, len, 300);
        ck_assert(rc == MK_OK || rc == MK_E_DAMAGED);
        *(rc == MK_OK ? &good : &damaged) += 1;
        p.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    ck_assert_uint_gt(good, 0);
    ck_assert_uint_gt(damaged, 0);
    mk_buf_release(&p);
}
END_TEST

START_TEST(hostile_facts_and_tags_are_read_within_their_bounds)
{
    struct mk_stats_record r;
    struct mk_stats_facts f;
    uint64_t seed = 10;
    for (int round = 0; round < 20000; round++) {
        size_t n = stats_next(&seed) % 20;
        size_t len = stats_next(&seed) % 200;
        /* of exactly this size, for the sanitizer */
        uint8_t *p = malloc(len + MK_STATS_SLACK);
        for (size_t i = 0; i < len + MK_STATS_SLACK; i++)
            p[i] = (uint8_t)stats_next(&seed);
        const uint8_t head[] = {1, 0, (uint8_t)n, 1};
        if (len >= sizeof head && round % 2)
            memcpy(p, head, sizeof head);
        for (size_t w = 0; w < MK_STATS_WIDE && len > 40 && round % 4 == 3;
             w++)
            p[4 + 9 * w] = (uint8_t)(stats_next(&seed) % 3);
        if (mk_stats_facts_open(&f, p, len, n)) {
            for (size_t i = 0; i < n; i++)
                (void)!mk_stats_facts_get(&f, i, &r);
        }
        for (size_t i = 0; i < n; i++)
            (void)!mk_stats_tags_get(p, len, n, i, &r);
        free(p);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        swapped_chunks_are_noticed,
        a_dropped_chunk_is_noticed,
        changed_numbers_of_a_chunk_are_noticed,
        an_exchanged_part_of_a_chunk_is_noticed,
        tags_moved_between_chunks_are_noticed_by_verification,
        a_changed_tail_is_noticed,
        rows_behind_the_tail_are_of_no_account,
        appending_to_a_changed_end_is_refused,
        an_older_state_of_the_stream_is_noticed,
        a_chunk_sealed_for_another_store_or_place_does_not_open,
        values_that_no_list_has_are_damage,
        facts_of_another_size_or_shape_are_damage,
        no_bit_of_the_facts_can_bring_a_count_down,
        hostile_facts_and_tags_are_read_within_their_bounds,
    };
    return UNIT_RUN("stats_attack", tests, NULL);
}
