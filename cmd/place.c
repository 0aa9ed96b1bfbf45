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
