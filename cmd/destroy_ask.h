/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What nobody can undo is shown first, where somebody sits there. */
#ifndef MK_CMD_DESTROY_ASK_H
#define MK_CMD_DESTROY_ASK_H

#include "cmd/app.h"

/*
 * On a terminal: the proposal of that number, or all that a run would destroy,
 * and a question.  Elsewhere, and where there is nothing to show: MK_OK.
 * Errors: E_CANCELLED unless the answer is yes.
 */
MK_MUST_USE enum mk_err mk_ask_approve(struct mk_app *app, uint64_t number);
MK_MUST_USE enum mk_err mk_ask_destroy(struct mk_app *app);

#endif
