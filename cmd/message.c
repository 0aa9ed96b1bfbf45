/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/app.h"
#include "cmd/json.h"

#include "cmd/choice.h"
#include "cmd/place.h"
#include "core/base/io.h"
#include "core/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum mk_err mk_app_print(struct mk_app *app, const struct mk_buf *buf)
{
    if (!mk_io_write(STDOUT_FILENO, buf->data, buf->len))
        return mk_fail_sys(&app->diag, MK_E_IO, "stdout");
    return MK_OK;
}

/* One line, whole, with one write. */
static void say(const struct mk_buf *text)
{
    struct mk_buf line = MK_BUF_INIT;
    if (mk_buf_add_str(&line, "meldkluis: ") != MK_OK ||
        mk_text_visible(&line, text->data, text->len, false) != MK_OK ||
        mk_buf_add_u8(&line, '\n') != MK_OK)
        mk_buf_clear(&line);
    /* nowhere is left to complain when standard error is gone */
    if (!mk_io_write(STDERR_FILENO, line.data, line.len))
        mk_buf_clear(&line);
    mk_buf_release(&line);
}

void mk_app_warn(const struct mk_app *app, const char *text)
{
    struct mk_buf line = MK_BUF_INIT;
    if (mk_buf_addf(&line, "%s: %s", MK_T(app, "let op", "note"), text) ==
        MK_OK)
        say(&line);
    mk_buf_release(&line);
}

void mk_app_say(const struct mk_app *app, const char *text)
{
    struct mk_buf line = MK_BUF_INIT;
    (void)app;
    if (mk_buf_add_str(&line, text) == MK_OK)
        say(&line);
    mk_buf_release(&line);
}

void mk_app_note(const struct mk_app *app, const char *text)
{
    if (!app->json)
        mk_app_say(app, text);
}

enum mk_err mk_app_done(struct mk_app *app, const char *nl, const char *en)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;
    bool dry = app->access.dry_run;
    if (!app->json) {
        mk_app_note(app, dry ? MK_T(app, "proef: er is niets opgeslagen",
                                    "dry run: nothing was saved")
                             : MK_T(app, nl, en));
        return MK_OK;
    }
    mk_json_begin(&j, &out);
    mk_json_bool(&j, "saved", !dry);
    MK_TRY(mk_json_finish(&j));
    MK_TRY(mk_app_print(app, &out));
out:
    mk_buf_release(&out);
    return rc;
}

static bool starts(const char *s, const char *word, size_t *n)
{
    *n = strlen(word);
    return strncmp(s, word, *n) == 0;
}

static enum mk_field key_of(const struct mk_app *app,
                            const struct mk_diag *diag)
{
    return mk_verb_field(mk_command_form(&app->command), diag->place,
                         strlen(diag->place));
}

static const char *verb_name(const struct mk_app *app, const char *place)
{
    for (unsigned i = 1; i < MK_VERB_MAX; i++) {
        const struct mk_verb_info *verb = mk_verb_get((enum mk_verb)i);
        if (verb && strcmp(verb->nl, place) == 0)
            return MK_T(app, verb->nl, verb->en);
    }
    return NULL;
}

/* A name of ours in the language of the reader, where it has one. */
static const char *place_of(const struct mk_app *app,
                            const struct mk_diag *diag)
{
    const char *place = diag->place;
    size_t n = strlen(place);
    enum mk_state state = mk_state_find(place, n);
    enum mk_role role = mk_role_find(place, n);
    const char *verb = verb_name(app, place);
    if (mk_err_exit(diag->err) == MK_EXIT_LOCKED && role != MK_ROLE_NONE)
        return mk_role_label(role, app->english);
    if (diag->err == MK_E_WORKFLOW && state != MK_STATE_NONE)
        return mk_state_label(state, app->english);
    if (mk_err_exit(diag->err) == MK_EXIT_WORKFLOW && verb)
        return verb;
    if (app->english || key_of(app, diag) != MK_F_NONE ||
        app->command.run == mk_cmd_search)
        return place;
    return mk_place_dutch(place);
}

/* The text of an error, its markers filled in. */
static enum mk_err fill(const struct mk_app *app, struct mk_buf *out,
                        const char *text, const struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    size_t n;
    while (*text != '\0') {
        if (starts(text, "{place}", &n))
            MK_TRY(mk_buf_add_str(out, place_of(app, diag)));
        else if (starts(text, "{paste}", &n))
            MK_TRY(mk_text_shell(out, place_of(app, diag)));
        else if (starts(text, "{line}", &n))
            MK_TRY(mk_buf_addf(out, "%" PRIu64, diag->line));
        else if (starts(text, "{num0}", &n))
            MK_TRY(mk_buf_addf(out, "%" PRId64, diag->num[0]));
        else if (starts(text, "{num1}", &n))
            MK_TRY(mk_buf_addf(out, "%" PRId64, diag->num[1]));
        else if (starts(text, "{sys}", &n))
            MK_TRY(mk_buf_add_str(out, mk_sys_text(diag->sys, app->english)));
        else if (starts(text, "{help}", &n))
            MK_TRY(mk_buf_add_str(out, "meldkluis help"));
        else {
            n = 1;
            MK_TRY(mk_buf_add(out, text, 1));
        }
        text += n;
    }
out:
    return rc;
}

static bool offered(const struct mk_code *code)
{
    return !(code->flags & (MK_CODE_IMPORTED | MK_CODE_RESERVED));
}

