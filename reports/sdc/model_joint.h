/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dimensions of several specs as one: dimensions and leaves with the same
 * name are one, nodes with the same leaves are one.  A part of model_build.
 */
#ifndef MK_SDC_MODEL_JOINT_H
#define MK_SDC_MODEL_JOINT_H

#include "reports/sdc/model.h"

/* A spec and where its dimensions and nodes are in the joint one. */
struct mk_sdc_source {
    const struct mk_sdc_spec *spec; /* borrowed */
    size_t dim[MK_SDC_DIMS];        /* its dimension -> the joint one */
    uint32_t *node[MK_SDC_DIMS];    /* its node -> the joint one; owned */
};

/*
 * Fills joint (initialised) with the dimensions of n sources, whose spec is
 * set, and with their structural zeros: one of a source without a leaf holds
 * for the leaves that the source has.
 * Errors: E_MEMORY; E_TOO_LARGE; E_BAD_VALUE (place: the name) where one name
 * is a leaf here and a parent there, for then nobody can say how they relate.
 */
MK_MUST_USE enum mk_err mk_sdc_joint_build(struct mk_sdc_spec *joint,
                                           struct mk_sdc_source *source,
                                           size_t n, struct mk_diag *diag);

/* row: the joint nodes of a cell of the source. */
void mk_sdc_joint_row(const struct mk_sdc_spec *joint,
                      const struct mk_sdc_source *source, const uint32_t *node,
                      uint32_t row[static MK_SDC_DIMS]);

void mk_sdc_source_release(struct mk_sdc_source *source);

#endif
