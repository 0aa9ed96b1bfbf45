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
    g->column = malloc(size * sizeof *g->column);
    g->own = malloc((s->n_cols + 1) * sizeof *g->own);
    if (!g->column || !g->own)
        return MK_E_MEMORY;
    memset(g->column, 0xff, size * sizeof *g->column);
    memset(g->own, 0xff, (s->n_cols + 1) * sizeof *g->own);
    for (uint32_t j = 0; j < s->n_cols; j++)
        g->column[s->col_raw[j]] = j;
    for (uint32_t c = 0; c < s->n_classes; c++)
        if (s->row_start[c + 1] - s->row_start[c] == 1)
            g->own[s->row_col[s->row_start[c]]] = c;
    g->plain = is_plain(s);
    return MK_OK;
}

enum mk_err mk_sdc_hunt_init(struct mk_sdc_hunt *hunt,
                             const struct mk_sdc_system *s)
{
    enum mk_err rc;
    memset(hunt, 0, sizeof *hunt);
    MK_TRY(grid_init(&hunt->grid, s));
    hunt->price = calloc(s->n_classes + 1, sizeof *hunt->price);
    hunt->x = calloc(s->n_cols + 1, sizeof *hunt->x);
    hunt->delta = calloc(s->n_classes + 1, sizeof *hunt->delta);
    hunt->touched = calloc(s->n_classes + 1, sizeof *hunt->touched);
    hunt->seen = calloc(s->n_classes + 1, sizeof *hunt->seen);
    hunt->round = 1;
    hunt->within = calloc(hunt->grid.n_leaves + 1, sizeof *hunt->within);
    if (!hunt->price || !hunt->x || !hunt->delta || !hunt->touched ||
        !hunt->seen || !hunt->within)
        return MK_E_MEMORY;
    for (size_t j = 0; j < s->n_cols; j++)
        hunt->x[j] = (int64_t)s->x0[j];
out:
    return rc;
}

