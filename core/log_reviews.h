/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reviews of the log, gathered while it is read: which ranges were reviewed,
 * by whom, and how much of it was the reviewer's own. */
#ifndef MK_CORE_LOG_REVIEWS_H
#define MK_CORE_LOG_REVIEWS_H

#include "core/ids.h"
#include "core/log.h"

struct mk_log_reviews {
    struct mk_log_review *v;
    size_t n, cap;
    struct mk_ids auditors; /* who can have reviewed */
    struct mk_log_own {
        uint64_t seq;
        uint32_t auditor;
    } * own; /* their entries, in the order of the log */
    size_t n_own, cap_own;
};
void mk_log_reviews_release(struct mk_log_reviews *r);

/* The next entry of the log.  by_auditor: its actor holds that role. */
MK_MUST_USE enum mk_err mk_log_reviews_see(struct mk_log_reviews *r,
                                           const struct mk_log_item *item,
                                           bool by_auditor);

/* Into out: reviews that touch out->first..out->last, sorted by where they
 * begin, and the parts of it that are open.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_log_reviews_finish(struct mk_log_reviews *r,
                                              struct mk_log_summary *out);

#endif
