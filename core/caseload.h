/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose dossiers are whose: the one place that decides it.  Own dossiers need
 * no purpose; all else that opens one asks here first.
 */
#ifndef MK_CORE_CASELOAD_H
#define MK_CORE_CASELOAD_H

#include "core/vault.h"

/* Is a dossier of that owner (mk_sealed_owner) in the caseload of who
 * unlocked? */
MK_MUST_USE bool mk_caseload_has(const struct mk_vault *v,
                                 const uint8_t owner[static MK_ID]);

#endif
