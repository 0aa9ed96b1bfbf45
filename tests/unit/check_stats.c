/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stats_parts.h"

#include "core/base/bytes.h"
#include "tests/support/stats_fixture.h"
#include "tests/support/unit.h"

#include <sodium.h>
#include <string.h>

static struct mk_stats_record *records(size_t n, uint64_t seed)
{
    struct mk_stats_record *r = calloc(n ? n : 1, sizeof *r);
    for (size_t i = 0; i < n; i++)
        stats_record_make(&r[i], seed + i, i);
    return r;
}

static void assert_same(const struct mk_stats_record *a,
                        const struct mk_stats_record *b)
{
    uint8_t x[MK_STATS_ROW_PLAIN], y[MK_STATS_ROW_PLAIN];
    mk_stats_row_encode(x, a);
    mk_stats_row_encode(y, b);
    ck_assert_mem_eq(x, y, sizeof x);
}

/* Every field at the ends of its range. */
static void extremes(struct mk_stats_record *r, uint64_t *seed)
{
    stats_record_make(r, stats_next(seed), stats_next(seed));
    r->recorded = (mk_day)stats_next(seed);
    r->received = stats_next(seed) % 2 ? MK_DAY_NONE : INT32_MAX;
    r->category = stats_next(seed) % 2 ? 62 : 63;
    r->accused = 62;
    r->state = (uint8_t)(stats_next(seed) % 32);
    r->extra = (uint16_t)stats_next(seed);
    r->cause = (uint8_t)(stats_next(seed) % 8);
}

START_TEST(a_tail_row_reads_back_what_went_in)
{
    uint8_t plain[MK_STATS_ROW_PLAIN];
    uint64_t seed = 1;
    struct mk_stats_record r, back;
    for (int i = 0; i < 1000; i++) {
        extremes(&r, &seed);
        ck_assert(mk_stats_fits(&r));
        mk_stats_row_encode(plain, &r);
        ck_assert(mk_stats_row_decode(&back, plain));
        ck_assert_uint_eq(back.ordinal, r.ordinal);
        ck_assert_int_eq(back.received, r.received);
        ck_assert_uint_eq(back.category, r.category);
        ck_assert_uint_eq(back.red, r.red);
        ck_assert_uint_eq(back.cause, r.cause);
        ck_assert_mem_eq(back.site, r.site, 8);
        assert_same(&r, &back);
    }
}
END_TEST

START_TEST(a_chunk_reads_back_what_went_in)
{
    static const size_t sizes[] = {1, 7, 8, 9, 256, 1000, MK_STATS_CHUNK_MAX};
    uint64_t seed = 2;
    for (size_t k = 0; k < 2 * sizeof sizes / sizeof sizes[0]; k++) {
        size_t n = sizes[k / 2];
        struct mk_stats_record *r = records(n, seed);
        struct mk_buf facts = MK_BUF_INIT, tags = MK_BUF_INIT;
        struct mk_stats_facts f;
        struct mk_stats_record back;
        for (size_t i = 0; k % 2 && i < n; i++)
            extremes(&r[i], &seed);
        ck_assert_int_eq(mk_stats_facts_encode(&facts, r, n), MK_OK);
        ck_assert_int_eq(mk_stats_tags_encode(&tags, r, n), MK_OK);
        size_t len = facts.len;
        ck_assert_int_eq(mk_buf_add_zero(&facts, MK_STATS_SLACK), MK_OK);
        ck_assert(mk_stats_facts_open(&f, facts.data, len, n));
        for (size_t i = 0; i < n; i++) {
            memset(&back, 0, sizeof back);
            ck_assert(mk_stats_facts_get(&f, i, &back));
            ck_assert(mk_stats_tags_get(tags.data, tags.len, n, i, &back));
            assert_same(&r[i], &back);
        }
        mk_buf_release(&facts);
        mk_buf_release(&tags);
        free(r);
    }
}
END_TEST

