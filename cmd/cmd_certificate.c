/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vernietig certificaat, vernietig sleutelplaats. */
#include "cmd/app.h"
#include "cmd/certificate.h"
#include "cmd/json.h"

#include <stdio.h>
#include <string.h>

/* --- vernietig certificaat --- */

enum mk_err mk_cmd_certificate(struct mk_app *app)
{
    enum mk_err rc;
    const char *path = mk_args_value(&app->args, MK_OPT_UIT);
    struct mk_output file = {.fd = -1, .dir = -1};
    struct mk_harden_place more = {file.folder, MK_HARDEN_REMOVE};
    struct mk_dossier_ref ref;
    struct mk_certificate c;
    struct mk_buf text = MK_BUF_INIT;
    mk_certificate_init(&c);
    MK_TRY(mk_dossier_ref_parse(&ref, app->args.word[0], &app->diag));
    if (path)
        MK_TRY(mk_output_open(app, &file, path));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, &more, path ? 1 : 0));
    MK_TRY(mk_session_unlock(app));
    MK_TRY(mk_certificate_get(app->vault, &ref, &c, &app->diag));
    MK_TRY(app->json ? mk_certificate_json(app, &c, &text)
                     : mk_certificate_text(app, &c, &text));
    if (path) {
        MK_TRY(mk_output_write(&file, &text, &app->diag));
        MK_TRY(mk_output_close(&file, true, &app->diag));
    } else {
        MK_TRY(mk_app_print(app, &text));
    }
out:
    if (mk_output_close(&file, false, NULL) != MK_OK)
        mk_app_warn(app, MK_T(app, "er blijft een leeg bestand achter",
                              "an empty file stays behind"));
    mk_buf_release(&text);
    mk_certificate_release(&c);
    return rc;
}

/* --- vernietig sleutelplaats --- */

static enum mk_err tell_places(struct mk_app *app,
                               const struct mk_key_places *places)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;
    if (app->json) {
        mk_json_begin(&j, &out);
        mk_json_array(&j, "places");
        for (size_t i = 0; i < places->n; i++)
            mk_json_str(&j, NULL, places->path[i]);
        mk_json_end(&j);
        mk_json_bool(&j, "in_vault", places->n == 0);
        MK_TRY(mk_json_finish(&j));
    } else if (places->n == 0) {
        MK_TRY(mk_buf_addf(&out, "%s\n",
                           MK_T(app,
                                "de bewaarsleutels liggen in de map van de "
                                "kluis",
                                "the retention keys lie in the folder of the "
                                "vault")));
    }
    for (size_t i = 0; !app->json && i < places->n; i++)
        MK_TRY(mk_buf_addf(&out, "%s\n", places->path[i]));
    MK_TRY(mk_app_print(app, &out));
out:
    mk_buf_release(&out);
    return rc;
}

/* The folder of the vault, given by name, means: back to it. */
static enum mk_err wanted_places(struct mk_app *app, struct mk_key_places *out)
{
    *out = (struct mk_key_places){.n = 0};
    if (app->args.n_words == 1 &&
        strcmp(app->args.word[0], app->vault_path) == 0)
        return MK_OK;
    for (size_t i = 0; i < app->args.n_words; i++) {
        const char *path = app->args.word[i];
        size_t n = strlen(path);
        if (path[0] != '/' || n >= MK_KEY_PLACE || strchr(path, '\n'))
            return mk_fail(&app->diag, MK_E_KEY_PLACE, path);
        memcpy(out->path[out->n++], path, n + 1);
    }
    return MK_OK;
}

enum mk_err mk_cmd_key_place(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_key_places places;
    struct mk_harden_place more[MK_KEY_PLACES];
    size_t n = app->args.n_words;
    MK_TRY(wanted_places(app, &places));
    for (size_t i = 0; i < places.n; i++) {
        MK_TRY(mk_output_elsewhere(app, places.path[i]));
        more[i] = (struct mk_harden_place){places.path[i], MK_HARDEN_WORK};
    }
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, more, places.n));
    MK_TRY(mk_session_unlock(app));
    if (n != 0)
        MK_TRY(
            mk_key_places_set(app->vault, &app->access, &places, &app->diag));
    MK_TRY(mk_key_places_read(&app->where, &places, &app->diag));
    MK_TRY(tell_places(app, &places));
    if (n == 0)
        goto out;
    mk_app_note(app, app->access.dry_run
                         ? MK_T(app, "proef: er is niets verplaatst",
                                "dry run: nothing was moved")
                         : MK_T(app, "bewaarsleutels verplaatst",
                                "retention keys moved"));
    if (places.n == 1)
        mk_app_warn(app,
                    MK_T(app,
                         "dit is de enige kopie: raakt zij weg, dan zijn alle "
                         "dossiers weg; geef een tweede map",
                         "this is the only copy: if it is lost, all dossiers "
                         "are; give a second folder"));
out:
    return rc;
}
