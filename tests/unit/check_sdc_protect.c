/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every reference case is protected: safe, and with no more cells hidden than
 * the tools that it was tried on. */
#include "tests/support/sdc_case.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "reports/sdc/write.h"

/* No more cells than the exact optimum where that is known, else no more than
 * the tool that was safe. */
static void protect(const char *name, uint64_t work, bool optimal)
{
    struct sdc_case c;
    struct sdc_rows rows;
    sdc_case_open(&c, name);
    ck_assert(!c.spec.insider);
    sdc_case_protect(&c, work);
    sdc_case_clean(&c, name);
    printf("%s: %d hidden, work %d, cost %g, bound %g%s\n", name,
           (int)sdc_case_hidden(&c), (int)c.r.work, c.r.cost, c.r.bound,
           c.r.optimal ? ", optimal" : "");
    if (!sdc_rows_read(&rows, &c.spec, name, "opt_rec")) {
        sdc_rows_release(&rows);
        ck_assert(sdc_rows_read(&rows, &c.spec, name, "gauss_w"));
    }
    ck_assert_msg(sdc_case_hidden(&c) <= rows.hidden, "%s: %d hidden, not %d",
                  name, (int)sdc_case_hidden(&c), (int)rows.hidden);
    ck_assert_msg(c.r.optimal || !optimal, "%s: not proven the best", name);
    if (c.r.optimal)
        ck_assert(c.r.bound == c.r.cost);
    ck_assert(c.r.bound <= c.r.cost);
    sdc_rows_release(&rows);
    sdc_case_close(&c);
}

START_TEST(one_table_hides_the_fewest_cells_that_are_safe)
{
    protect("D01", MK_SDC_WORK, true);
    protect("D02", MK_SDC_WORK, true);
    protect("D03", MK_SDC_WORK, true);
    protect("D15", MK_SDC_WORK, true);
}
END_TEST

START_TEST(hierarchies_hide_the_fewest_cells_that_are_safe)
{
    protect("D07", MK_SDC_WORK, true);
    protect("D08", MK_SDC_WORK, true);
}
END_TEST

START_TEST(a_cycle_of_tables_hides_the_fewest_cells_that_are_safe)
{
    protect("D05", MK_SDC_WORK, true);
}
END_TEST

START_TEST(linked_tables_hide_the_fewest_cells_that_are_safe)
{
    protect("D04", MK_SDC_WORK, true);
    protect("D10", MK_SDC_WORK, true);
    protect("D11", MK_SDC_WORK, true);
    protect("D13", MK_SDC_WORK, true);
}
END_TEST

START_TEST(a_table_of_three_dimensions_hides_the_fewest_cells_that_are_safe)
{
    protect("D14", MK_SDC_WORK, true);
}
END_TEST

START_TEST(a_large_case_is_safe_and_hides_no_more_than_others_did)
{
    bool slow = getenv("MK_LONG") != NULL;
    protect("D06", slow ? MK_SDC_WORK : 40000, slow);
    protect("D09", slow ? MK_SDC_WORK : 40000, false);
    protect("D12", slow ? MK_SDC_WORK : 40000, false);
}
END_TEST

/* All reports about PO fall in one category. */
START_TEST(a_group_that_is_disclosed_is_hidden)
{
    struct sdc_case c;
    uint32_t member;
    sdc_case_read(&c, "D15");
    c.spec.group[0] = true;
    sdc_case_model(&c, NULL, NULL, 0);
    sdc_case_protect(&c, MK_SDC_WORK);
    sdc_case_clean(&c, "D15");
    ck_assert_uint_eq(c.r.lines.n, 1);
    member = c.r.lines.at[0].member;
    ck_assert(c.m.cell[member].hidden);
    ck_assert_uint_ge(c.m.cell[member].value, c.spec.threshold);
    ck_assert_uint_ge(
        c.m.cell[c.r.lines.at[0].total].value - c.m.cell[member].lo, 2);
    sdc_case_close(&c);
}
END_TEST

START_TEST(the_same_input_gives_the_same_bytes)
{
    struct mk_buf out[2];
    for (size_t i = 0; i < 2; i++) {
        /* on a heap in another state */
        void *other = malloc(i == 0 ? 1 : 1234567);
        struct sdc_case c;
        sdc_case_open(&c, "D05");
        sdc_case_protect(&c, MK_SDC_WORK);
        mk_buf_init(&out[i]);
        ck_assert_int_eq(mk_sdc_write_cells(&out[i], &c.m, NULL), MK_OK);
        sdc_case_close(&c);
        free(other);
    }
    ck_assert_uint_eq(out[0].len, out[1].len);
    ck_assert_mem_eq(out[0].data, out[1].data, out[0].len);
    mk_buf_release(&out[0]);
    mk_buf_release(&out[1]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        one_table_hides_the_fewest_cells_that_are_safe,
        hierarchies_hide_the_fewest_cells_that_are_safe,
        a_cycle_of_tables_hides_the_fewest_cells_that_are_safe,
        linked_tables_hide_the_fewest_cells_that_are_safe,
        a_table_of_three_dimensions_hides_the_fewest_cells_that_are_safe,
        a_large_case_is_safe_and_hides_no_more_than_others_did,
        a_group_that_is_disclosed_is_hidden,
        the_same_input_gives_the_same_bytes,
    };
    return UNIT_RUN("sdc_protect", tests, NULL);
}
