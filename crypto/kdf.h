/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Argon2id (RFC 9106), HMAC (RFC 2104), HKDF-SHA256 (RFC 5869). */
#ifndef MK_CRYPTO_KDF_H
#define MK_CRYPTO_KDF_H

#include "crypto/hash.h"
#include "crypto/secret.h"

/* Cost of a passphrase.  p is always 1. */
struct mk_argon2_cost {
    uint32_t t;     /* passes */
    uint32_t m_kib; /* memory in KiB */
};

/* What a new slot gets: t 3, 256 MiB; in a test build t 3, 64 KiB. */
struct mk_argon2_cost mk_argon2_standard(void);
struct mk_argon2_cost mk_argon2_high(
    void); /* t 4, 1 GiB; test: t 4, 128 KiB */
/* 64 MiB..2 GiB and t 3..10 (test builds: from 64 KiB). */
MK_MUST_USE bool mk_argon2_cost_ok(struct mk_argon2_cost cost);
/* "standard" or "test": what this build makes.  For doctor. */
const char *mk_argon2_build(void);

#define MK_ARGON2_SALT 16

/*
 * *out is new, 32 bytes.  Owns: the caller frees *out.
 * Errors: E_DAMAGED when cost is out of bounds (it comes from a file that an
 * attacker may write), E_MEMORY.  Source: RFC 9106; CRYPTO "Who holds what".
 */
MK_MUST_USE enum mk_err mk_argon2(struct mk_secret **out,
                                  const struct mk_secret *passphrase,
                                  const uint8_t salt[static MK_ARGON2_SALT],
                                  struct mk_argon2_cost cost,
                                  struct mk_diag *diag);

/* *out is new, n (up to 8160) bytes: HKDF(salt, ikm, info). */
MK_MUST_USE enum mk_err mk_hkdf(struct mk_secret **out, size_t n,
                                const void *salt, size_t salt_len,
                                const struct mk_secret *ikm, const void *info,
                                size_t info_len);

/* As mk_hkdf with ikm = a | b: HKDF(a | b, info), empty salt allowed. */
MK_MUST_USE enum mk_err mk_hkdf2(struct mk_secret **out, size_t n,
                                 const void *salt, size_t salt_len,
                                 const struct mk_secret *a,
                                 const struct mk_secret *b, const void *info,
                                 size_t info_len);

void mk_hmac_sha256(uint8_t out[static 32], const struct mk_secret *key,
                    const struct mk_part *parts, size_t n_parts);
void mk_hmac_sha512(uint8_t out[static 64], const struct mk_secret *key,
                    const struct mk_part *parts, size_t n_parts);

#endif
