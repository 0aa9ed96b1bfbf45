/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strict reader of CSV: what is a row, where it stands, what is none. */
#include "core/base/csv.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

/* Text handed out in pieces: where they end must make no difference. */
struct source {
    const char *p;
    size_t left;
    size_t piece;
    uint64_t asked; /* bytes given so far */
};

static enum mk_err more_text(void *ctx, void *p, size_t n, size_t *got)
{
    struct source *s = ctx;

    *got = n < s->piece ? n : s->piece;
    if (*got > s->left)
        *got = s->left;
    memcpy(p, s->p, *got);
    s->p += *got;
    s->left -= *got;
    s->asked += *got;
    return MK_OK;
}

static struct mk_csv csv;
static struct source from;
static struct mk_diag diag;

static void begin(const char *text, size_t n, size_t piece)
{
    from = (struct source){.p = text, .left = n, .piece = piece};
    diag = (struct mk_diag)MK_DIAG_INIT;
    mk_csv_init(&csv, more_text, &from);
}

/* The next row is these fields, joined by |, and begins at line. */
static void ck_row(uint64_t line, const char *fields)
{
    char text[256] = "";
    bool more = false;

    ck_assert_int_eq(mk_csv_next(&csv, &more, &diag), MK_OK);
    ck_assert(more);
    for (size_t i = 0; i < csv.n; i++) {
        size_t at = strlen(text);

        snprintf(text + at, sizeof text - at, "%s%.*s", i ? "|" : "",
                 (int)csv.field[i].n,
                 (const char *)csv.text.data + csv.field[i].at);
    }
    ck_assert_str_eq(text, fields);
    ck_assert_uint_eq(csv.line, line);
}

static void ck_end(void)
{
    bool more = true;

    ck_assert_int_eq(mk_csv_next(&csv, &more, &diag), MK_OK);
    ck_assert(!more);
    mk_csv_release(&csv);
}

static void ck_refused(const char *text, size_t n, enum mk_err err,
                       uint64_t line)
{
    bool more = true;
    enum mk_err rc = MK_OK;

    begin(text, n, 3);
    while (rc == MK_OK && more)
        rc = mk_csv_next(&csv, &more, &diag);
    ck_assert_msg(rc == err, "%s: %s, not %s", text, mk_err_name(rc),
                  mk_err_name(err));
    ck_assert_int_eq(diag.err, err);
    ck_assert_uint_eq(diag.line, line);
    mk_csv_release(&csv);
}
#define REFUSED(text, err, line) ck_refused(text, sizeof(text) - 1, err, line)

START_TEST(rows_are_read_the_same_in_any_pieces)
{
    static const char text[] = "\xef\xbb\xbf"
                               "a,b,c\n1,,\"x,\"\"y\"\"\"\r\n\n,,\n\"\",2,3";

    for (size_t piece = 1; piece < 40; piece++) {
        begin(text, sizeof text - 1, piece);
        ck_row(1, "a|b|c");
        ck_row(2, "1||x,\"y\"");
        ck_row(4, "||");
        ck_row(5, "|2|3");
        ck_end();
    }
}
END_TEST

START_TEST(lines_within_quotes_are_counted)
{
    static const char text[] = "a,b\n\"een\ntwee\r\ndrie\",x\nlast,y\n";

    begin(text, sizeof text - 1, 7);
    ck_row(1, "a|b");
    ck_row(2, "een\ntwee\r\ndrie|x");
    ck_row(5, "last|y");
    ck_end();
}
END_TEST

START_TEST(the_raw_row_is_kept_as_it_stood)
{
    static const char text[] = "\"a\"\"b\",c\r\nd,e";
    bool more;

    begin(text, sizeof text - 1, 5);
    ck_assert_int_eq(mk_csv_next(&csv, &more, &diag), MK_OK);
    ck_assert_uint_eq(csv.raw.len, 10);
    ck_assert_mem_eq(csv.raw.data, text, 10);
    ck_assert_int_eq(mk_csv_next(&csv, &more, &diag), MK_OK);
    ck_assert_uint_eq(csv.raw.len, 3);
    ck_assert_mem_eq(csv.raw.data, "d,e", 3);
    ck_end();
}
END_TEST

START_TEST(quotes_in_the_wrong_place_are_refused_with_their_line)
{
    REFUSED("a,b\nc\"d,e\n", MK_E_SYNTAX, 2);
    REFUSED("a,b\n\"c\"d,e\n", MK_E_SYNTAX, 2);
    REFUSED("a,b\n\"c\" ,e\n", MK_E_SYNTAX, 2);
    REFUSED("a,b\nc,\"open\nto the end", MK_E_SYNTAX, 2);
    REFUSED("a,b\nc\rd,e\n", MK_E_SYNTAX, 2);
}
END_TEST

START_TEST(bytes_that_are_no_text_are_refused_and_reading_goes_on)
{
    static const char text[] = "a\n\xff\nc\n";
    bool more;

    begin(text, sizeof text - 1, 4);
    ck_row(1, "a");
    ck_assert_int_eq(mk_csv_next(&csv, &more, &diag), MK_E_BAD_UTF8);
    ck_assert_uint_eq(diag.line, 2);
    ck_row(3, "c");
    ck_end();
    REFUSED("a\n\0,b\n", MK_E_BAD_UTF8, 2);
    REFUSED("a\n\xed\xa0\x80\n", MK_E_BAD_UTF8, 2);
}
END_TEST

START_TEST(a_row_has_at_most_64_columns)
{
    char text[MK_CSV_COLUMNS + 2];

    memset(text, ',', sizeof text);
    begin(text, MK_CSV_COLUMNS - 1, 1000);
    ck_row(1,
           "|||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||");
    ck_end();
    ck_refused(text, MK_CSV_COLUMNS, MK_E_TOO_LARGE, 1);
}
END_TEST

static enum mk_err endless(void *ctx, void *p, size_t n, size_t *got)
{
    struct source *s = ctx;

    memset(p, 'a', n);
    if (s->asked == 0)
        *(char *)p = '"';
    *got = n;
    s->asked += n;
    return MK_OK;
}

START_TEST(a_field_without_end_is_refused_before_it_is_read)
{
    bool more;

    from = (struct source){.asked = 0};
    diag = (struct mk_diag)MK_DIAG_INIT;
    mk_csv_init(&csv, endless, &from);
    ck_assert_int_eq(mk_csv_next(&csv, &more, &diag), MK_E_TOO_LARGE);
    ck_assert_uint_le(from.asked, MK_CSV_ROW + sizeof csv.block);
    mk_csv_release(&csv);
}
END_TEST

static enum mk_err broken(void *ctx, void *p, size_t n, size_t *got)
{
    (void)ctx;
    (void)p;
    (void)n;
    *got = 0;
    return MK_E_IO;
}

START_TEST(a_source_that_fails_is_no_end_of_the_file)
{
    bool more;

    diag = (struct mk_diag)MK_DIAG_INIT;
    mk_csv_init(&csv, broken, NULL);
    ck_assert_int_eq(mk_csv_next(&csv, &more, &diag), MK_E_IO);
    mk_csv_release(&csv);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        rows_are_read_the_same_in_any_pieces,
        lines_within_quotes_are_counted,
        the_raw_row_is_kept_as_it_stood,
        quotes_in_the_wrong_place_are_refused_with_their_line,
        bytes_that_are_no_text_are_refused_and_reading_goes_on,
        a_row_has_at_most_64_columns,
        a_field_without_end_is_refused_before_it_is_read,
        a_source_that_fails_is_no_end_of_the_file,
    };

    return UNIT_RUN("csv", tests, NULL);
}
