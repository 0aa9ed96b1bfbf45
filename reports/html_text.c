/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sections of text: summary, notes, method. */
#include "reports/html.h"

#include <stdlib.h>

#include "reports/escape.h"
#include "reports/method.h"
#include "reports/say.h"

const char *mk_html_mark_example(enum mk_mark mark)
{
    switch (mark) {
    case MK_MARK_NONE:
        return "0";
    case MK_MARK_X:
        return "x (0-6)";
    case MK_MARK_NR:
    case MK_MARK_NA:
        return mk_mark_slug(mark);
    }
    return "";
}

const char *mk_html_mark_sentence(enum mk_mark mark, bool english)
{
    switch (mark) {
    case MK_MARK_NONE:
        return mk_say(english, "Not a single dossier.");
    case MK_MARK_X:
        return mk_say(english,
                      "Hidden to protect people. The true figure is one of "
                      "those from the first to the last in the brackets; "
                      "nobody can know it more closely.");
    case MK_MARK_NR:
        return mk_say(english, "Not recorded. That is not the same as 0.");
    case MK_MARK_NA:
        return mk_say(english,
                      "Not applicable: this row did not exist in that year. "
                      "That is not the same as 0.");
    }
    return "";
}

enum mk_err mk_html_summary(struct mk_buf *out, const struct mk_factsheet *f)
{
    enum mk_err rc = MK_OK;
    if (f->n_summary == 0)
        return MK_OK;
    MK_TRY(mk_html_section(out, f, MK_HTML_SUMMARY,
                           mk_say(f->english, "Summary")));
    MK_TRY(mk_buf_add_str(out, "<ul class=\"summary\">\n"));
    for (size_t i = 0; i < f->n_summary; i++)
        MK_TRY(mk_escape_in(out, "<li>", (const char *)f->summary[i].text.data,
                            "</li>\n"));
    MK_TRY(mk_buf_add_str(out, "</ul>\n</section>\n"));
out:
    return rc;
}

static enum mk_err add_marks(struct mk_buf *out, const struct mk_factsheet *f)
{
    static const enum mk_mark marks[] = {MK_MARK_NONE, MK_MARK_X, MK_MARK_NR,
                                         MK_MARK_NA};
    enum mk_err rc;
    MK_TRY(mk_escape_in(out, "<h3>", mk_say(f->english, "Marks in the tables"),
                        "</h3>\n<dl class=\"marks\">\n"));
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        MK_TRY(mk_html_item(out, mk_html_mark_example(marks[i]),
                            mk_html_mark_sentence(marks[i], f->english)));
    MK_TRY(mk_buf_add_str(out, "</dl>\n"));
out:
    return rc;
}

enum mk_err mk_html_notes(struct mk_buf *out, const struct mk_factsheet *f)
{
    enum mk_err rc;
    MK_TRY(
        mk_html_section(out, f, MK_HTML_NOTES, mk_say(f->english, "Notes")));
    MK_TRY(add_marks(out, f));
    MK_TRY(mk_escape_in(out, "<h3>", mk_say(f->english, "About the figures"),
                        "</h3>\n<ol class=\"notes\">\n"));
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
