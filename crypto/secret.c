/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/secret.h"

#include "core/base/random.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/*
 * A guarded block costs some eight system calls, and an import makes and
 * drops a key for each dossier: a few blocks of MK_KEY bytes are kept, wiped
 * but still locked and fenced, for the next key of this thread.
 */
#define SPARE 16

struct mk_secret {
    uint8_t *bytes; /* sodium_malloc: fenced, locked, wiped when freed */
    size_t len;
    size_t cap;
};

/* writable global: holds nothing but zeros */
static _Thread_local struct {
    uint8_t *block[SPARE];
    size_t n;
} spare;

/* writable global: a number, no secret */
static _Thread_local size_t live;

static uint8_t *block_new(size_t n)
{
    if (n == MK_KEY && spare.n > 0)
        return spare.block[--spare.n];
    uint8_t *block = sodium_malloc(n);
    if (block)
        memset(block, 0, n);
    return block;
}

static void block_free(uint8_t *block, size_t n)
{
    if (n == MK_KEY && spare.n < SPARE) {
        sodium_memzero(block, n);
        spare.block[spare.n++] = block;
        return;
    }
    sodium_free(block);
}

struct mk_secret *mk_secret_new(size_t n)
{
    struct mk_secret *s = malloc(sizeof *s);
    if (!s)
        return NULL;
    s->len = n;
    s->cap = n;
    s->bytes = block_new(n);
    if (!s->bytes) {
        free(s);
        return NULL;
    }
    live++;
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
    block_free(s->bytes, s->cap);
    free(s);
    live--;
}

size_t mk_secret_live(void)
{
    return live;
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
