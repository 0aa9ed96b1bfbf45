/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/ask.h"

#include "core/base/text.h"

#include <string.h>
#include <unistd.h>

enum mk_err mk_ask_possible(struct mk_app *app)
{
    if (app->term.fd >= 0 && isatty(STDIN_FILENO))
        return MK_OK;
    return mk_fail(&app->diag, MK_E_NO_TERMINAL,
                   MK_T(app, "de gegevens", "the data"));
}

static void say(struct mk_app *app, const struct mk_buf *text)
{
    mk_term_write(&app->term, text->data, text->len);
}

/* What can be answered, briefly: behind the label. */
static enum mk_err add_hint(struct mk_app *app, struct mk_buf *out,
                            const struct mk_field_info *f)
{
    enum mk_err rc = MK_OK;
    bool may_be_unknown = f->flags & MK_FIELD_UNKNOWN;
    switch (f->type) {
    case MK_T_CODE:
    case MK_T_CODES:
        MK_TRY(mk_buf_add_str(out, " ["));
        MK_TRY(mk_codes_add(out, f->list, f->flags));
        MK_TRY(mk_buf_add_str(out, "]"));
        break;
    case MK_T_DATE:
    case MK_T_PERIOD:
        MK_TRY(mk_buf_add_str(out, MK_T(app, " [JJJJ-MM-DD", " [YYYY-MM-DD")));
        if (f->type == MK_T_PERIOD)
            MK_TRY(mk_buf_add_str(out, MK_T(app, ", JJJJ-MM, JJJJ, DAG/DAG",
                                            ", YYYY-MM, YYYY, DAY/DAY")));
        MK_TRY(mk_buf_add_str(out, may_be_unknown ? ", ONB, NR]" : "]"));
        break;
    case MK_T_LRK:
        MK_TRY(mk_buf_add_str(out, MK_T(app, " [negen cijfers, ONB, NR]",
                                        " [nine digits, ONB, NR]")));
        break;
    case MK_T_TEXT:
        MK_TRY(mk_buf_add_str(out, MK_T(app, " (eindig met een lege regel)",
                                        " (end with an empty line)")));
        break;
    case MK_T_LINE:
    case MK_T_TAG:
    case MK_T_NUMBER:
    case MK_T_KEY:
        break;
    }
out:
    return rc;
}

static enum mk_err help(struct mk_app *app, const struct mk_field_info *f,
                        bool required)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    const struct mk_code *code;
    MK_TRY(mk_buf_addf(
        &out, "  %s (%s); %s\n", MK_T(app, f->nl, f->en), f->key,
        required ? MK_T(app, "verplicht", "required")
                 : MK_T(app, "leeg is overslaan", "empty skips it")));
    for (size_t i = 0;
         f->list >= 0 && (code = mk_code_at((enum mk_list)f->list, i)); i++)
        if (!(code->flags & (MK_CODE_IMPORTED | MK_CODE_RESERVED)))
            MK_TRY(mk_buf_addf(&out, "  %-9s %s\n", code->slug,
                               MK_T(app, code->nl, code->en)));
    if (f->flags & MK_FIELD_UNKNOWN)
        MK_TRY(mk_buf_addf(&out, "  %-9s %s\n  %-9s %s\n", "ONB",
                           MK_T(app, "onbekend", "unknown"), "NR",
                           MK_T(app, "niet vastgelegd", "not recorded")));
    say(app, &out);
out:
    mk_buf_release(&out);
    return rc;
}

/* The lines of a narrative behind its first, up to an empty one. */
static enum mk_err more_lines(struct mk_app *app, struct mk_buf *answer)
{
    enum mk_err rc = MK_OK;
    struct mk_buf line = MK_BUF_INIT;
    while (answer->len < MK_TEXT_MAX) {
        MK_TRY(mk_term_ask(&app->term, "  ", &line, &app->diag));
        if (line.len == 0)
            break;
        MK_TRY(mk_buf_add_u8(answer, '\n'));
        MK_TRY(mk_buf_add(answer, line.data, line.len));
    }
out:
    mk_buf_release(&line);
    return rc;
}

enum mk_err mk_ask_say_error(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_buf_add_str(&text, "  "));
    MK_TRY(mk_app_describe(app, &app->diag, &text));
    MK_TRY(mk_buf_add_str(&text, "\n"));
    say(app, &text);
    app->diag = (struct mk_diag)MK_DIAG_INIT;
