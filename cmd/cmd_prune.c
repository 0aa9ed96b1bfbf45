/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log termijn, log opschonen: how long the access log is kept. */
#include "cmd/app.h"
#include "cmd/json.h"
#include "cmd/prune.h"
#include "cmd/view.h"

#include "core/base/num.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum mk_err mk_prune_months(struct mk_app *app, const char *text,
                            uint32_t *months)
{
    uint64_t n;
    if (!mk_num_parse(text, strlen(text), MK_LOG_TERM_MIN, MK_LOG_TERM_MAX,
                      &n))
        return mk_fail_at(
            &app->diag, MK_E_BAD_NUMBER,
            MK_T(app, "de bewaartermijn in maanden", "the term in months"), 0,
            MK_LOG_TERM_MIN, MK_LOG_TERM_MAX);
    *months = (uint32_t)n;
    return MK_OK;
}

enum mk_err mk_prune_ask(struct mk_app *app, uint32_t *months)
{
    enum mk_err rc;
    struct mk_buf answer = MK_BUF_INIT;
    for (;;) {
        MK_TRY(mk_term_ask(
            &app->term,
            MK_T(app, "Hoeveel maanden blijft het logboek bewaard [60]? ",
                 "How many months is the log kept [60]? "),
            &answer, &app->diag));
        *months = MK_LOG_TERM_MIN;
        if (answer.len == 0)
            break;
        MK_TRY(mk_buf_terminate(&answer));
        if (mk_prune_months(app, (const char *)answer.data, months) == MK_OK)
            break;
        app->diag = (struct mk_diag)MK_DIAG_INIT;
        mk_app_warn(app, MK_T(app, "geef een getal van 60 tot en met 600",
                              "give a number from 60 to 600"));
    }
out:
    mk_buf_release(&answer);
    return rc;
}

void mk_prune_remind(struct mk_app *app)
{
    struct mk_diag quiet = MK_DIAG_INIT;
    bool chosen;
    if (app->vault == NULL || mk_vault_user(app->vault) == NULL ||
        (mk_vault_roles(app->vault) & MK_ROLE_BIT(MK_ROLE_CUSTODIAN)) == 0 ||
        mk_log_term_chosen(app->vault, &chosen, &quiet) != MK_OK || chosen)
        return;
    mk_app_warn(app, MK_T(app,
                          "niemand koos nog hoe lang het logboek bewaard "
                          "blijft: tot dan is dit een oefenkluis; kies: "
                          "meldkluis log termijn MAANDEN (60 is gebruikelijk)",
                          "nobody chose yet how long the log is kept: until "
                          "then this is a vault for practice; choose: "
                          "meldkluis log term MONTHS (60 is usual)"));
}

void mk_prune_say(struct mk_app *app)
{
    struct mk_diag quiet = MK_DIAG_INIT;
    struct mk_log_keeping k;
    char day[20];
    char text[256];
    if (mk_log_term(app->vault, &k, &quiet) != MK_OK || k.pruned == 0 ||
        mk_log_keeping(app->vault, &k, &quiet) != MK_OK)
        return;
    mk_date_format_moment(day, k.pruned_ms);
    snprintf(text, sizeof text,
             MK_T(app,
                  "de regels voor nummer %" PRIu64 " zijn op %s opgeschoond "
                  "door %s; hun hashes zijn er nog",
                  "the entries before number %" PRIu64 " were pruned on %s by "
                  "%s; their hashes are still there"),
             k.pruned, day, mk_member_name(app, k.pruned_by));
    mk_app_note(app, text);
}

/* --- log termijn --- */

