/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/hostile.h"

#include "tests/support/cube_text.h"
#include "tests/support/sheet_kit.h"

#include <stdlib.h>
#include <string.h>

static const char *const texts[] = {
    "\"quoted\" 'once' `back` \\ and \\\\",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</td></table></text:p></svg></style><b onclick=\"alert(1)\">x</b>",
    "]]> --> <!-- <![CDATA[x]]> &lt; &#x41; &x; <!ENTITY x \"y\"> <?x y?>",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"ftp://h.example/\";\"x\")",
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "=1+1",
    "two\nlines\r\nand\ta tab\u2028line\u2029end",
    "left \u202egnirts\u202c \u2066isolate\u2069 \u200f\u061c\u200e end",
    "\u05d0\u05d1\u05d2 12 \u0627\u0644 34",
    "unclosed \u202e\u2067\u202b\u2068 override",
    "bell\a back\b escape\x1b[31m\x1b]0;t\a del\x7f \x01\x02 nel\xc2\x85 "
    "csi\xc2\x9b",
    "none \ufffe\uffff\ufdd0\U0001fffe\U0010ffff here",
    "| a | b\n|---|---|\n| **c** | `d` |",
    "[x](javascript:alert(1)) ![y](ftp://h.example/z.png) <ftp://h.example>",
    "# heading #",
    "1. item",
    "- item\n- item",
    "${jndi:ldap://h.example} {{7*7}} %s%n%99999d $(id) `id`",
    "2026-01-02",
    "00123",
    "1e5",
    "x (0-6)",
    "",
    " ",
    "e\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308 "
    "\U0001f469\u200d\U0001f4bb "
    "\u200b\u00ad\ufeff",
    "\"},\"value\":[1],\"x\":{\"",
    "\",=1+1\n\"F1,2018,,,dossiers,dossier,7,,,",
};
#define TEXTS (sizeof texts / sizeof texts[0])
_Static_assert(TEXTS + 1 == MK_NOTES_MAX && TEXTS + 1 <= MK_SUMMARY_MAX,
               "every text is a note and a sentence");

/* The text of a place: the n-th of the list, after the last the longest. */
static const char *text_at(const struct hostile *h, size_t n)
{
    n %= TEXTS + 1;
    return n < TEXTS ? texts[n] : h->longest;
}

static void build(struct mk_factsheet *f, bool english)
{
    static const char cube[] =
        CUBE_HEAD("2018 2019", "3") "2018,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,"
                                    "1234\n"
                                    "2019,FG,VGO,HOU,J,XX,J,N,N,N,N,N,J,N,5\n"
                                    "2019,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,"
                                    "3\n";
    struct mk_table *t;
    sheet_kit_build(f, cube, MK_POLICY_EXACT, english);
    /* as disclosure control leaves them: SM of 2019, and one without an end */
    t = &f->table[MK_TABLE_F2];
    t->cells[t->category.n] = sheet_kit_hidden(0, 6);
    t = &f->table[MK_TABLE_F7];
    t->cells[t->care_type.n] = sheet_kit_hidden(1, MK_NO_END);
}

static void spoil_axis(struct mk_axis *axis, const struct hostile *h,
                       size_t *n)
{
    for (size_t i = 0; i < axis->n; i++)
        if (axis->row[i].kind != MK_ROW_ALL)
            axis->row[i].nl = axis->row[i].en = text_at(h, (*n)++);
}

static void spoil_tables(struct hostile *h)
{
    size_t n = 0, title = 0;
    for (size_t i = 0; i < MK_TABLE_COUNT; i++) {
        struct mk_table *t = &h->sheet.table[i];
        t->title = text_at(h, title);
        t->unit = text_at(h, TEXTS - title);
        title += 5;
        spoil_axis(&t->category, h, &n);
        spoil_axis(&t->care_type, h, &n);
    }
}

/* All texts after one another, as the notes or the sentences of a summary. */
static void spoil_notes(const struct hostile *h, struct mk_note *note,
                        size_t most, size_t *n_notes)
{
    for (size_t i = 0; i < *n_notes; i++)
        mk_buf_release(&note[i].text);
    for (*n_notes = 0; *n_notes < most && *n_notes <= TEXTS; (*n_notes)++) {
        struct mk_note *one = &note[*n_notes];
        one->id = "note";
        one->heading = text_at(h, *n_notes);
        mk_buf_init(&one->text);
        sheet_kit_ok(mk_buf_add_str(&one->text, text_at(h, *n_notes)));
        sheet_kit_ok(mk_buf_terminate(&one->text));
    }
}

void hostile_init(struct hostile *h, bool english)
{
    static const char part[] = "long=<|\" ";
    h->longest = malloc(HOSTILE_LONGEST + 1);
    if (!h->longest)
        abort();
    for (size_t i = 0; i < HOSTILE_LONGEST; i++)
        h->longest[i] = part[i % (sizeof part - 1)];
    h->longest[HOSTILE_LONGEST] = '\0';
    build(&h->sheet, english);
    h->sheet.release = "R\"'<b>]]>\u202e\n=1+1|[x](javascript:y)\x1b[0m";
    spoil_tables(h);
    spoil_notes(h, h->sheet.note, MK_NOTES_MAX, &h->sheet.n_notes);
    spoil_notes(h, h->sheet.summary, MK_SUMMARY_MAX, &h->sheet.n_summary);
}

void hostile_release(struct hostile *h)
{
    mk_factsheet_release(&h->sheet);
    free(h->longest);
}
