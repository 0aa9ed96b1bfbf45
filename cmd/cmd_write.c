/* SPDX-License-Identifier: GPL-3.0-or-later */
/* melding nieuw, and every verb on a dossier. */
#include "cmd/app.h"
#include "cmd/ask.h"
#include "cmd/draft.h"
#include "cmd/form.h"
#include "cmd/unseen.h"
#include "cmd/written.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A write, as it was asked for: which dossier, with what. */
struct writing {
    struct mk_event e;
    const struct mk_dossier_ref *ref; /* NULL: a new dossier */
    bool is_report, by_questions;
    bool told;             /* of what others wrote meanwhile, and goes on */
    char tag[MK_TAG_TEXT]; /* "" for a new dossier */
    struct mk_view view;   /* of the dossier, where it was opened */
    struct mk_asking a;
};

static void writing_init(struct writing *x, enum mk_verb verb,
                         const struct mk_dossier_ref *ref)
{
    memset(x, 0, sizeof *x);
    mk_event_init(&x->e);
    mk_view_init(&x->view);
    x->e.verb = verb;
    x->ref = ref;
}

static void writing_release(struct writing *x)
{
    mk_event_release(&x->e);
    mk_view_release(&x->view);
}

/* Nobody answers ten questions for a step that cannot be: the dossier is
 * opened first, which the log shows. */
static enum mk_err look_first(struct mk_app *app, struct writing *x)
{
    enum mk_err rc;
    MK_TRY(mk_ask_open(app, MK_AUDIT_SHOW, x->ref, &x->view));
    mk_tag_format(x->tag, x->view.id);
    x->a.verb = x->e.verb;
    x->a.tag = x->tag;
    x->a.c = &x->view.c;
    MK_TRY(mk_unseen_check(app, x->e.seen, x->view.c.n_events));
    if (x->e.seen == 0)
        x->e.seen = (uint32_t)x->view.c.n_events;
    /* a repetition is told what the first time came to */
    if (mk_workflow_possible(&x->view.c, x->e.verb) ||
        app->access.has_request || mk_draft_is_unknown(app, &x->a))
        return MK_OK;
    if (x->e.verb == MK_VERB_INTREK && x->view.c.duty_was_j)
        return mk_fail(&app->diag, MK_E_DUTY_OPEN, mk_verb_get(x->e.verb)->nl);
    rc = mk_fail(&app->diag, MK_E_WORKFLOW, mk_state_slug(x->view.c.state));
out:
    return rc;
}

static enum mk_err ask_all(struct mk_app *app, struct writing *x)
{
    enum mk_err rc;
    x->a.verb = x->e.verb;
    x->a.tag = x->tag;
    x->a.f = &x->e.f;
    x->a.draft = !app->access.dry_run;
    if (x->a.draft)
        MK_TRY(mk_draft_resume(app, &x->a));
    if (!x->a.unknown) {
        MK_TRY(mk_ask_fields(app, &x->a));
    } else if (!app->access.has_request) {
        memcpy(app->access.request, x->a.request, sizeof x->a.request);
        app->access.has_request = true;
    }
out:
    return rc;
}

/* Sandbox, then the form if there is one; then the passphrase.  Without a
 * form the questions come after it. */
static enum mk_err prepare(struct mk_app *app, struct writing *x)
{
    enum mk_err rc;
    int fd = -1;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_form_open(app, &fd));
    x->by_questions = fd < 0;
    if (x->by_questions)
        MK_TRY(mk_ask_possible(app));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    if (fd >= 0) {
        MK_TRY(mk_form_read(&text, fd, &app->diag));
        MK_TRY(mk_form_fields(&text, x->e.verb, &x->e.f, &app->diag));
        MK_TRY(mk_form_lines(&text, x->e.verb, app->form_line, &app->diag));
    }
    MK_TRY(mk_session_unlock(app));
    if (x->by_questions) {
        if (x->ref)
            MK_TRY(look_first(app, x));
        mk_term_enter(&app->term);
        MK_TRY(ask_all(app, x));
    }
out:
    if (fd > 0)
        close(fd);
    mk_buf_release(&text);
    return rc;
}

/* e is used up by the library; f is what it holds.  Who answers questions is
 * told what others wrote meanwhile while he can still choose. */
