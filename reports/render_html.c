/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/render.h"

#include <inttypes.h>

#include "reports/chart.h"
#include "reports/escape.h"
#include "reports/grid.h"
#include "reports/html_style.h"
#include "reports/words.h"

/* Nothing is loaded, run or sent: the page is its own and only part. */
#define POLICY                                                         \
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; " \
    "form-action 'none'"

static enum mk_err add_marking(struct mk_buf *out,
                               const struct mk_factsheet *f)
{
    const char *marking = mk_words_marking(f);
    return marking
               ? mk_escape_in(out, "<p class=\"marking\">", marking, "</p>\n")
               : MK_OK;
}

static enum mk_err add_head(struct mk_buf *out, const struct mk_factsheet *f)
{
    const char *marking = mk_words_marking(f);
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out,
                       "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
                       "<meta charset=\"utf-8\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" "
                       "content=\"" POLICY "\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, "
                       "initial-scale=1\">\n"
                       "<meta name=\"referrer\" content=\"no-referrer\">\n",
                       f->english ? "en" : "nl"));
    if (marking)
        MK_TRY(mk_buf_add_str(
            out, "<meta name=\"robots\" content=\"noindex, nofollow\">\n"));
    MK_TRY(mk_escape_in(out, "<title>", mk_words_title(f->english), ", "));
    MK_TRY(mk_words_window(out, f));
    if (marking)
        MK_TRY(mk_escape_in(out, " (", marking, ")"));
    MK_TRY(mk_buf_add_str(out, "</title>\n<style>\n" MK_HTML_STYLE));
    MK_TRY(mk_buf_add_str(out, mk_chart_style()));
    MK_TRY(mk_buf_add_str(out, "@page{size:A4;margin:20mm 16mm"));
    /* on every printed page, wherever a table is cut */
    if (marking)
        MK_TRY(mk_buf_addf(out,
                           ";@top-center{content:\"%s\";color:#7a1f1f;"
                           "font:700 9pt sans-serif}",
                           marking));
    MK_TRY(mk_buf_add_str(out, "}\n</style>\n</head>\n<body>\n"));
out:
    return rc;
}

static enum mk_err add_item(struct mk_buf *out, const char *term,
                            const char *text)
{
    enum mk_err rc;
    MK_TRY(mk_escape_in(out, "<dt>", term, "</dt>"));
    MK_TRY(mk_escape_in(out, "<dd>", text, "</dd>\n"));
out:
    return rc;
}

static enum mk_err add_made(struct mk_buf *out, const struct mk_factsheet *f)
{
    bool en = f->english;
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, "<dl class=\"made\">\n"));
    MK_TRY(mk_buf_addf(out, "<dt>%s</dt><dd>#%" PRIu64, en ? "As of" : "Stand",
                       f->position));
    if (f->data_date != MK_DAY_NONE) {
        MK_TRY(mk_buf_add_str(out, en ? ", data up to "
                                      : ", gegevens tot en met "));
        MK_TRY(mk_words_day(out, f->data_date, en));
    }
    MK_TRY(mk_buf_add_str(out, "</dd>\n"));
    MK_TRY(add_item(out, en ? "Unit" : "Eenheid", "dossiers"));
    if (f->school_year)
        MK_TRY(add_item(out, en ? "Years" : "Jaren",
                        en ? "school years, 1 August to 31 July"
                           : "schooljaren, 1 augustus tot en met 31 juli"));
    else
        MK_TRY(add_item(out, en ? "Years" : "Jaren",
                        en ? "calendar years" : "kalenderjaren"));
    MK_TRY(add_item(
        out, en ? "Figures" : "Cijfers",
        f->policy == MK_POLICY_INTERNAL
            ? (en ? "exact, for own use" : "exact, voor eigen gebruik")
            : (en ? "exact, small figures included"
                  : "exact, kleine aantallen niet afgeschermd")));
    MK_TRY(mk_buf_add_str(out, "</dl>\n"));
out:
    return rc;
}

