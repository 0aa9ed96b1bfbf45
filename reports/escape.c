/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/escape.h"

#include <string.h>

#include "core/base/text.h"

#define ISOLATE "\xe2\x81\xa8"     /* U+2068 first strong isolate */
#define ISOLATE_END "\xe2\x81\xa9" /* U+2069 */
#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static bool is_control(uint32_t c)
{
    bool no_character = (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || no_character;
}

/* Marks, embeddings, overrides, isolates: UAX #9 section 2. */
static bool steers_direction(uint32_t c)
{
    return c == 0x61c || c == 0x200e || c == 0x200f ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Blocks that Unicode keeps for letters from right to left. */
static bool runs_left(uint32_t c)
{
    return (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) ||
           (c >= 0xfe70 && c <= 0xfeff) || (c >= 0x10800 && c <= 0x10fff) ||
           (c >= 0x1e800 && c <= 0x1efff);
}

/* What stands for the character c at text + i; NULL: c itself. */
typedef const char *instead(uint32_t c, const char *text, size_t i);

static const char *in_plain(uint32_t c, const char *text, size_t i)
{
    (void)text;
    (void)i;
    switch (c) {
    case '\t':
    case '\n':
    case '\r':
    case 0x2028: /* line and paragraph separators */
    case 0x2029:
        return " ";
    default:
        return is_control(c) || steers_direction(c) ? "" : NULL;
    }
}

static const char *in_xml(uint32_t c, const char *text, size_t i)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return in_plain(c, text, i);
    }
}

/* Does the sign at text + i make an item of a list, "1. " or "1) "? */
static bool ends_number(const char *text, size_t i)
{
    return i > 0 && strspn(text, "0123456789") == i &&
           (text[i + 1] == '\0' || strchr(" \t\r\n", text[i + 1]));
}

static const char *in_markdown(uint32_t c, const char *text, size_t i)
{
    static const char always[] = "\\`*_[]<>|~$&";
    static const char *const escaped[] = {"\\\\", "\\`", "\\*", "\\_",
                                          "\\[",  "\\]", "\\<", "\\>",
                                          "\\|",  "\\~", "\\$", "\\&"};
    const char *at = c && c < 0x80 ? strchr(always, (int)c) : NULL;
    if (at)
        return escaped[at - always];
    switch (c) {
    case '#': /* a heading begins or ends */
        return i == 0 || text[i + 1] == '\0' ? "\\#" : NULL;
    case '-':
        return i == 0 ? "\\-" : NULL;
    case '+':
        return i == 0 ? "\\+" : NULL;
    case '=':
        return i == 0 ? "\\=" : NULL;
    case ')':
        return ends_number(text, i) ? "\\)" : NULL;
    case '.': /* an item of a list; an address that becomes a link */
        return ends_number(text, i) ||
                       (i > 2 && !memcmp(text + i - 3, "www", 3))
                   ? "\\."
                   : NULL;
    case ':':
        return text[i + 1] == '/' ? "\\:" : NULL;
    default:
        return in_plain(c, text, i);
    }
}

static bool has_left(const char *text, size_t n)
{
    uint32_t c;
    bool hidden;
    for (size_t i = 0; i < n;) {
        size_t len = mk_text_next(text + i, n - i, &c, &hidden);
        if (len > 0 && runs_left(c) && !in_plain(c, text, i))
            return true;
        i += len > 0 ? len : 1;
    }
    return false;
}

static enum mk_err add(struct mk_buf *out, const char *text,
                       instead *other_for)
{
    size_t n = strlen(text);
    size_t done = 0; /* what lies before this has been added */
    bool isolate = has_left(text, n);
    enum mk_err rc = MK_OK;
    if (isolate)
        MK_TRY(mk_buf_add_str(out, ISOLATE));
    for (size_t i = 0; i < n;) {
        uint32_t c;
        bool hidden;
        size_t len = mk_text_next(text + i, n - i, &c, &hidden);
        const char *other = len > 0 ? other_for(c, text, i) : REPLACEMENT;
        if (len == 0)
            len = 1;
        if (other) {
            MK_TRY(mk_buf_add(out, text + done, i - done));
            MK_TRY(mk_buf_add_str(out, other));
            done = i + len;
        }
        i += len;
    }
    MK_TRY(mk_buf_add(out, text + done, n - done));
    if (isolate)
        MK_TRY(mk_buf_add_str(out, ISOLATE_END));
out:
    return rc;
}

enum mk_err mk_escape_plain(struct mk_buf *out, const char *text)
{
    return add(out, text, in_plain);
}

enum mk_err mk_escape_xml(struct mk_buf *out, const char *text)
{
    return add(out, text, in_xml);
}

enum mk_err mk_escape_markdown(struct mk_buf *out, const char *text)
{
    return add(out, text, in_markdown);
}

enum mk_err mk_escape_in(struct mk_buf *out, const char *before,
                         const char *text, const char *after)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, before));
    MK_TRY(mk_escape_xml(out, text));
    MK_TRY(mk_buf_add_str(out, after));
out:
    return rc;
}
