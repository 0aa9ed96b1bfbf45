/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seam between the store and an engine.  A driver runs the statements of
 * queries.def by number and knows nothing of what they mean; the store knows
 * nothing of the engine.
 *
 * A query is a cursor: run starts it, step gives its rows, finish ends it.
 * Each query has one cursor.  What column gives is borrowed until the next
 * step or finish of that query.  commit and rollback finish them all.
 *
 * A transaction lasts from begin to commit or rollback, whatever happens in
 * between.  An error of the engine breaks it: nothing runs in it any more and
 * it cannot be committed, but nobody begins another in its place before who
 * began it has ended it.
 *
 *   NONE --begin--> READ, WRITE --error--> BROKEN
 *     ^                |                     |
 *     +--commit, rollback--------------------+
 */
#ifndef MK_STORE_DRIVER_H
#define MK_STORE_DRIVER_H

#include "core/store/queries.h"
#include "core/store/store.h"
#include "crypto/crypto.h"

struct mk_driver;

struct mk_driver_ops {
    void (*close)(struct mk_driver *d); /* rolls back, frees d */
    /* wait false: E_BUSY at once when another process writes; reads never
     * wait here.  Errors: E_INTERNAL inside of a transaction. */
    enum mk_err (*begin)(struct mk_driver *d, bool write, bool wait,
                         struct mk_diag *diag);
    /* The end of the transaction, also with an error: then nothing was saved,
     * unless it is E_UNKNOWN_OUTCOME, because the engine cannot tell.  Of a
     * broken one: the error that broke it. */
    enum mk_err (*commit)(struct mk_driver *d, struct mk_diag *diag);
    void (*rollback)(struct mk_driver *d);
    /* Starts q; its parameters are copied or used before step returns its
     * last row.  Errors: E_INTERNAL when q is started already or does not
     * belong here.  An error of the engine, here or in step, breaks the
     * transaction, and is that of whatever is asked in it from then on. */
    enum mk_err (*run)(struct mk_driver *d, enum mk_query q,
                       const struct mk_sql_value *params, size_t n,
                       struct mk_diag *diag);
    /* *more false: no row (any more).  *changed (may be NULL): rows that a
     * writing statement touched, once *more is false.  After an error q is
     * finished. */
    enum mk_err (*step)(struct mk_driver *d, enum mk_query q, bool *more,
                        uint64_t *changed, struct mk_diag *diag);
    /* Does q, which writes one row, at once or later: before whatever is asked
     * after it, and before commit says anything.  otherwise: the error when
     * it touches another number of rows, or one is there already that has to
     * be the only one of its kind.  Breaks the transaction; what is done
     * later tells its error in a later call, at the latest in commit. */
    enum mk_err (*put)(struct mk_driver *d, enum mk_query q,
                       const struct mk_sql_value *params, size_t n,
                       enum mk_err otherwise, struct mk_diag *diag);
    /* False if the column is neither a number below 2^63, nor a blob, nor
     * NULL, or memory is out. */
    bool (*column)(struct mk_driver *d, enum mk_query q, unsigned i,
                   struct mk_sql_value *out);
    void (*finish)(struct mk_driver *d, enum mk_query q);
    /* Runs schema text number version (migrate.h) inside a write. */
    enum mk_err (*script)(struct mk_driver *d, unsigned version,
                          struct mk_diag *diag);
    /* SHA-256 over the engine's own text of the schema. */
    enum mk_err (*hash_schema)(struct mk_driver *d,
                               uint8_t out[static MK_HASH],
                               struct mk_diag *diag);
    /* What that is after each migration, in hexadecimal; the last is NULL. */
    const char *const *schemas;
    /* Fills engine and settings. */
    enum mk_err (*facts)(struct mk_driver *d, struct mk_store_facts *out,
                         struct mk_diag *diag);
    /* Every page and index.  Errors: E_DAMAGED. */
    enum mk_err (*check)(struct mk_driver *d, struct mk_diag *diag);
};

enum mk_driver_tx {
    MK_DRIVER_NONE,
    MK_DRIVER_READ,
    MK_DRIVER_WRITE,
    MK_DRIVER_BROKEN,
};

struct mk_driver {
    const struct mk_driver_ops *ops;
    enum mk_driver_tx tx;
    enum mk_err why; /* it is broken */
};

/* A transaction was begun and not ended, broken or not. */
bool mk_driver_inside(const struct mk_driver *d);

/* ---- for drivers (driver.c): the states above, in one place ---- */

void mk_driver_began(struct mk_driver *d, bool write);
/* By an error of the engine.  Returns err; outside of a transaction no more. */
enum mk_err mk_driver_broke(struct mk_driver *d, enum mk_err err);
void mk_driver_ended(struct mk_driver *d);
/* May something run here, that writes or not?  Errors: what broke the
 * transaction; E_INTERNAL (none, or one that only reads). */
MK_MUST_USE enum mk_err mk_driver_may(const struct mk_driver *d, bool write,
                                      const char *what, struct mk_diag *diag);

/* put, by run and step. */
MK_MUST_USE enum mk_err mk_driver_put_now(struct mk_driver *d, enum mk_query q,
                                          const struct mk_sql_value *params,
                                          size_t n, enum mk_err otherwise,
                                          struct mk_diag *diag);

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
 * Errors: E_SERVER_ADDRESS (the url), E_SERVER (not reached, or no helper of this
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
