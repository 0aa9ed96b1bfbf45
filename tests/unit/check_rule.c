/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rule.h"
#include "core/release.h"
#include "tests/support/unit.h"

#include <string.h>

#define DEFAULT_LINE                                                 \
    "threshold=5 zeros=published insider=J group=category,reporter " \
    "contributors_min=3 contributors_share=50"
#define STRICT_LINE                                         \
    "threshold=9 zeros=protected insider=N group=reporter " \
    "contributors_min=4 contributors_share=33"

static enum mk_err set(struct mk_rule *rule, const char *key,
                       const char *value, struct mk_diag *diag)
{
    return mk_rule_set(rule, key, strlen(key), value, strlen(value), 7, diag);
}

static void refuses(const char *key, const char *value, enum mk_err err,
                    const char *place)
{
    struct mk_rule rule;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_rule_init(&rule);
    enum mk_err rc = set(&rule, key, value, &diag);
    ck_assert_msg(rc == err, "%s: %s gives %s", key, value, mk_err_name(rc));
    ck_assert_str_eq(diag.place, place);
    ck_assert_uint_eq(diag.line, 7);
}

START_TEST(what_is_not_given_has_its_default)
{
    char line[MK_RULE_TEXT];
    struct mk_rule rule;
    mk_rule_init(&rule);
    mk_rule_format(line, &rule);
    ck_assert_str_eq(line, DEFAULT_LINE);
}
END_TEST

START_TEST(a_policy_has_one_line_in_whatever_order_it_is_given)
{
    static const char *const given[][2] = {
        {"contributors_share", "33"}, {"group", "reporter"},
        {"threshold", "9"},           {"insider", "N"},
        {"contributors_min", "4"},    {"zeros", "protected"},
    };
    char line[MK_RULE_TEXT];
    struct mk_rule rule;
    mk_rule_init(&rule);
    for (size_t i = 0; i < 6; i++)
        ck_assert_int_eq(set(&rule, given[i][0], given[i][1], NULL), MK_OK);
    mk_rule_format(line, &rule);
    ck_assert_str_eq(line, STRICT_LINE);
    ck_assert_int_eq(mk_rule_parse(&rule, line, strlen(line), NULL), MK_OK);
    memset(line, 0, sizeof line);
    mk_rule_format(line, &rule);
    ck_assert_str_eq(line, STRICT_LINE);
}
END_TEST

START_TEST(groups_are_named_once_or_none)
{
    struct mk_rule rule;
    mk_rule_init(&rule);
    ck_assert_int_eq(set(&rule, "group", "reporter category", NULL), MK_OK);
    ck_assert(rule.group_category && rule.group_reporter);
    mk_rule_init(&rule);
    ck_assert_int_eq(set(&rule, "group", "none", NULL), MK_OK);
    ck_assert(!rule.group_category && !rule.group_reporter);
    refuses("group", "", MK_E_BAD_VALUE, "group");
    refuses("group", "category,", MK_E_BAD_VALUE, "group");
    refuses("group", "category category", MK_E_BAD_VALUE, "group");
    refuses("group", "care_type", MK_E_BAD_VALUE, "group");
    refuses("group", "none,category", MK_E_BAD_VALUE, "group");
}
END_TEST

START_TEST(what_is_wrong_is_refused_with_its_key_and_line)
{
    struct mk_rule rule;
    struct mk_diag diag = MK_DIAG_INIT;
    refuses("treshold", "5", MK_E_UNKNOWN_KEY, "?");
    refuses("threshold", "1", MK_E_BAD_NUMBER, "threshold");
    refuses("threshold", "1001", MK_E_BAD_NUMBER, "threshold");
    refuses("threshold", "", MK_E_BAD_NUMBER, "threshold");
    refuses("zeros", "hidden", MK_E_BAD_VALUE, "zeros");
    refuses("insider", "j", MK_E_BAD_VALUE, "insider");
    refuses("contributors_min", "0", MK_E_BAD_NUMBER, "contributors_min");
    refuses("contributors_share", "101", MK_E_BAD_NUMBER,
            "contributors_share");
    mk_rule_init(&rule);
    ck_assert_int_eq(set(&rule, "zeros", "published", &diag), MK_OK);
    ck_assert_int_eq(set(&rule, "zeros", "published", &diag),
                     MK_E_DUPLICATE_KEY);
}
END_TEST

START_TEST(a_line_is_exactly_that_line)
{
    static const char line[] = STRICT_LINE;
    struct mk_rule rule;
    /* "..=3" of "..=33" is a line too */
    for (size_t n = 0; n < sizeof line - 2; n++)
        ck_assert_int_ne(mk_rule_parse(&rule, line, n, NULL), MK_OK);
    ck_assert_int_ne(mk_rule_parse(&rule, line, sizeof line, NULL), MK_OK);
    ck_assert_int_ne(mk_rule_parse(&rule, "zeros=protected", 15, NULL), MK_OK);
}
END_TEST

#define HEAD(version, threshold)                              \
    "meldkluis-release: " version                             \
    "\nname: A\nkind: factsheet\nyears: 2019\npositions: 1\n" \
    "basis: calendar\naudience: FAC\nthreshold: " threshold   \
    "\nmethod: suppress\n"

static enum mk_err parse_head(const char *text, struct mk_release *r)
{
    return mk_release_parse(r, text, strlen(text), NULL);
}

START_TEST(a_record_has_a_rule_in_its_second_version_only)
{
    struct mk_release r;
    ck_assert_int_eq(parse_head(HEAD("1", "9") "\n{}", &r), MK_OK);
    ck_assert(!r.has_rule);
    ck_assert_int_eq(
        parse_head(HEAD("2", "9") "rule: " STRICT_LINE "\n\n{}", &r), MK_OK);
    ck_assert(r.has_rule && r.rule.zeros_protected && !r.rule.insider);
    ck_assert_int_eq(
        parse_head(HEAD("1", "9") "rule: " STRICT_LINE "\n\n{}", &r),
        MK_E_SYNTAX);
    ck_assert_int_eq(parse_head(HEAD("2", "9") "\n{}", &r), MK_E_SYNTAX);
    ck_assert_int_eq(
        parse_head(HEAD("2", "5") "rule: " STRICT_LINE "\n\n{}", &r),
        MK_E_SYNTAX);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_is_not_given_has_its_default,
        a_policy_has_one_line_in_whatever_order_it_is_given,
        groups_are_named_once_or_none,
        what_is_wrong_is_refused_with_its_key_and_line,
        a_line_is_exactly_that_line,
        a_record_has_a_rule_in_its_second_version_only,
    };
    return UNIT_RUN("rule", tests, NULL);
}
