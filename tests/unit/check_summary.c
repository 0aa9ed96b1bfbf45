/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/summary.h"

#include "reports/window.h"
#include "tests/support/cube_text.h"
#include "tests/support/sheet_kit.h"
#include "tests/support/unit.h"

#include <string.h>

/* The published figures of 2020, and years around it. */
#define ROWS                                       \
    "2018,PG,BSO,OUD,N,GEEN,N,NR,N,N,N,N,N,N,33\n" \
    "2018,FG,KDV,OUD,N,GEEN,N,NR,N,N,N,N,N,N,79\n" \
    "2019,PG,BSO,OUD,N,GEEN,N,NR,N,N,N,N,N,N,30\n" \
    "2019,FG,KDV,HOU,J,XX,J,J,N,N,N,N,N,N,68\n"    \
    "2020,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,8\n"    \
    "2020,SM,KDV,HOU,J,XIV,J,J,J,J,N,J,N,J,3\n"    \
    "2020,SM,BSO,MED,J,XIV,J,N,N,N,N,N,N,N,6\n"    \
    "2020,SM,VGO,OUD,N,XIV,N,NR,N,N,N,N,N,N,4\n"   \
    "2020,SI,BSO,OUD,J,GEEN,N,NR,N,N,N,N,N,N,18\n" \
    "2020,PG,KDV,OUD,N,GEEN,N,NR,N,N,N,N,N,N,20\n" \
    "2020,FG,KDV,HOU,J,XX,J,J,N,N,N,N,N,N,12\n"    \
    "2020,FG,KDV,PRO,J,XX,J,NR,N,N,N,N,J,N,7\n"    \
    "2020,FG,BSO,OUD,N,GEEN,N,NR,N,N,N,N,N,N,8\n"  \
    "2020,FG,VGO,OUD,N,GEEN,N,NR,N,N,N,N,N,N,7\n"  \
    "2020,FG,GOB,GGD,N,GEEN,N,NR,N,N,N,N,N,N,6\n"  \
    "2020,OV,VGO,ANO,ONB,ONB,ONB,NR,N,N,N,N,N,N,4\n"
static const char published[] = CUBE_HEAD("2018 2019 2020", "16") ROWS;

/* Three years of which everything can be said. */
#define PLAIN(before, now)                              \
    "2022,FG,KDV,HOU,J,XX,J,J,J,J,J,N,N,N,20\n"         \
    "2023,FG,KDV,HOU,J,XX,J,J,J,J,J,N,N,N," before "\n" \
    "2024,FG,KDV,HOU,J,XX,J,J,J,J,J,N,N,N," now "\n"
#define HEAD_2025(years, basis, date)                                         \
    "meldkluis-cube: 1\nyears: " years "\nbasis: " basis "\ndata-date: " date \
    "\nposition: 9\nrows: 3\n\n" CUBE_COLUMNS

static const char *sentence(const struct mk_factsheet *f, size_t i)
{
    return (const char *)f->summary[i].text.data;
}

static bool says(const struct mk_factsheet *f, const char *text)
{
    for (size_t i = 0; i < f->n_summary; i++)
        if (strstr(sentence(f, i), text))
            return true;
    return false;
}

/* The first sentence called id, or "". */
static const char *called(const struct mk_factsheet *f, const char *id)
{
    for (size_t i = 0; i < f->n_summary; i++)
        if (strcmp(f->summary[i].id, id) == 0)
            return sentence(f, i);
    return "";
}

static void hide(struct mk_cell *c, uint64_t lo, uint64_t hi)
{
    *c = sheet_kit_hidden(lo, hi);
}

/* ---- what it says ---- */

