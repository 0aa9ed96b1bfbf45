/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
#include "core/base/bytes.h"
#include "crypto/hash.h"
#include "tests/unit/store_fixture.h"

static const uint8_t bytes[64] = {1, 2, 3, 4, 5, 6, 7, 8};
static const struct mk_blob none = {.p = NULL, .n = 0};

static struct mk_blob blob(size_t n)
{
    return (struct mk_blob){.p = bytes, .n = n};
}

static struct mk_dossier_row sample(uint64_t ordinal)
{
    struct mk_dossier_row row;

    mk_dossier_row_init(&row);
    row.ordinal = ordinal;
    memset(row.id, 0x10 + (int)ordinal, MK_ID);
    row.version = 1;
    row.intake_year = 2019;
    row.rk_gen = 3;
    row.dek_version = 1;
    row.owner = blob(5);
    row.dek = blob(7);
    row.summary = blob(9);
    row.entries = 2;
    memset(row.chain, 0xcc, MK_HASH);
    return row;
}

static void write_begin(void)
{
    ck_ok(mk_store_begin_write(v.st, &diag));
}

static void write_end(void)
{
    ck_ok(mk_store_commit(v.st, &diag));
}

static void write_end_with_dossier(void)
{
    struct mk_dossier_row row = sample(0);

    ck_ok(mk_dossier_insert(v.st, &row, &diag));
    write_end();
}

static void insert_dossiers(uint64_t n)
{
    write_begin();
    for (uint64_t i = 0; i < n; i++) {
        struct mk_dossier_row row = sample(i);

        ck_ok(mk_dossier_insert(v.st, &row, &diag));
    }
    write_end();
}

static void assert_blob(struct mk_blob got, struct mk_blob wanted)
{
    ck_assert_int_eq(got.p == NULL, wanted.p == NULL);
    ck_assert_uint_eq(got.n, wanted.n);
    if (wanted.n > 0)
        ck_assert_mem_eq(got.p, wanted.p, wanted.n);
}

static void assert_same(const struct mk_dossier_row *a,
                        const struct mk_dossier_row *b)
{
    uint8_t x[MK_HASH], y[MK_HASH];

    ck_assert_uint_eq(a->ordinal, b->ordinal);
    ck_assert_mem_eq(a->id, b->id, MK_ID);
    assert_blob(a->owner, b->owner);
    assert_blob(a->dek, b->dek);
    assert_blob(a->ref_tag, b->ref_tag);
    assert_blob(a->summary, b->summary);
    mk_dossier_leaf(a, x);
    mk_dossier_leaf(b, y);
    ck_assert_mem_eq(x, y, MK_HASH);
}

/* ---- hashes: known answers made with Python's hashlib ---- */

START_TEST(row_hash_and_leaf_are_the_known_answers)
{
    struct mk_dossier_row row = sample(1);
    uint8_t hash[MK_HASH];
    char hex[2 * MK_HASH + 1];

    mk_dossier_row_hash(&row, hash);
    mk_hex(hex, hash, MK_HASH);
    ck_assert_str_eq(hex, "24cb6e403095b09abea9aee5a3888c5e"
                          "4e300f4bd4bbb8264eaa970338aacb8d");
    mk_dossier_leaf(&row, hash);
    mk_hex(hex, hash, MK_HASH);
    ck_assert_str_eq(hex, "7ba3b286436b2590c8215fc1b3283df5"
                          "531355609704fdc19d54a04622168aef");
}
END_TEST

START_TEST(entry_chain_is_the_known_answer)
{
    struct mk_entry_row row = {
        .dossier = 4, .seq = 1, .facts = blob(8), .text = none};
    uint8_t chain[MK_HASH] = {0};
    char hex[2 * MK_HASH + 1];

    mk_entry_chain(chain, &row);
    mk_hex(hex, chain, MK_HASH);
    ck_assert_str_eq(hex, "90d63d2cbf25b92787f09bbd1192750a"
                          "81bccfb7ec7e813e19d4f47c0bf1d210");
    row.seq = 2;
    row.text = blob(0);
    mk_entry_chain(chain, &row);
    mk_hex(hex, chain, MK_HASH);
    ck_assert_str_eq(hex, "0b81dad6e07016b1ad83460196a9af8e"
                          "065c7839ea9f67d9f41167d3b6151492");
}
END_TEST

