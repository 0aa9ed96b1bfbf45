/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/server.h"

#include <check.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[108];
static pid_t runner;   /* of a server of our own */
static int leash = -1; /* it stops when this closes */

/* ---- the server ---- */

static void run_script(int in, int out)
{
    char work[256];

    (void)snprintf(work, sizeof(work), "%s/server", getenv("MK_TMP"));
    (void)mkdir(work, 0711);
    if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0)
        execl("/bin/bash", "bash", "tests/support/pg_run.sh",
              getenv("MK_BUILD"), work, NULL);
    _exit(127);
}

static void start_own(void)
{
    int down[2], up[2];
    FILE *said;

    if (pipe2(down, O_CLOEXEC) != 0 || pipe2(up, O_CLOEXEC) != 0)
        return;
    runner = fork();
    if (runner == 0)
        run_script(down[0], up[1]);
    (void)close(down[0]);
    (void)close(up[1]);
    leash = down[1];
    said = fdopen(up[0], "r");
    if (said && fgets(folder, sizeof(folder), said))
        folder[strcspn(folder, "\n")] = '\0';
    if (said)
        (void)fclose(said);
}

const char *server_start(void)
{
    const char *given = getenv("MK_PG_RUN");

    if (given)
        (void)snprintf(folder, sizeof(folder), "%s", given);
    else if (getenv("MK_BUILD") && getenv("MK_TMP"))
        start_own();
    return *folder ? folder : NULL;
}

void server_stop(void)
{
    if (leash >= 0)
        (void)close(leash);
    if (runner > 0)
        (void)waitpid(runner, NULL, 0);
    leash = -1;
    runner = 0;
}

/* ---- its databases ---- */

PGconn *server_connect(const char *db)
{
    const char *const keys[] = {"host", "dbname", "user", "options", NULL};
    const char *const values[] = {folder, db, "postgres",
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
        server_sql(name,
                   "TRUNCATE dossier, entry, log, head, node, stats_chunk,"
                   " stats_row, register, document;"
                   " UPDATE tail SET log_size = 0");
    else
        server_database(name);
}

void server_url(char *out, size_t size, const char *db, const char *role,
                const char *more)
{
    (void)snprintf(out, size, "postgresql://%s@/%s?host=%s%s", role, db,
                   folder, more);
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
