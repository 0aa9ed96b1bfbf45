/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checker believes nothing: each lie in a proof is found. */
#include "tests/support/sdc_case.h"
#include "tests/support/unit.h"

#include <string.h>

static struct sdc_case c;

static void start(const char *name, bool insider)
{
    sdc_case_read(&c, name);
    c.spec.insider = insider;
    sdc_case_model(&c, NULL, NULL, 0);
    sdc_case_protect(&c, 20000);
    sdc_case_clean(&c, name);
}

/* Asks the checker again, and for faults of that kind. */
static void finds(enum mk_sdc_fault fault)
{
    ck_assert_int_eq(mk_sdc_result_check(&c.r, &c.m, NULL), MK_OK);
    ck_assert_msg(sdc_case_faults(&c, fault) > 0, "no fault of kind %s, %d",
                  mk_sdc_fault_slug(fault), (int)c.r.n_faults);
}

/* The first hidden cell, with an end that a table reaches. */
static size_t some_hidden(void)
{
    for (size_t i = 0; i < c.m.n_cells; i++)
        if (c.m.cell[i].hidden && c.r.proof.lo[i] < c.r.proof.n_tables &&
            c.r.proof.hi[i] < c.r.proof.n_tables)
            return i;
    ck_abort_msg("nothing is hidden");
    return 0;
}

/* No interval is claimed any more. */
static void claim_nothing(void)
{
    for (size_t i = 0; i < c.m.n_cells; i++) {
        c.m.cell[i].exact = false;
        c.m.cell[i].lo = 0;
        c.m.cell[i].hi = MK_SDC_COUNT;
    }
}

START_TEST(a_count_changed_in_the_base_is_found)
{
    start("D01", false);
    c.r.proof.base.n[0]++;
    finds(MK_SDC_FAULT_BASE);
    c.r.proof.base.n[0] = 0;
    finds(MK_SDC_FAULT_BASE);
    sdc_case_close(&c);
}
END_TEST

START_TEST(a_record_of_the_base_moved_elsewhere_is_found)
{
    start("D01", false);
    uint32_t *leaf = c.r.proof.base.leaf;
    *leaf = *leaf == 0 ? 1 : 0;
    finds(MK_SDC_FAULT_BASE);
    sdc_case_close(&c);
}
END_TEST

START_TEST(a_table_that_changes_a_printed_figure_is_found)
{
    start("D01", false);
    for (uint32_t t = 0; t < c.r.proof.n_tables; t++) {
        int64_t *n = &c.r.proof.table[t].n[0];
        *n += 1;
        finds(MK_SDC_FAULT_TABLE);
        *n -= 1;
    }
    ck_assert_int_eq(mk_sdc_result_check(&c.r, &c.m, NULL), MK_OK);
    ck_assert_uint_eq(c.r.n_faults, 0);
    sdc_case_close(&c);
}
END_TEST

/* Many times the same change adds up, but not above zero. */
START_TEST(a_table_with_a_count_below_zero_is_found)
{
    start("D01", false);
    struct mk_sdc_records *r = &c.r.proof.table[0];
    for (size_t i = 0; i < r->rows; i++)
        r->n[i] *= 1000;
    finds(MK_SDC_FAULT_TABLE);
    sdc_case_close(&c);
}
END_TEST

/* More and less in the corners of a cube: no table of two dimensions shows
 * it, so that only the count of an inner cell stops it. */
START_TEST(a_table_below_zero_where_nothing_is_printed_is_found)
{
    uint32_t leaf[8 * 3];
    int64_t n[8];
    start("D05", false);
    ck_assert_uint_eq(c.r.proof.n_dims, 3);
    for (uint32_t i = 0; i < 8; i++) {
        uint32_t x = i >> 2, y = i >> 1 & 1, z = i & 1;
        leaf[3 * i] = x;
        leaf[3 * i + 1] = y;
        leaf[3 * i + 2] = 3 * z; /* no structural zeros */
        n[i] = (x + y + z) % 2 ? -1000 : 1000;
    }
    struct mk_sdc_records own = c.r.proof.table[0];
    c.r.proof.table[0] = (struct mk_sdc_records){leaf, n, 8};
    finds(MK_SDC_FAULT_TABLE);
    c.r.proof.table[0] = own;
    sdc_case_close(&c);
}
END_TEST

START_TEST(an_end_that_no_table_reaches_is_found)
{
    start("D01", false);
    size_t i = some_hidden();
    c.m.cell[i].hi++;
    finds(MK_SDC_FAULT_REACH);
    c.m.cell[i].hi--;
    c.m.cell[i].lo++;
    finds(MK_SDC_FAULT_REACH);
    c.m.cell[i].lo--;
    uint32_t hi = c.r.proof.hi[i];
    c.r.proof.hi[i] = c.r.proof.lo[i];
    finds(MK_SDC_FAULT_REACH);
    c.r.proof.hi[i] = hi;
    sdc_case_close(&c);
}
END_TEST

