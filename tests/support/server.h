/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A server of PostgreSQL for unit tests, and meldkluis-pg between it and the
 * driver.  It is the server of the run of tests (MK_PG_RUN), else one of its
 * own, made by tests/support/pg_run.sh in MK_TMP; without MK_BUILD, or where
 * no server is installed, there is none.
 */
#ifndef MK_TEST_SERVER_H
#define MK_TEST_SERVER_H

#include <libpq-fe.h>
#include <stddef.h>
#include <sys/types.h>

/* The folder of its socket, or NULL.  Before tests are forked. */
const char *server_start(void);
void server_stop(void);

/* A database with the tables of a vault, new or empty again. */
void server_database(const char *name);
/* The same, but the tables stay if they are there: without rows. */
void server_empty(const char *name);

/* postgresql://ROLE@/DB?host=SOCKET and what more begins with '&'.
 * The roles are those of tests/support/pg.sh. */
void server_url(char *out, size_t size, const char *db, const char *role,
                const char *more);

/* meldkluis-pg, started; the end of its socket that is ours. */
int server_helper(pid_t *pid);

/* As superuser, in the tables of the vault. */
PGconn *server_connect(const char *db);
void server_sql(const char *db, const char *sql);

#endif
