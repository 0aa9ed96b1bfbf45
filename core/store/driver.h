/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seam between the store and an engine.  A driver runs the statements of
 * queries.def by number and knows nothing of what they mean; the store knows
 * nothing of the engine.
 *
 * A query is a cursor: run starts it, step gives its rows, finish ends it.
 * Each query has one cursor.  What column gives is borrowed until the next
 * step or finish of that query.  commit and rollback finish them all.
 */
#ifndef MK_STORE_DRIVER_H
#define MK_STORE_DRIVER_H

#include "core/store/queries.h"
#include "core/store/store.h"

struct mk_driver;

struct mk_driver_ops {
    void (*close)(struct mk_driver *d); /* rolls back, frees d */
    /* wait false: E_BUSY at once when another process writes; reads never
     * wait here. */
    enum mk_err (*begin)(struct mk_driver *d, bool write, bool wait,
                         struct mk_diag *diag);
    /* After an error nothing is open any more.  E_UNKNOWN_OUTCOME only if the
     * engine cannot tell. */
    enum mk_err (*commit)(struct mk_driver *d, struct mk_diag *diag);
    void (*rollback)(struct mk_driver *d);
    /* A transaction is open.  An error may have ended one without a word. */
    bool (*inside)(struct mk_driver *d);
    /* Starts q; its parameters are copied or used before step returns its
     * last row.  Errors: E_INTERNAL when q is started already.  After an
     * error of the engine, here or in step, the transaction may be over
     * (inside): nothing runs in it any more, and it cannot commit. */
    enum mk_err (*run)(struct mk_driver *d, enum mk_query q,
                       const struct mk_sql_value *params, size_t n,
                       struct mk_diag *diag);
    /* *more false: no row (any more).  *changed (may be NULL): rows that a
     * writing statement touched, once *more is false.  After an error q is
     * finished. */
    enum mk_err (*step)(struct mk_driver *d, enum mk_query q, bool *more,
                        uint64_t *changed, struct mk_diag *diag);
    /* False if the column is neither a number below 2^63, nor a blob, nor
     * NULL, or memory is out. */
    bool (*column)(struct mk_driver *d, enum mk_query q, unsigned i,
                   struct mk_sql_value *out);
    void (*finish)(struct mk_driver *d, enum mk_query q);
    /* Runs schema text number version (migrate.h) inside a write. */
    enum mk_err (*script)(struct mk_driver *d, unsigned version,
                          struct mk_diag *diag);
    /* Compares the engine's own text of the schema with what version has.
     * Errors: E_TAMPERED. */
    enum mk_err (*check_schema)(struct mk_driver *d, unsigned version,
                                struct mk_diag *diag);
    /* Fills engine and settings. */
    enum mk_err (*facts)(struct mk_driver *d, struct mk_store_facts *out,
                         struct mk_diag *diag);
    /* Every page and index.  Errors: E_DAMAGED. */
    enum mk_err (*check)(struct mk_driver *d, struct mk_diag *diag);
};

struct mk_driver {
    const struct mk_driver_ops *ops;
};

/* ---- the SQLCipher driver (driver_sqlcipher.c) ---- */

/* 16 bytes of salt as they stand at the front of the file. */
#define MK_SQLCIPHER_SALT 16
/* x'<key><salt>' in hexadecimal */
#define MK_SQLCIPHER_KEY_TEXT 99

/* Loads the library and its cipher; E_LIBRARY unless it is SQLCipher 4.6 or
 * newer, built to keep temporary data in memory. */
enum mk_err mk_sqlcipher_init(struct mk_diag *diag);
enum mk_err mk_sqlcipher_engine(char out[static 64], struct mk_diag *diag);

/*
 * Opens file (an absolute path without symbolic links; the file is there,
 * perhaps empty) with raw_key, MK_SQLCIPHER_KEY_TEXT bytes.  busy_ms: how long
 * to wait for other processes.
 * Errors: E_DAMAGED (wrong key or no database), E_READ_ONLY, E_BUSY.
 */
enum mk_err mk_sqlcipher_open(struct mk_driver **out, const char *file,
                              const struct mk_secret *raw_key,
                              unsigned busy_ms, struct mk_diag *diag);

/* ---- the driver for PostgreSQL (driver_pg.c) ---- */

/*
 * Speaks to meldkluis-pg, which has the other end of the socket fd (taken
 * over, also when this fails), and has it connect to the server that url
 * names; url is postgresql://... as libpq knows it.  What may come back, and
 * for how long is waited, is in wire.h.  The process ignores SIGPIPE.
 * Errors: E_USAGE (the url), E_SERVER (not reached, or no helper of this
 * build), E_SERVER_DENIED, E_LIBRARY (a server that is too old), E_MEMORY.
 */
enum mk_err mk_pg_open(struct mk_driver **out, int fd, const char *url,
                       struct mk_diag *diag);

/*
 * What the file hides under its cipher and no envelope hides is sealed on
 * its way to a server (shell.h), under the key of generation gen; the newest
 * last.  A row of a generation that is newer is E_REPLACED.  Before the first
 * statement on those tables: E_LOCKED without.
 */
MK_MUST_USE enum mk_err mk_pg_shell(struct mk_driver *d,
                                    const struct mk_secret *dbk, uint32_t gen,
                                    struct mk_diag *diag);
void mk_pg_shell_forget(struct mk_driver *d); /* all keys */

#endif
