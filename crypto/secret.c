/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/secret.h"

#include "core/base/random.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct mk_secret {
    uint8_t *bytes; /* sodium_malloc: fenced, locked, wiped when freed */
    size_t len;
};

struct mk_secret *mk_secret_new(size_t n)
{
    struct mk_secret *s = malloc(sizeof *s);
    if (!s)
        return NULL;
    s->len = n;
    s->bytes = sodium_malloc(n);
    if (!s->bytes) {
        free(s);
        return NULL;
    }
    memset(s->bytes, 0, n);
    return s;
}

struct mk_secret *mk_secret_random(size_t n)
{
    struct mk_secret *s = mk_secret_new(n);
    if (s)
        mk_random(s->bytes, n);
    return s;
}

struct mk_secret *mk_secret_from(const void *p, size_t n)
{
    struct mk_secret *s = mk_secret_new(n);
    if (s && n > 0)
        memcpy(s->bytes, p, n);
    return s;
}

struct mk_secret *mk_secret_copy(const struct mk_secret *s)
{
    return mk_secret_from(s->bytes, s->len);
}

void mk_secret_free(struct mk_secret *s)
{
    if (!s)
        return;
    sodium_free(s->bytes);
    free(s);
}

size_t mk_secret_len(const struct mk_secret *s)
{
    return s->len;
}

uint8_t *mk_secret_bytes(struct mk_secret *s)
{
    return s->bytes;
}

const uint8_t *mk_secret_peek(const struct mk_secret *s)
{
    return s->bytes;
}

void mk_secret_shrink(struct mk_secret *s, size_t n)
{
    if (n >= s->len)
        return;
    sodium_memzero(s->bytes + n, s->len - n);
    s->len = n;
}
