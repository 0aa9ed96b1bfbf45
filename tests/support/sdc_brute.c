/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/sdc_brute.h"

#include <stdlib.h>
#include <string.h>

static const uint32_t *nodes(const struct mk_sdc_model *m, size_t cell)
{
    return m->node + cell * m->joint.n_dims;
}

/* Does the cell count a record with these leaves? */
static bool counts(const struct mk_sdc_model *m, size_t cell,
                   const uint32_t *leaf)
{
    for (size_t d = 0; d < m->joint.n_dims; d++)
        if (!mk_sdc_node_has(&m->joint.dim[d].node[nodes(m, cell)[d]],
                             leaf[d]))
            return false;
    return true;
}

static const uint32_t *record(const struct mk_sdc_model *m, size_t r)
{
    return m->data.leaf + r * m->data.n_dims;
}

/* ---- which cells are unsafe ---- */

/* Contributors of one kind: each tag is one, each record without a tag too. */
static bool few_contributors(const struct mk_sdc_model *m, size_t cell,
                             size_t kind)
{
    uint64_t n = 0, most = 0;
    for (size_t r = 0; r < m->data.rows; r++) {
        uint32_t tag = m->data.tag[r * m->data.n_tags + kind];
        uint64_t of_tag = 0;
        bool first = true;
        if (!counts(m, cell, record(m, r)) || m->data.n[r] == 0)
            continue;
        if (tag == 0) {
            n += m->data.n[r];
            most = most > 0 ? most : 1;
            continue;
        }
        for (size_t k = 0; k < m->data.rows; k++) {
            if (m->data.tag[k * m->data.n_tags + kind] != tag ||
                m->data.n[k] == 0 || !counts(m, cell, record(m, k)))
                continue;
            first &= k >= r;
            of_tag += m->data.n[k];
        }
        n += first;
        most = of_tag > most ? of_tag : most;
    }
    return n < m->spec->tags_min ||
           most * 1000000 > m->cell[cell].value * m->spec->share_ppm;
}

static bool is_unsafe(const struct mk_sdc_model *m, size_t cell)
{
    uint64_t v = m->cell[cell].value;
    if (v == 0)
        return false;
    if (v < m->spec->threshold)
        return true;
    for (size_t kind = 0; kind < m->spec->n_tags; kind++)
        if (few_contributors(m, cell, kind))
            return true;
    return false;
}

/* ---- lines ---- */

static bool same_but(const struct mk_sdc_model *m, size_t a, size_t b,
                     size_t but)
{
    for (size_t d = 0; d < m->joint.n_dims; d++)
        if (d != but && nodes(m, a)[d] != nodes(m, b)[d])
            return false;
    return true;
}

/* Are all parts of total along d cells, and is member one of them? */
static bool is_line(const struct mk_sdc_model *m, size_t total, size_t member,
                    size_t d)
{
    const struct mk_sdc_node *node = &m->joint.dim[d].node[nodes(m, total)[d]];
    bool part = false;
    size_t found = 0;
    if (node->n_leaves < 2)
        return false;
    for (size_t i = 0; i < m->n_cells; i++)
        if (same_but(m, i, total, d) &&
            nodes(m, i)[d] < m->joint.dim[d].n_leaves &&
            mk_sdc_node_has(node, nodes(m, i)[d])) {
            found++;
            part |= i == member;
        }
    return part && found == node->n_leaves;
}

static bool find_lines(struct sdc_brute *b)
{
    const struct mk_sdc_model *m = b->m;
    for (size_t d = 0; d < m->spec->n_dims; d++)
        for (size_t t = 0; m->spec->group[d] && t < m->n_cells; t++)
            for (size_t c = 0; c < m->n_cells; c++) {
                if (m->cell[t].value < m->spec->threshold ||
                    m->cell[c].value + 1 < m->cell[t].value ||
                    b->has[t] == b->has[c] || !is_line(m, t, c, d))
                    continue; /* or nobody can be elsewhere */
                if (b->n_lines == BRUTE_LINES)
                    return false;
                b->line[b->n_lines++] = (struct sdc_brute_line){t, c};
            }
    return true;
}

