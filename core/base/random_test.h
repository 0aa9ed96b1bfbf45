/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of random.h that only a test build has. */
#ifndef MK_BASE_RANDOM_TEST_H
#define MK_BASE_RANDOM_TEST_H

#ifdef MK_TEST_BUILD
#include "core/base/err.h"

/*
 * Fills p with the next n bytes of the row that MELDKLUIS_TEST_SEED (a
 * decimal number) begins; false if it was never set.  Read when the program
 * starts; a new value begins a new row.  No number: abort.
 */
MK_MUST_USE bool mk_random_test(void *p, size_t n);
#endif

#endif
