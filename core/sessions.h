/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sessions that a log opened so far: whose each is, and its sealed key. */
#ifndef MK_CORE_SESSIONS_H
#define MK_CORE_SESSIONS_H

#include "core/leaf.h"

struct mk_session {
    uint8_t id[MK_ID];
    uint8_t rest[MK_ID + MK_LEAF_BOX]; /* of its leaf: actor | box */
};

/* Open addressing by session id, which is random.  Zeros: empty. */
struct mk_sessions {
    struct mk_session *v;
    size_t n, cap;
};
void mk_sessions_release(struct mk_sessions *s);

/* leaf is a session leaf.  Errors: E_EXISTS when its session was opened
 * before; E_MEMORY. */
MK_MUST_USE enum mk_err mk_sessions_add(struct mk_sessions *s,
                                        const struct mk_leaf *leaf);
/* NULL if it was never opened.  Borrowed until the next add. */
const struct mk_session *mk_sessions_find(const struct mk_sessions *s,
                                          const uint8_t id[static MK_ID]);

#endif
