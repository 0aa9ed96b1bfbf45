/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/outer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SWEEPS 1000 /* stopping early is safe: bounds are wider then */

/* ---- the sums ---- */

static enum mk_err add_term(struct mk_sdc_sums *sums, uint32_t term)
{
    if (sums->n_terms == sums->cap_terms) {
        size_t cap = sums->cap_terms ? 2 * sums->cap_terms : 4096;
        uint32_t *at = realloc(sums->term, cap * sizeof *at);
        if (!at)
            return MK_E_MEMORY;
        sums->term = at;
        sums->cap_terms = cap;
    }
    sums->term[sums->n_terms++] = term;
    return MK_OK;
}

/* The terms since the last one become a sum, or are dropped. */
static enum mk_err end_sum(struct mk_sdc_sums *sums, bool keep)
{
    if (!keep) {
        sums->n_terms = sums->start[sums->n];
        return MK_OK;
    }
    if (sums->n + 2 > sums->cap) {
        size_t cap = 2 * sums->cap;
        size_t *start = realloc(sums->start, cap * sizeof *start);
        if (!start)
            return MK_E_MEMORY;
        sums->start = start;
        sums->cap = cap;
    }
    sums->start[++sums->n] = sums->n_terms;
    return MK_OK;
}

/* The sum of a cell along dimension d, if the model has all its parts. */
static enum mk_err sum_along(struct mk_sdc_sums *sums, size_t cell, size_t d)
{
    const struct mk_sdc_system *s = sums->s;
    const struct mk_sdc_spec *joint = &s->model->joint;
    const uint32_t *own = s->model->node + cell * joint->n_dims;
    const struct mk_sdc_node *sum = &joint->dim[d].node[own[d]];
    uint32_t node[MK_SDC_DIMS], total = s->class_of[cell];
    bool keep = true;
    enum mk_err rc;
    if (sum->n_leaves < 2 || total == MK_SDC_NONE)
        return MK_OK;
    memcpy(node, own, joint->n_dims * sizeof *node);
    MK_TRY(add_term(sums, total));
    for (uint32_t i = 0; i < sum->n_leaves && keep; i++) {
        node[d] = sum->leaf[i];
        uint32_t part = mk_sdc_index_find(&s->index, node);
        keep = part != MK_SDC_NONE && s->class_of[part] != total;
        if (keep && s->class_of[part] != MK_SDC_NONE)
            MK_TRY(add_term(sums, s->class_of[part]));
    }
    rc = end_sum(sums, keep);
out:
    return rc;
}

/* Each class is the sum of its columns, where those are no cells. */
static enum mk_err sums_of_columns(struct mk_sdc_sums *sums)
{
    const struct mk_sdc_system *s = sums->s;
    uint32_t *own = malloc((s->n_cols + 1) * sizeof *own);
    bool all = true;
    enum mk_err rc = own ? MK_OK : MK_E_MEMORY;
    if (!own)
        return rc;
    for (uint32_t j = 0; j < s->n_cols; j++)
        own[j] = (uint32_t)s->n_classes + j;
    for (uint32_t c = 0; c < s->n_classes; c++)
        if (s->row_start[c + 1] - s->row_start[c] == 1)
            own[s->row_col[s->row_start[c]]] = c;
    for (uint32_t j = 0; j < s->n_cols; j++)
        all &= own[j] < s->n_classes;
    for (uint32_t c = 0; c < s->n_classes && !all; c++) {
        if (s->row_start[c + 1] - s->row_start[c] < 2)
            continue;
        MK_TRY(add_term(sums, c));
        for (size_t e = s->row_start[c]; e < s->row_start[c + 1]; e++)
            MK_TRY(add_term(sums, own[s->row_col[e]]));
        MK_TRY(end_sum(sums, true));
    }
out:
    free(own);
    return rc;
}

enum mk_err mk_sdc_sums_init(struct mk_sdc_sums *sums,
                             const struct mk_sdc_system *s)
{
    enum mk_err rc = MK_E_MEMORY;
    memset(sums, 0, sizeof *sums);
    sums->s = s;
    sums->cap = 1024;
    sums->start = calloc(sums->cap, sizeof *sums->start);
    if (!sums->start)
        goto out;
    for (size_t i = 0; i < s->model->n_cells; i++)
        for (size_t d = 0; d < s->model->joint.n_dims; d++)
            MK_TRY(sum_along(sums, i, d));
    rc = sums_of_columns(sums);
out:
    return rc;
}

void mk_sdc_sums_release(struct mk_sdc_sums *sums)
{
    free(sums->start);
    free(sums->term);
    memset(sums, 0, sizeof *sums);
}

/* ---- bounds ---- */

struct bounds {
    int64_t *lo, *hi; /* by term */
};

static bool raise(int64_t *lo, int64_t value)
{
    if (value <= *lo)
        return false;
    *lo = value;
    return true;
}

