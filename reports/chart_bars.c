/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bars that lie down, one a year, in groups: a group for each level of the
 * categories or the care types.  A table with both has a picture for each
 * care type.  A second measure is a bar inside that of the first.
 */
#include <stdio.h>

#include "reports/chart_parts.h"
#include "reports/fill.h"

#define HEADING MK_SVG(24)
#define GROUP_LABEL MK_SVG(20)
#define GROUP_GAP MK_SVG(9)
#define ROW MK_SVG(19) /* from one bar to the next */
#define BAR MK_SVG(13)
#define CLOSE_ROW MK_SVG(16) /* where there are many */
#define CLOSE_BAR MK_SVG(9)
#define INSET MK_SVG(3)         /* of the bar inside, on both sides */
#define GAP MK_SVG(6)           /* from bars to texts */
#define SHORTEST MK_SVG(90)     /* of the room for bars beside the texts */
#define HEIGHT_MOST MK_SVG(560) /* of a part: a page holds it */
#define NO_HEADING SIZE_MAX

/* Groups that stand in one picture. */
struct part {
    size_t care_type; /* named above the groups, or NO_HEADING */
    size_t group[MK_AXIS_MAX];
    size_t n;
};

struct bars {
    struct mk_chart *c;
    struct mk_svg s;
    const struct mk_axis *axis; /* of the groups */
    bool by_care_type;          /* axis is that of the care types */
    bool tall;                  /* texts of a row stand above its bar */
    int row, bar;               /* heights */
    int texts;                  /* x of the texts behind the years */
    int x, full;                /* where bars begin, and their scale */
};

static const struct mk_cell *cell_of(const struct bars *b,
                                     const struct part *part, size_t g,
                                     size_t year, size_t measure)
{
    size_t care = part->care_type == NO_HEADING ? 0 : part->care_type;
    return b->by_care_type
               ? mk_factsheet_cell(b->c->t, year, 0, part->group[g], measure)
               : mk_factsheet_cell(b->c->t, year, part->group[g], care,
                                   measure);
}

/* "33", "NR", "x (0-6)", "33, mtbp 22". */
static void row_text(char out[static MK_LABEL_TEXT * 2], const struct bars *b,
                     const struct part *part, size_t g, size_t year)
{
    char inner[MK_CELL_TEXT], outer[MK_CELL_TEXT];
    const struct mk_cell *all = cell_of(b, part, g, year, 0);
    bool en = b->c->f->english;
    mk_words_cell(outer, all, en);
    if (b->c->t->measures == 1 || all->mark == MK_MARK_NR ||
        all->mark == MK_MARK_NA) {
        snprintf(out, MK_LABEL_TEXT * 2, "%s", outer);
        return;
    }
    mk_words_cell(inner, cell_of(b, part, g, year, 1), en);
    snprintf(out, MK_LABEL_TEXT * 2, "%s, mtbp %s", outer, inner);
}

/* Takes in what a part shows: scale, and width of texts. */
static void measure(struct bars *b, const struct part *part, int *years,
                    int *figures)
{
    char text[MK_LABEL_TEXT * 2], year[MK_YEAR_TEXT];
    for (size_t g = 0; g < part->n; g++)
        for (size_t y = 0; y < b->c->f->n_years; y++) {
            mk_chart_fit(b->c, cell_of(b, part, g, y, 0));
            row_text(text, b, part, g, y);
            int w = mk_svg_text_width(text, false);
            *figures = w > *figures ? w : *figures;
            mk_words_year(year, b->c->f->years[y], b->c->f->school_year);
            w = mk_svg_text_width(year, false);
            *years = w > *years ? w : *years;
        }
}

/* Is there nothing to draw in any year: no dossier, or no figure?  Such a
 * group is said in a line. */
static bool is_empty(const struct bars *b, const struct part *part, size_t g)
{
    for (size_t y = 0; y < b->c->f->n_years; y++) {
        const struct mk_cell *cell = cell_of(b, part, g, y, 0);
        if (cell->mark == MK_MARK_X ||
            (cell->mark == MK_MARK_NONE && cell->value > 0))
            return false;
    }
    return true;
}

