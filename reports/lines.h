/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of plain text in columns, for a terminal or a letter.  A character of
 * ours is one column wide; text of others is escaped (reports/escape.h).
 * Errors: E_MEMORY, E_TOO_LARGE. */
#ifndef MK_REPORTS_LINES_H
#define MK_REPORTS_LINES_H

#include "core/base/buf.h"

#define MK_LINES_WIDTH 79

MK_MUST_USE enum mk_err mk_lines_fill(struct mk_buf *out, char c, size_t n);
/* text at the left, or at the right, of width columns. */
MK_MUST_USE enum mk_err mk_lines_left(struct mk_buf *out, const char *text,
                                      size_t width);
MK_MUST_USE enum mk_err mk_lines_right(struct mk_buf *out, const char *text,
                                       size_t width);
/* The words of text between indent and MK_LINES_WIDTH, and LF; the cursor
 * stands at indent. */
MK_MUST_USE enum mk_err mk_lines_wrapped(struct mk_buf *out, const char *text,
                                         size_t indent);

#endif
