/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/fods_head.h"

#include <inttypes.h>
#include <stdio.h>

#include "reports/escape.h"
#include "reports/words.h"

#define URN "urn:oasis:names:tc:opendocument:xmlns:"
static const char root[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document"
    " xmlns:office=\"" URN "office:1.0\""
    " xmlns:meta=\"" URN "meta:1.0\""
    " xmlns:config=\"" URN "config:1.0\""
    " xmlns:style=\"" URN "style:1.0\""
    " xmlns:text=\"" URN "text:1.0\""
    " xmlns:table=\"" URN "table:1.0\""
    " xmlns:number=\"" URN "datastyle:1.0\""
    " xmlns:fo=\"" URN "xsl-fo-compatible:1.0\""
    " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
    " xmlns:ooo=\"http://openoffice.org/2004/office\""
    " office:version=\"1.3\""
    " office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\">\n";

size_t mk_fods_head_rows(const struct mk_grid *g)
{
    return g->years_across ? 1 : 2;
}

/* ---- what it is about, and how it is first seen ---- */

static enum mk_err add_own(struct mk_buf *out, const char *name,
                           const char *text)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out,
                       "<meta:user-defined meta:name=\"%s\" "
                       "meta:value-type=\"string\">",
                       name));
    MK_TRY(mk_escape_xml(out, text));
    MK_TRY(mk_buf_add_str(out, "</meta:user-defined>"));
out:
    return rc;
}

static enum mk_err add_meta(struct mk_buf *out, const struct mk_factsheet *f,
                            const char *title)
{
    const char *marking = mk_words_marking(f);
    char text[MK_CELL_TEXT];
    enum mk_err rc;
    MK_TRY(mk_escape_in(out,
                        "<office:meta><meta:generator>meldkluis"
                        "</meta:generator><dc:title>",
                        title, "</dc:title>"));
    MK_TRY(mk_buf_addf(out, "<dc:language>%s</dc:language>",
                       f->english ? "en-GB" : "nl-NL"));
    if (marking)
        MK_TRY(mk_escape_in(out, "<dc:subject>", marking, "</dc:subject>"));
    if (f->release)
        MK_TRY(add_own(out, "release", f->release));
    if (f->data_date != MK_DAY_NONE) {
        mk_date_format(text, f->data_date);
        MK_TRY(add_own(out, "data_date", text));
    }
    MK_TRY(mk_buf_addf(out,
                       "<meta:user-defined meta:name=\"position\" "
                       "meta:value-type=\"string\">%" PRIu64
                       "</meta:user-defined>",
                       f->position));
    MK_TRY(add_own(out, "policy", mk_policy_slug(f->policy)));
    MK_TRY(mk_buf_add_str(out, "</office:meta>\n"));
out:
    return rc;
}

static enum mk_err add_item(struct mk_buf *out, const char *name,
                            const char *type, const char *value)
{
    return mk_buf_addf(out,
                       "<config:config-item config:name=\"%s\" "
                       "config:type=\"%s\">%s</config:config-item>",
                       name, type, value);
}

/* The heads of a sheet stay where they are when it scrolls. */
static enum mk_err add_frozen(struct mk_buf *out, const char *sheet,
                              size_t rows)
{
    char number[24];
    enum mk_err rc;
    snprintf(number, sizeof number, "%zu", rows);
    MK_TRY(mk_buf_addf(
        out, "<config:config-item-map-entry config:name=\"%s\">", sheet));
    MK_TRY(add_item(out, "VerticalSplitMode", "short", "2"));
    MK_TRY(add_item(out, "VerticalSplitPosition", "int", number));
    MK_TRY(add_item(out, "ActiveSplitRange", "short", "2"));
    MK_TRY(add_item(out, "PositionBottom", "int", number));
    MK_TRY(mk_buf_add_str(out, "</config:config-item-map-entry>\n"));
out:
    return rc;
}

static enum mk_err add_settings(struct mk_buf *out,
                                const struct mk_factsheet *f)
{
    struct mk_grid g;
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(
        out, "<office:settings><config:config-item-set "
             "config:name=\"ooo:view-settings\">"
             "<config:config-item-map-indexed config:name=\"Views\">"
             "<config:config-item-map-entry>"));
    MK_TRY(add_item(out, "ViewId", "string", "view1"));
    MK_TRY(mk_buf_add_str(
        out, "<config:config-item-map-named config:name=\"Tables\">\n"));
    for (size_t i = 0; i < MK_TABLE_COUNT; i++) {
        mk_grid_make(&g, f, &f->table[i], 0);
        MK_TRY(add_frozen(out, f->table[i].id,
                          MK_FODS_TOP_ROWS + mk_fods_head_rows(&g)));
    }
    MK_TRY(mk_buf_add_str(out, "</config:config-item-map-named>"));
    MK_TRY(add_item(out, "ActiveTable", "string", f->table[0].id));
    MK_TRY(mk_buf_add_str(out, "</config:config-item-map-entry>"
                               "</config:config-item-map-indexed>"
                               "</config:config-item-set>"
                               "</office:settings>\n"));
out:
    return rc;
}

/* ---- styles ---- */

#define INK "fo:color=\"#154273\" fo:font-weight=\"bold\""
#define SOFT "fo:color=\"#444444\""
#define WARN "fo:color=\"#7a1f1f\" fo:font-weight=\"bold\""
#define BOLD "fo:font-weight=\"bold\""
#define SLANT "fo:font-style=\"italic\""
#define RULE "fo:border-bottom=\"0.75pt solid #154273\" "
#define SUM "fo:border-top=\"0.5pt solid #666666\" "
#define TOP "style:vertical-align=\"top\""
#define WRAP "fo:wrap-option=\"wrap\" " TOP
#define RIGHT "fo:text-align=\"end\""
#define LEFT "fo:text-align=\"start\""

