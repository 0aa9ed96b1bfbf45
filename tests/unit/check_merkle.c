/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proofs and streams: against vectors and against RFC 6962 word for word. */
#include "crypto/merkle.h"

#include "tests/support/tree.h"
#include "tests/support/unit.h"
#include "tests/support/vectors.h"

#include <string.h>

#define CT 8 /* leaves of the Certificate Transparency tests */

static void start(void)
{
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert_msg(mk_crypto_init(&diag) == MK_OK, "%s", diag.place);
}

START_TEST(trees_and_proofs_give_the_known_answers)
{
    struct vectors *v = vectors_open("merkle.txt");
    uint8_t leaf[CT][MK_HASH], got[MK_HASH];
    uint8_t proof[MK_MERKLE_CONSISTENCY][MK_HASH];
    size_t leaves = 0, cases = 0, n, len;
    struct mk_merkle *t = NULL;
    while (vectors_next(v)) {
        const char *kind = vectors_text(v, "kind");
        if (strcmp(kind, "leaf") == 0) {
            const uint8_t *p = vectors_bytes(v, "leaf", &n);
            mk_merkle_leaf(leaf[leaves], p, n);
            ck_assert_mem_eq(leaf[leaves], vectors_bytes(v, "hash", &n),
                             MK_HASH);
            leaves++;
            continue;
        }
        if (!t)
            t = tree_open_with((const uint8_t(*)[MK_HASH])leaf, leaves);
        size_t size = vectors_num(v, "size");
        if (strcmp(kind, "root") == 0) {
            ck_assert_int_eq(mk_merkle_root(t, size, got, NULL), MK_OK);
            ck_assert_mem_eq(got, vectors_bytes(v, "root", &n), MK_HASH);
        } else if (strcmp(kind, "numbers") == 0) {
            tree_numbers_root(size, got);
            ck_assert_mem_eq(got, vectors_bytes(v, "root", &n), MK_HASH);
        } else {
            bool is_path = strcmp(kind, "inclusion") == 0;
            ck_assert_int_eq(
                is_path ? mk_merkle_inclusion(t, vectors_num(v, "index"), size,
                                              proof, &len, NULL)
                        : mk_merkle_consistency(t, vectors_num(v, "old"), size,
                                                proof, &len, NULL),
                MK_OK);
            const uint8_t *want = vectors_bytes(v, "proof", &n);
            ck_assert_uint_eq(len * MK_HASH, n);
            if (n > 0)
                ck_assert_mem_eq(proof, want, n);
        }
        cases++;
    }
    mk_merkle_close(t);
    ck_assert_uint_eq(leaves, CT);
    ck_assert_uint_gt(cases, 60);
}
END_TEST

/* Whatever is wrong with the proof of leaf m in n is noticed. */
static void wrong_paths_are_refused(size_t m, size_t n,
                                    uint8_t proof[][MK_HASH], size_t len,
                                    const uint8_t root[static MK_HASH])
{
    const uint8_t(*p)[MK_HASH] = (const uint8_t(*)[MK_HASH])proof;
    const uint8_t *leaf = tree_leaf(m);
    uint8_t other[MK_HASH];
    ck_assert(!mk_merkle_inclusion_ok(tree_leaf(m + 1), m, n, p, len, root));
    ck_assert(!mk_merkle_inclusion_ok(leaf, n, n, p, len, root));
    ck_assert(!mk_merkle_inclusion_ok(leaf, m, 0, p, len, root));
    ck_assert(!mk_merkle_inclusion_ok(leaf, m, n, p, len + 1, root));
    if (len > 0)
        ck_assert(!mk_merkle_inclusion_ok(leaf, m, n, p, len - 1, root));
    for (size_t i = 0; i < n; i += 1 + n / 71) {
        if (i != m)
            ck_assert(!mk_merkle_inclusion_ok(leaf, i, n, p, len, root));
    }
    memcpy(other, root, MK_HASH);
    other[m % MK_HASH] ^= 0x40;
    ck_assert(!mk_merkle_inclusion_ok(leaf, m, n, p, len, other));
    for (size_t i = 0; i < len; i++) {
        proof[i][n % MK_HASH] ^= 1;
        ck_assert(!mk_merkle_inclusion_ok(leaf, m, n, p, len, root));
        proof[i][n % MK_HASH] ^= 1;
    }
}

