/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose a dossier is: overdracht, waarnemer, beperk. */
#include "cmd/app.h"
#include "cmd/ask.h"
#include "cmd/handover.h"
#include "cmd/table.h"
#include "cmd/written.h"

#include <string.h>

/* Once more when a purpose was asked for and given. */
static enum mk_err write_event(struct mk_app *app,
                               const struct mk_dossier_ref *ref,
                               enum mk_verb verb, const uint8_t *id,
                               struct mk_written *w)
{
    enum mk_err rc;
    struct mk_event e;
    for (;;) {
        mk_event_init(&e);
        e.verb = verb;
        MK_TRY(mk_fields_set_id(&e.f, MK_F_MEMBER, id));
        rc =
            mk_dossier_event(app->vault, &app->access, ref, &e, w, &app->diag);
        if (rc != MK_E_PURPOSE)
            break;
        MK_TRY(mk_ask_purpose(app, rc));
    }
out:
    mk_event_release(&e);
    return rc;
}

/* What holds now; the tag and state that are printed do not tell. */
static enum mk_err note_now(struct mk_app *app, const char *nl, const char *en,
                            const char *name)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    if (app->access.dry_run)
        return MK_OK;
    MK_TRY(mk_buf_add_str(&text, MK_T(app, nl, en)));
    MK_TRY(mk_visible_add(&text, name));
    MK_TRY(mk_buf_terminate(&text));
    mk_app_note(app, (const char *)text.data);
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err note_member(struct mk_app *app, enum mk_verb verb,
                               const char *name)
{
    switch (verb) {
    case MK_VERB_OVERDRACHT:
        return note_now(app,
                        "behandelaar is nu: ", "the owner is now: ", name);
    case MK_VERB_WAARNEMER:
        return note_now(app, "neemt nu waar: ", "stands in now: ", name);
    default:
        return note_now(
            app, "neemt niet meer waar: ", "stands in no longer: ", name);
    }
}

static enum mk_err about_member(struct mk_app *app, enum mk_verb verb,
                                const char *name)
{
    enum mk_err rc;
    struct mk_dossier_ref ref;
    struct mk_written w;
    const struct mk_member *m;
    struct mk_fields f;
    memset(&w, 0, sizeof w);
    mk_fields_init(&f);
    MK_TRY(mk_dossier_ref_parse(&ref, app->args.word[0], &app->diag));
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_member_named(app, name, &m));
    MK_TRY(mk_fields_set_id(&f, MK_F_MEMBER, m->id));
    rc = write_event(app, &ref, verb, m->id, &w);
    mk_app_keep_request(app, rc, w.request, "");
    if (rc == MK_OK)
        rc = mk_written_print(app, &w, &f);
    if (rc == MK_OK && !w.repeated)
        rc = note_member(app, verb, name);
out:
    mk_fields_release(&f);
    return rc;
}

/* One dossier, or all of somebody: not both, not neither. */
static enum mk_err check_which(struct mk_app *app, bool all, const char *nl,
                               const char *en)
{
    if ((app->args.n_words == 0) == all)
        return MK_OK;
    return mk_fail(&app->diag, MK_E_USAGE, MK_T(app, nl, en));
}

enum mk_err mk_cmd_handover(struct mk_app *app)
{
    enum mk_err rc;
    const char *name = mk_args_value(&app->args, MK_OPT_AAN);
    const char *from = mk_args_value(&app->args, MK_OPT_VAN_WIE);
    if (!name)
        return mk_fail(
            &app->diag, MK_E_USAGE,
            MK_T(app, "--aan NAAM ontbreekt", "--to-person NAME is missing"));
    MK_TRY(check_which(app, from != NULL,
                       "geef KENMERK, of --van-wie NAAM voor alle dossiers",
                       "give TAG, or --from-person NAME for all dossiers"));
    rc = from ? mk_handover_all(app, from, name, false)
              : about_member(app, MK_VERB_OVERDRACHT, name);
out:
    return rc;
}

enum mk_err mk_cmd_deputy(struct mk_app *app)
{
    enum mk_err rc;
    const char *add = mk_args_value(&app->args, MK_OPT_ERBIJ);
    const char *drop = mk_args_value(&app->args, MK_OPT_ERAF);
    if (!add && !drop)
        return mk_fail(&app->diag, MK_E_USAGE,
                       MK_T(app, "geef --erbij NAAM of --eraf NAAM",
                            "give --add NAME or --remove NAME"));
    MK_TRY(check_which(app, add && drop,
                       "geef KENMERK met --erbij of --eraf, of beide zonder "
                       "KENMERK voor alle dossiers",
                       "give TAG with --add or --remove, or both without TAG "
                       "for all dossiers"));
    if (add && drop)
        rc = mk_handover_all(app, drop, add, true);
    else
        rc = add ? about_member(app, MK_VERB_WAARNEMER, add)
                 : about_member(app, MK_VERB_WAARNEMER_AF, drop);
out:
    return rc;
}

/* --- beperk --- */

static size_t names_given(const struct mk_app *app,
                          const char *names[static MK_ARGS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < app->args.n_given; i++)
        if (app->args.given[i].option == MK_OPT_AAN)
            names[n++] = app->args.given[i].value;
    return n;
}

enum mk_err mk_cmd_restrict(struct mk_app *app)
{
    enum mk_err rc;
    const char *names[MK_ARGS_MAX];
    size_t n = names_given(app, names);
    struct mk_dossier_ref ref;
    struct mk_written w;
    struct mk_fields none;
    memset(&w, 0, sizeof w);
    mk_fields_init(&none);
    if ((n == 0) != mk_args_has(&app->args, MK_OPT_OPHEFFEN))
        return mk_fail(&app->diag, MK_E_USAGE,
                       MK_T(app, "geef --aan NAAM (een of meer) of --op",
                            "give --to-person NAME (one or more) or --lift"));
    MK_TRY(mk_dossier_ref_parse(&ref, app->args.word[0], &app->diag));
    MK_TRY(mk_session_start(app));
    rc = mk_restrict(app->vault, &app->access, &ref, names, n, &w, &app->diag);
    if (rc == MK_E_PURPOSE) {
        MK_TRY(mk_ask_purpose(app, rc));
        rc = mk_restrict(app->vault, &app->access, &ref, names, n, &w,
                         &app->diag);
    }
    mk_app_keep_request(app, rc, w.request, "");
    if (rc == MK_OK)
        rc = mk_written_print(app, &w, &none);
    if (rc == MK_OK && n == 0 && !w.repeated)
        rc = note_now(app, "dit dossier is niet beperkt: elke inspecteur ",
                      "this dossier is not restricted: every inspector ",
                      MK_T(app, "kan het openen", "can open it"));
    for (size_t i = 0; rc == MK_OK && !w.repeated && i < n; i++)
        rc = note_now(app, "kan dit dossier openen: ",
                      "can open this dossier: ", names[i]);
out:
    return rc;
}
