/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/num.h"

bool mk_num_parse(const char *text, size_t n, uint64_t min, uint64_t max,
                  uint64_t *out)
{
    if (n == 0 || (n > 1 && text[0] == '0'))
        return false;
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (v > (UINT64_MAX - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    if (v < min || v > max)
        return false;
    *out = v;
    return true;
}
