/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One question, until it is answered. */
#include "cmd/answer.h"
#include "cmd/ask.h"
#include "cmd/draft.h"
#include "cmd/view.h"

#include <string.h>

/* The question while it stands. */
struct question {
    struct mk_app *app;
    const struct mk_asking *a;
    const struct mk_field_info *f;    /* whose answer it is */
    const struct mk_field_info *like; /* in what form it is asked */
    bool required;
};

static void say(const struct question *q, const struct mk_buf *text)
{
    mk_term_write(&q->app->term, text->data, text->len);
}

/* What can be answered, briefly: behind the label. */
static enum mk_err add_hint(const struct question *q, struct mk_buf *out)
{
    enum mk_err rc = MK_OK;
    const struct mk_app *app = q->app;
    bool may_be_unknown = q->like->flags & MK_FIELD_UNKNOWN;
    switch (q->like->type) {
    case MK_T_CODE:
    case MK_T_CODES:
        MK_TRY(mk_buf_add_str(out, " ["));
        MK_TRY(mk_codes_add(out, q->like->list, q->like->flags));
        MK_TRY(mk_buf_add_str(out, "]"));
        break;
    case MK_T_DATE:
    case MK_T_PERIOD:
        MK_TRY(mk_buf_add_str(out, MK_T(app, " [JJJJ-MM-DD", " [YYYY-MM-DD")));
        if (q->like->type == MK_T_PERIOD)
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
    case MK_T_MEMBER:
        break;
    }
out:
    return rc;
}

static bool in_list(const struct mk_field_info *f, const char *slug)
{
    return f->list >= 0 &&
           mk_code_find((enum mk_list)f->list, slug, strlen(slug)) != NULL;
}

static enum mk_err add_codes(const struct question *q, struct mk_buf *out)
{
    enum mk_err rc = MK_OK;
    const struct mk_app *app = q->app;
    const struct mk_code *code;
    for (size_t i = 0; q->like->list >= 0 &&
                       (code = mk_code_at((enum mk_list)q->like->list, i));
         i++)
        if (!(code->flags & (MK_CODE_IMPORTED | MK_CODE_RESERVED)))
            MK_TRY(mk_buf_addf(out, "  %-9s %s\n", code->slug,
                               MK_T(app, code->nl, code->en)));
    if (!(q->like->flags & MK_FIELD_UNKNOWN))
        return MK_OK;
    if (!in_list(q->like, "ONB"))
        MK_TRY(mk_buf_addf(out, "  %-9s %s\n", "ONB",
                           MK_T(app, "onbekend", "unknown")));
    if (!in_list(q->like, "NR"))
        MK_TRY(mk_buf_addf(out, "  %-9s %s\n", "NR",
                           MK_T(app, "niet vastgelegd", "not recorded")));
out:
    return rc;
}

static const char *how(const struct question *q)
{
    const struct mk_app *app = q->app;
    switch (q->like->type) {
    case MK_T_DATE:
        return MK_T(app,
                    "  een dag: 2026-03-02, 2-3-2026, vandaag of gisteren\n",
                    "  a day: 2026-03-02, 2-3-2026, today or yesterday\n");
    case MK_T_PERIOD:
        return MK_T(app,
                    "  een dag (2026-03-02, 2-3-2026, vandaag), een maand "
                    "(2026-03),\n  een jaar (2026) of van dag tot dag "
                    "(2026-03-01/2026-03-09)\n",
                    "  a day (2026-03-02, 2-3-2026, today), a month "
                    "(2026-03),\n  a year (2026) or from day to day "
                    "(2026-03-01/2026-03-09)\n");
    case MK_T_LRK:
        return MK_T(app, "  het nummer in het Landelijk Register\n",
                    "  the number in the national register\n");
    case MK_T_TAG:
        return MK_T(app, "  een kenmerk zoals MK-7Q4D-K2XZ\n",
                    "  a tag like MK-7Q4D-K2XZ\n");
    case MK_T_CODES:
        return MK_T(app, "  een of meer, met een spatie ertussen\n",
                    "  one or more, with a space between them\n");
    case MK_T_TEXT:
        return MK_T(app,
                    "  zoveel regels als nodig; een lege regel is het "
                    "einde\n",
                    "  as many lines as needed; an empty one is the end\n");
    case MK_T_NUMBER:
        return MK_T(app, "  een nummer uit de lijst hierboven\n",
                    "  a number of the list above\n");
    case MK_T_CODE:
    case MK_T_LINE:
    case MK_T_KEY:
    case MK_T_MEMBER:
        break;
    }
    return "";
}

