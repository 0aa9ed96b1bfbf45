/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What leaves for spreadsheets and browsers: CSV and pages. */
#include "cmd/csv.h"
#include "cmd/page.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/unit.h"

static struct mk_buf out;

static const char *text(void)
{
    ck_assert_int_eq(mk_buf_terminate(&out), MK_OK);
    return (const char *)out.data;
}

static const char *cell(const char *s)
{
    struct mk_csv_out csv;

    mk_buf_clear(&out);
    mk_csv_begin(&csv, &out);
    mk_csv_cell(&csv, s);
    ck_assert_int_eq(csv.rc, MK_OK);
    return text();
}

START_TEST(a_cell_is_quoted_where_it_has_to_be)
{
    ck_assert_str_eq(cell("plain"), "plain");
    ck_assert_str_eq(cell(""), "");
    ck_assert_str_eq(cell("a,b"), "\"a,b\"");
    ck_assert_str_eq(cell("say \"ah\""), "\"say \"\"ah\"\"\"");
    ck_assert_str_eq(cell("two\nlines"), "\"two\nlines\"");
    mk_buf_release(&out);
}
END_TEST

START_TEST(no_cell_is_a_formula)
{
    ck_assert_str_eq(cell("=1+1"), "\"'=1+1\"");
    ck_assert_str_eq(cell("+bo"), "\"'+bo\"");
    ck_assert_str_eq(cell("-bo"), "\"'-bo\"");
    ck_assert_str_eq(cell("@bo"), "\"'@bo\"");
    ck_assert_str_eq(cell("\t=1"), "\"'\t=1\"");
    ck_assert_str_eq(cell("\r=1"), "\"'\r=1\"");
    ck_assert_str_eq(cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
    ck_assert_str_eq(cell("a=1"), "a=1");
    mk_buf_release(&out);
}
END_TEST

START_TEST(cells_make_rows)
{
    struct mk_csv_out csv;

    mk_csv_begin(&csv, &out);
    mk_csv_cell(&csv, "");
    mk_csv_num(&csv, 18446744073709551615u);
    mk_csv_cell(&csv, "c");
    mk_csv_end_row(&csv);
    mk_csv_num(&csv, 0);
    mk_csv_end_row(&csv);
    ck_assert_str_eq(text(), ",18446744073709551615,c\n0\n");
    mk_buf_release(&out);
}
END_TEST

static void page(bool html, const char *anything)
{
    struct mk_page p;

    mk_buf_clear(&out);
    mk_page_begin(&p, &out, html, "nl", anything);
    mk_page_section(&p, anything);
    mk_page_line(&p, false, "%s", anything);
    mk_page_line(&p, true, "%s", anything);
    mk_page_table(&p, 2);
    mk_page_cell(&p, "head");
    mk_page_cell(&p, anything);
    mk_page_num(&p, 7);
    mk_page_cell(&p, anything);
    mk_page_table_end(&p);
    ck_assert_int_eq(mk_page_end(&p), MK_OK);
}

static size_t times(const char *what)
{
    size_t n = 0;

    for (const char *s = text(); (s = strstr(s, what)) != NULL; s++)
        n++;
    return n;
}

START_TEST(nothing_that_a_page_says_is_obeyed)
{
    page(true, "<script>\"&'\x1b[2J");
    ck_assert_uint_eq(times("<script"), 0);
    ck_assert_uint_eq(times("&lt;script&gt;&quot;&amp;&#39;&lt;U+001B&gt;[2J"),
                      7);
    ck_assert_uint_eq(times("\x1b"), 0);
    page(false, "<script>\x1b[2J");
    ck_assert_uint_eq(times("<script><U+001B>[2J"), 6);
    mk_buf_release(&out);
}
END_TEST

START_TEST(a_page_of_text_is_lines_and_columns)
{
    page(false, "x");
    ck_assert_str_eq(text(), "x\n\nx\n  x\n! x\nhead  x\n7     x\n");
    mk_buf_release(&out);
}
END_TEST

START_TEST(every_element_of_a_page_is_closed)
{
    static const char *const elements[] = {"html",  "head", "body", "style",
                                           "title", "div",  "table"};
    char open[16], shut[16];

    page(true, "x");
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        snprintf(open, sizeof open, "<%s", elements[i]);
        snprintf(shut, sizeof shut, "</%s>", elements[i]);
        ck_assert_uint_eq(times(shut), 1);
        ck_assert_uint_ge(times(open), 1);
    }
    ck_assert_uint_eq(times("<tr>"), 2);
    ck_assert_uint_eq(times("</tr>"), 2);
    ck_assert_uint_eq(times("<th>"), 2);
    ck_assert_uint_eq(times("<td>"), 2);
    ck_assert_uint_eq(times("class=\"alarm\""), 1);
    mk_buf_release(&out);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_cell_is_quoted_where_it_has_to_be,
        no_cell_is_a_formula,
        cells_make_rows,
        nothing_that_a_page_says_is_obeyed,
        a_page_of_text_is_lines_and_columns,
        every_element_of_a_page_is_closed,
    };
    return UNIT_RUN("page", tests, NULL);
}
