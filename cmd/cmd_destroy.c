/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vernietig regel, bewaar, voorstel, akkoord, uitvoer, lijst. */
#include "cmd/app.h"
#include "cmd/destroy_ask.h"
#include "cmd/json.h"
#include "cmd/table.h"
#include "cmd/view.h"

#include "core/base/num.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- regel --- */

static enum mk_err number_of(struct mk_app *app, enum mk_option o,
                             uint64_t min, uint64_t max, uint32_t *out)
{
    const struct mk_option_info *info = mk_option_get(o);
    const char *text = mk_args_value(&app->args, o);
    char place[64];
    uint64_t n;
    snprintf(place, sizeof place, "--%s", app->english ? info->en : info->nl);
    if (text == NULL)
        return mk_fail(&app->diag, MK_E_USAGE,
                       MK_T(app,
                            "geef --item, --maanden en --kopieen-dagen: er is "
                            "geen standaardtermijn",
                            "give --item, --months and --copies-days: there "
                            "is no default term"));
    if (!mk_num_parse(text, strlen(text), min, max, &n))
        return mk_fail_at(&app->diag, MK_E_BAD_NUMBER, place, 0, (int64_t)min,
                          (int64_t)max);
    *out = (uint32_t)n;
    return MK_OK;
}

static enum mk_err rule_of(struct mk_app *app, struct mk_destroy_rule *rule)
{
    enum mk_err rc;
    const char *item = mk_args_value(&app->args, MK_OPT_ITEM);
    *rule = (struct mk_destroy_rule){.months = 0};
    MK_TRY(number_of(app, MK_OPT_MAANDEN, MK_DESTROY_MONTHS_MIN,
                     MK_DESTROY_MONTHS_MAX, &rule->months));
    MK_TRY(number_of(app, MK_OPT_KOPIEEN_DAGEN, 0, MK_COPIES_DAYS_MAX,
                     &rule->copies_days));
    if (item == NULL || strlen(item) > MK_ITEM_MAX)
        return mk_fail_at(&app->diag, MK_E_BAD_ITEM, NULL, 0, MK_ITEM_MAX, 0);
    memcpy(rule->item, item, strlen(item) + 1);
out:
    return rc;
}

enum mk_err mk_cmd_destroy_rule(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_destroy_rule rule;
    MK_TRY(rule_of(app, &rule));
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_destroy_rule_set(app->vault, &app->access, &rule, &app->diag));
    MK_TRY(mk_app_done(app,
                       "regel gesteld; hij geldt voor wat vanaf nu wordt "
                       "voorgesteld",
                       "rule set; it holds for what is proposed from now on"));
out:
    return rc;
}

/* --- bewaar --- */

enum mk_err mk_cmd_hold(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_dossier_ref ref;
    const char *reason = mk_args_value(&app->args, MK_OPT_REDEN);
    bool lift = mk_args_has(&app->args, MK_OPT_OPHEFFEN);
    const struct mk_code *code =
        reason ? mk_code_find(MK_LIST_HOLD, reason, strlen(reason)) : NULL;
    MK_TRY(mk_dossier_ref_parse(&ref, app->args.word[0], &app->diag));
    if (reason == NULL)
        return mk_fail(&app->diag, MK_E_USAGE,
                       MK_T(app,
                            "--reden ontbreekt (PRO, INZ, ONZ, OVG; VRV om op "
                            "te heffen)",
                            "--reason is missing (PRO, INZ, ONZ, OVG; VRV to "
                            "lift)"));
    if (code == NULL) {
        app->diag.list = MK_LIST_HOLD;
        return mk_fail(&app->diag, MK_E_BAD_CODE,
                       MK_T(app, "--reden", "--reason"));
    }
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_destroy_hold(app->vault, &app->access, &ref, !lift, code->number,
                           &app->diag));
    if (lift)
        MK_TRY(mk_app_done(app, "het dossier kan weer worden voorgesteld",
                           "the dossier can be proposed again"));
    else
        MK_TRY(mk_app_done(
            app, "het dossier wordt niet vernietigd zolang dit staat",
            "the dossier is not destroyed while this stands"));
