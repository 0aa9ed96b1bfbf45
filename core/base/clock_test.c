/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/clock_test.h"

#ifdef MK_TEST_BUILD
#include "core/base/date.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* writable globals of the test build: the clock that was set */
static char set_text[24];
static int64_t set_start;
static int64_t set_at;
static int64_t pace = 1;

static int64_t monotonic(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int two(const char *p)
{
    bool ok = p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9';
    return ok ? (p[0] - '0') * 10 + (p[1] - '0') : 100;
}

static int64_t parse(const char *text)
{
    size_t n = strlen(text);
    mk_day d;
    if ((n != 10 && n != 19) || !mk_date_parse(text, 10, &d))
        abort();
    int64_t seconds = (int64_t)d * 86400;
    if (n == 19) {
        int h = two(text + 11), m = two(text + 14), s = two(text + 17);
        if (text[10] != 'T' || text[13] != ':' || text[16] != ':' || h > 23 ||
            m > 59 || s > 59)
            abort();
        seconds += h * 3600 + m * 60 + s;
    }
    return seconds * 1000;
}

static void look_at_pace(void)
{
    const char *text = getenv("MELDKLUIS_TEST_PACE");
    if (!text)
        return;
    for (pace = 0; *text >= '0' && *text <= '9' && pace < 1000; text++)
        pace = pace * 10 + (*text - '0');
    if (*text != '\0' || pace == 0)
        abort();
}

static void look(void)
{
    const char *text = getenv("MELDKLUIS_TEST_TIME");
    if (!text || strcmp(text, set_text) == 0)
        return;
    set_start = parse(text);
    set_at = monotonic();
    memcpy(set_text, text, strlen(text) + 1);
}

/* before main, which takes the environment away */
__attribute__((constructor)) static void at_start(void)
{
    look();
    look_at_pace();
}

int64_t mk_clock_test_pace(void)
{
    return pace;
}

bool mk_clock_test_now(int64_t *ms)
{
    look();
    if (!set_text[0])
        return false;
    *ms = set_start + (monotonic() - set_at);
    return true;
}
#else
/* ISO C wants something in a translation unit */
typedef int mk_clock_test_is_empty;
#endif
