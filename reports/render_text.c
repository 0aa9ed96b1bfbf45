/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/render.h"

#include <string.h>

#include "reports/escape.h"
#include "reports/grid.h"
#include "reports/lines.h"
#include "reports/method.h"
#include "reports/say.h"
#include "reports/summary.h"
#include "reports/words.h"

#define INDENT 4
#define GAP 2

/* ---- one grid ---- */

struct layout {
    size_t under;       /* how far lines are set in under a heading */
    size_t code, label; /* columns of the code and of the label */
    size_t col[MK_GRID_COLS];
};

static size_t max(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void measure(struct layout *l, const struct mk_grid *g)
{
    char text[MK_CELL_TEXT], head[MK_LABEL_TEXT];
    *l = (struct layout){.under = g->t->measures > 1 ? 2 : 0};
    for (size_t i = 0; i < g->n_lines; i++)
        if (!g->line[i].heading)
            l->code =
                max(l->code, mk_words_width(mk_grid_code(g, &g->line[i])));
    for (size_t i = 0; i < g->n_lines; i++)
        if (!g->line[i].heading)
            l->label =
                max(l->label, mk_words_width(mk_grid_label(g, &g->line[i])) +
                                  2 * g->line[i].depth);
    for (size_t c = 0; c < g->n_cols; c++) {
        mk_grid_head(head, g, c);
        l->col[c] = mk_words_width(head);
        for (size_t i = 0; i < g->n_lines; i++) {
            if (g->line[i].heading)
                continue;
            mk_words_cell(text, mk_grid_cell(g, &g->line[i], c),
                          g->f->english);
            l->col[c] = max(l->col[c], mk_words_width(text));
        }
    }
}

static size_t label_end(const struct layout *l)
{
    return INDENT + l->under + l->code + (l->code ? GAP : 0) + l->label;
}

/* How many columns from first on fit, at least one. */
static size_t fitting(const struct layout *l, size_t first, size_t n_cols)
{
    size_t at = label_end(l);
    size_t n = 0;
    while (first + n < n_cols) {
        at += GAP + l->col[first + n];
        if (n > 0 && at > MK_LINES_WIDTH)
            break;
        n++;
    }
    return n;
}

static enum mk_err add_line(struct mk_buf *out, const struct mk_grid *g,
                            const struct layout *l,
                            const struct mk_grid_line *line, size_t first,
                            size_t n)
{
    char text[MK_CELL_TEXT];
    enum mk_err rc;
    MK_TRY(mk_lines_fill(out, ' ', INDENT));
    if (line->heading) {
        MK_TRY(mk_buf_addf(out, "%s  ", mk_grid_code(g, line)));
        MK_TRY(mk_escape_plain(out, mk_grid_label(g, line)));
        return mk_buf_add_u8(out, '\n');
    }
    MK_TRY(mk_lines_fill(out, ' ', l->under));
    if (l->code) {
        MK_TRY(mk_lines_left(out, mk_grid_code(g, line), l->code));
        MK_TRY(mk_lines_fill(out, ' ', GAP));
    }
    MK_TRY(mk_lines_fill(out, ' ', 2 * line->depth));
    MK_TRY(mk_lines_left(out, mk_grid_label(g, line),
                         l->label - 2 * line->depth));
    for (size_t c = first; c < first + n; c++) {
        mk_words_cell(text, mk_grid_cell(g, line, c), g->f->english);
        MK_TRY(mk_lines_right(out, text, GAP + l->col[c]));
    }
    MK_TRY(mk_buf_add_u8(out, '\n'));
out:
    return rc;
}

static enum mk_err add_heads(struct mk_buf *out, const struct mk_grid *g,
                             const struct layout *l, size_t first, size_t n)
{
    char head[MK_LABEL_TEXT];
    char year[MK_YEAR_TEXT] = "";
    enum mk_err rc;
    if (!g->years_across)
        mk_words_year(year, g->f->years[g->year], g->f->school_year);
    MK_TRY(mk_lines_fill(out, ' ', INDENT));
    MK_TRY(mk_lines_left(out, year, label_end(l) - INDENT));
    for (size_t c = first; c < first + n; c++) {
        mk_grid_head(head, g, c);
        MK_TRY(mk_lines_right(out, head, GAP + l->col[c]));
    }
    MK_TRY(mk_buf_add_u8(out, '\n'));
out:
    return rc;
}

static enum mk_err add_grid(struct mk_buf *out, const struct mk_grid *g)
{
    struct layout l;
    enum mk_err rc = MK_OK;
    measure(&l, g);
    for (size_t first = 0, n; first < g->n_cols; first += n) {
        n = fitting(&l, first, g->n_cols);
        MK_TRY(mk_buf_add_u8(out, '\n'));
        MK_TRY(add_heads(out, g, &l, first, n));
        for (size_t i = 0; i < g->n_lines; i++) {
            if (g->line[i].heading && i > 0)
                MK_TRY(mk_buf_add_u8(out, '\n'));
            MK_TRY(add_line(out, g, &l, &g->line[i], first, n));
        }
    }
out:
    return rc;
}

/* What the codes above the columns mean: the words themselves are too wide to
 * stand there. */
static enum mk_err add_codes(struct mk_buf *out, const struct mk_grid *g)
{
    char head[MK_LABEL_TEXT];
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc = MK_OK;
    for (size_t c = 0; c < g->n_cols; c++) {
        mk_grid_head(head, g, c);
        MK_TRY(mk_buf_addf(&text, "%s%s: %s", c > 0 ? "; " : "", head,
                           mk_grid_head_label(g, c)));
    }
    MK_TRY(mk_buf_terminate(&text));
    MK_TRY(mk_lines_fill(out, ' ', INDENT));
    MK_TRY(mk_lines_wrapped(out, (const char *)text.data, INDENT));
out:
    mk_buf_release(&text);
    return rc;
}

/* ---- the sheet ---- */

static enum mk_err add_table(struct mk_buf *out, const struct mk_factsheet *f,
                             const struct mk_table *t)
{
    const char *marking = mk_words_marking(f);
    struct mk_grid g;
    enum mk_err rc;
    size_t used = mk_words_width(t->id) + GAP + mk_words_width(t->title);
    MK_TRY(mk_buf_addf(out, "\n\n%s  ", t->id));
    MK_TRY(mk_escape_plain(out, t->title));
    if (marking)
        MK_TRY(mk_lines_right(out, marking, MK_LINES_WIDTH - used));
    MK_TRY(
        mk_buf_addf(out, "\n%*s%s: ", INDENT, "", mk_say(f->english, "Unit")));
    MK_TRY(mk_escape_plain(out, t->unit));
    MK_TRY(mk_buf_add_u8(out, '\n'));
    for (size_t i = 0; i < mk_grid_count(f, t); i++) {
        mk_grid_make(&g, f, t, i);
        if (i == 0 && !g.years_across)
            MK_TRY(add_codes(out, &g));
        MK_TRY(add_grid(out, &g));
    }
out:
    return rc;
}

static enum mk_err add_top(struct mk_buf *out, const struct mk_factsheet *f)
{
    const char *title = mk_words_title(f->english);
    const char *marking = mk_words_marking(f);
    struct mk_buf origin = MK_BUF_INIT;
    size_t began, n = 0;
    enum mk_err rc;
    began = out->len;
    MK_TRY(mk_buf_addf(out, "%s, ", title));
    MK_TRY(mk_words_window(out, f));
    for (size_t i = began; i < out->len; i++)
        n += (out->data[i] & 0xc0) != 0x80;
    MK_TRY(mk_buf_add_u8(out, '\n'));
    MK_TRY(mk_lines_fill(out, '=', n));
    MK_TRY(mk_buf_add_str(out, "\n"));
    if (marking)
        MK_TRY(mk_buf_addf(out, "*** %s ***\n", marking));
    MK_TRY(mk_words_origin(&origin, f));
    MK_TRY(mk_buf_terminate(&origin));
    MK_TRY(mk_lines_wrapped(out, (const char *)origin.data, 0));
    MK_TRY(mk_buf_addf(out, "%s\n", mk_say(f->english, "Unit: dossiers")));
out:
    mk_buf_release(&origin);
    return rc;
}

static enum mk_err add_summary(struct mk_buf *out,
                               const struct mk_factsheet *f)
{
    enum mk_err rc = MK_OK;
    if (f->n_summary > 0)
        MK_TRY(mk_buf_addf(out, "\n\n%s\n", mk_say(f->english, "Summary")));
    for (size_t i = 0; i < f->n_summary; i++) {
        const char *heading = mk_summary_heading(f->summary, i);
        if (heading) {
            MK_TRY(mk_buf_add_str(out, "\n"));
            MK_TRY(mk_lines_wrapped(out, heading, 0));
        }
        MK_TRY(mk_buf_addf(out, "%*s", INDENT, "- "));
        MK_TRY(mk_lines_wrapped(out, (const char *)f->summary[i].text.data,
                                INDENT));
    }
out:
    return rc;
}

static enum mk_err add_legend(struct mk_buf *out, bool english)
{
    static const enum mk_mark marks[] = {MK_MARK_NONE, MK_MARK_NR, MK_MARK_NA,
                                         MK_MARK_X};
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "\n\n%s\n", mk_say(english, "Marks")));
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const char *slug = mk_mark_slug(marks[i]);
        MK_TRY(mk_lines_fill(out, ' ', INDENT));
        MK_TRY(mk_lines_left(out, *slug ? slug : "0", 4));
        MK_TRY(mk_lines_wrapped(out, mk_words_mark(marks[i], english),
                                INDENT + 4));
    }
