/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * release.json: what one release printed, so that later ones can be made to
 * go with it.  It holds no value that was hidden.
 *
 *   {"schema": "meldkluis-sdc-release/1",
 *    "name": "..",                    may be absent
 *    "method": "suppress",            or "round", then with
 *    "base": 5,                       what figures are multiples of
 *    "spec": {..},                    as in SPEC.json, every key
 *    "cells": [[node, .., value, null, null],      printed
 *              [node, .., null, lo, hi], ..]}      hidden
 *    or, of a rounding,
 *              [node, .., figure, lo, hi]          each of them
 *
 * lo and hi of a hidden cell are null too where no interval was printed; of a
 * figure they are at most the base away.  Nodes are in the
 * order of the spec's dimensions, cells in the order of its walk.
 */
#ifndef MK_SDC_RELEASE_FILE_H
#define MK_SDC_RELEASE_FILE_H

#include <jansson.h>

#include "core/base/buf.h"
#include "reports/sdc/model.h"

#define MK_SDC_RELEASE_BYTES ((size_t)128 << 20)

/* Adds the file to out; name may be NULL.  Of a rounding, model is what is
 * seen of it (round.h).
 * Errors: E_MEMORY; E_TOO_LARGE; E_INTERNAL as in write.h. */
MK_MUST_USE enum mk_err mk_sdc_release_write(struct mk_buf *out,
                                             const struct mk_sdc_model *model,
                                             const char *name,
                                             struct mk_diag *diag);
/* The same as an object, the caller's to json_decref. */
MK_MUST_USE enum mk_err mk_sdc_release_to_json(
    json_t **json, const struct mk_sdc_model *model, const char *name,
    struct mk_diag *diag);

/*
 * Fills release, which is initialised; after an error it is still to be
 * released.  A name that the file has replaces the one in release.
 * Errors: those of mk_sdc_spec_parse; E_NEWER for another schema; with the
 * place "cells[i]": E_BAD_VALUE (shape, or a cell that no table has),
 * E_BAD_CODE (no such node), E_DUPLICATE_KEY; those of release_check.h;
 * E_TOO_LARGE; E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_sdc_release_parse(struct mk_sdc_release *release,
                                             const void *text, size_t n,
                                             struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_sdc_release_from_json(
    struct mk_sdc_release *release, const json_t *json, struct mk_diag *diag);

#endif
