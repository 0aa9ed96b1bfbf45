/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/json.h"
#include "reports/sdc/spec_read.h"
#include "tests/support/sdc_kit.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static const char good[] =
    "{\"case\": 1, \"note\": [], \"n\": null,\n"
    " \"dims\": [\"year\", \"cat\", \"site\"],\n"
    " \"levels\": {\"year\": [\"2019\", \"2020\", \"2021\"],\n"
    "  \"cat\": [\"a\", \"b\"], \"site\": [\"x\", \"y\", \"z\"]},\n"
    " \"tables\": [[\"year\", \"cat\"],\n"
    "  {\"dims\": [\"year\", \"site\"], \"where\": {\"year\": [\"old\"]}}],\n"
    " \"threshold\": 7, \"unsafe_counts\": [1, 6], \"zeros\": \"protected\",\n"
    " \"hierarchies\": {\"year\": {\"old\": [\"2019\", \"2020\"],\n"
    "  \"late\": [\"2021\", \"2020\"], \"all\": [\"old\", \"2021\"]}},\n"
    " \"structural_zeros\": [{\"year\": \"old\", \"cat\": \"b\"}],\n"
    " \"insider\": false, \"group\": [\"cat\"],\n"
    " \"contributors\": {\"tags\": [\"farm\"], \"min\": 4, \"share\": 0.25},\n"
    " \"cost\": \"weighted\", \"nomargin\": [\"year\"],\n"
    " \"never_published\": [{\"site\": \"*\"}], \"watched\": [{\"cat\": "
    "\"a\"}]}\n";

static enum mk_err parse(const char *text, size_t n, struct mk_diag *diag)
{
    struct mk_sdc_spec spec;
    mk_sdc_spec_init(&spec);
    enum mk_err rc = mk_sdc_spec_parse(&spec, text, n, diag);
    mk_sdc_spec_release(&spec);
    return rc;
}

static char *changed(const char *old, const char *new)
{
    const char *at = strstr(good, old);
    ck_assert_msg(at != NULL, "no '%s'", old);
    char *text = malloc(sizeof good + strlen(new));
    ck_assert_ptr_nonnull(text);
    int n = snprintf(text, sizeof good + strlen(new), "%.*s%s%s",
                     (int)(at - good), good, new, at + strlen(old));
    ck_assert_int_gt(n, 0);
    return text;
}

static void refuses(const char *old, const char *new, enum mk_err err,
                    const char *place)
{
    struct mk_diag diag = MK_DIAG_INIT;
    char *text = changed(old, new);
    enum mk_err rc = parse(text, strlen(text), &diag);
    ck_assert_msg(rc == err && diag.err == err,
                  "'%s' for '%s' gives %s at %s, not %s", new, old,
                  mk_err_name(rc), diag.place, mk_err_name(err));
    ck_assert_msg(strcmp(diag.place, place) == 0, "'%s' for '%s' names %s",
                  new, old, diag.place);
    ck_assert_int_eq(mk_err_exit(rc), MK_EXIT_USAGE);
    free(text);
}

START_TEST(a_spec_is_read_as_it_stands)
{
    struct mk_sdc_spec s;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_spec_init(&s);
    enum mk_err rc = mk_sdc_spec_parse(&s, good, sizeof good - 1, &diag);
    ck_assert_msg(rc == MK_OK, "%s at %s", mk_err_name(rc), diag.place);
    ck_assert_uint_eq(s.n_dims, 3);
    ck_assert_uint_eq(s.dim[0].n_leaves, 3);
    ck_assert_uint_eq(s.dim[0].n_nodes, 7);
    ck_assert_uint_eq(s.dim[0].node[5].n_leaves, 3);
    ck_assert_uint_eq(s.dim[0].same[5], 6);
    ck_assert_uint_eq(s.n_tables, 2);
    ck_assert(s.table[1].crosses[2] && !s.table[1].crosses[1]);
    ck_assert_uint_eq(s.table[1].n_where[0], 1);
    ck_assert_uint_eq(s.table[1].where[0][0], 3);
    ck_assert_uint_eq(s.threshold, 7);
    ck_assert(s.zeros_protected && !s.insider && s.group[1]);
    ck_assert(!s.group[0] && s.nomargin[0] && !s.nomargin[2]);
    ck_assert_int_eq(s.cost, MK_SDC_COST_WEIGHTED);
    ck_assert_str_eq(s.tag[0], "farm");
    ck_assert_uint_eq(s.tags_min, 4);
    ck_assert_uint_eq(s.share_ppm, 250000);
    ck_assert_uint_eq(s.zeros.at[0].node[0], 3);
    ck_assert_uint_eq(s.zeros.at[0].node[2], MK_SDC_ANY);
    ck_assert_uint_eq(s.never.at[0].node[2], 3);
    ck_assert_uint_eq(s.watched.n, 1);
    mk_sdc_spec_release(&s);
}
END_TEST

