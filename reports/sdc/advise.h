/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What would less detail give?  Tries every merge of two levels of a dimension,
 * and leaving out each table, protects each, and says how many cells would be
 * hidden.
 *
 * The numbers are for whoever makes the release: how many cells are hidden is
 * in cells.csv too, but the sum of what they hold is a secret.
 */
#ifndef MK_SDC_ADVISE_H
#define MK_SDC_ADVISE_H

#include "core/base/buf.h"
#include "reports/sdc/merge.h"

#define MK_SDC_ADVICE 20          /* kept: the best */
#define MK_SDC_ADVISE_LEAVES 12u  /* merges in dimensions of at most so many */
#define MK_SDC_ADVISE_WORK 20000u /* pivots, for each trial: the default */

/* Cells of the release: not those of structural zeros, or watched. */
struct mk_sdc_tally {
    size_t published, hidden;
    uint64_t hidden_values; /* sum of what is hidden */
    bool safe;              /* a pattern was found and passed the checker */
    bool optimal;           /* and none hides less */
};

struct mk_sdc_advice_item {
    struct mk_sdc_merge merge; /* a merge or a table: one of the two */
    struct mk_sdc_tally after;
};

struct mk_sdc_advice {
    const struct mk_sdc_spec *spec; /* borrowed: for the names */
    struct mk_sdc_tally before;
    struct mk_sdc_advice_item item[MK_SDC_ADVICE];
    size_t n;
    size_t n_tried;  /* protected */
    size_t n_passed; /* passed over: do not fit, or no safe pattern */
    uint64_t work;   /* pivots of all */
};

/*
 * Fills out, which owns nothing; spec lives as long.  work is the limit of
 * each trial: what is found with little work may hide more than needed, for
 * all alike.  Best first: fewest hidden, then most published, then in the order
 * of trial (dimensions, levels, tables).  The same input gives the same advice.
 *
 * Passed over: what mk_sdc_merge_spec says does not fit; levels that an earlier
 * release names, for what was printed apart stays known apart; what cannot be
 * made safe.  A dimension that no table crosses has nothing to merge, and the
 * only table is not left out.
 *
 * data is in the dimensions of spec; earlier as for mk_sdc_model_build.
 * Errors: E_MEMORY; those of mk_sdc_model_build and mk_sdc_protect for the spec
 * as it is.
 */
MK_MUST_USE enum mk_err mk_sdc_advise(
    struct mk_sdc_advice *out, const struct mk_sdc_spec *spec,
    const struct mk_sdc_data *data,
    const struct mk_sdc_release *const *earlier, size_t n_earlier,
    uint64_t work, struct mk_diag *diag);

/* Published cells of all in tenths of a percent, rounded down. */
unsigned mk_sdc_tally_permille(const struct mk_sdc_tally *tally);

/* For people, a line each, in Dutch or English.  Errors: E_MEMORY,
 * E_TOO_LARGE. */
MK_MUST_USE enum mk_err mk_sdc_advise_text(struct mk_buf *out,
                                           const struct mk_sdc_advice *advice,
                                           bool english, struct mk_diag *diag);
/*
 * CSV (UTF-8, comma, LF): rank (0: as it is), kind (now, merge or table),
 * dimension (of a table: its dimensions with *), levels (A+B; of a table: its
 * number from 1), published_before, published_after, hidden_before,
 * hidden_after, values_before, values_after (sums of what is hidden),
 * share_before, share_after (percent published), optimal (yes or no).  Errors:
 * as above.
 */
MK_MUST_USE enum mk_err mk_sdc_advise_csv(struct mk_buf *out,
                                          const struct mk_sdc_advice *advice,
                                          struct mk_diag *diag);

#endif
