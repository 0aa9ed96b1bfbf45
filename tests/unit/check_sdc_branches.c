/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/branches.h"
#include "tests/support/unit.h"

#include "reports/sdc/index.h"

#define MANY 1000

static uint32_t add(struct mk_sdc_branches *b, double bound, uint32_t parent)
{
    ck_assert_int_eq(mk_sdc_branches_add(b, bound, parent, 7, true), MK_OK);
    return (uint32_t)b->n - 1;
}

START_TEST(the_lowest_bound_is_next_then_the_deepest_then_the_oldest)
{
    struct mk_sdc_branches b = {.n = 0};
    uint32_t root = add(&b, 1, MK_SDC_NONE);
    ck_assert_uint_eq(mk_sdc_branches_pop(&b), root);
    uint32_t dear = add(&b, 3, root), cheap = add(&b, 2, root);
    ck_assert_uint_eq(mk_sdc_branches_pop(&b), cheap);
    uint32_t deep = add(&b, 3, cheap), twin = add(&b, 3, cheap);
    ck_assert_uint_eq(mk_sdc_branches_pop(&b), deep);
    ck_assert_uint_eq(mk_sdc_branches_pop(&b), twin);
    ck_assert_uint_eq(mk_sdc_branches_pop(&b), dear);
    ck_assert_uint_eq(b.n_heap, 0);
    ck_assert_uint_eq(b.at[deep].depth, 2);
    ck_assert_uint_eq(b.at[deep].column, 7);
    ck_assert(b.at[deep].value);
    mk_sdc_branches_release(&b);
}
END_TEST

START_TEST(many_come_out_in_order_and_none_is_lost)
{
    struct mk_sdc_branches b = {.n = 0};
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < MANY; i++)
            (void)add(&b, (i * 619) % MANY, MK_SDC_NONE);
        for (uint32_t i = 0; i < MANY; i++) {
            double bound = b.at[mk_sdc_branches_pop(&b)].bound;
            ck_assert(bound == (double)i);
        }
        ck_assert_uint_eq(b.n_heap, 0);
        mk_sdc_branches_clear(&b);
        ck_assert_uint_eq(b.n, 0);
    }
    mk_sdc_branches_release(&b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_lowest_bound_is_next_then_the_deepest_then_the_oldest,
        many_come_out_in_order_and_none_is_lost,
    };
    return UNIT_RUN("sdc_branches", tests, NULL);
}
