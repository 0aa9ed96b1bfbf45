/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the parts of the vault's side of witnesses. */
#ifndef MK_CORE_WITNESS_IMPL_H
#define MK_CORE_WITNESS_IMPL_H

#include "core/vault.h"
#include "core/witness.h"

/*
 * Who was named, in order, with who is still trusted; records that are no
 * vkey name nobody.  In a snapshot or in a transaction that has not appended
 * to the register.
 */
MK_MUST_USE enum mk_err mk_witness_list(struct mk_vault *v,
                                        struct mk_witness_state *out,
                                        size_t *n, struct mk_diag *diag);

/* Adds the vkey of each, a line each, also of those who were dropped: what they
 * signed before stays. */
MK_MUST_USE enum mk_err mk_witness_vkeys(struct mk_vault *v,
                                         struct mk_buf *out,
                                         struct mk_diag *diag);

/* The key that signs the checkpoints of this log. */
MK_MUST_USE enum mk_err mk_witness_log_key(const struct mk_vault *v,
                                           struct mk_note_key *out,
                                           struct mk_diag *diag);
/* The checkpoint of the first size entries, of a tree that was proven. */
MK_MUST_USE enum mk_err mk_witness_checkpoint(const struct mk_vault *v,
                                              struct mk_merkle *log,
                                              uint64_t size,
                                              struct mk_checkpoint *out,
                                              struct mk_diag *diag);
/*
 * Is c one of this log?  Errors: E_LOG_SHORTER, E_SPLIT; size 0 is E_SYNTAX.
 * c has the log's signature: without it, it says nothing about this vault.
 */
MK_MUST_USE enum mk_err mk_witness_is_ours(const struct mk_vault *v,
                                           struct mk_merkle *log,
                                           const struct mk_checkpoint *c,
                                           struct mk_diag *diag);

/* Is the stamp, which was granted, over the text of c?  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_witness_is_over(const struct mk_tsr *tsr,
                                           const struct mk_checkpoint *c,
                                           bool *yes);

/* --- files below MK_CHECKPOINTS_FOLDER: witness_files.c --- */

/* *found false: there is none, and make is false.  Owns: mk_docs_close. */
MK_MUST_USE enum mk_err mk_checkpoints_open(struct mk_docs *out,
                                            const struct mk_vault *v,
                                            bool make, bool *found,
                                            struct mk_diag *diag);
/* note is cleared first; *found false: there is none of that size. */
MK_MUST_USE enum mk_err mk_checkpoints_read(const struct mk_docs *docs,
                                            uint64_t size, struct mk_buf *note,
                                            bool *found, struct mk_diag *diag);
/* The same of a stamp. */
MK_MUST_USE enum mk_err mk_checkpoints_stamp_read(
    const struct mk_docs *docs, uint64_t size, unsigned number,
    struct mk_buf *der, bool *found, struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_checkpoints_write(const struct mk_docs *docs,
                                             uint64_t size,
                                             const struct mk_buf *note,
                                             struct mk_diag *diag);
/* A name of ours in that folder: "1234" (number 0), or "1234.1.tsr".  False
 * for any other. */
MK_MUST_USE bool mk_checkpoints_name(const char *name, uint64_t *size,
                                     unsigned *number);
struct mk_checkpoints_file {
    uint64_t size;
    unsigned number; /* 0: the note itself, else a stamp */
};
/* What there is, as struct mk_checkpoints_file in *out (replaced): the largest
 * size first, and its note before its stamps. */
MK_MUST_USE enum mk_err mk_checkpoints_list(const struct mk_docs *docs,
                                            struct mk_buf *out,
                                            struct mk_diag *diag);
/* Keeps der as the next stamp of size; *number: which it is.  One that is
 * there already is not kept twice. */
MK_MUST_USE enum mk_err mk_checkpoints_stamp(const struct mk_docs *docs,
                                             uint64_t size, const void *der,
                                             size_t n, unsigned *number,
                                             struct mk_diag *diag);

#endif
