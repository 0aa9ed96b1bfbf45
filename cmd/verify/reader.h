/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With the auditor's key: what each entry says, and whether whoever wrote it
 * might do that then.  Flat memory: the keys of the sessions that leaf.h
 * remembers.
 */
#ifndef MK_CMD_VERIFY_READER_H
#define MK_CMD_VERIFY_READER_H

#include "cmd/verify/head.h"
#include "cmd/verify/leaf.h"

struct mk_vf_reader {
    const struct mk_vf_members *members; /* borrowed */
    struct mk_vf_report *report;         /* borrowed */
    const uint8_t *secret;               /* borrowed: X25519, 32 bytes */
    uint8_t pk[MK_PK];
    const struct mk_vf_log_key *key; /* of the log, that pk is; borrowed */
    uint64_t other;      /* sessions that another key of the log opens */
    uint8_t (*keys)[32]; /* guarded; of the sessions, in their places */
    uint64_t unlocks, not_real; /* failed unlocks that can be read, or not */
    bool unread_kinds; /* ... or may have been: entries of those sessions */
    unsigned said;     /* what was changed since the last head, as bits */
};

/* *fits false: secret is no key of this log, and the report says so.
 * Owns: mk_vf_reader_release.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_vf_reader_init(struct mk_vf_reader *r,
                                          const struct mk_vf_members *members,
                                          struct mk_vf_report *report,
                                          const uint8_t secret[static 32],
                                          bool *fits);
void mk_vf_reader_release(struct mk_vf_reader *r);

/* Where an entry stands. */
struct mk_vf_place {
    const struct mk_vf_head *head;  /* that covers it first */
    const struct mk_vf_member *who; /* who signed that */
    int64_t since_ms;               /* time of the head before it */
    uint64_t since_serial;          /* of the members in that */
};

/* leaf opened the session at place index of all. */
void mk_vf_reader_session(struct mk_vf_reader *r,
                          const struct mk_vf_leaf *leaf,
                          struct mk_vf_session *session, size_t index,
                          const struct mk_vf_place *at);
void mk_vf_reader_entry(struct mk_vf_reader *r, const struct mk_vf_leaf *leaf,
                        const struct mk_vf_session *session, size_t index,
                        const struct mk_vf_place *at);
void mk_vf_reader_unlock(struct mk_vf_reader *r,
                         const struct mk_vf_leaf *leaf);
/* The entries of at->head have been read: does one of them say what it changes
 * since prev?  all: they are all there, none was pruned. */
void mk_vf_reader_head(struct mk_vf_reader *r, const struct mk_vf_head *prev,
                       const struct mk_vf_place *at, bool all);
/* Says what was counted. */
void mk_vf_reader_end(struct mk_vf_reader *r);

#endif
