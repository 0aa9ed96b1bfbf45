/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An import, against the bare library writing equal rows on a copy of the same
 * file in as many transactions (tape.h).
 *
 * Once as vaults are opened, once with the library's memory security off on
 * both sides: it locks and wipes whatever the library allocates, and is a good
 * part of what a row costs.  A process cannot go back from it, so each half
 * runs in a process of its own, and what stands between the driver and the
 * library below leaves the setting out.
 */
#define SQLITE_HAS_CODEC 1
#include <sqlcipher/sqlite3.h>

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"
#include "tests/bench/kit.h"
#include "tests/bench/tape.h"

#define SET_SECURITY "PRAGMA cipher_memory_security = ON"
#define ASK_SECURITY "PRAGMA cipher_memory_security"

/* In front of the library's own functions of these names. */
static bool leave_out;

typedef int exec_function(sqlite3 *, const char *,
                          int (*)(void *, int, char **, char **), void *,
                          char **);
typedef int prepare_function(sqlite3 *, const char *, int, sqlite3_stmt **,
                             const char **);

int sqlite3_exec(sqlite3 *db, const char *sql,
                 int (*each)(void *, int, char **, char **), void *ctx,
                 char **message)
{
    static exec_function *real;

    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_exec");
    if (leave_out && strcmp(sql, SET_SECURITY) == 0)
        return SQLITE_OK;
    return real(db, sql, each, ctx, message);
}

int sqlite3_prepare_v2(sqlite3 *db, const char *sql, int n, sqlite3_stmt **out,
                       const char **tail)
{
    static prepare_function *real;

    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_prepare_v2");
    if (leave_out && strcmp(sql, ASK_SECURITY) == 0)
        sql = "SELECT '1'";
    return real(db, sql, n, out, tail);
}

static void pair(const struct bench_vault *ours, const char *folder,
                 uint64_t rows, struct bench_pairs *p,
                 struct bench_pairs *above, struct tape *t)
{
    struct bench_vault a;
    struct bench_vault b;
    struct tape_bare *bare;
    struct mk_vault *v;
    double taken;
    double again;

    bench_vault_copy(ours, &a, folder, "import-a");
    bench_vault_copy(ours, &b, folder, "import-b");
    v = bench_vault_open(&a, "inspecteur");
    bare = tape_bare_open(b.vault, v->keys[MK_KEY_DBK]);
    tape_insert(t, v->store);
    tape_start(t, TAPE_WRITES);
    taken = bench_now();
    bench_import(v, rows);
    taken = bench_now() - taken;
    again = bench_now();
    tape_bare_write(bare, t);
    again = bench_now() - again;
    bench_pairs_add(p, taken, again);
    bench_pairs_add(above, taken - t->seconds, again);
    tape_bare_close(bare);
    tape_remove(t, v->store);
    mk_vault_close(v);
    bench_vault_remove(&a);
    bench_vault_remove(&b);
}

static void measure(const char *folder, uint64_t rows, size_t n)
{
    struct bench_pairs p = {.n = 0};
    struct bench_pairs above = {.n = 0};
    struct bench_vault ours;
    struct tape t;

    bench_vault_make(&ours, folder, "import");
    for (size_t i = 0; i < n; i++)
        pair(&ours, folder, rows, &p, &above, &t);
    bench_vault_remove(&ours);
    bench_ratio(bench_pairs_ratio(&p), leave_out ? 0 : 1.5,
                "import of %llu dossiers: %llu rows (%zu pairs)%s",
                (unsigned long long)rows, (unsigned long long)t.rows, n,
                leave_out ? ", memory security off on both sides" : "");
    bench_note("above the library (CSV, rules, sealing, trees) %.2f of the "
               "bare time; %llu reads",
               bench_pairs_ratio(&above), (unsigned long long)t.reads);
}

int main(int argc, char **argv)
{
    bench_must(argc == 4, "bench_import FOLDER DOSSIERS PAIRS");
    for (int half = 0; half < 2; half++) {
        int status = -1;
        pid_t pid = fork();

        if (pid == 0) {
            leave_out = half == 1;
            measure(argv[1], strtoull(argv[2], NULL, 10),
                    strtoul(argv[3], NULL, 10));
            exit(0);
        }
        bench_must(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0,
                   "half of the bench");
    }
    return 0;
}
