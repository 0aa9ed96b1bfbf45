/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/shares.h"

#include "core/base/random.h"

#include <libgfshare.h>
#include <string.h>

static const char place[] = "libgfshare";

static void fill(unsigned char *p, unsigned int n)
{
    mk_random(p, n);
}

/* The library's own source of randomness starts as NULL; it is also what
 * overwrites a context that is freed. */
static void seed_library(void)
{
    gfshare_fill_rand = fill;
}

bool mk_shares_fit(unsigned k, unsigned n)
{
    return k >= MK_SHARES_LEAST && k <= n && n <= MK_SHARES_MOST;
}

enum mk_err mk_shares_split(struct mk_share *out, unsigned k, unsigned n,
                            const struct mk_secret *secret,
                            struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    size_t len = mk_secret_len(secret);
    uint8_t numbers[MK_SHARES_MOST];
    struct mk_secret *whole = NULL;
    gfshare_ctx *ctx = NULL;

    memset(out, 0, n * sizeof *out);
    if (!mk_shares_fit(k, n) || len == 0)
        return mk_fail(diag, MK_E_USAGE, place);
    seed_library();
    for (unsigned i = 0; i < n; i++)
        out[i].number = numbers[i] = (uint8_t)(i + 1);
    whole = mk_secret_copy(secret);
    ctx = gfshare_ctx_init_enc(numbers, n, (unsigned char)k, (unsigned)len);
    if (!whole || !ctx) {
        rc = mk_fail(diag, MK_E_MEMORY, place);
        goto out;
    }
    gfshare_ctx_enc_setsecret(ctx, mk_secret_bytes(whole));
    for (unsigned i = 0; i < n; i++) {
        out[i].bytes = mk_secret_new(len);
        if (!out[i].bytes) {
            rc = mk_fail(diag, MK_E_MEMORY, place);
            goto out;
        }
        gfshare_ctx_enc_getshare(ctx, (unsigned char)i,
                                 mk_secret_bytes(out[i].bytes));
    }
out:
    if (ctx)
        gfshare_ctx_free(ctx);
    mk_secret_free(whole);
    return rc;
}

static bool belong_in_form(const struct mk_share *shares, size_t n)
{
    if (n == 0 || n > MK_SHARES_MOST)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (shares[i].number == 0 || mk_secret_len(shares[i].bytes) == 0 ||
            mk_secret_len(shares[i].bytes) != mk_secret_len(shares[0].bytes))
            return false;
        for (size_t j = 0; j < i; j++)
            if (shares[j].number == shares[i].number)
                return false;
    }
    return true;
}

enum mk_err mk_shares_combine(struct mk_secret **out,
                              const struct mk_share *shares, size_t n,
                              struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    uint8_t numbers[MK_SHARES_MOST];
    struct mk_secret *whole = NULL;
    gfshare_ctx *ctx = NULL;
    size_t len;

    *out = NULL;
    if (!belong_in_form(shares, n))
        return mk_fail(diag, MK_E_USAGE, place);
    seed_library();
    len = mk_secret_len(shares[0].bytes);
    for (size_t i = 0; i < n; i++)
        numbers[i] = shares[i].number;
    whole = mk_secret_new(len);
    ctx = gfshare_ctx_init_dec(numbers, (unsigned)n, (unsigned)len);
    if (!whole || !ctx) {
        rc = mk_fail(diag, MK_E_MEMORY, place);
        goto out;
    }
    for (size_t i = 0; i < n; i++)
        gfshare_ctx_dec_giveshare(ctx, (unsigned char)i,
                                  mk_secret_bytes(shares[i].bytes));
    gfshare_ctx_dec_extract(ctx, mk_secret_bytes(whole));
    *out = whole;
    whole = NULL;
out:
    if (ctx)
        gfshare_ctx_free(ctx);
    mk_secret_free(whole);
    return rc;
}

void mk_shares_release(struct mk_share *shares, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        mk_secret_free(shares[i].bytes);
        shares[i] = (struct mk_share){.number = 0};
    }
}
