/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A release.json that lacks a cell or does not add up is refused, with the row
 * and the cell; what the gate writes is not. */
#include "reports/sdc/release_file.h"
#include "tests/support/sdc_kit.h"
#include "tests/support/unit.h"

#include <string.h>

#define HEAD                                                            \
    "{\"schema\":\"meldkluis-sdc-release/1\",\"method\":\"suppress\","  \
    "\"spec\":{\"dims\":[\"y\",\"c\"],\"levels\":{\"y\":[\"1\",\"2\"]," \
    "\"c\":[\"a\",\"b\",\"d\"]},\"hierarchies\":{\"c\":{\"ab\":[\"a\"," \
    "\"b\"]}},\"tables\":[[\"y\",\"c\"]]"
#define ZEROS ",\"structural_zeros\":[{\"y\":\"2\",\"c\":\"d\"}]"
#define YEAR_1                                          \
    "[\"1\",\"a\",7,null,null],[\"1\",\"b\",null,0,9]," \
    "[\"1\",\"d\",null,0,9],[\"1\",\"ab\",null,7,16],"  \
    "[\"1\",\"*\",16,null,null],"
#define YEAR_2                                          \
    "[\"2\",\"a\",5,null,null],[\"2\",\"b\",null,0,9]," \
    "[\"2\",\"d\",null,0,9],[\"2\",\"ab\",null,5,14],"  \
    "[\"2\",\"*\",14,null,null],"
#define BOTH                                              \
    "[\"*\",\"a\",12,null,null],[\"*\",\"b\",null,0,18]," \
    "[\"*\",\"d\",null,0,18],[\"*\",\"ab\",null,12,30],"  \
    "[\"*\",\"*\",30,null,null]"

#define GOOD(call) ck_assert_int_eq(call, MK_OK)

static char place[96];

/* The text, with the first old replaced by new. */
static enum mk_err parse(const char *text, const char *old, const char *new)
{
    struct mk_sdc_release release;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf changed = MK_BUF_INIT;
    const char *at = strstr(text, old);
    ck_assert_msg(at != NULL, "no %s", old);
    GOOD(mk_buf_add(&changed, text, (size_t)(at - text)));
    GOOD(mk_buf_add_str(&changed, new));
    GOOD(mk_buf_add_str(&changed, at + strlen(old)));
    mk_sdc_release_init(&release);
    enum mk_err rc =
        mk_sdc_release_parse(&release, changed.data, changed.len, &diag);
    memcpy(place, diag.place, sizeof place);
    mk_sdc_release_release(&release);
    mk_buf_release(&changed);
    return rc;
}

static void refuses(const char *old, const char *new, enum mk_err err,
                    const char *where)
{
    static const char text[] = HEAD "},\"cells\":[" YEAR_1 YEAR_2 BOTH "]}";
    enum mk_err rc = parse(text, old, new);
    ck_assert_msg(rc == err && strcmp(place, where) == 0,
                  "%s for %s: %s at %s", new, old, mk_err_name(rc), place);
    ck_assert_int_eq(mk_err_exit(err), MK_EXIT_USAGE);
}

START_TEST(a_release_that_is_whole_and_adds_up_is_taken)
{
    ck_assert_int_eq(
        parse(HEAD "},\"cells\":[" YEAR_1 YEAR_2 BOTH "]}", "{", "{"), MK_OK);
}
END_TEST

START_TEST(a_cell_that_is_missing_is_named)
{
    refuses("[\"1\",\"a\",7,null,null],", "", MK_E_INCOMPLETE,
            "cells: y=1,c=a");
    refuses("[\"2\",\"ab\",null,5,14],", "", MK_E_INCOMPLETE,
            "cells: y=2,c=ab");
    refuses(",[\"*\",\"*\",30,null,null]", "", MK_E_INCOMPLETE, "cells");
    refuses("[\"2\",\"d\",null,0,9],", "", MK_E_INCOMPLETE, "cells: y=2,c=d");
}
END_TEST

START_TEST(a_cell_of_structural_zeros_may_be_absent_or_zero)
{
    static const char text[] = HEAD ZEROS "},\"cells\":[" YEAR_1 YEAR_2 BOTH
                                          "]}";
    static const char row[] = "[\"2\",\"d\",null,0,9],";
    /* what is 14 in all is then in ab alone */
    ck_assert_int_eq(parse(text, row, ""), MK_OK);
    ck_assert_int_eq(parse(text, row, "[\"2\",\"d\",0,null,null],"), MK_OK);
    ck_assert_int_eq(parse(text, row, "[\"2\",\"d\",6,null,null],"),
                     MK_E_SUMS);
    ck_assert_str_eq(place, "cells[7]: y=2,c=d");
    ck_assert_int_eq(parse(text, row, "[\"2\",\"d\",null,1,9],"), MK_E_SUMS);
}
END_TEST

