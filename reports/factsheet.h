/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The factsheet: counts become tables of cells with marks, and notes.  The
 * tables stand in factsheet.def; a renderer walks what is built here and
 * decides nothing.
 *
 * Every table is a block of cells with four axes, the last one running
 * fastest, which is also the order of factsheet.csv:
 *
 *     cells[((year * category.n + category) * care_type.n + care_type)
 *           * measures + measure]
 *
 * An axis that a table lacks has one level without a slug.
 *
 * Invariants: a total is the sum of its parts as marked; the totals of F1, F2,
 * F3, F6 and F7 of a year are equal; no figure is summed over years.
 */
#ifndef MK_REPORTS_FACTSHEET_H
#define MK_REPORTS_FACTSHEET_H

#include "core/base/buf.h"
#include "core/base/rule.h"
#include "reports/cube_read.h"

enum mk_policy {
    MK_POLICY_INTERNAL, /* exact figures for own use, marked so everywhere */
    MK_POLICY_EXACT,    /* published, small cells as they are */
    MK_POLICY_SUPPRESS, /* published through disclosure control */
};
const char *mk_policy_slug(enum mk_policy policy);

#define MK_NO_END 1000000000u /* MK_SDC_COUNT of the engine */

enum mk_mark {
    MK_MARK_NONE, /* a number, 0 included */
    MK_MARK_X,    /* suppressed: lo and hi are what can be inferred */
    MK_MARK_NR,   /* not recorded */
    MK_MARK_NA,   /* not applicable: the code is not valid in that year */
};
/* As in factsheet.csv: "", "x", "NR", "NA". */
const char *mk_mark_slug(enum mk_mark mark);

struct mk_cell {
    enum mk_mark mark;
    uint64_t value;  /* MK_MARK_NONE only */
    uint64_t lo, hi; /* MK_MARK_X only; hi MK_NO_END: there is no largest */
};

enum mk_measure {
#define MK_MEASURE(NAME, slug, depth, label) MK_MEASURE_##NAME,
#include "reports/factsheet.def"
    MK_MEASURE_COUNT
};
struct mk_measure_def {
    const char *slug;
    unsigned depth;    /* 1: part of the measure before it */
    const char *label; /* for mk_say */
};
const struct mk_measure_def *mk_measure_get(enum mk_measure measure);

enum mk_table_id {
#define MK_TABLE(id, category, care_type, first, last, kept_from, title, \
                 unit)                                                   \
    MK_TABLE_##id,
#include "reports/factsheet.def"
    MK_TABLE_COUNT
};

enum mk_row_kind {
    MK_ROW_ALL,     /* the axis is absent: everything */
    MK_ROW_LEVEL,   /* one level of a dimension */
    MK_ROW_UNKNOWN, /* ONB and NR of a list that has no code for them */
    MK_ROW_GROUP,   /* several levels that also have their own rows, or not */
    MK_ROW_TOTAL,   /* all rows but groups */
};
struct mk_row {
    enum mk_row_kind kind;
    enum mk_dim dim;  /* LEVEL, UNKNOWN, GROUP */
    uint8_t number;   /* LEVEL */
    uint64_t members; /* GROUP: bit n is level number n */
    bool hidden;      /* counted but not printed (VGO, GOB published) */
    const char *slug; /* "" for ALL */
    const char *nl, *en;
    int from_year, to_year;
};

#define MK_AXIS_MAX 24
struct mk_axis {
    struct mk_row row[MK_AXIS_MAX];
    size_t n;
};

struct mk_table {
    const char *id;           /* "F1" */
    const char *title, *unit; /* in the language of the factsheet */
    int kept_from;
    struct mk_axis category, care_type;
    enum mk_measure first;
    size_t measures;
    struct mk_cell *cells; /* owned */
};

struct mk_note {
    const char *id;      /* "closure" */
    const char *heading; /* what a sentence is about; NULL: a note */
    struct mk_buf text;  /* terminated */
};
#define MK_NOTES_MAX 32
#define MK_SUMMARY_MAX 40

struct mk_factsheet {
    bool english;
    enum mk_policy policy;
    uint64_t threshold;  /* counts of 1 to threshold - 1 are small */
    struct mk_rule rule; /* of disclosure control; its threshold is not used */
    bool own_rule;       /* it comes from a policy: that is told */

    int years[MK_COUNTS_YEARS];
    size_t n_years;
    bool school_year;
    mk_day data_date;
    uint64_t position;

    /* published by disclosure control: years as they were frozen */
    bool frozen[MK_COUNTS_YEARS];
    mk_day frozen_date[MK_COUNTS_YEARS]; /* "stand per" */
    bool revised[MK_COUNTS_YEARS];       /* anew here, as of frozen_date */
    bool draft; /* not in the register of releases: a proof to look at */
    const char *release; /* name in the register; borrowed, or NULL */

    struct mk_table table[MK_TABLE_COUNT];
    struct mk_note note[MK_NOTES_MAX];
    size_t n_notes;
    /* sentences of what the printed cells say, by heading */
    struct mk_note summary[MK_SUMMARY_MAX];
    size_t n_summary;
};

void mk_factsheet_init(struct mk_factsheet *f);
void mk_factsheet_release(struct mk_factsheet *f);

/*
 * Builds tables, notes and summary from counts; english, policy and threshold are set
 * before by the caller.  With MK_POLICY_SUPPRESS without notes and summary:
 * cells are hidden first (year_model.h), then mk_notes_build and
 * mk_summary_build.
 * Errors: E_MEMORY; E_INTERNAL when tables that must agree do not.
 */
MK_MUST_USE enum mk_err mk_factsheet_build(struct mk_factsheet *f,
                                           const struct mk_counts *counts,
                                           struct mk_diag *diag);

/* Indexes as in struct mk_table; measure counts from the table's first. */
const struct mk_cell *mk_factsheet_cell(const struct mk_table *t, size_t year,
                                        size_t category, size_t care_type,
                                        size_t measure);

/* Is a row of the cube counted in a row of an axis (false for groups and
 * totals, which are made of others), in a measure? */
MK_MUST_USE bool mk_row_holds(const struct mk_row *row,
                              const struct mk_counts_row *r);
MK_MUST_USE bool mk_measure_holds(enum mk_measure measure,
                                  const struct mk_counts_row *r);

/*
 * The printed cell with those codes ("" where the table lacks the axis), as
 * factsheet.csv names it; NULL where no such cell is printed.
 */
const struct mk_cell *mk_factsheet_printed(const struct mk_factsheet *f,
                                           enum mk_table_id id, size_t year,
                                           const char *category,
                                           const char *care_type,
                                           enum mk_measure measure);
/* Printed cells with a number of 1 to threshold - 1. */
uint64_t mk_factsheet_small(const struct mk_factsheet *f);
/* Is there a printed cell with that mark? */
MK_MUST_USE bool mk_factsheet_has(const struct mk_factsheet *f,
                                  enum mk_mark mark);

#endif
