/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/unseen.h"

#include "cmd/table.h"
#include "cmd/view.h"
#include "core/base/num.h"

#include <inttypes.h>
#include <string.h>

enum mk_err mk_unseen_option(struct mk_app *app, uint32_t *seen)
{
    const char *text = mk_args_value(&app->args, MK_OPT_GEZIEN);
    uint64_t n = 0;
    if (text && !mk_num_parse(text, strlen(text), 1, UINT32_MAX, &n))
        return mk_fail_at(&app->diag, MK_E_BAD_NUMBER, "--seen", 0, 1,
                          UINT32_MAX);
    *seen = (uint32_t)n;
    return MK_OK;
}

enum mk_err mk_unseen_check(struct mk_app *app, uint32_t seen, size_t n_events)
{
    return seen <= n_events ? MK_OK
                            : mk_fail_at(&app->diag, MK_E_BAD_NUMBER, "--seen",
                                         0, 1, (int64_t)n_events);
}

/* --- to who writes --- */

/* "regel 5 (notitie, ivo), regel 6 (gecorrigeerd, ivo), en nog 3" */
static enum mk_err add_told(struct mk_app *app, struct mk_buf *out,
                            const struct mk_written *w)
{
    enum mk_err rc = MK_OK;
    size_t told = w->n_unseen < MK_UNSEEN_TOLD ? w->n_unseen : MK_UNSEEN_TOLD;
    for (size_t i = 0; i < told; i++) {
        const struct mk_unseen *u = &w->unseen[i];
        const struct mk_verb_info *verb = mk_verb_get(u->verb);
        MK_TRY(mk_buf_addf(out, "%s%s %" PRIu32 " (%s, ", i > 0 ? ", " : "",
                           MK_T(app, "regel", "entry"), u->seq,
                           MK_T(app, verb->label_nl, verb->label_en)));
        MK_TRY(mk_visible_add(out, mk_member_name(app, u->actor)));
        MK_TRY(mk_buf_add_str(out, ")"));
    }
    if (told < w->n_unseen)
        MK_TRY(mk_buf_addf(out, MK_T(app, ", en nog %zu", ", and %zu more"),
                           w->n_unseen - told));
out:
    return rc;
}

static enum mk_err add_who(struct mk_app *app, struct mk_buf *out,
                           const struct mk_written *w)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(
        out, MK_T(app, "intussen schreef een ander in dit dossier: ",
                  "meanwhile somebody else wrote to this dossier: ")));
    MK_TRY(add_told(app, out, w));
    MK_TRY(mk_buf_add_str(
        out, MK_T(app, "; bekijk het dossier", "; look at the dossier")));
    MK_TRY(mk_buf_terminate(out));
out:
    return rc;
}

/* What an entry has in common with the one that crossed it; "" for nothing. */
static enum mk_err add_overlap(struct mk_app *app, struct mk_buf *out,
                               const struct mk_unseen *u)
{
    enum mk_err rc = MK_OK;
    const struct mk_field_info *f = mk_field_get(u->field);
    switch (u->overlap) {
    case MK_OVERLAP_NONE:
        break;
    case MK_OVERLAP_FIELD:
        MK_TRY(mk_buf_addf(
            out,
            MK_T(app, "regel %" PRIu32 " gaat over hetzelfde gegeven (%s)",
                 "entry %" PRIu32 " is about the same field (%s)"),
            u->seq, MK_T(app, f->nl, f->en)));
        break;
    case MK_OVERLAP_PERSON:
        MK_TRY(mk_buf_addf(out,
                           MK_T(app,
                                "regel %" PRIu32 " gaat over dezelfde persoon",
                                "entry %" PRIu32 " is about the same person"),
                           u->seq));
        break;
    }
out:
    return rc;
}

typedef void say_line(struct mk_app *app, const char *text);

static void warn_line(struct mk_app *app, const char *text)
{
    mk_app_warn(app, text);
}

static void term_line(struct mk_app *app, const char *text)
{
    mk_term_say(&app->term, "  ");
    mk_ask_say(app, text);
}

