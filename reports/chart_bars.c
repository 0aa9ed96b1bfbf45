/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bars that lie down, one a year, in groups: a group for each level of the
 * categories or the care types.  A table with both has a picture for each
 * care type.  A second measure is a bar inside that of the first.
 */
#include "reports/chart_parts.h"

#include <inttypes.h>
#include <stdio.h>

#define HEADING MK_SVG(24)
#define GROUP_LABEL MK_SVG(20)
#define GROUP_GAP MK_SVG(9)
#define ROW MK_SVG(19) /* from one bar to the next */
#define BAR MK_SVG(13)
#define CLOSE_ROW MK_SVG(16) /* where there are many */
#define CLOSE_BAR MK_SVG(9)
#define INSET MK_SVG(3)         /* of the bar inside, on both sides */
#define GAP MK_SVG(6)           /* from bars to texts */
#define SHORTEST MK_SVG(40)     /* of the room for bars */
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
    int row, bar;               /* heights */
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

/* "33", "NR", "x (0-6)", "33, by an mtbp 22". */
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
    snprintf(out, MK_LABEL_TEXT * 2, mk_say(en, "%s, by an mtbp %s"), outer,
             inner);
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

static int group_height(const struct bars *b)
{
    return GROUP_LABEL + (int)b->c->f->n_years * b->row + GROUP_GAP;
}

/* ---- one picture ---- */

static void draw_row(struct bars *b, const struct part *part, size_t g,
                     size_t year, int y)
{
    char text[MK_LABEL_TEXT * 2];
    bool two = b->c->t->measures > 1;
    int letters = y + b->row / 2 + MK_SVG(5);
    struct mk_chart_bar bar = {.ink = MK_SVG_S0,
                               .outline = two,
                               .x = b->x,
                               .y = y + (b->row - b->bar) / 2,
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
    mk_svg_text(
        &b->s,
        (struct mk_svg_text){.ink = MK_SVG_INK, .x = end + GAP, .y = letters},
        text);
}

static const char *label(const struct bars *b, const struct part *part,
                         size_t g)
{
    return mk_words_label(&b->axis->row[part->group[g]], b->c->f->english);
}

static void draw_group(struct bars *b, const struct part *part, size_t g,
                       int y)
{
    struct mk_svg_text how = {.ink = MK_SVG_INK,
                              .bold = part->care_type == NO_HEADING,
                              .y = y + MK_SVG(14),
                              .room = MK_CHART_WIDTH};
    int rows = (int)b->c->f->n_years * b->row;
    mk_svg_text(&b->s, how, label(b, part, g));
    y += GROUP_LABEL;
    for (size_t i = 0; i < b->c->f->n_years; i++)
        draw_row(b, part, g, i, y + (int)i * b->row);
    mk_svg_line(&b->s, MK_SVG_RULE, b->x, y, b->x, y + rows);
}

/* What the picture shows, and its largest printed figure. */
static enum mk_err describe(const struct bars *b, const struct part *part,
                            struct mk_buf *desc)
{
    char text[MK_CELL_TEXT], year[MK_YEAR_TEXT];
    const struct mk_chart *c = b->c;
    const struct mk_cell *largest = NULL;
    size_t at = 0, at_year = 0;
    uint64_t hidden = 0;
    bool en = c->f->english;
    enum mk_err rc;
    for (size_t g = 0; g < part->n; g++)
        for (size_t y = 0; y < c->f->n_years; y++) {
            const struct mk_cell *cell = cell_of(b, part, g, y, 0);
            hidden += cell->mark == MK_MARK_X;
            if (cell->mark != MK_MARK_NONE ||
                (largest && cell->value <= largest->value))
                continue;
            largest = cell;
            at = g;
            at_year = y;
        }
    MK_TRY(mk_buf_addf(desc,
                       mk_say(en, "Horizontal bars: %s, one bar a "
                                  "year."),
                       c->t->unit));
    if (largest) {
        mk_words_number(text, largest->value, en);
        mk_words_year(year, c->f->years[at_year], c->f->school_year);
        MK_TRY(mk_buf_add_str(desc, " "));
        MK_TRY(mk_buf_addf(desc,
                           mk_say(en, "The largest printed figure is %s "
                                      "(%s, %s)."),
                           text, label(b, part, at), year));
    }
    if (hidden) {
        mk_words_number(text, hidden, en);
        MK_TRY(mk_buf_add_str(desc, " "));
        MK_TRY(mk_buf_addf(desc,
                           mk_say_n(en, "%s figure is suppressed.",
                                    "%s figures are suppressed.", hidden),
                           text));
    }
    MK_TRY(mk_buf_terminate(desc));
out:
    return rc;
}

/* "Reporter", "Reporter (1/2)", "Category by care type: day care". */
static enum mk_err name(const struct bars *b, const struct part *part,
                        size_t k, size_t parts, struct mk_buf *title)
{
    const struct mk_table *t = b->c->t;
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(title, t->title));
    if (part->care_type != NO_HEADING) {
        MK_TRY(mk_buf_add_str(title, ": "));
        MK_TRY(mk_buf_add_str(
            title, mk_words_label(&t->care_type.row[part->care_type],
                                  b->c->f->english)));
    }
    if (parts > 1)
        MK_TRY(mk_buf_addf(title, " (%zu/%zu)", k + 1, parts));
    MK_TRY(mk_buf_terminate(title));
out:
    return rc;
}

