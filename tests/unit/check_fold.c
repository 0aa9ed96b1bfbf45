/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/fold.h"

#include <string.h>

#include "tests/support/unit.h"

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
}

/* --- search --- */

static void folds_to(const char *text, const char *expected)
{
    struct mk_buf out = MK_BUF_INIT;
    ck_assert_int_eq(mk_fold_search(&out, text, strlen(text)), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&out), MK_OK);
    ck_assert_msg(strcmp((char *)out.data, expected) == 0,
                  "'%s' folds to '%s', not to '%s'", text, (char *)out.data,
                  expected);
    mk_buf_release(&out);
}

static bool finds(const char *hay, const char *needle)
{
    struct mk_buf h = MK_BUF_INIT;
    struct mk_buf n = MK_BUF_INIT;
    ck_assert_int_eq(mk_fold_search(&h, hay, strlen(hay)), MK_OK);
    ck_assert_int_eq(mk_fold_search(&n, needle, strlen(needle)), MK_OK);
    bool found = mk_fold_finds(h.data, h.len, n.data, n.len);
    mk_buf_release(&h);
    mk_buf_release(&n);
    return found;
}

START_TEST(all_ways_to_write_a_dutch_name_find_each_other)
{
    const char *const groups[][12] = {
        {"van der Berg", "Berg, van der", "v.d. Berg", "V.D. BERG", "vd Berg",
         "v/d Berg", "Van Der Berg", "v d Berg", "Berg (van der)", "v.d.Berg",
         "vander Berg"},
        {"in 't Veld", "Veld, in 't", "in het Veld", "In \xe2\x80\x99t Veld",
         "in't Veld", "VELD"},
        {"'t Hart", "Hart, 't", "t Hart", "\xe2\x80\x99t Hart", "van 't Hart",
         "v.'t Hart", "v. 't Hart", "van het Hart", "v.h. Hart"},
        {"ten Brink", "Ten Brink", "Brink, ten", "Brink", "te Brink",
         "ter Brink"},
        {"op den Akker", "op de Akker", "Akker, op den", "Op Den Akker"},
        {"Jansen-de Vries", "Jansen - de Vries", "jansen de vries"},
        {"van IJssel", "van Ijssel", "ijssel", "\xc4\xb2ssel", "YSSEL",
         "Van \xc3\xbfssel",
         "i\xcc\x88"
         "jssel"},
        {"d'Hondt", "D\xe2\x80\x99Hondt", "de Hondt", "d' Hondt"},
        {"M\xc3\xbcller", "Mu\xcc\x88ller", "MULLER", "muller"},
        {"Ren\xc3\xa9"
         "e",
         "Renee",
         "RENE\xcc\x81"
         "E"},
        {"O'Brien",
         "O\xe2\x80\x99"
         "Brien",
         "obrien"},
        {"\xc3\x98sterg\xc3\xa5rd", "Ostergard", "ostergard"},
    };

    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
        for (size_t i = 0; i < 12 && groups[g][i]; i++)
            for (size_t j = 0; j < 12 && groups[g][j]; j++)
                ck_assert_msg(finds(groups[g][i], groups[g][j]),
                              "'%s' does not find '%s'", groups[g][j],
                              groups[g][i]);
}
END_TEST

START_TEST(other_names_do_not_find_each_other)
{
    ck_assert(!finds("van der Berg", "van der Burg"));
    ck_assert(!finds("Bakker", "Bakkerij"));
    ck_assert(!finds("Jan Bakker", "Piet Bakker"));
    ck_assert(!finds("", "Bakker"));
    ck_assert(!finds("Bakker", ""));
    ck_assert(!finds("Bakker", " .,- "));
}
END_TEST

START_TEST(words_are_found_in_any_order_and_inside_words)
{
    ck_assert(
        finds("Kinderdagverblijf De Kleine Beer, Utrecht", "utrecht beer"));
    ck_assert(finds("Bergsma", "berg"));
    ck_assert(finds("Berg, Jan van der", "jan van der berg"));
    ck_assert(finds("tel. 06-1234 5678", "1234"));
}
END_TEST

START_TEST(what_is_left_is_words_with_one_space_between)
{
    folds_to("  Jan\tVAN   der\nBerg. ", "jan berg");
    folds_to("v.d. Berg", "berg");
    folds_to("Bijzonder", "byzonder");
    folds_to("Stra\xc3\x9f"
             "e \xef\xac\x81s",
             "strasse fis");
    folds_to("C\xc3\xa6sar \xc5\x81ukasz", "caesar lukasz");
    folds_to("in de tuin", "tuin");
    folds_to("zit in huis", "zit in huis");
    folds_to("", "");
    folds_to("-- !", "");
    /* of nothing but such words, all stay: a search for them is one */
    folds_to("van der", "van der");
    folds_to("De", "de");
    /* letters of other scripts are letters too */
    folds_to("\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd",
             "\xd0\xb8\xd0\xb2\xd0\xb0\xd0\xbd");
}
END_TEST

