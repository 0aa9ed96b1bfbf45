/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/notes.h"

#include <inttypes.h>
#include <string.h>

#include "reports/words.h"
#include "reports/year_rule.h"

/* Childcare was closed for a part of these years (COVID-19). */
#define CLOSURE_FIRST 2020
#define CLOSURE_LAST 2021

/* Opens the next note; text is added to what it returns. */
static struct mk_buf *new_note(struct mk_factsheet *f, const char *id)
{
    struct mk_note *note = &f->note[f->n_notes++];
    note->id = id;
    mk_buf_init(&note->text);
    return &note->text;
}

static enum mk_err add(struct mk_factsheet *f, const char *id, const char *nl,
                       const char *en)
{
    struct mk_buf *text = new_note(f, id);
    return mk_buf_add_str(text, f->english ? en : nl);
}

/* The rule in words, from what is printed only: how many cells are hidden says
 * each reader who counts the marks. */
static enum mk_err note_suppressed(struct mk_factsheet *f)
{
    struct mk_buf *text = new_note(f, "policy");
    uint64_t last = f->threshold > 1 ? f->threshold - 1 : 1;
    enum mk_err rc = mk_buf_addf(
        text,
        f->english
            ? "Suppression rule: a figure of 1 to %" PRIu64
              " is hidden (x), and so are other figures from which it could "
              "be worked out, also with what was published before. Behind x "
              "stands what anybody can work out at best, such as x (0-6): the "
              "true figure lies there, and nothing closer can be known."
            : "Afschermregel: een aantal van 1 tot en met %" PRIu64
              " is verborgen (x), en zo ook andere aantallen waaruit het is "
              "af te leiden, ook met wat eerder is gepubliceerd. Achter x "
              "staat wat ieder hoogstens kan afleiden, bijvoorbeeld x (0-6): "
              "het ware aantal ligt daarin, en nauwkeuriger is het niet te "
              "weten.",
        last);
    return rc == MK_OK && f->own_rule ? mk_year_rule_words(text, f) : rc;
}

static enum mk_err note_draft(struct mk_factsheet *f)
{
    if (!f->draft)
        return MK_OK;
    return add(f, "draft",
               "PROEFDRUK. Niet in het register van vrijgaven: nog niet "
               "publiceren. Met --vrijgave NAAM wordt dit vastgelegd.",
               "DRAFT. Not in the register of releases: not to be published "
               "yet. --release NAME registers it.");
}

