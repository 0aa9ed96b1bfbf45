/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/sdc_kit.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

/* Two years by two categories, one table, six records. */
static struct mk_sdc_spec spec;
static struct mk_sdc_data data;
static struct mk_sdc_model m;
static struct mk_sdc_release a, b;
static struct mk_diag diag;

static void start_spec(const char *years, const char *year_parents,
                       const char *cats, const char *cat_parents)
{
    diag = (struct mk_diag)MK_DIAG_INIT;
    mk_sdc_spec_init(&spec);
    mk_sdc_model_init(&m);
    mk_sdc_release_init(&a);
    mk_sdc_release_init(&b);
    sdc_kit_dim(&spec, "year", years, year_parents);
    sdc_kit_dim(&spec, "cat", cats, cat_parents);
    mk_sdc_data_init(&data, &spec);
}

static void start(void)
{
    start_spec("2019 2020", NULL, "a b", NULL);
    sdc_kit_table(&spec, "year cat");
    sdc_kit_records(&data, &spec, "2019 a", 2);
    sdc_kit_records(&data, &spec, "2019 b", 3);
    sdc_kit_records(&data, &spec, "2020 a", 4);
    sdc_kit_records(&data, &spec, "2020 a", 1);
}

static enum mk_err build_with(const struct mk_sdc_data *with,
                              const struct mk_sdc_printed *printed,
                              size_t n_earlier)
{
    const struct mk_sdc_release *earlier[] = {&a, &b};
    mk_sdc_model_release(&m);
    return mk_sdc_model_build(&m, &spec, with, printed, earlier, n_earlier,
                              &diag);
}

static void build(size_t n_earlier)
{
    enum mk_err rc = build_with(&data, NULL, n_earlier);
    ck_assert_msg(rc == MK_OK, "%s at %s", mk_err_name(rc), diag.place);
}

static void finish(void)
{
    mk_sdc_model_release(&m);
    mk_sdc_data_release(&data);
    mk_sdc_spec_release(&spec);
    mk_sdc_release_release(&a);
    mk_sdc_release_release(&b);
}

/* The earlier release r over those years and categories. */
static void release(struct mk_sdc_release *r, const char *years,
                    const char *year_parents, const char *cats)
{
    sdc_kit_dim(&r->spec, "year", years, year_parents);
    sdc_kit_dim(&r->spec, "cat", cats, NULL);
    sdc_kit_table(&r->spec, "year cat");
    mk_sdc_printed_init(&r->printed, &r->spec);
}

static void has(const char *nodes, uint64_t value)
{
    const struct mk_sdc_cell *cell = sdc_kit_cell(&m, nodes);
    ck_assert_msg(cell != NULL, "no cell %s", nodes);
    ck_assert(cell->known && cell->current);
    ck_assert_msg(cell->value == value, "%s is %d", nodes, (int)cell->value);
}

START_TEST(every_margin_of_a_table_is_a_cell_with_its_count)
{
    start();
    build(0);
    ck_assert_uint_eq(m.n_cells, 9);
    ck_assert(m.covered);
    has("2019 a", 2);
    has("2020 a", 5);
    has("2020 b", 0);
    has("* a", 7);
    has("2019 *", 5);
    has("* *", 10);
    ck_assert_uint_eq(m.node[0], 0);
    ck_assert_uint_eq(m.node[2], 0);
    ck_assert_uint_eq(m.node[3], 1);
    finish();
}
END_TEST

START_TEST(a_cell_of_two_tables_is_one_cell)
{
    start();
    sdc_kit_table(&spec, "cat");
    sdc_kit_table(&spec, "year cat");
    build(0);
    ck_assert_uint_eq(m.n_cells, 9);
    finish();
}
END_TEST

START_TEST(overlapping_parents_count_the_records_of_both)
{
    start_spec("2018 2019 2020", "old=2018+2019 new=2020+2019", "a", NULL);
    sdc_kit_table(&spec, "year");
    sdc_kit_records(&data, &spec, "2018 a", 1);
    sdc_kit_records(&data, &spec, "2019 a", 10);
    sdc_kit_records(&data, &spec, "2020 a", 100);
    build(0);
    ck_assert_uint_eq(m.n_cells, 6);
    has("old *", 11);
    has("new *", 110);
    has("* *", 111);
    has("* a", 111);
    finish();
}
END_TEST

