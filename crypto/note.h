/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signed notes, verifier keys and cosignatures of checkpoints.
 *
 *   note       text that ends in LF | LF | signature lines
 *   line       "— " name " " base64(key id 4 | signature) LF
 *   vkey       name "+" hex(key id) "+" base64(type | public key)
 *   type 01    Ed25519 over the text
 *   type 04    time u64 | Ed25519 over "cosignature/v1\ntime <T>\n" | text
 *   key id     SHA-256(name | LF | type | public key)[0..3]
 *
 * Source: C2SP signed-note, tlog-checkpoint, tlog-cosignature.
 */
#ifndef MK_CRYPTO_NOTE_H
#define MK_CRYPTO_NOTE_H

#include "core/base/buf.h"
#include "crypto/crypto.h"
#include "crypto/secret.h"

#define MK_NOTE_MAX 65536     /* bytes of a note */
#define MK_NOTE_SIGNATURES 64 /* lines in one */
#define MK_NOTE_NAME 129      /* longest key name and its NUL */
#define MK_VKEY_MAX 256       /* a vkey as text, with its NUL */
#define MK_NOTE_KEY_ID 4

enum mk_note_type {
    MK_NOTE_ED25519 = 1,
    MK_NOTE_COSIGNATURE = 4,
};

/* Who signs: name and public key, and for what. */
struct mk_note_key {
    char name[MK_NOTE_NAME];
    enum mk_note_type type;
    uint8_t pk[MK_PK];
    uint8_t id[MK_NOTE_KEY_ID];
};

/* Fills out.  False for a name that is empty, too long, or holds a space, a
 * control character or a plus. */
MK_MUST_USE bool mk_note_key_make(struct mk_note_key *out, const char *name,
                                  enum mk_note_type type,
                                  const uint8_t pk[static MK_PK]);
void mk_vkey_format(char out[static MK_VKEY_MAX],
                    const struct mk_note_key *key);
/* Canonical only, n bytes without LF.  False if it is no vkey of these types
 * or its id is not that of its key. */
MK_MUST_USE bool mk_vkey_parse(struct mk_note_key *out, const char *text,
                               size_t n);

/* A note, taken apart; borrows from its bytes. */
struct mk_note {
    const char *text; /* with its last LF */
    size_t n_text;
    const char *lines; /* the signature lines, behind the empty line */
    size_t n_lines;
};
/* Form only: UTF-8 without control characters but LF, at least one line of a
 * signature, at most MK_NOTE_SIGNATURES.  False if not. */
MK_MUST_USE bool mk_note_parse(struct mk_note *out, const char *p, size_t n);

/*
 * Adds one line, made by key's secret (64 bytes, as mk_sign_key makes it),
 * over text.  time: seconds since 1970, for a cosignature.  Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_note_sign(struct mk_buf *lines,
                                     const struct mk_note_key *key,
                                     const struct mk_secret *secret,
                                     const char *text, size_t n_text,
                                     uint64_t time);

enum mk_note_verdict {
    MK_NOTE_UNSIGNED, /* no line of this name and id */
    MK_NOTE_GOOD,
    MK_NOTE_FORGED, /* a line of this name and id that does not verify */
};
/* Looks for the lines of key; one bad one is enough for FORGED.  *time (may
 * be NULL): newest time of a good cosignature. */
MK_MUST_USE enum mk_note_verdict mk_note_verify(const struct mk_note *note,
                                                const struct mk_note_key *key,
                                                uint64_t *time);

/* Adds the newest good line of key, as it stands in note.  Errors: E_NOT_FOUND
 * when note has none, or a forged one. */
MK_MUST_USE enum mk_err mk_note_line_of(struct mk_buf *out,
                                        const struct mk_note *note,
                                        const struct mk_note_key *key);

/* A checkpoint without extension lines. */
struct mk_checkpoint {
    char origin[MK_NOTE_NAME];
    uint64_t size;
    uint8_t root[MK_HASH];
};
MK_MUST_USE enum mk_err mk_checkpoint_format(struct mk_buf *out,
                                             const struct mk_checkpoint *c);
/* text as a note has it.  False unless mk_checkpoint_format makes the same. */
MK_MUST_USE bool mk_checkpoint_parse(struct mk_checkpoint *out,
                                     const char *text, size_t n);

#endif