out:
    return rc;
}

/* --- voorstel, akkoord --- */

static enum mk_err tell_numbers(struct mk_app *app,
                                const struct mk_dossier_ref *refs,
                                const uint64_t *numbers, size_t n)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;
    char tag[MK_TAG_TEXT];
    mk_json_begin(&j, &out);
    mk_json_bool(&j, "saved", true);
    mk_json_array(&j, "proposals");
    for (size_t i = 0; i < n; i++) {
        mk_json_object(&j, NULL);
        mk_json_tag(&j, "tag", refs[i].lo);
        mk_json_num(&j, "number", (int64_t)numbers[i]);
        mk_json_end(&j);
    }
    mk_json_end(&j);
    MK_TRY(mk_json_finish(&j));
    if (!app->json) {
        mk_buf_clear(&out);
        for (size_t i = 0; i < n; i++) {
            mk_tag_format(tag, refs[i].lo);
            MK_TRY(mk_buf_addf(&out, "%" PRIu64 " %s\n", numbers[i], tag));
        }
    }
    MK_TRY(mk_app_print(app, &out));
    mk_app_note(app, MK_T(app,
                          "voorgesteld; een bewaarder geeft akkoord met "
                          "vernietig akkoord NUMMER",
                          "proposed; a custodian approves with destroy "
                          "approve NUMBER"));
out:
    mk_buf_release(&out);
    return rc;
}

enum mk_err mk_cmd_propose(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_dossier_ref refs[MK_ARGS_MAX];
    uint64_t numbers[MK_ARGS_MAX];
    size_t n = app->args.n_words;
    for (size_t i = 0; i < n; i++) {
        MK_TRY(mk_dossier_ref_parse(&refs[i], app->args.word[i], &app->diag));
        for (size_t j = 0; j < i; j++)
            if (memcmp(&refs[i], &refs[j], sizeof refs[i]) == 0)
                return mk_fail(&app->diag, MK_E_USAGE,
                               MK_T(app, "een kenmerk staat er twee keer",
                                    "a tag is given twice"));
    }
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_destroy_propose(app->vault, &app->access, refs, n, numbers,
                              &app->diag));
    MK_TRY(app->access.dry_run ? mk_app_done(app, "", "")
                               : tell_numbers(app, refs, numbers, n));
out:
    return rc;
}

enum mk_err mk_cmd_approve(struct mk_app *app)
{
    enum mk_err rc;
    uint64_t number;
    const char *text = app->args.word[0];
    if (!mk_num_parse(text, strlen(text), 0, UINT32_MAX, &number))
        return mk_fail(&app->diag, MK_E_USAGE,
                       MK_T(app, "verwacht wordt het nummer van een voorstel",
                            "expected is the number of a proposal"));
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_ask_approve(app, number));
    MK_TRY(mk_destroy_approve(app->vault, &app->access, number, &app->diag));
    MK_TRY(mk_app_done(
        app,
        "akkoord vastgelegd; een inspecteur voert uit met vernietig "
        "uitvoer",
        "approval recorded; an inspector carries out with destroy "
        "run"));
out:
    return rc;
}

/* --- uitvoer --- */

static const struct fate {
    const char *slug, *nl, *en;
} fates[] = {
    [MK_FATE_DONE] = {"destroyed", "vernietigd", "destroyed"},
    [MK_FATE_AGAIN] = {"again", "opnieuw vernietigd", "destroyed again"},
    [MK_FATE_HELD] = {"held", "niet: wordt bewaard", "not: on hold"},
    [MK_FATE_CHANGED] = {"changed",
                         "niet: eindigde niet meer zo; stel het opnieuw voor",
                         "not: did not end so any more; propose it anew"},
    [MK_FATE_VOID] =
        {"void",
         "niet: na het akkoord kwam er iets bij of veranderde de "
         "regel, dat akkoord is vervallen; stel het opnieuw voor",
         "not: after the approval something was added or the rule "
         "changed, it is void; propose it anew"},
    [MK_FATE_BARRED] = {"restricted",
                        "niet: beperkt; laat wie er bij mag dit uitvoeren",
                        "not: restricted; have somebody named in it run this"},
    [MK_FATE_TWO_PEOPLE] = {"two-people",
                            "niet: wie akkoord gaf voert niet uit",
                            "not: who approved does not carry out"},
    [MK_FATE_UNKNOWN] = {"unknown",
                         "niet: deze kopie kent niet wie akkoord gaf",
                         "not: this copy does not know who approved"},
};