static enum mk_err add_header(struct mk_buf *out, const struct mk_factsheet *f)
{
    enum mk_err rc;
    MK_TRY(mk_escape_in(out, "<header>\n<h1>", mk_words_title(f->english),
                        " <span>"));
    MK_TRY(mk_words_window(out, f));
    MK_TRY(mk_buf_add_str(out, "</span></h1>\n"));
    MK_TRY(add_marking(out, f));
    MK_TRY(add_made(out, f));
    MK_TRY(mk_buf_addf(out, "<nav aria-label=\"%s\"><ul>\n",
                       f->english ? "Contents" : "Inhoud"));
    for (size_t i = 0; i < MK_TABLE_COUNT; i++) {
        MK_TRY(mk_buf_addf(out, "<li><a href=\"#%s\">%s ", f->table[i].id,
                           f->table[i].id));
        MK_TRY(mk_escape_in(out, "", f->table[i].title, "</a></li>\n"));
    }
    MK_TRY(mk_buf_addf(out,
                       "<li><a href=\"#N\">N %s</a></li>\n</ul></nav>\n"
                       "</header>\n<main>\n",
                       f->english ? "Notes" : "Toelichting"));
out:
    return rc;
}

/* ---- tables ---- */

static enum mk_err add_cell(struct mk_buf *out, const struct mk_grid *g,
                            const struct mk_grid_line *line, size_t col)
{
    const struct mk_cell *cell = mk_grid_cell(g, line, col);
    char text[MK_CELL_TEXT];
    enum mk_err rc;
    mk_words_cell(text, cell, g->f->english);
    if (cell->mark == MK_MARK_NONE)
        return mk_buf_addf(
            out, "<td%s>%s</td>",
            mk_grid_head_total(g, col) ? " class=\"total\"" : "", text);
    MK_TRY(mk_escape_in(out, "<td class=\"mark\"><abbr title=\"",
                        mk_words_mark(cell->mark, g->f->english), "\">"));
    MK_TRY(mk_escape_in(out, "", text, "</abbr></td>"));
out:
    return rc;
}

static enum mk_err add_label(struct mk_buf *out, const struct mk_grid *g,
                             const struct mk_grid_line *line)
{
    const char *code = mk_grid_code(g, line);
    enum mk_err rc;
    MK_TRY(mk_escape_in(out, "", mk_grid_label(g, line), ""));
    if (*code && !line->total)
        MK_TRY(mk_escape_in(out, " <span class=\"code\">", code, "</span>"));
    MK_TRY(mk_buf_add_str(out, "</th>"));
out:
    return rc;
}

static enum mk_err add_line(struct mk_buf *out, const struct mk_grid *g,
                            size_t i)
{
    const struct mk_grid_line *line = &g->line[i];
    enum mk_err rc;
    if (line->heading) {
        if (i > 0)
            MK_TRY(mk_buf_add_str(out, "</tbody>\n<tbody>\n"));
        MK_TRY(mk_buf_addf(out, "<tr><th scope=\"rowgroup\" colspan=\"%zu\">",
                           g->n_cols + 1));
        MK_TRY(add_label(out, g, line));
    } else {
        MK_TRY(mk_buf_addf(out, "<tr%s><th scope=\"row\"%s>",
                           line->total ? " class=\"total\"" : "",
                           line->depth ? " class=\"of\"" : ""));
        MK_TRY(add_label(out, g, line));
        for (size_t c = 0; c < g->n_cols; c++)
            MK_TRY(add_cell(out, g, line, c));
    }
    MK_TRY(mk_buf_add_str(out, "</tr>\n"));
out:
    return rc;
}

static enum mk_err add_column_heads(struct mk_buf *out,
                                    const struct mk_grid *g)
{
    char head[MK_LABEL_TEXT];
    bool en = g->f->english;
    const struct mk_table *t = g->t;
    enum mk_err rc;
    const char *what =
        t->measures > 1      ? (en ? "Kind and count" : "Soort en telling")
        : t->category.n > 1  ? (t->category.row[0].dim == MK_DIM_REPORTER
                                    ? (en ? "Reporter" : "Melder")
                                    : (en ? "Category" : "Categorie"))
        : t->care_type.n > 1 ? (en ? "Care type" : "Opvangsoort")
                             : (en ? "Count" : "Telling");
    MK_TRY(mk_escape_in(out, "<thead><tr><th scope=\"col\">", what, "</th>"));
    for (size_t c = 0; c < g->n_cols; c++) {
        mk_grid_head(head, g, c);
        if (g->years_across) {
            MK_TRY(mk_escape_in(out, "<th scope=\"col\">", head, "</th>"));
            continue;
        }
        MK_TRY(mk_escape_in(out, "<th scope=\"col\"><abbr title=\"",
                            mk_grid_head_label(g, c), "\">"));
        MK_TRY(mk_escape_in(out, "", head, "</abbr></th>"));
    }
    MK_TRY(mk_buf_add_str(out, "</tr></thead>\n"));
out:
    return rc;
}

