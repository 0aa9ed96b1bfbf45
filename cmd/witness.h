/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of `log getuige`: those of the witness and those of the vault. */
#ifndef MK_CMD_WITNESS_H
#define MK_CMD_WITNESS_H

#include "cmd/app.h"
#include "cmd/json.h"

/* On the witness's machine, without a vault. */
mk_command_run mk_witness_key, mk_witness_sign;
/* Where the vault is. */
mk_command_run mk_witness_trust_step, mk_witness_drop_step,
    mk_witness_take_step, mk_witness_show_step, mk_witness_stamp_step;

/* What help says about the steps. */
MK_MUST_USE enum mk_err mk_witness_help(const struct mk_app *app,
                                        struct mk_buf *out);

/* Checkpoint as text: what is signed, and its words. */
MK_MUST_USE enum mk_err mk_witness_add_checkpoint(
    const struct mk_app *app, struct mk_buf *out,
    const struct mk_checkpoint *c, const char *const words[static MK_WORDS]);
void mk_witness_json_checkpoint(struct mk_json *j,
                                const struct mk_checkpoint *c,
                                const char *const words[static MK_WORDS]);
/* A vkey with its words, for whoever compares it. */
MK_MUST_USE enum mk_err mk_witness_add_key(const struct mk_app *app,
                                           struct mk_buf *out,
                                           const struct mk_note_key *key);
void mk_witness_json_key(struct mk_json *j, const struct mk_note_key *key);

#endif
