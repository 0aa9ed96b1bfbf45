/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table as it is laid out for people: lines and columns.  A table with two
 * axes makes one grid a year (categories down, care types across); any other
 * makes one grid with the years across.
 */
#ifndef MK_REPORTS_GRID_H
#define MK_REPORTS_GRID_H

#include "reports/factsheet.h"

#define MK_GRID_LINES 128
#define MK_GRID_COLS MK_COUNTS_YEARS
#define MK_LABEL_TEXT 128

struct mk_grid_line {
    bool heading; /* names the category of the lines that follow; no cells */
    bool total;
    unsigned depth; /* "of which" */
    size_t category, care_type, measure;
};

struct mk_grid {
    const struct mk_factsheet *f;
    const struct mk_table *t;
    bool years_across;
    size_t year;              /* of a grid without years across */
    size_t col[MK_GRID_COLS]; /* year index, or index of the care type */
    size_t n_cols;
    struct mk_grid_line line[MK_GRID_LINES];
    size_t n_lines;
};

size_t mk_grid_count(const struct mk_factsheet *f, const struct mk_table *t);
void mk_grid_make(struct mk_grid *g, const struct mk_factsheet *f,
                  const struct mk_table *t, size_t i);

const struct mk_cell *mk_grid_cell(const struct mk_grid *g,
                                   const struct mk_grid_line *line,
                                   size_t col);

/* Code and label of a line; the code is "" where a measure names it. */
const char *mk_grid_code(const struct mk_grid *g,
                         const struct mk_grid_line *line);
const char *mk_grid_label(const struct mk_grid *g,
                          const struct mk_grid_line *line);

/* The row of an axis that a line stands in, measures of it included; NULL in a
 * table without axes. */
const struct mk_row *mk_grid_row(const struct mk_grid *g,
                                 const struct mk_grid_line *line);
/* What stands above the labels: "Category". */
const char *mk_grid_lead(const struct mk_grid *g);
/* Do lines of measures stand under the rows, so that they are named too? */
MK_MUST_USE bool mk_grid_has_measures(const struct mk_grid *g);

/* What stands above a column: a year, or the code of a care type. */
void mk_grid_head(char out[static MK_LABEL_TEXT], const struct mk_grid *g,
                  size_t col);
/* Its full name; "" for a year. */
const char *mk_grid_head_label(const struct mk_grid *g, size_t col);
MK_MUST_USE bool mk_grid_head_total(const struct mk_grid *g, size_t col);

#endif
