/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/access.h"
#include "core/ids.h"
#include "core/log_reviews.h"
#include "core/log_scan.h"

struct summing {
    const struct mk_keyring *keyring;
    struct mk_log_summary *out;
    struct mk_log_reviews reviews;
    struct mk_ids people;   /* of out->person */
    struct mk_ids everyone; /* of is_auditor */
    bool *is_auditor;
    size_t cap_person, cap_day, cap_auditor;
};

void mk_log_summary_release(struct mk_log_summary *s)
{
    free(s->person);
    free(s->day);
    free(s->review);
    free(s->open);
    *s = (struct mk_log_summary){.n = 0};
}

static enum mk_err add_person(struct summing *s,
                              const struct mk_log_item *item)
{
    enum mk_err rc;
    struct mk_log_summary *out = s->out;
    struct mk_log_person *room =
        mk_ids_room(out->person, sizeof *room, out->n_person, &s->cap_person);
    uint32_t at;
    bool fresh;

    if (room == NULL)
        return MK_E_MEMORY;
    out->person = room;
    MK_TRY(mk_ids_take(&s->people, item->actor, &at, &fresh));
    if (fresh) {
        out->person[at] = (struct mk_log_person){.n = 0};
        memcpy(out->person[at].id, item->actor, sizeof item->actor);
        out->n_person++;
    }
    out->person[at].n++;
    for (size_t q = 0; q < MK_QUESTION_COUNT; q++)
        out->person[at].answers[q] += (item->answers & MK_QUESTION_BIT(q)) !=
                                      0;
out:
    return rc;
}

/* Entries come nearly by day: the one looked for is found from behind. */
static enum mk_err add_day(struct summing *s, const struct mk_log_item *item)
{
    struct mk_log_summary *out = s->out;
    mk_day day = mk_date_amsterdam(item->time_ms);
    size_t at = out->n_day;
    struct mk_log_day *room;

    while (at > 0 && out->day[at - 1].day > day)
        at--;
    if (at > 0 && out->day[at - 1].day == day) {
        out->day[at - 1].n++;
        return MK_OK;
    }
    room = mk_ids_room(out->day, sizeof *room, out->n_day, &s->cap_day);
    if (room == NULL)
        return MK_E_MEMORY;
    out->day = room;
    memmove(&room[at + 1], &room[at], (out->n_day - at) * sizeof *room);
    room[at] = (struct mk_log_day){.day = day, .n = 1};
    out->n_day++;
    return MK_OK;
}

static void add_answers(struct mk_log_summary *out,
                        const struct mk_log_item *item)
{
    for (size_t q = 0; q < MK_QUESTION_COUNT; q++) {
        struct mk_log_latest *l = &out->latest[q];

        if ((item->answers & MK_QUESTION_BIT(q)) == 0)
            continue;
        l->item[out->question[q]++ % MK_LOG_LATEST] = *item;
        if (l->n < MK_LOG_LATEST)
            l->n++;
    }
}

static enum mk_err add(void *ctx, const struct mk_log_item *item)
{
    enum mk_err rc;
    struct summing *s = ctx;
    struct mk_log_summary *out = s->out;

    if (out->n++ == 0)
        out->first = item->seq;
    out->last = item->seq;
    if (item->kind == MK_AUDIT_NONE)
        out->unreadable++;
    if ((size_t)item->kind < MK_AUDIT_MAX)
        out->kind[item->kind]++;
    add_answers(out, item);
    MK_TRY(add_person(s, item));
    MK_TRY(add_day(s, item));
out:
    return rc;
}

static enum mk_err see(void *ctx, const struct mk_log_item *item)
{
    enum mk_err rc;
    struct summing *s = ctx;
    bool *room = mk_ids_room(s->is_auditor, sizeof *room, s->everyone.n,
                             &s->cap_auditor);
    uint32_t at;
    bool fresh;

    if (room == NULL)
        return MK_E_MEMORY;
    s->is_auditor = room;
    MK_TRY(mk_ids_take(&s->everyone, item->actor, &at, &fresh));
    if (fresh)
        s->is_auditor[at] = (mk_keyring_roles(s->keyring, item->actor) &
                             MK_ROLE_BIT(MK_ROLE_AUDITOR)) != 0;
    MK_TRY(mk_log_reviews_see(&s->reviews, item, s->is_auditor[at]));
out:
    return rc;
}

/* The rings become lists, oldest first. */
static void unroll(struct mk_log_summary *out)
{
    for (size_t q = 0; q < MK_QUESTION_COUNT; q++) {
        struct mk_log_latest *l = &out->latest[q];
        struct mk_log_latest ring = *l;
        size_t from = (size_t)(out->question[q] % MK_LOG_LATEST);

        if (ring.n < MK_LOG_LATEST)
            continue;
        for (size_t i = 0; i < MK_LOG_LATEST; i++)
            l->item[i] = ring.item[(from + i) % MK_LOG_LATEST];
    }
}

enum mk_err mk_log_summarise(struct mk_vault *v,
                             const struct mk_access *access,
                             const struct mk_log_filter *filter,
                             struct mk_log_summary *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct summing s = {.keyring = v->keyring, .out = out};
    const struct mk_log_taker taker = {.take = add, .see = see, .ctx = &s};
    struct mk_diag verdict = MK_DIAG_INIT;

    *out = (struct mk_log_summary){.n = 0};
    MK_TRY(mk_access_ask_many(v, access, MK_ROLE_AUDITOR, MK_AUDIT_LOG_LIST, 0,
                              diag));
    rc = mk_log_scan(v, filter, &taker, &out->size, out->root, &verdict, diag);
    if (rc == MK_OK) {
        unroll(out);
        rc = mk_log_reviews_finish(&s.reviews, out);
    }
    if (rc != MK_OK) {
        /* what was gathered of a log that is not proven is not given out */
        mk_log_summary_release(out);
    } else if (verdict.err != MK_OK) {
        rc = verdict.err;
        if (diag != NULL)
            *diag = verdict;
    }
out:
    mk_log_reviews_release(&s.reviews);
    mk_ids_release(&s.people);
    mk_ids_release(&s.everyone);
    free(s.is_auditor);
    return rc;
}
