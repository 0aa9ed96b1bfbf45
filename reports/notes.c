/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/notes.h"

#include <inttypes.h>
#include <string.h>

#include "reports/fill.h"
#include "reports/say.h"
#include "reports/window.h"
#include "reports/words.h"
#include "reports/year_rule.h"

/* Opens the next note; text is added to what it returns. */
static struct mk_buf *new_note(struct mk_factsheet *f, const char *id)
{
    struct mk_note *note = &f->note[f->n_notes++];
    note->id = id;
    note->heading = NULL;
    mk_buf_init(&note->text);
    return &note->text;
}

static enum mk_err add(struct mk_factsheet *f, const char *id,
                       const char *text)
{
    return mk_buf_add_str(new_note(f, id), text);
}

/* The note with its one place filled. */
static enum mk_err add_with(struct mk_factsheet *f, const char *id,
                            const char *text, const char *name,
                            const char *value)
{
    const struct mk_fill with = {name, value};
    return mk_fill(new_note(f, id), text, &with, 1);
}

static enum mk_err note_draft(struct mk_factsheet *f)
{
    if (!f->draft)
        return MK_OK;
    return add(f, "draft",
               mk_say(f->english,
                      "DRAFT. Not in the register of releases: not to be "
                      "published yet. --release NAME registers it."));
}

/* The rule in words, from what is printed only: how many cells are hidden says
 * each reader who counts the marks. */
static const char *policy_text(const struct mk_factsheet *f)
{
    switch (f->policy) {
    case MK_POLICY_INTERNAL:
        return mk_say(
            f->english,
            "NOT FOR PUBLICATION. Exact figures for own use: nothing is "
            "suppressed or rounded. {small} printed cells are smaller than "
            "the threshold of {threshold} (1 to {last}) and can lead to "
            "persons.");
    case MK_POLICY_EXACT:
        return mk_say(f->english,
                      "Suppression rule: none. Small figures (1 to {last}) "
                      "are published as they are, in {small} cells; nothing "
                      "is suppressed or rounded.");
    case MK_POLICY_SUPPRESS:
        return mk_say(
            f->english,
            "Suppression rule: a figure of 1 to {last} is hidden (x), and so "
            "are other figures from which it could be worked out, also with "
            "what was published before. Behind x stands what anybody can "
            "work out at best, such as x (0-6): the true figure lies there, "
            "and nothing closer can be known.");
    }
    return "";
}

static enum mk_err note_policy(struct mk_factsheet *f)
{
    char small[MK_CELL_TEXT], threshold[MK_CELL_TEXT], last[MK_CELL_TEXT];
    const struct mk_fill with[] = {
        {"small", small}, {"threshold", threshold}, {"last", last}};
    struct mk_buf *text = new_note(f, "policy");
    mk_words_number(small, mk_factsheet_small(f), f->english);
    mk_words_number(threshold, f->threshold, f->english);
    mk_words_number(last, f->threshold > 1 ? f->threshold - 1 : 1, f->english);
    enum mk_err rc =
        mk_fill(text, policy_text(f), with, sizeof with / sizeof with[0]);
    return rc == MK_OK && f->policy == MK_POLICY_SUPPRESS && f->own_rule
               ? mk_year_rule_words(text, f)
               : rc;
}

/* "LEAD 2018, stand per ..; 2019, .." of the years that are marked, if any. */
static enum mk_err note_years(struct mk_factsheet *f, const char *id,
                              const bool *marked, const char *lead)
{
    struct mk_buf *text = NULL;
    char label[MK_YEAR_TEXT];
    enum mk_err rc = MK_OK;
    for (size_t y = 0; y < f->n_years; y++) {
        if (!marked[y])
            continue;
        if (!text) {
            text = new_note(f, id);
            MK_TRY(mk_buf_add_str(text, lead));
        } else {
            MK_TRY(mk_buf_add_str(text, ";"));
        }
        mk_words_year(label, f->years[y], f->school_year);
        MK_TRY(mk_buf_addf(text, mk_say(f->english, " %s as of "), label));
        MK_TRY(mk_words_day(text, f->frozen_date[y], f->english));
    }
    if (text)
        MK_TRY(mk_buf_add_str(text, "."));
out:
    return rc;
}

/* Years that were published before stay as they were, or come anew as a
 * whole. */
static enum mk_err notes_earlier(struct mk_factsheet *f)
{
    enum mk_err rc;
    MK_TRY(note_years(
        f, "frozen", f->frozen,
        mk_say(f->english, "Published before and not changed since:")));
    MK_TRY(note_years(
        f, "revised", f->revised,
        mk_say(f->english, "Revised, and other than published before:")));
out:
    return rc;
}

static enum mk_err note_unit(struct mk_factsheet *f)
{
    return add(f, "unit",
               mk_say(f->english,
                      "Unit: dossiers, not meldingen. A dossier holds at "
                      "least one melding and counts once. Publications "
                      "before 2024 counted meldingen."));
}

