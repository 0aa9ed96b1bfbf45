/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lijst, klok, zoek, verwant: rows of dossiers. */
#include "cmd/app.h"
#include "cmd/ask.h"
#include "cmd/choice.h"
#include "cmd/draft.h"
#include "cmd/form.h"
#include "cmd/json.h"
#include "cmd/notice.h"
#include "cmd/practice.h"
#include "cmd/table.h"
#include "cmd/view.h"

#include "core/base/num.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Rows are gathered and printed at the end: what could not be proven is not
 * shown half. */
struct listing {
    struct mk_app *app;
    struct mk_table table;
    struct mk_json json;
    struct mk_buf out;
    mk_day today;
    bool matches;
    size_t n;
    /* of colleagues, left shut; UINT64_MAX: these are no rows of a caseload */
    uint64_t others;
};

static void listing_init(struct listing *l, struct mk_app *app, bool matches)
{
    static const char *const heads[][2] = {
        {"kenmerk", "tag"},        {"trefwoord", "label"},
        {"stand", "state"},        {"plicht", "duty"},
        {"ontvangen", "received"}, {"controle", "next check"},
        {"verstreken", "elapsed"}, {"eigenaar", "owner"},
    };
    memset(l, 0, sizeof *l);
    l->app = app;
    l->matches = matches;
    l->others = UINT64_MAX;
    l->today = mk_today();
    mk_table_init(&l->table, matches ? 9 : 8);
    for (size_t i = 0; i < 8; i++)
        mk_table_cell(&l->table, heads[i][app->english]);
    if (matches)
        mk_table_cell(&l->table, MK_T(app, "gevonden in", "found in"));
    mk_json_begin(&l->json, &l->out);
    mk_json_array(&l->json, "dossiers");
}

static void listing_release(struct listing *l)
{
    mk_table_release(&l->table);
    mk_buf_release(&l->out);
}

static void day_cell(struct mk_table *t, mk_day day)
{
    char text[MK_DATE_TEXT] = "-";
    if (day != MK_DAY_NONE)
        mk_date_format(text, day);
    mk_table_cell(t, text);
}

static bool is_open(const struct mk_track *t)
{
    return t->status == MK_TRACK_OPEN || t->status == MK_TRACK_UNMET;
}

/* "name sinds 12 dagen" behind what text holds already. */
static void add_elapsed(const struct listing *l, char *text, size_t size,
                        size_t *used, const char *name, mk_day since)
{
    int64_t days = l->today - since;
    if (since == MK_DAY_NONE || *used >= size)
        return;
    int n = snprintf(text + *used, size - *used, "%s%s %s %" PRId64 " %s",
                     *used ? ", " : "", name, MK_T(l->app, "sinds", "for"),
                     days,
                     days == 1 ? MK_T(l->app, "dag", "day")
                               : MK_T(l->app, "dagen", "days"));
    *used += n > 0 ? (size_t)n : 0;
}

/* "overlegplicht sinds 12 dagen": elapsed time, never a judgement.  What has
 * no open duty but still waits has been here since its receipt. */
static void elapsed_cell(struct listing *l, const struct mk_list_item *item)
{
    char text[200] = "";
    size_t used = 0;
    for (unsigned d = 0; d < MK_DUTY_COUNT; d++)
        if (is_open(&item->track[d]))
            add_elapsed(l, text, sizeof text, &used, mk_duty_slug(d),
                        item->track[d].since);
    if (item->state == MK_STATE_VERNIETIGD) {
        day_cell(&l->table, item->destroyed);
        return;
    }
    if (used == 0 && mk_state_kind(item->state) == MK_KIND_OPEN)
        add_elapsed(l, text, sizeof text, &used,
                    MK_T(l->app, "ontvangen", "received"), item->received);
    mk_table_cell(&l->table, text[0] ? text : "-");
}

static const char *duty_slug(const struct mk_list_item *item)
{
    const struct mk_code *duty = mk_code_get(MK_LIST_YN, item->duty);
    return duty ? duty->slug : "-";
}

/* In words: a frightened parent cannot know everything, so the duty can be
 * open to doubt for long. */
static const char *duty_words(const struct listing *l,
                              const struct mk_list_item *item)
{
    const char *slug = duty_slug(item);
    if (strcmp(slug, "J") == 0)
        return MK_T(l->app, "ja", "yes");
    if (strcmp(slug, "N") == 0)
        return MK_T(l->app, "nee", "no");
    return strcmp(slug, "ONB") == 0
               ? MK_T(l->app, "nog niet vast te stellen", "not yet known")
               : slug;
}