out:
    return rc;
}

static enum mk_err add_method(struct mk_buf *out, const struct mk_factsheet *f)
{
    struct mk_method m;
    enum mk_err rc;
    mk_method_init(&m);
    MK_TRY(mk_method_build(&m, f));
    MK_TRY(mk_buf_addf(out, "\n\nM   %s\n", mk_say(f->english, "Method")));
    for (size_t i = 0; i < m.n; i++) {
        const char *text = (const char *)m.item[i].text.data;
        size_t indent = m.item[i].term ? 2 * INDENT : INDENT;
        MK_TRY(mk_buf_addf(out, "%s%*s", m.item[i].term ? "" : "\n",
                           (int)indent, m.item[i].term ? "- " : ""));
        MK_TRY(mk_lines_wrapped(out, m.item[i].heading, indent));
        if (*text) {
            MK_TRY(mk_lines_fill(out, ' ', indent));
            MK_TRY(mk_lines_wrapped(out, text, indent));
        }
    }
out:
    mk_method_release(&m);
    return rc;
}

enum mk_err mk_render_text(struct mk_buf *out, const struct mk_factsheet *f)
{
    const char *marking = mk_words_marking(f);
    const char *notes = mk_say(f->english, "Notes");
    enum mk_err rc;
    MK_TRY(add_top(out, f));
    MK_TRY(add_summary(out, f));
    for (size_t i = 0; i < MK_TABLE_COUNT; i++)
        MK_TRY(add_table(out, f, &f->table[i]));
    MK_TRY(add_legend(out, f->english));
    MK_TRY(mk_buf_addf(out, "\n\nN   %s", notes));
    if (marking)
        MK_TRY(mk_lines_right(
            out, marking, MK_LINES_WIDTH - INDENT - mk_words_width(notes)));
    MK_TRY(mk_buf_add_str(out, "\n\n"));
    for (size_t i = 0; i < f->n_notes; i++) {
        MK_TRY(mk_buf_addf(out, "%2zu. ", i + 1));
        MK_TRY(
            mk_lines_wrapped(out, (const char *)f->note[i].text.data, INDENT));
    }
    MK_TRY(add_method(out, f));
out:
    return rc;
}
