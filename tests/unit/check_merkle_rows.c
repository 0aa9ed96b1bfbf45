/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree in its rows: saving, loading again, changing, damage. */
#include "crypto/merkle.h"

#include "core/base/bytes.h"
#include "tests/support/tree.h"
#include "tests/support/unit.h"

#include <string.h>

static struct tree_rows rows;

static void start(void)
{
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert_msg(mk_crypto_init(&diag) == MK_OK, "%s", diag.place);
}

static struct mk_merkle *open_at(size_t size)
{
    struct mk_merkle_rows store = tree_rows_of(&rows);
    struct mk_merkle *t;
    ck_assert_int_eq(mk_merkle_open(&t, &store, size), MK_OK);
    ck_assert_uint_eq(mk_merkle_size(t), size);
    return t;
}

static void append(struct mk_merkle *t, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        ck_assert_int_eq(mk_merkle_append(t, tree_leaf(i), NULL), MK_OK);
}

static void flush_and_close(struct mk_merkle *t)
{
    ck_assert_int_eq(mk_merkle_flush(t, NULL), MK_OK);
    mk_merkle_close(t);
}

/* Rows of a tree of the leaves 0 .. n - 1. */
static void make_rows(size_t n)
{
    memset(&rows, 0, sizeof rows);
    struct mk_merkle *t = open_at(0);
    append(t, 0, n);
    flush_and_close(t);
}

static void root_is(struct mk_merkle *t, size_t size)
{
    uint8_t root[MK_HASH], want[MK_HASH];
    ck_assert_int_eq(mk_merkle_root(t, size, root, NULL), MK_OK);
    tree_root(0, size, want);
    ck_assert_mem_eq(root, want, MK_HASH);
}

START_TEST(a_tree_opened_again_after_every_leaf_is_the_same_tree)
{
    memset(&rows, 0, sizeof rows);
    for (size_t n = 0; n < 600; n++) {
        struct mk_merkle *t = open_at(n);
        append(t, n, n + 1);
        ck_assert_uint_eq(mk_merkle_size(t), n + 1);
        root_is(t, n + 1);
        root_is(t, n);
        root_is(t, n / 2);
        flush_and_close(t);
    }
}
END_TEST

START_TEST(rows_hold_the_complete_subtrees_and_no_more)
{
    make_rows(4200);
    uint8_t want[MK_HASH];
    static const size_t span[4] = {1, 16, 256, 4096};
    for (size_t level = 0; level < 4; level++) {
        size_t all = 4200 / span[level];
        for (size_t i = 0; i < all; i++) {
            ck_assert_uint_gt(rows.n[level][i / 16], i % 16);
            tree_root(i * span[level], span[level], want);
            ck_assert_mem_eq(rows.row[level][i / 16][i % 16], want, MK_HASH);
        }
        ck_assert_uint_eq(rows.n[level][all / 16], all % 16);
    }
    ck_assert_uint_eq(rows.n[4][0], 0);
}
END_TEST

START_TEST(an_append_touches_about_one_row)
{
    make_rows(4200);
    struct mk_merkle *t = open_at(4200);
    rows.loads = 0;
    rows.saves = 0;
    append(t, 4200, 4201);
    ck_assert_int_eq(mk_merkle_flush(t, NULL), MK_OK);
    ck_assert_uint_le(rows.loads, 1);
    ck_assert_uint_eq(rows.saves, 1);
    ck_assert_int_eq(mk_merkle_flush(t, NULL), MK_OK);
    ck_assert_uint_eq(rows.saves, 1);
    rows.loads = 0;
    root_is(t, 4201);
    ck_assert_uint_le(rows.loads, 4);
    mk_merkle_close(t);
}
END_TEST

START_TEST(what_was_not_flushed_is_dropped)
{
    make_rows(20);
    struct tree_rows *before = malloc(sizeof *before);
    ck_assert_ptr_nonnull(before);
    memcpy(before, &rows, sizeof rows);
    struct mk_merkle *t = open_at(20);
    append(t, 20, 40);
    ck_assert_int_eq(mk_merkle_set(t, 3, tree_leaf(99), NULL), MK_OK);
    mk_merkle_close(t);
    mk_merkle_close(NULL);
    ck_assert_mem_eq(rows.row, before->row, sizeof rows.row);
    ck_assert_mem_eq(rows.n, before->n, sizeof rows.n);
    free(before);
}
END_TEST

/* Set in every tree of the sizes here, at every place, against a tree that
 * had that leaf from the beginning. */
