/* SPDX-License-Identifier: GPL-3.0-or-later */
/* meldkluis: give up rights, understand the command line, run one command. */
#include "cmd/app.h"
#include "cmd/escape.h"
#include "cmd/member.h"
#include "cmd/practice.h"
#include "cmd/prune.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum mk_err language(struct mk_app *app)
{
    const char *lang = mk_args_value(&app->args, MK_OPT_TAAL);
    app->english = app->env.english;
    if (lang == NULL)
        return MK_OK;
    app->english = strcmp(lang, "en") == 0;
    if (!app->english && strcmp(lang, "nl") != 0)
        return mk_fail(&app->diag, MK_E_USAGE,
                       MK_T(app, "--taal is nl of en", "--lang is nl or en"));
    return MK_OK;
}

/* A wish for another language holds for complaints about the rest, too. */
static bool wants_english(int argc, char *const argv[], bool otherwise)
{
    for (int i = 1; i < argc; i++) {
        const char *eq = strchr(argv[i], '=');
        const char *value = eq ? eq + 1 : i + 1 < argc ? argv[i + 1] : "";
        if (strncmp(argv[i], "--lang", 6) == 0 ||
            strncmp(argv[i], "--taal", 6) == 0)
            return strcmp(value, "en") == 0;
    }
    return otherwise;
}

/* The command, its words and its options fit together. */
static enum mk_err choose(struct mk_app *app)
{
    struct mk_args *args = &app->args;
    size_t used = 0;
    char place[sizeof app->diag.place];
#ifdef MK_TEST_BUILD
    if (args->n_words >= 2 && strcmp(args->word[0], "test-escape") == 0) {
        app->command.run = mk_cmd_escape;
        args->n_words--;
        memmove(args->word, args->word + 1,
                args->n_words * sizeof args->word[0]);
        return MK_OK;
    }
#endif
    if (args->n_words == 0 ||
        !mk_command_find(args->word, args->n_words, &app->command, &used)) {
        app->command.run = mk_cmd_help;
        if (args->n_words == 0 && mk_args_has(args, MK_OPT_HELP))
            return MK_OK;
        return mk_fail(
            &app->diag, MK_E_USAGE,
            args->n_words
                ? MK_T(app, "onbekende opdracht", "unknown command")
                : MK_T(app, "geen opdracht gegeven", "no command given"));
    }
    if (mk_args_has(args, MK_OPT_HELP)) {
        app->command.run = mk_cmd_help;
        return MK_OK;
    }
    args->n_words -= used;
    memmove(args->word, args->word + used,
            args->n_words * sizeof args->word[0]);
    for (size_t i = 0; i < args->n_given; i++) {
        enum mk_option o = args->given[i].option;
        const struct mk_option_info *info = mk_option_get(o);
        if ((info->flags & MK_OPTION_GLOBAL) ||
            (app->command.options & (UINT64_C(1) << o)))
            continue;
        snprintf(place, sizeof place,
                 MK_T(app, "--%s hoort niet bij deze opdracht",
                      "--%s does not belong to this command"),
                 app->english ? info->en : info->nl);
        return mk_fail(&app->diag, MK_E_USAGE, place);
    }
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

/* No memory to choose a language with. */
static void exhausted(void *ctx, int err, const char *text)
{
    static const char said[] =
        "meldkluis: geen geheugen meer; er is niets opgeslagen; sluit andere "
        "programma's / out of memory; nothing was saved; close other "
        "programs\n";
    ssize_t n = write(STDERR_FILENO, said, sizeof said - 1);
    (void)n;
    (void)ctx;
    (void)err;
    (void)text;
    _exit(MK_EXIT_FAILED);
}

static enum mk_err run(struct mk_app *app, int argc, char *argv[])
{
    enum mk_err rc;
    MK_TRY(mk_harden_begin(&app->harden, &app->diag));
    mk_env_read(&app->env);
    mk_harden_environment(&app->harden);
    app->english = wants_english(argc, argv, app->env.english);
    MK_TRY(mk_args_parse(&app->args, argc > 0 ? (size_t)argc - 1 : 0, argv + 1,
                         app->english, &app->diag));
    MK_TRY(language(app));
    app->json = mk_args_has(&app->args, MK_OPT_JSON);
    if (mk_args_has(&app->args, MK_OPT_VERSIE)) {
        if (app->json)
            printf("{\"schema\":1,\"version\":\"%s\"}\n", MK_VERSION);
        else
            printf("meldkluis %s\n", MK_VERSION);
        return fflush(stdout) == 0
                   ? MK_OK
                   : mk_fail_sys(&app->diag, MK_E_IO, "stdout");
    }
    MK_TRY(choose(app));
    MK_TRY(mk_session_options(app));
    mk_on_exhausted(exhausted);
    MK_TRY(mk_init(&app->diag));
    mk_term_open(&app->term);
    MK_TRY(app->command.run(app));
out:
    return rc;
}

int main(int argc, char *argv[])
{
    struct mk_app app = {
        .passphrase_fd = -1, .term = {.fd = -1}, .diag = MK_DIAG_INIT};
    enum mk_err rc = run(&app, argc, argv);
    if (rc == MK_OK) {
        mk_prune_remind(&app);
        mk_member_remind(&app);
        mk_practice_remind(&app);
    }
    mk_vault_close(app.vault);
    mk_term_close(&app.term);
    if (rc != MK_OK) {
        app.diag.err = rc;
        mk_app_error(&app);
        return (int)mk_err_exit(rc);
    }
    return (int)app.status;
}
