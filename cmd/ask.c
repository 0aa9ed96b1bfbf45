/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/ask.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

enum mk_err mk_ask_possible(struct mk_app *app)
{
    if (app->term.fd >= 0 && isatty(STDIN_FILENO))
        return MK_OK;
    return mk_fail(&app->diag, MK_E_NO_TERMINAL,
                   MK_T(app, "de gegevens", "the data"));
}

void mk_ask_say(struct mk_app *app, const char *text)
{
    mk_term_say(&app->term, text);
    mk_term_say(&app->term, "\n");
}

/* --- errors --- */

static bool is_key_char(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}

/* The first place where word stands by itself; text->len if nowhere. */
static size_t find_word(const struct mk_buf *text, const char *word, bool key)
{
    size_t n = strlen(word);
    for (size_t i = 0; n > 0 && i + n <= text->len; i++) {
        const uint8_t *p = text->data + i;
        if (memcmp(p, word, n) != 0)
            continue;
        if (!key || ((i == 0 || !is_key_char(p[-1])) &&
                     (i + n == text->len || !is_key_char(p[n]))))
            return i;
    }
    return text->len;
}

/* The first word becomes other, if it is there. */
static enum mk_err replace(struct mk_buf *text, const char *word,
                           const char *other, bool key)
{
    enum mk_err rc = MK_OK;
    struct mk_buf out = MK_BUF_INIT;
    size_t at = find_word(text, word, key), n = strlen(word);
    if (at == text->len)
        return MK_OK;
    MK_TRY(mk_buf_add(&out, text->data, at));
    MK_TRY(mk_buf_add_str(&out, other));
    MK_TRY(mk_buf_add(&out, text->data + at + n, text->len - at - n));
    mk_buf_take(text, &out);
out:
    mk_buf_release(&out);
    return rc;
}

enum mk_err mk_ask_say_error(struct mk_app *app)
{
    /* while questions are asked nothing could have been saved yet */
    static const char *const idle[] = {
        "; er is niets opgeslagen", "; er is niets gewijzigd",
        "; nothing was saved", "; nothing was changed"};
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    const struct mk_field_info *f =
        mk_field_find(app->diag.place, strlen(app->diag.place));
    const struct mk_field_info *breach = mk_field_get(MK_F_BREACH);
    MK_TRY(mk_buf_add_str(&text, "  "));
    MK_TRY(mk_app_describe(app, &app->diag, &text));
    for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++)
        MK_TRY(replace(&text, idle[i], "", false));
    if (app->diag.err == MK_E_BREACH)
        MK_TRY(replace(&text, breach->key, MK_T(app, breach->nl, breach->en),
                       true));
    if (f)
        MK_TRY(replace(&text, f->key, MK_T(app, f->nl, f->en), true));
    MK_TRY(mk_buf_add_str(&text, "\n"));
    mk_term_write(&app->term, text.data, text.len);
    app->diag = (struct mk_diag)MK_DIAG_INIT;
out:
    mk_buf_release(&text);
    return rc;
}

/* --- all keys of a verb --- */

static enum mk_err head(struct mk_app *app, const struct mk_asking *a,
                        const char *nl, const char *en)
{
    enum mk_err rc;
    const struct mk_verb_info *info = mk_verb_get(a->verb);
    struct mk_buf out = MK_BUF_INIT;
    MK_TRY(mk_buf_addf(&out, "\n== %s%s%s (%s)\n",
                       MK_T(app, info->label_nl, info->label_en),
                       a->tag[0] ? " " : "", a->tag, MK_T(app, nl, en)));
    mk_term_write(&app->term, out.data, out.len);
    if (a->verb == MK_VERB_CORRIGEER && a->c)
        MK_TRY(mk_ask_show_events(app, a));
out:
    mk_buf_release(&out);
    return rc;
}

/* again: also what is answered already, from first on. */
static enum mk_err ask_all(struct mk_app *app, const struct mk_asking *a,
                           bool again, enum mk_field first)
{
    enum mk_err rc = MK_OK;
    const struct mk_verb_info *info = mk_verb_get(a->verb);
    bool begun = first == MK_F_NONE;
    for (int part = 0; part < 2; part++) {
        const enum mk_field *keys = part ? info->optional : info->required;
        for (size_t i = 0; keys[i] != MK_F_NONE; i++) {
            begun = begun || keys[i] == first;
            if (!begun || (!again && mk_fields_has(a->f, keys[i])))
                continue;
            MK_TRY(mk_ask_one(app, a, keys[i], part == 0));
        }
    }
out:
    return rc;
}

