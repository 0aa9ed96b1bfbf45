/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns, and the cells of a spec one by one. */
#include <stdlib.h>

#include "reports/sdc/model.h"

#define FIRST_CAP 16

void mk_sdc_pattern_init(struct mk_sdc_pattern *pattern)
{
    for (size_t d = 0; d < MK_SDC_DIMS; d++)
        pattern->node[d] = MK_SDC_ANY;
}

enum mk_err mk_sdc_patterns_add(struct mk_sdc_patterns *patterns,
                                const struct mk_sdc_pattern *pattern,
                                struct mk_diag *diag)
{
    if (patterns->n == MK_SDC_PATTERNS)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "patterns", 0, MK_SDC_PATTERNS,
                          0);
    if (patterns->n == patterns->cap) {
        size_t cap = patterns->cap ? 2 * patterns->cap : FIRST_CAP;
        struct mk_sdc_pattern *at =
            reallocarray(patterns->at, cap, sizeof *at);
        if (!at)
            return mk_fail(diag, MK_E_MEMORY, NULL);
        patterns->at = at;
        patterns->cap = cap;
    }
    patterns->at[patterns->n++] = *pattern;
    return MK_OK;
}

bool mk_sdc_patterns_match(const struct mk_sdc_patterns *patterns,
                           const struct mk_sdc_spec *spec,
                           const uint32_t *node)
{
    for (size_t i = 0; i < patterns->n; i++) {
        const uint32_t *wanted = patterns->at[i].node;
        size_t d = 0;
        while (d < spec->n_dims &&
               (wanted[d] == MK_SDC_ANY ||
                spec->dim[d].same[wanted[d]] == spec->dim[d].same[node[d]]))
            d++;
        if (d == spec->n_dims)
            return true;
    }
    return false;
}

static bool holds(const struct mk_sdc_spec *spec, const uint32_t *wanted,
                  const uint32_t *leaf)
{
    for (size_t d = 0; d < spec->n_dims; d++) {
        if (wanted[d] == MK_SDC_ANY)
            continue;
        if (leaf[d] == MK_SDC_ANY ||
            !mk_sdc_node_has(&spec->dim[d].node[wanted[d]], leaf[d]))
            return false;
    }
    return true;
}

bool mk_sdc_patterns_hold(const struct mk_sdc_patterns *patterns,
                          const struct mk_sdc_spec *spec, const uint32_t *leaf,
                          size_t *which)
{
    for (size_t i = 0; i < patterns->n; i++)
        if (holds(spec, patterns->at[i].node, leaf)) {
            *which = i;
            return true;
        }
    return false;
}

/* ---- the walk ---- */

/* Nodes of dimension d in table t; an uncrossed one has the total only. */
static uint32_t choices(const struct mk_sdc_spec *spec, size_t t, size_t d)
{
    const struct mk_sdc_table *table = &spec->table[t];
    if (!table->crosses[d])
        return 1;
    if (table->where[d])
        return table->n_where[d];
    return spec->dim[d].n_nodes - (spec->nomargin[d] ? 1 : 0);
}

static uint32_t choice(const struct mk_sdc_spec *spec, size_t t, size_t d,
                       uint32_t i)
{
    const struct mk_sdc_table *table = &spec->table[t];
    if (!table->crosses[d])
        return mk_sdc_total(&spec->dim[d]);
    return table->where[d] ? table->where[d][i] : i;
}

void mk_sdc_walk_init(struct mk_sdc_walk *walk, const struct mk_sdc_spec *spec)
{
    *walk = (struct mk_sdc_walk){.spec = spec};
}

/* The next place in the table; false at its end. */
static bool step(struct mk_sdc_walk *w)
{
    size_t n = w->spec->n_dims;
    if (!w->began) {
        w->began = true;
        for (size_t d = 0; d < n; d++)
            w->at[d] = 0;
        return true;
    }
    for (size_t d = n; d-- > 0;) {
        if (++w->at[d] < choices(w->spec, w->table, d))
            return true;
        w->at[d] = 0;
    }
    return false;
}

bool mk_sdc_walk_next(struct mk_sdc_walk *walk)
{
    const struct mk_sdc_spec *spec = walk->spec;
    while (walk->table < spec->n_tables) {
        if (!step(walk)) {
            walk->table++;
            walk->began = false;
            continue;
        }
        for (size_t d = 0; d < spec->n_dims; d++)
            walk->node[d] = choice(spec, walk->table, d, walk->at[d]);
        if (mk_sdc_patterns_match(&spec->never, spec, walk->node))
            continue;
        walk->watched =
            mk_sdc_patterns_match(&spec->watched, spec, walk->node);
        return true;
    }
    return false;
}

uint64_t mk_sdc_walk_count(const struct mk_sdc_spec *spec)
{
    uint64_t sum = 0;
    for (size_t t = 0; t < spec->n_tables; t++) {
        uint64_t product = 1;
        for (size_t d = 0; d < spec->n_dims; d++)
            if (__builtin_mul_overflow(product, choices(spec, t, d), &product))
                return UINT64_MAX;
        if (__builtin_add_overflow(sum, product, &sum))
            return UINT64_MAX;
    }
    return sum;
}
