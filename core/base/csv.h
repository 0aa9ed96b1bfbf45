/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A strict reader of CSV (RFC 4180): comma, double quotes, LF or CRLF, UTF-8,
 * a byte order mark is passed over.  Rows are read one by one from a hostile
 * source and never more than one is held.
 */
#ifndef MK_BASE_CSV_H
#define MK_BASE_CSV_H

#include "core/base/buf.h"
#include "core/base/read.h"

#define MK_CSV_COLUMNS 64            /* most columns of a row */
#define MK_CSV_ROW ((size_t)2 << 20) /* most bytes of a row */

struct mk_csv_field {
    size_t at, n; /* in text */
};

struct mk_csv {
    mk_read_more *read;
    void *ctx;
    uint8_t block[65536];
    size_t block_at, block_n;
    bool ended;
    uint64_t next_line; /* line number where the next row begins */

    /* the row */
    uint64_t line;      /* where it begins, from 1 */
    struct mk_buf raw;  /* as it stood, with its line end */
    struct mk_buf text; /* unquoted fields, one behind the other */
    struct mk_csv_field field[MK_CSV_COLUMNS];
    size_t n; /* fields */
};

void mk_csv_init(struct mk_csv *csv, mk_read_more *read, void *ctx);
void mk_csv_release(struct mk_csv *csv); /* wipes */

/*
 * The next row; *more false at the end.  A line without any byte is no row.
 * Errors, with the line: E_SYNTAX (quote in the wrong place, file ends inside
 * quotes), E_TOO_LARGE (row, columns), E_BAD_UTF8; after them reading can go
 * on with the next row only for E_BAD_UTF8.
 */
MK_MUST_USE enum mk_err mk_csv_next(struct mk_csv *csv, bool *more,
                                    struct mk_diag *diag);

#endif
