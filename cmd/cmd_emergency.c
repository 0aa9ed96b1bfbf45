/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Emergency access to a restricted dossier: nood vraag, geef, lijst, sluit. */
#include "cmd/app.h"
#include "cmd/ask.h"
#include "cmd/json.h"
#include "cmd/member.h"
#include "cmd/notice.h"
#include "cmd/table.h"
#include "cmd/view.h"
#include "core/base/num.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HOURS 24

enum mk_err mk_cmd_emergency_ask(struct mk_app *app)
{
    enum mk_err rc;
    const char *why = mk_args_value(&app->args, MK_OPT_WAAROM);
    const char *hours = mk_args_value(&app->args, MK_OPT_UREN);
    const struct mk_code *code =
        why ? mk_code_find(MK_LIST_EMERGENCY, why, strlen(why)) : NULL;
    struct mk_dossier_ref ref;
    uint64_t seq, n = HOURS;
    char text[160];
    if (code == NULL) {
        app->diag.list = MK_LIST_EMERGENCY;
        return why != NULL ? mk_fail(&app->diag, MK_E_BAD_CODE, "--why")
                           : mk_fail(&app->diag, MK_E_USAGE,
                                     MK_T(app, "--waarom CODE ontbreekt",
                                          "--why CODE is missing"));
    }
    if (hours &&
        !mk_num_parse(hours, strlen(hours), 1, MK_EMERGENCY_HOURS_MAX, &n))
        return mk_fail_at(&app->diag, MK_E_BAD_NUMBER, "--hours", 0, 1,
                          MK_EMERGENCY_HOURS_MAX);
    MK_TRY(mk_dossier_ref_parse(&ref, app->args.word[0], &app->diag));
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_emergency_ask(app->vault, &app->access, &ref, code->number,
                            (unsigned)n, &seq, &app->diag));
    snprintf(text, sizeof text, "%" PRIu64 "\n", seq);
    struct mk_buf out = MK_BUF_INIT;
    rc = mk_buf_add_str(&out, text);
    if (rc == MK_OK && !app->access.dry_run)
        rc = mk_app_print(app, &out);
    mk_buf_release(&out);
    snprintf(text, sizeof text,
             MK_T(app, "laat twee bewaarders nood geef %" PRIu64 " doen",
                  "have two custodians do emergency grant %" PRIu64),
             seq);
    if (!app->access.dry_run)
        mk_app_note(app, text);
out:
    return rc;
}

/* One asking out of the list. */
struct asking {
    uint64_t seq;
    bool there;
    struct mk_emergency e;
};
static enum mk_err is_it(void *ctx, const struct mk_emergency *e)
{
    struct asking *a = ctx;
    if (e->seq == a->seq) {
        a->e = *e;
        a->there = true;
    }
    return MK_OK;
}

/* Who gives a share knows to whom, of what and why. */
static enum mk_err say_asking(const struct mk_app *app, struct mk_buf *out,
                              const struct mk_emergency *e)
{
    enum mk_err rc;
    const struct mk_code *why = mk_code_get(MK_LIST_EMERGENCY, e->reason);
    char tag[MK_TAG_TEXT], until[20];
    mk_tag_format(tag, e->dossier);
    mk_date_format_moment(until, e->until_ms);
    MK_TRY(mk_buf_addf(out, "%s: ", tag));
    MK_TRY(mk_visible_add(out, mk_member_name(app, e->requester)));
    MK_TRY(mk_buf_addf(
        out, MK_T(app, ", tot %s, %s (%s)", ", until %s, %s (%s)"), until,
        why ? why->slug : "?", why ? MK_T(app, why->nl, why->en) : "?"));
out:
    return rc;
}

static enum mk_err confirm_asking(struct mk_app *app,
                                  const struct mk_emergency *e)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(say_asking(app, &text, e));
    MK_TRY(mk_buf_add_str(&text, "\n"));
    MK_TRY(mk_member_confirm(
        app, &text,
        MK_T(app, "Sprak u deze persoon, en geeft u uw deel?",
             "Did you speak to this person, and do you give your share?")));
out:
    mk_buf_release(&text);
    return rc;
}

/* After the share: how many there are, and who does what next. */
static enum mk_err note_given(struct mk_app *app, const struct mk_emergency *e)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_buf_add_str(
        &text, MK_T(app, "uw deel is gegeven; ", "your share was given; ")));
    MK_TRY(say_asking(app, &text, e));
    if (e->given < 2)
        MK_TRY(mk_buf_addf(&text,
                           MK_T(app,
                                "; nog een andere bewaarder doet nood geef "
                                "%" PRIu64,
                                "; one more custodian does emergency grant "
                                "%" PRIu64),
                           e->seq));
    else
        MK_TRY(mk_buf_add_str(
            &text, MK_T(app, "; het dossier opent nu met --doel NOOD",
                        "; the dossier opens now with --purpose "
                        "NOOD")));
    MK_TRY(mk_buf_terminate(&text));
    mk_app_note(app, (const char *)text.data);
