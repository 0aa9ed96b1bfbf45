/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rule 8 of FORMAT-keyring: what a name is. */
#include "cmd/verify/members.h"

#include <stdlib.h>
#include <utf8proc.h>

static bool is_letter(utf8proc_int32_t c)
{
    const utf8proc_category_t k = utf8proc_category(c);
    const bool latin = c <= 0x24f || (c >= 0x1e00 && c <= 0x1eff);

    return latin && (k == UTF8PROC_CATEGORY_LU || k == UTF8PROC_CATEGORY_LL ||
                     k == UTF8PROC_CATEGORY_LT);
}

static bool signs_ok(const uint8_t *p, size_t n)
{
    bool space = true, any = false;
    utf8proc_int32_t c;

    for (size_t i = 0; i < n;) {
        const utf8proc_ssize_t step =
            utf8proc_iterate(p + i, (utf8proc_ssize_t)(n - i), &c);
        const bool alone = is_letter(c) || (c >= '0' && c <= '9');

        if (step <= 0 || (c == ' ' && space) ||
            (!alone && c != ' ' && (i == 0 || (c != '.' && c != '-'))))
            return false;
        any = any || alone;
        space = c == ' ';
        i += (size_t)step;
    }
    return any && !space;
}

bool mk_vf_name_ok(const char *name, uint8_t folded[static MK_HASH])
{
    const utf8proc_uint8_t *in = (const utf8proc_uint8_t *)name;
    const size_t n = strlen(name);
    utf8proc_uint8_t *plain = NULL, *fold = NULL;
    const utf8proc_option_t nfc = UTF8PROC_STABLE | UTF8PROC_COMPOSE |
                                  UTF8PROC_REJECTNA;
    bool ok = false;

    if (n == 0 || n > 64 || !signs_ok(in, n))
        return false;
    /* with compatibility mapping: ligatures and superscripts change */
    utf8proc_ssize_t got =
        utf8proc_map(in, (utf8proc_ssize_t)n, &plain, nfc | UTF8PROC_COMPAT);
    if (got == (utf8proc_ssize_t)n && memcmp(plain, in, n) == 0) {
        got = utf8proc_map(in, (utf8proc_ssize_t)n, &fold,
                           nfc | UTF8PROC_CASEFOLD);
        ok = got > 0;
        if (ok)
            mk_sha256(folded, fold, (size_t)got);
    }
    free(plain);
    free(fold);
    return ok;
}
