/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside emergency access: its records in the register.
 *
 *   asking  kind 7: "MKN1" | store 16 | dossier 16 | requester 16 |
 *           dek_version u64 | reason u16 | until_ms u64
 *   grant   kind 8: "MKN2" | store 16 | seq u64 of the asking | giver 16 |
 *           number u8 | box of ("MKW1" | store | dossier | seq u64 |
 *           number u8 | share 32) to the requester
 *
 * Requester and giver are who signed the head that brought the record: every
 * open demands it.
 */
#ifndef MK_CORE_EMERGENCY_IMPL_H
#define MK_CORE_EMERGENCY_IMPL_H

#include "core/emergency.h"
#include "core/restricted.h"
#include "core/vault.h"
#include "crypto/shares.h"

/* Bytes of an asking; of a box and of what it binds; of a grant. */
#define MK_EMERGENCY_ASK (4 + MK_ID + MK_ID + MK_ID + 8 + 2 + 8)
#define MK_EMERGENCY_CONTEXT (4 + MK_ID + MK_ID + 8 + 1)
#define MK_EMERGENCY_BOX (MK_EMERGENCY_CONTEXT + MK_KEY + MK_BOX_OVERHEAD)
#define MK_EMERGENCY_GRANT (4 + MK_ID + 8 + MK_ID + 1 + MK_EMERGENCY_BOX)

struct mk_register_row;

/* --- emergency_record.c --- */

void mk_emergency_put_ask(uint8_t out[static MK_EMERGENCY_ASK],
                          const struct mk_vault *v,
                          const struct mk_emergency *e);
/* False: no record of ours. */
MK_MUST_USE bool mk_emergency_get_ask(struct mk_emergency *e,
                                      const struct mk_vault *v,
                                      const struct mk_register_row *row);
/* Who the record says it is of, if it is of kind 7 or 8, is actor. */
MK_MUST_USE bool mk_emergency_is_by(const struct mk_register_row *row,
                                    const uint8_t actor[static MK_ID]);
/* What the box of that share is bound to. */
void mk_emergency_context(uint8_t out[static MK_EMERGENCY_CONTEXT],
                          const struct mk_vault *v,
                          const struct mk_emergency *e, uint8_t number);
/* E_TAMPERED with the place of row. */
MK_MUST_USE enum mk_err mk_emergency_bad(const struct mk_register_row *row,
                                         struct mk_diag *diag);
const char *mk_emergency_name(const struct mk_vault *v,
                              const uint8_t id[static MK_ID]);

/* The askings that a test takes, the last of them. */
struct mk_emergency_lookup {
    struct mk_vault *v;
    const uint8_t *dossier; /* of this dossier, by who unlocked; or */
    uint64_t seq;           /* this one */
    bool found;
    struct mk_emergency e;
};
/* Walks of the register (mk_register_each). */
MK_MUST_USE enum mk_err mk_emergency_look_ask(
    void *ctx, const struct mk_register_row *row, struct mk_diag *diag);

/* Shares given for one asking, of different custodians. */
struct mk_emergency_given {
    struct mk_vault *v;
    const struct mk_emergency *e;
    struct mk_share share[MK_RESTRICTED_MOST]; /* where opened */
    uint8_t giver[MK_RESTRICTED_MOST][MK_ID];
    uint8_t number[MK_RESTRICTED_MOST];
    size_t n;
    bool open;          /* open the boxes: they are for who unlocked */
    uint8_t bad[MK_ID]; /* the first giver whose box does not open */
    bool has_bad;
};
MK_MUST_USE enum mk_err mk_emergency_look_grant(
    void *ctx, const struct mk_register_row *row, struct mk_diag *diag);

/* The row of a dossier by its id; no key is needed.  Errors: E_NOT_FOUND. */
MK_MUST_USE enum mk_err mk_emergency_row(struct mk_vault *v,
                                         const uint8_t id[static MK_ID],
                                         struct mk_dossier_row *row,
                                         struct mk_diag *diag);

/* --- emergency_open.c --- */

/* Puts K of row into v->emergency, made of the shares that were given to who
 * unlocked.  In a snapshot.
 * Errors: E_NOT_ASKED, E_FEW_SHARES, E_EMERGENCY_OVER,
 * E_BAD_SHARE with the giver. */
MK_MUST_USE enum mk_err mk_emergency_open(struct mk_vault *v,
                                          const struct mk_dossier_row *row,
                                          struct mk_diag *diag);

/* --- emergency_list.c --- */

/* How many are pending, whomever they concern. */
MK_MUST_USE enum mk_err mk_emergency_pending(struct mk_vault *v, size_t *n,
                                             struct mk_diag *diag);

#endif
