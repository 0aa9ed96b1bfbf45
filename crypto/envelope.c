/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/envelope.h"

#include "core/base/bytes.h"
#include "core/base/random.h"
#include "crypto/kdf.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define SUITE 1
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define AT_GEN 1
#define AT_NONCE 5
#define AT_COM 29
#define AT_BODY 61
#define TAG 16
#define PAD_STEPS 512 /* above this size: powers of two */

static const char label[] = "meldkluis/env/v1"; /* its NUL counts */

/* What one envelope is sealed with; wiped by who made it. */
struct env_keys {
    uint8_t key[32];
    uint8_t com[32];
};

/* head: the first AT_COM bytes of the envelope. */
static void derive(struct env_keys *keys, const struct mk_secret *key,
                   const uint8_t head[static AT_COM], const void *aad,
                   size_t aad_len)
{
    uint8_t aad_size[4];
    mk_put_u32(aad_size, (uint32_t)aad_len);
    const struct mk_part parts[] = {
        {label, sizeof label},
        {head, AT_COM},
        {aad_size, sizeof aad_size},
        {aad, aad_len},
    };
    uint8_t okm[64];
    mk_hmac_sha512(okm, key, parts, sizeof parts / sizeof parts[0]);
    memcpy(keys->key, okm, 32);
    memcpy(keys->com, okm + 32, 32);
    sodium_memzero(okm, sizeof okm);
}

void mk_aad(uint8_t out[static MK_AAD], const char magic[static 4],
            const uint8_t store[static MK_ID], const struct mk_place *place)
{
    memcpy(out, magic, 4);
    memcpy(out + 4, store, MK_ID);
    mk_put_u16(out + 20, place->table);
    mk_put_u16(out + 22, place->column);
    memcpy(out + 24, place->row, MK_ID);
    mk_put_u64(out + 40, place->version);
    memcpy(out + 48, place->key_id, MK_ID);
    mk_put_u16(out + 64, 0);
}

void mk_env_seal(uint8_t *out, const struct mk_secret *key, uint32_t key_gen,
                 const void *aad, size_t aad_len, const void *plain, size_t n)
{
    /* a key of another length or an aad of 4 GiB is a fault of the caller */
    if (mk_secret_len(key) != MK_KEY || aad_len > UINT32_MAX)
        abort();
    out[0] = SUITE;
    mk_put_u32(out + AT_GEN, key_gen);
    mk_random(out + AT_NONCE, NONCE);

    struct env_keys keys;
    derive(&keys, key, out, aad, aad_len);
    memcpy(out + AT_COM, keys.com, sizeof keys.com);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + AT_BODY, NULL, plain, n,
                                               aad, aad_len, NULL,
                                               out + AT_NONCE, keys.key);
    sodium_memzero(&keys, sizeof keys);
}

enum mk_err mk_env_open(uint8_t *out, const struct mk_secret *key,
                        const void *aad, size_t aad_len, const void *env,
                        size_t n, struct mk_diag *diag)
{
    const uint8_t *e = env;
    size_t plain_len = n < MK_ENV_OVERHEAD ? 0 : n - MK_ENV_OVERHEAD;
    bool ok = n >= MK_ENV_OVERHEAD && e[0] == SUITE &&
              mk_secret_len(key) == MK_KEY && aad_len <= UINT32_MAX;
    if (ok) {
        struct env_keys keys;
        derive(&keys, key, e, aad, aad_len);
        ok = sodium_memcmp(keys.com, e + AT_COM, sizeof keys.com) == 0 &&
             crypto_aead_xchacha20poly1305_ietf_decrypt(
                 out, NULL, NULL, e + AT_BODY, n - AT_BODY, aad, aad_len,
                 e + AT_NONCE, keys.key) == 0;
        sodium_memzero(&keys, sizeof keys);
    }
    if (ok)
        return MK_OK;
    if (plain_len > 0)
        memset(out, 0, plain_len);
    return mk_fail(diag, MK_E_DAMAGED, "envelope");
}

