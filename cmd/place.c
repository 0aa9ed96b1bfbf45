/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/place.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *place, *nl;
} places[] = {
#define MK_PLACE(place, nl) {place, nl},
#include "cmd/places.def"
};

static const struct {
    int number;
    const char *nl;
} systems[] = {
#define MK_SYS(number, nl) {number, nl},
#include "cmd/places.def"
};

static const struct {
    const char *part, *nl;
} phrases[] = {
#define MK_PHRASE(part, nl) {part, nl},
#include "cmd/places.def"
};

/* Whether that phrase may stand there: one that begins with a blank or a comma
 * counts something, and follows a number; others begin a word.  So a name or a
 * path stays as it is. */
static bool stands(const char *part, char before)
{
    return *part == ' ' || *part == ',' ? before >= '0' && before <= '9'
                                        : before == '\0' || before == ' ';
}

enum mk_err mk_finding_dutch(struct mk_buf *out, const char *text)
{
    enum mk_err rc = MK_OK;
    const char *whole = mk_place_dutch(text);
    char before = '\0';
    if (whole != text)
        return mk_buf_add_str(out, whole);
    while (*text != '\0') {
        size_t i = 0;
        while (i < sizeof phrases / sizeof phrases[0] &&
               (!stands(phrases[i].part, before) ||
                strncmp(text, phrases[i].part, strlen(phrases[i].part)) != 0))
            i++;
        before = *text;
        if (i < sizeof phrases / sizeof phrases[0]) {
            MK_TRY(mk_buf_add_str(out, phrases[i].nl));
            text += strlen(phrases[i].part);
            before = text[-1];
        } else {
            MK_TRY(mk_buf_add(out, text++, 1));
        }
    }
out:
    return rc;
}

const char *mk_place_dutch(const char *place)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (strcmp(places[i].place, place) == 0)
            return places[i].nl;
    return place;
}

const char *mk_sys_text(int sys, bool english)
{
    for (size_t i = 0; !english && i < sizeof systems / sizeof systems[0]; i++)
        if (systems[i].number == sys)
            return systems[i].nl;
    return sys ? strerror(sys) : "?";
}
