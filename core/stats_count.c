/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counting: one pass over the facts (stats_scan.c), added up (stats_tally.c);
 * the caller's cube is filled only after the last check of the pass.
 */
#include "core/stats_scan.h"
#include "core/stats_tally.h"

static enum mk_err count_row(void *ctx, const struct mk_stats_record *r,
                             uint64_t position)
{
    return mk_tally_record(ctx, r, position);
}

static enum mk_err count_chunk(void *ctx, const struct mk_stats_facts *facts,
                               const struct mk_buf *tags, uint64_t first)
{
    (void)tags;
    return mk_tally_chunk(ctx, facts, first);
}

enum mk_err mk_stats_count(struct mk_store *st, const struct mk_stats_key *key,
                           uint64_t n, const uint8_t root[static MK_HASH],
                           uint64_t n_dossiers, const struct mk_as_of *as_of,
                           struct mk_cube *cube, struct mk_diag *diag)
{
    struct mk_tally tally;
    struct mk_stats_scan scan = {
        .ctx = &tally,
        .row = count_row,
        .chunk = count_chunk,
    };
    enum mk_err rc;
    if (as_of->by_position && as_of->position > n)
        return mk_fail_at(diag, MK_E_BAD_NUMBER, "as_of", 0, 0, (int64_t)n);
    rc = mk_tally_init(&tally, cube, n, n_dossiers, as_of);
    if (rc != MK_OK) {
        mk_fail(diag, rc, "stats");
        goto out;
    }
    scan.end = tally.position_end;
    MK_TRY(mk_stats_scan(&scan, st, key, n, root, diag));
    rc = mk_tally_give(&tally, cube);
    if (rc != MK_OK)
        mk_fail(diag, rc, "stats");
out:
    mk_tally_release(&tally);
    return rc;
}
