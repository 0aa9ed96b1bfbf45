/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/envelope.h"

#include "core/base/bytes.h"
#include "tests/support/unit.h"
#include "tests/support/vectors.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define N 40 /* bytes of plaintext in the tests that change something */

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

static void seed(struct vectors *v)
{
    /* another row first: the same seed twice would go on with its row */
    setenv("MELDKLUIS_TEST_SEED", "18446744073709551615", 1);
    mk_secret_free(mk_secret_random(1));
    setenv("MELDKLUIS_TEST_SEED", vectors_text(v, "seed"), 1);
}

START_TEST(sealing_and_opening_give_the_known_answers)
{
    struct vectors *v = vectors_open("envelope.txt");
    while (vectors_next(v)) {
        struct mk_secret *key = secret_of(v, "key");
        uint32_t key_gen = (uint32_t)vectors_num(v, "key_gen");
        size_t aad_n, plain_n, env_n;
        const uint8_t *aad = vectors_bytes(v, "aad", &aad_n);
        const uint8_t *plain = vectors_bytes(v, "plain", &plain_n);
        const uint8_t *env = vectors_bytes(v, "env", &env_n);
        ck_assert_uint_eq(env_n, plain_n + MK_ENV_OVERHEAD);
        uint8_t *got = malloc(env_n);
        seed(v);
        mk_env_seal(got, key, key_gen, aad, aad_n, plain, plain_n);
        ck_assert_mem_eq(got, env, env_n);
        memset(got, 0xee, env_n);
        ck_assert_int_eq(mk_env_open(got, key, aad, aad_n, env, env_n, NULL),
                         MK_OK);
        ck_assert_mem_eq(got, plain, plain_n);
        ck_assert_uint_eq(mk_env_key_gen(env, env_n), key_gen);
        free(got);
        mk_secret_free(key);
    }
}
END_TEST

START_TEST(the_place_is_laid_out_as_the_format_says)
{
    struct vectors *v = vectors_open("envelope.txt");
    while (vectors_next(v)) {
        struct mk_place place = {
            .table = (uint16_t)vectors_num(v, "table"),
            .column = (uint16_t)vectors_num(v, "column"),
            .version = vectors_num(v, "version"),
        };
        uint8_t aad[MK_AAD];
        size_t n, want_n;
        memcpy(place.row, vectors_bytes(v, "row", &n), MK_ID);
        memcpy(place.key_id, vectors_bytes(v, "key_id", &n), MK_ID);
        const uint8_t *store = vectors_bytes(v, "store", &n);
        const uint8_t *want = vectors_bytes(v, "aad", &want_n);
        mk_aad(aad, vectors_text(v, "magic"), store, &place);
        ck_assert_uint_eq(want_n, MK_AAD);
        ck_assert_mem_eq(aad, want, MK_AAD);
    }
}
END_TEST

START_TEST(padded_envelopes_give_the_known_answers)
{
    struct vectors *v = vectors_open("padded.txt");
    while (vectors_next(v)) {
        struct mk_secret *key = secret_of(v, "key");
        size_t aad_n, plain_n, env_n;
        const uint8_t *aad = vectors_bytes(v, "aad", &aad_n);
        const uint8_t *plain = vectors_bytes(v, "plain", &plain_n);
        const uint8_t *env = vectors_bytes(v, "env", &env_n);
        struct mk_buf out = MK_BUF_INIT;
        seed(v);
        ck_assert_int_eq(
            mk_env_seal_padded(&out, vectors_num(v, "step"), key,
                               (uint32_t)vectors_num(v, "key_gen"), aad, aad_n,
                               plain, plain_n),
            MK_OK);
        ck_assert_uint_eq(out.len, env_n);
        ck_assert_mem_eq(out.data, env, env_n);
        ck_assert_int_eq(
            mk_env_open_padded(&out, key, aad, aad_n, env, env_n, NULL),
            MK_OK);
        ck_assert_uint_eq(out.len, plain_n);
        if (plain_n > 0)
            ck_assert_mem_eq(out.data, plain, plain_n);
        mk_buf_release(&out);
        mk_secret_free(key);
    }
}
END_TEST

