/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/render.h"

#include "reports/words.h"
#include "tests/support/cube_text.h"
#include "tests/support/sheet_kit.h"
#include "tests/support/unit.h"

#include <jansson.h>
#include <string.h>

#define SMALL                                      \
    "2018,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,1234\n" \
    "2019,FG,VGO,HOU,J,XX,J,N,N,N,N,N,J,N,5\n"

static mk_render *const renderers[] = {mk_render_text, mk_render_csv,
                                       mk_render_json, mk_render_html,
                                       mk_render_release};
#define RENDERERS (sizeof renderers / sizeof renderers[0])

static const char small_csv[] =
    "table,year,care_type,category,measure,unit,value,mark,lo,hi\n"
    "F1,2021,,,dossiers,dossier,4,,,\n"
    "F2,2021,,SM,dossiers,dossier,4,,,\n"
    "F2,2021,,SI,dossiers,dossier,0,,,\n"
    "F2,2021,,PG,dossiers,dossier,0,,,\n"
    "F2,2021,,FG,dossiers,dossier,0,,,\n"
    "F2,2021,,OV,dossiers,dossier,0,,,\n"
    "F2,2021,,TOT,dossiers,dossier,4,,,\n"
    "F3,2021,KDV,SM,dossiers,dossier,0,,,\n"
    "F3,2021,BSO,SM,dossiers,dossier,0,,,\n"
    "F3,2021,GASTOUDER,SM,dossiers,dossier,4,,,\n"
    "F3,2021,ONB,SM,dossiers,dossier,0,,,\n"
    "F3,2021,TOT,SM,dossiers,dossier,4,,,\n"
    "F3,2021,KDV,SI,dossiers,dossier,0,,,\n";

