/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the audit says of patterns that other tools made, against what was
 * counted when they were made. */
#include "tests/support/sdc_case.h"
#include "tests/support/unit.h"

#include <stdio.h>

struct audit {
    struct sdc_case c;
    struct sdc_rows rows;
    struct mk_sdc_printed printed;
};

/* with_data: the records are known, as they are to whoever publishes. */
static bool audit(struct audit *a, const char *name, const char *method,
                  bool with_data)
{
    sdc_case_read(&a->c, name);
    if (!sdc_rows_read(&a->rows, &a->c.spec, name, method)) {
        sdc_rows_release(&a->rows);
        sdc_case_close(&a->c);
        return false;
    }
    sdc_rows_print(&a->rows, &a->c.spec, &a->printed);
    if (!with_data)
        a->c.data.rows = 0;
    sdc_case_model(&a->c, &a->printed, NULL, 0);
    sdc_case_audit(&a->c);
    return true;
}

static void release(struct audit *a)
{
    mk_sdc_printed_release(&a->printed);
    sdc_rows_release(&a->rows);
    sdc_case_close(&a->c);
}

static const struct mk_sdc_cell *cell_of(const struct audit *a, size_t row)
{
    size_t at;
    ck_assert(mk_sdc_model_find(&a->c.m, a->rows.at[row].node, &at));
    return &a->c.m.cell[at];
}

/* Rows that break the rule by the intervals of the file. */
static size_t broken(const struct audit *a)
{
    size_t n = 0;
    for (size_t i = 0; i < a->rows.n; i++) {
        const struct sdc_row *r = &a->rows.at[i];
        uint64_t threshold = a->c.spec.threshold;
        bool small = r->value > 0 && r->value < threshold;
        if (r->status == '.')
            continue;
        n += r->lo == r->hi ||
             (small && (r->hi < threshold || r->hi <= r->value ||
                        r->lo >= r->value || r->hi - r->lo < threshold));
    }
    return n;
}

static void same_intervals(const struct audit *a, const char *name)
{
    for (size_t i = 0; i < a->rows.n; i++) {
        const struct sdc_row *r = &a->rows.at[i];
        const struct mk_sdc_cell *cell = cell_of(a, i);
        ck_assert_int_eq(cell->hidden, r->status != '.');
        if (!cell->hidden)
            continue;
        ck_assert_msg(cell->exact, "%s, row %d: not exact", name, (int)i);
        ck_assert_msg(cell->lo == r->lo && cell->hi == r->hi,
                      "%s, row %d: %d to %d, not %d to %d", name, (int)i,
                      (int)cell->lo, (int)cell->hi, (int)r->lo, (int)r->hi);
    }
}

static const char *const methods[] = {"gauss", "gauss_w", "opt_exact",
                                      "opt_width", "opt_rec"};
#define METHODS (sizeof methods / sizeof methods[0])

/* One pattern of one case: to an attacker the same, whether the records are at
 * hand or only the tables. */
static bool try_pattern(const char *name, const char *method,
                        const json_t *results, bool with_data)
{
    struct audit a;
    if (!audit(&a, name, method, with_data))
        return false;
    size_t narrow = sdc_case_faults(&a.c, MK_SDC_FAULT_NARROW);
    size_t exact = sdc_case_faults(&a.c, MK_SDC_FAULT_EXACT);
    ck_assert_uint_eq(narrow + exact, a.c.r.n_faults);
    ck_assert_msg((json_int_t)a.c.r.n_faults ==
                      sdc_result(results, method, "primary_width_below_T"),
                  "%s, %s: %d faults", name, method, (int)a.c.r.n_faults);
    ck_assert_int_ge((json_int_t)a.c.r.n_faults,
                     sdc_result(results, method, "primary_proved_below_T"));
    ck_assert_int_eq(
        (json_int_t)exact,
        sdc_result(results, method, "primary_exactly_disclosed") +
            sdc_result(results, method, "secondary_exactly_disclosed"));
    if (sdc_result(results, method, "integer_checked")) {
        ck_assert_uint_eq(broken(&a), a.c.r.n_faults);
        same_intervals(&a, name);
    }
    release(&a);
    return true;
}

static void try_all(bool with_data)
{
    size_t patterns = 0;
    for (int i = 1; i <= 15; i++) {
        char name[8];
        snprintf(name, sizeof name, "D%02d", i);
        json_t *results = sdc_results(name);
        for (size_t k = 0; k < METHODS; k++)
            patterns += try_pattern(name, methods[k], results, with_data);
        json_decref(results);
    }
    ck_assert_uint_eq(patterns, 66);
}

START_TEST(an_audit_finds_the_faults_and_intervals_that_were_counted_before)
{
    try_all(true);
}
END_TEST

START_TEST(an_audit_finds_the_same_without_the_records)
{
    try_all(false);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        an_audit_finds_the_faults_and_intervals_that_were_counted_before,
        an_audit_finds_the_same_without_the_records,
    };
    return UNIT_RUN("sdc_audit", tests, NULL);
}
