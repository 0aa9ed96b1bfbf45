/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/method.h"

#include "tests/support/cube_text.h"
#include "tests/support/sheet_kit.h"
#include "tests/support/unit.h"

#include <string.h>

#define ONE "2019,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,7\n"

static const enum mk_policy policies[] = {MK_POLICY_INTERNAL, MK_POLICY_EXACT,
                                          MK_POLICY_SUPPRESS};
#define POLICIES (sizeof policies / sizeof policies[0])

static void page(struct mk_method *m, const char *text, enum mk_policy policy,
                 bool english)
{
    struct mk_factsheet f;
    sheet_kit_build(&f, text, policy, english);
    mk_method_init(m);
    ck_assert_int_eq(mk_method_build(m, &f), MK_OK);
    mk_factsheet_release(&f);
}

static const char *text_of(const struct mk_method *m, const char *id)
{
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->item[i].id, id) == 0)
            return (const char *)m->item[i].text.data;
    return "";
}

START_TEST(the_page_is_whole_in_both_languages_and_every_policy)
{
    for (size_t p = 0; p < POLICIES; p++) {
        struct mk_method m[2];
        for (int english = 0; english < 2; english++)
            page(&m[english], CUBE_HEAD("2019 2022", "1") ONE, policies[p],
                 english);
        ck_assert_uint_eq(m[0].n, m[1].n);
        ck_assert(!m[0].item[0].term);
        for (size_t i = 0; i < m[0].n; i++) {
            const char *nl = (const char *)m[0].item[i].text.data;
            const char *en = (const char *)m[1].item[i].text.data;
            ck_assert_str_eq(m[0].item[i].id, m[1].item[i].id);
            ck_assert_msg(*nl && strcmp(nl, en) != 0, "%s: %s",
                          m[0].item[i].id, nl);
            ck_assert(!strpbrk(nl, "{}") && !strpbrk(en, "{}"));
        }
        mk_method_release(&m[0]);
        mk_method_release(&m[1]);
    }
}
END_TEST

START_TEST(no_two_items_have_one_anchor)
{
    for (size_t p = 0; p < POLICIES; p++) {
        struct mk_method m;
        page(&m, CUBE_HEAD("2019 2022", "1") ONE, policies[p], false);
        for (size_t i = 0; i < m.n; i++)
            for (size_t j = 0; j < i; j++)
                ck_assert_str_ne(m.item[i].id, m.item[j].id);
        mk_method_release(&m);
    }
}
END_TEST

START_TEST(each_policy_says_its_own_rule_only)
{
    struct mk_method m;
    page(&m, CUBE_HEAD("2019", "1") ONE, MK_POLICY_SUPPRESS, false);
    ck_assert(strstr(text_of(&m, "suppression"), "1 tot en met 4"));
    ck_assert(strstr(text_of(&m, "suppression"), "vanaf 5"));
    ck_assert(strstr(text_of(&m, "interval"), "x (0-6)"));
    ck_assert(*text_of(&m, "mark-x") && *text_of(&m, "insider"));
    mk_method_release(&m);
    page(&m, CUBE_HEAD("2019", "1") ONE, MK_POLICY_EXACT, false);
    ck_assert(strstr(text_of(&m, "suppression"), "zoals ze zijn"));
    ck_assert_str_eq(text_of(&m, "mark-x"), "");
    ck_assert_str_eq(text_of(&m, "interval"), "");
    ck_assert_str_eq(text_of(&m, "insider"), "");
    mk_method_release(&m);
    page(&m, CUBE_HEAD("2019", "1") ONE, MK_POLICY_INTERNAL, false);
    ck_assert(strstr(text_of(&m, "suppression"), "voor eigen gebruik"));
    mk_method_release(&m);
}
END_TEST

START_TEST(whoever_knows_a_dossier_is_named_only_if_the_rule_looks_at_him)
{
    struct mk_factsheet f;
    struct mk_method m;
    sheet_kit_build(&f, CUBE_HEAD("2019", "1") ONE, MK_POLICY_SUPPRESS, false);
    f.rule.insider = false;
    mk_method_init(&m);
    ck_assert_int_eq(mk_method_build(&m, &f), MK_OK);
    ck_assert_str_eq(text_of(&m, "insider"), "");
    mk_method_release(&m);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(year_basis_and_date_are_those_of_the_sheet)
{
    static const char bare[] = "meldkluis-cube: 1\nyears: 2019\nbasis: "
                               "calendar\ndata-date: -\nposition: 0\nrows: "
                               "0\n\n" CUBE_COLUMNS;
    struct mk_method m;
    page(&m, CUBE_HEAD_SCHOOL("2019", "1") ONE, MK_POLICY_EXACT, false);
    ck_assert(strstr(text_of(&m, "basis"), "schooljaren"));
    ck_assert(strstr(text_of(&m, "date"), "tot en met 1 maart 2023"));
    mk_method_release(&m);
    page(&m, CUBE_HEAD("2019", "1") ONE, MK_POLICY_EXACT, false);
    ck_assert(strstr(text_of(&m, "basis"), "kalenderjaren"));
    mk_method_release(&m);
    page(&m, bare, MK_POLICY_EXACT, false);
    ck_assert_str_eq(text_of(&m, "date"), "");
    mk_method_release(&m);
}
END_TEST

START_TEST(measures_are_called_as_in_the_table_and_law_is_named)
{
    struct mk_method m;
    size_t measures = 0;
    page(&m, CUBE_HEAD("2019", "1") ONE, MK_POLICY_EXACT, false);
    for (size_t i = 0; i < m.n; i++)
        for (int k = MK_MEASURE_DUTY; k <= MK_MEASURE_UNMET; k++)
            if (strcmp(m.item[i].id, mk_measure_get(k)->slug) == 0) {
                ck_assert(m.item[i].term);
                measures++;
            }
    ck_assert_uint_eq(measures, MK_MEASURE_UNMET - MK_MEASURE_DUTY + 1);
    ck_assert(strstr(text_of(&m, "overlegplicht"),
                     "(Bron: Wko art. 1.51b lid 1; Sr Titel XIV; Sr Titel "
                     "XX.)"));
    mk_method_release(&m);
}
END_TEST

START_TEST(the_page_does_not_depend_on_figures)
{
    struct mk_method a, b;
    page(&a, CUBE_HEAD("2019", "1") ONE, MK_POLICY_EXACT, false);
    page(&b, CUBE_HEAD("2019", "1") "2019,FG,BSO,HOU,J,XX,J,N,N,N,N,N,J,N,3\n",
         MK_POLICY_EXACT, false);
    ck_assert_uint_eq(a.n, b.n);
    for (size_t i = 0; i < a.n; i++)
        ck_assert_str_eq((const char *)a.item[i].text.data,
                         (const char *)b.item[i].text.data);
    mk_method_release(&a);
    mk_method_release(&b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_page_is_whole_in_both_languages_and_every_policy,
        no_two_items_have_one_anchor,
        each_policy_says_its_own_rule_only,
        whoever_knows_a_dossier_is_named_only_if_the_rule_looks_at_him,
        year_basis_and_date_are_those_of_the_sheet,
        measures_are_called_as_in_the_table_and_law_is_named,
        the_page_does_not_depend_on_figures,
    };
    return UNIT_RUN("method", tests, NULL);
}
