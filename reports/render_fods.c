/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Flat OpenDocument: meta, settings (frozen heads), styles, then a sheet for
 * each table, one for the notes and one for the method.  A sheet of a table:
 *
 *     F1  title
 *     unit
 *     release, as of
 *     NOT FOR PUBLICATION        or nothing
 *     [year] [code] label [count] head head ..    frozen, on every page again
 *     ..
 *
 * A table with two axes has its years one under the other, and two rows of
 * heads: labels, codes.
 */
#include "reports/render.h"

#include <inttypes.h>

#include "reports/escape.h"
#include "reports/fods_head.h"
#include "reports/method.h"
#include "reports/say.h"
#include "reports/summary.h"
#include "reports/words.h"

/* ---- cells ---- */

static enum mk_err add_text(struct mk_buf *out, const char *style,
                            const char *text)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out,
                       "<table:table-cell table:style-name=\"%s\" "
                       "office:value-type=\"string\"><text:p>",
                       style));
    MK_TRY(mk_escape_xml(out, text));
    MK_TRY(mk_buf_add_str(out, "</text:p></table:table-cell>"));
out:
    return rc;
}

/* Where a cell is says how it looks. */
enum place { IN_LINE, IN_TOTAL_COLUMN, IN_TOTAL_LINE };

static enum mk_err add_figure(struct mk_buf *out, const struct mk_cell *cell,
                              enum place place, bool english)
{
    static const char *const numbers[] = {"nu", "bn", "tn"};
    static const char *const marks[] = {"ma", "bm", "tm"};
    char text[MK_CELL_TEXT];
    mk_words_cell(text, cell, english);
    if (cell->mark != MK_MARK_NONE)
        return add_text(out, marks[place], text);
    return mk_buf_addf(out,
                       "<table:table-cell table:style-name=\"%s\" "
                       "office:value-type=\"float\" office:value=\"%" PRIu64
                       "\"><text:p>%s</text:p></table:table-cell>",
                       numbers[place], cell->value, text);
}

static enum mk_err open_row(struct mk_buf *out)
{
    return mk_buf_add_str(out, "<table:table-row table:style-name=\"ro\">");
}

static enum mk_err close_row(struct mk_buf *out)
{
    return mk_buf_add_str(out, "</table:table-row>\n");
}

static enum mk_err add_text_row(struct mk_buf *out, const char *style,
                                const char *text)
{
    enum mk_err rc;
    MK_TRY(open_row(out));
    MK_TRY(add_text(out, style, text));
    MK_TRY(close_row(out));
out:
    return rc;
}

static enum mk_err add_columns(struct mk_buf *out, const char *style, size_t n)
{
    if (n == 0)
        return MK_OK;
    return mk_buf_addf(out,
                       "<table:table-column table:style-name=\"%s\" "
                       "table:number-columns-repeated=\"%zu\"/>\n",
                       style, n);
}

/* ---- a table ---- */

/* Columns before the figures. */
struct lead {
    bool year, code, count;
};

static struct lead lead_of(const struct mk_grid *g)
{
    return (struct lead){
        .year = !g->years_across,
        .code = g->n_lines > 0 && mk_grid_row(g, &g->line[0]),
        .count = mk_grid_has_measures(g),
    };
}

/* labels: the row of full names above that of codes. */
static enum mk_err add_heads(struct mk_buf *out, const struct mk_grid *g,
                             bool labels)
{
    char head[MK_LABEL_TEXT];
    struct lead lead = lead_of(g);
    bool en = g->f->english;
    enum mk_err rc;
    MK_TRY(open_row(out));
    if (lead.year)
        MK_TRY(add_text(out, "hd", labels ? "" : mk_say(en, "Year")));
    if (lead.code)
        MK_TRY(add_text(out, "hd", labels ? "" : mk_say(en, "Code")));
    MK_TRY(add_text(out, "hd", labels ? "" : mk_grid_lead(g)));
    if (lead.count)
        MK_TRY(add_text(out, "hd", mk_say(en, "Count")));
    for (size_t c = 0; c < g->n_cols; c++) {
        mk_grid_head(head, g, c);
        MK_TRY(add_text(out, "hr", labels ? mk_grid_head_label(g, c) : head));
    }
    MK_TRY(close_row(out));
out:
    return rc;
}

