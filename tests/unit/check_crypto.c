/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Start-up, hashes against vectors and against libsodium, base64. */
#include "crypto/crypto.h"

#include "crypto/hash.h"
#include "tests/support/unit.h"
#include "tests/support/vectors.h"

#include <sodium.h>
#include <string.h>

static void start(void)
{
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert_msg(mk_crypto_init(&diag) == MK_OK, "%s", diag.place);
}

START_TEST(starting_again_is_fine)
{
    start();
    start();
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
}
END_TEST

START_TEST(sha256_gives_the_known_answers_in_one_piece_and_in_parts)
{
    struct vectors *v = vectors_open("hash.txt");
    struct mk_sha256 *h = mk_sha256_new();
    ck_assert_ptr_nonnull(h);
    while (vectors_next(v)) {
        size_t n, want_n;
        const uint8_t *in = vectors_bytes(v, "in", &n);
        const uint8_t *want = vectors_bytes(v, "sha256", &want_n);
        uint8_t got[MK_HASH];
        ck_assert_uint_eq(want_n, MK_HASH);
        mk_sha256(got, in, n);
        ck_assert_mem_eq(got, want, MK_HASH);
        for (size_t cut = 0; cut <= n; cut += 1 + n / 10) {
            const struct mk_part parts[3] = {
                {in, cut}, {NULL, 0}, {in + cut, n - cut}};
            memset(got, 0, sizeof got);
            mk_sha256_parts(got, parts, 3);
            ck_assert_mem_eq(got, want, MK_HASH);
            memset(got, 0, sizeof got);
            mk_sha256_add(h, in, cut);
            mk_sha256_add(h, in + cut, n - cut);
            mk_sha256_take(h, got);
            ck_assert_mem_eq(got, want, MK_HASH);
        }
    }
    mk_sha256_free(h);
    mk_sha256_free(NULL);
}
END_TEST

START_TEST(sha256_agrees_with_libsodium_at_every_length)
{
    uint8_t in[700], got[MK_HASH], want[crypto_hash_sha256_BYTES];
    randombytes_buf_deterministic(in, sizeof in, (const uint8_t[32]){3});
    for (size_t n = 0; n <= sizeof in; n++) {
        mk_sha256(got, in, n);
        crypto_hash_sha256(want, in, n);
        ck_assert_mem_eq(got, want, MK_HASH);
    }
}
END_TEST

START_TEST(any_number_of_parts_hashes_like_one_piece)
{
    static uint8_t in[3 * 300];
    static struct mk_part parts[300];
    uint8_t got[MK_HASH], want[MK_HASH];
    randombytes_buf_deterministic(in, sizeof in, (const uint8_t[32]){5});
    for (size_t n = 0; n <= 300; n++) {
        for (size_t i = 0; i < n; i++)
            parts[i] = (struct mk_part){in + 3 * i, 3};
        mk_sha256_parts(got, parts, n);
        mk_sha256(want, in, 3 * n);
        ck_assert_mem_eq(got, want, MK_HASH);
    }
}
END_TEST

START_TEST(equal_tells_every_difference)
{
    uint8_t a[33], b[33];
    memset(a, 7, sizeof a);
    memcpy(b, a, sizeof b);
    ck_assert(mk_crypto_equal(a, b, sizeof a));
    ck_assert(mk_crypto_equal(a, b, 0));
    for (size_t i = 0; i < 8 * sizeof a; i++) {
        b[i / 8] ^= (uint8_t)(1 << i % 8);
        ck_assert(!mk_crypto_equal(a, b, sizeof a));
        b[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    mk_crypto_wipe(a, sizeof a);
    ck_assert(sodium_is_zero(a, sizeof a));
}
END_TEST

START_TEST(base64_comes_back)
{
    struct vectors *v = vectors_open("base64.txt");
    while (vectors_next(v)) {
        size_t n, got_n = 99;
        const uint8_t *in = vectors_bytes(v, "in", &n);
        const char *want = vectors_text(v, "b64");
        char text[400];
        uint8_t got[300];
        mk_b64(text, in, n);
        ck_assert_str_eq(text, want);
        ck_assert_uint_eq(strlen(text), MK_B64_LEN(n));
        ck_assert(mk_unb64(got, sizeof got, &got_n, want, strlen(want)));
        ck_assert_uint_eq(got_n, n);
        ck_assert_mem_eq(got, in, n);
        /* no room for it */
        if (n > 0)
            ck_assert(!mk_unb64(got, n - 1, &got_n, want, strlen(want)));
    }
}
END_TEST

START_TEST(base64_in_another_spelling_is_refused)
{
    static const char *const bad[] = {
        "Zg",    "Zg=",      "Zh==", "Zm9=",   "Zm8",      "Zm8==",
        "Zm9v=", "Zm9v====", "Z===", "====",   "Zg==Zg==", "Zm9v\n",
        " Zm9v", "Zm 9v",    "Zm-_", "Zm9v\t", "Z\xe9=="};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint8_t out[16];
        size_t n;
        ck_assert_msg(!mk_unb64(out, sizeof out, &n, bad[i], strlen(bad[i])),
                      "took '%s'", bad[i]);
    }
}
END_TEST

START_TEST(two_base64_texts_never_mean_the_same_bytes)
{
    /* every text of four bytes whose last two are = = : 65536 of them */
    unsigned taken = 0;
    for (unsigned i = 0; i < 0x10000; i++) {
        const char text[4] = {(char)(i >> 8), (char)i, '=', '='};
        uint8_t out[3];
        char again[5];
        size_t n;
        if (!mk_unb64(out, sizeof out, &n, text, 4))
            continue;
        taken++;
        mk_b64(again, out, n);
        ck_assert_mem_eq(again, text, 4);
    }
    ck_assert_uint_eq(taken, 256);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        starting_again_is_fine,
        sha256_gives_the_known_answers_in_one_piece_and_in_parts,
        sha256_agrees_with_libsodium_at_every_length,
        any_number_of_parts_hashes_like_one_piece,
        equal_tells_every_difference,
        base64_comes_back,
        base64_in_another_spelling_is_refused,
        two_base64_texts_never_mean_the_same_bytes,
    };
    return UNIT_RUN("crypto", tests, start);
}
