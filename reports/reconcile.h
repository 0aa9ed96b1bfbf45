/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Figures as they were published at the time, held against a factsheet of
 * now: imported history was counted by others, and its totals may differ.
 *
 * The file is CSV with columns of factsheet.csv: table, year and value have to
 * be there; category, care_type and measure where they are not the total and
 * the first measure; unit, mark, lo and hi may be, and a row with a mark has
 * no figure.  It is hostile input.
 *
 * What is told of a cell that this factsheet does not print is that it cannot
 * be compared, whatever was published: the old figure beside it would be a
 * figure for what is hidden.
 */
#ifndef MK_REPORTS_RECONCILE_H
#define MK_REPORTS_RECONCILE_H

#include "reports/factsheet.h"

#define MK_RECONCILE_BYTES ((size_t)1 << 22) /* of the file, at most */
#define MK_RECONCILE_ROWS 20000u             /* rows of it, at most */
#define MK_RECONCILE_TOLD 50 /* differences that a note spells out */

/* A figure that was published, and the cell that it is about. */
struct mk_reconcile_row {
    uint64_t line;
    enum mk_table_id table;
    size_t year, category, care_type, measure; /* as mk_factsheet_cell */
    uint64_t value;
};

struct mk_reconcile {
    struct mk_buf rows; /* struct mk_reconcile_row, in order of the file */
    size_t n;
    size_t n_outside;      /* about years that the factsheet lacks */
    size_t n_marked;       /* without a figure */
    struct mk_buf allowed; /* what may stand in the field that was refused,
                              with spaces between; terminated, may be empty */
};
void mk_reconcile_init(struct mk_reconcile *r);
void mk_reconcile_release(struct mk_reconcile *r);

/*
 * Reads text (n bytes); f is built.
 * Errors: those of core/base/csv.h; E_TOO_LARGE; E_SEMICOLON;
 * E_UNKNOWN_COLUMN (num[0]: the column, from 1), E_MISSING_KEY and
 * E_DUPLICATE_KEY for columns; with line and column: E_SYNTAX for another
 * number of fields, E_BAD_CODE (r->allowed says what may stand there),
 * E_BAD_NUMBER, E_DUPLICATE_KEY for a cell that came before.
 */
MK_MUST_USE enum mk_err mk_reconcile_read(struct mk_reconcile *r,
                                          const struct mk_factsheet *f,
                                          const void *text, size_t n,
                                          struct mk_diag *diag);

/* How a row stands to its cell. */
enum mk_reconcile_verdict {
    MK_RECONCILE_SAME,
    MK_RECONCILE_OTHER,
    MK_RECONCILE_CANNOT /* the cell is hidden, not printed, NR or NA */
};
enum mk_reconcile_verdict mk_reconcile_judge(
    const struct mk_factsheet *f, const struct mk_reconcile_row *row);

/* Adds the row's cell and both figures: "F2 2018 SM: 22 published, 21 here".
 * Only of one that is OTHER.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_reconcile_say(struct mk_buf *out,
                                         const struct mk_factsheet *f,
                                         const struct mk_reconcile_row *row);
/* The i-th row. */
const struct mk_reconcile_row *mk_reconcile_row(const struct mk_reconcile *r,
                                                size_t i);
/* Adds the note "published" to f.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_reconcile_note(struct mk_factsheet *f,
                                          const struct mk_reconcile *r);

#endif
