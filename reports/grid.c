/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/grid.h"

#include <stdio.h>

#include "reports/say.h"
#include "reports/words.h"

_Static_assert(MK_GRID_COLS >= MK_AXIS_MAX, "care types fit across");

static bool has_two_axes(const struct mk_table *t)
{
    return t->category.n > 1 && t->care_type.n > 1;
}

size_t mk_grid_count(const struct mk_factsheet *f, const struct mk_table *t)
{
    return has_two_axes(t) ? f->n_years : 1;
}

static void add_line(struct mk_grid *g, struct mk_grid_line line)
{
    if (g->n_lines < MK_GRID_LINES)
        g->line[g->n_lines++] = line;
}

/* The lines of one category: its care types and measures. */
static void add_category(struct mk_grid *g, size_t c)
{
    const struct mk_table *t = g->t;
    bool total = t->category.row[c].kind == MK_ROW_TOTAL;
    if (t->measures > 1)
        add_line(g, (struct mk_grid_line){
                        .heading = true, .total = total, .category = c});
    for (size_t k = 0; k < t->care_type.n; k++) {
        const struct mk_row *care = &t->care_type.row[k];
        if (care->hidden || (!g->years_across && k > 0))
            continue;
        for (size_t m = 0; m < t->measures; m++)
            add_line(g, (struct mk_grid_line){
                            .total = t->measures == 1 &&
                                     (total || (g->years_across &&
                                                care->kind == MK_ROW_TOTAL)),
                            .depth = mk_measure_get(t->first + m)->depth,
                            .category = c,
                            .care_type = k,
                            .measure = m});
    }
}

void mk_grid_make(struct mk_grid *g, const struct mk_factsheet *f,
                  const struct mk_table *t, size_t i)
{
    *g = (struct mk_grid){
        .f = f, .t = t, .years_across = !has_two_axes(t), .year = i};
    size_t across = g->years_across ? f->n_years : t->care_type.n;
    for (size_t k = 0; k < across; k++)
        if (g->years_across || !t->care_type.row[k].hidden)
            g->col[g->n_cols++] = k;
    for (size_t c = 0; c < t->category.n; c++)
        if (!t->category.row[c].hidden)
            add_category(g, c);
}

const struct mk_cell *mk_grid_cell(const struct mk_grid *g,
                                   const struct mk_grid_line *line, size_t col)
{
    if (g->years_across)
        return mk_factsheet_cell(g->t, g->col[col], line->category,
                                 line->care_type, line->measure);
    return mk_factsheet_cell(g->t, g->year, line->category, g->col[col],
                             line->measure);
}

const struct mk_row *mk_grid_row(const struct mk_grid *g,
                                 const struct mk_grid_line *line)
{
    const struct mk_table *t = g->t;
    if (t->category.n > 1)
        return &t->category.row[line->category];
    return t->care_type.n > 1 ? &t->care_type.row[line->care_type] : NULL;
}

bool mk_grid_has_measures(const struct mk_grid *g)
{
    return g->t->measures > 1;
}

/* The row of an axis that names the line; NULL where a measure does. */
static const struct mk_row *naming(const struct mk_grid *g,
                                   const struct mk_grid_line *line)
{
    return mk_grid_has_measures(g) && !line->heading ? NULL
                                                     : mk_grid_row(g, line);
}

const char *mk_grid_lead(const struct mk_grid *g)
{
    const struct mk_table *t = g->t;
    bool en = g->f->english;
    if (t->category.n > 1)
        return t->measures > 1 ? mk_say(en, "Kind")
               : t->category.row[0].dim == MK_DIM_REPORTER
                   ? mk_say(en, "Reporter")
                   : mk_say(en, "Category");
    return t->care_type.n > 1 ? mk_say(en, "Care type") : mk_say(en, "Count");
}

const char *mk_grid_code(const struct mk_grid *g,
                         const struct mk_grid_line *line)
{
    const struct mk_row *row = naming(g, line);
    return row ? row->slug : "";
}

const char *mk_grid_label(const struct mk_grid *g,
                          const struct mk_grid_line *line)
{
    const struct mk_row *row = naming(g, line);
    return row ? mk_words_label(row, g->f->english)
               : mk_words_measure(g->t->first + line->measure, g->f->english);
}

void mk_grid_head(char out[static MK_LABEL_TEXT], const struct mk_grid *g,
                  size_t col)
{
    if (g->years_across)
        mk_words_year(out, g->f->years[g->col[col]], g->f->school_year);
    else
        snprintf(out, MK_LABEL_TEXT, "%s",
                 g->t->care_type.row[g->col[col]].slug);
}

const char *mk_grid_head_label(const struct mk_grid *g, size_t col)
{
    return g->years_across ? ""
                           : mk_words_label(&g->t->care_type.row[g->col[col]],
                                            g->f->english);
}

bool mk_grid_head_total(const struct mk_grid *g, size_t col)
{
    return !g->years_across &&
           g->t->care_type.row[g->col[col]].kind == MK_ROW_TOTAL;
}
