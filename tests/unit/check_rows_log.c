/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/* Rows of the log, the trees, the statistics stream and the register. */
#include "tests/unit/store_fixture.h"

static const uint8_t bytes[64] = {1, 2, 3, 4, 5, 6, 7, 8};

static struct mk_blob blob(size_t n)
{
    return (struct mk_blob){.p = bytes, .n = n};
}

static void write_begin(void)
{
    ck_ok(mk_store_begin_write(v.st, &diag));
}

static void write_end(void)
{
    ck_ok(mk_store_commit(v.st, &diag));
}

static void assert_blob(struct mk_blob got, struct mk_blob wanted)
{
    ck_assert_int_eq(got.p == NULL, wanted.p == NULL);
    ck_assert_uint_eq(got.n, wanted.n);
    if (wanted.n > 0)
        ck_assert_mem_eq(got.p, wanted.p, wanted.n);
}

/* ---- log, heads, nodes ---- */

START_TEST(log_is_walked_from_a_number_on)
{
    struct mk_log_row row;
    struct mk_walk *w;
    bool more;

    for (uint64_t i = 0; i < 5; i++)
        commit_log(i);
    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_ok(mk_walk_log(&w, v.st, 3, &diag));
    for (uint64_t i = 3; i < 5; i++) {
        ck_ok(mk_walk_log_row(w, &more, &row, &diag));
        ck_assert(more);
        ck_assert_uint_eq(row.seq, i);
        ck_assert_uint_eq(row.leaf.n, 300);
    }
    ck_ok(mk_walk_log_row(w, &more, &row, &diag));
    ck_assert(!more);
    mk_walk_close(w);
    mk_store_rollback(v.st);
}
END_TEST

/* In a write of its own: on a server an error ends it. */
static void is_refused(const struct mk_head_row *row)
{
    write_begin();
    ck_refused(told(mk_head_insert(v.st, row, &diag)), MK_E_TAMPERED);
    mk_store_rollback(v.st);
}

START_TEST(heads_are_found_by_size_txid_and_order)
{
    struct mk_head_row row = {0}, out;
    struct mk_walk *w;
    bool found, more;

    write_begin();
    ck_refused(mk_head_newest(v.st, &out, &diag), MK_E_NOT_FOUND);
    for (uint64_t i = 1; i <= 4; i++) {
        row.log_size = 10 * i;
        memset(row.txid, (int)i, MK_ID);
        memset(row.body, (int)i, MK_HEAD);
        memset(row.sig, (int)(i + 100), MK_SIG);
        ck_ok(mk_head_insert(v.st, &row, &diag));
    }
    write_end();
    is_refused(&row);
    row.log_size = 41; /* a txid is used once */
    is_refused(&row);
    row.log_size = 40;
    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_ok(mk_head_newest(v.st, &out, &diag));
    ck_assert_mem_eq(&out, &row, sizeof(row));
    ck_ok(mk_head_load(v.st, 20, &found, &out, &diag));
    ck_assert(found);
    ck_assert_uint_eq(out.body[MK_HEAD - 1], 2);
    ck_ok(mk_head_load(v.st, 21, &found, &out, &diag));
    ck_assert(!found);
    memset(row.txid, 3, MK_ID);
    ck_ok(mk_head_by_txid(v.st, row.txid, &found, &out, &diag));
    ck_assert(found);
    ck_assert_uint_eq(out.log_size, 30);
    row.txid[0] = 9;
    ck_ok(mk_head_by_txid(v.st, row.txid, &found, &out, &diag));
    ck_assert(!found);
    ck_ok(mk_walk_heads(&w, v.st, 20, &diag));
    for (uint64_t i = 3; i <= 4; i++) {
        ck_ok(mk_walk_head(w, &more, &out, &diag));
        ck_assert(more);
        ck_assert_uint_eq(out.log_size, 10 * i);
        ck_assert_uint_eq(out.sig[0], i + 100);
    }
    ck_ok(mk_walk_head(w, &more, &out, &diag));
    ck_assert(!more);
    mk_walk_close(w);
    mk_store_rollback(v.st);
}
END_TEST

