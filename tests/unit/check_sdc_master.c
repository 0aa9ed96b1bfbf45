/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A master that lets slack cuts go, against one programme with all of them. */
#include "reports/sdc/master.h"
#include "tests/support/unit.h"

#include <math.h>

#define COLUMNS 12
#define ROUNDS 60

struct all {
    struct mk_sdc_master master;
    struct mk_lp *lp; /* never drops a row */
    uint64_t work, chance;
    uint32_t fixed; /* column */
};

static uint32_t chance(struct all *a, uint32_t n)
{
    a->chance = a->chance * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(a->chance >> 33) % n;
}

static void all_open(struct all *a, uint64_t seed)
{
    double cost[COLUMNS];
    a->work = 0;
    a->fixed = 0;
    a->chance = seed;
    mk_lp_start();
    a->lp = mk_lp_new(0, COLUMNS, &a->work);
    ck_assert_ptr_nonnull(a->lp);
    for (uint32_t k = 0; k < COLUMNS; k++) {
        cost[k] = 1 + chance(a, 8) / 8.0;
        mk_lp_objective(a->lp, k, cost[k]);
        mk_lp_column_bounds(a->lp, k, 0, 1);
    }
    ck_assert_int_eq(mk_sdc_master_init(&a->master, cost, COLUMNS, &a->work),
                     MK_OK);
}

static void all_close(struct all *a)
{
    mk_sdc_master_release(&a->master);
    mk_lp_free(a->lp);
}

/* A cut over three columns or four. */
static void add_cut(struct all *a)
{
    uint32_t column[4], n = 3 + chance(a, 2), first = chance(a, COLUMNS);
    double weight[4];
    for (uint32_t k = 0; k < n; k++) {
        column[k] = (first + k * 5) % COLUMNS;
        weight[k] = (4 + chance(a, 5)) / 8.0;
    }
    ck_assert_int_eq(mk_sdc_master_add(&a->master, column, weight, n), MK_OK);
    mk_lp_add_row(a->lp, column, weight, n, 1, INFINITY);
}

static void set_bounds(struct all *a, uint32_t column, double lo, double hi)
{
    mk_sdc_master_bounds(&a->master, column, lo, hi);
    mk_lp_column_bounds(a->lp, column, lo, hi);
}

/* One column at a time is fixed, at 0 or at 1. */
static void fix_one(struct all *a)
{
    double value = chance(a, 2);
    set_bounds(a, a->fixed, 0, 1);
    a->fixed = chance(a, COLUMNS);
    set_bounds(a, a->fixed, value, value);
}

static void compare(struct all *a)
{
    enum mk_lp_end end = mk_sdc_master_solve(&a->master);
    ck_assert(end == mk_lp_solve(a->lp, false, MK_LP_DUAL));
    if (end != MK_LP_OPTIMAL)
        return;
    ck_assert_double_eq_tol(a->master.value, mk_lp_value(a->lp), 1e-6);
    for (size_t i = 0; i < a->master.n_cuts; i++) {
        const struct mk_sdc_master_cut *cut = &a->master.cut[i];
        double sum = 0;
        for (size_t k = 0; k < cut->n; k++)
            sum += cut->weight[k] * a->master.y[cut->column[k]];
        ck_assert(sum > 1 - 1e-5);
    }
}

START_TEST(cuts_that_left_still_hold)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct all a;
        bool left = false;
        all_open(&a, seed);
        for (uint32_t round = 0; round < ROUNDS; round++) {
            if (round < ROUNDS / 2)
                add_cut(&a);
            fix_one(&a);
            compare(&a);
            left |= mk_lp_rows(a.master.lp) < a.master.n_cuts;
        }
        ck_assert(left);
        all_close(&a);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        cuts_that_left_still_hold,
    };
    return UNIT_RUN("sdc_master", tests, NULL);
}
