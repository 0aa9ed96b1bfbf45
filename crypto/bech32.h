/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bech32m (BIP 350): bytes as letters and digits that a person can copy, with
 * a checksum that finds his mistakes.  Without the limit of 90 characters:
 * beyond it the code still finds every three wrong characters, and a larger
 * mistake with all but one chance in 2^30.
 *
 *   prefix "1" symbols of 5 bits, the last six of which are the checksum
 *
 * Source: BIP 173 (alphabet, form), BIP 350 (constant of the checksum).
 */
#ifndef MK_CRYPTO_BECH32_H
#define MK_CRYPTO_BECH32_H

#include "core/base/buf.h"

enum mk_bech32_fault {
    MK_BECH32_NONE,
    MK_BECH32_CHARACTER, /* one that the code does not have */
    MK_BECH32_CASE,      /* capitals and small letters mixed */
    MK_BECH32_FORM,      /* no prefix, no 1, too short */
    MK_BECH32_PREFIX,    /* another prefix than wanted */
    MK_BECH32_LENGTH,    /* more or fewer bytes than wanted */
    MK_BECH32_CHECKSUM,
};

#define MK_BECH32_NOWHERE SIZE_MAX

struct mk_bech32_result {
    enum mk_bech32_fault fault;
    /*
     * Offset of the character at fault.  For CHECKSUM: the only one that could
     * be replaced to make all right.  Else MK_BECH32_NOWHERE.  It is where to
     * look, not what to put there: with two slips of the pen it misleads.
     */
    size_t at;
};

/* Characters of n bytes with a prefix of that length. */
#define MK_BECH32_LEN(prefix, n) ((prefix) + 1 + ((n)*8 + 4) / 5 + 6)

/* Adds prefix and n bytes, in small letters. */
MK_MUST_USE enum mk_err mk_bech32m_add(struct mk_buf *out, const char *prefix,
                                       const uint8_t *bytes, size_t n);

/* Form and checksum of n characters of text, whatever they say. */
MK_MUST_USE bool mk_bech32m_check(const char *text, size_t n,
                                  struct mk_bech32_result *result);
/*
 * As that, and takes exactly n_out bytes behind the prefix; out is zero after
 * a refusal.
 */
MK_MUST_USE bool mk_bech32m_read(uint8_t *out, size_t n_out,
                                 const char *prefix, const char *text,
                                 size_t n, struct mk_bech32_result *result);

#endif
