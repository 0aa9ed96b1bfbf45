/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/written.h"

#include "cmd/json.h"
#include "cmd/unseen.h"
#include "cmd/view.h"

#include <stdio.h>
#include <unistd.h>

/* Who can read what is written: every holder of the role inspector. */
static enum mk_err add_readers(struct mk_app *app, struct mk_buf *out,
                               struct mk_json *j)
{
    enum mk_err rc = MK_OK;
    const struct mk_keyring *k = mk_vault_keyring(app->vault);
    for (size_t i = 0; i < mk_keyring_count(k); i++) {
        const struct mk_member *m = mk_keyring_member(k, i);
        if (!(mk_keyring_roles(k, m->id) & MK_ROLE_BIT(MK_ROLE_INSPECTOR)))
            continue;
        if (j)
            mk_json_str(j, NULL, m->name);
        else
            MK_TRY(mk_buf_addf(out, " %s", m->name));
    }
out:
    return rc;
}

/* What would be written; what is sealed as identity is not repeated. */
static enum mk_err add_fields(struct mk_app *app, const struct mk_fields *f,
                              struct mk_buf *out)
{
    enum mk_err rc = MK_OK;
    enum mk_field n = MK_F_NONE;
    while ((n = mk_fields_next(f, n)) != MK_F_NONE) {
        const struct mk_field_info *info = mk_field_get(n);
        MK_TRY(mk_buf_addf(out, "    %s: ", info->key));
        if (info->flags & MK_FIELD_IDENTITY)
            MK_TRY(mk_buf_add_str(out, MK_T(app, "(verzegeld, niet herhaald)",
                                            "(sealed, not repeated)")));
        else
            MK_TRY(mk_fields_format(out, f, n));
        MK_TRY(mk_buf_add_u8(out, '\n'));
    }
out:
    return rc;
}

static enum mk_err dry_run_text(struct mk_app *app, const struct mk_written *w,
                                const struct mk_fields *f, struct mk_buf *out)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "%s\n  %s: %s\n  %s: %s (%s)\n  %s:",
                       MK_T(app, "proef: er is niets opgeslagen",
                            "dry run: nothing was saved"),
                       MK_T(app, "stand zou worden", "state would become"),
                       mk_state_label(w->state, app->english),
                       MK_T(app, "in het logboek", "in the access log"),
                       mk_audit_label(app->command.audit, app->english),
                       mk_outcome_label(MK_OUTCOME_DRY_RUN, app->english),
                       MK_T(app, "te lezen voor", "readable for")));
    MK_TRY(add_readers(app, out, NULL));
    MK_TRY(mk_buf_addf(
        out, "\n  %s:\n",
        MK_T(app, "opgeslagen zou worden", "what would be saved")));
    MK_TRY(add_fields(app, f, out));
out:
    return rc;
}

/* The id says that it is the same; nothing looked whether it is. */
static void say_repeated(struct mk_app *app, const struct mk_written *w)
{
    char text[320], tag[MK_TAG_TEXT];
    mk_tag_format(tag, w->dossier);
    snprintf(text, sizeof text,
             MK_T(app,
                  "dit was al opgeslagen, zoals het de eerste keer is "
                  "opgegeven; wat nu is opgegeven is niet opgeslagen en niet "
                  "daarmee vergeleken; kijk zo nodig met: meldkluis toon %s",
                  "this was saved already, as it was given the first time; "
                  "what is given now was not saved and not compared with it; "
                  "look if need be with: meldkluis show %s"),
             tag);
    mk_app_warn(app, text);
}

static void warnings(struct mk_app *app, const struct mk_written *w)
{
    if (w->repeated)
        say_repeated(app, w);
    if (w->result.breach && !app->access.dry_run)
        mk_app_warn(app, MK_T(app,
                              "de datums lopen niet in volgorde; dat is met "
                              "de reden vastgelegd",
                              "the dates are not in order; that was recorded "
                              "with its reason"));
    const struct mk_field_info *odd = mk_field_get(w->result.odd_date);
    if (odd) {
        char text[160];
        snprintf(text, sizeof text,
                 MK_T(app,
                      "de datum bij %s kan bijna niet kloppen; controleer hem",
                      "the date for %s can hardly be right; check it"),
                 app->english ? odd->en : odd->nl);
        mk_app_warn(app, text);
    }
    if (w->result.lrk_doubtful)
        mk_app_warn(app, MK_T(app,
                              "het LRK-nummer voldoet niet aan de elfproef; "
                              "controleer het",
                              "the LRK id does not pass the 11-proof; check "
                              "it"));
    mk_unseen_warn(app, w, false);
}

static enum mk_err json_written(struct mk_app *app, const struct mk_written *w,
                                struct mk_buf *out)
{
    struct mk_json j;
    enum mk_err rc = MK_OK;
    mk_json_begin(&j, out);
    if (!app->access.dry_run || app->command.run != mk_cmd_report)
        mk_json_tag(&j, "tag", w->dossier);
    mk_json_num(&j, "event", w->seq);
    mk_json_str(&j, "state", mk_state_slug(w->state));
    mk_json_bool(&j, "saved", !app->access.dry_run);
    mk_json_bool(&j, "repeated", w->repeated);
    mk_json_bool(&j, "breach", w->result.breach);
    mk_json_bool(&j, "lrk_doubtful", w->result.lrk_doubtful);
    mk_unseen_json(app, &j, w);
    if (!app->access.dry_run)
        mk_json_hex(&j, "request", w->request, sizeof w->request);
    mk_json_array(&j, "readers");
    MK_TRY(add_readers(app, out, &j));
    mk_json_end(&j);
    MK_TRY(mk_json_finish(&j));
out:
    return rc;
}

static enum mk_err text_written(struct mk_app *app, const struct mk_written *w,
                                const char *tag, struct mk_buf *out)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, tag));
    if (w->state != MK_STATE_NONE) /* known of what is written now */
        MK_TRY(
            mk_buf_addf(out, " %s", mk_state_label(w->state, app->english)));
    if (w->duty != 0 && isatty(STDOUT_FILENO))
        MK_TRY(mk_buf_addf(
            out, "; %s",
            w->duty == MK_YN_J   ? MK_T(app, "plicht: ja", "duty: yes")
            : w->duty == MK_YN_N ? MK_T(app, "plicht: nee", "duty: no")
                                 : MK_T(app, "plicht nog niet vast te stellen",
                                        "duty not to be decided yet")));
    MK_TRY(mk_buf_add_str(out, "\n"));
out:
    return rc;
}

enum mk_err mk_written_print(struct mk_app *app, const struct mk_written *w,
                             const struct mk_fields *f)
{
    enum mk_err rc;
    char tag[MK_TAG_TEXT];
    struct mk_buf out = MK_BUF_INIT;
    mk_tag_format(tag, w->dossier);
    if (app->json)
        MK_TRY(json_written(app, w, &out));
    else if (app->access.dry_run)
        MK_TRY(dry_run_text(app, w, f, &out));
    else if (app->command.run == mk_cmd_report && !isatty(STDOUT_FILENO))
        MK_TRY(mk_buf_addf(&out, "%s\n", tag));
    else
        MK_TRY(text_written(app, w, tag, &out));
    MK_TRY(mk_app_print(app, &out));
    warnings(app, w);
out:
    mk_buf_release(&out);
    return rc;
}
