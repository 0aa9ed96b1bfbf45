/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A new R_D over few and many dossiers, next to the bare cipher operations that
 * it cannot do without: of each row the list of keys, the owner and the
 * summary opened and sealed again.  Then whether the time grows with the
 * number of dossiers and the memory does not; and a new key of the file,
 * next to reading and writing equal rows with the bare copy.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/envelope.h"
#include "tests/bench/bench.h"
#include "tests/bench/kit.h"

static const struct mk_access own = {.purpose = 0};

/* ---- the bare operations ---- */

struct sizes {
    size_t n[3]; /* envelopes of a row: dek, owner, summary */
};

static struct sizes sizes_of(struct mk_vault *v)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_dossier_row row;
    struct sizes s;

    mk_dossier_row_init(&row);
    bench_ok(mk_store_begin_read(v->store, &diag), &diag, "read");
    bench_ok(mk_dossier_load(v->store, 0, &row, &diag), &diag, "row");
    s = (struct sizes){{row.dek.n, row.owner.n, row.summary.n}};
    mk_store_rollback(v->store);
    mk_dossier_row_release(&row);
    return s;
}

/* n rows' worth of opening and sealing, in one buffer. */
static double bare(const struct sizes *s, uint64_t n)
{
    static uint8_t sealed[3][4096], plain[4096];
    struct mk_secret *key = mk_secret_random(MK_KEY);
    struct mk_diag diag = MK_DIAG_INIT;
    uint8_t aad[MK_AAD] = {1};
    double start;

    bench_must(key != NULL, "key");
    for (size_t k = 0; k < 3; k++)
        mk_env_seal(sealed[k], key, 1, aad, sizeof aad, plain,
                    s->n[k] - MK_ENV_OVERHEAD);
    start = bench_now();
    for (uint64_t i = 0; i < n; i++)
        for (size_t k = 0; k < 3; k++) {
            bench_ok(mk_env_open(plain, key, aad, sizeof aad, sealed[k],
                                 s->n[k], &diag),
                     &diag, "open");
            mk_env_seal(sealed[k], key, 1, aad, sizeof aad, plain,
                        s->n[k] - MK_ENV_OVERHEAD);
        }
    start = bench_now() - start;
    mk_secret_free(key);
    return start;
}

/* ---- the vault ---- */

/* By the clock and of the processor: other work on the machine lengthens the
 * one, hardly the other, and whether time is linear must not hang on that. */
struct cost {
    double seconds, cpu;
};

static struct cost rekey(struct mk_vault *v, enum mk_key_kind kind)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct cost start = {bench_now(), bench_cpu()};

    bench_ok(mk_rekey(v, &own, kind, &diag), &diag, "rekey");
    return (struct cost){bench_now() - start.seconds, bench_cpu() - start.cpu};
}

#define TIMES 3

struct outcome {
    double ratio, memory, file_memory;
    struct cost rewrap, file;
};

static struct outcome run(const char *folder, uint64_t n)
{
    struct bench_vault b;
    struct bench_pairs pairs = {.n = 0};
    struct outcome o = {.memory = 0};
    double cpu[TIMES];
    struct mk_vault *v;
    struct sizes s;
    char name[32];

    snprintf(name, sizeof name, "rekey-%llu", (unsigned long long)n);
    bench_vault_make(&b, folder, name);
    v = bench_vault_open(&b, "inspecteur");
    bench_import(v, n);
    mk_vault_close(v);
    v = bench_vault_open(&b, "inspecteur");
    s = sizes_of(v);
    for (unsigned i = 0; i < TIMES; i++) {
        struct cost c;

        bench_memory_reset();
        c = rekey(v, MK_KEY_RD);
        if (bench_memory_peak() > o.memory)
            o.memory = bench_memory_peak();
        cpu[i] = c.cpu;
        bench_pairs_add(&pairs, c.seconds, bare(&s, n));
    }
    o.rewrap.seconds = bench_median(pairs.a, pairs.n);
    o.rewrap.cpu = bench_median(cpu, TIMES);
    o.ratio = bench_pairs_ratio(&pairs);
    bench_memory_reset();
    o.file = rekey(v, MK_KEY_DBK);
    o.file_memory = bench_memory_peak();
    mk_vault_close(v);
    bench_vault_remove(&b);
    return o;
}

/* many is of ten times as many dossiers as few. */
static void tell(const char *what, const struct cost *many,
                 const struct cost *few, double memory, double memory_few)
{
    bench_ratio(many->cpu / few->cpu / 10, 1.3,
                "%s: processor time a dossier, of ten times as many (%.1f s)",
                what, many->cpu);
    bench_ratio(many->seconds / few->seconds / 10, 0,
                "%s: the same by the clock (%.1f s)", what, many->seconds);
    bench_ratio(memory / memory_few, 1.5,
                "%s: peak of memory, of ten times as many (%.1f MiB)", what,
                memory);
}

int main(int argc, char **argv)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct outcome few, many;
    uint64_t n;

    bench_must(argc == 3, "usage: bench_rekey FOLDER DOSSIERS");
    n = strtoull(argv[2], NULL, 10);
    bench_must(n >= 1000, "at least 1000 dossiers");
    bench_ok(mk_init(&diag), &diag, "init");
    few = run(argv[1], n / 10);
    many = run(argv[1], n);
    bench_ratio(many.ratio, 0,
                "new R_D over %llu dossiers / opening and sealing the same "
                "envelopes barely (%.1f s)",
                (unsigned long long)n, many.rewrap.seconds);
    bench_ratio(few.ratio, 0, "the same over %llu",
                (unsigned long long)(n / 10));
    tell("new R_D", &many.rewrap, &few.rewrap, many.memory, few.memory);
    tell("new DBK", &many.file, &few.file, many.file_memory, few.file_memory);
    return 0;
}
