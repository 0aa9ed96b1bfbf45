/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text made comparable, by utf8proc (Unicode normalisation is no place for
 * tables of our own).  Three jobs: passphrases, names of members, search.
 */
#ifndef MK_CORE_FOLD_H
#define MK_CORE_FOLD_H

#include "core/base/buf.h"
#include "crypto/crypto.h"
#include "crypto/secret.h"

#define MK_PASSPHRASE_MAX 1024 /* bytes, before and after normalising */

/*
 * *out is the NFC form of a typed passphrase, so that composed and decomposed
 * letters open the same slot.  A character that this Unicode version does not
 * know is refused: another version could normalise it differently.
 * Owns: the caller frees *out.
 * Errors: E_BAD_UTF8; E_MISSING_KEY when it is empty, E_TOO_LARGE; E_MEMORY.
 * Secrets: everything happens in guarded memory.
 * Source: Unicode Standard Annex 15; CRYPTO "Traps".
 */
MK_MUST_USE enum mk_err mk_fold_nfc(struct mk_secret **out,
                                    const struct mk_secret *typed,
                                    struct mk_diag *diag);

/*
 * Adds the canonical form of a member's name to out: NFC, 1..64 bytes, Latin
 * letters, digits, dot, hyphen, and single spaces inside.  Letters of other
 * scripts are refused, because some look the same as Latin ones and a name is
 * what a custodian certifies.
 * Errors: E_BAD_UTF8, E_TOO_LARGE, E_SYNTAX (a character or form that a name
 * may not have), place "name"; E_MEMORY.
 */
#define MK_FOLD_NAME_MAX 64
MK_MUST_USE enum mk_err mk_fold_name(struct mk_buf *out, const void *name,
                                     size_t n, struct mk_diag *diag);

/* SHA-256 of the name's NFC and case fold: equal for names that may not stand
 * beside each other.  False if it is no valid UTF-8 or memory is out. */
MK_MUST_USE bool mk_fold_name_key(uint8_t out[static MK_HASH],
                                  const void *name, size_t n);

/*
 * Adds text (n bytes of UTF-8) to out as search compares it: NFKD, case fold,
 * no diacritics, ij as y, words of letters and digits with one space between.
 * Words that Dutch names begin with or leave out (van, de, der, den, v.d., 't,
 * ten, ter, te, in 't, ...) are left out; a text of nothing else keeps them.
 * So "van der Berg", "Berg, van der" and "v.d. Berg" all become "berg".
 * Errors: E_BAD_UTF8, E_MEMORY, E_TOO_LARGE.
 */
MK_MUST_USE enum mk_err mk_fold_search(struct mk_buf *out, const void *text,
                                       size_t n);

/*
 * Both made by mk_fold_search.  True if every word of needle occurs in hay, in
 * any order, also inside a longer word.  An empty needle finds nothing.
 */
MK_MUST_USE bool mk_fold_finds(const void *hay, size_t n_hay,
                               const void *needle, size_t n_needle);

#endif