static int group_height(const struct bars *b, const struct part *part,
                        size_t g)
{
    if (is_empty(b, part, g))
        return GROUP_LABEL;
    return GROUP_LABEL + (int)b->c->f->n_years * b->row + GROUP_GAP;
}

static int part_height(const struct bars *b, const struct part *part)
{
    int height = part->care_type == NO_HEADING ? 0 : HEADING;
    for (size_t g = 0; g < part->n; g++)
        height += group_height(b, part, g);
    return height;
}

/* ---- one picture ---- */

static void draw_row(struct bars *b, const struct part *part, size_t g,
                     size_t year, int y)
{
    char text[MK_LABEL_TEXT * 2];
    bool two = b->c->t->measures > 1;
    int top = b->tall ? y + MK_CHART_LINE + MK_SVG(2)
                      : y + (b->row - b->bar) / 2;
    int letters = b->tall ? y + MK_SVG(14) : y + b->row / 2 + MK_SVG(5);
    struct mk_chart_bar bar = {.ink = MK_SVG_S0,
                               .outline = two,
                               .x = b->x,
                               .y = top,
                               .height = b->bar,
                               .full = b->full};
    mk_words_year(text, b->c->f->years[year], b->c->f->school_year);
    mk_svg_text(&b->s,
                (struct mk_svg_text){.ink = MK_SVG_SOFT, .x = 0, .y = letters},
                text);
    int end = mk_chart_bar(b->c, &b->s, bar, cell_of(b, part, g, year, 0));
    if (two) {
        bar.outline = false;
        bar.y += INSET;
        bar.height -= 2 * INSET;
        int inner =
            mk_chart_bar(b->c, &b->s, bar, cell_of(b, part, g, year, 1));
        end = inner > end ? inner : end;
    }
    row_text(text, b, part, g, year);
    mk_svg_text(&b->s,
                (struct mk_svg_text){.ink = MK_SVG_INK,
                                     .x = b->tall ? b->texts : end + GAP,
                                     .y = letters},
                text);
}

static const char *label(const struct bars *b, const struct part *part,
                         size_t g)
{
    return mk_words_label(&b->axis->row[part->group[g]], b->c->f->english);
}

/* "all years: 0", or NR or NA, or several of these. */
static enum mk_err empty_text(const struct bars *b, const struct part *part,
                              size_t g, struct mk_buf *text)
{
    static const enum mk_mark marks[] = {MK_MARK_NONE, MK_MARK_NR, MK_MARK_NA};
    struct mk_buf list = MK_BUF_INIT;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t y = 0;
        while (y < b->c->f->n_years &&
               cell_of(b, part, g, y, 0)->mark != marks[i])
            y++;
        if (y == b->c->f->n_years)
            continue;
        b->c->seen[marks[i]] = true;
        MK_TRY(mk_buf_addf(
            &list, "%s%s",
            list.len > 0 ? mk_say(b->c->f->english, " or ") : "",
            marks[i] == MK_MARK_NONE ? "0" : mk_mark_slug(marks[i])));
    }
    MK_TRY(mk_buf_terminate(&list));
    const struct mk_fill with = {"marks", (const char *)list.data};
    MK_TRY(mk_fill(text, mk_say(b->c->f->english, "all years: {marks}"), &with,
                   1));
    MK_TRY(mk_buf_terminate(text));
out:
    mk_buf_release(&list);
    return rc;
}

static enum mk_err draw_group(struct bars *b, const struct part *part,
                              size_t g, int y)
{
    struct mk_svg_text how = {.ink = MK_SVG_INK,
                              .bold = part->care_type == NO_HEADING,
                              .y = y + MK_SVG(14),
                              .room = b->c->width};
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc = MK_OK;
    if (is_empty(b, part, g)) {
        MK_TRY(empty_text(b, part, g, &text));
        how.room -= GAP + mk_svg_text_width((const char *)text.data, false);
    }
    mk_svg_text(&b->s, how, label(b, part, g));
    if (text.len > 0) {
        int w = mk_svg_text_width(label(b, part, g), how.bold);
        how.x = GAP + (w < how.room ? w : how.room);
        how.ink = MK_SVG_SOFT;
        how.bold = false;
        how.room = 0;
        mk_svg_text(&b->s, how, (const char *)text.data);
        goto out;
    }
    y += GROUP_LABEL;
    for (size_t i = 0; i < b->c->f->n_years; i++)
        draw_row(b, part, g, i, y + (int)i * b->row);
    mk_svg_line(&b->s, MK_SVG_RULE, b->x, y, b->x,
                y + (int)b->c->f->n_years * b->row);
out:
    mk_buf_release(&text);
    return rc;
}

