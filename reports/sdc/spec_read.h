/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SPEC.json, and the same object inside other files.
 *
 *   "dims"              [dim, ..]
 *   "levels"            {dim: [level, ..]}
 *   "tables"            [[dim, ..] or {"dims": [..], "where": {dim: [node, ..]}}]
 *   "threshold"         2 .. 1000 (default 5); "unsafe_counts" [1, threshold - 1]
 *   "zeros"             "published" (default) or "protected"
 *   "hierarchies"       {dim: {parent: [level or parent before it, ..]}}
 *   "structural_zeros"  [{dim: level or parent, ..}, ..]
 *   "insider"           default true
 *   "group", "nomargin" [dim, ..]
 *   "contributors"      {"tags": [column, ..], "min": 3, "share": 0.5} or null
 *   "cost"              "cells" (default) or "weighted"
 *   "never_published", "watched"  [{dim: level, parent or "*", ..}, ..]
 *   "case", "note", "n" are passed over; any other key is an error.
 *
 * No dimension and no tag is called n, value, status, lo, hi or why: these are
 * columns of the files that go with it.
 *
 * Source: the page INTERFACE of the design, meldkluis-factsheet.
 */
#ifndef MK_SDC_SPEC_READ_H
#define MK_SDC_SPEC_READ_H

#include <jansson.h>

#include "core/base/buf.h"
#include "reports/sdc/model.h"

#define MK_SDC_SPEC_BYTES ((size_t)16 << 20)

/*
 * Fills spec, which is initialised; after an error it is still to be released.
 * Errors: E_SYNTAX, E_DUPLICATE_KEY, E_BAD_UTF8, E_TOO_LARGE with a line, where
 * the text is no JSON that can be taken; else with a path as place:
 * E_UNKNOWN_KEY, E_MISSING_KEY, E_DUPLICATE_KEY (named twice), E_BAD_VALUE,
 * E_BAD_CODE (no such dimension or level), E_BAD_NUMBER (num: the limits),
 * E_TOO_LARGE (num[0]: the limit); E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_sdc_spec_parse(struct mk_sdc_spec *spec,
                                          const void *text, size_t n,
                                          struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_sdc_spec_from_json(struct mk_sdc_spec *spec,
                                              const json_t *json,
                                              struct mk_diag *diag);

/* The same spec gives the same object, with every key; NULL: out of memory.
 * The caller's to json_decref. */
json_t *mk_sdc_spec_to_json(const struct mk_sdc_spec *spec);

/* Keys "zeros" and "contributors" of an object, as above.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_spec_put_zeros(json_t *object,
                                              const struct mk_sdc_spec *spec);
MK_MUST_USE enum mk_err mk_sdc_spec_put_contributors(
    json_t *object, const struct mk_sdc_spec *spec);

#endif
