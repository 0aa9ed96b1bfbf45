/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/say.h"

#include <stddef.h>
#include <string.h>

/*
 * The .mo files as msgfmt writes them, little endian (GNU gettext manual,
 * "The Format of GNU MO Files"): magic, revision, number of texts, offsets of
 * two tables of (length, offset) pairs: the English texts, sorted, and what
 * stands for them.  "one\0more" is one text with two forms.
 */
static const unsigned char catalogue_nl[] = {
#include "catalogue_nl.inc"
};
static const unsigned char catalogue_en[] = {
#include "catalogue_en.inc"
};

enum { AT_COUNT = 8, AT_TEXTS = 12, AT_WORDS = 16, PAIR = 8 };

static uint32_t number(const unsigned char *mo, size_t at)
{
    return (uint32_t)mo[at] | (uint32_t)mo[at + 1] << 8 |
           (uint32_t)mo[at + 2] << 16 | (uint32_t)mo[at + 3] << 24;
}

static const char *text(const unsigned char *mo, size_t table, size_t i)
{
    size_t at = number(mo, table) + i * PAIR;
    return (const char *)mo + number(mo, at + 4);
}

/* What stands for msgid; NULL if the catalogue lacks it. */
static const char *find(const unsigned char *mo, const char *msgid)
{
    size_t low = 0, high = number(mo, AT_COUNT);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(msgid, text(mo, AT_TEXTS, mid));
        if (order == 0)
            return text(mo, AT_WORDS, mid);
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

static const char *look_up(bool english, const char *msgid)
{
    return *msgid ? find(english ? catalogue_en : catalogue_nl, msgid) : NULL;
}

const char *mk_say(bool english, const char *msgid)
{
    const char *found = look_up(english, msgid);
    return found ? found : msgid;
}

const char *mk_say_n(bool english, const char *one, const char *more,
                     uint64_t n)
{
    const char *found = look_up(english, one);
    if (!found)
        return n == 1 ? one : more;
    /* both languages: nplurals=2; plural=(n != 1) */
    return n == 1 ? found : found + strlen(found) + 1;
}