/* An end without a table is that of the base. */
START_TEST(an_end_without_a_table_is_found)
{
    start("D01", false);
    size_t i = some_hidden();
    c.r.proof.hi[i] = MK_SDC_NONE;
    finds(MK_SDC_FAULT_REACH);
    c.r.proof.hi[i] = (uint32_t)c.r.proof.n_tables;
    finds(MK_SDC_FAULT_REACH);
    sdc_case_close(&c);
}
END_TEST

/* Where nobody tells the value, an interval that was printed is what holds. */
START_TEST(a_base_outside_an_interval_that_was_printed_is_found)
{
    struct sdc_case published;
    sdc_case_open(&published, "D01");
    sdc_case_protect(&published, 20000);
    sdc_case_publish(&published, "A");
    sdc_case_read(&c, "D01");
    c.data.rows = 0; /* an audit of what others printed */
    sdc_case_model(&c, &published.release.printed, NULL, 0);
    sdc_case_audit(&c);
    sdc_case_clean(&c, "D01");
    size_t i = 0;
    while (i < c.m.n_cells && !c.m.cell[i].hidden)
        i++;
    ck_assert_uint_lt(i, c.m.n_cells);
    struct mk_sdc_cell *cell = &c.m.cell[i];
    ck_assert(cell->interval && !cell->known);
    uint64_t lo = cell->printed_lo, hi = cell->printed_hi;
    cell->printed_lo = hi + 1;
    cell->printed_hi = hi + 9;
    finds(MK_SDC_FAULT_BASE);
    ck_assert_int_eq(c.r.fault[i], MK_SDC_FAULT_BASE);
    cell->printed_lo = lo;
    cell->printed_hi = hi;
    ck_assert_int_eq(mk_sdc_result_check(&c.r, &c.m, NULL), MK_OK);
    ck_assert_uint_eq(c.r.n_faults, 0);
    sdc_case_close(&c);
    sdc_case_close(&published);
}
END_TEST

START_TEST(an_unsafe_cell_that_is_shown_is_found)
{
    start("D01", false);
    for (size_t i = 0; i < c.m.n_cells; i++)
        if (c.m.cell[i].hidden && c.m.cell[i].why) {
            c.m.cell[i].hidden = false;
            break;
        }
    finds(MK_SDC_FAULT_TABLE); /* tables change what is shown now */
    c.r.proof.n_tables = 0;
    finds(MK_SDC_FAULT_SHOWN);
    sdc_case_close(&c);
}
END_TEST

START_TEST(without_tables_every_hidden_cell_is_exact)
{
    start("D01", false);
    claim_nothing();
    c.r.proof.n_tables = 0;
    finds(MK_SDC_FAULT_EXACT);
    sdc_case_close(&c);
}
END_TEST

/* The first tables only: first every cell is exact, in the end none. */
START_TEST(tables_that_the_rule_needs_are_missed)
{
    size_t narrow = 0, insider = 0;
    start("D01", true);
    struct mk_sdc_proof *proof = &c.r.proof;
    size_t n = proof->n_tables;
    claim_nothing();
    for (size_t i = 0; i <= n; i++) {
        proof->n_tables = i;
        ck_assert_int_eq(mk_sdc_result_check(&c.r, &c.m, NULL), MK_OK);
        narrow += sdc_case_faults(&c, MK_SDC_FAULT_NARROW) > 0;
        insider += sdc_case_faults(&c, MK_SDC_FAULT_INSIDER) > 0;
    }
    ck_assert_uint_gt(narrow, 0);
    ck_assert_uint_gt(insider, 0);
    ck_assert_uint_eq(c.r.n_faults, 0);
    sdc_case_close(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_count_changed_in_the_base_is_found,
        a_record_of_the_base_moved_elsewhere_is_found,
        a_table_that_changes_a_printed_figure_is_found,
        a_table_with_a_count_below_zero_is_found,
        a_table_below_zero_where_nothing_is_printed_is_found,
        an_end_that_no_table_reaches_is_found,
        an_end_without_a_table_is_found,
        a_base_outside_an_interval_that_was_printed_is_found,
        an_unsafe_cell_that_is_shown_is_found,
        without_tables_every_hidden_cell_is_exact,
        tables_that_the_rule_needs_are_missed,
    };
    return UNIT_RUN("sdc_check", tests, NULL);
}
