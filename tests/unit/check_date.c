/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days and moments against those of libc. */
#include "core/base/date.h"

#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define MS_DAY INT64_C(86400000)

/* The rule of Directive 2000/84/EC as POSIX writes it: no zone file. */
static void in_amsterdam(void)
{
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
}

static mk_day parse(const char *text)
{
    mk_day d;
    ck_assert_msg(mk_date_parse(text, strlen(text), &d), "%s", text);
    return d;
}

START_TEST(every_day_of_three_centuries_agrees_with_libc)
{
    mk_day last = parse("2199-12-31");
    for (mk_day d = parse("1900-01-01"); d <= last; d++) {
        time_t t = (time_t)d * 86400;
        struct tm tm;
        char want[MK_DATE_TEXT], got[MK_DATE_TEXT];
        int year, month, day;
        gmtime_r(&t, &tm);
        mk_date_split(d, &year, &month, &day);
        if (year != tm.tm_year + 1900 || month != tm.tm_mon + 1 ||
            day != tm.tm_mday || mk_date_day(year, month, day) != d ||
            timegm(&tm) != t)
            ck_abort_msg("day %d", d);
        strftime(want, sizeof want, "%Y-%m-%d", &tm);
        mk_date_format(got, d);
        ck_assert_str_eq(got, want);
        ck_assert_int_eq(parse(got), d);
        ck_assert_int_eq(mk_date_year(d), year);
        ck_assert_int_eq(mk_date_school_year(d), month < 8 ? year - 1 : year);
    }
}
END_TEST

START_TEST(exactly_the_days_of_the_calendar_are_valid)
{
    for (int year = 1890; year <= 2210; year++) {
        for (int month = 0; month <= 13; month++) {
            for (int day = 0; day <= 32; day++) {
                struct tm tm = {.tm_year = year - 1900,
                                .tm_mon = month - 1,
                                .tm_mday = day};
                timegm(&tm); /* moves a day that does not exist */
                bool exists = tm.tm_mon == month - 1 && tm.tm_mday == day &&
                              tm.tm_year == year - 1900;
                if (mk_date_valid(year, month, day) != exists)
                    ck_abort_msg("%d-%d-%d", year, month, day);
                char text[40];
                mk_day d;
                snprintf(text, sizeof text, "%04d-%02d-%02d", year, month,
                         day);
                bool in_range = year >= 1900 && year <= 2199;
                if (mk_date_parse(text, 10, &d) != (exists && in_range))
                    ck_abort_msg("%s", text);
            }
        }
    }
}
END_TEST

START_TEST(dates_in_another_form_are_refused)
{
    static const char *const bad[] = {
        "",           "2020",        "2020-1-01",
        "2020-01-1",  "20200101",    "01-01-2020",
        "2020/01/01", "2020-01-01 ", " 2020-01-01",
        "2020-01-1a", "+020-01-01",  "2020-+1-01",
        "-020-01-01", "2020-02-30",  "2019-02-29",
        "2100-02-29", "2020 01 01",  "1899-12-31",
        "2200-01-01", "2020-01-001"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        mk_day d;
        ck_assert_msg(!mk_date_parse(bad[i], strlen(bad[i]), &d), "took '%s'",
                      bad[i]);
    }
}
END_TEST

START_TEST(school_years_begin_on_the_first_of_august)
{
    ck_assert_int_eq(mk_date_school_year(parse("2018-07-31")), 2017);
    ck_assert_int_eq(mk_date_school_year(parse("2018-08-01")), 2018);
    ck_assert_int_eq(mk_date_school_year(parse("2019-01-01")), 2018);
}
END_TEST

static void moment_agrees(int64_t ms)
{
    time_t t = (time_t)(ms >= 0 ? ms / 1000 : -((999 - ms) / 1000));
    struct tm tm;
    char want[32], got[20], day[MK_DATE_TEXT];
    localtime_r(&t, &tm);
    strftime(want, sizeof want, "%Y-%m-%d %H:%M:%S", &tm);
    mk_date_format_moment(got, ms);
    if (strcmp(got, want) != 0)
        ck_abort_msg("%lld: %s, libc %s", (long long)ms, got, want);
    mk_date_format(day, mk_date_amsterdam(ms));
    if (strncmp(day, want, 10) != 0)
        ck_abort_msg("%lld: day %s, libc %s", (long long)ms, day, want);
    if (mk_date_amsterdam_minute(ms) != tm.tm_hour * 60 + tm.tm_min ||
        mk_date_weekday(mk_date_amsterdam(ms)) != (tm.tm_wday + 6) % 7)
        ck_abort_msg("%lld: minute or weekday, libc %s", (long long)ms, want);
}

