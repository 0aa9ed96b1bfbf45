/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/csv.h"

#include <inttypes.h>
#include <string.h>

void mk_csv_begin(struct mk_csv_out *csv, struct mk_buf *out)
{
    *csv = (struct mk_csv_out){.out = out};
}

static void add(struct mk_csv_out *csv, const void *p, size_t n)
{
    if (csv->rc == MK_OK)
        csv->rc = mk_buf_add(csv->out, p, n);
}

void mk_csv_cell(struct mk_csv_out *csv, const char *text)
{
    bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
    bool quoted = formula || strpbrk(text, ",\"\r\n") != NULL;

    if (csv->filled)
        add(csv, ",", 1);
    csv->filled = true;
    if (quoted)
        add(csv, "\"", 1);
    if (formula)
        add(csv, "'", 1);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"')
            add(csv, p, 1);
        add(csv, p, 1);
    }
    if (quoted)
        add(csv, "\"", 1);
}

void mk_csv_num(struct mk_csv_out *csv, uint64_t n)
{
    if (csv->filled)
        add(csv, ",", 1);
    csv->filled = true;
    if (csv->rc == MK_OK)
        csv->rc = mk_buf_addf(csv->out, "%" PRIu64, n);
}

void mk_csv_end_row(struct mk_csv_out *csv)
{
    add(csv, "\n", 1);
    csv->filled = false;
}
