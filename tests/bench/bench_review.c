/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reviewer's questions to a large log, in one pass, next to what cannot be
 * avoided:
 *
 *   reading     every row of the log by the bare library
 *   decryption  as many entries of the same size: HMAC-SHA-512 of nonce and
 *               place, XChaCha20-Poly1305 of 192 bytes
 *   hashing     SHA-256 of as many leaves, for the tree that proves them
 *
 * and the judging alone, next to decryption; and what memory each takes.
 */
#include <gcrypt.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/leaf.h"
#include "core/log_watch.h"
#include "core/tx.h"
#include "tests/bench/bench.h"
#include "tests/bench/kit.h"
#include "tests/bench/tape.h"

#define A_TIME 1000 /* entries a transaction */
#define DOSSIERS 20000
#define SEALED 1024
#define BODY (MK_LEAF_PLAIN + 16)
#define HMAC_TEXT (17 + 29 + 4 + MK_LEAF_PREFIX)

static const struct mk_access reviewer = {.purpose = MK_PURPOSE_CTL};

/* The i-th thing that somebody of an invented office did. */
static struct mk_log_item deed(uint64_t i)
{
    static const enum mk_audit kinds[] = {
        MK_AUDIT_SHOW, MK_AUDIT_CHANGE,   MK_AUDIT_LIST, MK_AUDIT_COPY,
        MK_AUDIT_SHOW, MK_AUDIT_TIMELINE, MK_AUDIT_SHOW, MK_AUDIT_CLOCK,
    };
    uint64_t dossier = i < DOSSIERS ? i : (i * 7919) % DOSSIERS;
    struct mk_log_item item = {
        .time_ms = (int64_t)(1700000000000 + i * 30000),
        .actor = {(uint8_t)(i / 50 % 12)},
        .role = MK_ROLE_INSPECTOR,
        .kind = i < DOSSIERS ? MK_AUDIT_INTAKE
                             : kinds[i % (sizeof kinds / sizeof kinds[0])],
        .outcome = MK_OUTCOME_DONE,
        .purpose = i % 5 == 0 ? MK_PURPOSE_WRN : MK_PURPOSE_BEH,
        .verb = MK_VERB_NOTITIE,
        .mask = MK_SHOWN_FACTS,
    };

    if (mk_audit_of_dossier(item.kind))
        memcpy(item.object, &dossier, sizeof dossier);
    return item;
}

static void fill(struct mk_vault *v, uint64_t entries)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_tx tx;

    for (uint64_t i = 0; i < entries;) {
        bench_ok(mk_tx_begin(&tx, v, NULL, &diag), &diag, "begin");
        for (size_t k = 0; k < A_TIME && i < entries; k++, i++) {
            struct mk_log_item item = deed(i);

            bench_ok(mk_tx_leaf(&tx, &item, &diag), &diag, "entry");
        }
        bench_ok(mk_tx_commit(&tx, &diag), &diag, "commit");
        mk_tx_abort(&tx);
    }
}

/* ---- the unavoidable ---- */

struct sealed {
    uint8_t place[HMAC_TEXT], nonce[24], body[BODY];
};

static double raw_decryption(uint64_t entries)
{
    static struct sealed all[SEALED];
    uint8_t key[32], plain[MK_LEAF_PLAIN] = {0};
    gcry_md_hd_t md;
    double start;

    bench_must(
        gcry_md_open(&md, GCRY_MD_SHA512, GCRY_MD_FLAG_HMAC) == 0 &&
            gcry_md_setkey(md, "0123456789abcdef0123456789abcdef", 32) == 0,
        "HMAC");
    randombytes_buf(key, sizeof key);
    randombytes_buf(all, sizeof all);
    for (size_t i = 0; i < SEALED; i++)
        crypto_aead_xchacha20poly1305_ietf_encrypt(
            all[i].body, NULL, plain, sizeof plain, all[i].place,
            MK_LEAF_PREFIX, NULL, all[i].nonce, key);
    start = bench_now();
    for (uint64_t i = 0; i < entries; i++) {
        const struct sealed *s = &all[i % SEALED];

        gcry_md_reset(md);
        gcry_md_write(md, s->place, sizeof s->place);
        bench_must(gcry_md_read(md, GCRY_MD_SHA512) != NULL, "HMAC");
        bench_must(crypto_aead_xchacha20poly1305_ietf_decrypt(
                       plain, NULL, NULL, s->body, BODY, s->place,
                       MK_LEAF_PREFIX, s->nonce, key) == 0,
                   "decryption");
    }
    start = bench_now() - start;
    gcry_md_close(md);
    return start;
}

