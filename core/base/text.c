/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/text.h"

#include <string.h>

struct range {
    uint32_t first, last;
};

/* Characters that a terminal obeys, or that a reader cannot see. */
static const struct range hidden[] = {
    {0x0000, 0x001f},   /* C0, ESC among them */
    {0x007f, 0x009f},   /* DEL, C1 */
    {0x00ad, 0x00ad},   /* soft hyphen */
    {0x034f, 0x034f},   /* combining grapheme joiner */
    {0x061c, 0x061c},   /* Arabic letter mark */
    {0x115f, 0x1160},   /* Hangul fillers */
    {0x17b4, 0x17b5},   /* Khmer inherent vowels */
    {0x180b, 0x180f},   /* Mongolian selectors and vowel separator */
    {0x200b, 0x200f},   /* zero width, direction marks */
    {0x2028, 0x202e},   /* separators, bidi embeddings and overrides */
    {0x2060, 0x206f},   /* word joiner, invisible operators, bidi isolates */
    {0x3164, 0x3164},   /* Hangul filler */
    {0xfe00, 0xfe0f},   /* variation selectors */
    {0xfeff, 0xfeff},   /* zero width no-break space */
    {0xffa0, 0xffa0},   /* half-width Hangul filler */
    {0xfff9, 0xfffb},   /* interlinear annotation */
    {0x1bca0, 0x1bca3}, /* shorthand format controls */
    {0x1d173, 0x1d17a}, /* musical format controls */
    {0xe0000, 0xe0fff}, /* tags, more variation selectors */
};

static bool is_hidden(uint32_t c)
{
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        if (c < hidden[i].first)
            return false;
        if (c <= hidden[i].last)
            return true;
    }
    return false;
}

/* Length of the character at p and the character; 0 if it is not valid.
 * Source: RFC 3629 section 4. */
static size_t decode(const uint8_t *p, size_t n, uint32_t *c)
{
    uint8_t b = p[0];
    if (b < 0x80) {
        *c = b;
        return 1;
    }
    size_t len = b >= 0xc2 && b <= 0xdf   ? 2
                 : b >= 0xe0 && b <= 0xef ? 3
                 : b >= 0xf0 && b <= 0xf4 ? 4
                                          : 0;
    if (len == 0 || len > n)
        return 0;
    uint32_t v = b & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        v = v << 6 | (p[i] & 0x3fu);
    }
    /* longer than needed, a surrogate, or behind the last character */
    if ((len == 3 && v < 0x800) || (len == 4 && v < 0x10000) ||
        (v >= 0xd800 && v <= 0xdfff) || v > 0x10ffff)
        return 0;
    *c = v;
    return len;
}

size_t mk_text_next(const void *p, size_t n, uint32_t *c, bool *hidden_one)
{
    size_t len = decode(p, n, c);
    *hidden_one = len > 0 && is_hidden(*c);
    return len;
}

size_t mk_text_valid(const void *p, size_t n)
{
    const uint8_t *s = p;
    size_t i = 0;
    while (i < n) {
        uint32_t c;
        size_t len = decode(s + i, n - i, &c);
        if (len == 0 || c == 0)
            break;
        i += len;
    }
    return i;
}

enum mk_err mk_text_visible(struct mk_buf *out, const void *p, size_t n,
                            bool lines)
{
    const uint8_t *s = p;
    enum mk_err rc = MK_OK;
    size_t done = 0; /* what lies before this has been added */
    size_t i = 0;
    while (i < n) {
        uint32_t c;
        size_t len = decode(s + i, n - i, &c);
        if (len > 0 && (!is_hidden(c) || (lines && c == '\n'))) {
            i += len;
            continue;
        }
        MK_TRY(mk_buf_add(out, s + done, i - done));
        if (len == 0) {
            MK_TRY(mk_buf_addf(out, "<%02X>", s[i]));
            len = 1;
        } else if (lines && c == '\t') {
            MK_TRY(mk_buf_add_u8(out, ' '));
        } else {
            MK_TRY(mk_buf_addf(out, "<U+%04X>", c));
        }
        i += len;
        done = i;
    }
    if (i > done)
        MK_TRY(mk_buf_add(out, s + done, i - done));
out:
    return rc;
}

bool mk_text_is_name(const char *p, size_t n)
{
    static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789._-";

    if (n == 0 || n > MK_TEXT_NAME)
        return false;
    for (size_t i = 0; i < n; i++)
        if (p[i] == '\0' || strchr(signs, p[i]) == NULL)
            return false;
    return true;
}

/* A sign that a shell leaves alone wherever it stands. */
static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (c != '\0' && strchr("_-./:,@%+", c));
}

enum mk_err mk_text_shell(struct mk_buf *out, const char *text)
{
    enum mk_err rc;
    const char *p = text;

    while (is_plain(*p))
        p++;
    if (*text != '\0' && *p == '\0')
        return mk_buf_add_str(out, text);
    MK_TRY(mk_buf_add_str(out, "'"));
    for (p = text; *p != '\0'; p++) {
        if (*p == '\'')
            MK_TRY(mk_buf_add_str(out, "'\\''"));
        else
            MK_TRY(mk_buf_add(out, p, 1));
    }
    MK_TRY(mk_buf_add_str(out, "'"));
out:
    return rc;
}
