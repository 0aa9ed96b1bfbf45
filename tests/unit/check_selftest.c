/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A library that is too old, says no or gives wrong answers stops the start.
 * The functions below stand before those of the libraries: unless they are the
 * broken one of a test they give the answer of the library by another of its
 * doors.  Every test runs in a process of its own, not yet started.
 */
#include "crypto/crypto.h"

#include "crypto/envelope.h"
#include "crypto/kdf.h"
#include "crypto/sign.h"
#include "tests/support/unit.h"

#include <gcrypt.h>
#include <sodium.h>
#include <string.h>

static enum {
    NOTHING,
    OLD_GCRYPT,
    OLD_SODIUM,
    SODIUM_INIT,
    SHA256,
    SHA512,
    DECRYPT_WRONG,
    DECRYPT_ALWAYS,
    SIGN,
    VERIFY_NEVER,
    VERIFY_ALWAYS,
    BOX,
    GUARDED_MEMORY,
} broken;

const char *gcry_check_version(const char *wanted)
{
    (void)wanted;
    return broken == OLD_GCRYPT ? NULL : GCRYPT_VERSION;
}

int sodium_library_version_minor(void)
{
    return broken == OLD_SODIUM ? 2 : SODIUM_LIBRARY_VERSION_MINOR;
}

int sodium_init(void)
{
    /* without it libsodium computes the same, only slower */
    return broken == SODIUM_INIT ? -1 : 0;
}

void *sodium_malloc(const size_t n)
{
    return broken == GUARDED_MEMORY ? NULL : malloc(n + !n);
}

void sodium_free(void *p)
{
    free(p);
}

gcry_error_t gcry_md_hash_buffers(int algo, unsigned flags, void *digest,
                                  const gcry_buffer_t *iov, int n)
{
    gcry_md_hd_t md;
    gcry_error_t rc = gcry_md_open(&md, algo, flags);
    if (rc != 0)
        return rc;
    for (int i = 0; i < n; i++)
        gcry_md_write(md, (char *)iov[i].data + iov[i].off, iov[i].len);
    memcpy(digest, gcry_md_read(md, algo), gcry_md_get_algo_dlen(algo));
    gcry_md_close(md);
    if ((broken == SHA256 && algo == GCRY_MD_SHA256) ||
        (broken == SHA512 && algo == GCRY_MD_SHA512))
        *(uint8_t *)digest ^= 1;
    return 0;
}

void gcry_md_hash_buffer(int algo, void *digest, const void *p, size_t n)
{
    const gcry_buffer_t one = {.len = n, .data = (void *)(uintptr_t)p};

    ck_assert_uint_eq(gcry_md_hash_buffers(algo, 0, digest, &one, 1), 0);
}

int crypto_aead_xchacha20poly1305_ietf_decrypt(
    unsigned char *m, unsigned long long *m_len, unsigned char *secret,
    const unsigned char *c, unsigned long long n, const unsigned char *aad,
    unsigned long long aad_len, const unsigned char *nonce,
    const unsigned char *key)
{
    ck_assert(m_len == NULL && n >= 16);
    int rc = crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
        m, secret, c, n - 16, c + n - 16, aad, aad_len, nonce, key);
    if (broken == DECRYPT_WRONG)
        m[0] ^= 1;
    return broken == DECRYPT_ALWAYS ? 0 : rc;
}

int crypto_sign_detached(unsigned char *sig, unsigned long long *sig_len,
                         const unsigned char *m, unsigned long long n,
                         const unsigned char *key)
{
    int rc = crypto_sign_ed25519_detached(sig, sig_len, m, n, key);
    if (broken == SIGN)
        sig[63] ^= 1;
    return rc;
}

int crypto_sign_verify_detached(const unsigned char *sig,
                                const unsigned char *m, unsigned long long n,
                                const unsigned char *pk)
{
    if (broken == VERIFY_ALWAYS || broken == VERIFY_NEVER)
        return broken == VERIFY_NEVER ? -1 : 0;
    return crypto_sign_ed25519_verify_detached(sig, m, n, pk);
}

int crypto_box_seal_open(unsigned char *m, const unsigned char *c,
                         unsigned long long n, const unsigned char *pk,
                         const unsigned char *key)
{
    uint8_t both[2 * MK_PK], nonce[crypto_box_NONCEBYTES];
    memcpy(both, c, MK_PK);
    memcpy(both + MK_PK, pk, MK_PK);
    crypto_generichash(nonce, sizeof nonce, both, sizeof both, NULL, 0);
    int rc = crypto_box_open_easy(m, c + MK_PK, n - MK_PK, nonce, c, key);
    if (broken == BOX)
        m[0] ^= 1;
    return rc;
}

