/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log uitvoer, log sleutel: what goes to a reader outside. */
#include "cmd/app.h"
#include "cmd/json.h"

#include "core/base/bytes.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* --- log uitvoer --- */

static enum mk_err export_text(struct mk_app *app,
                               const struct mk_export_report *r,
                               struct mk_buf *out)
{
    enum mk_err rc;
    char root[65];
    mk_hex(root, r->log_root, sizeof r->log_root);
    MK_TRY(
        mk_buf_addf(out,
                    MK_T(app,
                         "log: %" PRIu64 " regels, waarvan %" PRIu64 " nieuw\n"
                         "wortel van het log: %s\n",
                         "log: %" PRIu64 " entries, %" PRIu64 " of them new\n"
                         "root of the log: %s\n"),
                    r->log_size, r->log_size - r->old_size, root));
out:
    return rc;
}

static enum mk_err export_json(struct mk_app *app,
                               const struct mk_export_report *r,
                               struct mk_buf *out)
{
    struct mk_json j;
    mk_json_begin(&j, out);
    mk_json_bool(&j, "saved", !app->access.dry_run);
    mk_json_num(&j, "log_size", (int64_t)r->log_size);
    mk_json_num(&j, "before", (int64_t)r->old_size);
    mk_json_hex(&j, "log_root", r->log_root, sizeof r->log_root);
    mk_json_num(&j, "heads", (int64_t)r->heads);
    mk_json_num(&j, "registers", (int64_t)r->registers);
    mk_json_num(&j, "files", (int64_t)r->files);
    mk_json_bool(&j, "repaired", r->repaired);
    return mk_json_finish(&j);
}

static enum mk_err tell(struct mk_app *app, const struct mk_export_report *r)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    if (r->repaired)
        mk_app_warn(app, MK_T(app,
                              "de map was beschadigd waar zij ophield en is "
                              "in haar geheel opnieuw geschreven",
                              "the folder was damaged where it ended and was "
                              "written anew as a whole"));
    if (app->json)
        MK_TRY(export_json(app, r, &out));
    else
        MK_TRY(export_text(app, r, &out));
    MK_TRY(mk_app_print(app, &out));
    if (app->access.dry_run)
        mk_app_note(app, MK_T(app, "proef: alleen de logregel is geschreven",
                              "dry run: only the log entry was written"));
out:
    mk_buf_release(&out);
    return rc;
}

enum mk_err mk_cmd_log_export(struct mk_app *app)
{
    enum mk_err rc, opened;
    const char *path = app->args.word[0];
    const struct mk_harden_place more = {path, MK_HARDEN_WORK};
    struct mk_export_report report;
    struct mk_diag unlocked = MK_DIAG_INIT;
    int dir = -1;
    MK_TRY(mk_output_folder(app, &dir, path));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, &more, 1));
    opened = rc = mk_session_unlock(app);
    /* a vault that was put back is written out as it is found: that is what an
     * outsider wants to see */
    if (rc != MK_OK &&
        (app->vault == NULL || mk_vault_user(app->vault) == NULL ||
         mk_err_exit(rc) != MK_EXIT_INTEGRITY))
        goto out;
    unlocked = app->diag;
    app->diag = (struct mk_diag)MK_DIAG_INIT;
    rc = mk_log_export(app->vault, &app->access, dir, &report, &app->diag);
    mk_app_progress_end(app);
    if (rc != MK_OK)
        goto out;
    MK_TRY(tell(app, &report));
    if (opened != MK_OK) {
        app->diag = unlocked;
        rc = opened;
    }
out:
    if (dir >= 0)
        close(dir);
    return rc;
}

/* --- log sleutel --- */

enum mk_err mk_cmd_log_key(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_output file = {.fd = -1, .dir = -1};
    struct mk_harden_place more = {file.folder, MK_HARDEN_REMOVE};
    struct mk_secret *passphrase = NULL;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_output_open(app, &file, app->args.word[0]));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, &more, 1));
    MK_TRY(mk_session_unlock(app));
    MK_TRY(mk_session_new_passphrase(
        app, MK_T(app, "het sleutelbestand", "the key file"), &passphrase));
    MK_TRY(
        mk_log_key(app->vault, &app->access, passphrase, &text, &app->diag));
    if (app->access.dry_run) {
        mk_app_note(app, MK_T(app, "proef: alleen de logregel is geschreven",
                              "dry run: only the log entry was written"));
        goto out;
    }
    MK_TRY(mk_output_write(&file, &text, &app->diag));
    MK_TRY(mk_output_close(&file, true, &app->diag));
    mk_app_note(app,
                MK_T(app,
                     "dit bestand opent elke logregel, ook latere: bewaar het "
                     "als het wachtwoord van een auditor",
                     "this file opens every entry of the log, also later "
                     "ones: keep it as the passphrase of an auditor"));
out:
    if (mk_output_close(&file, false, NULL) != MK_OK)
        mk_app_warn(app, MK_T(app, "er blijft een leeg bestand achter",
                              "an empty file stays behind"));
    mk_secret_free(passphrase);
    mk_buf_release(&text);
    return rc;
}
