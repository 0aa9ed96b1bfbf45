/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/text.h"

#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static char *visible(const char *p, size_t n, bool lines)
{
    static struct mk_buf out;
    mk_buf_clear(&out);
    ck_assert_int_eq(mk_text_visible(&out, p, n, lines), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&out), MK_OK);
    return (char *)out.data;
}

#define VISIBLE(literal, lines) visible(literal, sizeof(literal) - 1, lines)

/* The bytes of c without asking whether it is allowed. */
static size_t encode(uint8_t *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (uint8_t)(0x80 | (c & 0x3f));
    out[0] = (uint8_t)((0xf0u << (4 - n)) | c);
    return n;
}

START_TEST(every_character_is_valid_and_every_surrogate_is_not)
{
    for (uint32_t c = 1; c <= 0x1fffff; c++) {
        uint8_t b[4];
        size_t n = encode(b, c);
        bool ok = c <= 0x10ffff && !(c >= 0xd800 && c <= 0xdfff);
        if (mk_text_valid(b, n) != (ok ? n : 0))
            ck_abort_msg("U+%04X", c);
        /* cut off */
        if (n > 1 && mk_text_valid(b, n - 1) != 0)
            ck_abort_msg("U+%04X cut off", c);
    }
}
END_TEST

START_TEST(broken_bytes_end_the_valid_part)
{
    static const struct {
        const char *text;
        size_t n, valid;
    } rows[] = {
        {"", 0, 0},
        {"abc", 3, 3},
        {"a\0b", 3, 1},         /* NUL */
        {"ab\x80", 3, 2},       /* continuation alone */
        {"a\xc0\x80", 3, 1},    /* NUL in two bytes */
        {"a\xc1\xbf", 3, 1},    /* too long */
        {"\xe0\x80\x80", 3, 0}, /* too long */
        {"\xe0\x9f\xbf", 3, 0},
        {"\xf0\x8f\xbf\xbf", 4, 0},
        {"\xf4\x90\x80\x80", 4, 0}, /* behind U+10FFFF */
        {"\xf5\x80\x80\x80", 4, 0},
        {"\xff", 1, 0},
        {"ok\xe2\x82", 4, 2},            /* cut off */
        {"\xe2\x82\xac\xe2(\xa1", 6, 3}, /* the second is broken */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_uint_eq(mk_text_valid(rows[i].text, rows[i].n),
                          rows[i].valid);
}
END_TEST

START_TEST(ordinary_text_stays_as_it_is)
{
    ck_assert_str_eq(VISIBLE("Zo\xc3\xab \xe2\x82\xac 5, na\xc3\xafve", false),
                     "Zo\xc3\xab \xe2\x82\xac 5, na\xc3\xafve");
    ck_assert_str_eq(VISIBLE("", false), "");
    ck_assert_str_eq(VISIBLE("\xf0\x9f\x8c\xb7", true), "\xf0\x9f\x8c\xb7");
}
END_TEST

START_TEST(a_terminal_gets_no_control_to_obey)
{
    ck_assert_str_eq(VISIBLE("a\x1b[2Jb", false), "a<U+001B>[2Jb");
    ck_assert_str_eq(VISIBLE("\x7f\0", false), "<U+007F><U+0000>");
    ck_assert_str_eq(VISIBLE("\xc2\x9b"
                             "31m",
                             true),
                     "<U+009B>31m");
    ck_assert_str_eq(VISIBLE("\r\n", true), "<U+000D>\n");
}
END_TEST

START_TEST(hidden_characters_are_shown)
{
    static const uint32_t all[] = {
        0xad,   0x61c,  0x200b, 0x200c, 0x200d,  0x200e,  0x200f, 0x2028,
        0x2029, 0x202a, 0x202b, 0x202c, 0x202d,  0x202e,  0x2060, 0x2066,
        0x2067, 0x2068, 0x2069, 0xfeff, 0xe0001, 0xe0041, 0xe007f};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char b[4], want[16];
        size_t n = encode((uint8_t *)b, all[i]);
        snprintf(want, sizeof want, "<U+%04X>", all[i]);
        ck_assert_str_eq(visible(b, n, false), want);
        ck_assert_str_eq(visible(b, n, true), want);
    }
}
END_TEST

