/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html.h"

#include <inttypes.h>

#include "factsheet_css.h"
#include "reports/chart.h"
#include "reports/escape.h"
#include "reports/say.h"
#include "reports/words.h"

/* Nothing is loaded, run or sent: the page is its own and only part. */
#define POLICY                                                         \
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; " \
    "form-action 'none'"

/* Text as a string of CSS (CSS Syntax 3, 4.3.7), in which nothing but letters,
 * digits and plain spaces stands for itself: it cannot end string or style. */
static enum mk_err add_css_string(struct mk_buf *out, const char *text)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, "\""));
    for (; *text; text++) {
        uint8_t c = (uint8_t)*text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || c == ' ' || c >= 0x80;
        MK_TRY(plain ? mk_buf_add_u8(out, c) : mk_buf_addf(out, "\\%x ", c));
    }
    MK_TRY(mk_buf_add_str(out, "\""));
out:
    return rc;
}

/* ";@top-left{content:"TEXT"" and what style says. */
static enum mk_err add_margin(struct mk_buf *out, const char *box,
                              const char *text, const char *style)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "@%s{content:", box));
    MK_TRY(add_css_string(out, text));
    MK_TRY(mk_buf_addf(out, ";%s}\n", style));
out:
    return rc;
}

/* "2018-2020, stand #366 van 1 maart 2021" of every printed page. */
static enum mk_err add_cut(struct mk_buf *out, const struct mk_factsheet *f)
{
    bool en = f->english;
    enum mk_err rc = MK_OK;
    if (f->data_date == MK_DAY_NONE)
        return mk_buf_addf(out, "#%" PRIu64, f->position);
    MK_TRY(mk_buf_add_str(out, mk_say(en, "data up to")));
    MK_TRY(mk_buf_add_str(out, " "));
    MK_TRY(mk_words_day(out, f->data_date, en));
    MK_TRY(mk_buf_addf(out, " (#%" PRIu64 ")", f->position));
out:
    return rc;
}

/* What stands around the text of each printed page. */
static enum mk_err add_page_rules(struct mk_buf *out,
                                  const struct mk_factsheet *f)
{
    struct mk_buf text = MK_BUF_INIT;
    const char *marking = mk_words_marking(f);
    bool en = f->english;
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, "@page{\n"));
    MK_TRY(mk_buf_addf(&text, "%s ", mk_words_title(en)));
    MK_TRY(mk_words_window(&text, f));
    MK_TRY(mk_buf_terminate(&text));
    MK_TRY(add_margin(out, "top-left", (const char *)text.data, ""));
    if (marking)
        MK_TRY(add_margin(out, "top-right", marking,
                          "color:#7a1f1f;font-weight:700"));
    mk_buf_clear(&text);
    if (f->release) {
        MK_TRY(mk_escape_plain(&text, f->release));
        MK_TRY(mk_buf_add_str(&text, ", "));
    }
    MK_TRY(add_cut(&text, f));
    MK_TRY(mk_buf_terminate(&text));
    MK_TRY(add_margin(out, "bottom-left", (const char *)text.data, ""));
    MK_TRY(mk_buf_add_str(out, "@bottom-right{content:"));
    MK_TRY(add_css_string(out, mk_say(en, "page ")));
    MK_TRY(mk_buf_add_str(out, " counter(page) "));
    MK_TRY(add_css_string(out, mk_say(en, " of ")));
    MK_TRY(mk_buf_add_str(out, " counter(pages)}\n}\n"));
out:
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_html_head(struct mk_buf *out, const struct mk_factsheet *f)
{
    const char *marking = mk_words_marking(f);
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out,
                       "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
                       "<meta charset=\"utf-8\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" "
                       "content=\"" POLICY "\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, "
                       "initial-scale=1\">\n"
                       "<meta name=\"referrer\" content=\"no-referrer\">\n"
                       "<meta name=\"generator\" content=\"meldkluis\">\n",
                       f->english ? "en" : "nl"));
    if (marking)
        MK_TRY(mk_buf_add_str(
            out, "<meta name=\"robots\" content=\"noindex, nofollow\">\n"));
    MK_TRY(mk_escape_in(out, "<title>", mk_words_title(f->english), ", "));
    MK_TRY(mk_words_window(out, f));
    if (marking)
        MK_TRY(mk_escape_in(out, " (", marking, ")"));
    MK_TRY(mk_buf_add_str(out, "</title>\n<style>\n"));
    MK_TRY(mk_buf_add_str(out, mk_chart_style()));
    MK_TRY(mk_buf_add_str(out, factsheet_css));
    MK_TRY(add_page_rules(out, f));
    MK_TRY(mk_buf_add_str(out, "</style>\n</head>\n"));