static bool lower(int64_t *hi, int64_t value)
{
    if (value >= *hi)
        return false;
    *hi = value;
    return true;
}

static bool carry(const struct mk_sdc_sums *sums, size_t i, struct bounds *b)
{
    const uint32_t *term = sums->term + sums->start[i];
    size_t n = sums->start[i + 1] - sums->start[i];
    int64_t lo = 0, hi = 0;
    bool changed = false;
    for (size_t k = 1; k < n; k++) {
        lo += b->lo[term[k]];
        hi += b->hi[term[k]];
    }
    changed |= raise(&b->lo[term[0]], lo);
    changed |= lower(&b->hi[term[0]], hi);
    for (size_t k = 1; k < n; k++) {
        int64_t own_lo = b->lo[term[k]], own_hi = b->hi[term[k]];
        if (own_lo == own_hi)
            continue;
        /* the others are counted as they were: a little wide, never wrong */
        changed |= raise(&b->lo[term[k]], b->lo[term[0]] - (hi - own_hi));
        changed |= lower(&b->hi[term[k]], b->hi[term[0]] - (lo - own_lo));
    }
    return changed;
}

/* Sums in which anything is left to find. */
static size_t open_sums(const struct mk_sdc_sums *sums, const struct bounds *b,
                        size_t *open)
{
    size_t n = 0;
    for (size_t i = 0; i < sums->n; i++) {
        bool any = false;
        for (size_t t = sums->start[i]; t < sums->start[i + 1] && !any; t++)
            any = b->lo[sums->term[t]] < b->hi[sums->term[t]];
        if (any)
            open[n++] = i;
    }
    return n;
}

enum mk_err mk_sdc_outer(const struct mk_sdc_sums *sums, const bool *hidden,
                         int64_t *lo, int64_t *hi)
{
    const struct mk_sdc_system *s = sums->s;
    size_t terms = s->n_classes + s->n_cols + 1;
    struct bounds b = {calloc(terms, sizeof *b.lo),
                       calloc(terms, sizeof *b.hi)};
    size_t *open = calloc(sums->n + 1, sizeof *open);
    enum mk_err rc = MK_E_MEMORY;
    if (!b.lo || !b.hi || !open)
        goto out;
    for (size_t c = 0; c < terms; c++) {
        bool shown = c < s->n_classes && !hidden[c];
        b.lo[c] = shown ? (int64_t)s->cls[c].value : 0;
        b.hi[c] = shown ? (int64_t)s->cls[c].value : MK_SDC_COUNT;
    }
    size_t n = open_sums(sums, &b, open);
    bool changed = true;
    for (int sweep = 0; sweep < SWEEPS && changed; sweep++) {
        changed = false;
        for (size_t k = 0; k < n; k++)
            changed |= carry(sums, open[k], &b);
    }
    memcpy(lo, b.lo, s->n_classes * sizeof *lo);
    memcpy(hi, b.hi, s->n_classes * sizeof *hi);
    rc = MK_OK;
out:
    free(b.lo);
    free(b.hi);
    free(open);
    return rc;
}

/* ---- a lower bound of the cost ---- */

/* In how many classes of the sum has to be hidden what; UINT32_MAX where
 * columns are in it. */
static uint32_t must_hide(const struct mk_sdc_sums *sums, size_t i)
{
    const struct mk_sdc_system *s = sums->s;
    uint32_t n = 0;
    for (size_t t = sums->start[i]; t < sums->start[i + 1]; t++) {
        if (sums->term[t] >= s->n_classes)
            return UINT32_MAX;
        n += s->cls[sums->term[t]].fate == MK_SDC_MUST_HIDE;
    }
    return n;
}

void mk_sdc_sums_alone(const struct mk_sdc_sums *sums, uint32_t *in)
{
    memset(in, 0, sums->s->n_classes * sizeof *in);
    for (size_t i = 0; i < sums->n; i++)
        if (must_hide(sums, i) == 1)
            for (size_t t = sums->start[i]; t < sums->start[i + 1]; t++)
                in[sums->term[t]]++;
}

enum mk_err mk_sdc_sums_bound(const struct mk_sdc_sums *sums,
                              const double *cost, double *bound)
{
    const struct mk_sdc_system *s = sums->s;
    uint32_t *in = calloc(s->n_classes + 1, sizeof *in);
    *bound = 0;
    if (!in)
        return MK_E_MEMORY;
    mk_sdc_sums_alone(sums, in);
    for (size_t i = 0; i < sums->n; i++) {
        double least = INFINITY;
        if (must_hide(sums, i) != 1)
            continue;
        for (size_t t = sums->start[i]; t < sums->start[i + 1]; t++) {
            uint32_t c = sums->term[t];
            if (s->cls[c].fate == MK_SDC_OPEN && cost[c] / in[c] < least)
                least = cost[c] / in[c];
        }
        *bound += isinf(least) ? 0 : least;
    }
    free(in);
    return MK_OK;
}
