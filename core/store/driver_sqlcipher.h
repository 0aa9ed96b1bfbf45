/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the two files of the SQLCipher driver; no other file includes it. */
#ifndef MK_STORE_DRIVER_SQLCIPHER_H
#define MK_STORE_DRIVER_SQLCIPHER_H

#ifndef SQLITE_HAS_CODEC
#define SQLITE_HAS_CODEC 1 /* declares sqlite3_key */
#endif
#include <sqlcipher/sqlite3.h>

#include "core/store/driver.h"

#define MK_SQLCIPHER_PLACE "vault.db"

struct mk_sqlcipher {
    struct mk_driver driver;
    sqlite3 *db;
    int busy_ms;
    sqlite3_stmt *stmt[MK_QUERY_COUNT]; /* prepared at first use */
    sqlite3_stmt *bound[4];             /* of transactions; the same */
    uint8_t at[MK_QUERY_COUNT][MK_QUERY_PARAMS]; /* where $n stands */
    bool active[MK_QUERY_COUNT];
    bool row[MK_QUERY_COUNT]; /* stands on a row */
};

extern const struct mk_driver_ops mk_sqlcipher_ops;

/* Fills diag from a result code of the library; what is the place of errors
 * that are not about the file. */
enum mk_err mk_sqlcipher_fail(sqlite3 *db, int code, const char *what,
                              struct mk_diag *diag);
/* Statements without parameters or results. */
enum mk_err mk_sqlcipher_exec(sqlite3 *db, const char *sql,
                              struct mk_diag *diag);
/* The first column of the first row as text, cut to size; empty if none. */
enum mk_err mk_sqlcipher_ask(sqlite3 *db, const char *sql, char *out,
                             size_t size, struct mk_diag *diag);

enum mk_err mk_sqlcipher_facts(struct mk_driver *d, struct mk_store_facts *out,
                               struct mk_diag *diag);
enum mk_err mk_sqlcipher_check(struct mk_driver *d, struct mk_diag *diag);

#endif
