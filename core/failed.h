/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Failed unlocks, in a side file that anybody who tries can write to:
 *
 *   "MKF1" | not kept u64 | up to 256 records of 256 bytes
 *   record = id 16 | box of 192 bytes, sealed to R_L:
 *            "MKF1" | store 16 | id 16 | time u64 | claimed member 16 | zeros
 *
 * The next session takes them into the log.  It helps against a colleague at
 * your keyboard; who can write the folder can delete it: no part of any claim
 * about tampering.
 */
#ifndef MK_CORE_FAILED_H
#define MK_CORE_FAILED_H

#include "core/leaf.h"
#include "core/vault.h"

/* Notes a failed unlock as member (16 bytes, or NULL for an unknown name).
 * What goes wrong here is not told: the unlock has failed already. */
void mk_failed_note(const struct mk_vault *v, const uint8_t *member);

/* Records waiting; each of them goes to each().  *n is their number.
 * Errors: E_IO, E_SERVER; one that is not ours has none. */
typedef enum mk_err mk_failed_each(
    void *ctx, const uint8_t record[static MK_FAILED_RECORD],
    struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_failed_walk(const struct mk_vault *v,
                                       mk_failed_each *each, void *ctx,
                                       size_t *n, struct mk_diag *diag);
/* Drops the first n records: they are in the log now. */
void mk_failed_clear(const struct mk_vault *v, size_t n);

/* For auditors: a record out of the log.  Errors: E_DAMAGED. */
MK_MUST_USE enum mk_err mk_failed_open(
    const struct mk_vault *v, const uint8_t record[static MK_FAILED_RECORD],
    const struct mk_secret *rl_box, struct mk_log_item *out,
    struct mk_diag *diag);

#endif
