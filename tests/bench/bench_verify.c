/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * log verify against what it is made of.
 *
 * Two vaults: one with many leaves, dossiers and entries under few heads, whose
 * verification is hashing; one with a head for each leaf, whose verification is
 * signatures.  Each is verified once from the file, which puts all rows on a
 * tape (tape.h), and then again and again from the tape, without the library:
 * what is left is the work of verification itself.  Next to it
 *
 *   raw SHA-256   every byte that has to be hashed, once, in the same pieces:
 *                 leaves, rows, chains, and the inner nodes of both trees
 *   raw Ed25519   as many signatures of texts of the same size
 */
#include <gcrypt.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/tx.h"
#include "tests/bench/bench.h"
#include "tests/bench/kit.h"
#include "tests/bench/tape.h"

#define NODE 65
#define CHAIN (9 + 32 + 32)
#define DOSSIER_LEAF (1 + 4 + 8 + 16 + 8 + 32 + 8 + 32)
#define HEAD_TEXT (18 + 296)
#define BUFFER ((size_t)1 << 20)

/* ---- what has to be hashed ---- */

struct pieces {
    uint32_t *size;
    size_t n, cap;
    uint64_t bytes;
    uint64_t leaves, dossiers;
};

static void add(struct pieces *p, size_t size)
{
    if (p->n == p->cap) {
        p->cap = p->cap == 0 ? 65536 : p->cap * 2;
        p->size = realloc(p->size, p->cap * sizeof *p->size);
        bench_must(p->size != NULL, "memory");
    }
    p->size[p->n++] = (uint32_t)size;
    p->bytes += size;
}

static void add_row(void *ctx, const char *query, const size_t *size, size_t n)
{
    struct pieces *p = ctx;
    size_t row = 4 * n;

    for (size_t i = 0; i < n; i++)
        row += size[i];
    if (strcmp(query, "LOG_WALK") == 0) {
        add(p, 1 + size[1]);
        p->leaves++;
    } else if (strcmp(query, "DOSSIER_WALK") == 0) {
        add(p, row);
        add(p, DOSSIER_LEAF);
        p->dossiers++;
    } else if (strcmp(query, "ENTRY_WALK_ALL") == 0) {
        add(p, row);
        add(p, CHAIN);
    }
}

static void find_pieces(struct pieces *p, const struct tape *t)
{
    *p = (struct pieces){.n = 0};
    tape_each_row(t, add_row, p);
    for (uint64_t i = 1; i < p->leaves; i++)
        add(p, NODE);
    for (uint64_t i = 1; i < p->dossiers; i++)
        add(p, NODE);
}

static double raw_hash(const struct pieces *p, const uint8_t *buffer)
{
    double start = bench_now();
    uint8_t hash[32];
    size_t at = 0;

    for (size_t i = 0; i < p->n; i++) {
        bench_must(p->size[i] < BUFFER, "size of a piece");
        if (at + p->size[i] > BUFFER)
            at = 0;
        gcry_md_hash_buffer(GCRY_MD_SHA256, hash, buffer + at, p->size[i]);
        at += p->size[i];
    }
    return bench_now() - start;
}

static double raw_stream(uint64_t bytes, const uint8_t *buffer)
{
    double start = bench_now();
    gcry_md_hd_t md;

    bench_must(gcry_md_open(&md, GCRY_MD_SHA256, 0) == 0, "SHA-256");
    for (uint64_t left = bytes; left > 0;) {
        size_t some = left < BUFFER ? (size_t)left : BUFFER;

        gcry_md_write(md, buffer, some);
        left -= some;
    }
    bench_must(gcry_md_read(md, GCRY_MD_SHA256) != NULL, "SHA-256");
    gcry_md_close(md);
    return bench_now() - start;
}

/* ---- signatures ---- */

#define SIGNED 256

static double raw_signatures(uint64_t n)
{
    static uint8_t text[SIGNED][HEAD_TEXT];
    static uint8_t sig[SIGNED][64];
    uint8_t pk[32];
    uint8_t sk[64];
    double start;

    crypto_sign_keypair(pk, sk);
    for (size_t i = 0; i < SIGNED; i++) {
        randombytes_buf(text[i], HEAD_TEXT);
        crypto_sign_detached(sig[i], NULL, text[i], HEAD_TEXT, sk);
    }
    start = bench_now();
    for (uint64_t i = 0; i < n; i++)
        bench_must(crypto_sign_verify_detached(
                       sig[i % SIGNED], text[i % SIGNED], HEAD_TEXT, pk) == 0,
                   "Ed25519");
    return bench_now() - start;
}