START_TEST(what_is_left_out_has_its_default)
{
    static const char text[] =
        "{\"dims\":[\"a\",\"b\"],\"levels\":{\"b\":[\"y\"],\"a\":[\"x\"]},"
        "\"tables\":[[\"a\"]],\"contributors\":null}";
    struct mk_sdc_spec s;
    mk_sdc_spec_init(&s);
    ck_assert_int_eq(mk_sdc_spec_parse(&s, text, sizeof text - 1, NULL),
                     MK_OK);
    ck_assert_uint_eq(s.threshold, 5);
    ck_assert(s.insider && !s.zeros_protected && s.n_tags == 0);
    ck_assert_int_eq(s.cost, MK_SDC_COST_CELLS);
    mk_sdc_spec_release(&s);
}
END_TEST

START_TEST(a_spec_written_and_read_again_is_the_same)
{
    struct mk_sdc_spec s, again;
    struct mk_buf one = MK_BUF_INIT, two = MK_BUF_INIT;
    mk_sdc_spec_init(&s);
    mk_sdc_spec_init(&again);
    ck_assert_int_eq(mk_sdc_spec_parse(&s, good, sizeof good - 1, NULL),
                     MK_OK);
    json_t *json = mk_sdc_spec_to_json(&s);
    ck_assert_ptr_nonnull(json);
    ck_assert_int_eq(mk_sdc_json_dump(&one, json, true), MK_OK);
    ck_assert_int_eq(mk_sdc_spec_from_json(&again, json, NULL), MK_OK);
    json_decref(json);
    json = mk_sdc_spec_to_json(&again);
    ck_assert_int_eq(mk_sdc_json_dump(&two, json, true), MK_OK);
    json_decref(json);
    ck_assert_uint_eq(one.len, two.len);
    ck_assert_mem_eq(one.data, two.data, one.len);
    ck_assert_uint_eq(again.dim[0].node[5].n_leaves, 3);
    mk_buf_release(&one);
    mk_buf_release(&two);
    mk_sdc_spec_release(&s);
    mk_sdc_spec_release(&again);
}
END_TEST

START_TEST(a_spec_cut_off_anywhere_is_refused)
{
    for (size_t n = 0; n < sizeof good - 2; n++) {
        struct mk_diag diag = MK_DIAG_INIT;
        ck_assert_int_eq(parse(good, n, &diag), MK_E_SYNTAX);
        ck_assert_uint_ge(diag.line, 1);
    }
}
END_TEST

START_TEST(json_that_is_not_strict_is_refused)
{
    refuses("\"case\": 1", "\"case\": 01", MK_E_SYNTAX, "spec");
    refuses("\"case\": 1", "\"note\": 1", MK_E_DUPLICATE_KEY, "spec");
    refuses("\"case\": 1", "\"case\": \"\\u0000\"", MK_E_SYNTAX, "spec");
    refuses("\"case\": 1", "\"case\": \"\xc3\x28\"", MK_E_BAD_UTF8, "spec");
}
END_TEST

START_TEST(deep_nesting_is_refused_before_it_is_read)
{
    struct mk_diag diag = MK_DIAG_INIT;
    size_t n = (size_t)1 << 20;
    char *text = malloc(n);
    ck_assert_ptr_nonnull(text);
    memset(text, '[', n);
    ck_assert_int_eq(parse(text, n, &diag), MK_E_TOO_LARGE);
    ck_assert_int_eq(diag.num[0], MK_SDC_JSON_DEPTH);
    free(text);
    /* brackets inside a text are no nesting */
    char *text_only = changed("\"note\": []",
                              "\"note\": \"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[["
                              "[[[[[[[[\"");
    ck_assert_int_eq(parse(text_only, strlen(text_only), &diag), MK_OK);
    free(text_only);
}
END_TEST

