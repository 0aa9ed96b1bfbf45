/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/render.h"

#include "reports/escape.h"
#include "reports/html.h"
#include "reports/words.h"

enum mk_err mk_html_marking(struct mk_buf *out, const struct mk_factsheet *f)
{
    const char *marking = mk_words_marking(f);
    return marking
               ? mk_escape_in(out, "<p class=\"marking\">", marking, "</p>\n")
               : MK_OK;
}

enum mk_err mk_html_item(struct mk_buf *out, const char *term,
                         const char *text)
{
    enum mk_err rc;
    MK_TRY(mk_escape_in(out, "<div><dt>", term, "</dt>"));
    MK_TRY(mk_escape_in(out, "<dd>", text, "</dd></div>\n"));
out:
    return rc;
}

enum mk_err mk_html_section(struct mk_buf *out, const struct mk_factsheet *f,
                            const char *id, const char *title)
{
    bool is_table = id[0] == 'F';
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out,
                       "<section aria-labelledby=\"%s\">\n"
                       "<h2 id=\"%s\">",
                       id, id));
    if (is_table)
        MK_TRY(mk_escape_in(out, "<span class=\"number\">", id, "</span> "));
    MK_TRY(mk_escape_in(out, "", title, "</h2>\n"));
    MK_TRY(mk_html_marking(out, f));
out:
    return rc;
}

enum mk_err mk_render_html(struct mk_buf *out, const struct mk_factsheet *f)
{
    enum mk_err rc;
    MK_TRY(mk_html_head(out, f));
    MK_TRY(mk_buf_add_str(out, "<body>\n"));
    MK_TRY(mk_html_banner(out, f));
    MK_TRY(mk_buf_add_str(out, "<div class=\"page\">\n"));
    MK_TRY(mk_html_contents(out, f));
    MK_TRY(mk_buf_add_str(out, "<main id=\"main\">\n"));
    MK_TRY(mk_html_summary(out, f));
    for (size_t i = 0; i < MK_TABLE_COUNT; i++)
        MK_TRY(mk_html_table(out, f, &f->table[i]));
    MK_TRY(mk_html_notes(out, f));
    MK_TRY(mk_html_method(out, f));
    MK_TRY(mk_buf_add_str(out, "</main>\n</div>\n<footer>meldkluis</footer>\n"
                               "</body>\n</html>\n"));
out:
    return rc;
}
