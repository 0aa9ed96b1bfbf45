/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/system.h"

#include <stdlib.h>
#include <string.h>

#include "reports/sdc/earlier.h"

void mk_sdc_system_leaves(const struct mk_sdc_system *s, size_t j,
                          uint32_t leaf[static MK_SDC_DIMS])
{
    const struct mk_sdc_spec *joint = &s->model->joint;
    uint32_t dims = s->tree.bag[s->col_bag[j]].dims;
    size_t raw = s->col_raw[j];
    for (size_t d = joint->n_dims; d-- > 0;) {
        if (!(dims & UINT32_C(1) << d))
            continue;
        leaf[d] = (uint32_t)(raw % joint->dim[d].n_leaves);
        raw /= joint->dim[d].n_leaves;
    }
}

/* ---- columns while they are made ---- */

struct entry {
    uint32_t row; /* cell, or n_cells + separator combination */
    int32_t sign; /* as wide: compared byte by byte */
};

struct build {
    struct mk_sdc_system *s;
    struct mk_sdc_bag_cells bag[MK_SDC_DIMS];
    size_t separator_row[MK_SDC_DIMS]; /* first row of the bag's separator */
    struct entry *entry;
    size_t n_entries, cap_entries;
    size_t *start; /* by column, and the end */
    size_t n_cols, cap_cols;
    uint32_t *merged[MK_SDC_DIMS]; /* bag's inner cell to column, or NONE */
    bool failed;                   /* no memory */
};

static void add_entry(struct build *b, uint32_t row, int32_t sign)
{
    if (b->n_entries == b->cap_entries) {
        size_t cap = b->cap_entries ? 2 * b->cap_entries : 1024;
        struct entry *more = realloc(b->entry, cap * sizeof *more);
        if (!more) {
            b->failed = true;
            return;
        }
        b->entry = more;
        b->cap_entries = cap;
    }
    b->entry[b->n_entries++] = (struct entry){row, sign};
}

static void add_cell(void *ctx, uint32_t cell)
{
    add_entry(ctx, cell, 1);
}

static enum mk_err add_column(struct build *b, size_t bag, uint32_t raw)
{
    struct mk_sdc_system *s = b->s;
    if (b->n_cols + 1 >= b->cap_cols) {
        size_t cap = b->cap_cols ? 2 * b->cap_cols : 256;
        size_t *start = realloc(b->start, cap * sizeof *start);
        if (start)
            b->start = start;
        uint32_t *raws = realloc(s->col_raw, cap * sizeof *raws);
        if (raws)
            s->col_raw = raws;
        uint8_t *bags = realloc(s->col_bag, cap);
        if (bags)
            s->col_bag = bags;
        if (!start || !raws || !bags)
            return MK_E_MEMORY;
        b->cap_cols = cap;
    }
    s->col_raw[b->n_cols] = raw;
    s->col_bag[b->n_cols] = (uint8_t)bag;
    b->start[b->n_cols++] = b->n_entries;
    return MK_OK;
}

static enum mk_err add_columns(struct build *b, size_t k)
{
    struct mk_sdc_system *s = b->s;
    const struct mk_sdc_spec *joint = &s->model->joint;
    struct mk_sdc_bag_cells *bag = &b->bag[k];
    uint32_t leaf[MK_SDC_DIMS] = {0};
    enum mk_err rc = MK_OK;
    for (size_t raw = 0; raw < bag->size; raw++) {
        if (!bag->alive[raw])
            continue;
        MK_TRY(add_column(b, k, (uint32_t)raw));
        mk_sdc_bag_leaves(bag, joint, raw, leaf);
        for (size_t i = 0; i < s->index.n_masks; i++)
            if (mk_sdc_bag_of(&s->tree, s->index.mask[i]) == k)
                mk_sdc_index_visit(&s->index, s->index.mask[i], leaf, add_cell,
                                   b);
        for (size_t c = 1; c < s->tree.n_bags; c++) {
            const struct mk_sdc_bag *edge = &s->tree.bag[c];
            if (c != k && edge->parent != k)
                continue;
            size_t row = b->separator_row[c] +
                         mk_sdc_combination(joint, edge->separator, leaf);
            add_entry(b, (uint32_t)row, c == k ? 1 : -1);
        }
        if (b->failed)
            return MK_E_MEMORY;
    }
out:
    return rc;
}

/* ---- equal columns, equal rows ---- */