/* Every field of a dossier changes its leaf; NULL is not an empty blob. */
START_TEST(every_field_is_in_the_leaf)
{
    struct mk_dossier_row rows[13];
    uint8_t leaf[13][MK_HASH];

    for (size_t i = 0; i < 13; i++)
        rows[i] = sample(1);
    rows[1].ordinal++;
    rows[2].id[15] ^= 1;
    rows[3].version++;
    rows[4].intake_year++;
    rows[5].rk_gen++;
    rows[6].dek_version++;
    rows[7].owner.n--;
    rows[8].dek = none;
    rows[9].ref_tag = blob(0);
    rows[10].summary.n++;
    rows[11].entries++;
    rows[12].chain[0] ^= 1;
    for (size_t i = 0; i < 13; i++) {
        mk_dossier_leaf(&rows[i], leaf[i]);
        for (size_t k = 0; k < i; k++)
            ck_assert_mem_ne(leaf[i], leaf[k], MK_HASH);
    }
}
END_TEST

/* ---- dossiers ---- */

START_TEST(dossier_comes_back_as_it_went_in)
{
    struct mk_dossier_row in = sample(0), out;

    mk_dossier_row_init(&out);
    in.ref_tag = blob(MK_ID);
    in.dek = none;
    in.summary = blob(0);
    write_begin();
    ck_ok(mk_dossier_insert(v.st, &in, &diag));
    ck_ok(mk_dossier_load(v.st, 0, &out, &diag));
    assert_same(&in, &out);
    write_end();
    assert_same(&in, &out); /* its memory is its own */
    mk_dossier_row_release(&out);
}
END_TEST

START_TEST(unknown_dossier_is_not_found)
{
    struct mk_dossier_row out;

    mk_dossier_row_init(&out);
    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_refused(mk_dossier_load(v.st, 7, &out, &diag), MK_E_NOT_FOUND);
    mk_store_rollback(v.st);
    mk_dossier_row_release(&out);
}
END_TEST

static void is_stale(const struct mk_dossier_row *row)
{
    write_begin();
    ck_refused(told(mk_dossier_update(v.st, row, &diag)), MK_E_CHANGED);
    mk_store_rollback(v.st);
}

START_TEST(update_on_a_stale_version_is_refused)
{
    struct mk_dossier_row row = sample(0), out;

    mk_dossier_row_init(&out);
    insert_dossiers(1);
    write_begin();
    row.version = 2;
    row.entries = 9;
    ck_ok(mk_dossier_update(v.st, &row, &diag));
    write_end();
    is_stale(&row);
    row.version = 4;
    is_stale(&row);
    row.version = 3;
    row.id[0] ^= 1;
    is_stale(&row);
    row.id[0] ^= 1;
    row.ref_tag = blob(MK_ID);
    is_stale(&row);
    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_ok(mk_dossier_load(v.st, 0, &out, &diag));
    ck_assert_uint_eq(out.version, 2);
    ck_assert_uint_eq(out.entries, 9);
    mk_store_rollback(v.st);
    mk_dossier_row_release(&out);
}
END_TEST

/* In a write of its own: on a server an error ends it. */
static void is_refused(const struct mk_dossier_row *row)
{
    write_begin();
    ck_refused(told(mk_dossier_insert(v.st, row, &diag)), MK_E_TAMPERED);
    mk_store_rollback(v.st);
}

START_TEST(second_dossier_with_same_ordinal_id_or_ref_is_refused)
{
    struct mk_dossier_row row = sample(0);

    row.ref_tag = blob(MK_ID);
    write_begin();
    ck_ok(mk_dossier_insert(v.st, &row, &diag));
    write_end();
    row.ref_tag = none;
    is_refused(&row);
    row.ordinal = 1;
    is_refused(&row);
    row.id[0] ^= 1;
    row.ref_tag = blob(MK_ID);
    is_refused(&row);
    row.ref_tag = none;
    write_begin();
    ck_ok(mk_dossier_insert(v.st, &row, &diag));
    write_end();
}
END_TEST