void mk_sdc_hunt_release(struct mk_sdc_hunt *hunt)
{
    free(hunt->grid.column);
    free(hunt->grid.own);
    free(hunt->price);
    free(hunt->x);
    free(hunt->delta);
    free(hunt->touched);
    free(hunt->seen);
    free(hunt->within);
    memset(hunt, 0, sizeof *hunt);
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

/* A cube while it grows: after k dimensions, n[k] corners. */
struct growing {
    struct mk_sdc_hunt *hunt;
    const struct mk_sdc_wish *wish;
    uint32_t leaf[MK_SDC_DIMS]; /* of the corner where it begins */
    size_t raw[MK_SDC_CORNERS];
    struct mk_sdc_cube cube;
    uint32_t next[MK_SDC_DIMS + 1];
    uint32_t n[MK_SDC_DIMS + 1];
    double price[MK_SDC_DIMS + 1];
    int64_t size[MK_SDC_DIMS + 1];
    struct mk_sdc_cube *best; /* n = 0: none yet */
};

/* Can it still be better than the best? */
static bool hopeful(const struct growing *g, double price, int64_t size)
{
    return price < g->best->price ||
           (price == g->best->price && size > g->best->size);
}

/* One corner more; false if it cannot be one. */
static bool add_corner(struct growing *g, size_t at, size_t raw, int8_t sign,
                       double *price, int64_t *size)
{
    const struct mk_sdc_hunt *hunt = g->hunt;
    uint32_t col = hunt->grid.column[raw];
    g->hunt->steps++;
    if (col == MK_SDC_NONE)
        return false;
    if (sign < 0) {
        if (hunt->x[col] < g->wish->least)
            return false;
        if (hunt->x[col] < *size)
            *size = hunt->x[col];
    }
    uint32_t own = hunt->grid.own[col];
    if (own != MK_SDC_NONE)
        *price += hunt->price[own];
    g->raw[at] = raw;
    g->cube.col[at] = col;
    g->cube.sign[at] = sign;
    return hopeful(g, *price, *size);
}

/* Doubles the cube along dimension k towards leaf l. */
static bool grow(struct growing *g, size_t k, uint32_t l)
{
    uint32_t n = g->n[k];
    double price = g->price[k];
    int64_t size = g->size[k];
    if (2 * n > MK_SDC_CORNERS)
        return false;
    size_t stride = g->hunt->grid.stride[k];
    for (uint32_t i = 0; i < n; i++)
        if (!add_corner(g, n + i, g->raw[i] + l * stride - g->leaf[k] * stride,
                        (int8_t)-g->cube.sign[i], &price, &size))
            return false;
    g->n[k + 1] = 2 * n;
    g->price[k + 1] = price;
    g->size[k + 1] = size;
    return true;
}

/* What all classes together cost; INFINITY where the target does not move as
 * it should. */
static double full_price(struct growing *g, uint32_t n)
{
    struct mk_sdc_hunt *hunt = g->hunt;
    double price = 0;
    size_t touched = 0;
    for (uint32_t i = 0; i < n; i++)
        touched = touch(hunt, g->cube.col[i], g->cube.sign[i], touched);
    hunt->steps += 8 * n;
    for (size_t k = 0; k < touched; k++)
        if (hunt->delta[hunt->touched[k]] != 0)
            price += hunt->price[hunt->touched[k]];
    if (hunt->delta[g->wish->target] != (g->wish->up ? 1 : -1))
        price = INFINITY;
    mk_sdc_hunt_forget(hunt, touched);
    return price;
}

static void finish_cube(struct growing *g)
{
    size_t dims = g->hunt->grid.n_dims;
    uint32_t n = g->n[dims];
    double price = g->price[dims];
    if (!g->hunt->grid.plain || n != 1u << dims)
        price = full_price(g, n);
    if (isinf(price) || !hopeful(g, price, g->size[dims]))
        return;
    memcpy(g->best->col, g->cube.col, n * sizeof *g->best->col);
    memcpy(g->best->sign, g->cube.sign, n * sizeof *g->best->sign);
    g->best->n = n;
    g->best->price = price;
    g->best->size = g->size[dims];
}

/* All cubes through the corner where it begins. */
static void go_through(struct growing *g)
{
    const struct mk_sdc_grid *grid = &g->hunt->grid;
    size_t k = 0;
    g->next[0] = 0;
    for (;;) {
        if (k == grid->n_dims) {
            finish_cube(g);
        } else if (g->next[k] < grid->leaves[k]) {
            uint32_t l = g->next[k]++;
            if (!g->hunt->within[grid->first[k] + l] && grow(g, k, l))
                g->next[++k] = 0;
            continue;
        } else if (g->next[k] == grid->leaves[k]) { /* stay */
            g->next[k]++;
            g->n[k + 1] = g->n[k];
            g->price[k + 1] = g->price[k];
            g->size[k + 1] = g->size[k];
            if (hopeful(g, g->price[k], g->size[k]))
                g->next[++k] = 0;
            continue;
        }
        if (k-- == 0 || (g->best->n && g->best->price == 0 &&
                         g->best->size == g->wish->want))
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

bool mk_sdc_hunt_cube(struct mk_sdc_hunt *hunt, const struct mk_sdc_wish *wish,
                      struct mk_sdc_cube *cube)
{
    const struct mk_sdc_system *s = hunt->grid.s;
    struct growing g = {.hunt = hunt, .wish = wish, .best = cube};
    cube->n = 0;
    cube->size = 0;
    cube->price = wish->limit;
    mark_target(hunt, wish->target, true);
    for (size_t e = s->row_start[wish->target];
         e < s->row_start[wish->target + 1]; e++) {
        size_t raw = s->col_raw[s->row_col[e]];
        for (size_t k = 0; k < hunt->grid.n_dims; k++)
            g.leaf[k] =
                (uint32_t)(raw / hunt->grid.stride[k] % hunt->grid.leaves[k]);
        g.n[0] = 1;
        g.price[0] = 0;
        g.size[0] = wish->want;
        if (add_corner(&g, 0, raw, wish->up ? 1 : -1, &g.price[0], &g.size[0]))
            go_through(&g);
        if (cube->n && cube->price == 0 && cube->size == wish->want)
            break;
    }
    mark_target(hunt, wish->target, false);
    return cube->n > 0;
}
