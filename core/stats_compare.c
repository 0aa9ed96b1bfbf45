/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *   pass     newest first, to each view: every record since the frozen
 *            position, and of each dossier the newest before it
 *   dossier  its records in order: what was, what is, what happened between
 *   text     sorted, equal cells counted
 */
#include "core/stats_compare.h"

#include "core/stats_scan.h"
#include "core/stats_tally.h"
#include "core/stats_vintage.h"

#include <stdlib.h>
#include <string.h>

/* A record of a dossier. */
struct step {
    uint64_t ordinal, position, key;
    uint8_t state, cause;
    bool in; /* it counts in a year of the window: key is its cell */
};

/* Years as of two positions. */
struct view {
    struct mk_cube window;
    struct mk_tally tally;
    uint64_t frozen;
    bool by_day; /* the position is found on the way */
    mk_day day;
    uint8_t *settled; /* a bit a dossier: its newest before frozen is known */
    struct mk_buf step; /* struct step */
};

struct run {
    struct view *view;
    size_t n;
};

/* ---- the pass ---- */

static enum mk_err view_init(struct view *w, const struct mk_vintage *v,
                             uint64_t n, uint64_t n_dossiers)
{
    const struct mk_as_of as_of = {
        .by_position = v->by_position,
        .position = v->position,
    };
    mk_stats_vintage_window(&w->window, v);
    w->frozen = v->frozen;
    w->by_day = v->by_day;
    w->day = v->day;
    w->settled = calloc((size_t)(n_dossiers / 8 + 1), 1);
    return w->settled
               ? mk_tally_init(&w->tally, &w->window, n, n_dossiers, &as_of)
               : MK_E_MEMORY;
}

static void view_release(struct view *w)
{
    mk_tally_release(&w->tally);
    mk_cube_release(&w->window);
    mk_buf_release(&w->step);
    free(w->settled);
}

/* Is it the newest of its dossier before the frozen position?  The first time
 * only. */
static bool settle(struct view *w, uint64_t ordinal)
{
    uint8_t bit = (uint8_t)(1u << (ordinal & 7));
    bool first = !(w->settled[ordinal >> 3] & bit);
    w->settled[ordinal >> 3] |= bit;
    return first;
}

static enum mk_err view_record(struct view *w, const struct mk_stats_record *r,
                               uint64_t position)
{
    struct step s = {
        .ordinal = r->ordinal,
        .position = position,
        .state = r->state,
        .cause = r->cause,
    };
    enum mk_err rc;
    if (position >= w->tally.position_end ||
        (w->by_day && r->recorded > w->day))
        return MK_OK;
    w->by_day = false; /* and all that is older belongs to it */
    MK_TRY(mk_tally_place(&w->tally, r, &s.in, &s.key));
    mk_tally_note(&w->tally, r, position);
    if (position >= w->frozen || settle(w, r->ordinal))
        MK_TRY(mk_buf_add(&w->step, &s, sizeof s));
out:
    return rc;
}

static enum mk_err on_row(void *ctx, const struct mk_stats_record *r,
                          uint64_t position)
{
    struct run *run = ctx;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < run->n && rc == MK_OK; i++)
        rc = view_record(&run->view[i], r, position);
    return rc;
}

/* ---- a dossier ---- */

static enum mk_err put(struct mk_buf *cells, const struct step *s,
                       enum mk_stats_change change,
                       enum mk_stats_reason reason)
{
    const struct mk_stats_cell cell = {
        .key = s->key, .change = change, .reason = reason};
    return s->in ? mk_buf_add(cells, &cell, sizeof cell) : MK_OK;
}

static enum mk_stats_reason reason_of(uint8_t cause)
{
    static const enum mk_stats_reason reasons[] = {
#define MK_CAUSE(number, NAME, reason) [number] = MK_STATS_REASON_##reason,
#include "core/defs/changes.def"
    };
    return cause < sizeof reasons / sizeof reasons[0]
               ? reasons[cause]
               : MK_STATS_REASON_UNKNOWN;
}

static bool same_place(const struct step *a, const struct step *b)
{
    return a->in == b->in && (!a->in || a->key == b->key);
}

