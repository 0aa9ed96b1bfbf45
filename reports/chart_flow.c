/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The duties as a flow, from the duty to consult down to aangifte, in the
 * newest year of which it was recorded.  One picture for each legal
 * qualification:
 *
 *     duty to consult      ############ 27
 *       consulted at once  ======---.     (parts of the duty)
 *     reasonable suspicion ########
 *     referred             ######
 *     aangifte             #####
 *     report to the police ##             (apart: not a step of the duty)
 *     not met              #  #  #
 *
 * Each step below the first is part of the duty or of the suspicion; a faint
 * band joins two steps whose figures are both printed.
 */
#include <stdio.h>

#include "reports/chart_parts.h"
#include "reports/escape.h"

#define HEADING MK_SVG(28)
#define BAR MK_SVG(16)
#define THIN MK_SVG(10)
#define LABEL MK_SVG(22) /* room above a bar for its label */
#define GAP MK_SVG(6)
#define SHORTEST MK_SVG(40)
#define SWATCH MK_SVG(10)
#define MARGIN MK_SVG(4) /* of texts, from the edge of the band */
#define INDENT MK_SVG(20)
#define STEP (LABEL + BAR)
#define SMALL_STEP (LABEL + THIN)

static const enum mk_measure parts[] = {
    MK_MEASURE_DIRECT_J, MK_MEASURE_DIRECT_N, MK_MEASURE_DIRECT_NR};
static const enum mk_svg_ink part_inks[] = {MK_SVG_S2, MK_SVG_S1, MK_SVG_S7};
static const enum mk_measure steps[] = {MK_MEASURE_RED, MK_MEASURE_REFERRED,
                                        MK_MEASURE_COMPLAINT};
static const enum mk_measure unmet[] = {
    MK_MEASURE_UNMET_OVERLEG, MK_MEASURE_UNMET_AANGIFTE, MK_MEASURE_UNMET};
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

#define PARTS_HEIGHT (GAP + THIN + GAP + (int)COUNT(parts) * MK_CHART_LINE)
#define HEIGHT                                                            \
    (HEADING + STEP + PARTS_HEIGHT + (int)COUNT(steps) * STEP + 2 * GAP + \
     SMALL_STEP + HEADING + (int)COUNT(unmet) * SMALL_STEP)

struct flow {
    struct mk_chart *c;
    struct mk_svg s;
    size_t year, row;
    int full;     /* length of the scale */
    int y;        /* below what was drawn */
    int joined_w; /* width of the step above; -1: it is not printed */
};

static const struct mk_cell *cell_of(const struct mk_chart *c, size_t year,
                                     size_t row, enum mk_measure measure)
{
    return mk_factsheet_cell(c->t, year, row, 0, measure - c->t->first);
}

/* The newest year in which the duty was recorded; n_years: there is none. */
static size_t newest(const struct mk_chart *c)
{
    for (size_t y = c->f->n_years; y-- > 0;)
        for (size_t i = 0; i < c->t->category.n; i++)
            if (mk_chart_has_row(&c->t->category, i) &&
                cell_of(c, y, i, MK_MEASURE_DUTY)->mark != MK_MARK_NR)
                return y;
    return c->f->n_years;
}

static void draw_text(struct flow *p, int x, int y, const char *text)
{
    mk_svg_text(
        &p->s,
        (struct mk_svg_text){
            .ink = MK_SVG_INK, .x = x, .y = y, .room = p->c->width - x},
        text);
}

/* Label, bar and figure below what was drawn. */
static void draw_step(struct flow *p, enum mk_svg_ink ink,
                      enum mk_measure measure, int height)
{
    const struct mk_cell *cell = cell_of(p->c, p->year, p->row, measure);
    bool en = p->c->f->english;
    char text[MK_CELL_TEXT];
    int top = p->y + LABEL;
    draw_text(p, MARGIN, top - MK_SVG(6), mk_words_measure(measure, en));
    int end = mk_chart_bar(
        p->c, &p->s,
        (struct mk_chart_bar){
            .ink = ink, .y = top, .height = height, .full = p->full},
        cell);
    mk_words_cell(text, cell, en);
    mk_svg_text(&p->s,
                (struct mk_svg_text){.ink = MK_SVG_INK,
                                     .bold = true,
                                     .x = end + GAP,
                                     .y = top + height / 2 + MK_SVG(5)},
                text);
    p->y = top + height;
}

