/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * accept-restore: the one step in which a vault may go back, and only with
 * the signatures of a custodian and an auditor.
 *
 *   "MKX1" | store 16 | epoch u32 (the new one) | reason u16 |
 *   known head 32 (hash of the head this account had seen) |
 *   restored head 32 (hash of the newest head of the restored store) |
 *   custodian 16 | auditor 16 | signature of each 64 | 64
 *
 * Both sign "meldkluis/restart/v1" 00 | what stands before the signatures.
 */
#ifndef MK_CORE_RESTART_H
#define MK_CORE_RESTART_H

#include "core/vault.h"

#define MK_RESTART_SIGNED (4 + 16 + 4 + 2 + 32 + 32 + 16 + 16)
#define MK_RESTART_BODY (MK_RESTART_SIGNED + 2 * MK_SIG)

struct mk_restart_record {
    uint32_t epoch;
    unsigned reason;
    uint8_t known[MK_HASH];
    uint8_t restored[MK_HASH];
    uint8_t custodian[MK_ID];
    uint8_t auditor[MK_ID];
};

/* Proven: both signatures, both roles as of serial. */
MK_MUST_USE bool mk_restart_parse(struct mk_restart_record *out,
                                  const void *body, size_t n,
                                  const struct mk_keyring *keyring,
                                  uint64_t serial);
/* Did the step to epoch, behind the head restored, follow a record? */
MK_MUST_USE enum mk_err mk_restart_covers(struct mk_vault *v, uint32_t epoch,
                                          const uint8_t *known,
                                          const uint8_t *restored,
                                          uint64_t serial, bool *yes,
                                          struct mk_diag *diag);

#endif