enum mk_err mk_ask_fields(struct mk_app *app, const struct mk_asking *a)
{
    enum mk_err rc;
    MK_TRY(head(app, a, "* verplicht, ? hulp, Ctrl-C stopt",
                "* required, ? help, Ctrl-C ends"));
    MK_TRY(ask_all(app, a, false, MK_F_NONE));
out:
    return rc;
}

enum mk_err mk_ask_again(struct mk_app *app, const struct mk_asking *a,
                         enum mk_field first)
{
    enum mk_err rc;
    MK_TRY(head(app, a, "Enter laat een antwoord staan, - wist het",
                "Enter keeps an answer, - clears it"));
    MK_TRY(ask_all(app, a, true, first));
out:
    return rc;
}

static bool is_word(const struct mk_buf *answer, const char *word)
{
    size_t n = strlen(word);
    return answer->len == n &&
           strncasecmp((const char *)answer->data, word, n) == 0;
}

/* An answer is j or n (or y); anything else is asked again, since a slip of
 * the finger may not throw away what somebody typed. */
enum mk_err mk_ask_yes(struct mk_app *app, const char *question, bool *yes)
{
    enum mk_err rc;
    struct mk_buf prompt = MK_BUF_INIT, answer = MK_BUF_INIT;
    bool answered = false;
    MK_TRY(mk_buf_addf(&prompt, "\n%s %s ", question,
                       MK_T(app, "[j/n]", "[y/n]")));
    MK_TRY(mk_buf_terminate(&prompt));
    while (!answered) {
        mk_buf_clear(&answer);
        MK_TRY(mk_term_ask(&app->term, (const char *)prompt.data, &answer,
                           &app->diag));
        *yes = is_word(&answer, "j") || is_word(&answer, "ja") ||
               is_word(&answer, "y") || is_word(&answer, "yes");
        answered = *yes || is_word(&answer, "n") || is_word(&answer, "nee") ||
                   is_word(&answer, "no");
        if (!answered)
            mk_term_say(&app->term, MK_T(app, "  antwoord met j of n\n",
                                         "  answer y or n\n"));
    }
out:
    mk_buf_release(&answer);
    mk_buf_release(&prompt);
    return rc;
}

/* --- purpose --- */

static enum mk_err ask_purpose(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT, answer = MK_BUF_INIT;
    const struct mk_code *code;
    mk_ask_say(app, MK_T(app,
                         "Dit dossier is van een collega. Met welk doel wilt "
                         "u erin? Het wordt vastgelegd.",
                         "This dossier is a colleague's. For what purpose do "
                         "you open it? It is logged."));
    for (size_t i = 0; (code = mk_code_at(MK_LIST_PURPOSE, i)) != NULL; i++)
        MK_TRY(mk_buf_addf(&text, "  %-6s %s\n", code->slug,
                           MK_T(app, code->nl, code->en)));
    MK_TRY(mk_buf_add_str(&text,
                          MK_T(app, "  Enter  terug: er wordt niets geopend\n",
                               "  Enter  back: nothing is opened\n")));
    mk_term_write(&app->term, text.data, text.len);
    while (app->access.purpose == 0) {
        MK_TRY(mk_term_ask(&app->term, MK_T(app, "doel: ", "purpose: "),
                           &answer, &app->diag));
        if (answer.len == 0) {
            rc = mk_fail(&app->diag, MK_E_CANCELLED, "");
            goto out;
        }
        for (size_t i = 0; i < answer.len; i++)
            if (answer.data[i] >= 'a' && answer.data[i] <= 'z')
                answer.data[i] = (uint8_t)(answer.data[i] - 'a' + 'A');
        code = mk_code_find(MK_LIST_PURPOSE, (const char *)answer.data,
                            answer.len);
        if (code)
            app->access.purpose = code->number;
        else
            mk_term_write(&app->term, text.data, text.len);
    }
out:
    mk_buf_release(&text);
    mk_buf_release(&answer);
    return rc;
}

enum mk_err mk_ask_purpose(struct mk_app *app, enum mk_err rc)
{
    if (rc != MK_E_PURPOSE || app->access.purpose != 0 || app->term.fd < 0 ||
        !isatty(STDIN_FILENO))
        return rc;
    app->diag = (struct mk_diag)MK_DIAG_INIT;
    return ask_purpose(app);
}

enum mk_err mk_ask_open(struct mk_app *app, enum mk_audit kind,
                        const struct mk_dossier_ref *ref, struct mk_view *view)
{
    enum mk_err rc =
        mk_dossier_open(app->vault, &app->access, kind, ref, view, &app->diag);
    if (rc != MK_E_PURPOSE)
        return rc;
    MK_TRY(mk_ask_purpose(app, rc));
    rc =
        mk_dossier_open(app->vault, &app->access, kind, ref, view, &app->diag);
out:
    return rc;
}
