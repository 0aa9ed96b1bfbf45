/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/view.h"

#include "cmd/table.h"
#include "cmd/unseen.h"
#include "core/base/clock.h"
#include "core/base/text.h"

#include <inttypes.h>
#include <string.h>

mk_day mk_today(void)
{
    return mk_date_amsterdam(mk_clock_now());
}

const char *mk_duty_slug(unsigned duty)
{
    static const char *const names[MK_DUTY_COUNT] = {
        [MK_DUTY_MELD] = "meldplicht",
        [MK_DUTY_OVERLEG] = "overlegplicht",
        [MK_DUTY_AANGIFTE] = "aangifteplicht",
    };
    return duty < MK_DUTY_COUNT ? names[duty] : "";
}

const char *mk_duty_name(const struct mk_app *app, unsigned duty)
{
    static const char *const english[MK_DUTY_COUNT] = {
        [MK_DUTY_MELD] = "meldplicht (worker tells houder)",
        [MK_DUTY_OVERLEG] = "overlegplicht (houder consults)",
        [MK_DUTY_AANGIFTE] = "aangifteplicht (formal complaint)",
    };
    return app->english && duty < MK_DUTY_COUNT ? english[duty]
                                                : mk_duty_slug(duty);
}

const char *mk_member_name(const struct mk_app *app,
                           const uint8_t id[static 16])
{
    const struct mk_member *m =
        mk_keyring_by_id(mk_vault_keyring(app->vault), id);
    return m ? m->name : "?";
}

static enum mk_err add_day(struct mk_app *app, struct mk_buf *out, mk_day day)
{
    char text[MK_DATE_TEXT];
    if (day == MK_DAY_NONE)
        return mk_buf_add_str(out, MK_T(app, "onbekend", "unknown"));
    mk_date_format(text, day);
    return mk_buf_add_str(out, text);
}

/* The label of a value that is one code; NULL for other values. */
static const char *code_label(struct mk_app *app,
                              const struct mk_field_info *f,
                              const struct mk_fields *fields)
{
    unsigned number = mk_fields_code(fields, f->number);
    const struct mk_code *code =
        f->type == MK_T_CODE && f->list >= 0
            ? mk_code_get((enum mk_list)f->list, number)
            : NULL;
    return code ? MK_T(app, code->nl, code->en) : NULL;
}

/* Text of several lines stands apart and indented: no line of it can be taken
 * for one of ours. */
static enum mk_err add_lines(struct mk_buf *out, const struct mk_buf *value)
{
    enum mk_err rc = MK_OK;
    const uint8_t *p = value->data;
    size_t left = value->len;
    bool several = left > 0 && memchr(p, '\n', left) != NULL;
    while (left > 0) {
        const uint8_t *end = memchr(p, '\n', left);
        size_t n = end ? (size_t)(end - p) : left;
        if (several)
            MK_TRY(mk_buf_add_str(out, "\n      | "));
        MK_TRY(mk_text_visible(out, p, n, false));
        p += n + (end != NULL);
        left -= n + (end != NULL);
    }
out:
    return rc;
}

/* A value as it is given, and what its code means. */
static enum mk_err add_value(struct mk_app *app, struct mk_buf *out,
                             const struct mk_fields *fields,
                             enum mk_field number)
{
    enum mk_err rc;
    struct mk_buf value = MK_BUF_INIT;
    const struct mk_field_info *f = mk_field_get(number);
    const char *label = code_label(app, f, fields);
    if (f->type == MK_T_MEMBER)
        MK_TRY(mk_buf_add_str(
            &value, mk_member_name(app, mk_fields_id(fields, number))));
    else
        MK_TRY(mk_fields_format(&value, fields, number));
    MK_TRY(add_lines(out, &value));
    if (label)
        MK_TRY(mk_buf_addf(out, " (%s)", label));
out:
    mk_buf_release(&value);
    return rc;
}

static enum mk_err add_field(struct mk_app *app, struct mk_buf *out,
                             const struct mk_fields *fields,
                             enum mk_field number)
{
    enum mk_err rc;
    const struct mk_field_info *f = mk_field_get(number);
    MK_TRY(mk_buf_addf(out, "    %s: ", MK_T(app, f->nl, f->en)));
    MK_TRY(add_value(app, out, fields, number));
    MK_TRY(mk_buf_add_str(out, "\n"));
out:
    return rc;
}

