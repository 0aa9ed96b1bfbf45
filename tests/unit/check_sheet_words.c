/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/words.h"

#include "tests/support/unit.h"

#include <string.h>

START_TEST(numbers_are_grouped_as_the_language_does)
{
    static const struct {
        uint64_t n;
        const char *nl, *en;
    } cases[] = {
        {0, "0", "0"},
        {999, "999", "999"},
        {1000, "1.000", "1,000"},
        {1234567, "1.234.567", "1,234,567"},
        {UINT64_MAX, "18.446.744.073.709.551.615",
         "18,446,744,073,709,551,615"},
    };
    char text[MK_CELL_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mk_words_number(text, cases[i].n, false);
        ck_assert_str_eq(text, cases[i].nl);
        mk_words_number(text, cases[i].n, true);
        ck_assert_str_eq(text, cases[i].en);
    }
}
END_TEST

START_TEST(days_name_their_month_in_both_languages)
{
    static const char *const days[][2] = {
        {"1 januari 2021", "1 January 2021"},
        {"2 februari 2021", "2 February 2021"},
        {"3 maart 2021", "3 March 2021"},
        {"4 april 2021", "4 April 2021"},
        {"5 mei 2021", "5 May 2021"},
        {"6 juni 2021", "6 June 2021"},
        {"7 juli 2021", "7 July 2021"},
        {"8 augustus 2021", "8 August 2021"},
        {"9 september 2021", "9 September 2021"},
        {"10 oktober 2021", "10 October 2021"},
        {"11 november 2021", "11 November 2021"},
        {"12 december 2021", "12 December 2021"},
    };
    for (int m = 0; m < 12; m++)
        for (int english = 0; english < 2; english++) {
            struct mk_buf text = MK_BUF_INIT;
            ck_assert_int_eq(
                mk_words_day(&text, mk_date_day(2021, m + 1, m + 1), english),
                MK_OK);
            ck_assert_int_eq(mk_buf_terminate(&text), MK_OK);
            ck_assert_str_eq((const char *)text.data, days[m][english]);
            mk_buf_release(&text);
        }
}
END_TEST

START_TEST(marked_years_stand_in_a_row)
{
    static const struct {
        bool marked[3], school, english;
        const char *said;
    } cases[] = {
        {{false, false, false}, false, false, ""},
        {{false, true, false}, false, false, "2019"},
        {{true, false, true}, false, false, "2018 en 2020"},
        {{true, true, true}, false, true, "2018, 2019 and 2020"},
        {{true, true, false}, true, false, "2018/2019 en 2019/2020"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mk_buf text = MK_BUF_INIT;
        struct mk_factsheet f;
        mk_factsheet_init(&f);
        f.n_years = 3;
        for (int y = 0; y < 3; y++)
            f.years[y] = 2018 + y;
        f.school_year = cases[i].school;
        f.english = cases[i].english;
        ck_assert_int_eq(mk_words_years(&text, &f, cases[i].marked), MK_OK);
        ck_assert_int_eq(mk_buf_terminate(&text), MK_OK);
        ck_assert_str_eq((const char *)text.data, cases[i].said);
        mk_buf_release(&text);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        numbers_are_grouped_as_the_language_does,
        days_name_their_month_in_both_languages,
        marked_years_stand_in_a_row,
    };
    return UNIT_RUN("sheet_words", tests, NULL);
}
