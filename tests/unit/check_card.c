/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/card.h"

#include "core/base/date.h"
#include "tests/support/unit.h"

#include <ctype.h>
#include <string.h>

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
}

static const struct mk_card_words words = {
    .origin = "oost", .holder = "els", .n = 5, .made_ms = 1796000000000};

static void sample(struct mk_card *card)
{
    *card = (struct mk_card){.set = 7, .threshold = 3};
    memset(card->store, 0xa5, MK_ID);
    card->share.number = 2;
    card->share.bytes = mk_secret_random(MK_CARD_SHARE);
}

static void text_of(struct mk_buf *text, const struct mk_card *card)
{
    ck_assert_int_eq(mk_card_add(text, card, &words), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(text), MK_OK);
}

/* The five lines of the code. */
static char *code_of(struct mk_buf *text)
{
    char *code = strstr((char *)text->data, "   mksh");
    ck_assert_ptr_nonnull(code);
    char *end = strstr(code, "----");
    ck_assert_ptr_nonnull(end);
    *end = '\0';
    return code;
}

static void is_sample(const void *text, size_t n, const struct mk_card *want)
{
    struct mk_card got;
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert_msg(mk_card_read(&got, text, n, "card", &diag) == MK_OK, "%s",
                  mk_err_name(diag.err));
    ck_assert_mem_eq(got.store, want->store, MK_ID);
    ck_assert_uint_eq(got.set, want->set);
    ck_assert_uint_eq(got.threshold, want->threshold);
    ck_assert_uint_eq(got.share.number, want->share.number);
    ck_assert(mk_secret_equal(got.share.bytes, want->share.bytes));
    mk_card_release(&got);
}

static struct mk_diag refused(const char *text, size_t n)
{
    struct mk_card got;
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert(mk_card_read(&got, text, n, "card", &diag) != MK_OK);
    ck_assert_ptr_null(got.share.bytes);
    ck_assert_str_eq(diag.place, "card");
    return diag;
}

START_TEST(a_card_comes_back_from_its_sheet)
{
    struct mk_card card;
    struct mk_buf text = MK_BUF_INIT;
    sample(&card);
    text_of(&text, &card);
    is_sample(text.data, text.len, &card);
    mk_buf_release(&text);
    mk_card_release(&card);
}
END_TEST

START_TEST(a_sheet_says_to_people_what_they_must_know)
{
    static const char *const said[] = {
        "oost",         "reeks    7",   "2 van 5",
        "elke 3 samen", "voor     els", "2026-11-30",
        "a5a5a5",       "geef haar",    "English:",
    };
    struct mk_card card;
    struct mk_buf text = MK_BUF_INIT;
    sample(&card);
    text_of(&text, &card);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        ck_assert_msg(strstr((char *)text.data, said[i]), "%s", said[i]);
    /* it prints: lines of at most 78 characters, no control characters */
    size_t column = 0;
    for (size_t i = 0; i < text.len; i++) {
        column = text.data[i] == '\n' ? 0 : column + 1;
        ck_assert(column <= 78);
        ck_assert(text.data[i] == '\n' ||
                  (text.data[i] >= ' ' && text.data[i] < 0x7f));
    }
    mk_buf_release(&text);
    mk_card_release(&card);
}
END_TEST