static enum mk_err add_grid(struct mk_buf *out, const struct mk_grid *g,
                            size_t i)
{
    char year[MK_YEAR_TEXT];
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out,
                       "<div class=\"wide\" role=\"region\" tabindex=\"0\" "
                       "aria-labelledby=\"%s-%zu\">\n<table>\n"
                       "<caption id=\"%s-%zu\">",
                       g->t->id, i, g->t->id, i));
    if (!g->years_across) {
        mk_words_year(year, g->f->years[g->year], g->f->school_year);
        MK_TRY(mk_buf_addf(out, "<strong>%s</strong>, ", year));
    }
    MK_TRY(mk_escape_in(
        out, "", g->t->unit,
        g->years_across
            ? (g->f->school_year
                   ? (g->f->english ? ", by school year" : ", per schooljaar")
                   : (g->f->english ? ", by calendar year"
                                    : ", per kalenderjaar"))
            : ""));
    MK_TRY(mk_buf_add_str(out, "</caption>\n"));
    MK_TRY(add_column_heads(out, g));
    MK_TRY(mk_buf_add_str(out, "<tbody>\n"));
    for (size_t k = 0; k < g->n_lines; k++)
        MK_TRY(add_line(out, g, k));
    MK_TRY(mk_buf_add_str(out, "</tbody>\n</table>\n</div>\n"));
out:
    return rc;
}

static enum mk_err open_section(struct mk_buf *out,
                                const struct mk_factsheet *f, const char *id,
                                const char *title)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out,
                       "<section aria-labelledby=\"%s\">\n"
                       "<h2 id=\"%s\"><b>%s</b> ",
                       id, id, id));
    MK_TRY(mk_escape_in(out, "", title, "</h2>\n"));
    MK_TRY(add_marking(out, f));
out:
    return rc;
}

static enum mk_err add_table(struct mk_buf *out, const struct mk_factsheet *f,
                             const struct mk_table *t)
{
    struct mk_grid g;
    enum mk_err rc;
    MK_TRY(open_section(out, f, t->id, t->title));
    MK_TRY(mk_chart_add(out, f, t));
    for (size_t i = 0; i < mk_grid_count(f, t); i++) {
        mk_grid_make(&g, f, t, i);
        MK_TRY(add_grid(out, &g, i));
    }
    MK_TRY(mk_buf_add_str(out, "</section>\n"));
out:
    return rc;
}

static enum mk_err add_notes(struct mk_buf *out, const struct mk_factsheet *f)
{
    static const enum mk_mark marks[] = {MK_MARK_NONE, MK_MARK_NR, MK_MARK_NA,
                                         MK_MARK_X};
    enum mk_err rc;
    MK_TRY(open_section(out, f, "N", f->english ? "Notes" : "Toelichting"));
    MK_TRY(mk_buf_add_str(out, "<dl class=\"marks\">\n"));
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const char *slug = mk_mark_slug(marks[i]);
        MK_TRY(add_item(out, *slug ? slug : "0",
                        mk_words_mark(marks[i], f->english)));
    }
    MK_TRY(mk_buf_add_str(out, "</dl>\n<ol>\n"));
    for (size_t i = 0; i < f->n_notes; i++) {
        MK_TRY(mk_buf_addf(out, "<li id=\"N-%s\">", f->note[i].id));
        MK_TRY(mk_escape_in(out, "", (const char *)f->note[i].text.data,
                            "</li>\n"));
    }
    MK_TRY(mk_buf_add_str(out, "</ol>\n</section>\n"));
out:
    return rc;
}

enum mk_err mk_render_html(struct mk_buf *out, const struct mk_factsheet *f)
{
    enum mk_err rc;
    MK_TRY(add_head(out, f));
    MK_TRY(add_header(out, f));
    for (size_t i = 0; i < MK_TABLE_COUNT; i++)
        MK_TRY(add_table(out, f, &f->table[i]));
    MK_TRY(add_notes(out, f));
    MK_TRY(mk_buf_add_str(out, "</main>\n<footer>meldkluis"));
    MK_TRY(mk_buf_add_str(out, "</footer>\n</body>\n</html>\n"));
out:
    return rc;
}