/* The band from the step above to the one of measure, whose bar begins at
 * below; it is drawn before the texts on it. */
static void join(struct flow *p, enum mk_measure measure, int below)
{
    const struct mk_cell *cell = cell_of(p->c, p->year, p->row, measure);
    int w = cell->mark == MK_MARK_NONE
                ? mk_chart_length(p->c, cell->value, p->full)
                : -1;
    if (p->joined_w >= 0 && w >= 0)
        mk_svg_taper(&p->s, MK_SVG_S0,
                     (struct mk_svg_box){0, p->y, p->joined_w, below - p->y},
                     w);
    p->joined_w = w;
}

/* The parts of the duty side by side, at y. */
static void draw_parts_bar(struct flow *p, int y)
{
    struct mk_chart_stack stack = {0};
    struct mk_svg_box box = {0, y, 0, THIN};
    uint64_t sum = 0;
    for (size_t i = 0; i < COUNT(parts); i++) {
        const struct mk_cell *cell = cell_of(p->c, p->year, p->row, parts[i]);
        mk_chart_stack_add(&stack, cell);
        p->c->seen[cell->mark] = true;
        if (cell->mark != MK_MARK_NONE)
            continue;
        sum += cell->value;
        box.x += box.w;
        box.w = mk_chart_length(p->c, sum, p->full) - box.x;
        mk_svg_area(&p->s, part_inks[i], box);
    }
    mk_chart_stack_close(&stack,
                         cell_of(p->c, p->year, p->row, MK_MEASURE_DUTY));
    if (!stack.hidden)
        return;
    box.x = mk_chart_length(p->c, sum + stack.from, p->full);
    box.w = (stack.open ? p->full
                        : mk_chart_length(p->c, sum + stack.to, p->full)) -
            box.x;
    mk_svg_hatch(&p->s, box, stack.open ? MK_SVG_OPEN_RIGHT : MK_SVG_CLOSED);
}

/* Beside the other two the short words are clear. */
static const char *part_label(enum mk_measure part, bool english)
{
    return part == MK_MEASURE_DIRECT_NR ? mk_words_mark(MK_MARK_NR, english)
                                        : mk_words_measure(part, english);
}

/* Was there consultation at once: the parts of the duty, and what they are. */
static void draw_parts(struct flow *p)
{
    bool en = p->c->f->english;
    char figure[MK_CELL_TEXT], text[MK_LABEL_TEXT * 2];
    int bottom = p->y + PARTS_HEIGHT;
    if (p->joined_w > 0)
        mk_svg_taper(&p->s, MK_SVG_S0,
                     (struct mk_svg_box){0, p->y, p->joined_w, PARTS_HEIGHT},
                     p->joined_w);
    draw_parts_bar(p, p->y + GAP);
    p->y += GAP + THIN + GAP;
    for (size_t i = 0; i < COUNT(parts); i++, p->y += MK_CHART_LINE) {
        const struct mk_cell *cell = cell_of(p->c, p->year, p->row, parts[i]);
        struct mk_svg_box key = {MARGIN, p->y + MK_SVG(2), SWATCH, SWATCH};
        if (cell->mark == MK_MARK_X)
            mk_svg_hatch(&p->s, key, MK_SVG_CLOSED);
        else
            mk_svg_area(&p->s, part_inks[i], key);
        mk_words_cell(figure, cell, en);
        /* the figure first: a label may be cut, a figure never */
        snprintf(text, sizeof text, "%s %s", figure, part_label(parts[i], en));
        draw_text(p, INDENT, p->y + MK_SVG(12), text);
    }
    p->y = bottom;
}

static void draw_flow(struct flow *p)
{
    const struct mk_row *row = &p->c->t->category.row[p->row];
    bool en = p->c->f->english;
    struct mk_svg_text how = {
        .ink = MK_SVG_INK, .bold = true, .room = p->c->width};
    how.y = MK_SVG(14);
    mk_svg_text(&p->s, how, mk_words_label(row, en));
    p->y = HEADING - MK_SVG(8);
    p->joined_w = -1;
    join(p, MK_MEASURE_DUTY, p->y + LABEL);
    draw_step(p, MK_SVG_S0, MK_MEASURE_DUTY, BAR);
    draw_parts(p);
    for (size_t i = 0; i < COUNT(steps); i++) {
        join(p, steps[i], p->y + LABEL);
        draw_step(p, MK_SVG_S0, steps[i], BAR);
    }
    p->y += 2 * GAP;
    draw_step(p, MK_SVG_S3, MK_MEASURE_POLICE_REPORT, THIN);
    p->y += HEADING;
    mk_svg_line(&p->s, MK_SVG_RULE, 0, p->y - MK_SVG(14), p->c->width,
                p->y - MK_SVG(14));
    p->y -= MK_SVG(8);
    for (size_t i = 0; i < COUNT(unmet); i++)
        draw_step(p, MK_SVG_S6, unmet[i], THIN);
}

