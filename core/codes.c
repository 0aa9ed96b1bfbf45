/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/codes.h"

#include <string.h>

static const struct {
    const char *slug, *nl, *en;
} lists[MK_LIST_COUNT] = {
#define MK_LIST(name, slug, nl, en) [MK_LIST_##name] = {slug, nl, en},
#include "core/defs/codes.def"
};

static const struct mk_code codes[] = {
#define MK_CODE(list, number, slug, nl, en, from, to, flags, source) \
    {MK_LIST_##list, number, #slug, nl, en, from, to, flags, source},
#include "core/defs/codes.def"
};
#define N_CODES (sizeof(codes) / sizeof(codes[0]))

enum position {
#define MK_CODE(list, number, slug, nl, en, from, to, flags, source) \
    AT_##list##_##slug,
#include "core/defs/codes.def"
};
_Static_assert(N_CODES < 255, "by_number holds positions in bytes");

/* Where the code of a list with a number stands in codes, plus one.  A number
 * that is too large does not compile. */
static const uint8_t by_number[MK_LIST_COUNT][MK_CODE_MAX] = {
#define MK_CODE(list, number, slug, nl, en, from, to, flags, source) \
    [MK_LIST_##list][number] = AT_##list##_##slug + 1,
#include "core/defs/codes.def"
};

const struct mk_code *mk_code_find(enum mk_list list, const char *slug,
                                   size_t n)
{
    for (size_t i = 0; i < N_CODES; i++) {
        if (codes[i].list == list && strlen(codes[i].slug) == n &&
            memcmp(codes[i].slug, slug, n) == 0)
            return &codes[i];
    }
    return NULL;
}

const struct mk_code *mk_code_get(enum mk_list list, unsigned number)
{
    if ((unsigned)list >= MK_LIST_COUNT || number >= MK_CODE_MAX)
        return NULL;
    size_t at = by_number[list][number];
    if (at == 0)
        at = by_number[MK_LIST_UNKNOWN][number];
    return at > 0 ? &codes[at - 1] : NULL;
}

const struct mk_code *mk_code_at(enum mk_list list, size_t i)
{
    for (size_t k = 0; k < N_CODES; k++) {
        if (codes[k].list == list && i-- == 0)
            return &codes[k];
    }
    return NULL;
}

const char *mk_list_slug(enum mk_list list)
{
    return (unsigned)list < MK_LIST_COUNT ? lists[list].slug : "";
}

const char *mk_list_label(enum mk_list list, bool english)
{
    if ((unsigned)list >= MK_LIST_COUNT)
        return "";
    return english ? lists[list].en : lists[list].nl;
}

bool mk_code_valid_in(const struct mk_code *code, int year)
{
    if (year == 0)
        return true;
    return (code->from_year == 0 || year >= code->from_year) &&
           (code->to_year == 0 || year <= code->to_year);
}
