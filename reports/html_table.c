/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The section of one table: chart, what its marks mean, data, notes on it. */
#include "reports/html.h"

#include <string.h>

#include "reports/chart.h"
#include "reports/escape.h"
#include "reports/grid.h"
#include "reports/say.h"
#include "reports/words.h"

/* ---- lines and cells ---- */

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

/* "dagopvang KDV" */
static enum mk_err add_label(struct mk_buf *out, const char *label,
                             const char *code)
{
    enum mk_err rc;
    MK_TRY(mk_escape_xml(out, label));
    if (*code)
        MK_TRY(mk_escape_in(out, " <span class=\"code\">", code, "</span>"));
    MK_TRY(mk_buf_add_str(out, "</th>"));
out:
    return rc;
}

static enum mk_err add_line(struct mk_buf *out, const struct mk_grid *g,
                            size_t i)
{
    const struct mk_grid_line *line = &g->line[i];
    const char *code = line->total ? "" : mk_grid_code(g, line);
    enum mk_err rc;
    if (line->heading) {
        if (i > 0)
            MK_TRY(mk_buf_add_str(out, "</tbody>\n<tbody>\n"));
        MK_TRY(mk_buf_addf(out,
                           "<tr><th scope=\"rowgroup\" colspan=\"%zu\">"
                           "<span>",
                           g->n_cols + 1));
        MK_TRY(mk_escape_in(out, "", mk_grid_label(g, line), "</span>"));
        MK_TRY(add_label(out, "", code));
    } else {
        MK_TRY(mk_buf_addf(out, "<tr%s><th scope=\"row\"%s>",
                           line->total ? " class=\"total\"" : "",
                           line->depth ? " class=\"of\"" : ""));
        MK_TRY(add_label(out, mk_grid_label(g, line), code));
        for (size_t c = 0; c < g->n_cols; c++)
            MK_TRY(add_cell(out, g, line, c));
    }
    MK_TRY(mk_buf_add_str(out, "</tr>\n"));
out:
    return rc;
}

/* What the first column names. */
static const char *stub_head(const struct mk_table *t, bool en)
{
    if (t->measures > 1)
        return mk_say(en, "Kind and count");
    if (t->category.n > 1)
        return t->category.row[0].dim == MK_DIM_REPORTER
                   ? mk_say(en, "Reporter")
                   : mk_say(en, "Category");
    return t->care_type.n > 1 ? mk_say(en, "Care type") : mk_say(en, "Count");
}

static enum mk_err add_column_heads(struct mk_buf *out,
                                    const struct mk_grid *g)
{
    char head[MK_LABEL_TEXT];
    enum mk_err rc;
    MK_TRY(mk_escape_in(out, "<thead><tr><th scope=\"col\">",
                        stub_head(g->t, g->f->english), "</th>"));
    for (size_t c = 0; c < g->n_cols; c++) {
        bool total = mk_grid_head_total(g, c);
        mk_grid_head(head, g, c);
        MK_TRY(mk_buf_addf(out, "<th scope=\"col\"%s>",
                           total ? " class=\"total\"" : ""));
        MK_TRY(g->years_across ? add_label(out, head, "")
                               : add_label(out, mk_grid_head_label(g, c),
                                           total ? "" : head));
    }
    MK_TRY(mk_buf_add_str(out, "</tr></thead>\n"));
out:
    return rc;
}

static enum mk_err add_caption(struct mk_buf *out, const struct mk_grid *g,
                               size_t i)
{
    char year[MK_YEAR_TEXT];
    bool en = g->f->english;
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "<caption id=\"%s-%zu\"><strong>", g->t->id, i));
    MK_TRY(mk_buf_addf(out, mk_say(en, "Table %s"), g->t->id));
    if (!g->years_across) {
        mk_words_year(year, g->f->years[g->year], g->f->school_year);
        MK_TRY(mk_buf_addf(out, ", %s", year));
    }
    MK_TRY(mk_escape_in(out, "</strong>: ", g->t->unit, ""));
    if (g->years_across)
        MK_TRY(mk_escape_in(out, ", ",
                            g->f->school_year ? mk_say(en, "by school year")
                                              : mk_say(en, "by calendar year"),
                            ""));
    MK_TRY(mk_buf_add_str(out, "</caption>\n"));
out:
    return rc;
}

/* ---- what stands around the data ---- */

static bool has_mark(const struct mk_grid *g, enum mk_mark mark)
{
    for (size_t i = 0; i < g->n_lines; i++)
        for (size_t c = 0; c < g->n_cols && !g->line[i].heading; c++)
            if (mk_grid_cell(g, &g->line[i], c)->mark == mark)
                return true;
    return false;
}

/* A mark as it stands in a cell. */
static const char *mark_example(enum mk_mark mark)
{
    switch (mark) {
    case MK_MARK_NONE:
        break;
    case MK_MARK_X:
        return "x (0-6)";
    case MK_MARK_NR:
    case MK_MARK_NA:
        return mk_mark_slug(mark);
    }
    return "";
}