/* "2020: duty to consult applied 27, consulted at once 20, ..." */
static enum mk_err describe(const struct flow *p, struct mk_buf *desc)
{
    const struct mk_table *t = p->c->t;
    char text[MK_CELL_TEXT];
    bool en = p->c->f->english;
    enum mk_err rc;
    mk_words_year(text, p->c->f->years[p->year], p->c->f->school_year);
    MK_TRY(mk_buf_addf(desc, "%s: ", text));
    for (size_t m = 0; m < t->measures; m++) {
        mk_words_cell(text, mk_factsheet_cell(t, p->year, p->row, 0, m), en);
        MK_TRY(mk_buf_addf(desc, "%s%s %s", m > 0 ? ", " : "",
                           mk_words_measure(t->first + m, en), text));
    }
    MK_TRY(mk_buf_add_str(desc, "."));
    MK_TRY(mk_buf_terminate(desc));
out:
    return rc;
}

static enum mk_err draw_row(struct flow *p)
{
    const struct mk_table *t = p->c->t;
    struct mk_buf title = MK_BUF_INIT, desc = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_buf_addf(
        &title, "%s: %s", t->title,
        mk_words_label(&t->category.row[p->row], p->c->f->english)));
    MK_TRY(mk_buf_terminate(&title));
    MK_TRY(describe(p, &desc));
    mk_chart_open(p->c, &p->s, HEIGHT, (const char *)title.data,
                  (const char *)desc.data);
    draw_flow(p);
    MK_TRY(mk_svg_close(&p->s));
out:
    mk_buf_release(&title);
    mk_buf_release(&desc);
    return rc;
}

enum mk_err mk_chart_flow(struct mk_chart *c)
{
    struct flow p = {.c = c, .year = newest(c)};
    char text[MK_CELL_TEXT];
    int figures = 0;
    enum mk_err rc = MK_OK;
    if (p.year == c->f->n_years)
        return MK_OK;
    for (size_t i = 0; i < c->t->category.n; i++)
        for (size_t m = 0; m < c->t->measures; m++) {
            const struct mk_cell *cell =
                mk_factsheet_cell(c->t, p.year, i, 0, m);
            if (!mk_chart_has_row(&c->t->category, i))
                continue;
            mk_chart_fit(c, cell);
            mk_words_cell(text, cell, c->f->english);
            int w = mk_svg_text_width(text, true);
            figures = w > figures ? w : figures;
        }
    if (c->width < SHORTEST + GAP + figures)
        c->width = SHORTEST + GAP + figures;
    p.full = c->width - GAP - figures;
    for (p.row = 0; p.row < c->t->category.n; p.row++)
        if (mk_chart_has_row(&c->t->category, p.row))
            MK_TRY(draw_row(&p));
out:
    return rc;
}

enum mk_err mk_chart_flow_period(struct mk_chart *c)
{
    char text[MK_YEAR_TEXT];
    size_t year = newest(c);
    if (year == c->f->n_years)
        return MK_OK;
    mk_words_year(text, c->f->years[year], c->f->school_year);
    return mk_buf_addf(c->out, ", %s", text);
}

enum mk_err mk_chart_flow_key(struct mk_chart *c)
{
    char text[MK_YEAR_TEXT];
    const char *before = "<li>";
    bool en = c->f->english;
    enum mk_err rc = MK_OK;
    for (size_t y = 0; y < c->f->n_years; y++) {
        if (cell_of(c, y, 0, MK_MEASURE_DUTY)->mark != MK_MARK_NR)
            continue;
        mk_words_year(text, c->f->years[y], c->f->school_year);
        MK_TRY(mk_buf_addf(c->out, "%s%s", before, text));
        before = ", ";
    }
    if (*before == ',')
        MK_TRY(mk_escape_in(c->out, ": ", mk_words_mark(MK_MARK_NR, en),
                            " (<b>NR</b>)</li>\n"));
out:
    return rc;
}
