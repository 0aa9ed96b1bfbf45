/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A recovery card: one share of the recovery secret, as text that prints on a
 * sheet and that a person can type.  Inside core/ only; how long the
 * code is stands in core/recovery.h.
 *
 *   code   Bech32m, prefix `mkshare`, over
 *          store 16 | set u32 | threshold u8 | number u8 | share 32
 *
 * The code alone is a card; the rest of the text is for people.  On the card
 * it stands in lines of six groups of four between two lines of hyphens.
 * Source: docs/FORMAT-keyring.md; docs/RECOVERY.md says what to do with it.
 */
#ifndef MK_CORE_CARD_H
#define MK_CORE_CARD_H

#include "core/base/buf.h"
#include "crypto/crypto.h"
#include "crypto/shares.h"

#define MK_CARD_PREFIX "mkshare"
#define MK_CARD_SHARE 32 /* bytes of a share, and of the recovery secret */
#define MK_CARD_BYTES (MK_ID + 4 + 1 + 1 + MK_CARD_SHARE)
#define MK_CARD_TEXT_MAX 8192 /* more is no card */

struct mk_card {
    uint8_t store[MK_ID];
    uint32_t set;
    unsigned threshold; /* so many cards of this set give the secret */
    struct mk_share share;
};
void mk_card_release(struct mk_card *card); /* empty: fine */
void mk_cards_release(struct mk_card *cards, size_t n);

/* What a card says to people besides its code. */
struct mk_card_words {
    const char *origin; /* the vault's name */
    const char *holder; /* "": somebody outside, who writes his name on it */
    unsigned n;         /* cards in the set */
    int64_t made_ms;
};

/* Adds the whole text of a card. */
MK_MUST_USE enum mk_err mk_card_add(struct mk_buf *out,
                                    const struct mk_card *card,
                                    const struct mk_card_words *words);

/*
 * Reads a card, or its code alone, in capitals or small letters, with spaces
 * and line breaks wherever.  what: names the card in a refusal (a file).
 * Owns: the caller releases out.
 * Errors: E_CARD_FORM (no card); E_CARD_TYPO with the line of the card in
 * diag->line and the group in num[0]; E_CARD_SUM (wrong somewhere);
 * E_CARD_LINE (line, characters found and wanted in num); E_CARD_LENGTH (the
 * same for all of it); E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_card_read(struct mk_card *out, const void *text,
                                     size_t n, const char *what,
                                     struct mk_diag *diag);

#endif