START_TEST(lines_are_kept_only_when_asked)
{
    ck_assert_str_eq(VISIBLE("a\tb\nc", true), "a b\nc");
    ck_assert_str_eq(VISIBLE("a\tb\nc", false), "a<U+0009>b<U+000A>c");
}
END_TEST

START_TEST(invalid_bytes_are_shown_one_by_one)
{
    ck_assert_str_eq(VISIBLE("a\xff\xc3(b", false), "a<FF><C3>(b");
    ck_assert_str_eq(VISIBLE("\xed\xa0\x80", true), "<ED><A0><80>");
    ck_assert_str_eq(VISIBLE("x\xe2\x82", true), "x<E2><82>");
}
END_TEST

static const char *shell_word(const char *text)
{
    static struct mk_buf out = MK_BUF_INIT;
    mk_buf_clear(&out);
    ck_assert_int_eq(mk_text_shell(&out, text), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&out), MK_OK);
    return (const char *)out.data;
}

START_TEST(a_shell_reads_a_place_as_one_word)
{
    ck_assert_str_eq(shell_word("/srv/kluis-2"), "/srv/kluis-2");
    ck_assert_str_eq(shell_word("postgresql://db1,db2:5432/kluis"),
                     "postgresql://db1,db2:5432/kluis");
    ck_assert_str_eq(
        shell_word("postgresql://db/kluis?a=b&sslmode=verify-full"),
        "'postgresql://db/kluis?a=b&sslmode=verify-full'");
    ck_assert_str_eq(shell_word("/srv/onze kluis"), "'/srv/onze kluis'");
    ck_assert_str_eq(shell_word("/a'; rm $b"), "'/a'\\''; rm $b'");
    ck_assert_str_eq(shell_word("~kluis"), "'~kluis'");
    ck_assert_str_eq(shell_word(""), "''");
}
END_TEST

START_TEST(a_name_has_few_signs_and_an_end)
{
    static const char *const bad[] = {"",     "a b", "a/b", "\xc3\xa9",
                                      "a\nb", "a:b", "\x1b"};
    char most[MK_TEXT_NAME + 2];
    memset(most, 'a', sizeof most);
    ck_assert(mk_text_is_name("F-2020_v1.2", 11));
    ck_assert(mk_text_is_name(most, MK_TEXT_NAME));
    ck_assert(!mk_text_is_name(most, MK_TEXT_NAME + 1));
    ck_assert(!mk_text_is_name("a\0b", 3));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!mk_text_is_name(bad[i], strlen(bad[i])), "%s", bad[i]);
}
END_TEST

START_TEST(what_comes_out_is_valid_and_has_no_control_whatever_goes_in)
{
    uint32_t state = 1;
    for (int round = 0; round < 20000; round++) {
        char in[24];
        for (size_t i = 0; i < sizeof in; i++) {
            state = state * 1664525 + 1013904223;
            in[i] = (char)(state >> 24);
        }
        const char *out = visible(in, sizeof in, false);
        size_t n = strlen(out);
        ck_assert_uint_eq(mk_text_valid(out, n), n);
        for (size_t i = 0; i < n; i++)
            ck_assert_msg((uint8_t)out[i] >= 0x20 && out[i] != 0x7f, "%s",
                          out);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_character_is_valid_and_every_surrogate_is_not,
        broken_bytes_end_the_valid_part,
        ordinary_text_stays_as_it_is,
        a_terminal_gets_no_control_to_obey,
        hidden_characters_are_shown,
        lines_are_kept_only_when_asked,
        invalid_bytes_are_shown_one_by_one,
        a_shell_reads_a_place_as_one_word,
        a_name_has_few_signs_and_an_end,
        what_comes_out_is_valid_and_has_no_control_whatever_goes_in,
    };
    return UNIT_RUN("text", tests, NULL);
}
