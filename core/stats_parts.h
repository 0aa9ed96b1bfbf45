/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of the statistics stream, for core/stats_*.c and its tests: how
 * records lie in a tail row and in a chunk, and the chains over both.
 *
 * Tail row, 51 bytes, version 2:
 *   version u8=2 | ordinal u64 | recorded u32 | received u32 | state, sector,
 *   category, care_type, reporter, accused, qualification, mtbp, duty, direct,
 *   verdict u8 each | extra u16 | flags u8 | site 8 | accused tag 8 | cause
 *   u8 | 3 zero.  Version 1 has a zero for the cause: it is not known.
 *
 * Facts of a chunk, version 2 (version 1 lacks the column CAUSE):
 *   version u8=2 | n u16 | slope u8 | (width u8 | base u64) of ordinal,
 *   recorded, received, extra | the columns
 * First the columns of core/defs/stats.def, then those four; all bit-packed,
 * most significant bit first, filled with zeros to a multiple of 8 records (so
 * that 8 values of a column of w bits are w bytes).  Of the four, value i =
 * base + stored, for ordinal + slope * i, slope 0 or 1 (an import has the
 * ordinals in order: width 0); width 0..32 or 64 bits.
 *
 * Tags of a chunk, version 1:
 *   version u8=1 | n u16 | bits site_empty | bits accused_empty | site 8 each
 *   | accused tag 8 each
 *
 * A code column holds its code number; the two top values of its width mean
 * 62 (ONB) and 63 (NR) of the list UNKNOWN.  Flags, from bit 5 down: red, referred,
 * complaint, police_report, unmet_overleg, unmet_aangifte (the order of the
 * cube); in a tail row bit 6 site_empty, bit 7 accused_empty.  Days are stored + 2^31.
 */
#ifndef MK_CORE_STATS_PARTS_H
#define MK_CORE_STATS_PARTS_H

#include "core/stats.h"
#include "crypto/envelope.h"

/* The bit-packed columns, in their order in the chunk. */
enum mk_stats_column {
#define MK_STATS_COLUMN(NAME, bits, list) MK_STATS_##NAME,
#include "core/defs/stats.def"
#undef MK_STATS_COLUMN
    MK_STATS_COLUMNS
};
enum mk_stats_width {
#define MK_STATS_COLUMN(NAME, bits, list) MK_STATS_BITS_##NAME = bits,
#include "core/defs/stats.def"
#undef MK_STATS_COLUMN
};
enum mk_stats_wide_column {
    MK_STATS_ORDINAL,
    MK_STATS_RECORDED,
    MK_STATS_RECEIVED,
    MK_STATS_EXTRA,
    MK_STATS_WIDE
};

#define MK_STATS_WIDE_BITS 32 /* more are 64 */
#define MK_STATS_ROW_PLAIN 51
/* bytes behind a facts part that may be read (and are not looked at): a block
 * of 256 values of 8 bytes */
#define MK_STATS_SLACK 2048

/* ---- values ---- */

/* The record's values by column; the record from them (all else is left
 * alone). */
void mk_stats_values_of(const struct mk_stats_record *r,
                        uint8_t v[static MK_STATS_COLUMNS]);
void mk_stats_values_set(struct mk_stats_record *r,
                         const uint8_t v[static MK_STATS_COLUMNS]);

/* Days as they are stored: MK_DAY_NONE is 0. */
static inline uint32_t mk_stats_day_put(mk_day d)
{
    return (uint32_t)d + 0x80000000u;
}
static inline mk_day mk_stats_day_get(uint32_t v)
{
    return (mk_day)((int64_t)v - 0x80000000ll);
}

/* Is the column one of codes, whose two top values mean 62 and 63? */
MK_MUST_USE bool mk_stats_is_code(size_t column);
/* False if a value does not fit its column: such a record has no place in
 * the stream. */
MK_MUST_USE bool mk_stats_fits(const struct mk_stats_record *r);

/* ---- a record as a tail row ---- */

void mk_stats_row_encode(uint8_t out[static MK_STATS_ROW_PLAIN],
                         const struct mk_stats_record *r);
/* False for hostile bytes: another version, or what does not fit. */
MK_MUST_USE bool mk_stats_row_decode(
    struct mk_stats_record *r, const uint8_t in[static MK_STATS_ROW_PLAIN]);

/* ---- a chunk ---- */

struct mk_stats_wide {
    const uint8_t *p;
    uint64_t base;
    uint8_t width; /* bits a value */
};
/* Where the columns of a facts part lie; borrowed from it. */
struct mk_stats_facts {
    size_t n;
    const uint8_t *column[MK_STATS_COLUMNS]; /* NULL: it has none */
    struct mk_stats_wide wide[MK_STATS_WIDE];
    uint8_t slope;
};

