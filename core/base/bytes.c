/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/bytes.h"

#include <string.h>

void mk_put_u16(uint8_t out[static 2], uint16_t v)
{
    out[0] = (uint8_t)(v >> 8);
    out[1] = (uint8_t)v;
}

void mk_put_u32(uint8_t out[static 4], uint32_t v)
{
    mk_put_u16(out, (uint16_t)(v >> 16));
    mk_put_u16(out + 2, (uint16_t)v);
}

void mk_put_u64(uint8_t out[static 8], uint64_t v)
{
    mk_put_u32(out, (uint32_t)(v >> 32));
    mk_put_u32(out + 4, (uint32_t)v);
}

uint16_t mk_get_u16(const uint8_t in[static 2])
{
    return (uint16_t)((unsigned)in[0] << 8 | in[1]);
}

uint32_t mk_get_u32(const uint8_t in[static 4])
{
    return (uint32_t)mk_get_u16(in) << 16 | mk_get_u16(in + 2);
}

uint64_t mk_get_u64(const uint8_t in[static 8])
{
    return (uint64_t)mk_get_u32(in) << 32 | mk_get_u32(in + 4);
}

void mk_reader_init(struct mk_reader *r, const void *p, size_t n)
{
    *r = (struct mk_reader){.p = p, .left = n, .bad = false};
}

const uint8_t *mk_read_bytes(struct mk_reader *r, size_t n)
{
    if (r->bad || n > r->left) {
        r->bad = true;
        r->left = 0;
        return NULL;
    }
    const uint8_t *p = r->p;
    /* p may be NULL where there is nothing: no arithmetic on it then */
    if (n > 0)
        r->p += n;
    r->left -= n;
    return p;
}

uint8_t mk_read_u8(struct mk_reader *r)
{
    const uint8_t *p = mk_read_bytes(r, 1);
    return p ? p[0] : 0;
}

uint16_t mk_read_u16(struct mk_reader *r)
{
    const uint8_t *p = mk_read_bytes(r, 2);
    return p ? mk_get_u16(p) : 0;
}

uint32_t mk_read_u32(struct mk_reader *r)
{
    const uint8_t *p = mk_read_bytes(r, 4);
    return p ? mk_get_u32(p) : 0;
}

uint64_t mk_read_u64(struct mk_reader *r)
{
    const uint8_t *p = mk_read_bytes(r, 8);
    return p ? mk_get_u64(p) : 0;
}

void mk_read_copy(struct mk_reader *r, void *out, size_t n)
{
    if (n == 0)
        return;
    const uint8_t *p = mk_read_bytes(r, n);
    if (p)
        memcpy(out, p, n);
    else
        memset(out, 0, n);
}

bool mk_reader_done(const struct mk_reader *r)
{
    return !r->bad && r->left == 0;
}

void mk_hex(char *out, const uint8_t *p, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
    out[2 * n] = '\0';
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool mk_unhex(uint8_t *out, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++) {
        int hi = digit_of(text[2 * i]);
        /* the second digit is looked at only where the first is no NUL */
        int lo = hi < 0 ? -1 : digit_of(text[2 * i + 1]);
        if (lo < 0)
            return false;
        out[i] = (uint8_t)(hi << 4 | lo);
    }
    return text[2 * n] == '\0';
}
