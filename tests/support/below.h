/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a store below its queries, as whoever has the key of the file can
 * write them. */
#ifndef MK_TESTS_BELOW_H
#define MK_TESTS_BELOW_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct mk_store;

/* Rows of a table as statements that put them back. */
struct below_rows {
    char table[24];
    size_t n;
    int64_t *rowid;
    char **text;
};

/* Statements; printf of SQLite.  The test fails if they do. */
void below_run(struct mk_store *st, const char *format, va_list ap);
void below_read(struct mk_store *st, const char *table,
                struct below_rows *out);
void below_release(struct below_rows *rows);

#endif
