/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/clock.h"

#include "core/base/clock_test.h"

#include <time.h>

int64_t mk_clock_now(void)
{
#ifdef MK_TEST_BUILD
    int64_t set;
    if (mk_clock_test_now(&set))
        return set;
#endif
    struct timespec ts;
    /* CLOCK_REALTIME cannot fail on Linux */
    (void)clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t mk_clock_steady(void)
{
    struct timespec ts;
    int64_t pace = 1;
#ifdef MK_TEST_BUILD
    pace = mk_clock_test_pace();
#endif
    /* the machine's own clock cannot fail on Linux */
    (void)clock_gettime(CLOCK_BOOTTIME, &ts);
    return ((int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000) * pace;
}