static enum mk_err term_text(struct mk_app *app,
                             const struct mk_log_keeping *k,
                             struct mk_buf *out)
{
    enum mk_err rc = MK_OK;
    char moment[20];
    if (k->months == 0) {
        MK_TRY(mk_buf_addf(out, "%s\n",
                           MK_T(app,
                                "bewaartermijn: door niemand gekozen; alles "
                                "blijft bewaard, en de kluis is om te oefenen",
                                "term: chosen by nobody; all is kept, and the "
                                "vault is for practice")));
        goto out;
    }
    mk_date_format_moment(moment, k->set_ms);
    MK_TRY(mk_buf_addf(out,
                       MK_T(app, "bewaartermijn: %u maanden (gesteld %s)\n",
                            "term: %u months (set %s)\n"),
                       k->months, moment));
    if (k->in_force == 0)
        MK_TRY(mk_buf_addf(out, "%s\n",
                           MK_T(app,
                                "geldt nog niet: opschonen kan 31 dagen nadat "
                                "hij is gesteld, en nadat auditor en "
                                "inspecteur sindsdien werkten",
                                "does not hold yet: pruning is possible 31 "
                                "days after it was set, and after an auditor "
                                "and an inspector worked since")));
    else if (k->in_force != k->months)
        MK_TRY(mk_buf_addf(
            out,
            MK_T(app, "geldt nog: %u maanden\n", "still holds: %u months\n"),
            k->in_force));
    if (k->pruned != 0) {
        mk_date_format_moment(moment, k->pruned_ms);
        MK_TRY(mk_buf_addf(out,
                           MK_T(app,
                                "opgeschoond: %" PRIu64 " regels, het laatst "
                                "%s door %s\n",
                                "pruned: %" PRIu64 " entries, last %s by "
                                "%s\n"),
                           k->pruned, moment,
                           mk_member_name(app, k->pruned_by)));
    }
out:
    return rc;
}

static enum mk_err term_json(struct mk_app *app,
                             const struct mk_log_keeping *k,
                             struct mk_buf *out)
{
    struct mk_json j;
    char moment[20];
    mk_json_begin(&j, out);
    mk_json_num(&j, "months", k->months);
    mk_json_bool(&j, "chosen", k->months != 0);
    mk_json_num(&j, "in_force", k->in_force);
    mk_json_num(&j, "pruned", (int64_t)k->pruned);
    if (k->pruned != 0) {
        mk_date_format_moment(moment, k->pruned_ms);
        mk_json_str(&j, "pruned_time", moment);
        mk_json_str(&j, "pruned_by", mk_member_name(app, k->pruned_by));
    }
    return mk_json_finish(&j);
}

enum mk_err mk_cmd_log_term(struct mk_app *app)
{
    enum mk_err rc = MK_OK;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_log_keeping k;
    uint32_t months = 0;
    if (app->args.n_words != 0)
        MK_TRY(mk_prune_months(app, app->args.word[0], &months));
    MK_TRY(mk_session_start(app));
    if (months != 0)
        MK_TRY(mk_log_term_set(app->vault, &app->access, months, &app->diag));
    MK_TRY(mk_log_keeping(app->vault, &k, &app->diag));
    MK_TRY(app->json ? term_json(app, &k, &out) : term_text(app, &k, &out));
    MK_TRY(mk_app_print(app, &out));
    if (months != 0)
        mk_app_note(app, app->access.dry_run
                             ? MK_T(app, "proef: er is niets opgeslagen",
                                    "dry run: nothing was saved")
                             : MK_T(app, "bewaartermijn gesteld", "term set"));
out:
    mk_buf_release(&out);
    return rc;
}

/* --- log opschonen --- */

/* What a session kept from going. */
static enum mk_err held_text(struct mk_app *app, const struct mk_log_pruned *p,
                             struct mk_buf *out)
{
    if (!p->held)
        return MK_OK;
    return mk_buf_addf(
        out,
        MK_T(app,
             "een sessie van %s (regel %" PRIu64 ") loopt verder: wat "
             "daarbij hoort blijft\n",
             "a session of %s (entry %" PRIu64 ") goes on: what belongs "
             "to it stays\n"),
        mk_member_name(app, p->held_by), p->held_seq);
}

