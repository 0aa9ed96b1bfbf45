/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/json.h"
#include "cmd/practice.h"
#include "cmd/unseen.h"
#include "cmd/view.h"

#include "core/base/text.h"

static const char *track_word(enum mk_track_status s)
{
    switch (s) {
    case MK_TRACK_NONE:
        return "none";
    case MK_TRACK_OPEN:
        return "open";
    case MK_TRACK_MET:
        return "met";
    case MK_TRACK_UNMET:
        return "unmet";
    }
    return "";
}

static void add_fields(struct mk_app *app, struct mk_json *j, const char *name,
                       const struct mk_fields *fields)
{
    enum mk_field n = MK_F_NONE;
    mk_json_object(j, name);
    while ((n = mk_fields_next(fields, n)) != MK_F_NONE) {
        struct mk_buf value = MK_BUF_INIT;
        if (mk_field_get(n)->type == MK_T_MEMBER) {
            mk_json_str(j, mk_field_get(n)->key,
                        mk_member_name(app, mk_fields_id(fields, n)));
            continue;
        }
        if (j->rc == MK_OK)
            j->rc = mk_fields_format(&value, fields, n);
        mk_json_text(j, mk_field_get(n)->key, value.data, value.len);
        mk_buf_release(&value);
    }
    mk_json_end(j);
}

static void add_tracks(struct mk_json *j, const struct mk_case *c)
{
    mk_json_object(j, "duties");
    for (unsigned d = 0; d < MK_DUTY_COUNT; d++) {
        mk_json_object(j, mk_duty_slug(d));
        mk_json_str(j, "status", track_word(c->track[d].status));
        mk_json_day(j, "since", c->track[d].since);
        mk_json_bool(j, "since_is_receipt", c->track[d].since_guess);
        mk_json_day(j, "met", c->track[d].met);
        mk_json_end(j);
    }
    mk_json_end(j);
}

static void add_event(struct mk_app *app, struct mk_json *j,
                      const struct mk_case *c, size_t i)
{
    const struct mk_event *e = &c->events[i];
    const struct mk_verb_info *verb = mk_verb_get(e->verb);
    char moment[20];
    mk_date_format_moment(moment, e->time_ms);
    mk_json_object(j, NULL);
    mk_json_num(j, "event", e->seq);
    mk_json_str(j, "verb", verb ? verb->en : "");
    mk_json_str(j, "entered", moment);
    mk_json_str(j, "by", mk_member_name(app, e->actor));
    mk_json_bool(j, "imported", e->imported);
    mk_json_bool(j, "corrected", c->corrected[i]);
    mk_unseen_json_entry(app, j, c, i);
    add_fields(app, j, "fields", &e->f);
    mk_json_end(j);
}

/* Facts whose value is one of two that crossed: both. */
static void add_rivals(struct mk_json *j, const struct mk_case *c)
{
    enum mk_field n = MK_F_NONE;
    mk_json_array(j, "crossed");
    while ((n = mk_fields_next(&c->facts, n)) != MK_F_NONE) {
        size_t by, rival;
        struct mk_fields other;
        struct mk_buf value = MK_BUF_INIT;
        if (j->rc != MK_OK || !mk_unseen_rival(c, n, &by, &rival))
            continue;
        mk_fields_init(&other);
        mk_json_object(j, NULL);
        mk_json_str(j, "key", mk_field_get(n)->key);
        mk_json_num(j, "event", (int64_t)by + 1);
        mk_json_num(j, "other_event", (int64_t)rival + 1);
        j->rc = mk_unseen_value(c, rival, n, &other);
        if (j->rc == MK_OK)
            j->rc = mk_fields_format(&value, &other, n);
        mk_json_text(j, "other_value", value.data, value.len);
        mk_json_end(j);
        mk_buf_release(&value);
        mk_fields_release(&other);
    }
    mk_json_end(j);
}

enum mk_err mk_view_json(struct mk_app *app, const struct mk_view *v,
                         bool facts, struct mk_buf *out)
{
    struct mk_json j;
    const struct mk_case *c = &v->c;
    const struct mk_code *duty = mk_code_get(MK_LIST_YN, c->duty);
    mk_json_begin(&j, out);
    mk_json_tag(&j, "tag", v->id);
    mk_json_num(&j, "version", (int64_t)v->version);
    mk_json_str(&j, "state", mk_state_slug(c->state));
    mk_json_bool(&j, "urgent", c->urgent);
    mk_json_str(&j, "owner", mk_member_name(app, c->owners.owner));
    mk_json_array(&j, "deputies");
    for (size_t i = 0; i < c->owners.n_deputies; i++)
        mk_json_str(&j, NULL, mk_member_name(app, c->owners.deputy[i]));
    mk_json_end(&j);
    mk_json_day(&j, "received", c->received);
    mk_json_day(&j, "next_check", c->next_check);
    mk_json_num(&j, "reports", c->meldingen);
    mk_json_str(&j, "duty", duty ? duty->slug : "");
    add_tracks(&j, c);
    if (facts) {
        add_fields(app, &j, "facts", &c->facts);
        add_rivals(&j, c);
    }
    mk_json_array(&j, "events");
    for (size_t i = 0; i < c->n_events; i++)
        add_event(app, &j, c, i);
    mk_json_end(&j);
    mk_practice_json(app, &j);
    return mk_json_finish(&j);
}
