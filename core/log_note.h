/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys that sign checkpoints of this log: one a generation of R_L. */
#ifndef MK_CORE_LOG_NOTE_H
#define MK_CORE_LOG_NOTE_H

#include "core/keyring.h"
#include "crypto/note.h"

/* False: there is no such generation, or origin is no name for a key. */
MK_MUST_USE bool mk_log_note_key(const struct mk_keyring *k,
                                 uint32_t generation, struct mk_note_key *out);
/*
 * Whether one of them, the newest first, signed the note; *out: that one, or
 * the newest.  FORGED when a line of one of them is wrong and no other good.
 */
MK_MUST_USE enum mk_note_verdict mk_log_note_verify(const struct mk_keyring *k,
                                                    const struct mk_note *note,
                                                    struct mk_note_key *out);

#endif