START_TEST(folding_what_is_folded_changes_nothing)
{
    const char *const texts[] = {
        "Jan van der Berg, \xc4\xb2ssel \xef\xac\x81s", "in 't Veld",
        "K\xc3\xb6nig-d'Hondt", "1\xc2\xbd \xc2\xb2"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct mk_buf once = MK_BUF_INIT;
        struct mk_buf twice = MK_BUF_INIT;
        ck_assert_int_eq(mk_fold_search(&once, texts[i], strlen(texts[i])),
                         MK_OK);
        ck_assert_int_eq(mk_fold_search(&twice, once.data, once.len), MK_OK);
        ck_assert_uint_eq(once.len, twice.len);
        ck_assert_mem_eq(once.data, twice.data, once.len);
        mk_buf_release(&once);
        mk_buf_release(&twice);
    }
}
END_TEST

START_TEST(text_that_is_no_utf8_is_refused_and_nothing_added)
{
    const char *const bad[] = {"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\xaf",
                               "\xf4\x90\x80\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct mk_buf out = MK_BUF_INIT;
        ck_assert_int_eq(mk_fold_search(&out, bad[i], strlen(bad[i])),
                         MK_E_BAD_UTF8);
        ck_assert_uint_eq(out.len, 0);
    }
}
END_TEST

/* --- passphrases --- */

static enum mk_err nfc(const char *typed, size_t n, struct mk_secret **out)
{
    struct mk_secret *s = mk_secret_from(typed, n);
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_fold_nfc(out, s, &diag);
    ck_assert((rc == MK_OK) == (*out != NULL));
    if (rc != MK_OK)
        ck_assert_str_eq(diag.place, "passphrase");
    mk_secret_free(s);
    return rc;
}

/* Source: Unicode Standard Annex 15, figures 3 to 5. */
START_TEST(a_passphrase_becomes_nfc)
{
    const struct {
        const char *typed;
        const char *nfc;
    } rows[] = {
        {"A\xcc\x8a", "\xc3\x85"},
        {"\xe2\x84\xab", "\xc3\x85"},
        {"o\xcc\x82", "\xc3\xb4"},
        {"s\xcc\xa3\xcc\x87", "\xe1\xb9\xa9"},
        {"s\xcc\x87\xcc\xa3", "\xe1\xb9\xa9"},
        {"\xe1\xb8\x8b\xcc\xa3", "\xe1\xb8\x8d\xcc\x87"},
        {"\xef\xac\x81 2\xe2\x81\xb5", "\xef\xac\x81 2\xe2\x81\xb5"},
        {"Gewoon ASCII 'met' 1 spatie ", "Gewoon ASCII 'met' 1 spatie "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mk_secret *s;
        ck_assert_int_eq(nfc(rows[i].typed, strlen(rows[i].typed), &s), MK_OK);
        ck_assert_uint_eq(mk_secret_len(s), strlen(rows[i].nfc));
        ck_assert_mem_eq(mk_secret_peek(s), rows[i].nfc, mk_secret_len(s));
        mk_secret_free(s);
    }
}
END_TEST

START_TEST(a_passphrase_that_cannot_be_normalised_for_good_is_refused)
{
    struct mk_secret *s;
    char many[MK_PASSPHRASE_MAX + 1];

    memset(many, 'a', sizeof many);
    ck_assert_int_eq(nfc("", 0, &s), MK_E_MISSING_KEY);
    ck_assert_int_eq(nfc("a\xff", 2, &s), MK_E_BAD_UTF8);
    ck_assert_int_eq(nfc("a\0b", 3, &s), MK_E_BAD_UTF8);
    /* U+0378 is assigned in no version so far */
    ck_assert_int_eq(nfc("a\xcd\xb8", 3, &s), MK_E_BAD_UTF8);
    ck_assert_int_eq(nfc(many, sizeof many, &s), MK_E_TOO_LARGE);
    ck_assert_int_eq(nfc(many, sizeof many - 1, &s), MK_OK);
    mk_secret_free(s);
}
END_TEST

/* U+1D160 decomposes to three points of four bytes and stays so in NFC;
 * U+0390 is the longest decomposition of two bytes. */
START_TEST(the_longest_decompositions_fit)
{
    struct mk_secret *s;
    char text[MK_PASSPHRASE_MAX];

    for (size_t i = 0; i < sizeof text; i += 2)
        memcpy(text + i, "\xce\x90", 2);
    ck_assert_int_eq(nfc(text, sizeof text, &s), MK_OK);
    ck_assert_uint_eq(mk_secret_len(s), sizeof text);
    mk_secret_free(s);
    for (size_t i = 0; i < sizeof text; i += 4)
        memcpy(text + i, "\xf0\x9d\x85\xa0", 4);
    ck_assert_int_eq(nfc(text, sizeof text, &s), MK_E_TOO_LARGE);
    ck_assert_int_eq(nfc(text, 16, &s), MK_OK);
    ck_assert_uint_eq(mk_secret_len(s), 48);
    mk_secret_free(s);
}
END_TEST

/* --- names --- */

static enum mk_err name(const char *typed, struct mk_buf *out)
{
    mk_buf_clear(out);
    return mk_fold_name(out, typed, strlen(typed), NULL);
}

START_TEST(names_of_latin_letters_digits_dots_hyphens_and_spaces_go)
{
    const char *const good[] = {"Anna",
                                "D. Smit-Bakker",
                                "R2",
                                "Ren\xc3\xa9"
                                "e van der Berg",
                                "\xc5\x81ukasz",
                                "J.P.",
                                "v.d. Berg",
                                "\xe1\xba\xbc",
                                "a"};
    struct mk_buf out = MK_BUF_INIT;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_int_eq(name(good[i], &out), MK_OK);
        ck_assert_uint_eq(out.len, strlen(good[i]));
        ck_assert_mem_eq(out.data, good[i], out.len);
    }
    ck_assert_int_eq(name("Rene\xcc\x81", &out), MK_OK);
    ck_assert_uint_eq(out.len, 5);
    ck_assert_mem_eq(out.data, "Ren\xc3\xa9", 5);
    mk_buf_release(&out);
}
END_TEST

