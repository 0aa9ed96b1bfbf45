/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/render.h"

#include "reports/escape.h"
#include "reports/grid.h"
#include "reports/method.h"
#include "reports/say.h"
#include "reports/summary.h"
#include "reports/words.h"

/* before, text as text, after. */
static enum mk_err add_in(struct mk_buf *out, const char *before,
                          const char *text, const char *after)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, before));
    MK_TRY(mk_escape_markdown(out, text));
    MK_TRY(mk_buf_add_str(out, after));
out:
    return rc;
}

static enum mk_err add_cell(struct mk_buf *out, const char *text)
{
    return add_in(out, " ", text, " |");
}

static enum mk_err add_marking(struct mk_buf *out,
                               const struct mk_factsheet *f)
{
    const char *marking = mk_words_marking(f);
    return marking ? add_in(out, "\n**", marking, "**\n") : MK_OK;
}

/* ---- one grid ---- */

static bool has_code(const struct mk_grid *g)
{
    return g->n_lines > 0 && mk_grid_row(g, &g->line[0]);
}

/* "2020", "day care (KDV)" */
static enum mk_err add_head(struct mk_buf *out, const struct mk_grid *g,
                            size_t col)
{
    char head[MK_LABEL_TEXT];
    enum mk_err rc;
    mk_grid_head(head, g, col);
    if (g->years_across)
        return add_cell(out, head);
    MK_TRY(add_in(out, " ", mk_grid_head_label(g, col), " ("));
    MK_TRY(add_in(out, "", head, ") |"));
out:
    return rc;
}

static enum mk_err add_heads(struct mk_buf *out, const struct mk_grid *g)
{
    bool en = g->f->english;
    size_t labels = 1u + has_code(g) + mk_grid_has_measures(g);
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, "\n|"));
    if (has_code(g))
        MK_TRY(add_cell(out, mk_say(en, "Code")));
    MK_TRY(add_cell(out, mk_grid_lead(g)));
    if (mk_grid_has_measures(g))
        MK_TRY(add_cell(out, mk_say(en, "Count")));
    for (size_t c = 0; c < g->n_cols; c++)
        MK_TRY(add_head(out, g, c));
    MK_TRY(mk_buf_add_str(out, "\n|"));
    for (size_t i = 0; i < labels; i++)
        MK_TRY(mk_buf_add_str(out, " :--- |"));
    for (size_t c = 0; c < g->n_cols; c++)
        MK_TRY(mk_buf_add_str(out, " ---: |"));
    MK_TRY(mk_buf_add_u8(out, '\n'));
out:
    return rc;
}

static enum mk_err add_line(struct mk_buf *out, const struct mk_grid *g,
                            const struct mk_grid_line *line)
{
    char text[MK_CELL_TEXT];
    const struct mk_row *row = mk_grid_row(g, line);
    bool en = g->f->english;
    enum mk_err rc;
    MK_TRY(mk_buf_add_u8(out, '|'));
    if (row) {
        MK_TRY(add_cell(out, row->slug));
        MK_TRY(add_cell(out, mk_words_label(row, en)));
    }
    if (!row || mk_grid_has_measures(g))
        MK_TRY(
            add_cell(out, mk_words_measure(g->t->first + line->measure, en)));
    for (size_t c = 0; c < g->n_cols; c++) {
        mk_words_cell(text, mk_grid_cell(g, line, c), en);
        MK_TRY(add_cell(out, text));
    }
    MK_TRY(mk_buf_add_u8(out, '\n'));
out:
    return rc;
}

static enum mk_err add_grid(struct mk_buf *out, const struct mk_grid *g)
{
    char year[MK_YEAR_TEXT];
    enum mk_err rc = MK_OK;
    if (!g->years_across) {
        mk_words_year(year, g->f->years[g->year], g->f->school_year);
        MK_TRY(mk_buf_addf(out, "\n### %s\n", year));
    }
    MK_TRY(add_heads(out, g));
    for (size_t i = 0; i < g->n_lines; i++)
        if (!g->line[i].heading)
            MK_TRY(add_line(out, g, &g->line[i]));
out:
    return rc;
}