/* One envelope and all that belongs to it. */
struct sealed {
    struct mk_secret *key;
    uint8_t aad[MK_AAD];
    uint8_t plain[N];
    uint8_t env[N + MK_ENV_OVERHEAD];
};

static void seal(struct sealed *s)
{
    s->key = mk_secret_random(MK_KEY);
    for (size_t i = 0; i < MK_AAD; i++)
        s->aad[i] = (uint8_t)i;
    memset(s->plain, 'p', N);
    mk_env_seal(s->env, s->key, 3, s->aad, MK_AAD, s->plain, N);
}

static void is_refused(const struct sealed *s, const void *aad, size_t aad_n,
                       const void *env, size_t n, const char *why)
{
    static const uint8_t zero[N + MK_ENV_OVERHEAD];
    uint8_t out[N + MK_ENV_OVERHEAD];
    struct mk_diag diag = MK_DIAG_INIT;
    memset(out, 0xee, sizeof out);
    if (mk_env_open(out, s->key, aad, aad_n, env, n, &diag) != MK_E_DAMAGED)
        ck_abort_msg("opened: %s", why);
    ck_assert_int_eq(diag.err, MK_E_DAMAGED);
    if (n > MK_ENV_OVERHEAD)
        ck_assert_mem_eq(out, zero, n - MK_ENV_OVERHEAD);
}

