/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/release_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "reports/sdc/model_empty.h"

#define ROUNDS 16        /* of narrowing */
#define STEPS 200000000u /* look-ups of all rounds, at most */
#define NO_ROW SIZE_MAX  /* a cell that has none: structural zeros */

/* A cell by the nodes that stand for the others. */
struct figure {
    int64_t lo, hi;
    size_t row; /* of the file: the first that has it */
};

struct checker {
    const struct mk_sdc_release *release;
    struct mk_diag *diag;
    struct mk_sdc_vecs at; /* nodes of the figures */
    struct figure *figure;
    size_t cap;
    struct mk_sdc_empty *empty; /* NULL: no structural zeros */
    uint64_t steps;
    bool narrowed; /* in this round */
};

/* ---- places ---- */

static enum mk_err refuse(const struct checker *c, enum mk_err err, size_t row,
                          const uint32_t *node)
{
    const struct mk_sdc_spec *spec = &c->release->spec;
    char place[sizeof c->diag->place];
    const char *before = ": ";
    int at = row == NO_ROW ? snprintf(place, sizeof place, "cells")
                           : snprintf(place, sizeof place, "cells[%zu]", row);
    for (size_t d = 0; d < spec->n_dims; d++) {
        if (node[d] == mk_sdc_total(&spec->dim[d]))
            continue;
        if (at < 0 || (size_t)at >= sizeof place)
            break;
        at += snprintf(place + at, sizeof place - (size_t)at, "%s%s=%s",
                       before, spec->dim[d].name,
                       spec->dim[d].node[node[d]].name);
        before = ",";
    }
    place[mk_text_valid(place, strlen(place))] = '\0';
    return mk_fail(c->diag, err, place);
}

/* ---- the figures ---- */

static enum mk_err add_figure(struct checker *c, const uint32_t *node,
                              struct figure f, size_t *at)
{
    bool fresh;
    enum mk_err rc = mk_sdc_vecs_add(&c->at, node, at, &fresh, c->diag);
    if (rc != MK_OK)
        return rc;
    if (*at >= c->cap) {
        size_t cap = c->cap ? 2 * c->cap : 64;
        struct figure *grown = reallocarray(c->figure, cap, sizeof *grown);
        if (!grown)
            return mk_fail(c->diag, MK_E_MEMORY, NULL);
        c->figure = grown;
        c->cap = cap;
    }
    struct figure *have = &c->figure[*at];
    if (fresh) {
        *have = f;
        return MK_OK;
    }
    have->lo = f.lo > have->lo ? f.lo : have->lo;
    have->hi = f.hi < have->hi ? f.hi : have->hi;
    return have->lo > have->hi ? refuse(c, MK_E_SUMS, f.row, node) : MK_OK;
}

static void stand_ins(const struct mk_sdc_spec *spec, const uint32_t *node,
                      uint32_t row[static MK_SDC_DIMS])
{
    for (size_t d = 0; d < spec->n_dims; d++)
        row[d] = spec->dim[d].same[node[d]];
}

static enum mk_err take_figures(struct checker *c)
{
    const struct mk_sdc_spec *spec = &c->release->spec;
    const struct mk_sdc_printed *p = &c->release->printed;
    uint32_t row[MK_SDC_DIMS];
    size_t at;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < p->n; i++) {
        const struct mk_sdc_print_cell *cell = &p->cell[i];
        bool shown = cell->print == MK_SDC_PRINTED;
        struct figure f = {
            .lo = (int64_t)(shown ? cell->value : cell->lo),
            .hi = (int64_t)(shown ? cell->value : cell->hi),
            .row = i,
        };
        stand_ins(spec, p->node + i * p->n_dims, row);
        if (f.lo > 0 && c->empty && mk_sdc_empty_is(c->empty, row))
            return refuse(c, MK_E_SUMS, i, p->node + i * p->n_dims);
        MK_TRY(add_figure(c, row, f, &at));
    }
out:
    return rc;
}

/* ---- whole ---- */

/* A cell that has no row, by whatever name: is it 0 by structural zeros? */
static enum mk_err take_absent(struct checker *c, const uint32_t *row,
                               bool *missing)
{
    size_t at;
    *missing = true;
    if (mk_sdc_vecs_find(&c->at, row, &at)) {
        /* under another name it has one: then under each */
        *missing = c->figure[at].row != NO_ROW;
        return MK_OK;
    }
    if (!c->empty || !mk_sdc_empty_is(c->empty, row))
        return MK_OK;
    *missing = false;
    return add_figure(c, row, (struct figure){0, 0, NO_ROW}, &at);
}

