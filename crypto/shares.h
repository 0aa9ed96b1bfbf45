/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A secret in n shares of which any k give it back, and k - 1 say nothing
 * about it: Shamir over GF(2^8) by libgfshare, one polynomial a byte.
 *
 * The library finds out nothing: a share that was changed, or belongs to
 * another secret, gives another secret and no error.  Who keeps shares keeps
 * something beside them that proves the outcome.
 */
#ifndef MK_CRYPTO_SHARES_H
#define MK_CRYPTO_SHARES_H

#include "crypto/secret.h"

#define MK_SHARES_LEAST 2 /* one share that is enough is the secret itself */
#define MK_SHARES_MOST 16

struct mk_share {
    uint8_t number;          /* 1..255: where the polynomials were evaluated */
    struct mk_secret *bytes; /* as long as the secret */
};

/* Fit to share a secret: 2 <= k <= n <= 16. */
MK_MUST_USE bool mk_shares_fit(unsigned k, unsigned n);

/*
 * Shares secret; out[0..n) gets the numbers 1..n.
 * Owns: the caller releases out, also after an error.
 * Secrets: libgfshare works on ordinary memory for the length of this call and
 * overwrites it with random bytes.
 * Errors: E_USAGE (k, n), E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_shares_split(struct mk_share *out, unsigned k,
                                        unsigned n,
                                        const struct mk_secret *secret,
                                        struct mk_diag *diag);
/*
 * *out is a new secret: that which these n shares (k or more) belong to, or
 * something else where they do not belong together.
 * Errors: E_USAGE (no share, too many, a number 0 or twice, lengths that
 * differ), E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_shares_combine(struct mk_secret **out,
                                          const struct mk_share *shares,
                                          size_t n, struct mk_diag *diag);
void mk_shares_release(struct mk_share *shares, size_t n);

#endif
