/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/say.h"

void mk_words_year(char out[static MK_YEAR_TEXT], int year, bool school_year)
{
    /* years are 1900 to 2199 */
    unsigned y = (unsigned)year % 10000;
    if (school_year)
        snprintf(out, MK_YEAR_TEXT, "%u/%u", y, (y + 1) % 10000);
    else
        snprintf(out, MK_YEAR_TEXT, "%u", y);
}

enum mk_err mk_words_window(struct mk_buf *out, const struct mk_factsheet *f)
{
    char text[MK_YEAR_TEXT];
    enum mk_err rc = MK_OK;
    size_t last = f->n_years - 1;
    bool whole = f->n_years > 1 && f->years[last] - f->years[0] == (int)last;
    for (size_t i = 0; i < f->n_years; i++) {
        if (whole && i != 0 && i != last)
            continue;
        mk_words_year(text, f->years[i], f->school_year);
        if (i)
            MK_TRY(mk_buf_add_str(out, !whole           ? ", "
                                       : f->school_year ? " - "
                                                        : "-"));
        MK_TRY(mk_buf_add_str(out, text));
    }
out:
    return rc;
}

const char *mk_words_between(size_t i, size_t n, bool english)
{
    return i == 0 ? "" : i + 1 < n ? ", " : mk_say(english, " and ");
}

enum mk_err mk_words_years(struct mk_buf *out, const struct mk_factsheet *f,
                           const bool *marked)
{
    char year[MK_YEAR_TEXT];
    size_t n = 0, i = 0;
    enum mk_err rc = MK_OK;
    for (size_t y = 0; y < f->n_years; y++)
        n += marked[y];
    for (size_t y = 0; y < f->n_years; y++) {
        if (!marked[y])
            continue;
        mk_words_year(year, f->years[y], f->school_year);
        MK_TRY(mk_buf_addf(out, "%s%s", mk_words_between(i++, n, f->english),
                           year));
    }
out:
    return rc;
}

enum mk_err mk_words_day(struct mk_buf *out, mk_day day, bool english)
{
    static const char *const months[12] = {
        MK_SAY_ID("January"), MK_SAY_ID("February"), MK_SAY_ID("March"),
        MK_SAY_ID("April"),   MK_SAY_ID("May"),      MK_SAY_ID("June"),
        MK_SAY_ID("July"),    MK_SAY_ID("August"),   MK_SAY_ID("September"),
        MK_SAY_ID("October"), MK_SAY_ID("November"), MK_SAY_ID("December"),
    };
    int y, m, d;
    mk_date_split(day, &y, &m, &d);
    return mk_buf_addf(out, "%d %s %d", d, mk_say(english, months[m - 1]), y);
}

void mk_words_number(char out[static MK_CELL_TEXT], uint64_t n, bool english)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, n);
    size_t at = 0;
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            out[at++] = english ? ',' : '.';
        out[at++] = digits[i];
    }
    out[at] = '\0';
}

void mk_words_cell(char out[static MK_CELL_TEXT], const struct mk_cell *cell,
                   bool english)
{
    if (cell->mark == MK_MARK_NONE)
        mk_words_number(out, cell->value, english);
    else if (cell->mark == MK_MARK_X && cell->hi >= MK_NO_END)
        snprintf(out, MK_CELL_TEXT, "x (%" PRIu64 "+)", cell->lo);
    else if (cell->mark == MK_MARK_X)
        snprintf(out, MK_CELL_TEXT, "x (%" PRIu64 "-%" PRIu64 ")", cell->lo,
                 cell->hi);
    else
        snprintf(out, MK_CELL_TEXT, "%s", mk_mark_slug(cell->mark));
}

enum mk_err mk_words_origin(struct mk_buf *out, const struct mk_factsheet *f)
{
    bool en = f->english;
    enum mk_err rc = MK_OK;
    if (f->release)
        MK_TRY(mk_buf_addf(out, mk_say(en, "Release %s. "), f->release));
    MK_TRY(mk_buf_addf(out, mk_say(en, "As of #%llu"),
                       (unsigned long long)f->position));
    if (f->data_date != MK_DAY_NONE) {
        MK_TRY(mk_buf_add_str(out, mk_say(en, ", data up to ")));
        MK_TRY(mk_words_day(out, f->data_date, en));
    }
    MK_TRY(mk_buf_add_str(out, "."));
out:
    return rc;
}

const char *mk_words_marking(const struct mk_factsheet *f)
{
    if (f->draft)
        return mk_say(f->english, "DRAFT, NOT RELEASED");
    if (f->policy != MK_POLICY_INTERNAL)
        return NULL;
    return mk_say(f->english, "NOT FOR PUBLICATION");
}

const char *mk_words_mark(enum mk_mark mark, bool english)
{
    switch (mark) {
    case MK_MARK_NONE:
        return mk_say(english, "not a single one");
    case MK_MARK_X:
        return mk_say(english, "suppressed to protect people");
    case MK_MARK_NR:
        return mk_say(english, "not recorded");
    case MK_MARK_NA:
        return mk_say(english,
                      "not applicable: the code did not exist that year");
    }
    return "";
}

const char *mk_words_title(bool english)
{
    return mk_say(english,
                  "Factsheet of the confidential inspectors: childcare");
}

const char *mk_words_label(const struct mk_row *row, bool english)
{
    return english ? row->en : row->nl;
}

const char *mk_words_measure(enum mk_measure measure, bool english)
{
    return mk_say(english, mk_measure_get(measure)->label);
}

size_t mk_words_width(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}
