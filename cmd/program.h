/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other programs of the house, which lie beside this one: started before
 * the sandbox and before any key exists. */
#ifndef MK_CMD_PROGRAM_H
#define MK_CMD_PROGRAM_H

#include "cmd/env.h"

#include <sys/types.h>

#define MK_PROGRAM_ANSWER 3 /* descriptor of the other program */

/*
 * Starts name.  argv and environment end with NULL.  in becomes its standard
 * input and back, unless it is -1, its descriptor 3.  If it speaks to the user
 * it inherits 1 and 2; nothing else goes over.  Errors: E_PROGRAM.
 */
MK_MUST_USE enum mk_err mk_program_start(pid_t *pid, const char *name,
                                         const char *const argv[],
                                         const char *const environment[],
                                         int in, int back, bool speaks,
                                         struct mk_diag *diag);

#endif
