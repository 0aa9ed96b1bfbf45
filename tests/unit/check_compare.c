/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison with a release: every difference is the sum of its reasons. */
#include "reports/compare.h"

#include "tests/support/step_cube.h"
#include "tests/support/unit.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* ---- what goes down ---- */

static void add_section(struct mk_buf *gate, const char *name,
                        const char *text, size_t n)
{
    ck_assert_int_eq(mk_buf_addf(gate, "section %s %zu\n", name, n), MK_OK);
    ck_assert_int_eq(mk_buf_add(gate, text, n), MK_OK);
    ck_assert_int_eq(mk_buf_add_u8(gate, '\n'), MK_OK);
}

/* A release of 2018 to 2020; sdc: of 2019, or null. */
static void add_release(struct mk_buf *gate, const char *kind, const char *sdc)
{
    struct mk_buf text = MK_BUF_INIT;
    ck_assert_int_eq(
        mk_buf_addf(&text,
                    "meldkluis-release: 1\nname: A\nkind: %s\n"
                    "years: 2018 2019 2020\npositions: 500 500 500\n"
                    "basis: calendar\naudience: FAC\nthreshold: 5\n"
                    "method: suppress\n\n"
                    "{\"schema\": \"meldkluis-record/1\", \"files\": {},"
                    " \"years\": [{\"year\": 2018, \"sdc\": null},"
                    " {\"year\": 2019, \"sdc\": %s},"
                    " {\"year\": 2020, \"sdc\": null}]}",
                    kind, sdc),
        MK_OK);
    add_section(gate, "release", (const char *)text.data, text.len);
    mk_buf_release(&text);
}

static enum mk_err make(struct mk_compare *c, const struct mk_buf *text)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_gate gate;
    mk_gate_init(&gate);
    mk_compare_init(c);
    ck_assert_int_eq(mk_gate_parse(&gate, text->data, text->len, &diag),
                     MK_OK);
    enum mk_err rc = mk_compare_make(c, &gate, &diag);
    mk_gate_release(&gate);
    return rc;
}

#define COLUMNS                                                            \
    "year,category,care_type,reporter,mtbp,qualification,duty,direct,red," \
    "referred,complaint,police_report,unmet_overleg,unmet_aangifte,"       \
    "change,reason,n\n"
#define HEAD(years, rows)                                            \
    "meldkluis-cube: 4\nyears: " years                               \
    "\nbasis: calendar\ndata-date: 2021-03-01\nposition: 9\nfrozen:" \
    " 5\nrows: " rows "\n\n" COLUMNS
#define FG(rest) "2019,FG,KDV,OUD,N,GEEN,N,NR,N,N,N,N,N,N," rest "\n"
#define PG(rest) "2019,PG,KDV,OUD,N,GEEN,N,NR,N,N,N,N,N,N," rest "\n"

/* Seven of FG became six: one was coded anew, one came in. */
static const char small[] = HEAD("2019", "6") FG("REMOVED,reclassified,2")
    FG("ADDED,late,1") FG("THEN,,7") FG("NOW,,6") PG("ADDED,reclassified,2")
        PG("NOW,,2");

/* What the release printed of 2019: FG hidden, all of it 7. */
#define SDC(total)                                          \
    "{\"spec\": {\"dims\": [\"category\", \"care_type\"]}," \
    " \"cells\": [[\"*\", \"*\", " total                    \
    ", null, null], [\"FG\", \"*\", null, 3, 8]]}"

static void small_gate(struct mk_buf *gate, const char *kind, const char *sdc)
{
    ck_assert_int_eq(mk_buf_add_str(gate, "meldkluis-gate: 1\n"), MK_OK);
    add_section(gate, "cube", small, sizeof small - 1);
    add_release(gate, kind, sdc);
    ck_assert_int_eq(mk_buf_add_str(gate, "end\n"), MK_OK);
}

static void small_compare(struct mk_compare *c, const char *kind,
                          const char *sdc)
{
    struct mk_buf gate = MK_BUF_INIT;
    small_gate(&gate, kind, sdc);
    ck_assert_int_eq(make(c, &gate), MK_OK);
    mk_buf_release(&gate);
}

/* The row of an axis by its code. */
static size_t at(const struct mk_axis *axis, const char *slug)
{
    size_t i = 0;
    while (strcmp(axis->row[i].slug, slug) != 0)
        ck_assert_uint_lt(++i, axis->n);
    return i;
}

static const struct mk_compare_cell *category(const struct mk_compare *c,
                                              const char *slug)
{
    const struct mk_compare_year *y = &c->year[0];
    return mk_compare_cell(
        y, MK_TABLE_F2, at(&y->part->now->table[MK_TABLE_F2].category, slug),
        0, 0);
}

