/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one line of error of a program that has no terminal of its own. */
#ifndef MK_CMD_COMPLAIN_H
#define MK_CMD_COMPLAIN_H

#include "core/base/err.h"

/* "PROGRAM: what happened; what it means; what to do" on standard error, by
 * the list of errors; help is the command that its {help} names.  Gives the
 * exit status. */
int mk_complain(const char *program, const char *help,
                const struct mk_diag *diag, bool english);

#endif
