/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Heads: each follows the one before it.  Source: FORMAT "Head", and who may
 * change what:
 *
 *   log                 grows, in everybody's head who holds a role
 *   dossiers, stats     never fewer, by an inspector
 *   register            only by appending, each kind by its roles
 *   members             serial not smaller, hash that of the serial
 *   epoch               the same, or with a restart signed by two
 *   time                not back by more than MK_VF_CLOCK_MS
 */
#ifndef MK_CMD_VERIFY_HEAD_H
#define MK_CMD_VERIFY_HEAD_H

#include "cmd/verify/named.h"
#include "cmd/verify/prune.h"

#define MK_VF_HEAD 296
#define MK_VF_HEAD_ROW (MK_VF_HEAD + MK_SIG)

/* How far two clocks may differ: what a correction by NTP, or two machines of
 * one office, may do (Kerberos allows as much, RFC 4120 section 8.2). */
#define MK_VF_CLOCK_MS INT64_C(300000)

struct mk_vf_head {
    uint8_t store[MK_ID];
    uint32_t epoch;
    uint64_t log_size;
    uint8_t log_root[MK_HASH];
    uint64_t n_dossiers;
    uint8_t dossier_root[MK_HASH];
    uint64_t n_stats;
    uint8_t stats_root[MK_HASH];
    uint64_t n_register;
    uint8_t register_root[MK_HASH];
    uint64_t serial;
    uint8_t members_hash[MK_HASH], slots_hash[MK_HASH];
    int64_t time_ms;
    uint8_t actor[MK_ID], txid[MK_ID];
};

/* False if it is no head. */
MK_MUST_USE bool mk_vf_head_decode(struct mk_vf_head *out,
                                   const uint8_t p[static MK_VF_HEAD]);
/* The state before the first head. */
void mk_vf_head_empty(struct mk_vf_head *out,
                      const uint8_t store[static MK_ID]);

/* Where the walk over the heads stands. */
struct mk_vf_heads {
    const struct mk_vf_members *members; /* borrowed, like the next two */
    const struct mk_vf_wants *wants;
    struct mk_vf_report *report;
    struct mk_vf_rows rows; /* register rows to come */
    bool rows_bad;          /* said so already */
    uint8_t chain[MK_HASH]; /* over those that went by */
    struct mk_vf_head prev;
    uint8_t prev_hash[MK_HASH]; /* zeros before the first */
    int64_t latest_ms;          /* latest since the clock was set back */
    int64_t max_ms;             /* latest of all */
    struct mk_vf_past past;
    struct mk_vf_named named;
    uint8_t (*known)[MK_HASH]; /* heads that a restart gave up */
    size_t n_known;
};

void mk_vf_heads_init(struct mk_vf_heads *w,
                      const struct mk_vf_members *members,
                      const struct mk_vf_wants *wants,
                      const struct mk_vf_rows *rows,
                      struct mk_vf_report *report);
void mk_vf_heads_release(struct mk_vf_heads *w);

/*
 * Judges row, puts what it says into h and his name into *who (NULL: unknown).
 * False: it cannot be followed, and the walk goes on as if it were not there.
 * Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_vf_heads_step(
    struct mk_vf_heads *w, const uint8_t row[static MK_VF_HEAD_ROW],
    struct mk_vf_head *h, const struct mk_vf_member **who, bool *follows);
/* h, by who, is the head before the next one. */
void mk_vf_heads_accept(struct mk_vf_heads *w, const struct mk_vf_head *h,
                        const struct mk_vf_member *who,
                        const uint8_t row[static MK_VF_HEAD_ROW]);

#endif
