/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What would be published, told to who decides about it: how many figures each
 * table hides, why, what they hold, and which less detailed levels would hide
 * less.  For own use: how many are hidden sees whoever counts the marks, but
 * which are primary, what they hold and what the advice says are secrets.
 */
#ifndef MK_REPORTS_PREVIEW_H
#define MK_REPORTS_PREVIEW_H

#include "reports/publication.h"

#define MK_PREVIEW_ADVICE 5 /* suggestions told of a year, at most */

/* Figures of one table in one year, or of all tables. */
struct mk_preview_line {
    size_t printed, hidden, nr, na;
    /* of those hidden: by the rule itself, for others, because an earlier
     * release hid them */
    size_t primary, secondary, earlier;
    size_t totals;   /* of those hidden: rows or columns TOT, and F1 */
    uint64_t values; /* the sum of what is hidden */
};

struct mk_preview_year {
    struct mk_preview_line table[MK_TABLE_COUNT], all;
};

struct mk_preview {
    const struct mk_publication *p; /* borrowed: made, with preview */
    struct mk_preview_year year[MK_COUNTS_YEARS];
};

/* Errors: E_INTERNAL when a hidden figure has no cell. */
MK_MUST_USE enum mk_err mk_preview_make(struct mk_preview *preview,
                                        const struct mk_publication *p,
                                        struct mk_diag *diag);
/* Was the year released before? */
MK_MUST_USE bool mk_preview_is_known(const struct mk_preview *preview,
                                     size_t year);
/* The i-th suggestion for the year that hides less than now, best first; NULL:
 * there is no more. */
const struct mk_sdc_advice_item *mk_preview_advice(
    const struct mk_preview *preview, size_t year, size_t i);

/* For people, 80 columns where it can; for programs.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_preview_text(struct mk_buf *out,
                                        const struct mk_preview *preview);
MK_MUST_USE enum mk_err mk_preview_json(struct mk_buf *out,
                                        const struct mk_preview *preview);

#endif