static void does_not_start(int what, const char *place)
{
    struct mk_diag diag = MK_DIAG_INIT;
    broken = what;
    ck_assert_int_eq(mk_crypto_init(&diag), MK_E_LIBRARY);
    ck_assert_str_eq(diag.place, place);
    /* nor at the second try */
    ck_assert_int_eq(mk_crypto_init(&diag), MK_E_LIBRARY);
    broken = NOTHING;
    ck_assert_int_eq(mk_crypto_init(&diag), MK_OK);
}

START_TEST(a_library_that_is_too_old_is_refused)
{
    does_not_start(_i == 0 ? OLD_GCRYPT : OLD_SODIUM,
                   _i == 0 ? "libgcrypt >= 1.10.0" : "libsodium >= 1.0.18");
}
END_TEST

START_TEST(a_library_that_does_not_start_is_refused)
{
    does_not_start(SODIUM_INIT, "libsodium >= 1.0.18");
}
END_TEST

static const struct {
    int what;
    const char *place;
} wrong[] = {
    {SHA512, "HMAC-SHA-512"},
    {SHA256, "HKDF-SHA-256"},
    {DECRYPT_WRONG, "XChaCha20-Poly1305"},
    {DECRYPT_ALWAYS, "XChaCha20-Poly1305"},
    {SIGN, "Ed25519"},
    {VERIFY_NEVER, "Ed25519"},
    {VERIFY_ALWAYS, "Ed25519"},
    {BOX, "X25519"},
};

#define WRONG ((int)(sizeof wrong / sizeof wrong[0]))

START_TEST(a_library_with_a_wrong_answer_is_refused)
{
    does_not_start(wrong[_i].what, wrong[_i].place);
}
END_TEST

START_TEST(without_guarded_memory_everything_fails_and_nothing_is_left)
{
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert_int_eq(mk_crypto_init(&diag), MK_OK);
    struct mk_secret *key = mk_secret_random(MK_KEY);
    struct mk_secret *pair = NULL;
    uint8_t pk[MK_PK], env[5 + MK_ENV_OVERHEAD];
    struct mk_buf box = MK_BUF_INIT;
    ck_assert(mk_box_public(pk, key));
    ck_assert_int_eq(mk_box_seal_secret(&box, pk, "x", 1, key), MK_OK);
    mk_env_seal(env, key, 1, "", 0, "plain", 5);

    broken = GUARDED_MEMORY;
    struct mk_secret *kept[64]; /* first the blocks that were kept */
    size_t n = 0;
    while ((kept[n] = mk_secret_new(MK_KEY)))
        ck_assert_uint_lt(++n, 64);
    struct mk_secret *out = key;
    ck_assert_ptr_null(mk_secret_random(MK_KEY));
    ck_assert_ptr_null(mk_secret_copy(key));
    ck_assert_int_eq(mk_hkdf(&out, 32, "", 0, key, "", 0), MK_E_MEMORY);
    ck_assert_ptr_null(out);
    static const uint8_t salt[MK_ARGON2_SALT];
    ck_assert_int_eq(mk_argon2(&out, key, salt, mk_argon2_standard(), &diag),
                     MK_E_MEMORY);
    ck_assert_int_eq(diag.err, MK_E_MEMORY);
    ck_assert_int_eq(mk_sign_key(&pair, pk, key), MK_E_MEMORY);
    ck_assert_ptr_null(pair);
    ck_assert_int_eq(mk_env_unwrap(&out, key, "", 0, env, sizeof env, &diag),
                     MK_E_MEMORY);
    ck_assert_int_eq(
        mk_box_open_secret(&out, key, "x", 1, box.data, box.len, &diag),
        MK_E_MEMORY);
    ck_assert_ptr_null(out);
    while (n > 0)
        mk_secret_free(kept[--n]);
    mk_buf_release(&box);
    mk_secret_free(key);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("selftest");
    TCase *all = tcase_create("selftest");
    tcase_add_loop_test(all, a_library_that_is_too_old_is_refused, 0, 2);
    tcase_add_test(all, a_library_that_does_not_start_is_refused);
    tcase_add_loop_test(all, a_library_with_a_wrong_answer_is_refused, 0,
                        WRONG);
    tcase_add_test(
        all, without_guarded_memory_everything_fails_and_nothing_is_left);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
