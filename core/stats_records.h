/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counting for disclosure control: which records make up each count, with
 * numbers in place of the tags of their contributors, and what changed in years
 * that were released.  A pass of its own, so that an ordinary count neither
 * reads nor opens a tag.  The population is that of mk_stats_count.
 */
#ifndef MK_CORE_STATS_RECORDS_H
#define MK_CORE_STATS_RECORDS_H

#include "core/release.h"
#include "core/stats.h"

/*
 * One pass over the stream, proven against n and root before anything is given
 * out; sets position and cube of each vintage.  Contributors are numbered over
 * all of them together, in the order of their first record that counts.
 * A day means the position behind the last record of that day or before.
 * Sizes: memory O(vintages * n_dossiers / 8 + records that count).
 * Errors: as mk_stats_count; E_BAD_NUMBER when a position is > n, or the new
 * position of a revision lies before the frozen one.
 */
MK_MUST_USE enum mk_err mk_stats_records(
    struct mk_store *st, const struct mk_stats_key *key, uint64_t n,
    const uint8_t root[static MK_HASH], uint64_t n_dossiers,
    struct mk_vintage *vintages, size_t n_vintages, struct mk_diag *diag);

#endif