static const char *mark_sentence(enum mk_mark mark, bool english)
{
    switch (mark) {
    case MK_MARK_NONE:
        break;
    case MK_MARK_X:
        return mk_say(english,
                      "Hidden to protect people. The true figure is one of "
                      "those from the first to the last in the brackets; "
                      "nobody can know it more closely.");
    case MK_MARK_NR:
        return mk_say(english, "Not recorded. That is not the same as 0.");
    case MK_MARK_NA:
        return mk_say(english,
                      "Not applicable: this row did not exist in that year. "
                      "That is not the same as 0.");
    }
    return "";
}

/* The marks that some cell of the table shows; *any says whether one does. */
static enum mk_err add_marks(struct mk_buf *out, const struct mk_factsheet *f,
                             const struct mk_table *t, bool *any)
{
    static const enum mk_mark marks[] = {MK_MARK_X, MK_MARK_NR, MK_MARK_NA};
    struct mk_grid g;
    enum mk_err rc = MK_OK;
    *any = false;
    for (size_t m = 0; m < sizeof marks / sizeof marks[0]; m++) {
        bool here = false;
        for (size_t i = 0; !here && i < mk_grid_count(f, t); i++) {
            mk_grid_make(&g, f, t, i);
            here = has_mark(&g, marks[m]);
        }
        if (!here)
            continue;
        if (!*any)
            MK_TRY(mk_buf_addf(out, "<dl class=\"marks\" id=\"%s-marks\">\n",
                               t->id));
        *any = true;
        MK_TRY(mk_html_item(out, mark_example(marks[m]),
                            mark_sentence(marks[m], f->english)));
    }
    if (*any)
        MK_TRY(mk_buf_add_str(out, "</dl>\n"));
out:
    return rc;
}

/* How the columns share the paper: page style. */
static const char *breadth(const struct mk_grid *g)
{
    return !g->years_across ? "across"
           : g->n_cols <= 4 ? "few"
           : g->n_cols <= 6 ? "some"
                            : "many";
}

static enum mk_err add_grid(struct mk_buf *out, const struct mk_grid *g,
                            size_t i, bool marks)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out,
                       "<div class=\"wide\" role=\"group\" tabindex=\"0\" "
                       "aria-labelledby=\"%s-%zu\">\n<table class=\"%s\"",
                       g->t->id, i, breadth(g)));
    if (marks)
        MK_TRY(mk_buf_addf(out, " aria-describedby=\"%s-marks\"", g->t->id));
    MK_TRY(mk_buf_add_str(out, ">\n"));
    MK_TRY(add_caption(out, g, i));
    MK_TRY(add_column_heads(out, g));
    MK_TRY(mk_buf_add_str(out, "<tbody>\n"));
    for (size_t k = 0; k < g->n_lines; k++)
        MK_TRY(add_line(out, g, k));
    MK_TRY(mk_buf_add_str(out, "</tbody>\n</table>\n</div>\n"));
out:
    return rc;
}

/* Which notes are about which table. */
static const struct {
    enum mk_table_id table;
    const char *note;
} about[] = {
    {MK_TABLE_F2, "category"},     {MK_TABLE_F3, "category"},
    {MK_TABLE_F3, "care-type"},    {MK_TABLE_F3, "gastouder"},
    {MK_TABLE_F4, "mtbp"},         {MK_TABLE_F5, "duty"},
    {MK_TABLE_F5, "not-recorded"}, {MK_TABLE_F6, "reporter"},
    {MK_TABLE_F7, "care-type"},    {MK_TABLE_F7, "gastouder"},
};

static bool is_about(enum mk_table_id table, const char *note)
{
    for (size_t i = 0; i < sizeof about / sizeof about[0]; i++)
        if (about[i].table == table && strcmp(about[i].note, note) == 0)
            return true;
    return false;
}

/* "See note 9, note 10." */
static enum mk_err add_see(struct mk_buf *out, const struct mk_factsheet *f,
                           const struct mk_table *t)
{
    enum mk_table_id table = (enum mk_table_id)(t - f->table);
    bool any = false;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < f->n_notes; i++) {
        if (!is_about(table, f->note[i].id))
            continue;
        MK_TRY(any ? mk_buf_add_str(out, ", ")
                   : mk_escape_in(out, "<p class=\"see\">",
                                  mk_say(f->english, "See"), " "));
        any = true;
        MK_TRY(mk_buf_addf(out, "<a href=\"#N-%s\">", f->note[i].id));
        MK_TRY(mk_buf_addf(out, mk_say(f->english, "note %zu"), i + 1));
        MK_TRY(mk_buf_add_str(out, "</a>"));
    }
    if (any)
        MK_TRY(mk_buf_add_str(out, ".</p>\n"));
out:
    return rc;
}

enum mk_err mk_html_table(struct mk_buf *out, const struct mk_factsheet *f,
                          const struct mk_table *t)
{
    struct mk_grid g;
    bool marks;
    enum mk_err rc;
    MK_TRY(mk_html_section(out, f, t->id, t->title));
    MK_TRY(mk_chart_add(out, f, t));
    MK_TRY(add_marks(out, f, t, &marks));
    for (size_t i = 0; i < mk_grid_count(f, t); i++) {
        mk_grid_make(&g, f, t, i);
        MK_TRY(add_grid(out, &g, i, marks));
    }
    MK_TRY(add_see(out, f, t));
    MK_TRY(mk_buf_add_str(out, "</section>\n"));
out:
    return rc;
}
