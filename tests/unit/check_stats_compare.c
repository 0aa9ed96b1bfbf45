/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What changed since a position of the stream, and why. */
#include "core/stats_compare.h"

#include "core/base/bytes.h"
#include "reports/cube_read.h"
#include "tests/support/stats_fixture.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

#define DOSSIERS 300
#define RECORDS 1500

/* Records of a few dossiers, so that most of them change often. */
static struct mk_stats_record *history(uint64_t seed)
{
    struct mk_stats_record *r = calloc(RECORDS, sizeof *r);
    for (size_t i = 0; i < RECORDS; i++) {
        stats_record_make(&r[i], stats_next(&seed),
                          stats_next(&seed) % DOSSIERS);
        r[i].recorded = mk_date_day(2021, 1, 1) + (mk_day)(i / 10);
        r[i].cause = (uint8_t)(stats_next(&seed) % (MK_CAUSE_BEO + 1));
    }
    return r;
}

static struct mk_vintage since(int first, int last, uint64_t frozen)
{
    struct mk_vintage v = {
        .cube = MK_BUF_INIT, .revised = true, .frozen = frozen};
    for (int y = first; y <= last; y++)
        v.years[v.n_years++] = y;
    return v;
}

static enum mk_err compare(struct stats_fixture *f, struct mk_vintage *v,
                           size_t n, struct mk_diag *diag)
{
    ck_assert_int_eq(mk_store_begin_read(f->st, diag), MK_OK);
    enum mk_err rc =
        mk_stats_compare(f->st, &f->key, f->n, f->root, DOSSIERS, v, n, diag);
    mk_store_rollback(f->st);
    return rc;
}

static void must(struct stats_fixture *f, struct mk_vintage *v, size_t n)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = compare(f, v, n, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
}

/* The reader of the other program looks at the sum of every combination. */
static void read_back(struct mk_counts *c, const struct mk_buf *text)
{
    struct mk_diag diag = MK_DIAG_INIT;
    mk_counts_init(c);
    enum mk_err rc = mk_counts_parse(c, text->data, text->len, &diag);
    ck_assert_msg(rc == MK_OK, "%s at line %d", mk_err_name(rc),
                  (int)diag.line);
    ck_assert_uint_eq(c->version, 4);
}

/* The ordinary count of the same years as of a position, as rows. */
static void ordinary(struct stats_fixture *f, const struct mk_vintage *v,
                     uint64_t position, struct mk_counts *c)
{
    const struct mk_as_of as_of = {.by_position = true, .position = position};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_cube cube;
    mk_cube_init(&cube);
    memcpy(cube.years, v->years, sizeof cube.years);
    cube.n_years = v->n_years;
    cube.school_year = v->school_year;
    ck_assert_int_eq(stats_fixture_count(f, DOSSIERS, &as_of, &cube, &diag),
                     MK_OK);
    ck_assert_int_eq(mk_cube_format(&cube, &text), MK_OK);
    mk_counts_init(c);
    ck_assert_int_eq(mk_counts_parse(c, text.data, text.len, &diag), MK_OK);
    mk_cube_release(&cube);
    mk_buf_release(&text);
}

/* The rows of that change are those of the ordinary cube, in its order. */
static void assert_state(const struct mk_counts *c, enum mk_change_kind change,
                         const struct mk_counts *want)
{
    size_t k = 0;
    for (size_t i = 0; i < c->n_rows; i++) {
        const struct mk_counts_row *r = &c->rows[i];
        if (r->change != change)
            continue;
        ck_assert_uint_lt(k, want->n_rows);
        ck_assert_mem_eq(r->level, want->rows[k].level, sizeof r->level);
        ck_assert_uint_eq(r->n, want->rows[k++].n);
    }
    ck_assert_uint_eq(k, want->n_rows);
}

