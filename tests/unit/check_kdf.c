/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/kdf.h"

#include "tests/support/unit.h"
#include "tests/support/vectors.h"

#include <sodium.h>
#include <string.h>

static void start(void)
{
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert_msg(mk_crypto_init(&diag) == MK_OK, "%s", diag.place);
}

static struct mk_secret *secret_of(struct vectors *v, const char *key)
{
    size_t n;
    const uint8_t *p = vectors_bytes(v, key, &n);
    struct mk_secret *s = mk_secret_from(p, n);
    ck_assert_ptr_nonnull(s);
    return s;
}

START_TEST(hmac_gives_the_known_answers)
{
    struct vectors *v = vectors_open("hmac.txt");
    while (vectors_next(v)) {
        struct mk_secret *key = secret_of(v, "key");
        size_t n, n256, n512;
        const uint8_t *in = vectors_bytes(v, "in", &n);
        const uint8_t *want256 = vectors_bytes(v, "sha256", &n256);
        const uint8_t *want512 = vectors_bytes(v, "sha512", &n512);
        uint8_t got[64];
        ck_assert(n256 == 32 && n512 == 64);
        for (size_t cut = 0; cut <= n; cut += 1 + n / 4) {
            const struct mk_part parts[2] = {{in, cut}, {in + cut, n - cut}};
            mk_hmac_sha256(got, key, parts, 2);
            ck_assert_mem_eq(got, want256, 32);
            mk_hmac_sha512(got, key, parts, 2);
            ck_assert_mem_eq(got, want512, 64);
        }
        mk_secret_free(key);
    }
}
END_TEST

START_TEST(hmac_agrees_with_libsodium_at_every_length_of_key_and_text)
{
    uint8_t bytes[300];
    randombytes_buf_deterministic(bytes, sizeof bytes, (const uint8_t[32]){9});
    for (size_t n = 0; n <= sizeof bytes; n++) {
        struct mk_secret *key = mk_secret_from(bytes, n);
        const struct mk_part part = {bytes, sizeof bytes - n};
        uint8_t got[64], want[64];
        crypto_auth_hmacsha256_state small;
        crypto_auth_hmacsha512_state large;
        mk_hmac_sha256(got, key, &part, 1);
        crypto_auth_hmacsha256_init(&small, bytes, n);
        crypto_auth_hmacsha256_update(&small, part.p, part.n);
        crypto_auth_hmacsha256_final(&small, want);
        ck_assert_mem_eq(got, want, 32);
        mk_hmac_sha512(got, key, &part, 1);
        crypto_auth_hmacsha512_init(&large, bytes, n);
        crypto_auth_hmacsha512_update(&large, part.p, part.n);
        crypto_auth_hmacsha512_final(&large, want);
        ck_assert_mem_eq(got, want, 64);
        mk_secret_free(key);
    }
}
END_TEST

START_TEST(hkdf_gives_the_known_answers_also_from_two_secrets)
{
    struct vectors *v = vectors_open("hkdf.txt");
    while (vectors_next(v)) {
        size_t ikm_n, salt_n, info_n, n;
        const uint8_t *ikm = vectors_bytes(v, "ikm", &ikm_n);
        const uint8_t *salt = vectors_bytes(v, "salt", &salt_n);
        const uint8_t *info = vectors_bytes(v, "info", &info_n);
        const uint8_t *want = vectors_bytes(v, "okm", &n);
        struct mk_secret *all = secret_of(v, "ikm");
        struct mk_secret *out = NULL;
        ck_assert_int_eq(mk_hkdf(&out, n, salt, salt_n, all, info, info_n),
                         MK_OK);
        ck_assert_uint_eq(mk_secret_len(out), n);
        ck_assert_mem_eq(mk_secret_peek(out), want, n);
        mk_secret_free(out);
        for (size_t cut = 0; cut <= ikm_n; cut += 11) {
            struct mk_secret *a = mk_secret_from(ikm, cut);
            struct mk_secret *b = mk_secret_from(ikm + cut, ikm_n - cut);
            ck_assert_int_eq(
                mk_hkdf2(&out, n, salt, salt_n, a, b, info, info_n), MK_OK);
            ck_assert_mem_eq(mk_secret_peek(out), want, n);
            mk_secret_free(out);
            mk_secret_free(a);
            mk_secret_free(b);
        }
        mk_secret_free(all);
    }
}
END_TEST

