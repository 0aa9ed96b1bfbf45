/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fold.  An event that is not a correction only adds to what is known; a
 * correction makes everything but the path (state, was the duty ever J) anew
 * from all events as corrected.
 */
#include "core/case.h"

#include <stdlib.h>
#include <string.h>

#include "core/correct.h"
#include "core/workflow.h"

static const struct {
    const char *slug, *nl, *en;
    enum mk_state_kind kind;
} states[MK_STATE_MAX] = {
#define MK_STATE(number, NAME, slug, kind, nl, en) \
    [number] = {slug, nl, en, MK_KIND_##kind},
#include "core/defs/states.def"
};

static bool is_state(enum mk_state s)
{
    return (unsigned)s < MK_STATE_MAX && states[s].slug;
}

const char *mk_state_slug(enum mk_state s)
{
    return is_state(s) ? states[s].slug : "";
}

const char *mk_state_label(enum mk_state s, bool english)
{
    if (!is_state(s))
        return "";
    return english ? states[s].en : states[s].nl;
}

enum mk_state_kind mk_state_kind(enum mk_state s)
{
    return is_state(s) ? states[s].kind : MK_KIND_OPEN;
}

enum mk_state mk_state_find(const char *slug, size_t n)
{
    for (unsigned s = 1; s < MK_STATE_MAX; s++) {
        if (states[s].slug && strlen(states[s].slug) == n &&
            memcmp(states[s].slug, slug, n) == 0)
            return (enum mk_state)s;
    }
    return MK_STATE_NONE;
}

/* ---- memory ------------------------------------------------------------------ */

static void reset_tracks(struct mk_track *track)
{
    for (size_t i = 0; i < MK_DUTY_COUNT; i++)
        track[i] = (struct mk_track){.since = MK_DAY_NONE, .met = MK_DAY_NONE};
}

void mk_case_init(struct mk_case *c)
{
    memset(c, 0, sizeof(*c));
    mk_fields_init(&c->facts);
    reset_tracks(c->track);
    reset_tracks(c->recorded);
    c->received = MK_DAY_NONE;
    c->next_check = MK_DAY_NONE;
}

void mk_case_release(struct mk_case *c)
{
    for (size_t i = 0; i < c->n_events; i++)
        mk_event_release(&c->events[i]);
    free(c->events);
    free(c->corrected);
    mk_fields_release(&c->facts);
    explicit_bzero(c, sizeof(*c));
    mk_case_init(c);
}

static enum mk_err grow(struct mk_case *c)
{
    if (c->n_events < c->cap)
        return MK_OK;
    size_t cap = c->cap ? 2 * c->cap : 8;
    struct mk_event *events = calloc(cap, sizeof(*events));
    bool *corrected = calloc(cap, sizeof(*corrected));
    if (!events || !corrected) {
        free(events);
        free(corrected);
        return MK_E_MEMORY;
    }
    if (c->n_events > 0) {
        memcpy(events, c->events, c->n_events * sizeof(*events));
        memcpy(corrected, c->corrected, c->n_events * sizeof(*corrected));
        explicit_bzero(c->events, c->n_events * sizeof(*events));
    }
    free(c->events);
    free(c->corrected);
    c->events = events;
    c->corrected = corrected;
    c->cap = cap;
    return MK_OK;
}

/* ---- what one event adds ------------------------------------------------------- */

static mk_day later(mk_day a, mk_day b)
{
    return a > b ? a : b;
}

static void record_met(struct mk_track *t, mk_day day)
{
    if (t->status != MK_TRACK_MET)
        t->met = day;
    t->status = MK_TRACK_MET;
}

static void record_unmet(struct mk_case *c, const struct mk_fields *f)
{
    switch (mk_fields_code(f, MK_F_UNMET)) {
    case MK_UNMET_overleg:
        c->had_unmet_overleg = true;
        c->recorded[MK_DUTY_OVERLEG].status = MK_TRACK_UNMET;
        break;
    case MK_UNMET_aangifte:
        c->had_unmet_aangifte = true;
        c->recorded[MK_DUTY_AANGIFTE].status = MK_TRACK_UNMET;
        break;
    }
}

/* A verdict concludes the overleg, also one held with who stood in for the
 * houder. */
static void record_verdict(struct mk_case *c, const struct mk_fields *f)
{
    mk_day day = mk_fields_day(f, MK_F_VERDICT_DATE);
    record_met(&c->recorded[MK_DUTY_OVERLEG], day);
    if (mk_fields_code(f, MK_F_VERDICT) != MK_VERDICT_RED)
        return;
    if (!c->had_red)
        c->recorded[MK_DUTY_AANGIFTE].since = day;
    c->had_red = true;
}

static void record_milestone(struct mk_case *c, const struct mk_event *e,
                             const struct mk_fields *f)
{
    switch (e->verb) {
    case MK_VERB_OVERLEG:
        c->had_overleg = true;
        record_met(&c->recorded[MK_DUTY_OVERLEG],
                   mk_fields_day(f, MK_F_CONTACT));
        break;
    case MK_VERB_HOUDER_VERDACHT:
        c->had_houder_verdacht = true;
        break;
    case MK_VERB_OORDEEL:
        record_verdict(c, f);
        break;
    case MK_VERB_VERWIJS:
        c->had_referred = true;
        break;
    case MK_VERB_AANGIFTE:
        c->had_complaint = true;
        record_met(&c->recorded[MK_DUTY_AANGIFTE],
                   later(mk_fields_day(f, MK_F_COMPLAINT),
                         mk_fields_day(f, MK_F_NOTIFIED)));
        break;
    case MK_VERB_POLITIEMELDING:
        c->had_police_report = true;
        break;
    case MK_VERB_NIET_NAGEKOMEN:
        record_unmet(c, f);
        break;
    case MK_VERB_MELDING:
    case MK_VERB_BIJMELDING:
        c->meldingen++;
        break;
    case MK_VERB_DUID:
    case MK_VERB_ADVISEER:
    case MK_VERB_VOLG:
    case MK_VERB_HERINNER:
    case MK_VERB_PLAATS:
    case MK_VERB_SLUIT:
    case MK_VERB_INTREK:
    case MK_VERB_NIET_BEVOEGD:
    case MK_VERB_DUBBEL:
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
}

/* f: the fields of e as corrected; from: the state before it. */
static enum mk_err absorb(struct mk_case *c, const struct mk_event *e,
                          const struct mk_fields *f, enum mk_state from)
{
    enum mk_state to = (enum mk_state)e->derived.state;
    if (to != from && mk_state_kind(to) != MK_KIND_OPEN)
        c->next_check = MK_DAY_NONE;
    if (mk_correct_is_away(e, f))
        return MK_OK;
    if (mk_fields_has(f, MK_F_NEXT_CHECK))
        c->next_check = mk_fields_day(f, MK_F_NEXT_CHECK);
    c->breaches += mk_fields_has(f, MK_F_BREACH);
    record_milestone(c, e, f);
    return mk_facts_add(&c->facts, e, f);
}

/* ---- what follows from all of it ----------------------------------------------- */

static void derive_since(struct mk_track *t, mk_day since, mk_day received)
{
    t->since_guess = since == MK_DAY_NONE;
    t->since = t->since_guess ? received : since;
}

static void derive_meldplicht(struct mk_case *c)
{
    struct mk_track *t = &c->track[MK_DUTY_MELD];
    unsigned reporter = mk_fields_code(&c->facts, MK_F_REPORTER);
    /* 1.51b(3) speaks of the same acts as 1.51b(1): where that duty surely does
     * not apply, neither does this one */
    if ((reporter != MK_REPORTER_MED && reporter != MK_REPORTER_GAS) ||
        c->duty == MK_YN_N)
        return;
    t->met = mk_fields_day(&c->facts, MK_F_WORKER_TOLD);
    t->status = t->met == MK_DAY_NONE ? MK_TRACK_OPEN : MK_TRACK_MET;
    derive_since(t, mk_fields_day(&c->facts, MK_F_WORKER_KNOWN), c->received);
}

/* A duty that applies is open until something was recorded about it. */
static void derive_track(struct mk_case *c, size_t duty, mk_day since)
{
    struct mk_track *t = &c->track[duty];
    *t = c->recorded[duty];
    if (t->status == MK_TRACK_NONE)
        t->status = MK_TRACK_OPEN;
    if (t->status != MK_TRACK_MET)
        t->met = MK_DAY_NONE;
    derive_since(t, since, c->received);
}

static void derive(struct mk_case *c)
{
    c->received = mk_fields_day(&c->facts, MK_F_RECEIVED);
    c->urgent = mk_fields_code(&c->facts, MK_F_URGENT) == MK_JN_J;
    reset_tracks(c->track);
    derive_meldplicht(c);
    if (c->duty == MK_YN_J)
        derive_track(c, MK_DUTY_OVERLEG, mk_fields_day(&c->facts, MK_F_KNOWN));
    if (c->duty == MK_YN_J && c->had_red)
        derive_track(c, MK_DUTY_AANGIFTE, c->recorded[MK_DUTY_AANGIFTE].since);
}

/* ---- adding -------------------------------------------------------------------- */

static void forget(struct mk_case *c)
{
    mk_fields_release(&c->facts);
    reset_tracks(c->recorded);
    c->next_check = MK_DAY_NONE;
    c->meldingen = 0;
    c->breaches = 0;
    c->had_overleg = c->had_houder_verdacht = c->had_red = c->had_referred =
        false;
    c->had_complaint = c->had_police_report = false;
    c->had_unmet_overleg = c->had_unmet_aangifte = false;
}

static enum mk_err fold_again(struct mk_case *c)
{
    struct mk_overlay o = {0};
    struct mk_fields scratch;
    enum mk_state from = MK_STATE_NONE;
    enum mk_err rc;
    mk_fields_init(&scratch);
    forget(c);
    MK_TRY(mk_overlay_init(&o, c, NULL));
    for (size_t i = 0; i < c->n_events; i++) {
        const struct mk_fields *f = NULL;
        MK_TRY(mk_overlay_fields(&o, i, &scratch, &f, NULL));
        MK_TRY(absorb(c, &c->events[i], f, from));
        from = (enum mk_state)c->events[i].derived.state;
    }
out:
    mk_overlay_release(&o);
    mk_fields_release(&scratch);
    return rc == MK_OK || rc == MK_E_MEMORY ? rc : MK_E_DAMAGED;
}

bool mk_owners_has(const struct mk_owners *o, const uint8_t id[static 16])
{
    if (memcmp(o->owner, id, sizeof o->owner) == 0)
        return true;
    for (size_t i = 0; i < o->n_deputies; i++)
        if (memcmp(o->deputy[i], id, sizeof o->deputy[i]) == 0)
            return true;
    return false;
}

static bool is_possible(const struct mk_case *c, const struct mk_event *e)
{
    if (e->seq != c->n_events + 1 ||
        (e->verb == MK_VERB_MELDING) != (e->seq == 1))
        return false;
    if (e->seq == 1 && mk_fields_day(&e->f, MK_F_RECEIVED) == MK_DAY_NONE)
        return false;
    return mk_workflow_is_step(e->verb, c->state,
                               (enum mk_state)e->derived.state);
}

static void drop_deputy(struct mk_owners *o, const uint8_t id[static 16])
{
    size_t kept = 0;
    for (size_t i = 0; i < o->n_deputies; i++) {
        if (memcmp(o->deputy[i], id, sizeof o->deputy[i]) != 0)
            memmove(o->deputy[kept++], o->deputy[i], sizeof o->deputy[i]);
    }
    for (size_t i = kept; i < o->n_deputies; i++)
        memset(o->deputy[i], 0, sizeof o->deputy[i]);
    o->n_deputies = kept;
}

bool mk_owners_follow(struct mk_owners *o, enum mk_verb verb,
                      const uint8_t id[static 16])
{
    if (verb == MK_VERB_WAARNEMER) {
        if (mk_owners_has(o, id) || o->n_deputies == MK_DEPUTIES)
            return false;
        memcpy(o->deputy[o->n_deputies++], id, sizeof(o->deputy[0]));
        return true;
    }
    drop_deputy(o, id);
    if (verb == MK_VERB_OVERDRACHT)
        memcpy(o->owner, id, sizeof(o->owner));
    return true;
}

/* The last event has been appended: take it in. */
static enum mk_err take_in(struct mk_case *c)
{
    const struct mk_event *e = &c->events[c->n_events - 1];
    enum mk_err rc;
    if (e->verb == MK_VERB_CORRIGEER) {
        MK_TRY(fold_again(c));
        c->corrected[mk_fields_number(&e->f, MK_F_EVENT) - 1] = true;
    } else {
        MK_TRY(absorb(c, e, &e->f, c->state));
    }
    if (e->seq == 1)
        memcpy(c->owners.owner, e->actor, sizeof(c->owners.owner));
    /* by the path: no correction changes it */
    if (mk_fields_has(&e->f, MK_F_MEMBER) &&
        !mk_owners_follow(&c->owners, e->verb,
                          mk_fields_id(&e->f, MK_F_MEMBER))) {
        rc = MK_E_DAMAGED;
        goto out;
    }
    c->state = (enum mk_state)e->derived.state;
    if (e->verb == MK_VERB_NIET_NAGEKOMEN)
        c->unmet_which = mk_fields_code(&e->f, MK_F_UNMET);
    if (c->state != MK_STATE_NIET_NAGEKOMEN)
        c->unmet_which = 0;
    c->duty = e->derived.duty;
    c->duty_was_j = c->duty_was_j || c->duty == MK_YN_J;
    c->statute = e->derived.statute;
    c->mtbp = e->derived.mtbp;
    derive(c);
out:
    return rc;
}

enum mk_err mk_case_add(struct mk_case *c, struct mk_event *e,
                        struct mk_diag *diag)
{
    enum mk_err rc = is_possible(c, e) ? grow(c) : MK_E_DAMAGED;
    if (rc == MK_OK) {
        c->events[c->n_events] = *e;
        c->corrected[c->n_events++] = false;
        mk_fields_init(&e->f);
        rc = take_in(c);
    }
    mk_event_release(e);
    return rc == MK_OK ? MK_OK : mk_fail(diag, rc, "event");
}

enum mk_err mk_case_effective(const struct mk_case *c, size_t i,
                              struct mk_fields *out)
{
    struct mk_overlay o = {0};
    struct mk_fields scratch;
    const struct mk_fields *f = NULL;
    enum mk_err rc;
    mk_fields_init(&scratch);
    MK_TRY(mk_overlay_init(&o, c, NULL));
    MK_TRY(mk_overlay_fields(&o, i, &scratch, &f, NULL));
    MK_TRY(mk_fields_copy(out, f));
out:
    mk_overlay_release(&o);
    mk_fields_release(&scratch);
    return rc;
}
