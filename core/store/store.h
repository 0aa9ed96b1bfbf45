/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A store: one database with transactions.  It sees ciphertext, sizes and
 * numbers, and runs the statements of queries.def by number; which engine
 * is beneath stands in its driver (driver.h) and nowhere else.  Rows are
 * read and written through rows.h.
 */
#ifndef MK_STORE_STORE_H
#define MK_STORE_STORE_H

#include "core/base/err.h"
#include "crypto/secret.h"

struct mk_store;

/*
 * Starts the database library and its cipher, which read their own files
 * (configuration of the cipher, /dev/urandom) once: call it before the process
 * is confined.  Safe to call again; create does it too.
 * Errors: E_LIBRARY.
 */
MK_MUST_USE enum mk_err mk_store_init(struct mk_diag *diag);

/*
 * Creates vault.db in the folder dir (open descriptor; path is its path,
 * for the library) under dbk (32 bytes) and brings the schema to its newest
 * version.  Checks that what was written is no plaintext.
 * It is made as vault.new and renamed when whole.
 * Errors: E_EXISTS, E_PLAINTEXT, E_LIBRARY (SQLCipher older than 4.6), E_IO.
 * Owns: mk_store_close.
 */
MK_MUST_USE enum mk_err mk_store_create(struct mk_store **out, int dir,
                                        const char *path,
                                        const struct mk_secret *dbk,
                                        struct mk_diag *diag);

/*
 * Opens it, in the order of CRYPTO "Opening the SQLCipher file".  A schema
 * that is newer or not ours is refused; an older one is migrated forward.
 * Errors: E_NOT_FOUND, E_PERMISSIONS, E_DAMAGED (wrong key, flipped salt,
 * damaged page), E_NEWER, E_TAMPERED (schema text), E_READ_ONLY, E_LIBRARY.
 * A process holds one open store of a file at a time, and does not open
 * vault.db itself meanwhile: closing a second descriptor would let go of the
 * locks of the first (POSIX).
 */
MK_MUST_USE enum mk_err mk_store_open(struct mk_store **out, int dir,
                                      const char *path,
                                      const struct mk_secret *dbk,
                                      struct mk_diag *diag);
/*
 * The rows on a server, which stays the caller's, and outlives the store.  Its
 * schema is made by who administers it (OPERATIONS.md), never here.
 * Errors: E_SERVER_SCHEMA, E_NEWER, E_TAMPERED, E_SERVER.
 */
struct mk_driver;
MK_MUST_USE enum mk_err mk_store_open_server(struct mk_store **out,
                                             struct mk_driver *server,
                                             struct mk_diag *diag);
void mk_store_close(struct mk_store *st); /* rolls back; NULL is fine */

/*
 * One transaction at a time.  Both begins refuse with E_REPLACED when vault.db
 * is another file by now (next.h): nothing can be written into a file that is
 * not there any more.  begin_read fixes a snapshot at its first read.
 * begin_write waits for the writer before us, up to 60 s, then E_BUSY; ask,
 * derive and prompt before it, never inside.  commit: MK_OK means durable
 * (synchronous=EXTRA); after any error nothing of it is there, but
 * E_UNKNOWN_OUTCOME says that the outcome is not known.
 */
MK_MUST_USE enum mk_err mk_store_begin_read(struct mk_store *st,
                                            struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_store_begin_write(struct mk_store *st,
                                             struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_store_commit(struct mk_store *st,
                                        struct mk_diag *diag);
void mk_store_rollback(struct mk_store *st); /* fine outside of one */
bool mk_store_in_write(const struct mk_store *st);

/* The engine without a store: "SQLCipher 4.6.1 community (SQLite 3.46.1)". */
MK_MUST_USE enum mk_err mk_store_engine(char out[static 64],
                                        struct mk_diag *diag);

/* Schema version, library version and settings, as text for doctor. */
struct mk_store_facts {
    char engine[64];    /* "SQLCipher 4.6.1 community (SQLite 3.46.1)" */
    char settings[320]; /* "journal_mode=truncate synchronous=3 ..." */
    unsigned schema;
};
MK_MUST_USE enum mk_err mk_store_facts(struct mk_store *st,
                                       struct mk_store_facts *out,
                                       struct mk_diag *diag);
/* The engine's own check of pages and indexes (PRAGMA integrity_check,
 * cipher_integrity_check): E_DAMAGED if it finds anything. */
MK_MUST_USE enum mk_err mk_store_check(struct mk_store *st,
                                       struct mk_diag *diag);

#endif
