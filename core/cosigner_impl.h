/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the parts of the witness. */
#ifndef MK_CORE_COSIGNER_IMPL_H
#define MK_CORE_COSIGNER_IMPL_H

#include "core/cosigner.h"
#include "core/tiles.h"
#include "crypto/envelope.h"
#include "crypto/kdf.h"
#include "crypto/merkle.h"

#define MK_COSIGNER_FILE "witness.key"
#define MK_COSIGNER_BUNDLE (MK_KEY + MK_ENV_OVERHEAD)

/*
 * The file, text, mode 600:
 *
 *   meldkluis-witness-key: 1
 *   vkey: <name+id+base64>
 *   argon2id-t: 3
 *   argon2id-m: 262144
 *   salt: <hex 16>
 *   bundle: <base64 of the envelope>
 *
 * KEK = HKDF-SHA256(salt, Argon2id(passphrase in NFC), "mk1/witnesskey"); the
 * envelope is over the Ed25519 seed, key_gen 1, aad: magic "MKW1", store
 * zeros, table fff3, column 0, row = first 16 bytes of SHA-256(vkey), version
 * 1, key_id = salt.
 */
struct mk_cosigner {
    int state;
    struct mk_note_key key;
    struct mk_argon2_cost cost;
    uint8_t salt[MK_ARGON2_SALT];
    uint8_t bundle[MK_COSIGNER_BUNDLE];
    struct mk_secret *sign; /* 64 bytes; NULL while sealed */
};

/* Of the file, without its secret.  parse: false unless format makes the same
 * text, and the cost is one that we would pay. */
MK_MUST_USE enum mk_err mk_cosigner_format(struct mk_buf *out,
                                           const struct mk_cosigner *c);
MK_MUST_USE bool mk_cosigner_parse(struct mk_cosigner *out, const void *text,
                                   size_t n);

/*
 * What is remembered of a log: its key and the newest checkpoint, as a file
 * <first 16 bytes of SHA-256(origin), hex>.log = vkey | LF | note.
 */
struct mk_cosigner_seen {
    bool found;
    struct mk_note_key log;
    struct mk_checkpoint checkpoint;
};
/* *lock holds others off until it is closed.  Errors: E_DAMAGED, E_BUSY. */
MK_MUST_USE enum mk_err mk_cosigner_recall(struct mk_cosigner_seen *out,
                                           int *lock, int state,
                                           const char *origin,
                                           struct mk_diag *diag);
/* Durable when it returns. */
MK_MUST_USE enum mk_err mk_cosigner_remember(int state,
                                             const struct mk_note_key *log,
                                             const char *origin,
                                             const void *note, size_t n,
                                             struct mk_diag *diag);
/* Keeps a checkpoint that contradicts: <...>.split-<size>. */
MK_MUST_USE enum mk_err mk_cosigner_keep(int state, const char *origin,
                                         uint64_t size, const void *note,
                                         size_t n, struct mk_diag *diag);

/* The tiles of an export of size leaves, as the rows of a Merkle tree.  A tree
 * of more would need another level. */
#define MK_TILE_LEAVES (UINT64_C(1) << 8 * MK_TILE_LEVELS)
struct mk_tile_rows {
    int export; /* borrowed */
    uint64_t size;
    uint64_t reads; /* of files, so far */
    struct {
        uint64_t number; /* of the tile that is here */
        struct mk_buf hashes;
    } last[MK_TILE_LEVELS];
};
void mk_tile_rows_init(struct mk_tile_rows *t, struct mk_merkle_rows *rows,
                       int export, uint64_t size);
void mk_tile_rows_release(struct mk_tile_rows *t);

#endif
