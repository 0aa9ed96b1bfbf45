/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/sign.h"

#include "tests/support/unit.h"
#include "tests/support/vectors.h"

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

START_TEST(signatures_give_the_known_answers)
{
    struct vectors *v = vectors_open("sign.txt");
    while (vectors_next(v)) {
        struct mk_secret *seed = secret_of(v, "seed");
        struct mk_secret *key = NULL;
        const char *context = vectors_text(v, "context");
        uint8_t pk[MK_PK], sig[MK_SIG];
        size_t n, msg_n;
        const uint8_t *msg = vectors_bytes(v, "msg", &msg_n);
        ck_assert_int_eq(mk_sign_key(&key, pk, seed), MK_OK);
        ck_assert_mem_eq(pk, vectors_bytes(v, "pk", &n), MK_PK);
        ck_assert_int_eq(mk_sign(sig, key, context, msg, msg_n), MK_OK);
        ck_assert_mem_eq(sig, vectors_bytes(v, "sig", &n), MK_SIG);
        ck_assert(mk_sign_ok(sig, pk, context, msg, msg_n));
        mk_secret_free(key);
        mk_secret_free(seed);
    }
}
END_TEST

START_TEST(any_change_of_what_was_signed_is_refused)
{
    struct mk_secret *seed = mk_secret_random(32);
    struct mk_secret *key = NULL;
    uint8_t pk[MK_PK], sig[MK_SIG], msg[100] = {0};
    static const char context[] = "meldkluis/head/v1";
    ck_assert_int_eq(mk_sign_key(&key, pk, seed), MK_OK);
    ck_assert_int_eq(mk_sign(sig, key, context, msg, sizeof msg), MK_OK);
    ck_assert(mk_sign_ok(sig, pk, context, msg, sizeof msg));
    for (size_t i = 0; i < sizeof msg; i++) {
        msg[i] ^= 1;
        ck_assert(!mk_sign_ok(sig, pk, context, msg, sizeof msg));
        msg[i] ^= 1;
    }
    for (size_t bit = 0; bit < 8 * MK_SIG; bit++) {
        sig[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert(!mk_sign_ok(sig, pk, context, msg, sizeof msg));
        sig[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < 8 * MK_PK; bit++) {
        pk[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert(!mk_sign_ok(sig, pk, context, msg, sizeof msg));
        pk[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    ck_assert(!mk_sign_ok(sig, pk, context, msg, sizeof msg - 1));
    ck_assert(!mk_sign_ok(sig, pk, "meldkluis/head/v2", msg, sizeof msg));
    mk_secret_free(key);
    mk_secret_free(seed);
}
END_TEST

START_TEST(context_and_message_cannot_be_cut_elsewhere)
{
    struct mk_secret *seed = mk_secret_random(32);
    struct mk_secret *key = NULL;
    uint8_t pk[MK_PK], sig[MK_SIG];
    ck_assert_int_eq(mk_sign_key(&key, pk, seed), MK_OK);
    ck_assert_int_eq(mk_sign(sig, key, "ab", "c", 1), MK_OK);
    ck_assert(mk_sign_ok(sig, pk, "ab", "c", 1));
    ck_assert(!mk_sign_ok(sig, pk, "a", "bc", 2));
    ck_assert(!mk_sign_ok(sig, pk, "a", "b\0c", 3));
    ck_assert(!mk_sign_ok(sig, pk, "abc", "", 0));
    ck_assert(!mk_sign_ok(sig, pk, "", "ab\0c", 4));
    mk_secret_free(key);
    mk_secret_free(seed);
}
END_TEST

START_TEST(short_and_long_messages_are_signed_alike)
{
    /* around the border of what is signed without the heap */
    static uint8_t msg[3000];
    struct mk_secret *seed = mk_secret_random(32);
    struct mk_secret *key = NULL;
    uint8_t pk[MK_PK], sig[MK_SIG];
    ck_assert_int_eq(mk_sign_key(&key, pk, seed), MK_OK);
    for (size_t n = 1015; n <= 1030; n++) {
        ck_assert_int_eq(mk_sign(sig, key, "x", msg, n), MK_OK);
        ck_assert(mk_sign_ok(sig, pk, "x", msg, n));
        ck_assert(!mk_sign_ok(sig, pk, "x", msg, n + 1));
    }
    mk_secret_free(key);
    mk_secret_free(seed);
}
END_TEST

START_TEST(forged_public_keys_of_small_order_prove_nothing)
{
    /* with the neutral point as key, R = S = 0 fits any message */
    uint8_t pk[MK_PK] = {1};
    uint8_t sig[MK_SIG] = {1};
    ck_assert(!mk_sign_ok(sig, pk, "x", "y", 1));
    memset(pk, 0, sizeof pk);
    ck_assert(!mk_sign_ok(sig, pk, "x", "y", 1));
}
END_TEST

START_TEST(a_seed_or_key_of_another_length_is_refused)
{
    struct mk_secret *seed = mk_secret_random(31);
    struct mk_secret *key = seed;
    uint8_t pk[MK_PK], sig[MK_SIG];
    ck_assert_int_ne(mk_sign_key(&key, pk, seed), MK_OK);
    ck_assert_ptr_null(key);
    ck_assert_int_ne(mk_sign(sig, seed, "x", "y", 1), MK_OK);
    ck_assert(!mk_box_public(pk, seed));
    mk_secret_free(seed);
}
END_TEST

START_TEST(boxes_give_the_known_answers)
{
    struct vectors *v = vectors_open("box.txt");
    while (vectors_next(v)) {
        struct mk_secret *secret = secret_of(v, "secret");
        struct mk_secret *inner = NULL;
        uint8_t pk[MK_PK];
        size_t n, plain_n, box_n;
        size_t prefix = vectors_num(v, "prefix");
        const uint8_t *plain = vectors_bytes(v, "plain", &plain_n);
        const uint8_t *box = vectors_bytes(v, "box", &box_n);
        ck_assert(mk_box_public(pk, secret));
        ck_assert_mem_eq(pk, vectors_bytes(v, "pk", &n), MK_PK);
        ck_assert_uint_eq(box_n, plain_n + MK_BOX_OVERHEAD);
        uint8_t *out = malloc(plain_n + 1);
        ck_assert_int_eq(mk_box_open(out, secret, box, box_n, NULL), MK_OK);
        if (plain_n > 0)
            ck_assert_mem_eq(out, plain, plain_n);
        ck_assert_int_eq(mk_box_open_secret(&inner, secret, plain, prefix, box,
                                            box_n, NULL),
                         MK_OK);
        ck_assert_uint_eq(mk_secret_len(inner), plain_n - prefix);
        if (plain_n > prefix)
            ck_assert_mem_eq(mk_secret_peek(inner), plain + prefix,
                             plain_n - prefix);
        mk_secret_free(inner);
        free(out);
        mk_secret_free(secret);
    }
}
END_TEST

START_TEST(a_box_opens_for_its_owner_with_its_context_only)
{
    struct mk_secret *owner = mk_secret_random(32);
    struct mk_secret *other = mk_secret_random(32);
    struct mk_secret *in = mk_secret_random(MK_KEY);
    struct mk_secret *out = NULL;
    struct mk_buf box = MK_BUF_INIT;
    uint8_t pk[MK_PK];
    ck_assert(mk_box_public(pk, owner));
    ck_assert_int_eq(mk_buf_add_str(&box, "-"), MK_OK);
    ck_assert_int_eq(mk_box_seal_secret(&box, pk, "MKW1here", 8, in), MK_OK);
    uint8_t *p = box.data + 1;
    size_t n = box.len - 1;
    ck_assert_uint_eq(n, 8 + MK_KEY + MK_BOX_OVERHEAD);
    ck_assert_int_eq(
        mk_box_open_secret(&out, owner, "MKW1here", 8, p, n, NULL), MK_OK);
    ck_assert_uint_eq(mk_secret_len(out), MK_KEY);
    ck_assert_mem_eq(mk_secret_peek(out), mk_secret_peek(in), MK_KEY);
    mk_secret_free(out);
    out = in;
    ck_assert_int_eq(
        mk_box_open_secret(&out, other, "MKW1here", 8, p, n, NULL),
        MK_E_DAMAGED);
    ck_assert_ptr_null(out);
    ck_assert_int_eq(
        mk_box_open_secret(&out, owner, "MKW1else", 8, p, n, NULL),
        MK_E_DAMAGED);
    ck_assert_int_eq(mk_box_open_secret(&out, owner, p, n, p, n, NULL),
                     MK_E_DAMAGED);
    for (size_t bit = 0; bit < 8 * n; bit++) {
        /* X25519 ignores the top bit of a point; the nonce does not */
        p[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert_int_eq(
            mk_box_open_secret(&out, owner, "MKW1here", 8, p, n, NULL),
            MK_E_DAMAGED);
        p[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t cut = 0; cut < n; cut++)
        ck_assert_int_eq(
            mk_box_open_secret(&out, owner, "MKW1here", 8, p, cut, NULL),
            MK_E_DAMAGED);
    mk_buf_release(&box);
    mk_secret_free(owner);
    mk_secret_free(other);
    mk_secret_free(in);
}
END_TEST

/* The points of small order and their other spellings, little-endian. */
static const struct {
    uint8_t first, middle, last;
} powers[] = {
    {0x00, 0x00, 0x00}, /* 0 */
    {0x01, 0x00, 0x00}, /* 1 */
    {0xec, 0xff, 0x7f}, /* p - 1 */
    {0xed, 0xff, 0x7f}, /* p */
    {0xee, 0xff, 0x7f}, /* p + 1 */
};

static const uint8_t order8[2][MK_PK] = {
    {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
     0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
     0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
    {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
     0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
     0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
};

static void seals_nothing(const uint8_t pk[static MK_PK])
{
    uint8_t out[3 + MK_BOX_OVERHEAD];
    struct mk_buf buf = MK_BUF_INIT;
    struct mk_secret *s = mk_secret_random(MK_KEY);
    ck_assert_int_eq(mk_box_seal(out, pk, "abc", 3), MK_E_DAMAGED);
    ck_assert_int_eq(mk_box_seal_secret(&buf, pk, "a", 1, s), MK_E_DAMAGED);
    ck_assert_uint_eq(buf.len, 0);
    /* nor does a box from such a point open */
    uint8_t box[3 + MK_BOX_OVERHEAD] = {0};
    memcpy(box, pk, MK_PK);
    ck_assert_int_eq(mk_box_open(out, s, box, sizeof box, NULL), MK_E_DAMAGED);
    mk_buf_release(&buf);
    mk_secret_free(s);
}

START_TEST(nothing_is_sealed_to_a_point_of_small_order)
{
    uint8_t pk[MK_PK];
    for (size_t i = 0; i < sizeof powers / sizeof powers[0]; i++) {
        memset(pk, powers[i].middle, MK_PK);
        pk[0] = powers[i].first;
        pk[31] = powers[i].last;
        seals_nothing(pk);
        pk[31] |= 0x80; /* the bit that X25519 ignores */
        seals_nothing(pk);
    }
    for (size_t i = 0; i < 2; i++)
        seals_nothing(order8[i]);
}
END_TEST

START_TEST(a_secret_of_zeros_has_no_public_key)
{
    struct mk_secret *zero = mk_secret_new(32);
    uint8_t pk[MK_PK];
    ck_assert(!mk_box_public(pk, zero));
    mk_secret_free(zero);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        signatures_give_the_known_answers,
        any_change_of_what_was_signed_is_refused,
        context_and_message_cannot_be_cut_elsewhere,
        short_and_long_messages_are_signed_alike,
        forged_public_keys_of_small_order_prove_nothing,
        a_seed_or_key_of_another_length_is_refused,
        boxes_give_the_known_answers,
        a_box_opens_for_its_owner_with_its_context_only,
        nothing_is_sealed_to_a_point_of_small_order,
        a_secret_of_zeros_has_no_public_key,
    };
    return UNIT_RUN("sign", tests, start);
}