/* ---- by hand ---- */

START_TEST(each_cell_has_what_was_printed_then_now_and_why)
{
    struct mk_compare c;
    small_compare(&c, "factsheet", SDC("7"));
    const struct mk_compare_cell *fg = category(&c, "FG");
    ck_assert_uint_eq(fg->then, 7);
    ck_assert_uint_eq(fg->now, 6);
    ck_assert_int_eq(fg->why[MK_REASON_RECLASSIFIED], -2);
    ck_assert_int_eq(fg->why[MK_REASON_LATE], 1);
    ck_assert_int_eq(fg->why[MK_REASON_CORRECTED], 0);
    ck_assert(fg->is_printed && fg->printed.mark == MK_MARK_X);
    ck_assert_uint_eq(fg->printed.lo, 3);
    ck_assert_uint_eq(fg->printed.hi, 8);
    const struct mk_compare_cell *all = category(&c, "TOT");
    ck_assert_uint_eq(all->then, 7);
    ck_assert_uint_eq(all->now, 8);
    ck_assert_int_eq(all->why[MK_REASON_RECLASSIFIED], 0);
    ck_assert_int_eq(all->why[MK_REASON_LATE], 1);
    ck_assert(all->is_printed && all->printed.mark == MK_MARK_NONE);
    ck_assert_uint_eq(all->printed.value, 7);
    /* a release prints all of its tables: without a row it was 0 */
    const struct mk_compare_cell *pg = category(&c, "PG");
    ck_assert(pg->is_printed && pg->printed.value == 0);
    ck_assert(!fg->is_contradicted && !all->is_contradicted &&
              !pg->is_contradicted);
    mk_compare_release(&c);
}
END_TEST

START_TEST(a_table_shows_what_it_shows_and_nothing_else)
{
    struct mk_compare c;
    small_compare(&c, "table", SDC("7"));
    ck_assert(category(&c, "FG")->is_printed);
    ck_assert(!category(&c, "PG")->is_printed);
    ck_assert_uint_eq(c.n_contradicted, 0);
    mk_compare_release(&c);
}
END_TEST

START_TEST(a_figure_that_cannot_have_been_is_told)
{
    struct mk_compare c;
    small_compare(&c, "factsheet", SDC("6"));
    ck_assert(category(&c, "TOT")->is_contradicted);
    ck_assert(!category(&c, "FG")->is_contradicted);
    ck_assert_uint_ge(c.n_contradicted, 1);
    mk_compare_release(&c);
}
END_TEST

START_TEST(text_tells_the_reasons_and_fits_in_80_columns)
{
    struct mk_compare c;
    struct mk_buf text = MK_BUF_INIT;
    small_compare(&c, "factsheet", SDC("7"));
    ck_assert_int_eq(mk_compare_text(&text, &c), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&text), MK_OK);
    const char *p = (const char *)text.data;
    ck_assert_ptr_nonnull(strstr(p, "*** NIET VOOR PUBLICATIE ***"));
    ck_assert_ptr_nonnull(strstr(p, "x (3-8)"));
    ck_assert_ptr_nonnull(strstr(p, "later ingevoerd +1, anders geduid -2"));
    ck_assert_ptr_nonnull(strstr(p, "    FG KDV      "));
    ck_assert_ptr_nonnull(strstr(p, ", dagopvang"));
    while (*p) {
        size_t n = strcspn(p, "\n");
        ck_assert_uint_le(n, 80);
        p += n + 1;
    }
    mk_buf_release(&text);
    mk_compare_release(&c);
}
END_TEST

/* ---- what is refused ---- */

START_TEST(a_gate_without_one_release_or_with_other_cubes_is_refused)
{
    static const char other[] = "meldkluis-cube: 1\nyears: 2019\nbasis: "
                                "calendar\ndata-date: -\nposition: 0\nrows: "
                                "0\n\n";
    struct mk_compare c;
    struct mk_buf gate = MK_BUF_INIT, cube = MK_BUF_INIT;
    ck_assert_int_eq(mk_buf_add_str(&gate, "meldkluis-gate: 1\n"), MK_OK);
    add_section(&gate, "cube", small, sizeof small - 1);
    ck_assert_int_eq(mk_buf_add_str(&gate, "end\n"), MK_OK);
    ck_assert_int_eq(make(&c, &gate), MK_E_SYNTAX);
    mk_compare_release(&c);

    mk_buf_clear(&gate);
    ck_assert_int_eq(mk_buf_add_str(&gate, "meldkluis-gate: 1\n"), MK_OK);
    ck_assert_int_eq(mk_buf_add_str(&cube, other), MK_OK);
    ck_assert_int_eq(mk_buf_add_str(&cube, COLUMNS), MK_OK);
    /* the columns of version 1 */
    char *at_change = strstr((char *)cube.data, "change,reason,");
    memmove(at_change, at_change + 14, 2);
    cube.len -= 14;
    add_section(&gate, "cube", (const char *)cube.data, cube.len);
    add_release(&gate, "factsheet", "null");
    ck_assert_int_eq(mk_buf_add_str(&gate, "end\n"), MK_OK);
    ck_assert_int_eq(make(&c, &gate), MK_E_SYNTAX);
    mk_compare_release(&c);
    mk_buf_release(&gate);
    mk_buf_release(&cube);
}
END_TEST

