/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/xml_walk.h"

#include <check.h>
#include <stdbool.h>
#include <string.h>

#define NAME_SIZE 24
#define DEEPEST 16

struct walk {
    const char *p;
    char open[DEEPEST][NAME_SIZE];
    size_t depth;
};

static void walk_entity(struct walk *w)
{
    static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;",
                                        "&#39;"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strncmp(w->p, known[i], strlen(known[i])) == 0) {
            w->p += strlen(known[i]);
            return;
        }
    ck_abort_msg("no entity: %.20s", w->p);
}

/* Fails the test at p.  A passed ck_assert is a write to a file: too much for
 * every character. */
static void want(bool is, const char *what, const char *p)
{
    if (!is)
        ck_abort_msg("%s: %.30s", what, p);
}

static void take(struct walk *w, char c, const char *what)
{
    want(*w->p == c, what, w->p);
    w->p++;
}

/* Characters up to one of end; none that XML does not hold. */
static void walk_text(struct walk *w, const char *end)
{
    while (*w->p && !strchr(end, *w->p)) {
        want(*w->p != '<' && *w->p != '>', "bracket", w->p);
        want((unsigned char)*w->p >= 0x20 || *w->p == '\n', "control", w->p);
        if (*w->p == '&')
            walk_entity(w);
        else
            w->p++;
    }
}

static void walk_name(struct walk *w, char name[static NAME_SIZE])
{
    size_t n = strspn(w->p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
                            "XYZ-0123456789");
    want(n > 0 && n < NAME_SIZE, "no name", w->p);
    memcpy(name, w->p, n);
    name[n] = '\0';
    w->p += n;
}

static void walk_end_tag(struct walk *w)
{
    char name[NAME_SIZE];
    walk_name(w, name);
    want(w->depth > 0 && strcmp(name, w->open[--w->depth]) == 0,
         "ends what is not open", w->p);
    take(w, '>', "no end of tag");
}

static void walk_tag(struct walk *w)
{
    char name[NAME_SIZE];
    want(w->depth < DEEPEST, "too deep", w->p);
    walk_name(w, w->open[w->depth++]);
    while (*w->p == ' ') {
        w->p++;
        walk_name(w, name);
        take(w, '=', "no value");
        take(w, '"', "no quote");
        walk_text(w, "\"");
        take(w, '"', "no quote");
    }
    if (*w->p == '/') {
        w->p++;
        w->depth--;
    }
    take(w, '>', "no end of tag");
}

void xml_check(const char *text)
{
    struct walk w = {.p = text};
    while (*w.p) {
        walk_text(&w, "<");
        if (!*w.p)
            break;
        if (*++w.p == '/') {
            w.p++;
            walk_end_tag(&w);
        } else {
            walk_tag(&w);
        }
    }
    want(w.depth == 0, "not ended", text);
}
