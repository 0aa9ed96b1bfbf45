/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A publication: what came down to the gate becomes protected tables and a
 * record.  Cubes have one vintage each; a year counts as of the position at
 * which it was published first (that is in the cube that has it).
 */
#ifndef MK_REPORTS_PUBLICATION_H
#define MK_REPORTS_PUBLICATION_H

#include "reports/gate.h"
#include "reports/record.h"
#include "reports/year_model.h"

/* Asks the solver and takes the checked answer. */
typedef enum mk_err mk_solve(void *ctx, const struct mk_sdc_job *job,
                             struct mk_sdc_task *task, struct mk_diag *diag);

struct mk_publication {
    /* set by the caller */
    const char *release, *audience; /* borrowed, may be NULL */
    const char *table;              /* ad hoc table, or NULL */
    bool revise;                    /* not with a table */
    bool preview; /* what is refused is told by year, and advice is asked */
    struct mk_factsheet sheet; /* english and threshold set; then all of it */

    /* what came down and was made */
    struct mk_counts *cube; /* owned, like the rest */
    size_t n_cubes;
    struct mk_counts all; /* of the cubes together */
    struct mk_record *record;
    size_t n_records;
    struct mk_sdc_task *task; /* by year of the window; spec.n_dims 0: none */
    uint64_t position[MK_COUNTS_YEARS];
    json_t *made;
    /* of a preview, by year: refused as it is; how less detail would do (NULL:
     * not asked, because a release has the year already) */
    bool unsafe[MK_COUNTS_YEARS];
    struct mk_sdc_task *advice[MK_COUNTS_YEARS];
    const struct mk_sdc_task *refused; /* where disclosure control refused */
    int refused_year;
};

void mk_publication_init(struct mk_publication *p);
void mk_publication_release(struct mk_publication *p);

/*
 * Reads the sections, counts, protects every year together with what was
 * printed about it, and hides.  Errors: of the readers; E_DISCLOSURE with
 * p->refused (not of a preview: p->unsafe, and that year is not hidden); E_EARLIER, E_BASIS, E_CODE_YEAR (a table of measures that were
 * not kept that year); of a revision E_UNCHANGED, E_FEW_CHANGES, E_REVISED (a
 * year for the second time).
 */
MK_MUST_USE enum mk_err mk_publication_make(struct mk_publication *p,
                                            const struct mk_gate *gate,
                                            mk_solve *solve, void *ctx,
                                            struct mk_diag *diag);

/* The ad hoc table as CSV: year, its dimensions, value, status, lo, hi. */
MK_MUST_USE enum mk_err mk_publication_table(const struct mk_publication *p,
                                             struct mk_buf *out,
                                             struct mk_diag *diag);

/* For the record: a file as it will be written; then the record. */
MK_MUST_USE enum mk_err mk_publication_file(struct mk_publication *p,
                                            const char *name,
                                            const struct mk_buf *text,
                                            struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_publication_record(struct mk_publication *p,
                                              struct mk_buf *out,
                                              struct mk_diag *diag);

/* Are all releases together safe?  *years: how many were worked out. */
MK_MUST_USE enum mk_err mk_publication_check(struct mk_publication *p,
                                             const struct mk_gate *gate,
                                             mk_solve *solve, void *ctx,
                                             size_t *years,
                                             struct mk_diag *diag);

#endif
