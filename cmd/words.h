/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Check words, as two people read them to each other. */
#ifndef MK_CMD_WORDS_H
#define MK_CMD_WORDS_H

#include "cmd/json.h"
#include "core/meldkluis.h"

/* Four a line, each line behind indent. */
MK_MUST_USE enum mk_err mk_words_add(struct mk_buf *out, const char *indent,
                                     const char *const words[static MK_WORDS]);
void mk_words_json(struct mk_json *j, const char *key,
                   const char *const words[static MK_WORDS]);

#endif
