/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/moves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- columns by their leaves ---- */

static const uint32_t *nodes_of(const struct mk_sdc_system *s, uint32_t cls)
{
    return s->model->node + (size_t)s->cls[cls].first * s->model->joint.n_dims;
}

static bool is_plain(const struct mk_sdc_system *s)
{
    const struct mk_sdc_spec *joint = &s->model->joint;
    for (uint32_t c = 0; c < s->n_classes; c++)
        for (size_t d = 0; d < joint->n_dims; d++) {
            uint32_t node = nodes_of(s, c)[d];
            if (node >= joint->dim[d].n_leaves &&
                node != mk_sdc_total(&joint->dim[d]))
                return false;
        }
    return true;
}

/* The dimensions in which a class is more than one leaf. */
static uint32_t wide(const struct mk_sdc_grid *g, uint32_t cls)
{
    const struct mk_sdc_spec *joint = &g->s->model->joint;
    uint32_t mask = 0;
    for (size_t k = 0; k < g->n_dims; k++) {
        size_t d = g->dim[k];
        if (joint->dim[d].node[nodes_of(g->s, cls)[d]].n_leaves > 1)
            mask |= UINT32_C(1) << k;
    }
    return mask;
}

static enum mk_err grid_init(struct mk_sdc_grid *g,
                             const struct mk_sdc_system *s)
{
    const struct mk_sdc_spec *joint = &s->model->joint;
    size_t size = 1;
    g->s = s;
    for (size_t d = 0; d < joint->n_dims; d++)
        if (s->tree.bag[0].dims & UINT32_C(1) << d) {
            g->leaves[g->n_dims] = joint->dim[d].n_leaves;
            g->first[g->n_dims] = g->n_leaves;
            g->n_leaves += joint->dim[d].n_leaves;
            g->dim[g->n_dims++] = d;
        }
    for (size_t k = g->n_dims; k-- > 0;) {
        g->stride[k] = size;
        size *= g->leaves[k];
    }
    g->size = size;
    g->column = malloc(size * sizeof *g->column);
    g->alone = malloc((s->n_classes + 1) * sizeof *g->alone);
    g->wide = calloc(s->n_classes + 1, sizeof *g->wide);
    if (!g->column || !g->alone || !g->wide)
        return MK_E_MEMORY;
    memset(g->column, 0xff, size * sizeof *g->column);
    for (uint32_t j = 0; j < s->n_cols; j++)
        g->column[s->col_raw[j]] = j;
    for (uint32_t c = 0; c < s->n_classes; c++) {
        bool alone = s->row_start[c + 1] - s->row_start[c] == 1;
        g->alone[c] = alone ? s->col_raw[s->row_col[s->row_start[c]]]
                            : MK_SDC_NONE;
        g->wide[c] = alone ? 0 : wide(g, c);
    }
    g->plain = is_plain(s);
    return MK_OK;
}

enum mk_err mk_sdc_hunt_init(struct mk_sdc_hunt *hunt,
                             const struct mk_sdc_system *s)
{
    struct mk_sdc_grid *grid = &hunt->grid;
    enum mk_err rc;
    memset(hunt, 0, sizeof *hunt);
    MK_TRY(grid_init(grid, s));
    size_t lists = grid->n_dims + 1;
    hunt->price = calloc(s->n_classes + 1, sizeof *hunt->price);
    hunt->corner = calloc(grid->size, sizeof *hunt->corner);
    hunt->delta = calloc(s->n_classes + 1, sizeof *hunt->delta);
    hunt->touched = calloc(s->n_classes + 1, sizeof *hunt->touched);
    hunt->seen = calloc(s->n_classes + 1, sizeof *hunt->seen);
    hunt->round = 1;
    hunt->within = calloc(grid->n_leaves + 1, sizeof *hunt->within);
    hunt->way = calloc(lists * grid->n_leaves + 1, sizeof *hunt->way);
    hunt->ways = calloc(lists * lists, sizeof *hunt->ways);
    if (!hunt->price || !hunt->corner || !hunt->delta || !hunt->touched ||
        !hunt->seen || !hunt->within || !hunt->way || !hunt->ways)
        return MK_E_MEMORY;
    for (size_t raw = 0; raw < grid->size; raw++) {
        uint32_t j = grid->column[raw];
        hunt->corner[raw] = j == MK_SDC_NONE
                                ? (struct mk_sdc_corner){INFINITY, 0}
                                : (struct mk_sdc_corner){0, (int64_t)s->x0[j]};
    }
out:
    return rc;
}