static int by_row(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return (x->row > y->row) - (x->row < y->row);
}

/* Something to put in order: a row of numbers somewhere. */
struct item {
    const void *at;
    size_t n; /* bytes */
    uint32_t id;
    uint8_t bag;
};

static int by_content(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->bag != y->bag)
        return x->bag < y->bag ? -1 : 1;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    int c = x->n ? memcmp(x->at, y->at, x->n) : 0;
    return c ? c : (x->id > y->id) - (x->id < y->id);
}

/* same[i]: the first item with the content of item i. */
static enum mk_err find_same(struct item *item, size_t n, uint32_t *same)
{
    qsort(item, n, sizeof *item, by_content);
    for (size_t i = 0, first = 0; i < n; i++) {
        if (item[i].bag != item[first].bag || item[i].n != item[first].n ||
            (item[i].n && memcmp(item[i].at, item[first].at, item[i].n) != 0))
            first = i;
        same[item[i].id] = item[first].id;
    }
    return MK_OK;
}

/* Keeps the first of equal columns; fills merged. */
static enum mk_err merge_columns(struct build *b, bool reduce)
{
    struct mk_sdc_system *s = b->s;
    size_t n = b->n_cols, kept = 0, entries = 0;
    struct item *item = calloc(n + 1, sizeof *item);
    uint32_t *same = calloc(n + 1, sizeof *same);
    uint32_t *now = calloc(n + 1, sizeof *now);
    enum mk_err rc = item && same && now ? MK_OK : MK_E_MEMORY;
    if (rc != MK_OK)
        goto out;
    for (size_t j = 0; j < n; j++) {
        size_t len = b->start[j + 1] - b->start[j];
        struct entry *e = b->entry + b->start[j];
        if (len)
            qsort(e, len, sizeof *e, by_row);
        item[j] =
            (struct item){e, len * sizeof *e, (uint32_t)j, s->col_bag[j]};
        same[j] = (uint32_t)j;
    }
    if (reduce)
        MK_TRY(find_same(item, n, same));
    for (size_t j = 0; j < n; j++) {
        if (same[j] == j) {
            size_t len = b->start[j + 1] - b->start[j];
            memmove(b->entry + entries, b->entry + b->start[j],
                    len * sizeof *b->entry);
            now[j] = (uint32_t)kept;
            b->merged[s->col_bag[j]][s->col_raw[j]] = (uint32_t)kept;
            s->col_raw[kept] = s->col_raw[j];
            s->col_bag[kept] = s->col_bag[j];
            b->start[kept++] = entries;
            entries += len;
        } else {
            b->merged[s->col_bag[j]][s->col_raw[j]] = now[same[j]];
        }
    }
    b->start[kept] = entries;
    b->n_cols = kept;
    b->n_entries = entries;
out:
    free(item);
    free(same);
    free(now);
    return rc;
}

/* The entries again, by row: start has rows + 1 places. */
static enum mk_err turn(const struct build *b, size_t rows, size_t **start,
                        uint32_t **col)
{
    *start = calloc(rows + 2, sizeof **start);
    *col = calloc(b->n_entries + 1, sizeof **col);
    if (!*start || !*col)
        return MK_E_MEMORY;
    for (size_t e = 0; e < b->n_entries; e++)
        (*start)[b->entry[e].row + 2]++;
    for (size_t i = 1; i < rows; i++)
        (*start)[i + 1] += (*start)[i];
    for (size_t j = 0; j < b->n_cols; j++)
        for (size_t e = b->start[j]; e < b->start[j + 1]; e++)
            (*col)[(*start)[b->entry[e].row + 1]++] = (uint32_t)j;
    return MK_OK;
}

/* ---- classes ---- */

static enum mk_err join_class(const struct mk_sdc_system *s,
                              struct mk_sdc_class *c, uint32_t number,
                              struct mk_diag *diag)
{
    const struct mk_sdc_cell *cell = &s->model->cell[number];
    const struct mk_sdc_cell *first = &s->model->cell[c->first];
    c->n_cells++;
    c->why |= cell->why;
    if (cell->known && !c->known) {
        c->known = true;
        c->value = cell->value;
    }
    if (c->fate == MK_SDC_OPEN)
        c->fate = cell->fate;
    else if (cell->fate != MK_SDC_OPEN && cell->fate != c->fate)
        return mk_sdc_earlier_refuse(
            s->model, cell->release ? cell->release : first->release, number,
            NULL, diag);
    return MK_OK;
}

