/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a release of the register printed of the cells of the factsheet. */
#ifndef MK_REPORTS_PRINTED_H
#define MK_REPORTS_PRINTED_H

#include "reports/record.h"
#include "reports/year_model.h"

/* One year of a release; borrows from the record. */
struct mk_printed {
    const json_t *cells;   /* NULL: it had no dossier that year */
    int dim[MK_YEAR_DIMS]; /* where a name stands in a row; -1: it lacks it */
    int change;            /* where that of revision.h stands; -1: nowhere */
    size_t n_dims;
    bool whole; /* all tables: a cell without a row was printed as 0 */
};

void mk_printed_open(struct mk_printed *p, const struct mk_record *record,
                     int year);
/*
 * The cell of these names (year_model.h) as it was printed; false if the
 * release does not show it.
 */
MK_MUST_USE bool mk_printed_find(const struct mk_printed *p,
                                 const char *const name[static MK_YEAR_DIMS],
                                 struct mk_cell *cell);

#endif
