/* SPDX-License-Identifier: GPL-3.0-or-later */
/* melding nieuw, and every verb on a dossier. */
#include "cmd/app.h"
#include "cmd/ask.h"
#include "cmd/draft.h"
#include "cmd/form.h"
#include "cmd/json.h"

#include <string.h>
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

static void warnings(struct mk_app *app, const struct mk_written *w)
{
    if (w->repeated)
        mk_app_warn(app,
                    MK_T(app, "dit was al opgeslagen; er is niets toegevoegd",
                         "this was saved already; nothing was added"));
    if (w->result.breach)
        mk_app_warn(app, MK_T(app,
                              "de datums lopen niet in volgorde; dat is met "
                              "de reden vastgelegd",
                              "the dates are not in order; that was recorded "
                              "with its reason"));
    if (w->result.lrk_doubtful)
        mk_app_warn(app, MK_T(app,
                              "het LRK-nummer voldoet niet aan de elfproef; "
                              "controleer het",
                              "the LRK id does not pass the 11-proof; check "
                              "it"));
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
    if (!app->access.dry_run)
        mk_json_hex(&j, "request", w->request, sizeof w->request);
    mk_json_array(&j, "readers");
    MK_TRY(add_readers(app, out, &j));
    mk_json_end(&j);
    MK_TRY(mk_json_finish(&j));
out:
    return rc;
}

/* A tag that is printed is durable. */
static enum mk_err print_written(struct mk_app *app,
                                 const struct mk_written *w,
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
    else if (app->command.run == mk_cmd_report)
        MK_TRY(mk_buf_addf(&out, "%s\n", tag));
    else
        MK_TRY(mk_buf_addf(&out, "%s %s\n", tag,
                           mk_state_label(w->state, app->english)));
    MK_TRY(mk_app_print(app, &out));
    warnings(app, w);
out:
    mk_buf_release(&out);
    return rc;
}

/* After E_UNKNOWN_OUTCOME: with what id a repetition is safe. */
static void say_request(struct mk_app *app, enum mk_err rc,
                        const struct mk_written *w)
{
    struct mk_buf text = MK_BUF_INIT;
    if (rc == MK_E_UNKNOWN_OUTCOME &&
        mk_buf_add_str(&text, "--request ") == MK_OK) {
        for (size_t i = 0; i < sizeof w->request; i++)
            if (mk_buf_addf(&text, "%02x", w->request[i]) != MK_OK)
                break;
        if (mk_buf_terminate(&text) == MK_OK)
            mk_app_warn(app, (const char *)text.data);
    }
    mk_buf_release(&text);
}

/* Sandbox, then the form if there is one; then the passphrase.  Without a
 * form the questions come after it. */
static enum mk_err prepare(struct mk_app *app, struct mk_event *e)
{
    enum mk_err rc;
    int fd = -1;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_form_open(app, &fd));
    if (fd < 0)
        MK_TRY(mk_ask_possible(app));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    if (fd >= 0) {
        MK_TRY(mk_form_read(&text, fd, &app->diag));
        MK_TRY(mk_form_fields(&text, e->verb, &e->f, &app->diag));
        MK_TRY(mk_form_lines(&text, e->verb, app->form_line, &app->diag));
    }
    MK_TRY(mk_session_unlock(app));
    if (fd < 0) {
        bool draft = e->verb == MK_VERB_MELDING && !app->access.dry_run;
        mk_term_enter(&app->term);
        if (draft)
            MK_TRY(mk_draft_resume(app, &e->f));
        MK_TRY(
            mk_ask_fields(app, e->verb, &e->f, draft ? mk_draft_keep : NULL));
    }
out:
    if (fd > 0)
        close(fd);
    mk_buf_release(&text);
    return rc;
}

/* A write, as it was asked for: which dossier, with what. */
struct writing {
    struct mk_event e;
    const struct mk_dossier_ref *ref; /* NULL: a new dossier */
    bool is_report, by_questions;
};

/* e is used up by the library; f is what it holds. */
static enum mk_err write_once(struct mk_app *app, const struct writing *x,
                              struct mk_fields *f, struct mk_written *w)
{
    struct mk_event e;
    enum mk_err rc;
    mk_event_init(&e);
    e.verb = x->e.verb;
    mk_fields_take(&e.f, f);
    rc = x->is_report ? mk_report_new(app->vault, &app->access, &e, x->ref, w,
                                      &app->diag)
                      : mk_dossier_event(app->vault, &app->access, x->ref, &e,
                                         w, &app->diag);
    mk_event_release(&e);
    return rc;
}

/* The key whose answer was refused, or NONE when no answer would help. */
static enum mk_field refused_key(const struct mk_app *app, enum mk_verb verb,
                                 enum mk_err rc)
{
    const char *place = app->diag.place;
    if (rc == MK_E_BREACH)
        return mk_verb_field(verb, "breach", 6);
    if (mk_err_exit(rc) != MK_EXIT_USAGE)
        return MK_F_NONE;
    return mk_verb_field(verb, place, strlen(place));
}

/* After a refusal that one other answer can mend, that question is asked
 * again: nobody types a narrative twice for a wrong year. */