/* Cells with the same columns become one class; rows are numbered anew. */
static enum mk_err make_classes(struct build *b, size_t rows,
                                struct mk_diag *diag)
{
    struct mk_sdc_system *s = b->s;
    size_t n = s->model->n_cells, classes = 0;
    size_t *start = NULL;
    uint32_t *col = NULL, *same = NULL, *now = NULL;
    struct item *item = calloc(n + 1, sizeof *item);
    enum mk_err rc = MK_E_MEMORY;
    same = calloc(n + 1, sizeof *same);
    now = calloc(rows + 1, sizeof *now);
    s->class_of = calloc(n + 1, sizeof *s->class_of);
    s->cls = calloc(n + 1, sizeof *s->cls);
    if (!item || !same || !now || !s->class_of || !s->cls)
        goto out;
    MK_TRY(turn(b, rows, &start, &col));
    for (size_t i = 0; i < n; i++)
        item[i] = (struct item){col + start[i],
                                (start[i + 1] - start[i]) * sizeof *col,
                                (uint32_t)i, 0};
    MK_TRY(find_same(item, n, same));
    for (size_t i = 0; i < n; i++) {
        const struct mk_sdc_cell *cell = &s->model->cell[i];
        s->class_of[i] = MK_SDC_NONE;
        if (start[i + 1] == start[i])
            continue;
        if (same[i] == i) {
            now[i] = (uint32_t)classes;
            s->cls[classes] = (struct mk_sdc_class){(uint32_t)i, 1,
                                                    cell->value, cell->known,
                                                    cell->why,   cell->fate};
            s->class_of[i] = (uint32_t)classes++;
        } else {
            now[i] = MK_SDC_NONE;
            s->class_of[i] = s->class_of[same[i]];
            MK_TRY(join_class(s, &s->cls[s->class_of[i]], (uint32_t)i, diag));
        }
    }
    s->n_classes = classes;
    for (size_t i = n; i < rows; i++)
        now[i] = start[i + 1] > start[i] ? (uint32_t)classes++ : MK_SDC_NONE;
    s->n_rows = classes;
    size_t kept = 0;
    for (size_t j = 0, e = 0; j < b->n_cols; j++) {
        size_t end = b->start[j + 1];
        b->start[j] = kept;
        for (; e < end; e++)
            if (now[b->entry[e].row] != MK_SDC_NONE)
                b->entry[kept++] =
                    (struct entry){now[b->entry[e].row], b->entry[e].sign};
    }
    b->start[b->n_cols] = kept;
    b->n_entries = kept;
out:
    free(item);
    free(same);
    free(now);
    free(start);
    free(col);
    return rc;
}

/* ---- all of it ---- */

static enum mk_err finish(struct build *b)
{
    struct mk_sdc_system *s = b->s;
    enum mk_err rc = MK_E_MEMORY;
    s->n_cols = b->n_cols;
    s->col_start = b->start;
    b->start = NULL;
    s->col_row = calloc(b->n_entries + 1, sizeof *s->col_row);
    s->col_sign = calloc(b->n_entries + 1, sizeof *s->col_sign);
    s->x0 = calloc(s->n_cols + 1, sizeof *s->x0);
    if (!s->col_row || !s->col_sign || !s->x0)
        goto out;
    for (size_t e = 0; e < b->n_entries; e++) {
        s->col_row[e] = b->entry[e].row;
        s->col_sign[e] = (int8_t)b->entry[e].sign;
    }
    b->start = s->col_start; /* lent for turn */
    rc = turn(b, s->n_rows, &s->row_start, &s->row_col);
    b->start = NULL;
out:
    return rc;
}

/* Where the records lie. */
static enum mk_err place_records(struct build *b, struct mk_diag *diag)
{
    struct mk_sdc_system *s = b->s;
    const struct mk_sdc_data *data = &s->model->data;
    if (!s->model->covered)
        return MK_OK;
    for (size_t r = 0; r < data->rows; r++)
        for (size_t k = 0; k < s->tree.n_bags; k++) {
            const uint32_t *leaf = data->leaf + r * data->n_dims;
            size_t raw = mk_sdc_bag_raw(&b->bag[k], &s->model->joint, leaf);
            uint32_t j = b->merged[k][raw];
            if (j == MK_SDC_NONE && data->n[r] > 0)
                return mk_sdc_earlier_refuse(s->model, 0, MK_SDC_ANY,
                                             "structural_zeros", diag);
            if (j != MK_SDC_NONE)
                s->x0[j] += data->n[r];
        }
    return MK_OK;
}

