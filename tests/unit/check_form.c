/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/form.h"

#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What a form said: "key=value;" one behind the other. */
struct said {
    struct mk_buf text;
};

static enum mk_err note(void *ctx, const char *key, size_t key_len,
                        const void *value, size_t n, uint64_t line,
                        struct mk_diag *diag)
{
    struct said *s = ctx;
    (void)diag;
    return mk_buf_addf(&s->text, "%d:%.*s=%.*s;", (int)line, (int)key_len, key,
                       (int)n, (const char *)value);
}

static enum mk_err parse(const char *form, size_t n, const char *expected,
                         uint64_t line)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf in = MK_BUF_INIT;
    struct said s = {MK_BUF_INIT};
    ck_assert_int_eq(mk_buf_add(&in, form, n), MK_OK);
    enum mk_err rc = mk_form_parse(&in, note, &s, &diag);
    if (rc == MK_OK) {
        ck_assert_int_eq(mk_buf_terminate(&s.text), MK_OK);
        ck_assert_str_eq((const char *)s.text.data, expected);
    } else {
        ck_assert_int_eq(diag.line, line);
    }
    mk_buf_release(&in);
    mk_buf_release(&s.text);
    return rc;
}

static void reads(const char *form, const char *expected)
{
    ck_assert_int_eq(parse(form, strlen(form), expected, 0), MK_OK);
}

static void refuses(const char *form, enum mk_err err, uint64_t line)
{
    ck_assert_int_eq(parse(form, strlen(form), "", line), err);
}

START_TEST(keys_and_values_are_read_with_their_lines)
{
    reads("a: x\nb:y\nc:  z \t\n", "1:a=x;2:b=y;3:c=z;");
}
END_TEST

START_TEST(a_continuation_begins_with_a_space_and_a_point_is_an_empty_line)
{
    reads("a: x\n y\n .\n  z\nb: 1\n", "1:a=x\ny\n\n z;5:b=1;");
}
END_TEST

START_TEST(a_key_without_a_value_is_given_as_empty)
{
    reads("a:\nb: x\n", "1:a=;2:b=x;");
}
END_TEST

START_TEST(crlf_comments_and_empty_lines_around_are_taken)
{
    reads("\r\n# c\r\na: x\r\n y\r\n\r\n", "3:a=x\ny;");
    reads("\xef\xbb\xbf"
          "a: x\n",
          "1:a=x;");
}
END_TEST

START_TEST(a_colon_belongs_to_the_value)
{
    reads("a: b: c\n", "1:a=b: c;");
}
END_TEST

START_TEST(a_form_without_an_end_of_its_last_line_is_refused)
{
    refuses("a: x\nb: y", MK_E_SYNTAX, 2);
    refuses("a: x\n b", MK_E_SYNTAX, 2);
}
END_TEST

START_TEST(every_cut_inside_a_line_is_refused)
{
    const char form[] = "received: 2026-03-02\nnarrative: a\n b\n";
    for (size_t n = 0; n < sizeof form - 1; n++) {
        bool whole_lines = n > 0 && form[n - 1] == '\n';
        struct mk_diag diag = MK_DIAG_INIT;
        struct mk_buf in = MK_BUF_INIT;
        struct said s = {MK_BUF_INIT};
        ck_assert_int_eq(mk_buf_add(&in, form, n), MK_OK);
        enum mk_err rc = mk_form_parse(&in, note, &s, &diag);
        ck_assert_int_eq(rc, whole_lines ? MK_OK : MK_E_SYNTAX);
        mk_buf_release(&in);
        mk_buf_release(&s.text);
    }
}
END_TEST

START_TEST(an_empty_form_is_refused)
{
    refuses("", MK_E_SYNTAX, 1);
    refuses("\n\n", MK_E_SYNTAX, 2);
    refuses("# c\n", MK_E_SYNTAX, 1);
}
END_TEST

START_TEST(a_second_block_is_refused)
{
    refuses("a: x\n\nb: y\n", MK_E_SYNTAX, 3);
}
END_TEST

START_TEST(a_line_that_is_neither_key_nor_continuation_is_refused)
{
    refuses("a: x\nzomaar\n", MK_E_SYNTAX, 2);
    refuses(" x: y\n", MK_E_SYNTAX, 1);
}
END_TEST

START_TEST(nul_and_broken_utf8_are_refused)
{
    ck_assert_int_eq(parse("a: x\nb: \0\n", 10, "", 2), MK_E_BAD_UTF8);
    refuses("a: \xc3\x28\n", MK_E_BAD_UTF8, 1);
}
END_TEST

static enum mk_err fields(const char *form, struct mk_fields *f,
                          struct mk_diag *diag)
{
    struct mk_buf in = MK_BUF_INIT;
    ck_assert_int_eq(mk_buf_add(&in, form, strlen(form)), MK_OK);
    enum mk_err rc = mk_form_fields(&in, MK_VERB_MELDING, f, diag);
    mk_buf_release(&in);
    return rc;
}

