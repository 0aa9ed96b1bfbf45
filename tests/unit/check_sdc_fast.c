/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way for large models, on tables that are small enough to ask a solver
 * and on one that is not. */
#include "reports/sdc/fast.h"
#include "reports/sdc/protect.h"
#include "reports/sdc/ranges.h"
#include "tests/support/sdc_kit.h"
#include "tests/support/sdc_scale.h"
#include "tests/support/unit.h"

#include <string.h>

static const uint32_t small[] = {6, 7, 8}, large[] = {10, 20, 30};

/* A table, its equations, and the pattern that the fast way found. */
struct run {
    struct sdc_scale scale;
    struct mk_sdc_result r;
    struct mk_sdc_system s;
    struct mk_sdc_needs needs;
    struct mk_sdc_plan plan;
};

static void run_open(struct run *run, const uint32_t *leaves, double mean,
                     uint64_t effort, bool publish)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_sdc_model *m = &run->scale.model;
    mk_sdc_result_init(&run->r);
    ck_assert_int_eq(sdc_scale_open(&run->scale, leaves, mean, 1, &diag),
                     MK_OK);
    ck_assert_int_eq(mk_sdc_rules_apply(m, &run->r.lines, &diag), MK_OK);
    ck_assert_int_eq(mk_sdc_system_build(&run->s, m, true, &diag), MK_OK);
    ck_assert_int_eq(
        mk_sdc_needs_make(&run->needs, &run->s, &run->r.lines, &diag), MK_OK);
    ck_assert_int_eq(mk_sdc_proof_init(&run->r.proof, &run->s, &diag), MK_OK);
    ck_assert(mk_sdc_fast_can(&run->s, &run->needs));
    ck_assert_int_eq(mk_sdc_fast(&run->plan, &run->r.proof, &run->s,
                                 &run->needs, effort, publish, &diag),
                     MK_OK);
    ck_assert(run->plan.safe);
    ck_assert(run->plan.bound <= run->plan.cost);
    ck_assert_int_eq(mk_sdc_result_check(&run->r, m, &diag), MK_OK);
}

static void run_close(struct run *run)
{
    mk_sdc_plan_release(&run->plan);
    mk_sdc_needs_release(&run->needs);
    mk_sdc_system_release(&run->s);
    mk_sdc_result_release(&run->r);
    sdc_scale_close(&run->scale);
}

static size_t count_hidden(const struct mk_sdc_model *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n_cells; i++)
        n += m->cell[i].hidden;
    return n;
}

static void check_cells(const struct mk_sdc_model *m)
{
    for (size_t i = 0; i < m->n_cells; i++) {
        const struct mk_sdc_cell *c = &m->cell[i];
        ck_assert(c->hidden || c->value == 0 || c->value >= 5);
        if (!c->hidden)
            continue;
        ck_assert(c->lo <= c->value && c->value <= c->hi && c->lo < c->hi);
        if (c->why != 0)
            ck_assert(c->lo < c->value && c->hi >= 5 && c->hi - c->lo >= 5);
    }
}

START_TEST(patterns_found_by_moves_have_no_fault)
{
    static const struct {
        const uint32_t *leaves;
        double mean;
    } at[] = {{small, 8}, {small, 30}, {large, 8}, {large, 60}};
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        struct run run;
        run_open(&run, at[i].leaves, at[i].mean, 20000, true);
        ck_assert_uint_eq(run.r.n_faults, 0);
        check_cells(&run.scale.model);
        run_close(&run);
    }
}
END_TEST

/* What a solver finds on the same pattern lies within what is printed.  How
 * many intervals were known to be the best. */
static size_t compare_with_attack(double mean)
{
    struct run run;
    struct mk_sdc_judge *judge = NULL;
    struct mk_sdc_proof proof;
    struct mk_sdc_model *m = &run.scale.model;
    uint64_t work = 0;
    size_t reached = 0;
    run_open(&run, small, mean, 20000, true);
    struct mk_sdc_cell *was = calloc(m->n_cells, sizeof *was);
    ck_assert_ptr_nonnull(was);
    memcpy(was, m->cell, m->n_cells * sizeof *was);
    mk_lp_start();
    ck_assert_int_eq(mk_sdc_proof_init(&proof, &run.s, NULL), MK_OK);
    ck_assert_int_eq(mk_sdc_judge_new(&judge, &run.s, &run.needs, &work, NULL),
                     MK_OK);
    for (uint32_t c = 0; c < run.s.n_classes; c++)
        mk_sdc_judge_set(judge, c, run.plan.hidden[c]);
    ck_assert_int_eq(mk_sdc_ranges(judge, &proof, NULL), MK_OK);
    for (size_t i = 0; i < m->n_cells; i++) {
        const struct mk_sdc_cell *c = &m->cell[i];
        ck_assert(c->hidden == was[i].hidden);
        if (!c->hidden)
            continue;
        ck_assert(was[i].lo <= c->lo && c->hi <= was[i].hi);
        if (was[i].exact && c->exact)
            ck_assert(was[i].lo == c->lo && c->hi == was[i].hi);
        reached += was[i].exact;
    }
    free(was);
    mk_sdc_judge_free(judge);
    mk_sdc_proof_release(&proof);
    run_close(&run);
    return reached;
}

START_TEST(printed_intervals_are_never_narrower_than_an_attack)
{
    ck_assert_uint_gt(compare_with_attack(8) + compare_with_attack(30), 0);
}
END_TEST