static enum mk_err plan_rows(struct build *b, size_t *rows,
                             struct mk_diag *diag)
{
    struct mk_sdc_system *s = b->s;
    const struct mk_sdc_spec *joint = &s->model->joint;
    *rows = s->model->n_cells;
    for (size_t k = 1; k < s->tree.n_bags; k++) {
        b->separator_row[k] = *rows;
        *rows += mk_sdc_combinations(joint, s->tree.bag[k].separator);
        if (*rows > UINT32_MAX / 2)
            return mk_fail_at(diag, MK_E_TOO_LARGE, "tables", 0, MK_SDC_CELLS,
                              0);
    }
    for (size_t k = 0; k < s->tree.n_bags; k++) {
        b->merged[k] = malloc(b->bag[k].size * sizeof *b->merged[k]);
        if (!b->merged[k])
            return MK_E_MEMORY;
        memset(b->merged[k], 0xff, b->bag[k].size * sizeof *b->merged[k]);
    }
    return MK_OK;
}

static void make_tree(struct mk_sdc_system *s, bool reduce, uint32_t *sets)
{
    const struct mk_sdc_spec *joint = &s->model->joint;
    uint32_t weight[MK_SDC_DIMS] = {0};
    size_t n = 0;
    for (size_t d = 0; d < joint->n_dims; d++)
        weight[d] = joint->dim[d].n_leaves;
    for (size_t i = 0; i < s->index.n_masks; i++)
        sets[n++] = s->index.mask[i];
    for (size_t p = 0; p < joint->zeros.n; p++) {
        sets[n] = 0;
        for (size_t d = 0; d < joint->n_dims; d++)
            if (joint->zeros.at[p].node[d] != MK_SDC_ANY &&
                joint->zeros.at[p].node[d] != joint->dim[d].n_nodes - 1)
                sets[n] |= UINT32_C(1) << d;
        n++;
    }
    if (!reduce && joint->n_dims > 0)
        sets[n++] = (uint32_t)((UINT64_C(1) << joint->n_dims) - 1);
    mk_sdc_tree_make(&s->tree, sets, n, weight);
}

enum mk_err mk_sdc_system_build(struct mk_sdc_system *s,
                                struct mk_sdc_model *model, bool reduce,
                                struct mk_diag *diag)
{
    struct build *b = calloc(1, sizeof *b);
    uint32_t *sets = NULL;
    size_t rows = 0;
    enum mk_err rc;
    memset(s, 0, sizeof *s);
    s->model = model;
    MK_TRY(mk_sdc_index_init(&s->index, model, diag));
    sets = calloc(s->index.n_masks + model->joint.zeros.n + 1, sizeof *sets);
    rc = b && sets ? MK_OK : MK_E_MEMORY;
    if (rc != MK_OK)
        goto out;
    b->s = s;
    make_tree(s, reduce, sets);
    MK_TRY(mk_sdc_bags_open(b->bag, s, reduce, diag));
    MK_TRY(plan_rows(b, &rows, diag));
    for (size_t k = 0; k < s->tree.n_bags; k++)
        MK_TRY(add_columns(b, k));
    MK_TRY(add_column(b, 0, 0)); /* only its start: the end of the last */
    b->n_cols--;
    MK_TRY(merge_columns(b, reduce));
    MK_TRY(make_classes(b, rows, diag));
    MK_TRY(finish(b));
    MK_TRY(place_records(b, diag));
out:
    if (b) {
        for (size_t k = 0; k < MK_SDC_DIMS; k++) {
            free(b->bag[k].alive);
            free(b->merged[k]);
        }
        free(b->entry);
        free(b->start);
    }
    free(b);
    free(sets);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "tables") : rc;
}

void mk_sdc_system_release(struct mk_sdc_system *s)
{
    mk_sdc_index_release(&s->index);
    free(s->cls);
    free(s->class_of);
    free(s->col_start);
    free(s->col_row);
    free(s->col_sign);
    free(s->col_bag);
    free(s->col_raw);
    free(s->x0);
    free(s->row_start);
    free(s->row_col);
    memset(s, 0, sizeof *s);
}
