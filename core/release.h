/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The register of releases: what was published, once for ever.  A release is a
 * text that meldkluis-factsheet made; the vault reads its head only, strictly,
 * and keeps the whole of it sealed under R_S.
 *
 *   meldkluis-release: 1        or 2, where a policy was given
 *   name: A                     1..64 of A-Z a-z 0-9 . _ -
 *   kind: factsheet             or table, revision
 *   years: 2018 2019 2020       ascending, at most MK_CUBE_YEARS
 *   positions: 366 366 366      of the stream, in which each year is frozen
 *   basis: calendar             or school
 *   audience: FAC               a code of list AUDIENCE
 *   threshold: 5                2..1000
 *   method: suppress            or exact
 *   rule: threshold=7 ..        version 2 only: of a policy, core/base/rule.h
 *                               (an empty line)
 *   {...}                       JSON: the vault does not look into it
 *
 * A year that was released stays as it was then ("frozen"): every later
 * publication counts it as of the same position.  Only a revision moves it;
 * from then on the year is counted as of the first position and the new one,
 * side by side, because the old figures are out and stay so.
 * Source: DISCLOSURE "Register of releases".
 */
#ifndef MK_CORE_RELEASE_H
#define MK_CORE_RELEASE_H

#include "core/base/rule.h"
#include "core/cube.h"
#include "crypto/secret.h"

struct mk_vault;
struct mk_access;

#define MK_RELEASE_MAX ((size_t)16 << 20) /* bytes of a record */
#define MK_RELEASE_NAME 64                /* characters of a name */

enum mk_release_kind {
    MK_RELEASE_FACTSHEET = 1,
    MK_RELEASE_TABLE,
    MK_RELEASE_REVISION
};

struct mk_release {
    char name[MK_RELEASE_NAME + 1];
    enum mk_release_kind kind;
    int years[MK_CUBE_YEARS];
    uint64_t positions[MK_CUBE_YEARS];
    size_t n_years;
    bool school_year;
    unsigned audience; /* MK_AUDIENCE_* */
    uint64_t threshold;
    bool exact; /* method */
    bool has_rule;
    struct mk_rule rule; /* of a policy */
    /* added by the vault, zero in what was only parsed */
    int64_t time_ms;
    uint8_t actor[16];
};

const char *mk_release_kind_slug(enum mk_release_kind kind);
MK_MUST_USE bool mk_release_name_ok(const char *name);
/* Errors: E_SYNTAX, E_BAD_NAME, E_BAD_CODE, E_BAD_NUMBER, E_TOO_LARGE,
 * E_BAD_UTF8, E_NEWER; diag has line and key. */
MK_MUST_USE enum mk_err mk_release_parse(struct mk_release *out,
                                         const void *text, size_t n,
                                         struct mk_diag *diag);

/* --- in the vault.  Role: analyst --- */

/*
 * Registers a record.  known: how many releases there were when its figures
 * were made.  out (may be NULL) is what was registered.
 * Log: RELEASE_APPEND, in the same transaction.
 * Errors: those of mk_release_parse; E_RELEASED_SINCE when there are more than
 * known; E_EXISTS (the name); E_FROZEN when a year that is frozen is stated at
 * another position, and this is no revision; E_BAD_NUMBER for a position
 * beyond the stream, or before the frozen one.
 */
MK_MUST_USE enum mk_err mk_release_append(
    struct mk_vault *v, const struct mk_access *access, const void *text,
    size_t n, uint64_t known, struct mk_release *out, struct mk_diag *diag);
/* text (n bytes) is borrowed during the call; anything but MK_OK ends the walk
 * with that. */
typedef enum mk_err mk_release_each(void *ctx, const struct mk_release *r,
                                    const void *text, size_t n);
/* All of them, oldest first.  Log: RELEASE_LIST, or RELEASE_CHECK if check. */
MK_MUST_USE enum mk_err mk_release_list(struct mk_vault *v,
                                        const struct mk_access *access,
                                        bool check, mk_release_each *each,
                                        void *ctx, struct mk_diag *diag);
