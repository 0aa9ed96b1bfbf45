/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/model_build.h"

#include <stdlib.h>
#include <string.h>

#include "reports/sdc/earlier.h"
#include "reports/sdc/model_empty.h"
#include "reports/sdc/model_joint.h"
#include "reports/sdc/model_values.h"

#define FIRST_CAP 64

struct builder {
    struct mk_sdc_model *m;
    const struct mk_sdc_release *const *earlier;
    struct mk_diag *diag;
    struct mk_sdc_source *source; /* the spec, then the earlier releases */
    size_t n_sources;
    size_t cap; /* of the cells */
};

static enum mk_err refuse(const struct builder *b, enum mk_err err,
                          size_t cell)
{
    char place[sizeof b->diag->place];
    mk_sdc_model_place(b->m, cell, place, sizeof place);
    return mk_fail(b->diag, err, place);
}

/* ---- the joint dimensions ---- */

static enum mk_err join(struct builder *b)
{
    struct mk_sdc_model *m = b->m;
    enum mk_err rc;
    b->source = calloc(b->n_sources, sizeof *b->source);
    if (!b->source)
        return mk_fail(b->diag, MK_E_MEMORY, NULL);
    b->source[0].spec = m->spec;
    for (size_t i = 1; i < b->n_sources; i++)
        b->source[i].spec = &b->earlier[i - 1]->spec;
    MK_TRY(mk_sdc_joint_build(&m->joint, b->source, b->n_sources, b->diag));
    for (size_t e = 0; e < m->spec->n_dims; e++) {
        m->of_spec[e] = b->source[0].node[e];
        b->source[0].node[e] = NULL;
    }
    mk_sdc_vecs_init(&m->at, m->joint.n_dims);
out:
    return rc;
}

/* ---- the data ---- */

static enum mk_err check_record(const struct builder *b, const uint32_t *leaf,
                                const uint32_t *row)
{
    const struct mk_sdc_model *m = b->m;
    size_t which;
    if (mk_sdc_patterns_hold(&m->spec->zeros, m->spec, leaf, &which))
        return mk_fail(b->diag, MK_E_IMPOSSIBLE, "structural_zeros");
    if (mk_sdc_patterns_hold(&m->joint.zeros, &m->joint, row, &which))
        return mk_sdc_earlier_refuse(m, 0, MK_SDC_ANY, "structural_zeros",
                                     b->diag);
    return MK_OK;
}

static enum mk_err take_data(struct builder *b, const struct mk_sdc_data *data)
{
    struct mk_sdc_model *m = b->m;
    uint32_t row[MK_SDC_DIMS];
    enum mk_err rc = MK_OK;
    mk_sdc_data_init(&m->data, &m->joint);
    if (!data)
        return MK_OK;
    m->data.n_tags = data->n_tags;
    m->covered = m->joint.n_dims == m->spec->n_dims;
    for (size_t d = 0; d < m->spec->n_dims; d++)
        m->covered &= m->joint.dim[d].n_leaves == m->spec->dim[d].n_leaves;
    /* leaves of the spec come first and keep their numbers */
    for (size_t d = 0; d < m->joint.n_dims; d++)
        row[d] = MK_SDC_ANY;
    for (size_t i = 0; i < data->rows; i++) {
        const uint32_t *leaf = data->leaf + i * data->n_dims;
        memcpy(row, leaf, data->n_dims * sizeof *row);
        if (data->n[i])
            MK_TRY(check_record(b, leaf, row));
        MK_TRY(mk_sdc_data_add(
            &m->data, row, data->n[i],
            data->n_tags ? data->tag + i * data->n_tags : NULL, b->diag));
    }
out:
    return rc;
}

/* ---- the cells ---- */

