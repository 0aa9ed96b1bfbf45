/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A vault is for practice until a recovery drill has succeeded (see
 * mk_vault_practice), and says so: as the first line of what people read of
 * it, as `"practice": true` in JSON, else on standard error if that is a
 * terminal.  Never in files for publication or programs.
 */
#ifndef MK_CMD_PRACTICE_H
#define MK_CMD_PRACTICE_H

#include "cmd/app.h"
#include "cmd/json.h"

/* Adds the banner and a line end; nothing for a vault in use. */
MK_MUST_USE enum mk_err mk_practice_line(struct mk_app *app,
                                         struct mk_buf *out);
/* Adds the key to the object that is open; nothing for a vault in use. */
void mk_practice_json(struct mk_app *app, struct mk_json *j);
/* On a terminal, after a command that shows no view. */
void mk_practice_remind(struct mk_app *app);

#endif
