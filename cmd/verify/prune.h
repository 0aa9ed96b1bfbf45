/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * May that much of the log be gone?  By what heads and register say:
 *
 *   reference  the earliest of: this head, the newest head of an auditor
 *              before it, the newest of an inspector.  Neither can be a
 *              custodian, who prunes: his clock alone proves nothing
 *   term       the longest that was set and not replaced for a month at the
 *              reference; none before one was set for a month
 *   a month    31 days
 *
 *   size       a multiple of 256, more than before, not more than there was
 *   root       of the first size entries
 *   age        no head is of before_ms or later, up to the first one over them
 *              that an auditor or inspector signed
 *   before_ms  at most reference - term
 */
#ifndef MK_CMD_VERIFY_PRUNE_H
#define MK_CMD_VERIFY_PRUNE_H

#include "cmd/verify/register.h"
#include "cmd/verify/report.h"
#include "cmd/verify/wants.h"

struct mk_vf_term {
    uint64_t months;
    int64_t set_ms;
};

struct mk_vf_past {
    struct mk_vf_term *terms;
    size_t n, cap;
    uint64_t pruned;                  /* size of the last pruning */
    int64_t auditor_ms, inspector_ms; /* newest heads; 0: none */
};

void mk_vf_past_release(struct mk_vf_past *p);
/* Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_vf_past_term(struct mk_vf_past *p, uint64_t months,
                                        int64_t set_ms);
/*
 * Judges the pruning of row in a head of now_ms behind one of prev_size
 * entries.  f gets what is to be said, but for the name.
 */
void mk_vf_past_prune(struct mk_vf_past *p, const struct mk_vf_row *row,
                      const struct mk_vf_wants *wants, uint64_t prev_size,
                      int64_t now_ms, struct mk_vf_finding *f);
/* Does the age of entries rest on a head of somebody with these roles?  Below
 * a pruning no entry names the head before it any more: who prunes could date
 * a head of his own early and take out those of others. */
MK_MUST_USE bool mk_vf_past_confirms(unsigned roles);
/* That head, of somebody with these roles, went by. */
void mk_vf_past_head(struct mk_vf_past *p, unsigned roles, int64_t ms);

#endif
