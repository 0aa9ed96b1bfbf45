/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/seal.h"

#include <sodium.h>
#include <string.h>

#include "core/base/bytes.h"
#include "crypto/gcrypt.h"

enum mk_err mk_vf_seal_init(struct mk_diag *diag)
{
    enum mk_err rc = mk_gcrypt_init(diag);

    if (rc != MK_OK)
        return rc;
    return sodium_init() < 0 ? mk_fail(diag, MK_E_LIBRARY, "libsodium")
                             : MK_OK;
}

void *mk_vf_guarded(size_t n)
{
    void *p = sodium_malloc(n);
    if (p)
        memset(p, 0, n);
    return p;
}

void mk_vf_guarded_free(void *p)
{
    sodium_free(p);
}

void mk_vf_wipe(void *p, size_t n)
{
    sodium_memzero(p, n);
}

bool mk_vf_equal(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

/*
 * okm = HMAC-SHA-512(K, label 00 | suite, key_gen, nonce | u32 len(aad) | aad);
 * its first half opens, its second half is com.
 */
bool mk_vf_envelope_open(uint8_t *out, const uint8_t key[static 32],
                         const void *aad, size_t n_aad, const void *env,
                         size_t n)
{
    static const char label[] = "meldkluis/env/v1";
    const uint8_t *e = env;
    crypto_auth_hmacsha512_state mac;
    uint8_t okm[64], size[4];
    bool good;

    if (n < MK_VF_ENVELOPE || e[0] != 1 || n_aad > UINT32_MAX)
        return false;
    mk_put_u32(size, (uint32_t)n_aad);
    crypto_auth_hmacsha512_init(&mac, key, 32);
    crypto_auth_hmacsha512_update(&mac, (const uint8_t *)label, sizeof label);
    crypto_auth_hmacsha512_update(&mac, e, 1 + 4 + 24);
    crypto_auth_hmacsha512_update(&mac, size, sizeof size);
    crypto_auth_hmacsha512_update(&mac, aad, n_aad);
    crypto_auth_hmacsha512_final(&mac, okm);
    good = sodium_memcmp(okm + 32, e + 29, 32) == 0 &&
           crypto_aead_xchacha20poly1305_ietf_decrypt(
               out, NULL, NULL, e + 61, n - 61, aad, n_aad, e + 5, okm) == 0;
    sodium_memzero(okm, sizeof okm);
    sodium_memzero(&mac, sizeof mac);
    if (!good)
        memset(out, 0, n - MK_VF_ENVELOPE);
    return good;
}

bool mk_vf_box_open(uint8_t *out, const uint8_t pk[static 32],
                    const uint8_t secret[static 32], const void *box, size_t n)
{
    return n >= MK_VF_SEALED &&
           crypto_box_seal_open(out, box, n, pk, secret) == 0;
}

bool mk_vf_box_public(uint8_t pk[static 32], const uint8_t secret[static 32])
{
    return crypto_scalarmult_base(pk, secret) == 0;
}

void mk_vf_hkdf(uint8_t out[static 32], const void *salt, size_t n_salt,
                const uint8_t ikm[static 32], const char *info)
{
    static const uint8_t one = 1;
    crypto_auth_hmacsha256_state mac;
    uint8_t prk[32];

    crypto_auth_hmacsha256_init(&mac, salt, n_salt);
    crypto_auth_hmacsha256_update(&mac, ikm, 32);
    crypto_auth_hmacsha256_final(&mac, prk);
    crypto_auth_hmacsha256_init(&mac, prk, sizeof prk);
    crypto_auth_hmacsha256_update(&mac, (const uint8_t *)info, strlen(info));
    crypto_auth_hmacsha256_update(&mac, &one, 1);
    crypto_auth_hmacsha256_final(&mac, out);
    sodium_memzero(prk, sizeof prk);
    sodium_memzero(&mac, sizeof mac);
}

enum mk_err mk_vf_argon2(uint8_t out[static 32], const char *phrase, size_t n,
                         const uint8_t salt[static 16], uint64_t t,
                         uint64_t m_kib)
{
    /* the costs were bounded by the caller: what is left is memory */
    return crypto_pwhash(out, 32, phrase, n, salt, t, (size_t)m_kib * 1024,
                         crypto_pwhash_ALG_ARGON2ID13) == 0
               ? MK_OK
               : MK_E_MEMORY;
}
