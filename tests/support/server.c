/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/server.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *folder(void) /* of its socket */
{
    return getenv("MK_PG_RUN");
}

bool server_is_here(void)
{
    return folder() != NULL;
}

/* ---- its databases ---- */

PGconn *server_connect(const char *db)
{
    const char *const keys[] = {"host", "dbname", "user", "options", NULL};
    const char *const values[] = {folder(), db, "postgres",
                                  "-c search_path=meldkluis", NULL};
    PGconn *c = PQconnectdbParams(keys, values, 0);

    ck_assert_msg(PQstatus(c) == CONNECTION_OK, "%s", PQerrorMessage(c));
    return c;
}

void server_sql(const char *db, const char *sql)
{
    PGconn *c = server_connect(db);
    PGresult *r = PQexec(c, sql);

    ck_assert_msg(PQresultStatus(r) == PGRES_COMMAND_OK ||
                      PQresultStatus(r) == PGRES_TUPLES_OK,
                  "%s: %s", sql, PQerrorMessage(c));
    PQclear(r);
    PQfinish(c);
}

void server_database(const char *name)
{
    char sql[128];

    (void)snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS %s WITH (FORCE)",
                   name);
    server_sql("postgres", sql);
    (void)snprintf(sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE kluis_leeg",
                   name);
    server_sql("postgres", sql);
}

void server_empty(const char *name)
{
    static const char exists[] = "SELECT FROM pg_database WHERE datname = $1";
    PGconn *c = server_connect("postgres");
    PGresult *r = PQexecParams(c, exists, 1, NULL, &name, NULL, NULL, 0);
    bool found = PQntuples(r) > 0;

    PQclear(r);
    PQfinish(c);
    if (found)
        /* of few rows that is quicker than TRUNCATE */
        server_sql(name,
                   "DELETE FROM entry; DELETE FROM dossier;"
                   " DELETE FROM log; DELETE FROM head;"
                   " DELETE FROM node; DELETE FROM stats_chunk;"
                   " DELETE FROM stats_row; DELETE FROM register;"
                   " DELETE FROM document; UPDATE tail SET log_size = 0");
    else
        server_database(name);
}

void server_url(char *out, size_t size, const char *db, const char *role,
                const char *more)
{
    (void)snprintf(out, size, "postgresql://%s@/%s?host=%s%s", role, db,
                   folder(), more);
}

/* ---- the program between ---- */

int server_helper(pid_t *pid)
{
    char program[256];
    int ends[2];

    (void)snprintf(program, sizeof(program), "%s/meldkluis-pg",
                   getenv("MK_BUILD"));
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends),
                     0);
    *pid = fork();
    ck_assert_int_ge(*pid, 0);
    if (*pid == 0) {
        if (dup2(ends[1], STDIN_FILENO) >= 0)
            execl(program, "meldkluis-pg", NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    return ends[0];
}
