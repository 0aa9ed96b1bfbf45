/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The envelope: one construction for everything that is sealed.
 *
 *   suite u8=1 | key_gen u32 | nonce 24 | com 32 | ciphertext | tag 16
 *   okm[64] = HMAC-SHA-512(K, "meldkluis/env/v1" 00 | suite | key_gen | nonce
 *                             | u32 len(aad) | aad)
 *   key = okm[0..31], com = okm[32..63]
 *   XChaCha20-Poly1305-IETF(key, nonce, aad, plaintext)
 *
 * Committing (it opens under one key only), bound to the place in aad, nonces
 * always random.  A wrong key and a changed byte give the same error.
 * Source: CRYPTO "The envelope".
 */
#ifndef MK_CRYPTO_ENVELOPE_H
#define MK_CRYPTO_ENVELOPE_H

#include "core/base/buf.h"
#include "crypto/crypto.h"
#include "crypto/secret.h"

#define MK_ENV_OVERHEAD 77 /* 1 + 4 + 24 + 32 + 16 */
#define MK_AAD 66

/* Which column of which row in which version of it, under which key. */
struct mk_place {
    uint16_t table; /* numbers of core/store/rows.h */
    uint16_t column;
    uint8_t row[MK_ID];
    uint64_t version;
    uint8_t key_id[MK_ID];
};

/* "MKA1" | store 16 | table u16 | column u16 | row 16 | version u64 |
 * key_id 16 | u16 0; the other magics ("MKC1", "MKS1", "MKW1") use the same
 * layout. */
void mk_aad(uint8_t out[static MK_AAD], const char magic[static 4],
            const uint8_t store[static MK_ID], const struct mk_place *place);

/*
 * Seals n bytes of plain into out, which holds n + MK_ENV_OVERHEAD bytes and
 * does not overlap plain.  key is MK_KEY bytes (another length: abort).
 */
void mk_env_seal(uint8_t *out, const struct mk_secret *key, uint32_t key_gen,
                 const void *aad, size_t aad_len, const void *plain, size_t n);

/*
 * Opens env (n bytes) into out, which holds n - MK_ENV_OVERHEAD bytes.
 * Errors: E_DAMAGED, whatever was wrong; out is zero then.
 */
MK_MUST_USE enum mk_err mk_env_open(uint8_t *out, const struct mk_secret *key,
                                    const void *aad, size_t aad_len,
                                    const void *env, size_t n,
                                    struct mk_diag *diag);

/* key_gen of an envelope, unproven: to choose the key.  0 if too short. */
uint32_t mk_env_key_gen(const void *env, size_t n);

/*
 * With padding (ISO/IEC 7816-4: 0x80, then zeros) so that the size tells
 * little: to a multiple of step up to 512 bytes, longer ones to the next power
 * of two.  step: MK_PAD_FACTS, MK_PAD_IDENTITY,
 * MK_PAD_NARRATIVE.  out is added to.
 */
#define MK_PAD_FACTS 64
#define MK_PAD_IDENTITY 64
#define MK_PAD_NARRATIVE 512
MK_MUST_USE enum mk_err mk_env_seal_padded(struct mk_buf *out, size_t step,
                                           const struct mk_secret *key,
                                           uint32_t key_gen, const void *aad,
                                           size_t aad_len, const void *plain,
                                           size_t n);
/* out is cleared first.  Errors: E_DAMAGED. */
MK_MUST_USE enum mk_err mk_env_open_padded(struct mk_buf *out,
                                           const struct mk_secret *key,
                                           const void *aad, size_t aad_len,
                                           const void *env, size_t n,
                                           struct mk_diag *diag);

/* A key in an envelope: seals key_in (any length) / gives a new secret. */
MK_MUST_USE enum mk_err mk_env_wrap(struct mk_buf *out,
                                    const struct mk_secret *key,
                                    uint32_t key_gen, const void *aad,
                                    size_t aad_len,
                                    const struct mk_secret *key_in);
MK_MUST_USE enum mk_err mk_env_unwrap(struct mk_secret **out,
                                      const struct mk_secret *key,
                                      const void *aad, size_t aad_len,
                                      const void *env, size_t n,
                                      struct mk_diag *diag);

#endif
