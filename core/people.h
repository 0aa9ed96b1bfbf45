/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every change of the keyring has in common.  Inside core/ only. */
#ifndef MK_CORE_PEOPLE_H
#define MK_CORE_PEOPLE_H

#include "core/tx.h"

/* Puts the changed copy in place with one entry about member (NULL: about
 * nobody); takes changed
 * over, also when it fails. */
MK_MUST_USE enum mk_err mk_people_write(struct mk_tx *tx,
                                        struct mk_keyring *changed,
                                        enum mk_role role, enum mk_audit kind,
                                        const uint8_t *member,
                                        struct mk_diag *diag);
/* Of a change that was only tried. */
MK_MUST_USE enum mk_err mk_people_dry_run(struct mk_vault *v,
                                          enum mk_role role,
                                          enum mk_audit kind,
                                          struct mk_diag *diag);
/* In which role somebody acts: the one asked for if he has it, else the first
 * that he has. */
enum mk_role mk_people_acting(const struct mk_vault *v, enum mk_role asked);

#endif
