/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The notes that a factsheet carries by itself: unit, year basis, date of the
 * data, what is counted, closure years, marks, what was suppressed.  They
 * hold no word of comparison or trend, whatever the figures are.
 */
#ifndef MK_REPORTS_NOTES_H
#define MK_REPORTS_NOTES_H

#include "reports/factsheet.h"

/*
 * Adds the notes that fit f, whose tables are built.  Uncounted dossiers are
 * told only where f is internal.
 * Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_notes_build(struct mk_factsheet *f,
                                       const struct mk_counts *counts,
                                       struct mk_diag *diag);

#endif
