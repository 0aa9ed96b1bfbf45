/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes CSV (RFC 4180, but LF) into a buffer.  A cell that a spreadsheet
 * would take for a formula (it begins with = + - @, tab or CR) gets an
 * apostrophe in front.  The first failure sticks in rc.
 */
#ifndef MK_CMD_CSV_H
#define MK_CMD_CSV_H

#include "core/base/buf.h"

struct mk_csv_out {
    struct mk_buf *out; /* borrowed */
    enum mk_err rc;
    bool filled; /* the row has a cell */
};

void mk_csv_begin(struct mk_csv_out *csv, struct mk_buf *out);
void mk_csv_cell(struct mk_csv_out *csv, const char *text);
void mk_csv_num(struct mk_csv_out *csv, uint64_t n);
void mk_csv_end_row(struct mk_csv_out *csv);

#endif
