/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of a release, and which years are counted as of when. */
#include "core/release.h"

#include "core/codes.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static const char good[] = "meldkluis-release: 1\n"
                           "name: A\n"
                           "kind: factsheet\n"
                           "years: 2018 2019 2020\n"
                           "positions: 366 366 400\n"
                           "basis: calendar\n"
                           "audience: FAC\n"
                           "threshold: 5\n"
                           "method: suppress\n"
                           "\n"
                           "{}\n";

static enum mk_err parse(const char *text, struct mk_release *r,
                         struct mk_diag *diag)
{
    *diag = (struct mk_diag)MK_DIAG_INIT;
    return mk_release_parse(r, text, strlen(text), diag);
}

/* good with old replaced by new. */
static char *changed(const char *old, const char *new)
{
    const char *at = strstr(good, old);
    ck_assert_msg(at != NULL, "no '%s'", old);
    char *text = NULL;
    ck_assert_int_gt(asprintf(&text, "%.*s%s%s", (int)(at - good), good, new,
                              at + strlen(old)),
                     0);
    return text;
}

START_TEST(a_record_is_read)
{
    struct mk_release r;
    struct mk_diag diag;
    ck_assert_int_eq(parse(good, &r, &diag), MK_OK);
    ck_assert_str_eq(r.name, "A");
    ck_assert_int_eq(r.kind, MK_RELEASE_FACTSHEET);
    ck_assert_uint_eq(r.n_years, 3);
    ck_assert_int_eq(r.years[2], 2020);
    ck_assert_uint_eq(r.positions[2], 400);
    ck_assert(!r.school_year && !r.exact);
    ck_assert_uint_eq(r.audience, MK_AUDIENCE_FAC);
    ck_assert_uint_eq(r.threshold, 5);
}
END_TEST

START_TEST(every_choice_of_the_head_is_known)
{
    static const char *const choices[][2] = {
        {"kind: factsheet", "kind: table"},
        {"kind: factsheet", "kind: revision"},
        {"basis: calendar", "basis: school"},
        {"method: suppress", "method: exact"},
        {"audience: FAC", "audience: KAM"},
        {"audience: FAC", "audience: WOO"},
        {"audience: FAC", "audience: PRS"},
        {"name: A", "name: factsheet_2018-2020.v1"},
        {"positions: 366 366 400", "positions: 0 1 9223372036854775807"},
    };
    struct mk_release r;
    struct mk_diag diag;
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        char *text = changed(choices[i][0], choices[i][1]);
        ck_assert_msg(parse(text, &r, &diag) == MK_OK, "%s", choices[i][1]);
        free(text);
    }
}
END_TEST

