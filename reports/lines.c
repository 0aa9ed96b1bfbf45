/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/lines.h"

#include <string.h>

#include "reports/escape.h"
#include "reports/words.h"

enum mk_err mk_lines_fill(struct mk_buf *out, char c, size_t n)
{
    enum mk_err rc = MK_OK;
    while (n-- > 0)
        MK_TRY(mk_buf_add_u8(out, (uint8_t)c));
out:
    return rc;
}

enum mk_err mk_lines_left(struct mk_buf *out, const char *text, size_t width)
{
    size_t n = mk_words_width(text);
    enum mk_err rc = mk_escape_plain(out, text);
    return rc != MK_OK || n >= width ? rc : mk_lines_fill(out, ' ', width - n);
}

enum mk_err mk_lines_right(struct mk_buf *out, const char *text, size_t width)
{
    size_t n = mk_words_width(text);
    enum mk_err rc = n < width ? mk_lines_fill(out, ' ', width - n) : MK_OK;
    return rc == MK_OK ? mk_escape_plain(out, text) : rc;
}

static enum mk_err wrap(struct mk_buf *out, const char *text, size_t indent)
{
    enum mk_err rc = MK_OK;
    size_t at = indent;
    while (*text) {
        size_t bytes = strcspn(text, " ");
        size_t columns = 0;
        for (size_t i = 0; i < bytes; i++)
            columns += ((unsigned char)text[i] & 0xc0) != 0x80;
        if (at > indent && at + 1 + columns > MK_LINES_WIDTH) {
            MK_TRY(mk_buf_add_u8(out, '\n'));
            MK_TRY(mk_lines_fill(out, ' ', indent));
            at = indent;
        } else if (at > indent) {
            MK_TRY(mk_buf_add_u8(out, ' '));
            at++;
        }
        MK_TRY(mk_buf_add(out, text, bytes));
        at += columns;
        text += bytes;
        text += strspn(text, " ");
    }
    MK_TRY(mk_buf_add_u8(out, '\n'));
out:
    return rc;
}

enum mk_err mk_lines_wrapped(struct mk_buf *out, const char *text,
                             size_t indent)
{
    struct mk_buf plain = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_escape_plain(&plain, text));
    MK_TRY(mk_buf_terminate(&plain));
    MK_TRY(wrap(out, (const char *)plain.data, indent));
out:
    mk_buf_release(&plain);
    return rc;
}
