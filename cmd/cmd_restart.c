/* SPDX-License-Identifier: GPL-3.0-or-later */
/* herstart: a copy that was put back, accepted by two. */
#include "cmd/app.h"

#include <string.h>

static enum mk_err wrong(struct mk_app *app, const char *nl, const char *en)
{
    return mk_fail(&app->diag, MK_E_USAGE, MK_T(app, nl, en));
}

enum mk_err mk_cmd_restart(struct mk_app *app)
{
    enum mk_err rc;
    const char *auditor = mk_args_value(&app->args, MK_OPT_AUDITOR);
    const char *reason = mk_args_value(&app->args, MK_OPT_REDEN);
    struct mk_secret *passphrase = NULL;
    if (app->access.dry_run)
        return wrong(app, "herstart kent geen --proef",
                     "accept-restore knows no --dry-run");
    if (auditor == NULL)
        return wrong(app, "--auditor ontbreekt: herstellen doet u met twee",
                     "--auditor is missing: restoring takes two");
    const struct mk_code *code =
        reason ? mk_code_find(MK_LIST_RESTART, reason, strlen(reason)) : NULL;
    if (code == NULL) {
        app->diag.list = MK_LIST_RESTART;
        return mk_fail(&app->diag, MK_E_BAD_CODE,
                       MK_T(app, "--reden", "--reason"));
    }
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    rc = mk_session_unlock(app);
    if (rc == MK_OK)
        return wrong(app,
                     "de kluis is niet teruggezet: er is niets te aanvaarden",
                     "the vault was not put back: there is nothing to accept");
    if (rc != MK_E_ROLLED_BACK)
        goto out;
    app->diag = (struct mk_diag)MK_DIAG_INIT;
    MK_TRY(mk_session_passphrase(app, auditor, &passphrase));
    MK_TRY(
        mk_restart(app->vault, auditor, passphrase, code->number, &app->diag));
    mk_app_note(
        app, MK_T(app, "herstel aanvaard; de kluis kan weer worden gebruikt",
                  "restore accepted; the vault can be used again"));
out:
    mk_secret_free(passphrase);
    return rc;
}
