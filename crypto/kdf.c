/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/kdf.h"

#include "crypto/parts.h"

#include <sodium.h>
#include <string.h>

#define MIB 1024u /* in KiB */
#define HASH_MAX 64
#define BLOCK_MAX 128
#define HKDF_MAX (255 * MK_HASH)
#define HKDF_PARTS 3

#ifdef MK_TEST_BUILD
/* next to nothing: tests unlock thousands of times with words that hide nothing */
#define ARGON2_FLOOR 64u
#define ARGON2_STANDARD 64u
#define ARGON2_HIGH 128u
#define ARGON2_BUILD "test"
#else
#define ARGON2_FLOOR (64 * MIB)
#define ARGON2_STANDARD (256 * MIB)
#define ARGON2_HIGH (1024 * MIB)
#define ARGON2_BUILD "standard"
#endif

struct mk_argon2_cost mk_argon2_standard(void)
{
    return (struct mk_argon2_cost){.t = 3, .m_kib = ARGON2_STANDARD};
}

struct mk_argon2_cost mk_argon2_high(void)
{
    return (struct mk_argon2_cost){.t = 4, .m_kib = ARGON2_HIGH};
}

bool mk_argon2_cost_ok(struct mk_argon2_cost cost)
{
    return cost.t >= 3 && cost.t <= 10 && cost.m_kib >= ARGON2_FLOOR &&
           cost.m_kib <= 2048 * MIB;
}

const char *mk_argon2_build(void)
{
    return ARGON2_BUILD;
}

enum mk_err mk_argon2(struct mk_secret **out,
                      const struct mk_secret *passphrase,
                      const uint8_t salt[static MK_ARGON2_SALT],
                      struct mk_argon2_cost cost, struct mk_diag *diag)
{
    *out = NULL;
    if (!mk_argon2_cost_ok(cost))
        return mk_fail(diag, MK_E_DAMAGED, "argon2");
    struct mk_secret *key = mk_secret_new(MK_KEY);
    if (!key)
        return mk_fail(diag, MK_E_MEMORY, "argon2");
    if (crypto_pwhash_argon2id(mk_secret_bytes(key), MK_KEY,
                               (const char *)mk_secret_peek(passphrase),
                               mk_secret_len(passphrase), salt, cost.t,
                               (size_t)cost.m_kib * 1024,
                               crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
        /* its bounds are wider than ours: what is left is memory */
        mk_secret_free(key);
        return mk_fail(diag, MK_E_MEMORY, "argon2");
    }
    *out = key;
    return MK_OK;
}

/*
 * HMAC of RFC 2104 by two one-shot hashes.  libgcrypt's own HMAC makes a
 * handle on the heap for each call, which costs more than the hashing and
 * leaves what the key became outside our guarded memory.
 */
static void hmac(enum mk_parts_algo algo, uint8_t *out, const uint8_t *key,
                 size_t key_len, const struct mk_part *parts, size_t n_parts)
{
    size_t block = algo == MK_PARTS_SHA512 ? 128 : 64;
    size_t size = algo == MK_PARTS_SHA512 ? 64 : 32;
    uint8_t k[BLOCK_MAX] = {0};
    uint8_t pad[BLOCK_MAX];
    uint8_t inner[HASH_MAX];

    if (key_len > block)
        mk_parts_hash(algo, k, key, key_len, NULL, 0);
    else if (key_len > 0)
        memcpy(k, key, key_len);

    for (size_t i = 0; i < block; i++)
        pad[i] = k[i] ^ 0x36;
    mk_parts_hash(algo, inner, pad, block, parts, n_parts);
    for (size_t i = 0; i < block; i++)
        pad[i] = k[i] ^ 0x5c;
    const struct mk_part last = {inner, size};
    mk_parts_hash(algo, out, pad, block, &last, 1);

    sodium_memzero(k, sizeof k);
    sodium_memzero(pad, sizeof pad);
    sodium_memzero(inner, sizeof inner);
}

void mk_hmac_sha256(uint8_t out[static 32], const struct mk_secret *key,
                    const struct mk_part *parts, size_t n_parts)
{
    hmac(MK_PARTS_SHA256, out, mk_secret_peek(key), mk_secret_len(key), parts,
         n_parts);
}

void mk_hmac_sha512(uint8_t out[static 64], const struct mk_secret *key,
                    const struct mk_part *parts, size_t n_parts)
{
    hmac(MK_PARTS_SHA512, out, mk_secret_peek(key), mk_secret_len(key), parts,
         n_parts);
}

/* T(i) = HMAC(PRK, T(i-1) | info | i).  Source: RFC 5869 section 2.3. */
static void expand(uint8_t *out, size_t n, const uint8_t prk[static MK_HASH],
                   const void *info, size_t info_len)
{
    uint8_t t[MK_HASH];
    size_t done = 0;
    for (uint8_t i = 1; done < n; i++) {
        const struct mk_part parts[HKDF_PARTS] = {
            {t, i == 1 ? 0 : MK_HASH},
            {info, info_len},
            {&i, 1},
        };
        hmac(MK_PARTS_SHA256, t, prk, MK_HASH, parts, HKDF_PARTS);
        size_t some = n - done < MK_HASH ? n - done : MK_HASH;
        memcpy(out + done, t, some);
        done += some;
    }
    sodium_memzero(t, sizeof t);
}

static enum mk_err hkdf(struct mk_secret **out, size_t n, const void *salt,
                        size_t salt_len, const struct mk_part *ikm,
                        size_t n_ikm, const void *info, size_t info_len)
{
    *out = NULL;
    if (n == 0 || n > HKDF_MAX)
        return MK_E_INTERNAL;
    struct mk_secret *okm = mk_secret_new(n);
    if (!okm)
        return MK_E_MEMORY;
    uint8_t prk[MK_HASH];
    hmac(MK_PARTS_SHA256, prk, salt, salt_len, ikm, n_ikm);
    expand(mk_secret_bytes(okm), n, prk, info, info_len);
    sodium_memzero(prk, sizeof prk);
    *out = okm;
    return MK_OK;
}

enum mk_err mk_hkdf(struct mk_secret **out, size_t n, const void *salt,
                    size_t salt_len, const struct mk_secret *ikm,
                    const void *info, size_t info_len)
{
    const struct mk_part part = {mk_secret_peek(ikm), mk_secret_len(ikm)};
    return hkdf(out, n, salt, salt_len, &part, 1, info, info_len);
}

enum mk_err mk_hkdf2(struct mk_secret **out, size_t n, const void *salt,
                     size_t salt_len, const struct mk_secret *a,
                     const struct mk_secret *b, const void *info,
                     size_t info_len)
{
    const struct mk_part parts[2] = {
        {mk_secret_peek(a), mk_secret_len(a)},
        {mk_secret_peek(b), mk_secret_len(b)},
    };
    return hkdf(out, n, salt, salt_len, parts, 2, info, info_len);
}
