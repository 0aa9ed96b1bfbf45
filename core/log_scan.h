/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass over the access log: every entry opened, judged and filtered, and
 * the root of the tree compared. */
#ifndef MK_CORE_LOG_SCAN_H
#define MK_CORE_LOG_SCAN_H

#include "core/vault.h"

struct mk_log_taker {
    /* Each entry that the filter lets through.  What it gets is provisional:
     * nothing of it is given out unless the pass ends well. */
    enum mk_err (*take)(void *ctx, const struct mk_log_item *item);
    /* Each entry that can be read, whatever the filter says; NULL: not asked */
    enum mk_err (*see)(void *ctx, const struct mk_log_item *item);
    void *ctx;
};

/*
 * In a snapshot of its own.  root: of the log, as the head says and as it was
 * recomputed; size: its entries.  verdict: MK_OK, or what was wrong with the
 * first entry that could not be read (items of kind NONE).
 * Errors: E_TAMPERED when the root differs; E_USAGE for a threshold.
 */
MK_MUST_USE enum mk_err mk_log_scan(struct mk_vault *v,
                                    const struct mk_log_filter *filter,
                                    const struct mk_log_taker *taker,
                                    uint64_t *size, uint8_t root[static 32],
                                    struct mk_diag *verdict,
                                    struct mk_diag *diag);

#endif