/* ---- the sheet ---- */

static enum mk_err add_table(struct mk_buf *out, const struct mk_factsheet *f,
                             const struct mk_table *t)
{
    struct mk_grid g;
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "\n## %s ", t->id));
    MK_TRY(add_in(out, "", t->title, "\n"));
    MK_TRY(add_marking(out, f));
    MK_TRY(mk_buf_addf(out, "\n%s: ", mk_say(f->english, "Unit")));
    MK_TRY(add_in(out, "", t->unit, "\n"));
    for (size_t i = 0; i < mk_grid_count(f, t); i++) {
        mk_grid_make(&g, f, t, i);
        MK_TRY(add_grid(out, &g));
    }
out:
    return rc;
}

static enum mk_err add_top(struct mk_buf *out, const struct mk_factsheet *f)
{
    struct mk_buf origin = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(add_in(out, "# ", mk_words_title(f->english), ", "));
    MK_TRY(mk_words_window(out, f));
    MK_TRY(mk_buf_add_str(out, "\n"));
    MK_TRY(add_marking(out, f));
    MK_TRY(mk_words_origin(&origin, f));
    MK_TRY(mk_buf_terminate(&origin));
    MK_TRY(add_in(out, "\n", (const char *)origin.data, "\n"));
    if (f->n_summary > 0)
        MK_TRY(mk_buf_addf(out, "\n## %s\n", mk_say(f->english, "Summary")));
    for (size_t i = 0; i < f->n_summary; i++) {
        const char *heading = mk_summary_heading(f->summary, i);
        if (heading)
            MK_TRY(add_in(out, "\n### ", heading, "\n\n"));
        MK_TRY(add_in(out, "- ", (const char *)f->summary[i].text.data, "\n"));
    }
out:
    mk_buf_release(&origin);
    return rc;
}

static enum mk_err add_notes(struct mk_buf *out, const struct mk_factsheet *f)
{
    static const enum mk_mark marks[] = {MK_MARK_NONE, MK_MARK_NR, MK_MARK_NA,
                                         MK_MARK_X};
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "\n## N %s\n", mk_say(f->english, "Notes")));
    MK_TRY(add_marking(out, f));
    MK_TRY(mk_buf_addf(out, "\n| %s | %s |\n| :--- | :--- |\n",
                       mk_say(f->english, "Mark"),
                       mk_say(f->english, "Meaning")));
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const char *slug = mk_mark_slug(marks[i]);
        MK_TRY(add_in(out, "| ", *slug ? slug : "0", " | "));
        MK_TRY(add_in(out, "", mk_words_mark(marks[i], f->english), " |\n"));
    }
    MK_TRY(mk_buf_add_str(out, "\n"));
    for (size_t i = 0; i < f->n_notes; i++) {
        MK_TRY(mk_buf_addf(out, "%zu. ", i + 1));
        MK_TRY(add_in(out, "", (const char *)f->note[i].text.data, "\n"));
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
    MK_TRY(mk_buf_addf(out, "\n## M %s\n", mk_say(f->english, "Method")));
    for (size_t i = 0; i < m.n; i++) {
        const char *text = (const char *)m.item[i].text.data;
        if (m.item[i].term) {
            MK_TRY(add_in(out, "- **", m.item[i].heading, "**: "));
            MK_TRY(add_in(out, "", text, "\n"));
        } else {
            MK_TRY(add_in(out, "\n### ", m.item[i].heading, "\n\n"));
            if (*text)
                MK_TRY(add_in(out, "", text, "\n\n"));
        }
    }
out:
    mk_method_release(&m);
    return rc;
}

enum mk_err mk_render_markdown(struct mk_buf *out,
                               const struct mk_factsheet *f)
{
    enum mk_err rc;
    MK_TRY(add_top(out, f));
    for (size_t i = 0; i < MK_TABLE_COUNT; i++)
        MK_TRY(add_table(out, f, &f->table[i]));
    MK_TRY(add_notes(out, f));
    MK_TRY(add_method(out, f));
out:
    return rc;
}
