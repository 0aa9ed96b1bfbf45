/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tab key adds to a line of a session: names of commands and of their
 * options, in the language of the session.  No tag and no name: those are of
 * the vault. */
#ifndef MK_CMD_COMPLETE_H
#define MK_CMD_COMPLETE_H

#include "cmd/term.h"

/* ctx: a struct mk_app. */
mk_term_complete mk_complete;

#endif
