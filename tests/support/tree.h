/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Trees for the tests: RFC 6962 section 2.1 by recursion and without any
 * stored node, and rows kept in memory.  Leaf i is the number i as u32.
 */
#ifndef MK_TESTS_TREE_H
#define MK_TESTS_TREE_H

#include "crypto/merkle.h"

#define TREE_LEAVES 5000

const uint8_t *tree_leaf(size_t i); /* its hash */

/* Of the leaves first .. first + n - 1. */
void tree_root(size_t first, size_t n, uint8_t root[static MK_HASH]);
/* As tree_root(0, n) for n up to TREE_LEAVES. */
void tree_numbers_root(size_t n, uint8_t root[static MK_HASH]);
/* PATH and SUBPROOF of the RFC; m counts from first.  The length. */
size_t tree_path(size_t m, size_t first, size_t n, uint8_t proof[][MK_HASH]);
size_t tree_proof(size_t m, size_t first, size_t n, bool is_known,
                  uint8_t proof[][MK_HASH]);

/* Rows in memory. */
#define TREE_LEVELS 5
#define TREE_ROWS 5000
struct tree_rows {
    uint8_t row[TREE_LEVELS][TREE_ROWS][MK_MERKLE_ROW][MK_HASH];
    uint8_t n[TREE_LEVELS][TREE_ROWS];
    size_t loads, saves;
    enum mk_err fail_load, fail_save; /* what the next call gives */
};
struct mk_merkle_rows tree_rows_of(struct tree_rows *r);

/* A tree that has the leaves 0 .. n - 1 or those given, over rows that
 * last as long as the program. */
struct mk_merkle *tree_open(size_t n);
struct mk_merkle *tree_open_with(const uint8_t (*leaf)[MK_HASH], size_t n);

#endif
