/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dossier in clear, as text for people or as JSON.  Adds personal data to
 * out, which wipes. */
#ifndef MK_CMD_VIEW_H
#define MK_CMD_VIEW_H

#include "cmd/app.h"

MK_MUST_USE enum mk_err mk_view_text(struct mk_app *app,
                                     const struct mk_view *v,
                                     struct mk_buf *out);
MK_MUST_USE enum mk_err mk_view_timeline(struct mk_app *app,
                                         const struct mk_view *v,
                                         struct mk_buf *out);
/* facts: also what the dossier is now, besides what happened. */
MK_MUST_USE enum mk_err mk_view_json(struct mk_app *app,
                                     const struct mk_view *v, bool facts,
                                     struct mk_buf *out);

/* "overlegplicht": a legal term, the same in both languages. */
const char *mk_duty_slug(unsigned duty);
/* The same, explained where the reader needs it. */
const char *mk_duty_name(const struct mk_app *app, unsigned duty);
/* The name of a member, or "?" with whom the keyring does not know. */
const char *mk_member_name(const struct mk_app *app,
                           const uint8_t id[static 16]);
mk_day mk_today(void);

#endif
