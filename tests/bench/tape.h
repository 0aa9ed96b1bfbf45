/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tape of what passes between the vault and its driver, taken at the seam
 * of core/store/driver.h.  It serves two comparisons:
 *
 *   writes   the row writes of a command, done again with prepared
 *            statements of the bare library on a copy of the same file: equal
 *            rows in equal tables, in as many transactions, and nothing else
 *   reads    the rows that a command read, served again from memory: the
 *            same command without the library beneath
 */
#ifndef MK_TESTS_TAPE_H
#define MK_TESTS_TAPE_H

#include "core/store/driver.h"
#include "core/store/store.h"

enum tape_mode { TAPE_OFF, TAPE_WRITES, TAPE_READS, TAPE_PLAY };

struct tape {
    enum tape_mode mode;
    uint8_t *data;
    size_t len, cap, at;
    uint64_t rows;         /* rows written */
    uint64_t transactions; /* writing ones */
    uint64_t reads;        /* statements that read */
    double seconds;        /* spent below the seam */
    double durable;        /* of these, in COMMIT */
};

/* Puts the tape between st and its driver; one store at a time. */
void tape_insert(struct tape *t, struct mk_store *st);
/* Takes it out again and frees it. */
void tape_remove(struct tape *t, struct mk_store *st);
/* Empty, and mode from now on; TAPE_PLAY goes to the start of what is on it. */
void tape_start(struct tape *t, enum tape_mode mode);

/* Every row that a query gave while reading: sizes of its n columns; a number
 * has 8 bytes, NULL none. */
typedef void tape_row(void *ctx, const char *query, const size_t *size,
                      size_t n);
void tape_each_row(const struct tape *t, tape_row *row, void *ctx);

/* The bare library on vault.db in folder, with the key and all settings of a
 * vault. */
struct tape_bare;
struct tape_bare *tape_bare_open(const char *folder,
                                 const struct mk_secret *dbk);
void tape_bare_close(struct tape_bare *b);
/* Writes the rows on t, transaction by transaction. */
void tape_bare_write(struct tape_bare *b, const struct tape *t);

/* Pages that st had to read and decipher since the last call. */
uint64_t tape_pages(struct mk_store *st);
/* Every row that a walk from 0 gives, by the bare library, over st's own
 * connection. */
void tape_bare_walk(struct mk_store *st, enum mk_query query);

#endif
