/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/summary.h"

#include <stdio.h>
#include <string.h>

#include "reports/fill.h"
#include "reports/say.h"
#include "reports/window.h"
#include "reports/words.h"

#define LARGEST 3 /* rows of an axis that are named, at most */

enum kind { TOPIC, RANK, FIGURE, EXPLAIN };

/* A cell of a table without care types. */
struct place {
    enum mk_table_id table;
    const char *category;
    enum mk_measure measure;
};
struct rule {
    enum kind kind;
    const char *id;
    struct place n, all;     /* RANK: the table only */
    bool across;             /* RANK: of care types, not of categories */
    const char *text;        /* all texts are for mk_say; NULL: not told */
    const char *alone;       /* where there is no whole to be a part of */
    const char *none;        /* FIGURE: 0 */
    const char *hidden;      /* FIGURE: x; RANK: x in every row */
    const char *some_hidden; /* RANK: x in some rows */
    const char *hidden_id;   /* RANK: what such a sentence is called */
    const char *prefix;      /* EXPLAIN: of the sentences that it is for */
};
static const struct rule rules[] = {
#define AXIS_category false
#define AXIS_care_type true
#define MK_TOPIC(text_) {.kind = TOPIC, .text = text_},
#define MK_RANK(id_, table, axis, text_, alone_, some, all_) \
    {.kind = RANK,                                           \
     .id = id_,                                              \
     .n = {MK_TABLE_##table, "", MK_MEASURE_DOSSIERS},       \
     .across = AXIS_##axis,                                  \
     .text = text_,                                          \
     .alone = alone_,                                        \
     .hidden = all_,                                         \
     .some_hidden = some,                                    \
     .hidden_id = id_ "-hidden"},
#define MK_FIGURE(id_, table, category, measure, of_table, of_category,  \
                  of_measure, text_, alone_, none_, hidden_)             \
    {.kind = FIGURE,                                                     \
     .id = id_,                                                          \
     .n = {MK_TABLE_##table, category, MK_MEASURE_##measure},            \
     .all = {MK_TABLE_##of_table, of_category, MK_MEASURE_##of_measure}, \
     .text = text_,                                                      \
     .alone = alone_,                                                    \
     .none = none_,                                                      \
     .hidden = hidden_},
#define MK_EXPLAIN(id_, prefix_, text_) \
    {.kind = EXPLAIN, .id = id_, .prefix = prefix_, .text = text_},
#include "reports/summary.def"
};
#define RULES (sizeof rules / sizeof rules[0])

/* What a sentence is made for: one year of a sheet. */
struct subject {
    struct mk_factsheet *f;
    size_t year;
    const char *heading;
    char period[64]; /* "2020", "schooljaar 2019/2020" */
};

static enum mk_err say(struct subject *s, const char *id, const char *text,
                       const struct mk_fill *with, size_t n)
{
    struct mk_factsheet *f = s->f;
    if (f->n_summary == MK_SUMMARY_MAX)
        return MK_E_INTERNAL;
    struct mk_note *note = &f->summary[f->n_summary++];
    note->id = id;
    note->heading = s->heading;
    mk_buf_init(&note->text);
    enum mk_err rc = mk_fill(&note->text, text, with, n);
    return rc == MK_OK ? mk_buf_terminate(&note->text) : rc;
}

static bool is_number(const struct mk_cell *cell)
{
    return cell && cell->mark == MK_MARK_NONE;
}

/* ---- one figure ---- */

/* " (39%)"; "" where a percentage would say what the figures do not carry, or
 * no more than the words. */
static void share_text(char out[static MK_CELL_TEXT], uint64_t n, uint64_t all)
{
    uint64_t percent = (n * 100 + all / 2) / all;
    bool round = percent == 100 || (percent == 0 && n > 0);
    if (all < MK_SUMMARY_BASE || round)
        *out = '\0';
    else
        snprintf(out, MK_CELL_TEXT, " (%u%%)", (unsigned)percent);
}

/* "40 of the 103", "all 103". */
static enum mk_err part_text(struct mk_buf *out, uint64_t n, uint64_t all,
                             bool english)
{
    char figure[MK_CELL_TEXT], whole[MK_CELL_TEXT];
    const struct mk_fill with[] = {{"n", figure}, {"all", whole}};
    mk_words_number(figure, n, english);
    mk_words_number(whole, all, english);
    enum mk_err rc = mk_fill(out,
                             n == all ? mk_say(english, "all {all}")
                                      : mk_say(english, "{n} of the {all}"),
                             with, sizeof with / sizeof with[0]);
    return rc == MK_OK ? mk_buf_terminate(out) : rc;
}

/* text, or alone where all is no fit whole; both for mk_say. */
static enum mk_err say_figure(struct subject *s, const struct rule *rule,
                              uint64_t n, const struct mk_cell *all,
                              const char *label)
{
    bool en = s->f->english;
    bool in_whole = is_number(all) && all->value > 1 && n <= all->value;
    char figure[MK_CELL_TEXT], share[MK_CELL_TEXT] = "";
    struct mk_buf part = MK_BUF_INIT;
    enum mk_err rc;
    mk_words_number(figure, n, en);
    MK_TRY(part_text(&part, n, in_whole ? all->value : n, en));
    if (in_whole)
        share_text(share, n, all->value);
    const struct mk_fill with[] = {{"n", figure},
                                   {"part", (const char *)part.data},
                                   {"share", share},
                                   {"period", s->period},
                                   {"label", label}};
    rc = say(s, rule->id, mk_say(en, in_whole ? rule->text : rule->alone),
             with, sizeof with / sizeof with[0]);
out:
    mk_buf_release(&part);
    return rc;
}

/* A text with no figure in it; NULL: nothing. */
static enum mk_err say_plain(struct subject *s, const char *id,
                             const char *text)
{
    const struct mk_fill with = {"period", s->period};
    return text ? say(s, id, mk_say(s->f->english, text), &with, 1) : MK_OK;
}

static const struct mk_cell *cell_at(const struct subject *s,
                                     const struct place *place)
{
    return mk_factsheet_printed(s->f, place->table, s->year, place->category,
                                "", place->measure);
}

static enum mk_err figure(struct subject *s, const struct rule *rule)
{
    const struct mk_cell *n = cell_at(s, &rule->n);
    const struct mk_cell *all = cell_at(s, &rule->all);
    if (!n || (is_number(all) && all->value == 0))
        return MK_OK;
    switch (n->mark) {
    case MK_MARK_NONE:
        return n->value == 0 ? say_plain(s, rule->id, rule->none)
                             : say_figure(s, rule, n->value, all, "");
    case MK_MARK_X:
        return say_plain(s, rule->id, rule->hidden);
    case MK_MARK_NR:
    case MK_MARK_NA:
        return MK_OK;
    }
    return MK_OK;
}

/* A word that was used. */
static enum mk_err explain(struct subject *s, const struct rule *rule)
{
    for (size_t i = 0; i < s->f->n_summary; i++)
        if (strncmp(s->f->summary[i].id, rule->prefix, strlen(rule->prefix)) ==
            0)
            return say_plain(s, rule->id, rule->text);
    return MK_OK;
}

/* ---- the largest rows of an axis ---- */

struct line {
    const struct mk_row *row;
    uint64_t value;
};
struct lines {
    struct line line[MK_AXIS_MAX]; /* printed, the largest first */
    size_t n;
    size_t hidden;  /* how many are not */
    uint64_t bound; /* what these are at most */
    const struct mk_cell *total;
};

/* A row that names something: what is left over and what is unknown does not,
 * nor does a group whose parts are printed. */
static bool names(const struct mk_axis *axis, const struct mk_row *row)
{
    if (row->kind != MK_ROW_GROUP)
        return row->kind == MK_ROW_LEVEL && strcmp(row->slug, "OV") != 0 &&
               strcmp(row->slug, "ONB") != 0;
    for (size_t i = 0; i < axis->n; i++)
        if (axis->row[i].kind == MK_ROW_LEVEL && !axis->row[i].hidden &&
            (row->members >> axis->row[i].number & 1))
            return false;
    return true;
}

static void add_line(struct lines *l, const struct mk_row *row,
                     const struct mk_cell *cell)
{
    if (cell->mark == MK_MARK_X) {
        l->hidden++;
        l->bound = cell->hi > l->bound ? cell->hi : l->bound;
    }
    if (!is_number(cell) || cell->value == 0)
        return;
    size_t at = l->n++;
    for (; at > 0 && l->line[at - 1].value < cell->value; at--)
        l->line[at] = l->line[at - 1];
    l->line[at] = (struct line){row, cell->value};
}

static void collect(struct lines *l, const struct subject *s,
                    const struct rule *rule)
{
    const struct mk_table *t = &s->f->table[rule->n.table];
    bool across = rule->across;
    const struct mk_axis *axis = across ? &t->care_type : &t->category;
    *l = (struct lines){.n = 0};
    for (size_t i = 0; i < axis->n; i++) {
        const struct mk_row *row = &axis->row[i];
        const struct mk_cell *cell =
            mk_factsheet_cell(t, s->year, across ? 0 : i, across ? i : 0, 0);
        if (row->hidden)
            continue;
        if (row->kind == MK_ROW_TOTAL)
            l->total = cell;
        else if (names(axis, row))
            add_line(l, row, cell);
    }
}

/* How many lines are surely the largest: above all that is hidden, and of
 * equal ones all or none. */
static size_t count_sure(const struct lines *l)
{
    size_t sure = 0;
    while (sure < l->n && (l->hidden == 0 || l->line[sure].value > l->bound))
        sure++;
    if (sure <= LARGEST)
        return sure;
    size_t n = LARGEST;
    while (n > 0 && l->line[n - 1].value == l->line[LARGEST].value)
        n--;
    return n;
}

static enum mk_err rank(struct subject *s, const struct rule *rule)
{
    struct lines l;
    enum mk_err rc = MK_OK;
    collect(&l, s, rule);
    size_t n = count_sure(&l);
    for (size_t i = 0; i < n; i++)
        MK_TRY(say_figure(s, rule, l.line[i].value, l.total,
                          mk_words_label(l.line[i].row, s->f->english)));
    if (l.hidden)
        MK_TRY(say_plain(s, rule->hidden_id,
                         l.n == 0 ? rule->hidden : rule->some_hidden));
out:
    return rc;
}

/* ---- the whole window ---- */

/* The sentence with {years} filled by those that are marked, if any is. */
static enum mk_err say_years(struct subject *s, const char *id,
                             const bool *marked, const char *text)
{
    struct mk_buf years = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_words_years(&years, s->f, marked));
    MK_TRY(mk_buf_terminate(&years));
    const struct mk_fill with = {"years", (const char *)years.data};
    if (years.len > 0)
        MK_TRY(say(s, id, text, &with, 1));
out:
    mk_buf_release(&years);
    return rc;
}

static enum mk_err say_unfinished(struct subject *s)
{
    const struct mk_factsheet *f = s->f;
    bool marked[MK_COUNTS_YEARS];
    mk_window_unfinished(f, marked);
    return say_years(
        s, "unfinished", marked,
        mk_say(f->english, "The figures of {years} are not complete yet."));
}

static enum mk_err say_not_kept(struct subject *s)
{
    const struct mk_factsheet *f = s->f;
    bool marked[MK_COUNTS_YEARS];
    for (size_t y = 0; y < f->n_years; y++) {
        const struct mk_cell *duty = mk_factsheet_printed(
            f, MK_TABLE_F5, y, "TOT", "", MK_MEASURE_DUTY);
        marked[y] = duty && duty->mark == MK_MARK_NR;
    }
    return say_years(s, "not-kept", marked,
                     mk_say(f->english,
                            "Figures of the overlegplicht and the "
                            "aangifteplicht were not kept in {years}."));
}

static const struct mk_cell *dossiers(const struct mk_factsheet *f, size_t y)
{
    return mk_factsheet_printed(f, MK_TABLE_F1, y, "", "",
                                MK_MEASURE_DOSSIERS);
}

/* "112 in 2018" of year y. */
static enum mk_err add_total(struct mk_buf *out, const struct mk_factsheet *f,
                             size_t y)
{
    char n[MK_CELL_TEXT], year[MK_YEAR_TEXT];
    const struct mk_fill with[] = {{"n", n}, {"year", year}};
    const struct mk_cell *cell = dossiers(f, y);
    bool number = is_number(cell);
    mk_words_year(year, f->years[y], f->school_year);
    if (number)
        mk_words_number(n, cell->value, f->english);
    return mk_fill(out,
                   number ? mk_say(f->english, "{n} in {year}")
                          : mk_say(f->english, "hidden in {year}"),
                   with, 2);
}

static enum mk_err say_totals(struct subject *s)
{
    const struct mk_factsheet *f = s->f;
    struct mk_buf list = MK_BUF_INIT;
    enum mk_err rc = MK_OK;
    for (size_t y = 0; y < f->n_years; y++) {
        MK_TRY(mk_buf_add_str(&list,
                              mk_words_between(y, f->n_years, f->english)));
        MK_TRY(add_total(&list, f, y));
    }
    MK_TRY(mk_buf_terminate(&list));
    const struct mk_fill with = {"list", (const char *)list.data};
    MK_TRY(say(s, "dossiers",
               mk_say(f->english, "Number of dossiers: {list}."), &with, 1));
out:
    mk_buf_release(&list);
    return rc;
}

static enum mk_err say_closure(struct subject *s)
{
    const struct mk_factsheet *f = s->f;
    const char *years = mk_window_closure(f);
    const struct mk_fill with = {"years", years};
    if (!years)
        return MK_OK;
    return say(s, "closure",
               mk_say(f->english,
                      "In {years} childcare was closed for part of the year. "
                      "So do not simply compare the years."),
               &with, 1);
}

/* The one sentence that compares. */
static enum mk_err say_change(struct subject *s)
{
    const struct mk_factsheet *f = s->f;
    bool en = f->english;
    char n[MK_CELL_TEXT], before[MK_YEAR_TEXT];
    const struct mk_fill with[] = {
        {"n", n}, {"period", s->period}, {"before", before}};
    if (!mk_window_is_comparable(f, s->year))
        return MK_OK;
    const struct mk_cell *now = dossiers(f, s->year);
    const struct mk_cell *then = dossiers(f, s->year - 1);
    if (!is_number(now) || !is_number(then))
        return MK_OK;
    bool more = now->value > then->value;
    uint64_t change = more ? now->value - then->value
                           : then->value - now->value;
    mk_words_number(n, change, en);
    mk_words_year(before, f->years[s->year - 1], f->school_year);
    const char *text =
        change == 0
            ? mk_say(en, "There were as many dossiers in {period} as in "
                         "{before}.")
        : more ? mk_say_n(en,
                          "There was {n} dossier more in {period} than in "
                          "{before}.",
                          "There were {n} dossiers more in {period} than in "
                          "{before}.",
                          change)
               : mk_say_n(en,
                          "There was {n} dossier less in {period} than in "
                          "{before}.",
                          "There were {n} dossiers less in {period} than in "
                          "{before}.",
                          change);
    return say(s, "change", text, with, sizeof with / sizeof with[0]);
}

/* ---- the summary ---- */

static enum mk_err say_rule(struct subject *s, const struct rule *rule)
{
    switch (rule->kind) {
    case TOPIC:
        s->heading = mk_say(s->f->english, rule->text);
        return MK_OK;
    case RANK:
        return rank(s, rule);
    case FIGURE:
        return figure(s, rule);
    case EXPLAIN:
        return explain(s, rule);
    }
    return MK_E_INTERNAL;
}

/* The newest year. */
static void begin(struct subject *s, struct mk_factsheet *f)
{
    char year[MK_YEAR_TEXT];
    *s = (struct subject){.f = f, .year = f->n_years - 1};
    mk_words_year(year, f->years[s->year], f->school_year);
    snprintf(s->period, sizeof s->period,
             f->school_year ? mk_say(f->english, "school year %s") : "%s",
             year);
}

static enum mk_err build(struct mk_factsheet *f)
{
    struct subject s;
    enum mk_err rc;
    begin(&s, f);
    s.heading = mk_say(f->english, "How many dossiers");
    MK_TRY(say_totals(&s));
    MK_TRY(say_unfinished(&s));
    MK_TRY(say_closure(&s));
    MK_TRY(say_change(&s));
    for (size_t i = 0; i < RULES; i++)
        MK_TRY(say_rule(&s, &rules[i]));
    MK_TRY(say_not_kept(&s));
    s.heading = mk_say(f->english, "How to read this");
    if (mk_factsheet_has(f, MK_MARK_X))
        MK_TRY(say_plain(&s, "hidden",
                         MK_SAY_ID("Where there is an x, the figure is hidden "
                                   "to protect people.")));
    MK_TRY(say_plain(&s, "suspicion",
                     MK_SAY_ID("A dossier is about a suspicion, not about a "
                               "proven act.")));
out:
    return rc;
}

enum mk_err mk_summary_build(struct mk_factsheet *f, struct mk_diag *diag)
{
    enum mk_err rc = build(f);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "summary");
}

const char *mk_summary_heading(const struct mk_note *list, size_t i)
{
    const char *heading = list[i].heading;
    bool shown = i > 0 && heading && strcmp(heading, list[i - 1].heading) == 0;
    return shown ? NULL : heading;
}
