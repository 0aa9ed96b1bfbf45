/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was being typed when the terminal went: a form, sealed to its writer by
 * the library.  Its first line says for what: "# VERB TAG", no TAG for a new
 * melding; then " ID", the request in hex, if it is not known whether that was
 * saved.
 */
#ifndef MK_CMD_DRAFT_H
#define MK_CMD_DRAFT_H

#include "cmd/ask.h"

/* Keeps the answers of a as the draft. */
MK_MUST_USE enum mk_err mk_draft_keep(struct mk_app *app,
                                      const struct mk_asking *a);
/*
 * If there is a draft, asks whether to go on with it; a->f gets what it holds,
 * and a->unknown whether it may be saved already.
 * If not wanted, it is dropped.  A draft of something else is dropped only on
 * request; if it stays, a->draft is false afterwards.
 */
MK_MUST_USE enum mk_err mk_draft_resume(struct mk_app *app,
                                        struct mk_asking *a);
/* Is there a draft of just this, of which it is not known whether it was saved?
 * One that cannot be read is none. */
MK_MUST_USE bool mk_draft_is_unknown(struct mk_app *app,
                                     const struct mk_asking *a);
/* "notitie MK-7Q4D-K2XZ": what a is for. */
void mk_draft_command(const struct mk_app *app, const struct mk_asking *a,
                      char out[64]);
/* "de antwoorden zijn verzegeld bewaard; ...": with what to go on. */
void mk_draft_warn(struct mk_app *app, const struct mk_asking *a);
/* lijst --concept: after the unlocking. */
MK_MUST_USE enum mk_err mk_draft_list(struct mk_app *app);

#endif
