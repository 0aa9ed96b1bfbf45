/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/card.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/date.h"
#include "core/recovery.h"
#include "crypto/bech32.h"

#define GROUP 4 /* characters */
#define LINE MK_CARD_LINE
#define CODE MK_CARD_CODE
#define LINES MK_CARD_LINES
#define FENCE "----" /* begins the lines around the code */

_Static_assert(CODE == MK_BECH32_LEN(sizeof MK_CARD_PREFIX - 1, MK_CARD_BYTES),
               "the length of a code");
_Static_assert(LINE % GROUP == 0, "whole groups on a line");

void mk_card_release(struct mk_card *card)
{
    mk_shares_release(&card->share, 1);
}

void mk_cards_release(struct mk_card *cards, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mk_card_release(&cards[i]);
}

/* --- writing --- */

static enum mk_err add_code(struct mk_buf *out, const struct mk_card *card)
{
    enum mk_err rc;
    uint8_t bytes[MK_CARD_BYTES];
    struct mk_buf code = MK_BUF_INIT;

    memcpy(bytes, card->store, MK_ID);
    mk_put_u32(bytes + MK_ID, card->set);
    bytes[MK_ID + 4] = (uint8_t)card->threshold;
    bytes[MK_ID + 5] = card->share.number;
    memcpy(bytes + MK_ID + 6, mk_secret_peek(card->share.bytes),
           MK_CARD_SHARE);
    MK_TRY(mk_bech32m_add(&code, MK_CARD_PREFIX, bytes, sizeof bytes));
    for (size_t i = 0; i < code.len; i++) {
        if (i % GROUP == 0)
            MK_TRY(mk_buf_add_str(out, i % LINE == 0 ? "   " : " "));
        MK_TRY(mk_buf_add_u8(out, code.data[i]));
        if (i + 1 == code.len || (i + 1) % LINE == 0)
            MK_TRY(mk_buf_add_str(out, "\n"));
    }
out:
    mk_crypto_wipe(bytes, sizeof bytes);
    mk_buf_release(&code);
    return rc;
}

static const char advice[] =
    "Bewaar deze kaart apart van de andere kaarten, op papier, achter slot.\n"
    "Een kaart alleen opent niets. %u kaarten samen openen alles: geef haar\n"
    "dus aan niemand, ook niet aan een beheerder, maak er geen foto van en "
    "mail\n"
    "haar niet. Kwijt, gezien door een ander, of gaat u weg? Zeg het een\n"
    "bewaarder: die maakt een nieuwe reeks (meldkluis herstel deel).\n"
    "Druk dit bestand af, controleer de afdruk, en wis daarna het bestand.\n"
    "Gebruik: meldkluis herstel oefen, of meldkluis herstel persoon.\n"
    "\n"
    "English: a recovery card of a meldkluis vault. Any %u cards of this set\n"
    "open it. Keep it on paper, locked away, apart from the others; show it\n"
    "to nobody. Lost or seen: tell a custodian, who makes a new set.\n";

enum mk_err mk_card_add(struct mk_buf *out, const struct mk_card *card,
                        const struct mk_card_words *words)
{
    enum mk_err rc;
    char store[2 * MK_ID + 1];
    char date[MK_DATE_TEXT];

    mk_hex(store, card->store, MK_ID);
    mk_date_format(date, mk_date_amsterdam(words->made_ms));
    MK_TRY(mk_buf_addf(out,
                       "HERSTELKAART VAN EEN MELDKLUIS\n\n"
                       "kluis    %s\n"
                       "         %s\n"
                       "reeks    %u\n"
                       "kaart    %u van %u; elke %u samen zijn genoeg\n"
                       "voor     %s\n"
                       "gemaakt  %s\n\n" FENCE " code " FENCE "\n",
                       words->origin, store, (unsigned)card->set,
                       (unsigned)card->share.number, words->n, card->threshold,
                       words->holder[0] ? words->holder
                                        : "______________________________",
                       date));
    MK_TRY(add_code(out, card));
    MK_TRY(mk_buf_addf(out, FENCE " einde " FENCE "\n\n"));
    MK_TRY(mk_buf_addf(out, advice, card->threshold, card->threshold));
out:
    return rc;
}

/* --- reading --- */

/* The code without what people put between its characters, and how much of it
 * stood on each line. */
