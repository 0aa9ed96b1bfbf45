/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/random.h"

#include "core/base/random_test.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

void mk_random(void *p, size_t n)
{
#ifdef MK_TEST_BUILD
    if (mk_random_test(p, n))
        return;
#endif
    uint8_t *out = p;
    while (n > 0) {
        ssize_t got = getrandom(out, n, 0);
        if (got > 0) {
            out += got;
            n -= (size_t)got;
        } else if (got == 0 || errno != EINTR) {
            /* a key that is not random is worse than no program */
            abort();
        }
    }
}