START_TEST(every_key_that_is_wrong_is_named_by_its_path)
{
    refuses("\"note\"", "\"notes\"", MK_E_UNKNOWN_KEY, "notes");
    refuses("\"note\"", "\"\\u001b[2J\"", MK_E_UNKNOWN_KEY, "<U+001B>[2J");
    refuses("\"where\"", "\"when\"", MK_E_UNKNOWN_KEY, "tables[1].when");
    refuses("\"dims\": [\"year\", \"site\"], ", "", MK_E_MISSING_KEY,
            "tables[1].dims");
    refuses("\"cat\": [\"a\", \"b\"], ", "", MK_E_MISSING_KEY, "levels.cat");
    refuses("\"cat\": [\"a\"", "\"cut\": [\"a\"", MK_E_BAD_CODE, "levels.cut");
    refuses("\"min\"", "\"max\"", MK_E_UNKNOWN_KEY, "contributors.max");
    refuses("\"tags\": [\"farm\"], ", "", MK_E_MISSING_KEY,
            "contributors.tags");
}
END_TEST

START_TEST(dimensions_and_levels_are_checked)
{
    refuses("[\"year\", \"cat\", \"site\"]", "[]", MK_E_BAD_VALUE, "dims");
    refuses("[\"year\", \"cat\", \"site\"]", "[\"year\", 2]", MK_E_BAD_VALUE,
            "dims[1]");
    refuses("[\"year\", \"cat\", \"site\"]", "[\"n\"]", MK_E_BAD_VALUE,
            "dims[0]");
    refuses("[\"year\", \"cat\", \"site\"]", "[\"year\", \"year\"]",
            MK_E_DUPLICATE_KEY, "dims.year");
    refuses("\"cat\": [\"a\", \"b\"]", "\"cat\": []", MK_E_BAD_VALUE,
            "levels.cat");
    refuses("\"cat\": [\"a\", \"b\"]", "\"cat\": [\"a\", \"a\"]",
            MK_E_DUPLICATE_KEY, "levels.cat.a");
    refuses("\"cat\": [\"a\", \"b\"]", "\"cat\": [\"a\", \"*\"]",
            MK_E_BAD_VALUE, "levels.cat[1]");
    refuses("\"cat\": [\"a\", \"b\"]", "\"cat\": [\"a\", \"b\\nc\"]",
            MK_E_BAD_VALUE, "levels.cat[1]");
    refuses("\"old\": [\"2019\", \"2020\"]", "\"2019\": [\"2020\"]",
            MK_E_DUPLICATE_KEY, "hierarchies.year.2019");
    refuses("\"old\": [\"2019\", \"2020\"]", "\"old\": []", MK_E_BAD_VALUE,
            "hierarchies.year.old");
    refuses("\"old\": [\"2019\", \"2020\"]", "\"old\": [\"2019\", \"2019\"]",
            MK_E_DUPLICATE_KEY, "hierarchies.year.old");
    refuses("\"old\": [\"2019\", \"2020\"]", "\"old\": [\"2019\", \"late\"]",
            MK_E_BAD_CODE, "hierarchies.year.late");
    refuses("\"all\": [\"old\", \"2021\"]", "\"all\": [\"old\", \"late\"]",
            MK_E_DUPLICATE_KEY, "hierarchies.year.all");
}
END_TEST

START_TEST(tables_are_checked)
{
    refuses("[\"year\", \"cat\"],\n", "[],\n", MK_E_BAD_VALUE, "tables[0]");
    refuses("[\"year\", \"cat\"],\n", "[\"year\", \"year\"],\n",
            MK_E_DUPLICATE_KEY, "tables[0].year");
    refuses("[\"year\", \"cat\"],\n", "[\"year\", \"kind\"],\n", MK_E_BAD_CODE,
            "tables[0].kind");
    refuses("[\"year\", \"cat\"],\n", "7,\n", MK_E_BAD_VALUE, "tables[0]");
    refuses("{\"year\": [\"old\"]}", "{\"kind\": [\"a\"]}", MK_E_BAD_CODE,
            "tables[1].where.kind");
    refuses("{\"year\": [\"old\"]}", "{\"year\": [\"old\", \"old\"]}",
            MK_E_DUPLICATE_KEY, "tables[1].where.year.old");
    refuses("{\"year\": [\"old\"]}", "{\"year\": [\"*\"]}", MK_E_BAD_CODE,
            "tables[1].where.year.*");
    refuses("{\"year\": [\"old\"]}", "{\"year\": []}", MK_E_BAD_VALUE,
            "tables[1].where.year");
}
END_TEST

