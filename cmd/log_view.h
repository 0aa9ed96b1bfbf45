/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands over the access log share: options that filter, an entry
 * as text, JSON or CSV, and where the result goes. */
#ifndef MK_CMD_LOG_VIEW_H
#define MK_CMD_LOG_VIEW_H

#include "cmd/app.h"
#include "cmd/csv.h"
#include "cmd/json.h"
#include "cmd/table.h"

/* --- options --- */

/* Everything but the person, whom only the keyring knows.  ref is room that
 * has to last as long as f.  Errors: E_USAGE, E_CHOICE, E_BAD_TAG. */
MK_MUST_USE enum mk_err mk_log_filter_of(struct mk_app *app,
                                         struct mk_log_filter *f,
                                         struct mk_dossier_ref *ref);
/* --wie, once the vault is open.  Errors: E_NOT_FOUND. */
MK_MUST_USE enum mk_err mk_log_filter_person(struct mk_app *app,
                                             struct mk_log_filter *f);
/* The number that an option gives; *given false if it is not there. */
MK_MUST_USE enum mk_err mk_log_number(struct mk_app *app, enum mk_option o,
                                      bool *given, uint64_t *n);

enum mk_log_format {
    MK_LOG_TEXT = 1,
    MK_LOG_CSV = 2,
    MK_LOG_JSON = 4,
    MK_LOG_HTML = 8
};
/* --format, one of allowed (bits), or --json; text without. */
MK_MUST_USE enum mk_err mk_log_format_of(struct mk_app *app, unsigned allowed,
                                         enum mk_log_format *format);

/* --- an entry --- */

/* The names of columns, in the language of the run. */
void mk_log_text_heads(const struct mk_app *app, struct mk_table *t);
void mk_log_text_row(const struct mk_app *app, struct mk_table *t,
                     const struct mk_log_item *item);
void mk_log_csv_heads(struct mk_csv_out *csv);
void mk_log_csv_row(const struct mk_app *app, struct mk_csv_out *csv,
                    const struct mk_log_item *item);
void mk_log_json_row(const struct mk_app *app, struct mk_json *j,
                     const struct mk_log_item *item);
/* "-" where nobody is named. */
const char *mk_log_person(const struct mk_app *app,
                          const uint8_t id[static 16]);
/* What was done: the kind, and of a change the verb. */
void mk_log_what(const struct mk_app *app, const struct mk_log_item *item,
                 char out[static 128]);
/* The dossier or the person that it was done to; "-" if none. */
void mk_log_object(const struct mk_app *app, const struct mk_log_item *item,
                   char out[static 80]);
/* The moment with its day of the week. */
void mk_log_moment(const struct mk_app *app, int64_t ms, char out[static 32]);

/* --- where it goes --- */

/* Opens --uit, if given, then sandbox and vault. */
MK_MUST_USE enum mk_err mk_log_begin(struct mk_app *app,
                                     struct mk_output *file);
/* Into the file, or to standard output. */
MK_MUST_USE enum mk_err mk_log_give(struct mk_app *app, struct mk_output *file,
                                    const struct mk_buf *out);
/* Takes a file away into which nothing was given. */
void mk_log_end(struct mk_app *app, struct mk_output *file);

#endif
