/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A factsheet as bytes.  Each renderer adds to out and decides nothing: the
 * same factsheet gives the same bytes, without the time of making.
 * Errors: E_MEMORY, E_TOO_LARGE.
 */
#ifndef MK_REPORTS_RENDER_H
#define MK_REPORTS_RENDER_H

#include "reports/factsheet.h"

/* Tables and notes for a terminal or a letter, 80 columns where it can. */
MK_MUST_USE enum mk_err mk_render_text(struct mk_buf *out,
                                       const struct mk_factsheet *f);

/* The same in Markdown (GitHub Flavored), which reads well as it is. */
MK_MUST_USE enum mk_err mk_render_markdown(struct mk_buf *out,
                                           const struct mk_factsheet *f);

/* factsheet.csv: every printed cell, codes, no notes (page INTERFACE). */
MK_MUST_USE enum mk_err mk_render_csv(struct mk_buf *out,
                                      const struct mk_factsheet *f);

/*
 * What factsheet.csv means, for CSV on the Web: columns and codes in both
 * languages, notes, release, as of when.
 * Source: W3C, Metadata Vocabulary for Tabular Data.
 */
MK_MUST_USE enum mk_err mk_render_csvw(struct mk_buf *out,
                                       const struct mk_factsheet *f);

/*
 * JSON-stat 2.0: a collection with a dataset for each table.  A cell with a
 * mark has value null and the mark as status; the bounds of x are sparse
 * arrays lo and hi in the extension of its dataset.
 */
MK_MUST_USE enum mk_err mk_render_jsonstat(struct mk_buf *out,
                                           const struct mk_factsheet *f);

/*
 * A spreadsheet in one XML file: a sheet for each table and one for the notes.
 * Figures are numbers, marks are text, nothing is a formula.
 * Source: OpenDocument 1.3 part 3, flat XML.
 */
MK_MUST_USE enum mk_err mk_render_fods(struct mk_buf *out,
                                       const struct mk_factsheet *f);

/* The same cells with titles, what they were made from, and the notes. */
MK_MUST_USE enum mk_err mk_render_json(struct mk_buf *out,
                                       const struct mk_factsheet *f);

/* release.json: what goes with the tables in a folder; no cells. */
MK_MUST_USE enum mk_err mk_render_release(struct mk_buf *out,
                                          const struct mk_factsheet *f);

/* One page without script and without anything from elsewhere. */
MK_MUST_USE enum mk_err mk_render_html(struct mk_buf *out,
                                       const struct mk_factsheet *f);

#endif
