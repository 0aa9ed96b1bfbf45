/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What counts of vintages share: which positions they may have, and cells on
 * their way to a cube in text.  For core/stats_*.c. */
#ifndef MK_CORE_STATS_VINTAGE_H
#define MK_CORE_STATS_VINTAGE_H

#include "core/release.h"

/* Of versions 3 and 4 of the cube; NONE before. */
enum mk_stats_change {
    MK_STATS_CHANGE_NONE,
    MK_STATS_KEPT,
    MK_STATS_REMOVED,
    MK_STATS_ADDED,
    MK_STATS_THEN,
    MK_STATS_NOW
};
/* Why, in version 4: the reasons of changes.def, 0 for none. */
enum mk_stats_reason {
    MK_STATS_REASON_NONE,
#define MK_REASON(NAME, slug, nl, en) MK_STATS_REASON_##NAME,
#include "core/defs/changes.def"
    MK_STATS_REASONS
};

/* One dossier. */
struct mk_stats_cell {
    uint64_t key; /* of the cube */
    uint32_t change, reason;
    uint32_t site, accused; /* numbers of contributors */
};

/* Errors: E_BAD_NUMBER when the position lies beyond n records, or before the
 * frozen one of a vintage that is held against it. */
MK_MUST_USE enum mk_err mk_stats_vintage_check(const struct mk_vintage *v,
                                               uint64_t n,
                                               struct mk_diag *diag);

/* An empty cube of the years of v; the caller's to mk_cube_release. */
void mk_stats_vintage_window(struct mk_cube *window,
                             const struct mk_vintage *v);

/* Sets cube and position of v: the cells (struct mk_stats_cell, which are
 * sorted) as text, with the header of window, equal cells counted. */
MK_MUST_USE enum mk_err mk_stats_vintage_give(struct mk_vintage *v,
                                              const struct mk_cube *window,
                                              unsigned version,
                                              struct mk_buf *cells);

#endif
