/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys and passphrases.  A secret lives in guarded memory (locked, fenced by
 * unreadable pages, wiped when freed, no core dump) and only code in crypto/
 * sees its bytes: what cannot be passed to printf will not be.  A few wiped
 * blocks of MK_KEY bytes are kept for the next key of the same thread.
 */
#ifndef MK_CRYPTO_SECRET_H
#define MK_CRYPTO_SECRET_H

#include "core/base/err.h"

struct mk_secret;

#define MK_KEY 32 /* most keys */

/* NULL when guarded memory is out (RLIMIT_MEMLOCK is not fatal). */
struct mk_secret *mk_secret_new(size_t n);
struct mk_secret *mk_secret_random(size_t n);
/* Copies n bytes in; the caller wipes his own copy. */
struct mk_secret *mk_secret_from(const void *p, size_t n);
struct mk_secret *mk_secret_copy(const struct mk_secret *s);
/* a | b as a new secret; n bytes of s from offset on.  NULL: out of guarded
 * memory, or the part lies outside of s.  (secret_parts.c) */
struct mk_secret *mk_secret_join(const struct mk_secret *a,
                                 const struct mk_secret *b);
struct mk_secret *mk_secret_part(const struct mk_secret *s, size_t offset,
                                 size_t n);
void mk_secret_free(struct mk_secret *s); /* NULL is fine */
size_t mk_secret_len(const struct mk_secret *s);
/* Same length and bytes; constant time in the bytes. */
MK_MUST_USE bool mk_secret_equal(const struct mk_secret *a,
                                 const struct mk_secret *b);

/* Secrets of this thread that were made and not freed: whoever has let go of
 * all keys can see that it is so. */
size_t mk_secret_live(void);

/*
 * Dangerous: the bytes themselves.  For crypto/, for the SQLCipher driver
 * (raw key) and for reading a passphrase straight into guarded memory.
 */
uint8_t *mk_secret_bytes(struct mk_secret *s);
const uint8_t *mk_secret_peek(const struct mk_secret *s);
/* Shortens, e.g. a passphrase buffer to what was typed; wipes the rest. */
void mk_secret_shrink(struct mk_secret *s, size_t n);

#endif
