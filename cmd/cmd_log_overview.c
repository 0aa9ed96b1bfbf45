/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log overzicht: a period on one page. */
#include "cmd/log_view.h"
#include "cmd/page.h"
#include "cmd/view.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct overview {
    struct mk_app *app;
    struct mk_log_filter filter;
    struct mk_log_summary log;
    struct mk_verify_report verified;
    uint64_t findings;
    struct mk_witness_report witnesses;
    bool contradicted; /* a cosigned checkpoint is of another log */
    struct mk_page page;
};

static int64_t witness_days(const struct overview *o)
{
    int64_t days = (mk_clock_now() / 1000 - o->witnesses.since) / 86400;
    return days < 0 ? 0 : days;
}

/* --- the page --- */

static void period(const struct overview *o, char out[static 64])
{
    char from[MK_DATE_TEXT] = "...", until[MK_DATE_TEXT] = "...";
    if (o->filter.from != MK_DAY_NONE)
        mk_date_format(from, o->filter.from);
    if (o->filter.until != MK_DAY_NONE)
        mk_date_format(until, o->filter.until);
    snprintf(out, 64, MK_T(o->app, "%s tot en met %s", "%s to %s"), from,
             until);
}

static void add_state(struct overview *o)
{
    struct mk_app *app = o->app;
    char root[65], when[64], today[MK_DATE_TEXT];
    mk_hex(root, o->log.root, sizeof o->log.root);
    mk_date_format(today, mk_today());
    period(o, when);
    mk_page_line(&o->page, false, MK_T(app, "periode: %s", "period: %s"),
                 when);
    mk_page_line(&o->page, false,
                 MK_T(app, "gemaakt op %s door %s", "made on %s by %s"), today,
                 mk_vault_user(app->vault)->name);
    mk_page_line(
        &o->page, o->findings > 0,
        o->findings > 0
            ? MK_T(app,
                   "NIET in orde: %" PRIu64 " bevindingen; zie log controleer",
                   "NOT in order: %" PRIu64 " findings; see log verify")
            : MK_T(app,
                   "log en kluis zijn nagerekend: alles klopt (%" PRIu64
                   " bevindingen)",
                   "log and vault were recomputed: all is whole "
                   "(%" PRIu64 " findings)"),
        o->findings);
    mk_page_line(&o->page, false,
                 MK_T(app, "wortel bij %" PRIu64 " regels: %s",
                      "root at %" PRIu64 " entries: %s"),
                 o->log.size, root);
    mk_page_line(
        &o->page, o->log.unreadable > 0,
        MK_T(app, "%" PRIu64 " regels in deze periode, %" PRIu64 " onleesbaar",
             "%" PRIu64 " entries in this period, %" PRIu64 " unreadable"),
        o->log.n, o->log.unreadable);
}

static void add_witnesses(struct overview *o)
{
    struct mk_app *app = o->app;
    const struct mk_witness_report *w = &o->witnesses;
    if (o->contradicted)
        mk_page_line(&o->page, true, "%s",
                     MK_T(app,
                          "een bevestiging van een getuige spreekt dit log "
                          "TEGEN; zie log getuige toon",
                          "a cosignature of a witness CONTRADICTS this log; "
                          "see log witness show"));
    else
        mk_page_line(&o->page, witness_days(o) > MK_WITNESS_DAYS,
                     MK_T(app,
                          "getuigen: %zu; niet bevestigd: %" PRIu64
                          " regels, sinds %" PRId64 " dagen",
                          "witnesses: %zu; uncovered: %" PRIu64
                          " entries, for %" PRId64 " days"),
                     w->n_trusted, w->log_size - w->covered, witness_days(o));
}

