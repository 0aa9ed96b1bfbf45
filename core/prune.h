/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long the access log is kept, and its pruning.
 *
 *   kind 4  term     "MKT1" | store 16 | months u32
 *   kind 5  pruning  "MKP1" | store 16 | size u64 | root 32 | before_ms u64
 *
 * Both are rows of the register, appended in a custodian's head.  A pruning
 * says that the bodies of the leaves 0 .. size-1 are gone; their hashes stay
 * (tree 1, level 0), so every root, proof and head can still be computed.
 *
 *            size = 256 k
 *   leaves  |............|=========================|      . gone  = here
 *   hashes  |======================================|
 *   heads   |======================================|
 *
 * A pruning is true when everybody can see from heads and register alone:
 *
 *   size     larger than that of the one before it, a multiple of 256, and no
 *            more than the log had before this head
 *   root     of the first size leaves
 *   age      no head says a time of before_ms or later, up to the first of an
 *            auditor or inspector that covers all these leaves
 *   term     before_ms <= reference - term in force
 *
 * The reference is the earliest of what three clocks say: this head, the
 * newest head of an auditor before it, the newest of an inspector.  Neither
 * can be a custodian, so a custodian who sets his clock forward gains nothing,
 * nor one who sets it back and takes out the heads of others below a pruning.
 * A month is 31 days here: never less than a calendar has, and everybody can
 * compute it.  For 31 days after a change the longest term of that time holds
 * (no term is longer than any): who wants to shorten it is seen before he can
 * use it.
 *
 * Source: docs/FORMAT-export.md "Register".
 */
#ifndef MK_CORE_PRUNE_H
#define MK_CORE_PRUNE_H

#include "core/register.h"

#define MK_TERM_BODY (4 + 16 + 4)
#define MK_PRUNING_BODY (4 + 16 + 8 + 32 + 8)
#define MK_PRUNING_STEP 256u
#define MK_MONTH_MS (INT64_C(31) * 86400000)

/* --- prune_record.c: the bytes --- */

struct mk_pruning {
    uint64_t size;
    uint8_t root[MK_HASH];
    int64_t before_ms;
};

/* Within MK_LOG_TERM_MIN .. MK_LOG_TERM_MAX. */
MK_MUST_USE bool mk_term_ok(uint32_t months);
void mk_term_encode(uint8_t out[static MK_TERM_BODY],
                    const uint8_t store[static MK_ID], uint32_t months);
/* False unless it is of this store and months are within the bounds. */
MK_MUST_USE bool mk_term_parse(uint32_t *months, const struct mk_blob *body,
                               const uint8_t store[static MK_ID]);
void mk_pruning_encode(uint8_t out[static MK_PRUNING_BODY],
                       const uint8_t store[static MK_ID],
                       const struct mk_pruning *p);
/* False unless it is of this store and size is a multiple of 256, not 0. */
MK_MUST_USE bool mk_pruning_parse(struct mk_pruning *out,
                                  const struct mk_blob *body,
                                  const uint8_t store[static MK_ID]);

/* --- prune_past.c: what register and heads say --- */

struct mk_past_term {
    uint64_t row; /* in the register */
    uint32_t months;
    int64_t set_ms; /* the latest time of any head up to the one that set it */
};
struct mk_past_pruning {
    uint64_t row;
    struct mk_pruning p;
    bool covered; /* an auditor's or inspector's head has all its leaves */
    int64_t newest_ms; /* latest time of the heads up to that one */
    int64_t time_ms;   /* of its head, and who signed that */
    uint8_t actor[MK_ID];
};
struct mk_past {
    struct mk_past_term *terms;
    size_t n_terms;
    struct mk_past_pruning *prunings;
    size_t n_prunings;
    int64_t latest_ms; /* of any head; INT64_MIN: there is none */
    /* newest heads of others than custodians; INT64_MIN: there is none */
    int64_t auditor_ms, inspector_ms;
};

void mk_past_init(struct mk_past *p);
void mk_past_release(struct mk_past *p);

/*
 * Rows of kinds 4 and 5 out of the whole register, in a snapshot or a
 * transaction; the chain must be that of head.
 * Errors: E_TAMPERED, also for a row that is not well formed.
 */
MK_MUST_USE enum mk_err mk_past_rows(struct mk_past *p, struct mk_vault *v,
                                     const struct mk_head *head,
                                     struct mk_diag *diag);
/* The same; *fits false, and no error, where the chain is another. */
MK_MUST_USE enum mk_err mk_past_read(struct mk_past *p, struct mk_vault *v,
                                     const struct mk_head *head, bool *fits,
                                     struct mk_diag *diag);
/* A head, oldest first, as it is: who has not proven it yet has to do so
 * afterwards.  *more false: that was enough. */
typedef enum mk_err mk_past_meet(void *ctx, const struct mk_head *h,
                                 bool *more, struct mk_diag *diag);
/* In a snapshot or a transaction.  Errors: those of meet; E_TAMPERED for one
 * that is not well formed. */
MK_MUST_USE enum mk_err mk_past_heads(struct mk_vault *v, mk_past_meet *meet,
                                      void *ctx, struct mk_diag *diag);
/*
 * Walks all heads, puts dates to the rows and judges every pruning by the
 * rules above, but for its root.  Errors: E_TAMPERED with the row.
 */
MK_MUST_USE enum mk_err mk_past_judge(struct mk_past *p, struct mk_vault *v,
                                      struct mk_diag *diag);
/* Each root is that of a prefix of the tree of head: by a consistency proof,
 * which holds whatever the stored nodes are.  Errors: E_TAMPERED. */
MK_MUST_USE enum mk_err mk_past_roots(const struct mk_past *p,
                                      struct mk_merkle *tree,
                                      const struct mk_head *head,
                                      struct mk_diag *diag);

/* The earliest of now and what auditors and inspectors say; INT64_MIN while
 * one of them was never here. */
int64_t mk_past_reference(const struct mk_past *p, int64_t now_ms);
/* The months that hold at the reference; false: none, all is kept. */
MK_MUST_USE bool mk_past_term_at(const struct mk_past *p, int64_t reference_ms,
                                 uint32_t *months);
/* Does age rest on this head (see above)? */
MK_MUST_USE bool mk_past_confirms(const struct mk_keyring *keyring,
                                  const struct mk_head *h);
/* How many leaves are without a body. */
uint64_t mk_past_size(const struct mk_past *p);

/* The same in a snapshot of the newest head, which was proven. */
MK_MUST_USE enum mk_err mk_pruned_size(struct mk_vault *v, uint64_t *size,
                                       struct mk_diag *diag);

#endif
