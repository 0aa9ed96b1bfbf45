/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads tests/vectors/NAME: `key: value` lines, cases parted by blank lines.
 * Whatever is wrong with the file ends the test.
 */
#ifndef MK_TESTS_VECTORS_H
#define MK_TESTS_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vectors;

struct vectors *vectors_open(const char *name);
/* To the next case; false behind the last, and v is freed then. */
bool vectors_next(struct vectors *v);
/* Values of this case; borrowed until the next.  Every key must exist. */
const char *vectors_text(const struct vectors *v, const char *key);
uint64_t vectors_num(const struct vectors *v, const char *key);
const uint8_t *vectors_bytes(struct vectors *v, const char *key, size_t *n);

#endif
