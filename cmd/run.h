/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From words to a command: those of the command line, and each line of a
 * session. */
#ifndef MK_CMD_RUN_H
#define MK_CMD_RUN_H

#include "cmd/app.h"

/* Fills in app->args, language and --json.  words: without the name of the
 * program.  Errors: E_USAGE. */
MK_MUST_USE enum mk_err mk_run_parse(struct mk_app *app, size_t n,
                                     char *const words[]);
/*
 * Finds app->command and checks that its words and options belong to it.
 * Without a command on a terminal it is the session.
 * Errors: E_USAGE; in a session E_ONE_SHOT for what it cannot run.
 */
MK_MUST_USE enum mk_err mk_run_choose(struct mk_app *app);
/* E_ONE_SHOT about app->command. */
MK_MUST_USE enum mk_err mk_run_one_shot(struct mk_app *app);
/* Says, once, that an older copy is noticed from now on: after a command that
 * wrote the first mark of this account. */
void mk_run_tell_mark(struct mk_app *app);
/* What a command that went well ends with, where there is something. */
void mk_run_remind(struct mk_app *app);
/* --version; *done: it was that. */
MK_MUST_USE enum mk_err mk_run_version(struct mk_app *app, bool *done);

#endif