START_TEST(the_bytes_of_a_chunk_are_fixed)
{
    /* two records by hand, packed by a program in another language */
    static const char want[] =
        "0200020101000000000000012c0000000000800048ff03000000008000466108"
        "000000000000000079000000001e00000026000000290000002c00003000002c"
        "0000400000c40000000000110000001b00000060000064000040a00000008000"
        "0000000000";
    struct mk_stats_record r[2] = {
        {.ordinal = 300,
         .recorded = mk_date_day(2021, 3, 1),
         .received = mk_date_day(2019, 5, 6),
         .state = MK_STATE_AFGEROND,
         .category = MK_CATEGORY_SM,
         .care_type = MK_CARE_TYPE_BSO,
         .reporter = MK_REPORTER_HOU,
         .mtbp = MK_YN_J,
         .qualification = MK_QUALIFICATION_XIV,
         .duty = MK_YN_J,
         .direct = MK_DIRECT_N,
         .red = true,
         .referred = true,
         .unmet_aangifte = true,
         .sector = MK_SECTOR_KO,
         .accused = MK_ACCUSED_MW,
         .verdict = MK_VERDICT_RED,
         .cause = MK_CAUSE_TYP},
        {.ordinal = 302,
         .recorded = mk_date_day(2021, 3, 1),
         .received = mk_date_day(2019, 5, 1),
         .state = MK_STATE_OVERLEGPLICHT,
         .category = MK_UNKNOWN_ONB,
         .care_type = MK_CARE_TYPE_ONB,
         .reporter = MK_REPORTER_ANO,
         .mtbp = MK_YN_ONB,
         .qualification = MK_QUALIFICATION_ONB,
         .duty = MK_YN_ONB,
         .sector = MK_SECTOR_KO,
         .accused = MK_ACCUSED_OB,
         .cause = MK_CAUSE_STEP,
         .extra = 1u << MK_CATEGORY_OV},
    };
    struct mk_buf facts = MK_BUF_INIT;
    char hex[2 * sizeof want];
    ck_assert_int_eq(mk_stats_facts_encode(&facts, r, 2), MK_OK);
    ck_assert_uint_eq(facts.len, (sizeof want - 1) / 2);
    mk_hex(hex, facts.data, facts.len);
    ck_assert_str_eq(hex, want);
    mk_buf_release(&facts);
}
END_TEST

/* What was written before causes were kept is read as it was. */
START_TEST(a_chunk_of_the_first_version_has_no_causes)
{
    static const char bytes[] =
        "0100020101000000000000012c0000000000800048ff03000000008000466108"
        "000000000000000079000000001e00000026000000290000002c00003000002c"
        "0000400000c40000000000110000001b00000060000040a00000008000000000"
        "0000";
    struct mk_buf facts = MK_BUF_INIT;
    struct mk_stats_facts f;
    struct mk_stats_record r;
    size_t len = (sizeof bytes - 1) / 2;
    ck_assert_int_eq(mk_buf_add_zero(&facts, len + MK_STATS_SLACK), MK_OK);
    ck_assert(mk_unhex(facts.data, len, bytes));
    ck_assert(mk_stats_facts_open(&f, facts.data, len, 2));
    ck_assert(mk_stats_facts_get(&f, 0, &r));
    ck_assert_uint_eq(r.cause, MK_CAUSE_UNKNOWN);
    ck_assert_uint_eq(r.verdict, MK_VERDICT_RED);
    ck_assert_uint_eq(r.ordinal, 300);
    ck_assert_int_eq(r.received, mk_date_day(2019, 5, 6));
    facts.data[0] = 3; /* of a later program */
    ck_assert(!mk_stats_facts_open(&f, facts.data, len, 2));
    mk_buf_release(&facts);
}
END_TEST

START_TEST(a_row_of_the_first_version_has_no_cause)
{
    uint8_t plain[MK_STATS_ROW_PLAIN];
    struct mk_stats_record r, back;
    stats_record_make(&r, 4, 4);
    r.cause = MK_CAUSE_FEI;
    mk_stats_row_encode(plain, &r);
    plain[0] = 1;
    ck_assert(!mk_stats_row_decode(&back, plain)); /* it had a zero there */
    plain[47] = 0;
    ck_assert(mk_stats_row_decode(&back, plain));
    ck_assert_uint_eq(back.cause, MK_CAUSE_UNKNOWN);
    ck_assert_uint_eq(back.category, r.category);
    plain[0] = 3;
    ck_assert(!mk_stats_row_decode(&back, plain));
}
END_TEST

START_TEST(an_imported_record_takes_less_than_ten_bytes)
{
    struct mk_stats_record *r = records(MK_STATS_CHUNK_MAX, 3);
    struct mk_buf facts = MK_BUF_INIT;
    ck_assert_int_eq(mk_stats_facts_encode(&facts, r, MK_STATS_CHUNK_MAX),
                     MK_OK);
    ck_assert_uint_lt(facts.len, 10 * MK_STATS_CHUNK_MAX);
    mk_buf_release(&facts);
    free(r);
}
END_TEST

