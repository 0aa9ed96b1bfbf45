/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns: one a year, of one figure or of parts that are stacked. */
#include <stdio.h>

#include "reports/chart_parts.h"

#define ABOVE MK_SVG(20) /* room for the figure of the whole column */
#define BELOW MK_SVG(22) /* and for the year */
#define PLAIN_HEIGHT MK_SVG(150)
#define STACK_HEIGHT MK_SVG(210)
#define COLUMN MK_SVG(34) /* width of a stack */
#define COLUMN_MOST MK_SVG(46)
#define GAP MK_SVG(6)    /* from a stack to its labels */
#define APART MK_SVG(10) /* from one year to the next */
#define LEAST_FRAME MK_SVG(3)
#define SEAM MK_SVG(3) /* a segment this thin has no seam */

struct label {
    size_t row;
    int at; /* the middle of its segment */
    int y;  /* the middle of the text */
};

struct columns {
    struct mk_chart *c;
    struct mk_svg s;
    bool stacked;
    int slot, height, base; /* base: y on which columns stand */
};

static const struct mk_cell *cell_of(const struct mk_chart *c, size_t year,
                                     size_t row)
{
    return mk_factsheet_cell(c->t, year, row, 0, 0);
}

/* The cell of the whole column. */
static const struct mk_cell *whole(const struct mk_chart *c, size_t year)
{
    size_t total = mk_chart_total(&c->t->category);
    return cell_of(c, year, total < c->t->category.n ? total : 0);
}

static struct mk_chart_stack stack_of(const struct mk_chart *c, size_t year)
{
    struct mk_chart_stack stack = {0};
    for (size_t i = 0; i < c->t->category.n; i++)
        if (mk_chart_has_row(&c->t->category, i))
            mk_chart_stack_add(&stack, cell_of(c, year, i));
    if (c->t->category.n > 1)
        mk_chart_stack_close(&stack, whole(c, year));
    return stack;
}

/* A level has the same colour in every window. */
static enum mk_svg_ink ink_of(const struct mk_row *row)
{
    const unsigned n = MK_SVG_S7 - MK_SVG_S0;
    return row->kind == MK_ROW_LEVEL ? MK_SVG_S0 + (row->number + n - 1) % n
           : row->kind == MK_ROW_ALL ? MK_SVG_S0
                                     : MK_SVG_S7;
}

/* "SM 33", or "SM x" of a hidden part; false: it has no label. */
static bool label_text(char out[static MK_LABEL_TEXT],
                       const struct mk_chart *c, size_t year, size_t row)
{
    const struct mk_cell *cell = cell_of(c, year, row);
    const char *code = c->t->category.row[row].slug;
    char number[MK_CELL_TEXT];
    if (cell->mark == MK_MARK_X) {
        snprintf(out, MK_LABEL_TEXT, "%s %s", code, mk_mark_slug(cell->mark));
        return true;
    }
    if (cell->mark != MK_MARK_NONE || cell->value == 0)
        return false;
    mk_words_number(number, cell->value, c->f->english);
    snprintf(out, MK_LABEL_TEXT, "%s %s", code, number);
    return true;
}

static int wider(int width, const char *text, bool bold)
{
    int other = mk_svg_text_width(text, bold);
    return other > width ? other : width;
}

/* The width that the texts of any year need. */
static int slot_width(const struct columns *p)
{
    const struct mk_chart *c = p->c;
    char text[MK_LABEL_TEXT], cell[MK_CELL_TEXT], year[MK_YEAR_TEXT];
    int width = 0;
    for (size_t y = 0; y < c->f->n_years; y++) {
        int beside = 0;
        for (size_t i = 0; p->stacked && i < c->t->category.n; i++)
            if (mk_chart_has_row(&c->t->category, i) &&
                label_text(text, c, y, i))
                beside = wider(beside, text, false);
        mk_words_year(year, c->f->years[y], c->f->school_year);
        mk_words_cell(cell, whole(c, y), c->f->english);
        width = wider(wider(width, year, false), cell, true);
        if (p->stacked && COLUMN + GAP + beside > width)
            width = COLUMN + GAP + beside;
    }
    return width + APART;
}

/* Places labels, which come from below to above, so that none overlaps. */
static void spread(struct label *label, size_t n, int top, int base)
{
    int limit = base - MK_CHART_LINE / 2;
    for (size_t i = 0; i < n; i++) {
        label[i].y = label[i].at < limit ? label[i].at : limit;
        limit = label[i].y - MK_CHART_LINE;
    }
    limit = top + MK_CHART_LINE / 2;
    for (size_t i = n; i-- > 0;) {
        if (label[i].y < limit)
            label[i].y = limit;
        limit = label[i].y + MK_CHART_LINE;
    }
}

