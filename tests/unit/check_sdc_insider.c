/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference cases again, against readers who know one record each. */
#include "tests/support/sdc_case.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>

static size_t protect(const char *name)
{
    struct sdc_case c;
    sdc_case_read(&c, name);
    c.spec.insider = true;
    sdc_case_model(&c, NULL, NULL, 0);
    sdc_case_protect(&c, getenv("MK_LONG") ? MK_SDC_WORK : 20000);
    sdc_case_clean(&c, name);
    size_t hidden = sdc_case_hidden(&c);
    printf("%s, insider: %d hidden, work %d%s\n", name, (int)hidden,
           (int)c.r.work, c.r.optimal ? ", optimal" : "");
    sdc_case_close(&c);
    return hidden;
}

/* All seven patterns of 14 cells leak to somebody who knows one record. */
START_TEST(safe_from_insiders_D01_hides_one_cell_more)
{
    ck_assert_uint_eq(protect("D01"), 15);
}
END_TEST

START_TEST(every_case_can_be_made_safe_from_insiders)
{
    for (int i = 2; i <= 15; i++) {
        char name[8];
        snprintf(name, sizeof name, "D%02d", i);
        protect(name);
    }
}
END_TEST

/* The pattern that is safe from others is not safe from those. */
START_TEST(an_insider_breaks_a_pattern_that_is_safe_from_others)
{
    struct sdc_case c;
    struct sdc_rows rows;
    struct mk_sdc_printed printed;
    sdc_case_read(&c, "D01");
    ck_assert(sdc_rows_read(&rows, &c.spec, "D01", "opt_rec"));
    sdc_rows_print(&rows, &c.spec, &printed);
    for (int insider = 0; insider <= 1; insider++) {
        c.spec.insider = insider;
        sdc_case_model(&c, &printed, NULL, 0);
        sdc_case_audit(&c);
        ck_assert_uint_eq(c.r.n_faults,
                          sdc_case_faults(&c, MK_SDC_FAULT_INSIDER));
        ck_assert_int_eq(c.r.n_faults > 0, insider);
    }
    mk_sdc_printed_release(&printed);
    sdc_rows_release(&rows);
    sdc_case_close(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        safe_from_insiders_D01_hides_one_cell_more,
        every_case_can_be_made_safe_from_insiders,
        an_insider_breaks_a_pattern_that_is_safe_from_others,
    };
    return UNIT_RUN("sdc_insider", tests, NULL);
}
