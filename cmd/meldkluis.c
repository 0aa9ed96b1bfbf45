/* SPDX-License-Identifier: GPL-3.0-or-later */
/* meldkluis: give up rights, understand the command line, run one command. */
#include "cmd/app.h"
#include "cmd/run.h"

#include <string.h>
#include <unistd.h>

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
    bool done;
    MK_TRY(mk_harden_begin(&app->harden, &app->diag));
    mk_env_read(&app->env);
    mk_harden_environment(&app->harden);
    app->english = wants_english(argc, argv, app->env.english);
    MK_TRY(mk_run_parse(app, argc > 0 ? (size_t)argc - 1 : 0, argv + 1));
    MK_TRY(mk_run_version(app, &done));
    if (done)
        goto out;
    MK_TRY(mk_run_choose(app));
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
    if (rc == MK_OK)
        mk_run_remind(&app);
    else
        mk_run_tell_mark(&app);
    mk_vault_close(app.vault);
    mk_server_close(app.where.server);
    mk_term_close(&app.term);
    if (rc != MK_OK) {
        app.diag.err = rc;
        mk_app_error(&app);
        return (int)mk_err_exit(rc);
    }
    return (int)app.status;
}
