/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/correct.h"

#include <stdlib.h>
#include <string.h>

#include "core/workflow.h"

const struct mk_event *mk_overlay_event(const struct mk_overlay *o, size_t i)
{
    return i < o->c->n_events ? &o->c->events[i] : o->extra;
}

/* The number of the event that a correction names, from 0. */
static size_t named(const struct mk_event *correction)
{
    return (size_t)mk_fields_number(&correction->f, MK_F_EVENT) - 1;
}

static bool is_correction(const struct mk_event *e)
{
    return e->verb == MK_VERB_CORRIGEER;
}

enum mk_field mk_correct_key(const struct mk_event *event,
                             const struct mk_event *correction)
{
    enum mk_field named_key =
        (enum mk_field)mk_fields_number(&correction->f, MK_F_KEY);
    const struct mk_field_info *info = mk_field_get(named_key);
    if (!info)
        return MK_F_NONE;
    enum mk_field key =
        mk_verb_field(event->verb, info->key, strlen(info->key));
    if (key == MK_F_NONE)
        return MK_F_NONE;
    switch (mk_field_get(key)->type) {
    case MK_T_TAG:
    case MK_T_MEMBER:
    case MK_T_NUMBER:
    case MK_T_KEY:
        return MK_F_NONE;
    case MK_T_CODE:
    case MK_T_CODES:
    case MK_T_DATE:
    case MK_T_PERIOD:
    case MK_T_LINE:
    case MK_T_TEXT:
    case MK_T_LRK:
        break;
    }
    return key;
}

bool mk_correct_is_away(const struct mk_event *event,
                        const struct mk_fields *fields)
{
    enum mk_field milestone = mk_verb_get(event->verb)->milestone;
    return milestone != MK_F_NONE && !mk_fields_has(fields, milestone);
}

/* Newest first: what is said last of a value holds, and rows built from the
 * front end up with the oldest correction first. */
static enum mk_err sort_corrections(struct mk_overlay *o)
{
    for (size_t j = o->n; j-- > 0;) {
        const struct mk_event *e = mk_overlay_event(o, j);
        if (!is_correction(e))
            continue;
        size_t i = named(e);
        if (i >= j)
            return MK_E_DAMAGED;
        if (!o->text[j])
            o->text[j] = mk_fields_text(&e->f, MK_F_VALUE);
        if (!o->text[j])
            return MK_E_DAMAGED;
        const struct mk_event *about = mk_overlay_event(o, i);
        if (is_correction(about) && mk_correct_key(about, e) == MK_F_VALUE &&
            !o->text[i])
            o->text[i] = o->text[j];
        o->next[j] = o->head[i];
        o->head[i] = j;
    }
    return MK_OK;
}

enum mk_err mk_overlay_init(struct mk_overlay *o, const struct mk_case *c,
                            const struct mk_event *extra)
{
    o->c = c;
    o->extra = extra;
    o->n = c->n_events + (extra != NULL);
    o->text = calloc(o->n + 1, sizeof(const struct mk_buf *));
    o->head = calloc(o->n + 1, sizeof(*o->head));
    o->next = calloc(o->n + 1, sizeof(*o->next));
    if (!o->text || !o->head || !o->next)
        return MK_E_MEMORY;
    for (size_t i = 0; i < o->n; i++)
        o->head[i] = o->n;
    return sort_corrections(o);
}

void mk_overlay_release(struct mk_overlay *o)
{
    free(o->text);
    free(o->head);
    free(o->next);
    memset(o, 0, sizeof(*o));
}

size_t mk_overlay_target(const struct mk_overlay *o, size_t i)
{
    while (is_correction(mk_overlay_event(o, i)))
        i = named(mk_overlay_event(o, i));
    return i;
}

enum mk_err mk_correct_value(const struct mk_event *event, enum mk_field key,
                             const struct mk_buf *text,
                             struct mk_fields *fields, struct mk_diag *diag)
{
    bool away = key == mk_verb_get(event->verb)->milestone && text->len == 2 &&
                memcmp(text->data, "NR", 2) == 0;
    mk_fields_unset(fields, key);
    if (away || (text->len == 0 && key != MK_F_VALUE))
        return MK_OK;
    return mk_fields_parse(fields, key, text->data, text->len, diag);
}