out:
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_cmd_emergency_grant(struct mk_app *app)
{
    enum mk_err rc;
    const char *word = app->args.word[0];
    uint64_t seq;
    struct asking a = {.there = false};
    if (app->access.dry_run)
        return mk_fail(&app->diag, MK_E_USAGE,
                       MK_T(app, "nood geef kent geen --proef",
                            "emergency grant knows no --dry-run"));
    if (!mk_num_parse(word, strlen(word), 0, INT64_MAX, &seq))
        return mk_fail_at(&app->diag, MK_E_BAD_NUMBER, "emergency", 0, 0,
                          INT64_MAX);
    MK_TRY(mk_session_start(app));
    a.seq = seq;
    if (mk_member_can_ask(app))
        MK_TRY(mk_emergency_list(app->vault, is_it, &a, &app->diag));
    if (a.there && !a.e.passed && !a.e.rekeyed)
        MK_TRY(confirm_asking(app, &a.e));
    MK_TRY(mk_emergency_grant(app->vault, seq, &app->diag));
    MK_TRY(mk_emergency_list(app->vault, is_it, &a, &app->diag));
    if (a.there)
        MK_TRY(note_given(app, &a.e));
out:
    return rc;
}

struct listing {
    struct mk_app *app;
    struct mk_table table;
    struct mk_json json;
};

static const char *state_of(const struct mk_app *app,
                            const struct mk_emergency *e)
{
    if (e->closed)
        return MK_T(app, "gesloten", "closed");
    if (e->given < 2)
        return e->pending ? MK_T(app, "gevraagd", "asked")
                          : MK_T(app, "verlopen", "passed");
    return e->passed || e->rekeyed ? MK_T(app, "verlopen, nog niet gesloten",
                                          "passed, not closed yet")
                                   : MK_T(app, "open", "open");
}

static enum mk_err each(void *ctx, const struct mk_emergency *e)
{
    struct listing *l = ctx;
    struct mk_app *app = l->app;
    const struct mk_code *why = mk_code_get(MK_LIST_EMERGENCY, e->reason);
    char tag[MK_TAG_TEXT], until[20], text[32];
    mk_tag_format(tag, e->dossier);
    mk_date_format_moment(until, e->until_ms);
    if (app->json) {
        mk_json_object(&l->json, NULL);
        mk_notice_add(app, &l->json, e);
        mk_json_end(&l->json);
        return l->json.rc;
    }
    snprintf(text, sizeof text, "%" PRIu64, e->seq);
    mk_table_cell(&l->table, text);
    mk_table_cell(&l->table, tag);
    mk_table_cell(&l->table, mk_member_name(app, e->requester));
    mk_table_cell(&l->table, why ? why->slug : "?");
    mk_table_cell(&l->table, until);
    snprintf(text, sizeof text, "%zu", e->given);
    mk_table_cell(&l->table, text);
    mk_table_cell(&l->table, state_of(app, e));
    return l->table.rc;
}

enum mk_err mk_cmd_emergency_list(struct mk_app *app)
{
    static const char *const heads[][2] = {
        {"nr", "no"},        {"kenmerk", "tag"}, {"wie", "who"},
        {"reden", "reason"}, {"tot", "until"},   {"delen", "shares"},
        {"stand", "state"},
    };
    enum mk_err rc;
    struct listing l = {.app = app};
    struct mk_buf out = MK_BUF_INIT;
    mk_table_init(&l.table, 7);
    for (size_t i = 0; i < 7; i++)
        mk_table_cell(&l.table, heads[i][app->english]);
    mk_json_begin(&l.json, &out);
    mk_json_array(&l.json, "emergencies");
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_emergency_list(app->vault, each, &l, &app->diag));
    mk_json_end(&l.json);
    MK_TRY(mk_json_finish(&l.json));
    if (!app->json) {
        mk_buf_clear(&out);
        MK_TRY(mk_table_finish(&l.table, &out));
    }
    MK_TRY(mk_app_print(app, &out));
out:
    mk_table_release(&l.table);
    mk_buf_release(&out);
    return rc;
}

/* Who can open it now, so that whoever closes sees it. */
static enum mk_err note_closed(struct mk_app *app,
                               const struct mk_restricted_to *to)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_buf_add_str(
        &text, MK_T(app, "het dossier heeft een nieuwe sleutel, voor",
                    "the dossier has a new key, for")));
    for (size_t i = 0; i < to->n; i++) {
        MK_TRY(mk_buf_add_str(&text, i == 0 ? " " : ", "));
        MK_TRY(mk_visible_add(&text, mk_member_name(app, to->id[i])));
    }
    if (to->left_out != 0)
        MK_TRY(mk_buf_addf(
            &text,
            MK_T(
                app,
                "; weggelaten: %zu, die weg is of er niet bij was gezet door "
                "iemand die dat mag",
                "; left out: %zu, who is gone or was not named by anybody who "
                "may"),
            to->left_out));
    MK_TRY(mk_buf_terminate(&text));
    mk_app_note(app, (const char *)text.data);
out:
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_cmd_emergency_close(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_dossier_ref ref;
    struct mk_restricted_to to;
    MK_TRY(mk_dossier_ref_parse(&ref, app->args.word[0], &app->diag));
    MK_TRY(mk_session_start(app));
    rc = mk_restrict_again(app->vault, &app->access, &ref, &to, &app->diag);
    if (rc == MK_E_PURPOSE) {
        MK_TRY(mk_ask_purpose(app, rc));
        rc =
            mk_restrict_again(app->vault, &app->access, &ref, &to, &app->diag);
    }
    if (rc == MK_OK && !app->access.dry_run)
        rc = note_closed(app, &to);
out:
    return rc;
}
