/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The code lists as the reports see them: the levels of a dimension of the
 * cube.  Expanded here from core/defs/codes.def, because reports may not
 * include code of the domain.
 */
#ifndef MK_REPORTS_LEVELS_H
#define MK_REPORTS_LEVELS_H

#include "core/base/err.h"

/* Which levels a dimension has: a code list, or one of three others. */
enum mk_levels {
#define MK_LIST(name, slug, nl, en) MK_LEVELS_##name,
#include "core/defs/codes.def"
    MK_LEVELS_FLAG, /* J or N, never unknown */
    MK_LEVELS_NONE  /* no list: years */
};

/* Dimensions of the cube, in column order. */
enum mk_dim {
#define MK_CUBE_DIM(NAME, slug, bits, list) MK_DIM_##NAME,
#include "core/defs/cube.def"
#undef MK_CUBE_DIM
    MK_DIM_COUNT
};

/* Numbers of the codes that a rule of the factsheet names. */
enum mk_level_number {
    MK_LEVEL_NR = 0, /* not recorded, in every list */
#define MK_CODE(list, number, slug, nl, en, from, to, flags, source) \
    MK_LEVEL_##list##_##slug = number,
#include "core/defs/codes.def"
};
/* "ONB" in a list without a code of its own for it. */
#define MK_LEVEL_ONB MK_LEVEL_UNKNOWN_ONB

struct mk_level {
    enum mk_levels list;
    uint8_t number;
    const char *slug;
    const char *nl;
    const char *en;
    int from_year; /* 0: always */
    int to_year;   /* 0: still */
};

/* The i-th level of list, in list order; NULL past the end. */
const struct mk_level *mk_level_at(enum mk_levels list, size_t i);
const struct mk_level *mk_level_get(enum mk_levels list, unsigned number);

/*
 * The number that slug (n bytes, hostile) has in list: a code of the list,
 * else MK_LEVEL_ONB or MK_LEVEL_NR.  A code named NR is MK_LEVEL_NR.  Of
 * MK_LEVELS_FLAG: J is 1, N is 0.  False if there is none.
 */
MK_MUST_USE bool mk_level_parse(enum mk_levels list, const char *slug,
                                size_t n, uint8_t *number);

/*
 * Could the level be recorded in year?  A school year counts by both calendar
 * years in which it lies.
 */
MK_MUST_USE bool mk_level_valid(int from_year, int to_year, int year,
                                bool school_year);

const char *mk_dim_slug(enum mk_dim dim);
enum mk_levels mk_dim_levels(enum mk_dim dim);

#endif
