/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The code lists of core/defs/codes.def.  A code is stored by its number in
 * its list; number 0 means "not in the data".  Slugs are what forms, the import
 * file and tables say; labels are for people.
 *
 * 62 and 63 mean ONB (unknown) and NR (not recorded) in every list that has no
 * code of its own for them.  They are in no list (mk_code_at does not show
 * them), but mk_code_get knows them; only keys of duiding accept them.
 */
#ifndef MK_CORE_CODES_H
#define MK_CORE_CODES_H

#include "core/base/err.h"

enum mk_list {
#define MK_LIST(name, slug, nl, en) MK_LIST_##name,
#include "core/defs/codes.def"
    MK_LIST_COUNT
};

/* MK_CATEGORY_SM and so on: the stored numbers. */
enum mk_code_number {
    MK_CODE_NONE = 0,
#define MK_CODE(list, number, slug, nl, en, from, to, flags, source) \
    MK_##list##_##slug = number,
#include "core/defs/codes.def"
    MK_CODE_MAX = 64
};

/* The flags MK_CODE_IMPORTED, MK_CODE_MTBP and MK_CODE_RESERVED are defined in
 * codes.def, which needs them. */

struct mk_code {
    enum mk_list list;
    uint8_t number; /* 1..63, stored, never reused */
    const char *slug;
    const char *nl;
    const char *en;
    int from_year; /* first year in which it may be recorded; 0 = always */
    int to_year;   /* last year; 0 = still valid */
    unsigned flags;
    const char *source; /* law article, letter; "" if none */
};

/* The code of the list with that slug (exact case, n bytes); NULL if none. */
const struct mk_code *mk_code_find(enum mk_list list, const char *slug,
                                   size_t n);

/* The code with that number, 62 and 63 in every list; NULL if there is none. */
const struct mk_code *mk_code_get(enum mk_list list, unsigned number);

/* The i-th code of the list in list order; NULL past the end. */
const struct mk_code *mk_code_at(enum mk_list list, size_t i);

const char *mk_list_slug(enum mk_list list); /* "category" */
const char *mk_list_label(enum mk_list list, bool english);

/* May it be recorded in that year?  year 0 means: whatever the year. */
MK_MUST_USE bool mk_code_valid_in(const struct mk_code *code, int year);

#endif
