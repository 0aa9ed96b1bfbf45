/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person and what he holds, as the commands about people show it. */
#ifndef MK_CMD_MEMBER_H
#define MK_CMD_MEMBER_H

#include "cmd/app.h"
#include "cmd/json.h"

/* "inspecteur analist" */
MK_MUST_USE enum mk_err mk_member_add_roles(const struct mk_app *app,
                                            struct mk_buf *out,
                                            unsigned roles);
/* "dossiers (rd), statistiek (rs)" of bits 1 << kind; kinds of a key as users
 * know them. */
MK_MUST_USE enum mk_err mk_member_add_kinds(const struct mk_app *app,
                                            struct mk_buf *out,
                                            unsigned kinds);
/* "rd rs": as they are typed. */
MK_MUST_USE enum mk_err mk_member_add_slugs(struct mk_buf *out,
                                            unsigned kinds);
/* An array of those. */
void mk_member_json_kinds(struct mk_json *j, const char *key, unsigned kinds);
/* "", geblokkeerd, verwijderd. */
const char *mk_member_standing(const struct mk_app *app,
                               enum mk_standing standing);

/* What the vault knows of m: who is in it.  Somebody who asks to be admitted
 * has no standing yet: k is NULL then. */
void mk_member_json(struct mk_json *j, const struct mk_keyring *k,
                    const struct mk_member *m);
MK_MUST_USE enum mk_err mk_member_text(const struct mk_app *app,
                                       struct mk_buf *out,
                                       const struct mk_keyring *k,
                                       const struct mk_member *m);
/* Fingerprint in hexadecimal and in words, lines of their own. */
MK_MUST_USE enum mk_err mk_member_add_fingerprint(const struct mk_app *app,
                                                  struct mk_buf *out,
                                                  const struct mk_member *m);

/* Can this run put a question before it does something?  After the unlock. */
bool mk_member_can_ask(const struct mk_app *app);
/* Shows text on the terminal and asks; E_CANCELLED unless the answer is yes. */
MK_MUST_USE enum mk_err mk_member_confirm(struct mk_app *app,
                                          struct mk_buf *text,
                                          const char *question);
/* A note to who holds a key that somebody who left still knows, or that is of
 * before a theft. */
void mk_member_remind(struct mk_app *app);

#endif
