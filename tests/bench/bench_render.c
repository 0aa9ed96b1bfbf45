/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A factsheet of ten years in every format that this program makes itself (a
 * PDF is made by another), next to the least that can be done with the bytes:
 *
 *   build    counts read, tables, notes and summary
 *   render   the files of all formats
 *   copy     the same bytes moved in memory once
 *   jansson  the JSON among them read and written again by the library
 */
#include "tests/bench/bench.h"

#include "reports/format.h"
#include "tests/support/cube_text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 25
#define YEARS 10
#define FIRST 2012
#define AIM_SECONDS 2.0

static const char *const categories[] = {"SM", "SI", "PG", "FG", "OV"};
static const char *const care_types[] = {"KDV", "BSO", "VGO", "GOB", "ONB"};
static const char *const reporters[] = {"OUD", "HOU", "MED", "GAS", "GGD",
                                        "PRO", "VPE", "DER", "ANO"};
#define LENGTH(list) (sizeof(list) / sizeof(list)[0])
enum {
    ROWS = YEARS * LENGTH(categories) * LENGTH(care_types) *
           LENGTH(reporters) * 2
};

static void make_cube(struct mk_buf *cube)
{
    struct mk_diag diag = MK_DIAG_INIT;
    unsigned n = 0;
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(cube, "meldkluis-cube: 1\nyears:"));
    for (int y = 0; y < YEARS; y++)
        MK_TRY(mk_buf_addf(cube, " %d", FIRST + y));
    MK_TRY(mk_buf_addf(cube,
                       "\nbasis: calendar\ndata-date: 2023-03-01\n"
                       "position: 366\nrows: %d\n\n" CUBE_COLUMNS,
                       (int)ROWS));
    for (int y = 0; y < YEARS; y++)
        for (size_t c = 0; c < LENGTH(categories); c++)
            for (size_t k = 0; k < LENGTH(care_types); k++)
                for (size_t r = 0; r < LENGTH(reporters); r++)
                    for (int duty = 0; duty < 2; duty++)
                        MK_TRY(mk_buf_addf(cube, "%d,%s,%s,%s,%s,%u\n",
                                           FIRST + y, categories[c],
                                           care_types[k], reporters[r],
                                           duty ? "J,XIV,J,J,J,J,J,N,N,N"
                                                : "N,GEEN,N,NR,N,N,N,N,N,N",
                                           1 + n++ % 97));
out:
    bench_ok(rc, &diag, "cube");
}

static void build(struct mk_factsheet *f, const struct mk_buf *cube)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_counts counts;
    mk_counts_init(&counts);
    mk_factsheet_init(f);
    f->policy = MK_POLICY_INTERNAL; /* the most rows */
    f->threshold = 5;
    bench_ok(mk_counts_parse(&counts, cube->data, cube->len, &diag), &diag,
             "counts");
    bench_ok(mk_factsheet_build(f, &counts, &diag), &diag, "build");
    mk_counts_release(&counts);
}

static double render(struct mk_buf *text, const struct mk_factsheet *f)
{
    struct mk_diag diag = MK_DIAG_INIT;
    double t = bench_now();
    for (unsigned i = 0; i < MK_FILE_COUNT; i++) {
        mk_buf_clear(&text[i]);
        if (i != MK_FILE_PDF)
            bench_ok(mk_format_get(i)->render(&text[i], f), &diag,
                     mk_format_get(i)->file);
    }
    return bench_now() - t;
}

static double copy(const struct mk_buf *text, struct mk_buf *out)
{
    struct mk_diag diag = MK_DIAG_INIT;
    double t = bench_now();
    mk_buf_clear(out);
    for (unsigned i = 0; i < MK_FILE_COUNT; i++)
        bench_ok(mk_buf_add(out, text[i].data, text[i].len), &diag, "copy");
    return bench_now() - t;
}

static double jansson(const struct mk_buf *text)
{
    static const enum mk_format_file files[] = {MK_FILE_JSON, MK_FILE_JSONSTAT,
                                                MK_FILE_CSVW, MK_FILE_RELEASE};
    double t = bench_now();
    for (size_t i = 0; i < LENGTH(files); i++) {
        const struct mk_buf *one = &text[files[i]];
        json_t *root = json_loadb((const char *)one->data, one->len, 0, NULL);
        char *again = json_dumps(root, JSON_INDENT(1));
        bench_must(again != NULL, "jansson");
        free(again);
        json_decref(root);
    }
    return bench_now() - t;
}

int main(void)
{
    static struct bench_pairs bytes, json;
    struct mk_buf cube = MK_BUF_INIT, out = MK_BUF_INIT;
    struct mk_buf text[MK_FILE_COUNT] = {MK_BUF_INIT};
    struct mk_factsheet f;
    double seconds[ROUNDS];
    size_t total = 0;
    make_cube(&cube);
    for (int i = 0; i < ROUNDS; i++) {
        double t = bench_now();
        build(&f, &cube);
        t = bench_now() - t;
        double made = render(text, &f);
        seconds[i] = t + made;
        bench_pairs_add(&bytes, made, copy(text, &out));
        bench_pairs_add(&json, made, jansson(text));
        mk_factsheet_release(&f);
    }
    for (unsigned i = 0; i < MK_FILE_COUNT; i++) {
        total += text[i].len;
        mk_buf_release(&text[i]);
    }
    bench_title("Ten years, all tables, all formats of the program itself");
    bench_ratio(bench_pairs_ratio(&json), 0,
                "all formats / the library reading and writing the JSON "
                "among them again");
    bench_ratio(bench_pairs_ratio(&bytes), 0,
                "all formats / moving their %zu KiB in memory once",
                total / 1024);
    bench_ratio(bench_median(seconds, ROUNDS) / AIM_SECONDS, 1,
                "seconds from %d rows of counts to all files (%.3f) / %.0f",
                (int)ROWS, bench_median(seconds, ROUNDS), AIM_SECONDS);
    mk_buf_release(&out);
    mk_buf_release(&cube);
    return 0;
}