START_TEST(node_rows_grow_in_place)
{
    uint8_t row[16 * MK_HASH], out[16 * MK_HASH];
    size_t n;

    write_begin();
    for (size_t i = 1; i <= 16; i++) {
        memset(row, (int)i, sizeof(row));
        ck_ok(mk_node_save(v.st, MK_TREE_LOG, 2, 7, row, i, &diag));
        ck_ok(mk_node_load(v.st, MK_TREE_LOG, 2, 7, out, &n, &diag));
        ck_assert_uint_eq(n, i);
        ck_assert_mem_eq(row, out, i * MK_HASH);
    }
    ck_ok(mk_node_load(v.st, MK_TREE_DOSSIER, 2, 7, out, &n, &diag));
    ck_assert_uint_eq(n, 0);
    ck_ok(mk_node_load(v.st, MK_TREE_LOG, 3, 7, out, &n, &diag));
    ck_assert_uint_eq(n, 0);
    ck_refused(mk_node_save(v.st, MK_TREE_LOG, 2, 7, row, 0, &diag),
               MK_E_INTERNAL);
    ck_refused(mk_node_save(v.st, MK_TREE_LOG, 2, 7, row, 17, &diag),
               MK_E_INTERNAL);
    write_end();
    close_vault();
    tamper("UPDATE node SET hashes = substr(hashes, 1, 33)");
    ck_ok(open_vault());
    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_refused(mk_node_load(v.st, MK_TREE_LOG, 2, 7, out, &n, &diag),
               MK_E_TAMPERED);
    ck_assert_uint_eq(n, 0);
}
END_TEST

/* ---- statistics, register ---- */

static void insert_chunks(uint64_t n)
{
    static uint8_t big[20000];

    write_begin();
    for (uint64_t i = 0; i < n; i++) {
        struct mk_chunk_row row = {.idx = i,
                                   .first = 256 * i,
                                   .n = 256,
                                   .facts = {big, sizeof(big)},
                                   .tags = {big, 4096}};

        memset(row.tags_hash, (int)i, MK_HASH);
        memset(row.chain, (int)i + 50, MK_HASH);
        memset(big, (int)i, sizeof(big));
        ck_ok(mk_chunk_insert(v.st, &row, &diag));
    }
    write_end();
}

START_TEST(chunks_are_walked_both_ways_with_or_without_tags)
{
    bool tags = _i & 1, back = _i & 2, more, found;
    struct mk_chunk_row row;
    struct mk_walk *w;

    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_ok(mk_chunk_last(v.st, &found, &row, &diag));
    ck_assert(!found);
    mk_store_rollback(v.st);
    insert_chunks(5);
    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_ok(mk_chunk_last(v.st, &found, &row, &diag));
    ck_assert(found);
    ck_assert_uint_eq(row.idx, 4);
    ck_assert_uint_eq(row.chain[31], 54);
    ck_assert_ptr_null(row.facts.p);
    ck_ok(mk_walk_chunks(&w, v.st, tags, back, &diag));
    for (uint64_t i = 0; i < 5; i++) {
        uint64_t k = back ? 4 - i : i;

        ck_ok(mk_walk_chunk(w, &more, &row, &diag));
        ck_assert(more);
        ck_assert_uint_eq(row.idx, k);
        ck_assert_uint_eq(row.first, 256 * k);
        ck_assert_uint_eq(row.facts.n, 20000);
        ck_assert_uint_eq(row.facts.p[19999], k);
        ck_assert_uint_eq(row.tags.n, tags ? 4096 : 0);
        ck_assert_uint_eq(row.tags_hash[0], k);
    }
    ck_ok(mk_walk_chunk(w, &more, &row, &diag));
    ck_assert(!more);
    mk_walk_close(w);
    mk_store_rollback(v.st);
}
END_TEST

