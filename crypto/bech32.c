/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/bech32.h"

#include <string.h>

#include "crypto/crypto.h"

#define SUM 6 /* symbols of the checksum */
#define SYMBOLS 32
#define RESIDUE 0x2bc830a3u /* of a text that is right: BIP 350 */

static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t step(uint32_t sum, uint32_t symbol)
{
    static const uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
                                         0x3d4233dd, 0x2a1462b3};
    uint32_t top = sum >> 25;

    sum = (sum & 0x1ffffff) << 5 ^ symbol;
    for (unsigned i = 0; i < 5; i++)
        if (top >> i & 1)
            sum ^= generator[i];
    return sum;
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int symbol_of(char c)
{
    const char *p = c ? strchr(alphabet, small(c)) : NULL;

    return p ? (int)(p - alphabet) : -1;
}

static uint32_t sum_of_prefix(const char *prefix, size_t n)
{
    uint32_t sum = 1;

    for (size_t i = 0; i < n; i++)
        sum = step(sum, (uint32_t)(uint8_t)small(prefix[i]) >> 5);
    sum = step(sum, 0);
    for (size_t i = 0; i < n; i++)
        sum = step(sum, (uint8_t)small(prefix[i]) & 31);
    return sum;
}

/* --- writing --- */

static enum mk_err add_symbol(struct mk_buf *out, uint32_t *sum,
                              uint32_t symbol)
{
    *sum = step(*sum, symbol);
    return mk_buf_add_u8(out, (uint8_t)alphabet[symbol]);
}

enum mk_err mk_bech32m_add(struct mk_buf *out, const char *prefix,
                           const uint8_t *bytes, size_t n)
{
    enum mk_err rc;
    uint32_t sum = sum_of_prefix(prefix, strlen(prefix));
    uint32_t bits = 0;
    unsigned n_bits = 0;

    MK_TRY(mk_buf_add_str(out, prefix));
    MK_TRY(mk_buf_add_str(out, "1"));
    for (size_t i = 0; i < n; i++) {
        bits = bits << 8 | bytes[i];
        for (n_bits += 8; n_bits >= 5; n_bits -= 5)
            MK_TRY(add_symbol(out, &sum, bits >> (n_bits - 5) & 31));
    }
    if (n_bits > 0)
        MK_TRY(add_symbol(out, &sum, bits << (5 - n_bits) & 31));
    for (unsigned i = 0; i < SUM; i++)
        sum = step(sum, 0);
    sum ^= RESIDUE;
    for (unsigned i = 0; i < SUM; i++)
        MK_TRY(mk_buf_add_u8(
            out, (uint8_t)alphabet[sum >> 5 * (SUM - 1 - i) & 31]));
out:
    mk_crypto_wipe(&bits, sizeof bits);
    return rc;
}

/* --- reading --- */

static bool refuse(struct mk_bech32_result *result, enum mk_bech32_fault fault,
                   size_t at)
{
    *result = (struct mk_bech32_result){fault, at};
    return false;
}

/* Every character is one that may stand there, all in one case; *n_prefix:
 * the characters before the last 1. */
static bool check_form(const char *text, size_t n, size_t *n_prefix,
                       struct mk_bech32_result *result)
{
    bool capitals = false;
    bool smalls = false;

    *n_prefix = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '!' || text[i] > '~')
            return refuse(result, MK_BECH32_CHARACTER, i);
        capitals |= text[i] >= 'A' && text[i] <= 'Z';
        smalls |= text[i] >= 'a' && text[i] <= 'z';
        if (capitals && smalls)
            return refuse(result, MK_BECH32_CASE, i);
        if (text[i] == '1')
            *n_prefix = i;
    }
    if (*n_prefix == 0)
        return refuse(result, MK_BECH32_FORM, MK_BECH32_NOWHERE);
    for (size_t i = *n_prefix + 1; i < n; i++)
        if (symbol_of(text[i]) < 0)
            return refuse(result, MK_BECH32_CHARACTER, i);
    if (n - *n_prefix - 1 < SUM)
        return refuse(result, MK_BECH32_FORM, MK_BECH32_NOWHERE);
    return true;
}