START_TEST(every_code_of_every_list_fits_its_column)
{
    static const struct {
        int list;
        unsigned bits;
    } columns[] = {
#define MK_LIST_NONE (-1)
#define MK_STATS_COLUMN(NAME, bits, list) {MK_LIST_##list, bits},
#include "core/defs/stats.def"
#undef MK_STATS_COLUMN
    };
    for (size_t c = 0; c < MK_STATS_COLUMNS; c++) {
        const struct mk_code *code;
        if (columns[c].list < 0)
            continue;
        for (size_t i = 0; (code = mk_code_at(columns[c].list, i)); i++)
            ck_assert_msg(code->number < (1u << columns[c].bits) - 2,
                          "%s in %u bits", code->slug, columns[c].bits);
    }
    ck_assert_uint_le(MK_STATE_MAX, 1u << MK_STATS_BITS_STATE);
}
END_TEST

START_TEST(a_record_with_a_code_too_large_is_refused_at_once)
{
    struct stats_fixture f;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_stats *s = NULL;
    struct mk_stats_record r;
    stats_fixture_init(&f);
    stats_record_make(&r, 1, 1);
    r.category = 14;
    ck_assert_int_eq(mk_store_begin_write(f.st, &diag), MK_OK);
    ck_assert_int_eq(mk_stats_open(&s, f.st, &f.key, f.root, 0, &diag), MK_OK);
    ck_assert_int_eq(mk_stats_append(s, &r, &diag), MK_E_INTERNAL);
    mk_stats_close(s);
    stats_fixture_release(&f);
}
END_TEST

/* ---- roots, by another implementation and from the tables themselves ---- */

static void hash_u64(crypto_hash_sha256_state *h, uint64_t v)
{
    uint8_t b[8];
    for (int i = 0; i < 8; i++)
        b[i] = (uint8_t)(v >> (56 - 8 * i));
    crypto_hash_sha256_update(h, b, 8);
}

static void hash_text(crypto_hash_sha256_state *h, const char *t)
{
    crypto_hash_sha256_update(h, (const uint8_t *)t, strlen(t));
}

static void hash_hash(crypto_hash_sha256_state *h, struct mk_blob b)
{
    uint8_t x[32];
    crypto_hash_sha256(x, b.p, b.n);
    crypto_hash_sha256_update(h, x, 32);
}

static void recompute(struct stats_fixture *f, uint8_t root[32])
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_walk *w = NULL;
    struct mk_chunk_row c;
    struct mk_stats_row r;
    uint8_t chunks[32] = {0}, rows[32] = {0};
    crypto_hash_sha256_state h;
    bool more = true;
    uint64_t n = 0;
    ck_assert_int_eq(mk_store_begin_read(f->st, &diag), MK_OK);
    ck_assert_int_eq(mk_walk_chunks(&w, f->st, true, false, &diag), MK_OK);
    while (mk_walk_chunk(w, &more, &c, &diag) == MK_OK && more) {
        crypto_hash_sha256_init(&h);
        hash_text(&h, "mk1/chunk");
        crypto_hash_sha256_update(&h, chunks, 32);
        hash_u64(&h, c.idx);
        hash_u64(&h, c.first);
        hash_u64(&h, c.n);
        hash_hash(&h, c.facts);
        hash_hash(&h, c.tags);
        crypto_hash_sha256_final(&h, chunks);
        ck_assert_mem_eq(chunks, c.chain, 32);
        n += c.n;
    }
    mk_walk_close(w);
    ck_assert_uint_le(n, f->n);
    ck_assert_int_eq(mk_walk_stats_rows(&w, f->st, f->n - n, &diag), MK_OK);
    while (mk_walk_stats_row(w, &more, &r, &diag) == MK_OK && more) {
        ck_assert_uint_eq(r.env.n, MK_STATS_ROW);
        crypto_hash_sha256_init(&h);
        hash_text(&h, "mk1/row");
        crypto_hash_sha256_update(&h, rows, 32);
        hash_u64(&h, n);
        hash_hash(&h, r.env);
        crypto_hash_sha256_final(&h, rows);
        n++;
    }
    mk_walk_close(w);
    mk_store_rollback(f->st);
    crypto_hash_sha256_init(&h);
    hash_text(&h, "mk1/stats");
    hash_u64(&h, n);
    crypto_hash_sha256_update(&h, chunks, 32);
    crypto_hash_sha256_update(&h, rows, 32);
    crypto_hash_sha256_final(&h, root);
    ck_assert_uint_eq(n, f->n);
}

static void assert_sound(struct stats_fixture *f)
{
    struct mk_diag diag = MK_DIAG_INIT;
    uint8_t root[32];
    recompute(f, root);
    ck_assert_mem_eq(root, f->root, 32);
    ck_assert_int_eq(stats_fixture_verify(f, &diag), MK_OK);
}

START_TEST(the_root_is_what_the_documented_chains_give)
{
    struct stats_fixture f;
    stats_fixture_init(&f);
    struct mk_stats_record *r = records(1000, 5);
    assert_sound(&f); /* empty */
    for (size_t at = 0, n = 1; at + n <= 1000; at += n, n = n * 2 + 1) {
        stats_fixture_append(&f, r + at, n);
        assert_sound(&f);
    }
    stats_fixture_append(&f, r, 0); /* nothing new: nothing changes */
    assert_sound(&f);
    free(r);
    stats_fixture_release(&f);
}
END_TEST

