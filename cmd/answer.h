/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people type at a question, in the form in which core reads it. */
#ifndef MK_CMD_ANSWER_H
#define MK_CMD_ANSWER_H

#include "core/meldkluis.h"

/*
 * Rewrites answer for a key of that type: spaces around it go; codes and ONB,
 * NR get their capitals; a date may be vandaag, gisteren, today, yesterday or
 * D-M-YYYY (also with / or .), a period M-YYYY too.  What is none of these
 * stays as it is.  *said: the meaning differs so much from what was typed that
 * it is to be shown.  Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_answer_tidy(struct mk_buf *answer,
                                       const struct mk_field_info *f,
                                       mk_day today, bool *said);

#endif
