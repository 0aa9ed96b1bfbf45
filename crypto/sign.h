/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ed25519 signatures (RFC 8032) with a context, and sealed boxes to X25519
 * keys (libsodium crypto_box_seal: X25519, XSalsa20-Poly1305).
 */
#ifndef MK_CRYPTO_SIGN_H
#define MK_CRYPTO_SIGN_H

#include "core/base/buf.h"
#include "crypto/crypto.h"
#include "crypto/secret.h"

/*
 * *key (64 bytes, guarded) from seed (32 bytes); pk is its public half.
 * Owns: the caller frees *key.
 */
MK_MUST_USE enum mk_err mk_sign_key(struct mk_secret **key,
                                    uint8_t pk[static MK_PK],
                                    const struct mk_secret *seed);

/* Signs context | 0x00 | msg.  context is a fixed text of ours, such as
 * "meldkluis/head/v1": no two purposes share one. */
MK_MUST_USE enum mk_err mk_sign(uint8_t sig[static MK_SIG],
                                const struct mk_secret *key,
                                const char *context, const void *msg,
                                size_t n);
MK_MUST_USE bool mk_sign_ok(const uint8_t sig[static MK_SIG],
                            const uint8_t pk[static MK_PK],
                            const char *context, const void *msg, size_t n);

/* X25519: pk of secret (32 bytes).  False for a degenerate key. */
MK_MUST_USE bool mk_box_public(uint8_t pk[static MK_PK],
                               const struct mk_secret *secret);

#define MK_BOX_OVERHEAD 48

/*
 * Seals n bytes to pk; out gets n + MK_BOX_OVERHEAD bytes.  Anybody can do
 * this: what is sealed carries its context inside and is signed by its sender.
 * Errors: E_DAMAGED when pk is a point of small order.
 */
MK_MUST_USE enum mk_err mk_box_seal(uint8_t *out,
                                    const uint8_t pk[static MK_PK],
                                    const void *plain, size_t n);
/* As mk_box_seal with the plaintext prefix | secret; out is added to. */
MK_MUST_USE enum mk_err mk_box_seal_secret(struct mk_buf *out,
                                           const uint8_t pk[static MK_PK],
                                           const void *prefix, size_t n,
                                           const struct mk_secret *secret);
/*
 * Opens a box made by mk_box_seal_secret: checks in constant time that the
 * plaintext begins with prefix, *out is a new secret of what follows.
 * Errors: E_DAMAGED for everything that is wrong.
 */
MK_MUST_USE enum mk_err mk_box_open_secret(struct mk_secret **out,
                                           const struct mk_secret *secret,
                                           const void *prefix,
                                           size_t prefix_len, const void *box,
                                           size_t n, struct mk_diag *diag);
/* Opens n bytes of box into out (n - MK_BOX_OVERHEAD bytes). */
MK_MUST_USE enum mk_err mk_box_open(uint8_t *out,
                                    const struct mk_secret *secret,
                                    const void *box, size_t n,
                                    struct mk_diag *diag);

#endif