START_TEST(the_rule_is_checked)
{
    refuses("\"threshold\": 7", "\"threshold\": 1", MK_E_BAD_NUMBER,
            "threshold");
    refuses("\"threshold\": 7", "\"threshold\": 7.0", MK_E_BAD_NUMBER,
            "threshold");
    refuses("\"threshold\": 7", "\"threshold\": 8", MK_E_BAD_VALUE,
            "unsafe_counts");
    refuses("\"protected\"", "\"hidden\"", MK_E_BAD_VALUE, "zeros");
    refuses("\"insider\": false", "\"insider\": 0", MK_E_BAD_VALUE, "insider");
    refuses("\"group\": [\"cat\"]", "\"group\": [\"cats\"]", MK_E_BAD_CODE,
            "group.cats");
    refuses("\"weighted\"", "\"cheap\"", MK_E_BAD_VALUE, "cost");
    refuses("0.25", "0", MK_E_BAD_VALUE, "contributors.share");
    refuses("0.25", "1.01", MK_E_BAD_VALUE, "contributors.share");
    refuses("\"min\": 4", "\"min\": 0", MK_E_BAD_NUMBER, "contributors.min");
    refuses("\"farm\"", "\"cat\"", MK_E_DUPLICATE_KEY,
            "contributors.tags.cat");
    refuses("[{\"site\": \"*\"}]", "[{}]", MK_E_BAD_VALUE,
            "never_published[0]");
    refuses("[{\"site\": \"*\"}]", "[{\"site\": \"q\"}]", MK_E_BAD_CODE,
            "never_published[0].site.q");
    refuses("\"cat\": \"b\"}", "\"cat\": \"*\"}", MK_E_BAD_CODE,
            "structural_zeros[0].cat.*");
}
END_TEST

START_TEST(what_is_too_large_is_refused_with_the_limit)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf text = MK_BUF_INIT;
    ck_assert_int_eq(mk_buf_add_str(&text,
                                    "{\"dims\":[\"a\"],\"tables\":[[\"a\"]],"
                                    "\"levels\":{\"a\":[\"0\""),
                     MK_OK);
    for (unsigned i = 1; i < 1000000; i++)
        ck_assert_int_eq(mk_buf_addf(&text, ",\"%u\"", i), MK_OK);
    ck_assert_int_eq(mk_buf_add_str(&text, "]}}"), MK_OK);
    ck_assert_int_eq(parse((const char *)text.data, text.len, &diag),
                     MK_E_TOO_LARGE);
    ck_assert_str_eq(diag.place, "levels.a");
    ck_assert_int_eq(diag.num[0], MK_SDC_LEVELS);
    mk_buf_clear(&text);
    ck_assert_int_eq(
        mk_buf_add_str(&text,
                       "{\"dims\":[\"a\",\"b\"],\"tables\":[[\"a\",\"b\"]],"
                       "\"levels\":{\"b\":[\"x\",\"y\"],\"a\":[\"0\""),
        MK_OK);
    /* 10,001 nodes by 101 */
    for (unsigned i = 1; i < MK_SDC_LEVELS; i++)
        ck_assert_int_eq(mk_buf_addf(&text, ",\"%u\"", i), MK_OK);
    ck_assert_int_eq(mk_buf_add_str(&text, "]},\"hierarchies\":{\"b\":{"),
                     MK_OK);
    for (unsigned i = 0; i < 98; i++)
        ck_assert_int_eq(
            mk_buf_addf(&text, "%s\"p%u\":[\"x\"]", i ? "," : "", i), MK_OK);
    ck_assert_int_eq(mk_buf_add_str(&text, "}}}"), MK_OK);
    ck_assert_int_eq(parse((const char *)text.data, text.len, &diag),
                     MK_E_TOO_LARGE);
    ck_assert_str_eq(diag.place, "tables");
    ck_assert_int_eq(diag.num[0], MK_SDC_CELLS);
    mk_buf_release(&text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_spec_is_read_as_it_stands,
        what_is_left_out_has_its_default,
        a_spec_written_and_read_again_is_the_same,
        a_spec_cut_off_anywhere_is_refused,
        json_that_is_not_strict_is_refused,
        deep_nesting_is_refused_before_it_is_read,
        every_key_that_is_wrong_is_named_by_its_path,
        dimensions_and_levels_are_checked,
        tables_are_checked,
        the_rule_is_checked,
        what_is_too_large_is_refused_with_the_limit,
    };
    return UNIT_RUN("sdc_spec", tests, NULL);
}
