/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between term.c, term_edit.c and term_page.c. */
#ifndef MK_CMD_TERM_RAW_H
#define MK_CMD_TERM_RAW_H

#include "cmd/term.h"

/* While held, signals are noted and end the next mk_term_wait. */
void mk_term_hold(struct mk_term *t);
void mk_term_let_go(struct mk_term *t); /* not while on the second screen */

/* Returns when something can be read (*ready), or the window changed its
 * size (not ready).  Errors: E_CANCELLED, E_IO. */
MK_MUST_USE enum mk_err mk_term_wait(struct mk_term *t, bool *ready,
                                     struct mk_diag *diag);
/* The next byte that was typed. */
MK_MUST_USE enum mk_err mk_term_byte(struct mk_term *t, uint8_t *out,
                                     struct mk_diag *diag);
/* What a line is for. */
struct mk_term_manner {
    bool text;                  /* the lines of a paste are one answer */
    mk_term_complete *complete; /* by the tab key; NULL: a tab is text */
    const void *ctx;
};
/* term_edit.c: one line into out, behind prompt. */
MK_MUST_USE enum mk_err mk_term_edit(struct mk_term *t, const char *prompt,
                                     const struct mk_term_manner *manner,
                                     struct mk_buf *out, struct mk_diag *diag);

#endif