/* An inspector who left has dossiers that somebody has to take over. */
static void owner_cell(struct listing *l, const struct mk_list_item *item)
{
    const struct mk_keyring *k = mk_vault_keyring(l->app->vault);
    const char *name = mk_member_name(l->app, item->owners.owner);
    char text[160];
    if (item->state == MK_STATE_VERNIETIGD) { /* it is nobody's any more */
        mk_table_cell(&l->table, "-");
        return;
    }
    bool in = mk_keyring_standing(k, item->owners.owner) ==
                  MK_STANDING_ACTIVE &&
              (mk_keyring_roles(k, item->owners.owner) &
               MK_ROLE_BIT(MK_ROLE_INSPECTOR));
    snprintf(text, sizeof text, "%s%s", name,
             in ? ""
                : MK_T(l->app, " (zonder inspecteur)", " (no inspector)"));
    mk_table_cell(&l->table, text);
}

static void add_row(struct listing *l, const struct mk_list_item *item)
{
    struct mk_table *t = &l->table;
    char tag[MK_TAG_TEXT], state[64];
    mk_tag_format(tag, item->id);
    mk_table_cell(t, tag);
    if (item->urgent) {
        struct mk_buf label = MK_BUF_INIT;
        if (t->rc == MK_OK)
            t->rc = mk_buf_addf(&label, "! %s", item->label);
        mk_table_bytes(t, label.data, label.len);
        mk_buf_release(&label);
    } else {
        mk_table_cell(t, item->label);
    }
    mk_state_name(state, item->state, l->app->english, false);
    mk_table_cell(t, item->barred ? MK_T(l->app, "beperkt", "restricted")
                                  : state);
    mk_table_cell(t, duty_words(l, item));
    day_cell(t, item->received);
    day_cell(t, item->next_check);
    elapsed_cell(l, item);
    owner_cell(l, item);
    if (l->matches) {
        const struct mk_field_info *f = mk_field_get(item->match_field);
        char where[80];
        snprintf(where, sizeof where, "%" PRIu32 " %s", item->match_event,
                 f ? MK_T(l->app, f->nl, f->en) : "");
        mk_table_cell(t, f ? where : "-");
    }
}

static void add_json(struct listing *l, const struct mk_list_item *item)
{
    struct mk_json *j = &l->json;
    mk_json_object(j, NULL);
    mk_json_tag(j, "tag", item->id);
    if (item->barred) {
        mk_json_bool(j, "restricted", true);
        mk_json_str(j, "owner", mk_member_name(l->app, item->owners.owner));
        mk_json_end(j);
        return;
    }
    mk_json_str(j, "label", item->label);
    mk_json_bool(j, "urgent", item->urgent);
    mk_json_str(j, "state", mk_state_slug(item->state));
    mk_json_str(j, "duty", duty_slug(item));
    mk_json_day(j, "received", item->received);
    mk_json_day(j, "next_check", item->next_check);
    mk_json_str(j, "owner", mk_member_name(l->app, item->owners.owner));
    mk_json_num(j, "reports", item->meldingen);
    if (item->state == MK_STATE_VERNIETIGD)
        mk_json_day(j, "destroyed", item->destroyed);
    mk_json_array(j, "open_duties");
    for (unsigned d = 0; d < MK_DUTY_COUNT; d++) {
        const struct mk_track *t = &item->track[d];
        if (!is_open(t))
            continue;
        mk_json_object(j, NULL);
        mk_json_str(j, "duty", mk_duty_slug(d));
        mk_json_day(j, "since", t->since);
        if (t->since != MK_DAY_NONE)
            mk_json_num(j, "days", l->today - t->since);
        mk_json_bool(j, "recorded_unmet", t->status == MK_TRACK_UNMET);
        mk_json_end(j);
    }
    mk_json_end(j);
    if (l->matches && mk_field_get(item->match_field)) {
        mk_json_num(j, "match_event", item->match_event);
        mk_json_str(j, "match_key", mk_field_get(item->match_field)->key);
    }
    mk_json_end(j);
}

static enum mk_err each(void *ctx, const struct mk_list_item *item)
{
    struct listing *l = ctx;
    l->n++;
    if (l->app->json)
        add_json(l, item);
    else
        add_row(l, item);
    return l->app->json ? l->json.rc : l->table.rc;
}

