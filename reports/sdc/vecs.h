/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A set of rows of numbers, all of one width, kept in the order in which they
 * came: cells by their nodes, records by their leaves.
 */
#ifndef MK_SDC_VECS_H
#define MK_SDC_VECS_H

#include "core/base/err.h"

struct mk_sdc_vecs {
    size_t width; /* numbers in a row, from 1 */
    uint32_t *at; /* row i: at[i * width] */
    size_t n, cap;
    uint32_t *slot; /* open hash: row + 1, 0 is free */
    size_t n_slots; /* 0 or a power of two, above n */
};

void mk_sdc_vecs_init(struct mk_sdc_vecs *vecs, size_t width);
void mk_sdc_vecs_release(struct mk_sdc_vecs *vecs);

/* Whether row (width numbers) is there; *i is its place. */
MK_MUST_USE bool mk_sdc_vecs_find(const struct mk_sdc_vecs *vecs,
                                  const uint32_t *row, size_t *i);

/* Adds row unless it is there; *i is its place, *fresh whether it is new.
 * Rows may move.  Errors: E_MEMORY, E_TOO_LARGE (2^31 rows). */
MK_MUST_USE enum mk_err mk_sdc_vecs_add(struct mk_sdc_vecs *vecs,
                                        const uint32_t *row, size_t *i,
                                        bool *fresh, struct mk_diag *diag);

/* A hash of n numbers. */
uint64_t mk_sdc_vecs_hash(const uint32_t *row, size_t n);

#endif