static void run_json(struct mk_app *app, const struct mk_destroy_report *r,
                     struct mk_json *j)
{
    mk_json_bool(j, "saved", !app->access.dry_run);
    mk_json_array(j, "dossiers");
    for (size_t i = 0; i < r->n; i++) {
        mk_json_object(j, NULL);
        mk_json_tag(j, "tag", r->v[i].dossier);
        mk_json_num(j, "number", (int64_t)r->v[i].number);
        mk_json_str(j, "fate", fates[r->v[i].fate].slug);
        mk_json_end(j);
    }
    mk_json_end(j);
    mk_json_num(j, "rewrapped", (int64_t)r->rewrapped);
    mk_json_bool(j, "erased", r->erased);
}

static enum mk_err run_text(struct mk_app *app,
                            const struct mk_destroy_report *r,
                            struct mk_buf *out)
{
    enum mk_err rc = MK_OK;
    char tag[MK_TAG_TEXT];
    for (size_t i = 0; i < r->n; i++) {
        const struct fate *f = &fates[r->v[i].fate];
        mk_tag_format(tag, r->v[i].dossier);
        MK_TRY(mk_buf_addf(out, "%s: %s\n", tag, MK_T(app, f->nl, f->en)));
    }
    if (r->n == 0)
        MK_TRY(mk_buf_addf(out, "%s\n",
                           MK_T(app, "er is niets te vernietigen",
                                "there is nothing to destroy")));
    if (app->access.dry_run)
        goto out;
    MK_TRY(mk_buf_addf(out, "%s\n",
                       r->erased
                           ? MK_T(app, "oude bewaarsleutels: geen, of gewist",
                                  "old retention keys: none, or erased")
                           : MK_T(app, "oude bewaarsleutels: nog niet gewist",
                                  "old retention keys: not erased yet")));
    if (r->rewrapped != 0 || r->n != 0)
        mk_app_note(app, MK_T(app,
                              "maak nu een reservekopie: oudere openen de "
                              "andere dossiers van die jaren niet meer",
                              "make a backup now: older ones do not open the "
                              "other dossiers of those years any more"));
out:
    return rc;
}

enum mk_err mk_cmd_destroy_run(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_destroy_report r = {.n = 0};
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_ask_destroy(app));
    rc = mk_destroy_run(app->vault, &app->access, &r, &app->diag);
    mk_app_progress_end(app);
    if (rc != MK_OK)
        goto out;
    if (app->json) {
        mk_json_begin(&j, &out);
        run_json(app, &r, &j);
        MK_TRY(mk_json_finish(&j));
    } else {
        MK_TRY(run_text(app, &r, &out));
    }
    MK_TRY(mk_app_print(app, &out));
out:
    mk_destroy_report_release(&r);
    mk_buf_release(&out);
    return rc;
}

/* --- lijst --- */

static const struct fate states[] = {
    [MK_DESTROY_PROPOSED] = {"proposed", "voorgesteld", "proposed"},
    [MK_DESTROY_APPROVED] = {"approved", "akkoord", "approved"},
    [MK_DESTROY_VOID] = {"void", "vervallen: stel opnieuw voor",
                         "void: propose anew"},
    [MK_DESTROY_DONE] = {"destroyed", "vernietigd", "destroyed"},
    [MK_DESTROY_HOLD] = {"hold", "wordt bewaard", "on hold"},
    [MK_DESTROY_RESTORED] = {"restored", "teruggezet: vernietig opnieuw",
                             "restored: destroy again"},
};

static const char *reason_of(const struct mk_destroy_item *item)
{
    const struct mk_code *code = mk_code_get(MK_LIST_HOLD, item->reason);
    return code ? code->slug : "";
}

