/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Forms: UTF-8 text in the style of deb822.
 *
 *     received: 2026-03-02
 *     channel: TEL
 *     # a comment
 *     narrative: First line.
 *      Continued; a continuation begins with a space.
 *      .
 *      A single point stands for an empty line.
 *
 * One form is one block: empty lines stand before or behind it only.  A key
 * without a value counts as not given.  LF or CR LF ends a line; a last line
 * without an end may have been cut off and is refused.
 */
#ifndef MK_CMD_FORM_H
#define MK_CMD_FORM_H

#include "core/meldkluis.h"

/* Bytes of a whole form: room for one narrative and every other key. */
#define MK_FORM_MAX ((size_t)MK_TEXT_MAX + (size_t)64 * 1024)

/*
 * Reads fd to its end into out, no more than MK_FORM_MAX and one byte.
 * Errors: E_TOO_LARGE (line and key in which the limit was passed), E_IO.
 */
MK_MUST_USE enum mk_err mk_form_read(struct mk_buf *out, int fd,
                                     struct mk_diag *diag);

#define MK_FORM_KEYS 64 /* more than the highest number of a field */
/* lines[field]: the line of its key in a form that mk_form_fields accepted. */
MK_MUST_USE enum mk_err mk_form_lines(const struct mk_buf *text,
                                      enum mk_verb verb,
                                      uint64_t lines[static MK_FORM_KEYS],
                                      struct mk_diag *diag);

/* A key with its value (n 0: none was given); both are borrowed. */
typedef enum mk_err mk_form_each(void *ctx, const char *key, size_t key_len,
                                 const void *value, size_t n, uint64_t line,
                                 struct mk_diag *diag);
/*
 * Calls each for every key of the form in order; ends with what it returns.
 * diag->line is that of the key.
 * Errors: E_SYNTAX, E_BAD_UTF8 (NUL too).
 */
MK_MUST_USE enum mk_err mk_form_parse(const struct mk_buf *text,
                                      mk_form_each *each, void *ctx,
                                      struct mk_diag *diag);

/* What diag calls a key that is none of ours: it may be a sentence that lost
 * its blank, so its line alone says which. */
#define MK_FORM_NOT_OURS "(not repeated: it may be personal data)"

/*
 * The form as the fields of verb; every key that the verb always needs must be
 * there.  Errors: also E_UNKNOWN_KEY, E_MISSING_KEY and those of
 * mk_fields_parse.  A key that is none of ours is never repeated in diag.
 */
MK_MUST_USE enum mk_err mk_form_fields(const struct mk_buf *text,
                                       enum mk_verb verb, struct mk_fields *f,
                                       struct mk_diag *diag);

/* The same for a form that was not finished: nothing has to be there. */
MK_MUST_USE enum mk_err mk_form_partial(const struct mk_buf *text,
                                        enum mk_verb verb, struct mk_fields *f,
                                        struct mk_diag *diag);
/* Adds the form of f to out, as mk_form_partial reads it.  (A line of a
 * narrative that is a single point comes back empty.) */
MK_MUST_USE enum mk_err mk_form_format(struct mk_buf *out,
                                       const struct mk_fields *f);

/* Fails with E_MISSING_KEY unless all that verb always needs is in f. */
MK_MUST_USE enum mk_err mk_form_complete(const struct mk_fields *f,
                                         enum mk_verb verb,
                                         struct mk_diag *diag);

#endif