START_TEST(a_leaf_that_is_set_changes_the_tree_as_if_it_had_been_there)
{
    static const size_t sizes[] = {1, 2, 3, 15, 16, 17, 33, 70, 256, 257, 300};
    static uint8_t leaf[300][MK_HASH];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        size_t n = sizes[i];
        make_rows(n);
        for (size_t m = 0; m < n; m += 1 + n / 40) {
            uint8_t got[MK_HASH], want[MK_HASH];
            struct mk_merkle *t = open_at(n);
            ck_assert_int_eq(mk_merkle_set(t, m, tree_leaf(4000 + m), NULL),
                             MK_OK);
            flush_and_close(t);
            t = open_at(n);
            ck_assert_int_eq(mk_merkle_root(t, n, got, NULL), MK_OK);
            mk_merkle_close(t);
            for (size_t j = 0; j < n; j++)
                memcpy(leaf[j], tree_leaf(j == m ? 4000 + m : j), MK_HASH);
            struct mk_merkle *other =
                tree_open_with((const uint8_t(*)[MK_HASH])leaf, n);
            ck_assert_int_eq(mk_merkle_root(other, n, want, NULL), MK_OK);
            mk_merkle_close(other);
            ck_assert_mem_eq(got, want, MK_HASH);
            /* and back */
            t = open_at(n);
            ck_assert_int_eq(mk_merkle_set(t, m, tree_leaf(m), NULL), MK_OK);
            root_is(t, n);
            flush_and_close(t);
        }
    }
}
END_TEST

START_TEST(a_row_with_too_few_hashes_is_damage)
{
    make_rows(300);
    for (unsigned level = 0; level < 3; level++) {
        for (size_t index = 0; index < 2; index++) {
            if (rows.n[level][index] == 0)
                continue;
            uint8_t proof[MK_MERKLE_PROOF][MK_HASH], root[MK_HASH];
            struct mk_diag diag = MK_DIAG_INIT;
            size_t len;
            uint8_t keep = rows.n[level][index];
            /* a leaf whose proof needs that row */
            size_t leaf = level == 0 ? 16 * index : level == 1 ? 0 : 299;
            rows.n[level][index]--;
            struct mk_merkle *t = open_at(300);
            ck_assert_int_eq(
                mk_merkle_inclusion(t, leaf, 300, proof, &len, &diag),
                MK_E_DAMAGED);
            ck_assert_int_eq(diag.err, MK_E_DAMAGED);
            if (level == 2)
                ck_assert_int_eq(mk_merkle_root(t, 300, root, NULL),
                                 MK_E_DAMAGED);
            mk_merkle_close(t);
            rows.n[level][index] = keep;
        }
    }
    rows.n[0][18] = 0; /* the right edge: 300 = 18 * 16 + 12 */
    struct mk_merkle *t = open_at(300);
    ck_assert_int_eq(mk_merkle_append(t, tree_leaf(0), NULL), MK_E_DAMAGED);
    ck_assert_int_eq(mk_merkle_set(t, 290, tree_leaf(0), NULL), MK_E_DAMAGED);
    mk_merkle_close(t);
}
END_TEST

START_TEST(a_row_that_claims_more_than_sixteen_hashes_is_damage)
{
    make_rows(20);
    rows.n[0][0] = 17;
    uint8_t proof[MK_MERKLE_PROOF][MK_HASH];
    size_t len;
    struct mk_merkle *t = open_at(20);
    ck_assert_int_eq(mk_merkle_inclusion(t, 3, 20, proof, &len, NULL),
                     MK_E_DAMAGED);
    mk_merkle_close(t);
}
END_TEST

START_TEST(errors_of_the_store_come_through)
{
    struct mk_diag diag = MK_DIAG_INIT;
    uint8_t root[MK_HASH];
    make_rows(20);
    struct mk_merkle *t = open_at(20);
    rows.fail_load = MK_E_IO;
    ck_assert_int_eq(mk_merkle_root(t, 20, root, &diag), MK_E_IO);
    ck_assert_str_eq(diag.place, "load");
    ck_assert_int_eq(mk_merkle_append(t, tree_leaf(20), &diag), MK_E_IO);
    ck_assert_uint_eq(mk_merkle_size(t), 20);
    rows.fail_load = MK_OK;
    append(t, 20, 21);
    rows.fail_save = MK_E_DISK_FULL;
    ck_assert_int_eq(mk_merkle_flush(t, &diag), MK_E_DISK_FULL);
    rows.fail_save = MK_OK;
    ck_assert_int_eq(mk_merkle_flush(t, &diag), MK_OK);
    ck_assert_uint_eq(rows.n[0][1], 5);
    mk_merkle_close(t);
}
END_TEST

