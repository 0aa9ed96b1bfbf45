/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/chart.h"

#include <stdio.h>

#include "reports/chart_parts.h"
#include "reports/escape.h"

#define LEAST_FRAME MK_SVG(3) /* that hatching can be seen in */
#define OPEN_FRAME MK_SVG(14)
#define KEY_SIZE MK_SVG(14)

/* ---- cells ---- */

static bool members_are_printed(const struct mk_axis *axis,
                                const struct mk_row *group)
{
    for (size_t i = 0; i < axis->n; i++)
        if (axis->row[i].kind == MK_ROW_LEVEL && !axis->row[i].hidden &&
            group->members >> axis->row[i].number & 1)
            return true;
    return false;
}

bool mk_chart_has_row(const struct mk_axis *axis, size_t row)
{
    const struct mk_row *r = &axis->row[row];
    switch (r->kind) {
    case MK_ROW_ALL:
    case MK_ROW_LEVEL:
    case MK_ROW_UNKNOWN:
        return !r->hidden;
    case MK_ROW_GROUP:
        return !r->hidden && !members_are_printed(axis, r);
    case MK_ROW_TOTAL:
        return false;
    }
    return false;
}

size_t mk_chart_total(const struct mk_axis *axis)
{
    size_t i = 0;
    while (i < axis->n && axis->row[i].kind != MK_ROW_TOTAL)
        i++;
    return i;
}

void mk_chart_fit_value(struct mk_chart *c, uint64_t value)
{
    if (value > c->scale)
        c->scale = value;
}

void mk_chart_fit(struct mk_chart *c, const struct mk_cell *cell)
{
    switch (cell->mark) {
    case MK_MARK_NONE:
        mk_chart_fit_value(c, cell->value);
        break;
    case MK_MARK_X:
        mk_chart_fit_value(c, cell->hi < MK_NO_END ? cell->hi : cell->lo);
        break;
    case MK_MARK_NR:
    case MK_MARK_NA:
        break;
    }
}

int mk_chart_length(const struct mk_chart *c, uint64_t value, int full)
{
    uint64_t scale = c->scale;
    if (value >= scale)
        return full;
    for (; scale > UINT32_MAX; scale >>= 1)
        value >>= 1;
    return (int)(value * (uint64_t)full / scale);
}

void mk_chart_stack_add(struct mk_chart_stack *stack,
                        const struct mk_cell *part)
{
    if (part->mark == MK_MARK_NONE)
        stack->printed += part->value;
    if (part->mark != MK_MARK_X)
        return;
    stack->hidden = true;
    stack->from += part->lo;
    stack->to += part->hi < MK_NO_END ? part->hi : part->lo;
    stack->open |= part->hi >= MK_NO_END;
}

void mk_chart_stack_close(struct mk_chart_stack *stack,
                          const struct mk_cell *total)
{
    if (!stack->hidden || !total || total->mark != MK_MARK_NONE)
        return;
    stack->hidden = total->value > stack->printed;
    stack->open = false;
    stack->from = 0;
    stack->to = stack->hidden ? total->value - stack->printed : 0;
}

/* ---- pieces ---- */

void mk_chart_open(struct mk_chart *c, struct mk_svg *s, int height,
                   const char *title, const char *desc)
{
    char id[32];
    snprintf(id, sizeof id, "C-%s-%u", c->t->id, ++c->parts);
    mk_svg_open(s, c->out, id, c->width, height, title, desc);
}

int mk_chart_bar(struct mk_chart *c, struct mk_svg *s, struct mk_chart_bar bar,
                 const struct mk_cell *cell)
{
    struct mk_svg_box box = {bar.x, bar.y, 0, bar.height};
    int to = bar.x + bar.full;
    bool open = cell->mark == MK_MARK_X && cell->hi >= MK_NO_END;
    c->seen[cell->mark] = true;
    switch (cell->mark) {
    case MK_MARK_NONE:
        box.w = mk_chart_length(c, cell->value, bar.full);
        if (bar.outline)
            mk_svg_outline(s, bar.ink, box);
        else
            mk_svg_area(s, bar.ink, box);
        break;
    case MK_MARK_X:
        box.x += mk_chart_length(c, cell->lo, bar.full);
        if (open && box.x > to - OPEN_FRAME)
            box.x = to - OPEN_FRAME;
        box.w = open ? to - box.x
                     : bar.x + mk_chart_length(c, cell->hi, bar.full) - box.x;
        if (box.w < LEAST_FRAME) {
            box.w = LEAST_FRAME;
            if (box.x > to - box.w)
                box.x = to - box.w;
        }
        if (box.x > bar.x) /* at least lo: a line to the frame */
            mk_svg_line(s, MK_SVG_HIDDEN, bar.x, bar.y + bar.height / 2, box.x,
                        bar.y + bar.height / 2);
        mk_svg_hatch(s, box, open ? MK_SVG_OPEN_RIGHT : MK_SVG_CLOSED);
        break;
    case MK_MARK_NR:
    case MK_MARK_NA:
        break;
    }
    return box.x + box.w;
}

