/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between term.c and term_page.c. */
#ifndef MK_CMD_TERM_RAW_H
#define MK_CMD_TERM_RAW_H

#include "cmd/term.h"

/* While held, signals are noted and end the next mk_term_wait. */
void mk_term_hold(struct mk_term *t);
void mk_term_let_go(struct mk_term *t); /* not while on the second screen */

/* Returns when something can be read.  Errors: E_CANCELLED, E_IO. */
MK_MUST_USE enum mk_err mk_term_wait(struct mk_term *t, struct mk_diag *diag);

#endif
