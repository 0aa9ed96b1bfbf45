/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * meldkluis-verify against what it is made of, on exports that lie in the page
 * cache: one with many entries under few heads, whose judgement is hashing; one
 * with a head and a session for each entry, whose judgement is signatures.
 *
 *   raw SHA-256   every leaf and every inner node once, in the same pieces
 *   raw Ed25519   as many signatures of texts of the same size
 */
#include <check.h>
#include <gcrypt.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/verify/files.h"
#include "cmd/verify/verify.h"
#include "tests/bench/bench.h"
#include "tests/support/export_kit.h"

#define LEAF (1 + MK_LEAF_ENTRY)
#define NODE 65
#define HEAD_TEXT (18 + MK_HEAD)
#define MANY 4000 /* entries under one head */

static struct mk_kr_office office;
static uint8_t rl[32];

static double judge(const char *folder, bool with_key,
                    struct mk_vf_report *report)
{
    struct mk_vf_job job = {.secret = with_key ? rl : NULL};
    struct mk_diag diag = MK_DIAG_INIT;
    double start = bench_now();

    bench_ok(mk_vf_folder(&job.dir, folder, &diag), &diag, "folder");
    bench_ok(mk_vf_judge(&job, report, &diag), &diag, "judge");
    close(job.dir);
    bench_must(mk_vf_passed(report) && report->verdict[MK_VF_INTACT].judged,
               "an export that is intact");
    return bench_now() - start;
}

/* n entries, per_head under each head. */
static void make(const char *folder, uint64_t n, size_t per_head)
{
    struct mk_xk_tx list = {.person = MK_KR_INSPECTOR, .kind = MK_AUDIT_LIST};
    struct mk_xk x;

    bench_must(mkdir(folder, 0700) == 0, folder);
    mk_xk_make(&x, &office);
    while (x.n < n) {
        list.entries = n - x.n < per_head ? (size_t)(n - x.n) : per_head;
        mk_xk_do(&x, &list);
        mk_xk_flush(&x, folder);
    }
    mk_xk_write(&x, folder);
    mk_xk_release(&x);
}

static double raw_hash(uint64_t leaves)
{
    static uint8_t text[1 << 16];
    uint8_t hash[32];
    double start = bench_now();

    for (uint64_t i = 0; i < leaves; i++) {
        gcry_md_hash_buffer(GCRY_MD_SHA256, hash, text + i % 4096, LEAF);
        gcry_md_hash_buffer(GCRY_MD_SHA256, hash, text + i % 4096, NODE);
    }
    return bench_now() - start;
}

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

static void hashing(const char *folder, uint64_t n, size_t pairs)
{
    struct bench_pairs hash = {.n = 0}, key = {.n = 0};
    struct mk_vf_report report;
    char few[256], all[256];
    double peak;

    snprintf(few, sizeof few, "%s/export-few", folder);
    snprintf(all, sizeof all, "%s/export-all", folder);
    make(few, n / 100, MANY);
    make(all, n, MANY);
    bench_memory_reset();
    judge(few, true, &report);
    peak = bench_memory_peak();
    bench_memory_reset();
    judge(all, true, &report);
    bench_ratio(
        bench_memory_peak() / peak, 1.1,
        "peak of memory, %llu entries / a hundredth of them (%.0f MiB)",
        (unsigned long long)report.size, peak);
    for (size_t i = 0; i < pairs; i++) {
        double a = judge(all, false, &report);

        bench_pairs_add(&hash, a, raw_hash(report.size));
        bench_pairs_add(&key, judge(all, true, &report), a);
    }
    bench_ratio(bench_pairs_ratio(&hash), 2.0,
                "hashing of meldkluis-verify / raw SHA-256: %llu entries",
                (unsigned long long)report.size);
    bench_note("%.2f s for all of it, from files",
               bench_median(hash.a, hash.n));
    bench_ratio(bench_pairs_ratio(&key), 0,
                "with the auditor's key, every entry opened / without");
}

static void signatures(const char *folder, uint64_t heads, size_t pairs)
{
    struct bench_pairs sig = {.n = 0};
    struct mk_vf_report report;
    char path[256];

    snprintf(path, sizeof path, "%s/export-heads", folder);
    make(path, 2 * heads, 1);
    for (size_t i = 0; i < pairs; i++) {
        double a = judge(path, false, &report);

        bench_pairs_add(&sig, a, raw_signatures(report.signatures));
    }
    bench_ratio(bench_pairs_ratio(&sig), 1.3,
                "signatures of meldkluis-verify / raw Ed25519: %llu heads, "
                "%llu signatures",
                (unsigned long long)report.heads,
                (unsigned long long)report.signatures);
}

static char **arguments;

/* What the kit asserts has to happen in a test of libcheck. */
START_TEST(bench)
{
    struct mk_secret *box;

    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    mk_kr_office_make(&office);
    box = mk_secret_part(office.secrets[MK_KEY_RL], 0, 32);
    bench_must(box != NULL, "memory");
    memcpy(rl, mk_secret_peek(box), 32);
    mk_secret_free(box);
    hashing(arguments[1], strtoull(arguments[2], NULL, 10),
            strtoul(arguments[4], NULL, 10));
    signatures(arguments[1], strtoull(arguments[3], NULL, 10),
               strtoul(arguments[4], NULL, 10));
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("export");
    TCase *all = tcase_create("bench");
    SRunner *runner;
    int failed;

    bench_must(argc == 5, "bench_judge FOLDER ENTRIES HEADS PAIRS");
    arguments = argv;
    tcase_add_test(all, bench);
    suite_add_tcase(suite, all);
    runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_SILENT);
    failed = srunner_ntests_failed(runner);
    if (failed)
        srunner_print(runner, CK_NORMAL);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
