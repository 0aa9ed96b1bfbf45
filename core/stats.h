/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The statistics stream: append-only records of coded facts, sealed under the
 * statistics key R_S (inspectors write, inspectors and analysts read).  No
 * name, no narrative, no tag of a dossier; a record says which dossier only
 * by its ordinal, so that a newer record replaces an older one.
 *
 * New records are rows of 128 bytes; MK_STATS_GROUP of them fold into one
 * chunk, by columns and packed to the widths of the code lists, the opaque
 * tags in a part of their own.  Layout: docs/FORMAT.md.
 *
 *   stats_root = SHA-256("mk1/stats" | n u64 | chain over chunks | chain
 *                        over tail rows)
 *   chain over chunks: next = SHA-256("mk1/chunk" | chain | idx u64 | first
 *                        u64 | n u64 | SHA-256(facts) | SHA-256(tags))
 *   chain over tail rows: next = SHA-256("mk1/row" | chain | seq u64 |
 *                        SHA-256(env)); both begin with 32 zero bytes
 * seq is the position in the stream.  Where the tail begins, and so how many
 * of the rows that lie in stats_row count, the chunks and n say.
 */
#ifndef MK_CORE_STATS_H
#define MK_CORE_STATS_H

#include "core/case.h"
#include "core/cube.h"
#include "core/generation.h"
#include "core/store/rows.h"

#define MK_STATS_GROUP (MK_STATS_SLOTS + 1) /* rows that fold into a chunk */
#define MK_STATS_CHUNK_MAX 4096 /* records in one chunk (imports) */
#define MK_STATS_ROW 128        /* bytes of a sealed tail row */

/* What made a record; changes.def says what is told of it. */
enum mk_cause {
#define MK_CAUSE(number, NAME, reason) MK_CAUSE_##NAME = number,
#include "core/defs/changes.def"
};

struct mk_stats_record {
    uint64_t ordinal; /* of the dossier */
    mk_day recorded;  /* day of entry into the vault */
    mk_day received;  /* of the first melding: the year it counts in */
    uint8_t state;    /* enum mk_state */
    uint8_t cause;    /* enum mk_cause */
    uint8_t sector, category, care_type, reporter, accused, qualification;
    uint8_t mtbp;   /* MK_YN_* */
    uint8_t duty;   /* MK_YN_*, 0 before duiding */
    uint8_t direct; /* MK_DIRECT_*; 0 where the duty is not J */
    uint8_t verdict;
    uint16_t extra; /* bit n = further category number n */
    bool red, referred, complaint, police_report, unmet_overleg,
        unmet_aangifte;
    bool site_empty, accused_empty; /* the tag is random: nothing known */
    uint8_t site[8], accused_tag[8];
};

/* Coded facts of c, and what its last event was; ordinal, recorded and tags are left to the caller. */
void mk_stats_from_case(struct mk_stats_record *r, const struct mk_case *c);

/* The keys and the place a stream belongs to.  What is written is sealed with
 * rs; what is read says in key_gen with which generation. */
struct mk_stats_key {
    const uint8_t *store; /* 16 bytes */
    const struct mk_secret *rs;
    uint32_t gen;
    uint8_t key_id[MK_ID];
    const struct mk_generations *all; /* NULL: there is only rs */
};

/*
 * State of the stream inside one transaction.  open proves where the stream
 * ends (n, root of the newest head); records gather in memory, at most
 * MK_STATS_CHUNK_MAX of them, and reach the store by flush, which gives n
 * and root for the new head.  key, and what it points to, must outlive it.
 * After an error of append or flush only close and a roll-back are left.
 * Errors: E_TAMPERED when the end of the stream is not what root says;
 * E_DAMAGED when a tail row that has to fold does not open; E_INTERNAL for a
 * record with a code that is in no list.
 */
struct mk_stats;
MK_MUST_USE enum mk_err mk_stats_open(struct mk_stats **out,
                                      struct mk_store *st,
                                      const struct mk_stats_key *key,
                                      const uint8_t root[static MK_HASH],
                                      uint64_t n, struct mk_diag *diag);
void mk_stats_close(struct mk_stats *s);
MK_MUST_USE enum mk_err mk_stats_append(struct mk_stats *s,
                                        const struct mk_stats_record *r,
                                        struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_stats_flush(struct mk_stats *s, uint64_t *n,
                                       uint8_t root[static MK_HASH],
                                       struct mk_diag *diag);
/* stats_root of a stream without records. */
void mk_stats_empty_root(uint8_t root[static MK_HASH]);

/*
 * Recomputes the root over every chunk and row (ciphertext: needs no key)
 * and compares with n and root.  Errors: E_TAMPERED naming the chunk or row.
 */
MK_MUST_USE enum mk_err mk_stats_verify(struct mk_store *st, uint64_t n,
                                        const uint8_t root[static MK_HASH],
                                        struct mk_diag *diag);

/* Up to which entry a count looks. */
struct mk_as_of {
    bool by_day, by_position; /* neither: everything */
    mk_day day;               /* records of that day or before */
    uint64_t position;        /* the first so many records */
};

/*
 * One pass over the stream (chunks newest first, a bit per dossier for "seen"),
 * proven against n and root while it runs: nothing is given out before the
 * root was found equal.  Adds every dossier that counts, in the years of
 * window, to cube, and fills its header (data date, position, uncounted).
 * n_dossiers bounds the ordinals.
 * Sizes: memory O(n_dossiers / 8 + distinct cells + one chunk).
 * Errors: E_TAMPERED, E_DAMAGED, E_MEMORY; E_BAD_NUMBER when position > n.
 */
MK_MUST_USE enum mk_err mk_stats_count(
    struct mk_store *st, const struct mk_stats_key *key, uint64_t n,
    const uint8_t root[static MK_HASH], uint64_t n_dossiers,
    const struct mk_as_of *as_of, struct mk_cube *cube, struct mk_diag *diag);

#endif
