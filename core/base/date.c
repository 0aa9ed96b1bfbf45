/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Days and civil dates by eras of 400 years of 146,097 days, counted from 1
 * March, so that the leap day is the last day of a year.
 */
#include "core/base/date.h"

#include <string.h>

#define MS_HOUR ((int64_t)3600 * 1000)
#define MS_DAY (24 * MS_HOUR)
#define ERA 146097
/* days from 0000-03-01 to 1970-01-01 */
#define EPOCH 719468

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool mk_date_valid(int year, int month, int day)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30,
                                 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    return day <= days[month - 1] + (month == 2 && is_leap(year));
}

mk_day mk_date_day(int year, int month, int day)
{
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = floor_div(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t from_march = month > 2 ? month - 3 : month + 9;
    int64_t day_of_year = (153 * from_march + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 -
                         year_of_era / 100 + day_of_year;
    return (mk_day)(era * ERA + day_of_era - EPOCH);
}

void mk_date_split(mk_day d, int *year, int *month, int *day)
{
    int64_t z = (int64_t)d + EPOCH;
    int64_t era = floor_div(z, ERA);
    int64_t doe = z - era * ERA;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t from_march = (5 * doy + 2) / 153;
    *day = (int)(doy - (153 * from_march + 2) / 5 + 1);
    *month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

mk_day mk_date_add_months(mk_day d, uint32_t months)
{
    int year, month, day;
    mk_date_split(d, &year, &month, &day);
    int64_t count = (int64_t)year * 12 + month - 1 + months;
    year = (int)(count / 12);
    month = (int)(count % 12) + 1;
    while (day > 28 && !mk_date_valid(year, month, day))
        day--;
    return mk_date_day(year, month, day);
}

int mk_date_year(mk_day d)
{
    int year, month, day;
    mk_date_split(d, &year, &month, &day);
    return year;
}

int mk_date_school_year(mk_day d)
{
    int year, month, day;
    mk_date_split(d, &year, &month, &day);
    return month >= 8 ? year : year - 1;
}

/* Exactly n digits, leading zeros and all. */
static bool fixed_digits(const char *text, size_t n, int *out)
{
    int v = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        v = v * 10 + (text[i] - '0');
    }
    *out = v;
    return true;
}

bool mk_date_parse(const char *text, size_t n, mk_day *out)
{
    int year, month, day;
    if (n != MK_DATE_TEXT - 1 || text[4] != '-' || text[7] != '-')
        return false;
    if (!fixed_digits(text, 4, &year) || !fixed_digits(text + 5, 2, &month) ||
        !fixed_digits(text + 8, 2, &day))
        return false;
    if (year < 1900 || year > 2199 || !mk_date_valid(year, month, day))
        return false;
    *out = mk_date_day(year, month, day);
    return true;
}

static void put_digits(char *out, size_t n, int v)
{
    while (n-- > 0) {
        out[n] = (char)('0' + v % 10);
        v /= 10;
    }
}

void mk_date_format(char out[static MK_DATE_TEXT], mk_day d)
{
    int year, month, day;
    mk_date_split(d, &year, &month, &day);
    memcpy(out, "****-**-**", MK_DATE_TEXT);
    if (year < 0 || year > 9999)
        return;
    put_digits(out, 4, year);
    put_digits(out + 5, 2, month);
    put_digits(out + 8, 2, day);
}

int mk_date_weekday(mk_day d)
{
    /* 1970-01-01 was a Thursday */
    int64_t days = (int64_t)d + 3;
    return (int)(days - 7 * floor_div(days, 7));
}

/* 01:00 UTC on the last Sunday of the month (of 31 days). */
static int64_t last_sunday(int year, int month)
{
    mk_day last = mk_date_day(year, month, 31);
    return (last - (mk_date_weekday(last) + 1) % 7) * MS_DAY + MS_HOUR;
}

static mk_day day_of(int64_t ms)
{
    int64_t d = floor_div(ms, MS_DAY);
    if (d > INT32_MAX)
        return INT32_MAX;
    return d < INT32_MIN ? INT32_MIN : (mk_day)d;
}

/* What Amsterdam is ahead of UTC at that moment. */
static int64_t ahead(int64_t ms)
{
    /* both changes lie far from New Year: the year in UTC will do */
    int year = mk_date_year(day_of(ms));
    bool summer = ms >= last_sunday(year, 3) && ms < last_sunday(year, 10);
    return summer ? 2 * MS_HOUR : MS_HOUR;
}

static int64_t to_local(int64_t ms)
{
    if (ms > INT64_MAX - 2 * MS_HOUR)
        return INT64_MAX;
    return ms + ahead(ms);
}

mk_day mk_date_amsterdam(int64_t ms)
{
    return day_of(to_local(ms));
}

int mk_date_amsterdam_minute(int64_t ms)
{
    int64_t minutes = floor_div(to_local(ms), 60000);
    return (int)(minutes - 1440 * floor_div(minutes, 1440));
}

int64_t mk_date_amsterdam_end(mk_day d)
{
    int64_t midnight = ((int64_t)d + 1) * MS_DAY;
    /* the clock never changes between 22:00 and 23:00 UTC, where every local
     * midnight falls */
    return midnight - ahead(midnight - 2 * MS_HOUR);
}

void mk_date_format_moment(char out[static 20], int64_t ms)
{
    int64_t local = to_local(ms);
    int64_t seconds = floor_div(local, 1000);
    int of_day = (int)(seconds - 86400 * floor_div(seconds, 86400));
    mk_date_format(out, day_of(local));
    out[10] = ' ';
    put_digits(out + 11, 2, of_day / 3600);
    out[13] = ':';
    put_digits(out + 14, 2, of_day / 60 % 60);
    out[16] = ':';
    put_digits(out + 17, 2, of_day % 60);
    out[19] = '\0';
}
