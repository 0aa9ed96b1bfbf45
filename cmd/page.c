/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/page.h"

#include "core/base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
static const char style[] =
    ":root{color-scheme:light dark;--paper:#fff;--ink:#1c2126;--soft:#4d5862;"
    "--rule:#d3dae1;--head:#154273;--warn:#7a1f1f}\n"
    "@media (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e6eaee;"
    "--soft:#aab4be;--rule:#38424c;--head:#9cc3ee;--warn:#ffb4a9}}\n"
    "body{margin:0 auto;max-width:62rem;padding:1rem 1.25rem;"
    "background:var(--paper);color:var(--ink);font:1rem/1.45 system-ui,"
    "\"Noto Sans\",\"DejaVu Sans\",sans-serif}\n"
    "h1{font-size:1.5rem;margin:0;color:var(--head)}\n"
    "h2{font-size:1.1rem;margin:1.2rem 0 .2rem;color:var(--head)}\n"
    "p{margin:.15rem 0}\n"
    ".alarm{color:var(--warn);font-weight:700}\n"
    "div{overflow-x:auto}\n"
    "table{border-collapse:collapse;margin:.3rem 0;"
    "font-variant-numeric:tabular-nums}\n"
    "th,td{text-align:left;padding:.15rem .9rem .15rem 0;"
    "border-bottom:1px solid var(--rule);vertical-align:baseline}\n"
    "th{color:var(--soft);font-weight:600}\n"
    "@page{size:A4;margin:12mm}\n"
    "@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;"
    "--soft:#333;--rule:#999;--head:#000;--warn:#000}"
    "body{max-width:none;padding:0;font-size:8.5pt;line-height:1.25}"
    "h2{break-after:avoid;margin-top:3mm}tr{break-inside:avoid}"
    "div{overflow:visible}}\n";
/* clang-format on */

static void put(struct mk_page *p, const char *s)
{
    if (p->rc == MK_OK)
        p->rc = mk_buf_add_str(p->out, s);
}

static void escape(struct mk_page *p, const char *s, size_t n)
{
    for (size_t i = 0; i < n && p->rc == MK_OK; i++)
        switch (s[i]) {
        case '&':
            put(p, "&amp;");
            break;
        case '<':
            put(p, "&lt;");
            break;
        case '>':
            put(p, "&gt;");
            break;
        case '"':
            put(p, "&quot;");
            break;
        case '\'':
            put(p, "&#39;");
            break;
        default:
            p->rc = mk_buf_add(p->out, &s[i], 1);
        }
}

/* Text from anywhere, so that neither terminal nor browser obeys it. */
static void say(struct mk_page *p, const char *s)
{
    struct mk_buf seen = MK_BUF_INIT;
    if (p->rc == MK_OK)
        p->rc = mk_text_visible(&seen, s, strlen(s), false);
    if (p->rc == MK_OK && p->html && seen.len > 0)
        escape(p, (const char *)seen.data, seen.len);
    else if (p->rc == MK_OK)
        p->rc = mk_buf_add(p->out, seen.data, seen.len);
    mk_buf_release(&seen);
}

void mk_page_begin(struct mk_page *p, struct mk_buf *out, bool html,
                   const char *lang, const char *title)
{
    *p = (struct mk_page){.out = out, .html = html};
    mk_table_init(&p->table, 1);
    if (!html) {
        say(p, title);
        put(p, "\n");
        return;
    }
    put(p, "<!DOCTYPE html>\n<html lang=\"");
    put(p, lang);
    put(p, "\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" "
           "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
           "<title>");
    say(p, title);
    put(p, "</title>\n<style>\n");
    put(p, style);
    put(p, "</style>\n</head>\n<body>\n<h1>");
    say(p, title);
    put(p, "</h1>\n");
}

void mk_page_section(struct mk_page *p, const char *title)
{
    put(p, p->html ? "<h2>" : "\n");
    say(p, title);
    put(p, p->html ? "</h2>\n" : "\n");
}

void mk_page_line(struct mk_page *p, bool alarm, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (p->html)
        put(p, alarm ? "<p class=\"alarm\">" : "<p>");
    else
        put(p, alarm ? "! " : "  ");
    say(p, text);
    put(p, p->html ? "</p>\n" : "\n");
}

void mk_page_table(struct mk_page *p, size_t columns)
{
    p->columns = columns;
    p->cell = 0;
    mk_table_release(&p->table);
    mk_table_init(&p->table, columns);
    if (p->html)
        put(p, "<div><table>\n");
}

void mk_page_cell(struct mk_page *p, const char *text)
{
    bool head = p->cell < p->columns;
    if (!p->html) {
        mk_table_cell(&p->table, text);
        return;
    }
    if (p->cell % p->columns == 0)
        put(p, "<tr>");
    put(p, head ? "<th>" : "<td>");
    say(p, text);
    put(p, head ? "</th>" : "</td>");
    if (++p->cell % p->columns == 0)
        put(p, "</tr>\n");
}

void mk_page_num(struct mk_page *p, uint64_t n)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, n);
    mk_page_cell(p, text);
}

void mk_page_table_end(struct mk_page *p)
{
    if (p->html)
        put(p, "</table></div>\n");
    else if (p->rc == MK_OK)
        p->rc = mk_table_finish(&p->table, p->out);
}

enum mk_err mk_page_end(struct mk_page *p)
{
    if (p->html)
        put(p, "</body>\n</html>\n");
    mk_table_release(&p->table);
    return p->rc;
}