static enum mk_err add_cell(struct builder *b, const uint32_t *row,
                            size_t *cell, bool *fresh)
{
    struct mk_sdc_model *m = b->m;
    enum mk_err rc = mk_sdc_vecs_add(&m->at, row, cell, fresh, b->diag);
    if (rc != MK_OK || !*fresh)
        return rc;
    if (m->n_cells == MK_SDC_CELLS)
        return mk_fail_at(b->diag, MK_E_TOO_LARGE, "cells", 0, MK_SDC_CELLS,
                          0);
    if (m->n_cells == b->cap) {
        size_t cap = b->cap ? 2 * b->cap : FIRST_CAP;
        struct mk_sdc_cell *at = reallocarray(m->cell, cap, sizeof *at);
        if (!at)
            return mk_fail(b->diag, MK_E_MEMORY, NULL);
        m->cell = at;
        b->cap = cap;
    }
    m->cell[m->n_cells++] = (struct mk_sdc_cell){.fate = MK_SDC_OPEN};
    return MK_OK;
}

static enum mk_err add_current(struct builder *b)
{
    struct mk_sdc_model *m = b->m;
    struct mk_sdc_walk walk;
    uint32_t row[MK_SDC_DIMS];
    size_t at;
    bool fresh;
    enum mk_err rc = MK_OK;
    if (mk_sdc_walk_count(m->spec) > MK_SDC_CELLS)
        return mk_fail_at(b->diag, MK_E_TOO_LARGE, "tables", 0, MK_SDC_CELLS,
                          0);
    for (size_t d = 0; d < m->joint.n_dims; d++)
        row[d] = mk_sdc_total(&m->joint.dim[d]);
    mk_sdc_walk_init(&walk, m->spec);
    while (mk_sdc_walk_next(&walk)) {
        for (size_t d = 0; d < m->spec->n_dims; d++)
            row[d] = m->of_spec[d][walk.node[d]];
        MK_TRY(add_cell(b, row, &at, &fresh));
        m->cell[at].current = true;
        if (walk.watched) {
            m->cell[at].watched = true;
            m->cell[at].fate = MK_SDC_MUST_HIDE;
            m->cell[at].why = MK_SDC_WHY_WATCHED;
        }
    }
out:
    return rc;
}

static enum mk_err add_earlier(struct builder *b)
{
    enum mk_err rc = MK_OK;
    for (size_t r = 1; r < b->n_sources; r++) {
        const struct mk_sdc_printed *p = &b->earlier[r - 1]->printed;
        for (size_t i = 0; i < p->n; i++) {
            uint32_t row[MK_SDC_DIMS];
            size_t at;
            bool fresh;
            mk_sdc_joint_row(&b->m->joint, &b->source[r],
                             p->node + i * p->n_dims, row);
            MK_TRY(add_cell(b, row, &at, &fresh));
            if (!b->m->cell[at].release)
                b->m->cell[at].release = (uint16_t)r;
        }
    }
out:
    return rc;
}

static enum mk_err find_empty(struct builder *b)
{
    struct mk_sdc_model *m = b->m;
    if (!m->joint.zeros.n)
        return MK_OK;
    struct mk_sdc_empty *empty = mk_sdc_empty_new(&m->joint);
    if (!empty)
        return mk_fail(b->diag, MK_E_MEMORY, NULL);
    for (size_t i = 0; i < m->n_cells; i++) {
        struct mk_sdc_cell *cell = &m->cell[i];
        if (cell->known && cell->value)
            continue;
        if (!mk_sdc_empty_is(empty, m->node + i * m->joint.n_dims))
            continue;
        cell->empty = cell->known = true;
        cell->fate = MK_SDC_MUST_SHOW;
        cell->why = 0;
    }
    mk_sdc_empty_free(empty);
    return MK_OK;
}

/* ---- what was printed ---- */

/* The cell has this value; false if it cannot have. */
static bool learn_value(struct mk_sdc_cell *cell, uint64_t value)
{
    if (cell->known && cell->value != value)
        return false;
    cell->known = true;
    cell->value = value;
    return !cell->interval ||
           (value >= cell->printed_lo && value <= cell->printed_hi);
}

/* The value lies in lo .. hi; false if it cannot. */
static bool learn_interval(struct mk_sdc_cell *cell, uint64_t lo, uint64_t hi)
{
    if (!cell->interval || lo > cell->printed_lo)
        cell->printed_lo = lo;
    if (!cell->interval || hi < cell->printed_hi)
        cell->printed_hi = hi;
    cell->interval = true;
    return cell->printed_lo <= cell->printed_hi &&
           (!cell->known || (cell->value >= cell->printed_lo &&
                             cell->value <= cell->printed_hi));
}