/* What else there is, and how to get at it. */
static void tell_others(const struct listing *l)
{
    char text[200];
    if (l->others == 0 || l->others == UINT64_MAX)
        return;
    snprintf(text, sizeof text,
             l->others == 1
                 ? MK_T(l->app,
                        "en %" PRIu64 " dossier van een collega, niet "
                        "geopend: --alle --doel CODE",
                        "and %" PRIu64 " dossier of a colleague, not opened: "
                        "--all --purpose CODE")
                 : MK_T(l->app,
                        "en %" PRIu64 " dossiers van collega's, niet geopend: "
                        "--alle --doel CODE",
                        "and %" PRIu64 " dossiers of colleagues, not opened: "
                        "--all --purpose CODE"),
             l->others);
    mk_app_note(l->app, text);
}

/* What was not looked at, because it is not for who asks. */
static void tell_barred(const struct listing *l)
{
    uint64_t n = mk_vault_barred(l->app->vault);
    char text[120];
    if (n == 0)
        return;
    snprintf(text, sizeof text,
             MK_T(l->app, "%" PRIu64 " beperkt, niet voor u: niet geopend",
                  "%" PRIu64 " restricted, not for you: not opened"),
             n);
    mk_app_note(l->app, text);
}

static enum mk_err listing_print(struct listing *l)
{
    enum mk_err rc;
    mk_json_end(&l->json);
    if (l->others != UINT64_MAX)
        mk_json_num(&l->json, "colleagues", (int64_t)l->others);
    mk_json_num(&l->json, "restricted",
                (int64_t)mk_vault_barred(l->app->vault));
    if (l->others != UINT64_MAX)
        MK_TRY(mk_notice_json(l->app, &l->json));
    mk_practice_json(l->app, &l->json);
    MK_TRY(mk_json_finish(&l->json));
    if (!l->app->json) {
        mk_buf_clear(&l->out);
        if (l->n > 0)
            MK_TRY(mk_practice_line(l->app, &l->out));
        if (l->n > 0)
            MK_TRY(mk_table_finish(&l->table, &l->out));
        else
            mk_app_note(l->app, MK_T(l->app, "geen dossiers", "no dossiers"));
    }
    MK_TRY(mk_app_print(l->app, &l->out));
    if (l->app->json)
        goto out;
    tell_others(l);
    tell_barred(l);
    if (l->others != UINT64_MAX)
        rc = mk_notice_say(l->app);
out:
    return rc;
}

typedef enum mk_err listing_query(struct listing *l, const void *of);

/* Once more when a purpose was asked for and given; until then no row came. */
static enum mk_err listing_run(struct listing *l, listing_query *query,
                               const void *of)
{
    enum mk_err rc = query(l, of);
    if (rc == MK_E_PURPOSE) {
        MK_TRY(mk_ask_purpose(l->app, rc));
        rc = query(l, of);
    }
    if (rc == MK_OK)
        rc = listing_print(l);
out:
    return rc;
}

/* --- lijst, klok --- */

/* Everybody's dossiers: asked for, or meant by a purpose, which own ones do
 * not need. */
static enum mk_err everybody_of(struct mk_app *app, bool *everybody)
{
    const bool mine = mk_args_has(&app->args, MK_OPT_MIJN);
    const bool all = mk_args_has(&app->args, MK_OPT_ALLE);
    if (mine && all)
        return mk_fail(&app->diag, MK_E_USAGE,
                       MK_T(app, "--mijn en --alle spreken elkaar tegen",
                            "--mine and --all contradict each other"));
    *everybody = all || (!mine && app->access.purpose != 0);
    return MK_OK;
}

static enum mk_err filter_of(struct mk_app *app, struct mk_list_filter *f)
{
    enum mk_err rc;
    const char *state = mk_args_value(&app->args, MK_OPT_STAND);
    const char *year = mk_args_value(&app->args, MK_OPT_JAAR);
    uint64_t number;
    memset(f, 0, sizeof *f);
    rc = everybody_of(app, &f->everybody);
    if (rc != MK_OK)
        return rc;
    f->open_only = mk_args_has(&app->args, MK_OPT_OPEN);
    f->open_duty = mk_args_has(&app->args, MK_OPT_PLICHT);
    if (state) {
        f->state = mk_choice_state(state);
        if (f->state == MK_STATE_NONE)
            return mk_choice_refuse(
                &app->diag, MK_T(app, "--stand", "--state"), MK_CHOICE_STATE);
    }
    if (year) {
        if (!mk_num_parse(year, strlen(year), 1900, 2199, &number))
            return mk_fail(
                &app->diag, MK_E_USAGE,
                MK_T(app, "--jaar wil een jaartal", "--year wants a year"));
        f->year = (int)number;
    }
    return MK_OK;
}

static enum mk_err query_list(struct listing *l, const void *of)
{
    return mk_list(l->app->vault, &l->app->access, of, each, l, &l->others,
                   &l->app->diag);
}

