/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Civil days.  A day is the number of days since 1970-01-01 (proleptic
 * Gregorian); a moment is milliseconds since 1970-01-01T00:00Z.  Days of the
 * vault are days in Europe/Amsterdam by the rule of Directive 2000/84/EC
 * (last Sunday of March and October, 01:00 UTC): no time-zone file is read.
 */
#ifndef MK_BASE_DATE_H
#define MK_BASE_DATE_H

#include "core/base/err.h"

typedef int32_t mk_day; /* a number with a unit, hence a typedef */

#define MK_DAY_NONE INT32_MIN
#define MK_DATE_TEXT 11 /* "YYYY-MM-DD" and NUL */

MK_MUST_USE bool mk_date_valid(int year, int month, int day);
mk_day mk_date_day(int year, int month, int day);
void mk_date_split(mk_day d, int *year, int *month, int *day);
int mk_date_year(mk_day d);
/* Starting year of the school year (1 August to 31 July) that d lies in. */
int mk_date_school_year(mk_day d);

/* Strict "YYYY-MM-DD", years 1900..2199.  False if not. */
MK_MUST_USE bool mk_date_parse(const char *text, size_t n, mk_day *out);
void mk_date_format(char out[static MK_DATE_TEXT], mk_day d);

/* The day in Europe/Amsterdam in which the moment lies. */
mk_day mk_date_amsterdam(int64_t ms);
/* Minutes since midnight there, as clocks on the wall show it: 0..1439. */
int mk_date_amsterdam_minute(int64_t ms);
/* The same day of the month so many months later, or the last of that month. */
mk_day mk_date_add_months(mk_day d, uint32_t months);
/* 0 Monday .. 6 Sunday */
int mk_date_weekday(mk_day d);
/* First millisecond after that day in Europe/Amsterdam. */
int64_t mk_date_amsterdam_end(mk_day d);
/* "YYYY-MM-DD HH:MM:SS" in Europe/Amsterdam; out holds 20 bytes. */
void mk_date_format_moment(char out[static 20], int64_t ms);

#endif