static bool learn(struct mk_sdc_cell *cell,
                  const struct mk_sdc_print_cell *print)
{
    bool tells = print->print != MK_SDC_HIDDEN &&
                 print->print != MK_SDC_ROUNDED;
    if (tells && !learn_value(cell, print->value))
        return false;
    /* who hid it before promised more */
    cell->rounded |= print->print == MK_SDC_ROUNDED &&
                     !(cell->why & MK_SDC_WHY_EARLIER);
    return !print->interval || learn_interval(cell, print->lo, print->hi);
}

static enum mk_err apply_earlier(struct builder *b, size_t r)
{
    struct mk_sdc_model *m = b->m;
    const struct mk_sdc_printed *p = &b->earlier[r - 1]->printed;
    for (size_t i = 0; i < p->n; i++) {
        uint32_t row[MK_SDC_DIMS];
        size_t at;
        mk_sdc_joint_row(&m->joint, &b->source[r], p->node + i * p->n_dims,
                         row);
        if (!mk_sdc_vecs_find(&m->at, row, &at))
            return mk_fail(b->diag, MK_E_INTERNAL, "sdc cell");
        struct mk_sdc_cell *cell = &m->cell[at];
        if (!learn(cell, &p->cell[i]))
            return mk_sdc_earlier_refuse(m, r, (uint32_t)at, NULL, b->diag);
        bool rounded = p->cell[i].print == MK_SDC_ROUNDED;
        if (p->cell[i].print == MK_SDC_PRINTED) {
            cell->fate = MK_SDC_MUST_SHOW;
            cell->printed = true;
            cell->why = 0;
        } else if (rounded && cell->current && cell->known) {
            continue; /* a safe one may be printed: nothing was hidden */
        } else if (cell->fate != MK_SDC_MUST_SHOW) {
            cell->fate = MK_SDC_MUST_HIDE;
            cell->why |= MK_SDC_WHY_EARLIER;
        }
    }
    return MK_OK;
}

/* One pass over what earlier releases printed: marks the cells that one of them
 * had a right to print, or refuses a small figure that none had. */
static enum mk_err look_honest(struct builder *b, size_t r, bool *honest,
                               bool refuse_small)
{
    const struct mk_sdc_model *m = b->m;
    const struct mk_sdc_release *release = b->earlier[r - 1];
    const struct mk_sdc_printed *p = &release->printed;
    for (size_t i = 0; i < p->n; i++) {
        const struct mk_sdc_print_cell *print = &p->cell[i];
        uint32_t row[MK_SDC_DIMS];
        size_t at;
        if (print->print != MK_SDC_PRINTED || print->value == 0)
            continue;
        mk_sdc_joint_row(&m->joint, &b->source[r], p->node + i * p->n_dims,
                         row);
        if (!mk_sdc_vecs_find(&m->at, row, &at))
            return mk_fail(b->diag, MK_E_INTERNAL, "sdc cell");
        if (refuse_small && !honest[at])
            return mk_sdc_earlier_unsafe(m, r, i, (uint32_t)at, b->diag);
        honest[at] |= print->value >= release->spec.threshold;
    }
    return MK_OK;
}

/* A release prints less than its own threshold only where another one printed
 * the same by a smaller threshold: what was printed stays printed. */
static enum mk_err check_honest(struct builder *b)
{
    bool *honest = calloc(b->m->n_cells + 1, sizeof *honest);
    enum mk_err rc = MK_OK;
    if (!honest)
        return mk_fail(b->diag, MK_E_MEMORY, NULL);
    for (size_t r = 1; r < b->n_sources && rc == MK_OK; r++)
        rc = look_honest(b, r, honest, false);
    for (size_t r = 1; r < b->n_sources && rc == MK_OK; r++)
        rc = look_honest(b, r, honest, true);
    free(honest);
    return rc;
}

