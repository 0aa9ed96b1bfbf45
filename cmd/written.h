/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a command that wrote to a dossier tells. */
#ifndef MK_CMD_WRITTEN_H
#define MK_CMD_WRITTEN_H

#include "cmd/app.h"

/* Tag and state, or what a dry run would have done, with the warnings; f is
 * what was written.  A tag that is printed is durable. */
MK_MUST_USE enum mk_err mk_written_print(struct mk_app *app,
                                         const struct mk_written *w,
                                         const struct mk_fields *f);

#endif