out:
    mk_buf_release(&text);
    return rc;
}

/* One answer into f; *again when it must be asked once more. */
static enum mk_err answer_one(struct mk_app *app,
                              const struct mk_field_info *f, bool required,
                              const char *prompt, struct mk_fields *fields,
                              bool *again)
{
    enum mk_err rc;
    struct mk_buf answer = MK_BUF_INIT;
    *again = true;
    MK_TRY(mk_term_ask(&app->term, prompt, &answer, &app->diag));
    if (answer.len == 1 && answer.data[0] == '?') {
        MK_TRY(help(app, f, required));
        goto out;
    }
    if (answer.len == 0) {
        *again = required;
        if (required)
            MK_TRY(help(app, f, required));
        goto out;
    }
    if (f->type == MK_T_TEXT)
        MK_TRY(more_lines(app, &answer));
    rc = mk_fields_parse(fields, f->number, answer.data, answer.len,
                         &app->diag);
    if (rc == MK_OK)
        *again = false;
    else if (rc != MK_E_MEMORY)
        rc = mk_ask_say_error(app);
out:
    mk_buf_release(&answer);
    return rc;
}

static enum mk_err ask_one(struct mk_app *app, const struct mk_field_info *f,
                           bool required, struct mk_fields *fields)
{
    enum mk_err rc;
    struct mk_buf prompt = MK_BUF_INIT;
    bool again = true;
    MK_TRY(mk_buf_add_str(&prompt, MK_T(app, f->nl, f->en)));
    MK_TRY(add_hint(app, &prompt, f));
    MK_TRY(mk_buf_addf(&prompt, "%s: ", required ? " *" : ""));
    MK_TRY(mk_buf_terminate(&prompt));
    while (again)
        MK_TRY(answer_one(app, f, required, (const char *)prompt.data, fields,
                          &again));
out:
    mk_buf_release(&prompt);
    return rc;
}

enum mk_err mk_ask_again(struct mk_app *app, enum mk_field number,
                         struct mk_fields *f)
{
    mk_fields_unset(f, number);
    return ask_one(app, mk_field_get(number), true, f);
}

static enum mk_err ask_all(struct mk_app *app, const enum mk_field *keys,
                           bool required, struct mk_fields *f,
                           mk_ask_keep *keep)
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; keys[i] != MK_F_NONE; i++) {
        if (mk_fields_has(f, keys[i]))
            continue;
        MK_TRY(ask_one(app, mk_field_get(keys[i]), required, f));
        if (keep)
            MK_TRY(keep(app, f));
    }
out:
    return rc;
}

enum mk_err mk_ask_fields(struct mk_app *app, enum mk_verb verb,
                          struct mk_fields *f, mk_ask_keep *keep)
{
    enum mk_err rc = MK_OK;
    const struct mk_verb_info *info = mk_verb_get(verb);
    struct mk_buf head = MK_BUF_INIT;
    MK_TRY(mk_buf_addf(&head, "\n== %s (%s)\n",
                       MK_T(app, info->label_nl, info->label_en),
                       MK_T(app, "* verplicht, ? hulp, Ctrl-C stopt",
                            "* required, ? help, Ctrl-C ends")));
    say(app, &head);
    MK_TRY(ask_all(app, info->required, true, f, keep));
    MK_TRY(ask_all(app, info->optional, false, f, keep));
out:
    mk_buf_release(&head);
    return rc;
}

enum mk_err mk_ask_yes(struct mk_app *app, const char *question, bool *yes)
{
    enum mk_err rc;
    struct mk_buf prompt = MK_BUF_INIT, answer = MK_BUF_INIT;
    MK_TRY(mk_buf_addf(&prompt, "\n%s %s ", question,
                       MK_T(app, "[j/N]", "[y/N]")));
    MK_TRY(mk_buf_terminate(&prompt));
    MK_TRY(mk_term_ask(&app->term, (const char *)prompt.data, &answer,
                       &app->diag));
    *yes = answer.len > 0 && strchr("jJyY", answer.data[0]) != NULL;
out:
    mk_buf_release(&answer);
    mk_buf_release(&prompt);
    return rc;
}
