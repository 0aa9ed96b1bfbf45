/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside the keyring, recovery: the form, the rules and the making of share,
 * accept, accept-2, escrow, drill and recover.  Source: FORMAT-keyring, rules
 * 14 to 16.
 */
#ifndef MK_CORE_KEYRING_RECOVERY_IMPL_H
#define MK_CORE_KEYRING_RECOVERY_IMPL_H

#include "core/keyring_impl.h"

/* --- keyring_recovery_text.c --- */

void mk_kr_recovery_read(struct mk_kr_text *t, struct mk_kr_statement *st);
MK_MUST_USE enum mk_err mk_kr_recovery_add(struct mk_buf *out,
                                           const struct mk_kr_statement *st);

/* --- keyring_recovery.c --- */

/* share, accept, accept-2, escrow, drill, recover.  Errors: also E_NO_CARDS,
 * E_NOT_WHOLE, E_CHANGED (another set came first). */
MK_MUST_USE enum mk_err mk_kr_recovery(struct mk_keyring *k,
                                       const struct mk_kr_statement *st,
                                       struct mk_kr_refusal *no);
/* May st stand here at all, given what a recovery key has begun?  Asked of
 * every statement. */
MK_MUST_USE enum mk_err mk_kr_recovery_in_order(
    const struct mk_keyring *k, const struct mk_kr_statement *st,
    struct mk_kr_refusal *no);
bool mk_kr_recovery_unfinished(const struct mk_keyring *k);
/* Is st by the key that recovers, between recover and the next share?  Then
 * it certifies and wraps without being anybody. */
bool mk_kr_recovers(const struct mk_keyring *k,
                    const struct mk_kr_statement *st);
/* Is the id or a key of p that of a set in force or proposed? */
bool mk_kr_recovery_uses(const struct mk_keyring *k,
                         const struct mk_kr_person *p);
/* With what the signature of by is checked when by is no member; NULL: he may
 * sign nothing here. */
const uint8_t *mk_kr_recovery_sign_key(const struct mk_keyring *k,
                                       const uint8_t by[static MK_ID]);
/* Bits of the kinds whose newest generation does not lie with this set. */
unsigned mk_kr_escrow_missing(const struct mk_keyring *k,
                              const struct mk_kr_set *set);
/* Where holders put their secrets now: with the set that was accepted and is
 * not whole, else with the one in force. */
const struct mk_kr_set *mk_kr_escrow_set(const struct mk_keyring *k);
void mk_kr_recovery_id(uint8_t out[static MK_ID],
                       const uint8_t box[static MK_PK],
                       const uint8_t sign[static MK_PK]);
/* What a share of this set is known by: 16 bytes that say nothing about it. */
void mk_kr_share_check(uint8_t out[static MK_ID],
                       const uint8_t store[static MK_ID], uint32_t set,
                       const struct mk_share *share);

/* --- keyring_recovery_make.c --- */

/*
 * The key that S makes: who, and its public halves.
 * Owns: the caller releases who, also after an error.  Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_kr_recovery_identity(
    struct mk_identity *who, uint8_t box[static MK_PK],
    uint8_t sign[static MK_PK], const uint8_t store[static MK_ID],
    const struct mk_secret *secret);
/* States a new set by plan; cards[0..plan->n) are its cards. */
MK_MUST_USE enum mk_err mk_kr_state_share(struct mk_keyring *k,
                                          const struct mk_identity *by,
                                          const struct mk_share_plan *plan,
                                          struct mk_card *cards,
                                          struct mk_diag *diag);
/* States that secret lies with that set of k. */
MK_MUST_USE enum mk_err mk_kr_state_escrow(struct mk_keyring *k,
                                           const struct mk_kr_set *set,
                                           const struct mk_identity *by,
                                           enum mk_key_kind kind,
                                           const struct mk_secret *secret,
                                           struct mk_diag *diag);

#endif
