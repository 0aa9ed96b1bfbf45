/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/data_read.h"
#include "tests/support/sdc_kit.h"
#include "tests/support/unit.h"

#include <string.h>

static struct mk_sdc_spec spec;
static struct mk_sdc_data data;
static struct mk_diag diag;

static void start(void)
{
    mk_sdc_spec_init(&spec);
    sdc_kit_dim(&spec, "year", "2019 2020", "all=2019+2020");
    sdc_kit_dim(&spec, "cat", "a b,c d\"e", NULL);
    sdc_kit_table(&spec, "year cat");
    sdc_kit_pattern(&spec.zeros, &spec, "2020 a");
}

static void finish(void)
{
    mk_sdc_data_release(&data);
    mk_sdc_spec_release(&spec);
}

static void tag(const char *name)
{
    spec.tag[spec.n_tags] = strdup(name);
    ck_assert_ptr_nonnull(spec.tag[spec.n_tags]);
    spec.n_tags++;
}

static enum mk_err parse(const char *text)
{
    diag = (struct mk_diag)MK_DIAG_INIT;
    mk_sdc_data_release(&data);
    mk_sdc_data_init(&data, &spec);
    return mk_sdc_data_parse(&data, &spec, text, strlen(text), &diag);
}

static void reads(const char *text)
{
    enum mk_err rc = parse(text);
    ck_assert_msg(rc == MK_OK, "%s at %s, line %d", mk_err_name(rc),
                  diag.place, (int)diag.line);
}

static void refuses(const char *text, enum mk_err err, const char *place,
                    uint64_t line)
{
    enum mk_err rc = parse(text);
    ck_assert_msg(rc == err && diag.err == err, "'%s' gives %s", text,
                  mk_err_name(rc));
    ck_assert_msg(strcmp(diag.place, place) == 0, "'%s' names %s", text,
                  diag.place);
    ck_assert_msg(diag.line == line, "'%s' names line %d", text,
                  (int)diag.line);
    ck_assert_int_eq(mk_err_exit(rc), MK_EXIT_USAGE);
}

START_TEST(records_are_read_in_any_order_of_columns)
{
    start();
    reads("cat,year\n\"b,c\",2019\n\"d\"\"e\",2020\na,2019\na,2019\n");
    ck_assert_uint_eq(data.rows, 4);
    ck_assert_uint_eq(data.total, 4);
    ck_assert_uint_eq(data.leaf[0], 0);
    ck_assert_uint_eq(data.leaf[1], 1);
    ck_assert_uint_eq(data.leaf[2], 1);
    ck_assert_uint_eq(data.leaf[3], 2);
    finish();
}
END_TEST

START_TEST(a_mark_crlf_and_no_last_line_end_are_fine)
{
    start();
    reads("\xef\xbb\xbfyear,cat\r\n2019,a\r\n2020,\"b,c\"");
    ck_assert_uint_eq(data.rows, 2);
    finish();
}
END_TEST

START_TEST(counts_stand_for_as_many_records)
{
    start();
    reads("year,cat,n\n2019,a,12\n2020,a,0\n2020,\"b,c\",1\n");
    ck_assert_uint_eq(data.total, 13);
    ck_assert_uint_eq(data.n[0], 12);
    ck_assert_uint_eq(data.rows, 2);
    refuses("year,cat,n\n2019,a,1\n2019,a,2\n", MK_E_DUPLICATE_KEY, "n", 3);
    refuses("year,cat,n\n2019,a,1.0\n", MK_E_BAD_NUMBER, "n", 2);
    refuses("year,cat,n\n2019,a,-1\n", MK_E_BAD_NUMBER, "n", 2);
    refuses("year,cat,n\n2019,a,\n", MK_E_BAD_NUMBER, "n", 2);
    refuses("year,cat,n\n2019,a,1000000001\n", MK_E_BAD_NUMBER, "n", 2);
    refuses("year,cat,n\n2019,a,1000000000\n2019,\"b,c\",1\n", MK_E_TOO_LARGE,
            "n", 3);
    refuses("n,year,cat\n1,2019,a\n", MK_E_SYNTAX, "n", 1);
    finish();
}
END_TEST

START_TEST(columns_must_be_those_of_the_spec)
{
    start();
    refuses("year,cat,late\n", MK_E_UNKNOWN_COLUMN, "", 1);
    ck_assert_int_eq(diag.num[0], 3);
    refuses("year\n", MK_E_MISSING_KEY, "cat", 1);
    refuses("year,cat,cat\n", MK_E_DUPLICATE_KEY, "cat", 1);
    refuses("year,cat,n,n\n", MK_E_DUPLICATE_KEY, "n", 1);
    refuses("year,cat\n2019\n", MK_E_SYNTAX, "row", 2);
    refuses("year,cat\n2019,a,\n", MK_E_SYNTAX, "row", 2);
    refuses("", MK_E_SYNTAX, "csv", 1);
    finish();
}
END_TEST

START_TEST(a_record_needs_levels_that_exist)
{
    start();
    refuses("year,cat\n2019,a\n2021,a\n", MK_E_BAD_CODE, "year", 3);
    refuses("year,cat\n2019,\n", MK_E_BAD_CODE, "cat", 2);
    refuses("year,cat\n2019,*\n", MK_E_BAD_CODE, "cat", 2);
    refuses("year,cat\nall,a\n", MK_E_BAD_CODE, "year", 2);
    refuses("year,cat\n2019,\xc3\x28\n", MK_E_BAD_UTF8, "row", 2);
    finish();
}
END_TEST

START_TEST(a_record_that_cannot_exist_is_refused_with_its_line)
{
    start();
    refuses("year,cat\n2019,a\n2020,a\n", MK_E_IMPOSSIBLE,
            "structural_zeros[0]", 3);
    finish();
}
END_TEST

START_TEST(no_records_at_all_are_refused)
{
    start();
    refuses("year,cat\n", MK_E_NO_RECORDS, "data", 0);
    refuses("year,cat,n\n2019,a,0\n", MK_E_NO_RECORDS, "data", 0);
    finish();
}
END_TEST

START_TEST(tags_become_numbers_and_empty_ones_are_counted)
{
    start();
    tag("site");
    tag("who");
    reads("site,year,cat,n\nq,2019,a,1\nr,2019,a,2\nq,2019,a,3\n,2019,a,4\n");
    ck_assert_uint_eq(data.rows, 4);
    ck_assert_uint_eq(data.tag[0], 1);
    ck_assert_uint_eq(data.tag[2], 2);
    ck_assert_uint_eq(data.tag[4], 1);
    ck_assert_uint_eq(data.tag[6], 0);
    ck_assert_uint_eq(data.empty[0], 4);
    ck_assert_uint_eq(data.empty[1], 10);
    refuses("site,year,cat,site\n", MK_E_DUPLICATE_KEY, "site", 1);
    refuses("site,year,cat\n"
            "0123456789012345678901234567890123456789012345678901234567890123"
            "4,2019,a\n",
            MK_E_TOO_LARGE, "site", 2);
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        records_are_read_in_any_order_of_columns,
        a_mark_crlf_and_no_last_line_end_are_fine,
        counts_stand_for_as_many_records,
        columns_must_be_those_of_the_spec,
        a_record_needs_levels_that_exist,
        a_record_that_cannot_exist_is_refused_with_its_line,
        no_records_at_all_are_refused,
        tags_become_numbers_and_empty_ones_are_counted,
    };
    return UNIT_RUN("sdc_data", tests, NULL);
}
