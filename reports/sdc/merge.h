/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A spec and data with less detail: two levels made one, or a table less. */
#ifndef MK_SDC_MERGE_H
#define MK_SDC_MERGE_H

#include "reports/sdc/model.h"

#define MK_SDC_MERGE_NONE SIZE_MAX

/* What to leave out; both at once is possible. */
struct mk_sdc_merge {
    size_t dim;     /* of the levels; MK_SDC_MERGE_NONE: none */
    uint32_t first; /* leaves of dim, first < second */
    uint32_t second;
    size_t drop_table; /* MK_SDC_MERGE_NONE: none */
};

/*
 * out (initialised; released also after an error) becomes spec with less.  The
 * merged level is called "A+B" and stands where first stood; everything that
 * names a level or a parent names the new one.
 *
 * *fits is false, and out of no use, where the result would be another
 * question: a parent, a table's list of nodes, or a pattern of what is never
 * published or watched has one of the two without the other; or the name is
 * too long or taken by something else.  A structural zero of only one of the
 * two is none of the merged level, and is left out.
 *
 * Errors: E_MEMORY, E_TOO_LARGE.
 */
MK_MUST_USE enum mk_err mk_sdc_merge_spec(struct mk_sdc_spec *out,
                                          const struct mk_sdc_spec *spec,
                                          const struct mk_sdc_merge *merge,
                                          bool *fits, struct mk_diag *diag);

/* The records in the dimensions of that spec; out is initialised for it. */
MK_MUST_USE enum mk_err mk_sdc_merge_data(struct mk_sdc_data *out,
                                          const struct mk_sdc_data *data,
                                          const struct mk_sdc_merge *merge,
                                          struct mk_diag *diag);

#endif