START_TEST(dossier_is_found_by_range_of_id_and_by_ref)
{
    uint8_t lo[MK_ID] = {0x11}, hi[MK_ID];
    struct mk_dossier_row row = sample(3);
    uint64_t ordinal;
    bool found;

    insert_dossiers(3); /* ids 1010.. 1111.. 1212.. */
    row.ref_tag = blob(MK_ID);
    write_begin();
    ck_ok(mk_dossier_insert(v.st, &row, &diag));
    memset(hi, 0xff, MK_ID);
    hi[0] = 0x11;
    ck_ok(mk_dossier_find(v.st, lo, hi, &found, &ordinal, &diag));
    ck_assert(found);
    ck_assert_uint_eq(ordinal, 1);
    ck_ok(mk_dossier_find(v.st, row.id, row.id, &found, &ordinal, &diag));
    ck_assert(found);
    ck_assert_uint_eq(ordinal, 3);
    lo[0] = hi[0] = 0x20;
    ck_ok(mk_dossier_find(v.st, lo, hi, &found, &ordinal, &diag));
    ck_assert(!found);
    ck_ok(mk_dossier_find_ref(v.st, bytes, &found, &ordinal, &diag));
    ck_assert(found);
    ck_assert_uint_eq(ordinal, 3);
    ck_ok(mk_dossier_find_ref(v.st, lo, &found, &ordinal, &diag));
    ck_assert(!found);
    write_end();
}
END_TEST

START_TEST(walk_gives_all_dossiers_in_order)
{
    struct mk_dossier_row row, wanted;
    struct mk_walk *w, *second;
    uint64_t n = 0;
    bool more;

    insert_dossiers(20);
    mk_dossier_row_init(&row);
    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_ok(mk_walk_dossiers(&w, v.st, &diag));
    ck_refused(mk_walk_dossiers(&second, v.st, &diag), MK_E_INTERNAL);
    ck_assert_ptr_null(second);
    for (;; n++) {
        ck_ok(mk_walk_dossier(w, &more, &row, &diag));
        if (!more)
            break;
        wanted = sample(n);
        assert_same(&row, &wanted);
    }
    ck_assert_uint_eq(n, 20);
    ck_assert_ptr_null(row.owner.p);
    mk_walk_close(w);
    ck_ok(mk_walk_dossiers(&w, v.st, &diag));
    mk_walk_close(w);
    mk_walk_close(NULL);
    mk_store_rollback(v.st);
    mk_dossier_row_release(&row);
}
END_TEST

START_TEST(number_that_no_engine_holds_is_refused)
{
    struct mk_dossier_row row = sample(0);

    row.entries = (uint64_t)INT64_MAX + 1;
    write_begin();
    ck_refused(mk_dossier_insert(v.st, &row, &diag), MK_E_INTERNAL);
    row.entries = INT64_MAX;
    ck_ok(mk_dossier_insert(v.st, &row, &diag));
    write_end();
}
END_TEST

/* Whoever has the key of the file, or the server, may write anything into it.
 * A server keeps the types of its columns. */
static const struct {
    const char *in_file, *on_server;
} forgeries[] = {
    {"UPDATE dossier SET id = x'00'", "UPDATE dossier SET id = '\\x00'"},
    {"UPDATE dossier SET id = 'sixteen letters.'", NULL},
    {"UPDATE dossier SET version = -1", "UPDATE dossier SET version = -1"},
    {"UPDATE dossier SET entries = 1.5", NULL},
    {"UPDATE dossier SET rk_gen = 4294967296",
     "UPDATE dossier SET rk_gen = 4294967296"},
    {"UPDATE dossier SET owner = 7", "UPDATE dossier SET owner = '\\x07'"},
    {"UPDATE dossier SET owner = 'text'", "UPDATE dossier SET owner = dek"},
    {"UPDATE dossier SET ref_tag = x'0011'",
     "UPDATE dossier SET ref_tag = '\\x0011'"},
    {"UPDATE dossier SET chain = zeroblob(33)",
     "UPDATE dossier SET chain = chain || '\\x00'"},
};

static void is_tampered(void)
{
    struct mk_dossier_row out;
    struct mk_walk *w;
    bool more;

    mk_dossier_row_init(&out);
    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_refused(mk_dossier_load(v.st, 0, &out, &diag), MK_E_TAMPERED);
    ck_ok(mk_walk_dossiers(&w, v.st, &diag));
    ck_refused(mk_walk_dossier(w, &more, &out, &diag), MK_E_TAMPERED);
    ck_assert_ptr_null(out.owner.p);
    mk_walk_close(w);
    mk_dossier_row_release(&out);
}

