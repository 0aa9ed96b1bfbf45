/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/form.h"

#include "core/base/text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool is_key_char(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}

static size_t key_length(const char *line, size_t n)
{
    size_t len = 0;
    while (len < n && is_key_char(line[len]))
        len++;
    return len;
}

/* Says in which line, and of which key, the form became too large. */
static enum mk_err too_large(const struct mk_buf *text, struct mk_diag *diag)
{
    const char *p = (const char *)text->data;
    const char *last = "";
    uint64_t line = 1, at = 1;
    for (size_t i = 0; i < text->len; line++) {
        const char *end = memchr(p + i, '\n', text->len - i);
        size_t len = key_length(p + i, text->len - i);
        const struct mk_field_info *key = mk_field_find(p + i, len);
        if (p[i] != ' ' && p[i] != '\t') {
            last = key ? key->key : "";
            at = line;
        }
        if (end == NULL)
            break;
        i = (size_t)(end - p) + 1;
    }
    return mk_fail_at(diag, MK_E_TOO_LARGE, last, at, (int64_t)MK_FORM_MAX, 0);
}

enum mk_err mk_form_read(struct mk_buf *out, int fd, struct mk_diag *diag)
{
    enum mk_err rc;
    MK_TRY(mk_buf_reserve(out, 4096));
    for (;;) {
        size_t want = out->cap - out->len;
        if (want == 0) {
            MK_TRY(mk_buf_reserve(out, 1));
            continue;
        }
        if (want > MK_FORM_MAX + 1 - out->len)
            want = MK_FORM_MAX + 1 - out->len;
        ssize_t got = read(fd, out->data + out->len, want);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return mk_fail_sys(diag, MK_E_IO, "--form");
        if (got == 0)
            return MK_OK;
        out->len += (size_t)got;
        if (out->len > MK_FORM_MAX)
            return too_large(out, diag);
    }
out:
    return mk_fail(diag, rc, "--form");
}

/* The form while it is read. */
struct cursor {
    const char *p;
    size_t left;
    uint64_t line; /* of the text at p */
};

