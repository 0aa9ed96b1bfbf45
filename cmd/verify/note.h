/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signed notes, verifier keys, cosignatures, checkpoints, as C2SP signed-note,
 * tlog-checkpoint and tlog-cosignature say.  A reader of its own: it knows
 * nothing of how the vault writes them.
 */
#ifndef MK_CMD_VERIFY_NOTE_H
#define MK_CMD_VERIFY_NOTE_H

#include "core/base/buf.h"

#define MK_VF_NOTE_MAX 65536
#define MK_VF_NAME_MAX 128
#define MK_VF_LINES 64 /* signatures that are looked at */

enum { MK_VF_KEY_PLAIN = 1, MK_VF_KEY_COSIGNER = 4 };

struct mk_vf_key {
    char name[MK_VF_NAME_MAX + 1];
    uint8_t type;
    uint8_t pk[32];
    uint8_t id[4];
};

/* Fills in id of the rest. */
void mk_vf_key_id(struct mk_vf_key *key);
/* One line without its LF.  False if it is no vkey of a type known here, or
 * its id is not that of its key. */
MK_MUST_USE bool mk_vf_key_parse(struct mk_vf_key *out, const char *line,
                                 size_t n);
/* A file that begins with a line that is a vkey; what a witness was shown
 * below it, the words to read aloud, may follow. */
MK_MUST_USE bool mk_vf_key_file(struct mk_vf_key *out, const void *p,
                                size_t n);

struct mk_vf_note {
    const char *text; /* borrowed; with its last LF */
    size_t n_text;
    size_t n_lines;
    struct {
        const char *name; /* borrowed */
        size_t n_name;
        uint8_t sig[4 + 8 + 64]; /* key id, then what the type says */
        size_t n_sig; /* 0: longer than that, of a type unknown here */
    } line[MK_VF_LINES];
    /* of the text, when it is a checkpoint */
    char origin[MK_VF_NAME_MAX + 1];
    uint64_t size;
    uint8_t root[32];
};

/* A note whose text is a checkpoint; extension lines are allowed.  False if it
 * is none.  out borrows from p. */
MK_MUST_USE bool mk_vf_note_parse(struct mk_vf_note *out, const void *p,
                                  size_t n);

enum mk_vf_signed {
    MK_VF_UNSIGNED, /* no line of this key */
    MK_VF_SIGNED,
    MK_VF_FORGED, /* a line of its name and id that does not verify */
};
/* *time_s (may be NULL): newest time of a cosignature, seconds. */
enum mk_vf_signed mk_vf_note_by(const struct mk_vf_note *note,
                                const struct mk_vf_key *key, uint64_t *time_s);

/* Strict base64 (RFC 4648 section 4, canonical).  *n becomes the length. */
MK_MUST_USE bool mk_vf_unbase64(uint8_t *out, size_t max, size_t *n,
                                const char *text, size_t len);

#endif
