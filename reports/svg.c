/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/svg.h"

#include <stdlib.h>
#include <string.h>

#include "reports/escape.h"

#define HATCH MK_SVG(5) /* between two lines of a hatching */
#define CUT_TEXT 512    /* bytes of a text that had to be cut */

static const struct {
    const char *slug, *colour;
} inks[] = {
#define MK_INK(NAME, slug, light, dark) {slug, light},
#include "reports/chart_inks.def"
};

#define ADD(s, call)          \
    do {                      \
        if ((s)->rc == MK_OK) \
            (s)->rc = (call); \
    } while (0)

static void add(struct mk_svg *s, const char *text)
{
    ADD(s, mk_buf_add_str(s->out, text));
}

/* A length in units: "12", "12.3". */
static void add_length(struct mk_svg *s, int tenths)
{
    ADD(s,
        mk_buf_addf(s->out, "%s%d", tenths < 0 ? "-" : "", abs(tenths) / 10));
    if (tenths % 10)
        ADD(s, mk_buf_addf(s->out, ".%d", abs(tenths) % 10));
}

static void add_attribute(struct mk_svg *s, const char *name, int tenths)
{
    ADD(s, mk_buf_addf(s->out, " %s=\"", name));
    add_length(s, tenths);
    add(s, "\"");
}

static void add_point(struct mk_svg *s, char command, int x, int y)
{
    ADD(s, mk_buf_add_u8(s->out, (uint8_t)command));
    add_length(s, x);
    add(s, " ");
    add_length(s, y);
}

/* Opens an element that is painted with ink as fill or stroke. */
static void open_painted(struct mk_svg *s, const char *element,
                         enum mk_svg_ink ink, const char *paint)
{
    ADD(s, mk_buf_addf(s->out, "<%s class=\"%s\" %s=\"%s\"", element,
                       inks[ink].slug, paint, inks[ink].colour));
}

static void open_picture(struct mk_svg *s, struct mk_buf *out, int w, int h)
{
    *s = (struct mk_svg){.out = out, .rc = MK_OK};
    add(s, "<svg");
    add_attribute(s, "width", w);
    add_attribute(s, "height", h);
    add(s, " viewBox=\"0 0 ");
    add_length(s, w);
    add(s, " ");
    add_length(s, h);
    ADD(s,
        mk_buf_addf(s->out, "\" font-family=\"sans-serif\" font-size=\"%d\"",
                    MK_SVG_FONT));
}

void mk_svg_open(struct mk_svg *s, struct mk_buf *out, const char *id, int w,
                 int h, const char *title, const char *desc)
{
    open_picture(s, out, w, h);
    ADD(s, mk_buf_addf(out,
                       " role=\"img\" aria-labelledby=\"%s-t %s-d\">\n"
                       "<title id=\"%s-t\">",
                       id, id, id));
    ADD(s, mk_escape_xml(out, title));
    ADD(s, mk_buf_addf(out, "</title>\n<desc id=\"%s-d\">", id));
    ADD(s, mk_escape_xml(out, desc));
    add(s, "</desc>\n");
}

void mk_svg_open_key(struct mk_svg *s, struct mk_buf *out, int w, int h)
{
    open_picture(s, out, w, h);
    add(s, " aria-hidden=\"true\">");
}

enum mk_err mk_svg_close(struct mk_svg *s)
{
    add(s, "</svg>");
    return s->rc;
}

/* ---- areas and lines ---- */

static void add_rect(struct mk_svg *s, struct mk_svg_box b)
{
    add_attribute(s, "x", b.x);
    add_attribute(s, "y", b.y);
    add_attribute(s, "width", b.w);
    add_attribute(s, "height", b.h);
    add(s, "/>\n");
}

void mk_svg_area(struct mk_svg *s, enum mk_svg_ink ink, struct mk_svg_box b)
{
    if (b.w <= 0 || b.h <= 0)
        return;
    open_painted(s, "rect", ink, "fill");
    add_rect(s, b);
}

void mk_svg_outline(struct mk_svg *s, enum mk_svg_ink ink, struct mk_svg_box b)
{
    const int width = MK_SVG(3) / 2;
    if (b.w <= width || b.h <= width) {
        mk_svg_area(s, ink, b);
        return;
    }
    /* one path with a hole: a fill, as all that has this ink */
    open_painted(s, "path", ink, "fill");
    add(s, " fill-rule=\"evenodd\" d=\"");
    add_point(s, 'M', b.x, b.y);
    add_point(s, 'L', b.x + b.w, b.y);
    add_point(s, 'L', b.x + b.w, b.y + b.h);
    add_point(s, 'L', b.x, b.y + b.h);
    add_point(s, 'L', b.x, b.y);
    add(s, "z");
    if (b.w > 2 * width && b.h > 2 * width) {
        add_point(s, 'M', b.x + width, b.y + width);
        add_point(s, 'L', b.x + b.w - width, b.y + width);
        add_point(s, 'L', b.x + b.w - width, b.y + b.h - width);
        add_point(s, 'L', b.x + width, b.y + b.h - width);
        add(s, "z");
    }
    add(s, "\"/>\n");
}