static enum mk_err check_whole(struct checker *c)
{
    const struct mk_sdc_spec *spec = &c->release->spec;
    const struct mk_sdc_printed *p = &c->release->printed;
    struct mk_sdc_vecs named;
    struct mk_sdc_walk walk;
    uint32_t row[MK_SDC_DIMS];
    size_t at;
    bool fresh, missing = false;
    enum mk_err rc = MK_OK;
    mk_sdc_vecs_init(&named, spec->n_dims);
    for (size_t i = 0; i < p->n; i++)
        MK_TRY(mk_sdc_vecs_add(&named, p->node + i * p->n_dims, &at, &fresh,
                               c->diag));
    mk_sdc_walk_init(&walk, spec);
    while (!missing && mk_sdc_walk_next(&walk)) {
        if (walk.watched || mk_sdc_vecs_find(&named, walk.node, &at))
            continue;
        stand_ins(spec, walk.node, row);
        MK_TRY(take_absent(c, row, &missing));
    }
    if (missing)
        rc = refuse(c, MK_E_INCOMPLETE, NO_ROW, walk.node);
out:
    mk_sdc_vecs_release(&named);
    return rc;
}

/* ---- sums ---- */

/* The leaves of one node of one cell. */
struct line {
    size_t *part; /* owned: figures */
    size_t n, cap;
    bool whole; /* no leaf is missing */
    int64_t lo, hi;
};

static enum mk_err take_line(struct checker *c, struct line *l,
                             const uint32_t *node, size_t d)
{
    const struct mk_sdc_node *parent = &c->release->spec.dim[d].node[node[d]];
    uint32_t row[MK_SDC_DIMS];
    if (parent->n_leaves > l->cap) {
        size_t *part = reallocarray(l->part, parent->n_leaves, sizeof *part);
        if (!part)
            return mk_fail(c->diag, MK_E_MEMORY, NULL);
        l->part = part;
        l->cap = parent->n_leaves;
    }
    memcpy(row, node, c->release->spec.n_dims * sizeof *row);
    l->n = 0;
    l->whole = true;
    l->lo = l->hi = 0;
    c->steps += parent->n_leaves;
    for (uint32_t i = 0; i < parent->n_leaves; i++) {
        size_t at;
        row[d] = parent->leaf[i];
        if (!mk_sdc_vecs_find(&c->at, row, &at)) {
            l->whole = false; /* no table has it */
            continue;
        }
        l->part[l->n++] = at;
        l->lo += c->figure[at].lo;
        l->hi += c->figure[at].hi;
    }
    return MK_OK;
}

/* Whether something is left between lo and hi. */
static bool narrow(struct checker *c, size_t at, int64_t lo, int64_t hi)
{
    struct figure *f = &c->figure[at];
    if (lo > f->lo) {
        f->lo = lo;
        c->narrowed = true;
    }
    if (hi < f->hi) {
        f->hi = hi;
        c->narrowed = true;
    }
    return f->lo <= f->hi;
}

/* What the parts say of the whole, and the whole of each part. */
static bool narrow_line(struct checker *c, const struct line *l, size_t whole)
{
    const struct figure before = c->figure[whole];
    bool fits = narrow(c, whole, l->lo, l->whole ? l->hi : before.hi);
    for (size_t i = 0; i < l->n && fits; i++) {
        const struct figure part = c->figure[l->part[i]];
        int64_t rest = l->hi - part.hi;
        fits = narrow(c, l->part[i], l->whole ? before.lo - rest : part.lo,
                      before.hi - (l->lo - part.lo));
    }
    return fits;
}

static enum mk_err narrow_all(struct checker *c, struct line *l)
{
    const struct mk_sdc_spec *spec = &c->release->spec;
    uint32_t node[MK_SDC_DIMS];
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < c->at.n; i++) {
        memcpy(node, c->at.at + i * c->at.width, spec->n_dims * sizeof *node);
        for (size_t d = 0; d < spec->n_dims; d++) {
            if (spec->dim[d].node[node[d]].n_leaves < 2)
                continue;
            MK_TRY(take_line(c, l, node, d));
            if (c->steps > STEPS)
                return mk_fail_at(c->diag, MK_E_TOO_LARGE, "hierarchies", 0,
                                  STEPS, 0);
            if (l->n > 0 && !narrow_line(c, l, i))
                return refuse(c, MK_E_SUMS, c->figure[i].row, node);
        }
    }
out:
    return rc;
}

static enum mk_err check_sums(struct checker *c)
{
    struct line l = {.part = NULL};
    enum mk_err rc = MK_OK;
    c->narrowed = true;
    for (size_t round = 0; round < ROUNDS && c->narrowed && rc == MK_OK;
         round++) {
        c->narrowed = false;
        rc = narrow_all(c, &l);
    }
    free(l.part);
    return rc;
}

enum mk_err mk_sdc_release_check(const struct mk_sdc_release *release,
                                 struct mk_diag *diag)
{
    struct checker c = {.release = release, .diag = diag};
    enum mk_err rc = MK_E_MEMORY;
    mk_sdc_vecs_init(&c.at, release->spec.n_dims);
    if (release->spec.zeros.n > 0) {
        c.empty = mk_sdc_empty_new(&release->spec);
        if (!c.empty)
            goto out;
    }
    MK_TRY(take_figures(&c));
    MK_TRY(check_whole(&c));
    MK_TRY(check_sums(&c));
out:
    mk_sdc_empty_free(c.empty);
    mk_sdc_vecs_release(&c.at);
    free(c.figure);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "cells") : rc;
}
