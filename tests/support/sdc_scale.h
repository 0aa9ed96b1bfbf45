/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Invented tables of any size for disclosure control: the counts of the inner
 * cells are Poisson, with a mean that falls from level to level. */
#ifndef MK_TESTS_SDC_SCALE_H
#define MK_TESTS_SDC_SCALE_H

#include "reports/sdc/model_build.h"

struct sdc_scale {
    struct mk_sdc_spec spec; /* one table with all margins, threshold 5, no
                                insider, zeros published */
    struct mk_sdc_data data;
    struct mk_sdc_model model; /* borrows spec: a struct that stays in place */
};

/*
 * leaves[0 .. 2] by dimension.  Inner cell (i, j, k), from 1, is Poisson with
 * mean times w(i) w(j) w(k), w(i) = i^-0.8 over its mean in that dimension.
 * The same seed gives the same counts.  Owns: sdc_scale_close.
 */
MK_MUST_USE enum mk_err sdc_scale_open(struct sdc_scale *scale,
                                       const uint32_t leaves[static 3],
                                       double mean, uint64_t seed,
                                       struct mk_diag *diag);
void sdc_scale_close(struct sdc_scale *scale);

#endif