static enum mk_err help(const struct question *q)
{
    enum mk_err rc;
    const struct mk_app *app = q->app;
    struct mk_buf out = MK_BUF_INIT;
    MK_TRY(mk_buf_addf(&out, "  %s (%s); %s\n%s",
                       MK_T(app, q->like->nl, q->like->en), q->like->key,
                       q->required
                           ? MK_T(app, "verplicht", "required")
                           : MK_T(app, "leeg is overslaan", "empty skips it"),
                       how(q)));
    MK_TRY(add_codes(q, &out));
    if (q->f->number == MK_F_KEY)
        MK_TRY(mk_ask_add_keys(q->app, q->a, &out));
    if (q->f->number == MK_F_VALUE)
        MK_TRY(mk_buf_add_str(
            &out,
            MK_T(app, "  NR bij wat de stap vastlegt: zij is niet gebeurd\n",
                 "  NR for what the step records: it did not "
                 "happen\n")));
    say(q, &out);
out:
    mk_buf_release(&out);
    return rc;
}

/* The lines of a narrative behind its first, up to an empty one.  What is too
 * much is read away up to there too: it is no answer to the next question. */
static enum mk_err more_lines(const struct question *q, struct mk_buf *answer)
{
    enum mk_err rc = MK_OK;
    struct mk_buf line = MK_BUF_INIT;
    bool full = false;
    do {
        rc = mk_term_ask_text(&q->app->term, "  ", &line, &q->app->diag);
        full = full || rc == MK_E_TOO_LARGE ||
               answer->len + line.len >= MK_TEXT_MAX;
        if (rc != MK_OK && rc != MK_E_TOO_LARGE)
            goto out;
        if (full || line.len == 0)
            continue;
        MK_TRY(mk_buf_add_u8(answer, '\n'));
        MK_TRY(mk_buf_add(answer, line.data, line.len));
    } while (line.len > 0 || rc != MK_OK);
    if (full)
        rc = mk_fail_at(&q->app->diag, MK_E_TOO_LARGE, q->f->key, 0,
                        (int64_t)MK_TEXT_MAX, 0);
out:
    mk_buf_release(&line);
    return rc;
}

/* What the value would be refused for in the end, told at once. */
static enum mk_err check_value(const struct question *q,
                               const struct mk_value *v)
{
    struct mk_diag *diag = &q->app->diag;
    const struct mk_case *c = q->a->c;
    const struct mk_code *code =
        q->like->type == MK_T_CODE
            ? mk_code_get((enum mk_list)q->like->list, v->code)
            : NULL;
    mk_day received = c ? c->received : mk_fields_day(q->a->f, MK_F_RECEIVED);
    if ((code && code->flags & (MK_CODE_IMPORTED | MK_CODE_RESERVED)) ||
        (q->like->number == MK_F_VERDICT && v->code == MK_VERDICT_NR)) {
        diag->list = q->like->list;
        return mk_fail(diag, MK_E_BAD_CODE, q->like->key);
    }
    if (code && received != MK_DAY_NONE &&
        !mk_code_valid_in(code, mk_date_year(received)))
        return mk_fail(diag, MK_E_CODE_YEAR, q->like->key);
    if (v->from != MK_DAY_NONE && v->from > mk_today() &&
        !(q->like->flags & MK_FIELD_FUTURE))
        return mk_fail(diag, MK_E_FUTURE_DATE, q->like->key);
    return MK_OK;
}

static enum mk_err check_lrk(const struct question *q,
                             const struct mk_value *v)
{
    const struct mk_fields *facts = q->a->c ? &q->a->c->facts : q->a->f;
    const struct mk_app *app = q->app;
    if (q->like->type != MK_T_LRK)
        return MK_OK;
    unsigned care = mk_fields_code(
        mk_fields_has(q->a->f, MK_F_CARE_TYPE) ? q->a->f : facts,
        MK_F_CARE_TYPE);
    switch (mk_lrk_check(v, care)) {
    case MK_LRK_GOOD:
        break;
    case MK_LRK_DOUBTFUL:
        mk_ask_say(q->app, MK_T(app,
                                "  let op: het nummer voldoet niet aan de "
                                "elfproef; controleer het",
                                "  note: the id does not pass the 11-proof; "
                                "check it"));
        break;
    case MK_LRK_WRONG:
        return mk_fail(&q->app->diag, MK_E_BAD_LRK, q->like->key);
    }
    return MK_OK;
}

/* The text as a value of the key that is asked for. */
static enum mk_err take(const struct question *q, struct mk_buf *answer)
{
    enum mk_err rc;
    struct mk_fields one, real;
    struct mk_diag *diag = &q->app->diag;
    mk_fields_init(&one);
    mk_fields_init(&real);
    bool away = q->f->number == MK_F_VALUE && mk_ask_is_away(q->a, answer);
    if (away)
        memcpy(answer->data, "NR", 2);
    if (!away && q->like->number != q->f->number) {
        MK_TRY(mk_fields_parse(&real, q->like->number, answer->data,
                               answer->len, diag));
        const struct mk_value *v = mk_fields_get(&real, q->like->number);
        MK_TRY(check_value(q, v));
        MK_TRY(check_lrk(q, v));
    }
    MK_TRY(
        mk_fields_parse(&one, q->f->number, answer->data, answer->len, diag));
    const struct mk_value *v = mk_fields_get(&one, q->f->number);
    if (q->like->number == q->f->number) {
        MK_TRY(check_value(q, v));
        MK_TRY(check_lrk(q, v));
    }
    MK_TRY(mk_ask_check_target(q->app, q->a, &one));
    MK_TRY(mk_fields_put(q->a->f, q->f->number, v));
out:
    mk_fields_release(&one);
    mk_fields_release(&real);
    return rc;
}

