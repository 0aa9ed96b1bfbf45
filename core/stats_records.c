/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *   pass     each record, newest first, to each view (a vintage has one: now;
 *            a revised one has two: now, then), which keeps those that count
 *   numbers  the tags of all that were kept, in order of first position
 *   cells    now alone, or now and then side by side, dossier by dossier
 *   text     sorted, equal cells counted
 */
#include "core/stats_records.h"

#include "core/stats_scan.h"
#include "core/stats_tally.h"
#include "core/stats_vintage.h"

#include <stdlib.h>
#include <string.h>

#define TAG 8

/* A record that counts. */
struct kept {
    uint64_t ordinal, position, key;
    uint8_t tag[2][TAG]; /* site, accused */
    bool empty[2];
};

/* Years as of one position. */
struct view {
    struct mk_cube window;
    struct mk_tally tally;
    bool by_day; /* the position is found on the way */
    uint32_t day;
    struct mk_buf kept; /* struct kept, newest first */
};

/* Tags of one kind, with the number of each. */
struct named {
    uint8_t tag[TAG];
    uint64_t first; /* position of its first record */
    uint32_t number;
};
struct numbers {
    struct mk_buf list; /* struct named, by tag */
    size_t n;
};

struct run {
    struct view *view;
    size_t n_views;
    struct numbers number[2];
};

static struct kept *kept_of(const struct view *w, size_t *n)
{
    *n = w->kept.len / sizeof(struct kept);
    return (void *)w->kept.data;
}

/* ---- the pass ---- */

static enum mk_err view_init(struct view *w, const struct mk_vintage *v,
                             uint64_t n, uint64_t n_dossiers, bool then)
{
    const struct mk_as_of as_of = {
        .by_position = then || v->by_position,
        .position = then ? v->frozen : v->position,
    };
    mk_stats_vintage_window(&w->window, v);
    w->by_day = !then && v->by_day;
    w->day = w->by_day ? mk_stats_day_put(v->day) : 0;
    return mk_tally_init(&w->tally, &w->window, n, n_dossiers, &as_of);
}

static enum mk_err view_record(struct view *w, const struct mk_stats_record *r,
                               uint64_t position)
{
    struct kept k = {
        .ordinal = r->ordinal,
        .position = position,
        .empty = {r->site_empty, r->accused_empty},
    };
    bool counts;
    enum mk_err rc;
    if (w->by_day) {
        if (mk_stats_day_put(r->recorded) > w->day)
            return MK_OK;
        w->by_day = false; /* and all that is older belongs to it */
    }
    rc = mk_tally_judge(&w->tally, r, position, &counts, &k.key);
    if (rc != MK_OK || !counts)
        return rc;
    memcpy(k.tag[0], r->site, TAG);
    memcpy(k.tag[1], r->accused_tag, TAG);
    return mk_buf_add(&w->kept, &k, sizeof k);
}

static enum mk_err on_row(void *ctx, const struct mk_stats_record *r,
                          uint64_t position)
{
    struct run *run = ctx;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < run->n_views && rc == MK_OK; i++)
        rc = view_record(&run->view[i], r, position);
    return rc;
}

/* ---- numbers for tags ---- */

static int by_tag(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int c = memcmp(x->tag, y->tag, TAG);
    return c ? c : (x->first > y->first) - (x->first < y->first);
}

static int by_first(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

/* Every tag once, at its first position; sorted by tag. */
static enum mk_err gather(struct numbers *of, const struct run *run, int kind)
{
    struct named *list;
    size_t n, all, m = 0;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < run->n_views; i++) {
        const struct kept *k = kept_of(&run->view[i], &n);
        for (size_t j = 0; j < n; j++) {
            struct named one = {.first = k[j].position};
            if (k[j].empty[kind])
                continue;
            memcpy(one.tag, k[j].tag[kind], TAG);
            MK_TRY(mk_buf_add(&of->list, &one, sizeof one));
        }
    }
    all = of->list.len / sizeof *list;
    list = (void *)of->list.data;
    if (all > 0)
        qsort(list, all, sizeof *list, by_tag);
    for (size_t i = 0; i < all; i++)
        if (m == 0 || memcmp(list[i].tag, list[m - 1].tag, TAG) != 0)
            list[m++] = list[i];
    of->n = m;
out:
    return rc;
}

static enum mk_err number(struct numbers *of, const struct run *run, int kind)
{
    struct named *list;
    enum mk_err rc;
    MK_TRY(gather(of, run, kind));
    if (of->n > UINT32_MAX) {
        rc = MK_E_TOO_LARGE;
        goto out;
    }
    list = (void *)of->list.data;
    if (of->n > 0)
        qsort(list, of->n, sizeof *list, by_first);
    for (size_t i = 0; i < of->n; i++)
        list[i].number = (uint32_t)(i + 1);
    if (of->n > 0)
        qsort(list, of->n, sizeof *list, by_tag);
out:
    return rc;
}

static uint32_t number_of(const struct run *run, const struct kept *k,
                          int kind)
{
    const struct named *list = (const void *)run->number[kind].list.data;
    size_t lo = 0, hi = run->number[kind].n;
    if (k->empty[kind])
        return 0;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = memcmp(list[mid].tag, k->tag[kind], TAG);
        if (c == 0)
            return list[mid].number;
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return 0;
}