static enum mk_err note_basis(struct mk_factsheet *f)
{
    return add(f, "basis",
               f->school_year
                   ? mk_say(f->english,
                            "Years are school years: 1 August to 31 July. A "
                            "dossier counts in the school year in which its "
                            "first melding was received.")
                   : mk_say(f->english,
                            "Years are calendar years. A dossier counts in "
                            "the year in which its first melding was "
                            "received."));
}

static enum mk_err note_date(struct mk_factsheet *f)
{
    struct mk_buf *text = new_note(f, "date");
    unsigned long long position = f->position;
    enum mk_err rc;
    if (f->data_date == MK_DAY_NONE)
        return mk_buf_addf(text,
                           mk_say(f->english, "Data as of #%llu: no records."),
                           position);
    MK_TRY(mk_buf_addf(text,
                       mk_say(f->english,
                              "Data as of #%llu (position in the statistics "
                              "stream), the newest record dated "),
                       position));
    MK_TRY(mk_words_day(text, f->data_date, f->english));
    MK_TRY(mk_buf_add_str(
        text, mk_say(f->english,
                     ". What happened in a dossier until then counts in the "
                     "year of the dossier; later additions and corrections "
                     "are not in it.")));
out:
    return rc;
}

/* A year that was not over yet must not be read as a low one. */
static enum mk_err note_unfinished(struct mk_factsheet *f)
{
    bool marked[MK_COUNTS_YEARS];
    struct mk_buf years = MK_BUF_INIT;
    enum mk_err rc;
    if (!mk_window_unfinished(f, marked))
        return MK_OK;
    MK_TRY(mk_words_years(&years, f, marked));
    MK_TRY(mk_buf_terminate(&years));
    MK_TRY(add_with(f, "unfinished",
                    mk_say(f->english,
                           "The data end before the end of {years}: those "
                           "figures are not complete."),
                    "years", (const char *)years.data));
out:
    mk_buf_release(&years);
    return rc;
}

/* Nor is a year of which nothing was recorded one in which nothing happened. */
static enum mk_err note_empty(struct mk_factsheet *f)
{
    bool marked[MK_COUNTS_YEARS];
    struct mk_buf years = MK_BUF_INIT;
    enum mk_err rc;
    for (size_t y = 0; y < f->n_years; y++) {
        const struct mk_cell *all = mk_factsheet_printed(
            f, MK_TABLE_F1, y, "", "", MK_MEASURE_DOSSIERS);
        marked[y] = all && all->mark == MK_MARK_NONE && all->value == 0;
    }
    MK_TRY(mk_words_years(&years, f, marked));
    MK_TRY(mk_buf_terminate(&years));
    if (years.len > 0)
        MK_TRY(add_with(f, "empty",
                        mk_say(f->english,
                               "No dossier of {years} counts in these data. "
                               "0 says there that nothing was recorded that "
                               "counts, not that nothing happened."),
                        "years", (const char *)years.data));
out:
    mk_buf_release(&years);
    return rc;
}

static enum mk_err notes_meaning(struct mk_factsheet *f)
{
    enum mk_err rc;
    MK_TRY(add(f, "population",
               mk_say(f->english,
                      "All dossiers are counted but duplicates, those outside "
                      "the competence of the inspectors and new ones not yet "
                      "classified. Withdrawn and destroyed dossiers count. "
                      "One main category a dossier counts. No figure is "
                      "summed over years.")));
    MK_TRY(add(f, "suspicion",
               mk_say(f->english,
                      "The figures are about suspicions, not about proven "
                      "acts. How many dossiers there are also depends on how "
                      "well people recognise and report suspicions.")));
out:
    return rc;
}

static enum mk_err note_closure(struct mk_factsheet *f)
{
    const char *years = mk_window_closure(f);
    if (!years)
        return MK_OK;
    return add_with(f, "closure",
                    mk_say(f->english,
                           "In {years} childcare was closed for part of the "
                           "year because of COVID-19. The figures of that "
                           "time cannot simply be compared with those of "
                           "other years."),
                    "years", years);
}

static enum mk_err notes_marks(struct mk_factsheet *f)
{
    char year[MK_YEAR_TEXT];
    enum mk_err rc = MK_OK;
    const struct mk_table *duty = &f->table[MK_TABLE_F5];
    mk_words_year(year, duty->kept_from, false);
    if (f->years[0] < duty->kept_from)
        MK_TRY(add_with(f, "not-recorded",
                        mk_say(f->english,
                               "NR in F5: counts of the duties to consult "
                               "and to file aangifte were not kept before "
                               "{year}. NR is not 0."),
                        "year", year));
    if (mk_factsheet_has(f, MK_MARK_NA))
        MK_TRY(add(f, "not-applicable",
                   mk_say(f->english,
                          "NA: the code did not exist in that year. NA is "
                          "left out of a total and is not 0.")));
out:
    return rc;
}

static bool has_row(const struct mk_axis *axis, enum mk_row_kind kind)
{
    for (size_t i = 0; i < axis->n; i++)
        if (axis->row[i].kind == kind)
            return true;
    return false;
}

