/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/crypto.h"
#include "crypto/secret.h"

#include <string.h>

struct mk_secret *mk_secret_join(const struct mk_secret *a,
                                 const struct mk_secret *b)
{
    size_t na = mk_secret_len(a);
    size_t nb = mk_secret_len(b);
    struct mk_secret *s = mk_secret_new(na + nb);
    if (!s)
        return NULL;
    memcpy(mk_secret_bytes(s), mk_secret_peek(a), na);
    memcpy(mk_secret_bytes(s) + na, mk_secret_peek(b), nb);
    return s;
}

struct mk_secret *mk_secret_part(const struct mk_secret *s, size_t offset,
                                 size_t n)
{
    size_t len = mk_secret_len(s);
    if (offset > len || n > len - offset)
        return NULL;
    return mk_secret_from(mk_secret_peek(s) + offset, n);
}

bool mk_secret_equal(const struct mk_secret *a, const struct mk_secret *b)
{
    return mk_secret_len(a) == mk_secret_len(b) &&
           mk_crypto_equal(mk_secret_peek(a), mk_secret_peek(b),
                           mk_secret_len(a));
}