/* ---- verification ---- */

static double verify(struct mk_vault *v, struct mk_verify_report *report)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    double start = bench_now();

    bench_ok(mk_log_verify(v, &access, report, NULL, NULL, &diag), &diag,
             "verify");
    return bench_now() - start;
}

/* The tape gets what a verification reads.  Suspect: so that verifying the
 * same thing again does not add an entry that says so. */
static double record(struct mk_vault *v, struct tape *t,
                     struct mk_verify_report *report)
{
    double whole;

    tape_insert(t, v->store);
    v->suspect = MK_E_ROLLED_BACK;
    whole = verify(v, report);
    tape_start(t, TAPE_READS);
    verify(v, report);
    return whole;
}

static void hashing(const char *folder, uint64_t rows, size_t n)
{
    struct bench_pairs pieces_pairs = {.n = 0};
    struct bench_pairs stream_pairs = {.n = 0};
    uint8_t *buffer = malloc(BUFFER);
    struct mk_verify_report report;
    struct bench_vault ours;
    struct pieces pieces;
    struct mk_vault *v;
    struct tape t;
    double whole;

    bench_must(buffer != NULL, "memory");
    randombytes_buf(buffer, BUFFER);
    bench_vault_make(&ours, folder, "verify-leaves");
    v = bench_vault_open(&ours, "inspecteur");
    bench_import(v, rows);
    whole = record(v, &t, &report);
    find_pieces(&pieces, &t);
    for (size_t i = 0; i < n; i++) {
        double a;

        tape_start(&t, TAPE_PLAY);
        a = verify(v, &report);
        bench_pairs_add(&pieces_pairs, a, raw_hash(&pieces, buffer));
        bench_pairs_add(&stream_pairs, a, raw_stream(pieces.bytes, buffer));
    }
    bench_ratio(bench_pairs_ratio(&pieces_pairs), 2.0,
                "hashing of log verify / raw SHA-256: %llu leaves, %llu "
                "entries, %zu pieces of %.0f bytes",
                (unsigned long long)report.log_size,
                (unsigned long long)report.entries, pieces.n,
                (double)pieces.bytes / (double)pieces.n);
    bench_ratio(bench_pairs_ratio(&stream_pairs), 0,
                "the same / the same bytes as one long text");
    bench_ratio(whole / bench_median(pieces_pairs.b, n), 0,
                "log verify from the file / raw SHA-256: pages deciphered, "
                "their codes checked twice, rows read");
    tape_remove(&t, v->store);
    mk_vault_close(v);
    bench_vault_remove(&ours);
    free(pieces.size);
    free(buffer);
}

static void signatures(const char *folder, uint64_t heads, size_t n)
{
    const struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_LIST,
        .outcome = MK_OUTCOME_ASKED,
        .purpose = MK_PURPOSE_BEH,
    };
    struct mk_diag diag = MK_DIAG_INIT;
    struct bench_pairs pairs = {.n = 0};
    struct mk_verify_report report;
    struct bench_vault ours;
    struct mk_vault *v;
    struct tape t;
    double whole;

    bench_vault_make(&ours, folder, "verify-heads");
    v = bench_vault_open(&ours, "inspecteur");
    for (uint64_t i = 0; i < heads; i++)
        bench_ok(mk_log_now(v, &item, &diag), &diag, "entry");
    whole = record(v, &t, &report);
    for (size_t i = 0; i < n; i++) {
        double a;

        tape_start(&t, TAPE_PLAY);
        a = verify(v, &report);
        bench_pairs_add(&pairs, a, raw_signatures(report.signatures));
    }
    bench_ratio(bench_pairs_ratio(&pairs), 1.3,
                "signatures of log verify / raw Ed25519: %llu signatures",
                (unsigned long long)report.signatures);
    bench_ratio(whole / bench_median(pairs.b, n), 0,
                "log verify from the file / raw Ed25519");
    tape_remove(&t, v->store);
    mk_vault_close(v);
    bench_vault_remove(&ours);
}

int main(int argc, char **argv)
{
    bench_must(argc == 5, "bench_verify FOLDER DOSSIERS HEADS PAIRS");
    hashing(argv[1], strtoull(argv[2], NULL, 10), strtoul(argv[4], NULL, 10));
    signatures(argv[1], strtoull(argv[3], NULL, 10),
               strtoul(argv[4], NULL, 10));
    return 0;
}
