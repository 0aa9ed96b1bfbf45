/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/merge.h"
#include "tests/support/sdc_kit.h"
#include "tests/support/unit.h"

#include <string.h>

static struct mk_sdc_spec spec, merged;
static struct mk_sdc_merge merge;

static void start(const char *parents)
{
    mk_sdc_spec_init(&spec);
    mk_sdc_spec_init(&merged);
    sdc_kit_dim(&spec, "year", "2019 2020", NULL);
    sdc_kit_dim(&spec, "cat", "a b c d", parents);
    merge = (struct mk_sdc_merge){1, 0, 2, MK_SDC_MERGE_NONE};
}

static bool merges(void)
{
    struct mk_diag diag = MK_DIAG_INIT;
    bool fits;
    mk_sdc_spec_release(&merged);
    enum mk_err rc = mk_sdc_merge_spec(&merged, &spec, &merge, &fits, &diag);
    ck_assert_msg(rc == MK_OK, "%s at %s", mk_err_name(rc), diag.place);
    return fits;
}

static void finish(void)
{
    mk_sdc_spec_release(&spec);
    mk_sdc_spec_release(&merged);
}

static void has_node(uint32_t node, const char *name, uint32_t n_leaves)
{
    const struct mk_sdc_dim *dim = &merged.dim[1];
    ck_assert_uint_lt(node, dim->n_nodes);
    ck_assert_str_eq(dim->node[node].name, name);
    ck_assert_uint_eq(dim->node[node].n_leaves, n_leaves);
}

START_TEST(the_merged_level_stands_where_the_first_one_stood)
{
    struct mk_sdc_data data, less;
    start("abc=a+b+c some=a+c");
    sdc_kit_table(&spec, "year cat");
    ck_assert(merges());
    ck_assert_uint_eq(merged.dim[1].n_leaves, 3);
    has_node(0, "a+c", 1);
    has_node(1, "b", 1);
    has_node(2, "d", 1);
    has_node(3, "abc", 2);
    has_node(4, "some", 1);
    has_node(5, "*", 3);
    ck_assert_uint_eq(merged.dim[1].node[4].leaf[0], 0);
    ck_assert_uint_eq(merged.dim[0].n_leaves, 2);
    ck_assert_uint_eq(merged.n_tables, 1);

    mk_sdc_data_init(&data, &spec);
    sdc_kit_records(&data, &spec, "2020 c", 3);
    sdc_kit_records(&data, &spec, "2019 d", 4);
    mk_sdc_data_init(&less, &merged);
    ck_assert_int_eq(mk_sdc_merge_data(&less, &data, &merge, NULL), MK_OK);
    ck_assert_uint_eq(less.rows, 2);
    ck_assert_uint_eq(less.total, 7);
    ck_assert_uint_eq(less.leaf[0], 1);
    ck_assert_uint_eq(less.leaf[1], 0);
    ck_assert_uint_eq(less.leaf[3], 2);
    mk_sdc_data_release(&data);
    mk_sdc_data_release(&less);
    finish();
}
END_TEST

START_TEST(a_parent_with_one_of_the_two_does_not_fit)
{
    start("ab=a+b");
    sdc_kit_table(&spec, "cat");
    ck_assert(!merges());
    merge.second = 1;
    ck_assert(merges());
    merge.first = 2;
    merge.second = 3;
    ck_assert(merges());
    finish();
}
END_TEST

START_TEST(a_parent_with_the_merged_name_is_the_merged_level)
{
    start("a+c=a+c");
    sdc_kit_table(&spec, "cat");
    ck_assert(merges());
    ck_assert_uint_eq(merged.dim[1].n_nodes, 4);
    finish();
    start("a+c=a+b+c");
    sdc_kit_table(&spec, "cat");
    ck_assert(!merges());
    finish();
}
END_TEST

static void show_only(struct mk_sdc_table *table, const uint32_t *node,
                      uint32_t n)
{
    table->where[1] = calloc(n, sizeof *node);
    ck_assert_ptr_nonnull(table->where[1]);
    memcpy(table->where[1], node, n * sizeof *node);
    table->n_where[1] = n;
}