static enum mk_err notes_unknown(struct mk_factsheet *f)
{
    enum mk_err rc = MK_OK;
    MK_TRY(add(f, "care-type",
               mk_say(f->english,
                      "Care type ONB (unknown) is a row of its own, with what "
                      "was not recorded too, so that the rows add up to the "
                      "total.")));
    if (has_row(&f->table[MK_TABLE_F2].category, MK_ROW_UNKNOWN))
        MK_TRY(add(f, "category",
                   mk_say(f->english,
                          "Category ONB: the category is unknown or was not "
                          "recorded, for instance because the melding was "
                          "withdrawn before it was classified.")));
    if (has_row(&f->table[MK_TABLE_F6].category, MK_ROW_UNKNOWN))
        MK_TRY(add(f, "reporter",
                   mk_say(f->english,
                          "Reporter ONB: the kind of reporter is unknown or "
                          "was not recorded.")));
    MK_TRY(add(f, "gastouder",
               f->policy == MK_POLICY_INTERNAL
                   ? mk_say(f->english,
                            "GASTOUDER is VGO and GOB together, and is not "
                            "counted again in the total.")
                   : mk_say(f->english,
                            "GASTOUDER is childminding (VGO) and childminding "
                            "agency (GOB) together.")));
out:
    return rc;
}

static enum mk_err notes_tables(struct mk_factsheet *f)
{
    enum mk_err rc;
    MK_TRY(add(f, "mtbp",
               mk_say(f->english,
                      "F4: a person charged with tasks (mtbp) is a worker, "
                      "gastouder, housemate of 18 or over, volunteer, "
                      "trainee, hired person or houder. Where the accused is "
                      "unknown the dossier does not count as by an mtbp. "
                      "Ill-treatment is the legal qualification (Title XX), "
                      "apart from the category.")));
    MK_TRY(add(f, "duty",
               mk_say(f->english,
                      "F5 is about dossiers in which the duty to consult "
                      "applies. Referred to the police, aangifte confirmed "
                      "and report to the police are three different facts; "
                      "a dossier can stand in several rows.")));
out:
    return rc;
}

/* One line of uncounted dossiers: "2020: ontvangen 2, dubbel 1". */
static enum mk_err uncounted_year(struct mk_buf *text,
                                  const struct mk_factsheet *f,
                                  const struct mk_counts *counts, size_t year,
                                  bool *any)
{
    char label[MK_YEAR_TEXT];
    enum mk_err rc = MK_OK;
    bool first = true;
    for (unsigned s = 0; s < MK_COUNTS_STATES; s++) {
        uint64_t n = counts->uncounted[year][s];
        const char *state = mk_counts_state(s, f->english);
        if (!n || !state)
            continue;
        if (first) {
            MK_TRY(mk_buf_add_str(text, *any ? "; " : " "));
            if (year < f->n_years) {
                mk_words_year(label, f->years[year], f->school_year);
                MK_TRY(mk_buf_add_str(text, label));
            } else {
                MK_TRY(mk_buf_add_str(text,
                                      mk_say(f->english, "year not known")));
            }
            MK_TRY(mk_buf_add_str(text, ": "));
        } else {
            MK_TRY(mk_buf_add_str(text, ", "));
        }
        MK_TRY(mk_buf_addf(text, "%s %" PRIu64, state, n));
        first = false;
        *any = true;
    }
out:
    return rc;
}

/* For own use only: what was left out is as telling as what was counted. */
static enum mk_err note_uncounted(struct mk_factsheet *f,
                                  const struct mk_counts *counts)
{
    enum mk_err rc;
    bool any = false;
    struct mk_buf *text = new_note(f, "uncounted");
    MK_TRY(mk_buf_add_str(text, mk_say(f->english, "Dossiers left out:")));
    for (size_t y = 0; y < f->n_years; y++)
        MK_TRY(uncounted_year(text, f, counts, y, &any));
    MK_TRY(uncounted_year(text, f, counts, MK_COUNTS_YEARS, &any));
    if (!any)
        MK_TRY(mk_buf_add_str(text, mk_say(f->english, " none")));
    MK_TRY(mk_buf_add_str(text, "."));
out:
    return rc;
}

enum mk_err mk_notes_build(struct mk_factsheet *f,
                           const struct mk_counts *counts,
                           struct mk_diag *diag)
{
    enum mk_err rc;
    MK_TRY(note_draft(f));
    MK_TRY(note_policy(f));
    MK_TRY(notes_earlier(f));
    MK_TRY(note_unit(f));
    MK_TRY(note_basis(f));
    MK_TRY(note_date(f));
    MK_TRY(note_unfinished(f));
    MK_TRY(note_empty(f));
    MK_TRY(notes_meaning(f));
    MK_TRY(note_closure(f));
    MK_TRY(notes_marks(f));
    MK_TRY(notes_unknown(f));
    MK_TRY(notes_tables(f));
    if (f->policy == MK_POLICY_INTERNAL)
        MK_TRY(note_uncounted(f, counts));
    for (size_t i = 0; i < f->n_notes; i++)
        MK_TRY(mk_buf_terminate(&f->note[i].text));
out:
    return rc == MK_OK ? rc : mk_fail(diag, rc, "notes");
}