/* ---- combinations ---- */

static bool find_columns(struct sdc_brute *b)
{
    const struct mk_sdc_model *m = b->m;
    uint32_t leaf[MK_SDC_DIMS] = {0};
    size_t d, which;
    do {
        if (!mk_sdc_patterns_hold(&m->joint.zeros, &m->joint, leaf, &which)) {
            if (b->n_cols == BRUTE_COLS)
                return false;
            memcpy(b->leaf[b->n_cols++], leaf, sizeof leaf);
        }
        for (d = m->joint.n_dims; d-- > 0;) {
            if (++leaf[d] < m->joint.dim[d].n_leaves)
                break;
            leaf[d] = 0;
        }
    } while (d != SIZE_MAX);
    for (size_t i = 0; i < m->n_cells; i++)
        for (size_t j = 0; j < b->n_cols; j++)
            if (counts(m, i, b->leaf[j]))
                b->has[i] |= UINT32_C(1) << j;
    return true;
}

bool sdc_brute_init(struct sdc_brute *b, const struct mk_sdc_model *m)
{
    memset(b, 0, sizeof *b);
    b->m = m;
    if (m->n_cells > BRUTE_CELLS || !find_columns(b) || !find_lines(b))
        return false;
    for (size_t i = 0; i < m->n_cells; i++)
        b->unsafe[i] = is_unsafe(m, i);
    return true;
}

/* ---- every table ---- */

/* A figure that was printed, or the interval of one. */
struct figure {
    uint32_t has;
    int64_t least, most; /* that its columns still have to hold */
};
struct tables {
    struct sdc_brute *b;
    struct figure figure[BRUTE_CELLS];
    size_t n_figures;
    int64_t x[BRUTE_COLS];
    uint64_t steps, limit;
};

static void widen(int64_t value, int64_t *lo, int64_t *hi)
{
    *lo = value < *lo ? value : *lo;
    *hi = value > *hi ? value : *hi;
}

static void take_table(struct tables *t)
{
    struct sdc_brute *b = t->b;
    int64_t value[BRUTE_CELLS];
    b->tables++;
    for (size_t i = 0; i < b->m->n_cells; i++) {
        value[i] = 0;
        for (size_t j = 0; j < b->n_cols; j++)
            if (b->has[i] >> j & 1)
                value[i] += t->x[j];
        widen(value[i], &b->lo[i], &b->hi[i]);
    }
    for (size_t k = 0; k < b->n_ones; k++)
        for (size_t i = 0; value[b->one[k]] == 1 && i < b->m->n_cells; i++)
            widen(value[i], &b->one_lo[k][i], &b->one_hi[k][i]);
    for (size_t k = 0; k < b->n_lines; k++) {
        int64_t rest = value[b->line[k].total] - value[b->line[k].member];
        b->rest[k] = rest > b->rest[k] ? rest : b->rest[k];
    }
}

static void put(struct tables *t, size_t j, int64_t n)
{
    t->x[j] += n;
    for (size_t f = 0; f < t->n_figures; f++)
        if (t->figure[f].has >> j & 1) {
            t->figure[f].least -= n;
            t->figure[f].most -= n;
        }
}

/* Every way to fill column j and those after it; as deep as there are
 * columns. */
static void fill(struct tables *t, size_t j)
{
    int64_t from = 0, to = INT64_MAX;
    if (++t->steps > t->limit)
        return;
    if (j == t->b->n_cols) {
        take_table(t);
        return;
    }
    for (size_t f = 0; f < t->n_figures; f++) {
        if (!(t->figure[f].has >> j & 1))
            continue;
        to = t->figure[f].most < to ? t->figure[f].most : to;
        if (t->figure[f].has >> j == 1 && t->figure[f].least > from)
            from = t->figure[f].least; /* the last one has to fill it */
    }
    for (int64_t n = from; n <= to && t->steps <= t->limit; n++) {
        put(t, j, n);
        fill(t, j + 1);
        put(t, j, -n);
    }
}

