/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/say.h"

#include "tests/support/unit.h"

#define TITLE "Factsheet of the confidential inspectors: childcare"

START_TEST(a_text_is_found_in_both_languages)
{
    ck_assert_str_eq(mk_say(false, TITLE),
                     "Factsheet vertrouwensinspecteurs kinderopvang");
    ck_assert_str_eq(mk_say(true, TITLE), TITLE);
}
END_TEST

START_TEST(what_no_catalogue_has_stays_english)
{
    ck_assert_str_eq(mk_say(false, "no such text"), "no such text");
    ck_assert_str_eq(mk_say(false, ""), "");
    ck_assert_str_eq(mk_say(false, "~"), "~");
    ck_assert_str_eq(mk_say_n(false, "%d no such", "%d no suches", 1),
                     "%d no such");
    ck_assert_str_eq(mk_say_n(false, "%d no such", "%d no suches", 0),
                     "%d no suches");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_text_is_found_in_both_languages,
        what_no_catalogue_has_stays_english,
    };
    return UNIT_RUN("say", tests, NULL);
}
