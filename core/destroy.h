/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Destruction as the register tells it.
 *
 *   kind 9   rule      "MKU1" | store 16 | months u32 | copies_days u32 |
 *                      length u8 | selection-list item
 *   kind 10  hold      "MKU2" | store 16 | dossier 16 | set u8 | reason u16
 *   kind 11  proposal  "MKU3" | store 16 | dossier 16 | version u64 |
 *                      rule u64 (seq of kind 9) | ended u32
 *   kind 12  approval  "MKU4" | store 16 | proposal u64 | dossier 16 |
 *                      ended u32 | months u32 | custodian 16 | entries u64 |
 *                      chain 32 | signature 64
 *   kind 13  destroyed "MKU5" | store 16 | again u8 | approval, from its
 *                      proposal to its signature | proposer 16 |
 *                      ordinal u64 | entries u64 | chain 32 |
 *                      intake_year u32 | old_gen u32 | new_gen u32 |
 *                      time_ms u64 | complete_ms u64 | inspector 16 |
 *                      length u8 | item | signature 64
 *
 * An approval is for the dossier as it was then: so many entries, with that
 * chain.  What is added afterwards makes it void, and it takes a new proposal.
 *
 * ended: the day (number since 1970-01-01) on which the dossier came to its
 * end.  Days stand in Europe/Amsterdam.
 *
 * Everybody judges at every open, from register and heads alone:
 *
 *   rule      in a custodian's head; 12..1200 months
 *   hold      in an inspector's; the newest word about a dossier holds
 *   proposal  in an inspector's; by the newest rule; no hold; the day of its
 *             head is later than ended + months
 *   approval  in the head of the custodian that it names, who signed it and is
 *             not the proposer; the same ended, and months of the rule; no hold; the day of this head, too, is later
 *             than ended + months: two clocks have to say so
 *   destroyed in the head of the inspector that it names, who signed it and is
 *             not the approver; with the approval of a proposal of the same
 *             item, and entries and chain of that approval; no hold; nothing of it twice; ended is not before its year
 *             of intake
 *   again     the approval stands in no register here, for a copy of before it
 *             was put back: its own signature, by a custodian, is enough, for
 *             a dossier that has no more entries than it had when approved
 *
 * Whether the dossier had ended on that day only who can open it knows: the
 * program of the inspector looks, when he proposes and when he destroys.
 *
 * Source: docs/FORMAT.md "Register", CRYPTO "Retention keys".
 */
#ifndef MK_CORE_DESTROY_H
#define MK_CORE_DESTROY_H

#include "core/destruction.h"
#include "core/register.h"
#include "core/tx.h"

/* --- destroy_record.c: the bytes.  parse: false unless well formed and of
 *     this store --- */

#define MK_HOLD_BODY (4 + 16 + 16 + 1 + 2)
#define MK_PROPOSAL_BODY (4 + 16 + 16 + 8 + 8 + 4)
#define MK_APPROVAL_SIGNED (4 + 16 + 8 + 16 + 4 + 4 + 16 + 8 + 32)
#define MK_APPROVAL_BODY (MK_APPROVAL_SIGNED + MK_SIG)
#define MK_DESTROYED_MAX 680 /* bytes of the longest record of kind 13 */

struct mk_hold_record {
    uint8_t dossier[MK_ID];
    bool on;
    unsigned reason; /* MK_HOLD_* */
};
struct mk_proposal_record {
    uint8_t dossier[MK_ID];
    uint64_t version; /* of its row */
    uint64_t rule;
    mk_day ended;
};
struct mk_approval_record {
    uint64_t proposal;
    uint8_t dossier[MK_ID];
    mk_day ended;
    uint32_t months;
    uint8_t custodian[MK_ID];
    uint64_t entries; /* of the dossier as it was approved */
    uint8_t chain[MK_HASH];
    uint8_t sig[MK_SIG];
};
struct mk_destroyed_record {
    bool again;
    struct mk_approval_record approval; /* of which dossier, and what for */
    uint8_t proposer[MK_ID];
    uint64_t ordinal, entries;
    uint8_t chain[MK_HASH];
    uint32_t intake_year, old_gen, new_gen;
    int64_t time_ms, complete_ms;
    uint8_t inspector[MK_ID];
    char item[MK_ITEM_MAX + 1];
    uint8_t sig[MK_SIG];
};