bool sdc_brute_try(struct sdc_brute *b, const bool *hidden, uint64_t limit)
{
    struct tables t = {.b = b, .limit = limit};
    uint32_t held = 0;
    b->tables = 0;
    b->n_ones = 0;
    for (size_t i = 0; i < b->m->n_cells; i++) {
        b->hidden[i] = hidden[i];
        b->lo[i] = INT64_MAX;
        b->hi[i] = INT64_MIN;
        const struct mk_sdc_cell *cell = &b->m->cell[i];
        int64_t v = (int64_t)cell->value;
        if (!hidden[i] || cell->interval) {
            if (!hidden[i] || cell->printed_hi < MK_SDC_COUNT)
                held |= b->has[i];
            t.figure[t.n_figures++] = (struct figure){
                b->has[i], hidden[i] ? (int64_t)cell->printed_lo : v,
                hidden[i] ? (int64_t)cell->printed_hi : v};
        }
        if (hidden[i] && v == 1) {
            if (b->n_ones == BRUTE_ONES)
                return false;
            for (size_t k = 0; k < b->m->n_cells; k++) {
                b->one_lo[b->n_ones][k] = INT64_MAX;
                b->one_hi[b->n_ones][k] = INT64_MIN;
            }
            b->one[b->n_ones++] = i;
        }
    }
    for (size_t k = 0; k < b->n_lines; k++)
        b->rest[k] = INT64_MIN;
    for (size_t j = 0; j < b->n_cols; j++)
        if (!(held >> j & 1))
            return false;
    fill(&t, 0);
    return t.steps <= limit;
}

/* ---- the rule ---- */

static bool in_one_record(const struct mk_sdc_model *m, size_t a, size_t b)
{
    for (size_t r = 0; r < m->data.rows; r++)
        if (m->data.n[r] > 0 && counts(m, a, record(m, r)) &&
            counts(m, b, record(m, r)))
            return true;
    return false;
}

static const char *broken_cell(const struct sdc_brute *b, size_t i)
{
    int64_t threshold = (int64_t)b->m->spec->threshold;
    int64_t v = (int64_t)b->m->cell[i].value;
    int64_t least = threshold > v + 1 ? threshold : v + 1;
    if (!b->hidden[i])
        return b->unsafe[i] ? "shown" : NULL;
    if (b->lo[i] == b->hi[i])
        return "exact";
    if (!b->unsafe[i])
        return NULL;
    if (b->m->cell[i].rounded)
        return b->hi[i] - b->lo[i] < threshold - 1 ? "not wide enough" : NULL;
    if (b->hi[i] < least)
        return "not high enough";
    if (b->lo[i] > v - 1)
        return "not low enough";
    return b->hi[i] - b->lo[i] < threshold ? "not wide enough" : NULL;
}

const char *sdc_brute_broken(const struct sdc_brute *b, size_t *cell)
{
    const struct mk_sdc_model *m = b->m;
    for (size_t i = 0; i < m->n_cells; i++) {
        const char *what = broken_cell(b, i);
        *cell = i;
        if (what)
            return what;
    }
    for (size_t k = 0; m->spec->insider && k < b->n_ones; k++)
        for (size_t i = 0; i < m->n_cells; i++) {
            *cell = i;
            if (b->unsafe[i] && i != b->one[k] &&
                b->one_lo[k][i] == b->one_hi[k][i] &&
                !(m->cell[i].value == 1 && in_one_record(m, i, b->one[k])))
                return "known to an insider";
        }
    for (size_t k = 0; k < b->n_lines; k++) {
        *cell = b->line[k].member;
        if (b->rest[k] < 2)
            return "group";
    }
    return NULL;
}
