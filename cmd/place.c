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

struct phrase {
    const char *part, *nl;
};
static const struct phrase phrases[] = {
#define MK_PHRASE(part, nl) {part, nl},
#include "cmd/places.def"
};

static const struct phrase reasons[] = {
#define MK_SAID(part, nl) {part, nl},
#include "cmd/places.def"
};

/* Whether that phrase may stand there: one that begins with a blank or a comma
 * counts something, and follows a number; one with a colon follows a name;
 * others begin a word.  So a name or a path stays as it is. */
static bool stands(const char *part, char before)
{
    switch (*part) {
    case ' ':
    case ',':
        return before >= '0' && before <= '9';
    case ':':
        return true;
    default:
        return before == '\0' || before == ' ';
    }
}

/* text with each phrase of the list in Dutch, the rest as it is. */
static enum mk_err translate(struct mk_buf *out, const char *text,
                             const struct phrase *list, size_t n)
{
    enum mk_err rc = MK_OK;
    char before = '\0';
    while (*text != '\0') {
        size_t i = 0;
        while (i < n &&
               (!stands(list[i].part, before) ||
                strncmp(text, list[i].part, strlen(list[i].part)) != 0))
            i++;
        before = *text;
        if (i < n) {
            MK_TRY(mk_buf_add_str(out, list[i].nl));
            text += strlen(list[i].part);
            before = text[-1];
        } else {
            MK_TRY(mk_buf_add(out, text++, 1));
        }
    }
out:
    return rc;
}

enum mk_err mk_finding_dutch(struct mk_buf *out, const char *text)
{
    const char *whole = mk_place_dutch(text);
    return whole != text ? mk_buf_add_str(out, whole)
                         : translate(out, text, phrases,
                                     sizeof phrases / sizeof phrases[0]);
}

enum mk_err mk_said_dutch(struct mk_buf *out, const char *text)
{
    return translate(out, text, reasons, sizeof reasons / sizeof reasons[0]);
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
