/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One page for people, as text or as HTML that needs no other file: no
 * script, no picture, everything from elsewhere made visible and escaped,
 * light or dark by the reader's choice, A4 on paper.  The first failure
 * sticks in rc.
 */
#ifndef MK_CMD_PAGE_H
#define MK_CMD_PAGE_H

#include "cmd/table.h"

struct mk_page {
    struct mk_buf *out; /* borrowed */
    enum mk_err rc;
    bool html;
    struct mk_table table; /* of text, while there is one */
    size_t columns, cell;  /* of the table; cells so far */
};

/* lang: "nl" or "en". */
void mk_page_begin(struct mk_page *p, struct mk_buf *out, bool html,
                   const char *lang, const char *title);
void mk_page_section(struct mk_page *p, const char *title);
/* A line of text; alarm: one that wants attention. */
void mk_page_line(struct mk_page *p, bool alarm, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* At most MK_TABLE_COLUMNS columns; then the cells of the heading, then row by
 * row. */
void mk_page_table(struct mk_page *p, size_t columns);
void mk_page_cell(struct mk_page *p, const char *text);
void mk_page_num(struct mk_page *p, uint64_t n);
void mk_page_table_end(struct mk_page *p);
/* Also frees; so a page that was begun is ended. */
MK_MUST_USE enum mk_err mk_page_end(struct mk_page *p);

#endif