START_TEST(what_is_not_exactly_of_the_form_is_refused_with_its_line)
{
    static const struct {
        const char *old, *new;
        enum mk_err err;
        uint64_t line;
    } bad[] = {
        {"release: 1", "release: 3", MK_E_NEWER, 1},
        {"release: 1", "release: 2", MK_E_SYNTAX, 10},
        {"method: suppress\n", "method: suppress\nrule: x\n", MK_E_SYNTAX, 10},
        {"release: 1", "release: x", MK_E_SYNTAX, 1},
        {"release: 1", "release: 01", MK_E_SYNTAX, 1},
        {"meldkluis-release: 1\n", "", MK_E_SYNTAX, 1},
        {"name: A", "name: ", MK_E_SYNTAX, 2},
        {"name: A", "name:A", MK_E_SYNTAX, 2},
        {"name: A", "name: a b", MK_E_BAD_NAME, 2},
        {"name: A", "name: a/b", MK_E_BAD_NAME, 2},
        {"name: A", "name: \xc3\xa9", MK_E_BAD_NAME, 2},
        {"name: A",
         "name: "
         "0123456789012345678901234567890123456789012345678901234567890123x",
         MK_E_BAD_NAME, 2},
        {"name: A\n", "name: A\nname: B\n", MK_E_SYNTAX, 3},
        {"kind: factsheet", "kind: Factsheet", MK_E_SYNTAX, 3},
        {"kind: factsheet\n", "", MK_E_SYNTAX, 3},
        {"2018 2019", "2019 2018", MK_E_SYNTAX, 4},
        {"2018 2019", "2018 2018", MK_E_SYNTAX, 4},
        {"2018 2019", "2018  2019", MK_E_SYNTAX, 4},
        {"2018 2019 2020", "1989 1990 1991", MK_E_SYNTAX, 4},
        {"2018 2019 2020", "2018 2019 2200", MK_E_SYNTAX, 4},
        {"2019 2020\n", "2019 2020 \n", MK_E_SYNTAX, 4},
        {"366 366 400", "366 366", MK_E_SYNTAX, 5},
        {"366 366 400", "366 366 400 1", MK_E_SYNTAX, 5},
        {"366 366 400", "366 -1 400", MK_E_SYNTAX, 5},
        {"366 366 400", "366 366 9223372036854775808", MK_E_SYNTAX, 5},
        {"calendar", "month", MK_E_SYNTAX, 6},
        {"FAC", "XXX", MK_E_BAD_CODE, 7},
        {"FAC", "fac", MK_E_BAD_CODE, 7},
        {"threshold: 5", "threshold: 1", MK_E_BAD_NUMBER, 8},
        {"threshold: 5", "threshold: 1001", MK_E_BAD_NUMBER, 8},
        {"suppress", "hide", MK_E_SYNTAX, 9},
        {"suppress\n\n", "suppress\n", MK_E_SYNTAX, 10},
        {"\n\n{}\n", "\n\n", MK_E_SYNTAX, 10},
        {"\n\n{}\n", "", MK_E_SYNTAX, 9},
    };
    struct mk_release r;
    struct mk_diag diag;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *text = changed(bad[i].old, bad[i].new);
        enum mk_err rc = parse(text, &r, &diag);
        ck_assert_msg(rc == bad[i].err && diag.err == rc, "'%s' gives %s",
                      bad[i].new, mk_err_name(rc));
        ck_assert_msg(diag.line == bad[i].line, "'%s' names line %d",
                      bad[i].new, (int)diag.line);
        ck_assert_int_eq(mk_err_exit(rc),
                         rc == MK_E_NEWER ? MK_EXIT_INTEGRITY : MK_EXIT_USAGE);
        free(text);
    }
}
END_TEST

START_TEST(every_cut_of_a_record_is_refused_until_its_body_begins)
{
    struct mk_release r;
    struct mk_diag diag = MK_DIAG_INIT;
    size_t head = (size_t)(strstr(good, "{}") - good);
    for (size_t n = 0; n <= head; n++)
        ck_assert_int_ne(mk_release_parse(&r, good, n, &diag), MK_OK);
    ck_assert_int_eq(mk_release_parse(&r, good, head + 1, &diag), MK_OK);
}
END_TEST

START_TEST(a_record_that_is_too_large_or_no_text_is_refused)
{
    struct mk_release r;
    struct mk_diag diag = MK_DIAG_INIT;
    char *text = calloc(1, MK_RELEASE_MAX + 1);
    memset(text, ' ', MK_RELEASE_MAX + 1);
    memcpy(text, good, sizeof good - 1);
    ck_assert_int_eq(mk_release_parse(&r, text, MK_RELEASE_MAX, &diag), MK_OK);
    ck_assert_int_eq(mk_release_parse(&r, text, MK_RELEASE_MAX + 1, &diag),
                     MK_E_TOO_LARGE);
    ck_assert_int_eq(diag.num[0], MK_RELEASE_MAX);
    text[1000] = '\0';
    ck_assert_int_eq(mk_release_parse(&r, text, 2000, &diag), MK_E_BAD_UTF8);
    text[1000] = (char)0xff;
    ck_assert_int_eq(mk_release_parse(&r, text, 2000, &diag), MK_E_BAD_UTF8);
    free(text);
}
END_TEST

/* ---- when a year is counted as of ---- */

static struct mk_release released(enum mk_release_kind kind, int first,
                                  int last, uint64_t position)
{
    struct mk_release r = {.kind = kind};
    for (int y = first; y <= last; y++) {
        r.positions[r.n_years] = position;
        r.years[r.n_years++] = y;
    }
    return r;
}

