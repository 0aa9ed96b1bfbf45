/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds of every summary, over factsheets whose cells are drawn. */
#include "reports/notes.h"
#include "reports/summary.h"
#include "reports/window.h"
#include "reports/words.h"
#include "tests/support/cube_text.h"
#include "tests/support/sheet_kit.h"
#include "tests/support/unit.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DRAWS 100
#define SECRET 7770000 /* and above: behind x, or in rows that are not shown */

static const struct {
    const char *years;
    bool school, compares; /* may it speak of a difference? */
} windows[] = {
    {"2018 2019 2020", false, false}, {"2019", false, false},
    {"2021 2022", false, false},      {"2017 2018", false, false},
    {"2022 2024", false, false},      {"2022 2023 2024 2025", false, false},
    {"2018 2019", true, false},       {"2024", true, false},
    {"2022 2023 2024", false, true},
};
#define WINDOWS (sizeof windows / sizeof windows[0])

static uint64_t state;

static uint64_t draw(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

static struct mk_cell draw_cell(void)
{
    static const uint64_t top[] = {2, 7, 12, 150, 250000};
    struct mk_cell c = {.mark = MK_MARK_NONE};
    if (draw(3) == 0) {
        c.mark = MK_MARK_X;
        c.value = SECRET + draw(1000);
        c.lo = draw(9);
        c.hi = draw(20) == 0 ? MK_NO_END : c.lo + 5 + draw(40);
    } else {
        c.value = draw(top[draw(5)]);
    }
    return c;
}

/* A factsheet of the window whose cells are anything, also what no counts
 * make; the data end on 1 March 2025. */
static void build(struct mk_factsheet *f, size_t window, uint64_t seed,
                  bool english)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_counts counts;
    char text[512];
    snprintf(text, sizeof text,
             "meldkluis-cube: 1\nyears: %s\nbasis: %s\ndata-date: "
             "2025-03-01\nposition: 1\nrows: 0\n\n%s",
             windows[window].years,
             windows[window].school ? "school" : "calendar", CUBE_COLUMNS);
    state = seed * 0x9e3779b97f4a7c15u + 1;
    sheet_kit_build(f, text, MK_POLICY_SUPPRESS, english);
    for (size_t id = 0; id < MK_TABLE_COUNT; id++) {
        struct mk_table *t = &f->table[id];
        size_t n = f->n_years * t->category.n * t->care_type.n * t->measures;
        for (size_t i = 0; i < n; i++) {
            if (t->care_type.row[i / t->measures % t->care_type.n].hidden)
                t->cells[i].value = SECRET + draw(1000);
            else if (t->cells[i].mark == MK_MARK_NONE)
                t->cells[i] = draw_cell();
        }
    }
    mk_counts_init(&counts); /* nothing is left out of them */
    ck_assert_int_eq(mk_notes_build(f, &counts, &diag), MK_OK);
    sheet_kit_say_again(f);
}

/* ---- numbers ---- */

/* Reads a number at *p ("1.234" or "1,234"); false at its end. */
static bool next_number(const char **p, uint64_t *n)
{
    while (**p && !isdigit((unsigned char)**p))
        ++*p;
    if (!**p)
        return false;
    for (*n = 0;; ++*p) {
        if (isdigit((unsigned char)**p))
            *n = *n * 10 + (uint64_t)(**p - '0');
        else if (!strchr(".,", **p) || !isdigit((unsigned char)(*p)[1]))
            return true;
    }
}

static bool is_year(const struct mk_factsheet *f, uint64_t n)
{
    for (size_t y = 0; y < f->n_years; y++)
        if (n == (uint64_t)f->years[y] ||
            (f->school_year && n == (uint64_t)f->years[y] + 1))
            return true;
    return n == 2020 || n == 2021; /* closure, of a school year too */
}

static bool is_printed(const struct mk_factsheet *f, uint64_t n)
{
    for (size_t id = 0; id < MK_TABLE_COUNT; id++) {
        const struct mk_table *t = &f->table[id];
        size_t cells = f->n_years * t->category.n * t->care_type.n *
                       t->measures;
        for (size_t i = 0; i < cells; i++)
            if (!t->care_type.row[i / t->measures % t->care_type.n].hidden &&
                t->cells[i].mark == MK_MARK_NONE && t->cells[i].value == n)
                return true;
    }
    return false;
}

/* Every number of the sentence is printed, a year, or the percentage of the
 * two numbers before it. */
static void check_numbers(const struct mk_factsheet *f, const char *text)
{
    uint64_t n, first = 0, second = 0;
    const char *p = text;
    for (size_t i = 0; next_number(&p, &n); i++) {
        if (*p == '%') {
            ck_assert_msg(second >= MK_SUMMARY_BASE &&
                              n == (first * 100 + second / 2) / second,
                          "%s", text);
            ck_assert_msg((n > 0) == (first > 0) &&
                              (n == 100) == (first == second),
                          "%s", text);
        } else {
            ck_assert_msg(is_year(f, n) || is_printed(f, n), "%s", text);
        }
        first = i == 0 ? n : first;
        second = i == 1 ? n : second;
    }
}

START_TEST(every_number_is_a_printed_cell_or_a_percentage_of_two)
{
    for (size_t w = 0; w < WINDOWS; w++)
        for (uint64_t seed = 0; seed < DRAWS; seed++) {
            struct mk_factsheet f;
            build(&f, w, seed, seed & 1);
            for (size_t i = 0; i < f.n_summary; i++)
                if (strcmp(f.summary[i].id, "change") != 0)
                    check_numbers(&f, (const char *)f.summary[i].text.data);
            mk_factsheet_release(&f);
        }
}
END_TEST