static void add_reviews(struct overview *o)
{
    struct mk_app *app = o->app;
    char moment[32];
    mk_page_section(&o->page, MK_T(app, "Beoordeling", "Review"));
    for (size_t i = 0; i < o->log.n_review; i++) {
        const struct mk_log_review *r = &o->log.review[i];
        const struct mk_code *c =
            mk_code_get(MK_LIST_REVIEW, r->item.conclusion);
        mk_log_moment(app, r->item.time_ms, moment);
        mk_page_line(&o->page, false, "%" PRIu64 "-%" PRIu64 ": %s (%s, %s)",
                     r->item.from, r->item.to,
                     c ? MK_T(app, c->nl, c->en) : "?",
                     mk_log_person(app, r->item.actor), moment);
        if (r->own > 0)
            mk_page_line(&o->page, true,
                         MK_T(app,
                              "daarvan waren %" PRIu64
                              " regels van de beoordelaar zelf (%s)",
                              "%" PRIu64 " of these entries were the "
                              "reviewer's own (%s)"),
                         r->own, mk_log_person(app, r->item.actor));
    }
    for (size_t i = 0; i < o->log.n_open; i++)
        mk_page_line(&o->page, true,
                     MK_T(app, "door niemand beoordeeld: %" PRIu64 "-%" PRIu64,
                          "reviewed by nobody: %" PRIu64 "-%" PRIu64),
                     o->log.open[i].from, o->log.open[i].to);
    if (o->log.n > 0 && o->log.n_open == 0)
        mk_page_line(&o->page, false, "%s",
                     MK_T(app, "alle regels van de periode zijn beoordeeld",
                          "all entries of the period were reviewed"));
}

/* The questions about behaviour; the last two are lists of what was done. */
enum { BEHAVIOUR = MK_QUESTION_ADMINISTRATION };

static void add_people(struct overview *o)
{
    struct mk_app *app = o->app;
    mk_page_section(&o->page, MK_T(app, "Mensen", "People"));
    mk_page_table(&o->page, 2 + BEHAVIOUR);
    mk_page_cell(&o->page, MK_T(app, "wie", "who"));
    mk_page_cell(&o->page, MK_T(app, "regels", "entries"));
    for (unsigned q = 0; q < BEHAVIOUR; q++)
        mk_page_cell(&o->page,
                     mk_question_slug((enum mk_log_question)q, app->english));
    for (size_t i = 0; i < o->log.n_person; i++) {
        const struct mk_log_person *p = &o->log.person[i];
        mk_page_cell(&o->page, mk_log_person(app, p->id));
        mk_page_num(&o->page, p->n);
        for (unsigned q = 0; q < BEHAVIOUR; q++)
            mk_page_num(&o->page, p->answers[q]);
    }
    mk_page_table_end(&o->page);
}

static void add_kinds(struct overview *o)
{
    struct mk_app *app = o->app;
    mk_page_section(&o->page, MK_T(app, "Wat er gebeurde", "What was done"));
    mk_page_table(&o->page, 2);
    mk_page_cell(&o->page, MK_T(app, "soort", "kind"));
    mk_page_cell(&o->page, MK_T(app, "regels", "entries"));
    for (unsigned k = 0; k < MK_AUDIT_MAX; k++) {
        if (o->log.kind[k] == 0)
            continue;
        mk_page_cell(&o->page, mk_audit_label((enum mk_audit)k, app->english));
        mk_page_num(&o->page, o->log.kind[k]);
    }
    mk_page_table_end(&o->page);
}

static void add_item(struct overview *o, const struct mk_log_item *item)
{
    const struct mk_code *purpose =
        mk_code_get(MK_LIST_PURPOSE, item->purpose);
    char text[128];
    mk_page_num(&o->page, item->seq);
    mk_log_moment(o->app, item->time_ms, text);
    mk_page_cell(&o->page, text);
    mk_page_cell(&o->page, mk_log_person(o->app, item->actor));
    mk_log_what(o->app, item, text);
    mk_page_cell(&o->page, text);
    mk_log_object(o->app, item, text);
    mk_page_cell(&o->page, text);
    mk_page_cell(&o->page, mk_outcome_label(item->outcome, o->app->english));
    mk_page_cell(&o->page, purpose ? purpose->slug : "-");
}

static void add_question(struct overview *o, enum mk_log_question q)
{
    static const char *const heads[][2] = {
        {"nr", "no"},        {"moment", "time"},     {"wie", "who"},
        {"wat", "what"},     {"waarvan", "of what"}, {"afloop", "outcome"},
        {"doel", "purpose"},
    };
    struct mk_app *app = o->app;
    const struct mk_log_latest *latest = &o->log.latest[q];
    char title[160];
    snprintf(title, sizeof title, "%s: %" PRIu64,
             mk_question_text(q, app->english), o->log.question[q]);
    mk_page_section(&o->page, title);
    if (latest->n == 0)
        return;
    if (o->log.question[q] > latest->n)
        mk_page_line(&o->page, false,
                     MK_T(app, "de laatste %zu; alle: log lijst --vraag %s",
                          "the last %zu; all: log list --question %s"),
                     latest->n, mk_question_slug(q, app->english));
    mk_page_table(&o->page, 7);
    for (size_t i = 0; i < 7; i++)
        mk_page_cell(&o->page, heads[i][app->english]);
    for (size_t i = 0; i < latest->n; i++)
        add_item(o, &latest->item[i]);
    mk_page_table_end(&o->page);
}