static void paths_are_right(struct mk_merkle *t, size_t m, size_t n)
{
    uint8_t proof[MK_MERKLE_PROOF][MK_HASH];
    uint8_t want[MK_MERKLE_PROOF][MK_HASH];
    uint8_t root[MK_HASH];
    size_t len;
    memset(proof, 0, sizeof proof);
    tree_root(0, n, root);
    ck_assert_int_eq(mk_merkle_inclusion(t, m, n, proof, &len, NULL), MK_OK);
    ck_assert_uint_eq(len, tree_path(m, 0, n, want));
    ck_assert_mem_eq(proof, want, len * MK_HASH);
    ck_assert(mk_merkle_inclusion_ok(
        tree_leaf(m), m, n, (const uint8_t(*)[MK_HASH])proof, len, root));
    wrong_paths_are_refused(m, n, proof, len, root);
}

START_TEST(every_leaf_of_every_small_tree_is_proven_and_no_other)
{
    struct mk_merkle *t = tree_open(70);
    for (size_t n = 1; n <= 70; n++) {
        for (size_t m = 0; m < n; m++)
            paths_are_right(t, m, n);
    }
    mk_merkle_close(t);
}
END_TEST

static void growth_is_right(struct mk_merkle *t, size_t m, size_t n)
{
    uint8_t proof[MK_MERKLE_CONSISTENCY][MK_HASH];
    uint8_t want[MK_MERKLE_CONSISTENCY][MK_HASH];
    const uint8_t(*p)[MK_HASH] = (const uint8_t(*)[MK_HASH])proof;
    uint8_t old[MK_HASH], root[MK_HASH], other[MK_HASH];
    size_t len;
    memset(proof, 0, sizeof proof);
    tree_root(0, m, old);
    tree_root(0, n, root);
    ck_assert_int_eq(mk_merkle_consistency(t, m, n, proof, &len, NULL), MK_OK);
    ck_assert_uint_eq(len, m == 0 ? 0 : tree_proof(m, 0, n, true, want));
    ck_assert_mem_eq(proof, want, len * MK_HASH);
    ck_assert(mk_merkle_consistency_ok(m, n, p, len, old, root));

    memcpy(other, old, MK_HASH);
    other[n % MK_HASH] ^= 1;
    ck_assert(!mk_merkle_consistency_ok(m, n, p, len, other, root));
    ck_assert(!mk_merkle_consistency_ok(n + 1, n, p, len, old, root));
    ck_assert(!mk_merkle_consistency_ok(m, n, p, len + 1, old, root));
    if (m == 0)
        return; /* every tree extends the empty one, whatever its root */
    memcpy(other, root, MK_HASH);
    other[m % MK_HASH] ^= 1;
    ck_assert(!mk_merkle_consistency_ok(m, n, p, len, old, other));
    if (len > 0)
        ck_assert(!mk_merkle_consistency_ok(m, n, p, len - 1, old, root));
    for (size_t i = 0; i < len; i++) {
        proof[i][(m + n) % MK_HASH] ^= 1;
        ck_assert(!mk_merkle_consistency_ok(m, n, p, len, old, root));
        proof[i][(m + n) % MK_HASH] ^= 1;
    }
}

START_TEST(every_small_tree_is_proven_to_extend_every_smaller_one)
{
    struct mk_merkle *t = tree_open(70);
    for (size_t n = 1; n <= 70; n++) {
        for (size_t m = 0; m <= n; m++)
            growth_is_right(t, m, n);
    }
    mk_merkle_close(t);
}
END_TEST