START_TEST(publishing_again_hides_less)
{
    struct run first, then;
    run_open(&first, large, 60, 20000, false);
    run_open(&then, large, 60, 20000, true);
    ck_assert(then.plan.cost < first.plan.cost);
    ck_assert_uint_lt(count_hidden(&then.scale.model),
                      count_hidden(&first.scale.model));
    ck_assert_uint_eq(first.r.n_faults, 0);
    run_close(&first);
    run_close(&then);
}
END_TEST

START_TEST(the_same_table_gives_the_same_pattern)
{
    struct run one, two;
    run_open(&one, large, 60, 20000, true);
    run_open(&two, large, 60, 20000, true);
    const struct mk_sdc_model *a = &one.scale.model, *b = &two.scale.model;
    ck_assert_uint_eq(one.plan.work, two.plan.work);
    ck_assert_uint_eq(one.r.proof.n_tables, two.r.proof.n_tables);
    for (size_t i = 0; i < a->n_cells; i++)
        ck_assert(a->cell[i].hidden == b->cell[i].hidden &&
                  a->cell[i].lo == b->cell[i].lo &&
                  a->cell[i].hi == b->cell[i].hi &&
                  a->cell[i].exact == b->cell[i].exact);
    run_close(&one);
    run_close(&two);
}
END_TEST

START_TEST(a_large_table_goes_the_fast_way_by_itself)
{
    struct sdc_scale scale;
    struct mk_sdc_result r;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_result_init(&r);
    ck_assert_int_eq(sdc_scale_open(&scale, large, 8, 1, &diag), MK_OK);
    ck_assert_int_eq(mk_sdc_protect(&r, &scale.model, 20000, &diag), MK_OK);
    ck_assert(r.safe && r.heuristic && !r.optimal);
    ck_assert_uint_eq(r.n_faults, 0);
    ck_assert_uint_gt(r.n_classes, MK_SDC_FAST_CLASSES);
    check_cells(&scale.model);
    mk_sdc_result_release(&r);
    sdc_scale_close(&scale);
}
END_TEST

/* Parents, a table that is shown for some levels only, and inner cells that
 * no table shows. */
START_TEST(linked_tables_with_parents_are_safe_too)
{
    struct mk_sdc_spec spec;
    struct mk_sdc_data data;
    struct run run = {.plan = {.hidden = NULL}};
    struct mk_sdc_model *m = &run.scale.model;
    uint64_t state = 7;
    mk_sdc_spec_init(&spec);
    sdc_kit_dim(&spec, "a", "a1 a2 a3 a4 a5", "low=a1+a2 high=a3+a4+a5");
    sdc_kit_dim(&spec, "b", "b1 b2 b3 b4", NULL);
    sdc_kit_dim(&spec, "c", "c1 c2 c3 c4", NULL);
    sdc_kit_table(&spec, "a b");
    sdc_kit_table(&spec, "b c");
    sdc_kit_table(&spec, "a c");
    spec.threshold = 5;
    spec.insider = false;
    mk_sdc_data_init(&data, &spec);
    for (uint32_t i = 0; i < 80; i++) {
        uint32_t leaf[3] = {i / 16, i / 4 % 4, i % 4};
        state = state * 6364136223846793005u + 1442695040888963407u;
        if (state >> 62 > 0)
            ck_assert_int_eq(
                mk_sdc_data_add(&data, leaf, state >> 62, NULL, NULL), MK_OK);
    }
    mk_sdc_model_init(m);
    mk_sdc_result_init(&run.r);
    ck_assert_int_eq(mk_sdc_model_build(m, &spec, &data, NULL, NULL, 0, NULL),
                     MK_OK);
    ck_assert_int_eq(mk_sdc_rules_apply(m, &run.r.lines, NULL), MK_OK);
    ck_assert_int_eq(mk_sdc_system_build(&run.s, m, true, NULL), MK_OK);
    ck_assert_int_eq(mk_sdc_needs_make(&run.needs, &run.s, &run.r.lines, NULL),
                     MK_OK);
    ck_assert_uint_gt(run.needs.n, 0);
    ck_assert_int_eq(mk_sdc_proof_init(&run.r.proof, &run.s, NULL), MK_OK);
    ck_assert_int_eq(mk_sdc_fast(&run.plan, &run.r.proof, &run.s, &run.needs,
                                 20000, true, NULL),
                     MK_OK);
    ck_assert(run.plan.safe);
    ck_assert_int_eq(mk_sdc_result_check(&run.r, m, NULL), MK_OK);
    ck_assert_uint_eq(run.r.n_faults, 0);
    check_cells(m);
    mk_sdc_plan_release(&run.plan);
    mk_sdc_needs_release(&run.needs);
    mk_sdc_system_release(&run.s);
    mk_sdc_result_release(&run.r);
    mk_sdc_model_release(m);
    mk_sdc_data_release(&data);
    mk_sdc_spec_release(&spec);
}
END_TEST

START_TEST(a_table_that_goes_below_zero_is_found)
{
    struct run run;
    run_open(&run, small, 8, 1000, true);
    struct mk_sdc_records *t = &run.r.proof.table[0];
    for (size_t i = 0; i < t->rows; i++)
        t->n[i] *= 1000;
    ck_assert_int_eq(mk_sdc_result_check(&run.r, &run.scale.model, NULL),
                     MK_OK);
    ck_assert_uint_gt(run.r.n_faults, 0);
    run_close(&run);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        patterns_found_by_moves_have_no_fault,
        printed_intervals_are_never_narrower_than_an_attack,
        publishing_again_hides_less,
        the_same_table_gives_the_same_pattern,
        a_large_table_goes_the_fast_way_by_itself,
        linked_tables_with_parents_are_safe_too,
        a_table_that_goes_below_zero_is_found,
    };
    return UNIT_RUN("sdc_fast", tests, NULL);
}