static enum mk_err add_fields(struct mk_app *app, struct mk_buf *out,
                              const struct mk_fields *fields)
{
    enum mk_err rc = MK_OK;
    enum mk_field n = MK_F_NONE;
    while ((n = mk_fields_next(fields, n)) != MK_F_NONE)
        MK_TRY(add_field(app, out, fields, n));
out:
    return rc;
}

/* Under a fact: the value that it lost to by an author who did not know it. */
static enum mk_err add_rival(struct mk_app *app, struct mk_buf *out,
                             const struct mk_case *c, enum mk_field fact)
{
    enum mk_err rc = MK_OK;
    struct mk_fields other;
    size_t by, rival;
    if (!mk_unseen_rival(c, fact, &by, &rival))
        return MK_OK;
    mk_fields_init(&other);
    MK_TRY(mk_unseen_value(c, rival, fact, &other));
    MK_TRY(mk_buf_addf(
        out, "      %s: ", MK_T(app, "ook vastgelegd", "also recorded")));
    MK_TRY(mk_fields_has(&other, fact)
               ? add_value(app, out, &other, fact)
               : mk_buf_add_str(out, MK_T(app, "geen waarde", "no value")));
    MK_TRY(mk_buf_addf(
        out,
        MK_T(app, ", regel %zu; wie regel %zu schreef kende die niet\n",
             ", entry %zu; who wrote entry %zu did not know it\n"),
        rival + 1, by + 1));
out:
    mk_fields_release(&other);
    return rc;
}

static enum mk_err add_facts(struct mk_app *app, struct mk_buf *out,
                             const struct mk_case *c)
{
    enum mk_err rc = MK_OK;
    enum mk_field n = MK_F_NONE;
    while ((n = mk_fields_next(&c->facts, n)) != MK_F_NONE) {
        MK_TRY(add_field(app, out, &c->facts, n));
        MK_TRY(add_rival(app, out, c, n));
    }
out:
    return rc;
}

static enum mk_err add_track(struct mk_app *app, struct mk_buf *out,
                             unsigned duty, const struct mk_track *t)
{
    enum mk_err rc = MK_OK;
    int64_t days = t->since == MK_DAY_NONE ? 0 : mk_today() - t->since;
    switch (t->status) {
    case MK_TRACK_NONE:
        break;
    case MK_TRACK_OPEN:
    case MK_TRACK_UNMET:
        MK_TRY(mk_buf_addf(out, "  %s: %s, %s ", mk_duty_name(app, duty),
                           t->status == MK_TRACK_OPEN
                               ? MK_T(app, "open", "open")
                               : MK_T(app, "niet nagekomen", "not met"),
                           MK_T(app, "sinds", "since")));
        MK_TRY(add_day(app, out, t->since));
        MK_TRY(mk_buf_addf(
            out, " (%" PRId64 " %s%s)\n", days, MK_T(app, "dagen", "days"),
            t->since_guess ? MK_T(app, ", gerekend vanaf ontvangst",
                                  ", counted from receipt")
                           : ""));
        break;
    case MK_TRACK_MET:
        MK_TRY(mk_buf_addf(out, "  %s: %s ", mk_duty_name(app, duty),
                           MK_T(app, "nagekomen op", "met on")));
        MK_TRY(add_day(app, out, t->met));
        MK_TRY(mk_buf_add_str(out, "\n"));
        break;
    }
out:
    return rc;
}

static enum mk_err add_deputies(struct mk_app *app, struct mk_buf *out,
                                const struct mk_owners *o)
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < o->n_deputies; i++) {
        MK_TRY(mk_buf_addf(out, "%s",
                           i > 0 ? ", "
                                 : MK_T(app, "; waarnemer: ", "; deputy: ")));
        MK_TRY(mk_visible_add(out, mk_member_name(app, o->deputy[i])));
    }
out:
    return rc;
}