START_TEST(nodes_with_the_same_leaves_are_one_cell)
{
    start_spec("2019 2020", "all=2019+2020 one=2019", "a b c",
               "ab=a+b ba=b+a");
    sdc_kit_table(&spec, "year cat");
    sdc_kit_records(&data, &spec, "2019 a", 2);
    sdc_kit_records(&data, &spec, "2020 b", 3);
    build(0);
    ck_assert_uint_eq(m.n_cells, 3 * 5);
    ck_assert_ptr_eq(sdc_kit_cell(&m, "all ab"), sdc_kit_cell(&m, "* ba"));
    ck_assert_ptr_eq(sdc_kit_cell(&m, "one *"), sdc_kit_cell(&m, "2019 *"));
    has("all ba", 5);
    finish();
}
END_TEST

START_TEST(where_and_nomargin_leave_totals_out)
{
    start();
    spec.n_tables = 0;
    struct mk_sdc_table *t = sdc_kit_table(&spec, "year cat");
    t->where[1] = malloc(sizeof **t->where);
    ck_assert_ptr_nonnull(t->where[1]);
    *t->where[1] = 1;
    t->n_where[1] = 1;
    build(0);
    ck_assert_uint_eq(m.n_cells, 3);
    has("* b", 3);
    spec.nomargin[0] = true;
    build(0);
    ck_assert_uint_eq(m.n_cells, 2);
    ck_assert_ptr_null(sdc_kit_cell(&m, "* b"));
    finish();
}
END_TEST

START_TEST(what_is_never_published_is_no_cell)
{
    start();
    sdc_kit_pattern(&spec.never, &spec, "* -");
    build(0);
    ck_assert_uint_eq(m.n_cells, 6);
    ck_assert_ptr_null(sdc_kit_cell(&m, "* a"));
    has("2019 *", 5);
    finish();
}
END_TEST

START_TEST(what_is_watched_must_stay_hidden)
{
    start();
    sdc_kit_pattern(&spec.watched, &spec, "2020 a");
    build(0);
    const struct mk_sdc_cell *cell = sdc_kit_cell(&m, "2020 a");
    ck_assert_uint_eq(m.n_cells, 9);
    ck_assert(cell->watched && cell->current);
    ck_assert_int_eq(cell->fate, MK_SDC_MUST_HIDE);
    ck_assert_uint_eq(cell->why, MK_SDC_WHY_WATCHED);
    ck_assert_uint_eq(cell->value, 5);
    ck_assert(!sdc_kit_cell(&m, "2020 b")->watched);
    finish();
}
END_TEST

START_TEST(an_earlier_release_decides_what_must_be_shown_or_hidden)
{
    start();
    release(&a, "2018 2019", NULL, "a b");
    sdc_kit_printed(&a.printed, &a.spec, "2019 *", 5);
    sdc_kit_hidden(&a.printed, &a.spec, "2019 a", 0, 6);
    sdc_kit_printed(&a.printed, &a.spec, "2018 a", 30);
    sdc_kit_printed(&a.printed, &a.spec, "* a", 32);
    build(1);
    ck_assert(!m.covered);
    ck_assert_uint_eq(m.n_cells, 11);
    const struct mk_sdc_cell *c = sdc_kit_cell(&m, "2019 *");
    ck_assert_int_eq(c->fate, MK_SDC_MUST_SHOW);
    ck_assert(c->current && c->known);
    ck_assert_uint_eq(c->release, 1);
    c = sdc_kit_cell(&m, "2019 a");
    ck_assert_int_eq(c->fate, MK_SDC_MUST_HIDE);
    ck_assert_uint_eq(c->why, MK_SDC_WHY_EARLIER);
    ck_assert(c->interval && c->printed_lo == 0 && c->printed_hi == 6);
    ck_assert(c->known && c->value == 2);
    c = sdc_kit_joint(&m, "2018 a");
    ck_assert(!c->current && c->known && c->value == 30);
    /* two years of the release are another set than two years of the spec */
    c = sdc_kit_joint(&m, "2019+2018 a");
    ck_assert(!c->current && c->known && c->value == 32);
    ck_assert_int_eq(sdc_kit_cell(&m, "* a")->fate, MK_SDC_OPEN);
    finish();
}
END_TEST