START_TEST(a_year_that_comes_twice_is_refused)
{
    struct mk_compare c;
    struct mk_buf gate = MK_BUF_INIT;
    ck_assert_int_eq(mk_buf_add_str(&gate, "meldkluis-gate: 1\n"), MK_OK);
    add_section(&gate, "cube", small, sizeof small - 1);
    add_section(&gate, "cube", small, sizeof small - 1);
    add_release(&gate, "factsheet", "null");
    ck_assert_int_eq(mk_buf_add_str(&gate, "end\n"), MK_OK);
    ck_assert_int_eq(make(&c, &gate), MK_E_DUPLICATE_KEY);
    mk_compare_release(&c);
    mk_buf_release(&gate);
}
END_TEST

/* ---- random histories ---- */

/* A comparison of random dossiers with an empty release. */
static void random_gate(struct mk_buf *gate, uint64_t seed)
{
    struct mk_buf cube = MK_BUF_INIT;
    step_cube_add(&cube, seed);
    ck_assert_int_eq(mk_buf_add_str(gate, "meldkluis-gate: 1\n"), MK_OK);
    add_section(gate, "cube", (const char *)cube.data, cube.len);
    add_release(gate, "factsheet", "null");
    ck_assert_int_eq(mk_buf_add_str(gate, "end\n"), MK_OK);
    mk_buf_release(&cube);
}

static json_t *json_of(const struct mk_compare *c)
{
    struct mk_buf text = MK_BUF_INIT;
    ck_assert_int_eq(mk_compare_json(&text, c), MK_OK);
    json_t *root = json_loadb((const char *)text.data, text.len, 0, NULL);
    ck_assert_ptr_nonnull(root);
    mk_buf_release(&text);
    return root;
}

/* In the JSON, as a reader adds it up: how many cells changed. */
static size_t check_cells(const json_t *cells)
{
    size_t i, changed = 0;
    json_t *cell, *n;
    const char *slug;
    json_array_foreach((json_t *)(uintptr_t)cells, i, cell)
    {
        json_int_t sum = 0;
        if (json_is_null(json_object_get(cell, "then")))
            continue;
        json_object_foreach(json_object_get(cell, "why"), slug, n)
        {
            sum += json_integer_value(n);
        }
        json_int_t moved = json_integer_value(json_object_get(cell, "now")) -
                           json_integer_value(json_object_get(cell, "then"));
        ck_assert_int_eq(sum, moved);
        ck_assert_int_eq(
            json_integer_value(json_object_get(cell, "difference")), moved);
        changed += moved != 0;
    }
    return changed;
}

START_TEST(in_every_cell_of_every_table_the_reasons_add_up)
{
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct mk_buf gate = MK_BUF_INIT;
        struct mk_compare c;
        size_t y, t, changed = 0;
        json_t *year, *table;
        random_gate(&gate, seed);
        ck_assert_int_eq(make(&c, &gate), MK_OK);
        ck_assert_uint_eq(c.n_years, 3);
        json_t *root = json_of(&c);
        json_array_foreach(json_object_get(root, "years"), y, year)
        {
            json_t *tables = json_object_get(year, "tables");
            ck_assert_uint_eq(json_array_size(tables), MK_TABLE_COUNT);
            json_array_foreach(tables, t, table)
            {
                changed += check_cells(json_object_get(table, "cells"));
            }
        }
        ck_assert_uint_gt(changed, 100);
        json_decref(root);
        mk_compare_release(&c);
        mk_buf_release(&gate);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        each_cell_has_what_was_printed_then_now_and_why,
        a_table_shows_what_it_shows_and_nothing_else,
        a_figure_that_cannot_have_been_is_told,
        text_tells_the_reasons_and_fits_in_80_columns,
        a_gate_without_one_release_or_with_other_cubes_is_refused,
        a_year_that_comes_twice_is_refused,
        in_every_cell_of_every_table_the_reasons_add_up,
    };
    return UNIT_RUN("compare", tests, NULL);
}