/* What a reader who knows no log would take for something else. */
static void add_reading(struct overview *o)
{
    struct mk_app *app = o->app;
    mk_page_section(&o->page, MK_T(app, "Bij het lezen", "How to read this"));
    mk_page_line(&o->page, false, "%s",
                 MK_T(app,
                      "gevraagd: genoteerd voordat er iets werd getoond; tel "
                      "het als ingezien. gedaan: geschreven. geweigerd, niet "
                      "gevonden: er is niets getoond",
                      "asked: noted before anything was shown; count it as "
                      "seen. done: written. refused, not found: nothing was "
                      "shown"));
    mk_page_line(&o->page, false, "%s",
                 MK_T(app,
                      "nummers die in een lijst ontbreken zijn sessies (het "
                      "ontsluiten van de kluis); of er een regel weg is zegt "
                      "de controle hierboven",
                      "numbers that a list skips are sessions (unlocking the "
                      "vault); whether an entry is gone says the check "
                      "above"));
}

static enum mk_err render_page(struct overview *o, bool html,
                               struct mk_buf *out)
{
    mk_page_begin(&o->page, out, html, MK_T(o->app, "nl", "en"),
                  MK_T(o->app, "Overzicht van het logboek",
                       "Overview of the access log"));
    add_state(o);
    add_witnesses(o);
    add_reviews(o);
    add_people(o);
    for (unsigned q = 0; q < MK_QUESTION_COUNT; q++)
        add_question(o, (enum mk_log_question)q);
    add_kinds(o);
    add_reading(o);
    return mk_page_end(&o->page);
}

/* --- JSON --- */

static void json_reviews(const struct overview *o, struct mk_json *j)
{
    mk_json_array(j, "reviews");
    for (size_t i = 0; i < o->log.n_review; i++) {
        const struct mk_log_review *r = &o->log.review[i];
        const struct mk_code *c =
            mk_code_get(MK_LIST_REVIEW, r->item.conclusion);
        mk_json_object(j, NULL);
        mk_json_num(j, "from", (int64_t)r->item.from);
        mk_json_num(j, "to", (int64_t)r->item.to);
        mk_json_str(j, "conclusion", c ? c->slug : "?");
        mk_json_str(j, "person", mk_log_person(o->app, r->item.actor));
        mk_json_num(j, "seq", (int64_t)r->item.seq);
        mk_json_num(j, "own", (int64_t)r->own);
        mk_json_end(j);
    }
    mk_json_end(j);
    mk_json_array(j, "unreviewed");
    for (size_t i = 0; i < o->log.n_open; i++) {
        mk_json_object(j, NULL);
        mk_json_num(j, "from", (int64_t)o->log.open[i].from);
        mk_json_num(j, "to", (int64_t)o->log.open[i].to);
        mk_json_end(j);
    }
    mk_json_end(j);
}

static void json_counts(const struct overview *o, struct mk_json *j)
{
    mk_json_array(j, "people");
    for (size_t i = 0; i < o->log.n_person; i++) {
        const struct mk_log_person *p = &o->log.person[i];
        mk_json_object(j, NULL);
        mk_json_str(j, "person", mk_log_person(o->app, p->id));
        mk_json_num(j, "entries", (int64_t)p->n);
        for (unsigned q = 0; q < MK_QUESTION_COUNT; q++)
            mk_json_num(j, mk_question_slug((enum mk_log_question)q, true),
                        (int64_t)p->answers[q]);
        mk_json_end(j);
    }
    mk_json_end(j);
    mk_json_object(j, "kinds");
    for (unsigned k = 0; k < MK_AUDIT_MAX; k++)
        if (o->log.kind[k] > 0)
            mk_json_num(j, mk_audit_slug((enum mk_audit)k),
                        (int64_t)o->log.kind[k]);
    mk_json_end(j);
    mk_json_array(j, "questions");
    for (unsigned q = 0; q < MK_QUESTION_COUNT; q++) {
        mk_json_object(j, NULL);
        mk_json_str(j, "question",
                    mk_question_slug((enum mk_log_question)q, true));
        mk_json_num(j, "count", (int64_t)o->log.question[q]);
        mk_json_array(j, "latest");
        for (size_t i = 0; i < o->log.latest[q].n; i++)
            mk_log_json_row(o->app, j, &o->log.latest[q].item[i]);
        mk_json_end(j);
        mk_json_end(j);
    }
    mk_json_end(j);
}

