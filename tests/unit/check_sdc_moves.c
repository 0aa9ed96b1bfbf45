/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cheapest cube, against all cubes one by one. */
#include "reports/sdc/moves.h"
#include "reports/sdc/rules.h"
#include "tests/support/sdc_kit.h"
#include "tests/support/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CLASSES 256 /* more than any setting here has */

struct setting {
    struct mk_sdc_spec spec;
    struct mk_sdc_data data;
    struct mk_sdc_model model;
    struct mk_sdc_lines lines;
    struct mk_sdc_system s;
    struct mk_sdc_hunt hunt;
    uint64_t chance;
};

static uint64_t chance(struct setting *set, uint64_t n)
{
    set->chance = set->chance * 6364136223846793005u + 1442695040888963407u;
    return (set->chance >> 33) % n;
}

/* Three dimensions of 4, 3 and 3 leaves.  With parents: of the first, which
 * tables of two dimensions show, but no inner cell. */
static void set_open(struct setting *set, bool parents, uint64_t seed)
{
    mk_sdc_spec_init(&set->spec);
    set->chance = seed;
    sdc_kit_dim(&set->spec, "a", "a1 a2 a3 a4",
                parents ? "low=a1+a2 high=a2+a3+a4" : NULL);
    sdc_kit_dim(&set->spec, "b", "b1 b2 b3", NULL);
    sdc_kit_dim(&set->spec, "c", "c1 c2 c3", NULL);
    sdc_kit_table(&set->spec, parents ? "a b" : "a b c");
    if (parents) {
        sdc_kit_table(&set->spec, "b c");
        sdc_kit_table(&set->spec, "a c");
    }
    set->spec.threshold = 5;
    set->spec.insider = false;
    sdc_kit_pattern(&set->spec.zeros, &set->spec, "a1 b1 -");
    mk_sdc_data_init(&set->data, &set->spec);
    for (uint32_t i = 0; i < 36; i++) {
        uint32_t leaf[3] = {i / 9, i / 3 % 3, i % 3};
        uint64_t n = i < 3 ? 0 : chance(set, 6);
        if (n > 0)
            ck_assert_int_eq(mk_sdc_data_add(&set->data, leaf, n, NULL, NULL),
                             MK_OK);
    }
    mk_sdc_model_init(&set->model);
    memset(&set->lines, 0, sizeof set->lines);
    ck_assert_int_eq(mk_sdc_model_build(&set->model, &set->spec, &set->data,
                                        NULL, NULL, 0, NULL),
                     MK_OK);
    ck_assert_int_eq(mk_sdc_rules_apply(&set->model, &set->lines, NULL),
                     MK_OK);
    ck_assert_int_eq(mk_sdc_system_build(&set->s, &set->model, true, NULL),
                     MK_OK);
    ck_assert_uint_eq(set->s.tree.n_bags, 1);
    ck_assert_uint_lt(set->s.n_classes, CLASSES);
    ck_assert_int_eq(mk_sdc_hunt_init(&set->hunt, &set->s), MK_OK);
}

static void set_close(struct setting *set)
{
    mk_sdc_hunt_release(&set->hunt);
    mk_sdc_system_release(&set->s);
    mk_sdc_lines_release(&set->lines);
    mk_sdc_model_release(&set->model);
    mk_sdc_data_release(&set->data);
    mk_sdc_spec_release(&set->spec);
}

/* Eighths, so that sums are what they are in any order. */
static void draw_prices(struct setting *set)
{
    for (uint32_t c = 0; c < set->s.n_classes; c++)
        mk_sdc_hunt_price(&set->hunt, c,
                          chance(set, 10) == 0 ? INFINITY
                          : chance(set, 2) == 0
                              ? 0
                              : (double)(1 + chance(set, 12)) / 8);
}

/* ---- all cubes ---- */

struct best {
    double price;
    int64_t size; /* 0: none */
};

static bool in_target(const struct setting *set, uint32_t target, size_t d,
                      uint32_t leaf)
{
    const struct mk_sdc_spec *joint = &set->model.joint;
    uint32_t node =
        set->model.node[set->s.cls[target].first * joint->n_dims + d];
    return mk_sdc_node_has(&joint->dim[d].node[node], leaf);
}

/* What all classes cost that n columns change with those signs. */
static double price_of(const struct setting *set, const uint32_t *col,
                       const int8_t *sign, uint32_t n)
{
    double price = 0;
    int delta[CLASSES] = {0};
    for (uint32_t i = 0; i < n; i++)
        for (size_t e = set->s.col_start[col[i]];
             e < set->s.col_start[col[i] + 1]; e++)
            delta[set->s.col_row[e]] += sign[i];
    for (uint32_t c = 0; c < set->s.n_classes; c++)
        price += delta[c] != 0 ? set->hunt.price[c] : 0;
    return price;
}

