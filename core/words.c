/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/words.h"

#include "crypto/hash.h"

static const char *const words[] = {
#define MK_WORD(word) word,
#include "core/defs/words.def"
#undef MK_WORD
};
_Static_assert(sizeof words / sizeof words[0] == 256, "a word a byte");

const char *mk_word(uint8_t byte)
{
    return words[byte];
}

void mk_words_of(const char *out[static MK_WORDS], const void *p, size_t n)
{
    uint8_t hash[MK_HASH];

    mk_sha256(hash, p, n);
    for (size_t i = 0; i < MK_WORDS; i++)
        out[i] = mk_word(hash[i]);
}
