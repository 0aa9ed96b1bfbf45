/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts of dossiers by the full cross-classification of the factsheet: what
 * leaves the process that holds keys, and all that leaves it.
 *
 * On the pipe it is text: a header of "key: value" lines, an empty line, then
 * CSV with the columns of core/defs/cube.def in order and a last column n.
 *
 *   meldkluis-cube: 1
 *   years: 2018 2019 2020
 *   basis: calendar            (or school: 2018 means 2018/2019)
 *   data-date: 2021-03-01      (day of the newest record counted)
 *   position: 366              (records of the stream that were looked at)
 *   uncounted: 2020 ontvangen 2   (a line each: year, state, dossiers; empty
 *                                 year "-" while no date is known)
 *   rows: 214                  (that follow; a cube cut off is noticed by it)
 *
 *   year,category,care_type,reporter,mtbp,qualification,duty,direct,red,...,n
 *   2018,SM,KDV,OUD,J,XIV,J,N,J,...,3
 *
 * For disclosure control it has two more forms:
 *
 *   meldkluis-cube: 2        the columns site,accused before n: which contributor,
 *                            a number from 1 that stands for an opaque tag in
 *                            this run only; 0 where nothing is known of it
 *   meldkluis-cube: 3        of years that were released: the column change before
 *                            site, and a line "frozen: 366" behind position
 *     KEPT     counted then and now, with the same facts
 *     REMOVED  counted then, not now or with other facts: the facts of then
 *     ADDED    counted now, not then or with other facts: the facts of now
 *   so KEPT and REMOVED are the cube of then, KEPT and ADDED that of now.
 *
 *
 * And one that is never for publication, of what changed and why:
 *
 *   meldkluis-cube: 4        the columns change,reason before n, and "frozen"
 *     THEN, NOW         counted then, counted now; without a reason
 *     REMOVED, ADDED    what one change took away, and what it brought; the
 *                       reason is one of core/defs/changes.def
 *   so in every combination NOW - THEN = ADDED - REMOVED.
 *
 * Rows are sorted, a combination occurs once, n >= 1.  Not recorded is NR.
 * A sender that has no counts after all sends "meldkluis-cube: none" alone.
 */
#ifndef MK_CORE_CUBE_H
#define MK_CORE_CUBE_H

#include "core/base/buf.h"
#include "core/base/date.h"

#define MK_CUBE_YEARS 32

/* Column order of a cell's key; widths in bits stand in cube.def. */
enum mk_cube_dim {
#define MK_CUBE_DIM(NAME, slug, bits, list) MK_CUBE_##NAME,
#include "core/defs/cube.def"
#undef MK_CUBE_DIM
    MK_CUBE_DIMS
};

struct mk_cube {
    int years
        [MK_CUBE_YEARS]; /* ascending; set by the caller before counting */
    size_t n_years;
    bool school_year;

    mk_day data_date; /* MK_DAY_NONE if there are no records */
    uint64_t position;
    /* by year index (MK_CUBE_YEARS: no date known) and enum mk_state */
    uint64_t uncounted[MK_CUBE_YEARS + 1][32];

    struct mk_cube_cell *cells; /* open addressing; private to cube.c */
    size_t n_cells, cap;
};
struct mk_cube_cell {
    uint64_t key; /* packed dimensions */
    uint64_t n;   /* 0: empty place */
};

void mk_cube_init(struct mk_cube *cube);
void mk_cube_release(struct mk_cube *cube);
/* Adds n to the cell of key. */
MK_MUST_USE enum mk_err mk_cube_add(struct mk_cube *cube, uint64_t key,
                                    uint64_t n);
/*
 * The value that code number code of dim's list has in a key: 0 for every kind
 * of "not recorded", the value below the top one of its bits for ONB (62)
 * where the list has no ONB of its own; flags are 0 or 1.  False if the list
 * has no such code.  Not for YEAR.
 */
MK_MUST_USE bool mk_cube_value(enum mk_cube_dim dim, unsigned code,
                               uint8_t *value);
uint64_t mk_cube_key(const uint8_t values[static MK_CUBE_DIMS]);
/* The text form, version 1.  Deterministic: sorted by key. */
MK_MUST_USE enum mk_err mk_cube_format(struct mk_cube *cube,
                                       struct mk_buf *out);
/* Parts of it for the other forms: the header of rows rows and the line of
 * columns; the columns of a key, each with the comma behind it. */
struct mk_cube_form {
    unsigned version;
    uint64_t frozen; /* from version 3 on */
};
/* Which columns a version has. */
MK_MUST_USE bool mk_cube_has_change(unsigned version);
MK_MUST_USE bool mk_cube_has_reason(unsigned version);
MK_MUST_USE bool mk_cube_has_contributors(unsigned version);
MK_MUST_USE enum mk_err mk_cube_format_header(const struct mk_cube *cube,
                                              const struct mk_cube_form *form,
                                              size_t rows, struct mk_buf *out);
MK_MUST_USE enum mk_err mk_cube_format_key(const struct mk_cube *cube,
                                           uint64_t key, struct mk_buf *out);

#endif