START_TEST(a_total_of_one_release_is_a_parent_of_another)
{
    start_spec("2018 2019 2020", "early=2018+2019", "a b", NULL);
    sdc_kit_table(&spec, "year cat");
    sdc_kit_records(&data, &spec, "2018 a", 7);
    release(&a, "2019 2018", NULL, "b a");
    sdc_kit_printed(&a.printed, &a.spec, "* a", 7);
    build(1);
    ck_assert_int_eq(sdc_kit_cell(&m, "early a")->fate, MK_SDC_MUST_SHOW);
    ck_assert_int_eq(sdc_kit_cell(&m, "* a")->fate, MK_SDC_OPEN);
    ck_assert_uint_eq(m.n_cells, 5 * 3);
    ck_assert(m.covered);
    finish();
}
END_TEST

START_TEST(a_dimension_that_a_release_lacks_is_summed)
{
    start();
    sdc_kit_dim(&a.spec, "cat", "a b", NULL);
    sdc_kit_dim(&a.spec, "site", "x y", NULL);
    sdc_kit_table(&a.spec, "cat site");
    mk_sdc_printed_init(&a.printed, &a.spec);
    sdc_kit_printed(&a.printed, &a.spec, "a *", 7);
    sdc_kit_printed(&a.printed, &a.spec, "a x", 6);
    build(1);
    ck_assert_uint_eq(m.joint.n_dims, 3);
    ck_assert_int_eq(sdc_kit_cell(&m, "* a")->fate, MK_SDC_MUST_SHOW);
    const struct mk_sdc_cell *c = sdc_kit_joint(&m, "* a x");
    ck_assert(c && c->known && c->value == 6 && !c->current);
    ck_assert_uint_eq(m.data.leaf[2], MK_SDC_ANY);
    finish();
}
END_TEST

START_TEST(printed_once_is_printed_whatever_else_was_hidden)
{
    start();
    release(&a, "2019 2020", NULL, "a b");
    release(&b, "2019 2020", NULL, "a b");
    b.spec.threshold = 2;
    sdc_kit_hidden(&a.printed, &a.spec, "2019 a", 0, 0);
    sdc_kit_printed(&b.printed, &b.spec, "2019 a", 2);
    sdc_kit_printed(&a.printed, &a.spec, "2020 a", 5);
    sdc_kit_hidden(&b.printed, &b.spec, "2020 a", 1, 9);
    build(2);
    ck_assert_int_eq(sdc_kit_cell(&m, "2019 a")->fate, MK_SDC_MUST_SHOW);
    ck_assert_int_eq(sdc_kit_cell(&m, "2020 a")->fate, MK_SDC_MUST_SHOW);
    ck_assert_uint_eq(sdc_kit_cell(&m, "2019 a")->why, 0);
    finish();
}
END_TEST

static void contradicts(size_t n_earlier, enum mk_err err, const char *place)
{
    enum mk_err rc = build_with(&data, NULL, n_earlier);
    ck_assert_msg(rc == err, "%s", mk_err_name(rc));
    ck_assert_str_eq(diag.place, place);
    finish();
}

START_TEST(another_figure_than_an_earlier_one_is_refused_and_named)
{
    start();
    release(&a, "2019 2020", NULL, "a b");
    sdc_kit_printed(&a.printed, &a.spec, "2020 a", 6);
    contradicts(1, MK_E_EARLIER, "#1: year=2020,cat=a");
    ck_assert_int_eq(mk_err_exit(MK_E_EARLIER), MK_EXIT_DISCLOSURE);
    start();
    release(&a, "2018 2019", NULL, "a b");
    release(&b, "2018 2019", NULL, "a b");
    sdc_kit_printed(&a.printed, &a.spec, "2018 *", 6);
    sdc_kit_printed(&b.printed, &b.spec, "2018 *", 7);
    (void)snprintf(b.name, sizeof b.name, "folder/of/many/letters/%s",
                   "a-release-of-2018/release.json");
    contradicts(2, MK_E_EARLIER,
                "...y/letters/a-release-of-2018/release.json: year=2018");
    start();
    release(&a, "2019 2020", NULL, "a b");
    sdc_kit_hidden(&a.printed, &a.spec, "* *", 11, 20);
    contradicts(1, MK_E_EARLIER, "#1: *");
}
END_TEST