START_TEST(equal_printed_cells_give_equal_sentences)
{
    for (size_t w = 0; w < WINDOWS; w++)
        for (uint64_t seed = 0; seed < DRAWS; seed++) {
            struct mk_factsheet a, b;
            build(&a, w, seed, false);
            build(&b, w, seed, false);
            for (size_t id = 0; id < MK_TABLE_COUNT; id++) {
                struct mk_table *t = &b.table[id];
                size_t n = b.n_years * t->category.n * t->care_type.n *
                           t->measures;
                for (size_t i = 0; i < n; i++)
                    if (t->cells[i].value >= SECRET)
                        t->cells[i].value = draw(60);
            }
            sheet_kit_say_again(&b);
            ck_assert_uint_eq(a.n_summary, b.n_summary);
            for (size_t i = 0; i < a.n_summary; i++)
                ck_assert_str_eq((const char *)a.summary[i].text.data,
                                 (const char *)b.summary[i].text.data);
            mk_factsheet_release(&a);
            mk_factsheet_release(&b);
        }
}
END_TEST

/* ---- words ---- */

/* Parts of Dutch words, and whole English ones. */
static bool compares(const char *text, bool english)
{
    static const char *const nl[] = {
        "stijg",      "steeg",   "gestegen",  "daal",   "daling",
        "toegenomen", "toename", "afgenomen", "afname", "meer",
        "minder",     "hoger",   "lager",     "groei",  "trend"};
    static const char *const en[] = {
        "more", "fewer", "less",   "increase", "increased", "rise", "rose",
        "fall", "fell",  "higher", "lower",    "growth",    "trend"};
    static const char *const arrows[] = {"->",     "\u2190", "\u2191",
                                         "\u2192", "\u2193", "\u2197",
                                         "\u2198", "\u25b2", "\u25bc"};
    for (size_t i = 0; i < sizeof arrows / sizeof arrows[0]; i++)
        if (strstr(text, arrows[i]))
            return true;
    if (!english) {
        for (size_t i = 0; i < sizeof nl / sizeof nl[0]; i++)
            if (strcasestr(text, nl[i]))
                return true;
        return false;
    }
    for (size_t i = 0; i < sizeof en / sizeof en[0]; i++)
        for (const char *p = text; (p = strcasestr(p, en[i])); p++)
            if ((p == text || !isalpha((unsigned char)p[-1])) &&
                !isalpha((unsigned char)p[strlen(en[i])]))
                return true;
    return false;
}

START_TEST(no_word_compares_in_a_window_that_cannot_be_compared)
{
    size_t changes = 0;
    ck_assert(compares("3 Meer", false) && compares("3 more.", true) &&
              !compares("furthermore", true));
    for (size_t w = 0; w < WINDOWS; w++)
        for (uint64_t seed = 0; seed < DRAWS; seed++) {
            struct mk_factsheet f;
            bool english = seed & 1;
            build(&f, w, seed, english);
            ck_assert(mk_window_is_comparable(&f, f.n_years - 1) ==
                      windows[w].compares);
            for (size_t i = 0; i < f.n_summary; i++) {
                const char *text = (const char *)f.summary[i].text.data;
                bool change = strcmp(f.summary[i].id, "change") == 0;
                changes += change;
                ck_assert_msg(windows[w].compares || !change, "%s", text);
                ck_assert_msg(change || !compares(text, english), "%s", text);
            }
            for (size_t i = 0; i < f.n_notes; i++)
                ck_assert_msg(
                    !compares((const char *)f.note[i].text.data, english),
                    "%s", (const char *)f.note[i].text.data);
            mk_factsheet_release(&f);
        }
    ck_assert_uint_gt(changes, 0);
}
END_TEST

START_TEST(no_note_of_any_policy_compares)
{
    static const enum mk_policy policies[] = {
        MK_POLICY_INTERNAL, MK_POLICY_EXACT, MK_POLICY_SUPPRESS};
    for (size_t p = 0; p < sizeof policies / sizeof policies[0]; p++)
        for (int english = 0; english < 2; english++) {
            struct mk_factsheet f;
            struct mk_counts counts;
            struct mk_diag diag = MK_DIAG_INIT;
            build(&f, 0, 1, english);
            for (size_t i = 0; i < f.n_notes; i++)
                mk_buf_release(&f.note[i].text);
            f.n_notes = 0;
            f.policy = policies[p];
            f.own_rule = f.draft = true;
            f.frozen[0] = f.revised[1] = true;
            mk_counts_init(&counts);
            ck_assert_int_eq(mk_notes_build(&f, &counts, &diag), MK_OK);
            for (size_t i = 0; i < f.n_notes; i++)
                ck_assert_msg(
                    !compares((const char *)f.note[i].text.data, english),
                    "%s", (const char *)f.note[i].text.data);
            mk_factsheet_release(&f);
        }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_number_is_a_printed_cell_or_a_percentage_of_two,
        equal_printed_cells_give_equal_sentences,
        no_word_compares_in_a_window_that_cannot_be_compared,
        no_note_of_any_policy_compares,
    };
    return UNIT_RUN("summary_property", tests, NULL);
}
