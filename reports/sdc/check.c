/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/check.h"

#include <stdlib.h>
#include <string.h>

/* Ends of a cell that a table was seen to reach; bits. */
enum { SEEN_LO = 1, SEEN_HI = 2 };

struct checker {
    const struct mk_sdc_model *m;
    const struct mk_sdc_lines *lines;
    const struct mk_sdc_proof *proof;
    struct mk_sdc_index index;
    enum mk_sdc_fault *fault;
    uint32_t *by;
    size_t *n;
    int64_t *base;  /* by cell */
    int64_t *delta; /* by cell, of the table in hand */
    uint32_t *touched;
    size_t n_touched;
    int64_t *lowest, *highest; /* by cell, over all tables */
    uint8_t *seen;             /* by cell */
    int64_t adding;
};

const char *mk_sdc_fault_slug(enum mk_sdc_fault fault)
{
    static const char *const slug[] = {
        [MK_SDC_FAULT_NONE] = "",         [MK_SDC_FAULT_BASE] = "base",
        [MK_SDC_FAULT_TABLE] = "table",   [MK_SDC_FAULT_REACH] = "reach",
        [MK_SDC_FAULT_SHOWN] = "shown",   [MK_SDC_FAULT_EXACT] = "exact",
        [MK_SDC_FAULT_NARROW] = "narrow", [MK_SDC_FAULT_INSIDER] = "insider",
        [MK_SDC_FAULT_GROUP] = "group",
    };
    return slug[fault];
}

static void find(struct checker *c, size_t cell, enum mk_sdc_fault fault,
                 uint32_t by)
{
    if (c->fault[cell] != MK_SDC_FAULT_NONE)
        return;
    c->fault[cell] = fault;
    c->by[cell] = by;
    ++*c->n;
}

/* ---- counting records ---- */

static void add_base(void *ctx, uint32_t cell)
{
    struct checker *c = ctx;
    c->base[cell] += c->adding;
}

static void add_delta(void *ctx, uint32_t cell)
{
    struct checker *c = ctx;
    if (c->delta[cell] == 0)
        c->touched[c->n_touched++] = cell; /* perhaps once more: harmless */
    c->delta[cell] += c->adding;
}

static bool count(struct checker *c, const struct mk_sdc_records *r,
                  mk_sdc_visit *visit)
{
    size_t n = c->proof->n_dims, which;
    for (size_t i = 0; i < r->rows; i++) {
        const uint32_t *leaf = r->leaf + i * n;
        c->adding = r->n[i];
        if (r->n[i] > 0 && mk_sdc_patterns_hold(&c->m->joint.zeros,
                                                &c->m->joint, leaf, &which))
            return false;
        for (size_t k = 0; k < c->index.n_masks; k++) {
            if (c->n_touched + 64 > 8 * (c->m->n_cells + 64))
                return false;
            mk_sdc_index_visit(&c->index, c->index.mask[k], leaf, visit, c);
        }
    }
    return true;
}

static void forget(struct checker *c)
{
    for (size_t i = 0; i < c->n_touched; i++)
        c->delta[c->touched[i]] = 0;
    c->n_touched = 0;
}

static int compare(const uint32_t *a, const uint32_t *b, size_t n)
{
    for (size_t d = 0; d < n; d++)
        if (a[d] != b[d])
            return a[d] < b[d] ? -1 : 1;
    return 0;
}

/* The base is looked up by halves: it has to be in order. */
static bool in_order(const struct checker *c)
{
    const struct mk_sdc_records *b = &c->proof->base;
    size_t n = c->proof->n_dims;
    for (size_t k = 1; k < b->rows; k++)
        if (compare(b->leaf + (k - 1) * n, b->leaf + k * n, n) >= 0)
            return false;
    return true;
}

