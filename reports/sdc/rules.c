/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/rules.h"

#include <stdlib.h>
#include <string.h>

/* ---- contributors ---- */

struct tagged {
    uint32_t cell, tag;
    uint64_t n;
};
struct tagging {
    struct tagged *at;
    size_t n, cap;
    uint32_t tag;
    uint64_t records;
    bool failed;
};

static void add_tagged(void *ctx, uint32_t cell)
{
    struct tagging *t = ctx;
    if (t->n == t->cap) {
        size_t cap = t->cap ? 2 * t->cap : 4096;
        struct tagged *at = realloc(t->at, cap * sizeof *at);
        if (!at) {
            t->failed = true;
            return;
        }
        t->at = at;
        t->cap = cap;
    }
    t->at[t->n++] = (struct tagged){cell, t->tag, t->records};
}

static int by_cell_and_tag(const void *a, const void *b)
{
    const struct tagged *x = a, *y = b;
    if (x->cell != y->cell)
        return x->cell < y->cell ? -1 : 1;
    return (x->tag > y->tag) - (x->tag < y->tag);
}

/* Tagged records of one cell, in order of tags: one contributor a tag, and one
 * for each record without a tag. */
static bool too_few(const struct mk_sdc_spec *spec, const struct tagged *t,
                    size_t n)
{
    uint64_t distinct = 0, most = 0, all = 0;
    for (size_t i = 0; i < n;) {
        uint64_t of_tag = 0;
        size_t k = i;
        for (; k < n && t[k].tag == t[i].tag; k++)
            of_tag += t[k].n;
        all += of_tag;
        distinct += t[i].tag == 0 ? of_tag : 1;
        if (t[i].tag == 0)
            of_tag = of_tag > 0;
        most = of_tag > most ? of_tag : most;
        i = k;
    }
    return distinct < spec->tags_min || most * 1000000 > all * spec->share_ppm;
}

static void judge_tags(struct mk_sdc_model *model, const struct tagging *t)
{
    for (size_t i = 0; i < t->n;) {
        size_t k = i;
        while (k < t->n && t->at[k].cell == t->at[i].cell)
            k++;
        struct mk_sdc_cell *c = &model->cell[t->at[i].cell];
        if (c->known && c->value >= model->spec->threshold &&
            too_few(model->spec, t->at + i, k - i))
            c->why |= MK_SDC_WHY_CONTRIBUTOR;
        i = k;
    }
}

static enum mk_err contributors(struct mk_sdc_model *model,
                                const struct mk_sdc_index *index)
{
    const struct mk_sdc_data *data = &model->data;
    struct tagging t = {0};
    for (size_t kind = 0; kind < data->n_tags; kind++) {
        t.n = 0;
        for (size_t r = 0; r < data->rows; r++) {
            t.tag = data->tag[r * data->n_tags + kind];
            t.records = data->n[r];
            for (size_t m = 0; m < index->n_masks && t.records > 0; m++)
                mk_sdc_index_visit(index, index->mask[m],
                                   data->leaf + r * data->n_dims, add_tagged,
                                   &t);
        }
        if (t.failed)
            break;
        if (t.n)
            qsort(t.at, t.n, sizeof *t.at, by_cell_and_tag);
        judge_tags(model, &t);
    }
    free(t.at);
    return t.failed ? MK_E_MEMORY : MK_OK;
}

/* ---- groups ---- */

void mk_sdc_lines_release(struct mk_sdc_lines *lines)
{
    free(lines->at);
    memset(lines, 0, sizeof *lines);
}

static enum mk_err add_line(struct mk_sdc_lines *lines, uint32_t total,
                            uint32_t member)
{
    if (lines->n == lines->cap) {
        size_t cap = lines->cap ? 2 * lines->cap : 16;
        struct mk_sdc_line *at = realloc(lines->at, cap * sizeof *at);
        if (!at)
            return MK_E_MEMORY;
        lines->at = at;
        lines->cap = cap;
    }
    lines->at[lines->n++] = (struct mk_sdc_line){total, member};
    return MK_OK;
}

static bool node_within(const struct mk_sdc_node *a,
                        const struct mk_sdc_node *b)
{
    for (uint32_t i = 0; i < a->n_leaves; i++)
        if (!mk_sdc_node_has(b, a->leaf[i]))
            return false;
    return true;
}

/* Zeros of the line's rest, and those below them: where they stay printed the
 * rest cannot rise. */