/* What one printed by a threshold of 2 the next one prints again, by 5. */
START_TEST(a_small_figure_is_printed_again_only_where_it_stood_rightly)
{
    start();
    release(&a, "2019 2020", NULL, "a b");
    release(&b, "2019 2020", NULL, "a b");
    a.spec.threshold = 2;
    sdc_kit_printed(&a.printed, &a.spec, "2019 a", 2);
    sdc_kit_printed(&b.printed, &b.spec, "2019 a", 2);
    build(2);
    ck_assert(sdc_kit_cell(&m, "2019 a")->printed);
    a.spec.threshold = 3;
    contradicts(2, MK_E_UNSAFE, "#1: cells[0]: year=2019,cat=a");
    start();
    release(&a, "2019 2020", NULL, "a b");
    release(&b, "2019 2020", NULL, "a b");
    a.spec.threshold = 2;
    sdc_kit_printed(&a.printed, &a.spec, "2019 a", 2);
    sdc_kit_printed(&b.printed, &b.spec, "2019 *", 5);
    sdc_kit_printed(&b.printed, &b.spec, "2019 b", 3);
    contradicts(2, MK_E_UNSAFE, "#2: cells[1]: year=2019,cat=b");
    ck_assert_int_eq(mk_err_exit(MK_E_UNSAFE), MK_EXIT_USAGE);
    ck_assert_int_eq(diag.num[0], 5);
}
END_TEST

START_TEST(a_leaf_that_is_a_parent_elsewhere_is_refused)
{
    start_spec("2019 2020", NULL, "a b", "ab=a+b");
    sdc_kit_table(&spec, "year cat");
    sdc_kit_records(&data, &spec, "2019 a", 1);
    release(&a, "2019 2020", NULL, "ab c");
    contradicts(1, MK_E_BAD_VALUE, "ab");
}
END_TEST

START_TEST(cells_of_structural_zeros_only_are_empty)
{
    start_spec("2019 2020", NULL, "a b c", "bc=b+c");
    sdc_kit_table(&spec, "year cat");
    sdc_kit_pattern(&spec.zeros, &spec, "2019 b");
    sdc_kit_pattern(&spec.zeros, &spec, "2019 c");
    sdc_kit_pattern(&spec.zeros, &spec, "2020 bc");
    sdc_kit_records(&data, &spec, "2019 a", 1);
    build(0);
    ck_assert(sdc_kit_cell(&m, "2019 b")->empty);
    ck_assert(sdc_kit_cell(&m, "2019 bc")->empty);
    ck_assert(sdc_kit_cell(&m, "2020 c")->empty);
    ck_assert(sdc_kit_cell(&m, "* b")->empty);
    ck_assert(sdc_kit_cell(&m, "* bc")->empty);
    ck_assert(!sdc_kit_cell(&m, "2020 a")->empty);
    ck_assert(!sdc_kit_cell(&m, "* *")->empty);
    sdc_kit_records(&data, &spec, "2020 b", 1);
    contradicts(0, MK_E_IMPOSSIBLE, "structural_zeros");
}
END_TEST

START_TEST(a_zero_of_a_release_holds_for_its_own_leaves_only)
{
    start();
    release(&a, "2018", NULL, "a b");
    sdc_kit_pattern(&a.spec.zeros, &a.spec, "- a");
    sdc_kit_printed(&a.printed, &a.spec, "2018 b", 6);
    sdc_kit_hidden(&a.printed, &a.spec, "2018 a", 0, 0);
    build(1);
    ck_assert(sdc_kit_joint(&m, "2018 a")->empty);
    ck_assert(!sdc_kit_cell(&m, "2019 a")->empty);
    finish();
    start();
    release(&a, "2019", NULL, "a b");
    sdc_kit_pattern(&a.spec.zeros, &a.spec, "- a");
    contradicts(1, MK_E_EARLIER, "#1: structural_zeros");
}
END_TEST