START_TEST(the_first_release_freezes_and_the_last_revision_moves)
{
    const struct mk_release all[] = {
        released(MK_RELEASE_FACTSHEET, 2018, 2020, 366),
        released(MK_RELEASE_TABLE, 2020, 2021, 400),
        released(MK_RELEASE_REVISION, 2018, 2018, 500),
        released(MK_RELEASE_FACTSHEET, 2018, 2018, 500),
        released(MK_RELEASE_REVISION, 2018, 2018, 600),
    };
    uint64_t at = 0;
    ck_assert(mk_release_frozen(all, 5, 2018, false, &at));
    ck_assert_uint_eq(at, 600);
    ck_assert(mk_release_frozen(all, 3, 2018, false, &at));
    ck_assert_uint_eq(at, 500);
    ck_assert(mk_release_frozen(all, 5, 2020, false, &at));
    ck_assert_uint_eq(at, 366);
    ck_assert(mk_release_frozen(all, 5, 2021, false, &at));
    ck_assert_uint_eq(at, 400);
    ck_assert(!mk_release_frozen(all, 5, 2022, false, &at));
    ck_assert(!mk_release_frozen(all, 5, 2018, true, &at));
    ck_assert(!mk_release_frozen(all, 0, 2018, false, &at));
    ck_assert(mk_release_first(all, 5, 2018, false, &at));
    ck_assert_uint_eq(at, 366);
    ck_assert(mk_release_first(all, 5, 2021, false, &at));
    ck_assert_uint_eq(at, 400);
    ck_assert(!mk_release_first(all, 5, 2018, true, &at));
}
END_TEST

static struct mk_cube window(int first, int last, bool school)
{
    struct mk_cube w;
    mk_cube_init(&w);
    w.school_year = school;
    for (int y = first; y <= last; y++)
        w.years[w.n_years++] = y;
    return w;
}

