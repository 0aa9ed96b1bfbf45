/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of clock.h that only a test build has. */
#ifndef MK_BASE_CLOCK_TEST_H
#define MK_BASE_CLOCK_TEST_H

#ifdef MK_TEST_BUILD
#include "core/base/err.h"

/*
 * False if MELDKLUIS_TEST_TIME was never set.  The variable is read when the
 * program starts and may be removed after that; when it changes, the clock
 * starts again from the new moment.  A value that is no moment ends the
 * process (abort).
 */
MK_MUST_USE bool mk_clock_test_now(int64_t *ms);
/* What MELDKLUIS_TEST_PACE held when the program started; 1 if nothing. */
int64_t mk_clock_test_pace(void);
#endif

#endif
