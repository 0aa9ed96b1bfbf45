/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cubes of what changed and why, of invented dossiers. */
#ifndef MK_TESTS_STEP_CUBE_H
#define MK_TESTS_STEP_CUBE_H

#include "core/base/buf.h"

#define STEP_CUBE_FROZEN 500

/* Adds version 4 of the cube, of 2018 to 2020, to out: 900 random records of
 * 300 dossiers, the same for the same seed. */
void step_cube_add(struct mk_buf *out, uint64_t seed);

#endif
