/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The database under another key: never in place.
 *
 *   copy     row by row into vault.next under the new key, by the only writer
 *            (his transaction on vault.db stays open and writes nothing)
 *   ...      the caller writes to the copy what belongs to the change, and
 *            keyring.new
 *   switch   with vault.lock alone: keyring.new is renamed to keyring.next.
 *            That one rename decides: before it the old state is there, after
 *            it the new one
 *   settle   vault.next becomes vault.db, then keyring.next keyring: by who
 *            switched, or by whoever opens next
 *
 * A vault.next without keyring.next was never begun; the next writer removes
 * it.  All names are in one folder, so that no right to move files between
 * folders is needed, which an older Landlock cannot give.
 */
#ifndef MK_STORE_NEXT_H
#define MK_STORE_NEXT_H

#include "core/store/copy.h"

#define MK_NEXT_STORE "vault.next"
#define MK_NEXT_KEYRING "keyring.next"

/*
 * Copies from, which is in a write transaction, to vault.next under dbk.
 * path: of the folder, as in open.  *out is another store, for transactions of
 * this process alone.  Memory does not grow with the number of rows.
 * Errors: E_TAMPERED (a column that no row can have), E_DISK_FULL, E_IO.
 * Owns: mk_store_switch or mk_store_drop.
 */
MK_MUST_USE enum mk_err mk_store_copy(struct mk_store **out,
                                      struct mk_store *from, const char *path,
                                      const struct mk_secret *dbk,
                                      const struct mk_copy_progress *progress,
                                      struct mk_diag *diag);
/* Closes the copy and removes it. */
void mk_store_drop(struct mk_store *copy);
/*
 * Puts the copy, which is closed, and keyring (its name: it is durable) in the
 * place of vault.db and the keyring.  Ends the transaction of from, also when
 * it fails; then the copy and the new keyring are removed.
 * Errors: E_BUSY (somebody reads for too long), E_IO; E_UNKNOWN_OUTCOME: a loss
 * of power may yet decide which state it is.
 */
MK_MUST_USE enum mk_err mk_store_switch(struct mk_store *from,
                                        struct mk_store *copy,
                                        const char *keyring,
                                        struct mk_diag *diag);

/* Finishes a switch that was cut off; nothing to do is fine.  Before the
 * keyring is read, too: it may be about to be replaced. */
MK_MUST_USE enum mk_err mk_next_settle(int dir, struct mk_diag *diag);
/* keyring.next is there. */
MK_MUST_USE enum mk_err mk_next_switched(int dir, bool *yes,
                                         struct mk_diag *diag);
/* vault.next is there, whole or not.  The writer may clear it. */
MK_MUST_USE enum mk_err mk_next_left(int dir, bool *yes, struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_next_clear(int dir, struct mk_diag *diag);

#endif
