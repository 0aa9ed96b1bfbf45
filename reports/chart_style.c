/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/chart.h"

/* Parts are blocks in a line: WeasyPrint wraps those, too, and two stand side
 * by side on a page of A4.  Their width is in rem, so that letters grow with
 * those of the page. */
static const char style[] =
    ".chart{margin:1rem 0 1.5rem}\n"
    ".chart figcaption{color:var(--soft);margin-bottom:.6rem}\n"
    ".chart .parts svg{display:inline-block;vertical-align:top;width:22rem;"
    "max-width:100%;height:auto;margin:0 1.5rem 1rem 0;"
    "font-family:inherit}\n"
    ".chart .key{list-style:none;margin:0;padding:0;display:flex;"
    "flex-wrap:wrap;gap:.15rem 1.25rem;font-size:.9em}\n"
    ".chart .key svg{display:inline;width:.9em;height:.9em;"
    "vertical-align:-.1em}\n"
    "@media print{.chart figcaption{break-after:avoid}"
    ".chart .parts{orphans:1;widows:1}"
    ".chart .parts svg{width:80mm;margin:0 6mm 4mm 0;break-inside:avoid}"
    ".chart .key{display:block}.chart .key li{display:inline;"
    "margin-right:5mm}}\n"
    "@media screen and (prefers-color-scheme:dark){"
#define MK_INK(NAME, slug, light, dark)                   \
    ".chart [fill=\"" light "\"]." slug "{fill:" dark "}" \
    ".chart [stroke=\"" light "\"]." slug "{stroke:" dark "}"
#include "reports/chart_inks.def"
    "}\n";

const char *mk_chart_style(void)
{
    return style;
}