out:
    return rc;
}

/* ---- the banner ---- */

static enum mk_err add_made(struct mk_buf *out, const struct mk_factsheet *f)
{
    bool en = f->english;
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, "<dl class=\"made\">\n"));
    if (f->release)
        MK_TRY(mk_html_item(out, mk_say(en, "Release"), f->release));
    MK_TRY(mk_escape_in(out, "<div><dt>", mk_say(en, "As of"), "</dt><dd>"));
    MK_TRY(add_cut(out, f));
    MK_TRY(mk_buf_add_str(out, "</dd></div>\n"));
    MK_TRY(mk_html_item(
        out, mk_say(en, "Unit"),
        mk_say(en, "dossiers; a dossier can hold more than one melding")));
    MK_TRY(mk_html_item(out, mk_say(en, "Years"),
                        f->school_year
                            ? mk_say(en, "school years, 1 August to 31 July")
                            : mk_say(en, "calendar years")));
    MK_TRY(mk_html_item(
        out, mk_say(en, "Figures"),
        f->policy == MK_POLICY_SUPPRESS
            ? mk_say(en, "small figures are hidden to protect people")
        : f->policy == MK_POLICY_INTERNAL
            ? mk_say(en, "exact, for own use")
            : mk_say(en, "exact, small figures included")));
    MK_TRY(mk_buf_add_str(out, "</dl>\n"));
out:
    return rc;
}

enum mk_err mk_html_banner(struct mk_buf *out, const struct mk_factsheet *f)
{
    bool en = f->english;
    enum mk_err rc;
    MK_TRY(mk_escape_in(out, "<a class=\"skip\" href=\"#main\">",
                        mk_say(en, "Skip to the content"), "</a>\n"));
    MK_TRY(mk_escape_in(out, "<header>\n<h1>", mk_words_title(en),
                        " <span class=\"window\">"));
    MK_TRY(mk_words_window(out, f));
    MK_TRY(mk_buf_add_str(out, "</span></h1>\n"));
    MK_TRY(mk_html_marking(out, f));
    MK_TRY(add_made(out, f));
    MK_TRY(mk_buf_add_str(out, "</header>\n"));
out:
    return rc;
}

/* ---- the contents ---- */

static enum mk_err add_link(struct mk_buf *out, const char *id,
                            const char *number, const char *title)
{
    enum mk_err rc;
    MK_TRY(mk_escape_in(out, "<li><a href=\"#", id, "\">"));
    if (number)
        MK_TRY(
            mk_escape_in(out, "<span class=\"number\">", number, "</span> "));
    MK_TRY(mk_escape_in(out, "", title, "</a></li>\n"));
out:
    return rc;
}

enum mk_err mk_html_contents(struct mk_buf *out, const struct mk_factsheet *f)
{
    bool en = f->english;
    enum mk_err rc;
    MK_TRY(mk_escape_in(out,
                        "<nav aria-labelledby=\"contents\">\n"
                        "<h2 id=\"contents\">",
                        mk_say(en, "Contents"), "</h2>\n<ul>\n"));
    if (f->n_summary > 0)
        MK_TRY(add_link(out, MK_HTML_SUMMARY, NULL, mk_say(en, "Summary")));
    for (size_t i = 0; i < MK_TABLE_COUNT; i++)
        MK_TRY(
            add_link(out, f->table[i].id, f->table[i].id, f->table[i].title));
    MK_TRY(add_link(out, MK_HTML_NOTES, NULL, mk_say(en, "Notes")));
    MK_TRY(add_link(out, MK_HTML_METHOD, NULL, mk_say(en, "Method")));
    MK_TRY(mk_buf_add_str(out, "</ul>\n</nav>\n"));
out:
    return rc;
}