MK_MUST_USE bool mk_destroy_rule_ok(const struct mk_destroy_rule *r);
MK_MUST_USE enum mk_err mk_destroy_rule_encode(
    struct mk_buf *out, const uint8_t store[static MK_ID],
    const struct mk_destroy_rule *r);
MK_MUST_USE bool mk_destroy_rule_parse(struct mk_destroy_rule *out,
                                       const struct mk_blob *body,
                                       const uint8_t store[static MK_ID]);
void mk_hold_encode(uint8_t out[static MK_HOLD_BODY],
                    const uint8_t store[static MK_ID],
                    const struct mk_hold_record *r);
MK_MUST_USE bool mk_hold_parse(struct mk_hold_record *out,
                               const struct mk_blob *body,
                               const uint8_t store[static MK_ID]);
void mk_proposal_encode(uint8_t out[static MK_PROPOSAL_BODY],
                        const uint8_t store[static MK_ID],
                        const struct mk_proposal_record *r);
MK_MUST_USE bool mk_proposal_parse(struct mk_proposal_record *out,
                                   const struct mk_blob *body,
                                   const uint8_t store[static MK_ID]);
/* Signs, and encodes. */
MK_MUST_USE enum mk_err mk_approval_make(uint8_t out[static MK_APPROVAL_BODY],
                                         const uint8_t store[static MK_ID],
                                         struct mk_approval_record *r,
                                         const struct mk_secret *sign);
MK_MUST_USE bool mk_approval_parse(struct mk_approval_record *out,
                                   const struct mk_blob *body,
                                   const uint8_t store[static MK_ID]);
MK_MUST_USE bool mk_approval_signed_by(const struct mk_approval_record *r,
                                       const uint8_t store[static MK_ID],
                                       const uint8_t pk[static MK_PK]);
/* Signs, and adds the bytes to out. */
MK_MUST_USE enum mk_err mk_destroyed_make(struct mk_buf *out,
                                          const uint8_t store[static MK_ID],
                                          const struct mk_destroyed_record *r,
                                          const struct mk_secret *sign);
MK_MUST_USE bool mk_destroyed_parse(struct mk_destroyed_record *out,
                                    const struct mk_blob *body,
                                    const uint8_t store[static MK_ID]);
/* Over the bytes that it was parsed from. */
MK_MUST_USE bool mk_destroyed_signed_by(const struct mk_blob *body,
                                        const uint8_t pk[static MK_PK]);

/* The last day of the term: only later it has passed. */
mk_day mk_destroy_due(mk_day ended, uint32_t months);

/* --- destroy_set.c --- */

/* The day on which the case came to its end: `closed` where it was closed, else
 * the day on which the end was recorded; no earlier than its receipt, nor than
 * its row's year of intake.  E_NOT_ENDED when it has none. */
MK_MUST_USE enum mk_err mk_destroy_ended(const struct mk_case *c,
                                         uint32_t intake_year, mk_day *day);

/* --- destroy_past.c: what register and heads say --- */

struct mk_past_rule {
    struct mk_destroy_rule rule;
    uint8_t by[MK_ID];
    int64_t time_ms;
};
struct mk_past_hold { /* the newest word about a dossier */
    struct mk_hold_record r;
    uint64_t row;
    uint8_t by[MK_ID];
    int64_t time_ms;
};
struct mk_past_proposal {
    struct mk_proposal_record r;
    uint64_t row;
    size_t rule; /* index */
    uint8_t by[MK_ID];
    int64_t time_ms;
    bool is_approved;
    struct mk_approval_record approval;
    int64_t approved_ms;
};
struct mk_past_destroyed {
    struct mk_destroyed_record r;
    uint64_t row;
};
struct mk_destroy_past {
    struct mk_past_rule *rules;
    size_t n_rules;
    struct mk_past_hold *holds;
    size_t n_holds;
    struct mk_past_proposal *proposals;
    size_t n_proposals;
    struct mk_past_destroyed *destroyed;
    size_t n_destroyed;
    uint64_t n_register; /* rows that were read, of any kind */
};

