/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/log_reviews.h"

#include <stdlib.h>
#include <string.h>

void mk_log_reviews_release(struct mk_log_reviews *r)
{
    mk_ids_release(&r->auditors);
    free(r->own);
    free(r->v);
    *r = (struct mk_log_reviews){.n = 0};
}

static enum mk_err note_own(struct mk_log_reviews *r,
                            const struct mk_log_item *item)
{
    enum mk_err rc;
    uint32_t at;
    bool fresh;
    struct mk_log_own *room =
        mk_ids_room(r->own, sizeof *room, r->n_own, &r->cap_own);

    if (room == NULL)
        return MK_E_MEMORY;
    r->own = room;
    MK_TRY(mk_ids_take(&r->auditors, item->actor, &at, &fresh));
    r->own[r->n_own++] = (struct mk_log_own){.seq = item->seq, .auditor = at};
out:
    return rc;
}

enum mk_err mk_log_reviews_see(struct mk_log_reviews *r,
                               const struct mk_log_item *item, bool by_auditor)
{
    enum mk_err rc = MK_OK;
    struct mk_log_review *room;

    if (by_auditor)
        MK_TRY(note_own(r, item));
    /* a range that was not there yet, or is none, was not reviewed; and who is
     * no auditor can write that entry, but not read what it speaks of */
    if (!by_auditor || item->kind != MK_AUDIT_LOG_REVIEW ||
        item->outcome != MK_OUTCOME_DONE || item->from > item->to ||
        item->to >= item->seq)
        goto out;
    room = mk_ids_room(r->v, sizeof *room, r->n, &r->cap);
    if (room == NULL)
        return MK_E_MEMORY;
    r->v = room;
    r->v[r->n++] = (struct mk_log_review){.item = *item};
out:
    return rc;
}

static void count_own(struct mk_log_reviews *r, struct mk_log_review *review)
{
    uint32_t who = UINT32_MAX;

    for (size_t i = 0; i < r->auditors.n; i++)
        if (memcmp(r->auditors.id[i], review->item.actor, 16) == 0)
            who = (uint32_t)i;
    for (size_t i = 0; i < r->n_own; i++)
        review->own += r->own[i].auditor == who &&
                       r->own[i].seq >= review->item.from &&
                       r->own[i].seq <= review->item.to;
}

static int by_start(const void *left, const void *right)
{
    const struct mk_log_review *a = left;
    const struct mk_log_review *b = right;

    if (a->item.from != b->item.from)
        return a->item.from < b->item.from ? -1 : 1;
    return (a->item.seq > b->item.seq) - (a->item.seq < b->item.seq);
}

/* What lies between the reviews, which are sorted. */
static enum mk_err find_open(struct mk_log_summary *out)
{
    uint64_t next = out->first; /* not known to be reviewed from here on */

    out->open = calloc(out->n_review + 1, sizeof *out->open);
    if (out->open == NULL)
        return MK_E_MEMORY;
    for (size_t i = 0; i < out->n_review; i++) {
        const struct mk_log_item *item = &out->review[i].item;

        if (item->from > next)
            out->open[out->n_open++] =
                (struct mk_log_range){.from = next, .to = item->from - 1};
        if (item->to >= next)
            next = item->to + 1;
    }
    if (next <= out->last)
        out->open[out->n_open++] =
            (struct mk_log_range){.from = next, .to = out->last};
    return MK_OK;
}

enum mk_err mk_log_reviews_finish(struct mk_log_reviews *r,
                                  struct mk_log_summary *out)
{
    size_t n = 0;

    if (out->n == 0)
        return MK_OK;
    for (size_t i = 0; i < r->n; i++)
        if (r->v[i].item.from <= out->last && r->v[i].item.to >= out->first)
            r->v[n++] = r->v[i];
    if (n != 0)
        qsort(r->v, n, sizeof *r->v, by_start);
    for (size_t i = 0; i < n; i++)
        count_own(r, &r->v[i]);
    out->review = r->v;
    out->n_review = n;
    r->v = NULL;
    r->n = r->cap = 0;
    return find_open(out);
}
