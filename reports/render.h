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

/* factsheet.csv: every printed cell, codes, no notes (page INTERFACE). */
MK_MUST_USE enum mk_err mk_render_csv(struct mk_buf *out,
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