static double raw_hashing(uint64_t entries)
{
    uint8_t leaf[1 + MK_LEAF_ENTRY] = {0}, node[65] = {1}, hash[32];
    double start = bench_now();

    for (uint64_t i = 0; i < entries; i++) {
        gcry_md_hash_buffer(GCRY_MD_SHA256, hash, leaf, sizeof leaf);
        gcry_md_hash_buffer(GCRY_MD_SHA256, hash, node, sizeof node);
    }
    return bench_now() - start;
}

static double bare_reading(struct mk_vault *v)
{
    double start = bench_now();

    tape_bare_walk(v->store, MK_Q_LOG_WALK);
    return bench_now() - start;
}

/* ---- ours ---- */

static double summarise(struct mk_vault *v, uint64_t entries)
{
    const struct mk_log_filter all = {.from = MK_DAY_NONE,
                                      .until = MK_DAY_NONE};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_log_summary s;
    double start = bench_now();

    bench_ok(mk_log_summarise(v, &reviewer, &all, &s, &diag), &diag,
             "summary");
    start = bench_now() - start;
    bench_must(s.n >= entries && s.unreadable == 0, "summary is not whole");
    mk_log_summary_release(&s);
    return start;
}

static enum mk_err count(void *ctx, const struct mk_log_item *item)
{
    uint64_t *n = ctx;

    (void)item;
    ++*n;
    return MK_OK;
}

static double ask(struct mk_vault *v)
{
    const struct mk_log_filter few = {
        .from = MK_DAY_NONE,
        .until = MK_DAY_NONE,
        .questions = MK_QUESTION_BIT(MK_QUESTION_EMERGENCY)};
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t n = 0;
    double start = bench_now();

    bench_ok(mk_log_list(v, &reviewer, &few, count, &n, &diag), &diag, "list");
    return bench_now() - start;
}

/* Nothing but the judging, of entries of many persons, in memory. */
static double judge(uint64_t entries)
{
    struct mk_log_item *item = calloc(entries, sizeof *item);
    struct mk_log_watch *w = NULL;
    double start;

    bench_must(item != NULL, "memory");
    for (uint64_t i = 0; i < entries; i++)
        item[i] = deed(i);
    bench_must(mk_log_watch_new(&w, 0) == MK_OK, "memory");
    start = bench_now();
    for (uint64_t i = 0; i < entries; i++)
        bench_must(mk_log_watch_see(w, &item[i]) == MK_OK, "judging");
    start = bench_now() - start;
    mk_log_watch_free(w);
    free(item);
    return start;
}

int main(int argc, char **argv)
{
    struct bench_pairs summary = {.n = 0}, crypto = {.n = 0},
                       question = {.n = 0}, judging = {.n = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    struct bench_vault ours;
    struct mk_vault *v;
    uint64_t entries;
    size_t pairs;

    bench_must(argc == 4, "bench_review FOLDER ENTRIES PAIRS");
    entries = strtoull(argv[2], NULL, 10);
    pairs = strtoul(argv[3], NULL, 10);
    bench_ok(mk_init(&diag), &diag, "init");
    bench_vault_make(&ours, argv[1], "review");
    v = bench_vault_open(&ours, "inspecteur");
    fill(v, entries);
    mk_vault_close(v);
    v = bench_vault_open(&ours, "auditor");
    bench_memory_reset();
    summarise(v, entries);
    bench_note(
        "memory of all counts and questions over %llu entries: %.1f MiB "
        "at most",
        (unsigned long long)entries, bench_memory_peak());
    for (size_t i = 0; i < pairs; i++) {
        double a = summarise(v, entries);
        double decrypt = raw_decryption(entries);
        double rest = bare_reading(v) + raw_hashing(entries);

        bench_pairs_add(&summary, a, decrypt + rest);
        bench_pairs_add(&crypto, a, decrypt);
        bench_pairs_add(&question, ask(v), decrypt + rest);
        bench_pairs_add(&judging, judge(entries), decrypt);
    }
    bench_ratio(bench_pairs_ratio(&summary), 2.0,
                "counts and all questions over %llu entries / reading, "
                "decrypting and hashing them barely",
                (unsigned long long)entries);
    bench_ratio(bench_pairs_ratio(&question), 2.0,
                "one question, listed / the same");
    bench_ratio(bench_pairs_ratio(&crypto), 0,
                "counts and all questions / bare decryption alone");
    bench_ratio(
        bench_pairs_ratio(&judging), 1.0,
        "judging alone (caseload, closed, night, bulk, probing) / bare "
        "decryption");
    mk_vault_close(v);
    bench_vault_remove(&ours);
    return 0;
}