static enum mk_err render_json(const struct overview *o, struct mk_buf *out)
{
    struct mk_json j;
    mk_json_begin(&j, out);
    mk_json_day(&j, "from", o->filter.from);
    mk_json_day(&j, "until", o->filter.until);
    mk_json_bool(&j, "intact", o->findings == 0);
    mk_json_num(&j, "findings", (int64_t)o->findings);
    mk_json_num(&j, "log_size", (int64_t)o->log.size);
    mk_json_hex(&j, "log_root", o->log.root, sizeof o->log.root);
    mk_json_num(&j, "entries", (int64_t)o->log.n);
    mk_json_num(&j, "unreadable", (int64_t)o->log.unreadable);
    mk_json_bool(&j, "contradicted", o->contradicted);
    if (!o->contradicted) {
        mk_json_num(&j, "witnesses", (int64_t)o->witnesses.n_trusted);
        mk_json_num(&j, "uncovered",
                    (int64_t)(o->witnesses.log_size - o->witnesses.covered));
        mk_json_num(&j, "uncovered_days", witness_days(o));
    }
    json_reviews(o, &j);
    json_counts(o, &j);
    return mk_json_finish(&j);
}

/* --- the command --- */

static void finding(void *ctx, const struct mk_diag *what)
{
    struct overview *o = ctx;
    (void)what; /* log controleer tells them one by one */
    o->findings++;
}

/* The first thing wrong is what the command ends with; it does not keep the
 * page from being made, which says so.  Anything but that is returned. */
static enum mk_err judged(enum mk_err rc, const struct mk_diag *why,
                          struct mk_diag *wrong)
{
    if (rc == MK_OK || mk_err_exit(rc) != MK_EXIT_INTEGRITY)
        return rc;
    if (wrong->err == MK_OK)
        *wrong = *why;
    return MK_OK;
}

static enum mk_err gather(struct overview *o, struct mk_diag *wrong)
{
    enum mk_err rc;
    struct mk_app *app = o->app;
    rc = mk_log_verify(app->vault, &app->access, &o->verified, finding, o,
                       &app->diag);
    mk_app_progress_end(app);
    MK_TRY(judged(rc, &app->diag, wrong));
    rc = mk_witness_report(app->vault, 0, &o->witnesses, &app->diag);
    o->contradicted = rc != MK_OK;
    MK_TRY(judged(rc, &app->diag, wrong));
    rc = mk_log_summarise(app->vault, &app->access, &o->filter, &o->log,
                          &app->diag);
    if (rc != MK_OK && o->log.n == 0)
        goto out; /* of a log that is not proven nothing is shown */
    MK_TRY(judged(rc, &app->diag, wrong));
out:
    return rc;
}

enum mk_err mk_cmd_log_overview(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_diag wrong = MK_DIAG_INIT;
    struct mk_output file = {.fd = -1, .dir = -1};
    struct overview o = {.app = app};
    enum mk_log_format format;
    struct mk_dossier_ref ref;
    struct mk_buf out = MK_BUF_INIT;
    MK_TRY(mk_log_filter_of(app, &o.filter, &ref));
    MK_TRY(mk_log_format_of(app, MK_LOG_TEXT | MK_LOG_HTML | MK_LOG_JSON,
                            &format));
    MK_TRY(mk_log_begin(app, &file));
    MK_TRY(gather(&o, &wrong));
    rc = format == MK_LOG_JSON ? render_json(&o, &out)
                               : render_page(&o, format == MK_LOG_HTML, &out);
    if (rc != MK_OK)
        goto out;
    MK_TRY(mk_log_give(app, &file, &out));
    if (wrong.err != MK_OK) {
        app->diag = wrong;
        rc = wrong.err;
    }
out:
    mk_log_end(app, &file);
    mk_log_summary_release(&o.log);
    mk_buf_release(&out);
    return rc;
}