void mk_sdc_hunt_release(struct mk_sdc_hunt *hunt)
{
    free(hunt->grid.column);
    free(hunt->grid.alone);
    free(hunt->grid.wide);
    free(hunt->price);
    free(hunt->corner);
    free(hunt->delta);
    free(hunt->touched);
    free(hunt->seen);
    free(hunt->within);
    free(hunt->way);
    free(hunt->ways);
    memset(hunt, 0, sizeof *hunt);
}

void mk_sdc_hunt_price(struct mk_sdc_hunt *hunt, uint32_t cls, double price)
{
    hunt->price[cls] = price;
    if (hunt->grid.alone[cls] != MK_SDC_NONE)
        hunt->corner[hunt->grid.alone[cls]].price = price;
}

void mk_sdc_hunt_shift(struct mk_sdc_hunt *hunt, uint32_t col, int64_t delta)
{
    hunt->corner[hunt->grid.s->col_raw[col]].x += delta;
}

/* ---- what columns change ---- */

static size_t touch(struct mk_sdc_hunt *hunt, uint32_t col, int32_t delta,
                    size_t n)
{
    const struct mk_sdc_system *s = hunt->grid.s;
    for (size_t e = s->col_start[col]; e < s->col_start[col + 1]; e++) {
        uint32_t c = s->col_row[e];
        if (hunt->seen[c] != hunt->round) {
            hunt->seen[c] = hunt->round;
            hunt->touched[n++] = c;
        }
        hunt->delta[c] += delta;
    }
    return n;
}

size_t mk_sdc_hunt_touch(struct mk_sdc_hunt *hunt,
                         const struct mk_sdc_shift *shift, size_t n)
{
    size_t touched = 0;
    for (size_t i = 0; i < n; i++)
        touched = touch(hunt, shift[i].col, shift[i].delta, touched);
    return touched;
}

void mk_sdc_hunt_forget(struct mk_sdc_hunt *hunt, size_t n)
{
    for (size_t k = 0; k < n; k++)
        hunt->delta[hunt->touched[k]] = 0;
    hunt->round++;
}

/* ---- the search ---- */

/*
 * A cube while it grows.  Stage k is what it is before dimension k doubles it
 * or stays: its corners are 0 .. n[k] - 1, new since the stage before are
 * those from half[k] on.
 *
 * A way is a leaf towards which a dimension may double the cube; a list of
 * ways has those that a stage leaves open, with what all corners of the stage
 * cost there.  So each corner is looked at once, and a leaf that is too dear
 * next to a small cube is never tried next to a larger one.
 */
struct growing {
    struct mk_sdc_hunt *hunt;
    const struct mk_sdc_wish *wish;
    struct mk_sdc_cube *best;   /* n = 0: none yet */
    uint32_t leaf[MK_SDC_DIMS]; /* of the corner where it begins */
    size_t raw[MK_SDC_CORNERS];
    int8_t sign[MK_SDC_CORNERS];
    /* by stage */
    uint32_t n[MK_SDC_DIMS + 1], half[MK_SDC_DIMS + 1];
    uint32_t stays[MK_SDC_DIMS + 1]; /* dimensions in which it stays */
    double price[MK_SDC_DIMS + 1];
    int64_t size[MK_SDC_DIMS + 1];
    size_t at[MK_SDC_DIMS + 1]; /* the stage that has the same corners, and
                                   its lists */
    /* by dimension */
    size_t made[MK_SDC_DIMS]; /* lists of so many stages are made */
    uint32_t next[MK_SDC_DIMS + 1];
};

/* Can it still be better than the best? */
static bool hopeful(const struct growing *g, double price, int64_t size)
{
    return price < g->best->price ||
           (price == g->best->price && size > g->best->size && !isinf(price));
}

/* Nothing is better than what was found. */
static bool done(const struct growing *g)
{
    return g->best->n && g->best->price == 0 && g->best->size == g->wish->want;
}

/* Adds to the way what the corners that are new in stage k cost there; false
 * if the cube cannot go it. */
static bool extend(const struct growing *g, size_t k, size_t dim,
                   struct mk_sdc_way *way)
{
    struct mk_sdc_hunt *hunt = g->hunt;
    size_t stride = hunt->grid.stride[dim];
    size_t shift = way->leaf * stride - g->leaf[dim] * stride; /* modulo */
    for (uint32_t i = g->half[k]; i < g->n[k]; i++) {
        const struct mk_sdc_corner *corner = &hunt->corner[g->raw[i] + shift];
        hunt->steps++;
        way->price += corner->price;
        if (g->sign[i] < 0) /* there it rises */
            continue;
        if (corner->x < g->wish->least)
            return false;
        if (corner->x < way->size)
            way->size = corner->x;
    }
    return hopeful(g, g->price[k] + way->price,
                   way->size < g->size[k] ? way->size : g->size[k]);
}