START_TEST(forged_column_is_refused)
{
    const char *sql = on_server() ? forgeries[_i].on_server
                                  : forgeries[_i].in_file;

    if (!sql)
        return;
    insert_dossiers(1);
    close_vault();
    tamper(sql);
    ck_ok(open_vault());
    is_tampered();
}
END_TEST

/* ---- entries ---- */

START_TEST(entries_come_back_by_dossier_and_seq)
{
    struct mk_entry_row row;
    struct mk_walk *one, *all;
    uint64_t n = 0;
    bool more;

    insert_dossiers(3);
    write_begin();
    for (uint64_t seq = 1; seq <= 4; seq++)
        for (uint64_t dossier = 3; dossier-- > 0;) {
            row = (struct mk_entry_row){.dossier = dossier,
                                        .seq = seq,
                                        .facts = blob(seq),
                                        .text = seq % 2 ? blob(64) : none};
            ck_ok(mk_entry_insert(v.st, &row, &diag));
        }
    write_end();
    write_begin();
    ck_refused(told(mk_entry_insert(v.st, &row, &diag)), MK_E_TAMPERED);
    mk_store_rollback(v.st);
    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_ok(mk_walk_entries(&one, v.st, 1, &diag));
    ck_ok(mk_walk_all_entries(&all, v.st, &diag)); /* both at once */
    for (uint64_t seq = 1; seq <= 4; seq++) {
        ck_ok(mk_walk_entry(one, &more, &row, &diag));
        ck_assert(more);
        ck_assert_uint_eq(row.dossier, 1);
        ck_assert_uint_eq(row.seq, seq);
        assert_blob(row.facts, blob(seq));
        assert_blob(row.text, seq % 2 ? blob(64) : none);
    }
    ck_ok(mk_walk_entry(one, &more, &row, &diag));
    ck_assert(!more);
    for (;; n++) {
        ck_ok(mk_walk_entry(all, &more, &row, &diag));
        if (!more)
            break;
        ck_assert_uint_eq(row.dossier, n / 4);
        ck_assert_uint_eq(row.seq, n % 4 + 1);
    }
    ck_assert_uint_eq(n, 12);
    mk_walk_close(one);
    mk_walk_close(all);
    mk_store_rollback(v.st);
}
END_TEST

START_TEST(entry_without_its_dossier_is_refused)
{
    struct mk_entry_row row = {.dossier = 5, .seq = 1, .facts = blob(1)};

    /* at the commit: an entry may be written before its dossier */
    write_begin();
    ck_ok(mk_entry_insert(v.st, &row, &diag));
    ck_refused(mk_store_commit(v.st, &diag), MK_E_INTERNAL);
    write_begin();
    row.dossier = 0;
    ck_ok(mk_entry_insert(v.st, &row, &diag));
    write_end_with_dossier();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rows");
    TCase *tc = tcase_create("rows");

    tcase_add_checked_fixture(tc, make_vault, remove_folder);
    tcase_add_test(tc, row_hash_and_leaf_are_the_known_answers);
    tcase_add_test(tc, entry_chain_is_the_known_answer);
    tcase_add_test(tc, every_field_is_in_the_leaf);
    tcase_add_test(tc, dossier_comes_back_as_it_went_in);
    tcase_add_test(tc, unknown_dossier_is_not_found);
    tcase_add_test(tc, update_on_a_stale_version_is_refused);
    tcase_add_test(tc, second_dossier_with_same_ordinal_id_or_ref_is_refused);
    tcase_add_test(tc, dossier_is_found_by_range_of_id_and_by_ref);
    tcase_add_test(tc, walk_gives_all_dossiers_in_order);
    tcase_add_test(tc, number_that_no_engine_holds_is_refused);
    tcase_add_loop_test(tc, forged_column_is_refused, 0,
                        (int)(sizeof(forgeries) / sizeof(*forgeries)));
    tcase_add_test(tc, entries_come_back_by_dossier_and_seq);
    tcase_add_test(tc, entry_without_its_dossier_is_refused);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
