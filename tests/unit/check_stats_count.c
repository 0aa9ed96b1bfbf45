/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stats_parts.h"

#include "core/base/bytes.h"
#include "tests/support/stats_fixture.h"
#include "tests/support/unit.h"

#include <string.h>

#define DOSSIERS 500
#define RECORDS 3000

/* Records of dossiers again and again, each time a little further; some have
 * a day before their predecessor's. */
static struct mk_stats_record *history(void)
{
    struct mk_stats_record *r = calloc(RECORDS, sizeof *r);
    uint64_t seed = 11;
    for (size_t i = 0; i < RECORDS; i++) {
        stats_record_make(&r[i], stats_next(&seed),
                          stats_next(&seed) % DOSSIERS);
        r[i].recorded = mk_date_day(2021, 1, 1) + (mk_day)(i / 10) -
                        (mk_day)(stats_next(&seed) % 20);
        if (i % 97 == 0)
            r[i].care_type = 63;
        if (i % 101 == 0)
            r[i].category = 62;
        if (i % 103 == 0)
            r[i].direct = MK_DIRECT_NR;
    }
    return r;
}

static void window(struct mk_cube *cube, bool school)
{
    mk_cube_init(cube);
    cube->n_years = 2;
    cube->years[0] = 2018;
    cube->years[1] = 2020;
    cube->school_year = school;
}

static uint8_t value(enum mk_cube_dim dim, unsigned code)
{
    uint8_t v;
    ck_assert(mk_cube_value(dim, code, &v));
    return v;
}

static uint64_t model_key(const struct mk_stats_record *r, uint8_t year)
{
    uint8_t v[MK_CUBE_DIMS] = {
        [MK_CUBE_YEAR] = year,
        [MK_CUBE_CATEGORY] = value(MK_CUBE_CATEGORY, r->category),
        [MK_CUBE_CARE_TYPE] = value(MK_CUBE_CARE_TYPE, r->care_type),
        [MK_CUBE_REPORTER] = value(MK_CUBE_REPORTER, r->reporter),
        [MK_CUBE_MTBP] = value(MK_CUBE_MTBP, r->mtbp),
        [MK_CUBE_QUALIFICATION] =
            value(MK_CUBE_QUALIFICATION, r->qualification),
        [MK_CUBE_DUTY] = value(MK_CUBE_DUTY, r->duty),
        [MK_CUBE_DIRECT] = value(MK_CUBE_DIRECT, r->direct),
        [MK_CUBE_RED] = r->red,
        [MK_CUBE_REFERRED] = r->referred,
        [MK_CUBE_COMPLAINT] = r->complaint,
        [MK_CUBE_POLICE_REPORT] = r->police_report,
        [MK_CUBE_UNMET_OVERLEG] = r->unmet_overleg,
        [MK_CUBE_UNMET_AANGIFTE] = r->unmet_aangifte,
    };
    return mk_cube_key(v);
}

/* The same count in the plainest way: for each dossier its last record. */
static void model(struct mk_cube *cube, const struct mk_stats_record *r,
                  size_t n, const struct mk_as_of *as_of)
{
    mk_day newest = MK_DAY_NONE;
    if (as_of->by_position)
        n = as_of->position;
    for (size_t d = 0; d < DOSSIERS; d++) {
        const struct mk_stats_record *last = NULL;
        for (size_t i = 0; i < n; i++) {
            if (as_of->by_day && r[i].recorded > as_of->day)
                continue;
            cube->position = i + 1 > cube->position ? i + 1 : cube->position;
            newest = r[i].recorded > newest ? r[i].recorded : newest;
            if (r[i].ordinal == d)
                last = &r[i];
        }
        if (!last)
            continue;
        int year = cube->school_year ? mk_date_school_year(last->received)
                                     : mk_date_year(last->received);
        for (uint8_t y = 0; y < cube->n_years; y++) {
            if (year != cube->years[y])
                continue;
            if (last->state == MK_STATE_ONTVANGEN ||
                last->state == MK_STATE_DUBBEL ||
                last->state == MK_STATE_NIET_BEVOEGD)
                cube->uncounted[y][last->state]++;
            else
                ck_assert_int_eq(mk_cube_add(cube, model_key(last, y), 1),
                                 MK_OK);
        }
    }
    cube->data_date = newest;
}