START_TEST(both_states_are_the_ordinary_counts_and_the_steps_lead_between)
{
    static const uint64_t at[][2] = {
        {0, RECORDS}, {1, 2}, {700, RECORDS}, {700, 700}, {1300, 1450}};
    for (uint64_t seed = 1; seed < 5; seed++) {
        struct stats_fixture f;
        struct mk_stats_record *r = history(seed);
        stats_fixture_init(&f);
        stats_fixture_append(&f, r, 1000);
        stats_fixture_append(&f, r + 1000, RECORDS - 1000); /* and a tail */
        for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
            struct mk_vintage v = since(2018, 2020, at[i][0]);
            struct mk_counts both, then, now;
            v.school_year = i % 2;
            v.by_position = true;
            v.position = at[i][1];
            must(&f, &v, 1);
            ck_assert_uint_eq(v.position, at[i][1]);
            read_back(&both, &v.cube);
            ordinary(&f, &v, at[i][0], &then);
            ordinary(&f, &v, at[i][1], &now);
            assert_state(&both, MK_CHANGE_AT_THEN, &then);
            assert_state(&both, MK_CHANGE_AT_NOW, &now);
            mk_counts_release(&both);
            mk_counts_release(&then);
            mk_counts_release(&now);
            mk_vintages_release(&v, 1);
        }
        free(r);
        stats_fixture_release(&f);
    }
}
END_TEST

/* ---- each reason ---- */

static void a_record(struct mk_stats_record *r, uint64_t ordinal,
                     enum mk_state state, uint8_t cause)
{
    *r = (struct mk_stats_record){
        .ordinal = ordinal,
        .recorded = mk_date_day(2021, 1, 1),
        .received = mk_date_day(2018, 5, 5),
        .state = (uint8_t)state,
        .cause = cause,
        .sector = MK_SECTOR_KO,
        .category = MK_CATEGORY_FG,
        .care_type = MK_CARE_TYPE_KDV,
        .reporter = MK_REPORTER_OUD,
        .qualification = MK_QUALIFICATION_GEEN,
        .mtbp = MK_YN_N,
        .duty = MK_YN_N,
        .site_empty = true,
        .accused_empty = true,
    };
}

/* The rows behind the header. */
static const char *rows_of(const struct mk_buf *cube)
{
    const char *text = (const char *)cube->data;
    const char *rows = strstr(text, "\n\n");
    ck_assert_ptr_nonnull(rows);
    return strchr(rows + 2, '\n') + 1;
}

#define ROW(category, rest) \
    "2018," category ",KDV,OUD,N,GEEN,N,NR,N,N,N,N,N,N," rest "\n"

/* Records before the frozen position, records after it, and the rows that have
 * to come of them. */
static void gives(const struct mk_stats_record *r, size_t before, size_t n,
                  const char *want)
{
    struct stats_fixture f;
    struct mk_vintage v = since(2018, 2018, before);
    stats_fixture_init(&f);
    stats_fixture_append(&f, r, n);
    must(&f, &v, 1);
    ck_assert_int_eq(mk_buf_terminate(&v.cube), MK_OK);
    ck_assert_str_eq(rows_of(&v.cube), want);
    mk_vintages_release(&v, 1);
    stats_fixture_release(&f);
}

START_TEST(a_dossier_that_came_in_is_late_whatever_happened_since)
{
    struct mk_stats_record r[3];
    a_record(&r[0], 0, MK_STATE_ONTVANGEN, MK_CAUSE_STEP);
    a_record(&r[1], 0, MK_STATE_ADVIES, MK_CAUSE_STEP);
    a_record(&r[2], 0, MK_STATE_ADVIES, MK_CAUSE_TYP);
    gives(r, 0, 3, ROW("FG", "ADDED,late,1") ROW("FG", "NOW,,1"));
}
END_TEST

START_TEST(one_that_waited_for_its_duiding_is_no_late_one)
{
    struct mk_stats_record r[2];
    a_record(&r[0], 0, MK_STATE_ONTVANGEN, MK_CAUSE_STEP);
    a_record(&r[1], 0, MK_STATE_DUIDING, MK_CAUSE_STEP);
    gives(r, 1, 2, ROW("FG", "ADDED,classified,1") ROW("FG", "NOW,,1"));
}
END_TEST

