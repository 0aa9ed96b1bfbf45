/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A store of its own in a temporary folder with a statistics stream in it, and
 * invented records.  What goes wrong here ends the program.
 */
#ifndef MK_TESTS_STATS_FIXTURE_H
#define MK_TESTS_STATS_FIXTURE_H

#include "core/stats_parts.h"

struct stats_fixture {
    char path[64];
    int dir;
    struct mk_secret *dbk, *rs;
    struct mk_store *st;
    uint8_t store_id[MK_ID];
    struct mk_stats_key key;
    uint64_t n; /* of the last flush, as a head would say */
    uint8_t root[MK_HASH];
};

void stats_fixture_init(struct stats_fixture *f);
void stats_fixture_release(struct stats_fixture *f); /* removes the folder */

/* Record of dossier ordinal: codes and dates from a fixed row of numbers that
 * begins at seed; the mix is like that of tests/data/dossiers-2018-2020.csv. */
void stats_record_make(struct mk_stats_record *r, uint64_t seed,
                       uint64_t ordinal);
/* The next number of that row. */
uint64_t stats_next(uint64_t *seed);

/* Appends r[0 .. n - 1] in one transaction. */
void stats_fixture_append(struct stats_fixture *f,
                          const struct mk_stats_record *r, size_t n);
/* A count in a read transaction. */
enum mk_err stats_fixture_count(struct stats_fixture *f, uint64_t n_dossiers,
                                const struct mk_as_of *as_of,
                                struct mk_cube *cube, struct mk_diag *diag);
enum mk_err stats_fixture_verify(struct stats_fixture *f,
                                 struct mk_diag *diag);
/* Opens for appending (and closes). */
enum mk_err stats_fixture_open(struct stats_fixture *f, struct mk_diag *diag);

/* Runs SQL behind the store's back, as somebody with DBK can; the result is
 * the first column of the first row, or 0. */
int64_t stats_fixture_sql(struct stats_fixture *f, const char *sql);

/* The database itself, opened apart: for what goes further. */
struct sqlite3;
struct sqlite3 *stats_fixture_raw(struct stats_fixture *f);

#endif
