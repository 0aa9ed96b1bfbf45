/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/chart.h"

#include "reports/svg.h"
#include "tests/support/cube_text.h"
#include "tests/support/sheet_kit.h"
#include "tests/support/svg_look.h"
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* 2018 is before the duties were recorded; 2022 has two more categories. */
#define ROWS_2018_2020                             \
    "2018,SM,PSZ,OUD,J,XIV,J,J,J,J,J,N,N,N,50\n"   \
    "2020,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,40\n"   \
    "2020,SM,KDV,OUD,J,XIV,J,N,J,J,N,J,N,J,20\n"   \
    "2020,SM,BSO,HOU,N,XIV,J,NR,N,N,N,N,J,N,20\n"  \
    "2020,SI,BSO,HOU,J,GEEN,N,NR,N,N,N,N,N,N,10\n" \
    "2020,FG,GOB,MED,J,XX,J,NR,N,N,N,N,N,N,6\n"    \
    "2020,OV,ONB,ANO,ONB,ONB,ONB,NR,N,N,N,N,N,N,4\n"
static const char cube[] = CUBE_HEAD("2018 2020 2022", "8") ROWS_2018_2020
    "2022,DI,VGO,OUD,N,GEEN,N,NR,N,N,N,N,N,N,25\n";

/* The chart of one table; free with mk_buf_release. */
static const char *chart(struct mk_buf *out, const struct mk_factsheet *f,
                         enum mk_table_id id)
{
    mk_buf_init(out);
    ck_assert_int_eq(mk_chart_add(out, f, &f->table[id]), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(out), MK_OK);
    return (const char *)out->data;
}

static size_t cells_of(const struct mk_factsheet *f, const struct mk_table *t)
{
    return f->n_years * t->category.n * t->care_type.n * t->measures;
}

/* Lengths a and b are as figures m and n; a tenth is lost at each end. */
#define AS(a, b, m, n)                                     \
    ck_assert_msg(abs((a) * (n) - (b) * (m)) <= (m) + (n), \
                  "%d to %d, not as %d to %d", a, b, m, n)

static void check_charts(const struct mk_factsheet *f)
{
    for (unsigned id = 0; id < MK_TABLE_COUNT; id++) {
        struct mk_buf out;
        const char *text = chart(&out, f, id);
        svg_check_bare(text);
        svg_check_texts_fit(text);
        mk_buf_release(&out);
    }
}

/* ---- tests ---- */

