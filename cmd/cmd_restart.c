/* SPDX-License-Identifier: GPL-3.0-or-later */
/* herstart: a copy that was put back, accepted by two. */
#include "cmd/app.h"
#include "cmd/certificate.h"

#include <string.h>
#include <unistd.h>

static enum mk_err wrong(struct mk_app *app, const char *nl, const char *en)
{
    return mk_fail(&app->diag, MK_E_USAGE, MK_T(app, nl, en));
}

/* The records of the certificates that were given; read before the sandbox
 * shuts their folders off. */
struct given {
    struct mk_buf record[MK_ARGS_MAX];
    size_t n;
};

static enum mk_err read_certificates(struct mk_app *app, struct given *g)
{
    enum mk_err rc = MK_OK;
    struct mk_buf text = MK_BUF_INIT;
    int fd = -1;
    for (size_t i = 0; i < app->args.n_given; i++) {
        if (app->args.given[i].option != MK_OPT_CERTIFICAAT)
            continue;
        MK_TRY(mk_input_open(&fd, app->args.given[i].value, &app->diag));
        mk_buf_clear(&text);
        MK_TRY(mk_input_read(&text, fd, MK_CERTIFICATE_MAX, &app->diag));
        close(fd);
        fd = -1;
        MK_TRY(mk_certificate_read(&text, &g->record[g->n++], &app->diag));
    }
out:
    if (fd >= 0)
        close(fd);
    mk_buf_release(&text);
    return rc;
}

static enum mk_err take_certificates(struct mk_app *app, const struct given *g)
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < g->n; i++)
        MK_TRY(mk_certificate_take(app->vault, g->record[i].data,
                                   g->record[i].len, &app->diag));
    if (g->n != 0)
        mk_app_note(app,
                    MK_T(app,
                         "certificaten overgenomen; zet de kopie een dossier "
                         "daarvan terug, laat dan vernietig uitvoer doen",
                         "certificates taken in; if the copy brings one of "
                         "those dossiers back, have destroy run done"));
out:
    return rc;
}

/* Who else signs, and why. */
static enum mk_err options(struct mk_app *app, unsigned *reason)
{
    const char *text = mk_args_value(&app->args, MK_OPT_REDEN);
    const struct mk_code *code =
        text ? mk_code_find(MK_LIST_RESTART, text, strlen(text)) : NULL;
    if (mk_args_value(&app->args, MK_OPT_AUDITOR) == NULL)
        return wrong(app, "--auditor ontbreekt: herstellen doet u met twee",
                     "--auditor is missing: restoring takes two");
    if (code == NULL) {
        app->diag.list = MK_LIST_RESTART;
        return mk_fail(&app->diag, MK_E_BAD_CODE,
                       MK_T(app, "--reden", "--reason"));
    }
    *reason = code->number;
    return MK_OK;
}

static enum mk_err accept(struct mk_app *app, unsigned reason)
{
    enum mk_err rc;
    const char *auditor = mk_args_value(&app->args, MK_OPT_AUDITOR);
    struct mk_secret *passphrase = NULL;
    app->diag = (struct mk_diag)MK_DIAG_INIT;
    MK_TRY(mk_session_passphrase(app, auditor, &passphrase));
    MK_TRY(mk_restart(app->vault, auditor, passphrase, reason, &app->diag));
    mk_app_note(
        app, MK_T(app, "herstel aanvaard; de kluis kan weer worden gebruikt",
                  "restore accepted; the vault can be used again"));
out:
    mk_secret_free(passphrase);
    return rc;
}

/* Certificates alone can be taken without a restore: on a machine that never
 * saw the newer vault nothing is missed. */
enum mk_err mk_cmd_restart(struct mk_app *app)
{
    enum mk_err rc, opened;
    struct given g = {.n = 0};
    unsigned reason = 0;
    if (app->access.dry_run)
        return wrong(app, "herstart kent geen --proef",
                     "accept-restore knows no --dry-run");
    MK_TRY(read_certificates(app, &g));
    if (g.n == 0 || mk_args_has(&app->args, MK_OPT_AUDITOR))
        MK_TRY(options(app, &reason));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    opened = rc = mk_session_unlock(app);
    if (rc != MK_OK && rc != MK_E_ROLLED_BACK)
        goto out;
    MK_TRY(take_certificates(app, &g));
    if (opened == MK_E_ROLLED_BACK && reason != 0)
        rc = accept(app, reason);
    else if (opened == MK_E_ROLLED_BACK)
        rc = options(app, &reason);
    else if (g.n == 0)
        rc = wrong(app,
                   "de kluis is niet teruggezet: er is niets te aanvaarden",
                   "the vault was not put back: there is nothing to accept");
out:
    for (size_t i = 0; i < MK_ARGS_MAX; i++)
        mk_buf_release(&g.record[i]);
    return rc;
}
