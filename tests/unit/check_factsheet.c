/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/factsheet.h"
#include "reports/notes.h"
#include "reports/words.h"
#include "tests/support/cube_text.h"
#include "tests/support/sheet_kit.h"
#include "tests/support/unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Three years that differ in what was kept and which codes there were. */
#define ROWS                                         \
    "2018,SM,PSZ,OUD,J,XIV,J,J,J,J,J,N,N,N,7\n"      \
    "2018,FG,VGO,HOU,J,XX,J,N,N,N,N,N,J,N,5\n"       \
    "2018,NR,NR,OUD,NR,NR,NR,NR,N,N,N,N,N,N,2\n"     \
    "2021,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,10\n"     \
    "2021,SM,KDV,OUD,J,XIV,J,N,J,J,N,J,N,J,3\n"      \
    "2021,SM,BSO,HOU,N,XIV,N,NR,N,N,N,N,N,N,4\n"     \
    "2021,SI,BSO,HOU,J,GEEN,N,NR,N,N,N,N,N,N,6\n"    \
    "2021,FG,GOB,MED,J,XX,J,NR,N,N,N,N,J,N,2\n"      \
    "2021,PG,VGO,MED,J,XX,J,NR,J,J,N,N,J,J,1\n"      \
    "2021,OV,ONB,ANO,ONB,ONB,ONB,NR,N,N,N,N,N,N,1\n" \
    "2021,ONB,NR,NR,NR,NR,NR,NR,N,N,N,N,N,N,8\n"     \
    "2022,DI,KDV,OUD,J,GEEN,N,NR,N,N,N,N,N,N,9\n"
static const char cube[] = CUBE_HEAD("2018 2021 2022", "12") ROWS;

static struct mk_factsheet internal, exact;

static void setup(void)
{
    sheet_kit_build(&internal, cube, MK_POLICY_INTERNAL, false);
    sheet_kit_build(&exact, cube, MK_POLICY_EXACT, false);
}

/* Index of slug on the axis; n if it has no printed row. */
static size_t find(const struct mk_axis *axis, const char *slug)
{
    for (size_t i = 0; i < axis->n; i++)
        if (!axis->row[i].hidden && strcmp(axis->row[i].slug, slug) == 0)
            return i;
    return axis->n;
}

/* "NR", "NA", a number, or "-" where there is no such cell. */
static const char *in(const struct mk_factsheet *f, enum mk_table_id id,
                      int year, const char *category, const char *care_type,
                      const char *measure)
{
    static char text[MK_CELL_TEXT];
    const struct mk_table *t = &f->table[id];
    size_t c = find(&t->category, category);
    size_t k = find(&t->care_type, care_type);
    for (size_t y = 0; y < f->n_years; y++)
        for (size_t m = 0; m < t->measures; m++)
            if (f->years[y] == year && c < t->category.n &&
                k < t->care_type.n &&
                strcmp(mk_measure_get(t->first + m)->slug, measure) == 0) {
                mk_words_cell(text, mk_factsheet_cell(t, y, c, k, m), true);
                return text;
            }
    return "-";
}

