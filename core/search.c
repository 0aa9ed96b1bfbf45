/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Search and related: compared in memory, entry by entry.  No index of words
 * is kept, for an index over names is itself a list of names.
 */
#include <string.h>

#include "core/census.h"
#include "core/fold.h"
#include "core/tags.h"

/* The feed is opened at the first dossier: only then is there a snapshot. */
static enum mk_err events_of(struct mk_sealed_feed *feed, struct mk_vault *v,
                             const struct mk_dossier_row *row,
                             const struct mk_dek *dek, mk_sealed_each *each,
                             void *ctx, struct mk_diag *diag)
{
    enum mk_err rc;

    if (feed->walk == NULL)
        MK_TRY(mk_sealed_feed_open(feed, v, diag));
    MK_TRY(mk_sealed_feed_events(feed, v, row, dek, each, ctx, diag));
out:
    return rc;
}

/* --- search --- */

#define SEARCH_WORDS 32 /* of a question; more are not looked at */

struct search_question {
    struct mk_vault *v;
    struct mk_sealed_feed feed;
    struct mk_buf needle; /* folded; its words end with NUL */
    const char *word[SEARCH_WORDS];
    size_t n_words;
    struct mk_buf hay;
    uint32_t found; /* bit i: word i occurs in the dossier */
    uint32_t event; /* where the first of them does */
    enum mk_field field;
};

/* Which words the field holds that the dossier did not show yet. */
static void look_for_words(struct search_question *s, uint32_t event,
                           enum mk_field field)
{
    for (size_t i = 0; i < s->n_words; i++) {
        const uint32_t bit = UINT32_C(1) << i;

        if ((s->found & bit) != 0 ||
            !mk_fold_finds(s->hay.data, s->hay.len, s->word[i],
                           strlen(s->word[i])))
            continue;
        s->found |= bit;
        if (s->field == MK_F_NONE) {
            s->event = event;
            s->field = field;
        }
    }
}

static bool all_found(const struct search_question *s)
{
    return s->found == (UINT32_MAX >> (SEARCH_WORDS - s->n_words));
}

static enum mk_err search_event(void *ctx, struct mk_event *e,
                                struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct search_question *s = ctx;
    enum mk_field f = MK_F_NONE;

    (void)diag;
    while (!all_found(s) && (f = mk_fields_next(&e->f, f)) != MK_F_NONE) {
        const struct mk_buf *text = mk_fields_text(&e->f, f);

        if (text == NULL || text->len == 0)
            continue;
        mk_buf_clear(&s->hay);
        MK_TRY(mk_fold_search(&s->hay, text->data, text->len));
        look_for_words(s, e->seq, f);
    }
out:
    return rc;
}

static enum mk_err ask_search(void *ctx, const struct mk_dossier_row *row,
                              const struct mk_dek *dek,
                              struct mk_list_item *item, bool *yes,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct search_question *s = ctx;

    s->found = 0;
    s->event = 0;
    s->field = MK_F_NONE;
    rc = events_of(&s->feed, s->v, row, dek, search_event, s, diag);
    *yes = all_found(s);
    item->match_event = s->event;
    item->match_field = s->field;
    return rc;
}

static enum mk_err split_words(struct search_question *s)
{
    enum mk_err rc;
    char *rest = NULL;

    MK_TRY(mk_buf_terminate(&s->needle));
    for (char *w = strtok_r((char *)s->needle.data, " ", &rest);
         w != NULL && s->n_words < SEARCH_WORDS;
         w = strtok_r(NULL, " ", &rest))
        s->word[s->n_words++] = w;
out:
    return rc;
}

enum mk_err mk_search(struct mk_vault *v, const struct mk_access *access,
                      const char *text, mk_list_each *each, void *ctx,
                      struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_census f = {.n = 0};
    struct search_question s = {
        .v = v,
        .needle = MK_BUF_INIT,
        .hay = MK_BUF_INIT,
    };
    struct mk_question q = {.ask = ask_search, .ctx = &s};
    struct mk_log_item hit = {
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_SEARCH,
        .mask = MK_SHOWN_FACTS,
    };

    rc = mk_fold_search(&s.needle, text, strlen(text));
    if (rc != MK_OK || s.needle.len == 0) {
        rc = mk_fail(diag, rc == MK_OK ? MK_E_MISSING_KEY : rc, "text");
        goto out;
    }
    MK_TRY(split_words(&s));
    MK_TRY(mk_access_ask_many(
        v, access, MK_ROLE_INSPECTOR, MK_AUDIT_SEARCH,
        MK_SHOWN_FACTS | MK_SHOWN_IDENTITY | MK_SHOWN_NARRATIVE, diag));
    MK_TRY(mk_census_run(v, &q, &f, diag));
    MK_TRY(mk_census_log(v, access, &f, &hit, diag));
    MK_TRY(mk_census_give_out(&f, each, ctx));
out:
    mk_sealed_feed_close(&s.feed);
    mk_census_release(&f);
    mk_buf_release(&s.needle);
    mk_buf_release(&s.hay);
    return rc;
}

/* --- related --- */

/* What two dossiers can have in common. */
struct ties {
    struct mk_buf lrk;    /* ids of 9 digits, one behind the other */
    struct mk_buf names;  /* of houder: folded, each ended by NUL */
    struct mk_buf people; /* ids of accused */
};

struct related_question {
    struct mk_vault *v;
    struct mk_sealed_feed feed;
    struct ties ties;
    uint8_t self[MK_ID];
    uint32_t event;
    enum mk_field field;
};

