/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A chart for each table of the factsheet, as a figure of HTML with inline
 * SVG.  It is made of parts 300 units wide that wrap, so that letters stay
 * readable on a telephone; parts of one chart share one scale.
 *
 * Only printed cells are drawn.  A hidden cell is hatched: the rest of a
 * printed total that its printed parts leave, or a frame from the least to
 * the most that it can be, both of which the table prints too.  What is not
 * recorded is said in words.  The data stand in the table below the chart.
 */
#ifndef MK_REPORTS_CHART_H
#define MK_REPORTS_CHART_H

#include "reports/factsheet.h"

/*
 * Adds <figure class="chart" id="C-F1"> for t, a table of f.  Ids in it begin
 * with "C-F1-".  Errors: E_MEMORY, E_TOO_LARGE.
 */
MK_MUST_USE enum mk_err mk_chart_add(struct mk_buf *out,
                                     const struct mk_factsheet *f,
                                     const struct mk_table *t);

/* The style of charts in a page: how parts wrap, and colours for dark paper.
 * Static; a page that goes without is right on white paper. */
const char *mk_chart_style(void);

#endif
