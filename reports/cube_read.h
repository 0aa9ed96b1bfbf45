/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the cube: the counts on the pipe between the process that holds keys
 * and this one.  The form is described in core/cube.h.  The input is taken
 * as hostile: everything that is not exactly of that form is refused with the
 * number of its line, and nothing is guessed.
 */
#ifndef MK_REPORTS_CUBE_READ_H
#define MK_REPORTS_CUBE_READ_H

#include "core/base/date.h"
#include "reports/levels.h"

#define MK_COUNTS_YEARS 32
#define MK_COUNTS_STATES 32
#define MK_COUNTS_ROWS 1000000u    /* rows of a cube, at most */
#define MK_COUNTS_N 1000000000u    /* dossiers of a row, at most */
#define MK_COUNTS_BYTES (1u << 27) /* of the whole text, at most */

/* What became of a record since the vintage that is frozen (version 3); in
 * version 4 REMOVED and ADDED are steps between THEN and NOW. */
enum mk_change_kind {
    MK_CHANGE_KEPT,
    MK_CHANGE_REMOVED,
    MK_CHANGE_ADDED,
    MK_CHANGE_AT_THEN,
    MK_CHANGE_AT_NOW,
    MK_CHANGES
};
const char *mk_change_slug(enum mk_change_kind change);

/* Why (version 4). */
enum mk_reason {
#define MK_REASON(NAME, slug, nl, en) MK_REASON_##NAME,
#include "core/defs/changes.def"
    MK_REASONS
};
const char *mk_reason_slug(enum mk_reason reason);
const char *mk_reason_label(enum mk_reason reason, bool english);

struct mk_counts_row {
    uint8_t level[MK_DIM_COUNT]; /* YEAR: index in years; else level numbers */
    uint8_t change;         /* enum mk_change_kind; KEPT before version 3 */
    uint8_t reason;         /* enum mk_reason, of a step; else MK_REASONS */
    uint32_t site, accused; /* which of the cube's; 0: nobody knows */
    uint64_t n;
};

struct mk_counts {
    unsigned version; /* of the cube: 2 has contributors, 3 changes too,
                         4 changes with reasons */
    int years[MK_COUNTS_YEARS]; /* ascending */
    size_t n_years;
    bool school_year;  /* 2018 means 1 August 2018 to 31 July 2019 */
    mk_day data_date;  /* MK_DAY_NONE: no records at all */
    uint64_t position; /* records of the stream that were looked at */
    uint64_t frozen;   /* from version 3 on: those of the vintage before */
    /* by year index and number of state; the last row: date not known */
    uint64_t uncounted[MK_COUNTS_YEARS + 1][MK_COUNTS_STATES];

    struct mk_counts_row *rows; /* owned */
    size_t n_rows;
};

void mk_counts_init(struct mk_counts *counts);
void mk_counts_release(struct mk_counts *counts);

/*
 * Parses text (n bytes) into counts, which must be initialised.
 * In version 4 each combination is looked at: its steps add up.
 * Errors: E_SYNTAX, E_BAD_CODE, E_BAD_NUMBER, E_BAD_DATE, E_CODE_YEAR,
 * E_DUPLICATE_KEY (a combination or a key that occurs twice), E_TOO_LARGE,
 * E_NEWER (a later version of the form), E_MEMORY; diag->line is set and
 * diag->place names key or column.
 */
MK_MUST_USE enum mk_err mk_counts_parse(struct mk_counts *counts,
                                        const void *text, size_t n,
                                        struct mk_diag *diag);

/* Slug and label of a state of the header; NULL if there is none. */
const char *mk_counts_state(unsigned number, bool english);

#endif
