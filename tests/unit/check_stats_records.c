/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What disclosure control is given: contributors, and what changed. */
#include "core/stats_records.h"

#include "core/base/bytes.h"
#include "tests/support/stats_fixture.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

#define DOSSIERS 400
#define RECORDS 2500

static struct mk_stats_record *history(uint64_t seed)
{
    struct mk_stats_record *r = calloc(RECORDS, sizeof *r);
    for (size_t i = 0; i < RECORDS; i++) {
        stats_record_make(&r[i], stats_next(&seed),
                          stats_next(&seed) % DOSSIERS);
        r[i].recorded = mk_date_day(2021, 1, 1) + (mk_day)(i / 10);
        /* few contributors, so that they come back */
        mk_put_u64(r[i].site, stats_next(&seed) % 40);
        mk_put_u64(r[i].accused_tag, stats_next(&seed) % 70);
        if (i % 97 == 0)
            r[i].care_type = 63;
    }
    return r;
}

static struct mk_vintage vintage(int first, int last)
{
    struct mk_vintage v = {.cube = MK_BUF_INIT};
    for (int y = first; y <= last; y++)
        v.years[v.n_years++] = y;
    return v;
}

static enum mk_err records(struct stats_fixture *f, struct mk_vintage *v,
                           size_t n, struct mk_diag *diag)
{
    ck_assert_int_eq(mk_store_begin_read(f->st, diag), MK_OK);
    enum mk_err rc =
        mk_stats_records(f->st, &f->key, f->n, f->root, DOSSIERS, v, n, diag);
    mk_store_rollback(f->st);
    return rc;
}

static void must(struct stats_fixture *f, struct mk_vintage *v, size_t n)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = records(f, v, n, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
}

/* ---- reading the text ---- */

/* The lines behind the header. */
static char *rows_of(const struct mk_buf *cube)
{
    char *text = strndup((const char *)cube->data, cube->len);
    char *rows = strstr(text, "\n\n");
    ck_assert_ptr_nonnull(rows);
    rows = strchr(rows + 2, '\n');
    char *copy = strdup(rows + 1);
    free(text);
    return copy;
}

static bool has_line(const struct mk_buf *cube, const char *line)
{
    char *text = strndup((const char *)cube->data, cube->len);
    char *at = strstr(text, line);
    bool found = at && (at == text || at[-1] == '\n') &&
                 at[strlen(line)] == '\n';
    free(text);
    return found;
}

struct sum {
    char key[96];
    unsigned long n;
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct sum *)a)->key, ((const struct sum *)b)->key);
}

/* Adds up the rows over the last columns (those of change, site, accused),
 * without rows of the change not; the keys sorted. */
static size_t summed(const struct mk_buf *cube, const char * not,
                     struct sum out[static 8192])
{
    char *rows = rows_of(cube), *save = NULL;
    size_t n = 0;
    bool revised = has_line(cube, "meldkluis-cube: 3");
    for (char *line = strtok_r(rows, "\n", &save); line;
         line = strtok_r(NULL, "\n", &save)) {
        char *at = strrchr(line, ',');
        unsigned long count = strtoul(at + 1, NULL, 10);
        for (int i = 0; i < (has_line(cube, "meldkluis-cube: 1") ? 0 : 2);
             i++) {
            *at = '\0';
            at = strrchr(line, ',');
        }
        *at = '\0';
        if (revised) {
            at = strrchr(line, ',');
            *at = '\0';
            if (not &&strcmp(at + 1, not ) == 0)
                continue;
        }
        size_t i = 0;
        while (i < n && strcmp(out[i].key, line) != 0)
            i++;
        ck_assert_uint_lt(i, 8192);
        if (i == n) {
            snprintf(out[n].key, sizeof out[n].key, "%s", line);
            out[n++].n = 0;
        }
        out[i].n += count;
    }
    qsort(out, n, sizeof *out, by_key);
    free(rows);
    return n;
}

static void assert_same(const struct mk_buf *a, const char *not_a,
                        const struct mk_buf *b, const char *not_b)
{
    static struct sum x[8192], y[8192];
    size_t n = summed(a, not_a, x);
    ck_assert_uint_eq(n, summed(b, not_b, y));
    for (size_t i = 0; i < n; i++) {
        ck_assert_str_eq(x[i].key, y[i].key);
        ck_assert_uint_eq(x[i].n, y[i].n);
    }
}