static enum mk_err write_it(struct mk_app *app, struct writing *x,
                            struct mk_written *w)
{
    enum mk_err rc;
    enum mk_field key;
    struct mk_fields copy;
    mk_fields_init(&copy);
    for (;;) {
        MK_TRY(mk_fields_copy(&copy, &x->e.f));
        rc = write_once(app, x, &copy, w);
        key = rc == MK_OK || !x->by_questions
                  ? MK_F_NONE
                  : refused_key(app, x->e.verb, rc);
        if (key == MK_F_NONE)
            break;
        MK_TRY(mk_ask_say_error(app));
        MK_TRY(mk_ask_again(app, key, &x->e.f));
    }
out:
    mk_fields_release(&copy);
    return rc;
}

enum mk_err mk_cmd_verb(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_dossier_ref ref;
    struct writing x = {.ref = &ref,
                        .by_questions = !mk_args_has(&app->args, MK_OPT_FORM)};
    struct mk_written w;
    memset(&w, 0, sizeof w);
    mk_event_init(&x.e);
    x.e.verb = app->command.verb;
    MK_TRY(mk_dossier_ref_parse(&ref, app->args.word[0], &app->diag));
    MK_TRY(prepare(app, &x.e));
    rc = write_it(app, &x, &w);
    mk_term_leave(&app->term);
    say_request(app, rc, &w);
    if (rc == MK_OK)
        rc = print_written(app, &w, &x.e.f);
out:
    mk_event_release(&x.e);
    return rc;
}

/* --- melding nieuw on a terminal goes on, in one unlock --- */

/* One further event of the dossier that was just made; a refusal is told and
 * does not take back what is durable already. */
static enum mk_err follow_up(struct mk_app *app, const struct mk_written *made,
                             enum mk_verb verb)
{
    enum mk_err rc;
    struct mk_written last;
    struct mk_dossier_ref ref;
    struct writing x = {.ref = &ref, .by_questions = true};
    char tag[MK_TAG_TEXT];
    mk_event_init(&x.e);
    x.e.verb = verb;
    mk_tag_format(tag, made->dossier);
    MK_TRY(mk_dossier_ref_parse(&ref, tag, &app->diag));
    MK_TRY(mk_ask_fields(app, verb, &x.e.f, NULL));
    rc = write_it(app, &x, &last);
    if (mk_err_exit(rc) == MK_EXIT_USAGE ||
        mk_err_exit(rc) == MK_EXIT_WORKFLOW)
        rc = mk_ask_say_error(app);
out:
    mk_event_release(&x.e);
    return rc;
}

static enum mk_err go_on(struct mk_app *app, const struct mk_written *made)
{
    static const struct {
        enum mk_verb verb;
        bool often;
        const char *nl, *en;
    } steps[] = {
        {MK_VERB_PERSOON, true, "Een persoon toevoegen?", "Add a person?"},
        {MK_VERB_NOTITIE, false, "Een notitie toevoegen?", "Add a note?"},
        {MK_VERB_DUID, false, "Nu de feiten duiden?",
         "Classify the facts now?"},
    };
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0];) {
        bool yes = false;
        MK_TRY(mk_ask_yes(app, MK_T(app, steps[i].nl, steps[i].en), &yes));
        if (yes)
            MK_TRY(follow_up(app, made, steps[i].verb));
        if (!yes || !steps[i].often)
            i++;
    }
out:
    return rc;
}

enum mk_err mk_cmd_report(struct mk_app *app)
{
    enum mk_err rc, later = MK_OK;
    const char *to = mk_args_value(&app->args, MK_OPT_BIJ);
    struct mk_dossier_ref ref = {{0}, {0}};
    struct writing x = {.ref = to ? &ref : NULL,
                        .is_report = true,
                        .by_questions = !mk_args_has(&app->args, MK_OPT_FORM)};
    struct mk_written w;
    memset(&w, 0, sizeof w);
    mk_event_init(&x.e);
    x.e.verb = to ? MK_VERB_BIJMELDING : MK_VERB_MELDING;
    if (to)
        MK_TRY(mk_dossier_ref_parse(&ref, to, &app->diag));
    MK_TRY(prepare(app, &x.e));
    rc = write_it(app, &x, &w);
    if (rc == MK_OK && x.by_questions && !to && !app->access.dry_run) {
        later = mk_draft_drop(app->vault, &app->diag);
        if (later == MK_OK)
            later = go_on(app, &w);
    }
    mk_term_leave(&app->term);
    say_request(app, rc, &w);
    /* the melding is durable: its tag is printed also when what came after
     * it was cut off */
    if (rc == MK_OK)
        rc = print_written(app, &w, &x.e.f);
    if (rc == MK_OK)
        rc = later;
out:
    mk_term_leave(&app->term);
    if (rc == MK_E_CANCELLED && !to && !app->access.dry_run &&
        mk_fields_next(&x.e.f, MK_F_NONE) != MK_F_NONE && w.seq == 0)
        mk_app_warn(app, MK_T(app,
                              "de antwoorden zijn verzegeld bewaard; melding "
                              "nieuw gaat ermee verder",
                              "the answers are kept, sealed; report new goes "
                              "on with them"));
    mk_event_release(&x.e);
    return rc;
}