static enum mk_err apply_printed(struct builder *b,
                                 const struct mk_sdc_printed *p, bool *seen)
{
    struct mk_sdc_model *m = b->m;
    for (size_t i = 0; i < p->n; i++) {
        const struct mk_sdc_print_cell *print = &p->cell[i];
        size_t at;
        if (!mk_sdc_model_find(m, p->node + i * p->n_dims, &at) ||
            !m->cell[at].current)
            return mk_fail(b->diag, MK_E_INTERNAL, "sdc printed cell");
        struct mk_sdc_cell *cell = &m->cell[at];
        if (!learn(cell, print) || (seen[at] && cell->print != print->print))
            return cell->release
                       ? mk_sdc_earlier_refuse(m, cell->release, (uint32_t)at,
                                               NULL, b->diag)
                       : refuse(b, MK_E_BAD_VALUE, at);
        seen[at] = true;
        cell->print = print->print;
        cell->figure = print->value;
        cell->hidden = print->print != MK_SDC_PRINTED;
        if (!cell->hidden)
            cell->fate = MK_SDC_MUST_SHOW;
        else if (cell->fate == MK_SDC_OPEN)
            cell->fate = MK_SDC_MUST_HIDE;
    }
    for (size_t i = 0; i < m->n_cells; i++) {
        struct mk_sdc_cell *cell = &m->cell[i];
        if (cell->watched || !cell->current)
            cell->hidden = cell->fate == MK_SDC_MUST_HIDE;
        else if (!seen[i] && !cell->empty)
            return refuse(b, MK_E_MISSING_KEY, i);
    }
    return MK_OK;
}

static enum mk_err audit(struct builder *b, const struct mk_sdc_printed *p)
{
    bool *seen = calloc(b->m->n_cells + 1, sizeof *seen);
    if (!seen)
        return mk_fail(b->diag, MK_E_MEMORY, NULL);
    b->m->audit = true;
    b->m->base = p->base;
    enum mk_err rc = apply_printed(b, p, seen);
    free(seen);
    return rc;
}

static enum mk_err keep_earlier(struct builder *b)
{
    struct mk_sdc_model *m = b->m;
    m->earlier = calloc(b->n_sources, sizeof *m->earlier);
    if (!m->earlier)
        return mk_fail(b->diag, MK_E_MEMORY, NULL);
    m->n_earlier = b->n_sources - 1;
    for (size_t i = 0; i < m->n_earlier; i++)
        m->earlier[i] = b->earlier[i];
    return MK_OK;
}

static enum mk_err build(struct builder *b, const struct mk_sdc_data *data,
                         const struct mk_sdc_printed *printed)
{
    enum mk_err rc;
    MK_TRY(keep_earlier(b));
    MK_TRY(join(b));
    MK_TRY(take_data(b, data));
    MK_TRY(add_current(b));
    MK_TRY(add_earlier(b));
    b->m->node = b->m->at.at;
    if (data)
        MK_TRY(mk_sdc_values_count(b->m, b->diag));
    MK_TRY(find_empty(b));
    for (size_t r = 1; r < b->n_sources; r++)
        MK_TRY(apply_earlier(b, r));
    MK_TRY(check_honest(b));
    if (printed)
        MK_TRY(audit(b, printed));
out:
    return rc;
}

enum mk_err mk_sdc_model_build(struct mk_sdc_model *m,
                               const struct mk_sdc_spec *spec,
                               const struct mk_sdc_data *data,
                               const struct mk_sdc_printed *printed,
                               const struct mk_sdc_release *const *earlier,
                               size_t n_earlier, struct mk_diag *diag)
{
    struct builder b = {
        .m = m, .earlier = earlier, .diag = diag, .n_sources = n_earlier + 1};
    if (n_earlier > MK_SDC_RELEASES)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "releases", 0, MK_SDC_RELEASES,
                          0);
    if (spec->n_dims == 0)
        return mk_fail(diag, MK_E_BAD_VALUE, "dims");
    m->spec = spec;
    enum mk_err rc = build(&b, data, printed);
    for (size_t i = 0; b.source && i < b.n_sources; i++)
        mk_sdc_source_release(&b.source[i]);
    free(b.source);
    return rc;
}