/* Room for one more of size bytes behind the n that *v holds. */
MK_MUST_USE enum mk_err mk_destroy_grow(void **v, size_t n, size_t size,
                                        struct mk_diag *diag);

void mk_destroy_past_init(struct mk_destroy_past *p);
void mk_destroy_past_release(struct mk_destroy_past *p);
/*
 * Rows of kinds 9 to 13 with the heads that brought them, judged by the rules
 * above, in a snapshot or a transaction that has not appended.  Heads are read
 * as they are, but those that brought such a row have to be signed.
 * *fits false, and no error, where the chain is not that of head.
 * Errors: E_TAMPERED with the row; E_NOT_ALLOWED_HEAD.
 */
MK_MUST_USE enum mk_err mk_destroy_past_read(struct mk_destroy_past *p,
                                             struct mk_vault *v,
                                             const struct mk_head *head,
                                             bool *fits, struct mk_diag *diag);
/* The same for v->head, which was proven. */
MK_MUST_USE enum mk_err mk_destroy_past_now(struct mk_destroy_past *p,
                                            struct mk_vault *v,
                                            struct mk_diag *diag);
/* At every open: nothing to do unless there are such rows behind v->head. */
MK_MUST_USE enum mk_err mk_destroy_check(struct mk_vault *v,
                                         const struct mk_head_row *newest,
                                         struct mk_diag *diag);

/* Bit n: the actor of this head may append a row of kind n, 9 to 13. */
uint32_t mk_destroy_kinds(const struct mk_keyring *keyring,
                          const struct mk_head *h);

/* A new row of our transaction: judged as everybody will, so that nothing is
 * written that nobody accepts; p, which was read in it, then has it, too.
 * Errors: E_INTERNAL when it is not true. */
MK_MUST_USE enum mk_err mk_destroy_append(struct mk_tx *tx,
                                          struct mk_destroy_past *p,
                                          enum mk_register_kind kind,
                                          const void *body, size_t n,
                                          struct mk_diag *diag);
/* Its approval is signed by somebody who was a custodian by serial, and did not
 * propose it: what takes the place of the rows in `again`. */
MK_MUST_USE bool mk_destroyed_was_approved(
    const struct mk_keyring *keyring, uint64_t serial,
    const struct mk_destroyed_record *r);

/* Is a hold on it?  NULL: no. */
const struct mk_past_hold *mk_past_held(const struct mk_destroy_past *p,
                                        const uint8_t dossier[static MK_ID]);
/* Its newest tombstone.  NULL: it was not destroyed. */
const struct mk_past_destroyed *mk_past_tombstone(
    const struct mk_destroy_past *p, const uint8_t dossier[static MK_ID]);
/* By its number.  NULL: no such. */
const struct mk_past_proposal *mk_past_proposal(
    const struct mk_destroy_past *p, uint64_t row);
/* Is it by the rule that holds now?  Else it is to be proposed anew. */
MK_MUST_USE bool mk_past_is_current(const struct mk_destroy_past *p,
                                    const struct mk_past_proposal *of);

/* --- destroy_tombstone.c: rows of dossiers that were destroyed --- */

/* Nothing sealed is left in it. */
MK_MUST_USE bool mk_row_is_tombstone(const struct mk_dossier_row *row);
/* Was it given for a dossier in this state?  Nothing was added since. */
MK_MUST_USE bool mk_approval_is_for(const struct mk_approval_record *a,
                                    uint64_t entries,
                                    const uint8_t chain[static MK_HASH]);
