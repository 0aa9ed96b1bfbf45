/* SPDX-License-Identifier: GPL-3.0-or-later */
/* corrigeer: which event, which of its keys, and the value as that key is
 * asked for. */
#include "cmd/ask.h"

#include "core/base/text.h"

#include <string.h>

enum { SHOWN = 40 }; /* bytes of a text in the list of events */

static const struct mk_event *target(const struct mk_asking *a,
                                     const struct mk_fields *f)
{
    uint64_t n = mk_fields_number(f, MK_F_EVENT);
    if (a->c == NULL || n < 1 || n > a->c->n_events)
        return NULL;
    return &a->c->events[n - 1];
}

/* The key of the event, typed as its verb takes it. */
static const struct mk_field_info *key_of(const struct mk_event *e,
                                          enum mk_field named)
{
    const struct mk_field_info *info = mk_field_get(named);
    if (e == NULL || info == NULL)
        return NULL;
    return mk_field_get(mk_verb_field(e->verb, info->key, strlen(info->key)));
}

static enum mk_err add_value(struct mk_buf *out, const struct mk_fields *f,
                             enum mk_field n)
{
    enum mk_err rc;
    struct mk_buf value = MK_BUF_INIT;
    MK_TRY(mk_fields_format(&value, f, n));
    size_t len = value.len;
    if (len > SHOWN)
        for (len = SHOWN; len > 0 && (value.data[len] & 0xc0) == 0x80;)
            len--;
    MK_TRY(mk_buf_addf(out, " %s=", mk_field_get(n)->key));
    MK_TRY(mk_text_visible(out, value.data, len, false));
    if (len < value.len)
        MK_TRY(mk_buf_add_str(out, "..."));
out:
    mk_buf_release(&value);
    return rc;
}

enum mk_err mk_ask_show_events(struct mk_app *app, const struct mk_asking *a)
{
    enum mk_err rc = MK_OK;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_fields now;
    mk_fields_init(&now);
    for (size_t i = 0; i < a->c->n_events; i++) {
        const struct mk_event *e = &a->c->events[i];
        const struct mk_verb_info *verb = mk_verb_get(e->verb);
        enum mk_field n = MK_F_NONE;
        MK_TRY(mk_case_effective(a->c, i, &now));
        MK_TRY(mk_buf_addf(&out, "  %zu %s:", i + 1,
                           MK_T(app, verb->label_nl, verb->label_en)));
        while ((n = mk_fields_next(&now, n)) != MK_F_NONE)
            MK_TRY(add_value(&out, &now, n));
        MK_TRY(mk_buf_add_str(&out, "\n"));
    }
    mk_term_write(&app->term, out.data, out.len);
out:
    mk_fields_release(&now);
    mk_buf_release(&out);
    return rc;
}

enum mk_err mk_ask_add_keys(struct mk_app *app, const struct mk_asking *a,
                            struct mk_buf *out)
{
    enum mk_err rc = MK_OK;
    const struct mk_event *e = target(a, a->f);
    const struct mk_verb_info *verb = e ? mk_verb_get(e->verb) : NULL;
    for (int part = 0; verb && part < 2; part++) {
        const enum mk_field *keys = part ? verb->optional : verb->required;
        for (size_t i = 0; keys[i] != MK_F_NONE; i++) {
            const struct mk_field_info *f = mk_field_get(keys[i]);
            MK_TRY(mk_buf_addf(out, "  %-15s %s\n", f->key,
                               MK_T(app, f->nl, f->en)));
        }
    }
out:
    return rc;
}

enum mk_err mk_ask_check_target(struct mk_app *app, const struct mk_asking *a,
                                const struct mk_fields *answer)
{
    if (a->c == NULL)
        return MK_OK;
    if (mk_fields_has(answer, MK_F_EVENT) && target(a, answer) == NULL)
        return mk_fail_at(&app->diag, MK_E_BAD_NUMBER, "event", 0, 1,
                          (int64_t)a->c->n_events);
    if (mk_fields_has(answer, MK_F_KEY) &&
        key_of(target(a, a->f),
               (enum mk_field)mk_fields_number(answer, MK_F_KEY)) == NULL)
        return mk_fail_at(&app->diag, MK_E_UNKNOWN_KEY, "key", 0,
                          target(a, a->f) ? target(a, a->f)->verb : 0, 0);
    return MK_OK;
}

const struct mk_field_info *mk_ask_form(const struct mk_asking *a,
                                        enum mk_field number)
{
    const struct mk_field_info *like = NULL;
    if (number == MK_F_VALUE)
        like = key_of(target(a, a->f),
                      (enum mk_field)mk_fields_number(a->f, MK_F_KEY));
    return like ? like : mk_field_get(number);
}

bool mk_ask_is_away(const struct mk_asking *a, const struct mk_buf *answer)
{
    const struct mk_event *e = target(a, a->f);
    const struct mk_field_info *key = mk_ask_form(a, MK_F_VALUE);
    return e && key->number != MK_F_NONE &&
           key->number == mk_verb_get(e->verb)->milestone &&
           answer->len == 2 && (answer->data[0] | 0x20) == 'n' &&
           (answer->data[1] | 0x20) == 'r';
}