START_TEST(a_form_becomes_the_fields_of_its_verb)
{
    struct mk_fields f;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_fields_init(&f);
    ck_assert_int_eq(fields("received: 2026-03-02\nchannel: TEL\n"
                            "reporter: OUD\nlabel:\n",
                            &f, &diag),
                     MK_OK);
    ck_assert_int_eq(mk_fields_code(&f, MK_F_CHANNEL), MK_CHANNEL_TEL);
    ck_assert(!mk_fields_has(&f, MK_F_LABEL));
    mk_fields_release(&f);
}
END_TEST

static void field_error(const char *form, enum mk_err err, uint64_t line,
                        const char *place)
{
    struct mk_fields f;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_fields_init(&f);
    ck_assert_int_eq(fields(form, &f, &diag), err);
    ck_assert_int_eq(diag.line, line);
    ck_assert_str_eq(diag.place, place);
    mk_fields_release(&f);
}

START_TEST(errors_name_line_and_key_and_nothing_that_was_written)
{
    field_error("channel: FAX\n", MK_E_BAD_CODE, 1, "channel");
    field_error("\nreceived: x\n", MK_E_BAD_DATE, 2, "received");
    field_error("channel: TEL\nchannel: TEL\n", MK_E_DUPLICATE_KEY, 2,
                "channel");
    field_error("label:\nlabel: x\n", MK_E_DUPLICATE_KEY, 2, "label");
    field_error("verdict: RED\n", MK_E_UNKNOWN_KEY, 1, "verdict");
    field_error("Jan Jansen: x\n", MK_E_UNKNOWN_KEY, 1, MK_FORM_NOT_OURS);
    field_error("channel: TEL\n", MK_E_MISSING_KEY, 0, "received");
}
END_TEST

START_TEST(fields_come_back_from_their_form)
{
    struct mk_fields f, again;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf out = MK_BUF_INIT, twice = MK_BUF_INIT;
    mk_fields_init(&f);
    mk_fields_init(&again);
    ck_assert_int_eq(
        mk_fields_parse(&f, MK_F_NARRATIVE, "a\n\n b\nc", 7, &diag), MK_OK);
    ck_assert_int_eq(mk_fields_parse(&f, MK_F_CHANNEL, "TEL", 3, &diag),
                     MK_OK);
    ck_assert_int_eq(mk_form_format(&out, &f), MK_OK);
    ck_assert_int_eq(mk_form_partial(&out, MK_VERB_MELDING, &again, &diag),
                     MK_OK);
    ck_assert_int_eq(mk_form_format(&twice, &again), MK_OK);
    ck_assert_uint_eq(out.len, twice.len);
    ck_assert_mem_eq(out.data, twice.data, out.len);
    const struct mk_buf *text = mk_fields_text(&again, MK_F_NARRATIVE);
    ck_assert_uint_eq(text->len, 7);
    ck_assert_mem_eq(text->data, "a\n\n b\nc", 7);
    mk_fields_release(&f);
    mk_fields_release(&again);
    mk_buf_release(&out);
    mk_buf_release(&twice);
}
END_TEST

START_TEST(a_form_that_is_too_large_is_not_read_to_its_end)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf out = MK_BUF_INIT;
    int fd = fileno(tmpfile());
    ck_assert_int_eq(write(fd, "channel: TEL\nnarrative: ", 24), 24);
    /* a hole of 1 GiB: zero bytes that nobody stored */
    ck_assert_int_eq(ftruncate(fd, (off_t)1 << 30), 0);
    ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
    ck_assert_int_eq(mk_form_read(&out, fd, &diag), MK_E_TOO_LARGE);
    ck_assert_int_eq(diag.line, 2);
    ck_assert_str_eq(diag.place, "narrative");
    ck_assert_uint_le(out.len, MK_FORM_MAX + 1);
    ck_assert_int_le(lseek(fd, 0, SEEK_CUR), (off_t)MK_FORM_MAX + 1);
    mk_buf_release(&out);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        keys_and_values_are_read_with_their_lines,
        a_continuation_begins_with_a_space_and_a_point_is_an_empty_line,
        a_key_without_a_value_is_given_as_empty,
        crlf_comments_and_empty_lines_around_are_taken,
        a_colon_belongs_to_the_value,
        a_form_without_an_end_of_its_last_line_is_refused,
        every_cut_inside_a_line_is_refused,
        an_empty_form_is_refused,
        a_second_block_is_refused,
        a_line_that_is_neither_key_nor_continuation_is_refused,
        nul_and_broken_utf8_are_refused,
        a_form_becomes_the_fields_of_its_verb,
        errors_name_line_and_key_and_nothing_that_was_written,
        fields_come_back_from_their_form,
        a_form_that_is_too_large_is_not_read_to_its_end,
    };
    return UNIT_RUN("form", tests, NULL);
}