enum mk_err mk_cmd_list(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_list_filter filter;
    struct listing l;
    listing_init(&l, app, false);
    MK_TRY(filter_of(app, &filter));
    MK_TRY(mk_session_start(app));
    if (mk_args_has(&app->args, MK_OPT_CONCEPT)) {
        rc = mk_draft_list(app);
        goto out;
    }
    rc = listing_run(&l, query_list, &filter);
out:
    listing_release(&l);
    return rc;
}

static enum mk_err query_clock(struct listing *l, const void *of)
{
    const bool *everybody = of;
    return mk_clock_list(l->app->vault, &l->app->access, *everybody, each, l,
                         &l->others, &l->app->diag);
}

enum mk_err mk_cmd_clock(struct mk_app *app)
{
    enum mk_err rc;
    struct listing l;
    bool everybody;
    listing_init(&l, app, false);
    MK_TRY(everybody_of(app, &everybody));
    MK_TRY(mk_session_start(app));
    rc = listing_run(&l, query_clock, &everybody);
out:
    listing_release(&l);
    return rc;
}

/* --- verwant --- */

static enum mk_err query_related(struct listing *l, const void *of)
{
    return mk_related(l->app->vault, &l->app->access, of, each, l,
                      &l->app->diag);
}

enum mk_err mk_cmd_related(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_dossier_ref ref;
    struct listing l;
    listing_init(&l, app, true);
    MK_TRY(mk_dossier_ref_parse(&ref, app->args.word[0], &app->diag));
    MK_TRY(mk_session_start(app));
    rc = listing_run(&l, query_related, &ref);
out:
    listing_release(&l);
    return rc;
}

/* --- zoek --- */

static enum mk_err only_text(void *ctx, const char *key, size_t key_len,
                             const void *value, size_t n, uint64_t line,
                             struct mk_diag *diag)
{
    struct mk_buf *words = ctx;
    if (key_len != 4 || memcmp(key, "text", 4) != 0)
        return mk_fail_at(diag, MK_E_UNKNOWN_KEY, MK_FORM_NOT_OURS, line, 0,
                          0);
    if (words->len > 0)
        return mk_fail_at(diag, MK_E_DUPLICATE_KEY, "text", line, 0, 0);
    return mk_buf_add(words, value, n);
}

/* Words from a form, or asked with the screen put away afterwards. */
static enum mk_err search_words(struct mk_app *app, int fd,
                                struct mk_buf *words)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    if (fd >= 0) {
        MK_TRY(mk_form_read(&text, fd, &app->diag));
        MK_TRY(mk_form_parse(&text, only_text, words, &app->diag));
    } else {
        mk_term_enter(&app->term);
        do {
            mk_ask_say(app, MK_T(app,
                                 "Woorden die alle in een dossier voorkomen "
                                 "(Ctrl-C stopt).",
                                 "Words that all occur in a dossier (Ctrl-C "
                                 "ends)."));
            rc = mk_term_ask(&app->term, MK_T(app, "Zoek: ", "Search: "),
                             words, &app->diag);
        } while (rc == MK_OK && (words->len == 0 ||
                                 (words->len == 1 && words->data[0] == '?')));
        mk_term_leave(&app->term);
        if (rc != MK_OK)
            goto out;
    }
    if (words->len == 0)
        rc = mk_fail(&app->diag, MK_E_MISSING_KEY, "text");
    else
        rc = mk_buf_terminate(words);
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err query_search(struct listing *l, const void *of)
{
    struct mk_app *app = l->app;
    enum mk_err rc =
        mk_search(app->vault, &app->access, of, each, l, &app->diag);
    if (rc == MK_E_MISSING_KEY)
        rc = mk_fail(&app->diag, MK_E_USAGE,
                     MK_T(app,
                          "er staat geen letter of cijfer in de zoekwoorden",
                          "the search words hold no letter or digit"));
    return rc;
}

enum mk_err mk_cmd_search(struct mk_app *app)
{
    enum mk_err rc;
    int fd = -1;
    struct mk_buf words = MK_BUF_INIT;
    struct listing l;
    listing_init(&l, app, true);
    MK_TRY(mk_form_open(app, &fd));
    if (fd < 0)
        MK_TRY(mk_ask_possible(app));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    if (fd >= 0)
        MK_TRY(search_words(app, fd, &words));
    MK_TRY(mk_session_unlock(app));
    if (fd < 0)
        MK_TRY(search_words(app, fd, &words));
    rc = listing_run(&l, query_search, words.data);
out:
    if (fd > 0)
        close(fd);
    mk_buf_release(&words);
    listing_release(&l);
    return rc;
}
