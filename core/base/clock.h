/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seam for time.  In a test build (MK_TEST_BUILD) the environment
 * variable MELDKLUIS_TEST_TIME may hold "YYYY-MM-DD" or "YYYY-MM-DDTHH:MM:SS"
 * (UTC), which is then the start of a clock that goes on from there.  It is
 * read before main, so that the program may clear its environment; a later
 * value that differs starts the clock again.  A release build does not
 * contain that code or that name.
 */
#ifndef MK_BASE_CLOCK_H
#define MK_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds since 1970-01-01T00:00Z. */
int64_t mk_clock_now(void);

/*
 * Milliseconds that have passed since the machine started, for how long
 * somebody did nothing: no setting of the clock moves it, and it goes on while
 * the machine sleeps.  In a test build MELDKLUIS_TEST_PACE may hold how many
 * times faster it goes (1 to 9999).
 */
int64_t mk_clock_steady(void);

#endif