/* All nine cells, but not the one called skip. */
static void print_all(struct mk_sdc_printed *p, const char *skip)
{
    static const char *const shown[] = {"2019 *", "2020 *", "* a", "* b",
                                        "* *"};
    static const uint64_t value[] = {5, 5, 7, 3, 10};
    static const char *const hidden[] = {"2019 a", "2019 b", "2020 a",
                                         "2020 b"};
    mk_sdc_printed_init(p, &spec);
    for (size_t i = 0; i < 5; i++)
        if (strcmp(shown[i], skip) != 0)
            sdc_kit_printed(p, &spec, shown[i], value[i]);
    for (size_t i = 0; i < 4; i++)
        if (strcmp(hidden[i], skip) != 0)
            sdc_kit_hidden(p, &spec, hidden[i], 0, i ? 0 : 5);
}

START_TEST(an_audit_takes_fates_and_values_from_the_tables)
{
    struct mk_sdc_printed p;
    start();
    print_all(&p, "");
    ck_assert_int_eq(build_with(NULL, &p, 0), MK_OK);
    ck_assert(m.audit && !m.covered);
    const struct mk_sdc_cell *c = sdc_kit_cell(&m, "* a");
    ck_assert(c->known && c->value == 7 && !c->hidden);
    ck_assert_int_eq(c->fate, MK_SDC_MUST_SHOW);
    c = sdc_kit_cell(&m, "2019 a");
    ck_assert(!c->known && c->hidden && c->interval && c->printed_hi == 5);
    ck_assert_int_eq(c->fate, MK_SDC_MUST_HIDE);
    ck_assert(!sdc_kit_cell(&m, "2019 b")->interval);
    mk_sdc_printed_release(&p);
    finish();
}
END_TEST

START_TEST(a_cell_that_the_audited_tables_lack_is_named)
{
    struct mk_sdc_printed p;
    start();
    print_all(&p, "2020 b");
    ck_assert_int_eq(build_with(NULL, &p, 0), MK_E_MISSING_KEY);
    ck_assert_str_eq(diag.place, "year=2020,cat=b");
    sdc_kit_pattern(&spec.zeros, &spec, "2020 b");
    ck_assert_int_eq(build_with(NULL, &p, 0), MK_OK);
    ck_assert(sdc_kit_cell(&m, "2020 b")->empty);
    mk_sdc_printed_release(&p);
    finish();
}
END_TEST

START_TEST(a_cell_hidden_before_and_printed_in_an_audit_is_told_apart)
{
    struct mk_sdc_printed p;
    start();
    print_all(&p, "");
    release(&a, "2019 2020", NULL, "a b");
    sdc_kit_hidden(&a.printed, &a.spec, "2019 *", 0, 0);
    ck_assert_int_eq(build_with(NULL, &p, 1), MK_OK);
    const struct mk_sdc_cell *c = sdc_kit_cell(&m, "2019 *");
    ck_assert_int_eq(c->fate, MK_SDC_MUST_SHOW);
    ck_assert_uint_eq(c->why, MK_SDC_WHY_EARLIER);
    mk_sdc_printed_release(&p);
    finish();
}
END_TEST

START_TEST(too_many_cells_are_refused_before_they_are_made)
{
    start_spec("2019 2020", NULL, "a b", NULL);
    char name[8] = "0";
    for (size_t d = 2; d < 20; d++) {
        name[0] = (char)('A' + d);
        sdc_kit_dim(&spec, name, "x y", NULL);
    }
    struct mk_sdc_table *t = sdc_kit_table(&spec, "year cat");
    for (size_t d = 0; d < 20; d++)
        t->crosses[d] = true;
    mk_sdc_data_init(&data, &spec);
    contradicts(0, MK_E_TOO_LARGE, "tables");
}
END_TEST

