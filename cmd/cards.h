/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recovery cards of one run: given, asked for, and written. */
#ifndef MK_CMD_CARDS_H
#define MK_CMD_CARDS_H

#include "cmd/app.h"

/* Cards that somebody gave. */
struct mk_cards_in {
    struct mk_card_text text[MK_ARGS_MAX];
    struct mk_buf file[MK_ARGS_MAX];      /* what was read */
    struct mk_secret *typed[MK_ARGS_MAX]; /* or typed */
    int fd[MK_ARGS_MAX];
    char name[MK_ARGS_MAX][32];
    size_t n;
    bool ask; /* the others are typed: --kaart -, or none at all */
};
/* Opens the files of --kaart; before the sandbox. */
MK_MUST_USE enum mk_err mk_cards_open(struct mk_app *app,
                                      struct mk_cards_in *in);
/* Reads them, and asks for the codes of those that are typed, until there are
 * as many as the set in force wants. */
MK_MUST_USE enum mk_err mk_cards_take(struct mk_app *app,
                                      struct mk_cards_in *in);
/*
 * Asks on the terminal for the next card, line by line, until it fits those
 * before it and the set in force; card: "1/3".  in->text[in->n].what is set.
 * (card_ask.c)
 */
MK_MUST_USE enum mk_err mk_card_ask(struct mk_app *app, struct mk_cards_in *in,
                                    const char *card);
void mk_cards_in_release(struct mk_cards_in *in);

/* Cards that are being made. */
struct mk_cards_out {
    struct mk_new_cards fresh; /* its sink writes into the folder */
    int dir;                   /* -1: none */
    const char *folder;
    uint32_t set;
    bool made[MK_SHARES_MOST + 1]; /* by number */
};
/*
 * --deel, --kaarthouder, --kaarten; before the sandbox, which needs
 * out->folder.  Without --deel the numbers are those of the set in force, and
 * filled in by mk_cards_plan.
 */
MK_MUST_USE enum mk_err mk_cards_folder(struct mk_app *app,
                                        struct mk_cards_out *out);
MK_MUST_USE enum mk_err mk_cards_plan(struct mk_app *app,
                                      struct mk_cards_out *out);
/* After the change: rc, and files of a set that never was are removed. */
enum mk_err mk_cards_close(struct mk_app *app, struct mk_cards_out *out,
                           enum mk_err rc);

#endif
