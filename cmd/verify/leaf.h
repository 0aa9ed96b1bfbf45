/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an entry says in the open.  Source: FORMAT "Access log". */
#ifndef MK_CMD_VERIFY_LEAF_H
#define MK_CMD_VERIFY_LEAF_H

#include "crypto/hash.h"

#define MK_VF_LEAF_HEAD 76 /* before the rest; aad of the envelope */
#define MK_VF_LEAF_PLAIN 192
#define MK_VF_SESSION_BOX 132
#define MK_VF_FAILED 256

enum mk_vf_leaf_kind {
    MK_VF_ENTRY = 1,
    MK_VF_SESSION = 2,
    MK_VF_UNLOCK = 3,
};

struct mk_vf_leaf {
    enum mk_vf_leaf_kind kind;
    uint64_t seq;
    const uint8_t *session, *prev_head; /* borrowed, like the rest */
    const uint8_t *actor, *box;         /* session */
    const uint8_t *record;              /* failed unlock */
    const uint8_t *bytes;
    size_t n;
};

/* False if p is no leaf of that store. */
MK_MUST_USE bool mk_vf_leaf_parse(struct mk_vf_leaf *out, const uint8_t *p,
                                  size_t n, const uint8_t store[static MK_ID]);
/* Of a session leaf: is it signed by pk? */
MK_MUST_USE bool mk_vf_leaf_signed(const struct mk_vf_leaf *leaf,
                                   const uint8_t pk[static MK_PK]);

/* ---- sessions ---- */

/*
 * The sessions that were used last: 4096 sets of 8, by their id.  A session
 * is one run of a program, and is forgotten when eight others of its set came
 * after it, which takes some 20,000 sessions.  Who writes one chooses its id,
 * but not its set: that hangs on a key which is new in each run.
 */
#define MK_VF_SETS 4096
#define MK_VF_WAYS 8

struct mk_vf_session {
    uint8_t id[MK_ID], actor[MK_ID];
    uint64_t used;        /* 0: empty */
    bool is_sealed;       /* its key could not be had */
    bool is_of_other_key; /* ... for it wants another key of the log */
};

struct mk_vf_sessions {
    struct mk_vf_session *v; /* sets one behind the other */
    uint64_t clock;
    uint8_t key[16]; /* of the hash that chooses a set */
};
/* Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_vf_sessions_init(struct mk_vf_sessions *s);
void mk_vf_sessions_release(struct mk_vf_sessions *s);
/* NULL: not open, or forgotten. */
struct mk_vf_session *mk_vf_session_find(struct mk_vf_sessions *s,
                                         const uint8_t id[static MK_ID]);
/* Takes the place of the one in its set that was used longest ago. */
struct mk_vf_session *mk_vf_session_add(struct mk_vf_sessions *s,
                                        const uint8_t id[static MK_ID],
                                        const uint8_t actor[static MK_ID]);

#endif