static void draw_labels(struct columns *p, size_t year, int x,
                        struct label *label, size_t n)
{
    char text[MK_LABEL_TEXT];
    int beside = x + COLUMN + GAP;
    spread(label, n, ABOVE, p->base);
    for (size_t i = 0; i < n; i++) {
        if (label[i].y != label[i].at)
            mk_svg_line(&p->s, MK_SVG_RULE, x + COLUMN + MK_SVG(1),
                        label[i].at, beside - MK_SVG(1), label[i].y);
        if (label_text(text, p->c, year, label[i].row))
            mk_svg_text(&p->s,
                        (struct mk_svg_text){.ink = MK_SVG_INK,
                                             .x = beside,
                                             .y = label[i].y + MK_SVG(5)},
                        text);
    }
}

static int above_base(const struct columns *p, uint64_t value)
{
    return p->base - mk_chart_length(p->c, value, p->base - ABOVE);
}

static bool is_hidden(const struct mk_chart *c, size_t year, size_t row)
{
    return mk_chart_has_row(&c->t->category, row) &&
           cell_of(c, year, row)->mark == MK_MARK_X;
}

static int hidden_labels(const struct columns *p, size_t year)
{
    int n = 0;
    for (size_t i = 0; i < p->c->t->category.n; i++)
        n += is_hidden(p->c, year, i);
    return n;
}

/* Draws the hidden parts on top of the printed ones; returns their top. */
static int draw_hidden(struct columns *p, const struct mk_chart_stack *stack,
                       int x, int w)
{
    int from = above_base(p, stack->printed + stack->from);
    int to = above_base(p, stack->printed + stack->to);
    if (stack->open)
        to = ABOVE;
    if (from - to < LEAST_FRAME)
        to = from - LEAST_FRAME;
    if (stack->from > 0) /* at least that many: a line to the frame */
        mk_svg_line(&p->s, MK_SVG_HIDDEN, x + w / 2,
                    above_base(p, stack->printed), x + w / 2, from);
    mk_svg_hatch(&p->s, (struct mk_svg_box){x, to, w, from - to},
                 stack->open ? MK_SVG_OPEN_TOP : MK_SVG_CLOSED);
    return to;
}

/* Draws what stands above one another; returns the top.  label gets those of
 * the segments, from below. */
static int draw_segments(struct columns *p, size_t year, int x, int w,
                         struct label *label, size_t *n)
{
    struct mk_chart *c = p->c;
    const struct mk_axis *axis = &c->t->category;
    struct mk_chart_stack stack = stack_of(c, year);
    char text[MK_LABEL_TEXT];
    uint64_t sum = 0;
    int top = p->base;
    for (size_t i = 0; i < axis->n; i++) {
        if (!mk_chart_has_row(axis, i))
            continue;
        const struct mk_cell *cell = cell_of(c, year, i);
        c->seen[MK_MARK_X] |= cell->mark == MK_MARK_X;
        if (cell->mark == MK_MARK_NONE) {
            int below = above_base(p, sum);
            sum += cell->value;
            top = above_base(p, sum);
            mk_svg_area(&p->s, ink_of(&axis->row[i]),
                        (struct mk_svg_box){x, top, w, below - top});
            if (below != p->base && below - top > SEAM)
                mk_svg_line(&p->s, MK_SVG_PAPER, x, below, x + w, below);
            if (label_text(text, c, year, i))
                label[(*n)++] =
                    (struct label){.row = i, .at = (below + top) / 2};
        }
    }
    if (stack.hidden) {
        int to = draw_hidden(p, &stack, x, w);
        int at = (to + top) / 2 + hidden_labels(p, year) * MK_CHART_LINE / 2;
        for (size_t i = 0; i < axis->n; i++)
            if (is_hidden(c, year, i)) {
                at -= MK_CHART_LINE;
                label[(*n)++] =
                    (struct label){.row = i, .at = at + MK_CHART_LINE / 2};
            }
        top = to;
    }
    return top;
}

