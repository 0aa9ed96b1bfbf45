/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/method.h"

#include <string.h>

#include "reports/fill.h"
#include "reports/say.h"
#include "reports/summary.h"
#include "reports/words.h"

enum when {
    WHEN_ALWAYS,
    WHEN_CALENDAR,
    WHEN_SCHOOL,
    WHEN_DATED,
    WHEN_SUPPRESS,
    WHEN_INSIDER,
    WHEN_EXACT,
    WHEN_INTERNAL,
};

struct text {
    const char *id;
    enum when when;
    bool term;
    const char *heading; /* for mk_say; NULL: that of measure */
    enum mk_measure measure;
    const char *text; /* for mk_say */
    const char *source;
};
static const struct text texts[] = {
#define MK_SECTION(id, when, heading, text) \
    {id, WHEN_##when, false, heading, 0, text, ""},
#define MK_TERM(id, when, word, text, source) \
    {id, WHEN_##when, true, word, 0, text, source},
#define MK_OF(NAME, text) \
    {NULL, WHEN_ALWAYS, true, NULL, MK_MEASURE_##NAME, text, ""},
#include "reports/method.def"
};
_Static_assert(sizeof texts / sizeof texts[0] <= MK_METHOD_MAX,
               "every row of method.def has a place");

void mk_method_init(struct mk_method *m)
{
    memset(m, 0, sizeof *m);
}

void mk_method_release(struct mk_method *m)
{
    for (size_t i = 0; i < m->n; i++)
        mk_buf_release(&m->item[i].text);
    mk_method_init(m);
}

static bool holds(enum when when, const struct mk_factsheet *f)
{
    switch (when) {
    case WHEN_ALWAYS:
        return true;
    case WHEN_CALENDAR:
        return !f->school_year;
    case WHEN_SCHOOL:
        return f->school_year;
    case WHEN_DATED:
        return f->data_date != MK_DAY_NONE;
    case WHEN_SUPPRESS:
        return f->policy == MK_POLICY_SUPPRESS;
    case WHEN_INSIDER:
        return f->policy == MK_POLICY_SUPPRESS && f->rule.insider;
    case WHEN_EXACT:
        return f->policy == MK_POLICY_EXACT;
    case WHEN_INTERNAL:
        return f->policy == MK_POLICY_INTERNAL;
    }
    return false;
}

static enum mk_err add_text(struct mk_method *m, const struct text *text,
                            bool english, const struct mk_fill *with, size_t n)
{
    struct mk_method_item *item = &m->item[m->n++];
    const struct mk_measure_def *measure = mk_measure_get(text->measure);
    const struct mk_fill source = {"source", text->source};
    enum mk_err rc;
    item->term = text->term;
    item->id = text->id ? text->id : measure->slug;
    item->heading =
        mk_say(english, text->heading ? text->heading : measure->label);
    mk_buf_init(&item->text);
    MK_TRY(mk_fill(&item->text, mk_say(english, text->text), with, n));
    if (*text->source)
        MK_TRY(mk_fill(&item->text, mk_say(english, " (Source: {source}.)"),
                       &source, 1));
    MK_TRY(mk_buf_terminate(&item->text));
out:
    return rc;
}

enum mk_err mk_method_build(struct mk_method *m, const struct mk_factsheet *f)
{
    char last[MK_CELL_TEXT], threshold[MK_CELL_TEXT], base[MK_CELL_TEXT];
    char kept[MK_YEAR_TEXT];
    struct mk_buf date = MK_BUF_INIT;
    enum mk_err rc;
    if (f->data_date != MK_DAY_NONE)
        MK_TRY(mk_words_day(&date, f->data_date, f->english));
    MK_TRY(mk_buf_terminate(&date));
    mk_words_number(last, f->threshold > 1 ? f->threshold - 1 : 1, f->english);
    mk_words_number(threshold, f->threshold, f->english);
    mk_words_number(base, MK_SUMMARY_BASE, f->english);
    mk_words_year(kept, f->table[MK_TABLE_F5].kept_from, false);
    const struct mk_fill with[] = {{"last", last},
                                   {"threshold", threshold},
                                   {"base", base},
                                   {"kept", kept},
                                   {"date", (const char *)date.data}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (holds(texts[i].when, f))
            MK_TRY(add_text(m, &texts[i], f->english, with,
                            sizeof with / sizeof with[0]));
out:
    mk_buf_release(&date);
    return rc;
}
