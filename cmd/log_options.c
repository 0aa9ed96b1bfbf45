/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options of the commands over the access log, and their file. */
#include "cmd/log_view.h"

#include "cmd/choice.h"
#include "cmd/view.h"
#include "core/base/num.h"

#include <string.h>

static enum mk_err wrong(struct mk_app *app, const char *nl, const char *en)
{
    return mk_fail(&app->diag, MK_E_USAGE, MK_T(app, nl, en));
}

static bool day_by_word(const char *text, mk_day *day)
{
    static const struct {
        const char *word;
        int ago;
    } words[] = {
        {"vandaag", 0}, {"today", 0}, {"gisteren", 1}, {"yesterday", 1}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(text, words[i].word) == 0) {
            *day = mk_today() - words[i].ago;
            return true;
        }
    return false;
}

static enum mk_err day_option(struct mk_app *app, enum mk_option o,
                              mk_day *day)
{
    const char *text = mk_args_value(&app->args, o);
    *day = MK_DAY_NONE;
    if (text == NULL || day_by_word(text, day) ||
        mk_date_parse(text, strlen(text), day))
        return MK_OK;
    return wrong(app, "--van en --tot willen JJJJ-MM-DD, gisteren of vandaag",
                 "--from and --until want YYYY-MM-DD, yesterday or today");
}

enum mk_err mk_log_number(struct mk_app *app, enum mk_option o, bool *given,
                          uint64_t *n)
{
    const char *text = mk_args_value(&app->args, o);
    *given = text != NULL;
    if (text && !mk_num_parse(text, strlen(text), 0, INT64_MAX - 1, n))
        return wrong(app,
                     "--van-nr en --tot-nr willen het nummer van een regel",
                     "--from-no and --until-no want the number of an entry");
    return MK_OK;
}

static enum mk_err number_options(struct mk_app *app, struct mk_log_filter *f)
{
    enum mk_err rc;
    bool given;
    MK_TRY(mk_log_number(app, MK_OPT_VAN_NR, &given, &f->first));
    MK_TRY(mk_log_number(app, MK_OPT_TOT_NR, &given, &f->end));
    if (given)
        f->end++; /* the filter ends before it */
    if (given && f->first >= f->end)
        rc = wrong(app, "--van-nr is hoger dan --tot-nr",
                   "--from-no is higher than --until-no");
out:
    return rc;
}

static enum mk_err question_options(struct mk_app *app,
                                    struct mk_log_filter *f)
{
    const char *question = mk_args_value(&app->args, MK_OPT_VRAAG);
    const char *threshold = mk_args_value(&app->args, MK_OPT_DREMPEL);
    if (question) {
        enum mk_log_question q = mk_question_find(question);
        if (q == MK_QUESTION_COUNT)
            return mk_choice_refuse(&app->diag,
                                    MK_T(app, "--vraag", "--question"),
                                    MK_CHOICE_QUESTION);
        f->questions = MK_QUESTION_BIT(q);
    }
    if (threshold && !mk_num_parse(threshold, strlen(threshold), 1,
                                   MK_LOG_THRESHOLD_MAX, &f->threshold))
        return wrong(app, "--drempel wil een getal van 1 tot en met 1000",
                     "--threshold wants a number from 1 to 1000");
    return MK_OK;
}

enum mk_err mk_log_filter_of(struct mk_app *app, struct mk_log_filter *f,
                             struct mk_dossier_ref *ref)
{
    enum mk_err rc;
    const char *tag = mk_args_value(&app->args, MK_OPT_DOSSIER);
    const char *kind = mk_args_value(&app->args, MK_OPT_SOORT);
    memset(f, 0, sizeof *f);
    MK_TRY(day_option(app, MK_OPT_VAN, &f->from));
    MK_TRY(day_option(app, MK_OPT_TOT, &f->until));
    /* an empty answer would read as: nothing happened */
    if (f->from != MK_DAY_NONE && f->until != MK_DAY_NONE &&
        f->from > f->until) {
        rc = wrong(app, "--van ligt na --tot", "--from lies after --until");
        goto out;
    }
    MK_TRY(number_options(app, f));
    MK_TRY(question_options(app, f));
    if (tag) {
        MK_TRY(mk_dossier_ref_parse(ref, tag, &app->diag));
        f->ref = ref;
    }
    if (kind) {
        f->kind = mk_audit_find(kind);
        if (f->kind == MK_AUDIT_NONE)
            rc = mk_choice_refuse(&app->diag, MK_T(app, "--soort", "--kind"),
                                  MK_CHOICE_KIND);
    }
out:
    return rc;
}

enum mk_err mk_log_filter_person(struct mk_app *app, struct mk_log_filter *f)
{
    const char *who = mk_args_value(&app->args, MK_OPT_WIE);
    const struct mk_member *m;
    if (who == NULL)
        return MK_OK;
    m = mk_keyring_by_name(mk_vault_keyring(app->vault), who);
    if (m == NULL)
        return mk_fail(&app->diag, MK_E_NOT_FOUND, who);
    f->actor = m->id;
    return MK_OK;
}

enum mk_err mk_log_format_of(struct mk_app *app, unsigned allowed,
                             enum mk_log_format *format)
{
    static const struct {
        const char *name;
        enum mk_log_format format;
    } names[] = {{"text", MK_LOG_TEXT},
                 {"csv", MK_LOG_CSV},
                 {"json", MK_LOG_JSON},
                 {"html", MK_LOG_HTML}};
    size_t n = 0;
    *format = app->json ? MK_LOG_JSON : MK_LOG_TEXT;
    for (size_t i = 0; i < app->args.n_given; i++) {
        bool known = false;
        if (app->args.given[i].option != MK_OPT_FORMAT)
            continue;
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
            if (strcmp(app->args.given[i].value, names[k].name) == 0 &&
                (allowed & names[k].format)) {
                *format = names[k].format;
                known = true;
            }
        if (!known || ++n > 1 || (app->json && *format != MK_LOG_JSON))
            return allowed & MK_LOG_HTML
                       ? wrong(app,
                               "--format wil hier text, json of html, eenmaal",
                               "--format wants text, json or html here, once")
                       : wrong(app,
                               "--format wil hier text, csv of json, eenmaal",
                               "--format wants text, csv or json here, once");
    }
    return MK_OK;
}

enum mk_err mk_log_begin(struct mk_app *app, struct mk_output *file)
{
    enum mk_err rc;
    const char *path = mk_args_value(&app->args, MK_OPT_UIT);
    struct mk_harden_place more = {file->folder, MK_HARDEN_REMOVE};
    if (path)
        MK_TRY(mk_output_open(app, file, path));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, &more, path ? 1 : 0));
    MK_TRY(mk_session_unlock(app));
out:
    return rc;
}

enum mk_err mk_log_give(struct mk_app *app, struct mk_output *file,
                        const struct mk_buf *out)
{
    enum mk_err rc;
    if (file->fd < 0)
        return mk_app_print(app, out);
    MK_TRY(mk_output_write(file, out, &app->diag));
    MK_TRY(mk_output_close(file, true, &app->diag));
out:
    return rc;
}

void mk_log_end(struct mk_app *app, struct mk_output *file)
{
    if (mk_output_close(file, false, NULL) != MK_OK)
        mk_app_warn(app, MK_T(app, "er blijft een leeg bestand achter",
                              "an empty file stays behind"));
}
