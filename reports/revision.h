/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A year that was published and is published anew: old and new figures side by
 * side, as one model of disclosure control.
 *
 *   change        in the old figures   in the new ones
 *     KEPT               x                    x
 *     REMOVED            x                             counted then, not now
 *     ADDED                                   x        counted now, not then
 *
 * A dossier whose facts changed is REMOVED with the old facts and ADDED with
 * the new.  The dimension `change` comes on top of those of the year; a release
 * of the state before shows KEPT and REMOVED together, one of the state after
 * shows the parent "now".  What came and what went, in every table that anybody
 * has of the year, is watched: shown nowhere, and kept by the rule.
 *
 * The attacker is taken to know how many records were removed and how many
 * added, exactly: the position on both sheets tells nearly that.  So the model
 * holds an imaginary release that printed both numbers.
 * Source: docs/DISCLOSURE.md "Revisions".
 */
#ifndef MK_REPORTS_REVISION_H
#define MK_REPORTS_REVISION_H

#include <jansson.h>

#include "core/base/buf.h"
#include "reports/cube_read.h"

#define MK_CHANGE_DIM "change"
#define MK_CHANGE_NOW "now" /* KEPT and ADDED */
#define MK_CHANGE_RELEASE \
    "(change)" /* no release of the register is so named */

/* Records of one year, by what became of them. */
struct mk_change {
    uint64_t kept, removed, added;
};

/* KEPT is all of it in counts before version 3. */
struct mk_change mk_change_count(const struct mk_counts *counts, int year);
MK_MUST_USE bool mk_change_any(const struct mk_change *c);
/* Did 1 to threshold - 1 records come, or go?  Whoever knows the number knows
 * of a group that is too small, whatever is hidden. */
MK_MUST_USE bool mk_change_few(const struct mk_change *c, uint64_t threshold);

/*
 * The functions below work on the JSON of reports/sdc/spec_read.h and
 * release_file.h; diag may be NULL.  Errors: E_MEMORY.
 */

/* Does the release show the state after a revision? */
MK_MUST_USE bool mk_change_shown(const json_t *release);

/*
 * The spec of the year's tables (text, replaced) with the dimension change.
 * Its tables show "now".  Watched are REMOVED and ADDED of these tables and of
 * those of the n earlier specs (borrowed; NULL is passed over).
 */
MK_MUST_USE enum mk_err mk_change_spec(struct mk_buf *spec,
                                       const json_t *const *earlier, size_t n,
                                       struct mk_diag *diag);

/* A release of the year without the dimension gets it: it showed the state
 * before.  Others stay as they are. */
MK_MUST_USE enum mk_err mk_change_before(json_t *release);

/* The imaginary release, as text: REMOVED and ADDED, also where they are 0, and
 * that nothing was kept where the year was empty before. */
MK_MUST_USE enum mk_err mk_change_known(struct mk_buf *out,
                                        const struct mk_change *c);

#endif
