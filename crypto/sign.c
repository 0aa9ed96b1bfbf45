/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/sign.h"

#include <sodium.h>
#include <string.h>

#define SMALL 1024 /* heads and statements: signed without the heap */

enum mk_err mk_sign_key(struct mk_secret **key, uint8_t pk[static MK_PK],
                        const struct mk_secret *seed)
{
    *key = NULL;
    if (mk_secret_len(seed) != crypto_sign_SEEDBYTES)
        return MK_E_DAMAGED;
    struct mk_secret *s = mk_secret_new(crypto_sign_SECRETKEYBYTES);
    if (!s)
        return MK_E_MEMORY;
    if (crypto_sign_seed_keypair(pk, mk_secret_bytes(s),
                                 mk_secret_peek(seed)) != 0) {
        mk_secret_free(s);
        return MK_E_INTERNAL;
    }
    *key = s;
    return MK_OK;
}

/* context | 00 | msg: in small if it fits, else in big. */
struct signed_text {
    uint8_t small[SMALL];
    struct mk_buf big;
    const uint8_t *p;
    size_t n;
};

static enum mk_err text_make(struct signed_text *t, const char *context,
                             const void *msg, size_t n)
{
    enum mk_err rc = MK_OK;
    size_t context_len = strlen(context) + 1;
    mk_buf_init(&t->big);
    if (n <= SMALL && context_len <= SMALL - n) {
        memcpy(t->small, context, context_len);
        if (n > 0)
            memcpy(t->small + context_len, msg, n);
        t->p = t->small;
        t->n = context_len + n;
        return MK_OK;
    }
    MK_TRY(mk_buf_add(&t->big, context, context_len));
    MK_TRY(mk_buf_add(&t->big, msg, n));
    t->p = t->big.data;
    t->n = t->big.len;
out:
    return rc;
}

static void text_release(struct signed_text *t)
{
    mk_buf_release(&t->big);
}

enum mk_err mk_sign(uint8_t sig[static MK_SIG], const struct mk_secret *key,
                    const char *context, const void *msg, size_t n)
{
    struct signed_text t;
    if (mk_secret_len(key) != crypto_sign_SECRETKEYBYTES)
        return MK_E_INTERNAL;
    enum mk_err rc = text_make(&t, context, msg, n);
    if (rc == MK_OK &&
        crypto_sign_detached(sig, NULL, t.p, t.n, mk_secret_peek(key)) != 0)
        rc = MK_E_INTERNAL;
    text_release(&t);
    return rc;
}

bool mk_sign_ok(const uint8_t sig[static MK_SIG],
                const uint8_t pk[static MK_PK], const char *context,
                const void *msg, size_t n)
{
    struct signed_text t;
    /* out of memory refuses: never a yes that was not proven */
    bool ok = text_make(&t, context, msg, n) == MK_OK &&
              crypto_sign_verify_detached(sig, t.p, t.n, pk) == 0;
    text_release(&t);
    return ok;
}