static void list_json(struct mk_app *app, const struct mk_destroy_list *l,
                      struct mk_json *j)
{
    char moment[20];
    if (l->has_rule) {
        mk_json_object(j, "rule");
        mk_json_str(j, "item", l->rule.item);
        mk_json_num(j, "months", l->rule.months);
        mk_json_num(j, "copies_days", l->rule.copies_days);
        mk_json_end(j);
    } else {
        mk_json_null(j, "rule");
    }
    mk_json_array(j, "dossiers");
    for (size_t i = 0; i < l->n; i++) {
        const struct mk_destroy_item *item = &l->v[i];
        mk_json_object(j, NULL);
        mk_json_tag(j, "tag", item->dossier);
        mk_json_str(j, "state", states[item->state].slug);
        mk_json_num(j, "number", (int64_t)item->number);
        mk_json_day(j, "ended", item->ended);
        mk_json_bool(j, "held", item->held);
        mk_json_str(j, "reason", reason_of(item));
        mk_json_str(j, "by", mk_member_name(app, item->by));
        mk_date_format_moment(moment, item->time_ms);
        mk_json_str(j, "time", moment);
        mk_json_end(j);
    }
    mk_json_end(j);
}

static void list_row(struct mk_app *app, struct mk_table *t,
                     const struct mk_destroy_item *item)
{
    const struct fate *s = &states[item->state];
    char tag[MK_TAG_TEXT], number[24], day[MK_DATE_TEXT] = "-", moment[20];
    mk_tag_format(tag, item->dossier);
    snprintf(number, sizeof number, "%" PRIu64, item->number);
    if (item->ended != MK_DAY_NONE)
        mk_date_format(day, item->ended);
    mk_date_format_moment(moment, item->time_ms);
    mk_table_cell(t, tag);
    mk_table_cell(t, MK_T(app, s->nl, s->en));
    mk_table_cell(t, number);
    mk_table_cell(t, day);
    mk_table_cell(t, item->held && item->state != MK_DESTROY_HOLD
                         ? MK_T(app, "wordt bewaard", "on hold")
                         : reason_of(item));
    mk_table_cell(t, moment);
    mk_table_cell(t, mk_member_name(app, item->by));
}

static enum mk_err list_text(struct mk_app *app,
                             const struct mk_destroy_list *l,
                             struct mk_buf *out)
{
    static const char *const heads[][2] = {
        {"kenmerk", "tag"}, {"stand", "state"},  {"nummer", "number"},
        {"einde", "ended"}, {"reden", "reason"}, {"sinds", "since"},
        {"door", "by"},
    };
    enum mk_err rc;
    struct mk_table t;
    mk_table_init(&t, 7);
    if (l->has_rule)
        MK_TRY(mk_buf_addf(out,
                           MK_T(app,
                                "regel: %s; %u maanden na het einde; kopieen "
                                "blijven %u dagen\n",
                                "rule: %s; %u months after the end; copies "
                                "are kept %u days\n"),
                           l->rule.item, l->rule.months, l->rule.copies_days));
    else
        MK_TRY(mk_buf_addf(out, "%s\n",
                           MK_T(app,
                                "regel: geen; er kan niets worden "
                                "voorgesteld",
                                "rule: none; nothing can be proposed")));
    for (size_t i = 0; i < 7; i++)
        mk_table_cell(&t, heads[i][app->english]);
    for (size_t i = 0; i < l->n; i++)
        list_row(app, &t, &l->v[i]);
    if (l->n != 0)
        MK_TRY(mk_table_finish(&t, out));
out:
    mk_table_release(&t);
    return rc;
}

enum mk_err mk_cmd_destroy_list(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_destroy_list l = {.n = 0};
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_destroy_list(app->vault, &l, &app->diag));
    if (app->json) {
        mk_json_begin(&j, &out);
        list_json(app, &l, &j);
        MK_TRY(mk_json_finish(&j));
    } else {
        MK_TRY(list_text(app, &l, &out));
    }
    MK_TRY(mk_app_print(app, &out));
out:
    mk_destroy_list_release(&l);
    mk_buf_release(&out);
    return rc;
}
