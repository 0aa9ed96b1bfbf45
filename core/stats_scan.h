/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pass over the stream that every count makes.  For core/stats_*.c. */
#ifndef MK_CORE_STATS_SCAN_H
#define MK_CORE_STATS_SCAN_H

#include "core/stats_parts.h"

struct mk_stats_scan {
    bool with_tags; /* read, prove and open them too */
    uint64_t end;   /* chunks that begin at or behind it are not opened */
    void *ctx;
    /* A row of the tail, newest first; then a chunk, newest first.  tags: the
     * opened part, empty unless with_tags.  NULL chunk: its records come one by
     * one as rows, newest first, too.  An error ends the pass. */
    enum mk_err (*row)(void *ctx, const struct mk_stats_record *r,
                       uint64_t position);
    enum mk_err (*chunk)(void *ctx, const struct mk_stats_facts *facts,
                         const struct mk_buf *tags, uint64_t first);
};

/*
 * What was given out is proven only when this returns MK_OK.
 * Errors: E_TAMPERED, E_DAMAGED, E_MEMORY, and those of the calls.
 */
MK_MUST_USE enum mk_err mk_stats_scan(const struct mk_stats_scan *s,
                                      struct mk_store *st,
                                      const struct mk_stats_key *key,
                                      uint64_t n,
                                      const uint8_t root[static MK_HASH],
                                      struct mk_diag *diag);

#endif
