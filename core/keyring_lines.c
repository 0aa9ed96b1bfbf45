/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines `key: value`, and the names of the kinds of keys in them. */
#include "core/keyring_impl.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/num.h"

static const struct {
    const char *slug;
    size_t size;
} kinds[MK_KEY_KINDS] = {
    [MK_KEY_DBK] = {"dbk", 32},
    [MK_KEY_RD] = {"rd", 32},
    [MK_KEY_RS] = {"rs", 32},
    [MK_KEY_RL] = {"rl", 64},
};

const char *mk_key_slug(enum mk_key_kind kind)
{
    return kinds[kind].slug;
}

size_t mk_kr_kind_size(enum mk_key_kind kind)
{
    return kinds[kind].size;
}

/* --- lines --- */

void mk_kr_text_init(struct mk_kr_text *t, const void *p, size_t n)
{
    *t = (struct mk_kr_text){.p = p, .left = n};
}

bool mk_kr_ahead(const struct mk_kr_text *t, const char *lines)
{
    size_t n = strlen(lines);
    return !t->bad && t->left >= n && memcmp(t->p, lines, n) == 0;
}

void mk_kr_expect(struct mk_kr_text *t, const char *lines)
{
    if (!mk_kr_ahead(t, lines)) {
        t->bad = true;
        return;
    }
    for (; *lines; lines++) {
        t->line += *lines == '\n';
        t->p++;
        t->left--;
    }
}

/* The value of "key: value" LF, or NULL. */
static const char *take_value(struct mk_kr_text *t, const char *key, size_t *n)
{
    size_t n_key = strlen(key);
    const char *end;
    const char *value;

    if (t->bad)
        return NULL;
    t->line++;
    end = memchr(t->p, '\n', t->left);
    if (!end || (size_t)(end - t->p) < n_key + 2 ||
        memcmp(t->p, key, n_key) != 0 || memcmp(t->p + n_key, ": ", 2) != 0) {
        t->bad = true;
        return NULL;
    }
    value = t->p + n_key + 2;
    *n = (size_t)(end - value);
    t->left -= (size_t)(end + 1 - t->p);
    t->p = end + 1;
    return value;
}

void mk_kr_read_line(struct mk_kr_text *t, const char *key, char *out,
                     size_t max)
{
    size_t n;
    const char *value = take_value(t, key, &n);

    out[0] = '\0';
    if (!value)
        return;
    if (n > max || memchr(value, '\0', n)) {
        t->bad = true;
        return;
    }
    memcpy(out, value, n);
    out[n] = '\0';
}

void mk_kr_read_hex(struct mk_kr_text *t, const char *key, uint8_t *out,
                    size_t n)
{
    char text[2 * MK_PK + 1];

    memset(out, 0, n);
    mk_kr_read_line(t, key, text, sizeof text - 1);
    if (!t->bad && !mk_unhex(out, n, text))
        t->bad = true;
}

void mk_kr_read_b64(struct mk_kr_text *t, const char *key, uint8_t *out,
                    size_t n)
{
    size_t len;
    size_t got;
    const char *value = take_value(t, key, &len);

    memset(out, 0, n);
    if (value && (!mk_unb64(out, n, &got, value, len) || got != n))
        t->bad = true;
}

uint64_t mk_kr_read_num(struct mk_kr_text *t, const char *key, uint64_t min,
                        uint64_t max)
{
    size_t n;
    uint64_t v = 0;
    const char *value = take_value(t, key, &n);

    if (value && !mk_num_parse(value, n, min, max, &v))
        t->bad = true;
    return v;
}

enum mk_err mk_kr_add_hex(struct mk_buf *out, const char *key,
                          const uint8_t *p, size_t n)
{
    char text[2 * MK_PK + 1];
    mk_hex(text, p, n);
    return mk_buf_addf(out, "%s: %s\n", key, text);
}

enum mk_err mk_kr_add_b64(struct mk_buf *out, const char *key,
                          const uint8_t *p, size_t n)
{
    char text[MK_B64_LEN(MK_KR_BOX_MAX) + 1];
    mk_b64(text, p, n);
    return mk_buf_addf(out, "%s: %s\n", key, text);
}

size_t mk_kr_previous_size(enum mk_key_kind kind)
{
    return kind == MK_KEY_DBK ? 0 : kinds[kind].size + MK_ENV_OVERHEAD;
}

enum mk_key_kind mk_kr_read_kind(struct mk_kr_text *t)
{
    char slug[32];

    mk_kr_read_line(t, "key", slug, sizeof slug - 1);
    for (size_t i = 1; i < MK_KEY_KINDS; i++)
        if (!t->bad && strcmp(slug, kinds[i].slug) == 0)
            return (enum mk_key_kind)i;
    t->bad = true;
    return MK_KEY_KINDS;
}
