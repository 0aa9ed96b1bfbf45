/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The melding that was being typed when the terminal went: a form, sealed to
 * its writer by the library. */
#ifndef MK_CMD_DRAFT_H
#define MK_CMD_DRAFT_H

#include "cmd/app.h"

/* Keeps f as the draft.  A mk_ask_keep. */
MK_MUST_USE enum mk_err mk_draft_keep(struct mk_app *app,
                                      const struct mk_fields *f);
/* If there is a draft, asks whether to go on with it; f gets what it holds.
 * If not wanted, it is dropped. */
MK_MUST_USE enum mk_err mk_draft_resume(struct mk_app *app,
                                        struct mk_fields *f);
/* lijst --concept: after the unlocking. */
MK_MUST_USE enum mk_err mk_draft_list(struct mk_app *app);

#endif
