/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The head: what is signed once a transaction, 296 bytes.
 *
 *   "MKH1" | store 16 | epoch u32 | log_size u64 | log_root 32 |
 *   n_dossiers u64 | dossier_root 32 | n_stats u64 | stats_root 32 |
 *   n_register u64 | register_root 32 | keyring_serial u64 |
 *   members_hash 32 | slots_hash 32 | time_ms u64 | actor 16 | txid 16
 *
 * Signed by the actor's own Ed25519 key over "meldkluis/head/v1" 00 | head.
 * Source: CRYPTO "What is signed: heads and roots".
 */
#ifndef MK_CORE_HEAD_H
#define MK_CORE_HEAD_H

#include "core/keyring.h"
#include "core/store/rows.h"

struct mk_head {
    uint8_t store[MK_ID];
    uint32_t epoch;
    uint64_t log_size;
    uint8_t log_root[MK_HASH];
    uint64_t n_dossiers;
    uint8_t dossier_root[MK_HASH];
    uint64_t n_stats;
    uint8_t stats_root[MK_HASH];
    uint64_t n_register;
    uint8_t register_root[MK_HASH];
    uint64_t keyring_serial;
    uint8_t members_hash[MK_HASH];
    uint8_t slots_hash[MK_HASH];
    uint64_t time_ms;
    uint8_t actor[MK_ID];
    uint8_t txid[MK_ID];
};

/* The state before the first head: empty trees, chains of zeros. */
void mk_head_empty(struct mk_head *h, const uint8_t store[static MK_ID]);

void mk_head_encode(const struct mk_head *h, uint8_t out[static MK_HEAD]);
/* False if the magic is wrong. */
MK_MUST_USE bool mk_head_decode(struct mk_head *h,
                                const uint8_t in[static MK_HEAD]);
/* SHA-256 of the encoded head: prev_head of the next transaction's leaves. */
void mk_head_hash(const uint8_t body[static MK_HEAD],
                  uint8_t out[static MK_HASH]);
MK_MUST_USE enum mk_err mk_head_sign(struct mk_head_row *row,
                                     const struct mk_head *h,
                                     const struct mk_secret *sign);
/* Is this the keyring that the head names: serial, members and slots? */
MK_MUST_USE bool mk_head_names(const struct mk_head *h,
                               const struct mk_keyring *keyring);
MK_MUST_USE bool mk_head_signed_by(const struct mk_head_row *row,
                                   const uint8_t pk[static MK_PK]);

#endif
