/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/fill.h"

#include "tests/support/unit.h"

#include <string.h>

static const struct mk_fill with[] = {{"n", "40"}, {"all", "{n}"}};

static enum mk_err fill(struct mk_buf *out, const char *text)
{
    mk_buf_init(out);
    enum mk_err rc = mk_fill(out, text, with, sizeof with / sizeof with[0]);
    ck_assert_int_eq(mk_buf_terminate(out), MK_OK);
    return rc;
}

START_TEST(places_are_filled_by_name_in_any_order)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"none", "none"},
        {"{n}", "40"},
        {"{n}{n}", "4040"},
        {"a {n} b {n}", "a 40 b 40"},
        {"} {n}", "} 40"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mk_buf out;
        ck_assert_int_eq(fill(&out, cases[i][0]), MK_OK);
        ck_assert_str_eq((const char *)out.data, cases[i][1]);
        mk_buf_release(&out);
    }
}
END_TEST

START_TEST(a_value_is_not_looked_through)
{
    struct mk_buf out;
    ck_assert_int_eq(fill(&out, "of {all}"), MK_OK);
    ck_assert_str_eq((const char *)out.data, "of {n}");
    mk_buf_release(&out);
}
END_TEST

START_TEST(a_place_without_a_value_is_refused)
{
    static const char *const cases[] = {"{m}", "{n", "{", "{nn}", "a {N} b"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mk_buf out;
        ck_assert_int_eq(fill(&out, cases[i]), MK_E_INTERNAL);
        mk_buf_release(&out);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        places_are_filled_by_name_in_any_order,
        a_value_is_not_looked_through,
        a_place_without_a_value_is_refused,
    };
    return UNIT_RUN("fill", tests, NULL);
}