START_TEST(csv_is_as_the_interface_says)
{
    struct mk_factsheet f;
    struct mk_buf out;
    sheet_kit_build(
        &f, CUBE_HEAD("2021", "1") "2021,SM,GOB,OUD,J,XIV,J,J,J,J,J,N,N,N,4\n",
        MK_POLICY_EXACT, false);
    const char *csv = sheet_kit_render(&out, mk_render_csv, &f);
    ck_assert_msg(strncmp(csv, small_csv, sizeof small_csv - 1) == 0,
                  "begins with:\n%.600s", csv);
    ck_assert(strstr(csv, "\nF5,2021,,TOT,unmet,dossier,0,,,\n"
                          "F6,2021,,OUD,dossiers,dossier,4,,,\n"));
    ck_assert(strstr(csv, "F4,2021,,XX,mtbp,dossier,0,,,\n"
                          "F5,2021,,XIV,duty,dossier,4,,,\n"));
    ck_assert(strstr(csv, "F7,2021,TOT,,dossiers,dossier,4,,,\n"));
    ck_assert(!strstr(csv, "VGO") && !strstr(csv, "GOB"));
    size_t lines = 0;
    for (const char *p = csv; *p; p++)
        lines += *p == '\n';
    /* head, F1, F2, F3, F4, F5, F6, F7 */
    ck_assert_uint_eq(lines, 1 + 1 + 6 + 6 * 5 + 6 + 33 + 10 + 5);
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(internal_csv_has_vgo_gob_and_their_group)
{
    struct mk_factsheet f;
    struct mk_buf out;
    sheet_kit_build(&f, CUBE_HEAD("2018 2019", "2") SMALL, MK_POLICY_INTERNAL,
                    false);
    const char *csv = sheet_kit_render(&out, mk_render_csv, &f);
    ck_assert(strstr(csv, "F7,2019,KDV,,dossiers,dossier,0,,,\n"
                          "F7,2019,BSO,,dossiers,dossier,0,,,\n"
                          "F7,2019,VGO,,dossiers,dossier,5,,,\n"
                          "F7,2019,GOB,,dossiers,dossier,0,,,\n"
                          "F7,2019,GASTOUDER,,dossiers,dossier,5,,,\n"
                          "F7,2019,PSZ,,dossiers,dossier,,NA,,\n"
                          "F7,2019,ONB,,dossiers,dossier,0,,,\n"
                          "F7,2019,TOT,,dossiers,dossier,5,,,\n"));
    ck_assert(strstr(csv, "F5,2018,,XIV,duty,dossier,,NR,,\n"));
    ck_assert(strstr(csv, "F1,2018,,,dossiers,dossier,1234,,,\n"));
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(the_five_marks_are_distinct_in_every_output)
{
    struct mk_factsheet f;
    struct mk_buf out;
    sheet_kit_build(&f, CUBE_HEAD("2018 2019", "2") SMALL, MK_POLICY_EXACT,
                    true);
    struct mk_table *t = &f.table[MK_TABLE_F2];
    /* SM of 2019 as disclosure control will leave it */
    t->cells[t->category.n] = sheet_kit_hidden(0, 6);
    const char *text = sheet_kit_render(&out, mk_render_text, &f);
    ck_assert(strstr(text, "sexual abuse            1,234  x (0-6)\n"));
    ck_assert(strstr(text, " NR ") && strstr(text, " NA\n"));
    ck_assert(strstr(text, "    KDV: day care; BSO: out-of-school care; "));
    mk_buf_release(&out);
    text = sheet_kit_render(&out, mk_render_csv, &f);
    ck_assert(strstr(text, "F2,2019,,SM,dossiers,dossier,,x,0,6\n"));
    mk_buf_release(&out);
    text = sheet_kit_render(&out, mk_render_html, &f);
    ck_assert(strstr(text, "<td>1,234</td>"));
    ck_assert(strstr(text, "<td>0</td>"));
    ck_assert(strstr(text, "<abbr title=\"suppressed to protect people\">x "
                           "(0-6)</abbr>"));
    ck_assert(strstr(text, "<abbr title=\"not recorded\">NR</abbr>"));
    ck_assert(strstr(text, ">NA</abbr>"));
    mk_buf_release(&out);
    text = sheet_kit_render(&out, mk_render_json, &f);
    json_t *root = json_loads(text, 0, NULL);
    json_t *cells = json_object_get(
        json_array_get(json_object_get(root, "tables"), 1), "cells");
    json_t *cell = json_array_get(cells, t->category.n);
    ck_assert_str_eq(json_string_value(json_object_get(cell, "mark")), "x");
    ck_assert_int_eq(json_integer_value(json_object_get(cell, "hi")), 6);
    ck_assert(json_is_null(json_object_get(cell, "value")));
    json_decref(root);
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(internal_figures_are_marked_in_every_output_but_csv)
{
    for (int english = 0; english < 2; english++)
        for (size_t i = 0; i < RENDERERS; i++) {
            const char *marking = english ? "NOT FOR PUBLICATION"
                                          : "NIET VOOR PUBLICATIE";
            struct mk_factsheet f;
            struct mk_buf out;
            sheet_kit_build(&f, CUBE_HEAD("2018 2019", "2") SMALL,
                            MK_POLICY_INTERNAL, english);
            bool csv = renderers[i] == mk_render_csv;
            const char *text = sheet_kit_render(&out, renderers[i], &f);
            ck_assert(csv == !strstr(text, marking));
            mk_buf_release(&out);
            f.policy = MK_POLICY_EXACT;
            f.note[0].text.data[0] = '\0'; /* the note of the other policy */
            text = sheet_kit_render(&out, renderers[i], &f);
            ck_assert(!strstr(text, marking));
            mk_buf_release(&out);
            mk_factsheet_release(&f);
        }
}
END_TEST

START_TEST(every_table_of_the_page_is_marked_and_states_its_unit)
{
    struct mk_factsheet f;
    struct mk_buf out;
    sheet_kit_build(&f, CUBE_HEAD("2018 2019", "2") SMALL, MK_POLICY_INTERNAL,
                    false);
    size_t marked = 0, sections = 0, captions = 0, units = 0;
    const char *html = sheet_kit_render(&out, mk_render_html, &f);
    for (const char *p = html; (p = strstr(p, "class=\"marking\">")); p++)
        marked++;
    for (const char *p = html; (p = strstr(p, "<section ")); p++)
        sections++;
    for (const char *p = html; (p = strstr(p, "<caption")); p++) {
        const char *unit = strstr(p, "aantal dossiers");
        captions++;
        units += unit && unit < strstr(p, "</caption>");
    }
    ck_assert_uint_ge(sections, 1 + MK_TABLE_COUNT + 1);
    ck_assert_uint_eq(marked, 1 + sections);
    ck_assert_uint_eq(captions, MK_TABLE_COUNT + 1); /* F3 twice */
    ck_assert_uint_eq(units, captions);
    ck_assert(strstr(html, "@top-right{content:\"NIET VOOR PUBLICATIE\""));
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(the_page_runs_and_loads_nothing)
{
    static const char *const never[] = {"<script", "http:", "https:", "url(",
                                        "@import", "<img",  "<link",  " onl",
                                        "<iframe", "<form", " onc",   "//"};
    struct mk_factsheet f;
    struct mk_buf out;
    sheet_kit_build(&f, CUBE_HEAD("2018 2019", "2") SMALL, MK_POLICY_EXACT,
                    false);
    const char *html = sheet_kit_render(&out, mk_render_html, &f);
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        ck_assert_msg(!strstr(html, never[i]), "the page holds %s", never[i]);
    ck_assert(strstr(html, "default-src 'none'"));
    ck_assert(strncmp(html, "<!DOCTYPE html>\n<html lang=\"nl\">", 31) == 0);
    ck_assert(strstr(html, "<title>"));
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(text_fits_eighty_columns)
{
    static const char *const cubes[] = {
        CUBE_HEAD("2018 2019", "2") SMALL,
        CUBE_HEAD_SCHOOL("2015 2016 2017 2018 2019 2020 2021 2022", "2")
            SMALL};
    for (size_t i = 0; i < 2; i++) {
        struct mk_factsheet f;
        struct mk_buf out;
        sheet_kit_build(&f, cubes[i], MK_POLICY_INTERNAL, i);
        const char *line = sheet_kit_render(&out, mk_render_text, &f);
        while (*line) {
            size_t n = strcspn(line, "\n"), width = 0;
            for (size_t k = 0; k < n; k++)
                width += ((unsigned char)line[k] & 0xc0) != 0x80;
            ck_assert_msg(width <= 79, "%.*s", (int)n, line);
            ck_assert(n == 0 || line[n - 1] != ' ');
            line += n + (line[n] == '\n');
        }
        mk_buf_release(&out);
        mk_factsheet_release(&f);
    }
}
END_TEST

START_TEST(school_years_are_written_with_both_years)
{
    struct mk_factsheet f;
    struct mk_buf out;
    sheet_kit_build(&f, CUBE_HEAD_SCHOOL("2018 2019", "2") SMALL,
                    MK_POLICY_EXACT, false);
    ck_assert(strstr(sheet_kit_render(&out, mk_render_csv, &f),
                     "F1,2018/2019,,,dossiers,dossier,1234,,,\n"));
    mk_buf_release(&out);
    ck_assert(strstr(sheet_kit_render(&out, mk_render_text, &f),
                     "2018/2019  2019/2020\n"));
    mk_buf_release(&out);
    ck_assert(strstr(sheet_kit_render(&out, mk_render_html, &f),
                     "<th scope=\"col\">2018/2019</th>"));
    mk_buf_release(&out);
    ck_assert(strstr(sheet_kit_render(&out, mk_render_json, &f),
                     "\"basis\": \"school\""));
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(numbers_are_written_as_the_language_does)
{
    static const struct {
        uint64_t n;
        const char *nl, *en;
    } cases[] = {
        {0, "0", "0"},
        {999, "999", "999"},
        {1000, "1.000", "1,000"},
        {123456, "123.456", "123,456"},
        {UINT64_MAX, "18.446.744.073.709.551.615",
         "18,446,744,073,709,551,615"},
    };
    char text[MK_CELL_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mk_words_number(text, cases[i].n, false);
        ck_assert_str_eq(text, cases[i].nl);
        mk_words_number(text, cases[i].n, true);
        ck_assert_str_eq(text, cases[i].en);
    }
}
END_TEST

START_TEST(json_says_what_it_was_made_from)
{
    struct mk_factsheet f;
    struct mk_buf out;
    sheet_kit_build(&f, CUBE_HEAD("2018 2019", "2") SMALL, MK_POLICY_INTERNAL,
                    false);
    const char *text = sheet_kit_render(&out, mk_render_release, &f);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    ck_assert(root != NULL);
    ck_assert_int_eq(json_integer_value(json_object_get(root, "schema")), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(root, "position")),
                     366);
    ck_assert_str_eq(json_string_value(json_object_get(root, "data_date")),
                     "2023-03-01");
    ck_assert(json_is_false(json_object_get(root, "for_publication")));
    ck_assert_uint_eq(json_array_size(json_object_get(root, "notes")),
                      f.n_notes);
    ck_assert(json_object_get(root, "tables") == NULL);
    json_decref(root);
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(the_same_counts_give_the_same_bytes_in_any_order)
{
    static const char turned[] = CUBE_HEAD(
        "2018 2019", "2") "2019,FG,VGO,HOU,J,XX,J,N,N,N,N,N,J,N,5\n"
                          "2018,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,1234\n";
    struct mk_factsheet a, b;
    sheet_kit_build(&a, CUBE_HEAD("2018 2019", "2") SMALL, MK_POLICY_EXACT,
                    false);
    sheet_kit_build(&b, turned, MK_POLICY_EXACT, false);
    for (size_t i = 0; i < RENDERERS; i++) {
        struct mk_buf x, y;
        ck_assert_str_eq(sheet_kit_render(&x, renderers[i], &a),
                         sheet_kit_render(&y, renderers[i], &b));
        mk_buf_release(&x);
        mk_buf_release(&y);
    }
    mk_factsheet_release(&a);
    mk_factsheet_release(&b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        csv_is_as_the_interface_says,
        internal_csv_has_vgo_gob_and_their_group,
        the_five_marks_are_distinct_in_every_output,
        internal_figures_are_marked_in_every_output_but_csv,
        every_table_of_the_page_is_marked_and_states_its_unit,
        the_page_runs_and_loads_nothing,
        text_fits_eighty_columns,
        school_years_are_written_with_both_years,
        numbers_are_written_as_the_language_does,
        json_says_what_it_was_made_from,
        the_same_counts_give_the_same_bytes_in_any_order,
    };
    return UNIT_RUN("render", tests, NULL);
}
