/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The summary of a factsheet: short sentences made of printed cells and of
 * nothing else.  The rules stand in summary.def: which cells a sentence needs
 * and what it says.  Where a guard does not hold, the sentence is not said:
 *
 *     a number        its cell is printed; hidden is said as hidden
 *     "of the N"      N is printed too, and not smaller than the number
 *     "all N"         the number is N; then no percentage
 *     a percentage    N is at least MK_SUMMARY_BASE, and the whole number is
 *                     not 0 or 100 for what is neither nothing nor all
 *     the largest     sure, whatever stands behind the hidden cells
 *     a difference    mk_window_is_comparable (window.h)
 */
#ifndef MK_REPORTS_SUMMARY_H
#define MK_REPORTS_SUMMARY_H

#include "reports/factsheet.h"

/* Fewest dossiers of which a percentage is given: of fewer, one dossier is
 * more than ten per cent. */
#define MK_SUMMARY_BASE 10

/*
 * Fills f->summary; the tables of f are final: what is to be hidden is.
 * Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_summary_build(struct mk_factsheet *f,
                                         struct mk_diag *diag);

/* The heading to be shown before sentence i of a list; NULL: none, or that of
 * the one before. */
const char *mk_summary_heading(const struct mk_note *list, size_t i);

#endif
