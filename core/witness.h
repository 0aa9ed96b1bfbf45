/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The vault's side of witnesses: which of them count, and what they have
 * signed.  The witness himself is core/cosigner.h, on another machine.
 *
 *   trust, drop   a custodian names a witness, or no longer: a record in the
 *                 register, "MKV1" | store 16 | u16 0 or 1 | vkey
 *   take          a cosigned checkpoint comes back: checkpoints/<size> in the
 *                 folder of the vault, the note with every good line
 *   stamp         an RFC 3161 answer over a checkpoint:
 *                 checkpoints/<size>.<n>.tsr, n from 1
 *   report        how old the newest of each is, and what they do not cover
 *
 * These files are signed by others and prove themselves; whoever removes one
 * removes what it proved, no more, and the witness still has his own copy.
 */
#ifndef MK_CORE_WITNESS_H
#define MK_CORE_WITNESS_H

#include "core/tsr.h"
#include "core/words.h"
#include "crypto/note.h"

struct mk_vault;
struct mk_access;

#define MK_WITNESSES 32    /* ever named in one vault */
#define MK_STAMPS 9        /* time stamps kept of one checkpoint */
#define MK_STAMPS_TOLD 16  /* that a report names */
#define MK_WITNESS_DAYS 14 /* docs/WITNESS.md: weekly, and one may be missed */
#define MK_CHECKPOINTS_FOLDER "checkpoints"

/*
 * text: n bytes; its first line is a vkey of a cosigner, others may follow.
 * Role: custodian.  Log: WITNESS_TRUST.  Errors: E_SYNTAX, E_EXISTS (he is
 * trusted, or another of that name is), E_TOO_LARGE, E_NO_ROLE.
 */
MK_MUST_USE enum mk_err mk_witness_trust(struct mk_vault *v,
                                         const struct mk_access *access,
                                         const void *text, size_t n,
                                         struct mk_note_key *out,
                                         struct mk_diag *diag);
/* What he signed before stays.  Role: custodian.  Log: WITNESS_DROP.
 * Errors: E_NOT_FOUND. */
MK_MUST_USE enum mk_err mk_witness_drop(struct mk_vault *v,
                                        const struct mk_access *access,
                                        const char *name,
                                        struct mk_diag *diag);

struct mk_witness_taken {
    struct mk_checkpoint checkpoint;
    size_t signers; /* trusted witnesses whose line it had */
    const char *words[MK_WORDS];
};
/*
 * Takes a cosigned checkpoint in.  Any role.  Log: WITNESS_TAKE, count: its size.
 * Errors: E_SYNTAX, E_OTHER_LOG, E_LOG_KEY, E_FORGED, E_NO_WITNESS;
 * E_LOG_SHORTER when it is of a later state than this vault's, E_SPLIT when it
 * is of another log with this one's signature.
 */
MK_MUST_USE enum mk_err mk_witness_take(struct mk_vault *v,
                                        const struct mk_access *access,
                                        const void *text, size_t n,
                                        struct mk_witness_taken *out,
                                        struct mk_diag *diag);

/*
 * Takes in a time-stamp answer over the checkpoint of size entries.  Any role.
 * Log: STAMP_TAKE, count: size.  Errors: E_SYNTAX (no strict RFC 3161 answer with SHA-256),
 * E_STAMP (refused by the authority; over another text), E_BAD_NUMBER (no such
 * size), E_TOO_LARGE (MK_STAMPS are there).  *number: n of its file.
 */
MK_MUST_USE enum mk_err mk_witness_stamp(struct mk_vault *v,
                                         const struct mk_access *access,
                                         const void *der, size_t n,
                                         uint64_t size, struct mk_tsr *out,
                                         unsigned *number,
                                         struct mk_diag *diag);

struct mk_witness_state {
    struct mk_note_key key;
    bool trusted;  /* false: dropped */
    uint64_t size; /* of the newest checkpoint that he signed; 0: none */
    int64_t time;  /* when, seconds since 1970, as he says */
    bool ahead;    /* that is in the future: it says nothing of how fresh */
};
struct mk_witness_stamp {
    uint64_t size;   /* of the checkpoint that it is over */
    unsigned number; /* of its file, see mk_witness_stamp */
    int64_t time;    /* seconds since 1970, as the authority says; its
                        signature was not looked at */
};
struct mk_witness_report {
    struct mk_witness_state w[MK_WITNESSES];
    size_t n;          /* ever named, in order */
    size_t n_trusted;  /* of them */
    uint64_t covered;  /* entries before which a trusted one has signed */
    int64_t since;     /* seconds since 1970: when the newest of those
                          signatures was made, of witnesses who are not ahead;
                          without one, when the log began */
    uint64_t log_size; /* of the newest head */
    size_t damaged;    /* files in checkpoints/ that prove nothing */
    size_t stamps;     /* files with a time stamp over a checkpoint */
    /* of the largest ones of them, largest first */
    struct mk_witness_stamp stamp[MK_STAMPS_TOLD];
    size_t n_stamp;
    struct mk_note_key log;
    struct mk_checkpoint checkpoint; /* the one asked for */
    const char *words[MK_WORDS];     /* of its text */
};
/*
 * size: which checkpoint to show; 0: the newest that is covered, without one
 * the newest there is.  Any role; reveals nothing that the folder of the vault
 * does not show, so no entry.  Errors: E_SPLIT, E_LOG_SHORTER when a file with
 * the signatures of log and witness contradicts the vault; E_BAD_NUMBER.
 */
MK_MUST_USE enum mk_err mk_witness_report(struct mk_vault *v, uint64_t size,
                                          struct mk_witness_report *out,
                                          struct mk_diag *diag);

#endif
