/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/unseen.h"

#include <string.h>

#include "core/correct.h"
#include "core/fold.h"

bool mk_unseen_is(const struct mk_case *c, const struct mk_event *e, size_t i)
{
    const struct mk_event *other = &c->events[i];

    return e->seen != 0 && other->seq > e->seen && other->seq < e->seq &&
           memcmp(other->actor, e->actor, sizeof e->actor) != 0;
}

/* What an entry is about. */
struct about {
    const struct mk_event
        *event;        /* itself; of a correction, what it corrects */
    enum mk_field key; /* the one key it corrects, or NONE: all */
};

/* A correction of a correction's value is about what that one is about.  The
 * event may not be judged yet: what it names may not be there. */
static struct about about_what(const struct mk_case *c,
                               const struct mk_event *e)
{
    struct about a = {e, MK_F_NONE};

    while (a.event->verb == MK_VERB_CORRIGEER &&
           (a.key == MK_F_NONE || a.key == MK_F_VALUE)) {
        uint64_t n = mk_fields_number(&a.event->f, MK_F_EVENT);
        enum mk_field key;

        if (n == 0 || n >= a.event->seq)
            break;
        key = mk_correct_key(&c->events[n - 1], a.event);
        if (key == MK_F_NONE)
            break;
        a = (struct about){&c->events[n - 1], key};
    }
    return a;
}

/* The facts of the dossier that it gives a value: a bit each. */
static uint64_t facts_of(const struct about *a)
{
    const struct mk_fields *f = &a->event->f;
    uint64_t facts = 0;

    if (a->key != MK_F_NONE)
        return (uint64_t)mk_facts_takes(a->event->verb, a->key) << a->key;
    for (enum mk_field k = mk_fields_next(f, MK_F_NONE); k;
         k = mk_fields_next(f, k))
        facts |= (uint64_t)mk_facts_takes(a->event->verb, k) << k;
    return facts;
}

static enum mk_field common_field(const struct about *a, const struct about *b)
{
    uint64_t facts = facts_of(a) & facts_of(b);

    if (a->key != MK_F_NONE && a->key == b->key && a->event == b->event)
        return a->key;
    return facts != 0 ? (enum mk_field)__builtin_ctzll(facts) : MK_F_NONE;
}

static enum mk_err same_person(const struct about *a, const struct about *b,
                               bool *same)
{
    enum mk_err rc = MK_OK;
    struct mk_buf name[2] = {MK_BUF_INIT, MK_BUF_INIT};
    const struct mk_event *e[2] = {a->event, b->event};

    *same = false;
    if (e[0]->verb != MK_VERB_PERSOON || e[1]->verb != MK_VERB_PERSOON)
        return MK_OK;
    for (size_t i = 0; i < 2; i++) {
        const struct mk_buf *given = mk_fields_text(&e[i]->f, MK_F_NAME);

        if (given != NULL)
            MK_TRY(mk_fold_search(&name[i], given->data, given->len));
    }
    *same = e[0] == e[1] ||
            (name[0].len != 0 && name[0].len == name[1].len &&
             memcmp(name[0].data, name[1].data, name[0].len) == 0);
out:
    mk_buf_release(&name[0]);
    mk_buf_release(&name[1]);
    return rc;
}

enum mk_err mk_unseen_look(const struct mk_case *c, const struct mk_event *e,
                           size_t i, struct mk_unseen *out)
{
    enum mk_err rc;
    const struct mk_event *other = &c->events[i];
    const struct about mine = about_what(c, e);
    const struct about theirs = about_what(c, other);
    bool same = false;

    *out = (struct mk_unseen){.seq = other->seq, .verb = other->verb};
    memcpy(out->actor, other->actor, sizeof out->actor);
    out->field = common_field(&mine, &theirs);
    MK_TRY(same_person(&mine, &theirs, &same));
    if (out->field != MK_F_NONE)
        out->overlap = MK_OVERLAP_FIELD;
    else if (same)
        out->overlap = MK_OVERLAP_PERSON;
out:
    return rc;
}

enum mk_err mk_unseen_tell(const struct mk_case *c, const struct mk_event *e,
                           struct mk_unseen told[static MK_UNSEEN_TOLD],
                           size_t *n)
{
    enum mk_err rc = MK_OK;
    struct mk_unseen u;
    size_t used = 0;
    size_t about_same = 0;
    size_t room;

    *n = 0;
    for (size_t i = 0; i < c->n_events; i++) {
        if (!mk_unseen_is(c, e, i))
            continue;
        ++*n;
        MK_TRY(mk_unseen_look(c, e, i, &u));
        about_same += u.overlap != MK_OVERLAP_NONE;
    }
    room = about_same < MK_UNSEEN_TOLD ? MK_UNSEEN_TOLD - about_same : 0;
    for (size_t i = 0; i < c->n_events && used < MK_UNSEEN_TOLD; i++) {
        if (!mk_unseen_is(c, e, i))
            continue;
        MK_TRY(mk_unseen_look(c, e, i, &u));
        if (u.overlap == MK_OVERLAP_NONE && room == 0)
            continue;
        room -= u.overlap == MK_OVERLAP_NONE;
        told[used++] = u;
    }
out:
    return rc;
}

static bool gives(const struct mk_case *c, size_t i, enum mk_field fact)
{
    const struct about a = about_what(c, &c->events[i]);

    return (facts_of(&a) >> fact & 1) != 0;
}

bool mk_unseen_rival(const struct mk_case *c, enum mk_field fact, size_t *by,
                     size_t *rival)
{
    size_t i = c->n_events;

    while (i > 0 && !gives(c, i - 1, fact))
        i--;
    if (i == 0)
        return false;
    *by = i - 1;
    for (size_t j = *by; j-- > 0;) {
        *rival = j;
        if (mk_unseen_is(c, &c->events[*by], j) && gives(c, j, fact))
            return true;
    }
    return false;
}

enum mk_err mk_unseen_value(const struct mk_case *c, size_t i,
                            enum mk_field fact, struct mk_fields *out)
{
    enum mk_err rc;
    const struct mk_event *e = &c->events[i];
    const struct mk_buf *value = mk_fields_text(&e->f, MK_F_VALUE);

    mk_fields_release(out);
    if (e->verb != MK_VERB_CORRIGEER) {
        MK_TRY(mk_fields_copy(out, &e->f));
        return MK_OK;
    }
    if (value == NULL)
        return MK_E_DAMAGED;
    rc = mk_correct_value(about_what(c, e).event, fact, value, out, NULL);
    if (rc != MK_OK && rc != MK_E_MEMORY)
        rc = MK_E_DAMAGED;
out:
    return rc;
}
