/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/cube_read.h"

#include "core/codes.h"
#include "core/cube.h"
#include "tests/support/cube_text.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#define ROW_1 "2019,SM,KDV,OUD,J,XIV,J,J,J,J,N,N,N,N,3\n"
#define ROW_2 "2020,FG,ONB,NR,ONB,GEEN,N,NR,N,N,N,N,N,N,12\n"

static const char good[] = "meldkluis-cube: 1\n"
                           "years: 2019 2020\n"
                           "basis: calendar\n"
                           "data-date: 2021-03-01\n"
                           "position: 366\n"
                           "uncounted: 2020 ontvangen 2\n"
                           "uncounted: - ontvangen 1\n"
                           "rows: 2\n"
                           "\n" CUBE_COLUMNS ROW_1 ROW_2;

static enum mk_err parse(const char *text, size_t n, struct mk_diag *diag)
{
    struct mk_counts c;
    mk_counts_init(&c);
    enum mk_err rc = mk_counts_parse(&c, text, n, diag);
    mk_counts_release(&c);
    return rc;
}

/* good with the first old replaced by new. */
static char *changed(const char *old, const char *new)
{
    const char *at = strstr(good, old);
    ck_assert_msg(at != NULL, "no '%s'", old);
    char *text = malloc(sizeof good + strlen(new));
    ck_assert(text != NULL);
    size_t n = (size_t)(at - good);
    memcpy(text, good, n);
    memcpy(text + n, new, strlen(new));
    memcpy(text + n + strlen(new), at + strlen(old),
           sizeof good - n - strlen(old));
    return text;
}

static void refuses(const char *old, const char *new, enum mk_err err,
                    uint64_t line)
{
    struct mk_diag diag = MK_DIAG_INIT;
    char *text = changed(old, new);
    enum mk_err rc = parse(text, strlen(text), &diag);
    ck_assert_msg(rc == err && diag.err == err,
                  "'%s' for '%s' gives %s, not %s", new, old, mk_err_name(rc),
                  mk_err_name(err));
    ck_assert_msg(diag.line == line, "'%s' for '%s' names line %d", new, old,
                  (int)diag.line);
    ck_assert_int_eq(mk_err_exit(rc),
                     err == MK_E_NEWER ? MK_EXIT_INTEGRITY : MK_EXIT_USAGE);
    free(text);
}

START_TEST(a_cube_is_read_as_it_stands)
{
    struct mk_counts c;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_counts_init(&c);
    ck_assert_int_eq(mk_counts_parse(&c, good, sizeof good - 1, &diag), MK_OK);
    ck_assert_uint_eq(c.n_years, 2);
    ck_assert_int_eq(c.years[0], 2019);
    ck_assert(!c.school_year);
    ck_assert_int_eq(c.data_date, mk_date_day(2021, 3, 1));
    ck_assert_uint_eq(c.position, 366);
    ck_assert_uint_eq(c.uncounted[1][1], 2);
    ck_assert_uint_eq(c.uncounted[MK_COUNTS_YEARS][1], 1);
    ck_assert_uint_eq(c.n_rows, 2);
    const struct mk_counts_row *r = c.rows;
    ck_assert_uint_eq(r[0].level[MK_DIM_YEAR], 0);
    ck_assert_uint_eq(r[0].level[MK_DIM_CATEGORY], MK_LEVEL_CATEGORY_SM);
    ck_assert_uint_eq(r[0].level[MK_DIM_RED], 1);
    ck_assert_uint_eq(r[0].level[MK_DIM_COMPLAINT], 0);
    ck_assert_uint_eq(r[0].n, 3);
    ck_assert_uint_eq(r[1].level[MK_DIM_REPORTER], MK_LEVEL_NR);
    ck_assert_uint_eq(r[1].level[MK_DIM_CARE_TYPE], MK_LEVEL_CARE_TYPE_ONB);
    mk_counts_release(&c);
}
END_TEST

START_TEST(a_cube_cut_off_anywhere_is_refused)
{
    for (size_t n = 0; n < sizeof good - 1; n++) {
        struct mk_diag diag = MK_DIAG_INIT;
        enum mk_err rc = parse(good, n, &diag);
        ck_assert_msg(rc == MK_E_SYNTAX, "cut at %zu: %s", n, mk_err_name(rc));
        ck_assert_uint_ge(diag.line, 1);
    }
}
END_TEST