static void open_zeros(struct mk_sdc_model *model, uint32_t total,
                       uint32_t member, size_t d)
{
    const struct mk_sdc_spec *joint = &model->joint;
    size_t n = joint->n_dims;
    const uint32_t *whole = model->node + total * n;
    uint32_t own = model->node[member * n + d];
    for (size_t i = 0; i < model->n_cells; i++) {
        struct mk_sdc_cell *c = &model->cell[i];
        const uint32_t *node = model->node + i * n;
        bool in = c->known && c->value == 0 && c->release == 0 && !c->empty &&
                  c->fate == MK_SDC_MUST_SHOW &&
                  !mk_sdc_node_has(&joint->dim[d].node[node[d]],
                                   joint->dim[d].node[own].leaf[0]);
        for (size_t k = 0; k < n && in; k++)
            in = node_within(&joint->dim[k].node[node[k]],
                             &joint->dim[k].node[whole[k]]);
        if (in)
            c->fate = MK_SDC_OPEN;
    }
}

/* The line of cell total along dimension d, if total's node there has parts. */
static enum mk_err look_along(struct mk_sdc_model *model,
                              const struct mk_sdc_index *index, uint32_t total,
                              size_t d, struct mk_sdc_lines *lines)
{
    const struct mk_sdc_spec *joint = &model->joint;
    uint32_t node[MK_SDC_DIMS];
    const uint32_t *own = model->node + (size_t)total * joint->n_dims;
    const struct mk_sdc_node *parent = &joint->dim[d].node[own[d]];
    uint64_t m = model->cell[total].value;
    uint32_t member = MK_SDC_NONE;
    if (parent->n_leaves < 2 || m < model->spec->threshold)
        return MK_OK;
    memcpy(node, own, joint->n_dims * sizeof *node);
    for (uint32_t i = 0; i < parent->n_leaves; i++) {
        node[d] = parent->leaf[i];
        uint32_t cell = mk_sdc_index_find(index, node);
        if (cell == MK_SDC_NONE)
            return MK_OK;
        if (model->cell[cell].value + 1 >= m)
            member = cell;
    }
    if (member == MK_SDC_NONE || !model->cell[member].known ||
        (model->cell[member].fate == MK_SDC_MUST_SHOW &&
         model->cell[member].release != 0))
        return MK_OK;
    bool others = false; /* that nobody can be elsewhere is known to all */
    for (uint32_t i = 0; i < parent->n_leaves; i++) {
        node[d] = parent->leaf[i];
        uint32_t cell = mk_sdc_index_find(index, node);
        others |= cell != member && !model->cell[cell].empty;
    }
    if (!others)
        return MK_OK;
    model->cell[member].why |= MK_SDC_WHY_GROUP;
    if (!model->audit)
        open_zeros(model, total, member, d);
    return add_line(lines, total, member);
}

static enum mk_err groups(struct mk_sdc_model *model,
                          const struct mk_sdc_index *index,
                          struct mk_sdc_lines *lines)
{
    enum mk_err rc = MK_OK;
    for (size_t d = 0; d < model->joint.n_dims; d++) {
        if (d >= model->spec->n_dims || !model->spec->group[d])
            continue;
        for (uint32_t i = 0; i < model->n_cells; i++)
            if (model->cell[i].known)
                MK_TRY(look_along(model, index, i, d, lines));
    }
out:
    return rc;
}

/* ---- all of it ---- */

enum mk_err mk_sdc_rules_apply(struct mk_sdc_model *model,
                               struct mk_sdc_lines *lines,
                               struct mk_diag *diag)
{
    const struct mk_sdc_spec *spec = model->spec;
    struct mk_sdc_index index;
    enum mk_err rc;
    MK_TRY(mk_sdc_index_init(&index, model, diag));
    for (size_t i = 0; i < model->n_cells; i++) {
        struct mk_sdc_cell *c = &model->cell[i];
        if (!c->known)
            continue;
        if (c->value > 0 && c->value < spec->threshold)
            c->why |= MK_SDC_WHY_THRESHOLD;
        if (c->value == 0 && c->fate == MK_SDC_OPEN && !spec->zeros_protected)
            c->fate = MK_SDC_MUST_SHOW;
    }
    MK_TRY(contributors(model, &index));
    MK_TRY(groups(model, &index, lines));
    for (size_t i = 0; i < model->n_cells; i++)
        if (model->cell[i].fate == MK_SDC_OPEN && model->cell[i].why != 0)
            model->cell[i].fate = MK_SDC_MUST_HIDE;
out:
    mk_sdc_index_release(&index);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "tables");
}
