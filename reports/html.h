/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rooms of factsheet.html, each of which adds its part of the page:
 *
 *     head      what a browser reads before the page, with its style
 *     banner    skip link, title, marking, what it was made from
 *     contents  links to the sections
 *     table     section of one table: chart, marks, data
 *     summary, notes, method    sections of text
 *
 * A heading has the id of its section; contents and sections agree on them by
 * the names below.  Errors of all: E_MEMORY, E_TOO_LARGE.
 */
#ifndef MK_REPORTS_HTML_H
#define MK_REPORTS_HTML_H

#include "reports/factsheet.h"

#define MK_HTML_SUMMARY "S"
#define MK_HTML_NOTES "N"
#define MK_HTML_METHOD "M"

MK_MUST_USE enum mk_err mk_html_head(struct mk_buf *out,
                                     const struct mk_factsheet *f);
MK_MUST_USE enum mk_err mk_html_banner(struct mk_buf *out,
                                       const struct mk_factsheet *f);
MK_MUST_USE enum mk_err mk_html_contents(struct mk_buf *out,
                                         const struct mk_factsheet *f);
MK_MUST_USE enum mk_err mk_html_table(struct mk_buf *out,
                                      const struct mk_factsheet *f,
                                      const struct mk_table *t);
/* Nothing where there is no sentence. */
MK_MUST_USE enum mk_err mk_html_summary(struct mk_buf *out,
                                        const struct mk_factsheet *f);
MK_MUST_USE enum mk_err mk_html_notes(struct mk_buf *out,
                                      const struct mk_factsheet *f);
MK_MUST_USE enum mk_err mk_html_method(struct mk_buf *out,
                                       const struct mk_factsheet *f);

/* ---- parts that several rooms share ---- */

/* Opens the section id with its heading, and the marking where there is one; a
 * table's id is shown too.  Closed by "</section>". */
MK_MUST_USE enum mk_err mk_html_section(struct mk_buf *out,
                                        const struct mk_factsheet *f,
                                        const char *id, const char *title);
/* "NIET VOOR PUBLICATIE" where it is not. */
MK_MUST_USE enum mk_err mk_html_marking(struct mk_buf *out,
                                        const struct mk_factsheet *f);
/* A term of a list and what is said of it. */
MK_MUST_USE enum mk_err mk_html_item(struct mk_buf *out, const char *term,
                                     const char *text);

#endif