/* The largest printed figure of a picture, and how many are hidden. */
struct summary {
    const struct mk_cell *largest; /* NULL: there is none */
    size_t group, year;            /* of the largest */
    uint64_t hidden;
};

static struct summary summary_of(const struct bars *b, const struct part *part)
{
    struct summary s = {.largest = NULL};
    for (size_t g = 0; g < part->n; g++)
        for (size_t y = 0; y < b->c->f->n_years; y++) {
            const struct mk_cell *cell = cell_of(b, part, g, y, 0);
            for (size_t m = 0; m < b->c->t->measures; m++)
                s.hidden += cell_of(b, part, g, y, m)->mark == MK_MARK_X;
            if (cell->mark != MK_MARK_NONE ||
                (s.largest && cell->value <= s.largest->value))
                continue;
            s.largest = cell;
            s.group = g;
            s.year = y;
        }
    return s;
}

static enum mk_err describe(const struct bars *b, const struct part *part,
                            struct mk_buf *desc)
{
    const struct summary s = summary_of(b, part);
    const struct mk_factsheet *f = b->c->f;
    char n[MK_CELL_TEXT] = "", year[MK_YEAR_TEXT] = "", hidden[MK_CELL_TEXT];
    enum mk_err rc;
    if (s.largest) {
        mk_words_number(n, s.largest->value, f->english);
        mk_words_year(year, f->years[s.year], f->school_year);
    }
    mk_words_number(hidden, s.hidden, f->english);
    const struct mk_fill with[] = {
        {"unit", b->c->t->unit}, {"n", n},
        {"year", year},          {"label", label(b, part, s.group)},
        {"hidden", hidden},
    };
    const size_t n_with = sizeof with / sizeof with[0];
    MK_TRY(mk_fill(
        desc, mk_say(f->english, "Horizontal bars: {unit}, one bar a year."),
        with, n_with));
    if (s.largest)
        MK_TRY(mk_fill(
            desc,
            s.largest->value == 0
                ? mk_say(f->english, " No printed figure is above 0.")
                : mk_say(f->english, " The largest printed figure is {n} "
                                     "({label}, {year})."),
            with, n_with));
    if (s.hidden)
        MK_TRY(mk_fill(desc,
                       mk_say_n(f->english, " {hidden} figure is suppressed.",
                                " {hidden} figures are suppressed.", s.hidden),
                       with, n_with));
    MK_TRY(mk_buf_terminate(desc));
out:
    return rc;
}

/* "day care", and "day care (1/2)" where it needs several pictures; "" where
 * the groups stand alone and need but one. */
static enum mk_err heading_of(const struct bars *b, const struct part *part,
                              size_t k, size_t parts, struct mk_buf *heading)
{
    const struct mk_axis *care_type = &b->c->t->care_type;
    enum mk_err rc = MK_OK;
    if (part->care_type != NO_HEADING)
        MK_TRY(mk_buf_add_str(heading,
                              mk_words_label(&care_type->row[part->care_type],
                                             b->c->f->english)));
    if (parts > 1)
        MK_TRY(mk_buf_addf(heading, "%s(%zu/%zu)", heading->len ? " " : "",
                           k + 1, parts));
    MK_TRY(mk_buf_terminate(heading));
out:
    return rc;
}

