/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Emergency access to a restricted dossier: an inspector who is not named
 * asks, two custodians each give him the share that they hold, and while the
 * time has not passed he opens it with them, by purpose NOOD.  Both records
 * stand in the register; who is named gives the dossier a new key afterwards.
 *
 *   asking  kind 7: "MKN1" | store 16 | dossier 16 | requester 16 |
 *           dek_version u64 | reason u16 | until_ms u64
 *   grant   kind 8: "MKN2" | store 16 | seq u64 of the asking | giver 16 |
 *           number u8 | box of ("MKW1" | store | dossier | seq u64 |
 *           number u8 | share 32) to the requester
 *
 * Fewer than two shares are never enough: the dossier itself says so
 * (core/restricted.h).
 */
#ifndef MK_CORE_EMERGENCY_H
#define MK_CORE_EMERGENCY_H

#include "core/meldkluis.h"

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
};

/*
 * The purpose of access is the reason, hours 1..72.  *seq names the asking.
 * Role: inspector.  Log: EMERGENCY_ASK.
 * Errors: E_NOT_RESTRICTED (for him the dossier is not), E_NOT_FOUND,
 * E_BAD_CODE, E_BAD_NUMBER.
 */
MK_MUST_USE enum mk_err mk_emergency_ask(struct mk_vault *v,
                                         const struct mk_access *access,
                                         const struct mk_dossier_ref *ref,
                                         unsigned reason, unsigned hours,
                                         uint64_t *seq, struct mk_diag *diag);
/* Gives the share of who unlocked.  Role: custodian.  Log: EMERGENCY_GRANT.
 * Errors: E_NO_ASKING, E_EMERGENCY_OVER, E_TWO_PEOPLE, E_NO_SHARE,
 * E_GIVEN_ALREADY. */
MK_MUST_USE enum mk_err mk_emergency_grant(struct mk_vault *v, uint64_t seq,
                                           struct mk_diag *diag);
/* All askings, in order, with what became of them.  Any member. */
typedef enum mk_err mk_emergency_each(void *ctx, const struct mk_emergency *e);
MK_MUST_USE enum mk_err mk_emergency_list(struct mk_vault *v,
                                          mk_emergency_each *each, void *ctx,
                                          struct mk_diag *diag);
/* A new key for the dossier, for the same people and the custodians of now.
 * Role: inspector, named.  Log: REKEY.  Errors: E_RESTRICTED. */
MK_MUST_USE enum mk_err mk_emergency_close(struct mk_vault *v,
                                           const struct mk_access *access,
                                           const struct mk_dossier_ref *ref,
                                           struct mk_diag *diag);

struct mk_dossier_row;
/* Inside core: puts K of row into v->emergency, made of the shares that were
 * given to who unlocked.  In a snapshot.
 * Errors: E_NOT_ASKED, E_FEW_SHARES, E_EMERGENCY_OVER,
 * E_BAD_SHARE with the giver. */
MK_MUST_USE enum mk_err mk_emergency_open(struct mk_vault *v,
                                          const struct mk_dossier_row *row,
                                          struct mk_diag *diag);

#endif