START_TEST(each_cause_is_told_by_its_reason)
{
    static const struct {
        uint8_t cause;
        const char *removed, *added;
    } told[] = {
        {MK_CAUSE_UNKNOWN, ROW("SM", "ADDED,unknown,1"),
         ROW("FG", "REMOVED,unknown,1")},
        {MK_CAUSE_STEP, ROW("SM", "ADDED,event,1"),
         ROW("FG", "REMOVED,event,1")},
        {MK_CAUSE_DUIDING, ROW("SM", "ADDED,reclassified,1"),
         ROW("FG", "REMOVED,reclassified,1")},
        {MK_CAUSE_TYP, ROW("SM", "ADDED,corrected,1"),
         ROW("FG", "REMOVED,corrected,1")},
        {MK_CAUSE_FEI, ROW("SM", "ADDED,reclassified,1"),
         ROW("FG", "REMOVED,reclassified,1")},
        {MK_CAUSE_BEO, ROW("SM", "ADDED,reclassified,1"),
         ROW("FG", "REMOVED,reclassified,1")},
    };
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        struct mk_stats_record r[2];
        char want[512];
        a_record(&r[0], 0, MK_STATE_ADVIES, MK_CAUSE_STEP);
        a_record(&r[1], 0, MK_STATE_ADVIES, told[i].cause);
        r[1].category = MK_CATEGORY_SM;
        snprintf(want, sizeof want, "%s%s%s%s", told[i].removed,
                 ROW("SM", "NOW,,1"), told[i].added, ROW("FG", "THEN,,1"));
        /* sorted by the number of the category: SM is the first */
        gives(r, 1, 2, want);
    }
}
END_TEST

START_TEST(one_that_does_not_count_any_more_is_told_by_its_state)
{
    struct mk_stats_record r[4];
    a_record(&r[0], 0, MK_STATE_ADVIES, MK_CAUSE_STEP);
    a_record(&r[1], 1, MK_STATE_ADVIES, MK_CAUSE_STEP);
    a_record(&r[2], 0, MK_STATE_DUBBEL, MK_CAUSE_STEP);
    a_record(&r[3], 1, MK_STATE_NIET_BEVOEGD, MK_CAUSE_STEP);
    gives(r, 2, 4,
          ROW("FG", "REMOVED,duplicate,1") ROW("FG", "REMOVED,not_competent,1")
              ROW("FG", "THEN,,2"));
}
END_TEST

START_TEST(one_that_was_reopened_counts_again)
{
    struct mk_stats_record r[2];
    a_record(&r[0], 0, MK_STATE_NIET_BEVOEGD, MK_CAUSE_STEP);
    a_record(&r[1], 0, MK_STATE_DUIDING, MK_CAUSE_STEP);
    gives(r, 1, 2, ROW("FG", "ADDED,recounted,1") ROW("FG", "NOW,,1"));
}
END_TEST

START_TEST(what_was_changed_and_changed_back_is_no_change)
{
    struct mk_stats_record r[3];
    a_record(&r[0], 0, MK_STATE_ADVIES, MK_CAUSE_STEP);
    a_record(&r[1], 0, MK_STATE_ADVIES, MK_CAUSE_FEI);
    r[1].category = MK_CATEGORY_SM;
    a_record(&r[2], 0, MK_STATE_ADVIES, MK_CAUSE_TYP);
    gives(r, 1, 3, ROW("FG", "THEN,,1") ROW("FG", "NOW,,1"));
}
END_TEST

START_TEST(two_causes_each_tell_their_own_step)
{
    struct mk_stats_record r[3];
    a_record(&r[0], 0, MK_STATE_ADVIES, MK_CAUSE_STEP);
    a_record(&r[1], 0, MK_STATE_ADVIES, MK_CAUSE_FEI);
    r[1].category = MK_CATEGORY_SM;
    a_record(&r[2], 0, MK_STATE_ADVIES, MK_CAUSE_TYP);
    r[2].category = MK_CATEGORY_SI;
    gives(r, 1, 3,
          ROW("SM", "REMOVED,corrected,1") ROW("SM", "ADDED,reclassified,1")
              ROW("SI", "ADDED,corrected,1") ROW("SI", "NOW,,1")
                  ROW("FG", "REMOVED,reclassified,1") ROW("FG", "THEN,,1"));
}
END_TEST