START_TEST(each_year_is_counted_as_of_its_own_position)
{
    const struct mk_release all[] = {
        released(MK_RELEASE_FACTSHEET, 2018, 2020, 366),
        released(MK_RELEASE_REVISION, 2020, 2020, 380),
    };
    const struct mk_cube w = window(2018, 2022, false);
    const struct mk_vintage want = {.by_position = true, .position = 410};
    struct mk_vintage out[MK_CUBE_YEARS];
    size_t n;
    mk_release_vintages(all, 2, &w, &want, false, out, &n);
    ck_assert_uint_eq(n, 3);
    ck_assert_uint_eq(out[0].n_years, 2);
    ck_assert(out[0].by_position && out[0].position == 366);
    ck_assert_uint_eq(out[1].n_years, 1);
    ck_assert_int_eq(out[1].years[0], 2020);
    ck_assert_uint_eq(out[1].position, 380);
    /* beside the figures that are out */
    ck_assert(!out[0].revised);
    ck_assert(out[1].revised && out[1].frozen == 366);
    ck_assert_uint_eq(out[2].n_years, 2);
    ck_assert_uint_eq(out[2].position, 410);
    ck_assert(!out[2].revised);
    /* what is asked for may be a position that is frozen, too */
    const struct mk_vintage same = {.by_position = true, .position = 366};
    mk_release_vintages(all, 2, &w, &same, false, out, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(out[0].n_years, 4);
}
END_TEST

START_TEST(a_revision_counts_the_years_that_were_released_anew)
{
    const struct mk_release all[] = {
        released(MK_RELEASE_FACTSHEET, 2018, 2019, 366)};
    const struct mk_cube w = window(2018, 2020, false);
    const struct mk_vintage want = {.by_day = true, .day = 1};
    struct mk_vintage out[MK_CUBE_YEARS];
    size_t n;
    mk_release_vintages(all, 1, &w, &want, true, out, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert(out[0].revised && out[0].by_day);
    ck_assert_uint_eq(out[0].n_years, 2);
    ck_assert_uint_eq(out[0].frozen, 366);
    ck_assert(!out[1].revised && out[1].by_day);
    ck_assert_int_eq(out[1].years[0], 2020);
}
END_TEST

/* That a revision changed nothing of a year cannot be seen in the register. */
START_TEST(a_year_that_is_revised_twice_is_counted_beside_its_first_position)
{
    const struct mk_release all[] = {
        released(MK_RELEASE_FACTSHEET, 2018, 2018, 366),
        released(MK_RELEASE_REVISION, 2018, 2019, 380),
        released(MK_RELEASE_REVISION, 2018, 2018, 400),
    };
    const struct mk_cube w = window(2018, 2019, false);
    const struct mk_vintage want = {.by_position = true, .position = 410};
    struct mk_vintage out[MK_CUBE_YEARS];
    size_t n;
    mk_release_vintages(all, 3, &w, &want, false, out, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert(out[0].revised && out[0].by_position);
    ck_assert_uint_eq(out[0].frozen, 366);
    ck_assert_uint_eq(out[0].position, 400);
    /* first released by a revision: no other figures are out */
    ck_assert(!out[1].revised);
    ck_assert_uint_eq(out[1].position, 380);
    mk_release_vintages(all, 3, &w, &want, true, out, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert(out[0].revised && out[0].frozen == 366);
    ck_assert_uint_eq(out[0].position, 410);
    ck_assert(out[1].revised && out[1].frozen == 380);
}
END_TEST

START_TEST(years_share_when_they_have_a_month_in_common)
{
    struct mk_release r = released(MK_RELEASE_FACTSHEET, 2019, 2019, 1);
    struct mk_cube w = window(2019, 2019, false);
    ck_assert(mk_release_shares(&r, &w));
    w = window(2020, 2022, false);
    ck_assert(!mk_release_shares(&r, &w));
    w = window(2019, 2019, true);
    ck_assert(mk_release_shares(&r, &w));
    w = window(2018, 2018, true);
    ck_assert(mk_release_shares(&r, &w));
    w = window(2017, 2017, true);
    ck_assert(!mk_release_shares(&r, &w));
    w = window(2020, 2020, true);
    ck_assert(!mk_release_shares(&r, &w));
    r.school_year = true;
    w = window(2020, 2020, false);
    ck_assert(mk_release_shares(&r, &w));
}
END_TEST

/* ---- compared ---- */

START_TEST(each_year_is_held_against_its_own_position_in_the_release)
{
    const struct mk_vintage want = {.by_position = true, .position = 500};
    struct mk_release r = released(MK_RELEASE_FACTSHEET, 2018, 2020, 300);
    struct mk_cube w = window(2019, 2020, false), all = {.n_years = 0};
    struct mk_vintage out[MK_CUBE_YEARS];
    struct mk_diag diag = MK_DIAG_INIT;
    size_t n;
    r.positions[2] = 400; /* 2020 came later, or anew */
    ck_assert_int_eq(mk_release_compared(&r, &w, &want, out, &n, &diag),
                     MK_OK);
    ck_assert_uint_eq(n, 2);
    ck_assert_int_eq(out[0].years[0], 2019);
    ck_assert_uint_eq(out[0].frozen, 300);
    ck_assert_int_eq(out[1].years[0], 2020);
    ck_assert_uint_eq(out[1].frozen, 400);
    ck_assert(out[1].revised && out[1].by_position);
    ck_assert_uint_eq(out[1].position, 500);
    /* no years asked: all of it, of one position together */
    ck_assert_int_eq(mk_release_compared(&r, &all, &want, out, &n, &diag),
                     MK_OK);
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(out[0].n_years, 2);
    ck_assert_int_eq(out[0].years[0], 2018);
}
END_TEST

START_TEST(a_year_that_the_release_lacks_is_refused)
{
    const struct mk_vintage want = {.by_day = false};
    struct mk_release r = released(MK_RELEASE_FACTSHEET, 2018, 2020, 300);
    struct mk_cube w = window(2020, 2021, false);
    struct mk_vintage out[MK_CUBE_YEARS];
    struct mk_diag diag = MK_DIAG_INIT;
    size_t n;
    ck_assert_int_eq(mk_release_compared(&r, &w, &want, out, &n, &diag),
                     MK_E_NOT_RELEASED);
    ck_assert_int_eq(diag.num[0], 2021);
    w = window(2018, 2018, true); /* another kind of year */
    ck_assert_int_eq(mk_release_compared(&r, &w, &want, out, &n, &diag),
                     MK_E_NOT_RELEASED);
    ck_assert_int_eq(diag.num[0], 2018);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_record_is_read,
        every_choice_of_the_head_is_known,
        what_is_not_exactly_of_the_form_is_refused_with_its_line,
        every_cut_of_a_record_is_refused_until_its_body_begins,
        a_record_that_is_too_large_or_no_text_is_refused,
        the_first_release_freezes_and_the_last_revision_moves,
        each_year_is_counted_as_of_its_own_position,
        a_revision_counts_the_years_that_were_released_anew,
        a_year_that_is_revised_twice_is_counted_beside_its_first_position,
        years_share_when_they_have_a_month_in_common,
        each_year_is_held_against_its_own_position_in_the_release,
        a_year_that_the_release_lacks_is_refused,
    };
    return UNIT_RUN("release", tests, NULL);
}
