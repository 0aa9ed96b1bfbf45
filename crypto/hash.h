/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 (FIPS 180-4) by libgcrypt, which uses the SHA instructions. */
#ifndef MK_CRYPTO_HASH_H
#define MK_CRYPTO_HASH_H

#include "crypto/crypto.h"

void mk_sha256(uint8_t out[static MK_HASH], const void *p, size_t n);

/* Parts hashed as if they stood one behind the other. */
struct mk_part {
    const void *p;
    size_t n;
};
void mk_sha256_parts(uint8_t out[static MK_HASH], const struct mk_part *parts,
                     size_t n_parts);

/* Long inputs. */
struct mk_sha256;
struct mk_sha256 *mk_sha256_new(void); /* NULL: out of memory */
void mk_sha256_add(struct mk_sha256 *h, const void *p, size_t n);
/* Gives the hash and makes h ready for the next input. */
void mk_sha256_take(struct mk_sha256 *h, uint8_t out[static MK_HASH]);
void mk_sha256_free(struct mk_sha256 *h);

#endif
