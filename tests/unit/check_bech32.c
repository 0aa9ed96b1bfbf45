/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/bech32.h"

#include "tests/support/unit.h"

#include <string.h>

/* Source: BIP 350, test vectors of Bech32m. */
static const char *const valid[] = {
    "A1LQFN3A",
    "a1lqfn3a",
    "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbio"
    "andnumber11sg7hg6",
    "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
    "11lllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
    "l"
    "llllllllllludsr8",
    "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
    "?1v759aa",
};

/* The one of 91 characters is left out: there is no limit of length here. */
static const struct {
    const char *text;
    enum mk_bech32_fault fault;
} invalid[] = {
    {"\x20"
     "1xj0phk",
     MK_BECH32_CHARACTER},
    {"\x7f"
     "1g6xzxy",
     MK_BECH32_CHARACTER},
    {"\x80"
     "1vctc34",
     MK_BECH32_CHARACTER},
    {"qyrz8wqd2c9m", MK_BECH32_FORM},
    {"1qyrz8wqd2c9m", MK_BECH32_FORM},
    {"y1b0jsk6g", MK_BECH32_CHARACTER},
    {"lt1igcx5c0", MK_BECH32_CHARACTER},
    {"in1muywd", MK_BECH32_FORM},
    {"mm1crxm3i", MK_BECH32_CHARACTER},
    {"au1s5cgom", MK_BECH32_CHARACTER},
    {"M1VUXWEZ", MK_BECH32_CHECKSUM},
    {"16plkw9", MK_BECH32_FORM},
    {"1p2gdwpf", MK_BECH32_FORM},
    {"", MK_BECH32_FORM},
    {"A1lqfn3a", MK_BECH32_CASE},
    {"a1lqfn3A", MK_BECH32_CASE},
    /* Bech32 of BIP 173: another constant */
    {"a12uel5l", MK_BECH32_CHECKSUM},
};

START_TEST(the_published_texts_are_right)
{
    struct mk_bech32_result r;
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) {
        ck_assert_msg(mk_bech32m_check(valid[i], strlen(valid[i]), &r), "%s",
                      valid[i]);
        ck_assert_int_eq(r.fault, MK_BECH32_NONE);
    }
}
END_TEST

START_TEST(the_published_mistakes_are_found)
{
    struct mk_bech32_result r;
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        ck_assert_msg(
            !mk_bech32m_check(invalid[i].text, strlen(invalid[i].text), &r),
            "%s", invalid[i].text);
        ck_assert_msg(r.fault == invalid[i].fault, "%s: %d", invalid[i].text,
                      r.fault);
    }
}
END_TEST

#define N 54
static const char prefix[] = "mkshare";
static uint8_t bytes[N];

static void sample(struct mk_buf *out, size_t n)
{
    for (size_t i = 0; i < N; i++)
        bytes[i] = (uint8_t)(i * 37 + n);
    ck_assert_int_eq(mk_bech32m_add(out, prefix, bytes, n), MK_OK);
    ck_assert_uint_eq(out->len, MK_BECH32_LEN(strlen(prefix), n));
}

START_TEST(bytes_of_every_length_come_back_in_both_cases)
{
    for (size_t n = 0; n <= N; n++) {
        uint8_t got[N + 1];
        struct mk_bech32_result r;
        struct mk_buf text = MK_BUF_INIT;
        sample(&text, n);
        for (int capitals = 0; capitals < 2; capitals++) {
            ck_assert(mk_bech32m_read(got, n, prefix, (char *)text.data,
                                      text.len, &r));
            ck_assert_mem_eq(got, bytes, n);
            for (size_t i = 0; i < text.len; i++)
                if (text.data[i] >= 'a' && text.data[i] <= 'z')
                    text.data[i] -= 'a' - 'A';
        }
        mk_buf_release(&text);
    }
}
END_TEST