START_TEST(every_table_has_a_figure_with_unit_title_and_description)
{
    struct mk_factsheet f;
    sheet_kit_build(&f, cube, MK_POLICY_INTERNAL, true);
    for (unsigned id = 0; id < MK_TABLE_COUNT; id++) {
        struct mk_buf out;
        char wanted[64];
        const char *text = chart(&out, &f, id);
        const char *name = f.table[id].id;
        svg_check_bare(text);
        snprintf(wanted, sizeof wanted, "<figure class=\"chart\" id=\"C-%s\">",
                 name);
        ck_assert_ptr_eq(strstr(text, wanted), text);
        ck_assert(strstr(strstr(text, "<figcaption>"), f.table[id].unit));
        snprintf(wanted, sizeof wanted,
                 "role=\"img\" aria-labelledby=\"C-%s-1-t C-%s-1-d\"", name,
                 name);
        ck_assert_msg(strstr(text, wanted), "%s", wanted);
        snprintf(wanted, sizeof wanted, "<title id=\"C-%s-1-t\">", name);
        ck_assert(strstr(text, wanted));
        snprintf(wanted, sizeof wanted, "<desc id=\"C-%s-1-d\">", name);
        ck_assert(strstr(text, wanted));
        mk_buf_release(&out);
    }
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(columns_are_as_high_as_their_figures_and_parts_add_up)
{
    struct mk_factsheet f;
    struct mk_buf out;
    int year[8], sm[8], si[8], fg[8];
    sheet_kit_build(&f, cube, MK_POLICY_EXACT, true);
    /* 50, 100 and 25 */
    svg_sizes(year, 8, chart(&out, &f, MK_TABLE_F1), "s0", "height");
    AS(year[1], year[0], 100, 50);
    AS(year[1], year[2], 100, 25);
    ck_assert_int_eq(year[3], 0);
    ck_assert(strstr((char *)out.data, "2018: 50; 2020: 100; 2022: 25."));
    mk_buf_release(&out);
    /* 2018: SM 50; 2020: SM 80, SI 10, FG 6, OV 4 of 100 */
    const char *text = chart(&out, &f, MK_TABLE_F2);
    svg_sizes(sm, 8, text, "s0", "height");
    svg_sizes(si, 8, text, "s1", "height");
    svg_sizes(fg, 8, text, "s3", "height");
    AS(sm[1], sm[0], 80, 50);
    AS(sm[1], si[0], 80, 10);
    AS(fg[0], si[0], 6, 10);
    ck_assert(strstr(text, ">SM 80</text>"));
    ck_assert(strstr(text, ">OV 4</text>"));
    ck_assert(strstr(text, "<b>OV</b> other"));
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(bars_are_as_long_as_their_figures_on_one_scale)
{
    struct mk_factsheet f;
    struct mk_buf out;
    int bar[16];
    sheet_kit_build(&f, cube, MK_POLICY_EXACT, true);
    /* F7: KDV 60, BSO 30, GASTOUDER 6 and 25, PSZ 50, ONB 4 */
    const char *text = chart(&out, &f, MK_TABLE_F7);
    svg_sizes(bar, 16, text, "s0", "width");
    AS(bar[0], bar[1], 60, 30);
    AS(bar[0], bar[3], 60, 25);
    AS(bar[0], bar[4], 60, 50);
    ck_assert(!strstr(text, "childminding<")); /* VGO alone is not printed */
    mk_buf_release(&out);
    /* F3: KDV SM 60, BSO SM 20 in another picture */
    text = chart(&out, &f, MK_TABLE_F3);
    svg_sizes(bar, 16, text, "s0", "width");
    AS(bar[0], bar[1], 60, 20);
    ck_assert(strstr(text, "all years: 0 or NA")); /* PSZ but for SM */
    mk_buf_release(&out);
    /* F4: of 80 SM 60 by an mtbp, within */
    text = chart(&out, &f, MK_TABLE_F4);
    svg_sizes(bar, 16, text, "s0", "width");
    AS(bar[0], bar[1], 50, 60);
    ck_assert(strstr(text, ">80, mtbp 60</text>"));
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(the_flow_shows_the_newest_recorded_year_in_proportion)
{
    struct mk_factsheet f;
    struct mk_buf out;
    int step[16];
    sheet_kit_build(&f, CUBE_HEAD("2018 2020", "7") ROWS_2018_2020,
                    MK_POLICY_EXACT, true);
    const char *text = chart(&out, &f, MK_TABLE_F5);
    /* duty 80, suspicion 60, referred 60, aangifte 40; then XX: 6 */
    svg_sizes(step, 16, text, "s0", "width");
    AS(step[0], step[1], 80, 60);
    ck_assert_int_eq(step[1], step[2]);
    AS(step[0], step[3], 80, 40);
    AS(step[0], step[4], 80, 6);
    /* consulted at once 40, not 20, not recorded 20 (and its swatch) */
    svg_sizes(step, 16, text, "s2", "width");
    int at_once = step[0];
    svg_sizes(step, 16, text, "s1", "width");
    AS(at_once, step[0], 40, 20);
    ck_assert(strstr(text, "2020</figcaption>"));
    ck_assert(strstr(text, "<li>2018: not recorded (<b>NR</b>)</li>"));
    ck_assert(!strstr(text, ">50</text>"));
    mk_buf_release(&out);
    mk_factsheet_release(&f);
    /* of 2020 and 2022 the latter */
    sheet_kit_build(&f, cube, MK_POLICY_EXACT, true);
    text = chart(&out, &f, MK_TABLE_F5);
    ck_assert(strstr(text, "2022</figcaption>"));
    ck_assert(!strstr(text, ">80</text>"));
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(a_chart_depends_on_nothing_but_printed_cells)
{
    struct mk_factsheet a, b;
    sheet_kit_build(&a, cube, MK_POLICY_EXACT, true);
    sheet_kit_build(&b, cube, MK_POLICY_EXACT, true);
    for (unsigned id = 0; id < MK_TABLE_COUNT; id++) {
        struct mk_table *t = &a.table[id];
        for (size_t i = 0; i < cells_of(&a, t); i++) {
            struct mk_cell *x = &t->cells[i], *y = &b.table[id].cells[i];
            size_t k = i / t->measures % t->care_type.n;
            if (t->care_type.row[k].hidden)
                y->value += 7; /* VGO, GOB: a row that is not printed */
            else if (x->mark == MK_MARK_NONE && i % 3 == 0) {
                *x = *y = sheet_kit_hidden(x->value / 2, x->value + 5);
                y->value = 1000 + i; /* is of no meaning with that mark */
            } else if (x->mark != MK_MARK_NONE)
                y->value = y->lo = y->hi = 77;
        }
    }
    for (unsigned id = 0; id < MK_TABLE_COUNT; id++) {
        struct mk_buf x, y;
        ck_assert_str_eq(chart(&x, &a, id), chart(&y, &b, id));
        ck_assert(id == MK_TABLE_F1 || strstr((char *)x.data, "class=\"hidd"));
        mk_buf_release(&x);
        mk_buf_release(&y);
    }
    mk_factsheet_release(&a);
    mk_factsheet_release(&b);
}
END_TEST

START_TEST(what_is_left_of_a_printed_total_is_hatched)
{
    struct mk_factsheet f;
    struct mk_buf out;
    int whole[8], sm[8];
    sheet_kit_build(&f, cube, MK_POLICY_EXACT, true);
    svg_sizes(whole, 8, chart(&out, &f, MK_TABLE_F2), "s0", "height");
    mk_buf_release(&out);
    *sheet_kit_cell(&f, MK_TABLE_F2, 1, "FG", "", MK_MEASURE_DOSSIERS) =
        sheet_kit_hidden(1, 9);
    *sheet_kit_cell(&f, MK_TABLE_F2, 1, "OV", "", MK_MEASURE_DOSSIERS) =
        sheet_kit_hidden(0, 8);
    const char *text = chart(&out, &f, MK_TABLE_F2);
    svg_sizes(sm, 8, text, "s0", "height");
    ck_assert_int_eq(sm[1], whole[1]);
    ck_assert(strstr(text, ">FG x</text>") && strstr(text, ">OV x</text>"));
    ck_assert(strstr(text, "hatched: suppressed to protect people. The "));
    /* 10 of 100 are left: an eighth of the 80 SM */
    const char *tag = svg_next(&text, "path", "hidden");
    AS(svg_point(tag, 2).y - svg_point(tag, 1).y, sm[1], 10, 80);
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(a_hidden_figure_is_a_frame_from_least_to_most)
{
    struct mk_factsheet f;
    struct mk_buf out;
    int bar[16];
    sheet_kit_build(&f, cube, MK_POLICY_EXACT, true);
    *sheet_kit_cell(&f, MK_TABLE_F7, 1, "", "BSO", MK_MEASURE_DOSSIERS) =
        sheet_kit_hidden(15, 45);
    *sheet_kit_cell(&f, MK_TABLE_F7, 1, "", "ONB", MK_MEASURE_DOSSIERS) =
        sheet_kit_hidden(3, MK_NO_END);
    const char *text = chart(&out, &f, MK_TABLE_F7);
    svg_sizes(bar, 16, text, "s0", "width"); /* KDV 60 */
    const char *tag = svg_next(&text, "rect", "s0");
    int zero = svg_length(tag, "x");
    tag = svg_next(&text, "path", "hidden"); /* up to the least */
    ck_assert_int_eq(svg_point(tag, 0).x, zero);
    AS(svg_point(tag, 1).x - zero, bar[0], 15, 60);
    tag = svg_next(&text, "path", "hidden");
    AS(svg_point(tag, 0).x - zero, bar[0], 15, 60);
    AS(svg_point(tag, 1).x - zero, bar[0], 45, 60);
    ck_assert(strstr(text, ">x (15-45)</text>"));
    ck_assert(strstr(text, ">x (3+)</text>"));
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

static void set_all(struct mk_factsheet *f, struct mk_cell with)
{
    for (unsigned id = 0; id < MK_TABLE_COUNT; id++)
        for (size_t i = 0; i < cells_of(f, &f->table[id]); i++)
            f->table[id].cells[i] = with;
}

START_TEST(tables_without_a_figure_say_why)
{
    static const struct mk_cell all[] = {
        {.mark = MK_MARK_NR},
        {.mark = MK_MARK_X, .lo = 0, .hi = MK_NO_END},
        {.mark = MK_MARK_X, .lo = 2, .hi = 2},
        {.mark = MK_MARK_NONE, .value = 0}};
    static const char *const words[] = {"not recorded",
                                        "suppressed to protect people",
                                        "suppressed to protect people", ">0<"};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct mk_factsheet f;
        sheet_kit_build(&f, cube, MK_POLICY_EXACT, true);
        set_all(&f, all[i]);
        check_charts(&f);
        for (unsigned id = 0; id < MK_TABLE_COUNT; id++) {
            struct mk_buf out;
            const char *text = chart(&out, &f, id);
            ck_assert_msg(strstr(text, words[i]) ||
                              strstr(text, "all years: 0"),
                          "%s: %s", f.table[id].id, words[i]);
            mk_buf_release(&out);
        }
        mk_factsheet_release(&f);
    }
}
END_TEST

START_TEST(the_text_of_a_chart_tells_what_its_bars_tell)
{
    struct mk_factsheet f;
    struct mk_buf out;
    sheet_kit_build(&f, cube, MK_POLICY_EXACT, true);
    /* SM is printed of 80, and by an mtbp hidden */
    *sheet_kit_cell(&f, MK_TABLE_F4, 1, "SM", "", MK_MEASURE_MTBP) =
        sheet_kit_hidden(40, 70);
    ck_assert(
        strstr(chart(&out, &f, MK_TABLE_F4), " 1 figure is suppressed."));
    mk_buf_release(&out);
    set_all(&f, (struct mk_cell){.mark = MK_MARK_NONE});
    const char *text = chart(&out, &f, MK_TABLE_F7);
    ck_assert(strstr(text, "No printed figure is above 0.") &&
              !strstr(text, "largest"));
    mk_buf_release(&out);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(long_windows_and_large_numbers_fit)
{
    static const char years[] =
        CUBE_HEAD_SCHOOL("1990 1991 1992 1993 1994 1995 1996 1997 1998 1999 "
                         "2000 2001 2002 2003 2004 2005 2006 2007 2008 2009 "
                         "2010 2011 2012 2013 2014 2015 2016 2017 2018 2019 "
                         "2020 2021",
                         "2") "1990,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,1\n"
                              "2021,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,"
                              "1000000000\n";
    struct mk_factsheet f;
    sheet_kit_build(&f, years, MK_POLICY_EXACT, true);
    check_charts(&f);
    set_all(&f, sheet_kit_hidden(100000000, 999999999));
    check_charts(&f);
    set_all(&f, (struct mk_cell){.value = UINT64_MAX / 64});
    check_charts(&f);
    mk_factsheet_release(&f);
}
END_TEST

START_TEST(hostile_labels_stay_text)
{
    static const char bad[] =
        "</text></svg><script>alert('1')</script>\" onload=\"x & \x01\n";
    static char longer[10001], accents[10001];
    const char *const labels[] = {bad, longer, accents};
    memset(longer, 'W', sizeof longer - 1);
    for (size_t i = 0; i + 1 < sizeof accents; i += 2)
        memcpy(accents + i, "\xc3\xa9", 2);
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        struct mk_factsheet f;
        sheet_kit_build(&f, cube, MK_POLICY_EXACT, true);
        for (unsigned id = 0; id < MK_TABLE_COUNT; id++) {
            struct mk_table *t = &f.table[id];
            t->title = t->unit = labels[i];
            for (size_t k = 0; k < t->category.n; k++)
                t->category.row[k].en = labels[i];
            for (size_t k = 0; k < t->care_type.n; k++)
                t->care_type.row[k].en = labels[i];
        }
        for (unsigned id = 0; id < MK_TABLE_COUNT; id++) {
            struct mk_buf out;
            const char *text = chart(&out, &f, id);
            svg_check_bare(text);
            if (labels[i] != bad)
                svg_check_texts_fit(text);
            /* what is cut is cut between characters */
            ck_assert_ptr_null(strstr(text, "\xef\xbf\xbd"));
            mk_buf_release(&out);
        }
        mk_factsheet_release(&f);
    }
}
END_TEST

/* ---- colours ---- */

static double part_of_light(const char *hex, size_t at)
{
    char two[3] = {hex[at], hex[at + 1], '\0'};
    double c = (double)strtoul(two, NULL, 16) / 255;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* WCAG 2.1, relative luminance and contrast ratio. */
static double contrast(const char *a, const char *b)
{
    double l[2];
    const char *const hex[] = {a, b};
    for (size_t i = 0; i < 2; i++)
        l[i] = 0.2126 * part_of_light(hex[i], 1) +
               0.7152 * part_of_light(hex[i], 3) +
               0.0722 * part_of_light(hex[i], 5) + 0.05;
    return l[0] > l[1] ? l[0] / l[1] : l[1] / l[0];
}

START_TEST(colours_stand_out_from_light_and_dark_paper)
{
    static const struct {
        const char *slug, *light, *dark;
    } inks[] = {
#define MK_INK(NAME, slug, light, dark) {slug, light, dark},
#include "reports/chart_inks.def"
    };
    for (size_t i = 0; i < MK_SVG_PAPER; i++) {
        double least = i == MK_SVG_INK || i == MK_SVG_SOFT ? 4.5 : 3;
        ck_assert_msg(contrast(inks[i].light, inks[MK_SVG_PAPER].light) >=
                          least,
                      "%s", inks[i].slug);
        ck_assert_msg(contrast(inks[i].dark, inks[MK_SVG_PAPER].dark) >= least,
                      "%s, dark", inks[i].slug);
        ck_assert_msg(strstr(mk_chart_style(), inks[i].dark), "%s",
                      inks[i].slug);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_table_has_a_figure_with_unit_title_and_description,
        columns_are_as_high_as_their_figures_and_parts_add_up,
        bars_are_as_long_as_their_figures_on_one_scale,
        the_flow_shows_the_newest_recorded_year_in_proportion,
        a_chart_depends_on_nothing_but_printed_cells,
        what_is_left_of_a_printed_total_is_hatched,
        a_hidden_figure_is_a_frame_from_least_to_most,
        tables_without_a_figure_say_why,
        the_text_of_a_chart_tells_what_its_bars_tell,
        long_windows_and_large_numbers_fit,
        hostile_labels_stay_text,
        colours_stand_out_from_light_and_dark_paper,
    };
    return UNIT_RUN("chart", tests, NULL);
}
