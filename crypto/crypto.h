/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Start-up of the two libraries and their self-tests. */
#ifndef MK_CRYPTO_CRYPTO_H
#define MK_CRYPTO_CRYPTO_H

#include "core/base/err.h"

#define MK_HASH 32 /* SHA-256 */
#define MK_ID 16   /* random ids: store, user, session, dossier, key */
#define MK_SIG 64  /* Ed25519 */
#define MK_PK 32   /* Ed25519 or X25519 public key */

/*
 * libgcrypt gives up the process where it finds no memory, by abort() unless
 * another end is set.  It is called on any stack and must not return; text is
 * the library's own.  Before mk_crypto_init.
 */
typedef void mk_crypto_end(void *ctx, int err, const char *text);
void mk_crypto_on_exhausted(mk_crypto_end *end);

/*
 * Initialises libgcrypt (version 1.10 or newer, secure memory off, self-test
 * run) and libsodium, then opens one known answer of every construction of
 * this folder.  Safe to call again; everything else here needs it first.
 * Errors: E_LIBRARY with the library or construction in place.
 */
MK_MUST_USE enum mk_err mk_crypto_init(struct mk_diag *diag);

/* Versions of the libraries that are loaded, for doctor. */
void mk_crypto_versions(char sodium[static 32], char gcrypt[static 32]);

/* Constant time. */
MK_MUST_USE bool mk_crypto_equal(const void *a, const void *b, size_t n);
void mk_crypto_wipe(void *p, size_t n);

/* Canonical base64 (RFC 4648 section 4, with padding). */
#define MK_B64_LEN(n) (((n) + 2) / 3 * 4)           /* without the NUL */
void mk_b64(char *out, const uint8_t *p, size_t n); /* writes a NUL too */
/* Strict: only the canonical form.  *n becomes the length.  False if not. */
MK_MUST_USE bool mk_unb64(uint8_t *out, size_t max, size_t *n,
                          const char *text, size_t text_len);

#endif