static enum mk_err echo(const struct question *q, const struct mk_buf *answer)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    MK_TRY(mk_buf_add_str(&out, "  = "));
    MK_TRY(mk_buf_add(&out, answer->data, answer->len));
    MK_TRY(mk_buf_add_str(&out, "\n"));
    say(q, &out);
out:
    mk_buf_release(&out);
    return rc;
}

/* Something was typed; *again when that is no answer. */
static enum mk_err answered(const struct question *q, struct mk_buf *answer,
                            bool *again)
{
    enum mk_err rc;
    bool said;
    if (q->like->type == MK_T_TEXT)
        MK_TRY(more_lines(q, answer));
    MK_TRY(mk_answer_tidy(answer, q->like, mk_today(), &said));
    if (said)
        MK_TRY(echo(q, answer));
    MK_TRY(take(q, answer));
    *again = false;
    if (q->a->draft)
        MK_TRY(mk_draft_keep(q->app, q->a));
out:
    return rc;
}

static enum mk_err once(const struct question *q, const char *prompt,
                        bool *again)
{
    enum mk_err rc;
    struct mk_term *t = &q->app->term;
    struct mk_buf answer = MK_BUF_INIT;
    bool has = mk_fields_has(q->a->f, q->f->number);
    rc = q->like->type == MK_T_TEXT
             ? mk_term_ask_text(t, prompt, &answer, &q->app->diag)
             : mk_term_ask(t, prompt, &answer, &q->app->diag);
    if (rc == MK_OK && answer.len == 1 && answer.data[0] == '?') {
        rc = help(q);
    } else if (rc == MK_OK && answer.len == 0) {
        *again = q->required && !has;
        if (*again)
            rc = help(q);
    } else if (rc == MK_OK && has && !q->required && answer.len == 1 &&
               answer.data[0] == '-') {
        mk_fields_unset(q->a->f, q->f->number);
        *again = false;
    } else if (rc == MK_OK) {
        rc = answered(q, &answer, again);
    } else if (rc == MK_E_TOO_LARGE) {
        rc = q->like->type == MK_T_TEXT ? more_lines(q, &answer) : MK_OK;
        if (rc == MK_OK)
            rc = mk_fail_at(&q->app->diag, MK_E_TOO_LARGE, q->f->key, 0,
                            (int64_t)MK_TEXT_MAX, 0);
    }
    if (mk_err_exit(rc) == MK_EXIT_USAGE)
        rc = mk_ask_say_error(q->app);
    mk_buf_release(&answer);
    return rc;
}

/* Behind the label: the answer that stands. */
static enum mk_err add_given(const struct question *q, struct mk_buf *out)
{
    enum mk_err rc;
    const struct mk_app *app = q->app;
    struct mk_buf value = MK_BUF_INIT;
    if (!mk_fields_has(q->a->f, q->f->number))
        return MK_OK;
    MK_TRY(mk_fields_format(&value, q->a->f, q->f->number));
    if (q->like->type == MK_T_TEXT || value.len > 60)
        MK_TRY(mk_buf_addf(out, " {%s, %zu bytes}", MK_T(app, "nu", "now"),
                           value.len));
    else
        MK_TRY(mk_buf_addf(out, " {%s %.*s}", MK_T(app, "nu", "now"),
                           (int)value.len, (const char *)value.data));
out:
    mk_buf_release(&value);
    return rc;
}

enum mk_err mk_ask_one(struct mk_app *app, const struct mk_asking *a,
                       enum mk_field number, bool required)
{
    enum mk_err rc;
    struct mk_buf prompt = MK_BUF_INIT;
    bool again = true;
    struct question q = {.app = app,
                         .a = a,
                         .f = mk_field_get(number),
                         .like = mk_ask_form(a, number),
                         .required = required};
    if (q.like != q.f)
        MK_TRY(mk_buf_addf(&prompt, "%s: ", MK_T(app, q.f->nl, q.f->en)));
    MK_TRY(mk_buf_add_str(&prompt, MK_T(app, q.like->nl, q.like->en)));
    MK_TRY(add_hint(&q, &prompt));
    MK_TRY(add_given(&q, &prompt));
    MK_TRY(mk_buf_addf(&prompt, "%s: ", required ? " *" : ""));
    MK_TRY(mk_buf_terminate(&prompt));
    while (again)
        MK_TRY(once(&q, (const char *)prompt.data, &again));
out:
    mk_buf_release(&prompt);
    return rc;
}