static void assert_stats_rows(const size_t *sizes, uint64_t n)
{
    struct mk_stats_row row;
    struct mk_walk *w;
    bool more;

    ck_ok(mk_walk_stats_rows(&w, v.st, n, &diag));
    for (uint64_t i = 0; i < n; i++) {
        ck_ok(mk_walk_stats_row(w, &more, &row, &diag));
        ck_assert(more);
        ck_assert_uint_eq(row.slot, i);
        assert_blob(row.env, blob(sizes[i]));
    }
    ck_ok(mk_walk_stats_row(w, &more, &row, &diag));
    ck_assert(!more);
    mk_walk_close(w);
}

START_TEST(a_slot_of_the_statistics_is_used_again)
{
    struct mk_stats_row row;

    write_begin();
    for (uint64_t i = 0; i < 3; i++) {
        row = (struct mk_stats_row){.slot = i, .env = blob(i + 1)};
        ck_ok(mk_stats_row_save(v.st, &row, &diag));
    }
    assert_stats_rows((const size_t[]){1, 2, 3}, 3);
    row = (struct mk_stats_row){.slot = 0, .env = blob(9)};
    ck_ok(mk_stats_row_save(v.st, &row, &diag));
    assert_stats_rows((const size_t[]){9, 2, 3}, 3);
    assert_stats_rows((const size_t[]){9}, 1);
    assert_stats_rows(NULL, 0);
    write_end();
}
END_TEST

START_TEST(register_rows_come_back_in_order)
{
    struct mk_register_row row = {0};
    struct mk_walk *w;
    bool more;

    write_begin();
    for (uint64_t i = 0; i < 3; i++) {
        row.seq = i;
        row.kind = (uint32_t)(7 + i);
        row.body = blob(10 + i);
        memset(row.chain, (int)i, MK_HASH);
        ck_ok(mk_register_insert(v.st, &row, &diag));
    }
    write_end();
    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_ok(mk_walk_register(&w, v.st, &diag));
    for (uint64_t i = 0; i < 3; i++) {
        ck_ok(mk_walk_register_row(w, &more, &row, &diag));
        ck_assert(more);
        ck_assert_uint_eq(row.seq, i);
        ck_assert_uint_eq(row.kind, 7 + i);
        ck_assert_uint_eq(row.chain[5], i);
        assert_blob(row.body, blob(10 + i));
    }
    ck_ok(mk_walk_register_row(w, &more, &row, &diag));
    ck_assert(!more);
    mk_walk_close(w);
    mk_store_rollback(v.st);
}
END_TEST

/* Put there while the store is open; in a file no trigger runs. */
START_TEST(a_trigger_swallows_no_row_unnoticed)
{
    if (on_server())
        server_sql(program_invocation_short_name,
                   "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql"
                   " AS 'BEGIN RETURN NULL; END';"
                   "CREATE TRIGGER swallow BEFORE INSERT ON log"
                   " FOR EACH ROW EXECUTE FUNCTION swallow()");
    else
        tamper("CREATE TRIGGER swallow BEFORE INSERT ON log"
               " BEGIN SELECT RAISE(IGNORE); END");
    ck_ok(mk_store_begin_write(v.st, &diag));
    if (on_server()) {
        ck_refused(told(append_log(v.st, 0)), MK_E_TAMPERED);
        ck_assert_str_eq(diag.place, "LOG_INSERT");
        mk_store_rollback(v.st);
        server_sql(program_invocation_short_name,
                   "DROP FUNCTION swallow CASCADE");
    } else {
        ck_ok(append_log(v.st, 0));
        ck_ok(mk_store_commit(v.st, &diag));
        ck_assert_uint_eq(count_log(), 1);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rows_log");
    TCase *tc = tcase_create("rows_log");

    tcase_add_checked_fixture(tc, make_vault, remove_folder);
    tcase_add_test(tc, log_is_walked_from_a_number_on);
    tcase_add_test(tc, heads_are_found_by_size_txid_and_order);
    tcase_add_test(tc, node_rows_grow_in_place);
    tcase_add_loop_test(tc, chunks_are_walked_both_ways_with_or_without_tags,
                        0, 4);
    tcase_add_test(tc, a_slot_of_the_statistics_is_used_again);
    tcase_add_test(tc, register_rows_come_back_in_order);
    tcase_add_test(tc, a_trigger_swallows_no_row_unnoticed);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