static void draw_column(struct columns *p, size_t year, int x)
{
    struct label label[MK_AXIS_MAX];
    size_t n = 0;
    char text[MK_CELL_TEXT];
    int w = p->slot * 6 / 10;
    if (p->stacked)
        w = COLUMN;
    else if (w > COLUMN_MOST)
        w = COLUMN_MOST;
    int left = p->stacked ? x : x + (p->slot - w) / 2;
    int top = draw_segments(p, year, left, w, label, &n);
    struct mk_svg_text how = {.ink = MK_SVG_INK,
                              .bold = true,
                              .centre = !p->stacked,
                              .x = p->stacked ? x : x + p->slot / 2,
                              .y = top - MK_SVG(5)};
    mk_words_cell(text, whole(p->c, year), p->c->f->english);
    p->c->seen[whole(p->c, year)->mark] = true;
    mk_svg_text(&p->s, how, text);
    if (p->stacked)
        draw_labels(p, year, x, label, n);
    mk_words_year(text, p->c->f->years[year], p->c->f->school_year);
    how = (struct mk_svg_text){.ink = MK_SVG_SOFT,
                               .centre = how.centre,
                               .x = how.x,
                               .y = p->base + MK_CHART_LINE};
    mk_svg_text(&p->s, how, text);
}

/* "2018: 129 (SM 30, SI x (0-6)); 2019: ...": what the columns show. */
static enum mk_err describe(const struct mk_chart *c, size_t first, size_t end,
                            struct mk_buf *desc)
{
    char text[MK_CELL_TEXT];
    const struct mk_axis *axis = &c->t->category;
    enum mk_err rc = MK_OK;
    for (size_t y = first; y < end; y++) {
        const char *before = " (";
        mk_words_year(text, c->f->years[y], c->f->school_year);
        MK_TRY(mk_buf_addf(desc, "%s%s: ", y > first ? "; " : "", text));
        mk_words_cell(text, whole(c, y), c->f->english);
        MK_TRY(mk_buf_add_str(desc, text));
        for (size_t i = 0; axis->n > 1 && i < axis->n; i++) {
            if (!mk_chart_has_row(axis, i))
                continue;
            mk_words_cell(text, cell_of(c, y, i), c->f->english);
            MK_TRY(
                mk_buf_addf(desc, "%s%s %s", before, axis->row[i].slug, text));
            before = ", ";
        }
        if (*before == ',')
            MK_TRY(mk_buf_add_str(desc, ")"));
    }
    MK_TRY(mk_buf_add_str(desc, "."));
    MK_TRY(mk_buf_terminate(desc));
out:
    return rc;
}

/* The years first to end - 1 of the window. */
static enum mk_err draw_part(struct columns *p, size_t first, size_t end)
{
    struct mk_buf desc = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(describe(p->c, first, end, &desc));
    mk_chart_open(p->c, &p->s, p->height, p->c->t->title,
                  (const char *)desc.data);
    for (size_t y = first; y < end; y++)
        draw_column(p, y, (int)(y - first) * p->slot);
    mk_svg_line(&p->s, MK_SVG_RULE, 0, p->base, (int)(end - first) * p->slot,
                p->base);
    MK_TRY(mk_svg_close(&p->s));
out:
    mk_buf_release(&desc);
    return rc;
}

enum mk_err mk_chart_columns(struct mk_chart *c)
{
    struct columns p = {.c = c, .stacked = c->t->category.n > 1};
    size_t n = c->f->n_years;
    bool any = false;
    enum mk_err rc = MK_OK;
    for (size_t y = 0; y < n; y++) {
        struct mk_chart_stack stack = stack_of(c, y);
        mk_chart_fit_value(c, stack.printed + stack.to);
        any |= stack.printed > 0 || stack.hidden;
    }
    p.base = ABOVE;
    if (any)
        p.base += p.stacked ? STACK_HEIGHT : PLAIN_HEIGHT;
    p.height = p.base + BELOW;
    int slot = slot_width(&p);
    if (c->width < slot)
        c->width = slot;
    size_t fit = (size_t)(c->width / slot);
    size_t parts = (n + fit - 1) / fit;
    size_t per_part = (n + parts - 1) / parts;
    p.slot = c->width / (int)per_part;
    for (size_t y = 0; y < n; y += per_part)
        MK_TRY(draw_part(&p, y, y + per_part < n ? y + per_part : n));
out:
    return rc;
}

enum mk_err mk_chart_columns_key(struct mk_chart *c)
{
    const struct mk_axis *axis = &c->t->category;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < axis->n; i++)
        if (mk_chart_has_row(axis, i)) {
            MK_TRY(mk_chart_key(c, ink_of(&axis->row[i]), false,
                                axis->row[i].slug,
                                mk_words_label(&axis->row[i], c->f->english)));
        }
out:
    return rc;
}
