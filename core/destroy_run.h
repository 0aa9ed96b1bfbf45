/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the parts of a run: what is due, and what becomes of it. */
#ifndef MK_CORE_DESTROY_RUN_H
#define MK_CORE_DESTROY_RUN_H

#include "core/destroy.h"

/* One that is due. */
struct mk_due {
    struct mk_destroy_result result;
    uint64_t ordinal, version;
    uint32_t year;
    struct mk_destroyed_record r; /* with what is known before the commit */
};
/* Another of the same years. */
struct mk_survivor {
    uint64_t ordinal;
    uint8_t leaf[MK_HASH]; /* as the proven walk saw it */
};
struct mk_run {
    struct mk_vault *v;
    const struct mk_access *access;
    struct mk_destroy_past past;
    struct mk_due *due;
    size_t n_due;
    uint32_t *years; /* whose old generations are to go */
    size_t n_years;
    size_t n_new; /* the first of them get a new generation */
    struct mk_survivor *survivors;
    size_t n_survivors;
    uint64_t rewrapped;
    bool erased;
};

/* Is destroyed by this run. */
MK_MUST_USE bool mk_due_goes(const struct mk_due *d);
/* An entry of the run about a dossier, whose id is still to be set. */
struct mk_log_item mk_run_entry(const struct mk_run *run,
                                enum mk_outcome outcome);

/* --- destroy_due.c --- */

/*
 * Fills run->past and run->due: what was approved and what a copy brought
 * back; each is announced in the log, then opened where that is still needed,
 * and given its fate.
 */
MK_MUST_USE enum mk_err mk_run_look(struct mk_run *run, struct mk_diag *diag);

#endif