START_TEST(a_header_that_is_not_exact_is_refused_with_its_line)
{
    refuses("cube: 1", "cube: 5", MK_E_NEWER, 1);
    refuses("cube: 1", "cube: x", MK_E_SYNTAX, 1);
    refuses("meldkluis", "Meldkluis", MK_E_SYNTAX, 1);
    refuses("2019 2020\n", "2020 2019\n", MK_E_SYNTAX, 2);
    refuses("2019 2020\n", "2019 2019\n", MK_E_SYNTAX, 2);
    refuses("2019 2020\n", "2019  2020\n", MK_E_BAD_NUMBER, 2);
    refuses("2019 2020\n", "2019 20200\n", MK_E_BAD_NUMBER, 2);
    refuses("2019 2020\n",
            "1901 1902 1903 1904 1905 1906 1907 1908 1909 1910 1911 1912 1913 "
            "1914 1915 1916 1917 1918 1919 1920 1921 1922 1923 1924 1925 1926 "
            "1927 1928 1929 1930 1931 1932 1933\n",
            MK_E_TOO_LARGE, 2);
    refuses("calendar", "lunar", MK_E_BAD_CODE, 3);
    refuses("2021-03-01", "2021-02-30", MK_E_BAD_DATE, 4);
    refuses("366", "0366", MK_E_BAD_NUMBER, 5);
    refuses("366", "99999999999999999999", MK_E_BAD_NUMBER, 5);
    refuses("2020 ontvangen", "2021 ontvangen", MK_E_BAD_CODE, 6);
    refuses("2020 ontvangen", "2020 open", MK_E_BAD_CODE, 6);
    refuses("ontvangen 2", "ontvangen 0", MK_E_BAD_NUMBER, 6);
    refuses("ontvangen 2", "ontvangen", MK_E_SYNTAX, 6);
    refuses("- ontvangen", "2020 ontvangen", MK_E_DUPLICATE_KEY, 7);
    refuses("rows: 2", "rows: -2", MK_E_BAD_NUMBER, 8);
    refuses("rows: 2", "rows: 1000001", MK_E_BAD_NUMBER, 8);
    refuses("rows: 2\n\n", "rows: 2\n", MK_E_SYNTAX, 9);
    refuses("position: 366\n", "", MK_E_SYNTAX, 5);
    refuses("1\nyears", "1\r\nyears", MK_E_SYNTAX, 1);
}
END_TEST

START_TEST(columns_other_than_those_of_the_cube_are_refused)
{
    refuses("red,referred", "referred,red", MK_E_SYNTAX, 10);
    refuses("unmet_aangifte,n\n", "unmet_aangifte,n,n\n", MK_E_SYNTAX, 10);
    refuses("unmet_aangifte,n\n", "unmet_aangifte\n", MK_E_SYNTAX, 10);
    char *wide = calloc(10000, 2);
    ck_assert(wide != NULL);
    for (size_t i = 0; i < 9999; i++)
        memcpy(wide + 2 * i, "n,", 2);
    refuses("unmet_aangifte,n\n", wide, MK_E_SYNTAX, 10);
    refuses("N,N,3\n", wide, MK_E_BAD_CODE, 11);
    refuses(",3\n2020", wide, MK_E_BAD_CODE, 11);
    free(wide);
}
END_TEST

START_TEST(a_row_that_is_not_exact_is_refused_with_its_line)
{
    refuses("2019,SM", "2018,SM", MK_E_BAD_CODE, 11);
    refuses("SM,KDV", "sm,KDV", MK_E_BAD_CODE, 11);
    refuses("SM,KDV", ",KDV", MK_E_BAD_CODE, 11);
    refuses("SM,KDV", "DI,KDV", MK_E_CODE_YEAR, 11);
    refuses("SM,KDV", "SM,PSZ", MK_E_CODE_YEAR, 11);
    refuses("KDV,OUD", "KDV,XIV", MK_E_BAD_CODE, 11);
    refuses("J,J,J,J,N", "J,J,ONB,J,N", MK_E_BAD_CODE, 11);
    refuses("J,J,J,J,N", "J,J,NR,J,N", MK_E_BAD_CODE, 11);
    refuses("N,3\n", "N,0\n", MK_E_BAD_NUMBER, 11);
    refuses("N,3\n", "N,-3\n", MK_E_BAD_NUMBER, 11);
    refuses("N,3\n", "N,3.0\n", MK_E_BAD_NUMBER, 11);
    refuses("N,3\n", "N,1000000001\n", MK_E_BAD_NUMBER, 11);
    refuses("N,3\n", "N,18446744073709551619\n", MK_E_BAD_NUMBER, 11);
    refuses("N,3\n", "N,3 \n", MK_E_BAD_NUMBER, 11);
    refuses("N,3\n", "N\n", MK_E_SYNTAX, 11);
    refuses("N,3\n", "N,3,4\n", MK_E_SYNTAX, 11);
    refuses("SM,KDV", "\"SM\",KDV", MK_E_BAD_CODE, 11);
    refuses("SM,KDV", "S\tM,KDV", MK_E_SYNTAX, 11);
    refuses("SM,KDV", "S\xc3\xa9,KDV", MK_E_SYNTAX, 11);
    refuses(ROW_2, ROW_1, MK_E_DUPLICATE_KEY, 12);
    refuses(ROW_2, ROW_2 ROW_2, MK_E_SYNTAX, 13);
    refuses(ROW_2, "\n", MK_E_BAD_CODE, 12);
}
END_TEST