/* "LEAD 2018, stand per ..; 2019, .." of the years that are marked, if any. */
static enum mk_err note_years(struct mk_factsheet *f, const char *id,
                              const bool *marked, const char *nl,
                              const char *en)
{
    struct mk_buf *text = NULL;
    char label[MK_YEAR_TEXT];
    enum mk_err rc = MK_OK;
    for (size_t y = 0; y < f->n_years; y++) {
        if (!marked[y])
            continue;
        if (!text) {
            text = new_note(f, id);
            MK_TRY(mk_buf_add_str(text, f->english ? en : nl));
        } else {
            MK_TRY(mk_buf_add_str(text, ";"));
        }
        mk_words_year(label, f->years[y], f->school_year);
        MK_TRY(mk_buf_addf(text, f->english ? " %s as of " : " %s, stand per ",
                           label));
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
    MK_TRY(note_years(f, "frozen", f->frozen,
                      "Eerder gepubliceerd en sindsdien niet gewijzigd:",
                      "Published before and not changed since:"));
    MK_TRY(note_years(f, "revised", f->revised,
                      "Herzien, en anders dan eerder gepubliceerd:",
                      "Revised, and other than published before:"));
out:
    return rc;
}

static enum mk_err note_policy(struct mk_factsheet *f)
{
    if (f->policy == MK_POLICY_SUPPRESS)
        return note_suppressed(f);
    struct mk_buf *text = new_note(f, "policy");
    uint64_t last = f->threshold > 1 ? f->threshold - 1 : 1;
    uint64_t small = mk_factsheet_small(f);
    if (f->policy == MK_POLICY_INTERNAL)
        return mk_buf_addf(
            text,
            f->english
                ? "NOT FOR PUBLICATION. Exact figures for own use: nothing is "
                  "suppressed or rounded. %" PRIu64 " printed cells are "
                  "smaller than the threshold of %" PRIu64 " (1 to %" PRIu64
                  ") and can lead to persons."
                : "NIET VOOR PUBLICATIE. Exacte cijfers voor eigen gebruik: "
                  "er "
                  "is niets afgeschermd of afgerond. %" PRIu64 " getoonde "
                  "cellen liggen onder de drempel van %" PRIu64 " (1 tot en "
                  "met %" PRIu64 ") en kunnen naar personen leiden.",
            small, f->threshold, last);
    return mk_buf_addf(
        text,
        f->english
            ? "Suppression rule: none. Small figures (1 to %" PRIu64
              ") are published as they are, in %" PRIu64 " cells; nothing is "
              "suppressed or rounded."
            : "Afschermregel: geen. Kleine aantallen (1 tot en met %" PRIu64
              ") zijn getoond zoals ze zijn, in %" PRIu64 " cellen; er is "
              "niets afgeschermd of afgerond.",
        last, small);
}

static enum mk_err note_basis(struct mk_factsheet *f)
{
    if (f->school_year)
        return add(
            f, "basis",
            "Jaren zijn schooljaren: van 1 augustus tot en met 31 juli. "
            "Een dossier telt in het schooljaar waarin de eerste "
            "melding is ontvangen.",
            "Years are school years: 1 August to 31 July. A dossier "
            "counts in the school year in which its first melding was "
            "received.");
    return add(f, "basis",
               "Jaren zijn kalenderjaren. Een dossier telt in het jaar waarin "
               "de eerste melding is ontvangen.",
               "Years are calendar years. A dossier counts in the year in "
               "which its first melding was received.");
}

static enum mk_err note_date(struct mk_factsheet *f)
{
    struct mk_buf *text = new_note(f, "date");
    enum mk_err rc;
    if (f->data_date == MK_DAY_NONE)
        return mk_buf_addf(text,
                           f->english ? "Data as of #%" PRIu64 ": no records."
                                      : "Stand van de gegevens: #%" PRIu64
                                        "; er zijn geen gegevens.",
                           f->position);
    MK_TRY(mk_buf_addf(text,
                       f->english ? "Data as of #%" PRIu64 " (position in the "
                                    "statistics stream), the newest record "
                                    "dated "
                                  : "Stand van de gegevens: #%" PRIu64
                                    " (plaats in de statistiekstroom), met "
                                    "het nieuwste gegeven van ",
                       f->position));
    MK_TRY(mk_words_day(text, f->data_date, f->english));
    MK_TRY(mk_buf_add_str(
        text, f->english
                  ? ". What happened in a dossier until then counts in the "
                    "year of the dossier; later additions and corrections are "
                    "not in it."
                  : ". Wat er tot dan in een dossier is gebeurd telt in het "
                    "jaar van het dossier; latere aanvullingen en correcties "
                    "zitten er niet in."));
out:
    return rc;
}

static mk_day last_day(const struct mk_factsheet *f, int year)
{
    return f->school_year ? mk_date_day(year + 1, 7, 31)
                          : mk_date_day(year, 12, 31);
}

/* A year that was not over yet must not be read as a low one. */
static enum mk_err note_unfinished(struct mk_factsheet *f)
{
    char year[MK_YEAR_TEXT];
    for (size_t i = 0; i < f->n_years; i++) {
        if (f->data_date != MK_DAY_NONE &&
            last_day(f, f->years[i]) <= f->data_date)
            continue;
        mk_words_year(year, f->years[i], f->school_year);
        return mk_buf_addf(
            new_note(f, "unfinished"),
            f->english ? "The data end before the end of %s: figures from "
                         "that year on are not complete."
                       : "De gegevens eindigen voor het einde van %s: de "
                         "cijfers vanaf dat jaar zijn niet volledig.",
            year);
    }
    return MK_OK;
}

/* Does some part of the year lie in a closure year? */
static bool touches(const struct mk_factsheet *f, int year, int closed)
{
    return year == closed || (f->school_year && year + 1 == closed);
}

static enum mk_err note_closure(struct mk_factsheet *f)
{
    bool closed[CLOSURE_LAST - CLOSURE_FIRST + 1] = {false};
    bool any = false;
    for (size_t i = 0; i < f->n_years; i++)
        for (int y = CLOSURE_FIRST; y <= CLOSURE_LAST; y++)
            if (touches(f, f->years[i], y))
                any = closed[y - CLOSURE_FIRST] = true;
    if (!any)
        return MK_OK;
    const char *years = closed[0] && closed[1]
                            ? (f->english ? "2020 and 2021" : "2020 en 2021")
                        : closed[0] ? "2020"
                                    : "2021";
    return mk_buf_addf(
        new_note(f, "closure"),
        f->english
            ? "In %s childcare was closed for part of the year because "
              "of COVID-19. The figures of that time cannot be "
              "compared with those of other years without more."
            : "In %s was de kinderopvang een deel van het jaar gesloten "
              "vanwege COVID-19. De cijfers uit die tijd zijn niet "
              "zonder meer te vergelijken met die van andere jaren.",
        years);
}

static enum mk_err notes_marks(struct mk_factsheet *f)
{
    enum mk_err rc = MK_OK;
    const struct mk_table *duty = &f->table[MK_TABLE_F5];
    if (f->years[0] < duty->kept_from)
        MK_TRY(mk_buf_addf(
            new_note(f, "not-recorded"),
            f->english
                ? "NR in F5: counts of the duties to consult and to file "
                  "aangifte were not kept before %d. NR is not 0."
                : "NR in F5: cijfers over overlegplicht en aangifteplicht "
                  "zijn niet bijgehouden voor %d. NR is niet 0.",
            duty->kept_from));
    if (mk_factsheet_has(f, MK_MARK_NA))
        MK_TRY(add(f, "not-applicable",
                   "NA: de code bestond in dat jaar niet. NA telt niet mee in "
                   "een totaal en is niet 0.",
                   "NA: the code did not exist in that year. NA is left out "
                   "of a total and is not 0."));
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
               "Opvangsoort ONB (onbekend) is een eigen rij: daar staat ook "
               "wat niet is vastgelegd, zodat de rijen optellen tot het "
               "totaal.",
               "Care type ONB (unknown) is a row of its own, with what was "
               "not recorded too, so that the rows add up to the total."));
    if (has_row(&f->table[MK_TABLE_F2].category, MK_ROW_UNKNOWN))
        MK_TRY(add(f, "category",
                   "Categorie ONB: de categorie is onbekend of niet "
                   "vastgelegd, bijvoorbeeld omdat de melding voor de duiding "
                   "is ingetrokken.",
                   "Category ONB: the category is unknown or was not "
                   "recorded, for instance because the melding was withdrawn "
                   "before it was classified."));
    if (has_row(&f->table[MK_TABLE_F6].category, MK_ROW_UNKNOWN))
        MK_TRY(add(f, "reporter",
                   "Melder ONB: de soort melder is onbekend of niet "
                   "vastgelegd.",
                   "Reporter ONB: the kind of reporter is unknown or was not "
                   "recorded."));
    MK_TRY(f->policy == MK_POLICY_INTERNAL
               ? add(f, "gastouder",
                     "GASTOUDER is VGO en GOB samen, en telt niet nog eens "
                     "mee in het totaal.",
                     "GASTOUDER is VGO and GOB together, and is not counted "
                     "again in the total.")
               : add(f, "gastouder",
                     "GASTOUDER is gastouderopvang (VGO) en gastouderbureau "
                     "(GOB) samen.",
                     "GASTOUDER is childminding (VGO) and childminding agency "
                     "(GOB) together."));
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
                MK_TRY(mk_buf_add_str(text, f->english ? "year not known"
                                                       : "jaar onbekend"));
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
    MK_TRY(mk_buf_add_str(text, f->english ? "Dossiers left out:"
                                           : "Buiten de telling gebleven:"));
    for (size_t y = 0; y < f->n_years; y++)
        MK_TRY(uncounted_year(text, f, counts, y, &any));
    MK_TRY(uncounted_year(text, f, counts, MK_COUNTS_YEARS, &any));
    if (!any)
        MK_TRY(mk_buf_add_str(text, f->english ? " none" : " geen"));
    MK_TRY(mk_buf_add_str(text, "."));