static struct mk_sdc_way *list_of(const struct growing *g, size_t k,
                                  size_t dim)
{
    const struct mk_sdc_grid *grid = &g->hunt->grid;
    return g->hunt->way + k * grid->n_leaves + grid->first[dim];
}

static uint32_t *length_of(const struct growing *g, size_t k, size_t dim)
{
    return &g->hunt->ways[k * g->hunt->grid.n_dims + dim];
}

/* The i-th way of a dimension that the stage before k left open, if stage k
 * leaves it open too. */
static bool take(const struct growing *g, size_t k, size_t dim, uint32_t i,
                 struct mk_sdc_way *way)
{
    if (k > 0) {
        *way = list_of(g, g->at[k - 1], dim)[i];
    } else {
        if (g->hunt->within[g->hunt->grid.first[dim] + i])
            return false;
        *way = (struct mk_sdc_way){0, g->wish->want, i};
    }
    return extend(g, k, dim, way);
}

/* How many ways take may be asked for. */
static uint32_t count_ways(const struct growing *g, size_t k, size_t dim)
{
    return k > 0 ? *length_of(g, g->at[k - 1], dim)
                 : g->hunt->grid.leaves[dim];
}

/* Makes the lists that dimension dim needs to double stage dim. */
static void prepare(struct growing *g, size_t dim)
{
    for (; g->made[dim] < dim; g->made[dim]++) {
        size_t k = g->made[dim];
        if (g->at[k] != k)
            continue;
        struct mk_sdc_way *list = list_of(g, k, dim);
        uint32_t n = 0, all = count_ways(g, k, dim);
        for (uint32_t i = 0; i < all; i++)
            if (take(g, k, dim, i, &list[n]))
                n++;
        *length_of(g, k, dim) = n;
    }
}

/* What a corner changes besides itself when the cube stays in those
 * dimensions: sums over some of them, over one of `over` at least. */
static double price_of_sums(const struct growing *g, size_t raw,
                            uint32_t stays, uint32_t over)
{
    struct mk_sdc_hunt *hunt = g->hunt;
    const struct mk_sdc_system *s = hunt->grid.s;
    uint32_t col = hunt->grid.column[raw];
    double price = 0;
    for (size_t e = s->col_start[col]; e < s->col_start[col + 1]; e++) {
        uint32_t in = hunt->grid.wide[s->col_row[e]];
        if ((in & over) != 0 && (in & ~stays) == 0)
            price += hunt->price[s->col_row[e]];
    }
    hunt->steps += s->col_start[col + 1] - s->col_start[col];
    return price;
}

/* Dimension k has done with its choice: stage k + 1 is new. */
static bool advance(struct growing *g, size_t k, double price, int64_t size)
{
    const struct mk_sdc_grid *grid = &g->hunt->grid;
    g->price[k + 1] = price;
    g->size[k + 1] = size;
    for (size_t dim = k + 2; dim < grid->n_dims; dim++)
        if (g->made[dim] > k + 1)
            g->made[dim] = k + 1;
    g->next[k + 1] = 0;
    if (!hopeful(g, price, size))
        return false;
    if (k + 1 < grid->n_dims)
        prepare(g, k + 1);
    return true;
}

/* Doubles the cube. */
static bool grow(struct growing *g, size_t k, const struct mk_sdc_way *way)
{
    size_t stride = g->hunt->grid.stride[k];
    size_t shift = way->leaf * stride - g->leaf[k] * stride; /* modulo */
    uint32_t n = g->n[k];
    double price = g->price[k] + way->price;
    for (uint32_t i = 0; i < n; i++) {
        g->raw[n + i] = g->raw[i] + shift;
        g->sign[n + i] = (int8_t)-g->sign[i];
    }
    for (uint32_t i = n;
         i < 2 * n && g->stays[k] != 0 && price <= g->best->price; i++)
        price += price_of_sums(g, g->raw[i], g->stays[k], g->stays[k]);
    g->n[k + 1] = 2 * n;
    g->half[k + 1] = n;
    g->stays[k + 1] = g->stays[k];
    g->at[k + 1] = k + 1;
    return advance(g, k, price,
                   way->size < g->size[k] ? way->size : g->size[k]);
}

static bool stay(struct growing *g, size_t k)
{
    uint32_t over = UINT32_C(1) << k;
    double price = g->price[k];
    g->stays[k + 1] = g->stays[k] | over;
    for (uint32_t i = 0; i < g->n[k] && price <= g->best->price; i++)
        price += price_of_sums(g, g->raw[i], g->stays[k + 1], over);
    g->n[k + 1] = g->half[k + 1] = g->n[k];
    g->at[k + 1] = g->at[k];
    return advance(g, k, price, g->size[k]);
}