static void assert_equal(struct mk_cube *a, struct mk_cube *b)
{
    struct mk_buf x = MK_BUF_INIT, y = MK_BUF_INIT;
    ck_assert_int_eq(mk_cube_format(a, &x), MK_OK);
    ck_assert_int_eq(mk_cube_format(b, &y), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&x), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&y), MK_OK);
    ck_assert_str_eq((char *)x.data, (char *)y.data);
    mk_buf_release(&x);
    mk_buf_release(&y);
    mk_cube_release(a);
    mk_cube_release(b);
}

/* The history in pieces that leave chunks of several sizes and a tail. */
static void fill(struct stats_fixture *f, const struct mk_stats_record *r)
{
    static const size_t pieces[] = {10, 250, 1, 900, 256, 700, 300, 583};
    size_t at = 0;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        stats_fixture_append(f, r + at, pieces[i]);
        at += pieces[i];
    }
    ck_assert_uint_eq(at, RECORDS);
}

static void compare(struct stats_fixture *f, const struct mk_stats_record *r,
                    const struct mk_as_of *as_of, bool school)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_cube got, want;
    window(&got, school);
    window(&want, school);
    ck_assert_int_eq(stats_fixture_count(f, DOSSIERS, as_of, &got, &diag),
                     MK_OK);
    model(&want, r, f->n, as_of);
    assert_equal(&got, &want);
}

