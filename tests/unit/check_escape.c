/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/escape.h"

#include "tests/support/unit.h"

typedef enum mk_err escape(struct mk_buf *out, const char *text);

static void check_in(escape *with, const char *text, const char *wanted)
{
    struct mk_buf out = MK_BUF_INIT;
    ck_assert_int_eq(with(&out, text), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&out), MK_OK);
    ck_assert_str_eq((const char *)out.data, wanted);
    mk_buf_release(&out);
}

static void check(const char *text, const char *wanted)
{
    check_in(mk_escape_xml, text, wanted);
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

START_TEST(plain_text_is_one_line_that_no_terminal_obeys)
{
    check_in(mk_escape_plain, "", "");
    check_in(mk_escape_plain, "<b> & \"c\"", "<b> & \"c\"");
    check_in(mk_escape_plain, "a\nb\x1b[2J\u202ec", "a b[2Jc");
    check_in(mk_escape_plain, "\u05d0 7", "\u2068\u05d0 7\u2069");
}
END_TEST

START_TEST(text_becomes_no_markdown)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"a | b", "a \\| b"},
        {"[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))"},
        {"<script>", "\\<script\\>"},
        {"a_b*c`d~e$f\\", "a\\_b\\*c\\`d\\~e\\$f\\\\"},
        {"&lt;", "\\&lt;"},
        {"see https://a.nl, www.b.nl", "see https\\://a.nl, www\\.b.nl"},
        {"# a #", "\\# a \\#"},
        {"#366", "\\#366"},
        {"a #366", "a #366"},
        {"- a - b", "\\- a - b"},
        {"+1", "\\+1"},
        {"===", "\\==="},
        {"12. a 3.4", "12\\. a 3.4"},
        {"1) a (2)", "1\\) a (2)"},
        {"a\n# b", "a # b"},
        {"33 (BSO), 1.234", "33 (BSO), 1.234"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_in(mk_escape_markdown, cases[i][0], cases[i][1]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        text_ends_no_tag_and_no_attribute,
        what_xml_cannot_hold_is_dropped,
        letters_from_right_to_left_turn_nothing_around,
        text_stands_between_what_is_given,
        plain_text_is_one_line_that_no_terminal_obeys,
        text_becomes_no_markdown,
    };
    return UNIT_RUN("escape", tests, NULL);
}