/* The ordinary count of the same years and moment, as text. */
static struct mk_buf ordinary(struct stats_fixture *f,
                              const struct mk_vintage *v, uint64_t position)
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
    mk_cube_release(&cube);
    return text;
}

/* ---- contributors ---- */

START_TEST(summed_over_contributors_it_is_the_ordinary_cube)
{
    static const uint64_t at[] = {0, 1, 300, 1999, RECORDS};
    for (uint64_t seed = 1; seed < 4; seed++) {
        struct stats_fixture f;
        struct mk_stats_record *r = history(seed);
        stats_fixture_init(&f);
        stats_fixture_append(&f, r, 1300);
        stats_fixture_append(&f, r + 1300, 1000);
        stats_fixture_append(&f, r + 2300, RECORDS - 2300); /* a tail */
        for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
            struct mk_vintage v = vintage(2018, 2020);
            v.school_year = i % 2;
            v.by_position = true;
            v.position = at[i];
            must(&f, &v, 1);
            struct mk_buf v1 = ordinary(&f, &v, at[i]);
            assert_same(&v.cube, NULL, &v1, NULL);
            ck_assert(has_line(&v.cube, "meldkluis-cube: 2"));
            ck_assert_uint_eq(v.position, at[i]);
            mk_buf_release(&v1);
            mk_vintages_release(&v, 1);
        }
        free(r);
        stats_fixture_release(&f);
    }
}
END_TEST

START_TEST(the_header_is_that_of_the_ordinary_cube)
{
    struct stats_fixture f;
    struct mk_stats_record *r = history(9);
    struct mk_vintage v = vintage(2018, 2020);
    stats_fixture_init(&f);
    stats_fixture_append(&f, r, RECORDS);
    must(&f, &v, 1);
    struct mk_buf v1 = ordinary(&f, &v, RECORDS);
    char *line, *save = NULL;
    char *text = strndup((char *)v1.data, v1.len);
    *strstr(text, "\nrows:") = '\0';
    for (line = strtok_r(strchr(text, '\n') + 1, "\n", &save); line;
         line = strtok_r(NULL, "\n", &save))
        ck_assert_msg(has_line(&v.cube, line), "no line %s", line);
    free(text);
    mk_buf_release(&v1);
    mk_vintages_release(&v, 1);
    free(r);
    stats_fixture_release(&f);
}
END_TEST

static void a_record(struct mk_stats_record *r, uint64_t ordinal, int year,
                     uint64_t site, uint64_t accused)
{
    *r = (struct mk_stats_record){
        .ordinal = ordinal,
        .recorded = mk_date_day(2021, 1, 1),
        .received = mk_date_day(year, 5, 5),
        .state = MK_STATE_AFGEROND,
        .sector = MK_SECTOR_KO,
        .category = MK_CATEGORY_SM,
        .care_type = MK_CARE_TYPE_KDV,
        .reporter = MK_REPORTER_OUD,
        .qualification = MK_QUALIFICATION_XIV,
        .mtbp = MK_YN_J,
        .duty = MK_YN_N,
        .site_empty = site == 0,
        .accused_empty = accused == 0,
    };
    mk_put_u64(r->site, site ? site : ordinal + 1000);
    mk_put_u64(r->accused_tag, accused ? accused : ordinal + 2000);
}

#define FACTS ",SM,KDV,OUD,J,XIV,N,NR,N,N,N,N,N,N,"

static void assert_rows(const struct mk_vintage *v, const char *want)
{
    char *rows = rows_of(&v->cube);
    ck_assert_str_eq(rows, want);
    free(rows);
}