static int64_t in_base(const struct checker *c, const uint32_t *leaf)
{
    const struct mk_sdc_records *b = &c->proof->base;
    size_t n = c->proof->n_dims, lo = 0, hi = b->rows;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int order = compare(b->leaf + mid * n, leaf, n);
        if (order == 0)
            return b->n[mid];
        if (order < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return 0;
}

/* Is there a count below 0 in base + r?  A combination that comes twice in r
 * would be counted twice: that is no table. */
static bool below_zero(const struct checker *c, const struct mk_sdc_records *r)
{
    size_t n = c->proof->n_dims;
    for (size_t i = 0; i < r->rows; i++) {
        const uint32_t *leaf = r->leaf + i * n;
        if ((i > 0 && compare(leaf - n, leaf, n) >= 0) ||
            (r->n[i] < 0 && in_base(c, leaf) + r->n[i] < 0))
            return true;
    }
    return false;
}

/* ---- 1 and 2 ---- */

/* Is the value one that the interval which was printed has? */
static bool within_printed(const struct mk_sdc_cell *cell, int64_t value)
{
    return !cell->interval || (value >= (int64_t)cell->printed_lo &&
                               value <= (int64_t)cell->printed_hi);
}

static void check_base(struct checker *c)
{
    const struct mk_sdc_model *m = c->m;
    bool good = in_order(c) && count(c, &c->proof->base, add_base);
    for (size_t i = 0; i < c->proof->base.rows; i++)
        good &= c->proof->base.n[i] > 0;
    for (size_t i = 0; i < m->n_cells; i++) {
        const struct mk_sdc_cell *cell = &m->cell[i];
        if (!good || c->base[i] < 0 ||
            ((cell->known || !cell->hidden) && !cell->empty &&
             c->base[i] != (int64_t)cell->value) ||
            !within_printed(cell, c->base[i]))
            find(c, i, MK_SDC_FAULT_BASE, MK_SDC_NONE);
    }
}

/* Cells that a table must not change are unchanged; true if it is a table. */
static bool allowed(struct checker *c, uint32_t t)
{
    if (!count(c, &c->proof->table[t], add_delta) ||
        below_zero(c, &c->proof->table[t]))
        return false;
    for (size_t i = 0; i < c->n_touched; i++) {
        uint32_t at = c->touched[i];
        const struct mk_sdc_cell *cell = &c->m->cell[at];
        int64_t value = c->base[at] + c->delta[at];
        if ((!cell->hidden && c->delta[at] != 0) || value < 0 ||
            !within_printed(cell, value))
            return false;
    }
    return true;
}

/* ---- 3 ---- */

/* Table t, which has that value in the cell: is it one that was named? */
static void see_ends(struct checker *c, size_t cell, uint32_t t, int64_t value)
{
    const struct mk_sdc_cell *of = &c->m->cell[cell];
    if (c->proof->lo[cell] == t && value == (int64_t)of->lo)
        c->seen[cell] |= SEEN_LO;
    if (c->proof->hi[cell] == t && value == (int64_t)of->hi)
        c->seen[cell] |= SEEN_HI;
}

/* Ends that are said to be exact were seen, and none is passed by. */
static void check_ends(struct checker *c, size_t i)
{
    const struct mk_sdc_cell *cell = &c->m->cell[i];
    bool endless = cell->hi >= MK_SDC_COUNT;
    if ((cell->exact && !(c->seen[i] & SEEN_LO)) ||
        (cell->exact && !endless && !(c->seen[i] & SEEN_HI)) ||
        c->lowest[i] < (int64_t)cell->lo ||
        (!endless && c->highest[i] > (int64_t)cell->hi))
        find(c, i, MK_SDC_FAULT_REACH, MK_SDC_NONE);
}

static void reached(struct checker *c, uint32_t t)
{
    for (size_t i = 0; i < c->n_touched; i++) {
        uint32_t at = c->touched[i];
        int64_t value = c->base[at] + c->delta[at];
        if (value < c->lowest[at])
            c->lowest[at] = value;
        if (value > c->highest[at])
            c->highest[at] = value;
        see_ends(c, at, t, value);
    }
}

/* ---- 4 ---- */

static const uint8_t unsafe_why = MK_SDC_WHY_THRESHOLD |
                                  MK_SDC_WHY_CONTRIBUTOR;

static bool is_unsafe(const struct checker *c, size_t i)
{
    const struct mk_sdc_cell *cell = &c->m->cell[i];
    return cell->known && !cell->empty && (cell->why & unsafe_why) != 0;
}

/* Whom a record's owner must not be able to work out: also a hidden cell of an
 * earlier release that may be small, whatever it is. */
static bool is_target(const struct checker *c, size_t i)
{
    const struct mk_sdc_cell *cell = &c->m->cell[i];
    struct mk_sdc_need need;
    if (!cell->hidden || cell->known || cell->empty)
        return cell->hidden && is_unsafe(c, i);
    return mk_sdc_need_of_cell(&need, c->m, cell) && need.unsafe;
}

/* A hidden cell of which nobody tells us the value: may be small, unless the
 * tables say that it is not.  Of a rounded one, as many values as the threshold
 * are enough: one of them is safe. */
static bool narrow_unknown(const struct checker *c,
                           const struct mk_sdc_cell *cell, int64_t lo,
                           int64_t hi)
{
    int64_t threshold = (int64_t)c->m->spec->threshold;
    if (cell->rounded)
        return lo < threshold && hi - lo < threshold - 1;
    return lo < threshold && (hi < threshold || hi - lo < threshold);
}

static void check_hidden(struct checker *c, size_t i)
{
    const struct mk_sdc_cell *cell = &c->m->cell[i];
    int64_t lo = c->lowest[i], hi = c->highest[i];
    struct mk_sdc_need need;
    if (cell->empty)
        return;
    check_ends(c, i);
    if (cell->watched && !is_unsafe(c, i))
        return;
    if (lo == hi)
        find(c, i, MK_SDC_FAULT_EXACT, MK_SDC_NONE);
    if (!cell->known && c->m->audit ? narrow_unknown(c, cell, lo, hi)
                                    : mk_sdc_need_of_cell(&need, c->m, cell) &&
                                          !mk_sdc_need_met(&need, lo, hi))
        find(c, i, MK_SDC_FAULT_NARROW, MK_SDC_NONE);
}

static void check_rule(struct checker *c)
{
    const struct mk_sdc_model *m = c->m;
    for (size_t i = 0; i < m->n_cells; i++)
        if (m->cell[i].hidden)
            check_hidden(c, i);
        else if (is_unsafe(c, i) && !m->cell[i].printed)
            find(c, i, MK_SDC_FAULT_SHOWN, MK_SDC_NONE);
    for (size_t k = 0; k < c->lines->n; k++) {
        uint32_t member = c->lines->at[k].member;
        if (!m->cell[member].hidden && !m->cell[member].printed)
            find(c, member, MK_SDC_FAULT_GROUP, MK_SDC_NONE);
    }
}

/* ---- insiders and groups: questions that need one table each ---- */

struct pair {
    uint32_t one, other; /* cells; for a line: total, member */
    bool line, done;
};

static bool in_one_record(const struct mk_sdc_model *m, uint32_t a, uint32_t b)
{
    size_t n = m->joint.n_dims;
    const uint32_t *x = m->node + a * n, *y = m->node + b * n;
    for (size_t r = 0; r < m->data.rows; r++) {
        const uint32_t *leaf = m->data.leaf + r * n;
        bool in = m->data.n[r] > 0;
        for (size_t d = 0; d < n && in; d++)
            in = leaf[d] != MK_SDC_ANY &&
                 mk_sdc_node_has(&m->joint.dim[d].node[x[d]], leaf[d]) &&
                 mk_sdc_node_has(&m->joint.dim[d].node[y[d]], leaf[d]);
        if (in)
            return true;
    }
    return false;
}

static bool pair_answered(const struct checker *c, const struct pair *p)
{
    int64_t one = c->delta[p->one], other = c->delta[p->other];
    if (!p->line)
        return one == 0 && other != 0;
    return c->base[p->one] + one - c->base[p->other] - other >= 2;
}

/* Questions that a table still has to answer; *pairs is owned by the caller. */
static enum mk_err make_pairs(const struct checker *c, struct pair **pairs,
                              size_t *n)
{
    const struct mk_sdc_model *m = c->m;
    size_t unsafe = 0, ones = 0;
    for (size_t i = 0; i < m->n_cells; i++) {
        unsafe += is_target(c, i);
        ones += is_unsafe(c, i) && m->cell[i].hidden && m->cell[i].value == 1;
    }
    if (!m->spec->insider)
        ones = 0;
    *n = 0;
    *pairs = calloc(ones * unsafe + c->lines->n + 1, sizeof **pairs);
    if (!*pairs)
        return MK_E_MEMORY;
    for (uint32_t q = 0; ones > 0 && q < m->n_cells; q++) {
        if (!is_unsafe(c, q) || !m->cell[q].hidden || m->cell[q].value != 1)
            continue;
        for (uint32_t p = 0; p < m->n_cells; p++)
            if (p != q && is_target(c, p) &&
                !(m->cell[p].known && m->cell[p].value == 1 &&
                  in_one_record(m, p, q)))
                (*pairs)[(*n)++] = (struct pair){q, p, false, false};
    }
    for (size_t k = 0; k < c->lines->n; k++)
        if (m->cell[c->lines->at[k].member].hidden)
            (*pairs)[(*n)++] = (struct pair){
                c->lines->at[k].total, c->lines->at[k].member, true, false};
    return MK_OK;
}

static void answer(const struct checker *c, struct pair *pair, size_t *n)
{
    for (size_t k = 0; k < *n;)
        if (pair_answered(c, &pair[k]))
            pair[k] = pair[--*n];
        else
            k++;
}

static void check_pairs(struct checker *c, const struct pair *pair, size_t n)
{
    for (size_t k = 0; k < n; k++)
        find(c, pair[k].other,
             pair[k].line ? MK_SDC_FAULT_GROUP : MK_SDC_FAULT_INSIDER,
             pair[k].line ? MK_SDC_NONE : pair[k].one);
}

/* ---- all of it ---- */

static enum mk_err check_tables(struct checker *c)
{
    struct pair *pair = NULL;
    size_t n = 0;
    enum mk_err rc;
    MK_TRY(make_pairs(c, &pair, &n));
    answer(c, pair, &n); /* by the base */
    for (uint32_t t = 0; t < c->proof->n_tables; t++) {
        if (allowed(c, t)) {
            reached(c, t);
            answer(c, pair, &n);
        } else {
            for (size_t i = 0; i < c->n_touched; i++)
                find(c, c->touched[i], MK_SDC_FAULT_TABLE, MK_SDC_NONE);
        }
        forget(c);
    }
    check_rule(c);
    check_pairs(c, pair, n);
out:
    free(pair);
    return rc;
}

enum mk_err mk_sdc_check(const struct mk_sdc_model *model,
                         const struct mk_sdc_lines *lines,
                         const struct mk_sdc_proof *proof,
                         enum mk_sdc_fault *fault, uint32_t *by, size_t *n,
                         struct mk_diag *diag)
{
    struct checker c = {.m = model,
                        .lines = lines,
                        .proof = proof,
                        .fault = fault,
                        .by = by,
                        .n = n};
    size_t cells = model->n_cells + 1;
    enum mk_err rc;
    *n = 0;
    MK_TRY(mk_sdc_index_init(&c.index, model, diag));
    c.base = calloc(cells, sizeof *c.base);
    c.delta = calloc(cells, sizeof *c.delta);
    c.touched = calloc(8 * (cells + 64), sizeof *c.touched);
    c.lowest = calloc(cells, sizeof *c.lowest);
    c.highest = calloc(cells, sizeof *c.highest);
    c.seen = calloc(cells, sizeof *c.seen);
    rc = c.base && c.delta && c.touched && c.lowest && c.highest && c.seen
             ? MK_OK
             : MK_E_MEMORY;
    if (rc != MK_OK)
        goto out;
    for (size_t i = 0; i < model->n_cells; i++) {
        fault[i] = MK_SDC_FAULT_NONE;
        by[i] = MK_SDC_NONE;
    }
    check_base(&c);
    memcpy(c.lowest, c.base, model->n_cells * sizeof *c.base);
    memcpy(c.highest, c.base, model->n_cells * sizeof *c.base);
    for (size_t i = 0; i < model->n_cells; i++)
        see_ends(&c, i, MK_SDC_NONE, c.base[i]);
    MK_TRY(check_tables(&c));
out:
    mk_sdc_index_release(&c.index);
    free(c.base);
    free(c.delta);
    free(c.touched);
    free(c.lowest);
    free(c.highest);
    free(c.seen);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "tables");
}