static enum mk_err write_once(struct mk_app *app, const struct writing *x,
                              struct mk_fields *f, struct mk_written *w)
{
    struct mk_event e;
    struct mk_access access = app->access;
    enum mk_err rc;
    mk_event_init(&e);
    e.verb = x->e.verb;
    e.seen = x->e.seen;
    access.only_seen = x->by_questions && !x->told;
    mk_fields_take(&e.f, f);
    rc =
        x->is_report
            ? mk_report_new(app->vault, &access, &e, x->ref, w, &app->diag)
            : mk_dossier_event(app->vault, &access, x->ref, &e, w, &app->diag);
    mk_event_release(&e);
    return rc;
}

/* The key whose answer was refused, or NONE when that is not known. */
static enum mk_field refused_key(const struct mk_diag *diag, enum mk_verb verb)
{
    if (diag->err == MK_E_KEPT)
        return MK_F_KEPT;
    return mk_verb_field(verb, diag->place, strlen(diag->place));
}

/* Not written, because others wrote meanwhile. */
static bool crossed(const struct writing *x, const struct mk_written *w,
                    enum mk_err rc)
{
    return rc == MK_E_CHANGED && w->n_unseen > 0 && !x->told;
}

/* After a refusal other answers are asked for, with those that were given to
 * choose from.  *again false: the user leaves it at that. */
static enum mk_err mend(struct mk_app *app, struct writing *x,
                        const struct mk_written *w, bool *again)
{
    enum mk_err rc;
    enum mk_field key = refused_key(&app->diag, x->e.verb);
    if (crossed(x, w, app->diag.err)) {
        MK_TRY(mk_unseen_ask(app, w, again));
        x->told = *again;
        app->diag = (struct mk_diag)MK_DIAG_INIT;
        return MK_OK;
    }
    MK_TRY(mk_ask_say_error(app));
    MK_TRY(mk_unseen_say(app, w, true));
    *again = key != MK_F_NONE;
    if (!*again)
        MK_TRY(
            mk_ask_yes(app,
                       MK_T(app, "De antwoorden nalopen en opnieuw proberen?",
                            "Go through the answers and try again?"),
                       again));
    if (*again)
        MK_TRY(mk_ask_again(app, &x->a, key));
out:
    return rc;
}

/* The id goes into the line of the error and, beside the answers, into the
 * draft. */
static void keep_request(struct mk_app *app, struct writing *x,
                         const struct mk_written *w, enum mk_err rc)
{
    char command[64] = "";
    const struct mk_diag why = app->diag;
    if (x->by_questions)
        mk_draft_command(app, &x->a, command);
    mk_app_keep_request(app, rc, w->request, command);
    if (!app->again.has_request || !x->by_questions || !x->a.draft)
        return;
    x->a.unknown = true;
    memcpy(x->a.request, app->again.request, sizeof x->a.request);
    /* without it the line that is printed still has the id */
    if (mk_draft_keep(app, &x->a) != MK_OK)
        app->diag = why;
}

/* Nobody types a narrative twice for a wrong year.  Given up, the refusal is
 * what the command ends with. */
static enum mk_err write_it(struct mk_app *app, struct writing *x,
                            struct mk_written *w)
{
    enum mk_err rc;
    struct mk_fields copy;
    mk_fields_init(&copy);
    for (;;) {
        bool again = false;
        MK_TRY(mk_fields_copy(&copy, &x->e.f));
        rc = write_once(app, x, &copy, w);
        if (!x->by_questions || (!mk_err_is_refusal(rc) && !crossed(x, w, rc)))
            break;
        const struct mk_diag why = app->diag;
        enum mk_err asked = mend(app, x, w, &again);
        if (asked == MK_OK && again)
            continue;
        if (asked == MK_OK || asked == MK_E_CANCELLED)
            app->diag = why;
        else
            rc = asked;
        break;
    }
    if (rc == MK_E_UNKNOWN_OUTCOME)
        keep_request(app, x, w, rc);
    if (rc == MK_OK && x->by_questions && x->a.draft)
        rc = mk_draft_drop(app->vault, &app->diag);
out:
    mk_fields_release(&copy);
    return rc;
}

/* What becomes of the answers when the command ends without having saved
 * them.  After mk_term_leave. */
static void say_draft(struct mk_app *app, const struct writing *x)
{
    if (x->a.draft && mk_fields_next(&x->e.f, MK_F_NONE) != MK_F_NONE)
        mk_draft_warn(app, &x->a);
}

static void say_not_written(struct mk_app *app, const struct writing *x,
                            const struct mk_written *w)
{
    mk_unseen_warn(app, w, true);
    say_draft(app, x);
}