START_TEST(the_code_alone_is_a_card_however_it_is_typed)
{
    struct mk_card card;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_buf typed = MK_BUF_INIT;
    sample(&card);
    text_of(&text, &card);
    char *code = code_of(&text);
    is_sample(code, strlen(code), &card);
    for (char *p = code; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    is_sample(code, strlen(code), &card);
    /* in one line without spaces, and one character a line */
    for (int apart = 0; apart < 2; apart++) {
        mk_buf_clear(&typed);
        for (char *p = code; *p; p++)
            if (!isspace((unsigned char)*p)) {
                ck_assert_int_eq(mk_buf_add_u8(&typed, (uint8_t)*p), MK_OK);
                if (apart)
                    ck_assert_int_eq(mk_buf_add_str(&typed, " \t\r\n"), MK_OK);
            }
        is_sample(typed.data, typed.len, &card);
    }
    mk_buf_release(&typed);
    mk_buf_release(&text);
    mk_card_release(&card);
}
END_TEST

/* line and group of the character number i of the code */
static void is_place(const struct mk_diag *diag, size_t i)
{
    ck_assert_int_eq(diag->err, MK_E_CARD_TYPO);
    ck_assert_uint_eq(diag->line, i / 24 + 1);
    ck_assert_int_eq(diag->num[0], (int64_t)(i % 24 / 4 + 1));
}

START_TEST(a_wrong_character_is_named_by_line_and_group)
{
    struct mk_card card;
    struct mk_buf text = MK_BUF_INIT;
    size_t at = 0;
    sample(&card);
    text_of(&text, &card);
    char *code = code_of(&text);
    for (char *p = code; *p; p++) {
        static const char *const wrong = "qpbio1!M";
        if (isspace((unsigned char)*p))
            continue;
        char was = *p;
        for (const char *w = wrong; *w; w++) {
            struct mk_diag diag;
            if (*w == was)
                continue;
            *p = *w;
            diag = refused(code, strlen(code));
            /* a capital that nothing before it contradicts shows at the
             * first small letter */
            if (*w != 'M' || at > 0)
                is_place(&diag, at);
        }
        *p = was;
        at++;
    }
    ck_assert_uint_eq(at, 101);
    mk_buf_release(&text);
    mk_card_release(&card);
}
END_TEST

START_TEST(a_missing_character_is_named_by_its_line)
{
    struct mk_card card;
    struct mk_buf text = MK_BUF_INIT;
    sample(&card);
    text_of(&text, &card);
    char *code = code_of(&text);
    char *third = code;
    for (int i = 0; i < 2; i++)
        third = strchr(third, '\n') + 1;
    third[9] = ' ';
    struct mk_diag diag = refused(code, strlen(code));
    ck_assert_int_eq(diag.err, MK_E_CARD_LINE);
    ck_assert_uint_eq(diag.line, 3);
    ck_assert(diag.num[0] == 23 && diag.num[1] == 24);
    /* without lines nothing can be named but the length */
    for (char *p = code; *p; p++)
        if (*p == '\n')
            *p = ' ';
    diag = refused(code, strlen(code));
    ck_assert_int_eq(diag.err, MK_E_CARD_LENGTH);
    ck_assert(diag.num[0] == 100 && diag.num[1] == 101);
    mk_buf_release(&text);
    mk_card_release(&card);
}
END_TEST

START_TEST(two_slips_are_found_and_never_mended)
{
    struct mk_card card;
    struct mk_buf text = MK_BUF_INIT;
    sample(&card);
    text_of(&text, &card);
    char *code = code_of(&text);
    for (size_t i = 12; i < 24; i++)
        for (size_t j = 40; j < 60; j++) {
            char a = code[i], b = code[j];
            if (isspace((unsigned char)a) || isspace((unsigned char)b))
                continue;
            code[i] = a == 'q' ? 'p' : 'q';
            code[j] = b == 'q' ? 'p' : 'q';
            enum mk_err err = refused(code, strlen(code)).err;
            ck_assert(err == MK_E_CARD_SUM || err == MK_E_CARD_TYPO);
            code[i] = a;
            code[j] = b;
        }
    mk_buf_release(&text);
    mk_card_release(&card);
}
END_TEST

START_TEST(what_is_no_card_is_said_to_be_none)
{
    static const char *const none[] = {"",
                                       "\n\n",
                                       "mkshare",
                                       "geheim wachtwoord",
                                       "a1lqfn3a",
                                       "---- code ----\n---- einde ----\n",
                                       "---- code ----"};
    struct mk_buf large = MK_BUF_INIT;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        ck_assert_int_eq(refused(none[i], strlen(none[i])).err,
                         MK_E_CARD_FORM);
    ck_assert_int_eq(mk_buf_add_zero(&large, MK_CARD_TEXT_MAX + 1), MK_OK);
    ck_assert_int_eq(refused((char *)large.data, large.len).err,
                     MK_E_CARD_FORM);
    ck_assert_int_eq(refused((char *)large.data, 200).err, MK_E_CARD_FORM);
    mk_buf_release(&large);
}
END_TEST

START_TEST(numbers_that_no_set_has_are_no_card)
{
    struct mk_card card;
    struct mk_buf text = MK_BUF_INIT;
    for (int i = 0; i < 4; i++) {
        sample(&card);
        mk_buf_clear(&text);
        if (i == 0)
            card.set = 0;
        if (i == 1)
            card.threshold = 1;
        if (i == 2)
            card.threshold = 17;
        if (i == 3)
            card.share.number = 0;
        text_of(&text, &card);
        ck_assert_int_eq(refused((char *)text.data, text.len).err,
                         MK_E_CARD_FORM);
        mk_card_release(&card);
    }
    mk_buf_release(&text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_card_comes_back_from_its_sheet,
        a_sheet_says_to_people_what_they_must_know,
        the_code_alone_is_a_card_however_it_is_typed,
        a_wrong_character_is_named_by_line_and_group,
        a_missing_character_is_named_by_its_line,
        two_slips_are_found_and_never_mended,
        what_is_no_card_is_said_to_be_none,
        numbers_that_no_set_has_are_no_card,
    };
    return UNIT_RUN("card", tests, start);
}
