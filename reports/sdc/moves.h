/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moves: sparse changes of the true table, found without a solver.
 *
 *   +---- - ----+     A cube goes through a column of the target.  In some
 *  /           /|     dimensions it alternates between two leaves, in the
 *  + ------- -  |     others it stays where it is.  Its corners rise and fall
 *  |         |  +     in turns, so every sum over a dimension in which it
 *  |         | /      alternates stays what it was; sums over the others move
 *  - ------- +        with the corners.
 *
 * A cube costs the price of all classes that it changes.  The cheapest one is
 * found by going through the leaves dimension by dimension, as long as the
 * inner cells so far cost less than the best cube: exact, and few steps where
 * much is hidden already.  Only systems of one bag.
 */
#ifndef MK_SDC_MOVES_H
#define MK_SDC_MOVES_H

#include "reports/sdc/system.h"

#define MK_SDC_CORNERS 64 /* a cube alternates in at most 6 dimensions */

/* The columns of a system by their leaves. */
struct mk_sdc_grid {
    const struct mk_sdc_system *s; /* borrowed */
    size_t dim[MK_SDC_DIMS];       /* joint dimensions of the bag */
    size_t n_dims;
    size_t stride[MK_SDC_DIMS], first[MK_SDC_DIMS];
    uint32_t leaves[MK_SDC_DIMS];
    size_t n_leaves;  /* of all its dimensions; first: where each begins */
    uint32_t *column; /* by inner cell: column or NONE; owned, as the rest */
    size_t size;      /* inner cells */
    uint32_t *alone;  /* by class: the inner cell that is all of it, or NONE */
    uint32_t *wide;   /* by class: bits of the dimensions in which it is more
                       than one leaf; 0 where it is one inner cell alone */
    bool plain; /* no node but leaves and totals: a sum over a dimension in
                   which a cube alternates stays what it was */
};

struct mk_sdc_cube {
    uint32_t col[MK_SDC_CORNERS];
    int8_t sign[MK_SDC_CORNERS];
    uint32_t n;
    int64_t size; /* how far it goes at most, in all directions at once */
    double price;
};

/* What is looked for. */
struct mk_sdc_wish {
    uint32_t target; /* class */
    bool up;
    int64_t want, least; /* at least least; more than want is of no use */
    double limit;        /* at most this price */
};

/* An inner cell as a corner. */
struct mk_sdc_corner {
    double price; /* of the class that is it alone; 0 if there is none;
                     INFINITY where there is no column */
    int64_t x;    /* records in the table from which moves start */
};

/* A leaf to alternate with; what that costs, and how far it goes at most. */
struct mk_sdc_way {
    double price;
    int64_t size;
    uint32_t leaf;
};

struct mk_sdc_hunt {
    struct mk_sdc_grid grid;
    double *price; /* by class; owned, as the rest; see mk_sdc_hunt_price */
    struct mk_sdc_corner *corner; /* by inner cell */
    uint64_t steps; /* corners looked at: the same on every machine */
    /* scratch */
    int32_t *delta; /* by class, 0 between uses */
    uint32_t *touched;
    uint64_t *seen, round;  /* by class: the round in which it was touched */
    bool *within;           /* by leaf: the target's node has it */
    struct mk_sdc_way *way; /* lists, see struct growing */
    uint32_t *ways;         /* their lengths */
};

/* x is the true table, all prices are 0.  Owns: release, also after an error.
 * Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_hunt_init(struct mk_sdc_hunt *hunt,
                                         const struct mk_sdc_system *s);
void mk_sdc_hunt_release(struct mk_sdc_hunt *hunt);

/* What moving a class costs: 0 what is hidden, INFINITY what must not move. */
void mk_sdc_hunt_price(struct mk_sdc_hunt *hunt, uint32_t cls, double price);
/* Changes the table from which moves start. */
void mk_sdc_hunt_shift(struct mk_sdc_hunt *hunt, uint32_t col, int64_t delta);

/* The cheapest cube, and of those the largest; false if there is none. */
MK_MUST_USE bool mk_sdc_hunt_cube(struct mk_sdc_hunt *hunt,
                                  const struct mk_sdc_wish *wish,
                                  struct mk_sdc_cube *cube);

/*
 * The classes that the columns change, in the order in which they come first:
 * n of them are in hunt->touched, hunt->delta says by how much, until
 * mk_sdc_hunt_forget.
 */
struct mk_sdc_shift {
    uint32_t col;
    int32_t delta; /* never 0 */
};
size_t mk_sdc_hunt_touch(struct mk_sdc_hunt *hunt,
                         const struct mk_sdc_shift *shift, size_t n);
void mk_sdc_hunt_forget(struct mk_sdc_hunt *hunt, size_t n);

#endif
