/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All dossiers of somebody at once, for overdracht and waarnemer. */
#ifndef MK_CMD_HANDOVER_H
#define MK_CMD_HANDOVER_H

#include "cmd/app.h"

/* Somebody of the keyring by his name; once it is open.  Errors: E_NO_MEMBER. */
MK_MUST_USE enum mk_err mk_member_named(struct mk_app *app, const char *name,
                                        const struct mk_member **out);

/*
 * What from owns, or, deputy, where he stands in, goes to to.  On a terminal
 * the number is shown and asked about first; after what he owns, where he
 * stands in is a question of its own, elsewhere a note.  Prints what became of
 * each; of the first that is left the run has its exit status.
 */
MK_MUST_USE enum mk_err mk_handover_all(struct mk_app *app, const char *from,
                                        const char *to, bool deputy);

#endif
