/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The register: append-only records under register_root.
 *
 *   kind 1  tag key    key id 16 of R_D | envelope of K_tag
 *   kind 2  restart    see restart.h
 *   kind 3  release    key id 16 of R_S | envelope of the release, see
 *                      release.c
 *   kind 4  term of the log, kind 5  pruning: see prune.h
 *   kind 6  witness    see witness.h
 *   kind 7  asking for emergency access, kind 8  a share for it: emergency_impl.h
 *   kind 9  rule, 10 hold, 11 proposal, 12 approval, 13 tombstone of
 *           destruction: destroy.h
 *   kind 14 who is named for a restricted dossier: named.h
 *
 *   chain: next = SHA-256("mk1/register" | chain | seq u64 | kind u32 |
 *                         SHA-256(body)); begins with 32 zero bytes
 */
#ifndef MK_CORE_REGISTER_H
#define MK_CORE_REGISTER_H

#include "core/vault.h"

enum mk_register_kind {
    MK_REGISTER_TAG_KEY = 1,
    MK_REGISTER_RESTART = 2,
    MK_REGISTER_RELEASE = 3,
    MK_REGISTER_TERM = 4,
    MK_REGISTER_PRUNING = 5,
    MK_REGISTER_WITNESS = 6,
    MK_REGISTER_EMERGENCY_ASK = 7,
    MK_REGISTER_EMERGENCY_GRANT = 8,
    MK_REGISTER_DESTROY_RULE = 9,
    MK_REGISTER_HOLD = 10,
    MK_REGISTER_DESTROY_PROPOSE = 11,
    MK_REGISTER_DESTROY_APPROVE = 12,
    MK_REGISTER_DESTROYED = 13,
    MK_REGISTER_NAMED = 14,
};

void mk_register_chain(uint8_t chain[static MK_HASH],
                       const struct mk_register_row *row);
/* Recomputes rows from..to-1 behind chain and compares with their stored
 * values; chain becomes the last.  Errors: E_TAMPERED; E_NOT_ALLOWED_HEAD for
 * a kind that is not in kinds (bit n: kind n), one that says it is by somebody
 * else than actor, or one of who is named by somebody who is not. */
MK_MUST_USE enum mk_err mk_register_prove(struct mk_vault *v, uint64_t from,
                                          uint64_t to, uint32_t kinds,
                                          const uint8_t actor[static MK_ID],
                                          uint8_t chain[static MK_HASH],
                                          struct mk_diag *diag);
/* Copies the body of the first row of kind that test accepts: whoever may
 * append cannot put his in its place.  All rows are proven. */
typedef bool mk_register_test(const void *ctx, const struct mk_blob *body);
MK_MUST_USE enum mk_err mk_register_find(
    struct mk_vault *v, enum mk_register_kind kind, mk_register_test *test,
    const void *ctx, bool *found, struct mk_buf *body, struct mk_diag *diag);
/*
 * Gives every row of kind to each, in order, after all rows were proven against
 * the newest head, and again while they are given.  In a snapshot, or in a
 * transaction that has not appended yet.  each may end the walk with an error.
 */
typedef enum mk_err mk_register_each(void *ctx,
                                     const struct mk_register_row *row,
                                     struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_register_walk(struct mk_vault *v,
                                         enum mk_register_kind kind,
                                         mk_register_each *each, void *ctx,
                                         struct mk_diag *diag);

/* K_tag: makes a new one and the body of its row; the body for one that is
 * there, under rd; loads it into v->ktag. */
MK_MUST_USE enum mk_err mk_tag_key_make(const struct mk_vault *v,
                                        struct mk_buf *body);
MK_MUST_USE enum mk_err mk_tag_key_wrap(const struct mk_vault *v,
                                        const struct mk_secret *ktag,
                                        const struct mk_secret *rd,
                                        const uint8_t rd_id[static MK_ID],
                                        uint32_t rd_gen, struct mk_buf *body);
MK_MUST_USE enum mk_err mk_tag_key_load(struct mk_vault *v,
                                        struct mk_diag *diag);

#endif
