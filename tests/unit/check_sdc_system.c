/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reduced equations give an attacker no less and no more than all of them. */
#include "reports/sdc/attack.h"
#include "reports/sdc/rules.h"
#include "tests/support/sdc_case.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

struct attacked {
    struct mk_sdc_system s;
    struct mk_sdc_attack *a;
    uint64_t work;
};

static void open_attack(struct attacked *at, struct mk_sdc_model *m,
                        bool reduce)
{
    at->work = 0;
    ck_assert_int_eq(mk_sdc_system_build(&at->s, m, reduce, NULL), MK_OK);
    ck_assert_int_eq(mk_sdc_attack_new(&at->a, &at->s, &at->work, NULL),
                     MK_OK);
}

static void close_attack(struct attacked *at)
{
    mk_sdc_attack_free(at->a);
    mk_sdc_system_release(&at->s);
}

/* The end of a cell: in whole numbers, or of the linear programme. */
static double end_of(struct attacked *at, size_t cell, bool largest,
                     bool whole)
{
    struct mk_sdc_target target = {at->s.class_of[cell], MK_SDC_NONE};
    int64_t value;
    ck_assert_uint_ne(target.plus, MK_SDC_NONE);
    ck_assert_int_eq(mk_sdc_attack_bound(at->a, target, largest),
                     MK_LP_OPTIMAL);
    if (!whole)
        return at->a->bound;
    double enough = largest ? floor(at->a->bound + 1e-6)
                            : ceil(at->a->bound - 1e-6);
    enum mk_lp_end end =
        mk_sdc_attack_whole(at->a, target, largest, enough, &value);
    ck_assert(end == MK_LP_OPTIMAL || end == MK_LP_FOUND);
    return (double)value;
}

static void compare(const char *name, const char *method, bool whole)
{
    struct sdc_case c;
    struct sdc_rows rows;
    struct mk_sdc_printed printed;
    struct mk_sdc_lines lines = {.at = NULL};
    struct attacked few, all;
    sdc_case_read(&c, name);
    ck_assert(sdc_rows_read(&rows, &c.spec, name, method));
    sdc_rows_print(&rows, &c.spec, &printed);
    sdc_case_model(&c, &printed, NULL, 0);
    mk_lp_start();
    ck_assert_int_eq(mk_sdc_rules_apply(&c.m, &lines, NULL), MK_OK);
    open_attack(&few, &c.m, true);
    open_attack(&all, &c.m, false);
    ck_assert_uint_eq(all.s.tree.n_bags, 1);
    ck_assert_uint_lt(few.s.n_cols, all.s.n_cols);
    for (size_t i = 0; i < c.m.n_cells; i++)
        for (int up = 0; c.m.cell[i].hidden && up <= 1; up++) {
            double a = end_of(&few, i, up, whole);
            double b = end_of(&all, i, up, whole);
            ck_assert_msg(fabs(a - b) < 1e-6,
                          "%s, cell %d: %g reduced, %g in full", name, (int)i,
                          a, b);
        }
    close_attack(&few);
    close_attack(&all);
    mk_sdc_lines_release(&lines);
    mk_sdc_printed_release(&printed);
    sdc_rows_release(&rows);
    sdc_case_close(&c);
}

static void compare_both(const char *name, bool whole)
{
    compare(name, "gauss_w", whole);
    compare(name, "opt_rec", whole);
}

START_TEST(one_table_is_attacked_alike_reduced_and_in_full)
{
    compare_both("D01", true);
    compare_both("D02", true);
    compare_both("D03", true);
    compare_both("D07", true);
    compare_both("D15", true);
}
END_TEST

/* Branching over the 2,440 columns of D04 takes minutes. */
START_TEST(linked_tables_are_attacked_alike_reduced_and_in_full)
{
    bool slow = getenv("MK_LONG") != NULL;
    compare_both("D04", slow);
    compare_both("D08", true);
    compare_both("D10", slow);
    compare_both("D11", slow);
    compare_both("D13", true);
}
END_TEST

START_TEST(a_cycle_of_tables_is_attacked_alike_reduced_and_in_full)
{
    compare_both("D05", true);
}
END_TEST

START_TEST(three_dimensions_are_attacked_alike_reduced_and_in_full)
{
    compare("D06", "gauss_w", true);
    compare("D09", "gauss_w", true);
    compare_both("D14", true);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        one_table_is_attacked_alike_reduced_and_in_full,
        linked_tables_are_attacked_alike_reduced_and_in_full,
        a_cycle_of_tables_is_attacked_alike_reduced_and_in_full,
        three_dimensions_are_attacked_alike_reduced_and_in_full,
    };
    return UNIT_RUN("sdc_system", tests, NULL);
}
