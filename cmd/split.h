/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line of a session into words.  No shell: nothing is expanded, run or
 * joined with another file; quotes keep spaces together and that is all.
 */
#ifndef MK_CMD_SPLIT_H
#define MK_CMD_SPLIT_H

#include "core/base/err.h"

#define MK_SPLIT_MAX 192 /* words of a line: all that mk_args takes, twice */

/*
 * line (ends with NUL) is changed: words[0..*n) point into it.  Words are
 * parted by spaces and tabs; what stands between two ' or two " is taken as it
 * is, also inside of a word.  A backslash is a character like any other.
 * Errors: E_USAGE (a quote without its end, too many words).
 */
MK_MUST_USE enum mk_err mk_split(char *line, char *words[static MK_SPLIT_MAX],
                                 size_t *n, bool english,
                                 struct mk_diag *diag);

#endif