START_TEST(a_duty_without_an_offence_is_refused)
{
    refuses("J,XIV,J", "J,GEEN,J", MK_E_BAD_CODE, 11);
    refuses("J,XIV,J", "J,NR,J", MK_E_BAD_CODE, 11);
}
END_TEST

START_TEST(a_nul_byte_is_refused)
{
    char text[sizeof good];
    for (size_t i = 0; i < sizeof good - 1; i++) {
        struct mk_diag diag = MK_DIAG_INIT;
        memcpy(text, good, sizeof good);
        text[i] = '\0';
        ck_assert_int_ne(parse(text, sizeof good - 1, &diag), MK_OK);
        ck_assert_uint_ge(diag.line, 1);
    }
}
END_TEST

START_TEST(a_school_year_takes_codes_of_both_its_years)
{
    static const char di[] = CUBE_HEAD_SCHOOL(
        "2021", "1") "2021,DI,KDV,OUD,J,GEEN,N,NR,N,N,N,N,N,N,1\n";
    static const char early[] = CUBE_HEAD_SCHOOL(
        "2020", "1") "2020,DI,KDV,OUD,J,GEEN,N,NR,N,N,N,N,N,N,1\n";
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert_int_eq(parse(di, sizeof di - 1, &diag), MK_OK);
    ck_assert_int_eq(parse(early, sizeof early - 1, &diag), MK_E_CODE_YEAR);
}
END_TEST

START_TEST(a_cube_without_rows_is_a_cube)
{
    static const char none[] = "meldkluis-cube: 1\nyears: 2020\nbasis: "
                               "calendar\ndata-date: -\nposition: 0\nrows: "
                               "0\n\n" CUBE_COLUMNS;
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert_int_eq(parse(none, sizeof none - 1, &diag), MK_OK);
}
END_TEST

/* Every code of every dimension, one after the other, and the unknown. */
static size_t add_all(struct mk_cube *cube)
{
    static const int lists[MK_CUBE_DIMS] = {
        [MK_CUBE_CATEGORY] = MK_LIST_CATEGORY,
        [MK_CUBE_CARE_TYPE] = MK_LIST_CARE_TYPE,
        [MK_CUBE_REPORTER] = MK_LIST_REPORTER,
        [MK_CUBE_MTBP] = MK_LIST_YN,
        [MK_CUBE_DIRECT] = MK_LIST_DIRECT};
    size_t n = 0;
    for (unsigned d = MK_CUBE_CATEGORY; d <= MK_CUBE_DIRECT; d++)
        for (unsigned code = 0; code < 64 && lists[d]; code++) {
            uint8_t v[MK_CUBE_DIMS] = {0};
            const struct mk_code *c =
                mk_code_get((enum mk_list)lists[d], code);
            /* a list with an ONB of its own never uses the common one */
            if (code == MK_UNKNOWN_ONB &&
                mk_code_find((enum mk_list)lists[d], "ONB", 3))
                continue;
            if ((c && !mk_code_valid_in(c, 2022)) ||
                !mk_cube_value((enum mk_cube_dim)d, code, &v[d]))
                continue;
            ck_assert_int_eq(mk_cube_add(cube, mk_cube_key(v), 1), MK_OK);
            n++;
        }
    return n;
}

