/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of a session: its words, and what the tab key adds to it. */
#include "cmd/app.h"
#include "cmd/complete.h"
#include "cmd/split.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

/* The words of text with | between them, or the name of the error. */
static const char *split(const char *text)
{
    static char out[512];
    char line[256];
    char *words[MK_SPLIT_MAX];
    size_t n = 0, at = 0;
    struct mk_diag diag = MK_DIAG_INIT;
    snprintf(line, sizeof line, "%s", text);
    enum mk_err rc = mk_split(line, words, &n, true, &diag);
    if (rc != MK_OK)
        return mk_err_name(rc);
    out[0] = '\0';
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(out + at, sizeof out - at, "%s%s",
                               i == 0 ? "" : "|", words[i]);
    return out;
}

START_TEST(words_are_parted_by_spaces_and_tabs)
{
    ck_assert_str_eq(split(""), "");
    ck_assert_str_eq(split("  \t "), "");
    ck_assert_str_eq(split("lijst"), "lijst");
    ck_assert_str_eq(split("  toon\tMK-7Q4D-K2XZ  --doel BEH "),
                     "toon|MK-7Q4D-K2XZ|--doel|BEH");
}
END_TEST

START_TEST(quotes_keep_spaces_and_fall_away)
{
    ck_assert_str_eq(split("gebruiker toon 'Ria de Wit'"),
                     "gebruiker|toon|Ria de Wit");
    ck_assert_str_eq(split("--wie=\"Ria de Wit\"x"), "--wie=Ria de Witx");
    ck_assert_str_eq(split("\"it's\" '\"' '' end"), "it's|\"||end");
    ck_assert_str_eq(split("'a''b'"), "ab");
}
END_TEST

START_TEST(nothing_else_is_special)
{
    ck_assert_str_eq(split("$HOME `id` a;b >x *.c \\n # ~"),
                     "$HOME|`id`|a;b|>x|*.c|\\n|#|~");
}
END_TEST

START_TEST(a_quote_without_an_end_is_refused)
{
    ck_assert_str_eq(split("toon 'x"), mk_err_name(MK_E_USAGE));
    ck_assert_str_eq(split("toon x\""), mk_err_name(MK_E_USAGE));
}
END_TEST

START_TEST(too_many_words_are_refused)
{
    char line[2 * MK_SPLIT_MAX + 3];
    char *words[MK_SPLIT_MAX];
    size_t n;
    struct mk_diag diag = MK_DIAG_INIT;
    for (size_t i = 0; i < sizeof line; i++)
        line[i] = i % 2 == 0 ? 'a' : ' ';
    line[2 * MK_SPLIT_MAX] = '\0';
    ck_assert_int_eq(mk_split(line, words, &n, true, &diag), MK_OK);
    ck_assert_uint_eq(n, MK_SPLIT_MAX);
    for (size_t i = 0; i < sizeof line; i++)
        line[i] = i % 2 == 0 ? 'a' : ' ';
    line[2 * MK_SPLIT_MAX + 1] = '\0';
    ck_assert_int_eq(mk_split(line, words, &n, true, &diag), MK_E_USAGE);
}
END_TEST

/* The line with what the tab key adds. */
static const char *tab(const char *text, bool english)
{
    static char out[128];
    static struct mk_app app;
    struct mk_buf line = MK_BUF_INIT, more = MK_BUF_INIT;
    app.english = english;
    ck_assert_int_eq(mk_buf_add_str(&line, text), MK_OK);
    ck_assert_int_eq(mk_complete(&app, &line, &more), MK_OK);
    snprintf(out, sizeof out, "%s%.*s", text, (int)more.len,
             more.len ? (const char *)more.data : "");
    mk_buf_release(&line);
    mk_buf_release(&more);
    return out;
}

START_TEST(the_tab_key_completes_names_of_commands)
{
    ck_assert_str_eq(tab("tijd", false), "tijdlijn ");
    ck_assert_str_eq(tab("timel", true), "timeline ");
    ck_assert_str_eq(tab("meld", false), "melding ");
    ck_assert_str_eq(tab("melding ", false), "melding nieuw ");
    ck_assert_str_eq(tab("vrijgave co", false), "vrijgave controleer ");
    ck_assert_str_eq(tab("help tijd", false), "help tijdlijn ");
    ck_assert_str_eq(tab("sl", false), "sl"); /* slot, sluit */
    ck_assert_str_eq(tab("slo", false), "slot ");
    ck_assert_str_eq(tab("zzz", false), "zzz");
    ck_assert_str_eq(tab("toon 'x", false), "toon 'x");
}
END_TEST

START_TEST(and_options_of_that_command_but_no_files)
{
    ck_assert_str_eq(tab("klok --mi", false), "klok --mijn ");
    ck_assert_str_eq(tab("lijst --sta", false), "lijst --stand ");
    ck_assert_str_eq(tab("klok --sta", false), "klok --sta");
    ck_assert_str_eq(tab("toon --ui", false), "toon --ui");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        words_are_parted_by_spaces_and_tabs,
        quotes_keep_spaces_and_fall_away,
        nothing_else_is_special,
        a_quote_without_an_end_is_refused,
        too_many_words_are_refused,
        the_tab_key_completes_names_of_commands,
        and_options_of_that_command_but_no_files,
    };
    return UNIT_RUN("split", tests, NULL);
}