START_TEST(contributors_are_numbered_as_they_come_and_unknown_ones_are_0)
{
    struct stats_fixture f;
    struct mk_stats_record r[6];
    struct mk_vintage v[2] = {vintage(2018, 2018), vintage(2019, 2019)};
    stats_fixture_init(&f);
    a_record(&r[0], 0, 2017, 99, 98); /* does not count: gets no number */
    a_record(&r[1], 1, 2018, 77, 5);
    a_record(&r[2], 2, 2019, 11, 0);
    a_record(&r[3], 3, 2018, 77, 3);
    a_record(&r[4], 4, 2018, 0, 0);
    a_record(&r[5], 5, 2019, 77, 5);
    stats_fixture_append(&f, r, 6);
    must(&f, v, 2);
    /* numbers hold for both: site 77 is 1, site 11 is 2 */
    assert_rows(&v[0], "2018" FACTS "0,0,1\n"
                       "2018" FACTS "1,1,1\n"
                       "2018" FACTS "1,2,1\n");
    assert_rows(&v[1], "2019" FACTS "1,1,1\n"
                       "2019" FACTS "2,0,1\n");
    mk_vintages_release(v, 2);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(a_tag_itself_is_never_given_out)
{
    struct stats_fixture f;
    struct mk_stats_record r[2];
    struct mk_vintage v = vintage(2018, 2018);
    stats_fixture_init(&f);
    a_record(&r[0], 0, 2018, 0x4142434445464748, 0x494a4b4c4d4e4f50);
    a_record(&r[1], 1, 2018, 0x4142434445464748, 0x494a4b4c4d4e4f50);
    stats_fixture_append(&f, r, 2);
    must(&f, &v, 1);
    ck_assert_ptr_null(memmem(v.cube.data, v.cube.len, "ABCD", 4));
    ck_assert_ptr_null(memmem(v.cube.data, v.cube.len, "4142", 4));
    assert_rows(&v, "2018" FACTS "1,1,2\n");
    mk_vintages_release(&v, 1);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(as_of_a_day_is_as_of_the_position_behind_it)
{
    struct stats_fixture f;
    struct mk_stats_record *r = history(5);
    struct mk_vintage v = vintage(2018, 2020), w = vintage(2018, 2020);
    stats_fixture_init(&f);
    r[1490].recorded = mk_date_day(2021, 12, 1); /* a clock that was wrong */
    stats_fixture_append(&f, r, RECORDS);
    v.by_day = true;
    v.day = mk_date_day(2021, 1, 1) + 149;
    must(&f, &v, 1);
    ck_assert_uint_eq(v.position, 1500);
    w.by_position = true;
    w.position = 1500;
    must(&f, &w, 1);
    ck_assert_uint_eq(v.cube.len, w.cube.len);
    ck_assert_mem_eq(v.cube.data, w.cube.data, w.cube.len);
    mk_vintages_release(&v, 1);
    mk_vintages_release(&w, 1);
    free(r);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(a_position_beyond_the_stream_is_refused)
{
    struct stats_fixture f;
    struct mk_stats_record r;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vintage v = vintage(2018, 2018);
    stats_fixture_init(&f);
    a_record(&r, 0, 2018, 1, 1);
    stats_fixture_append(&f, &r, 1);
    v.by_position = true;
    v.position = 2;
    ck_assert_int_eq(records(&f, &v, 1, &diag), MK_E_BAD_NUMBER);
    v.position = 0;
    v.revised = true;
    v.frozen = 1;
    ck_assert_int_eq(records(&f, &v, 1, &diag), MK_E_BAD_NUMBER);
    v.position = 1;
    v.frozen = 2;
    ck_assert_int_eq(records(&f, &v, 1, &diag), MK_E_BAD_NUMBER);
    ck_assert_uint_eq(v.cube.len, 0);
    stats_fixture_release(&f);
}
END_TEST

/* ---- changes ---- */

static struct mk_vintage revised(int first, int last, uint64_t frozen)
{
    struct mk_vintage v = vintage(first, last);
    v.revised = true;
    v.frozen = frozen;
    return v;
}

START_TEST(late_withdrawn_changed_and_moved_records_are_told_apart)
{
    struct stats_fixture f;
    struct mk_stats_record r[12];
    struct mk_vintage v = revised(2018, 2019, 6);
    size_t n = 0;
    stats_fixture_init(&f);
    for (; n < 5; n++)
        a_record(&r[n], n, 2018, 7, 7);
    a_record(&r[n++], 5, 2019, 7, 7);
    /* frozen here: five in 2018, one in 2019 */
    a_record(&r[n], 0, 2018, 7, 7); /* said again: no change */
    n++;
    a_record(&r[n], 1, 2018, 7, 7);
    r[n++].state = MK_STATE_NIET_BEVOEGD; /* does not count any more */
    a_record(&r[n], 2, 2018, 7, 7);
    r[n++].category = MK_CATEGORY_FG; /* changed */
    a_record(&r[n++], 3, 2019, 7, 7); /* moved to the next year */
    a_record(&r[n++], 4, 2021, 7, 7); /* and out of the window */
    a_record(&r[n++], 6, 2018, 8, 0); /* late */
    stats_fixture_append(&f, r, n);
    must(&f, &v, 1);
    ck_assert(has_line(&v.cube, "meldkluis-cube: 3"));
    ck_assert(has_line(&v.cube, "position: 12"));
    ck_assert(has_line(&v.cube, "frozen: 6"));
    assert_rows(&v, "2018" FACTS "KEPT,1,1,1\n"
                    "2018" FACTS "REMOVED,1,1,4\n"
                    "2018" FACTS "ADDED,2,0,1\n"
                    "2018,FG,KDV,OUD,J,XIV,N,NR,N,N,N,N,N,N,ADDED,1,1,1\n"
                    "2019" FACTS "KEPT,1,1,1\n"
                    "2019" FACTS "ADDED,1,1,1\n");
    mk_vintages_release(&v, 1);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(only_facts_of_the_factsheet_make_a_change)
{
    struct stats_fixture f;
    struct mk_stats_record r[4];
    struct mk_vintage v = revised(2018, 2018, 2);
    stats_fixture_init(&f);
    a_record(&r[0], 0, 2018, 7, 7);
    a_record(&r[1], 1, 2018, 7, 7);
    a_record(&r[2], 0, 2018, 9, 7); /* another site: the one of now is told */
    r[2].received += 1;
    a_record(&r[3], 1, 2018, 7, 7);
    r[3].verdict = MK_VERDICT_GEEN;
    r[3].state = MK_STATE_VOLGEN;
    stats_fixture_append(&f, r, 4);
    must(&f, &v, 1);
    assert_rows(&v, "2018" FACTS "KEPT,1,1,1\n"
                    "2018" FACTS "KEPT,2,1,1\n");
    mk_vintages_release(&v, 1);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(what_was_and_what_is_add_up_to_the_two_ordinary_cubes)
{
    for (uint64_t seed = 21; seed < 24; seed++) {
        struct stats_fixture f;
        struct mk_stats_record *r = history(seed);
        struct mk_vintage v = revised(2018, 2020, 1200);
        stats_fixture_init(&f);
        stats_fixture_append(&f, r, RECORDS);
        must(&f, &v, 1);
        struct mk_buf then = ordinary(&f, &v, 1200);
        struct mk_buf now = ordinary(&f, &v, RECORDS);
        assert_same(&v.cube, "ADDED", &then, NULL);
        assert_same(&v.cube, "REMOVED", &now, NULL);
        mk_buf_release(&then);
        mk_buf_release(&now);
        mk_vintages_release(&v, 1);
        free(r);
        stats_fixture_release(&f);
    }
}
END_TEST

/* ---- proof ---- */

START_TEST(changed_tags_are_noticed_where_they_are_read)
{
    struct stats_fixture f;
    struct mk_stats_record *r = history(3);
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vintage v = vintage(2018, 2020);
    stats_fixture_init(&f);
    stats_fixture_append(&f, r, 1000);
    stats_fixture_append(&f, r + 1000, 1000);
    stats_fixture_sql(&f, "UPDATE stats_chunk SET tags = (SELECT tags FROM"
                          " stats_chunk WHERE idx = 1) WHERE idx = 0");
    ck_assert_int_eq(records(&f, &v, 1, &diag), MK_E_TAMPERED);
    ck_assert_str_eq(diag.place, "stats_chunk");
    ck_assert_uint_eq(v.cube.len, 0);
    struct mk_buf v1 = ordinary(&f, &v, 2000); /* which reads no tags */
    mk_buf_release(&v1);
    free(r);
    stats_fixture_release(&f);
}
END_TEST

START_TEST(changed_facts_are_noticed)
{
    struct stats_fixture f;
    struct mk_stats_record *r = history(3);
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vintage v = vintage(2018, 2020);
    stats_fixture_init(&f);
    stats_fixture_append(&f, r, 1000);
    stats_fixture_sql(&f, "UPDATE stats_chunk SET first = 1 WHERE idx = 0");
    ck_assert_int_eq(mk_err_exit(records(&f, &v, 1, &diag)),
                     MK_EXIT_INTEGRITY);
    free(r);
    stats_fixture_release(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        summed_over_contributors_it_is_the_ordinary_cube,
        the_header_is_that_of_the_ordinary_cube,
        contributors_are_numbered_as_they_come_and_unknown_ones_are_0,
        a_tag_itself_is_never_given_out,
        as_of_a_day_is_as_of_the_position_behind_it,
        a_position_beyond_the_stream_is_refused,
        late_withdrawn_changed_and_moved_records_are_told_apart,
        only_facts_of_the_factsheet_make_a_change,
        what_was_and_what_is_add_up_to_the_two_ordinary_cubes,
        changed_tags_are_noticed_where_they_are_read,
        changed_facts_are_noticed,
    };
    return UNIT_RUN("stats_records", tests, NULL);
}