enum mk_err mk_cmd_verb(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_dossier_ref ref;
    struct writing x;
    struct mk_written w;
    memset(&w, 0, sizeof w);
    writing_init(&x, app->command.verb, &ref);
    MK_TRY(mk_dossier_ref_parse(&ref, app->args.word[0], &app->diag));
    MK_TRY(mk_unseen_option(app, &x.e.seen));
    MK_TRY(prepare(app, &x));
    rc = write_it(app, &x, &w);
    mk_term_leave(&app->term);
    if (rc == MK_OK)
        rc = mk_written_print(app, &w, &x.e.f);
    else
        say_not_written(app, &x, &w);
    writing_release(&x);
    return rc;
out:
    mk_term_leave(&app->term);
    say_draft(app, &x);
    writing_release(&x);
    return rc;
}

/* --- melding nieuw on a terminal goes on, in one unlock --- */

/* "de melding is opgeslagen, persoon niet" */
static void say_not_saved(struct mk_app *app, enum mk_verb verb)
{
    char text[128];
    const struct mk_verb_info *info = mk_verb_get(verb);
    const char *name = MK_T(app, info->nl, info->en);
    if (app->again.has_request)
        snprintf(text, sizeof text,
                 MK_T(app, "de melding is opgeslagen; van %s is het onbekend",
                      "the report is saved; of %s that is unknown"),
                 name);
    else
        snprintf(text, sizeof text,
                 MK_T(app, "de melding is opgeslagen, %s niet",
                      "the report is saved, %s is not"),
                 name);
    mk_app_warn(app, text);
}

/* One further event of the dossier that was just made; a refusal does not
 * take back what is durable already.  *seen: up to which event it is known. */
static enum mk_err follow_up(struct mk_app *app, struct mk_written *made,
                             enum mk_verb verb, uint32_t *seen)
{
    enum mk_err rc;
    struct mk_written last = {.seq = 0};
    struct mk_dossier_ref ref;
    struct writing x;
    app->access.has_request = false; /* that was for what came before */
    writing_init(&x, verb, &ref);
    x.by_questions = true;
    x.e.seen = *seen;
    mk_tag_format(x.tag, made->dossier);
    MK_TRY(mk_dossier_ref_parse(&ref, x.tag, &app->diag));
    MK_TRY(ask_all(app, &x));
    MK_TRY(write_it(app, &x, &last));
    *seen = last.seq;
    made->state = last.state;
    made->duty = last.duty;
    made->result.breach |= last.result.breach;
    made->result.lrk_doubtful |= last.result.lrk_doubtful;
out:
    if (rc != MK_OK) {
        mk_term_leave(&app->term);
        say_not_saved(app, verb);
        say_draft(app, &x);
    }
    writing_release(&x);
    return rc;
}

static enum mk_err go_on(struct mk_app *app, struct mk_written *made)
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
    uint32_t seen = made->seq;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0];) {
        bool yes = false;
        MK_TRY(mk_ask_yes(app, MK_T(app, steps[i].nl, steps[i].en), &yes));
        if (yes)
            MK_TRY(follow_up(app, made, steps[i].verb, &seen));
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
    struct writing x;
    struct mk_written w;
    memset(&w, 0, sizeof w);
    writing_init(&x, to ? MK_VERB_BIJMELDING : MK_VERB_MELDING,
                 to ? &ref : NULL);
    x.is_report = true;
    if (to)
        MK_TRY(mk_dossier_ref_parse(&ref, to, &app->diag));
    MK_TRY(mk_unseen_option(app, &x.e.seen));
    if (x.e.seen != 0 && !to) {
        rc = mk_fail(&app->diag, MK_E_USAGE,
                     MK_T(app, "--gezien hoort bij een melding met --bij",
                          "--seen belongs to a report with --to"));
        goto out;
    }
    MK_TRY(prepare(app, &x));
    MK_TRY(write_it(app, &x, &w));
    if (x.by_questions && !to && !app->access.dry_run)
        later = go_on(app, &w);
    mk_term_leave(&app->term);
    /* the melding is durable: its tag is printed also when what came after
     * it was refused or cut off */
    const struct mk_diag why = app->diag;
    MK_TRY(mk_written_print(app, &w, &x.e.f));
    app->diag = why;
    rc = later;
    writing_release(&x);
    return rc;
out:
    mk_term_leave(&app->term);
    if (w.seq == 0 || rc != MK_OK)
        say_not_written(app, &x, &w);
    writing_release(&x);
    return rc;
}