START_TEST(a_list_of_nodes_has_both_or_neither)
{
    static const uint32_t both[] = {2, 1, 0}, one[] = {0, 1}, none[] = {3, 1};
    start(NULL);
    show_only(sdc_kit_table(&spec, "cat"), both, 3);
    show_only(sdc_kit_table(&spec, "year cat"), none, 2);
    ck_assert(merges());
    ck_assert_uint_eq(merged.table[0].n_where[1], 2);
    ck_assert_uint_eq(merged.table[0].where[1][0], 0);
    ck_assert_uint_eq(merged.table[0].where[1][1], 1);
    ck_assert_uint_eq(merged.table[1].where[1][0], 2);
    show_only(sdc_kit_table(&spec, "cat"), one, 2);
    ck_assert(!merges());
    finish();
}
END_TEST

START_TEST(a_zero_of_one_level_only_is_none_of_the_merged_level)
{
    start("abc=a+b+c");
    sdc_kit_table(&spec, "year cat");
    sdc_kit_pattern(&spec.zeros, &spec, "2019 a");
    sdc_kit_pattern(&spec.zeros, &spec, "2020 d");
    ck_assert(merges());
    ck_assert_uint_eq(merged.zeros.n, 1);
    ck_assert_uint_eq(merged.zeros.at[0].node[1], 2);
    sdc_kit_pattern(&spec.zeros, &spec, "2019 c");
    ck_assert(merges());
    ck_assert_uint_eq(merged.zeros.n, 3);
    ck_assert_uint_eq(merged.zeros.at[0].node[1], 0);
    ck_assert_uint_eq(merged.zeros.at[2].node[1], 0);
    finish();
    start("abc=a+b+c");
    sdc_kit_pattern(&spec.zeros, &spec, "2019 a");
    sdc_kit_pattern(&spec.zeros, &spec, "- abc");
    ck_assert(merges());
    ck_assert_uint_eq(merged.zeros.n, 2);
    ck_assert_uint_eq(merged.zeros.at[1].node[1], 3);
    finish();
}
END_TEST

START_TEST(what_is_never_published_of_one_level_does_not_fit)
{
    start(NULL);
    sdc_kit_table(&spec, "year cat");
    sdc_kit_pattern(&spec.never, &spec, "2019 a");
    ck_assert(!merges());
    sdc_kit_pattern(&spec.never, &spec, "2019 c");
    ck_assert(merges());
    sdc_kit_pattern(&spec.watched, &spec, "2020 c");
    ck_assert(!merges());
    finish();
}
END_TEST

START_TEST(a_table_less_leaves_all_else_as_it_is)
{
    start("abc=a+b+c");
    sdc_kit_table(&spec, "year cat");
    sdc_kit_table(&spec, "year");
    sdc_kit_pattern(&spec.zeros, &spec, "2019 a");
    spec.threshold = 4;
    spec.insider = false;
    spec.group[1] = true;
    spec.nomargin[0] = true;
    spec.zeros_protected = true;
    spec.cost = MK_SDC_COST_WEIGHTED;
    merge = (struct mk_sdc_merge){.dim = MK_SDC_MERGE_NONE, .drop_table = 0};
    ck_assert(merges());
    ck_assert_uint_eq(merged.n_tables, 1);
    ck_assert(merged.table[0].crosses[0] && !merged.table[0].crosses[1]);
    ck_assert_uint_eq(merged.dim[1].n_nodes, spec.dim[1].n_nodes);
    ck_assert_uint_eq(merged.zeros.n, 1);
    ck_assert_uint_eq(merged.threshold, 4);
    ck_assert(!merged.insider && merged.group[1] && merged.nomargin[0] &&
              merged.zeros_protected);
    ck_assert_int_eq(merged.cost, MK_SDC_COST_WEIGHTED);
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_merged_level_stands_where_the_first_one_stood,
        a_parent_with_one_of_the_two_does_not_fit,
        a_parent_with_the_merged_name_is_the_merged_level,
        a_list_of_nodes_has_both_or_neither,
        a_zero_of_one_level_only_is_none_of_the_merged_level,
        what_is_never_published_of_one_level_does_not_fit,
        a_table_less_leaves_all_else_as_it_is,
    };
    return UNIT_RUN("sdc_merge", tests, NULL);
}