static enum mk_err tell(struct mk_app *app, const struct mk_written *w,
                        bool refused, say_line *say)
{
    enum mk_err rc = MK_OK;
    struct mk_buf text = MK_BUF_INIT;
    if (w->n_unseen == 0)
        return MK_OK;
    MK_TRY(add_who(app, &text, w));
    say(app, (const char *)text.data);
    for (size_t i = 0; !refused && i < w->n_unseen && i < MK_UNSEEN_TOLD;
         i++) {
        mk_buf_clear(&text);
        MK_TRY(add_overlap(app, &text, &w->unseen[i]));
        if (text.len == 0)
            continue;
        MK_TRY(
            mk_buf_add_str(&text, MK_T(app, "; beide blijven in de tijdlijn",
                                       "; both stay in the timeline")));
        MK_TRY(mk_buf_terminate(&text));
        say(app, (const char *)text.data);
    }
out:
    mk_buf_release(&text);
    return rc;
}

void mk_unseen_warn(struct mk_app *app, const struct mk_written *w,
                    bool refused)
{
    /* without memory for a note the command goes on without it */
    enum mk_err rc = tell(app, w, refused, warn_line);
    (void)rc;
}

enum mk_err mk_unseen_say(struct mk_app *app, const struct mk_written *w,
                          bool refused)
{
    return tell(app, w, refused, term_line);
}

enum mk_err mk_unseen_ask(struct mk_app *app, const struct mk_written *w,
                          bool *go_on)
{
    enum mk_err rc;
    MK_TRY(mk_unseen_say(app, w, false));
    MK_TRY(mk_ask_yes(app,
                      MK_T(app, "Toch opslaan, zonder dat te hebben gezien?",
                           "Save all the same, without having seen that?"),
                      go_on));
out:
    return rc;
}

static void json_one(struct mk_app *app, struct mk_json *j,
                     const struct mk_unseen *u)
{
    static const char *const about[] = {
        [MK_OVERLAP_NONE] = "",
        [MK_OVERLAP_FIELD] = "field",
        [MK_OVERLAP_PERSON] = "person",
    };
    const struct mk_field_info *f = mk_field_get(u->field);
    mk_json_object(j, NULL);
    mk_json_num(j, "event", u->seq);
    mk_json_str(j, "verb", mk_verb_get(u->verb)->en);
    mk_json_str(j, "by", mk_member_name(app, u->actor));
    mk_json_str(j, "same", about[u->overlap]);
    mk_json_str(j, "key", f ? f->key : "");
    mk_json_end(j);
}

void mk_unseen_json(struct mk_app *app, struct mk_json *j,
                    const struct mk_written *w)
{
    mk_json_num(j, "unseen_entries", (int64_t)w->n_unseen);
    mk_json_array(j, "unseen");
    for (size_t i = 0; i < w->n_unseen && i < MK_UNSEEN_TOLD; i++)
        json_one(app, j, &w->unseen[i]);
    mk_json_end(j);
}

/* --- to who reads --- */

enum mk_err mk_unseen_add_entry(struct mk_app *app, struct mk_buf *out,
                                const struct mk_case *c, size_t i)
{
    enum mk_err rc = MK_OK;
    const struct mk_event *e = &c->events[i];
    struct mk_buf same = MK_BUF_INIT;
    size_t n = 0;
    for (size_t k = 0; k < i; k++) {
        struct mk_unseen u;
        if (!mk_unseen_is(c, e, k))
            continue;
        MK_TRY(n++ > 0 ? mk_buf_add_str(out, ", ")
                       : mk_buf_addf(out, "    %s ",
                                     MK_T(app, "geschreven zonder regel",
                                          "written without knowledge of "
                                          "entry")));
        MK_TRY(mk_buf_addf(out, "%zu", k + 1));
        MK_TRY(mk_unseen_look(c, e, k, &u));
        if (u.overlap == MK_OVERLAP_NONE)
            continue;
        MK_TRY(mk_buf_add_str(&same, "    "));
        MK_TRY(add_overlap(app, &same, &u));
        MK_TRY(mk_buf_add_str(&same, "\n"));
    }
    if (n > 0)
        MK_TRY(mk_buf_add_str(out, MK_T(app, " te kennen\n", "\n")));
    if (same.len > 0)
        MK_TRY(mk_buf_add(out, same.data, same.len));
out:
    mk_buf_release(&same);
    return rc;
}

void mk_unseen_json_entry(struct mk_app *app, struct mk_json *j,
                          const struct mk_case *c, size_t i)
{
    const struct mk_event *e = &c->events[i];
    mk_json_array(j, "unseen");
    for (size_t k = 0; k < i; k++) {
        struct mk_unseen u;
        if (j->rc != MK_OK || !mk_unseen_is(c, e, k))
            continue;
        j->rc = mk_unseen_look(c, e, k, &u);
        if (j->rc == MK_OK)
            json_one(app, j, &u);
    }
    mk_json_end(j);
}