/*
 * The code is linear: replacing the symbol at distance d from the end by one
 * that differs in the bits e changes the sum by e stepped d times, whatever
 * the text is.  The one place where that mends the sum, or nowhere.
 */
static size_t only_place(size_t n_prefix, size_t n, uint32_t wrong)
{
    size_t at = MK_BECH32_NOWHERE;
    size_t found = 0;

    for (uint32_t e = 1; e < SYMBOLS; e++) {
        uint32_t change = e;
        for (size_t i = n - 1; i > n_prefix; i--) {
            if (change == wrong) {
                at = i;
                found++;
            }
            change = step(change, 0);
        }
    }
    return found == 1 ? at : MK_BECH32_NOWHERE;
}

static uint32_t sum_of(const char *text, size_t n_prefix, size_t n,
                       size_t swapped)
{
    uint32_t sum = sum_of_prefix(text, n_prefix);

    for (size_t i = n_prefix + 1; i < n; i++) {
        size_t from = i == swapped ? i + 1 : i == swapped + 1 ? i - 1 : i;
        sum = step(sum, (uint32_t)symbol_of(text[from]));
    }
    return sum;
}

/* The first of the only two neighbours that mend the sum when they change
 * places, or nowhere. */
static size_t only_swap(const char *text, size_t n_prefix, size_t n)
{
    size_t at = MK_BECH32_NOWHERE;
    size_t found = 0;

    for (size_t i = n_prefix + 1; i + 1 < n; i++)
        if (sum_of(text, n_prefix, n, i) == RESIDUE) {
            at = i;
            found++;
        }
    return found == 1 ? at : MK_BECH32_NOWHERE;
}

bool mk_bech32m_check(const char *text, size_t n,
                      struct mk_bech32_result *result)
{
    size_t n_prefix;
    size_t at;
    uint32_t sum;

    if (!check_form(text, n, &n_prefix, result))
        return false;
    sum = sum_of(text, n_prefix, n, n);
    if (sum != RESIDUE) {
        at = only_place(n_prefix, n, sum ^ RESIDUE);
        if (at == MK_BECH32_NOWHERE)
            at = only_swap(text, n_prefix, n);
        return refuse(result, MK_BECH32_CHECKSUM, at);
    }
    *result = (struct mk_bech32_result){MK_BECH32_NONE, MK_BECH32_NOWHERE};
    return true;
}

/* The bytes of n symbols; what is left over of the last one is zero. */
static bool take_bytes(uint8_t *out, size_t n_out, const char *symbols,
                       size_t n)
{
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t at = 0;

    for (size_t i = 0; i < n; i++) {
        bits = bits << 5 | (uint32_t)symbol_of(symbols[i]);
        n_bits += 5;
        if (n_bits < 8)
            continue;
        n_bits -= 8;
        out[at++] = (uint8_t)(bits >> n_bits);
    }
    bool clean = at == n_out && (bits & ((1u << n_bits) - 1)) == 0;
    mk_crypto_wipe(&bits, sizeof bits);
    return clean;
}

bool mk_bech32m_read(uint8_t *out, size_t n_out, const char *prefix,
                     const char *text, size_t n,
                     struct mk_bech32_result *result)
{
    size_t n_prefix = strlen(prefix);

    memset(out, 0, n_out);
    for (size_t i = 0; i < n_prefix + 1; i++)
        if (i >= n || small(text[i]) != (i < n_prefix ? prefix[i] : '1'))
            return refuse(result, MK_BECH32_PREFIX, i);
    /* a second 1 further on is a mistake, not a longer prefix */
    for (size_t i = n_prefix + 1; i < n; i++)
        if (text[i] == '1')
            return refuse(result, MK_BECH32_CHARACTER, i);
    if (n != MK_BECH32_LEN(n_prefix, n_out))
        return refuse(result, MK_BECH32_LENGTH, MK_BECH32_NOWHERE);
    if (!mk_bech32m_check(text, n, result))
        return false;
    if (!take_bytes(out, n_out, text + n_prefix + 1, n - n_prefix - 1 - SUM)) {
        mk_crypto_wipe(out, n_out);
        return refuse(result, MK_BECH32_FORM, MK_BECH32_NOWHERE);
    }
    return true;
}
