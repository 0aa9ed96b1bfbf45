/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Check words: what two people read to each other to find out whether they
 * have the same text before them.  Sixteen words stand for the first 128 bits
 * of its SHA-256, a byte each.  Fewer would not do: who makes both texts looks
 * for any two that agree, and finds them after 2^(bits / 2) trials.
 */
#ifndef MK_CORE_WORDS_H
#define MK_CORE_WORDS_H

#include <stddef.h>
#include <stdint.h>

#define MK_WORDS 16

/* The word of a byte: one of core/defs/words.def. */
const char *mk_word(uint8_t byte);
/* The check words of n bytes at p. */
void mk_words_of(const char *out[static MK_WORDS], const void *p, size_t n);

#endif
