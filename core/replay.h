/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row of the import file, replayed as the events it stands for, through the
 * same workflow as entry by hand.  Source: INTERFACE "CSV for import".
 */
#ifndef MK_CORE_REPLAY_H
#define MK_CORE_REPLAY_H

#include "core/base/csv.h"
#include "core/meldkluis.h"

/* Which field each column holds, out of the header row. */
struct mk_replay_header {
    enum mk_field column[MK_CSV_COLUMNS];
    size_t n;
};
/* Errors: E_UNKNOWN_COLUMN, E_DUPLICATE_KEY, E_MISSING_KEY (received). */
MK_MUST_USE enum mk_err mk_replay_header(struct mk_replay_header *h,
                                         const struct mk_csv *csv,
                                         struct mk_diag *diag);

struct mk_replay_who {
    const uint8_t *actor; /* who imports */
    int64_t time_ms;
    mk_day today;
    const struct mk_domain_settings *settings;
};

/*
 * Fills c (empty before) with the events of the row.  row keeps its parsed
 * fields, for its reference.  *odd_dates: dates were out
 * of order (then the event has breach ONB) or can hardly be right.
 * Errors: what parsing or the workflow says, with the row's line.
 */
MK_MUST_USE enum mk_err mk_replay_row(struct mk_case *c, struct mk_fields *row,
                                      const struct mk_replay_header *h,
                                      const struct mk_csv *csv,
                                      const struct mk_replay_who *who,
                                      bool *odd_dates, struct mk_diag *diag);

#endif
