/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/levels.h"

#include <string.h>

static const struct mk_level levels[] = {
#define MK_CODE(list, number, slug, nl, en, from, to, flags, source) \
    {MK_LEVELS_##list, number, #slug, nl, en, from, to},
#include "core/defs/codes.def"
};
#define LEVELS (sizeof levels / sizeof levels[0])

static const struct {
    const char *slug;
    enum mk_levels list;
} dims[MK_DIM_COUNT] = {
#define MK_CUBE_DIM(NAME, slug, bits, list) {slug, MK_LEVELS_##list},
#include "core/defs/cube.def"
#undef MK_CUBE_DIM
};

static bool same(const char *slug, const char *text, size_t n)
{
    return strlen(slug) == n && memcmp(slug, text, n) == 0;
}

const struct mk_level *mk_level_at(enum mk_levels list, size_t i)
{
    for (size_t k = 0; k < LEVELS; k++)
        if (levels[k].list == list && i-- == 0)
            return &levels[k];
    return NULL;
}

const struct mk_level *mk_level_get(enum mk_levels list, unsigned number)
{
    for (size_t k = 0; k < LEVELS; k++)
        if (levels[k].list == list && levels[k].number == number)
            return &levels[k];
    return NULL;
}

bool mk_level_parse(enum mk_levels list, const char *slug, size_t n,
                    uint8_t *number)
{
    if (list == MK_LEVELS_FLAG) {
        if (n != 1 || (slug[0] != 'J' && slug[0] != 'N'))
            return false;
        *number = slug[0] == 'J';
        return true;
    }
    if (same("NR", slug, n)) {
        *number = MK_LEVEL_NR;
        return true;
    }
    for (size_t k = 0; k < LEVELS; k++)
        if (levels[k].list == list && same(levels[k].slug, slug, n)) {
            *number = levels[k].number;
            return true;
        }
    if (!same("ONB", slug, n))
        return false;
    *number = MK_LEVEL_ONB;
    return true;
}

bool mk_level_valid(int from_year, int to_year, int year, bool school_year)
{
    return from_year <= year + (school_year ? 1 : 0) &&
           (to_year == 0 || year <= to_year);
}

const char *mk_dim_slug(enum mk_dim dim)
{
    return dims[dim].slug;
}

enum mk_levels mk_dim_levels(enum mk_dim dim)
{
    return dims[dim].list;
}
