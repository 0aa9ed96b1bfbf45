/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of a verb, asked one by one on the terminal. */
#ifndef MK_CMD_ASK_H
#define MK_CMD_ASK_H

#include "cmd/app.h"

/* What is asked, about which dossier, and where the answers go. */
struct mk_asking {
    enum mk_verb verb;
    const char *tag;         /* of the dossier; "" for a new one */
    const struct mk_case *c; /* the dossier as it is; NULL: not opened */
    struct mk_fields *f;
    bool draft;   /* keep what there is after each answer */
    bool unknown; /* all was answered, and under request it may be saved */
    uint8_t request[16];
};

/*
 * Asks every key of a->verb that a->f lacks: label, form of the answer, allowed
 * codes; `?` gives help, an empty answer skips what may be missing.  A wrong
 * answer is told and asked again.  Errors: E_CANCELLED, E_MEMORY, E_IO.
 */
MK_MUST_USE enum mk_err mk_ask_fields(struct mk_app *app,
                                      const struct mk_asking *a);
/* After a refusal: from first on (NONE: all of them), with the answers that
 * were given; an empty answer keeps them. */
MK_MUST_USE enum mk_err mk_ask_again(struct mk_app *app,
                                     const struct mk_asking *a,
                                     enum mk_field first);
/* Shows app->diag on the terminal, by the labels of its keys. */
MK_MUST_USE enum mk_err mk_ask_say_error(struct mk_app *app);
/* Yes or no; empty is no. */
MK_MUST_USE enum mk_err mk_ask_yes(struct mk_app *app, const char *question,
                                   bool *yes);
/* A line of ours on the terminal. */
void mk_ask_say(struct mk_app *app, const char *text);
/* Says so when questions cannot be asked (E_NO_TERMINAL). */
MK_MUST_USE enum mk_err mk_ask_possible(struct mk_app *app);

/*
 * Opens a dossier; when it is a colleague's and no purpose was given, asks for
 * the purpose if that is possible.  Errors: those of mk_dossier_open.
 */
MK_MUST_USE enum mk_err mk_ask_open(struct mk_app *app, enum mk_audit kind,
                                    const struct mk_dossier_ref *ref,
                                    struct mk_view *view);
/* Asks for the purpose of an access (rc: E_PURPOSE), where that is possible;
 * MK_OK: it was given, try again. */
MK_MUST_USE enum mk_err mk_ask_purpose(struct mk_app *app, enum mk_err rc);

/* --- ask_one.c and ask_correct.c, for ask.c --- */

/* Asks one key until there is an answer; one that a->f holds already is
 * offered. */
MK_MUST_USE enum mk_err mk_ask_one(struct mk_app *app,
                                   const struct mk_asking *a,
                                   enum mk_field number, bool required);
/* The events of the dossier with their keys. */
MK_MUST_USE enum mk_err mk_ask_show_events(struct mk_app *app,
                                           const struct mk_asking *a);
/* What is asked for `number`: the new value of a correction is asked like the
 * key that is corrected. */
const struct mk_field_info *mk_ask_form(const struct mk_asking *a,
                                        enum mk_field number);
/* The keys of the event that is to be corrected, as help. */
MK_MUST_USE enum mk_err mk_ask_add_keys(struct mk_app *app,
                                        const struct mk_asking *a,
                                        struct mk_buf *out);
/* Is there such an event, such a key?  Errors: E_BAD_NUMBER, E_UNKNOWN_KEY. */
MK_MUST_USE enum mk_err mk_ask_check_target(struct mk_app *app,
                                            const struct mk_asking *a,
                                            const struct mk_fields *answer);
/* True for NR at the key without which the event did not happen. */
bool mk_ask_is_away(const struct mk_asking *a, const struct mk_buf *answer);

#endif