static enum mk_err add_head(struct mk_app *app, struct mk_buf *out,
                            const struct mk_view *v)
{
    enum mk_err rc;
    char tag[MK_TAG_TEXT];
    const struct mk_case *c = &v->c;
    const struct mk_code *duty = mk_code_get(MK_LIST_YN, c->duty);
    mk_tag_format(tag, v->id);
    MK_TRY(mk_buf_addf(out, "%s   %s%s\n", tag,
                       mk_state_label(c->state, app->english),
                       c->urgent ? MK_T(app, "   SPOED", "   URGENT") : ""));
    MK_TRY(mk_buf_addf(out, "  %s: ", MK_T(app, "behandelaar", "handled by")));
    MK_TRY(mk_visible_add(out, mk_member_name(app, c->owners.owner)));
    MK_TRY(add_deputies(app, out, &c->owners));
    MK_TRY(mk_buf_addf(out, "\n  %s: ", MK_T(app, "ontvangen", "received")));
    MK_TRY(add_day(app, out, c->received));
    MK_TRY(mk_buf_addf(out, "; %s: %" PRIu32 "\n",
                       MK_T(app, "meldingen", "reports"), c->meldingen));
    if (duty)
        MK_TRY(mk_buf_addf(out, "  %s: %s (%s)\n",
                           MK_T(app, "overlegplicht van toepassing",
                                "duty to consult applies"),
                           duty->slug, MK_T(app, duty->nl, duty->en)));
    for (unsigned d = 0; d < MK_DUTY_COUNT; d++)
        MK_TRY(add_track(app, out, d, &c->track[d]));
    if (c->next_check != MK_DAY_NONE) {
        MK_TRY(mk_buf_addf(
            out, "  %s: ", MK_T(app, "volgende controle", "next check")));
        MK_TRY(add_day(app, out, c->next_check));
        MK_TRY(mk_buf_add_str(out, "\n"));
    }
out:
    return rc;
}

static enum mk_err add_event(struct mk_app *app, struct mk_buf *out,
                             const struct mk_case *c, size_t i)
{
    enum mk_err rc;
    const struct mk_event *e = &c->events[i];
    const struct mk_verb_info *verb = mk_verb_get(e->verb);
    char moment[20];
    mk_date_format_moment(moment, e->time_ms);
    MK_TRY(
        mk_buf_addf(out, "\n  %" PRIu32 ". %s  %s  ", e->seq, moment,
                    verb ? MK_T(app, verb->label_nl, verb->label_en) : "?"));
    MK_TRY(mk_visible_add(out, mk_member_name(app, e->actor)));
    if (e->imported)
        MK_TRY(
            mk_buf_addf(out, "  (%s)", MK_T(app, "uit invoer", "imported")));
    if (c->corrected[i])
        MK_TRY(
            mk_buf_addf(out, "  (%s)",
                        MK_T(app, "later gecorrigeerd", "corrected later")));
    MK_TRY(mk_buf_add_str(out, "\n"));
    MK_TRY(mk_unseen_add_entry(app, out, c, i));
    MK_TRY(add_fields(app, out, &e->f));
out:
    return rc;
}

enum mk_err mk_view_timeline(struct mk_app *app, const struct mk_view *v,
                             struct mk_buf *out)
{
    enum mk_err rc;
    MK_TRY(add_head(app, out, v));
    for (size_t i = 0; i < v->c.n_events; i++)
        MK_TRY(add_event(app, out, &v->c, i));
out:
    return rc;
}

/* What can be done next, from the same table that judges it. */
static enum mk_err add_steps(struct mk_app *app, struct mk_buf *out,
                             const struct mk_case *c)
{
    enum mk_err rc;
    struct mk_command command;
    MK_TRY(mk_buf_addf(out, "\n%s:\n ",
                       MK_T(app, "mogelijke stappen", "possible steps")));
    for (size_t i = 0; mk_command_at(i, &command); i++)
        if (command.verb != MK_VERB_NONE &&
            mk_workflow_possible(c, command.verb))
            MK_TRY(mk_buf_addf(out, " %s", MK_T(app, command.nl, command.en)));
    MK_TRY(mk_buf_add_str(out, "\n"));
out:
    return rc;
}

enum mk_err mk_view_text(struct mk_app *app, const struct mk_view *v,
                         struct mk_buf *out)
{
    enum mk_err rc;
    MK_TRY(add_head(app, out, v));
    MK_TRY(mk_buf_addf(out, "\n%s:\n",
                       MK_T(app, "feiten, zoals laatst vastgelegd",
                            "facts, as last recorded")));
    MK_TRY(add_facts(app, out, &v->c));
    MK_TRY(
        mk_buf_addf(out, "\n%s:\n",
                    MK_T(app, "wat er is vastgelegd", "what was recorded")));
    for (size_t i = 0; i < v->c.n_events; i++)
        MK_TRY(add_event(app, out, &v->c, i));
    MK_TRY(add_steps(app, out, &v->c));
out:
    return rc;
}
