/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/num.h"

#include "tests/support/unit.h"

#include <string.h>

static bool parse(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
    return mk_num_parse(text, strlen(text), min, max, out);
}

START_TEST(digits_are_a_number)
{
    uint64_t v;
    ck_assert(parse("0", 0, 9, &v) && v == 0);
    ck_assert(parse("7", 0, 9, &v) && v == 7);
    ck_assert(parse("2020", 2018, 2021, &v) && v == 2020);
    ck_assert(parse("18446744073709551615", 0, UINT64_MAX, &v));
    ck_assert_uint_eq(v, UINT64_MAX);
    ck_assert(mk_num_parse("123x", 3, 0, 999, &v) && v == 123);
}
END_TEST

START_TEST(numbers_outside_the_range_are_refused)
{
    uint64_t v = 42;
    ck_assert(!parse("4", 5, 9, &v));
    ck_assert(!parse("10", 5, 9, &v));
    ck_assert(!parse("18446744073709551616", 0, UINT64_MAX, &v));
    ck_assert(!parse("99999999999999999999", 0, UINT64_MAX, &v));
    ck_assert(!parse("184467440737095516150", 0, UINT64_MAX, &v));
    ck_assert_uint_eq(v, 42);
}
END_TEST

START_TEST(anything_but_plain_digits_is_refused)
{
    static const char *const bad[] = {"",    "01",  "00",  "-1",      "+1",
                                      " 1",  "1 ",  "1.0", "1,000",   "0x1",
                                      "1e3", "\n1", "1\n", "\xd9\xa1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint64_t v;
        ck_assert_msg(!parse(bad[i], 0, UINT64_MAX, &v), "took '%s'", bad[i]);
    }
    uint64_t v;
    ck_assert(!mk_num_parse("1\0002", 3, 0, 999, &v));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        digits_are_a_number,
        numbers_outside_the_range_are_refused,
        anything_but_plain_digits_is_refused,
    };
    return UNIT_RUN("num", tests, NULL);
}