/* What all classes together cost, where a sum may be over a part of the
 * leaves in which the cube alternates. */
static double full_price(struct growing *g, uint32_t n)
{
    struct mk_sdc_hunt *hunt = g->hunt;
    double price = 0;
    size_t touched = 0;
    for (uint32_t i = 0; i < n; i++)
        touched =
            touch(hunt, hunt->grid.column[g->raw[i]], g->sign[i], touched);
    hunt->steps += UINT64_C(8) * n;
    for (size_t k = 0; k < touched; k++)
        if (hunt->delta[hunt->touched[k]] != 0)
            price += hunt->price[hunt->touched[k]];
    mk_sdc_hunt_forget(hunt, touched);
    return price;
}

static void finish_cube(struct growing *g)
{
    const struct mk_sdc_grid *grid = &g->hunt->grid;
    uint32_t n = g->n[grid->n_dims];
    double price = g->price[grid->n_dims];
    if (!grid->plain)
        price = full_price(g, n);
    if (!hopeful(g, price, g->size[grid->n_dims]))
        return;
    for (uint32_t i = 0; i < n; i++) {
        g->best->col[i] = grid->column[g->raw[i]];
        g->best->sign[i] = g->sign[i];
    }
    g->best->n = n;
    g->best->price = price;
    g->best->size = g->size[grid->n_dims];
}

/* All cubes through the corner where it begins. */
static void go_through(struct growing *g)
{
    size_t dims = g->hunt->grid.n_dims, k = 0;
    struct mk_sdc_way way;
    for (;;) {
        bool further = false, last = true;
        if (k == dims) {
            finish_cube(g);
        } else {
            uint32_t n = 2 * g->n[k] > MK_SDC_CORNERS ? 0
                                                      : count_ways(g, k, k);
            while (!further && g->next[k] < n)
                further = take(g, k, k, g->next[k]++, &way) &&
                          grow(g, k, &way);
            last = !further && g->next[k] > n;
            if (!further && !last) {
                g->next[k] = UINT32_MAX;
                further = stay(g, k);
            }
        }
        if (further)
            k++;
        else if (k == dims || last)
            if (k-- == 0 || done(g))
                return;
    }
}

static void mark_target(struct mk_sdc_hunt *hunt, uint32_t target, bool on)
{
    const struct mk_sdc_grid *grid = &hunt->grid;
    const struct mk_sdc_spec *joint = &grid->s->model->joint;
    for (size_t k = 0; k < grid->n_dims; k++) {
        const struct mk_sdc_node *node =
            &joint->dim[grid->dim[k]]
                 .node[nodes_of(grid->s, target)[grid->dim[k]]];
        for (uint32_t i = 0; i < node->n_leaves; i++)
            hunt->within[grid->first[k] + node->leaf[i]] = on;
    }
}

/* Where the cube begins; false if it cannot there. */
static bool begin(struct growing *g, size_t raw)
{
    const struct mk_sdc_grid *grid = &g->hunt->grid;
    const struct mk_sdc_corner *corner = &g->hunt->corner[raw];
    bool up = g->wish->up;
    for (size_t k = 0; k < grid->n_dims; k++) {
        g->leaf[k] = (uint32_t)(raw / grid->stride[k] % grid->leaves[k]);
        g->made[k] = 0;
    }
    g->raw[0] = raw;
    g->sign[0] = up ? 1 : -1;
    g->n[0] = 1;
    g->half[0] = 0;
    g->stays[0] = 0;
    g->at[0] = 0;
    g->next[0] = 0;
    g->price[0] = corner->price;
    g->size[0] = up || corner->x > g->wish->want ? g->wish->want : corner->x;
    g->hunt->steps++;
    return (up || corner->x >= g->wish->least) &&
           hopeful(g, g->price[0], g->size[0]);
}

bool mk_sdc_hunt_cube(struct mk_sdc_hunt *hunt, const struct mk_sdc_wish *wish,
                      struct mk_sdc_cube *cube)
{
    const struct mk_sdc_system *s = hunt->grid.s;
    struct growing g;
    g.hunt = hunt;
    g.wish = wish;
    g.best = cube;
    cube->n = 0;
    cube->size = 0;
    cube->price = wish->limit;
    mark_target(hunt, wish->target, true);
    for (size_t e = s->row_start[wish->target];
         e < s->row_start[wish->target + 1] && !done(&g); e++)
        if (begin(&g, s->col_raw[s->row_col[e]]))
            go_through(&g);
    mark_target(hunt, wish->target, false);
    return cube->n > 0;
}
