/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/svg_look.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/svg.h"
#include "tests/support/xml_walk.h"

const char *svg_next(const char **p, const char *name, const char *class)
{
    static char tag[4096];
    char start[32], wanted[48];
    snprintf(start, sizeof start, "<%s ", name);
    snprintf(wanted, sizeof wanted, " class=\"%s\"", class ? class : "");
    while ((*p = strstr(*p, start)) != NULL) {
        size_t n = strcspn(*p, ">");
        if (n >= sizeof tag)
            n = sizeof tag - 1; /* the lines of a hatching */
        memcpy(tag, *p, n);
        tag[n] = '\0';
        *p += n;
        if (!class || strstr(tag, wanted))
            return tag;
    }
    return "";
}

int svg_length(const char *tag, const char *name)
{
    char text[32];
    snprintf(text, sizeof text, " %s=\"", name);
    const char *at = strstr(tag, text);
    if (!at)
        ck_abort_msg("no %s in %s", name, tag);
    return (int)lround(strtod(at + strlen(text), NULL) * 10);
}

struct svg_point svg_point(const char *tag, size_t i)
{
    const char *at = strstr(tag, " d=\"");
    for (size_t k = 0; k <= i; k++) {
        ck_assert_ptr_nonnull(at);
        at = strpbrk(at + 1, "ML");
    }
    ck_assert_ptr_nonnull(at);
    char *y;
    struct svg_point p = {.x = (int)lround(strtod(at + 1, &y) * 10)};
    p.y = (int)lround(strtod(y, NULL) * 10);
    return p;
}

void svg_sizes(int *out, size_t max, const char *text, const char *class,
               const char *name)
{
    size_t n = 0;
    const char *tag;
    text = strstr(text, "<svg");
    const char *end = strstr(text, "class=\"key\"");
    while (*(tag = svg_next(&text, "rect", class)) && n + 1 < max &&
           (!end || text < end))
        out[n++] = svg_length(tag, name);
    out[n] = 0;
}

void svg_check_bare(const char *text)
{
    static const char *const banned[] = {
        "<script", "<foreignObject", " href=", " style=", "url(", " onload="};
    char tag[512];
    xml_check(text);
    for (const char *p = text; (p = strchr(p, '<')) != NULL; p++)
        for (size_t i = 0; i < sizeof banned / sizeof banned[0]; i++) {
            snprintf(tag, sizeof tag, "%.*s", (int)strcspn(p, ">"), p);
            if (strstr(tag, banned[i]))
                ck_abort_msg("%s", tag);
        }
}

void svg_check_texts_fit(const char *text)
{
    const char *picture = text;
    const char *tag;
    while (*(tag = svg_next(&picture, "svg", NULL))) {
        const char *end = strstr(picture, "</svg>");
        const char *p = picture;
        int room = svg_length(tag, "width");
        while (*(tag = svg_next(&p, "text", NULL)) && p < end) {
            char shown[256];
            snprintf(shown, sizeof shown, "%.*s", (int)strcspn(p + 1, "<"),
                     p + 1);
            int w = mk_svg_text_width(shown, strstr(tag, "font-weight"));
            int x = svg_length(tag, "x");
            if (strstr(tag, "middle"))
                x -= w / 2;
            if (x < 0 || x + w > room)
                ck_abort_msg("%s: %d to %d of %d", shown, x, x + w, room);
        }
    }
}
