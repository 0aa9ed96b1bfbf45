/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Three sizes of the same thing.  What is small (envelopes, rows, the keys of
 * HMAC) is laid side by side and hashed in one piece: libgcrypt takes longer
 * over each further piece than the copy does.  Its one-shot call for more
 * than that needs no handle, but wants an array of buffers; and libsodium's
 * stream takes what no array would hold.
 */
#include "crypto/parts.h"

#include <gcrypt.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define FLAT 1024
#define MANY 128

static gcry_buffer_t buffer(const void *p, size_t n)
{
    /* gcry_buffer_t has no const; the call only reads */
    return (gcry_buffer_t){.len = n, .data = (void *)(uintptr_t)p};
}

static void hash_many(enum mk_parts_algo algo, uint8_t *out, const void *first,
                      size_t first_len, const struct mk_part *parts,
                      size_t n_parts)
{
    gcry_buffer_t iov[MANY];
    int n = 0;
    if (first_len > 0)
        iov[n++] = buffer(first, first_len);
    for (size_t i = 0; i < n_parts; i++) {
        if (parts[i].n > 0)
            iov[n++] = buffer(parts[i].p, parts[i].n);
    }
    int number = algo == MK_PARTS_SHA256 ? GCRY_MD_SHA256 : GCRY_MD_SHA512;
    /* cannot fail: the algorithm passed its self-test; no key, no handle */
    if (gcry_md_hash_buffers(number, 0, out, iov, n) != 0)
        abort();
}

static void stream_sha256(uint8_t *out, const void *first, size_t first_len,
                          const struct mk_part *parts, size_t n_parts)
{
    crypto_hash_sha256_state h;
    crypto_hash_sha256_init(&h);
    crypto_hash_sha256_update(&h, first, first_len);
    for (size_t i = 0; i < n_parts; i++)
        crypto_hash_sha256_update(&h, parts[i].p, parts[i].n);
    crypto_hash_sha256_final(&h, out);
    sodium_memzero(&h, sizeof h);
}

static void stream_sha512(uint8_t *out, const void *first, size_t first_len,
                          const struct mk_part *parts, size_t n_parts)
{
    crypto_hash_sha512_state h;
    crypto_hash_sha512_init(&h);
    crypto_hash_sha512_update(&h, first, first_len);
    for (size_t i = 0; i < n_parts; i++)
        crypto_hash_sha512_update(&h, parts[i].p, parts[i].n);
    crypto_hash_sha512_final(&h, out);
    sodium_memzero(&h, sizeof h);
}

static bool fits_flat(size_t first_len, const struct mk_part *parts,
                      size_t n_parts)
{
    size_t room = FLAT;

    if (first_len > room)
        return false;
    room -= first_len;
    for (size_t i = 0; i < n_parts; i++) {
        if (parts[i].n > room)
            return false;
        room -= parts[i].n;
    }
    return true;
}

static void hash_flat(enum mk_parts_algo algo, uint8_t *out, const void *first,
                      size_t first_len, const struct mk_part *parts,
                      size_t n_parts)
{
    uint8_t flat[FLAT];
    size_t n = first_len;

    if (first_len > 0)
        memcpy(flat, first, first_len);
    for (size_t i = 0; i < n_parts; i++) {
        if (parts[i].n > 0)
            memcpy(flat + n, parts[i].p, parts[i].n);
        n += parts[i].n;
    }
    gcry_md_hash_buffer(algo == MK_PARTS_SHA256 ? GCRY_MD_SHA256
                                                : GCRY_MD_SHA512,
                        out, flat, n);
    sodium_memzero(flat, n);
}

void mk_parts_hash(enum mk_parts_algo algo, uint8_t *out, const void *first,
                   size_t first_len, const struct mk_part *parts,
                   size_t n_parts)
{
    if (fits_flat(first_len, parts, n_parts)) {
        hash_flat(algo, out, first, first_len, parts, n_parts);
    } else if (n_parts < MANY) {
        hash_many(algo, out, first, first_len, parts, n_parts);
    } else if (algo == MK_PARTS_SHA256) {
        stream_sha256(out, first, first_len, parts, n_parts);
    } else {
        stream_sha512(out, first, first_len, parts, n_parts);
    }
}