/* One, by its name; text is replaced.  Log: RELEASE_SHOW.
 * Errors: E_NO_RELEASE. */
MK_MUST_USE enum mk_err mk_release_get(
    struct mk_vault *v, const struct mk_access *access, const char *name,
    struct mk_release *out, struct mk_buf *text, struct mk_diag *diag);
/* 32 bytes that are the same for a vault for ever and tell nothing of it: the
 * direction in which figures are rounded.  HKDF(store, R_S, "mk1/round"). */
MK_MUST_USE enum mk_err mk_release_round_key(struct mk_vault *v,
                                             struct mk_secret **out,
                                             struct mk_diag *diag);

/* --- which years are counted as of when (no vault needed) --- */

/* The position in which a year is frozen: that of the newest revision that has
 * it, else of the first release.  False if it was never released. */
MK_MUST_USE bool mk_release_frozen(const struct mk_release *all, size_t n,
                                   int year, bool school_year,
                                   uint64_t *position);
/* The position of its first release: every figure that was ever printed of the
 * year is of that one or, after a revision, of the frozen one. */
MK_MUST_USE bool mk_release_first(const struct mk_release *all, size_t n,
                                  int year, bool school_year,
                                  uint64_t *position);
/* Do they have a month in common?  (A calendar year does with two school
 * years.) */
MK_MUST_USE bool mk_release_shares(const struct mk_release *r,
                                   const struct mk_cube *window);

/* What is counted together: years as of one position. */
struct mk_vintage {
    int years[MK_CUBE_YEARS]; /* ascending */
    size_t n_years;
    bool school_year;
    /* up to the end of day, or the first so many records; neither: all */
    bool by_day, by_position;
    mk_day day;
    uint64_t position; /* set by the count, too: records looked at */
    /* also what changed since: the years were released first as of frozen */
    bool revised;
    uint64_t frozen;
    struct mk_buf cube; /* made by the count: version 2, or 3 if revised */
};
/*
 * The years of window, each at its frozen position; years that are not frozen
 * (with revise: all years) as want says.  Years that were or are to be revised
 * are counted beside their first position.  At most MK_CUBE_YEARS vintages, in
 * order of their first year; *n says how many.
 */
void mk_release_vintages(const struct mk_release *all, size_t n_all,
                         const struct mk_cube *window,
                         const struct mk_vintage *want, bool revise,
                         struct mk_vintage *out, size_t *n);
void mk_vintages_release(struct mk_vintage *v, size_t n); /* their cubes */
/*
 * Counts all of them in one pass, with contributors numbered in the order in
 * which they first occur.  internal: it is told to nobody outside.  Role:
 * analyst.  Log: COUNT, or COUNT_INTERNAL.
 * Errors: those of mk_count; E_BAD_NUMBER when a position is beyond the stream
 * or a revision goes back.
 */
MK_MUST_USE enum mk_err mk_count_vintages(struct mk_vault *v,
                                          const struct mk_access *access,
                                          bool internal,
                                          struct mk_vintage *vintages,
                                          size_t n, struct mk_diag *diag);

/* --- what changed since a release --- */

/*
 * The years of window (all of r where it has none), each beside its position
 * in r and as of want: vintages for mk_count_compare, at most MK_CUBE_YEARS.
 * Errors: E_NOT_RELEASED for a year that r lacks, or another kind of year.
 */
MK_MUST_USE enum mk_err mk_release_compared(const struct mk_release *r,
                                            const struct mk_cube *window,
                                            const struct mk_vintage *want,
                                            struct mk_vintage *out, size_t *n,
                                            struct mk_diag *diag);
/*
 * Counts each of them as of both positions, in one pass, with what made the
 * difference: version 4 of the cube, never for publication.  Role: analyst.
 * Log: COUNT_COMPARE.  Errors: as mk_count_vintages.
 */
MK_MUST_USE enum mk_err mk_count_compare(struct mk_vault *v,
                                         const struct mk_access *access,
                                         struct mk_vintage *vintages, size_t n,
                                         struct mk_diag *diag);

#endif
