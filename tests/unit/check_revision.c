/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a revision: what changed, and what a spec and a release become. */
#include "reports/revision.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

START_TEST(what_became_of_the_records_of_a_year_is_counted)
{
    struct mk_counts_row row[] = {
        {.change = MK_CHANGE_KEPT, .n = 3},
        {.change = MK_CHANGE_REMOVED, .n = 2},
        {.change = MK_CHANGE_ADDED, .n = 4},
        {.change = MK_CHANGE_ADDED, .n = 1},
        {.change = MK_CHANGE_ADDED, .n = 9},
    };
    struct mk_counts counts;
    mk_counts_init(&counts);
    counts.years[counts.n_years++] = 2019;
    counts.years[counts.n_years++] = 2020;
    row[4].level[MK_DIM_YEAR] = 1;
    counts.rows = row;
    counts.n_rows = 5;
    struct mk_change c = mk_change_count(&counts, 2019);
    ck_assert_uint_eq(c.kept, 3);
    ck_assert_uint_eq(c.removed, 2);
    ck_assert_uint_eq(c.added, 5);
    ck_assert(mk_change_any(&c));
    c = mk_change_count(&counts, 2018);
    ck_assert(!mk_change_any(&c));
}
END_TEST

START_TEST(one_to_four_is_few_and_none_is_not)
{
    for (uint64_t n = 0; n < 8; n++) {
        const struct mk_change came = {.added = n}, went = {.removed = n};
        ck_assert_int_eq(mk_change_few(&came, 5), n >= 1 && n <= 4);
        ck_assert_int_eq(mk_change_few(&went, 5), n >= 1 && n <= 4);
    }
}
END_TEST

/* A year without a dossier was printed as zeros, and no release says so. */
START_TEST(that_nothing_was_kept_of_an_empty_year_is_known)
{
    const struct mk_change from_nothing = {.added = 6}, some = {.kept = 1};
    struct mk_buf text = MK_BUF_INIT;
    ck_assert_int_eq(mk_change_known(&text, &from_nothing), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&text), MK_OK);
    ck_assert_ptr_nonnull(
        strstr((const char *)text.data, "[\"KEPT\", 0, null, null]"));
    mk_buf_clear(&text);
    ck_assert_int_eq(mk_change_known(&text, &some), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&text), MK_OK);
    ck_assert_ptr_null(strstr((const char *)text.data, "KEPT"));
    ck_assert_ptr_nonnull(
        strstr((const char *)text.data, "[\"REMOVED\", 0, null, null]"));
    mk_buf_release(&text);
}
END_TEST

START_TEST(a_release_that_has_the_dimension_is_left_as_it_is)
{
    json_t *release = json_pack(
        "{s:{s:[s, s], s:{s:[s], s:[s, s, s]}}, s:[[s, s, i, n, n]]}", "spec",
        "dims", "x", "change", "levels", "x", "a", "change", "KEPT", "REMOVED",
        "ADDED", "cells", "a", "now", 7);
    json_t *same = json_deep_copy(release);
    ck_assert_ptr_nonnull(same);
    ck_assert(mk_change_shown(release));
    ck_assert_int_eq(mk_change_before(release), MK_OK);
    ck_assert(json_equal(release, same));
    json_decref(same);
    json_decref(release);
}
END_TEST

static const json_t *table(const json_t *spec, size_t i)
{
    return json_array_get(json_object_get(spec, "tables"), i);
}

static void is_table(const json_t *spec, size_t i, const char *wanted)
{
    json_t *json = json_loads(wanted, 0, NULL);
    ck_assert_ptr_nonnull(json);
    char *found = json_dumps(table(spec, i), JSON_COMPACT);
    ck_assert_msg(json_equal(table(spec, i), json), "table %d is %s", (int)i,
                  found);
    free(found);
    json_decref(json);
}

/* However a table was written, it is watched once. */
START_TEST(the_tables_of_all_releases_are_watched)
{
    static const char plain[] =
        "{\"dims\": [\"x\", \"y\", \"z\"], \"levels\": {\"x\": [\"a\"],"
        " \"y\": [\"b\", \"c\"], \"z\": [\"d\"]},"
        " \"tables\": [{\"dims\": [\"x\"], \"where\": {\"y\": [\"b\"]}}]}";
    json_t *earlier =
        json_loads("{\"tables\": [[\"z\", \"x\"],"
                   " {\"dims\": [\"y\", \"x\"], \"where\": {\"y\": [\"b\"]}},"
                   " {\"dims\": [\"x\", \"z\", \"change\"],"
                   "  \"where\": {\"change\": [\"now\"]}}]}",
                   0, NULL);
    const json_t *both[] = {NULL, earlier};
    struct mk_buf text = MK_BUF_INIT;
    ck_assert_ptr_nonnull(earlier);
    ck_assert_int_eq(mk_buf_add_str(&text, plain), MK_OK);
    ck_assert_int_eq(mk_change_spec(&text, both, 2, NULL), MK_OK);
    json_t *spec = json_loadb((const char *)text.data, text.len, 0, NULL);
    ck_assert_ptr_nonnull(spec);
    ck_assert_uint_eq(json_array_size(json_object_get(spec, "tables")), 3);
    is_table(spec, 0,
             "{\"dims\": [\"x\", \"y\", \"change\"],"
             " \"where\": {\"y\": [\"b\"], \"change\": [\"now\"]}}");
    is_table(spec, 1,
             "{\"dims\": [\"x\", \"y\", \"change\"], \"where\":"
             " {\"y\": [\"b\"], \"change\": [\"REMOVED\", \"ADDED\"]}}");
    is_table(spec, 2,
             "{\"dims\": [\"x\", \"z\", \"change\"], \"where\":"
             " {\"change\": [\"REMOVED\", \"ADDED\"]}}");
    json_decref(spec);
    json_decref(earlier);
    mk_buf_release(&text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_became_of_the_records_of_a_year_is_counted,
        one_to_four_is_few_and_none_is_not,
        that_nothing_was_kept_of_an_empty_year_is_known,
        a_release_that_has_the_dimension_is_left_as_it_is,
        the_tables_of_all_releases_are_watched,
    };
    return UNIT_RUN("revision", tests, NULL);
}