START_TEST(any_flipped_bit_of_an_envelope_is_refused)
{
    struct sealed s;
    seal(&s);
    for (size_t bit = 0; bit < 8 * sizeof s.env; bit++) {
        char why[40];
        snprintf(why, sizeof why, "bit %zu of the envelope", bit);
        s.env[bit / 8] ^= (uint8_t)(1 << bit % 8);
        is_refused(&s, s.aad, MK_AAD, s.env, sizeof s.env, why);
        s.env[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    uint8_t out[N];
    ck_assert_int_eq(
        mk_env_open(out, s.key, s.aad, MK_AAD, s.env, sizeof s.env, NULL),
        MK_OK);
    mk_secret_free(s.key);
}
END_TEST

START_TEST(any_flipped_bit_of_the_place_is_refused)
{
    struct sealed s;
    seal(&s);
    for (size_t bit = 0; bit < 8 * sizeof s.aad; bit++) {
        char why[40];
        snprintf(why, sizeof why, "bit %zu of the aad", bit);
        s.aad[bit / 8] ^= (uint8_t)(1 << bit % 8);
        is_refused(&s, s.aad, MK_AAD, s.env, sizeof s.env, why);
        s.aad[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    is_refused(&s, s.aad, MK_AAD - 1, s.env, sizeof s.env, "shorter aad");
    is_refused(&s, NULL, 0, s.env, sizeof s.env, "no aad");
    mk_secret_free(s.key);
}
END_TEST

START_TEST(an_envelope_cut_or_lengthened_is_refused)
{
    struct sealed s;
    uint8_t longer[N + MK_ENV_OVERHEAD + 1] = {0};
    seal(&s);
    for (size_t n = 0; n < sizeof s.env; n++) {
        /* of the exact size: a sanitizer sees one byte more */
        uint8_t *cut = malloc(n + !n);
        memcpy(cut, s.env, n);
        is_refused(&s, s.aad, MK_AAD, cut, n, "cut off");
        free(cut);
    }
    memcpy(longer, s.env, sizeof s.env);
    uint8_t out[N + 1];
    ck_assert_int_eq(
        mk_env_open(out, s.key, s.aad, MK_AAD, longer, sizeof longer, NULL),
        MK_E_DAMAGED);
    ck_assert_uint_eq(mk_env_key_gen(s.env, MK_ENV_OVERHEAD - 1), 0);
    ck_assert_uint_eq(mk_env_key_gen(NULL, 0), 0);
    mk_secret_free(s.key);
}
END_TEST

START_TEST(another_key_is_refused_like_a_changed_byte)
{
    struct sealed s;
    seal(&s);
    struct mk_secret *right = s.key;
    for (size_t bit = 0; bit < 8 * MK_KEY; bit++) {
        s.key = mk_secret_copy(right);
        mk_secret_bytes(s.key)[bit / 8] ^= (uint8_t)(1 << bit % 8);
        is_refused(&s, s.aad, MK_AAD, s.env, sizeof s.env, "another key");
        mk_secret_free(s.key);
    }
    s.key = mk_secret_new(MK_KEY - 1);
    is_refused(&s, s.aad, MK_AAD, s.env, sizeof s.env, "a shorter key");
    mk_secret_free(s.key);
    mk_secret_free(right);
}
END_TEST

/*
 * Without the commitment an envelope can be made to open under two keys.
 * Here the AEAD is right under a second key, only com is not.
 */
START_TEST(a_ciphertext_that_fits_but_is_not_committed_to_is_refused)
{
    struct sealed s;
    seal(&s);
    uint8_t input[17 + 29 + 4 + MK_AAD];
    uint8_t okm[64];
    memcpy(input, "meldkluis/env/v1", 17);
    memcpy(input + 17, s.env, 29);
    mk_put_u32(input + 46, MK_AAD);
    memcpy(input + 50, s.aad, MK_AAD);
    crypto_auth_hmacsha512_state h;
    crypto_auth_hmacsha512_init(&h, mk_secret_peek(s.key), MK_KEY);
    crypto_auth_hmacsha512_update(&h, input, sizeof input);
    crypto_auth_hmacsha512_final(&h, okm);
    ck_assert_mem_eq(s.env + 29, okm + 32, 32);
    /* our own sealing by the bytes of the format opens */
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        s.env + 61, NULL, s.plain, N, s.aad, MK_AAD, NULL, s.env + 5, okm);
    uint8_t out[N];
    ck_assert_int_eq(
        mk_env_open(out, s.key, s.aad, MK_AAD, s.env, sizeof s.env, NULL),
        MK_OK);
    memset(s.env + 29, 0, 32);
    is_refused(&s, s.aad, MK_AAD, s.env, sizeof s.env, "no commitment");
    mk_secret_free(s.key);
}
END_TEST

START_TEST(the_same_text_never_looks_the_same)
{
    struct sealed a, b;
    seal(&a);
    memcpy(b.env, a.env, sizeof b.env);
    mk_env_seal(b.env, a.key, 3, a.aad, MK_AAD, a.plain, N);
    ck_assert_mem_ne(a.env + 5, b.env + 5, 24);
    ck_assert_mem_ne(a.env + 29, b.env + 29, 32);
    ck_assert_mem_ne(a.env + 61, b.env + 61, N);
    mk_secret_free(a.key);
}
END_TEST

START_TEST(padding_hides_the_length_within_a_step)
{
    struct mk_secret *key = mk_secret_random(MK_KEY);
    uint8_t plain[5000];
    memset(plain, 'x', sizeof plain);
    for (size_t step = 64; step <= 512; step *= 8) {
        for (size_t n = 0; n <= sizeof plain; n += n < 1100 ? 1 : 97) {
            struct mk_buf out = MK_BUF_INIT, back = MK_BUF_INIT;
            ck_assert_int_eq(mk_buf_add_str(&out, "before"), MK_OK);
            ck_assert_int_eq(
                mk_env_seal_padded(&out, step, key, 1, "a", 1, plain, n),
                MK_OK);
            ck_assert_mem_eq(out.data, "before", 6);
            size_t size = out.len - 6 - MK_ENV_OVERHEAD;
            ck_assert_uint_gt(size, n);
            if (size <= 512)
                ck_assert(size % step == 0 && size - n <= step);
            else
                ck_assert((size & (size - 1)) == 0 && size / 2 <= n);
            ck_assert_int_eq(mk_env_open_padded(&back, key, "a", 1,
                                                out.data + 6, out.len - 6,
                                                NULL),
                             MK_OK);
            ck_assert_uint_eq(back.len, n);
            if (n > 0)
                ck_assert_mem_eq(back.data, plain, n);
            mk_buf_release(&out);
            mk_buf_release(&back);
        }
    }
    mk_secret_free(key);
}
END_TEST

START_TEST(an_envelope_without_right_padding_is_refused)
{
    struct mk_secret *key = mk_secret_random(MK_KEY);
    static const char *const plains[] = {"no mark at all", "\0\0\0\0",
                                         "\x80\0\0x", ""};
    static const size_t sizes[] = {14, 4, 4, 0};
    for (size_t i = 0; i < 4; i++) {
        uint8_t env[14 + MK_ENV_OVERHEAD];
        struct mk_buf out = MK_BUF_INIT;
        struct mk_diag diag = MK_DIAG_INIT;
        ck_assert_int_eq(mk_buf_add_str(&out, "old"), MK_OK);
        mk_env_seal(env, key, 1, "a", 1, plains[i], sizes[i]);
        ck_assert_int_eq(mk_env_open_padded(&out, key, "a", 1, env,
                                            sizes[i] + MK_ENV_OVERHEAD, &diag),
                         MK_E_DAMAGED);
        ck_assert_uint_eq(out.len, 0);
        ck_assert(sodium_is_zero(out.data, out.cap));
        mk_buf_release(&out);
    }
    mk_secret_free(key);
}
END_TEST

START_TEST(a_wrapped_key_comes_back_and_only_at_its_place)
{
    struct mk_secret *key = mk_secret_random(MK_KEY);
    struct mk_secret *in = mk_secret_random(MK_KEY);
    struct mk_secret *back = NULL;
    struct mk_buf out = MK_BUF_INIT;
    ck_assert_int_eq(mk_buf_add_str(&out, "x"), MK_OK);
    ck_assert_int_eq(mk_env_wrap(&out, key, 9, "here", 4, in), MK_OK);
    ck_assert_uint_eq(out.len, 1 + MK_KEY + MK_ENV_OVERHEAD);
    const uint8_t *env = out.data + 1;
    size_t n = out.len - 1;
    ck_assert_int_eq(mk_env_unwrap(&back, key, "here", 4, env, n, NULL),
                     MK_OK);
    ck_assert_uint_eq(mk_secret_len(back), MK_KEY);
    ck_assert_mem_eq(mk_secret_peek(back), mk_secret_peek(in), MK_KEY);
    mk_secret_free(back);
    back = in;
    ck_assert_int_eq(mk_env_unwrap(&back, key, "else", 4, env, n, NULL),
                     MK_E_DAMAGED);
    ck_assert_ptr_null(back);
    ck_assert_int_eq(mk_env_unwrap(&back, in, "here", 4, env, n, NULL),
                     MK_E_DAMAGED);
    for (size_t cut = 0; cut < n; cut++)
        ck_assert_int_eq(mk_env_unwrap(&back, key, "here", 4, env, cut, NULL),
                         MK_E_DAMAGED);
    mk_buf_release(&out);
    mk_secret_free(key);
    mk_secret_free(in);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        sealing_and_opening_give_the_known_answers,
        the_place_is_laid_out_as_the_format_says,
        padded_envelopes_give_the_known_answers,
        any_flipped_bit_of_an_envelope_is_refused,
        any_flipped_bit_of_the_place_is_refused,
        an_envelope_cut_or_lengthened_is_refused,
        another_key_is_refused_like_a_changed_byte,
        a_ciphertext_that_fits_but_is_not_committed_to_is_refused,
        the_same_text_never_looks_the_same,
        padding_hides_the_length_within_a_step,
        an_envelope_without_right_padding_is_refused,
        a_wrapped_key_comes_back_and_only_at_its_place,
    };
    return UNIT_RUN("envelope", tests, start);
}