out:
    return rc;
}

static enum mk_err notes_tables(struct mk_factsheet *f)
{
    enum mk_err rc;
    MK_TRY(
        add(f, "mtbp",
            "F4: met taken belast persoon (mtbp) is een medewerker, "
            "gastouder, huisgenoot van 18 jaar of ouder, vrijwilliger, "
            "stagiair, ingehuurde kracht of houder. Is de beschuldigde "
            "onbekend, dan telt het dossier niet als door een mtbp. "
            "Mishandeling is de juridische duiding (Titel XX), los van de "
            "categorie.",
            "F4: a person charged with tasks (mtbp) is a worker, gastouder, "
            "housemate of 18 or over, volunteer, trainee, hired person or "
            "houder. Where the accused is unknown the dossier does not "
            "count as by an mtbp. Ill-treatment is the legal qualification "
            "(Title XX), apart from the category."));
    MK_TRY(
        add(f, "duty",
            "F5 gaat over dossiers waarin de overlegplicht geldt. Verwezen "
            "naar de politie, bevestigde aangifte en melding bij de politie "
            "zijn drie verschillende feiten; een dossier kan in meer dan "
            "één rij staan.",
            "F5 is about dossiers in which the duty to consult applies. "
            "Referred to the police, aangifte confirmed and report to the "
            "police are three different facts; a dossier can stand in more "
            "than one row."));
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
    MK_TRY(add(f, "unit",
               "Eenheid: dossiers, geen meldingen. Een dossier bevat een of "
               "meer meldingen en telt één keer. Publicaties van voor 2024 "
               "telden meldingen.",
               "Unit: dossiers, not meldingen. A dossier holds one or more "
               "meldingen and counts once. Publications before 2024 counted "
               "meldingen."));
    MK_TRY(note_basis(f));
    MK_TRY(note_date(f));
    MK_TRY(note_unfinished(f));
    MK_TRY(add(f, "population",
               "Meegeteld zijn alle dossiers behalve dubbele, die waarvoor de "
               "inspectie niet bevoegd is en nieuwe zonder duiding. "
               "Ingetrokken en vernietigde dossiers tellen mee. Per dossier "
               "telt één hoofdcategorie. Er wordt niet over jaren opgeteld.",
               "All dossiers are counted but duplicates, those outside the "
               "competence of the inspectors and new ones not yet "
               "classified. "
               "Withdrawn and destroyed dossiers count. One main category a "
               "dossier counts. No figure is summed over years."));
    MK_TRY(
        add(f, "suspicion",
            "De cijfers gaan over vermoedens, niet over bewezen feiten. "
            "Meer dossiers kunnen ook betekenen dat vermoedens beter worden "
            "herkend en eerder worden gemeld.",
            "The figures are about suspicions, not about proven acts. More "
            "dossiers can also mean that suspicions are recognised better "
            "and reported sooner."));
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