/* slots: rows that lie there, whether they count or have folded. */
START_TEST(the_row_that_fills_a_group_folds_it_and_the_next_take_its_slots)
{
    static const struct {
        size_t add, chunks, slots;
    } steps[] = {{254, 0, 254}, {1, 0, 255},   {1, 1, 255},
                 {1, 1, 255},   {254, 1, 255}, {1, 2, 255}};
    struct stats_fixture f;
    stats_fixture_init(&f);
    struct mk_stats_record *r = records(512, 6);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        stats_fixture_append(&f, r + f.n, steps[i].add);
        ck_assert_int_eq(
            stats_fixture_sql(&f, "SELECT count(*) FROM stats_chunk"),
            steps[i].chunks);
        ck_assert_int_eq(
            stats_fixture_sql(&f, "SELECT count(*) FROM stats_row"),
            steps[i].slots);
        assert_sound(&f);
    }
    free(r);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(an_import_writes_whole_chunks_and_takes_the_tail_along)
{
    struct stats_fixture f;
    stats_fixture_init(&f);
    struct mk_stats_record *r = records(10000, 7);
    stats_fixture_append(&f, r, 100);
    stats_fixture_append(&f, r + 100, 9900);
    ck_assert_int_eq(
        stats_fixture_sql(&f, "SELECT n FROM stats_chunk WHERE idx = 0"),
        MK_STATS_CHUNK_MAX);
    ck_assert_int_eq(
        stats_fixture_sql(&f, "SELECT n FROM stats_chunk WHERE idx = 2"),
        10000 - 2 * MK_STATS_CHUNK_MAX);
    stats_fixture_append(&f, r, 3);
    ck_assert_int_eq(stats_fixture_sql(&f, "SELECT count(*) FROM stats_row"),
                     100);
    assert_sound(&f);
    (void)stats_fixture_sql(&f, "DELETE FROM stats_row WHERE slot >= 3");
    assert_sound(&f);
    free(r);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(one_open_stream_takes_several_flushes)
{
    struct stats_fixture f;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_stats *s = NULL;
    stats_fixture_init(&f);
    struct mk_stats_record *r = records(700, 8);
    ck_assert_int_eq(mk_store_begin_write(f.st, &diag), MK_OK);
    ck_assert_int_eq(mk_stats_open(&s, f.st, &f.key, f.root, f.n, &diag),
                     MK_OK);
    for (size_t i = 0; i < 700; i++) {
        ck_assert_int_eq(mk_stats_append(s, &r[i], &diag), MK_OK);
        if (i % 97 == 0)
            ck_assert_int_eq(mk_stats_flush(s, &f.n, f.root, &diag), MK_OK);
    }
    ck_assert_int_eq(mk_stats_flush(s, &f.n, f.root, &diag), MK_OK);
    mk_stats_close(s);
    ck_assert_int_eq(mk_store_commit(f.st, &diag), MK_OK);
    ck_assert_uint_eq(f.n, 700);
    assert_sound(&f);
    free(r);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(the_root_of_an_empty_stream_is_a_known_value)
{
    /* SHA-256("mk1/stats" | 72 zero bytes) */
    uint8_t text[9 + 72] = "mk1/stats";
    uint8_t want[32], root[32];
    crypto_hash_sha256(want, text, sizeof text);
    mk_stats_empty_root(root);
    ck_assert_mem_eq(root, want, 32);
}
END_TEST

static void setup(void)
{
    struct mk_diag diag = MK_DIAG_INIT;
    if (mk_crypto_init(&diag) != MK_OK)
        abort();
}

int main(void)
{
    const TTest *const tests[] = {
        a_tail_row_reads_back_what_went_in,
        a_chunk_reads_back_what_went_in,
        the_bytes_of_a_chunk_are_fixed,
        a_chunk_of_the_first_version_has_no_causes,
        a_row_of_the_first_version_has_no_cause,
        an_imported_record_takes_less_than_ten_bytes,
        every_code_of_every_list_fits_its_column,
        a_record_with_a_code_too_large_is_refused_at_once,
        the_root_is_what_the_documented_chains_give,
        the_row_that_fills_a_group_folds_it_and_the_next_take_its_slots,
        an_import_writes_whole_chunks_and_takes_the_tail_along,
        one_open_stream_takes_several_flushes,
        the_root_of_an_empty_stream_is_a_known_value,
    };
    return UNIT_RUN("stats", tests, setup);
}
