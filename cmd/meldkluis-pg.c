/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * meldkluis-pg: speaks to PostgreSQL for meldkluis, which starts it with one
 * end of a socket as descriptor 0.  It holds no key and runs the statements of
 * the store by number; once connected it gives up all but its two sockets.
 * By hand it prints the script that makes the tables.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/complain.h"
#include "cmd/env.h"
#include "cmd/pg/env.h"
#include "cmd/pg/program.h"
#include "core/base/io.h"
#include "crypto/gcrypt.h"

static const char help_nl[] =
    "meldkluis-pg --schema\n"
    "    het script voor de beheerder van een server (psql): tabellen en "
    "rechten\n"
    "meldkluis-pg --version\n"
    "\n"
    "Zonder opties wordt het door meldkluis gestart, dat de sleutels heeft.\n";

static const char help_en[] =
    "meldkluis-pg --schema\n"
    "    the script for the administrator of a server (psql): tables and "
    "grants\n"
    "meldkluis-pg --version\n"
    "\n"
    "Without options it is started by meldkluis, which has the keys.\n";

static enum mk_err print(const void *p, size_t n, struct mk_diag *diag)
{
    return mk_io_write(STDOUT_FILENO, p, n)
               ? MK_OK
               : mk_fail_sys(diag, MK_E_IO, "stdout");
}

static enum mk_err print_schema(struct mk_diag *diag)
{
    struct mk_buf script = MK_BUF_INIT;
    enum mk_err rc = mk_pg_schema(&script);

    rc = rc == MK_OK ? print(script.data, script.len, diag)
                     : mk_fail(diag, rc, "--schema");
    mk_buf_release(&script);
    return rc;
}

/* Bytes that it may have: a frame of the largest size, some times over. */
#define MEMORY ((rlim_t)512 << 20)

/* Whatever a server sends: nobody works on for who is gone, and no answer fills
 * the machine. */
static enum mk_err limit(struct mk_diag *diag)
{
#ifndef __SANITIZE_ADDRESS__ /* which takes what it likes */
    const struct rlimit memory = {MEMORY, MEMORY};

    if (setrlimit(RLIMIT_DATA, &memory) != 0)
        return mk_fail_sys(diag, MK_E_INTERNAL, "RLIMIT_DATA");
#endif
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0
               ? MK_OK
               : mk_fail_sys(diag, MK_E_INTERNAL, "PR_SET_PDEATHSIG");
}

static enum mk_err serve(struct mk_harden *h, struct mk_diag *diag)
{
    struct stat st;
    enum mk_err rc;

    if (fstat(STDIN_FILENO, &st) != 0 || !S_ISSOCK(st.st_mode))
        return mk_fail(diag, MK_E_USAGE, "meldkluis-pg");
    /* Ctrl-C at a question is meant for who asks: a session goes on, and so
     * does its connection.  No terminal is ours from here on */
    (void)setsid();
    rc = limit(diag);
    return rc == MK_OK ? mk_session_serve(STDIN_FILENO, h, diag) : rc;
}

static enum mk_err run(int argc, char **argv, bool english,
                       struct mk_diag *diag)
{
    const char *text = english ? help_en : help_nl;
    const char *word = argc == 2 ? argv[1] : "";
    struct mk_harden harden;
    enum mk_err rc;

    MK_TRY(mk_harden_begin(&harden, diag));
    mk_pg_env_reduce();
    /* nothing that whoever started us had open is for us; no such call in the
     * kernel is no harm: the sandbox follows */
    (void)close_range(3, ~0u, 0);
    MK_TRY(mk_gcrypt_init(diag));
    if (argc == 1)
        return serve(&harden, diag);
    if (strcmp(word, "--schema") == 0)
        return print_schema(diag);
    if (strcmp(word, "--help") == 0)
        return print(text, strlen(text), diag);
    if (strcmp(word, "--version") == 0)
        return print("meldkluis-pg " MK_VERSION "\n",
                     strlen("meldkluis-pg " MK_VERSION "\n"), diag);
    rc = mk_fail(diag, MK_E_USAGE, argv[1]);
out:
    return rc;
}

int main(int argc, char **argv)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_env env;

    mk_env_read(&env);
    if (run(argc, argv, env.english, &diag) == MK_OK)
        return MK_EXIT_DONE;
    return mk_complain("meldkluis-pg", "meldkluis-pg --help", &diag,
                       env.english);
}
