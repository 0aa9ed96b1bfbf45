/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of core: the parts of a move (move.h). */
#ifndef MK_CORE_MOVE_IMPL_H
#define MK_CORE_MOVE_IMPL_H

#include "core/vault.h"

/* --- moved.c: the document that shuts a vault --- */

/* What cannot be read is there, and names no place: it is in doubt. */
MK_MUST_USE enum mk_err mk_moved_load(const struct mk_docs *docs,
                                      struct mk_moved *out,
                                      struct mk_diag *diag);
/* Signs it as who unlocked v, and writes it. */
MK_MUST_USE enum mk_err mk_moved_save(const struct mk_vault *v,
                                      struct mk_moved *m,
                                      struct mk_diag *diag);
bool mk_moved_readable(const struct mk_moved *m);
/* What m, read from docs, is worth by the keyring beside it and by the mark of
 * this account in the folder state. */
enum mk_moved_proof mk_moved_judge(const struct mk_docs *docs, int state,
                                   const struct mk_moved *m);
/* The place as it stands in `moved`: a folder by its absolute path, whether it
 * is there or not; a server without the name of a user.  Errors: E_USAGE (longer than that holds), E_IO. */
MK_MUST_USE enum mk_err mk_moved_place(char out[static MK_MOVE_PLACE],
                                       const struct mk_where *to,
                                       struct mk_diag *diag);
/* mk_moved_refuse unless v may be opened all the same, or is not moving. */
MK_MUST_USE enum mk_err mk_moved_check(const struct mk_vault *v,
                                       struct mk_diag *diag);
/* The newest head of v, in its transaction.  Errors: E_MOVED, E_NOT_FOUND. */
MK_MUST_USE enum mk_err mk_moved_newest(const struct mk_vault *v,
                                        struct mk_head_row *row,
                                        struct mk_diag *diag);

/* --- move_target.c: the place that a vault goes to --- */

/*
 * A handle on it: documents, rows, keyring, and of the keys the one that opens
 * rows; the person's own are lent by v.
 *
 *   lock     a whole vault is found, and is in a transaction; or it is vacant
 *   make     vacant: it is in a write transaction
 *   ...      the copy
 *   written  of a folder: it is durable, and what is read comes from the disk
 *   ...      the proof
 *   finish
 */
struct mk_target {
    struct mk_vault v;
    struct mk_buf scratch; /* of a folder: the one beside it; terminated */
    int lock;              /* scratch, open and locked; -1: a server */
    bool vacant;           /* nothing is there: copy, then finish */
};
/*
 * Keeps others out who would move to the same place, and looks at it.
 * Errors: E_BUSY, E_MOVE_OTHER, E_SERVER_SCHEMA, E_NO_ROLE (a whole vault that
 * has no key for who unlocked v any more).
 * Owns: mk_target_release, also when it fails.
 */
MK_MUST_USE enum mk_err mk_target_lock(struct mk_target *t,
                                       const struct mk_vault *v,
                                       const struct mk_where *to,
                                       struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_target_make(struct mk_target *t,
                                       const struct mk_vault *v,
                                       struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_target_written(struct mk_target *t,
                                          struct mk_diag *diag);
/* What was copied becomes the vault there.  Errors: E_UNKNOWN_OUTCOME. */
MK_MUST_USE enum mk_err mk_target_finish(struct mk_target *t,
                                         struct mk_diag *diag);
/* Undoes what was not finished. */
void mk_target_release(struct mk_target *t);

/* --- move_copy.c: copying and proving --- */

/* Rows and documents of v, which is in a snapshot, and what was written is
 * read again.  Fills rows and documents. */
MK_MUST_USE enum mk_err mk_move_copy(struct mk_vault *v, struct mk_target *t,
                                     struct mk_move_report *out,
                                     struct mk_diag *diag);
/* Computes everything anew from the rows of at, which is in a transaction: it
 * is what head, a newest head of that size, says.  Fills the counts. */
MK_MUST_USE enum mk_err mk_move_prove(struct mk_vault *at,
                                      const struct mk_head_row *head,
                                      struct mk_move_report *out,
                                      struct mk_diag *diag);

#endif
