/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/json.h"

#include "core/base/bytes.h"
#include "core/base/text.h"
#include "core/meldkluis.h"

#include <inttypes.h>
#include <string.h>

static void add(struct mk_json *j, const char *s)
{
    if (j->rc == MK_OK)
        j->rc = mk_buf_add_str(j->out, s);
}

/* What a terminal obeys or a reader cannot see is written as its number
 * (RFC 8259 section 7), beyond U+FFFF as a pair. */
static void escaped(struct mk_json *j, uint32_t c)
{
    if (c == '\n')
        add(j, "\\n");
    else if (c <= 0xffff)
        j->rc = mk_buf_addf(j->out, "\\u%04x", c);
    else
        j->rc = mk_buf_addf(j->out, "\\u%04x\\u%04x",
                            0xd800 + ((c - 0x10000) >> 10),
                            0xdc00 + ((c - 0x10000) & 0x3ff));
}

static void quoted(struct mk_json *j, const uint8_t *p, size_t n)
{
    uint32_t c;
    bool hidden;
    add(j, "\"");
    for (size_t i = 0, len; i < n && j->rc == MK_OK; i += len) {
        len = mk_text_next(p + i, n - i, &c, &hidden);
        if (len == 0) {
            add(j, "\\ufffd");
            len = 1;
        } else if (hidden) {
            escaped(j, c);
        } else if (c == '"' || c == '\\') {
            j->rc = mk_buf_addf(j->out, "\\%c", (char)c);
        } else {
            j->rc = mk_buf_add(j->out, p + i, len);
        }
    }
    add(j, "\"");
}

static void name(struct mk_json *j, const char *key)
{
    uint64_t here = UINT64_C(1) << j->depth;
    if (j->filled & here)
        add(j, ",");
    j->filled |= here;
    if (j->depth > 0 && j->depth <= 2)
        add(j, "\n");
    if (key && !(j->arrays & here)) {
        quoted(j, (const uint8_t *)key, strlen(key));
        add(j, ": ");
    }
}

static void open_one(struct mk_json *j, const char *key, bool array)
{
    name(j, key);
    add(j, array ? "[" : "{");
    if (j->depth >= 62) {
        j->rc = MK_E_INTERNAL;
        return;
    }
    j->depth++;
    uint64_t here = UINT64_C(1) << j->depth;
    j->filled &= ~here;
    j->arrays = array ? j->arrays | here : j->arrays & ~here;
}

void mk_json_begin(struct mk_json *j, struct mk_buf *out)
{
    *j = (struct mk_json){.out = out, .rc = MK_OK};
    open_one(j, NULL, false);
    mk_json_num(j, "schema", 1);
}

enum mk_err mk_json_finish(struct mk_json *j)
{
    mk_json_end(j);
    add(j, "\n");
    return j->rc;
}

void mk_json_object(struct mk_json *j, const char *key)
{
    open_one(j, key, false);
}

void mk_json_array(struct mk_json *j, const char *key)
{
    open_one(j, key, true);
}

void mk_json_end(struct mk_json *j)
{
    if (j->depth == 0) {
        j->rc = MK_E_INTERNAL;
        return;
    }
    if (j->depth == 1)
        add(j, "\n");
    add(j, j->arrays & (UINT64_C(1) << j->depth) ? "]" : "}");
    j->depth--;
}

void mk_json_text(struct mk_json *j, const char *key, const void *p, size_t n)
{
    name(j, key);
    quoted(j, p, n);
}

void mk_json_str(struct mk_json *j, const char *key, const char *s)
{
    mk_json_text(j, key, s, strlen(s));
}

void mk_json_num(struct mk_json *j, const char *key, int64_t n)
{
    name(j, key);
    if (j->rc == MK_OK)
        j->rc = mk_buf_addf(j->out, "%" PRId64, n);
}

void mk_json_bool(struct mk_json *j, const char *key, bool b)
{
    name(j, key);
    add(j, b ? "true" : "false");
}

void mk_json_null(struct mk_json *j, const char *key)
{
    name(j, key);
    add(j, "null");
}

void mk_json_day(struct mk_json *j, const char *key, mk_day day)
{
    char text[MK_DATE_TEXT];
    if (day == MK_DAY_NONE) {
        mk_json_null(j, key);
        return;
    }
    mk_date_format(text, day);
    mk_json_str(j, key, text);
}

void mk_json_tag(struct mk_json *j, const char *key,
                 const uint8_t id[static 16])
{
    char tag[MK_TAG_TEXT];
    mk_tag_format(tag, id);
    mk_json_str(j, key, tag);
}

void mk_json_hex(struct mk_json *j, const char *key, const uint8_t *p,
                 size_t n)
{
    char text[2 * 32 + 1];
    if (n > 32) {
        j->rc = MK_E_INTERNAL;
        return;
    }
    mk_hex(text, p, n);
    mk_json_str(j, key, text);
}