START_TEST(moments_in_amsterdam_agree_with_libc)
{
    in_amsterdam();
    int64_t end = (int64_t)parse("2199-12-01") * MS_DAY;
    int64_t step = INT64_C(1777000); /* no part of an hour */
    if (!getenv("MK_LONG"))
        step *= 5;
    /* libc applies such a rule to no year before 1970 */
    for (int64_t ms = (int64_t)parse("1970-01-02") * MS_DAY; ms < end;
         ms += step)
        moment_agrees(ms);
}
END_TEST

START_TEST(summer_time_begins_and_ends_to_the_millisecond)
{
    in_amsterdam();
    for (int year = 1996; year < 2200; year++) {
        for (int month = 3; month <= 10; month += 7) {
            /* every day of the last week, at 01:00 UTC */
            for (int day = 24; day <= 31; day++) {
                int64_t ms = mk_date_day(year, month, day) * MS_DAY + 3600000;
                for (int64_t by = -1; by <= 1; by++)
                    moment_agrees(ms + by);
            }
        }
    }
    char text[20];
    mk_date_format_moment(text, INT64_C(1585443599999));
    ck_assert_str_eq(text, "2020-03-29 01:59:59");
    mk_date_format_moment(text, INT64_C(1585443600000));
    ck_assert_str_eq(text, "2020-03-29 03:00:00");
    mk_date_format_moment(text, INT64_C(1603587600000) - 1);
    ck_assert_str_eq(text, "2020-10-25 02:59:59");
    mk_date_format_moment(text, INT64_C(1603587600000));
    ck_assert_str_eq(text, "2020-10-25 02:00:00");
}
END_TEST

START_TEST(the_end_of_a_day_is_where_the_next_begins)
{
    mk_day last = parse("2199-12-30");
    for (mk_day d = parse("1950-01-01"); d <= last; d++) {
        int64_t end = mk_date_amsterdam_end(d);
        if (mk_date_amsterdam(end - 1) != d || mk_date_amsterdam(end) != d + 1)
            ck_abort_msg("day %d", d);
    }
    /* 23, 24 and 25 hours */
    mk_day d = parse("2020-03-29");
    ck_assert_int_eq(mk_date_amsterdam_end(d) - mk_date_amsterdam_end(d - 1),
                     23 * 3600000);
    d = parse("2020-10-25");
    ck_assert_int_eq(mk_date_amsterdam_end(d) - mk_date_amsterdam_end(d - 1),
                     25 * 3600000);
}
END_TEST

START_TEST(moments_far_away_do_no_harm)
{
    static const int64_t far[] = {INT64_MIN, INT64_MIN + 1, -1,
                                  0,         INT64_MAX - 1, INT64_MAX};
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
        char text[20];
        mk_date_format_moment(text, far[i]);
        ck_assert_uint_eq(strlen(text), 19);
        (void)mk_date_amsterdam(far[i]);
        ck_assert_int_lt(mk_date_amsterdam_minute(far[i]), 1440);
        ck_assert_int_ge(mk_date_amsterdam_minute(far[i]), 0);
    }
    char text[MK_DATE_TEXT];
    mk_date_format(text, MK_DAY_NONE);
    ck_assert_str_eq(text, "****-**-**");
    mk_date_format(text, INT32_MAX);
    ck_assert_str_eq(text, "****-**-**");
    (void)mk_date_amsterdam_end(INT32_MAX);
    (void)mk_date_amsterdam_end(MK_DAY_NONE);
    ck_assert_int_ge(mk_date_weekday(MK_DAY_NONE), 0);
    ck_assert_int_lt(mk_date_weekday(INT32_MAX), 7);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_day_of_three_centuries_agrees_with_libc,
        exactly_the_days_of_the_calendar_are_valid,
        dates_in_another_form_are_refused,
        school_years_begin_on_the_first_of_august,
        moments_in_amsterdam_agree_with_libc,
        summer_time_begins_and_ends_to_the_millisecond,
        the_end_of_a_day_is_where_the_next_begins,
        moments_far_away_do_no_harm,
    };
    return UNIT_RUN("date", tests, NULL);
}