START_TEST(sums_that_no_table_has_are_refused)
{
    /* of printed figures; below; above; of a parent; of a total of years */
    refuses("[\"1\",\"*\",16,", "[\"1\",\"*\",26,", MK_E_SUMS,
            "cells[4]: y=1");
    refuses("[\"1\",\"*\",16,", "[\"1\",\"*\",6,", MK_E_SUMS, "cells[4]: y=1");
    refuses("\"b\",null,0,9]", "\"b\",null,10,19]", MK_E_SUMS,
            "cells[3]: y=1,c=ab");
    refuses("\"ab\",null,7,16]", "\"ab\",null,0,6]", MK_E_SUMS,
            "cells[3]: y=1,c=ab");
    refuses("[\"*\",\"a\",12,", "[\"*\",\"a\",13,", MK_E_SUMS,
            "cells[10]: c=a");
    refuses("[\"*\",\"*\",30,", "[\"*\",\"*\",31,", MK_E_SUMS, "cells[14]");
}
END_TEST

START_TEST(intervals_that_leave_nothing_together_are_refused)
{
    /* each line alone has room: 7 + b + d = 16 wants b + d = 9, years want
     * b >= 8, and d >= 8 */
    static const char text[] = HEAD
        "},\"cells\":[" YEAR_1 YEAR_2
        "[\"*\",\"a\",12,null,null],[\"*\",\"b\",null,17,18],"
        "[\"*\",\"d\",null,0,18],[\"*\",\"ab\",null,12,30],"
        "[\"*\",\"*\",30,null,null]]}";
    ck_assert_int_eq(parse(text, "{", "{"), MK_OK);
    ck_assert_int_eq(
        parse(text, "[\"*\",\"d\",null,0,18]", "[\"*\",\"d\",null,2,18]"),
        MK_E_SUMS);
}
END_TEST

START_TEST(a_threshold_that_is_none_is_refused)
{
    refuses("\"tables\"", "\"threshold\":1001,\"tables\"", MK_E_BAD_NUMBER,
            "threshold");
    refuses("\"tables\"", "\"threshold\":1,\"tables\"", MK_E_BAD_NUMBER,
            "threshold");
}
END_TEST

START_TEST(one_cell_under_two_names_has_one_figure)
{
    static const char text[] =
        "{\"schema\":\"meldkluis-sdc-release/1\",\"method\":\"suppress\","
        "\"spec\":{\"dims\":[\"c\"],\"levels\":{\"c\":[\"a\",\"b\"]},"
        "\"hierarchies\":{\"c\":{\"all\":[\"a\",\"b\"]}},"
        "\"tables\":[[\"c\"]]},\"cells\":[[\"a\",6,null,null],"
        "[\"b\",6,null,null],[\"all\",12,null,null],"
        "[\"*\",12,null,null]]}";
    ck_assert_int_eq(parse(text, "{", "{"), MK_OK);
    ck_assert_int_eq(parse(text, "\"all\",12", "\"all\",13"), MK_E_SUMS);
    ck_assert_str_eq(place, "cells[3]");
    ck_assert_int_eq(parse(text, "[\"all\",12,null,null],", ""),
                     MK_E_INCOMPLETE);
    ck_assert_str_eq(place, "cells: c=all");
}
END_TEST

/* What is empty only because an earlier release says so. */
START_TEST(what_is_written_beside_an_earlier_release_is_whole_by_itself)
{
    struct mk_sdc_spec spec;
    struct mk_sdc_release a, read;
    struct mk_sdc_data data;
    struct mk_sdc_model m;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf out = MK_BUF_INIT;
    const struct mk_sdc_release *earlier[] = {&a};
    mk_sdc_spec_init(&spec);
    mk_sdc_release_init(&a);
    mk_sdc_release_init(&read);
    mk_sdc_model_init(&m);
    sdc_kit_dim(&spec, "c", "a b", NULL);
    sdc_kit_table(&spec, "c");
    mk_sdc_data_init(&data, &spec);
    sdc_kit_records(&data, &spec, "a", 9);
    sdc_kit_dim(&a.spec, "c", "a b", NULL);
    sdc_kit_table(&a.spec, "c");
    sdc_kit_pattern(&a.spec.zeros, &a.spec, "b");
    mk_sdc_printed_init(&a.printed, &a.spec);
    sdc_kit_printed(&a.printed, &a.spec, "a", 9);
    GOOD(mk_sdc_model_build(&m, &spec, &data, NULL, earlier, 1, &diag));
    ck_assert(sdc_kit_cell(&m, "b")->empty);
    GOOD(mk_sdc_release_write(&out, &m, NULL, &diag));
    enum mk_err rc = mk_sdc_release_parse(&read, out.data, out.len, &diag);
    ck_assert_msg(rc == MK_OK, "%s at %s", mk_err_name(rc), diag.place);
    ck_assert_uint_eq(read.printed.n, 3);
    mk_buf_release(&out);
    mk_sdc_model_release(&m);
    mk_sdc_release_release(&a);
    mk_sdc_release_release(&read);
    mk_sdc_data_release(&data);
    mk_sdc_spec_release(&spec);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_release_that_is_whole_and_adds_up_is_taken,
        a_cell_that_is_missing_is_named,
        a_cell_of_structural_zeros_may_be_absent_or_zero,
        sums_that_no_table_has_are_refused,
        intervals_that_leave_nothing_together_are_refused,
        a_threshold_that_is_none_is_refused,
        one_cell_under_two_names_has_one_figure,
        what_is_written_beside_an_earlier_release_is_whole_by_itself,
    };
    return UNIT_RUN("sdc_release_check", tests, NULL);
}
