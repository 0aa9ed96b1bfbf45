/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What may be pruned now: the largest multiple of 256 such that
 *
 *   - all that is below is older than before_ms, which the term allows, by the
 *     rule of prune.h;
 *   - no session that began below goes on behind: its leaf holds the sealed
 *     key with which its entries are read.
 */
#ifndef MK_CORE_PRUNE_PLAN_H
#define MK_CORE_PRUNE_PLAN_H

#include "core/vault.h"

struct mk_prune_plan {
    uint64_t from, size; /* the leaves from .. size-1 go; equal: none */
    int64_t before_ms;
    uint64_t n_register; /* of the head for which it was made */
    bool held;           /* a session kept it short; where it began, whose */
    uint64_t held_seq;
    uint8_t held_by[MK_ID];
};

/*
 * In a snapshot.  Proves the whole log: what was changed must not be tidied
 * away.  before_ms 0: as much as the term allows.
 * Errors: E_NO_TERM, E_TERM_HOLDS, E_TAMPERED.
 */
MK_MUST_USE enum mk_err mk_prune_plan_make(struct mk_vault *v,
                                           int64_t before_ms,
                                           struct mk_prune_plan *out,
                                           struct mk_diag *diag);

#endif