START_TEST(the_published_figures_are_said_in_plain_words)
{
    static const char *const said[] = {
        "Aantal dossiers: 112 in 2018, 98 in 2019 en 103 in 2020.",
        "In 2020 was de kinderopvang een deel van het jaar gesloten. "
        "Vergelijk de jaren daarom niet zomaar met elkaar.",
        "Bij 40 van de 103 dossiers uit 2020 (39%) gaat het om fysiek "
        "geweld.",
        "Bij 21 van de 103 dossiers uit 2020 (20%) gaat het om seksueel "
        "misbruik.",
        "Bij 20 van de 103 dossiers uit 2020 (19%) gaat het om psychisch "
        "geweld.",
        "Bij 50 van de 103 dossiers uit 2020 (49%) is de opvangsoort "
        "dagopvang.",
        "Bij 32 van de 103 dossiers uit 2020 (31%) is de opvangsoort "
        "buitenschoolse opvang.",
        "Bij 21 van de 103 dossiers uit 2020 (20%) is de opvangsoort "
        "gastouderopvang en gastouderbureau.",
        "Bij 65 van de 103 dossiers uit 2020 (63%) kwam de melding van: "
        "ouder.",
        "Bij 15 van de 103 dossiers uit 2020 (15%) kwam de melding van: "
        "houder.",
        "Bij 7 van de 103 dossiers uit 2020 (7%) kwam de melding van: "
        "professional (Veilig Thuis ...).",
        "Bij 17 van de 21 dossiers over seksueel misbruik uit 2020 (81%) "
        "gaat het vermoeden over een mtbp.",
        "Bij alle 18 dossiers over seksuele intimidatie uit 2020 gaat het "
        "vermoeden over een mtbp.",
        "Bij alle 19 dossiers over mishandeling uit 2020 gaat het vermoeden "
        "over een mtbp.",
        "Een mtbp is iemand met een taak in de opvang, zoals een medewerker "
        "of een gastouder.",
        "Bij 36 van de 103 dossiers uit 2020 (35%) geldt de overlegplicht.",
        "Overlegplicht wil zeggen: de houder moet overleggen met de "
        "vertrouwensinspecteur.",
        "Bij 23 van de 36 dossiers met overlegplicht uit 2020 (64%) heeft de "
        "houder direct overlegd.",
        "Bij 7 van de 36 dossiers met overlegplicht uit 2020 (19%) is niet "
        "vastgelegd of de houder direct heeft overlegd.",
        "Bij 11 van de 36 dossiers met overlegplicht uit 2020 (31%) was er "
        "een redelijk vermoeden.",
        "Na een redelijk vermoeden moet de houder aangifte doen bij de "
        "politie.",
        "Bij 8 van de 11 dossiers met een redelijk vermoeden uit 2020 (73%) "
        "is de aangifte bevestigd.",
        "Bij 7 van de 36 dossiers met overlegplicht uit 2020 (19%) is die "
        "plicht niet nagekomen.",
        "Bij 3 van de 11 dossiers met een redelijk vermoeden uit 2020 (27%) "
        "is de aangifteplicht niet nagekomen.",
        "Cijfers over de overlegplicht en de aangifteplicht zijn in 2018 "
        "niet bijgehouden.",
        "Een dossier gaat over een vermoeden, niet over een bewezen feit.",
    };
    struct mk_factsheet f;
    sheet_kit_build(&f, published, MK_POLICY_EXACT, false);
    ck_assert_uint_eq(f.n_summary, sizeof said / sizeof said[0]);
    for (size_t i = 0; i < f.n_summary; i++)
        ck_assert_str_eq(sentence(&f, i), said[i]);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(the_same_is_said_in_english)
{
    struct mk_factsheet f;
    sheet_kit_build(&f, published, MK_POLICY_EXACT, true);
    ck_assert_str_eq(sentence(&f, 0), "Number of dossiers: 112 in 2018, 98 in "
                                      "2019 and 103 in 2020.");
    ck_assert_str_eq(called(&f, "category"),
                     "In 40 of the 103 dossiers of 2020 (39%) it is about "
                     "physical violence.");
    ck_assert_str_eq(called(&f, "direct"),
                     "In 23 of the 36 dossiers with an overlegplicht of 2020 "
                     "(64%) the houder consulted at once.");
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(each_subject_has_one_heading)
{
    static const char *const wanted[] = {
        "Hoeveel dossiers",
        "Waar het over gaat",
        "Opvangsoorten",
        "Melders",
        "Mensen met een taak in de opvang",
        "Overlegplicht en aangifteplicht",
        "Hoe dit te lezen",
    };
    struct mk_factsheet f;
    size_t n = 0;
    sheet_kit_build(&f, published, MK_POLICY_EXACT, false);
    for (size_t i = 0; i < f.n_summary; i++) {
        const char *heading = mk_summary_heading(f.summary, i);
        if (!heading)
            continue;
        ck_assert_uint_lt(n, sizeof wanted / sizeof wanted[0]);
        ck_assert_str_eq(heading, wanted[n++]);
    }
    ck_assert_uint_eq(n, sizeof wanted / sizeof wanted[0]);
    ck_assert_ptr_null(mk_summary_heading(f.note, 0));
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(sentences_are_short)
{
    for (int english = 0; english < 2; english++) {
        struct mk_factsheet f;
        sheet_kit_build(&f, published, MK_POLICY_EXACT, english);
        for (size_t i = 0; i < f.n_summary; i++) {
            size_t words = 1;
            for (const char *p = sentence(&f, i); *p; p++) {
                words += *p == ' ';
                if (*p == '.' && p[1] == ' ')
                    words = 0;
                ck_assert_msg(words <= 22, "%s", sentence(&f, i));
            }
        }
        mk_factsheet_release(&f);
    }
}
END_TEST

START_TEST(school_years_are_called_so)
{
    struct mk_factsheet f;
    sheet_kit_build(
        &f,
        CUBE_HEAD_SCHOOL("2022",
                         "1") "2022,FG,KDV,HOU,J,XX,J,J,J,J,J,N,N,N,1234\n",
        MK_POLICY_EXACT, false);
    ck_assert_str_eq(sentence(&f, 0), "Aantal dossiers: 1.234 in 2022/2023.");
    ck_assert_str_eq(called(&f, "category"),
                     "Bij alle 1.234 dossiers uit schooljaar 2022/2023 gaat "
                     "het om fysiek geweld.");
    ck_assert_str_eq(called(&f, "unfinished"),
                     "De cijfers van 2022/2023 zijn nog niet volledig.");
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(a_year_without_dossiers_has_nothing_else_to_say)
{
    struct mk_factsheet f;
    sheet_kit_build(&f,
                    HEAD_2025("2022 2023 2024", "calendar", "2025-03-01")
                        PLAIN("20", "20"),
                    MK_POLICY_EXACT, false);
    ck_assert(*called(&f, "category"));
    mk_factsheet_release(&f);
    sheet_kit_build(
        &f,
        "meldkluis-cube: 1\nyears: 2022\nbasis: calendar\ndata-date: "
        "2025-03-01\nposition: 1\nrows: 0\n\n" CUBE_COLUMNS,
        MK_POLICY_EXACT, false);
    ck_assert_str_eq(sentence(&f, 0), "Aantal dossiers: 0 in 2022.");
    ck_assert_str_eq(sentence(&f, 1), "Een dossier gaat over een vermoeden, "
                                      "niet over een bewezen feit.");
    ck_assert_uint_eq(f.n_summary, 2);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(what_is_zero_is_said)
{
    struct mk_factsheet f;
    sheet_kit_build(&f, published, MK_POLICY_EXACT, false);
    *sheet_kit_cell(&f, MK_TABLE_F5, 2, "TOT", "", MK_MEASURE_COMPLAINT) =
        (struct mk_cell){.value = 0};
    *sheet_kit_cell(&f, MK_TABLE_F5, 2, "TOT", "", MK_MEASURE_DIRECT_NR) =
        (struct mk_cell){.value = 0};
    sheet_kit_say_again(&f);
    ck_assert_str_eq(called(&f, "complaint"),
                     "Bij geen enkel dossier uit 2020 is een aangifte "
                     "bevestigd.");
    ck_assert_str_eq(called(&f, "direct-nr"), "");
    mk_factsheet_release(&f);
}
END_TEST

/* ---- what it refuses to say ---- */

START_TEST(a_hidden_figure_is_said_to_be_hidden)
{
    struct mk_factsheet f;
    sheet_kit_build(&f, published, MK_POLICY_EXACT, false);
    ck_assert_str_eq(called(&f, "hidden"), "");
    hide(sheet_kit_cell(&f, MK_TABLE_F5, 2, "TOT", "", MK_MEASURE_COMPLAINT),
         0, 9);
    hide(sheet_kit_cell(&f, MK_TABLE_F5, 2, "TOT", "", MK_MEASURE_DIRECT_NR),
         0, 9);
    hide(sheet_kit_cell(&f, MK_TABLE_F1, 1, "", "", MK_MEASURE_DOSSIERS), 90,
         99);
    sheet_kit_say_again(&f);
    ck_assert_str_eq(called(&f, "complaint"),
                     "Bij hoeveel dossiers uit 2020 een aangifte is "
                     "bevestigd, is afgeschermd.");
    ck_assert_str_eq(called(&f, "direct-nr"), "");
    ck_assert(says(&f, "112 in 2018, afgeschermd in 2019 en 103 in 2020."));
    ck_assert_str_eq(called(&f, "hidden"),
                     "Waar een x staat, is het aantal afgeschermd om mensen "
                     "te beschermen.");
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(a_figure_of_a_hidden_whole_stands_alone)
{
    struct mk_factsheet f;
    sheet_kit_build(&f, published, MK_POLICY_EXACT, false);
    hide(sheet_kit_cell(&f, MK_TABLE_F5, 2, "TOT", "", MK_MEASURE_DUTY), 30,
         40);
    hide(sheet_kit_cell(&f, MK_TABLE_F2, 2, "TOT", "", MK_MEASURE_DOSSIERS),
         90, 110);
    sheet_kit_say_again(&f);
    ck_assert_str_eq(called(&f, "direct"),
                     "Aantal dossiers uit 2020 waarbij de houder direct heeft "
                     "overlegd: 23.");
    ck_assert_str_eq(called(&f, "category"),
                     "Aantal dossiers uit 2020 over fysiek geweld: 40.");
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(a_figure_is_no_part_of_a_smaller_one_or_of_one_dossier)
{
    struct mk_factsheet f;
    sheet_kit_build(&f, published, MK_POLICY_EXACT, false);
    struct mk_cell *red =
        sheet_kit_cell(&f, MK_TABLE_F5, 2, "TOT", "", MK_MEASURE_RED);
    struct mk_cell *complaint =
        sheet_kit_cell(&f, MK_TABLE_F5, 2, "TOT", "", MK_MEASURE_COMPLAINT);
    red->value = 7;
    sheet_kit_say_again(&f);
    ck_assert_str_eq(called(&f, "complaint"), "Aantal dossiers uit 2020 met "
                                              "een bevestigde aangifte: 8.");
    red->value = complaint->value = 1;
    sheet_kit_say_again(&f);
    ck_assert_str_eq(called(&f, "complaint"), "Aantal dossiers uit 2020 met "
                                              "een bevestigde aangifte: 1.");
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(a_percentage_needs_ten_dossiers_and_a_whole_number)
{
    static const struct {
        uint64_t n, all;
        const char *said;
    } cases[] = {
        {5, 9, "5 van de 9 dossiers met een redelijk vermoeden uit 2020 is"},
        {5, 10,
         "5 van de 10 dossiers met een redelijk vermoeden uit 2020 "
         "(50%) is"},
        {1, 201,
         "1 van de 201 dossiers met een redelijk vermoeden uit 2020 "
         "is"},
        {1, 200,
         "1 van de 200 dossiers met een redelijk vermoeden uit 2020 "
         "(1%) is"},
        {200, 201,
         "200 van de 201 dossiers met een redelijk vermoeden uit "
         "2020 is"},
        {201, 201, "alle 201 dossiers met een redelijk vermoeden uit 2020 is"},
        {2, 16,
         "2 van de 16 dossiers met een redelijk vermoeden uit 2020 "
         "(13%) is"},
        {1234, 5678,
         "1.234 van de 5.678 dossiers met een redelijk vermoeden "
         "uit 2020 (22%) is"},
    };
    struct mk_factsheet f;
    sheet_kit_build(&f, published, MK_POLICY_EXACT, false);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sheet_kit_cell(&f, MK_TABLE_F5, 2, "TOT", "", MK_MEASURE_RED)->value =
            cases[i].all;
        sheet_kit_cell(&f, MK_TABLE_F5, 2, "TOT", "", MK_MEASURE_COMPLAINT)
            ->value = cases[i].n;
        sheet_kit_say_again(&f);
        ck_assert_msg(strstr(called(&f, "complaint"), cases[i].said), "%s",
                      called(&f, "complaint"));
    }
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(the_largest_is_named_only_where_it_is_sure)
{
    struct mk_factsheet f;
    sheet_kit_build(&f, published, MK_POLICY_EXACT, false);
    struct mk_cell *abuse =
        sheet_kit_cell(&f, MK_TABLE_F2, 2, "SM", "", MK_MEASURE_DOSSIERS);
    hide(abuse, 5, 39); /* surely less than the 40 of FG, not than 20 of PG */
    sheet_kit_say_again(&f);
    ck_assert(says(&f, "fysiek geweld") && !says(&f, "psychisch geweld"));
    ck_assert_str_eq(called(&f, "category-hidden"),
                     "Een deel van de aantallen per categorie van 2020 is "
                     "afgeschermd.");
    hide(abuse, 5, 40);
    sheet_kit_say_again(&f);
    ck_assert(!says(&f, "fysiek geweld"));
    hide(abuse, 5, MK_NO_END);
    sheet_kit_say_again(&f);
    ck_assert_str_eq(called(&f, "category"), "");
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(where_all_categories_are_hidden_so_it_is_said)
{
    static const char *const slugs[] = {"SM", "SI", "PG", "FG", "OV"};
    struct mk_factsheet f;
    sheet_kit_build(&f, published, MK_POLICY_EXACT, false);
    for (size_t i = 0; i < sizeof slugs / sizeof slugs[0]; i++)
        hide(sheet_kit_cell(&f, MK_TABLE_F2, 2, slugs[i], "",
                            MK_MEASURE_DOSSIERS),
             0, 99);
    sheet_kit_say_again(&f);
    ck_assert_str_eq(called(&f, "category"), "");
    ck_assert_str_eq(called(&f, "category-hidden"),
                     "De aantallen per categorie van 2020 zijn afgeschermd.");
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(equal_figures_are_named_together_or_not_at_all)
{
    struct mk_factsheet f;
    sheet_kit_build(&f, published, MK_POLICY_EXACT, false);
    sheet_kit_cell(&f, MK_TABLE_F2, 2, "PG", "", MK_MEASURE_DOSSIERS)->value =
        18;
    sheet_kit_say_again(&f); /* PG 18 and SI 18: one place for two */
    ck_assert(says(&f, "om fysiek geweld") &&
              says(&f, "om seksueel misbruik"));
    ck_assert(!says(&f, "om psychisch") && !says(&f, "om seksuele intimi"));
    sheet_kit_cell(&f, MK_TABLE_F2, 2, "SM", "", MK_MEASURE_DOSSIERS)->value =
        4;
    sheet_kit_say_again(&f);
    ck_assert(says(&f, "om psychisch") && says(&f, "om seksuele intimi"));
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(duties_that_were_not_kept_are_said_so)
{
    struct mk_factsheet f;
    sheet_kit_build(
        &f,
        CUBE_HEAD("2016 2017 2018",
                  "1") "2018,SM,PSZ,OUD,J,XIV,J,J,J,J,J,N,N,N,70\n",
        MK_POLICY_EXACT, false);
    ck_assert_str_eq(called(&f, "duty"), "");
    ck_assert_str_eq(called(&f, "what-duty"), "");
    ck_assert_str_eq(called(&f, "red"), "");
    ck_assert_str_eq(called(&f, "not-kept"),
                     "Cijfers over de overlegplicht en de aangifteplicht zijn "
                     "in 2016, 2017 en 2018 niet bijgehouden.");
    mk_factsheet_release(&f);
}
END_TEST

/* ---- comparing ---- */

static void check_change(const char *text, const char *said)
{
    struct mk_factsheet f;
    sheet_kit_build(&f, text, MK_POLICY_EXACT, false);
    ck_assert_str_eq(called(&f, "change"), said);
    mk_factsheet_release(&f);
}

START_TEST(a_difference_is_said_where_years_are_alike)
{
#define THREE HEAD_2025("2022 2023 2024", "calendar", "2025-03-01")
    check_change(THREE PLAIN("30", "27"),
                 "In 2024 waren er 3 dossiers minder dan in 2023.");
    check_change(THREE PLAIN("30", "1230"),
                 "In 2024 waren er 1.200 dossiers meer dan in 2023.");
    check_change(THREE PLAIN("30", "31"),
                 "In 2024 was er 1 dossier meer dan in 2023.");
    check_change(THREE PLAIN("30", "29"),
                 "In 2024 was er 1 dossier minder dan in 2023.");
    check_change(THREE PLAIN("30", "30"),
                 "In 2024 waren er evenveel dossiers als in 2023.");
}
END_TEST

START_TEST(no_difference_is_said_where_years_are_not_alike)
{
    static const char *const cases[] = {
        /* not over yet */
        HEAD_2025("2022 2023 2024", "calendar", "2024-12-30")
            PLAIN("30", "27"),
        HEAD_2025("2022 2023 2024", "school", "2025-03-01") PLAIN("30", "27"),
        /* a closure year, an NR, a year between */
        CUBE_HEAD("2021 2022",
                  "2") "2021,FG,KDV,HOU,J,XX,J,J,J,J,J,N,N,N,30\n"
                       "2022,FG,KDV,HOU,J,XX,J,J,J,J,J,N,N,N,30\n",
        CUBE_HEAD("2018 2019", "2") "2018,FG,KDV,HOU,J,XX,J,J,J,J,J,N,N,N,3\n"
                                    "2019,FG,KDV,HOU,J,XX,J,J,J,J,J,N,N,N,3\n",
        HEAD_2025("2022 2024 2026", "calendar",
                  "2027-03-01") "2022,FG,KDV,HOU,J,XX,J,J,J,J,J,N,N,N,30\n"
                                "2024,FG,KDV,HOU,J,XX,J,J,J,J,J,N,N,N,30\n"
                                "2026,FG,KDV,HOU,J,XX,J,J,J,J,J,N,N,N,30\n",
        /* one year only */
        CUBE_HEAD("2022", "1") "2022,FG,KDV,HOU,J,XX,J,J,J,J,J,N,N,N,30\n",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_change(cases[i], "");
}
END_TEST

START_TEST(no_difference_is_said_of_years_counted_at_other_moments)
{
    struct mk_factsheet f;
    sheet_kit_build(&f, THREE PLAIN("30", "27"), MK_POLICY_EXACT, false);
    f.frozen[1] = true;
    f.frozen_date[1] = mk_date_day(2024, 3, 1);
    f.frozen_date[2] = mk_date_day(2025, 3, 1);
    sheet_kit_say_again(&f);
    ck_assert_str_eq(called(&f, "change"), "");
    f.frozen[2] = true;
    f.frozen_date[1] = f.frozen_date[2];
    sheet_kit_say_again(&f);
    ck_assert_str_ne(called(&f, "change"), "");
    f.revised[1] = true;
    sheet_kit_say_again(&f);
    ck_assert_str_eq(called(&f, "change"), "");
    f.revised[1] = false;
    f.revised[2] = true;
    sheet_kit_say_again(&f);
    ck_assert_str_eq(called(&f, "change"), "");
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(a_year_frozen_before_its_end_is_not_over)
{
    struct mk_factsheet f;
    sheet_kit_build(&f, THREE PLAIN("30", "27"), MK_POLICY_EXACT, false);
    f.frozen[1] = f.frozen[2] = true;
    f.frozen_date[1] = f.frozen_date[2] = mk_date_day(2024, 10, 1);
    sheet_kit_say_again(&f);
    ck_assert(mk_window_is_over(&f, 1) && !mk_window_is_over(&f, 2));
    ck_assert_str_eq(called(&f, "change"), "");
    ck_assert_str_eq(called(&f, "unfinished"),
                     "De cijfers van 2024 zijn nog niet volledig.");
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(no_difference_is_said_of_a_hidden_total)
{
    for (size_t y = 1; y < 3; y++) {
        struct mk_factsheet f;
        sheet_kit_build(&f, THREE PLAIN("30", "27"), MK_POLICY_EXACT, false);
        hide(sheet_kit_cell(&f, MK_TABLE_F1, y, "", "", MK_MEASURE_DOSSIERS),
             20, 40);
        sheet_kit_say_again(&f);
        ck_assert_str_eq(called(&f, "change"), "");
        mk_factsheet_release(&f);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_published_figures_are_said_in_plain_words,
        the_same_is_said_in_english,
        each_subject_has_one_heading,
        sentences_are_short,
        school_years_are_called_so,
        a_year_without_dossiers_has_nothing_else_to_say,
        what_is_zero_is_said,
        a_hidden_figure_is_said_to_be_hidden,
        a_figure_of_a_hidden_whole_stands_alone,
        a_figure_is_no_part_of_a_smaller_one_or_of_one_dossier,
        a_percentage_needs_ten_dossiers_and_a_whole_number,
        the_largest_is_named_only_where_it_is_sure,
        where_all_categories_are_hidden_so_it_is_said,
        equal_figures_are_named_together_or_not_at_all,
        duties_that_were_not_kept_are_said_so,
        a_difference_is_said_where_years_are_alike,
        no_difference_is_said_where_years_are_not_alike,
        no_difference_is_said_of_years_counted_at_other_moments,
        a_year_frozen_before_its_end_is_not_over,
        no_difference_is_said_of_a_hidden_total,
    };
    return UNIT_RUN("summary", tests, NULL);
}