struct typed {
    char code[2 * CODE];
    size_t n; /* may be more than fits: then it is no code */
    size_t on_line[LINES];
    size_t lines; /* that were not empty; may be more */
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What stands between the first line of hyphens and the next, or everything
 * where there is no such line. */
static void find_code(const char **text, size_t *n)
{
    const char *end = *text + *n;
    const char *begin = NULL;

    for (const char *p = *text; p < end;) {
        const char *lf = memchr(p, '\n', (size_t)(end - p));
        const char *next = lf ? lf + 1 : end;
        bool fence = (size_t)(end - p) >= sizeof FENCE - 1 &&
                     memcmp(p, FENCE, sizeof FENCE - 1) == 0;
        if (fence && begin) {
            end = p;
            break;
        }
        if (fence)
            begin = next;
        p = next;
    }
    if (begin) {
        *text = begin;
        *n = (size_t)(end - begin);
    }
}

static void pack(struct typed *t, const char *text, size_t n)
{
    size_t here = 0;

    memset(t, 0, sizeof *t);
    for (size_t i = 0; i <= n; i++) {
        if ((i == n || text[i] == '\n') && here > 0) {
            if (t->lines < LINES)
                t->on_line[t->lines] = here;
            t->lines++;
            here = 0;
        }
        if (i == n || is_space(text[i]))
            continue;
        if (t->n < sizeof t->code)
            t->code[t->n] = text[i];
        t->n++;
        here++;
    }
}

/* Where the text has the lines of a card, the one that is too short or too
 * long is told. */
static enum mk_err wrong_length(const struct typed *t, const char *what,
                                struct mk_diag *diag)
{
    for (size_t i = 0; t->lines == LINES && i < LINES; i++) {
        size_t want = i + 1 < LINES ? LINE : CODE - (LINES - 1) * LINE;
        if (t->on_line[i] != want)
            return mk_fail_at(diag, MK_E_CARD_LINE, what, i + 1,
                              (int64_t)t->on_line[i], (int64_t)want);
    }
    return mk_fail_at(diag, MK_E_CARD_LENGTH, what, 0, (int64_t)t->n,
                      (int64_t)CODE);
}

static enum mk_err refuse(const struct typed *t,
                          const struct mk_bech32_result *r, const char *what,
                          struct mk_diag *diag)
{
    /* one character to point at, in a text that is near enough to a code */
    bool pointed =
        r->at != MK_BECH32_NOWHERE &&
        (r->fault == MK_BECH32_PREFIX ? t->n == CODE : t->n >= CODE / 2);

    switch (r->fault) {
    case MK_BECH32_LENGTH:
        return wrong_length(t, what, diag);
    case MK_BECH32_CHARACTER:
    case MK_BECH32_CASE:
    case MK_BECH32_PREFIX:
        if (!pointed)
            return mk_fail(diag, MK_E_CARD_FORM, what);
        break;
    case MK_BECH32_CHECKSUM:
        if (!pointed)
            return mk_fail(diag, MK_E_CARD_SUM, what);
        break;
    case MK_BECH32_NONE:
    case MK_BECH32_FORM:
        return mk_fail(diag, MK_E_CARD_FORM, what);
    }
    return mk_fail_at(diag, MK_E_CARD_TYPO, what, r->at / LINE + 1,
                      (int64_t)(r->at % LINE / GROUP + 1), 0);
}

static enum mk_err take(struct mk_card *out, const uint8_t *bytes,
                        const char *what, struct mk_diag *diag)
{
    memcpy(out->store, bytes, MK_ID);
    out->set = mk_get_u32(bytes + MK_ID);
    out->threshold = bytes[MK_ID + 4];
    out->share.number = bytes[MK_ID + 5];
    if (out->set == 0 || out->threshold < MK_SHARES_LEAST ||
        out->threshold > MK_SHARES_MOST || out->share.number == 0)
        return mk_fail(diag, MK_E_CARD_FORM, what);
    out->share.bytes = mk_secret_from(bytes + MK_ID + 6, MK_CARD_SHARE);
    return out->share.bytes ? MK_OK : mk_fail(diag, MK_E_MEMORY, what);
}

enum mk_err mk_card_read(struct mk_card *out, const void *text, size_t n,
                         const char *what, struct mk_diag *diag)
{
    enum mk_err rc;
    const char *code = text;
    struct mk_bech32_result result;
    uint8_t bytes[MK_CARD_BYTES];
    struct typed t;

    *out = (struct mk_card){.set = 0};
    if (n > MK_CARD_TEXT_MAX)
        return mk_fail(diag, MK_E_CARD_FORM, what);
    find_code(&code, &n);
    pack(&t, code, n);
    if (t.n > sizeof t.code)
        rc = mk_fail(diag, MK_E_CARD_FORM, what);
    else if (mk_bech32m_read(bytes, sizeof bytes, MK_CARD_PREFIX, t.code, t.n,
                             &result))
        rc = take(out, bytes, what, diag);
    else
        rc = refuse(&t, &result, what, diag);
    mk_crypto_wipe(bytes, sizeof bytes);
    mk_crypto_wipe(&t, sizeof t);
    return rc;
}