static const struct {
    const char *name;
    bool number;
    const char *cell, *paragraph, *text;
} cells[] = {
    {"ti", false, "", LEFT, "fo:font-size=\"14pt\" " INK},
    {"su", false, "", LEFT, SOFT},
    {"mk", false, "", LEFT, WARN},
    {"hd", false, RULE WRAP, LEFT, INK},
    {"hr", false, RULE WRAP, RIGHT, INK},
    {"co", false, TOP, LEFT, SOFT},
    {"la", false, WRAP, LEFT, ""},
    {"in", false, WRAP, LEFT " fo:margin-left=\"0.4cm\"", ""},
    {"no", false, WRAP, LEFT, ""},
    {"nu", true, TOP, RIGHT, ""},
    {"ma", false, TOP, RIGHT, SOFT " " SLANT},
    {"bn", true, TOP, RIGHT, BOLD},
    {"bm", false, TOP, RIGHT, BOLD " " SLANT},
    {"tc", false, SUM TOP, LEFT, BOLD},
    {"tl", false, SUM WRAP, LEFT, BOLD},
    {"tn", true, SUM TOP, RIGHT, BOLD},
    {"tm", false, SUM TOP, RIGHT, BOLD " " SLANT},
};

static const struct {
    const char *name, *width;
} columns[] = {{"cc", "2.6cm"},
               {"cl", "8.4cm"},
               {"cv", "2.9cm"},
               {"cw", "3.7cm"},
               {"cn", "22cm"}};

/* Figures by thousands; a sheet that fits the width of its page. */
static const char sheet[] =
    "<number:number-style style:name=\"NG\"><number:number "
    "number:decimal-places=\"0\" number:min-integer-digits=\"1\" "
    "number:grouping=\"true\"/></number:number-style>\n"
    "<style:style style:name=\"ro\" style:family=\"table-row\">"
    "<style:table-row-properties style:use-optimal-row-height=\"true\"/>"
    "</style:style>\n"
    "<style:style style:name=\"ta\" style:family=\"table\" "
    "style:master-page-name=\"A4\"><style:table-properties "
    "table:display=\"true\" style:writing-mode=\"lr-tb\"/></style:style>\n"
    "<style:page-layout style:name=\"pl\"><style:page-layout-properties "
    "fo:page-width=\"29.7cm\" fo:page-height=\"21cm\" "
    "style:print-orientation=\"landscape\" fo:margin=\"1.5cm\" "
    "style:scale-to-X=\"1\" style:scale-to-Y=\"0\" "
    "style:print=\"charts drawings objects zero-values\"/>"
    "<style:header-style/><style:footer-style/></style:page-layout>\n";

static enum mk_err add_automatic(struct mk_buf *out)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "<office:automatic-styles>\n%s", sheet));
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        MK_TRY(mk_buf_addf(
            out,
            "<style:style style:name=\"%s\" style:family=\"table-cell\" "
            "style:parent-style-name=\"Default\"%s>"
            "<style:table-cell-properties %s/><style:paragraph-properties "
            "%s/><style:text-properties %s/></style:style>\n",
            cells[i].name,
            cells[i].number ? " style:data-style-name=\"NG\"" : "",
            cells[i].cell, cells[i].paragraph, cells[i].text));
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        MK_TRY(mk_buf_addf(
            out,
            "<style:style style:name=\"%s\" style:family=\"table-column\">"
            "<style:table-column-properties style:column-width=\"%s\"/>"
            "</style:style>\n",
            columns[i].name, columns[i].width));
    MK_TRY(mk_buf_add_str(out, "</office:automatic-styles>\n"));
out:
    return rc;
}

static enum mk_err add_styles(struct mk_buf *out, const struct mk_factsheet *f,
                              const char *title)
{
    const char *marking = mk_words_marking(f);
    enum mk_err rc;
    MK_TRY(mk_buf_addf(
        out,
        "<office:styles><style:style style:name=\"Default\" "
        "style:family=\"table-cell\"><style:text-properties "
        "fo:font-size=\"10pt\" fo:language=\"%s\" fo:country=\"%s\"/>"
        "</style:style></office:styles>\n",
        f->english ? "en" : "nl", f->english ? "GB" : "NL"));
    MK_TRY(add_automatic(out));
    MK_TRY(mk_buf_add_str(out, "<office:master-styles><style:master-page "
                               "style:name=\"A4\" "
                               "style:page-layout-name=\"pl\">"
                               "<style:header><text:p>"));
    MK_TRY(mk_escape_xml(out, title));
    if (marking)
        MK_TRY(mk_escape_in(out, " (", marking, ")"));
    MK_TRY(mk_buf_add_str(
        out, "</text:p></style:header><style:footer><text:p>"
             "<text:sheet-name>F1</text:sheet-name> "
             "<text:page-number>1</text:page-number> / "
             "<text:page-count>1</text:page-count></text:p></style:footer>"
             "</style:master-page></office:master-styles>\n"));
out:
    return rc;
}

enum mk_err mk_fods_head(struct mk_buf *out, const struct mk_factsheet *f,
                         const char *title)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, root));
    MK_TRY(add_meta(out, f, title));
    MK_TRY(add_settings(out, f));
    MK_TRY(add_styles(out, f, title));
out:
    return rc;
}
