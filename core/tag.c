/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tag.h"

#include <string.h>

static const char alphabet[32 + 1] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#define SIGNS 8 /* seven of the id, one check */
#define TOTAL 31

/* a times x in GF(2)[x]/(x^5+x^2+1). */
static unsigned times_x(unsigned a)
{
    a <<= 1;
    return a & 0x20 ? a ^ 0x25 : a;
}

/* d0 x^(n-1) + ... + d(n-1), by Horner's rule. */
static unsigned weigh(const uint8_t *digits, size_t n)
{
    unsigned sum = 0;
    for (size_t i = 0; i < n; i++)
        sum = times_x(sum) ^ digits[i];
    return sum;
}

void mk_tag_format(char out[static MK_TAG_TEXT], const uint8_t id[static 16])
{
    uint64_t bits = 0;
    for (size_t i = 0; i < 5; i++)
        bits = bits << 8 | id[i];
    bits >>= 40 - MK_TAG_BITS;

    uint8_t digits[SIGNS];
    for (size_t i = 0; i < SIGNS - 1; i++)
        digits[i] = bits >> (5 * (SIGNS - 2 - i)) & 31;
    digits[SIGNS - 1] = (uint8_t)(times_x(weigh(digits, SIGNS - 1)) ^ TOTAL);

    char *p = out;
    memcpy(p, "MK-", 3);
    p += 3;
    for (size_t i = 0; i < SIGNS; i++) {
        if (i == 4)
            *p++ = '-';
        *p++ = alphabet[digits[i]];
    }
    *p = '\0';
}

/* The digit of a sign as people write it; 32 if it is none. */
static unsigned sign_digit(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'O')
        c = '0';
    if (c == 'I' || c == 'L')
        c = '1';
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (unsigned)(at - alphabet) : 32;
}

bool mk_tag_parse(const char *text, size_t n, uint8_t lo[static 16],
                  uint8_t hi[static 16])
{
    /* the eight signs stand at the end, with or without a hyphen between */
    if (n > SIGNS && (text[0] == 'M' || text[0] == 'm') &&
        (text[1] == 'K' || text[1] == 'k') && n >= SIGNS + 2) {
        text += 2;
        n -= 2;
        if (n > SIGNS && text[0] == '-') {
            text++;
            n--;
        }
    }
    if (n != SIGNS && !(n == SIGNS + 1 && text[4] == '-'))
        return false;

    uint8_t digits[SIGNS];
    for (size_t i = 0; i < SIGNS; i++) {
        unsigned d = sign_digit(text[i + (n > SIGNS && i >= 4)]);
        if (d > 31)
            return false;
        digits[i] = (uint8_t)d;
    }
    if (weigh(digits, SIGNS) != TOTAL)
        return false;

    uint64_t bits = 0;
    for (size_t i = 0; i < SIGNS - 1; i++)
        bits = bits << 5 | digits[i];
    bits <<= 40 - MK_TAG_BITS;
    memset(lo, 0, 16);
    memset(hi, 0xff, 16);
    for (size_t i = 0; i < 5; i++) {
        lo[i] = (uint8_t)(bits >> (32 - 8 * i));
        hi[i] = lo[i];
    }
    hi[4] |= (1 << (40 - MK_TAG_BITS)) - 1;
    return true;
}
