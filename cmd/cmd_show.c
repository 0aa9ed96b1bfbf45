/* SPDX-License-Identifier: GPL-3.0-or-later */
/* toon, tijdlijn: a dossier on the screen, or in a file that the reader asks
 * for by name.  Never in a pipe. */
#include "cmd/ask.h"
#include "cmd/certificate.h"
#include "cmd/practice.h"
#include "cmd/view.h"

#include <string.h>
#include <unistd.h>

static enum mk_err render(struct mk_app *app, const struct mk_view *view,
                          bool timeline, struct mk_buf *text)
{
    enum mk_err rc;
    if (app->json)
        return mk_view_json(app, view, !timeline, text);
    MK_TRY(mk_practice_line(app, text));
    MK_TRY(timeline ? mk_view_timeline(app, view, text)
                    : mk_view_text(app, view, text));
out:
    return rc;
}

/* What is left of a dossier that was destroyed. */
static enum mk_err render_gone(struct mk_app *app,
                               const struct mk_dossier_ref *ref,
                               struct mk_buf *text)
{
    enum mk_err rc;
    struct mk_certificate c;
    mk_certificate_init(&c);
    MK_TRY(mk_certificate_get(app->vault, ref, &c, &app->diag));
    MK_TRY(app->json ? mk_certificate_json(app, &c, text)
                     : mk_certificate_text(app, &c, text));
out:
    mk_certificate_release(&c);
    return rc;
}

static enum mk_err reveal(struct mk_app *app, bool timeline)
{
    enum mk_err rc;
    const char *path = mk_args_value(&app->args, MK_OPT_UIT);
    struct mk_output file = {.fd = -1, .dir = -1};
    struct mk_harden_place more = {file.folder, MK_HARDEN_REMOVE};
    struct mk_dossier_ref ref;
    struct mk_view view;
    struct mk_buf text = MK_BUF_INIT;
    enum mk_audit kind = path       ? MK_AUDIT_COPY
                         : timeline ? MK_AUDIT_TIMELINE
                                    : MK_AUDIT_SHOW;
    mk_view_init(&view);
    MK_TRY(mk_dossier_ref_parse(&ref, app->args.word[0], &app->diag));
    if (path == NULL && (!isatty(STDOUT_FILENO) || app->term.fd < 0))
        return mk_fail(&app->diag, MK_E_NEEDS_FILE, "");
    if (path)
        MK_TRY(mk_output_open(app, &file, path));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, &more, path ? 1 : 0));
    MK_TRY(mk_session_unlock(app));
    rc = mk_ask_open(app, kind, &ref, &view);
    if (rc == MK_E_DESTROYED) {
        MK_TRY(render_gone(app, &ref, &text));
    } else if (rc != MK_OK) {
        goto out;
    } else if (app->access.dry_run) {
        mk_app_note(app, MK_T(app, "proef: alleen de logregel is geschreven",
                              "dry run: only the log entry was written"));
        goto out;
    } else {
        MK_TRY(render(app, &view, timeline, &text));
    }
    if (path) {
        MK_TRY(mk_output_write(&file, &text, &app->diag));
        MK_TRY(mk_output_close(&file, true, &app->diag));
    } else {
        MK_TRY(mk_term_page(&app->term, &text, app->english, &app->diag));
    }
out:
    if (mk_output_close(&file, false, NULL) != MK_OK)
        mk_app_warn(app, MK_T(app, "er blijft een leeg bestand achter",
                              "an empty file stays behind"));
    mk_buf_release(&text);
    mk_view_release(&view);
    return rc;
}

enum mk_err mk_cmd_show(struct mk_app *app)
{
    return reveal(app, false);
}

enum mk_err mk_cmd_timeline(struct mk_app *app)
{
    return reveal(app, true);
}
