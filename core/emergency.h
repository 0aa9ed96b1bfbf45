/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Emergency access to a restricted dossier: an inspector who is not named
 * asks, two custodians each give him the share that they hold, and while the
 * time has not passed he opens it with them, by purpose NOOD.  All of it stands
 * in the register; who is named gives the dossier a new key afterwards
 * (mk_restrict_again).
 *
 * Fewer than two shares are never enough: the dossier itself says so
 * (core/restricted.h).
 */
#ifndef MK_CORE_EMERGENCY_H
#define MK_CORE_EMERGENCY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

struct mk_access;
struct mk_dossier_ref;
struct mk_vault;

enum { MK_EMERGENCY_HOURS_MAX = 72 };

struct mk_emergency {
    uint64_t seq; /* by which it is named: its place in the register */
    uint8_t dossier[16];
    uint8_t requester[16];
    uint64_t dek_version;
    unsigned reason; /* MK_EMERGENCY_* */
    int64_t until_ms;
    size_t given;         /* shares, each of another custodian */
    bool passed, rekeyed; /* either: it opens nothing any more */
    bool closed;  /* since then somebody who is named wrote for whom it is */
    bool pending; /* it opened the dossier and is not closed; or it can still
                     be given what it lacks */
    bool mine;    /* pending, and who unlocked is told of it: who is named in
                     the newest record, of all an auditor */
};

/*
 * The purpose of access is the reason, hours 1..72.  *seq names the asking.
 * Role: inspector.  Log: EMERGENCY_ASK.
 * Errors: E_NOT_RESTRICTED (for him the dossier is not), E_NOT_FOUND,
 * E_BAD_CODE, E_BAD_NUMBER, E_NAMED.
 */
MK_MUST_USE enum mk_err mk_emergency_ask(struct mk_vault *v,
                                         const struct mk_access *access,
                                         const struct mk_dossier_ref *ref,
                                         unsigned reason, unsigned hours,
                                         uint64_t *seq, struct mk_diag *diag);
/* Gives the share of who unlocked.  Role: custodian.  Log: EMERGENCY_GRANT.
 * Errors: E_NO_ASKING, E_EMERGENCY_OVER, E_TWO_PEOPLE, E_NO_SHARE,
 * E_GIVEN_ALREADY, E_NAMED.  */
MK_MUST_USE enum mk_err mk_emergency_grant(struct mk_vault *v, uint64_t seq,
                                           struct mk_diag *diag);
/* All askings, in order, with what became of them.  Any member. */
typedef enum mk_err mk_emergency_each(void *ctx, const struct mk_emergency *e);
MK_MUST_USE enum mk_err mk_emergency_list(struct mk_vault *v,
                                          mk_emergency_each *each, void *ctx,
                                          struct mk_diag *diag);
/* Those of them that are pending and mine.  Any member. */
MK_MUST_USE enum mk_err mk_emergency_notices(struct mk_vault *v,
                                             mk_emergency_each *each,
                                             void *ctx, struct mk_diag *diag);

#endif
