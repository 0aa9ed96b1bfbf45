/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/run.h"

#include "cmd/escape.h"
#include "cmd/member.h"
#include "cmd/notice.h"
#include "cmd/practice.h"
#include "cmd/prune.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum mk_err language(struct mk_app *app)
{
    const char *lang = mk_args_value(&app->args, MK_OPT_TAAL);
    if (lang == NULL)
        return MK_OK;
    app->english = strcmp(lang, "en") == 0;
    if (!app->english && strcmp(lang, "nl") != 0)
        return mk_fail(&app->diag, MK_E_USAGE,
                       MK_T(app, "--taal is nl of en", "--lang is nl or en"));
    return MK_OK;
}

enum mk_err mk_run_parse(struct mk_app *app, size_t n, char *const words[])
{
    enum mk_err rc;
    MK_TRY(mk_args_parse(&app->args, n, words, app->english, &app->diag));
    MK_TRY(language(app));
    app->json = mk_args_has(&app->args, MK_OPT_JSON);
out:
    return rc;
}

void mk_run_tell_mark(struct mk_app *app)
{
    if (app->mark_told || app->vault == NULL ||
        !mk_vault_first_mark(app->vault))
        return;
    app->mark_told = true;
    mk_app_warn(app, MK_T(app,
                          "deze kluis is hier voor het eerst geopend; vanaf "
                          "nu wordt een oudere kopie herkend",
                          "this vault was opened here for the first time; "
                          "from now on an older copy is noticed"));
}

void mk_run_remind(struct mk_app *app)
{
    mk_run_tell_mark(app);
    mk_prune_remind(app);
    mk_member_remind(app);
    mk_notice_remind(app);
    if (!app->in_session) /* its prompt says so */
        mk_practice_remind(app);
}

enum mk_err mk_run_version(struct mk_app *app, bool *done)
{
    *done = mk_args_has(&app->args, MK_OPT_VERSIE);
    if (!*done)
        return MK_OK;
    if (app->json)
        printf("{\"schema\":1,\"version\":\"%s\"}\n", MK_VERSION);
    else
        printf("meldkluis %s\n", MK_VERSION);
    return fflush(stdout) == 0 ? MK_OK
                               : mk_fail_sys(&app->diag, MK_E_IO, "stdout");
}

static bool runs(const struct mk_app *app, mk_command_run *run)
{
    return app->command.run == run;
}

static bool is_outside(const struct mk_app *app)
{
#define MK_OUTSIDE(name)          \
    if (runs(app, mk_cmd_##name)) \
        return true;
#include "cmd/outside.def"
#undef MK_OUTSIDE
    for (size_t i = 0; i < app->args.n_given; i++)
        if (mk_option_get(app->args.given[i].option)->flags & MK_OPTION_FILE)
            return true;
    return false;
}

enum mk_err mk_run_one_shot(struct mk_app *app)
{
    char name[64];
    mk_command_name(&app->command, app->english, name);
    return mk_fail(&app->diag, MK_E_ONE_SHOT, name);
}

/* What was asked of the vault, or of the program, when the session began. */
static enum mk_err of_the_session(struct mk_app *app)
{
    static const enum mk_option fixed[] = {MK_OPT_KLUIS, MK_OPT_GEBRUIKER,
                                           MK_OPT_PASSPHRASE_FD};
    char place[sizeof app->diag.place];
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        const struct mk_option_info *info = mk_option_get(fixed[i]);
        if (!mk_args_has(&app->args, fixed[i]))
            continue;
        snprintf(place, sizeof place,
                 MK_T(app, "--%s staat vast voor de hele sessie",
                      "--%s is fixed for the whole session"),
                 app->english ? info->en : info->nl);
        return mk_fail(&app->diag, MK_E_USAGE, place);
    }
    return is_outside(app) ? mk_run_one_shot(app) : MK_OK;
}

/* Only options that belong to the command. */
static enum mk_err check_options(struct mk_app *app)
{
    const struct mk_args *args = &app->args;
    char place[sizeof app->diag.place];
    for (size_t i = 0; i < args->n_given; i++) {
        enum mk_option o = args->given[i].option;
        const struct mk_option_info *info = mk_option_get(o);
        if ((info->flags & MK_OPTION_GLOBAL) ||
            (app->command.options & MK_O_BIT(o)))
            continue;
        snprintf(place, sizeof place,
                 MK_T(app, "--%s hoort niet bij deze opdracht",
                      "--%s does not belong to this command"),
                 app->english ? info->en : info->nl);
        return mk_fail(&app->diag, MK_E_USAGE, place);
    }
    return MK_OK;
}

static enum mk_err check_words(struct mk_app *app)
{
    const struct mk_args *args = &app->args;
    char place[sizeof app->diag.place];
    if (args->n_words >= app->command.min_words &&
        args->n_words <= app->command.max_words)
        return MK_OK;
    if (app->command.run == mk_cmd_search)
        return mk_fail(&app->diag, MK_E_USAGE,
                       MK_T(app,
                            "zoekwoorden zijn persoonsgegevens: ze worden "
                            "gevraagd, of geef --form -",
                            "search words are personal data: they are asked "
                            "for, or give --form -"));
    snprintf(place, sizeof place, "%s %s",
             MK_T(app, "verwacht wordt", "expected is"),
             app->command.max_words == 0
                 ? MK_T(app, "geen verder woord", "no further word")
                 : MK_T(app, app->command.words_nl, app->command.words_en));
    return mk_fail(&app->diag, MK_E_USAGE, place);
}

/* No command: on a terminal that is a session, else a mistake. */
static enum mk_err choose_none(struct mk_app *app)
{
    size_t used;
    const char *const session[] = {"sessie"};
    if (mk_args_has(&app->args, MK_OPT_HELP)) {
        app->command.run = mk_cmd_help;
        return MK_OK;
    }
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
        mk_command_find(session, 1, &app->command, &used))
        return check_options(app);
    app->command.run = mk_cmd_help;
    return mk_fail(&app->diag, MK_E_USAGE,
                   MK_T(app, "geen opdracht gegeven", "no command given"));
}

enum mk_err mk_run_choose(struct mk_app *app)
{
    struct mk_args *args = &app->args;
    enum mk_err rc;
    size_t used = 0;
#ifdef MK_TEST_BUILD
    if (args->n_words >= 2 && strcmp(args->word[0], "test-escape") == 0) {
        app->command.run = mk_cmd_escape;
        args->n_words--;
        memmove(args->word, args->word + 1,
                args->n_words * sizeof args->word[0]);
        return MK_OK;
    }
#endif
    if (args->n_words == 0)
        return choose_none(app);
    if (!mk_command_find(args->word, args->n_words, &app->command, &used)) {
        app->command.run = mk_cmd_help;
        return mk_fail(&app->diag, MK_E_USAGE,
                       MK_T(app, "onbekende opdracht", "unknown command"));
    }
    if (mk_args_has(args, MK_OPT_HELP)) {
        app->command.run = mk_cmd_help;
        return MK_OK;
    }
    args->n_words -= used;
    memmove(args->word, args->word + used,
            args->n_words * sizeof args->word[0]);
    MK_TRY(check_options(app));
    MK_TRY(check_words(app));
    if (app->in_session)
        rc = of_the_session(app);
out:
    return rc;
}
