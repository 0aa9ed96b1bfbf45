/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An attacker who tries every table: all whole tables of counts that meet the
 * published figures and intervals of a model, and the rule of docs/DISCLOSURE.md as it is
 * written there.  Nothing of the engine but the model is used.
 */
#ifndef MK_TESTS_SDC_BRUTE_H
#define MK_TESTS_SDC_BRUTE_H

#include "reports/sdc/model.h"

#define BRUTE_COLS 32
#define BRUTE_CELLS 256
#define BRUTE_ONES 16
#define BRUTE_LINES 64

struct sdc_brute_line {
    size_t total, member;
};

struct sdc_brute {
    const struct mk_sdc_model *m; /* borrowed; data cover it */
    /* combinations of leaves that can hold a record */
    uint32_t leaf[BRUTE_COLS][MK_SDC_DIMS];
    size_t n_cols;
    uint32_t has[BRUTE_CELLS]; /* by cell: its combinations, as bits */
    bool unsafe[BRUTE_CELLS];
    struct sdc_brute_line line[BRUTE_LINES];
    size_t n_lines;

    /* of sdc_brute_try */
    bool hidden[BRUTE_CELLS];
    uint64_t tables; /* that were found */
    int64_t lo[BRUTE_CELLS], hi[BRUTE_CELLS];
    size_t one[BRUTE_ONES], n_ones; /* hidden cells of value 1 */
    int64_t one_lo[BRUTE_ONES][BRUTE_CELLS], one_hi[BRUTE_ONES][BRUTE_CELLS];
    int64_t rest[BRUTE_LINES]; /* most that may be outside the member */
};

/* False where the model is too large. */
bool sdc_brute_init(struct sdc_brute *b, const struct mk_sdc_model *m);
/* All tables with these cells hidden; false where there is no end to them, or
 * more than limit steps. */
bool sdc_brute_try(struct sdc_brute *b, const bool *hidden, uint64_t limit);
/* What of the rule is broken, or NULL; *cell where. */
const char *sdc_brute_broken(const struct sdc_brute *b, size_t *cell);

#endif