void mk_svg_taper(struct mk_svg *s, enum mk_svg_ink ink, struct mk_svg_box b,
                  int w_below)
{
    if (b.w <= 0 && w_below <= 0)
        return;
    open_painted(s, "path", ink, "fill");
    add(s, " fill-opacity=\"0.16\" d=\"");
    add_point(s, 'M', b.x, b.y);
    add_point(s, 'L', b.x + b.w, b.y);
    add_point(s, 'L', b.x + w_below, b.y + b.h);
    add_point(s, 'L', b.x, b.y + b.h);
    add(s, "z\"/>\n");
}

void mk_svg_line(struct mk_svg *s, enum mk_svg_ink ink, int x1, int y1, int x2,
                 int y2)
{
    open_painted(s, "path", ink, "stroke");
    add(s, " fill=\"none\" d=\"");
    add_point(s, 'M', x1, y1);
    add_point(s, 'L', x2, y2);
    add(s, "\"/>\n");
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

/* The border, without the open side. */
static void add_border(struct mk_svg *s, struct mk_svg_box b,
                       enum mk_svg_open open)
{
    int right = b.x + b.w, below = b.y + b.h;
    switch (open) {
    case MK_SVG_CLOSED:
        add_point(s, 'M', b.x, b.y);
        add_point(s, 'L', right, b.y);
        add_point(s, 'L', right, below);
        add_point(s, 'L', b.x, below);
        add(s, "z");
        return;
    case MK_SVG_OPEN_RIGHT:
        add_point(s, 'M', right, b.y);
        add_point(s, 'L', b.x, b.y);
        add_point(s, 'L', b.x, below);
        add_point(s, 'L', right, below);
        return;
    case MK_SVG_OPEN_TOP:
        add_point(s, 'M', b.x, b.y);
        add_point(s, 'L', b.x, below);
        add_point(s, 'L', right, below);
        add_point(s, 'L', right, b.y);
        return;
    }
}

void mk_svg_hatch(struct mk_svg *s, struct mk_svg_box b, enum mk_svg_open open)
{
    if (b.w <= 0 || b.h <= 0)
        return;
    open_painted(s, "path", MK_SVG_HIDDEN, "stroke");
    add(s, " fill=\"none\" d=\"");
    add_border(s, b, open);
    /* lines x + y = k of the box, from its left or lower side upwards */
    for (int k = HATCH; k < b.w + b.h; k += HATCH) {
        add_point(s, 'M', b.x + most(0, k - b.h), b.y + least(k, b.h));
        add_point(s, 'L', b.x + least(k, b.w), b.y + most(0, k - b.w));
    }
    add(s, "\"/>\n");
}

/* ---- texts ---- */

/* Bytes of the character at p, which ends with NUL at the latest. */
static size_t character(const char *p)
{
    size_t n = 1;
    while (((unsigned char)p[n] & 0xc0) == 0x80)
        n++;
    return n;
}

/* Tenths of a unit, of the character at p: as wide as in DejaVu Sans, which
 * is wider than most. */
static int character_width(const char *p, bool bold)
{
    static const struct {
        const char *letters;
        int width;
    } kinds[] = {
        {" .,:;'|!ijlI", 42},
        {"ftr()[]-/", 54},
        {"csz", 72},
        {"mwMW%@", 127},
    };
    unsigned char c = (unsigned char)*p;
    int w = c >= 'A' && c <= 'Z' ? 100 : 83;
    for (size_t i = 0; c < 0x80 && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strchr(kinds[i].letters, c))
            w = kinds[i].width;
    if (c >= 0xe1) /* scripts with letters that are squares */
        w = 143;
    return bold ? w * 11 / 10 : w;
}

int mk_svg_text_width(const char *text, bool bold)
{
    int width = 0;
    for (const char *p = text; *p; p += character(p)) {
        width += character_width(p, bold);
        if (width > MK_SVG(100000)) /* wider than any picture */
            break;
    }
    return width;
}

/* Copies what fits into room, and an ellipsis. */
static void cut(char out[static CUT_TEXT], const char *text, bool bold,
                int room)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    size_t at = 0;
    room -= character_width(ellipsis, bold);
    for (size_t n; *text; text += n) {
        n = character(text);
        room -= character_width(text, bold);
        if (room < 0 || at + n > CUT_TEXT - sizeof ellipsis)
            break;
        memcpy(out + at, text, n);
        at += n;
    }
    memcpy(out + at, ellipsis, sizeof ellipsis);
}

void mk_svg_text(struct mk_svg *s, struct mk_svg_text how, const char *text)
{
    char shorter[CUT_TEXT];
    if (how.room > 0 && mk_svg_text_width(text, how.bold) > how.room) {
        cut(shorter, text, how.bold, how.room);
        text = shorter;
    }
    open_painted(s, "text", how.ink, "fill");
    add_attribute(s, "x", how.x);
    add_attribute(s, "y", how.y);
    if (how.centre)
        add(s, " text-anchor=\"middle\"");
    if (how.bold)
        add(s, " font-weight=\"700\"");
    add(s, ">");
    ADD(s, mk_escape_xml(s->out, text));
    add(s, "</text>\n");
}
