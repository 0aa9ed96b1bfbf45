/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, dates, text and hexadecimal: what is accepted is what is written. */
#include "core/base/bytes.h"
#include "core/base/date.h"
#include "core/base/num.h"
#include "core/base/text.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>

static void numbers(const char *text, size_t n)
{
    uint64_t v;
    char again[24];
    if (!mk_num_parse(text, n, 0, UINT64_MAX, &v))
        return;
    int len = snprintf(again, sizeof again, "%llu", (unsigned long long)v);
    CLAIM((size_t)len == n && memcmp(again, text, n) == 0);
}

static void dates(const char *text, size_t n)
{
    mk_day day;
    char again[MK_DATE_TEXT];
    if (!mk_date_parse(text, n, &day))
        return;
    mk_date_format(again, day);
    CLAIM(n == 10 && memcmp(again, text, 10) == 0);
}

static void texts(const uint8_t *p, size_t n)
{
    struct mk_buf out = MK_BUF_INIT;
    CLAIM(mk_text_valid(p, n) <= n);
    if (mk_text_visible(&out, p, n, true) == MK_OK) {
        CLAIM(mk_text_valid(out.data, out.len) == out.len);
        for (size_t i = 0; i < out.len; i++)
            CLAIM(out.data[i] >= 0x20 || out.data[i] == '\n');
    }
    mk_buf_release(&out);
}

static void hexadecimal(const uint8_t *p, size_t n)
{
    uint8_t bytes[32];
    char text[2 * sizeof bytes + 1];
    if (n >= sizeof text)
        return;
    memcpy(text, p, n);
    text[n] = 0;
    if (!mk_unhex(bytes, n / 2, text))
        return;
    CLAIM(strlen(text) == n / 2 * 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    numbers((const char *)data, size);
    dates((const char *)data, size);
    texts(data, size);
    hexadecimal(data, size);
    return 0;
}
