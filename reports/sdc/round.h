/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Controlled rounding: no cell is hidden, every figure is a multiple of 5 (or
 * 3), and all tables still add up.
 *
 *   solver  model --equations of system.h--> whole inner table z >= 0
 *                    row of a class: floor(v / base) <= sum of z <= ceil(v / base)
 *   both    z --> figure = base * records of z  (additive by construction)
 *             --> every figure as an interval   (what a reader knows)
 *   solver    --> the attack of an audit        (what a reader can infer)
 *   gate      --> the checker on its proof
 *
 * So the gate is told no figure: it counts the records of z in every cell
 * itself, looks whether each one lies next to its value, and makes the model
 * that an attacker sees of them.
 *
 * Figures.  A true value that is a multiple of the base stays as it is, a zero
 * above all; every other one goes to a multiple next to it, so that figure and
 * value differ by less than the base.  Cells of the same columns have one
 * figure.  Where no such tables are found (linked tables and overlapping parents with
 * many multiples), multiples other than zero may move by one base; the cells that
 * did are `moved`.  Who publishes must then say so, and every interval is the
 * wider one.
 *
 * Direction.  Each class has a cost for up: a number of 0 to 1 that follows
 * from the key and the names of the cell, less remainder / base.  The cheapest
 * tables are chosen, so that a cell prefers up with probability remainder /
 * base: unbiased, as far as adding up leaves room.  The names and not the
 * value decide: a figure that is published twice goes the same way twice, and
 * nobody averages.  Same key, same data: same figures.
 *
 * What a reader knows.  Of a figure r: the value lies in r - w .. r + w and is
 * not negative, w = base - 1, or base where one moved; of r > 0 also that the
 * value is not 0.  lo and hi are what follows from that for the whole set of
 * tables, as exactly as for suppression.  Mostly it is the window: the tables
 * of the figures are whole tables themselves, and one inner cell of them may
 * differ by w without any figure leaving its window.  The attack is made all
 * the same: what insiders and groups learn is not that simple.
 *
 * The rule.  The one for hidden cells asks for lo <= v - 1 and hi >= threshold.
 * No rounding that leaves zeros alone can give both for each small value: 0
 * says "less than the base", base says "not 0".  What it does give, and what
 * is required here: of each unsafe cell at least as many values as the
 * threshold remain possible (hi - lo >= threshold - 1).  The unsafe values are
 * one fewer, so there is always a safe one among them: 0, or the threshold and
 * more.  Nobody can infer that the cell is unsafe.  A figure 0 leaves base
 * values, hence threshold <= base: base 5 goes with thresholds of at most 5,
 * base 3 with at most 3.  The rules for whoever knows one record, for groups,
 * and that no cell is exact, hold as they are.  n_below says how many unsafe
 * cells would not pass the rule for hidden cells.
 *
 * One release.  Figures rounded twice from changed data, or next to exact ones
 * of before, are known more closely than either; so a model with earlier
 * releases is refused.  For later ones release.json keeps the figures with what
 * a reader can infer of each.
 *
 * Source: L. H. Cox, A constructive procedure for unbiased controlled rounding,
 * JASA 82 (1987); the page DISCLOSURE of the design.
 */
#ifndef MK_SDC_ROUND_H
#define MK_SDC_ROUND_H

#include "core/base/buf.h"
#include "reports/sdc/protect.h"

#define MK_SDC_ROUND_KEY 32 /* bytes of a key */
#define MK_SDC_ROUND_TRIES 16

struct mk_sdc_rounded_cell {
    bool shown;      /* has a figure: neither watched nor empty */
    bool moved;      /* a multiple of the base that is not as it was */
    uint64_t value;  /* the figure */
    uint64_t lo, hi; /* what an attacker can infer at best */
    bool exact;      /* as in struct mk_sdc_cell */
};