static enum mk_err add_line(struct mk_buf *out, const struct mk_grid *g,
                            const struct mk_grid_line *line)
{
    char year[MK_YEAR_TEXT];
    struct lead lead = lead_of(g);
    const struct mk_row *row = mk_grid_row(g, line);
    const char *label = line->total ? "tl" : "la";
    const char *measure =
        mk_words_measure(g->t->first + line->measure, g->f->english);
    enum mk_err rc;
    MK_TRY(open_row(out));
    if (lead.year) {
        mk_words_year(year, g->f->years[g->year], g->f->school_year);
        MK_TRY(add_text(out, line->total ? "tc" : "co", year));
    }
    if (lead.code)
        MK_TRY(add_text(out, line->total ? "tc" : "co", row->slug));
    MK_TRY(add_text(out, label,
                    row ? mk_words_label(row, g->f->english) : measure));
    if (lead.count)
        MK_TRY(add_text(out, line->depth ? "in" : label, measure));
    for (size_t c = 0; c < g->n_cols; c++)
        MK_TRY(add_figure(out, mk_grid_cell(g, line, c),
                          line->total                ? IN_TOTAL_LINE
                          : mk_grid_head_total(g, c) ? IN_TOTAL_COLUMN
                                                     : IN_LINE,
                          g->f->english));
    MK_TRY(close_row(out));
out:
    return rc;
}

static enum mk_err add_top(struct mk_buf *out, const struct mk_factsheet *f,
                           const struct mk_table *t)
{
    const char *marking = mk_words_marking(f);
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_buf_addf(&text, "%s %s", t->id, t->title));
    MK_TRY(mk_buf_terminate(&text));
    MK_TRY(add_text_row(out, "ti", (const char *)text.data));
    MK_TRY(add_text_row(out, "su", t->unit));
    mk_buf_clear(&text);
    MK_TRY(mk_words_origin(&text, f));
    MK_TRY(mk_buf_terminate(&text));
    MK_TRY(add_text_row(out, "su", (const char *)text.data));
    MK_TRY(add_text_row(out, "mk", marking ? marking : ""));
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err open_sheet(struct mk_buf *out, const char *name)
{
    return mk_buf_addf(out,
                       "<table:table table:name=\"%s\" "
                       "table:style-name=\"ta\">\n",
                       name);
}

static enum mk_err add_table(struct mk_buf *out, const struct mk_factsheet *f,
                             const struct mk_table *t)
{
    struct mk_grid g;
    enum mk_err rc;
    mk_grid_make(&g, f, t, 0);
    struct lead lead = lead_of(&g);
    MK_TRY(open_sheet(out, t->id));
    MK_TRY(add_columns(out, "cc", (size_t)lead.year + lead.code));
    MK_TRY(add_columns(out, "cl", 1u + lead.count));
    MK_TRY(add_columns(out, g.years_across ? "cv" : "cw", g.n_cols));
    MK_TRY(add_top(out, f, t));
    MK_TRY(mk_buf_add_str(out, "<table:table-header-rows>\n"));
    for (size_t left = mk_fods_head_rows(&g); left-- > 0;)
        MK_TRY(add_heads(out, &g, left > 0));
    MK_TRY(mk_buf_add_str(out, "</table:table-header-rows>\n"));
    for (size_t i = 0; i < mk_grid_count(f, t); i++) {
        mk_grid_make(&g, f, t, i);
        for (size_t k = 0; k < g.n_lines; k++)
            if (!g.line[k].heading)
                MK_TRY(add_line(out, &g, &g.line[k]));
    }
    MK_TRY(mk_buf_add_str(out, "</table:table>\n"));
out:
    return rc;
}

/* ---- the notes ---- */