/* The k-th picture of parts that belong together. */
static enum mk_err draw_part(struct bars *b, const struct part *part, size_t k,
                             size_t parts)
{
    struct mk_buf heading = MK_BUF_INIT, desc = MK_BUF_INIT;
    struct mk_buf title = MK_BUF_INIT;
    int y = 0;
    enum mk_err rc;
    MK_TRY(heading_of(b, part, k, parts, &heading));
    MK_TRY(mk_buf_addf(&title, "%s%s%s", b->c->t->title,
                       heading.len == 0                ? ""
                       : part->care_type == NO_HEADING ? " "
                                                       : ": ",
                       (const char *)heading.data));
    MK_TRY(mk_buf_terminate(&title));
    MK_TRY(describe(b, part, &desc));
    mk_chart_open(b->c, &b->s, part_height(b, part), (const char *)title.data,
                  (const char *)desc.data);
    if (part->care_type != NO_HEADING) {
        y = HEADING;
        mk_svg_text(&b->s,
                    (struct mk_svg_text){.ink = MK_SVG_INK,
                                         .bold = true,
                                         .y = MK_SVG(14),
                                         .room = b->c->width},
                    (const char *)heading.data);
    }
    for (size_t g = 0; g < part->n; y += group_height(b, part, g++))
        MK_TRY(draw_group(b, part, g, y));
    MK_TRY(mk_svg_close(&b->s));
out:
    mk_buf_release(&heading);
    mk_buf_release(&title);
    mk_buf_release(&desc);
    return rc;
}

/* Splits whole into parts of about the same height; returns how many. */
static size_t split(const struct bars *b, const struct part *whole,
                    struct part part[static MK_AXIS_MAX])
{
    int height = part_height(b, whole);
    int want = height / ((height + HEIGHT_MOST - 1) / HEIGHT_MOST);
    size_t n = 0;
    for (size_t g = 0; g < whole->n; g++) {
        int more = group_height(b, whole, g);
        /* the half that is nearer to what a part should have */
        if (n == 0 || part_height(b, &part[n - 1]) + more / 2 > want)
            part[n++] = (struct part){.care_type = whole->care_type};
        struct part *last = &part[n - 1];
        last->group[last->n++] = whole->group[g];
    }
    return n;
}

/* Draws the groups of whole, in as many pictures as they need. */
static enum mk_err draw_parts(struct bars *b, const struct part *whole)
{
    struct part part[MK_AXIS_MAX];
    size_t n = split(b, whole, part);
    enum mk_err rc = MK_OK;
    for (size_t k = 0; k < n; k++)
        MK_TRY(draw_part(b, &part[k], k, n));
out:
    return rc;
}

/* ---- the chart ---- */

/* From the widths of the texts. */
static void lay_out(struct bars *b, int years, int figures)
{
    bool close = b->c->t->category.n > 1 && b->c->t->care_type.n > 1;
    b->row = close ? CLOSE_ROW : ROW;
    b->bar = close ? CLOSE_BAR : BAR;
    b->texts = years + GAP;
    b->x = b->texts;
    b->full = b->c->width - b->x - GAP - figures;
    b->tall = b->full < SHORTEST;
    if (b->tall) {
        if (b->c->width < b->texts + figures)
            b->c->width = b->texts + figures;
        b->x = 0;
        b->full = b->c->width;
        b->row += MK_CHART_LINE;
    }
}

enum mk_err mk_chart_bars(struct mk_chart *c)
{
    const struct mk_table *t = c->t;
    bool both = t->category.n > 1 && t->care_type.n > 1;
    struct bars b = {.c = c};
    struct part whole[MK_AXIS_MAX];
    size_t n = 0;
    int years = 0, figures = 0;
    enum mk_err rc = MK_OK;
    b.by_care_type = t->category.n == 1;
    b.axis = b.by_care_type ? &t->care_type : &t->category;
    for (size_t k = 0; k < (both ? t->care_type.n : 1); k++) {
        if (both && !mk_chart_has_row(&t->care_type, k))
            continue;
        struct part *part = &whole[n++];
        *part = (struct part){.care_type = both ? k : NO_HEADING};
        for (size_t g = 0; g < b.axis->n; g++)
            if (mk_chart_has_row(b.axis, g))
                part->group[part->n++] = g;
        measure(&b, part, &years, &figures);
    }
    lay_out(&b, years, figures);
    for (size_t k = 0; k < n; k++)
        MK_TRY(draw_parts(&b, &whole[k]));
out:
    return rc;
}

enum mk_err mk_chart_bars_key(struct mk_chart *c)
{
    enum mk_err rc = MK_OK;
    for (size_t m = 0; m < c->t->measures; m++)
        MK_TRY(mk_chart_key(c, MK_SVG_S0, m == 0, "",
                            mk_words_measure(c->t->first + m, c->f->english)));
out:
    return rc;
}
