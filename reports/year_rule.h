/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rule of a factsheet in the words of SPEC.json.  A part of year_model. */
#ifndef MK_REPORTS_YEAR_RULE_H
#define MK_REPORTS_YEAR_RULE_H

#include "reports/factsheet.h"

/* Adds the keys from threshold to contributors.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_year_rule(struct mk_buf *out,
                                     const struct mk_factsheet *f);
/* Adds the rule in a sentence, for a note.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_year_rule_words(struct mk_buf *out,
                                           const struct mk_factsheet *f);

#endif