/* The cube from one corner to the opposite one. */
static void try_cube(const struct setting *set, const struct mk_sdc_wish *wish,
                     const uint32_t *from, const uint32_t *to,
                     struct best *best)
{
    uint32_t col[8], n = 0;
    int8_t sign[8];
    int64_t size = wish->want;
    for (uint32_t corner = 0; corner < 8; corner++) {
        uint32_t leaf[3];
        int8_t turn = wish->up ? 1 : -1;
        bool twice = false;
        for (size_t d = 0; d < 3; d++) {
            bool there = corner >> d & 1;
            twice |= there && from[d] == to[d];
            leaf[d] = there ? to[d] : from[d];
            turn = (int8_t)(there ? -turn : turn);
        }
        if (twice)
            continue;
        col[n] = set->hunt.grid.column[(leaf[0] * 3 + leaf[1]) * 3 + leaf[2]];
        sign[n] = turn;
        if (col[n] == MK_SDC_NONE)
            return;
        int64_t x = (int64_t)set->s.x0[col[n]];
        if (turn < 0 && x < wish->least)
            return;
        if (turn < 0 && x < size)
            size = x;
        n++;
    }
    double price = price_of(set, col, sign, n);
    if (isinf(price) || price > wish->limit ||
        (best->size > 0 && (price > best->price ||
                            (price == best->price && size <= best->size))))
        return;
    *best = (struct best){price, size};
}

static struct best try_all(const struct setting *set,
                           const struct mk_sdc_wish *wish)
{
    struct best best = {0, 0};
    for (uint32_t i = 0; i < 36 * 36; i++) {
        uint32_t from[3] = {i / 9 % 4, i / 3 % 3, i % 3};
        uint32_t to[3] = {i / 36 / 9, i / 36 / 3 % 3, i / 36 % 3};
        bool through = true;
        for (size_t d = 0; d < 3; d++) {
            through &=
                in_target(set, wish->target, d, from[d]) &&
                (from[d] == to[d] || !in_target(set, wish->target, d, to[d]));
        }
        if (through)
            try_cube(set, wish, from, to, &best);
    }
    return best;
}

/* ---- */

static size_t compare(struct setting *set, const struct mk_sdc_wish *wish)
{
    struct mk_sdc_cube cube;
    struct best best = try_all(set, wish);
    bool found = mk_sdc_hunt_cube(&set->hunt, wish, &cube);
    ck_assert(found == (best.size > 0));
    if (!found)
        return 0;
    ck_assert(cube.price == best.price);
    ck_assert_int_eq(cube.size, best.size);
    ck_assert(price_of(set, cube.col, cube.sign, cube.n) == cube.price);
    for (uint32_t i = 0; i < cube.n; i++)
        ck_assert(cube.sign[i] > 0 ||
                  (int64_t)set->s.x0[cube.col[i]] >= cube.size);
    return 1;
}

static size_t compare_all(struct setting *set)
{
    static const double limits[] = {0, 1.5, INFINITY};
    size_t found = 0;
    for (uint32_t c = 0; c < set->s.n_classes; c++)
        for (int64_t i = 0; i < 12; i++) {
            int64_t want = i < 6 ? 1 : 3;
            struct mk_sdc_wish wish = {
                c, i % 2 == 0, want, i % 4 < 2 ? want : 1, limits[i / 2 % 3]};
            found += compare(set, &wish);
        }
    return found;
}

START_TEST(the_cheapest_cube_is_found)
{
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct setting set;
        set_open(&set, seed % 2 == 0, seed);
        ck_assert(set.hunt.grid.plain == (seed % 2 == 1));
        draw_prices(&set);
        ck_assert_uint_gt(compare_all(&set), 0);
        set_close(&set);
    }
}
END_TEST

/* Moves start from the table that they are told of. */
START_TEST(a_shift_counts_in_what_follows)
{
    struct setting set;
    struct mk_sdc_cube cube;
    set_open(&set, false, 1);
    struct mk_sdc_wish wish = {0, false, 1, 1, INFINITY};
    for (uint32_t c = 0; c < set.s.n_classes; c++)
        if (set.hunt.grid.alone[c] != MK_SDC_NONE && set.s.cls[c].value > 0)
            wish.target = c;
    ck_assert(mk_sdc_hunt_cube(&set.hunt, &wish, &cube));
    uint32_t col = set.s.row_col[set.s.row_start[wish.target]];
    int64_t all = (int64_t)set.s.cls[wish.target].value;
    mk_sdc_hunt_shift(&set.hunt, col, -all);
    ck_assert(!mk_sdc_hunt_cube(&set.hunt, &wish, &cube));
    mk_sdc_hunt_shift(&set.hunt, col, all);
    ck_assert(mk_sdc_hunt_cube(&set.hunt, &wish, &cube));
    set_close(&set);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_cheapest_cube_is_found,
        a_shift_counts_in_what_follows,
    };
    return UNIT_RUN("sdc_moves", tests, NULL);
}
