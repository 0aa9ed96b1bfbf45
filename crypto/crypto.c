/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/crypto.h"

#include "crypto/gcrypt.h"
#include "crypto/selftest.h"

#include <gcrypt.h>
#include <sodium.h>
#include <stdio.h>

/* libsodium 1.0.18 calls its own library version 10.3 */
static bool sodium_is_new_enough(void)
{
    int major = sodium_library_version_major();
    return major > 10 || (major == 10 && sodium_library_version_minor() >= 3);
}

void mk_crypto_on_exhausted(mk_crypto_end *end)
{
    gcry_set_fatalerror_handler(end, NULL);
}

enum mk_err mk_crypto_init(struct mk_diag *diag)
{
    /* writable global: both libraries are started once a process */
    static bool is_done;
    if (is_done)
        return MK_OK;

    enum mk_err rc;
    MK_TRY(mk_gcrypt_init(diag));
    if (sodium_init() < 0 || !sodium_is_new_enough()) {
        rc = mk_fail(diag, MK_E_LIBRARY, "libsodium >= 1.0.18");
        goto out;
    }
    MK_TRY(mk_selftest_run(diag));
    is_done = true;
out:
    return rc;
}

void mk_crypto_versions(char sodium[static 32], char gcrypt[static 32])
{
    snprintf(sodium, 32, "%s", sodium_version_string());
    snprintf(gcrypt, 32, "%s", gcry_check_version(NULL));
}

bool mk_crypto_equal(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

void mk_crypto_wipe(void *p, size_t n)
{
    sodium_memzero(p, n);
}

void mk_b64(char *out, const uint8_t *p, size_t n)
{
    sodium_bin2base64(out, MK_B64_LEN(n) + 1, p, n,
                      sodium_base64_VARIANT_ORIGINAL);
}

bool mk_unb64(uint8_t *out, size_t max, size_t *n, const char *text,
              size_t text_len)
{
    /* refuses missing padding and bits left over, so that every row of bytes
     * has one spelling; libsodium 1.0.18 takes some bytes above 0x7f for
     * digits */
    for (size_t i = 0; i < text_len; i++)
        if ((unsigned char)text[i] > 0x7f)
            return false;
    return text_len % 4 == 0 &&
           sodium_base642bin(out, max, text, text_len, NULL, n, NULL,
                             sodium_base64_VARIANT_ORIGINAL) == 0;
}
