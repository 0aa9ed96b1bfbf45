/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/sheet.h"

#include "cmd/choice.h"
#include "cmd/run.h"

#include "core/base/num.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { WORDS = 32, THRESHOLD_MAX = 1000 };

static enum mk_err wrong(struct mk_app *app, const char *nl, const char *en)
{
    return mk_fail(&app->diag, MK_E_USAGE, MK_T(app, nl, en));
}

static enum mk_err formats(struct mk_app *app)
{
    size_t n = app->json;
    bool pdf = false;
    for (size_t i = 0; i < app->args.n_given; i++) {
        const char *value = app->args.given[i].value;
        if (app->args.given[i].option != MK_OPT_FORMAT)
            continue;
        if (!mk_choice_format(value))
            return mk_choice_refuse(&app->diag, "--format", MK_CHOICE_FORMAT);
        pdf |= strcmp(value, "pdf") == 0;
        n++;
    }
    if (pdf && !mk_args_has(&app->args, MK_OPT_UIT)) /* bytes, not text */
        return wrong(app, "--format pdf vraagt --uit MAP",
                     "--format pdf wants --out FOLDER");
    if (n > 1 && !mk_args_has(&app->args, MK_OPT_UIT))
        return wrong(app, "meer dan een --format vraagt --uit MAP",
                     "more than one --format wants --out FOLDER");
    return MK_OK;
}

/* The other program reads it: it is there. */
static enum mk_err published(struct mk_app *app)
{
    const char *path = mk_args_value(&app->args, MK_OPT_GEPUBLICEERD);
    if (path && access(path, R_OK) != 0)
        return mk_fail_sys(&app->diag,
                           errno == ENOENT ? MK_E_NO_FILE : MK_E_IO,
                           MK_T(app, "--gepubliceerd", "--published"));
    return MK_OK;
}

enum mk_err mk_sheet_layout(struct mk_app *app)
{
    enum mk_err rc;
    const char *threshold = mk_args_value(&app->args, MK_OPT_DREMPEL);
    const char *folder = mk_args_value(&app->args, MK_OPT_UIT);
    const char *name = mk_args_value(&app->args, MK_OPT_VRIJGAVE);
    const char *audience = mk_args_value(&app->args, MK_OPT_BESTEMD);
    uint64_t number;
    MK_TRY(formats(app));
    if (threshold &&
        !mk_num_parse(threshold, strlen(threshold), 2, THRESHOLD_MAX, &number))
        return mk_fail_at(&app->diag, MK_E_BAD_NUMBER, "--threshold", 0, 2,
                          THRESHOLD_MAX);
    if (name && !mk_release_name_ok(name))
        return mk_fail(&app->diag, MK_E_BAD_NAME,
                       MK_T(app, "--vrijgave", "--release"));
    if (audience &&
        !mk_code_find(MK_LIST_AUDIENCE, audience, strlen(audience))) {
        app->diag.list = MK_LIST_AUDIENCE;
        return mk_fail(&app->diag, MK_E_BAD_CODE,
                       MK_T(app, "--bestemd", "--audience"));
    }
    if (folder)
        MK_TRY(mk_output_elsewhere(app, folder));
    rc = published(app);
out:
    return rc;
}

/* What the other program calls an option; NULL if it is not for it. */
static const char *its_name(enum mk_option o)
{
    static const struct {
        enum mk_option option;
        const char *name;
    } names[] = {
        {MK_OPT_FORMAT, "--format"},     {MK_OPT_UIT, "--out"},
        {MK_OPT_DREMPEL, "--threshold"}, {MK_OPT_VRIJGAVE, "--release"},
        {MK_OPT_BESTEMD, "--audience"},  {MK_OPT_TABEL, "--table"},
        {MK_OPT_HERZIE, "--revise"},     {MK_OPT_GEPUBLICEERD, "--published"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].option == o)
            return names[i].name;
    return NULL;
}

enum mk_err mk_sheet_start(struct mk_app *app, const char *const verb[],
                           bool answers, struct mk_helper *h)
{
    const char *argv[WORDS] = {"meldkluis-factsheet"};
    size_t n = 1;
    if (app->in_session)
        return mk_run_one_shot(app);
    /* it would be given /dev/null, and think that it was heard */
    if (!app->harden.is_heard) {
        errno = EBADF;
        return mk_fail_sys(&app->diag, MK_E_IO, "stdout");
    }
    while (*verb != NULL)
        argv[n++] = *verb++;
    argv[n++] = "--lang";
    argv[n++] = MK_T(app, "nl", "en");
    for (size_t i = 0; i < app->args.n_given; i++) {
        const char *name = its_name(app->args.given[i].option);
        if (name == NULL)
            continue;
        if (n + 5 > WORDS) /* this pair, that of --json, and the end */
            return wrong(app, "te veel keer --format",
                         "too many times --format");
        argv[n++] = name;
        if (app->args.given[i].value != NULL)
            argv[n++] = app->args.given[i].value;
    }
    if (app->json) {
        argv[n++] = "--format";
        argv[n++] = "json";
    }
    return mk_helper_start(h, argv[0], argv, answers, &app->diag);
}

enum mk_err mk_sheet_end(struct mk_app *app, struct mk_helper *h,
                         enum mk_err rc, const char *last)
{
    struct mk_diag of_end = MK_DIAG_INIT;
    struct mk_diag unused = MK_DIAG_INIT;
    enum mk_err ended, said;
    int status = 0;
    /* whoever waits ends without a word: ours was said, or will be */
    if (rc != MK_OK) {
        said = mk_helper_say(h, last, &unused);
        (void)said; /* it may have gone already */
    }
    ended = mk_helper_finish(h, &status, &of_end);
    if (rc == MK_E_PROGRAM && h->gone && ended == MK_OK && status != 0)
        rc = MK_OK;
    if (rc != MK_OK)
        return rc;
    if (ended != MK_OK)
        app->diag = of_end;
    app->status = (enum mk_exit)status; /* it has said why itself */
    return ended;
}