START_TEST(questions_outside_the_tree_are_refused)
{
    uint8_t proof[MK_MERKLE_CONSISTENCY][MK_HASH];
    size_t len;
    make_rows(20);
    struct mk_merkle *t = open_at(20);
    ck_assert_int_ne(mk_merkle_root(t, 21, proof[0], NULL), MK_OK);
    ck_assert_int_ne(mk_merkle_inclusion(t, 20, 20, proof, &len, NULL), MK_OK);
    ck_assert_int_ne(mk_merkle_inclusion(t, 0, 21, proof, &len, NULL), MK_OK);
    ck_assert_int_ne(mk_merkle_inclusion(t, 0, 0, proof, &len, NULL), MK_OK);
    ck_assert_int_ne(mk_merkle_consistency(t, 5, 21, proof, &len, NULL),
                     MK_OK);
    ck_assert_int_ne(mk_merkle_consistency(t, 6, 5, proof, &len, NULL), MK_OK);
    ck_assert_int_ne(mk_merkle_set(t, 20, tree_leaf(0), NULL), MK_OK);
    mk_merkle_close(t);
}
END_TEST

START_TEST(more_rows_than_the_cache_holds_give_the_same_tree)
{
    enum { N = 70001 };
    struct mk_merkle_stream s;
    uint8_t got[MK_HASH], want[MK_HASH], leaf[4];
    memset(&rows, 0, sizeof rows);
    mk_merkle_stream_init(&s);
    struct mk_merkle *t = open_at(0);
    for (uint32_t i = 0; i < N; i++) {
        mk_put_u32(leaf, i);
        mk_merkle_leaf(got, leaf, sizeof leaf);
        mk_merkle_stream_add(&s, got);
        ck_assert_int_eq(mk_merkle_append(t, got, NULL), MK_OK);
    }
    /* some were saved on the way, and none of them many times */
    ck_assert_uint_gt(rows.saves, 4000);
    ck_assert_int_eq(mk_merkle_flush(t, NULL), MK_OK);
    ck_assert_uint_lt(rows.saves, N / 15 + 50);
    mk_merkle_stream_root(&s, want);
    ck_assert_int_eq(mk_merkle_root(t, N, got, NULL), MK_OK);
    ck_assert_mem_eq(got, want, MK_HASH);
    mk_merkle_close(t);
    t = open_at(N);
    ck_assert_int_eq(mk_merkle_root(t, N, got, NULL), MK_OK);
    ck_assert_mem_eq(got, want, MK_HASH);
    /* reading many rows is bounded too, and still right */
    for (uint32_t i = 0; i < N; i += 16) {
        uint8_t proof[MK_MERKLE_PROOF][MK_HASH];
        size_t len;
        mk_put_u32(leaf, i);
        mk_merkle_leaf(got, leaf, sizeof leaf);
        ck_assert_int_eq(mk_merkle_inclusion(t, i, N, proof, &len, NULL),
                         MK_OK);
        ck_assert(mk_merkle_inclusion_ok(
            got, i, N, (const uint8_t(*)[MK_HASH])proof, len, want));
    }
    mk_merkle_close(t);
}
END_TEST

/* Counts what is saved: how often a row, and whether it was half. */
struct saved {
    uint8_t times[2][8192]; /* of levels 0 and 1 */
    size_t halves;
};

static enum mk_err count_save(void *ctx, unsigned level, uint64_t index,
                              const uint8_t *row, size_t n,
                              struct mk_diag *diag)
{
    struct saved *s = ctx;
    (void)row;
    (void)diag;
    if (level < 2)
        s->times[level][index]++;
    s->halves += n < MK_MERKLE_ROW;
    return MK_OK;
}

START_TEST(a_row_is_saved_once_and_whole_however_large_the_tree)
{
    static struct saved s;
    const struct mk_merkle_rows store = {.ctx = &s, .save = count_save};
    struct mk_merkle *t;
    uint8_t leaf[MK_HASH] = {0};
    ck_assert_int_eq(mk_merkle_open(&t, &store, 0), MK_OK);
    for (uint32_t i = 0; i < 16 * 8000; i++) {
        mk_put_u32(leaf, i);
        ck_assert_int_eq(mk_merkle_append(t, leaf, NULL), MK_OK);
    }
    ck_assert_uint_eq(s.halves, 0);
    ck_assert_int_eq(mk_merkle_flush(t, NULL), MK_OK);
    for (size_t i = 0; i < 8000; i++)
        ck_assert_uint_eq(s.times[0][i], 1);
    for (size_t i = 0; i < 500; i++)
        ck_assert_uint_eq(s.times[1][i], 1);
    mk_merkle_close(t);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_tree_opened_again_after_every_leaf_is_the_same_tree,
        rows_hold_the_complete_subtrees_and_no_more,
        an_append_touches_about_one_row,
        what_was_not_flushed_is_dropped,
        a_leaf_that_is_set_changes_the_tree_as_if_it_had_been_there,
        a_row_with_too_few_hashes_is_damage,
        a_row_that_claims_more_than_sixteen_hashes_is_damage,
        errors_of_the_store_come_through,
        questions_outside_the_tree_are_refused,
        more_rows_than_the_cache_holds_give_the_same_tree,
        a_row_is_saved_once_and_whole_however_large_the_tree,
    };
    return UNIT_RUN("merkle_rows", tests, start);
}