static enum mk_err apply(const struct mk_event *event,
                         const struct mk_event *correction,
                         const struct mk_buf *text, struct mk_fields *fields,
                         struct mk_diag *diag)
{
    enum mk_field key = mk_correct_key(event, correction);
    if (key == MK_F_NONE)
        return mk_fail(diag, MK_E_UNKNOWN_KEY, "key");
    return mk_correct_value(event, key, text, fields, diag);
}

enum mk_err mk_overlay_fields(const struct mk_overlay *o, size_t i,
                              struct mk_fields *scratch,
                              const struct mk_fields **fields,
                              struct mk_diag *diag)
{
    const struct mk_event *event = mk_overlay_event(o, i);
    *fields = &event->f;
    if (o->head[i] == o->n)
        return MK_OK;
    enum mk_err rc = mk_fields_copy(scratch, &event->f);
    for (size_t j = o->head[i]; rc == MK_OK && j < o->n; j = o->next[j])
        rc = apply(event, mk_overlay_event(o, j), o->text[j], scratch, diag);
    *fields = scratch;
    return rc;
}

/* ---- facts ------------------------------------------------------------------- */

/* Does this verb speak of the dossier as a whole? */
static bool says_facts(enum mk_verb verb)
{
    switch (verb) {
    case MK_VERB_MELDING:
    case MK_VERB_DUID:
    case MK_VERB_ADVISEER:
    case MK_VERB_OVERLEG:
    case MK_VERB_HOUDER_VERDACHT:
    case MK_VERB_OORDEEL:
    case MK_VERB_VERWIJS:
    case MK_VERB_AANGIFTE:
    case MK_VERB_POLITIEMELDING:
    case MK_VERB_NIET_NAGEKOMEN:
    case MK_VERB_PLAATS:
    case MK_VERB_SLUIT:
    case MK_VERB_DUBBEL:
        return true;
    case MK_VERB_BIJMELDING:
    case MK_VERB_VOLG:
    case MK_VERB_HERINNER:
    case MK_VERB_INTREK:
    case MK_VERB_NIET_BEVOEGD:
    case MK_VERB_HEROPEN:
    case MK_VERB_CORRIGEER:
    case MK_VERB_NOTITIE:
    case MK_VERB_PERSOON:
    case MK_VERB_VERNIETIG:
    case MK_VERB_OVERDRACHT:
    case MK_VERB_WAARNEMER:
    case MK_VERB_WAARNEMER_AF:
    case MK_VERB_BEPERK:
    case MK_VERB_BEPERKING_OP:
    case MK_VERB_NONE:
    case MK_VERB_MAX:
        break;
    }
    return false;
}

/* Narrative, reminders and reasons belong to their event only. */
static bool is_fact(enum mk_field key)
{
    return mk_field_get(key)->type != MK_T_TEXT && key != MK_F_NEXT_CHECK &&
           key != MK_F_BREACH && key != MK_F_REASON_UNMET;
}

bool mk_facts_takes(enum mk_verb verb, enum mk_field key)
{
    return says_facts(verb) && is_fact(key);
}

enum mk_err mk_facts_add(struct mk_fields *facts, const struct mk_event *event,
                         const struct mk_fields *fields)
{
    if (mk_correct_is_away(event, fields))
        return MK_OK;
    for (enum mk_field k = mk_fields_next(fields, MK_F_NONE); k;
         k = mk_fields_next(fields, k)) {
        if (!mk_facts_takes(event->verb, k))
            continue;
        enum mk_err rc = mk_fields_put(facts, k, mk_fields_get(fields, k));
        if (rc != MK_OK)
            return rc;
    }
    return MK_OK;
}

enum mk_err mk_overlay_facts(const struct mk_overlay *o,
                             struct mk_fields *facts, struct mk_diag *diag)
{
    struct mk_fields scratch;
    enum mk_err rc = MK_OK;
    mk_fields_init(&scratch);
    mk_fields_release(facts);
    for (size_t i = 0; rc == MK_OK && i < o->n; i++) {
        const struct mk_fields *fields = NULL;
        rc = mk_overlay_fields(o, i, &scratch, &fields, diag);
        if (rc == MK_OK)
            rc = mk_facts_add(facts, mk_overlay_event(o, i), fields);
    }
    mk_fields_release(&scratch);
    return rc;
}