enum mk_err mk_codes_add(struct mk_buf *out, int list, unsigned field_flags)
{
    enum mk_err rc = MK_OK;
    const struct mk_code *code;
    bool has_onb = false, has_nr = false, first = true;
    for (size_t i = 0; list >= 0 && (code = mk_code_at((enum mk_list)list, i));
         i++) {
        has_onb = has_onb || strcmp(code->slug, "ONB") == 0;
        has_nr = has_nr || strcmp(code->slug, "NR") == 0;
        if (!offered(code))
            continue;
        MK_TRY(mk_buf_addf(out, "%s%s", first ? "" : " ", code->slug));
        first = false;
    }
    if ((field_flags & MK_FIELD_UNKNOWN) && !has_onb)
        MK_TRY(mk_buf_addf(out, "%sONB", first ? "" : " "));
    if ((field_flags & MK_FIELD_UNKNOWN) && !has_nr)
        MK_TRY(mk_buf_add_str(out, " NR"));
out:
    return rc;
}

static enum mk_err add_keys(struct mk_buf *out, enum mk_verb verb)
{
    enum mk_err rc = MK_OK;
    const struct mk_verb_info *info = mk_verb_get(verb);
    bool first = true;
    for (int part = 0; info && part < 2; part++) {
        const enum mk_field *keys = part ? info->optional : info->required;
        for (size_t i = 0; keys[i] != MK_F_NONE; i++) {
            MK_TRY(mk_buf_addf(out, "%s%s", first ? "" : " ",
                               mk_field_get(keys[i])->key));
            first = false;
        }
    }
out:
    return rc;
}

/* What would have been right, where a list of ours says it. */
static enum mk_err add_allowed(const struct mk_app *app,
                               const struct mk_diag *diag, struct mk_buf *out)
{
    enum mk_err rc = MK_OK;
    enum mk_verb verb = mk_command_form(&app->command);
    enum mk_field key = mk_verb_field(verb, diag->place, strlen(diag->place));
    const struct mk_field_info *field = mk_field_get(key);
    unsigned flags = field ? field->flags : 0;
    if ((diag->err == MK_E_BAD_CODE || diag->err == MK_E_USAGE) &&
        diag->list >= 0) {
        MK_TRY(mk_buf_add_str(out, ": "));
        MK_TRY(mk_codes_add(out, diag->list, flags));
    } else if (diag->err == MK_E_UNKNOWN_KEY && verb != MK_VERB_NONE) {
        /* a correction that names no key of its event: that event's keys */
        bool of_event = verb == MK_VERB_CORRIGEER && diag->num[0] > 0;
        MK_TRY(mk_buf_add_str(out, ": "));
        MK_TRY(add_keys(out, of_event ? (enum mk_verb)diag->num[0] : verb));
    } else if (diag->err == MK_E_BAD_DATE && (flags & MK_FIELD_UNKNOWN)) {
        MK_TRY(mk_buf_add_str(out, MK_T(app, ", ONB of NR", ", ONB or NR")));
    } else if (diag->err == MK_E_CHOICE) {
        MK_TRY(mk_buf_add_str(out, ": "));
        MK_TRY(
            mk_choices_add(out, (enum mk_choice)diag->num[0], app->english));
    } else if (diag->err == MK_E_UNKNOWN_COLUMN) {
        MK_TRY(mk_buf_add_str(out, ": "));
        MK_TRY(mk_choices_add(out, MK_CHOICE_COLUMN, app->english));
    } else if (diag->err == MK_E_PURPOSE) {
        MK_TRY(mk_buf_add_str(out, ": "));
        MK_TRY(mk_codes_add(out, MK_LIST_PURPOSE, 0));
    }
out:
    return rc;
}

/* What another program said, quoted: our own sentence stands before it. */
static enum mk_err add_said(const struct mk_app *app,
                            const struct mk_diag *diag, struct mk_buf *out)
{
    enum mk_err rc = MK_OK;
    if (diag->said[0] == '\0')
        return MK_OK;
    MK_TRY(mk_buf_add_str(out, MK_T(app, "; melding: \"", "; message: \"")));
    MK_TRY(app->english ? mk_buf_add_str(out, diag->said)
                        : mk_said_dutch(out, diag->said));
    MK_TRY(mk_buf_add_str(out, "\""));
out:
    return rc;
}

enum mk_err mk_app_describe(const struct mk_app *app,
                            const struct mk_diag *diag, struct mk_buf *out)
{
    enum mk_err rc;
    const char *line = MK_T(app, "regel {line}: ", "line {line}: ");
    const char *text;
    struct mk_diag whole = *diag;
    size_t n;
    mk_app_judge_outcome(app, &whole);
    text = mk_err_text(whole.err, app->english);
    if (whole.line == 0)
        whole.line = app->form_line[key_of(app, diag)];
    if (whole.line == 0 && diag->err == MK_E_UNKNOWN_KEY && diag->num[0] > 0)
        whole.line = app->form_line[MK_F_KEY];
    if (starts(text, line, &n))
        text += n;
    /* an answer to a question stands in no line */
    if (whole.line != 0)
        MK_TRY(fill(app, out, line, &whole));
    MK_TRY(fill(app, out, text, &whole));
    MK_TRY(add_allowed(app, diag, out));
    MK_TRY(add_said(app, diag, out));
out:
    return rc;
}

void mk_app_error(const struct mk_app *app)
{
    struct mk_buf line = MK_BUF_INIT;
    if (mk_app_describe(app, &app->diag, &line) == MK_OK)
        say(&line);
    mk_buf_release(&line);
}