START_TEST(hkdf_depends_on_every_input)
{
    struct mk_secret *ikm = mk_secret_random(32);
    struct mk_secret *other = mk_secret_copy(ikm);
    struct mk_secret *out[4];
    mk_secret_bytes(other)[31] ^= 1;
    ck_assert_int_eq(mk_hkdf(&out[0], 32, "s", 1, ikm, "i", 1), MK_OK);
    ck_assert_int_eq(mk_hkdf(&out[1], 32, "t", 1, ikm, "i", 1), MK_OK);
    ck_assert_int_eq(mk_hkdf(&out[2], 32, "s", 1, ikm, "j", 1), MK_OK);
    ck_assert_int_eq(mk_hkdf(&out[3], 32, "s", 1, other, "i", 1), MK_OK);
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < i; j++)
            ck_assert_mem_ne(mk_secret_peek(out[i]), mk_secret_peek(out[j]),
                             32);
    }
    for (size_t i = 0; i < 4; i++)
        mk_secret_free(out[i]);
    mk_secret_free(ikm);
    mk_secret_free(other);
}
END_TEST

START_TEST(hkdf_of_impossible_length_is_refused)
{
    struct mk_secret *ikm = mk_secret_random(32);
    struct mk_secret *out = ikm;
    ck_assert_int_ne(mk_hkdf(&out, 8161, "", 0, ikm, "", 0), MK_OK);
    ck_assert_ptr_null(out);
    ck_assert_int_ne(mk_hkdf(&out, 0, "", 0, ikm, "", 0), MK_OK);
    mk_secret_free(ikm);
}
END_TEST

START_TEST(argon2id_gives_the_known_answers)
{
    struct vectors *v = vectors_open("argon2.txt");
    while (vectors_next(v)) {
        struct mk_argon2_cost cost = {
            .t = (uint32_t)vectors_num(v, "t"),
            .m_kib = (uint32_t)vectors_num(v, "m_kib")};
        size_t n;
        const uint8_t *salt = vectors_bytes(v, "salt", &n);
        ck_assert_uint_eq(n, MK_ARGON2_SALT);
        const uint8_t *want = vectors_bytes(v, "key", &n);
        struct mk_secret *word = secret_of(v, "passphrase");
        struct mk_secret *key = NULL;
        ck_assert_int_eq(mk_argon2(&key, word, salt, cost, NULL), MK_OK);
        ck_assert_uint_eq(mk_secret_len(key), n);
        ck_assert_mem_eq(mk_secret_peek(key), want, n);
        mk_secret_free(key);
        mk_secret_free(word);
    }
}
END_TEST

START_TEST(argon2id_costs_out_of_bounds_are_refused_before_any_work)
{
    static const struct mk_argon2_cost bad[] = {{0, 65536},
                                                {1, 65536},
                                                {2, 65536},
                                                {11, 65536},
                                                {3, 0},
                                                {3, 1},
                                                {3, 63},
                                                {3, 2097153},
                                                {3, UINT32_MAX},
                                                {UINT32_MAX, 65536},
                                                {UINT32_MAX, UINT32_MAX}};
    static const uint8_t salt[MK_ARGON2_SALT];
    struct mk_secret *word = mk_secret_from("x", 1);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct mk_diag diag = MK_DIAG_INIT;
        struct mk_secret *key = word;
        ck_assert(!mk_argon2_cost_ok(bad[i]));
        ck_assert_int_eq(mk_argon2(&key, word, salt, bad[i], &diag),
                         MK_E_DAMAGED);
        ck_assert_int_eq(diag.err, MK_E_DAMAGED);
        ck_assert_ptr_null(key);
    }
    ck_assert(mk_argon2_cost_ok((struct mk_argon2_cost){3, 65536}));
    ck_assert(mk_argon2_cost_ok((struct mk_argon2_cost){10, 2097152}));
    ck_assert(mk_argon2_cost_ok(mk_argon2_standard()));
    ck_assert(mk_argon2_cost_ok(mk_argon2_high()));
    mk_secret_free(word);
}
END_TEST

START_TEST(a_test_build_says_that_it_is_one)
{
    ck_assert_str_eq(mk_argon2_build(), "test");
    ck_assert_uint_eq(mk_argon2_standard().m_kib, 64);
    ck_assert_uint_eq(mk_argon2_high().m_kib, 128);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        hmac_gives_the_known_answers,
        hmac_agrees_with_libsodium_at_every_length_of_key_and_text,
        hkdf_gives_the_known_answers_also_from_two_secrets,
        hkdf_depends_on_every_input,
        hkdf_of_impossible_length_is_refused,
        argon2id_gives_the_known_answers,
        argon2id_costs_out_of_bounds_are_refused_before_any_work,
        a_test_build_says_that_it_is_one,
    };
    return UNIT_RUN("kdf", tests, start);
}