/* The next line without its end.  False at the end of the text. */
static bool next_line(struct cursor *c, const char **line, size_t *n)
{
    if (c->left == 0)
        return false;
    const char *end = memchr(c->p, '\n', c->left);
    size_t len = end ? (size_t)(end - c->p) : c->left;
    *line = c->p;
    *n = len;
    if (len > 0 && c->p[len - 1] == '\r')
        (*n)--;
    c->p += len + (end != NULL);
    c->left -= len + (end != NULL);
    c->line++;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void trim(const char **p, size_t *n)
{
    while (*n > 0 && is_blank(**p)) {
        (*p)++;
        (*n)--;
    }
    while (*n > 0 && is_blank((*p)[*n - 1]))
        (*n)--;
}

/* Adds the continuation lines that follow to value. */
static enum mk_err continued(struct cursor *c, struct mk_buf *value)
{
    enum mk_err rc = MK_OK;
    while (c->left > 0 && is_blank(*c->p)) {
        const char *line;
        size_t n;
        if (!next_line(c, &line, &n))
            break;
        line++;
        n--;
        MK_TRY(mk_buf_add_u8(value, '\n'));
        if (!(n == 1 && line[0] == '.'))
            MK_TRY(mk_buf_add(value, line, n));
    }
out:
    return rc;
}

static enum mk_err check_whole(const struct mk_buf *text, struct mk_diag *diag)
{
    size_t valid = mk_text_valid(text->data, text->len);
    uint64_t line = 1;
    if (text->len == 0)
        return mk_fail_at(diag, MK_E_SYNTAX, "--form", 1, 0, 0);
    for (size_t i = 0; i < valid; i++)
        line += text->data[i] == '\n';
    if (valid < text->len)
        return mk_fail_at(diag, MK_E_BAD_UTF8, "--form", line, 0, 0);
    if (text->data[text->len - 1] != '\n')
        return mk_fail_at(diag, MK_E_SYNTAX, "--form", line, 0, 0);
    return MK_OK;
}

/* One line that is not empty: a comment, or a key with its value. */
static enum mk_err entry(struct cursor *c, const char *line, size_t n,
                         struct mk_buf *value, mk_form_each *each, void *ctx,
                         struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    uint64_t at = c->line - 1;
    size_t key = key_length(line, n);
    if (line[0] == '#')
        return MK_OK;
    const char *colon = memchr(line, ':', n);
    if (is_blank(line[0]) || colon == NULL)
        return mk_fail_at(diag, MK_E_SYNTAX, "--form", at, 0, 0);
    if (line + key != colon)
        key = (size_t)(colon - line); /* no key of ours: each refuses it */
    const char *rest = colon + 1;
    size_t rest_len = n - (size_t)(rest - line);
    trim(&rest, &rest_len);
    mk_buf_clear(value);
    MK_TRY(mk_buf_add(value, rest, rest_len));
    MK_TRY(continued(c, value));
    diag->line = at;
    MK_TRY(each(ctx, line, key, value->data, value->len, at, diag));
out:
    return rc;
}

enum mk_err mk_form_parse(const struct mk_buf *text, mk_form_each *each,
                          void *ctx, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf value = MK_BUF_INIT;
    struct cursor c = {.line = 1};
    bool begun = false, ended = false;
    const char *line;
    size_t n;
    MK_TRY(check_whole(text, diag));
    c.p = (const char *)text->data;
    c.left = text->len;
    if (c.left >= 3 && memcmp(c.p, "\xef\xbb\xbf", 3) == 0) {
        c.p += 3; /* a byte-order mark, as some editors write it */
        c.left -= 3;
    }
    while (next_line(&c, &line, &n)) {
        if (n == 0) {
            ended = begun;
            continue;
        }
        if (ended && line[0] != '#') {
            rc = mk_fail_at(diag, MK_E_SYNTAX, "--form", c.line - 1, 0, 0);
            goto out;
        }
        begun = begun || line[0] != '#';
        MK_TRY(entry(&c, line, n, &value, each, ctx, diag));
    }
    if (!begun)
        rc = mk_fail_at(diag, MK_E_SYNTAX, "--form", c.line - 1, 0, 0);
    else
        diag->line = 0;
out:
    mk_buf_release(&value);
    return rc;
}

struct filling {
    enum mk_verb verb;
    struct mk_fields *f;
    uint64_t seen; /* keys, with or without a value */
};

static enum mk_err fill(void *ctx, const char *key, size_t key_len,
                        const void *value, size_t n, uint64_t line,
                        struct mk_diag *diag)
{
    struct filling *to = ctx;
    enum mk_field field = mk_verb_field(to->verb, key, key_len);
    if (field == MK_F_NONE) {
        /* what is no key of ours may be a sentence that lost its space */
        const struct mk_field_info *ours = mk_field_find(key, key_len);
        return mk_fail_at(diag, MK_E_UNKNOWN_KEY,
                          ours ? ours->key : MK_FORM_NOT_OURS, line, 0, 0);
    }
    if (to->seen & (UINT64_C(1) << field))
        return mk_fail_at(diag, MK_E_DUPLICATE_KEY, mk_field_get(field)->key,
                          line, 0, 0);
    to->seen |= UINT64_C(1) << field;
    return n == 0 ? MK_OK : mk_fields_parse(to->f, field, value, n, diag);
}

enum mk_err mk_form_complete(const struct mk_fields *f, enum mk_verb verb,
                             struct mk_diag *diag)
{
    const struct mk_verb_info *info = mk_verb_get(verb);
    for (size_t i = 0; info && info->required[i] != MK_F_NONE; i++)
        if (!mk_fields_has(f, info->required[i]))
            return mk_fail(diag, MK_E_MISSING_KEY,
                           mk_field_get(info->required[i])->key);
    return MK_OK;
}

enum mk_err mk_form_partial(const struct mk_buf *text, enum mk_verb verb,
                            struct mk_fields *f, struct mk_diag *diag)
{
    struct filling to = {.verb = verb, .f = f};
    return mk_form_parse(text, fill, &to, diag);
}

enum mk_err mk_form_fields(const struct mk_buf *text, enum mk_verb verb,
                           struct mk_fields *f, struct mk_diag *diag)
{
    enum mk_err rc;
    MK_TRY(mk_form_partial(text, verb, f, diag));
    MK_TRY(mk_form_complete(f, verb, diag));
out:
    return rc;
}

struct placing {
    enum mk_verb verb;
    uint64_t *lines;
};

static enum mk_err place(void *ctx, const char *key, size_t key_len,
                         const void *value, size_t n, uint64_t line,
                         struct mk_diag *diag)
{
    struct placing *to = ctx;
    enum mk_field field = mk_verb_field(to->verb, key, key_len);
    (void)value;
    (void)n;
    (void)diag;
    if (field != MK_F_NONE)
        to->lines[field] = line;
    return MK_OK;
}

enum mk_err mk_form_lines(const struct mk_buf *text, enum mk_verb verb,
                          uint64_t lines[static MK_FORM_KEYS],
                          struct mk_diag *diag)
{
    struct placing to = {.verb = verb, .lines = lines};
    return mk_form_parse(text, place, &to, diag);
}

/* One value, its further lines as continuations. */
static enum mk_err add_value(struct mk_buf *out, const struct mk_buf *value)
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < value->len; i++) {
        uint8_t c = value->data[i];
        bool empty = i + 1 == value->len || value->data[i + 1] == '\n';
        MK_TRY(mk_buf_add_u8(out, c));
        if (c == '\n')
            MK_TRY(mk_buf_add_str(out, empty ? " ." : " "));
    }
    MK_TRY(mk_buf_add_u8(out, '\n'));
out:
    return rc;
}

enum mk_err mk_form_format(struct mk_buf *out, const struct mk_fields *f)
{
    enum mk_err rc = MK_OK;
    enum mk_field n = MK_F_NONE;
    struct mk_buf value = MK_BUF_INIT;
    while ((n = mk_fields_next(f, n)) != MK_F_NONE) {
        mk_buf_clear(&value);
        MK_TRY(mk_fields_format(&value, f, n));
        MK_TRY(mk_buf_addf(out, "%s: ", mk_field_get(n)->key));
        MK_TRY(add_value(out, &value));
    }
out:
    mk_buf_release(&value);
    return rc;
}