static void ties_release(struct ties *t)
{
    mk_buf_release(&t->lrk);
    mk_buf_release(&t->names);
    mk_buf_release(&t->people);
}

/* Folds organisation, or else name, of a houder; empty if there is none. */
static enum mk_err houder_name(struct mk_buf *out, const struct mk_fields *f)
{
    enum mk_err rc;
    const struct mk_buf *name = mk_fields_text(f, MK_F_ORGANISATION);

    if (name == NULL)
        name = mk_fields_text(f, MK_F_NAME);
    mk_buf_clear(out);
    if (name == NULL)
        return MK_OK;
    MK_TRY(mk_fold_search(out, name->data, name->len));
    MK_TRY(mk_buf_terminate(out));
out:
    return rc;
}

static enum mk_err add_ties(struct ties *t, const struct mk_event *e)
{
    enum mk_err rc = MK_OK;
    const struct mk_buf *lrk = mk_fields_text(&e->f, MK_F_LRK_ID);
    unsigned role = mk_fields_code(&e->f, MK_F_ROLE);
    struct mk_buf name = MK_BUF_INIT;
    uint8_t id[MK_ID];

    if (lrk != NULL && lrk->len == 9)
        MK_TRY(mk_buf_add(&t->lrk, lrk->data, lrk->len));
    if (role == MK_PERSON_ROLE_BES && mk_person_id(&e->f, id))
        MK_TRY(mk_buf_add(&t->people, id, sizeof id));
    if (role == MK_PERSON_ROLE_HOU) {
        MK_TRY(houder_name(&name, &e->f));
        if (name.len != 0)
            MK_TRY(mk_buf_add(&t->names, name.data, name.len + 1));
    }
out:
    mk_buf_release(&name);
    return rc;
}

static bool holds(const struct mk_buf *set, size_t step, const void *p)
{
    for (size_t at = 0; at + step <= set->len; at += step)
        if (memcmp(set->data + at, p, step) == 0)
            return true;
    return false;
}

static bool holds_name(const struct mk_buf *set, const struct mk_buf *name)
{
    for (size_t at = 0; at < set->len;) {
        size_t len = strlen((const char *)set->data + at);

        if (len == name->len && memcmp(set->data + at, name->data, len) == 0)
            return true;
        at += len + 1;
    }
    return false;
}

static enum mk_err compare_event(void *ctx, struct mk_event *e,
                                 struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct related_question *q = ctx;
    const struct mk_buf *lrk = mk_fields_text(&e->f, MK_F_LRK_ID);
    unsigned role = mk_fields_code(&e->f, MK_F_ROLE);
    struct mk_buf name = MK_BUF_INIT;
    uint8_t id[MK_ID];

    (void)diag;
    if (q->field != MK_F_NONE)
        return MK_OK;
    if (lrk != NULL && lrk->len == 9 && holds(&q->ties.lrk, 9, lrk->data))
        q->field = MK_F_LRK_ID;
    else if (role == MK_PERSON_ROLE_BES && mk_person_id(&e->f, id) &&
             holds(&q->ties.people, MK_ID, id))
        q->field = MK_F_NAME;
    else if (role == MK_PERSON_ROLE_HOU) {
        MK_TRY(houder_name(&name, &e->f));
        if (name.len != 0 && holds_name(&q->ties.names, &name))
            q->field = MK_F_ORGANISATION;
    }
    q->event = e->seq;
out:
    mk_buf_release(&name);
    return rc;
}

static enum mk_err ask_related(void *ctx, const struct mk_dossier_row *row,
                               const struct mk_dek *dek,
                               struct mk_list_item *item, bool *yes,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct related_question *q = ctx;

    q->event = 0;
    q->field = MK_F_NONE;
    if (memcmp(row->id, q->self, MK_ID) == 0)
        return MK_OK;
    rc = events_of(&q->feed, q->v, row, dek, compare_event, q, diag);
    *yes = q->field != MK_F_NONE;
    item->match_event = q->event;
    item->match_field = q->field;
    return rc;
}

enum mk_err mk_related(struct mk_vault *v, const struct mk_access *access,
                       const struct mk_dossier_ref *ref, mk_list_each *each,
                       void *ctx, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_census f = {.n = 0};
    struct mk_opened d;
    struct related_question rq = {.v = v};
    struct mk_question q = {.ask = ask_related, .ctx = &rq};
    uint64_t ordinal;
    struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_RELATED,
        .mask = MK_SHOWN_FACTS | MK_SHOWN_IDENTITY,
        .count = v->head.n_dossiers, /* all of them are compared */
    };

    mk_opened_init(&d);
    MK_TRY(mk_access_ask(v, access, ref, &item, &ordinal, diag));
    MK_TRY(mk_access_open(v, ordinal, &d, diag));
    memcpy(rq.self, d.row.id, MK_ID);
    for (size_t i = 0; i < d.c.n_events; i++)
        MK_TRY(add_ties(&rq.ties, &d.c.events[i]));
    MK_TRY(mk_census_run(v, &q, &f, diag));
    item.mask = MK_SHOWN_FACTS;
    MK_TRY(mk_census_log(v, access, &f, &item, diag));
    MK_TRY(mk_census_give_out(&f, each, ctx));
out:
    mk_sealed_feed_close(&rq.feed);
    ties_release(&rq.ties);
    mk_opened_release(&d);
    mk_census_release(&f);
    return rc;
}
