/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/shares.h"

#include "core/base/bytes.h"
#include "crypto/crypto.h"
#include "tests/support/unit.h"

#include <string.h>

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
}

/* What `gfsplit -n 3 -m 5` of libgfshare-bin made of these 32 letters. */
static const char secret_text[] = "abcdefghijklmnopqrstuvwxyz012345";
static const struct {
    uint8_t number;
    const char *hex;
} known[] = {
    {85, "2b14f3ef5f51150671f899572f13988c046d410b0872df27b5d1c6a1739f8504"},
    {91, "c01ae3b072002e48670402b29508cf83b6ad524985a40011dc1ea44339f73d56"},
    {110, "e5790126491cd902e362408817e8e1855592bf229792aad69173946eb7eda424"},
    {138, "b6963bf64719c6c21b1018ee05ad998e93953d348eae83cb0ac044920660f54f"},
    {162, "5d3b297851033e3a5c1da72777c5c2451482d360d1ca4508fa0816ab2b7e155d"},
};
#define KNOWN (sizeof known / sizeof *known)

static void known_share(struct mk_share *share, size_t i)
{
    share->number = known[i].number;
    share->bytes = mk_secret_new(32);
    ck_assert(mk_unhex(mk_secret_bytes(share->bytes), 32, known[i].hex));
}

START_TEST(shares_of_gfsplit_give_its_secret)
{
    for (size_t a = 0; a < KNOWN; a++)
        for (size_t b = 0; b < a; b++)
            for (size_t c = 0; c < b; c++) {
                struct mk_share s[3];
                struct mk_secret *got;
                known_share(&s[0], a);
                known_share(&s[1], b);
                known_share(&s[2], c);
                ck_assert_int_eq(mk_shares_combine(&got, s, 3, NULL), MK_OK);
                ck_assert_mem_eq(mk_secret_peek(got), secret_text, 32);
                mk_secret_free(got);
                mk_shares_release(s, 3);
            }
}
END_TEST

static struct mk_share taken[MK_SHARES_MOST];

/* Combines the shares whose bits are set. */
static bool gives(const struct mk_share *all, unsigned n, unsigned bits,
                  const struct mk_secret *want)
{
    struct mk_secret *got;
    size_t m = 0;
    for (unsigned i = 0; i < n; i++)
        if (bits >> i & 1)
            taken[m++] = all[i];
    ck_assert_int_eq(mk_shares_combine(&got, taken, m, NULL), MK_OK);
    bool same = mk_secret_equal(got, want);
    mk_secret_free(got);
    return same;
}

START_TEST(any_k_shares_give_the_secret_and_fewer_do_not)
{
    struct mk_share s[6];
    struct mk_secret *secret = mk_secret_random(32);
    for (unsigned n = 2; n <= 6; n++)
        for (unsigned k = 2; k <= n; k++) {
            ck_assert_int_eq(mk_shares_split(s, k, n, secret, NULL), MK_OK);
            for (unsigned bits = 1; bits < 1u << n; bits++)
                ck_assert_int_eq(gives(s, n, bits, secret),
                                 (unsigned)__builtin_popcount(bits) >= k);
            mk_shares_release(s, n);
        }
    mk_secret_free(secret);
}
END_TEST

START_TEST(the_largest_set_is_shared_and_combined)
{
    struct mk_share s[MK_SHARES_MOST];
    struct mk_secret *secret = mk_secret_random(64);
    ck_assert_int_eq(
        mk_shares_split(s, MK_SHARES_MOST, MK_SHARES_MOST, secret, NULL),
        MK_OK);
    ck_assert(gives(s, MK_SHARES_MOST, 0xffff, secret));
    mk_shares_release(s, MK_SHARES_MOST);
    mk_secret_free(secret);
}
END_TEST

START_TEST(the_same_secret_is_shared_differently_each_time)
{
    struct mk_share a[2], b[2];
    struct mk_secret *secret = mk_secret_random(32);
    ck_assert_int_eq(mk_shares_split(a, 2, 2, secret, NULL), MK_OK);
    ck_assert_int_eq(mk_shares_split(b, 2, 2, secret, NULL), MK_OK);
    ck_assert(!mk_secret_equal(a[0].bytes, b[0].bytes));
    ck_assert(!mk_secret_equal(a[0].bytes, secret));
    mk_shares_release(a, 2);
    mk_shares_release(b, 2);
    mk_secret_free(secret);
}
END_TEST

START_TEST(a_changed_share_gives_another_secret_without_an_error)
{
    struct mk_share s[3];
    struct mk_secret *secret = mk_secret_random(32);
    ck_assert_int_eq(mk_shares_split(s, 3, 3, secret, NULL), MK_OK);
    mk_secret_bytes(s[1].bytes)[7] ^= 1;
    ck_assert(!gives(s, 3, 7, secret));
    mk_shares_release(s, 3);
    mk_secret_free(secret);
}
END_TEST

START_TEST(sets_that_protect_nothing_or_do_not_fit_are_refused)
{
    static const unsigned bad[][2] = {{0, 0}, {0, 5}, {1, 1},  {1, 5},
                                      {3, 2}, {2, 0}, {2, 17}, {17, 17}};
    struct mk_share s[17];
    struct mk_secret *secret = mk_secret_random(32);
    struct mk_secret *none = mk_secret_new(0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert(!mk_shares_fit(bad[i][0], bad[i][1]));
        ck_assert_int_eq(
            mk_shares_split(s, bad[i][0], bad[i][1], secret, NULL),
            MK_E_USAGE);
        mk_shares_release(s, bad[i][1]);
    }
    ck_assert_int_eq(mk_shares_split(s, 2, 3, none, NULL), MK_E_USAGE);
    mk_secret_free(none);
    mk_secret_free(secret);
}
END_TEST

START_TEST(shares_that_cannot_belong_together_are_refused)
{
    struct mk_share s[3];
    struct mk_secret *got;
    struct mk_secret *secret = mk_secret_random(32);
    ck_assert_int_eq(mk_shares_split(s, 2, 3, secret, NULL), MK_OK);
    ck_assert_int_eq(mk_shares_combine(&got, s, 0, NULL), MK_E_USAGE);
    s[1].number = 1;
    ck_assert_int_eq(mk_shares_combine(&got, s, 2, NULL), MK_E_USAGE);
    s[1].number = 0;
    ck_assert_int_eq(mk_shares_combine(&got, s, 2, NULL), MK_E_USAGE);
    s[1].number = 2;
    mk_secret_shrink(s[1].bytes, 31);
    ck_assert_int_eq(mk_shares_combine(&got, s, 2, NULL), MK_E_USAGE);
    ck_assert_ptr_null(got);
    mk_shares_release(s, 3);
    mk_secret_free(secret);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        shares_of_gfsplit_give_its_secret,
        any_k_shares_give_the_secret_and_fewer_do_not,
        the_largest_set_is_shared_and_combined,
        the_same_secret_is_shared_differently_each_time,
        a_changed_share_gives_another_secret_without_an_error,
        sets_that_protect_nothing_or_do_not_fit_are_refused,
        shares_that_cannot_belong_together_are_refused,
    };
    return UNIT_RUN("shares", tests, start);
}
