/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The term of the log, where other commands speak of it. */
#ifndef MK_CMD_PRUNE_H
#define MK_CMD_PRUNE_H

#include "cmd/app.h"

/* A term as typed.  Errors: E_BAD_NUMBER. */
MK_MUST_USE enum mk_err mk_prune_months(struct mk_app *app, const char *text,
                                        uint32_t *months);
/* Asks on the terminal until the answer is one; empty is the shortest. */
MK_MUST_USE enum mk_err mk_prune_ask(struct mk_app *app, uint32_t *months);
/* A note to a custodian while nobody chose a term. */
void mk_prune_remind(struct mk_app *app);
/* A note about what was pruned, if anything was. */
void mk_prune_say(struct mk_app *app);

#endif
