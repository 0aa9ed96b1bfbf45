/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small writer of inline SVG: areas, lines and texts, nothing else.  What it
 * writes needs no style, script, font or other file, and is drawn alike by
 * browsers and by WeasyPrint: colours are attributes, hatching is made of
 * lines that end where the area ends (no pattern, no clip path).
 *
 * Lengths are whole tenths of a unit (MK_SVG(3) is three units), so the same
 * picture is the same bytes on every machine.
 *
 * The first error is kept, nothing is added after it, and mk_svg_close
 * returns it: drawing code reads as a drawing.
 * Errors: E_MEMORY, E_TOO_LARGE.
 */
#ifndef MK_REPORTS_SVG_H
#define MK_REPORTS_SVG_H

#include "core/base/buf.h"

#define MK_SVG(units) ((units)*10)
#define MK_SVG_FONT 13 /* units; letters of every text */

enum mk_svg_ink {
#define MK_INK(NAME, slug, light, dark) MK_SVG_##NAME,
#include "reports/chart_inks.def"
};

struct mk_svg_box {
    int x, y, w, h;
};

struct mk_svg {
    struct mk_buf *out; /* borrowed */
    enum mk_err rc;     /* the first error */
};

/* Begins a picture of role img that title and desc describe.  id: a name of
 * ours, unique in the page; title and desc have the ids id-t and id-d. */
void mk_svg_open(struct mk_svg *s, struct mk_buf *out, const char *id, int w,
                 int h, const char *title, const char *desc);
/* Begins a picture that says nothing to who cannot see it: a swatch. */
void mk_svg_open_key(struct mk_svg *s, struct mk_buf *out, int w, int h);
MK_MUST_USE enum mk_err mk_svg_close(struct mk_svg *s);

/* Nothing is drawn of a box without area. */
void mk_svg_area(struct mk_svg *s, enum mk_svg_ink ink, struct mk_svg_box b);
/* The same as a border, one and a half unit wide, within the box. */
void mk_svg_outline(struct mk_svg *s, enum mk_svg_ink ink,
                    struct mk_svg_box b);
/* A faint area between two widths that begin at x: from w at the top of the
 * box to w_below at its bottom. */
void mk_svg_taper(struct mk_svg *s, enum mk_svg_ink ink, struct mk_svg_box b,
                  int w_below);
void mk_svg_line(struct mk_svg *s, enum mk_svg_ink ink, int x1, int y1, int x2,
                 int y2);

/* A frame with hatching.  Where it ends is not known at an open side. */
enum mk_svg_open { MK_SVG_CLOSED, MK_SVG_OPEN_RIGHT, MK_SVG_OPEN_TOP };
void mk_svg_hatch(struct mk_svg *s, struct mk_svg_box b,
                  enum mk_svg_open open);

struct mk_svg_text {
    enum mk_svg_ink ink;
    bool bold;
    bool centre; /* x is the middle, else the left */
    int x, y;    /* y: the line on which letters stand */
    int room;    /* text is cut to it, with an ellipsis; 0: not */
};
void mk_svg_text(struct mk_svg *s, struct mk_svg_text how, const char *text);

/* How wide text is at most, in common fonts: an estimate. */
int mk_svg_text_width(const char *text, bool bold);

#endif
