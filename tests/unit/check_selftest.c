/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A library that is too old, says no or gives wrong answers stops the start.
 * The functions below stand before those of the libraries and pass on to them
 * unless they are the broken one of a test.  Every test runs in a process of
 * its own that has not been started yet.
 */
#include "crypto/crypto.h"

#include "crypto/envelope.h"
#include "crypto/kdf.h"
#include "crypto/sign.h"
#include "tests/support/unit.h"

#include <dlfcn.h>
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

/* The function of the library behind the one here. */
#define NEXT(name) ((__typeof__(&name))next_of(#name))

static void *next_of(const char *name)
{
    void *next = dlsym(RTLD_NEXT, name);
    ck_assert_msg(next != NULL, "%s", name);
    return next;
}

const char *gcry_check_version(const char *wanted)
{
    return broken == OLD_GCRYPT ? NULL : NEXT(gcry_check_version)(wanted);
}

int sodium_library_version_minor(void)
{
    return broken == OLD_SODIUM ? 2 : NEXT(sodium_library_version_minor)();
}

int sodium_init(void)
{
    return broken == SODIUM_INIT ? -1 : NEXT(sodium_init)();
}

gcry_error_t gcry_md_hash_buffers(int algo, unsigned flags, void *digest,
                                  const gcry_buffer_t *iov, int n)
{
    gcry_error_t rc = NEXT(gcry_md_hash_buffers)(algo, flags, digest, iov, n);
    if ((broken == SHA256 && algo == GCRY_MD_SHA256) ||
        (broken == SHA512 && algo == GCRY_MD_SHA512))
        *(uint8_t *)digest ^= 1;
    return rc;
}

int crypto_aead_xchacha20poly1305_ietf_decrypt(
    unsigned char *m, unsigned long long *m_len, unsigned char *secret,
    const unsigned char *c, unsigned long long c_len, const unsigned char *aad,
    unsigned long long aad_len, const unsigned char *nonce,
    const unsigned char *key)
{
    int rc = NEXT(crypto_aead_xchacha20poly1305_ietf_decrypt)(
        m, m_len, secret, c, c_len, aad, aad_len, nonce, key);
    if (broken == DECRYPT_WRONG)
        m[0] ^= 1;
    return broken == DECRYPT_ALWAYS ? 0 : rc;
}

int crypto_sign_detached(unsigned char *sig, unsigned long long *sig_len,
                         const unsigned char *m, unsigned long long n,
                         const unsigned char *key)
{
    int rc = NEXT(crypto_sign_detached)(sig, sig_len, m, n, key);
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
    return NEXT(crypto_sign_verify_detached)(sig, m, n, pk);
}

int crypto_box_seal_open(unsigned char *m, const unsigned char *c,
                         unsigned long long n, const unsigned char *pk,
                         const unsigned char *key)
{
    int rc = NEXT(crypto_box_seal_open)(m, c, n, pk, key);
    if (broken == BOX)
        m[0] ^= 1;
    return rc;
}

void *sodium_malloc(const size_t n)
{
    return broken == GUARDED_MEMORY ? NULL : NEXT(sodium_malloc)(n);
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
