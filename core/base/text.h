/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text is UTF-8 (RFC 3629: shortest form, no surrogates, no NUL). */
#ifndef MK_BASE_TEXT_H
#define MK_BASE_TEXT_H

#include "core/base/buf.h"

/* Bytes of the valid prefix; n if all of it is valid. */
size_t mk_text_valid(const void *p, size_t n);

/*
 * Length of the character that p (n > 0 bytes) begins with, 0 if it is not
 * valid; *c is the character, *hidden whether mk_text_visible would show its
 * number instead.
 */
size_t mk_text_next(const void *p, size_t n, uint32_t *c, bool *hidden);

/*
 * Adds text to out so that no terminal obeys it: C0, DEL, C1, ESC, bidi
 * controls (U+061C, 200E-200F, 202A-202E, 2066-2069), line and paragraph
 * separators, zero-width and tag characters become visible as <U+XXXX>.
 * Invalid bytes become <XX>.  lines keeps LF as it is (and makes tab one
 * space); without it both are made visible too.
 */
MK_MUST_USE enum mk_err mk_text_visible(struct mk_buf *out, const void *p,
                                        size_t n, bool lines);

/*
 * Adds text to out as one word of a POSIX shell (XCU 2.2): as it is when no
 * sign of it means anything there, else between '...'.
 */
MK_MUST_USE enum mk_err mk_text_shell(struct mk_buf *out, const char *text);

/* Width in columns is not computed here: text is short or wrapped by words. */

/* Is it a name of a release: 1 to MK_TEXT_NAME letters, digits, '.', '_', '-'? */
#define MK_TEXT_NAME 64
MK_MUST_USE bool mk_text_is_name(const char *p, size_t n);

#endif
