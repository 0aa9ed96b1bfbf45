/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What changed between two positions of the stream, and why: version 4 of the
 * cube.  The population is that of mk_stats_count; no tag is read. */
#ifndef MK_CORE_STATS_COMPARE_H
#define MK_CORE_STATS_COMPARE_H

#include "core/release.h"
#include "core/stats.h"

/*
 * One pass over the stream, proven against n and root before anything is given
 * out; sets position and cube of each vintage, which is held against its
 * frozen position.
 *
 * A dossier that counts at one of the two only is one change, by what it was:
 * entered since, not classified yet, dubbel, niet-bevoegd.  One that counts at
 * both with other facts changed by its records between them, each for the
 * reason that it has: what one took away and the next brought cancel out, so
 * the changes add up to the difference.
 * Sizes: memory O(vintages * (n_dossiers + records since)).
 * Errors: as mk_stats_records.
 */
MK_MUST_USE enum mk_err mk_stats_compare(
    struct mk_store *st, const struct mk_stats_key *key, uint64_t n,
    const uint8_t root[static MK_HASH], uint64_t n_dossiers,
    struct mk_vintage *vintages, size_t n_vintages, struct mk_diag *diag);

#endif
