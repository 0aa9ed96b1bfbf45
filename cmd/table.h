/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of text for people: cells are made visible, columns are as wide as
 * their widest cell.  The first row is the heading.  The first failure sticks
 * in rc.
 */
#ifndef MK_CMD_TABLE_H
#define MK_CMD_TABLE_H

#include "core/base/buf.h"

enum { MK_TABLE_COLUMNS = 10 };

struct mk_table {
    enum mk_err rc;
    size_t columns, n; /* cells so far */
    size_t width[MK_TABLE_COLUMNS];
    struct mk_buf text; /* the cells, one behind the other */
    struct mk_buf ends; /* size_t: where each ends */
};

void mk_table_init(struct mk_table *t, size_t columns);
void mk_table_release(struct mk_table *t); /* wipes */
/* The next cell, row by row. */
void mk_table_cell(struct mk_table *t, const char *s);
void mk_table_bytes(struct mk_table *t, const void *p, size_t n);
/* Adds the table to out. */
MK_MUST_USE enum mk_err mk_table_finish(const struct mk_table *t,
                                        struct mk_buf *out);

/* Adds one line of text from elsewhere so that no terminal obeys it. */
MK_MUST_USE enum mk_err mk_visible_add(struct mk_buf *out, const char *s);

#endif
