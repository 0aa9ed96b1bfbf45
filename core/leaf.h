/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Leaves of the access log.
 *
 *   "MKL1" | seq u64 | store 16 | session 16 | prev_head 32 | rest
 *   rest of an entry:        an envelope (suite 1) under the session's log
 *                            key, aad = the 76 bytes before it, plaintext
 *                            always 192 bytes
 *   rest of a session leaf:  02 | actor 16 | box of "MKW1" | store | session |
 *                            actor | log key 32, sealed to R_L | signature of
 *                            the actor over all that stands before it
 *   rest of a failed unlock: 03 | record of the side file, 256 bytes
 *
 * Closed typed fields only: no free text, no name, no search term.
 * Source: CRYPTO "The access log".
 */
#ifndef MK_CORE_LEAF_H
#define MK_CORE_LEAF_H

#include "core/meldkluis.h"
#include "crypto/envelope.h"
#include "crypto/sign.h"

#define MK_LEAF_PREFIX 76
#define MK_LEAF_PLAIN 192
#define MK_LEAF_ENTRY (MK_LEAF_PREFIX + MK_LEAF_PLAIN + MK_ENV_OVERHEAD)
#define MK_LEAF_BOX_PLAIN (4 + 16 + 16 + 16 + 32)
#define MK_LEAF_BOX (MK_LEAF_BOX_PLAIN + MK_BOX_OVERHEAD)
#define MK_LEAF_SESSION (MK_LEAF_PREFIX + 1 + 16 + MK_LEAF_BOX + MK_SIG)
#define MK_FAILED_RECORD 256
#define MK_LEAF_FAILED (MK_LEAF_PREFIX + 1 + MK_FAILED_RECORD)

enum mk_leaf_kind {
    MK_LEAF_IS_ENTRY = 1,
    MK_LEAF_IS_SESSION = 2,
    MK_LEAF_IS_FAILED = 3,
};

/* What every leaf says in the open. */
struct mk_leaf {
    enum mk_leaf_kind kind;
    uint64_t seq;
    uint8_t session[MK_ID];
    uint8_t prev_head[MK_HASH];
    const uint8_t *rest; /* behind the suite byte; borrowed */
    size_t n_rest;
};

struct mk_leaf_place {
    uint64_t seq;
    const uint8_t *store;     /* 16 */
    const uint8_t *session;   /* 16 */
    const uint8_t *prev_head; /* 32 */
};

void mk_leaf_entry(uint8_t out[static MK_LEAF_ENTRY],
                   const struct mk_leaf_place *at,
                   const struct mk_secret *log_key,
                   const struct mk_log_item *item);
MK_MUST_USE enum mk_err mk_leaf_session(uint8_t out[static MK_LEAF_SESSION],
                                        const struct mk_leaf_place *at,
                                        const struct mk_identity *actor,
                                        const uint8_t log_box[static MK_PK],
                                        const struct mk_secret *log_key);
void mk_leaf_failed(uint8_t out[static MK_LEAF_FAILED],
                    const struct mk_leaf_place *at,
                    const uint8_t record[static MK_FAILED_RECORD]);

/* Form only: magic, store, sizes.  Errors: E_TAMPERED with seq. */
MK_MUST_USE enum mk_err mk_leaf_parse(struct mk_leaf *out, const void *leaf,
                                      size_t n,
                                      const uint8_t store[static MK_ID],
                                      struct mk_diag *diag);

/* For auditors.  leaf is what mk_leaf_parse made of bytes. */
MK_MUST_USE enum mk_err mk_leaf_open_session(struct mk_secret **log_key,
                                             uint8_t actor[static MK_ID],
                                             const struct mk_leaf *leaf,
                                             const uint8_t store[static MK_ID],
                                             const struct mk_secret *rl_box,
                                             struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_leaf_open_entry(struct mk_log_item *out,
                                           const struct mk_leaf *leaf,
                                           const uint8_t *bytes,
                                           const struct mk_secret *log_key,
                                           struct mk_diag *diag);
/* The signature of a session leaf; actor as it says. */
MK_MUST_USE bool mk_leaf_session_ok(const struct mk_leaf *leaf,
                                    const uint8_t *bytes,
                                    const struct mk_keyring *keyring);

#endif
