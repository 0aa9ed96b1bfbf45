/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in a drawing of ours (reports/svg.h).  Lengths are tenths of a
 * unit; what a test asks for and is not there fails the test. */
#ifndef MK_TESTS_SVG_LOOK_H
#define MK_TESTS_SVG_LOOK_H

#include <stddef.h>

/* The next tag with that name and, if not NULL, that class; *p is where the
 * search begins, and after it where the tag ends.  "" at the end. */
const char *svg_next(const char **p, const char *name, const char *class);

/* An attribute of a tag that is a length. */
int svg_length(const char *tag, const char *name);

struct svg_point {
    int x, y;
};
/* The i-th point of a path. */
struct svg_point svg_point(const char *tag, size_t i);

/* A length of all areas of a class in order, without the key; 0 ends them. */
void svg_sizes(int *out, size_t max, const char *text, const char *class,
               const char *name);

/* Well formed, and nothing that runs, loads or is styled from elsewhere. */
void svg_check_bare(const char *text);

/* Every text lies in its picture. */
void svg_check_texts_fit(const char *text);

#endif