START_TEST(what_the_vault_writes_is_read)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_cube cube;
    struct mk_counts c;
    mk_cube_init(&cube);
    mk_counts_init(&c);
    cube.years[0] = 2022;
    cube.n_years = 1;
    cube.position = 12;
    cube.data_date = mk_date_day(2023, 1, 2);
    cube.uncounted[0][1] = 5;
    cube.uncounted[MK_CUBE_YEARS][1] = 6;
    size_t n = add_all(&cube);
    ck_assert_uint_gt(n, 30);
    ck_assert_int_eq(mk_cube_format(&cube, &text), MK_OK);
    enum mk_err rc = mk_counts_parse(&c, text.data, text.len, &diag);
    ck_assert_msg(rc == MK_OK, "%s, line %d: %s", mk_err_name(rc),
                  (int)diag.line, diag.place);
    uint64_t sum = 0;
    for (size_t i = 0; i < c.n_rows; i++)
        sum += c.rows[i].n;
    ck_assert_uint_eq(sum, n);
    ck_assert_uint_eq(c.position, 12);
    ck_assert_int_eq(c.data_date, cube.data_date);
    ck_assert_uint_eq(c.uncounted[0][1], 5);
    ck_assert_uint_eq(c.uncounted[MK_COUNTS_YEARS][1], 6);
    mk_buf_release(&text);
    mk_counts_release(&c);
    mk_cube_release(&cube);
}
END_TEST

/* ---- version 4: what changed and why ---- */

#define STEPS(rows)                                                        \
    "meldkluis-cube: 4\nyears: 2019\nbasis: calendar\n"                    \
    "data-date: 2021-03-01\nposition: 9\nfrozen: 5\nrows: " rows           \
    "\n\nyear,category,care_type,reporter,mtbp,qualification,duty,direct," \
    "red,referred,complaint,police_report,unmet_overleg,unmet_aangifte,"   \
    "change,reason,n\n"
#define STEP(rest) "2019,FG,KDV,OUD,N,GEEN,N,NR,N,N,N,N,N,N," rest "\n"

START_TEST(steps_lead_from_then_to_now)
{
    static const char text[] = STEPS("4") STEP("REMOVED,corrected,2")
        STEP("ADDED,late,1") STEP("THEN,,3") STEP("NOW,,2");
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_counts c;
    mk_counts_init(&c);
    ck_assert_int_eq(mk_counts_parse(&c, text, sizeof text - 1, &diag), MK_OK);
    ck_assert_uint_eq(c.version, 4);
    ck_assert_uint_eq(c.frozen, 5);
    ck_assert_uint_eq(c.rows[0].change, MK_CHANGE_REMOVED);
    ck_assert_uint_eq(c.rows[0].reason, MK_REASON_CORRECTED);
    ck_assert_uint_eq(c.rows[1].reason, MK_REASON_LATE);
    ck_assert_uint_eq(c.rows[2].change, MK_CHANGE_AT_THEN);
    ck_assert_uint_eq(c.rows[2].reason, MK_REASONS);
    mk_counts_release(&c);
}
END_TEST

START_TEST(steps_that_do_not_add_up_or_have_no_reason_are_refused)
{
    static const struct {
        const char *text;
        enum mk_err err;
        const char *place;
    } bad[] = {
        {STEPS("2") STEP("THEN,,3") STEP("NOW,,2"), MK_E_SYNTAX, "change"},
        {STEPS("1") STEP("NOW,,2"), MK_E_SYNTAX, "change"},
        {STEPS("2") STEP("ADDED,,2") STEP("NOW,,2"), MK_E_BAD_CODE, "reason"},
        {STEPS("2") STEP("ADDED,luck,2") STEP("NOW,,2"), MK_E_BAD_CODE,
         "reason"},
        {STEPS("2") STEP("ADDED,late,2") STEP("NOW,late,2"), MK_E_BAD_CODE,
         "reason"},
        {STEPS("1") STEP("KEPT,,2"), MK_E_BAD_CODE, "change"},
        {STEPS("3") STEP("ADDED,late,1") STEP("ADDED,late,1") STEP("NOW,,2"),
         MK_E_DUPLICATE_KEY, "meldkluis-cube"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct mk_diag diag = MK_DIAG_INIT;
        ck_assert_int_eq(parse(bad[i].text, strlen(bad[i].text), &diag),
                         bad[i].err);
        ck_assert_str_eq(diag.place, bad[i].place);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_cube_is_read_as_it_stands,
        a_cube_cut_off_anywhere_is_refused,
        a_header_that_is_not_exact_is_refused_with_its_line,
        columns_other_than_those_of_the_cube_are_refused,
        a_row_that_is_not_exact_is_refused_with_its_line,
        a_duty_without_an_offence_is_refused,
        a_nul_byte_is_refused,
        a_school_year_takes_codes_of_both_its_years,
        a_cube_without_rows_is_a_cube,
        what_the_vault_writes_is_read,
        steps_lead_from_then_to_now,
        steps_that_do_not_add_up_or_have_no_reason_are_refused,
    };
    return UNIT_RUN("cube_read", tests, NULL);
}