/* Or for one that went on from this state, of which a copy was put back. */
MK_MUST_USE bool mk_approval_reaches(const struct mk_approval_record *a,
                                     uint64_t entries,
                                     const uint8_t chain[static MK_HASH]);
/* The proven row of a dossier by its id, without a key; in a snapshot or a
 * transaction. */
MK_MUST_USE enum mk_err mk_destroy_row(struct mk_vault *v,
                                       const uint8_t dossier[static MK_ID],
                                       bool *found, struct mk_dossier_row *row,
                                       struct mk_diag *diag);
/* Does the record speak of this row? */
MK_MUST_USE bool mk_destroyed_is_of(const struct mk_destroyed_record *r,
                                    const struct mk_dossier_row *row);
/* The row becomes a tombstone and its entries go. */
MK_MUST_USE enum mk_err mk_tombstone_write(struct mk_tx *tx,
                                           const struct mk_dossier_row *row,
                                           struct mk_diag *diag);
/* The records of the register, into v->tombstones; in a snapshot or in a
 * transaction that has not appended. */
MK_MUST_USE enum mk_err mk_tombstones_load(struct mk_vault *v,
                                           struct mk_diag *diag);
void mk_tombstones_release(struct mk_tombstones *t);
/* The record of a tombstone; borrowed until the register grows.
 * Errors: E_TAMPERED when there is none. */
MK_MUST_USE enum mk_err mk_tombstone_of(struct mk_vault *v,
                                        const struct mk_dossier_row *row,
                                        const struct mk_destroyed_record **out,
                                        struct mk_diag *diag);
/*
 * Before a dossier key is unwrapped.  Errors: E_DESTROYED for a tombstone with
 * its record, E_TAMPERED for one without; E_RESTORED for one that was
 * destroyed, as this account knows, and is here again.
 */
MK_MUST_USE enum mk_err mk_destroyed_gate(struct mk_vault *v,
                                          const struct mk_dossier_row *row,
                                          struct mk_diag *diag);

/* --- destroyed_file.c: STATE/<store>.destroyed --- */

/*
 *   "MKB1" | store 16 | count u32 | count times: length u16 | record of
 *   kind 13
 *
 * What this account knows to be destroyed, so that a copy of the vault that is
 * put back does not bring it to life.
 */
struct mk_buried {
    struct mk_destroyed_record *v;
    size_t n;
    struct mk_buf records; /* length u16 | record, as in the file */
};
void mk_buried_release(struct mk_buried *b);
/* Read into v->buried once.  Errors: E_DAMAGED, E_PERMISSIONS. */
MK_MUST_USE enum mk_err mk_buried_load(struct mk_vault *v,
                                       struct mk_diag *diag);
/* NULL: not known. */
const struct mk_destroyed_record *mk_buried_find(
    const struct mk_buried *b, const uint8_t dossier[static MK_ID]);
/* Is the row, which is no tombstone, of a dossier that is known to be
 * destroyed?  Not one that went on after its destruction was approved. */
MK_MUST_USE bool mk_buried_has(const struct mk_buried *b,
                               const struct mk_dossier_row *row);
/* Writes down what the register has and the file lacks; in a snapshot or a
 * transaction. */
MK_MUST_USE enum mk_err mk_buried_note(struct mk_vault *v,
                                       struct mk_diag *diag);
/* Writes one more record down, which was checked. */
MK_MUST_USE enum mk_err mk_buried_add(struct mk_vault *v,
                                      const struct mk_blob *record,
                                      struct mk_diag *diag);
/* Part of doctor. */
void mk_destroy_doctor(struct mk_vault *v, mk_doctor_each *each, void *ctx);

/* Dossiers of that list that are here and alive: a copy was put back.  In a
 * snapshot. */
typedef enum mk_err mk_restored_look(void *ctx,
                                     const struct mk_destroyed_record *r,
                                     const struct mk_dossier_row *row,
                                     struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_restored_each(struct mk_vault *v,
                                         mk_restored_look *each, void *ctx,
                                         struct mk_diag *diag);

#endif