/* It counts at both positions: each record between them that moved it. */
static enum mk_err put_moves(struct mk_buf *cells, const struct step *then,
                             const struct step *end)
{
    enum mk_err rc = MK_OK;
    const struct step *at = then;
    for (const struct step *s = then + 1; s < end; s++) {
        enum mk_stats_reason reason = reason_of(s->cause);
        if (!mk_tally_state_counts(s->state))
            continue; /* for a while only */
        if (!same_place(at, s)) {
            MK_TRY(put(cells, at, MK_STATS_REMOVED, reason));
            MK_TRY(put(cells, s, MK_STATS_ADDED, reason));
        }
        at = s;
    }
out:
    return rc;
}

/* s[0 .. n - 1], oldest first; the first lies before the frozen position if
 * known. */
static enum mk_err put_dossier(struct mk_buf *cells, const struct step *s,
                               size_t n, bool known)
{
    const struct step *now = &s[n - 1];
    bool counted = known && mk_tally_state_counts(s->state);
    bool counts = mk_tally_state_counts(now->state);
    enum mk_err rc = MK_OK;
    if (known)
        MK_TRY(put(cells, s, MK_STATS_THEN, MK_STATS_REASON_NONE));
    MK_TRY(put(cells, now, MK_STATS_NOW, MK_STATS_REASON_NONE));
    if (counted && counts) {
        if (!same_place(s, now))
            MK_TRY(put_moves(cells, s, s + n));
    } else if (counted) {
        MK_TRY(put(cells, s, MK_STATS_REMOVED,
                   now->state == MK_STATE_DUBBEL
                       ? MK_STATS_REASON_DUPLICATE
                       : MK_STATS_REASON_NOT_COMPETENT));
    } else if (counts) {
        MK_TRY(put(cells, now, MK_STATS_ADDED,
                   !known ? MK_STATS_REASON_LATE
                   : s->state == MK_STATE_ONTVANGEN
                       ? MK_STATS_REASON_CLASSIFIED
                       : MK_STATS_REASON_RECOUNTED));
    }
out:
    return rc;
}

static int by_dossier(const void *a, const void *b)
{
    const struct step *x = a, *y = b;
    if (x->ordinal != y->ordinal)
        return x->ordinal > y->ordinal ? 1 : -1;
    return (x->position > y->position) - (x->position < y->position);
}

static enum mk_err give(struct view *w, struct mk_vintage *v)
{
    struct mk_buf cells = MK_BUF_INIT;
    struct step *s = (void *)w->step.data;
    size_t n = w->step.len / sizeof *s;
    enum mk_err rc = MK_OK;
    if (n > 0)
        qsort(s, n, sizeof *s, by_dossier);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && s[end].ordinal == s[i].ordinal;)
            end++;
        MK_TRY(put_dossier(&cells, &s[i], end - i, s[i].position < v->frozen));
    }
    mk_tally_header(&w->tally, &w->window);
    MK_TRY(mk_stats_vintage_give(v, &w->window, 4, &cells));
out:
    mk_buf_release(&cells);
    return rc;
}

/* ---- all of it ---- */

static enum mk_err run_init(struct run *run, const struct mk_vintage *v,
                            size_t n_vintages, uint64_t n, uint64_t n_dossiers,
                            struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < n_vintages; i++)
        MK_TRY(mk_stats_vintage_check(&v[i], n, diag));
    run->view = calloc(n_vintages + 1, sizeof *run->view);
    if (!run->view)
        return MK_E_MEMORY;
    for (; run->n < n_vintages; run->n++)
        MK_TRY(view_init(&run->view[run->n], &v[run->n], n, n_dossiers));
out:
    return rc;
}

enum mk_err mk_stats_compare(struct mk_store *st,
                             const struct mk_stats_key *key, uint64_t n,
                             const uint8_t root[static MK_HASH],
                             uint64_t n_dossiers, struct mk_vintage *vintages,
                             size_t n_vintages, struct mk_diag *diag)
{
    struct run run = {NULL, 0};
    const struct mk_stats_scan scan = {.end = n, .ctx = &run, .row = on_row};
    enum mk_err rc;
    MK_TRY(run_init(&run, vintages, n_vintages, n, n_dossiers, diag));
    MK_TRY(mk_stats_scan(&scan, st, key, n, root, diag));
    for (size_t i = 0; i < n_vintages; i++) {
        MK_TRY(give(&run.view[i], &vintages[i]));
        /* a day may lie before, too */
        MK_TRY(mk_stats_vintage_check(&vintages[i], n, diag));
    }
out:
    for (size_t i = 0; run.view && i < n_vintages; i++)
        view_release(&run.view[i]);
    free(run.view);
    return rc == MK_OK || (diag && diag->err == rc)
               ? rc
               : mk_fail(diag, rc, "stats");
}
