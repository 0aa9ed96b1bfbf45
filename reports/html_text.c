/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sections of text: summary, notes, method. */
#include "reports/html.h"

#include <stdlib.h>

#include "reports/escape.h"
#include "reports/method.h"
#include "reports/say.h"
#include "reports/summary.h"

enum mk_err mk_html_summary(struct mk_buf *out, const struct mk_factsheet *f)
{
    enum mk_err rc = MK_OK;
    if (f->n_summary == 0)
        return MK_OK;
    MK_TRY(mk_html_section(out, f, MK_HTML_SUMMARY,
                           mk_say(f->english, "Summary")));
    for (size_t i = 0; i < f->n_summary; i++) {
        const char *heading = mk_summary_heading(f->summary, i);
        if (heading) {
            MK_TRY(mk_escape_in(out, i > 0 ? "</ul>\n<h3>" : "<h3>", heading,
                                "</h3>\n<ul class=\"summary\">\n"));
        }
        MK_TRY(mk_escape_in(out, "<li>", (const char *)f->summary[i].text.data,
                            "</li>\n"));
    }
    MK_TRY(mk_buf_add_str(out, "</ul>\n</section>\n"));
out:
    return rc;
}

enum mk_err mk_html_notes(struct mk_buf *out, const struct mk_factsheet *f)
{
    enum mk_err rc;
    MK_TRY(
        mk_html_section(out, f, MK_HTML_NOTES, mk_say(f->english, "Notes")));
    MK_TRY(mk_buf_add_str(out, "<ol class=\"notes\">\n"));
    for (size_t i = 0; i < f->n_notes; i++) {
        MK_TRY(mk_buf_addf(out, "<li id=\"N-%s\">", f->note[i].id));
        MK_TRY(mk_escape_in(out, "", (const char *)f->note[i].text.data,
                            "</li>\n"));
    }
    MK_TRY(mk_buf_add_str(out, "</ol>\n</section>\n"));
out:
    return rc;
}

/* Sections, and the words of a list under some of them. */
static enum mk_err add_method(struct mk_buf *out, const struct mk_method *m)
{
    enum mk_err rc = MK_OK;
    bool in_list = false;
    for (size_t i = 0; i < m->n; i++) {
        const struct mk_method_item *item = &m->item[i];
        const char *text = (const char *)item->text.data;
        if (in_list != item->term)
            MK_TRY(mk_buf_add_str(out, item->term ? "<dl class=\"terms\">\n"
                                                  : "</dl>\n"));
        in_list = item->term;
        if (item->term) {
            MK_TRY(mk_html_item(out, item->heading, text));
            continue;
        }
        MK_TRY(
            mk_buf_addf(out, "<h3 id=\"" MK_HTML_METHOD "-%s\">", item->id));
        MK_TRY(mk_escape_in(out, "", item->heading, "</h3>\n"));
        if (*text)
            MK_TRY(mk_escape_in(out, "<p>", text, "</p>\n"));
    }
    if (in_list)
        MK_TRY(mk_buf_add_str(out, "</dl>\n"));
out:
    return rc;
}

enum mk_err mk_html_method(struct mk_buf *out, const struct mk_factsheet *f)
{
    struct mk_method *m = calloc(1, sizeof *m);
    enum mk_err rc = MK_E_MEMORY;
    if (!m)
        return rc;
    mk_method_init(m);
    MK_TRY(mk_method_build(m, f));
    MK_TRY(
        mk_html_section(out, f, MK_HTML_METHOD, mk_say(f->english, "Method")));
    MK_TRY(add_method(out, m));
    MK_TRY(mk_buf_add_str(out, "</section>\n"));
out:
    mk_method_release(m);
    free(m);
    return rc;
}
