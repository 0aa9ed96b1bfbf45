/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Emergency access that somebody has to know of: to a dossier in which he is
 * named, or, for an auditor, to any. */
#ifndef MK_CMD_NOTICE_H
#define MK_CMD_NOTICE_H

#include "cmd/app.h"
#include "cmd/json.h"

/* One line a notice, on standard error. */
MK_MUST_USE enum mk_err mk_notice_say(struct mk_app *app);
/* The array "emergencies", empty when there is none. */
MK_MUST_USE enum mk_err mk_notice_json(struct mk_app *app, struct mk_json *j);
/* What nood lijst and the views say of one, as members of an object. */
void mk_notice_add(struct mk_app *app, struct mk_json *j,
                   const struct mk_emergency *e);
/* At the end of a command, on a terminal, unless the command said it. */
void mk_notice_remind(struct mk_app *app);

#endif
