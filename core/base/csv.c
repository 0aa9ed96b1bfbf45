/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/csv.h"

#include <string.h>

#include "core/base/text.h"

#define END (-1)

void mk_csv_init(struct mk_csv *csv, mk_read_more *read, void *ctx)
{
    memset(csv, 0, sizeof *csv);
    csv->read = read;
    csv->ctx = ctx;
    csv->next_line = 1;
}

void mk_csv_release(struct mk_csv *csv)
{
    mk_buf_release(&csv->raw);
    mk_buf_release(&csv->text);
    explicit_bzero(csv->block, sizeof csv->block);
}

/* *c: the byte that comes next, or END; it stays where it is. */
static enum mk_err peek(struct mk_csv *csv, int *c)
{
    enum mk_err rc;

    if (csv->block_at == csv->block_n && !csv->ended) {
        csv->block_at = 0;
        csv->block_n = 0;
        rc = csv->read(csv->ctx, csv->block, sizeof csv->block, &csv->block_n);
        if (rc != MK_OK)
            return rc;
        csv->ended = csv->block_n == 0;
    }
    *c = csv->ended ? END : csv->block[csv->block_at];
    return MK_OK;
}

static enum mk_err refuse(const struct mk_csv *csv, enum mk_err err,
                          const char *what, struct mk_diag *diag)
{
    return mk_fail_at(diag, err, what, csv->line,
                      err == MK_E_TOO_LARGE ? (int64_t)MK_CSV_ROW : 0, 0);
}

/* Takes the byte that peek showed into the raw row. */
static enum mk_err take(struct mk_csv *csv, struct mk_diag *diag)
{
    if (csv->raw.len >= MK_CSV_ROW)
        return refuse(csv, MK_E_TOO_LARGE, "row", diag);
    return mk_buf_add_u8(&csv->raw, csv->block[csv->block_at++]);
}

/* Behind the opening quote, up to and with the closing one. */
static enum mk_err quoted(struct mk_csv *csv, struct mk_diag *diag)
{
    enum mk_err rc;
    int c;

    for (;;) {
        MK_TRY(peek(csv, &c));
        if (c == END)
            return refuse(csv, MK_E_SYNTAX, "quoted field", diag);
        MK_TRY(take(csv, diag));
        if (c == '\n')
            csv->next_line++;
        if (c == '"') {
            MK_TRY(peek(csv, &c));
            if (c != '"')
                return MK_OK;
            MK_TRY(take(csv, diag));
        }
        MK_TRY(mk_buf_add_u8(&csv->text, (uint8_t)c));
    }
out:
    return rc;
}

static enum mk_err plain(struct mk_csv *csv, struct mk_diag *diag)
{
    enum mk_err rc;
    int c;

    for (;;) {
        MK_TRY(peek(csv, &c));
        if (c == END || c == ',' || c == '\n' || c == '\r')
            return MK_OK;
        if (c == '"')
            return refuse(csv, MK_E_SYNTAX, "quote inside a field", diag);
        MK_TRY(take(csv, diag));
        MK_TRY(mk_buf_add_u8(&csv->text, (uint8_t)c));
    }
out:
    return rc;
}

/* One field and what ends it; *last: the row ends too. */
static enum mk_err field(struct mk_csv *csv, bool *last, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_csv_field *f;
    int c;

    if (csv->n == MK_CSV_COLUMNS)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "columns", csv->line,
                          MK_CSV_COLUMNS, 0);
    f = &csv->field[csv->n++];
    f->at = csv->text.len;
    MK_TRY(peek(csv, &c));
    if (c == '"') {
        MK_TRY(take(csv, diag));
        MK_TRY(quoted(csv, diag));
    } else {
        MK_TRY(plain(csv, diag));
    }
    f->n = csv->text.len - f->at;
    MK_TRY(peek(csv, &c));
    *last = c != ',';
    if (c == END)
        goto out;
    MK_TRY(take(csv, diag));
    if (c == '\r') {
        MK_TRY(peek(csv, &c));
        if (c == '\n')
            MK_TRY(take(csv, diag));
    }
    if (c != ',' && c != '\n')
        rc = refuse(csv, MK_E_SYNTAX, "text behind a quoted field", diag);
    if (c == '\n')
        csv->next_line++;
out:
    return rc;
}

/* A byte order mark may come in pieces. */
static enum mk_err skip_mark(struct mk_csv *csv)
{
    static const uint8_t mark[3] = {0xef, 0xbb, 0xbf};
    enum mk_err rc;
    size_t got = 1;

    while (got != 0 && csv->block_n < sizeof mark &&
           memcmp(csv->block, mark, csv->block_n) == 0) {
        rc = csv->read(csv->ctx, csv->block + csv->block_n,
                       sizeof csv->block - csv->block_n, &got);
        if (rc != MK_OK)
            return rc;
        csv->block_n += got;
    }
    if (csv->block_n >= sizeof mark &&
        memcmp(csv->block, mark, sizeof mark) == 0)
        csv->block_at = sizeof mark;
    return MK_OK;
}

static enum mk_err skip_mark_and_blank(struct mk_csv *csv, bool *more)
{
    enum mk_err rc;
    int c;

    if (csv->line == 0)
        MK_TRY(skip_mark(csv));
    MK_TRY(peek(csv, &c));
    while (c == '\n' || c == '\r') {
        csv->block_at++;
        if (c == '\n')
            csv->next_line++;
        MK_TRY(peek(csv, &c));
    }
    *more = c != END;
out:
    return rc;
}

enum mk_err mk_csv_next(struct mk_csv *csv, bool *more, struct mk_diag *diag)
{
    enum mk_err rc;
    bool last = false;

    csv->n = 0;
    mk_buf_clear(&csv->raw);
    mk_buf_clear(&csv->text);
    MK_TRY(skip_mark_and_blank(csv, more));
    csv->line = csv->next_line;
    if (!*more)
        goto out;
    while (!last)
        MK_TRY(field(csv, &last, diag));
    if (mk_text_valid(csv->text.data, csv->text.len) != csv->text.len)
        rc = refuse(csv, MK_E_BAD_UTF8, "row", diag);
out:
    return rc;
}
