/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was being typed when the terminal went: a form, sealed to its writer by
 * the library.  Its first line says for what: "# VERB TAG", no TAG for a new
 * melding.
 */
#ifndef MK_CMD_DRAFT_H
#define MK_CMD_DRAFT_H

#include "cmd/ask.h"

/* Keeps the answers of a as the draft. */
MK_MUST_USE enum mk_err mk_draft_keep(struct mk_app *app,
                                      const struct mk_asking *a);
/*
 * If there is a draft, asks whether to go on with it; a->f gets what it holds.
 * If not wanted, it is dropped.  A draft of something else is dropped only on
 * request; if it stays, a->draft is false afterwards.
 */
MK_MUST_USE enum mk_err mk_draft_resume(struct mk_app *app,
                                        struct mk_asking *a);
/* "de antwoorden zijn verzegeld bewaard; ...": with what to go on. */
void mk_draft_warn(struct mk_app *app, const struct mk_asking *a);
/* lijst --concept: after the unlocking. */
MK_MUST_USE enum mk_err mk_draft_list(struct mk_app *app);

#endif