/* ---- cells ---- */

static enum mk_err add_cell(struct mk_buf *cells, const struct run *run,
                            const struct kept *k, enum mk_stats_change change)
{
    struct mk_stats_cell cell = {
        .key = k->key,
        .change = change,
        .site = number_of(run, k, 0),
        .accused = number_of(run, k, 1),
    };
    return mk_buf_add(cells, &cell, sizeof cell);
}

static int by_ordinal(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

/* now and then side by side. */
static enum mk_err compare(struct mk_buf *cells, const struct run *run,
                           const struct view *now, const struct view *then)
{
    size_t n, m, i = 0, j = 0;
    struct kept *a = kept_of(now, &n), *b = kept_of(then, &m);
    enum mk_err rc = MK_OK;
    if (n > 0)
        qsort(a, n, sizeof *a, by_ordinal);
    if (m > 0)
        qsort(b, m, sizeof *b, by_ordinal);
    while (i < n || j < m) {
        bool has_now = i < n && (j == m || a[i].ordinal <= b[j].ordinal);
        bool has_then = j < m && (i == n || b[j].ordinal <= a[i].ordinal);
        if (has_now && has_then && a[i].key == b[j].key) {
            MK_TRY(add_cell(cells, run, &a[i], MK_STATS_KEPT));
        } else {
            if (has_then)
                MK_TRY(add_cell(cells, run, &b[j], MK_STATS_REMOVED));
            if (has_now)
                MK_TRY(add_cell(cells, run, &a[i], MK_STATS_ADDED));
        }
        i += has_now;
        j += has_then;
    }
out:
    return rc;
}

static enum mk_err cells_of(struct mk_buf *cells, const struct run *run,
                            const struct view *now, bool revised)
{
    size_t n;
    const struct kept *k = kept_of(now, &n);
    enum mk_err rc = MK_OK;
    if (revised)
        return compare(cells, run, now, now + 1);
    for (size_t i = 0; i < n; i++)
        MK_TRY(add_cell(cells, run, &k[i], MK_STATS_CHANGE_NONE));
out:
    return rc;
}

/* ---- text ---- */

static enum mk_err give(const struct run *run, struct view *now,
                        struct mk_vintage *v)
{
    struct mk_buf cells = MK_BUF_INIT;
    enum mk_err rc;
    mk_tally_header(&now->tally, &now->window);
    MK_TRY(cells_of(&cells, run, now, v->revised));
    MK_TRY(mk_stats_vintage_give(v, &now->window, v->revised ? 3 : 2, &cells));
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
    memset(run, 0, sizeof *run);
    for (size_t i = 0; i < n_vintages; i++) {
        MK_TRY(mk_stats_vintage_check(&v[i], n, diag));
        run->n_views += v[i].revised ? 2 : 1;
    }
    run->view = calloc(run->n_views + 1, sizeof *run->view);
    if (!run->view) {
        run->n_views = 0;
        return mk_fail(diag, MK_E_MEMORY, "stats");
    }
    for (size_t i = 0, w = 0; i < n_vintages; i++) {
        MK_TRY(view_init(&run->view[w++], &v[i], n, n_dossiers, false));
        if (v[i].revised)
            MK_TRY(view_init(&run->view[w++], &v[i], n, n_dossiers, true));
    }
out:
    return rc;
}

static void run_release(struct run *run)
{
    for (size_t i = 0; run->view && i < run->n_views; i++) {
        mk_tally_release(&run->view[i].tally);
        mk_cube_release(&run->view[i].window);
        mk_buf_release(&run->view[i].kept);
    }
    free(run->view);
    for (int kind = 0; kind < 2; kind++)
        mk_buf_release(&run->number[kind].list);
}

enum mk_err mk_stats_records(struct mk_store *st,
                             const struct mk_stats_key *key, uint64_t n,
                             const uint8_t root[static MK_HASH],
                             uint64_t n_dossiers, struct mk_vintage *vintages,
                             size_t n_vintages, struct mk_diag *diag)
{
    struct run run;
    const struct mk_stats_scan scan = {
        .with_tags = true,
        .end = n,
        .ctx = &run,
        .row = on_row,
    };
    enum mk_err rc;
    MK_TRY(run_init(&run, vintages, n_vintages, n, n_dossiers, diag));
    MK_TRY(mk_stats_scan(&scan, st, key, n, root, diag));
    for (int kind = 0; kind < 2; kind++)
        MK_TRY(number(&run.number[kind], &run, kind));
    for (size_t i = 0, w = 0; i < n_vintages; i++) {
        MK_TRY(give(&run, &run.view[w], &vintages[i]));
        /* a day may lie before, too */
        MK_TRY(mk_stats_vintage_check(&vintages[i], n, diag));
        w += vintages[i].revised ? 2 : 1;
    }
out:
    run_release(&run);
    return rc == MK_OK || (diag && diag->err == rc)
               ? rc
               : mk_fail(diag, rc, "stats");
}
