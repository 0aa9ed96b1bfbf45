/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/bytes.h"

#include "tests/support/unit.h"

#include <string.h>

START_TEST(integers_are_big_endian_and_come_back)
{
    static const uint8_t want[14] = {0x01, 0x02, 0x01, 0x02, 0x03, 0x04, 0x01,
                                     0x02, 0x03, 0x04, 0xff, 0xfe, 0xfd, 0xfc};
    uint8_t got[14];
    mk_put_u16(got, 0x0102);
    mk_put_u32(got + 2, 0x01020304);
    mk_put_u64(got + 6, UINT64_C(0x01020304fffefdfc));
    ck_assert_mem_eq(got, want, sizeof want);
    ck_assert_uint_eq(mk_get_u16(got), 0x0102);
    ck_assert_uint_eq(mk_get_u32(got + 2), 0x01020304);
    ck_assert_uint_eq(mk_get_u64(got + 6), UINT64_C(0x01020304fffefdfc));
    for (int bit = 0; bit < 64; bit++) {
        mk_put_u64(got, UINT64_C(1) << bit);
        ck_assert_uint_eq(mk_get_u64(got), UINT64_C(1) << bit);
    }
}
END_TEST

START_TEST(reader_reads_in_order_and_knows_when_it_is_done)
{
    static const uint8_t in[17] = {9, 0, 1, 0, 0, 0, 2, 0, 0,
                                   0, 0, 0, 0, 0, 3, 7, 8};
    struct mk_reader r;
    uint8_t two[2];
    mk_reader_init(&r, in, sizeof in);
    ck_assert_uint_eq(mk_read_u8(&r), 9);
    ck_assert_uint_eq(mk_read_u16(&r), 1);
    ck_assert_uint_eq(mk_read_u32(&r), 2);
    ck_assert_uint_eq(mk_read_u64(&r), 3);
    ck_assert(!mk_reader_done(&r));
    mk_read_copy(&r, two, 2);
    ck_assert(two[0] == 7 && two[1] == 8);
    ck_assert(mk_reader_done(&r));
}
END_TEST

START_TEST(reader_never_reads_past_the_end)
{
    /* on the heap and of the exact size: a sanitizer sees one byte more */
    for (size_t n = 0; n < 16; n++) {
        uint8_t *in = malloc(n + !n);
        memset(in, 0xff, n);
        for (size_t want = 0; want < 16; want++) {
            struct mk_reader r;
            uint8_t copy[16];
            memset(copy, 0xee, sizeof copy);
            mk_reader_init(&r, in, n);
            mk_read_copy(&r, copy, want);
            ck_assert_int_eq(r.bad, want > n);
            for (size_t i = 0; i < want; i++)
                ck_assert_uint_eq(copy[i], want > n ? 0 : 0xff);
            ck_assert_int_eq(mk_reader_done(&r), want == n);
        }
        free(in);
    }
}
END_TEST

START_TEST(reader_stays_bad_after_the_first_overrun)
{
    static const uint8_t in[4] = {1, 2, 3, 4};
    struct mk_reader r;
    mk_reader_init(&r, in, sizeof in);
    ck_assert_uint_eq(mk_read_u64(&r), 0);
    ck_assert_uint_eq(mk_read_u8(&r), 0);
    ck_assert_uint_eq(mk_read_u16(&r), 0);
    ck_assert_uint_eq(mk_read_u32(&r), 0);
    ck_assert_ptr_null(mk_read_bytes(&r, 0));
    ck_assert_ptr_null(mk_read_bytes(&r, 1));
    ck_assert(!mk_reader_done(&r));
    mk_reader_init(&r, in, sizeof in);
    ck_assert_ptr_null(mk_read_bytes(&r, SIZE_MAX));
    ck_assert(r.bad);
}
END_TEST

START_TEST(reader_of_nothing_is_done)
{
    struct mk_reader r;
    mk_reader_init(&r, NULL, 0);
    (void)mk_read_bytes(&r, 0);
    ck_assert(mk_reader_done(&r));
}
END_TEST

START_TEST(hex_comes_back)
{
    uint8_t in[256], out[256];
    char text[513];
    for (int i = 0; i < 256; i++)
        in[i] = (uint8_t)i;
    mk_hex(text, in, sizeof in);
    ck_assert_uint_eq(strlen(text), 512);
    ck_assert_int_eq(strncmp(text, "000102", 6), 0);
    ck_assert_str_eq(text + 506, "fdfeff");
    ck_assert(mk_unhex(out, sizeof out, text));
    ck_assert_mem_eq(in, out, sizeof in);
    ck_assert(mk_unhex(out, 3, "AbCdEf"));
    ck_assert(out[0] == 0xab && out[1] == 0xcd && out[2] == 0xef);
    ck_assert(mk_unhex(out, 0, ""));
}
END_TEST

START_TEST(hex_of_another_length_or_sign_is_refused)
{
    uint8_t out[4];
    ck_assert(!mk_unhex(out, 2, "abc"));
    ck_assert(!mk_unhex(out, 2, "abcde"));
    ck_assert(!mk_unhex(out, 2, "abcdef"));
    ck_assert(!mk_unhex(out, 2, ""));
    ck_assert(!mk_unhex(out, 0, "a"));
    for (int c = 1; c < 256; c++) {
        char text[3] = {'1', (char)c, 0};
        bool is_digit = strchr("0123456789abcdefABCDEF", c) != NULL;
        ck_assert_int_eq(mk_unhex(out, 1, text), is_digit);
        text[0] = (char)c;
        text[1] = '1';
        ck_assert_int_eq(mk_unhex(out, 1, text), is_digit);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        integers_are_big_endian_and_come_back,
        reader_reads_in_order_and_knows_when_it_is_done,
        reader_never_reads_past_the_end,
        reader_stays_bad_after_the_first_overrun,
        reader_of_nothing_is_done,
        hex_comes_back,
        hex_of_another_length_or_sign_is_refused,
    };
    return UNIT_RUN("bytes", tests, NULL);
}
