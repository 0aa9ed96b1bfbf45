/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seam for randomness: getrandom(2).  In a test build the variable
 * MELDKLUIS_TEST_SEED (a number) makes the row of bytes repeatable, by the
 * rules of clock.h; sealed boxes draw from libsodium and are not.  A release
 * build does not contain that code or that name.
 */
#ifndef MK_BASE_RANDOM_H
#define MK_BASE_RANDOM_H

#include <stddef.h>

/* Fills p.  Ends the process (abort) if the kernel has no randomness. */
void mk_random(void *p, size_t n);

#endif
