/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/log_watch.h"

#include <stdlib.h>
#include <string.h>

#include "core/ids.h"
#include "core/workflow.h"

#define HOUR_MS INT64_C(3600000)
#define OFFICE_OPENS (7 * 60)
#define OFFICE_SHUTS (19 * 60)
#define SATURDAY 5

/* What the log told of a dossier so far. */
struct dossier {
    struct mk_owners owners;
    bool has_owner, ended;
};

/* The last things of one kind that a person did, each of them once. */
struct recent {
    struct deed {
        uint32_t what;
        int64_t time_ms;
    } * deed;
    size_t n;
};

struct person {
    struct recent dossiers; /* one more than the threshold at most */
    struct recent probes;
    uint32_t n_probes; /* so that each is another one */
};

struct mk_log_watch {
    size_t bulk, probing; /* thresholds */
    struct mk_ids dossier_ids, person_ids;
    struct dossier *dossier; /* by the number of dossier_ids */
    struct person *person;
    size_t cap_dossier, cap_person;
    unsigned of_kind[MK_AUDIT_MAX];
    bool ends[MK_VERB_MAX]; /* a verb after which a dossier is closed */
};

static void questions_of_kinds(struct mk_log_watch *w)
{
    static const struct {
        enum mk_log_question question;
        enum mk_audit kind;
    } rows[] = {
#define MK_QUESTION_KIND(NAME, KIND) {MK_QUESTION_##NAME, MK_AUDIT_##KIND},
#include "core/defs/questions.def"
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        w->of_kind[rows[i].kind] |= MK_QUESTION_BIT(rows[i].question);
}

static void verbs_that_end(struct mk_log_watch *w)
{
    const struct mk_transition *row;

    for (size_t i = 0; (row = mk_transition_at(i)) != NULL; i++)
        if (row->to != MK_STATE_NONE && mk_state_kind(row->to) == MK_KIND_END)
            w->ends[row->verb] = true;
}

enum mk_err mk_log_watch_new(struct mk_log_watch **out, uint64_t threshold)
{
    struct mk_log_watch *w = calloc(1, sizeof *w);

    if (w == NULL)
        return MK_E_MEMORY;
    if (threshold > MK_LOG_THRESHOLD_MAX)
        threshold = MK_LOG_THRESHOLD_MAX;
    w->bulk = threshold != 0 ? (size_t)threshold : MK_LOG_BULK;
    w->probing = threshold != 0 ? (size_t)threshold : MK_LOG_PROBING;
    questions_of_kinds(w);
    verbs_that_end(w);
    *out = w;
    return MK_OK;
}

void mk_log_watch_free(struct mk_log_watch *w)
{
    if (w == NULL)
        return;
    for (size_t i = 0; i < w->person_ids.n; i++) {
        free(w->person[i].dossiers.deed);
        free(w->person[i].probes.deed);
    }
    mk_ids_release(&w->dossier_ids);
    mk_ids_release(&w->person_ids);
    free(w->dossier);
    free(w->person);
    free(w);
}

/* --- what is remembered --- */

static enum mk_err dossier_of(struct mk_log_watch *w, const uint8_t *id,
                              uint32_t *at)
{
    enum mk_err rc;
    bool fresh;
    struct dossier *room = mk_ids_room(w->dossier, sizeof *room,
                                       w->dossier_ids.n, &w->cap_dossier);

    if (room == NULL)
        return MK_E_MEMORY;
    w->dossier = room;
    MK_TRY(mk_ids_take(&w->dossier_ids, id, at, &fresh));
    if (fresh)
        w->dossier[*at] = (struct dossier){.ended = false};
out:
    return rc;
}

static enum mk_err person_of(struct mk_log_watch *w, const uint8_t *id,
                             struct person **out)
{
    enum mk_err rc;
    uint32_t at;
    bool fresh;
    struct person *room =
        mk_ids_room(w->person, sizeof *room, w->person_ids.n, &w->cap_person);

    if (room == NULL)
        return MK_E_MEMORY;
    w->person = room;
    MK_TRY(mk_ids_take(&w->person_ids, id, &at, &fresh));
    if (fresh)
        w->person[at] = (struct person){.n_probes = 0};
    *out = &w->person[at];
out:
    return rc;
}

static size_t oldest(const struct recent *r)
{
    size_t at = 0;

    for (size_t i = 1; i < r->n; i++)
        if (r->deed[i].time_ms < r->deed[at].time_ms)
            at = i;
    return at;
}

/* A clock that was set back makes no gap. */
static bool within_an_hour(int64_t before, int64_t after)
{
    return after <= before ||
           (uint64_t)after - (uint64_t)before <= (uint64_t)HOUR_MS;
}

/*
 * Notes the deed; *many: this is one of more than threshold different ones
 * within an hour.  Of deeds older than that many, none can matter any more.
 */
static enum mk_err note(struct recent *r, size_t threshold, uint32_t what,
                        int64_t time_ms, bool *many)
{
    size_t at = 0;

    if (r->deed == NULL)
        r->deed = calloc(threshold + 1, sizeof *r->deed);
    if (r->deed == NULL)
        return MK_E_MEMORY;
    while (at < r->n && r->deed[at].what != what)
        at++;
    if (at == r->n && r->n <= threshold)
        r->n++;
    else if (at == r->n)
        at = oldest(r);
    r->deed[at] = (struct deed){.what = what, .time_ms = time_ms};
    *many = r->n > threshold &&
            within_an_hour(r->deed[oldest(r)].time_ms, time_ms);
    return MK_OK;
}

/* --- the questions --- */

static bool is_zero(const uint8_t id[static 16])
{
    static const uint8_t zero[16];

    return memcmp(id, zero, sizeof zero) == 0;
}

/* A dry run changes nothing, but a list or a search shows what it shows. */
static bool happened(const struct mk_log_item *item)
{
    return item->outcome == MK_OUTCOME_ASKED ||
           item->outcome == MK_OUTCOME_DONE ||
           item->outcome == MK_OUTCOME_DRY_RUN;
}

static bool at_night(const struct mk_log_item *item)
{
    int minute = mk_date_amsterdam_minute(item->time_ms);

    return minute < OFFICE_OPENS || minute >= OFFICE_SHUTS ||
           mk_date_weekday(mk_date_amsterdam(item->time_ms)) >= SATURDAY;
}

static bool purpose_of_others(const struct mk_log_item *item)
{
    return item->purpose != MK_CODE_NONE && item->purpose != MK_PURPOSE_BEH;
}

/* A list or clock, and not of the caseload of who asked. */
static bool lists_everybody(const struct mk_log_item *item)
{
    return (item->kind == MK_AUDIT_LIST || item->kind == MK_AUDIT_CLOCK) &&
           item->count != 0;
}

/* A dossier was reached: whose it is, whether it was closed, how many. */
static enum mk_err see_dossier(struct mk_log_watch *w, struct person *p,
                               struct mk_log_item *item)
{
    enum mk_err rc;
    uint32_t at;
    struct dossier *d;
    bool many = false;

    MK_TRY(dossier_of(w, item->object, &at));
    d = &w->dossier[at];
    if (item->kind == MK_AUDIT_INTAKE) {
        if (item->outcome == MK_OUTCOME_DRY_RUN)
            goto out;
        if (!d->has_owner) /* nobody takes over by a second intake */
            memcpy(d->owners.owner, item->actor, sizeof d->owners.owner);
        d->has_owner = true;
        goto out;
    }
    if (d->has_owner ? !mk_owners_has(&d->owners, item->actor)
                     : purpose_of_others(item))
        item->answers |= MK_QUESTION_BIT(MK_QUESTION_OUTSIDE);
    if (item->outcome == MK_OUTCOME_DONE && !is_zero(item->member) &&
        (item->kind == MK_AUDIT_HANDOVER || item->kind == MK_AUDIT_DEPUTY)) {
        /* of a deputy whom no owner named: its beginning was pruned away */
        bool followed = mk_owners_follow(&d->owners, item->verb, item->member);

        d->has_owner |= followed && item->kind == MK_AUDIT_HANDOVER;
    }
    if (d->ended)
        item->answers |= MK_QUESTION_BIT(MK_QUESTION_REOPENED);
    if (item->kind == MK_AUDIT_CHANGE && item->outcome == MK_OUTCOME_DONE &&
        (unsigned)item->verb < MK_VERB_MAX) {
        if (item->verb == MK_VERB_HEROPEN)
            d->ended = false;
        else if (w->ends[item->verb])
            d->ended = true;
    }
    /* what a search found was not opened by it */
    if (item->kind == MK_AUDIT_SEARCH)
        goto out;
    MK_TRY(note(&p->dossiers, w->bulk, at, item->time_ms, &many));
    if (many)
        item->answers |= MK_QUESTION_BIT(MK_QUESTION_BULK);
out:
    return rc;
}

static bool is_probe(const struct mk_log_item *item)
{
    return (item->kind == MK_AUDIT_SEARCH && is_zero(item->object)) ||
           (mk_audit_of_dossier(item->kind) &&
            (item->outcome == MK_OUTCOME_NOT_FOUND ||
             item->outcome == MK_OUTCOME_REFUSED));
}

static enum mk_err see_person(struct mk_log_watch *w, struct mk_log_item *item)
{
    enum mk_err rc;
    struct person *p;
    bool many = false;

    MK_TRY(person_of(w, item->actor, &p));
    if (is_probe(item)) {
        MK_TRY(
            note(&p->probes, w->probing, p->n_probes++, item->time_ms, &many));
        if (many)
            item->answers |= MK_QUESTION_BIT(MK_QUESTION_PROBING);
    }
    if (mk_audit_of_dossier(item->kind) && !is_zero(item->object) &&
        happened(item))
        MK_TRY(see_dossier(w, p, item));
    else if (lists_everybody(item) && happened(item))
        item->answers |= MK_QUESTION_BIT(MK_QUESTION_OUTSIDE);
out:
    return rc;
}

enum mk_err mk_log_watch_see(struct mk_log_watch *w, struct mk_log_item *item)
{
    enum mk_err rc = MK_OK;

    item->answers = 0;
    /* an entry that cannot be read has nothing to judge */
    if (item->kind == MK_AUDIT_NONE || (size_t)item->kind >= MK_AUDIT_MAX)
        goto out;
    item->answers = w->of_kind[item->kind];
    if (at_night(item))
        item->answers |= MK_QUESTION_BIT(MK_QUESTION_NIGHT);
    if (item->purpose == MK_PURPOSE_NOOD)
        item->answers |= MK_QUESTION_BIT(MK_QUESTION_EMERGENCY);
    if (item->outcome == MK_OUTCOME_REFUSED)
        item->answers |= MK_QUESTION_BIT(MK_QUESTION_FAILED);
    MK_TRY(see_person(w, item));
out:
    return rc;
}