START_TEST(a_wrong_character_is_found_and_named_wherever_it_stands)
{
    static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    uint8_t got[N];
    struct mk_bech32_result r;
    struct mk_buf text = MK_BUF_INIT;
    sample(&text, N);
    for (size_t at = strlen(prefix) + 1; at < text.len; at++) {
        uint8_t was = text.data[at];
        for (const char *c = alphabet; *c; c++) {
            if (*c == (char)was)
                continue;
            text.data[at] = (uint8_t)*c;
            ck_assert(!mk_bech32m_read(got, N, prefix, (char *)text.data,
                                       text.len, &r));
            ck_assert_int_eq(r.fault, MK_BECH32_CHECKSUM);
            ck_assert_uint_eq(r.at, at);
        }
        text.data[at] = was;
    }
    mk_buf_release(&text);
}
END_TEST

START_TEST(two_neighbours_that_changed_places_are_found)
{
    uint8_t got[N];
    struct mk_bech32_result r;
    struct mk_buf text = MK_BUF_INIT;
    sample(&text, N);
    for (size_t at = strlen(prefix) + 1; at + 1 < text.len; at++) {
        uint8_t a = text.data[at], b = text.data[at + 1];
        text.data[at] = b;
        text.data[at + 1] = a;
        ck_assert_int_eq(
            mk_bech32m_read(got, N, prefix, (char *)text.data, text.len, &r),
            a == b);
        if (a != b)
            ck_assert_uint_eq(r.at, at);
        text.data[at] = a;
        text.data[at + 1] = b;
    }
    mk_buf_release(&text);
}
END_TEST

START_TEST(what_is_wrong_with_the_rest_is_said)
{
    uint8_t got[N];
    const uint8_t zeros[N] = {0};
    struct mk_bech32_result r;
    struct mk_buf text = MK_BUF_INIT;
    sample(&text, N);
    char *p = (char *)text.data;
    ck_assert(!mk_bech32m_read(got, N, prefix, p, text.len - 1, &r));
    ck_assert_int_eq(r.fault, MK_BECH32_LENGTH);
    ck_assert(!mk_bech32m_read(got, N - 1, prefix, p, text.len, &r));
    ck_assert_int_eq(r.fault, MK_BECH32_LENGTH);
    ck_assert(!mk_bech32m_read(got, N, "mkshara", p, text.len, &r));
    ck_assert(r.fault == MK_BECH32_PREFIX && r.at == 6);
    ck_assert(!mk_bech32m_read(got, N, prefix, p, 3, &r));
    ck_assert(r.fault == MK_BECH32_PREFIX && r.at == 3);
    p[20] = '1';
    ck_assert(!mk_bech32m_read(got, N, prefix, p, text.len, &r));
    ck_assert(r.fault == MK_BECH32_CHARACTER && r.at == 20);
    ck_assert_mem_eq(got, zeros, N);
    mk_buf_release(&text);
}
END_TEST

/* Two symbols make a byte and two bits, which have to be zero: another text
 * with a right checksum would be a second spelling of the same byte. */
START_TEST(a_second_spelling_is_refused)
{
    static const char *const others[] = {"a1qpg8r8qs", "a1qzx5k3w0",
                                         "a1qrmzzyna"};
    static const char first[] = "a1qq43hjaz";
    uint8_t got[1];
    struct mk_bech32_result r;
    ck_assert(mk_bech32m_read(got, 1, "a", first, strlen(first), &r));
    ck_assert_uint_eq(got[0], 0);
    for (size_t i = 0; i < 3; i++) {
        ck_assert(mk_bech32m_check(others[i], strlen(others[i]), &r));
        ck_assert(
            !mk_bech32m_read(got, 1, "a", others[i], strlen(others[i]), &r));
        ck_assert_int_eq(r.fault, MK_BECH32_FORM);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_published_texts_are_right,
        the_published_mistakes_are_found,
        bytes_of_every_length_come_back_in_both_cases,
        a_wrong_character_is_found_and_named_wherever_it_stands,
        two_neighbours_that_changed_places_are_found,
        what_is_wrong_with_the_rest_is_said,
        a_second_spelling_is_refused,
    };
    return UNIT_RUN("bech32", tests, NULL);
}
