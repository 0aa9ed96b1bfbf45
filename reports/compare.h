/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What changed since an earlier release, and why: for own use, never for
 * publication.
 *
 *   gate (cubes of version 4, the record of the release)
 *     -> a factsheet of what counted then, one of now, and for each reason one
 *        of what came and one of what went
 *     -> cell by cell: printed, then, now, now - then by reason
 *
 * Every cell that a factsheet prints is there, in the rows that a publication
 * has.  In each: now - then = the sum over why.
 */
#ifndef MK_REPORTS_COMPARE_H
#define MK_REPORTS_COMPARE_H

#include "reports/gate.h"
#include "reports/record.h"

struct mk_compare_cell {
    enum mk_mark mark;      /* NONE; NR and NA have no figures */
    bool is_printed;        /* the release shows it */
    bool is_contradicted;   /* as it cannot have been by what counted then */
    struct mk_cell printed; /* where it does */
    uint64_t then, now;
    int64_t why[MK_REASONS];
};

/* Years that stand at the same two positions. */
struct mk_compare_part {
    struct mk_counts counts;
    struct mk_factsheet *now; /* owned; its cells are not protected */
    struct mk_compare_cell *cell[MK_TABLE_COUNT]; /* owned; as its cells */
};

struct mk_compare {
    bool english; /* set by the caller */
    struct mk_record record;
    struct mk_compare_part *part; /* owned */
    size_t n_parts;
    /* the years in order: of which part, and where in it */
    struct mk_compare_year {
        int year;
        const struct mk_compare_part *part;
        size_t at;
    } year[MK_COUNTS_YEARS];
    size_t n_years;
    size_t n_contradicted;
};

void mk_compare_init(struct mk_compare *c);
void mk_compare_release(struct mk_compare *c);

/*
 * Errors: those of the readers; E_SYNTAX for a cube of another version, or not
 * exactly one release; E_DUPLICATE_KEY for a year that comes twice;
 * E_INTERNAL when a sum does not come out.
 */
MK_MUST_USE enum mk_err mk_compare_make(struct mk_compare *c,
                                        const struct mk_gate *gate,
                                        struct mk_diag *diag);

/* Indexes as in mk_factsheet_cell. */
const struct mk_compare_cell *mk_compare_cell(const struct mk_compare_year *y,
                                              enum mk_table_id table,
                                              size_t category,
                                              size_t care_type,
                                              size_t measure);
/* Did anything come or go, for whatever reason? */
MK_MUST_USE bool mk_compare_changed(const struct mk_compare_cell *cell);

/* For people, 80 columns where it can; only what changed.  JSON: all of it.
 * Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_compare_text(struct mk_buf *out,
                                        const struct mk_compare *c);
MK_MUST_USE enum mk_err mk_compare_json(struct mk_buf *out,
                                        const struct mk_compare *c);

#endif
