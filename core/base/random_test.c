/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/random_test.h"

#ifdef MK_TEST_BUILD
#include "core/base/num.h"

#include <stdlib.h>
#include <string.h>

/* writable globals of the test build: where the row of bytes is */
static char seed_text[24];
static uint64_t state;

/* SplitMix64 (Steele, Lea, Flood 2014): repeatable, not secret. */
static uint64_t next(void)
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void look(void)
{
    const char *text = getenv("MELDKLUIS_TEST_SEED");
    if (!text || strcmp(text, seed_text) == 0)
        return;
    if (!mk_num_parse(text, strlen(text), 0, UINT64_MAX, &state))
        abort();
    memcpy(seed_text, text, strlen(text) + 1);
}

/* before main, which takes the environment away */
__attribute__((constructor)) static void at_start(void)
{
    look();
}

bool mk_random_test(void *p, size_t n)
{
    look();
    if (!seed_text[0])
        return false;
    uint8_t *out = p;
    for (size_t i = 0; i < n; i += 8) {
        uint64_t v = next();
        memcpy(out + i, &v, n - i < 8 ? n - i : 8);
    }
    return true;
}
#else
/* ISO C wants something in a translation unit */
typedef int mk_random_test_is_empty;
#endif
