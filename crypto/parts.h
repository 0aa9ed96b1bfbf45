/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For crypto/ only: one-shot hashes of several parts, without the heap. */
#ifndef MK_CRYPTO_PARTS_H
#define MK_CRYPTO_PARTS_H

#include "crypto/hash.h"

enum mk_parts_algo { MK_PARTS_SHA256, MK_PARTS_SHA512 };

/*
 * out gets the hash of first | parts.  first may be empty.
 * Sizes: out is 32 or 64 bytes by algo.  Up to 1024 bytes in all are hashed fastest.
 */
void mk_parts_hash(enum mk_parts_algo algo, uint8_t *out, const void *first,
                   size_t first_len, const struct mk_part *parts,
                   size_t n_parts);

#endif
