/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/words.h"

#include <string.h>

#include "crypto/crypto.h"
#include "tests/support/unit.h"

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
}

/* Letters that have to be put in, taken out or changed (Levenshtein). */
static size_t apart(const char *a, const char *b)
{
    size_t row[16], n = strlen(b);
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 0; a[i] != '\0'; i++) {
        size_t before = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < n; j++) {
            size_t least = before + (a[i] != b[j]);
            before = row[j + 1];
            least = row[j] + 1 < least ? row[j] + 1 : least;
            row[j + 1] = before + 1 < least ? before + 1 : least;
        }
    }
    return row[n];
}

START_TEST(words_are_short_and_in_plain_letters)
{
    for (unsigned i = 0; i < 256; i++) {
        const char *w = mk_word((uint8_t)i);
        ck_assert_uint_eq(strspn(w, "abcdefghijklmnopqrstuvwxyz"), strlen(w));
        ck_assert_msg(strlen(w) >= 3 && strlen(w) <= 8, "%s", w);
        ck_assert_msg(i == 0 || strcmp(mk_word((uint8_t)(i - 1)), w) < 0, "%s",
                      w);
    }
}
END_TEST

START_TEST(no_word_is_taken_for_another)
{
    for (unsigned i = 0; i < 256; i++)
        for (unsigned j = 0; j < i; j++) {
            const char *a = mk_word((uint8_t)i), *b = mk_word((uint8_t)j);
            ck_assert_msg(apart(a, b) >= 2 && strncmp(a, b, 3) != 0, "%s %s",
                          a, b);
        }
}
END_TEST

START_TEST(words_of_a_text_are_the_first_bytes_of_its_hash)
{
    /* SHA-256 of "abc" (FIPS 180-4): ba7816bf 8f01cfea 414140de 5dae2223 */
    static const uint8_t hash[MK_WORDS] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01,
                                           0xcf, 0xea, 0x41, 0x41, 0x40, 0xde,
                                           0x5d, 0xae, 0x22, 0x23};
    const char *words[MK_WORDS];
    mk_words_of(words, "abc", 3);
    for (size_t i = 0; i < MK_WORDS; i++)
        ck_assert_str_eq(words[i], mk_word(hash[i]));
    /* on paper for ever: the list may not change */
    ck_assert_str_eq(mk_word(0), "aap");
    ck_assert_str_eq(mk_word(255), "zwam");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        words_are_short_and_in_plain_letters,
        no_word_is_taken_for_another,
        words_of_a_text_are_the_first_bytes_of_its_hash,
    };
    return UNIT_RUN("words", tests, start);
}
