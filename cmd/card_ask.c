/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A card is typed as it stands on its sheet: line by line.  What cannot be
 * right is said at once, and only that is asked again.  A person who has to
 * begin anew gives up, or types on into the shell, which remembers it.
 */
#include "cmd/cards.h"

#include <stdio.h>

#define TRIES 12 /* refusals of one card */

/* The lines of one card; the whole code in the first is a card, too. */
struct lines {
    struct mk_secret *of[MK_CARD_LINES];
};

static void forget(struct lines *l)
{
    for (size_t i = 0; i < MK_CARD_LINES; i++) {
        mk_secret_free(l->of[i]);
        l->of[i] = NULL;
    }
}

static size_t length_of_line(size_t i)
{
    return i + 1 < MK_CARD_LINES
               ? MK_CARD_LINE
               : MK_CARD_CODE - (MK_CARD_LINES - 1) * MK_CARD_LINE;
}

static bool is_whole(const struct lines *l)
{
    return l->of[0] && mk_secret_len(l->of[0]) == MK_CARD_CODE;
}

/* Without spaces and in small letters, which the card itself has. */
static void tidy(struct mk_secret *s)
{
    uint8_t *p = mk_secret_bytes(s);
    size_t n = 0;
    for (size_t i = 0; i < mk_secret_len(s); i++) {
        if (p[i] == ' ' || p[i] == '\t')
            continue;
        p[n++] =
            (uint8_t)(p[i] >= 'A' && p[i] <= 'Z' ? p[i] - 'A' + 'a' : p[i]);
    }
    mk_secret_shrink(s, n);
}

static enum mk_err ask_line(struct mk_app *app, const char *card, size_t i,
                            const char *what, struct mk_secret **out)
{
    char of[64];
    enum mk_err rc;
    snprintf(of, sizeof of,
             MK_T(app, "%s, regel %zu van %d", "%s, line %zu of %d"), card,
             i + 1, MK_CARD_LINES);
    rc = mk_session_secret(app, "Code van kaart", "Code of card", of, out);
    if (rc != MK_OK)
        return rc;
    tidy(*out);
    size_t got = mk_secret_len(*out);
    if (got == length_of_line(i) || (i == 0 && got == MK_CARD_CODE))
        return MK_OK;
    mk_secret_free(*out);
    *out = NULL;
    return mk_fail_at(&app->diag, MK_E_CARD_LINE, what, i + 1, (int64_t)got,
                      (int64_t)length_of_line(i));
}

static enum mk_err join(const struct lines *l, struct mk_secret **out)
{
    struct mk_secret *all = mk_secret_copy(l->of[0]);
    for (size_t i = 1; all && !is_whole(l) && i < MK_CARD_LINES; i++) {
        struct mk_secret *longer = mk_secret_join(all, l->of[i]);
        mk_secret_free(all);
        all = longer;
    }
    *out = all;
    return all ? MK_OK : MK_E_MEMORY;
}

/* Asks for the lines that are not there yet, and judges the card. */
static enum mk_err ask_lines(struct mk_app *app, struct mk_cards_in *in,
                             const char *card, struct lines *l)
{
    enum mk_err rc = MK_OK;
    size_t n = in->n;
    for (size_t i = 0; i < MK_CARD_LINES && !is_whole(l); i++)
        if (!l->of[i])
            MK_TRY(ask_line(app, card, i, in->text[n].what, &l->of[i]));
    MK_TRY(join(l, &in->typed[n]));
    in->text[n].text = mk_secret_peek(in->typed[n]);
    in->text[n].n = mk_secret_len(in->typed[n]);
    MK_TRY(mk_recovery_cards_check(mk_vault_keyring(app->vault), in->text,
                                   n + 1, &app->diag));
    in->n++;
out:
    if (rc != MK_OK) {
        mk_secret_free(in->typed[n]);
        in->typed[n] = NULL;
    }
    return rc;
}

/* A refusal that another answer can mend; the lines that are wrong are gone. */
static bool again(const struct mk_diag *diag, struct lines *l)
{
    switch (diag->err) {
    case MK_E_CARD_LINE: /* it was not kept */
        return true;
    case MK_E_CARD_TYPO:
        if (is_whole(l) || diag->line < 1 || diag->line > MK_CARD_LINES) {
            forget(l);
        } else {
            mk_secret_free(l->of[diag->line - 1]);
            l->of[diag->line - 1] = NULL;
        }
        return true;
    case MK_E_CARD_FORM:
    case MK_E_CARD_SUM:
    case MK_E_CARD_VAULT:
    case MK_E_CARD_SET:
    case MK_E_CARD_TWICE:
    case MK_E_CARD_BAD:
        forget(l);
        return true;
    default:
        return false;
    }
}

enum mk_err mk_card_ask(struct mk_app *app, struct mk_cards_in *in,
                        const char *card)
{
    enum mk_err rc;
    struct lines l = {.of = {NULL}};
    for (int refused = 1;; refused++) {
        rc = ask_lines(app, in, card, &l);
        if (rc == MK_OK || refused == TRIES || !again(&app->diag, &l))
            break;
        struct mk_buf why = MK_BUF_INIT;
        if (mk_app_describe(app, &app->diag, &why) == MK_OK &&
            mk_buf_terminate(&why) == MK_OK)
            mk_app_warn(app, (const char *)why.data);
        mk_buf_release(&why);
        app->diag = (struct mk_diag)MK_DIAG_INIT;
    }
    forget(&l);
    return rc;
}
