/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sizes of the log that somebody names: a witness, a pruning, an old
 * checkpoint.  They are gathered first; the one walk over the log, which keeps
 * nothing, then fills in what the log was at each of them.
 */
#ifndef MK_CMD_VERIFY_WANTS_H
#define MK_CMD_VERIFY_WANTS_H

#include "cmd/verify/tree.h"

struct mk_vf_want {
    uint64_t size;
    bool reached; /* root is that of the first size leaves */
    uint8_t root[MK_HASH];
    /* an auditor or inspector has signed all of them; latest time that any
     * head up to that one states */
    bool confirmed;
    int64_t newest_ms;
    bool exact; /* the first head over all of them has just this size; its
                   hash: */
    uint8_t head[MK_HASH];
};

struct mk_vf_wants {
    struct mk_vf_want *v;
    size_t n, cap;
    size_t next; /* not reached yet */
    size_t bare; /* no head over it yet */
    size_t open; /* not confirmed yet */
};

/* Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_vf_wants_add(struct mk_vf_wants *w, uint64_t size);
/* When all are there: by size. */
void mk_vf_wants_sort(struct mk_vf_wants *w);
void mk_vf_wants_release(struct mk_vf_wants *w);

/* The tree has grown by at most one leaf since the last call. */
void mk_vf_wants_grown(struct mk_vf_wants *w, const struct mk_vf_tree *t);
/* A head over the first size leaves. */
void mk_vf_wants_signed(struct mk_vf_wants *w, uint64_t size,
                        const uint8_t head[static MK_HASH]);
/* That head is of an auditor or inspector; newest_ms: latest time so far. */
void mk_vf_wants_confirmed(struct mk_vf_wants *w, uint64_t size,
                           int64_t newest_ms);
/* NULL: nobody wanted it, or the log was never so large. */
const struct mk_vf_want *mk_vf_wants_find(const struct mk_vf_wants *w,
                                          uint64_t size);

#endif
