/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of whatever origin inside plain text, XML 1.0, HTML or Markdown. */
#ifndef MK_REPORTS_ESCAPE_H
#define MK_REPORTS_ESCAPE_H

#include "core/base/buf.h"

/*
 * Adds text so that it stays one line of text for people.
 *
 * Space of any kind (tab, line ends) becomes a space.  What XML 1.0 cannot
 * hold and other control characters are dropped; what is no UTF-8 becomes
 * U+FFFD.  Characters that steer the direction of writing are dropped, and
 * text with letters that run from right to left stands in an isolate (U+2068
 * .. U+2069): it cannot reorder the figures around it.
 * Errors: E_MEMORY, E_TOO_LARGE.
 * Source: XML 1.0 section 2.2; UAX #9 sections 2 and 6.3.
 */
MK_MUST_USE enum mk_err mk_escape_plain(struct mk_buf *out, const char *text);

/*
 * The same between tags or as an attribute's value in quotes of either kind:
 * it cannot end the one or the other, nor begin a tag or entity.
 * Source: XML 1.0 section 2.4.
 */
MK_MUST_USE enum mk_err mk_escape_xml(struct mk_buf *out, const char *text);

/*
 * The same within a line of Markdown, a cell of a table included: it cannot
 * end the cell, nor become markup, a link, an item of a list or HTML.
 * Source: CommonMark 0.31 section 2.4; GitHub Flavored Markdown 4.10, 6.9.
 */
MK_MUST_USE enum mk_err mk_escape_markdown(struct mk_buf *out,
                                           const char *text);

/* before and after as they are, text between them as text. */
MK_MUST_USE enum mk_err mk_escape_in(struct mk_buf *out, const char *before,
                                     const char *text, const char *after);

#endif
