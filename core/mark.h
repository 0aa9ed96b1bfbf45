/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * High-water mark: the newest head this OS account has seen of a vault, kept
 * outside of it, so that an old copy of the vault is noticed.
 *
 *   <state folder>/<store id in hex>.mark = "MKM1" | head 296 | signature 64
 */
#ifndef MK_CORE_MARK_H
#define MK_CORE_MARK_H

#include "core/head.h"

/* *found false if this account has none.  Errors: E_DAMAGED, E_PERMISSIONS. */
MK_MUST_USE enum mk_err mk_mark_load(int state_dir,
                                     const uint8_t store[static MK_ID],
                                     bool *found, struct mk_head_row *mark,
                                     struct mk_diag *diag);
/*
 * Writes it (lock, temporary file, fsync, rename), unless a newer one is
 * there: of a later epoch, or of the same with a larger log.
 */
MK_MUST_USE enum mk_err mk_mark_raise(int state_dir,
                                      const uint8_t store[static MK_ID],
                                      const struct mk_head_row *mark,
                                      struct mk_diag *diag);

#endif
