/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kinds of charts share: chart.c's inside (chart.h is its outside). */
#ifndef MK_REPORTS_CHART_PARTS_H
#define MK_REPORTS_CHART_PARTS_H

#include "reports/chart.h"
#include "reports/grid.h"
#include "reports/say.h"
#include "reports/svg.h"
#include "reports/words.h"

#define MK_CHART_WIDTH MK_SVG(300) /* of a part whose figures fit */
#define MK_CHART_LINE MK_SVG(16)   /* from one line of text to the next */

struct mk_chart {
    struct mk_buf *out; /* borrowed */
    const struct mk_factsheet *f;
    const struct mk_table *t;
    int width;      /* of every part; more where figures need it */
    unsigned parts; /* pictures that were made */
    uint64_t scale; /* the figure that is drawn in full length; not 0 */
    bool seen[MK_MARK_NA + 1]; /* marks that are to be explained */
};

/* ---- cells ---- */

/* Is the row drawn: printed, no total, and no group whose members are? */
MK_MUST_USE bool mk_chart_has_row(const struct mk_axis *axis, size_t row);
/* Index of the row of totals; axis->n: there is none. */
size_t mk_chart_total(const struct mk_axis *axis);

/* Makes the scale large enough for what is known of the cell. */
void mk_chart_fit(struct mk_chart *c, const struct mk_cell *cell);
void mk_chart_fit_value(struct mk_chart *c, uint64_t value);
/* value as a part of the length full, which stands for the scale. */
int mk_chart_length(const struct mk_chart *c, uint64_t value, int full);

/*
 * Parts that add up to a total, drawn one after the other: first the printed
 * ones, then the hatching of the hidden ones.  With a printed total that is
 * all that is left of it; without, a frame from the least to the most that
 * they can be together.  Start from {0}, add, close.
 */
struct mk_chart_stack {
    uint64_t printed;  /* sum of the printed parts */
    bool hidden;       /* there are hidden parts that can be drawn */
    uint64_t from, to; /* where the hatching lies, counted from printed */
    bool open;         /* they may be more than to */
};
void mk_chart_stack_add(struct mk_chart_stack *stack,
                        const struct mk_cell *part);
/* total: NULL if there is none. */
void mk_chart_stack_close(struct mk_chart_stack *stack,
                          const struct mk_cell *total);

/* ---- pieces ---- */

/* Opens the next part; its id is that of the table and its number. */
void mk_chart_open(struct mk_chart *c, struct mk_svg *s, int height,
                   const char *title, const char *desc);

/* A bar from (x, y) to the right for a figure, a frame for a hidden one,
 * nothing for NR and NA; notes the mark.  Returns where it ends. */
struct mk_chart_bar {
    enum mk_svg_ink ink;
    bool outline; /* a border: other bars are drawn inside */
    int x, y, height;
    int full; /* the length of the scale */
};
int mk_chart_bar(struct mk_chart *c, struct mk_svg *s, struct mk_chart_bar bar,
                 const struct mk_cell *cell);

/* An entry of the key: a swatch of ink (MK_SVG_HIDDEN: hatching; outline: its
 * border), a code that may be "", and a text. */
MK_MUST_USE enum mk_err mk_chart_key(struct mk_chart *c, enum mk_svg_ink ink,
                                     bool outline, const char *code,
                                     const char *text);

/* ---- kinds ---- */

/* Of F1 and F2. */
MK_MUST_USE enum mk_err mk_chart_columns(struct mk_chart *c);
MK_MUST_USE enum mk_err mk_chart_columns_key(struct mk_chart *c);
/* Of all tables of one or two measures; the key is that of two. */
MK_MUST_USE enum mk_err mk_chart_bars(struct mk_chart *c);
MK_MUST_USE enum mk_err mk_chart_bars_key(struct mk_chart *c);
/* The duties of one year; and after the caption, which; nothing where it was
 * never recorded.  The key says in which years it was not. */
MK_MUST_USE enum mk_err mk_chart_flow(struct mk_chart *c);
MK_MUST_USE enum mk_err mk_chart_flow_period(struct mk_chart *c);
MK_MUST_USE enum mk_err mk_chart_flow_key(struct mk_chart *c);

#endif
