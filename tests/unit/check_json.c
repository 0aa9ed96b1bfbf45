/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/json.h"
#include "cmd/table.h"

#include "tests/support/unit.h"

#include <jansson.h>
#include <string.h>

START_TEST(another_parser_reads_back_what_was_written)
{
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;
    const char text[] = "a\"b\\c\n\x01\x7f\xc3\xab\xe2\x82\xac";
    mk_json_begin(&j, &out);
    mk_json_text(&j, "text", text, sizeof text - 1);
    mk_json_array(&j, "list");
    for (int i = 0; i < 3; i++) {
        mk_json_object(&j, NULL);
        mk_json_num(&j, "n", INT64_MIN + i);
        mk_json_bool(&j, "b", i == 1);
        mk_json_day(&j, "day", i ? 0 : MK_DAY_NONE);
        mk_json_end(&j);
    }
    mk_json_end(&j);
    mk_json_array(&j, "empty");
    mk_json_end(&j);
    ck_assert_int_eq(mk_json_finish(&j), MK_OK);
    json_t *root = json_loadb((const char *)out.data, out.len, 0, NULL);
    ck_assert_ptr_nonnull(root);
    ck_assert_str_eq(json_string_value(json_object_get(root, "text")), text);
    json_t *two = json_array_get(json_object_get(root, "list"), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(two, "n")),
                     INT64_MIN + 1);
    ck_assert(json_is_true(json_object_get(two, "b")));
    ck_assert_str_eq(json_string_value(json_object_get(two, "day")),
                     "1970-01-01");
    ck_assert_uint_eq(json_array_size(json_object_get(root, "empty")), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(root, "schema")), 1);
    json_decref(root);
    mk_buf_release(&out);
}
END_TEST

START_TEST(text_that_is_no_utf8_is_still_json)
{
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;
    mk_json_begin(&j, &out);
    mk_json_text(&j, "text",
                 "a\xff"
                 "b",
                 3);
    ck_assert_int_eq(mk_json_finish(&j), MK_OK);
    json_t *root = json_loadb((const char *)out.data, out.len, 0, NULL);
    ck_assert_ptr_nonnull(root);
    json_decref(root);
    mk_buf_release(&out);
}
END_TEST

START_TEST(an_end_too_many_is_an_error)
{
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;
    mk_json_begin(&j, &out);
    mk_json_end(&j);
    ck_assert_int_eq(mk_json_finish(&j), MK_E_INTERNAL);
    mk_buf_release(&out);
}
END_TEST

START_TEST(a_table_is_as_wide_as_its_widest_cells)
{
    struct mk_buf out = MK_BUF_INIT;
    struct mk_table t;
    mk_table_init(&t, 2);
    mk_table_cell(&t, "a");
    mk_table_cell(&t, "b");
    mk_table_cell(&t, "Zo\xc3\xab");
    mk_table_cell(&t, "x\033y");
    ck_assert_int_eq(mk_table_finish(&t, &out), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&out), MK_OK);
    ck_assert_str_eq((const char *)out.data,
                     "a    b\nZo\xc3\xab  x<U+001B>y\n");
    mk_table_release(&t);
    mk_buf_release(&out);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        another_parser_reads_back_what_was_written,
        text_that_is_no_utf8_is_still_json,
        an_end_too_many_is_an_error,
        a_table_is_as_wide_as_its_widest_cells,
    };
    return UNIT_RUN("json", tests, NULL);
}
