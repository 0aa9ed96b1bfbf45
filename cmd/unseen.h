/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries that crossed (core/unseen.h): what their authors and readers are
 * told. */
#ifndef MK_CMD_UNSEEN_H
#define MK_CMD_UNSEEN_H

#include "cmd/ask.h"
#include "cmd/json.h"

/* --gezien: the last entry that was seen, 0 when that was not said.
 * Errors: E_BAD_NUMBER. */
MK_MUST_USE enum mk_err mk_unseen_option(struct mk_app *app, uint32_t *seen);
/* That there is such an entry in the dossier.  Errors: E_BAD_NUMBER. */
MK_MUST_USE enum mk_err mk_unseen_check(struct mk_app *app, uint32_t seen,
                                        size_t n_events);

/*
 * Tells who wrote meanwhile, as a note; nothing when nobody did.  refused:
 * nothing was written, so that nothing stands beside it.
 */
void mk_unseen_warn(struct mk_app *app, const struct mk_written *w,
                    bool refused);
/* The same on the terminal, between questions. */
MK_MUST_USE enum mk_err mk_unseen_say(struct mk_app *app,
                                      const struct mk_written *w,
                                      bool refused);
/* And whether to write all the same. */
MK_MUST_USE enum mk_err mk_unseen_ask(struct mk_app *app,
                                      const struct mk_written *w, bool *go_on);
/* "unseen": what is told, and "unseen_entries": how many there are. */
void mk_unseen_json(struct mk_app *app, struct mk_json *j,
                    const struct mk_written *w);

/* Under event i of a dossier: what its author had not seen; nothing when he
 * had seen all, or did not say. */
MK_MUST_USE enum mk_err mk_unseen_add_entry(struct mk_app *app,
                                            struct mk_buf *out,
                                            const struct mk_case *c, size_t i);
/* The same as "unseen" of the event. */
void mk_unseen_json_entry(struct mk_app *app, struct mk_json *j,
                          const struct mk_case *c, size_t i);

#endif