enum mk_err mk_chart_key(struct mk_chart *c, enum mk_svg_ink ink, bool outline,
                         const char *code, const char *text)
{
    const struct mk_svg_box box = {MK_SVG(1), MK_SVG(1), KEY_SIZE - MK_SVG(2),
                                   KEY_SIZE - MK_SVG(2)};
    struct mk_svg s;
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(c->out, "<li>"));
    mk_svg_open_key(&s, c->out, KEY_SIZE, KEY_SIZE);
    if (ink == MK_SVG_HIDDEN)
        mk_svg_hatch(&s, box, MK_SVG_CLOSED);
    else if (outline)
        mk_svg_outline(&s, ink, box);
    else
        mk_svg_area(&s, ink, box);
    MK_TRY(mk_svg_close(&s));
    if (*code)
        MK_TRY(mk_escape_in(c->out, " <b>", code, "</b>"));
    MK_TRY(mk_escape_in(c->out, " ", text, "</li>\n"));
out:
    return rc;
}

/* What the marks in the chart mean. */
static enum mk_err add_marks(struct mk_chart *c)
{
    static const enum mk_mark words[] = {MK_MARK_NR, MK_MARK_NA};
    bool en = c->f->english;
    enum mk_err rc = MK_OK;
    if (c->seen[MK_MARK_X])
        MK_TRY(mk_chart_key(
            c, MK_SVG_HIDDEN, false, mk_mark_slug(MK_MARK_X),
            mk_say(en, "hatched: suppressed to protect people. The hatching "
                       "is what is left of a total, or reaches from the "
                       "least to the most that the figure can be; where it "
                       "is open at one side nobody can know the most.")));
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!c->seen[words[i]])
            continue;
        MK_TRY(
            mk_escape_in(c->out, "<li><b>", mk_mark_slug(words[i]), "</b> "));
        MK_TRY(
            mk_escape_in(c->out, "", mk_words_mark(words[i], en), "</li>\n"));
    }
out:
    return rc;
}

/* ---- the figure ---- */

static enum mk_err add_caption(struct mk_chart *c)
{
    bool en = c->f->english;
    enum mk_err rc;
    MK_TRY(mk_escape_in(c->out, "", mk_say(en, "Chart"), " "));
    MK_TRY(mk_escape_in(c->out, "", c->t->id, ": "));
    MK_TRY(mk_escape_in(c->out, "", c->t->unit, ""));
    if (c->t == &c->f->table[MK_TABLE_F5])
        MK_TRY(mk_chart_flow_period(c));
    else
        MK_TRY(mk_escape_in(c->out, "",
                            c->f->school_year
                                ? mk_say(en, ", by school year")
                                : mk_say(en, ", by calendar year"),
                            ""));
out:
    return rc;
}

static enum mk_err add_pictures(struct mk_chart *c)
{
    switch ((enum mk_table_id)(c->t - c->f->table)) {
    case MK_TABLE_F1:
    case MK_TABLE_F2:
        return mk_chart_columns(c);
    case MK_TABLE_F3:
    case MK_TABLE_F4:
    case MK_TABLE_F6:
    case MK_TABLE_F7:
        return mk_chart_bars(c);
    case MK_TABLE_F5:
        return mk_chart_flow(c);
    case MK_TABLE_COUNT:
        break;
    }
    return MK_E_INTERNAL;
}

static enum mk_err add_key(struct mk_chart *c)
{
    switch ((enum mk_table_id)(c->t - c->f->table)) {
    case MK_TABLE_F2:
        return mk_chart_columns_key(c);
    case MK_TABLE_F4:
        return mk_chart_bars_key(c);
    case MK_TABLE_F5:
        return mk_chart_flow_key(c);
    case MK_TABLE_F1:
    case MK_TABLE_F3:
    case MK_TABLE_F6:
    case MK_TABLE_F7:
    case MK_TABLE_COUNT:
        break;
    }
    return MK_OK;
}

/* content between before and after; nothing if it is empty.  Empties it. */
static enum mk_err add_block(struct mk_buf *out, const char *before,
                             struct mk_buf *content, const char *after)
{
    enum mk_err rc = MK_OK;
    if (content->len == 0)
        return MK_OK;
    MK_TRY(mk_buf_add_str(out, before));
    MK_TRY(mk_buf_add(out, content->data, content->len));
    MK_TRY(mk_buf_add_str(out, after));
    mk_buf_clear(content);
out:
    return rc;
}

enum mk_err mk_chart_add(struct mk_buf *out, const struct mk_factsheet *f,
                         const struct mk_table *t)
{
    struct mk_buf content = MK_BUF_INIT;
    struct mk_chart c = {
        .out = &content, .f = f, .t = t, .width = MK_CHART_WIDTH, .scale = 1};
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "<figure class=\"chart\" id=\"C-%s\">\n", t->id));
    MK_TRY(add_caption(&c));
    MK_TRY(add_block(out, "<figcaption>", &content, "</figcaption>\n"));
    MK_TRY(add_pictures(&c));
    MK_TRY(add_block(out, "<div class=\"parts\">\n", &content, "</div>\n"));
    MK_TRY(add_key(&c));
    MK_TRY(add_marks(&c));
    MK_TRY(add_block(out, "<ul class=\"key\">\n", &content, "</ul>\n"));
    MK_TRY(mk_buf_add_str(out, "</figure>\n"));
out:
    mk_buf_release(&content);
    return rc;
}
