/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose dossiers are whose: the one place that decides it.  Own dossiers need
 * no purpose; all else that opens one asks here first.
 */
#ifndef MK_CORE_CASELOAD_H
#define MK_CORE_CASELOAD_H

#include "core/restricted.h"
#include "core/vault.h"

/* Is a dossier of these (mk_sealed_owner) in the caseload of who unlocked? */
MK_MUST_USE bool mk_caseload_has(const struct mk_vault *v,
                                 const struct mk_owners *owners);

/* Verbs about whose a dossier is and who may read it, not about the report. */
MK_MUST_USE bool mk_caseload_verb(enum mk_verb verb);
/* As what such an event stands in the log; CHANGE for all others. */
enum mk_audit mk_caseload_audit(enum mk_verb verb);

/* Can that member work on dossiers: an inspector who is in, now? */
MK_MUST_USE bool mk_caseload_is_inspector(const struct mk_vault *v,
                                          const uint8_t id[static MK_ID]);
/* The same, or E_NO_INSPECTOR with his name. */
MK_MUST_USE enum mk_err mk_caseload_may_have(const struct mk_vault *v,
                                             const uint8_t id[static MK_ID],
                                             struct mk_diag *diag);
/* Nobody can: its owner is no such inspector any more. */
MK_MUST_USE bool mk_caseload_is_orphan(const struct mk_vault *v,
                                       const struct mk_owners *owners);

/*
 * May who unlocked write e, an event about whose a dossier of owners is?  Only owner and
 * deputies may; of an orphan any inspector may take over.  Of a restricted one
 * nobody becomes owner or deputy who is not named.  Fine for every other event.
 * Errors: E_NOT_OWN with the owner; E_NO_INSPECTOR, E_NOT_NAMED with the new
 * one.
 */
MK_MUST_USE enum mk_err mk_caseload_check(const struct mk_vault *v,
                                          const struct mk_dossier_row *row,
                                          const struct mk_owners *owners,
                                          const struct mk_event *e,
                                          struct mk_diag *diag);

/* Part of doctor: emergencies that are pending, dossiers without an inspector
 * (to inspectors: others cannot read whose they are), restricted ones whose
 * people are not in.  Nothing of a vault that is locked or suspect. */
void mk_caseload_doctor(struct mk_vault *v, mk_doctor_each *each, void *ctx);

#endif
