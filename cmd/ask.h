/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of a verb, asked one by one on the terminal. */
#ifndef MK_CMD_ASK_H
#define MK_CMD_ASK_H

#include "cmd/app.h"

/* Called with what there is after each answer. */
typedef enum mk_err mk_ask_keep(struct mk_app *app, const struct mk_fields *f);

/*
 * Asks every key of verb that f lacks into f: label, form of the answer, allowed codes; `?`
 * gives help, an empty answer skips what may be missing.  A wrong answer is
 * asked again.  keep may be NULL.  Errors: E_CANCELLED, E_MEMORY, E_IO.
 */
MK_MUST_USE enum mk_err mk_ask_fields(struct mk_app *app, enum mk_verb verb,
                                      struct mk_fields *f, mk_ask_keep *keep);
/* One key of it, which must be answered; what it held before is replaced. */
MK_MUST_USE enum mk_err mk_ask_again(struct mk_app *app, enum mk_field number,
                                     struct mk_fields *f);
/* Shows app->diag on the terminal and forgets it. */
MK_MUST_USE enum mk_err mk_ask_say_error(struct mk_app *app);
/* Yes or no; empty is no. */
MK_MUST_USE enum mk_err mk_ask_yes(struct mk_app *app, const char *question,
                                   bool *yes);
/* Says so when questions cannot be asked (E_NO_TERMINAL). */
MK_MUST_USE enum mk_err mk_ask_possible(struct mk_app *app);

#endif