static enum mk_err add_texts(struct mk_buf *out, const char *title,
                             const struct mk_note *note, size_t n)
{
    enum mk_err rc = MK_OK;
    if (n == 0)
        return rc;
    MK_TRY(add_text_row(out, "hd", title));
    for (size_t i = 0; i < n; i++) {
        const char *heading = mk_summary_heading(note, i);
        if (heading)
            MK_TRY(add_text_row(out, "hd", heading));
        MK_TRY(add_text_row(out, "no", (const char *)note[i].text.data));
    }
    MK_TRY(add_text_row(out, "no", ""));
out:
    return rc;
}

static enum mk_err add_marks(struct mk_buf *out, bool english)
{
    static const enum mk_mark marks[] = {MK_MARK_NONE, MK_MARK_NR, MK_MARK_NA,
                                         MK_MARK_X};
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(add_text_row(out, "hd", mk_say(english, "Marks")));
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const char *slug = mk_mark_slug(marks[i]);
        mk_buf_clear(&text);
        MK_TRY(mk_buf_addf(&text, "%s: %s", *slug ? slug : "0",
                           mk_words_mark(marks[i], english)));
        MK_TRY(mk_buf_terminate(&text));
        MK_TRY(add_text_row(out, "no", (const char *)text.data));
    }
    MK_TRY(add_text_row(out, "no", ""));
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err add_notes(struct mk_buf *out, const struct mk_factsheet *f,
                             const char *title)
{
    const char *marking = mk_words_marking(f);
    struct mk_buf origin = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(open_sheet(out, "N"));
    MK_TRY(add_columns(out, "cn", 1));
    MK_TRY(add_text_row(out, "ti", title));
    MK_TRY(mk_words_origin(&origin, f));
    MK_TRY(mk_buf_terminate(&origin));
    MK_TRY(add_text_row(out, "su", (const char *)origin.data));
    MK_TRY(add_text_row(out, "mk", marking ? marking : ""));
    MK_TRY(add_texts(out, mk_say(f->english, "Summary"), f->summary,
                     f->n_summary));
    MK_TRY(add_marks(out, f->english));
    MK_TRY(add_texts(out, mk_say(f->english, "Notes"), f->note, f->n_notes));
    MK_TRY(mk_buf_add_str(out, "</table:table>\n"));
out:
    mk_buf_release(&origin);
    return rc;
}

static enum mk_err add_method(struct mk_buf *out, const struct mk_factsheet *f)
{
    struct mk_method m;
    enum mk_err rc;
    mk_method_init(&m);
    MK_TRY(mk_method_build(&m, f));
    MK_TRY(open_sheet(out, "M"));
    MK_TRY(add_columns(out, "cl", 1));
    MK_TRY(add_columns(out, "cn", 1));
    MK_TRY(add_text_row(out, "ti", mk_say(f->english, "Method")));
    for (size_t i = 0; i < m.n; i++) {
        MK_TRY(open_row(out));
        MK_TRY(add_text(out, m.item[i].term ? "in" : "hd", m.item[i].heading));
        MK_TRY(add_text(out, "no", (const char *)m.item[i].text.data));
        MK_TRY(close_row(out));
    }
    MK_TRY(mk_buf_add_str(out, "</table:table>\n"));
out:
    mk_method_release(&m);
    return rc;
}

/* ---- the document ---- */

enum mk_err mk_render_fods(struct mk_buf *out, const struct mk_factsheet *f)
{
    struct mk_buf title = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_buf_addf(&title, "%s, ", mk_words_title(f->english)));
    MK_TRY(mk_words_window(&title, f));
    MK_TRY(mk_buf_terminate(&title));
    const char *text = (const char *)title.data;
    MK_TRY(mk_fods_head(out, f, text));
    MK_TRY(mk_buf_add_str(out, "<office:body><office:spreadsheet>\n"));
    for (size_t i = 0; i < MK_TABLE_COUNT; i++)
        MK_TRY(add_table(out, f, &f->table[i]));
    MK_TRY(add_notes(out, f, text));
    MK_TRY(add_method(out, f));
    MK_TRY(mk_buf_add_str(
        out, "</office:spreadsheet></office:body></office:document>\n"));
out:
    mk_buf_release(&title);
    return rc;
}
