/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/prune_plan.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/leaf.h"
#include "core/log_leaves.h"
#include "core/prune.h"

/* Kept back of what the term allows: the head that will say so takes its time
 * later, and a clock may be set right meanwhile. */
#define SLACK_MS INT64_C(86400000)

/* --- age --- */

/* The day of the last millisecond but one that the term allows, in words. */
static enum mk_err too_late(int64_t allowed_ms, uint32_t months,
                            struct mk_diag *diag)
{
    char day[MK_DATE_TEXT];

    mk_date_format(day, mk_date_amsterdam(allowed_ms));
    return mk_fail_at(diag, MK_E_TERM_HOLDS, day, 0, months, 0);
}

static enum mk_err find_before(const struct mk_past *past, int64_t wanted_ms,
                               int64_t *before_ms, struct mk_diag *diag)
{
    int64_t reference = mk_past_reference(past, mk_clock_now());
    uint32_t months;

    if (!mk_past_term_at(past, reference, &months))
        return mk_fail(diag, MK_E_NO_TERM, NULL);
    *before_ms = reference - months * MK_MONTH_MS - SLACK_MS;
    if (wanted_ms == 0)
        return MK_OK;
    if (wanted_ms > *before_ms)
        return too_late(*before_ms, months, diag);
    *before_ms = wanted_ms;
    return MK_OK;
}

/* The leaves below a head that confirms their age, while all say that they are
 * older than before_ms. */
struct old {
    const struct mk_keyring *keyring;
    int64_t before_ms;
    uint64_t size;
};

static enum mk_err meet_old(void *ctx, const struct mk_head *h, bool *more,
                            struct mk_diag *diag)
{
    struct old *o = ctx;

    (void)diag;
    *more = o->before_ms > 0 && h->time_ms < (uint64_t)o->before_ms;
    if (*more && mk_past_confirms(o->keyring, h))
        o->size = h->log_size;
    return MK_OK;
}

/* --- sessions --- */

struct span {
    uint8_t session[MK_ID];
    uint8_t actor[MK_ID];
    uint64_t first, last;
};
struct spans {
    struct span *v;
    size_t n, cap;
};

static int by_session(const void *a, const void *b)
{
    return memcmp(((const struct span *)a)->session,
                  ((const struct span *)b)->session, MK_ID);
}

/* Later ones first. */
static int by_first(const void *a, const void *b)
{
    uint64_t x = ((const struct span *)a)->first;
    uint64_t y = ((const struct span *)b)->first;

    return (x < y) - (x > y);
}

static enum mk_err add_span(struct spans *s, const struct mk_leaf *leaf)
{
    if (s->n == s->cap) {
        size_t cap = s->cap == 0 ? 64 : 2 * s->cap;
        struct span *grown = realloc(s->v, cap * sizeof *grown);

        if (grown == NULL)
            return MK_E_MEMORY;
        s->v = grown;
        s->cap = cap;
    }
    memcpy(s->v[s->n].session, leaf->session, MK_ID);
    memcpy(s->v[s->n].actor, leaf->rest, MK_ID);
    s->v[s->n].first = leaf->seq;
    s->v[s->n++].last = leaf->seq;
    return MK_OK;
}

/* Sessions that begin in from .. to-1. */
static enum mk_err gather(struct mk_vault *v, uint64_t from, uint64_t to,
                          struct spans *s, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_log_row row;
    struct mk_leaf leaf;
    bool more;

    MK_TRY(mk_walk_log(&walk, v->store, from, diag));
    for (;;) {
        MK_TRY(mk_walk_log_row(walk, &more, &row, diag));
        if (!more || row.seq >= to)
            break;
        MK_TRY(mk_leaf_parse(&leaf, row.leaf.p, row.leaf.n,
                             mk_keyring_store(v->keyring), diag));
        if (leaf.kind == MK_LEAF_IS_SESSION)
            MK_TRY(add_span(s, &leaf));
    }
    if (s->n != 0)
        qsort(s->v, s->n, sizeof *s->v, by_session);
out:
    mk_walk_close(walk);
    return rc;
}

/* How far each of them goes; and the whole log against its root. */
static enum mk_err follow(struct mk_vault *v, struct spans *s,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_log_leaves scan;
    struct mk_log_row row;
    struct mk_leaf leaf;
    struct span *found;
    struct span key;
    bool more;

    MK_TRY(mk_log_leaves_open(&scan, v, diag));
    for (;;) {
        MK_TRY(mk_log_leaves_next(&scan, &more, &row, diag));
        if (!more)
            break;
        MK_TRY(mk_leaf_parse(&leaf, row.leaf.p, row.leaf.n,
                             mk_keyring_store(v->keyring), diag));
        memcpy(key.session, leaf.session, MK_ID);
        found = s->n == 0
                    ? NULL
                    : bsearch(&key, s->v, s->n, sizeof *s->v, by_session);
        if (found != NULL)
            found->last = row.seq;
    }
    MK_TRY(mk_log_leaves_prove(&scan, diag));
out:
    mk_log_leaves_close(&scan);
    return rc;
}

static uint64_t whole_groups(uint64_t n)
{
    return n - n % MK_PRUNING_STEP;
}

/* A session that lies across gives the next lower place, so one that begins
 * later never lies across it: once over all is enough. */
static void stop_short(struct spans *s, struct mk_prune_plan *p)
{
    if (s->n != 0)
        qsort(s->v, s->n, sizeof *s->v, by_first);
    for (size_t i = 0; i < s->n; i++) {
        const struct span *one = &s->v[i];

        if (one->first >= p->size || one->last < p->size)
            continue;
        p->size = whole_groups(one->first);
        p->held = true;
        p->held_seq = one->first;
        memcpy(p->held_by, one->actor, MK_ID);
    }
}

enum mk_err mk_prune_plan_make(struct mk_vault *v, int64_t before_ms,
                               struct mk_prune_plan *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_past past;
    struct spans spans = {.n = 0};
    struct old old = {.keyring = v->keyring};

    *out = (struct mk_prune_plan){.n_register = v->head.n_register};
    mk_past_init(&past);
    MK_TRY(mk_past_rows(&past, v, &v->head, diag));
    MK_TRY(mk_past_judge(&past, v, diag));
    MK_TRY(find_before(&past, before_ms, &out->before_ms, diag));
    out->from = mk_past_size(&past);
    old.before_ms = out->before_ms;
    MK_TRY(mk_past_heads(v, meet_old, &old, diag));
    out->size = whole_groups(old.size);
    if (out->size <= out->from) {
        out->size = out->from;
        goto out;
    }
    MK_TRY(gather(v, out->from, out->size, &spans, diag));
    MK_TRY(follow(v, &spans, diag));
    stop_short(&spans, out);
    if (out->size < out->from)
        out->size = out->from;
out:
    free(spans.v);
    mk_past_release(&past);
    return rc;
}
