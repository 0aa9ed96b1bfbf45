/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which cells hold structural zeros only.  A part of model_build. */
#ifndef MK_SDC_MODEL_EMPTY_H
#define MK_SDC_MODEL_EMPTY_H

#include "reports/sdc/model.h"

struct mk_sdc_empty; /* room to work in */

/* joint is borrowed.  NULL: out of memory. */
struct mk_sdc_empty *mk_sdc_empty_new(const struct mk_sdc_spec *joint);
void mk_sdc_empty_free(struct mk_sdc_empty *empty);

/*
 * Whether each record that the cell could hold lies in a structural zero.
 * That is a hard question in general; where it takes too many steps the
 * answer is false, which is safe: the cell is then a cell like any other.
 */
MK_MUST_USE bool mk_sdc_empty_is(struct mk_sdc_empty *empty,
                                 const uint32_t *node);

#endif