struct mk_sdc_rounded {
    const struct mk_sdc_model *model; /* borrowed */
    unsigned base;
    struct mk_sdc_records units;      /* z, in joint dimensions; owned */
    struct mk_sdc_rounded_cell *cell; /* by cell of the model; owned */
    uint64_t window;                  /* base - 1, or base where n_moved > 0 */
    unsigned tries;                   /* tie-breaks that were needed */
    uint64_t work;                    /* pivots and branching steps */
    size_t n_moved, n_unsafe, n_below;
    uint64_t narrowest; /* hi - lo of unsafe cells; MK_SDC_COUNT: none */

    struct mk_sdc_model seen;   /* the figures as a model to audit; owned */
    struct mk_sdc_result audit; /* of seen, with its proof; owned */
};

void mk_sdc_rounded_init(struct mk_sdc_rounded *out);
void mk_sdc_rounded_release(struct mk_sdc_rounded *out);

/*
 * Rounds the cells of model, which is as mk_sdc_model_build left it (fate and
 * why are set here); it lives as long as out, which is initialised and is to
 * be released after an error too.  base is 3 or 5.  When an audit fails, other
 * costs are tried, MK_SDC_ROUND_TRIES times at most and none that begins after
 * work steps.
 *
 * Errors: E_MEMORY, E_TOO_LARGE; E_BAD_NUMBER for a base (place: base) or a
 * threshold (place: threshold; num: what goes with the base); E_EARLIER for a
 * model with earlier releases or without data (place: the cell or "previous");
 * E_DISCLOSURE when no tables were found, or none that pass (place: rounding,
 * num[0]: faults of the last try, 0 where there were no tables).
 * Secrets: key is read and not kept.
 */
MK_MUST_USE enum mk_err mk_sdc_round(
    struct mk_sdc_rounded *out, struct mk_sdc_model *model, unsigned base,
    const uint8_t key[static MK_SDC_ROUND_KEY], uint64_t work,
    struct mk_diag *diag);

/* ---- steps of both sides, in this order; no solver ---- */

/*
 * Is it a question that rounding answers?  Sets model and base, and makes room
 * for cell.  Errors: E_MEMORY, E_BAD_NUMBER, E_EARLIER as above.
 */
MK_MUST_USE enum mk_err mk_sdc_round_open(struct mk_sdc_rounded *out,
                                          const struct mk_sdc_model *model,
                                          unsigned base, struct mk_diag *diag);
/*
 * Counts out->units into figures, and looks at each: zeros stay, other
 * multiples stay or move by one base, the rest goes to a multiple next to it.
 * Then makes out->seen of them, which has no intervals yet.
 * Errors: E_MEMORY; E_INTERNAL where units are no table (place: units), or a
 * figure is none of its value (place: the cell); those of mk_sdc_model_build.
 */
MK_MUST_USE enum mk_err mk_sdc_round_show(struct mk_sdc_rounded *out,
                                          struct mk_diag *diag);
/* Takes the intervals of out->seen, once an audit or the checker is done. */
void mk_sdc_round_take(struct mk_sdc_rounded *out);

/* What a figure alone says: the value lies in *lo .. *hi. */
void mk_sdc_round_window(uint64_t figure, uint64_t window, uint64_t *lo,
                         uint64_t *hi);

/* ---- for round*.c ---- */

/* The costs of up by class, of the try with that number. */
MK_MUST_USE enum mk_err mk_sdc_round_costs(
    double *cost, const struct mk_sdc_system *s, unsigned base,
    const uint8_t key[static MK_SDC_ROUND_KEY], unsigned try,
    struct mk_diag *diag);
/*
 * The cheapest tables: z[j] is how many of column j, whole.  *found is false
 * where there are none, or a limit was reached.
 */
MK_MUST_USE enum mk_err mk_sdc_round_solve(double *z, bool *found,
                                           const struct mk_sdc_system *s,
                                           unsigned base, bool relaxed,
                                           const double *cost, uint64_t *work,
                                           struct mk_diag *diag);

#endif