START_TEST(a_count_is_what_the_newest_record_of_each_dossier_says)
{
    struct stats_fixture f;
    struct mk_as_of as_of = {.by_day = false};
    stats_fixture_init(&f);
    struct mk_stats_record *r = history();
    fill(&f, r);
    compare(&f, r, &as_of, false);
    stats_fixture_append(&f, r, 7); /* and a tail */
    struct mk_stats_record *more = calloc(RECORDS + 7, sizeof *r);
    memcpy(more, r, RECORDS * sizeof *r);
    memcpy(more + RECORDS, r, 7 * sizeof *r);
    compare(&f, more, &as_of, false);
    free(more);
    free(r);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(a_school_year_runs_from_august_to_july)
{
    struct stats_fixture f;
    struct mk_as_of as_of = {.by_day = false};
    stats_fixture_init(&f);
    struct mk_stats_record *r = history();
    r[0].received = mk_date_day(2018, 7, 31);
    r[1].received = mk_date_day(2018, 8, 1);
    r[2].received = mk_date_day(2019, 7, 31);
    fill(&f, r);
    compare(&f, r, &as_of, true);
    free(r);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(as_of_a_position_looks_at_the_first_so_many_records)
{
    static const uint64_t at[] = {0, 1, 9, 260, 261, 262, 2000, RECORDS};
    struct stats_fixture f;
    stats_fixture_init(&f);
    struct mk_stats_record *r = history();
    fill(&f, r);
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        struct mk_as_of as_of = {.by_position = true, .position = at[i]};
        compare(&f, r, &as_of, false);
    }
    struct mk_as_of beyond = {.by_position = true, .position = RECORDS + 1};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_cube cube;
    window(&cube, false);
    ck_assert_int_eq(stats_fixture_count(&f, DOSSIERS, &beyond, &cube, &diag),
                     MK_E_BAD_NUMBER);
    ck_assert_int_eq(diag.num[1], RECORDS);
    mk_cube_release(&cube);
    free(r);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(as_of_a_day_looks_at_each_record_whatever_their_order)
{
    struct stats_fixture f;
    stats_fixture_init(&f);
    struct mk_stats_record *r = history();
    fill(&f, r);
    for (int day = -25; day < 310; day += 11) {
        struct mk_as_of as_of = {
            .by_day = true,
            .day = mk_date_day(2021, 1, 1) + day,
        };
        compare(&f, r, &as_of, false);
        as_of.by_position = true;
        as_of.position = 1500;
        compare(&f, r, &as_of, false);
    }
    free(r);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(later_records_do_not_change_a_count_as_of_then)
{
    struct stats_fixture f;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_as_of then = {.by_position = true, .position = 1000};
    struct mk_cube before, after;
    stats_fixture_init(&f);
    struct mk_stats_record *r = history();
    stats_fixture_append(&f, r, 1000);
    window(&before, false);
    window(&after, false);
    ck_assert_int_eq(stats_fixture_count(&f, DOSSIERS, NULL, &before, &diag),
                     MK_OK);
    stats_fixture_append(&f, r + 1000, 2000);
    ck_assert_int_eq(stats_fixture_count(&f, DOSSIERS, &then, &after, &diag),
                     MK_OK);
    assert_equal(&before, &after);
    free(r);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(what_is_not_counted_is_told_by_year_and_state)
{
    struct stats_fixture f;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_stats_record r[6];
    struct mk_cube cube;
    stats_fixture_init(&f);
    for (size_t i = 0; i < 6; i++) {
        stats_record_make(&r[i], 77, i);
        r[i].received = mk_date_day(2018, 5, 5);
        r[i].state = MK_STATE_ONTVANGEN;
    }
    r[1].state = MK_STATE_DUBBEL;
    r[2].state = MK_STATE_NIET_BEVOEGD;
    r[2].received = mk_date_day(2020, 5, 5);
    r[3].state = MK_STATE_VERNIETIGD; /* counts */
    r[4].received = MK_DAY_NONE;
    r[5].received = mk_date_day(2019, 5, 5); /* not in the window */
    stats_fixture_append(&f, r, 6);
    window(&cube, false);
    ck_assert_int_eq(stats_fixture_count(&f, 6, NULL, &cube, &diag), MK_OK);
    ck_assert_uint_eq(cube.uncounted[0][MK_STATE_ONTVANGEN], 1);
    ck_assert_uint_eq(cube.uncounted[0][MK_STATE_DUBBEL], 1);
    ck_assert_uint_eq(cube.uncounted[1][MK_STATE_NIET_BEVOEGD], 1);
    ck_assert_uint_eq(cube.uncounted[MK_CUBE_YEARS][MK_STATE_ONTVANGEN], 1);
    ck_assert_uint_eq(cube.n_cells, 1);
    mk_cube_release(&cube);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(an_empty_stream_counts_nothing)
{
    struct stats_fixture f;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_cube cube;
    stats_fixture_init(&f);
    window(&cube, false);
    ck_assert_int_eq(stats_fixture_count(&f, 0, NULL, &cube, &diag), MK_OK);
    ck_assert_uint_eq(cube.n_cells, 0);
    ck_assert_int_eq(cube.data_date, MK_DAY_NONE);
    ck_assert_uint_eq(cube.position, 0);
    mk_cube_release(&cube);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(years_out_of_order_are_refused)
{
    struct stats_fixture f;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_cube cube;
    stats_fixture_init(&f);
    window(&cube, false);
    cube.years[1] = 2018;
    ck_assert_int_eq(stats_fixture_count(&f, 0, NULL, &cube, &diag),
                     MK_E_BAD_NUMBER);
    mk_cube_release(&cube);
    stats_fixture_release(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_count_is_what_the_newest_record_of_each_dossier_says,
        a_school_year_runs_from_august_to_july,
        as_of_a_position_looks_at_the_first_so_many_records,
        as_of_a_day_looks_at_each_record_whatever_their_order,
        later_records_do_not_change_a_count_as_of_then,
        what_is_not_counted_is_told_by_year_and_state,
        an_empty_stream_counts_nothing,
        years_out_of_order_are_refused,
    };
    return UNIT_RUN("stats_count", tests, NULL);
}