START_TEST(a_tree_that_was_changed_does_not_extend_the_old_one)
{
    /* the last leaf of the old tree is another one in the new tree */
    struct mk_merkle *t = tree_open(40);
    for (size_t m = 1; m < 40; m++) {
        uint8_t proof[MK_MERKLE_CONSISTENCY][MK_HASH];
        uint8_t old[MK_HASH], root[MK_HASH];
        size_t len;
        tree_root(0, m, old);
        ck_assert_int_eq(mk_merkle_set(t, m - 1, tree_leaf(1000), NULL),
                         MK_OK);
        ck_assert_int_eq(mk_merkle_root(t, 40, root, NULL), MK_OK);
        ck_assert_int_eq(mk_merkle_consistency(t, m, 40, proof, &len, NULL),
                         MK_OK);
        ck_assert(!mk_merkle_consistency_ok(
            m, 40, (const uint8_t(*)[MK_HASH])proof, len, old, root));
        ck_assert_int_eq(mk_merkle_set(t, m - 1, tree_leaf(m - 1), NULL),
                         MK_OK);
    }
    mk_merkle_close(t);
}
END_TEST

START_TEST(trees_around_whole_rows_are_right)
{
    static const size_t sizes[] = {255, 256,  257,  271,  272,
                                   273, 4095, 4096, 4097, 4113};
    struct mk_merkle *t = tree_open(TREE_LEAVES);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        size_t n = sizes[i];
        uint8_t root[MK_HASH], want[MK_HASH];
        tree_root(0, n, want);
        ck_assert_int_eq(mk_merkle_root(t, n, root, NULL), MK_OK);
        ck_assert_mem_eq(root, want, MK_HASH);
        static const size_t some[] = {0, 1, 15, 16, 17, 127, 200, 254};
        for (size_t j = 0; j < sizeof some / sizeof some[0]; j++) {
            paths_are_right(t, some[j], n);
            paths_are_right(t, n - 1 - some[j], n);
            growth_is_right(t, some[j], n);
            growth_is_right(t, n - some[j], n);
        }
    }
    mk_merkle_close(t);
}
END_TEST

START_TEST(a_stream_gives_the_root_of_every_size)
{
    struct mk_merkle_stream s;
    mk_merkle_stream_init(&s);
    for (size_t n = 0; n <= 600; n++) {
        uint8_t root[MK_HASH], want[MK_HASH];
        mk_merkle_stream_root(&s, root);
        tree_root(0, n, want);
        ck_assert_mem_eq(root, want, MK_HASH);
        mk_merkle_stream_add(&s, tree_leaf(n));
        ck_assert_uint_eq(s.size, n + 1);
    }
}
END_TEST

START_TEST(proofs_of_impossible_sizes_are_refused)
{
    static const uint8_t proof[70][MK_HASH];
    uint8_t zero[MK_HASH] = {0};
    for (size_t len = 0; len <= 70; len++) {
        ck_assert(!mk_merkle_inclusion_ok(zero, UINT64_MAX - 1, UINT64_MAX,
                                          proof, len, zero));
        ck_assert(!mk_merkle_inclusion_ok(zero, UINT64_MAX, UINT64_MAX, proof,
                                          len, zero));
        ck_assert(
            !mk_merkle_inclusion_ok(zero, 0, UINT64_MAX, proof, len, zero));
        ck_assert(!mk_merkle_consistency_ok(UINT64_MAX - 1, UINT64_MAX, proof,
                                            len, zero, zero));
        ck_assert(!mk_merkle_consistency_ok((uint64_t)1 << 63, UINT64_MAX,
                                            proof, len, zero, zero));
    }
}
END_TEST

START_TEST(a_leaf_can_never_be_a_node)
{
    /* 00 and 01 in front: a leaf of 64 bytes is not the node of two halves */
    uint8_t both[2 * MK_HASH], as_leaf[MK_HASH], as_node[MK_HASH];
    memcpy(both, tree_leaf(0), MK_HASH);
    memcpy(both + MK_HASH, tree_leaf(1), MK_HASH);
    mk_merkle_leaf(as_leaf, both, sizeof both);
    tree_root(0, 2, as_node);
    ck_assert_mem_ne(as_leaf, as_node, MK_HASH);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        trees_and_proofs_give_the_known_answers,
        every_leaf_of_every_small_tree_is_proven_and_no_other,
        every_small_tree_is_proven_to_extend_every_smaller_one,
        a_tree_that_was_changed_does_not_extend_the_old_one,
        trees_around_whole_rows_are_right,
        a_stream_gives_the_root_of_every_size,
        proofs_of_impossible_sizes_are_refused,
        a_leaf_can_never_be_a_node,
    };
    return UNIT_RUN("merkle", tests, start);
}
