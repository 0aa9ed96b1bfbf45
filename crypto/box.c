/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sealed boxes of crypto/sign.h. */
#include "crypto/sign.h"

#include <sodium.h>
#include <string.h>

_Static_assert(MK_BOX_OVERHEAD == crypto_box_SEALBYTES,
               "overhead of a sealed box");

bool mk_box_public(uint8_t pk[static MK_PK], const struct mk_secret *secret)
{
    memset(pk, 0, MK_PK);
    if (mk_secret_len(secret) != crypto_box_SECRETKEYBYTES ||
        sodium_is_zero(mk_secret_peek(secret), crypto_box_SECRETKEYBYTES))
        return false;
    return crypto_scalarmult_base(pk, mk_secret_peek(secret)) == 0 &&
           !sodium_is_zero(pk, MK_PK);
}

enum mk_err mk_box_seal(uint8_t *out, const uint8_t pk[static MK_PK],
                        const void *plain, size_t n)
{
    /* libsodium refuses a shared secret of zero: a point of small order */
    return crypto_box_seal(out, plain, n, pk) == 0 ? MK_OK : MK_E_DAMAGED;
}

enum mk_err mk_box_seal_secret(struct mk_buf *out,
                               const uint8_t pk[static MK_PK],
                               const void *prefix, size_t n,
                               const struct mk_secret *secret)
{
    enum mk_err rc;
    struct mk_buf plain = MK_BUF_INIT;
    MK_TRY(mk_buf_add(&plain, prefix, n));
    MK_TRY(mk_buf_add(&plain, mk_secret_peek(secret), mk_secret_len(secret)));
    MK_TRY(mk_buf_reserve(out, plain.len + MK_BOX_OVERHEAD));
    MK_TRY(mk_box_seal(out->data + out->len, pk, plain.data, plain.len));
    out->len += plain.len + MK_BOX_OVERHEAD;
out:
    mk_buf_release(&plain);
    return rc;
}

enum mk_err mk_box_open(uint8_t *out, const struct mk_secret *secret,
                        const void *box, size_t n, struct mk_diag *diag)
{
    uint8_t pk[MK_PK];
    if (n >= MK_BOX_OVERHEAD && mk_box_public(pk, secret) &&
        crypto_box_seal_open(out, box, n, pk, mk_secret_peek(secret)) == 0)
        return MK_OK;
    if (n > MK_BOX_OVERHEAD)
        memset(out, 0, n - MK_BOX_OVERHEAD);
    return mk_fail(diag, MK_E_DAMAGED, "box");
}

enum mk_err mk_box_open_secret(struct mk_secret **out,
                               const struct mk_secret *secret,
                               const void *prefix, size_t prefix_len,
                               const void *box, size_t n, struct mk_diag *diag)
{
    enum mk_err rc;
    *out = NULL;
    if (n > MK_BUF_MAX || n < MK_BOX_OVERHEAD ||
        n - MK_BOX_OVERHEAD < prefix_len)
        return mk_fail(diag, MK_E_DAMAGED, "box");
    size_t plain_len = n - MK_BOX_OVERHEAD;
    struct mk_secret *plain = mk_secret_new(plain_len);
    if (!plain)
        return mk_fail(diag, MK_E_MEMORY, "box");
    MK_TRY(mk_box_open(mk_secret_bytes(plain), secret, box, n, diag));
    const uint8_t *p = mk_secret_peek(plain);
    if (prefix_len > 0 && sodium_memcmp(p, prefix, prefix_len) != 0) {
        rc = mk_fail(diag, MK_E_DAMAGED, "box");
        goto out;
    }
    *out = mk_secret_from(p + prefix_len, plain_len - prefix_len);
    if (!*out)
        rc = mk_fail(diag, MK_E_MEMORY, "box");
out:
    mk_secret_free(plain);
    return rc;
}
