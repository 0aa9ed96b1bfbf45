/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adding up records of the statistics stream, newest first: the population
 * rules of DOMAIN "The factsheet".  For core/stats_*.c.
 *
 * A dossier counts by the newest of its records that is admitted (as-of), in
 * the year of received.  Not counted: ontvangen, dubbel, niet-bevoegd; their
 * numbers by year are kept.
 */
#ifndef MK_CORE_STATS_TALLY_H
#define MK_CORE_STATS_TALLY_H

#include "core/stats_parts.h"

struct mk_tally {
    uint64_t n_dossiers;
    uint64_t position_end; /* records at and after it are not admitted */
    uint32_t day_end;      /* nor those recorded after it (as stored) */
    uint8_t *seen;         /* a bit for each dossier */

    /* index into the window by day of received, 0xff for none */
    uint8_t *year;
    uint32_t year_first; /* day of year[0], as stored */
    size_t year_days;

    uint32_t newest;    /* day of the newest record admitted; 0 if none */
    uint64_t position;  /* behind the last record admitted */
    struct mk_cube raw; /* keyed by the chunk's columns, not by the cube's */
    uint64_t uncounted[MK_CUBE_YEARS + 1][32];
};

/*
 * Ready for a window (years and basis of cube) of a stream of n records.
 * Owns: mk_tally_release, also after an error.
 * Errors: E_MEMORY; E_BAD_NUMBER when the years are not ascending within
 * 1900..2199.
 */
MK_MUST_USE enum mk_err mk_tally_init(struct mk_tally *t,
                                      const struct mk_cube *cube, uint64_t n,
                                      uint64_t n_dossiers,
                                      const struct mk_as_of *as_of);
void mk_tally_release(struct mk_tally *t);

/* Records must come newest first: a chunk whose first record stands at
 * position first; one record.  Errors: E_DAMAGED for an ordinal or day out of
 * range; E_MEMORY. */
MK_MUST_USE enum mk_err mk_tally_chunk(struct mk_tally *t,
                                       const struct mk_stats_facts *f,
                                       uint64_t first);
MK_MUST_USE enum mk_err mk_tally_record(struct mk_tally *t,
                                        const struct mk_stats_record *r,
                                        uint64_t position);

/*
 * The same rules for whoever wants each record that counts and not their sum:
 * *counts says whether this one does, *key is its cell of the cube.
 * Errors: as mk_tally_record; E_DAMAGED for a code that is in no list.
 */
MK_MUST_USE enum mk_err mk_tally_judge(struct mk_tally *t,
                                       const struct mk_stats_record *r,
                                       uint64_t position, bool *counts,
                                       uint64_t *key);
/*
 * The same, whatever was seen of the dossier before: *in says whether the
 * record alone would count in a year of the window.  Errors: as above.
 */
MK_MUST_USE enum mk_err mk_tally_place(const struct mk_tally *t,
                                       const struct mk_stats_record *r,
                                       bool *in, uint64_t *key);
/* Notes the record for the header: newest first. */
void mk_tally_note(struct mk_tally *t, const struct mk_stats_record *r,
                   uint64_t position);
/* Does a dossier in that state count? */
MK_MUST_USE bool mk_tally_state_counts(unsigned state);
/* The header of cube, from all records so far. */
void mk_tally_header(const struct mk_tally *t, struct mk_cube *cube);

/* Adds the counts to cube and fills its header; cube is as it was after an
 * error.  Errors: E_DAMAGED for a code that is in no list; E_MEMORY. */
MK_MUST_USE enum mk_err mk_tally_give(struct mk_tally *t,
                                      struct mk_cube *cube);

#endif
