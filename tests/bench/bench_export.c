/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * log export: what a first one costs, and one more entry behind few and many.
 *
 * A first export hashes every leaf and node, checks every head and writes a
 * file for each 256; next to it the same leaves and nodes by the bare
 * library.  One more entry must not cost more because there are many before
 * it: both sides write an entry and export into the folder as it was.
 */
#include <fcntl.h>
#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/leaf.h"
#include "core/tx.h"
#include "tests/bench/bench.h"
#include "tests/bench/kit.h"

#define NODE 65
#define FEW 1000

static const struct mk_log_item item = {
    .role = MK_ROLE_AUDITOR,
    .kind = MK_AUDIT_LOG_LIST,
    .outcome = MK_OUTCOME_ASKED,
    .purpose = MK_PURPOSE_CTL,
};

struct side {
    struct bench_vault vault;
    struct mk_vault *v;
    char folder[512];
};

static double export_log(struct side *s, struct mk_export_report *report)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    double start;
    int dir;

    dir = open(s->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bench_must(dir >= 0, "folder of the export");
    start = bench_now();
    bench_ok(mk_log_export(s->v, &access, dir, report, &diag), &diag,
             "export");
    start = bench_now() - start;
    close(dir);
    return start;
}

static void side_make(struct side *s, const char *folder, const char *name,
                      uint64_t entries)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_tx tx;

    bench_vault_make(&s->vault, folder, name);
    s->v = bench_vault_open(&s->vault, "auditor");
    bench_ok(mk_tx_begin(&tx, s->v, NULL, &diag), &diag, "entries");
    while (entries-- > 0)
        bench_ok(mk_tx_leaf(&tx, &item, &diag), &diag, "entries");
    bench_ok(mk_tx_commit(&tx, &diag), &diag, "entries");
    mk_tx_abort(&tx);
    snprintf(s->folder, sizeof s->folder, "%s/%s.uit", folder, name);
    bench_must(mkdir(s->folder, 0700) == 0, "folder of the export");
}

static void side_remove(struct side *s)
{
    mk_vault_close(s->v);
    bench_vault_remove(&s->vault);
}

/* Every leaf and every node once. */
static double raw_hash(uint64_t leaves)
{
    static uint8_t text[1 + MK_LEAF_ENTRY];
    double start = bench_now();
    uint8_t hash[32];

    for (uint64_t i = 0; i < leaves; i++) {
        gcry_md_hash_buffer(GCRY_MD_SHA256, hash, text, sizeof text);
        gcry_md_hash_buffer(GCRY_MD_SHA256, hash, text, NODE);
    }
    return bench_now() - start;
}

int main(int argc, char **argv)
{
    struct bench_pairs pairs = {.n = 0};
    struct mk_export_report report;
    struct side few, many;
    uint64_t entries;
    double first, peak;

    bench_must(argc == 4, "bench_export FOLDER ENTRIES PAIRS");
    entries = strtoull(argv[2], NULL, 10);
    side_make(&few, argv[1], "export-few", FEW);
    side_make(&many, argv[1], "export-many", entries);
    export_log(&few, &report);
    bench_memory_reset();
    first = export_log(&many, &report);
    peak = bench_memory_peak();
    bench_ratio(first / raw_hash(report.log_size), 0,
                "first export of %llu entries / raw SHA-256 of its leaves and "
                "nodes: %llu files, each synced",
                (unsigned long long)report.log_size,
                (unsigned long long)report.files);
    bench_note("memory at most %.0f MiB", peak);
    for (size_t i = strtoul(argv[3], NULL, 10); i > 0; i--) {
        double a = export_log(&many, &report);

        bench_pairs_add(&pairs, a, export_log(&few, &report));
    }
    bench_ratio(bench_pairs_ratio(&pairs), 1.7,
                "one more entry exported behind %llu / behind %d",
                (unsigned long long)entries, FEW);
    side_remove(&few);
    side_remove(&many);
    return 0;
}
