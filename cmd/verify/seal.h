/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening what is sealed, on libsodium alone.  Source: FORMAT "Envelope",
 * FORMAT-keyring "Wrap", FORMAT-export "The auditor's key file".
 */
#ifndef MK_CMD_VERIFY_SEAL_H
#define MK_CMD_VERIFY_SEAL_H

#include "core/base/err.h"

#define MK_VF_ENVELOPE 77 /* bytes more than its plaintext */
#define MK_VF_SEALED 48   /* of a sealed box */

/* The libraries under it; first of all.  Errors: E_LIBRARY. */
MK_MUST_USE enum mk_err mk_vf_seal_init(struct mk_diag *diag);

/* Guarded memory: fenced, locked, wiped when freed.  NULL: none left. */
void *mk_vf_guarded(size_t n);
void mk_vf_guarded_free(void *p); /* NULL is fine */
void mk_vf_wipe(void *p, size_t n);
MK_MUST_USE bool mk_vf_equal(const void *a, const void *b, size_t n);

/* out gets n - MK_VF_ENVELOPE bytes, zeros when false. */
MK_MUST_USE bool mk_vf_envelope_open(uint8_t *out,
                                     const uint8_t key[static 32],
                                     const void *aad, size_t n_aad,
                                     const void *env, size_t n);
/* out gets n - MK_VF_SEALED bytes. */
MK_MUST_USE bool mk_vf_box_open(uint8_t *out, const uint8_t pk[static 32],
                                const uint8_t secret[static 32],
                                const void *box, size_t n);
/* X25519.  False for a degenerate key. */
MK_MUST_USE bool mk_vf_box_public(uint8_t pk[static 32],
                                  const uint8_t secret[static 32]);
/* HKDF-SHA256 (RFC 5869), 32 bytes. */
void mk_vf_hkdf(uint8_t out[static 32], const void *salt, size_t n_salt,
                const uint8_t ikm[static 32], const char *info);
/* Argon2id, p = 1.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_vf_argon2(uint8_t out[static 32],
                                     const char *phrase, size_t n,
                                     const uint8_t salt[static 16], uint64_t t,
                                     uint64_t m_kib);

#endif