/*
 * Adds the facts of n records (1..MK_STATS_CHUNK_MAX) to out; the tags.
 * Errors: E_MEMORY; E_INTERNAL when a value does not fit its column.
 */
MK_MUST_USE enum mk_err mk_stats_facts_encode(struct mk_buf *out,
                                              const struct mk_stats_record *r,
                                              size_t n);
MK_MUST_USE enum mk_err mk_stats_tags_encode(struct mk_buf *out,
                                             const struct mk_stats_record *r,
                                             size_t n);

/*
 * Finds the columns in hostile bytes: p has len bytes and MK_STATS_SLACK
 * behind them that may be read.  False unless they are exactly a facts part of
 * n records.
 */
MK_MUST_USE bool mk_stats_facts_open(struct mk_stats_facts *f,
                                     const uint8_t *p, size_t len, size_t n);
/* Record i < f->n; the tags are left alone.  False when a number is too
 * large. */
MK_MUST_USE bool mk_stats_facts_get(const struct mk_stats_facts *f, size_t i,
                                    struct mk_stats_record *r);
/* Tags of record i out of a tags part of n records; false if it is none. */
MK_MUST_USE bool mk_stats_tags_get(const uint8_t *p, size_t len, size_t n,
                                   size_t i, struct mk_stats_record *r);

/* ---- chains and envelopes ---- */

/* chain becomes the chain over the chunk row too (row->chain is not used). */
void mk_stats_chain_chunk(uint8_t chain[static MK_HASH],
                          const struct mk_chunk_row *row,
                          const uint8_t facts_hash[static MK_HASH]);
void mk_stats_chain_row(uint8_t chain[static MK_HASH], uint64_t position,
                        const uint8_t env[MK_STATS_ROW]);
void mk_stats_root(uint8_t root[static MK_HASH], uint64_t n,
                   const uint8_t chunks[static MK_HASH],
                   const uint8_t rows[static MK_HASH]);

/* key with the generation that env is sealed with.  Errors: E_DAMAGED. */
MK_MUST_USE enum mk_err mk_stats_key_for(struct mk_stats_key *out,
                                         const struct mk_stats_key *key,
                                         const void *env, size_t n);
/* aad of a tail row; of a part of a chunk (column: MK_COL_STATS_*). */
void mk_stats_row_aad(uint8_t out[static MK_AAD],
                      const struct mk_stats_key *key, uint64_t position);
void mk_stats_chunk_aad(uint8_t out[static MK_AAD],
                        const struct mk_stats_key *key, uint16_t column,
                        uint64_t idx);

/* The tail of a stream: its rows as they are sealed. */
struct mk_stats_tail {
    uint64_t first; /* position of the first row */
    size_t n;       /* at most MK_STATS_SLOTS */
    uint8_t chain[MK_HASH];
    uint8_t env[MK_STATS_SLOTS][MK_STATS_ROW];
};

/*
 * Loads and chains the tail, from position first on, of a stream of n records:
 * proven only when the root is.  Errors: E_TAMPERED when that cannot be the
 * tail, or a row of it is missing or of another size.
 */
MK_MUST_USE enum mk_err mk_stats_tail_load(struct mk_stats_tail *t,
                                           struct mk_store *st, uint64_t first,
                                           uint64_t n, struct mk_diag *diag);
/* Row i of it, opened.  Errors: E_DAMAGED. */
MK_MUST_USE enum mk_err mk_stats_tail_get(const struct mk_stats_tail *t,
                                          const struct mk_stats_key *key,
                                          size_t i, struct mk_stats_record *r,
                                          struct mk_diag *diag);

/*
 * Where a stream ends: its tail, and its last chunk without blobs.  The root
 * over both is compared with root and n, so tail->chain and last->chain are
 * proven, and with them where the tail begins, for its chain is over positions
 * (idx, first, n of last are as far as a chunk walk is compared with them).
 * last->n is 0 in a stream without chunks.  Errors: E_TAMPERED.
 */
MK_MUST_USE enum mk_err mk_stats_end_load(struct mk_stats_tail *t,
                                          struct mk_chunk_row *last,
                                          struct mk_store *st, uint64_t n,
                                          const uint8_t root[static MK_HASH],
                                          struct mk_diag *diag);

/* Errors of the stream: place "stats_row" or "stats_chunk", num0 = which. */
enum mk_err mk_stats_bad_row(struct mk_diag *diag, enum mk_err err,
                             uint64_t position);
enum mk_err mk_stats_bad_chunk(struct mk_diag *diag, enum mk_err err,
                               uint64_t idx);

#endif