START_TEST(names_are_refused_that_could_be_taken_for_something_else)
{
    static const char *const bad[] = {
        "", "*", "a\nb", "a\x1b[1m", "\xc3\x28", "\u202ea", "a\tb"};
    start();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_int_eq(mk_sdc_spec_dim(&spec, bad[i], &diag),
                         MK_E_BAD_VALUE);
    ck_assert_int_eq(mk_sdc_spec_dim(&spec, "year", &diag),
                     MK_E_DUPLICATE_KEY);
    ck_assert_int_eq(mk_sdc_spec_dim(&spec, "z", &diag), MK_OK);
    struct mk_sdc_dim *dim = &spec.dim[2];
    ck_assert_int_eq(mk_sdc_dim_finish(dim, &diag), MK_E_BAD_VALUE);
    ck_assert_int_eq(mk_sdc_dim_leaf(dim, "x", &diag), MK_OK);
    ck_assert_int_eq(mk_sdc_dim_leaf(dim, "x", &diag), MK_E_DUPLICATE_KEY);
    uint32_t twice[] = {0, 0};
    ck_assert_int_eq(mk_sdc_dim_parent(dim, "x", twice, 1, &diag),
                     MK_E_DUPLICATE_KEY);
    ck_assert_int_eq(mk_sdc_dim_parent(dim, "p", twice, 2, &diag),
                     MK_E_DUPLICATE_KEY);
    ck_assert_int_eq(mk_sdc_dim_parent(dim, "p", twice, 0, &diag),
                     MK_E_BAD_VALUE);
    finish();
}
END_TEST

START_TEST(a_hundred_thousand_records_and_cells_are_counted)
{
    diag = (struct mk_diag)MK_DIAG_INIT;
    mk_sdc_spec_init(&spec);
    mk_sdc_model_init(&m);
    mk_sdc_release_init(&a);
    mk_sdc_release_init(&b);
    char name[16];
    for (size_t d = 0; d < 3; d++) {
        snprintf(name, sizeof name, "d%zu", d);
        ck_assert_int_eq(mk_sdc_spec_dim(&spec, name, NULL), MK_OK);
        for (uint32_t i = 0; i < 46; i++) {
            snprintf(name, sizeof name, "l%u", i);
            ck_assert_int_eq(mk_sdc_dim_leaf(&spec.dim[d], name, NULL), MK_OK);
        }
        ck_assert_int_eq(mk_sdc_dim_finish(&spec.dim[d], NULL), MK_OK);
        spec.table[0].crosses[d] = true;
    }
    spec.n_tables = 1;
    mk_sdc_data_init(&data, &spec);
    for (uint32_t i = 0; i < 100000; i++) {
        uint32_t leaf[] = {i % 46, i / 46 % 46, i / 2116 % 46};
        ck_assert_int_eq(mk_sdc_data_add(&data, leaf, 1, NULL, NULL), MK_OK);
    }
    build(0);
    ck_assert_uint_eq(m.n_cells, 47 * 47 * 47);
    has("* * *", 100000);
    has("l0 l0 l0", 2);
    has("l0 * *", 2174);
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_margin_of_a_table_is_a_cell_with_its_count,
        a_cell_of_two_tables_is_one_cell,
        overlapping_parents_count_the_records_of_both,
        nodes_with_the_same_leaves_are_one_cell,
        where_and_nomargin_leave_totals_out,
        what_is_never_published_is_no_cell,
        what_is_watched_must_stay_hidden,
        an_earlier_release_decides_what_must_be_shown_or_hidden,
        a_total_of_one_release_is_a_parent_of_another,
        a_dimension_that_a_release_lacks_is_summed,
        printed_once_is_printed_whatever_else_was_hidden,
        another_figure_than_an_earlier_one_is_refused_and_named,
        a_small_figure_is_printed_again_only_where_it_stood_rightly,
        a_leaf_that_is_a_parent_elsewhere_is_refused,
        cells_of_structural_zeros_only_are_empty,
        a_zero_of_a_release_holds_for_its_own_leaves_only,
        an_audit_takes_fates_and_values_from_the_tables,
        a_cell_that_the_audited_tables_lack_is_named,
        a_cell_hidden_before_and_printed_in_an_audit_is_told_apart,
        too_many_cells_are_refused_before_they_are_made,
        names_are_refused_that_could_be_taken_for_something_else,
        a_hundred_thousand_records_and_cells_are_counted,
    };
    return UNIT_RUN("sdc_model", tests, NULL);
}