uint32_t mk_env_key_gen(const void *env, size_t n)
{
    const uint8_t *e = env;
    return n < MK_ENV_OVERHEAD ? 0 : mk_get_u32(e + AT_GEN);
}

/* Size with padding: at least one byte more than n. */
static size_t padded_size(size_t n, size_t step)
{
    size_t size = (n / step + 1) * step;
    if (size <= PAD_STEPS)
        return size;
    size = PAD_STEPS;
    while (size <= n)
        size *= 2;
    return size;
}

enum mk_err mk_env_seal_padded(struct mk_buf *out, size_t step,
                               const struct mk_secret *key, uint32_t key_gen,
                               const void *aad, size_t aad_len,
                               const void *plain, size_t n)
{
    if (n > MK_BUF_MAX / 2 - MK_ENV_OVERHEAD)
        return MK_E_TOO_LARGE;
    struct mk_buf padded = MK_BUF_INIT;
    size_t size = padded_size(n, step);
    size_t all = 0;
    enum mk_err rc;
    MK_TRY(mk_buf_add(&padded, plain, n));
    MK_TRY(mk_buf_add_zero(&padded, size - n));
    /* one block of the whole size: 0x80, then zeros to its end */
    if (sodium_pad(&all, padded.data, n, size, size) != 0 || all != size) {
        rc = MK_E_INTERNAL;
        goto out;
    }
    MK_TRY(mk_buf_reserve(out, size + MK_ENV_OVERHEAD));
    mk_env_seal(out->data + out->len, key, key_gen, aad, aad_len, padded.data,
                size);
    out->len += size + MK_ENV_OVERHEAD;
out:
    mk_buf_release(&padded);
    return rc;
}

enum mk_err mk_env_open_padded(struct mk_buf *out, const struct mk_secret *key,
                               const void *aad, size_t aad_len,
                               const void *env, size_t n, struct mk_diag *diag)
{
    size_t plain_len = 0;
    enum mk_err rc;
    mk_buf_clear(out);
    /* nothing inside would be no padding either */
    if (n <= MK_ENV_OVERHEAD)
        return mk_fail(diag, MK_E_DAMAGED, "envelope");
    size_t size = n - MK_ENV_OVERHEAD;
    rc = mk_buf_reserve(out, size);
    if (rc != MK_OK)
        return mk_fail(diag, rc, "envelope");
    MK_TRY(mk_env_open(out->data, key, aad, aad_len, env, n, diag));
    if (sodium_unpad(&plain_len, out->data, size, size) != 0) {
        rc = mk_fail(diag, MK_E_DAMAGED, "envelope");
        goto out;
    }
    out->len = plain_len;
out:
    if (rc != MK_OK)
        mk_buf_clear(out);
    return rc;
}

enum mk_err mk_env_wrap(struct mk_buf *out, const struct mk_secret *key,
                        uint32_t key_gen, const void *aad, size_t aad_len,
                        const struct mk_secret *key_in)
{
    size_t n = mk_secret_len(key_in);
    enum mk_err rc = mk_buf_reserve(out, n + MK_ENV_OVERHEAD);
    if (rc != MK_OK)
        return rc;
    mk_env_seal(out->data + out->len, key, key_gen, aad, aad_len,
                mk_secret_peek(key_in), n);
    out->len += n + MK_ENV_OVERHEAD;
    return MK_OK;
}

enum mk_err mk_env_unwrap(struct mk_secret **out, const struct mk_secret *key,
                          const void *aad, size_t aad_len, const void *env,
                          size_t n, struct mk_diag *diag)
{
    *out = NULL;
    if (n < MK_ENV_OVERHEAD || n > MK_BUF_MAX)
        return mk_fail(diag, MK_E_DAMAGED, "envelope");
    struct mk_secret *s = mk_secret_new(n - MK_ENV_OVERHEAD);
    if (!s)
        return mk_fail(diag, MK_E_MEMORY, "envelope");
    enum mk_err rc =
        mk_env_open(mk_secret_bytes(s), key, aad, aad_len, env, n, diag);
    if (rc != MK_OK) {
        mk_secret_free(s);
        return rc;
    }
    *out = s;
    return MK_OK;
}