static enum mk_err nothing_text(struct mk_app *app,
                                const struct mk_log_pruned *p,
                                struct mk_buf *out)
{
    enum mk_err rc;
    char moment[20];
    mk_date_format_moment(moment, p->before_ms);
    MK_TRY(mk_buf_addf(
        out,
        MK_T(app,
             "niets te verwijderen: van wat ouder is dan %s kan geen hele "
             "groep van 256 regels weg\n",
             "nothing to remove: of what is older than %s no whole group "
             "of 256 entries can go\n"),
        moment));
    if (p->size != 0)
        MK_TRY(mk_buf_addf(
            out,
            MK_T(app, "eerder verwijderd: alles voor regel %" PRIu64 "\n",
                 "removed before: all before entry %" PRIu64 "\n"),
            p->size));
    MK_TRY(held_text(app, p, out));
out:
    return rc;
}

static enum mk_err pruned_text(struct mk_app *app,
                               const struct mk_log_pruned *p,
                               struct mk_buf *out)
{
    enum mk_err rc;
    char moment[20];
    bool dry = app->access.dry_run;
    if (p->removed == 0)
        return nothing_text(app, p, out);
    mk_date_format_moment(moment, p->before_ms);
    MK_TRY(mk_buf_addf(out,
                       dry ? MK_T(app, "te verwijderen: %" PRIu64 " regels\n",
                                  "to remove: %" PRIu64 " entries\n")
                           : MK_T(app, "verwijderd: %" PRIu64 " regels\n",
                                  "removed: %" PRIu64 " entries\n"),
                       p->removed));
    MK_TRY(mk_buf_addf(
        out, MK_T(app, "alle ouder dan %s\n", "all older than %s\n"), moment));
    MK_TRY(mk_buf_addf(
        out,
        MK_T(app, "weg is dan alles voor regel %" PRIu64 " van %" PRIu64 "\n",
             "gone then is all before entry %" PRIu64 " of %" PRIu64 "\n"),
        p->size, p->log_size));
    MK_TRY(held_text(app, p, out));
out:
    return rc;
}

static enum mk_err pruned_json(struct mk_app *app,
                               const struct mk_log_pruned *p,
                               struct mk_buf *out)
{
    struct mk_json j;
    char moment[20];
    mk_date_format_moment(moment, p->before_ms);
    mk_json_begin(&j, out);
    mk_json_bool(&j, "saved", !app->access.dry_run);
    mk_json_num(&j, "removed", (int64_t)p->removed);
    mk_json_num(&j, "pruned", (int64_t)p->size);
    mk_json_num(&j, "log_size", (int64_t)p->log_size);
    mk_json_str(&j, "before", moment);
    if (p->held) {
        mk_json_str(&j, "held_by", mk_member_name(app, p->held_by));
        mk_json_num(&j, "held_seq", (int64_t)p->held_seq);
    }
    return mk_json_finish(&j);
}

/* The first millisecond of the day of --voor; 0: not given. */
static enum mk_err before_of(struct mk_app *app, int64_t *before_ms)
{
    const char *text = mk_args_value(&app->args, MK_OPT_VOOR);
    mk_day day;
    *before_ms = 0;
    if (text == NULL)
        return MK_OK;
    if (!mk_date_parse(text, strlen(text), &day))
        return mk_fail(
            &app->diag, MK_E_USAGE,
            MK_T(app, "--voor wil JJJJ-MM-DD", "--before wants YYYY-MM-DD"));
    *before_ms = mk_date_amsterdam_end(day - 1);
    return MK_OK;
}

enum mk_err mk_cmd_log_prune(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_log_pruned p;
    int64_t before_ms;
    MK_TRY(before_of(app, &before_ms));
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_log_prune(app->vault, &app->access, before_ms, &p, &app->diag));
    MK_TRY(app->json ? pruned_json(app, &p, &out)
                     : pruned_text(app, &p, &out));
    MK_TRY(mk_app_print(app, &out));
    if (app->access.dry_run)
        mk_app_note(app, MK_T(app, "proef: er is niets verwijderd",
                              "dry run: nothing was removed"));
out:
    mk_buf_release(&out);
    return rc;
}