#define IS(table, year, category, care_type, measure, wanted)                \
    ck_assert_str_eq(                                                        \
        in(&internal, MK_TABLE_##table, year, category, care_type, measure), \
        wanted)

START_TEST(every_dossier_counts_once_a_year)
{
    IS(F1, 2018, "", "", "dossiers", "14");
    IS(F1, 2021, "", "", "dossiers", "35");
    IS(F1, 2022, "", "", "dossiers", "9");
}
END_TEST

START_TEST(categories_add_up_with_a_row_for_the_unknown)
{
    IS(F2, 2021, "SM", "", "dossiers", "17");
    IS(F2, 2021, "SI", "", "dossiers", "6");
    IS(F2, 2021, "PG", "", "dossiers", "1");
    IS(F2, 2021, "FG", "", "dossiers", "2");
    IS(F2, 2021, "OV", "", "dossiers", "1");
    IS(F2, 2021, "ONB", "", "dossiers", "8");
    IS(F2, 2021, "TOT", "", "dossiers", "35");
    IS(F2, 2018, "ONB", "", "dossiers", "2");
    IS(F2, 2022, "ONB", "", "dossiers", "0");
}
END_TEST

START_TEST(a_code_that_is_not_valid_in_a_year_is_na_and_left_out_of_totals)
{
    IS(F2, 2018, "DI", "", "dossiers", "NA");
    IS(F2, 2021, "DI", "", "dossiers", "NA");
    IS(F2, 2022, "DI", "", "dossiers", "9");
    IS(F2, 2022, "RA", "", "dossiers", "0");
    IS(F2, 2022, "TOT", "", "dossiers", "9");
    IS(F3, 2021, "DI", "TOT", "dossiers", "NA");
    IS(F3, 2021, "DI", "GASTOUDER", "dossiers", "NA");
    IS(F3, 2022, "SM", "PSZ", "dossiers", "NA");
    IS(F3, 2022, "TOT", "PSZ", "dossiers", "NA");
    IS(F3, 2022, "TOT", "TOT", "dossiers", "9");
    IS(F7, 2018, "", "PSZ", "dossiers", "7");
    IS(F7, 2021, "", "PSZ", "dossiers", "NA");
    IS(F7, 2021, "", "TOT", "dossiers", "35");
}
END_TEST

START_TEST(a_code_valid_in_no_year_of_the_window_has_no_row)
{
    struct mk_factsheet f;
    sheet_kit_build(&f,
                    CUBE_HEAD("2019 2020",
                              "1") "2019,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,7\n",
                    MK_POLICY_INTERNAL, false);
    ck_assert_str_eq(in(&f, MK_TABLE_F2, 2019, "DI", "", "dossiers"), "-");
    ck_assert_str_eq(in(&f, MK_TABLE_F7, 2019, "", "PSZ", "dossiers"), "-");
    ck_assert_str_eq(in(&f, MK_TABLE_F2, 2019, "ONB", "", "dossiers"), "-");
    ck_assert_str_eq(in(&f, MK_TABLE_F6, 2020, "ONB", "", "dossiers"), "-");
    ck_assert_str_eq(in(&f, MK_TABLE_F6, 2020, "ANO", "", "dossiers"), "0");
    ck_assert_str_eq(in(&f, MK_TABLE_F2, 2020, "TOT", "", "dossiers"), "0");
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(category_by_care_type_adds_up_both_ways)
{
    const struct mk_table *t = &internal.table[MK_TABLE_F3];
    IS(F3, 2021, "SM", "KDV", "dossiers", "13");
    IS(F3, 2021, "SM", "BSO", "dossiers", "4");
    IS(F3, 2021, "SM", "TOT", "dossiers", "17");
    IS(F3, 2021, "PG", "VGO", "dossiers", "1");
    IS(F3, 2021, "FG", "GOB", "dossiers", "2");
    IS(F3, 2021, "TOT", "GASTOUDER", "dossiers", "3");
    IS(F3, 2021, "TOT", "BSO", "dossiers", "10");
    IS(F3, 2021, "TOT", "ONB", "dossiers", "9");
    IS(F3, 2021, "TOT", "TOT", "dossiers", "35");
    for (size_t y = 0; y < internal.n_years; y++) {
        uint64_t all = 0;
        for (size_t c = 0; c + 1 < t->category.n; c++)
            for (size_t k = 0; k + 1 < t->care_type.n; k++)
                if (t->care_type.row[k].kind != MK_ROW_GROUP)
                    all += mk_factsheet_cell(t, y, c, k, 0)->value;
        ck_assert_uint_eq(
            all, mk_factsheet_cell(&internal.table[MK_TABLE_F1], y, 0, 0, 0)
                     ->value);
    }
}
END_TEST

START_TEST(acts_by_an_mtbp_are_counted_in_category_and_qualification)
{
    IS(F4, 2021, "SM", "", "dossiers", "17");
    IS(F4, 2021, "SM", "", "mtbp", "13");
    IS(F4, 2021, "SI", "", "dossiers", "6");
    IS(F4, 2021, "SI", "", "mtbp", "6");
    IS(F4, 2021, "XX", "", "dossiers", "3");
    IS(F4, 2021, "XX", "", "mtbp", "3");
    IS(F4, 2018, "SM", "", "mtbp", "7");
    IS(F4, 2021, "TOT", "", "dossiers", "-");
}
END_TEST

START_TEST(duties_are_counted_where_there_is_a_duty)
{
    IS(F5, 2021, "XIV", "", "duty", "13");
    IS(F5, 2021, "XIV", "", "direct_j", "10");
    IS(F5, 2021, "XIV", "", "direct_n", "3");
    IS(F5, 2021, "XIV", "", "direct_nr", "0");
    IS(F5, 2021, "XIV", "", "red", "13");
    IS(F5, 2021, "XIV", "", "referred", "13");
    IS(F5, 2021, "XIV", "", "complaint", "10");
    IS(F5, 2021, "XIV", "", "police_report", "3");
    IS(F5, 2021, "XIV", "", "unmet_overleg", "0");
    IS(F5, 2021, "XIV", "", "unmet_aangifte", "3");
    IS(F5, 2021, "XIV", "", "unmet", "3");
    IS(F5, 2021, "XX", "", "duty", "3");
    IS(F5, 2021, "XX", "", "direct_nr", "3");
    IS(F5, 2021, "XX", "", "unmet_overleg", "3");
    IS(F5, 2021, "XX", "", "unmet_aangifte", "1");
    IS(F5, 2021, "TOT", "", "duty", "16");
    IS(F5, 2021, "TOT", "", "unmet_overleg", "3");
    IS(F5, 2021, "TOT", "", "unmet_aangifte", "4");
    IS(F5, 2022, "TOT", "", "duty", "0");
}
END_TEST

START_TEST(a_dossier_with_both_duties_unmet_is_unmet_once)
{
    IS(F5, 2021, "XX", "", "unmet", "3");
    IS(F5, 2021, "TOT", "", "unmet", "6");
}
END_TEST

START_TEST(duties_before_2019_are_not_recorded_whatever_the_data_hold)
{
    const struct mk_table *t = &internal.table[MK_TABLE_F5];
    for (size_t c = 0; c < t->category.n; c++)
        for (size_t m = 0; m < t->measures; m++) {
            const struct mk_cell *cell = mk_factsheet_cell(t, 0, c, 0, m);
            ck_assert_int_eq(cell->mark, MK_MARK_NR);
            ck_assert_uint_eq(cell->value, 0);
        }
    ck_assert_uint_eq(t->category.n * t->measures, 33);
}
END_TEST

START_TEST(a_school_year_that_begins_before_2019_was_not_kept)
{
    struct mk_factsheet f;
    sheet_kit_build(
        &f,
        CUBE_HEAD_SCHOOL("2018 2019",
                         "1") "2018,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,7\n",
        MK_POLICY_INTERNAL, false);
    ck_assert_str_eq(in(&f, MK_TABLE_F5, 2018, "XIV", "", "duty"), "NR");
    ck_assert_str_eq(in(&f, MK_TABLE_F5, 2019, "XIV", "", "duty"), "0");
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(reporters_and_care_types_add_up)
{
    IS(F6, 2021, "OUD", "", "dossiers", "13");
    IS(F6, 2021, "HOU", "", "dossiers", "10");
    IS(F6, 2021, "MED", "", "dossiers", "3");
    IS(F6, 2021, "GAS", "", "dossiers", "0");
    IS(F6, 2021, "ANO", "", "dossiers", "1");
    IS(F6, 2021, "ONB", "", "dossiers", "8");
    IS(F6, 2021, "TOT", "", "dossiers", "35");
    IS(F7, 2021, "", "KDV", "dossiers", "13");
    IS(F7, 2021, "", "VGO", "dossiers", "1");
    IS(F7, 2021, "", "GOB", "dossiers", "2");
    IS(F7, 2021, "", "GASTOUDER", "dossiers", "3");
    IS(F7, 2021, "", "ONB", "dossiers", "9");
}
END_TEST

START_TEST(a_publication_has_no_rows_for_vgo_and_gob)
{
    static const char *const shown[] = {"KDV", "BSO", "GASTOUDER",
                                        "PSZ", "ONB", "TOT"};
    const struct mk_axis *axis = &exact.table[MK_TABLE_F7].care_type;
    size_t n = 0;
    for (size_t i = 0; i < axis->n; i++)
        if (!axis->row[i].hidden)
            ck_assert_str_eq(axis->row[i].slug, shown[n++]);
    ck_assert_uint_eq(n, 6);
    ck_assert_str_eq(in(&exact, MK_TABLE_F7, 2021, "", "VGO", "dossiers"),
                     "-");
    ck_assert_str_eq(
        in(&exact, MK_TABLE_F7, 2021, "", "GASTOUDER", "dossiers"), "3");
    ck_assert_str_eq(in(&exact, MK_TABLE_F7, 2021, "", "TOT", "dossiers"),
                     "35");
}
END_TEST

/* ---- notes ---- */

static const char *note(const struct mk_factsheet *f, const char *id)
{
    for (size_t i = 0; i < f->n_notes; i++)
        if (strcmp(f->note[i].id, id) == 0)
            return (const char *)f->note[i].text.data;
    return "";
}

static void builds_for(struct mk_factsheet *f, const char *years, bool school)
{
    char text[1024];
    snprintf(text, sizeof text,
             "meldkluis-cube: 1\nyears: %s\nbasis: %s\ndata-date: "
             "2025-03-01\nposition: 1\nuncounted: - ontvangen 4\nrows: "
             "0\n\n%s",
             years, school ? "school" : "calendar", CUBE_COLUMNS);
    sheet_kit_build(f, text, MK_POLICY_INTERNAL, false);
}

START_TEST(a_window_with_a_closure_year_says_so)
{
    static const struct {
        const char *years;
        bool school;
        const char *said;
    } cases[] = {
        {"2018 2019 2020", false, "In 2020 was"},
        {"2019 2020 2021", false, "In 2020 en 2021 was"},
        {"2021 2022", false, "In 2021 was"},
        {"2018 2019", false, ""},
        {"2022 2023", false, ""},
        {"2018 2019", true, "In 2020 was"},
        {"2017 2018", true, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mk_factsheet f;
        builds_for(&f, cases[i].years, cases[i].school);
        const char *text = note(&f, "closure");
        ck_assert_msg(strncmp(text, cases[i].said, strlen(cases[i].said)) ==
                              0 &&
                          (*text != '\0') == (cases[i].said[0] != '\0'),
                      "%s: '%s'", cases[i].years, text);
        mk_factsheet_release(&f);
    }
}
END_TEST

START_TEST(a_year_that_was_not_over_is_called_incomplete)
{
    static const struct {
        const char *years;
        bool school;
        const char *named;
    } cases[] = {/* the data end on 1 March 2025 */
                 {"2023 2024", false, NULL},
                 {"2024 2025", false, "einde van 2025:"},
                 {"2023 2024", true, "einde van 2024/2025:"},
                 {"2026 2027", false, "einde van 2026 en 2027:"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mk_factsheet f;
        builds_for(&f, cases[i].years, cases[i].school);
        const char *text = note(&f, "unfinished");
        ck_assert(cases[i].named ? strstr(text, cases[i].named) != NULL
                                 : *text == '\0');
        mk_factsheet_release(&f);
    }
}
END_TEST

/* By what is printed: a hidden total is no 0. */
START_TEST(a_year_without_a_dossier_says_that_0_is_no_figure)
{
    struct mk_factsheet f;
    builds_for(&f, "2012 2013", false);
    ck_assert_ptr_nonnull(strstr(note(&f, "empty"), "Van 2012 en 2013 telt"));
    mk_factsheet_release(&f);
    for (int hidden = 0; hidden < 2; hidden++) {
        sheet_kit_build(
            &f,
            CUBE_HEAD("2018 2019",
                      "1") "2019,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,7\n",
            MK_POLICY_SUPPRESS, true);
        if (hidden)
            f.table[MK_TABLE_F1].cells[0] = sheet_kit_hidden(0, 3);
        ck_assert_int_eq(mk_notes_build(&f, NULL, NULL), MK_OK);
        ck_assert_int_eq(
            strncmp(note(&f, "empty"), "No dossier of 2018 counts", 25) == 0,
            !hidden);
        mk_factsheet_release(&f);
    }
    ck_assert_str_eq(note(&exact, "empty"), "");
}
END_TEST

START_TEST(no_note_compares_years)
{
    static const char *const trends[] = {
        "trend", "stijg",    "daling",   "toename", "afname",
        "groei", "gedaald",  "hoger",    "lager",   "rise",
        "fall",  "increase", "decrease", "growth"};
    for (size_t i = 0; i < internal.n_notes; i++)
        for (size_t t = 0; t < sizeof trends / sizeof trends[0]; t++)
            ck_assert_msg(
                !strstr((const char *)internal.note[i].text.data, trends[t]),
                "%s says %s", internal.note[i].id, trends[t]);
}
END_TEST

START_TEST(the_notes_say_what_the_figures_are)
{
    ck_assert(strstr(note(&internal, "unit"), "dossiers, geen meldingen"));
    ck_assert(strstr(note(&internal, "basis"), "kalenderjaren"));
    ck_assert(strstr(note(&internal, "date"), "#366"));
    ck_assert(strstr(note(&internal, "date"), "1 maart 2023"));
    ck_assert(strstr(note(&internal, "suspicion"), "vermoedens"));
    ck_assert(strstr(note(&internal, "not-recorded"), "2019"));
    ck_assert(strstr(note(&internal, "not-applicable"), "NA"));
    ck_assert(strstr(note(&internal, "category"), "ingetrokken"));
    ck_assert(strstr(note(&internal, "policy"), "NIET VOOR PUBLICATIE"));
    ck_assert(strstr(note(&exact, "policy"), "zoals ze zijn"));
    ck_assert(!strstr(note(&exact, "policy"), "NIET VOOR"));
}
END_TEST

START_TEST(uncounted_dossiers_are_told_only_internally)
{
    struct mk_factsheet f;
    builds_for(&f, "2019", false);
    ck_assert_str_eq(note(&f, "uncounted"),
                     "Buiten de telling gebleven: jaar onbekend: ontvangen "
                     "4.");
    ck_assert_str_eq(note(&f, "not-recorded"), "");
    mk_factsheet_release(&f);
    ck_assert_str_eq(note(&exact, "uncounted"), "");
}
END_TEST

START_TEST(small_cells_are_counted_as_printed)
{
    struct mk_factsheet f;
    sheet_kit_build(
        &f,
        CUBE_HEAD("2020", "1") "2020,OV,VGO,OUD,N,GEEN,N,NR,N,N,N,N,N,N,4\n",
        MK_POLICY_INTERNAL, false);
    /* F1; F2 OV TOT; F3 (OV TOT) x (VGO GASTOUDER TOT); F6; F7 */
    ck_assert_uint_eq(mk_factsheet_small(&f), 1 + 2 + 6 + 2 + 3);
    f.threshold = 4;
    ck_assert_uint_eq(mk_factsheet_small(&f), 0);
    mk_factsheet_release(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_dossier_counts_once_a_year,
        categories_add_up_with_a_row_for_the_unknown,
        a_code_that_is_not_valid_in_a_year_is_na_and_left_out_of_totals,
        a_code_valid_in_no_year_of_the_window_has_no_row,
        category_by_care_type_adds_up_both_ways,
        acts_by_an_mtbp_are_counted_in_category_and_qualification,
        duties_are_counted_where_there_is_a_duty,
        a_dossier_with_both_duties_unmet_is_unmet_once,
        duties_before_2019_are_not_recorded_whatever_the_data_hold,
        a_school_year_that_begins_before_2019_was_not_kept,
        reporters_and_care_types_add_up,
        a_publication_has_no_rows_for_vgo_and_gob,
        a_window_with_a_closure_year_says_so,
        a_year_that_was_not_over_is_called_incomplete,
        a_year_without_a_dossier_says_that_0_is_no_figure,
        no_note_compares_years,
        the_notes_say_what_the_figures_are,
        uncounted_dossiers_are_told_only_internally,
        small_cells_are_counted_as_printed,
    };
    return UNIT_RUN("factsheet", tests, setup);
}
