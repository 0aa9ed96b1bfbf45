/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What would less detail give?  Tries every merge of two levels of a dimension,
 * and leaving out each table, protects each, and says how many cells would be
 * hidden.
 *
 *   solver  each trial --> a protection --> the best, each with its proof
 *   gate    the same trial --> the checker on that proof --> what it hides
 *
 * So the numbers that are told are counted by the gate, in patterns that it
 * found safe itself.  Two things are believed: that no pattern hides less
 * (optimal), and that what was passed over was no better.
 *
 * The numbers are for whoever makes the release: how many cells are hidden is
 * in cells.csv too, but the sum of what they hold is a secret.
 */
#ifndef MK_SDC_ADVISE_H
#define MK_SDC_ADVISE_H

#include "core/base/buf.h"
#include "reports/sdc/merge.h"
#include "reports/sdc/pipe.h"

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
    struct mk_buf proof; /* the protection, as in pipe.h; owned.  Empty once
                            it was checked */
};

struct mk_sdc_advice {
    const struct mk_sdc_spec *spec; /* borrowed: for the names */
    struct mk_sdc_tally before;
    struct mk_buf before_proof; /* likewise */
    struct mk_sdc_advice_item item[MK_SDC_ADVICE];
    size_t n;
    size_t n_tried;  /* protected */
    size_t n_passed; /* passed over: do not fit, or no safe pattern */
    uint64_t work;   /* pivots of all */
};
void mk_sdc_advice_init(struct mk_sdc_advice *advice,
                        const struct mk_sdc_spec *spec);
void mk_sdc_advice_release(struct mk_sdc_advice *advice);

/* What advice is asked about; all of it borrowed. */
struct mk_sdc_asked {
    const struct mk_sdc_spec *spec;
    const struct mk_sdc_data *data; /* in the dimensions of spec */
    const struct mk_sdc_release *const
        *earlier; /* as for mk_sdc_model_build */
    size_t n_earlier;
};

/*
 * The solver's side.  Fills out, which is initialised; the spec lives as long.
 * work is the limit of each trial: what is found with little work may hide more than needed, for
 * all alike.  Best first: fewest hidden, then most published, then in the order
 * of trial (dimensions, levels, tables).  The same input gives the same advice.
 *
 * Passed over: what mk_sdc_merge_spec says does not fit; levels that an earlier
 * release names, for what was printed apart stays known apart; what cannot be
 * made safe.  A dimension that no table crosses has nothing to merge, and the
 * only table is not left out.
 *
 * Errors: E_MEMORY; those of mk_sdc_model_build and mk_sdc_protect for the spec
 * as it is.
 */
MK_MUST_USE enum mk_err mk_sdc_advise(struct mk_sdc_advice *out,
                                      const struct mk_sdc_asked *asked,
                                      uint64_t work, struct mk_diag *diag);

/*
 * Over the pipe: the proof of what is now | n | (dim | first | second | table |
 * proof) a suggestion.  accept is the gate's side: it makes each trial again,
 * checks its proof and counts what it hides; best first.
 * Errors: E_MEMORY; E_SYNTAX for an answer that is none, or a suggestion that
 * cannot be made or does not pass; those of mk_sdc_model_build for the spec as
 * it is.
 */
MK_MUST_USE enum mk_err mk_sdc_advice_put(struct mk_buf *out,
                                          const struct mk_sdc_advice *advice);
MK_MUST_USE enum mk_err mk_sdc_advice_accept(struct mk_sdc_advice *advice,
                                             struct mk_sdc_pipe *pipe,
                                             const struct mk_sdc_asked *asked,
                                             struct mk_diag *diag);

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

/* ---- for advise*.c ---- */

struct mk_sdc_trial {
    struct mk_sdc_spec spec; /* with less detail */
    struct mk_sdc_data data;
    struct mk_sdc_model model;
    struct mk_sdc_result result; /* the caller's to fill */
};
/* merge NULL: as it is.  *fits false: not to be tried.  Owns:
 * mk_sdc_trial_close, also after an error.  Errors: those of
 * mk_sdc_model_build. */
MK_MUST_USE enum mk_err mk_sdc_trial_open(struct mk_sdc_trial *trial,
                                          const struct mk_sdc_asked *asked,
                                          const struct mk_sdc_merge *merge,
                                          bool *fits, struct mk_diag *diag);
void mk_sdc_trial_close(struct mk_sdc_trial *trial);
void mk_sdc_trial_tally(const struct mk_sdc_trial *trial,
                        struct mk_sdc_tally *tally);
/* Puts the item in its place if it is one of the best; its proof moves. */
void mk_sdc_advice_keep(struct mk_sdc_advice *advice,
                        struct mk_sdc_advice_item *item);

#endif
