/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The witness: somebody outside, on a machine of his own, without a vault.  He
 * looks at exports of a log, remembers the newest checkpoint that he has seen
 * of it, and signs a new one only if it continues that one.  So one log cannot
 * be shown in two versions, nor put back, without his noticing.
 *
 *   load, unlock   his key, sealed under a passphrase, in his state folder
 *   sign           an export -> a note with the log's signature and his
 *
 * Source: C2SP tlog-witness (what a witness checks, and in which order) and
 * tlog-cosignature; here a folder takes the place of the network.
 */
#ifndef MK_CORE_COSIGNER_H
#define MK_CORE_COSIGNER_H

#include "core/base/buf.h"
#include "crypto/note.h"

/* state: the folder of this account.  One key an account. */
struct mk_cosigner;

/*
 * Makes the key and its file.  name: what its signatures are called by, such
 * as "getuige.voorbeeld.nl/anna".  out: what the office needs (mk_vkey_format).
 * Errors: E_EXISTS, E_USAGE for a name that cannot be one.
 */
MK_MUST_USE enum mk_err mk_cosigner_make(const char *state, const char *name,
                                         const struct mk_secret *passphrase,
                                         struct mk_note_key *out,
                                         struct mk_diag *diag);
/* Reads the file; the key stays sealed.  Errors: E_NO_COSIGNER, E_DAMAGED. */
MK_MUST_USE enum mk_err mk_cosigner_load(struct mk_cosigner **out,
                                         const char *state,
                                         struct mk_diag *diag);
void mk_cosigner_free(struct mk_cosigner *c); /* wipes; NULL is fine */
const struct mk_note_key *mk_cosigner_key(const struct mk_cosigner *c);
/* Errors: E_KEY_LOCKED. */
MK_MUST_USE enum mk_err mk_cosigner_unlock(struct mk_cosigner *c,
                                           const struct mk_secret *passphrase,
                                           struct mk_diag *diag);

struct mk_cosigned {
    struct mk_checkpoint checkpoint;
    struct mk_note_key log;
    bool first_use;  /* this log was never seen here; its key is now known */
    bool new_key;    /* not the key that was remembered: it is now */
    uint64_t before; /* size that was seen last; 0 on first use */
    struct mk_buf note;
};
/*
 * Judges the export in the folder export (a descriptor) and signs its
 * checkpoint.  Everything in it is hostile until proven; O(log n) of its tiles
 * are read.  log: the key that the log must have, also in the place of the one
 * remembered, when the office has replaced it; NULL: the one remembered, on
 * first use the one in the export (tell it to somebody in the office).
 *
 * What was signed is remembered, durably, before the signature is given out.
 * After E_SPLIT the export's checkpoint is kept beside the remembered one.
 * Errors: E_SPLIT, E_LOG_SHORTER, E_LOG_KEY, E_FORGED, E_COPY (tiles that
 * do not make the root), E_SYNTAX, E_NO_FILE, E_BUSY.
 * Owns: the caller releases out->note, also after an error.
 */
MK_MUST_USE enum mk_err mk_cosigner_sign(const struct mk_cosigner *c,
                                         int export,
                                         const struct mk_note_key *log,
                                         struct mk_cosigned *out,
                                         struct mk_diag *diag);

/* Puts the note into the export's folder, as witness-<size>-<key id>.note; that
 * becomes name.  Errors: E_READ_ONLY, E_DISK_FULL, E_IO. */
#define MK_COSIGNER_NAME 48
MK_MUST_USE enum mk_err mk_cosigner_put(const struct mk_cosigner *c,
                                        int export,
                                        const struct mk_cosigned *cosigned,
                                        char name[static MK_COSIGNER_NAME],
                                        struct mk_diag *diag);

#endif
