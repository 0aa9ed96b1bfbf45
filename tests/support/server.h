/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The server of a run of tests (tests/run --on server), and meldkluis-pg
 * between it and the driver.
 */
#ifndef MK_TEST_SERVER_H
#define MK_TEST_SERVER_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* There is one. */
bool server_is_here(void);

/* A database with the tables of a vault, new or empty again. */
void server_database(const char *name);
void server_drop(const char *name);
/* The same as server_database, but the tables stay if they are there: without rows. */
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