START_TEST(one_that_moved_out_of_the_years_went_by_its_cause)
{
    struct mk_stats_record r[2];
    a_record(&r[0], 0, MK_STATE_ADVIES, MK_CAUSE_STEP);
    a_record(&r[1], 0, MK_STATE_ADVIES, MK_CAUSE_TYP);
    r[1].received = mk_date_day(2021, 5, 5);
    gives(r, 1, 2, ROW("FG", "REMOVED,corrected,1") ROW("FG", "THEN,,1"));
}
END_TEST

/* ---- positions ---- */

START_TEST(as_of_a_day_is_as_of_the_position_behind_it)
{
    struct stats_fixture f;
    struct mk_stats_record *r = history(5);
    struct mk_vintage v = since(2018, 2020, 400);
    struct mk_vintage w = since(2018, 2020, 400);
    stats_fixture_init(&f);
    stats_fixture_append(&f, r, RECORDS);
    v.by_day = true;
    v.day = mk_date_day(2021, 1, 1) + 89;
    must(&f, &v, 1);
    ck_assert_uint_eq(v.position, 900);
    w.by_position = true;
    w.position = 900;
    must(&f, &w, 1);
    ck_assert_uint_eq(v.cube.len, w.cube.len);
    ck_assert_mem_eq(v.cube.data, w.cube.data, w.cube.len);
    mk_vintages_release(&v, 1);
    mk_vintages_release(&w, 1);
    free(r);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(a_position_before_that_of_the_release_is_refused)
{
    struct stats_fixture f;
    struct mk_stats_record r;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vintage v = since(2018, 2018, 1);
    stats_fixture_init(&f);
    a_record(&r, 0, MK_STATE_ADVIES, MK_CAUSE_STEP);
    stats_fixture_append(&f, &r, 1);
    v.by_position = true;
    v.position = 0;
    ck_assert_int_eq(compare(&f, &v, 1, &diag), MK_E_BAD_NUMBER);
    v.by_position = false;
    v.by_day = true;
    v.day = mk_date_day(2020, 1, 1);
    ck_assert_int_eq(compare(&f, &v, 1, &diag), MK_E_BAD_NUMBER);
    mk_vintages_release(&v, 1);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(changed_facts_are_noticed)
{
    struct stats_fixture f;
    struct mk_stats_record *r = history(3);
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vintage v = since(2018, 2020, 10);
    stats_fixture_init(&f);
    stats_fixture_append(&f, r, 1000);
    stats_fixture_sql(&f, "UPDATE stats_chunk SET first = 1 WHERE idx = 0");
    ck_assert_int_eq(mk_err_exit(compare(&f, &v, 1, &diag)),
                     MK_EXIT_INTEGRITY);
    ck_assert_uint_eq(v.cube.len, 0);
    free(r);
    stats_fixture_release(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        both_states_are_the_ordinary_counts_and_the_steps_lead_between,
        a_dossier_that_came_in_is_late_whatever_happened_since,
        one_that_waited_for_its_duiding_is_no_late_one,
        each_cause_is_told_by_its_reason,
        one_that_does_not_count_any_more_is_told_by_its_state,
        one_that_was_reopened_counts_again,
        what_was_changed_and_changed_back_is_no_change,
        two_causes_each_tell_their_own_step,
        one_that_moved_out_of_the_years_went_by_its_cause,
        as_of_a_day_is_as_of_the_position_behind_it,
        a_position_before_that_of_the_release_is_refused,
        changed_facts_are_noticed,
    };
    return UNIT_RUN("stats_compare", tests, NULL);
}
