/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tsr.h"

#include <string.h>

#include "tests/support/unit.h"
#include "tests/support/vectors.h"

static uint8_t der[1024];
static size_t n_der;
static uint8_t imprint[MK_HASH];
static int64_t moment;

static void start(void)
{
    struct vectors *v = vectors_open("tsr.txt");
    const uint8_t *p;
    size_t n;
    ck_assert(vectors_next(v));
    p = vectors_bytes(v, "der", &n_der);
    ck_assert_uint_le(n_der, sizeof der);
    memcpy(der, p, n_der);
    p = vectors_bytes(v, "imprint", &n);
    ck_assert_uint_eq(n, MK_HASH);
    memcpy(imprint, p, n);
    moment = (int64_t)vectors_num(v, "time");
    ck_assert(!vectors_next(v));
}

/* Where a piece of the answer stands, which is there once. */
static size_t find(const void *piece, size_t n)
{
    const uint8_t *at = memmem(der, n_der, piece, n);
    ck_assert_ptr_nonnull(at);
    return (size_t)(at - der);
}

START_TEST(an_answer_of_openssl_is_read)
{
    struct mk_tsr tsr;
    ck_assert(mk_tsr_read(&tsr, der, n_der));
    ck_assert(tsr.granted);
    ck_assert_mem_eq(tsr.imprint, imprint, MK_HASH);
    ck_assert_int_eq(tsr.time, moment);
}
END_TEST

START_TEST(an_answer_that_is_cut_off_or_longer_is_none)
{
    uint8_t longer[sizeof der + 1];
    struct mk_tsr tsr;
    for (size_t n = 0; n < n_der; n++)
        ck_assert_msg(!mk_tsr_read(&tsr, der, n), "%zu", n);
    memcpy(longer, der, n_der);
    longer[n_der] = 0;
    ck_assert(!mk_tsr_read(&tsr, longer, n_der + 1));
}
END_TEST

/* Up to the time nothing may say something else and be taken for the same, but
 * what a vault does not ask for: list of digests, policy, serial. */
START_TEST(a_changed_bit_is_seen_or_changes_what_is_read)
{
    const size_t end = find("20261129043505Z", 15) + 15;
    const size_t digests = find("\x31\x0f\x30\x0d", 4) + 2;
    const size_t policy = find("\x06\x04\x2a\x03\x04\x01", 6) + 2;
    const size_t serial = find("\x02\x01\x02\x18\x0f", 5) + 2;
    struct mk_tsr tsr;
    for (size_t i = 0; i < end * 8; i++) {
        uint8_t bad[sizeof der];
        const size_t at = i / 8;
        memcpy(bad, der, n_der);
        bad[at] ^= (uint8_t)(1u << i % 8);
        if ((at >= digests && at < digests + 15) ||
            (at >= policy && at < policy + 4) || at == serial)
            continue;
        /* status 1 is granted, too */
        if (mk_tsr_read(&tsr, bad, n_der) && tsr.granted && bad[8] != 1)
            ck_assert_msg(memcmp(tsr.imprint, imprint, MK_HASH) != 0 ||
                              tsr.time != moment,
                          "byte %zu", at);
    }
}
END_TEST

START_TEST(a_refusal_is_read_as_one)
{
    static const uint8_t refused[] = {0x30, 0x05, 0x30, 0x03,
                                      0x02, 0x01, 0x02};
    static const uint8_t no_token[] = {0x30, 0x05, 0x30, 0x03,
                                       0x02, 0x01, 0x00};
    struct mk_tsr tsr;
    ck_assert(mk_tsr_read(&tsr, refused, sizeof refused));
    ck_assert(!tsr.granted);
    ck_assert(!mk_tsr_read(&tsr, no_token, sizeof no_token));
}
END_TEST

START_TEST(lengths_have_one_spelling)
{
    /* the same refusal with a length of one byte too many, without end, and
     * larger than what there is */
    static const uint8_t bad[][9] = {
        {8, 0x30, 0x81, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02},
        {8, 0x30, 0x80, 0x30, 0x03, 0x02, 0x01, 0x02, 0x00},
        {7, 0x30, 0x06, 0x30, 0x03, 0x02, 0x01, 0x02},
        {7, 0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x02},
        {7, 0x30, 0x83, 0xff, 0xff, 0xff, 0x01, 0x02},
        {7, 0x30, 0x05, 0x30, 0x03, 0x02, 0x02, 0x02},
    };
    struct mk_tsr tsr;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!mk_tsr_read(&tsr, bad[i] + 1, bad[i][0]), "%zu", i);
}
END_TEST

START_TEST(moments_that_are_none_are_refused)
{
    static const char *const bad[] = {
        "20261329043505Z", "20261132043505Z", "20261129243505Z",
        "20261129046005Z", "20261129043561Z", "2026112904350.Z",
        "202611290435050", "2026 129043505Z", "19691129043505Z",
        "20260230043505Z",
    };
    const size_t at = find("20261129043505Z", 15);
    struct mk_tsr tsr;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint8_t text[sizeof der];
        memcpy(text, der, n_der);
        memcpy(text + at, bad[i], 15);
        ck_assert_msg(!mk_tsr_read(&tsr, text, n_der), "%s", bad[i]);
    }
}
END_TEST

START_TEST(another_hash_is_refused)
{
    /* the last arc of 2.16.840.1.101.3.4.2.1: 3 is SHA-512 */
    static const uint8_t sha256[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
                                     0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02};
    struct mk_tsr tsr;
    uint8_t bad[sizeof der];
    memcpy(bad, der, n_der);
    bad[find(sha256, sizeof sha256) + sizeof sha256] = 3;
    ck_assert(!mk_tsr_read(&tsr, bad, n_der));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        an_answer_of_openssl_is_read,
        an_answer_that_is_cut_off_or_longer_is_none,
        a_changed_bit_is_seen_or_changes_what_is_read,
        a_refusal_is_read_as_one,
        lengths_have_one_spelling,
        moments_that_are_none_are_refused,
        another_hash_is_refused,
    };
    return UNIT_RUN("tsr", tests, start);
}
