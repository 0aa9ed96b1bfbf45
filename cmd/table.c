/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/table.h"

#include "core/base/text.h"

#include <string.h>

void mk_table_init(struct mk_table *t, size_t columns)
{
    memset(t, 0, sizeof *t);
    t->columns = columns;
    mk_buf_init(&t->text);
    mk_buf_init(&t->ends);
}

void mk_table_release(struct mk_table *t)
{
    mk_buf_release(&t->text);
    mk_buf_release(&t->ends);
}

static size_t characters(const uint8_t *p, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += (p[i] & 0xc0) != 0x80;
    return count;
}

void mk_table_bytes(struct mk_table *t, const void *p, size_t n)
{
    size_t from = t->text.len;
    if (t->rc == MK_OK)
        t->rc = mk_text_visible(&t->text, p, n, false);
    if (t->rc == MK_OK)
        t->rc = mk_buf_add(&t->ends, &t->text.len, sizeof t->text.len);
    if (t->rc != MK_OK)
        return;
    size_t width = characters(t->text.data + from, t->text.len - from);
    if (width > t->width[t->n % t->columns])
        t->width[t->n % t->columns] = width;
    t->n++;
}

void mk_table_cell(struct mk_table *t, const char *s)
{
    mk_table_bytes(t, s, strlen(s));
}

enum mk_err mk_table_finish(const struct mk_table *t, struct mk_buf *out)
{
    enum mk_err rc = t->rc;
    size_t from = 0;
    for (size_t i = 0; rc == MK_OK && i < t->n; i++) {
        size_t to, column = i % t->columns;
        memcpy(&to, t->ends.data + i * sizeof to, sizeof to);
        const uint8_t *p = t->text.data + from;
        MK_TRY(mk_buf_add(out, p, to - from));
        if (column + 1 == t->columns) {
            while (out->len > 0 && out->data[out->len - 1] == ' ')
                out->len--;
            MK_TRY(mk_buf_add_u8(out, '\n'));
        } else {
            size_t pad = t->width[column] - characters(p, to - from) + 2;
            while (pad-- > 0)
                MK_TRY(mk_buf_add_u8(out, ' '));
        }
        from = to;
    }
out:
    return rc;
}

enum mk_err mk_visible_add(struct mk_buf *out, const char *s)
{
    return mk_text_visible(out, s, strlen(s), false);
}
