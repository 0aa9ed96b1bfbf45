/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/buf.h"

#include "core/base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUF_FIRST 64

void mk_buf_init(struct mk_buf *buf)
{
    *buf = (struct mk_buf)MK_BUF_INIT;
}

void mk_buf_release(struct mk_buf *buf)
{
    if (!buf)
        return;
    if (buf->data) {
        explicit_bzero(buf->data, buf->cap);
        free(buf->data);
    }
    mk_buf_init(buf);
}

void mk_buf_clear(struct mk_buf *buf)
{
    /* all of it: bytes behind len may hold what was there before */
    if (buf->data)
        explicit_bzero(buf->data, buf->cap);
    buf->len = 0;
}

enum mk_err mk_buf_reserve(struct mk_buf *buf, size_t extra)
{
    if (extra > MK_BUF_MAX || buf->len > MK_BUF_MAX - extra)
        return MK_E_TOO_LARGE;
    size_t need = buf->len + extra;
    if (need <= buf->cap)
        return MK_OK;

    size_t cap = buf->cap ? buf->cap : BUF_FIRST;
    while (cap < need)
        cap *= 2;
    /* not realloc: it would leave the old bytes behind */
    uint8_t *data = malloc(cap);
    if (!data)
        return MK_E_MEMORY;
    if (buf->data) {
        memcpy(data, buf->data, buf->len);
        explicit_bzero(buf->data, buf->cap);
        free(buf->data);
    }
    buf->data = data;
    buf->cap = cap;
    return MK_OK;
}

enum mk_err mk_buf_add(struct mk_buf *buf, const void *p, size_t n)
{
    if (n == 0)
        return MK_OK;
    enum mk_err rc = mk_buf_reserve(buf, n);
    if (rc != MK_OK)
        return rc;
    memcpy(buf->data + buf->len, p, n);
    buf->len += n;
    return MK_OK;
}

enum mk_err mk_buf_add_str(struct mk_buf *buf, const char *s)
{
    return mk_buf_add(buf, s, strlen(s));
}

enum mk_err mk_buf_add_zero(struct mk_buf *buf, size_t n)
{
    if (n == 0)
        return MK_OK;
    enum mk_err rc = mk_buf_reserve(buf, n);
    if (rc != MK_OK)
        return rc;
    memset(buf->data + buf->len, 0, n);
    buf->len += n;
    return MK_OK;
}

enum mk_err mk_buf_add_u8(struct mk_buf *buf, uint8_t v)
{
    return mk_buf_add(buf, &v, 1);
}

enum mk_err mk_buf_add_u16(struct mk_buf *buf, uint16_t v)
{
    uint8_t b[2];
    mk_put_u16(b, v);
    return mk_buf_add(buf, b, sizeof b);
}

enum mk_err mk_buf_add_u32(struct mk_buf *buf, uint32_t v)
{
    uint8_t b[4];
    mk_put_u32(b, v);
    return mk_buf_add(buf, b, sizeof b);
}

enum mk_err mk_buf_add_u64(struct mk_buf *buf, uint64_t v)
{
    uint8_t b[8];
    mk_put_u64(b, v);
    return mk_buf_add(buf, b, sizeof b);
}

enum mk_err mk_buf_addf(struct mk_buf *buf, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0)
        return MK_E_INTERNAL;
    enum mk_err rc = mk_buf_reserve(buf, (size_t)n + 1);
    if (rc != MK_OK)
        return rc;
    va_start(args, fmt);
    int m = vsnprintf((char *)buf->data + buf->len, (size_t)n + 1, fmt, args);
    va_end(args);
    if (m != n)
        return MK_E_INTERNAL;
    buf->len += (size_t)n;
    return MK_OK;
}

enum mk_err mk_buf_terminate(struct mk_buf *buf)
{
    enum mk_err rc = mk_buf_reserve(buf, 1);
    if (rc != MK_OK)
        return rc;
    buf->data[buf->len] = '\0';
    return MK_OK;
}

void mk_buf_take(struct mk_buf *to, struct mk_buf *from)
{
    if (to == from)
        return;
    mk_buf_release(to);
    *to = *from;
    mk_buf_init(from);
}