static enum mk_err draw_part(struct bars *b, const struct part *part,
                             const char *title)
{
    struct mk_buf desc = MK_BUF_INIT;
    bool heading = part->care_type != NO_HEADING;
    int y = heading ? HEADING : 0;
    enum mk_err rc;
    MK_TRY(describe(b, part, &desc));
    mk_chart_open(b->c, &b->s, y + (int)part->n * group_height(b), title,
                  (const char *)desc.data);
    if (heading)
        mk_svg_text(&b->s,
                    (struct mk_svg_text){.ink = MK_SVG_INK,
                                         .bold = true,
                                         .y = MK_SVG(14),
                                         .room = MK_CHART_WIDTH},
                    mk_words_label(&b->c->t->care_type.row[part->care_type],
                                   b->c->f->english));
    for (size_t g = 0; g < part->n; g++, y += group_height(b))
        draw_group(b, part, g, y);
    MK_TRY(mk_svg_close(&b->s));
out:
    mk_buf_release(&desc);
    return rc;
}

/* Draws the groups of whole, in as many pictures as they need. */
static enum mk_err draw_parts(struct bars *b, const struct part *whole)
{
    size_t fit = (size_t)(HEIGHT_MOST / group_height(b));
    size_t parts = fit ? (whole->n + fit - 1) / fit : whole->n;
    enum mk_err rc = MK_OK;
    struct mk_buf title = MK_BUF_INIT;
    for (size_t k = 0, g = 0; k < parts; k++) {
        struct part part = {.care_type = whole->care_type};
        /* as equal in number as can be, the larger ones first */
        size_t end = g + (whole->n - g + (parts - k) - 1) / (parts - k);
        while (g < end)
            part.group[part.n++] = whole->group[g++];
        mk_buf_clear(&title);
        MK_TRY(name(b, whole, k, parts, &title));
        MK_TRY(draw_part(b, &part, (const char *)title.data));
    }
out:
    mk_buf_release(&title);
    return rc;
}

/* ---- the chart ---- */

enum mk_err mk_chart_bars(struct mk_chart *c)
{
    const struct mk_table *t = c->t;
    bool both = t->category.n > 1 && t->care_type.n > 1;
    struct bars b = {.c = c, .row = ROW, .bar = BAR};
    struct part whole[MK_AXIS_MAX];
    size_t n = 0;
    int years = 0, figures = 0;
    enum mk_err rc = MK_OK;
    b.by_care_type = t->category.n == 1;
    b.axis = b.by_care_type ? &t->care_type : &t->category;
    if (both) {
        b.row = CLOSE_ROW;
        b.bar = CLOSE_BAR;
    }
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
    b.x = years + GAP;
    b.full = MK_CHART_WIDTH - b.x - GAP - figures;
    if (b.full < SHORTEST)
        b.full = SHORTEST;
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
