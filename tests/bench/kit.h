/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vault for a bench, and invented dossiers to put into it. */
#ifndef MK_TESTS_BENCH_KIT_H
#define MK_TESTS_BENCH_KIT_H

#include "core/vault.h"

/* A vault in folder, with one person of each role: bewaarder, inspecteur,
 * analist, auditor. */
struct bench_vault {
    char vault[256], state[256];
    struct mk_where where;
};
/* Where such a vault lies. */
void bench_vault_at(struct bench_vault *b, const char *folder,
                    const char *name);
/* Makes it there. */
void bench_vault_people(const struct bench_vault *b);
void bench_vault_make(struct bench_vault *b, const char *folder,
                      const char *name);
struct mk_vault *bench_vault_open(const struct bench_vault *b,
                                  const char *name);
/* Copies the folders of b to those of name, and says so in *to. */
void bench_vault_copy(const struct bench_vault *b, struct bench_vault *to,
                      const char *folder, const char *name);
void bench_vault_remove(const struct bench_vault *b);
/* One dossier taken in by hand. */
struct mk_dossier_ref bench_intake(struct mk_vault *v);

/* Invented dossiers as CSV: the rows of the demo, each with a reference of its
 * own.  Read with bench_csv_read. */
struct bench_csv {
    char *rows;        /* text of the demo, header first */
    size_t at;         /* where the next row begins; 0: before the header */
    uint64_t n, limit; /* rows given, rows wanted */
    char line[512];    /* row being given */
    size_t len, done;
};
void bench_csv_init(struct bench_csv *c, uint64_t limit);
void bench_csv_release(struct bench_csv *c);
enum mk_err bench_csv_read(void *ctx, void *p, size_t n, size_t *got);
void bench_import(struct mk_vault *v, uint64_t rows);

#endif
