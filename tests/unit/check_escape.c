/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/escape.h"

#include "tests/support/unit.h"

static void check(const char *text, const char *wanted)
{
    struct mk_buf out = MK_BUF_INIT;
    ck_assert_int_eq(mk_escape_xml(&out, text), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&out), MK_OK);
    ck_assert_str_eq((const char *)out.data, wanted);
    mk_buf_release(&out);
}

START_TEST(text_ends_no_tag_and_no_attribute)
{
    check("", "");
    check("één plicht", "één plicht");
    check("<script>alert(1)</script>",
          "&lt;script&gt;alert(1)&lt;/script&gt;");
    check("\" onload='x' ]]>", "&quot; onload=&#39;x&#39; ]]&gt;");
    check("&lt;", "&amp;lt;");
}
END_TEST

START_TEST(what_xml_cannot_hold_is_dropped)
{
    check("a\x01\x1b[31mb\x7f", "a[31mb");
    check("a\tb\r\nc\u2028d", "a b  c d");
    check("a\ufffe\uffffb\U0001ffffc\ufdd0d", "abcd");
    check("\x80\xc3(\xed\xa0\x80z", "\ufffd\ufffd(\ufffd\ufffd\ufffdz");
    check("\xc2\x85\xc2\x9b", "");
    check("\U0001f468\u200d\U0001f467", "\U0001f468\u200d\U0001f467");
}
END_TEST

START_TEST(letters_from_right_to_left_turn_nothing_around)
{
    check("a\u202egnp\u2066b\u2069\u200f\u061c", "agnpb");
    check("\u05d0\u05d1 33", "\u2068\u05d0\u05d1 33\u2069");
    check("\u202e\u0627<", "\u2068\u0627&lt;\u2069");
}
END_TEST

START_TEST(text_stands_between_what_is_given)
{
    struct mk_buf out = MK_BUF_INIT;
    ck_assert_int_eq(mk_escape_in(&out, "<p>", "<", "</p>"), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&out), MK_OK);
    ck_assert_str_eq((const char *)out.data, "<p>&lt;</p>");
    mk_buf_release(&out);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        text_ends_no_tag_and_no_attribute,
        what_xml_cannot_hold_is_dropped,
        letters_from_right_to_left_turn_nothing_around,
        text_stands_between_what_is_given,
    };
    return UNIT_RUN("escape", tests, NULL);
}