START_TEST(names_with_anything_else_are_refused)
{
    const char *const bad[] = {
        "",
        " ",
        "-",
        ".",
        " a",
        "a ",
        "a  b",
        "a\tb",
        "a\nb",
        "a:b",
        "a/b",
        "a'b",
        "a\"b",
        "a\x1b[1m",
        "a\x7f",
        "a\xc2\x85",
        "a\xc2\xa0"
        "b",
        "a\xe2\x80\xae",
        "a\xe2\x80\x8b",
        "a\xe2\x81\xa6",
        "\xd0\x90nna",
        "\xce\x91nna",
        "\xef\xac\x81s",
        "\xc4\xb2",
        "a\xc2\xb2",
        "a\xf0\x9f\x98\x80",
        "q\xcc\x81",
        "-a",
        ".a",
    };
    struct mk_buf out = MK_BUF_INIT;
    char longest[MK_FOLD_NAME_MAX + 2];

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_msg(name(bad[i], &out) == MK_E_SYNTAX, "'%s'", bad[i]);
        ck_assert_uint_eq(out.len, 0);
    }
    ck_assert_int_eq(name("\xff", &out), MK_E_BAD_UTF8);
    memset(longest, 'a', sizeof longest);
    longest[MK_FOLD_NAME_MAX + 1] = '\0';
    ck_assert_int_eq(name(longest, &out), MK_E_TOO_LARGE);
    longest[MK_FOLD_NAME_MAX] = '\0';
    ck_assert_int_eq(name(longest, &out), MK_OK);
    mk_buf_release(&out);
}
END_TEST

START_TEST(names_that_differ_in_case_or_composition_have_one_key)
{
    const char *const same[] = {"Ren\xc3\xa9 \xc3\x98", "REN\xc3\x89 \xc3\xb8",
                                "rene\xcc\x81 \xc3\xb8"};
    uint8_t a[MK_HASH];
    uint8_t b[MK_HASH];

    ck_assert(mk_fold_name_key(a, same[0], strlen(same[0])));
    for (size_t i = 1; i < 3; i++) {
        ck_assert(mk_fold_name_key(b, same[i], strlen(same[i])));
        ck_assert_mem_eq(a, b, MK_HASH);
    }
    ck_assert(mk_fold_name_key(b, "Rene \xc3\x98", 7));
    ck_assert_mem_ne(a, b, MK_HASH);
    ck_assert(!mk_fold_name_key(b, "", 0));
    ck_assert(!mk_fold_name_key(b, "\xff", 1));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        all_ways_to_write_a_dutch_name_find_each_other,
        other_names_do_not_find_each_other,
        words_are_found_in_any_order_and_inside_words,
        what_is_left_is_words_with_one_space_between,
        folding_what_is_folded_changes_nothing,
        text_that_is_no_utf8_is_refused_and_nothing_added,
        a_passphrase_becomes_nfc,
        a_passphrase_that_cannot_be_normalised_for_good_is_refused,
        the_longest_decompositions_fit,
        names_of_latin_letters_digits_dots_hyphens_and_spaces_go,
        names_with_anything_else_are_refused,
        names_that_differ_in_case_or_composition_have_one_key,
    };
    return UNIT_RUN("fold", tests, start);
}
