/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/cover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/sdc/suppress.h"

#define LEVEL 0.01 /* cells of another value are level as far as this */
#define SPLITS 5   /* ways to divide a width over up and down, at most */

/* A pair of moves while it is made. */
struct mk_sdc_attempt {
    struct mk_sdc_shift shift[2][MK_SDC_MOVE]; /* up, down */
    uint32_t n[2];
    int64_t reach[2];
    double price;
};

/* ---- life ---- */

enum mk_err mk_sdc_cover_init(struct mk_sdc_cover *cover,
                              const struct mk_sdc_system *s,
                              const struct mk_sdc_needs *needs)
{
    enum mk_err rc;
    memset(cover, 0, sizeof *cover);
    cover->s = s;
    cover->needs = needs;
    MK_TRY(mk_sdc_hunt_init(&cover->hunt, s));
    cover->cost = calloc(s->n_classes + 1, sizeof *cover->cost);
    cover->ask = calloc(s->n_classes + 1, sizeof *cover->ask);
    cover->use = calloc(s->n_classes + 1, sizeof *cover->use);
    cover->users = calloc(s->n_classes + 1, sizeof *cover->users);
    cover->paid = calloc(s->n_classes + 1, sizeof *cover->paid);
    cover->answer = calloc(needs->n + 1, sizeof *cover->answer);
    cover->now = calloc(1, sizeof *cover->now);
    cover->best = calloc(1, sizeof *cover->best);
    if (!cover->cost || !cover->ask || !cover->use || !cover->users ||
        !cover->paid || !cover->answer || !cover->now || !cover->best)
        return MK_E_MEMORY;
    mk_sdc_class_cost(s, cover->cost);
    cover->step = mk_sdc_cost_step(s);
    memcpy(cover->ask, cover->cost, s->n_classes * sizeof *cover->ask);
    for (uint32_t c = 0; c < s->n_classes; c++)
        mk_sdc_hunt_price(&cover->hunt, c,
                          s->cls[c].fate == MK_SDC_MUST_HIDE ? 0
                          : s->cls[c].fate == MK_SDC_MUST_SHOW
                              ? INFINITY
                              : cover->cost[c]);
out:
    return rc;
}

static void answer_release(struct mk_sdc_answer *a)
{
    free(a->shift);
    free(a->cls);
    memset(a, 0, sizeof *a);
}

void mk_sdc_cover_release(struct mk_sdc_cover *cover)
{
    if (cover->answer)
        for (size_t i = 0; i < cover->needs->n; i++)
            answer_release(&cover->answer[i]);
    if (cover->users)
        for (size_t c = 0; c < cover->s->n_classes; c++)
            free(cover->users[c].at);
    mk_sdc_hunt_release(&cover->hunt);
    free(cover->cost);
    free(cover->ask);
    free(cover->use);
    free(cover->users);
    free(cover->paid);
    free(cover->answer);
    free(cover->now);
    free(cover->best);
    memset(cover, 0, sizeof *cover);
}

void mk_sdc_cover_ask(struct mk_sdc_cover *cover, uint32_t cls, double price)
{
    if (cover->s->cls[cls].fate != MK_SDC_OPEN)
        return;
    cover->ask[cls] = price;
    if (cover->use[cls] == 0)
        mk_sdc_hunt_price(&cover->hunt, cls, price);
}

/* ---- who uses what ---- */

static void drop_stale(const struct mk_sdc_cover *cover,
                       struct mk_sdc_users *users)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < users->n; i++)
        if (cover->answer[users->at[i].need].number == users->at[i].number &&
            (n == 0 || users->at[n - 1].number != users->at[i].number))
            users->at[n++] = users->at[i];
    users->n = n;
}

static enum mk_err add_user(struct mk_sdc_cover *cover, uint32_t cls,
                            uint32_t need)
{
    struct mk_sdc_users *users = &cover->users[cls];
    bool full = users->n == users->cap;
    if (full)
        drop_stale(cover, users);
    if (full && users->n >= users->cap / 2) {
        uint32_t cap = users->cap ? 2 * users->cap : 4;
        struct mk_sdc_user *at = realloc(users->at, cap * sizeof *at);
        if (!at)
            return MK_E_MEMORY;
        users->at = at;
        users->cap = cap;
    }
    users->at[users->n++] =
        (struct mk_sdc_user){need, cover->answer[need].number};
    return MK_OK;
}

void mk_sdc_cover_users(struct mk_sdc_cover *cover, uint32_t cls,
                        uint32_t *need, size_t most, size_t *n)
{
    struct mk_sdc_users *users = &cover->users[cls];
    drop_stale(cover, users);
    *n = users->n > most ? most + 1 : users->n;
    for (size_t i = 0; i < *n && *n <= most; i++)
        need[i] = users->at[i].need;
}

/* Takes answer a of a need into the pattern; a is moved. */
static enum mk_err put(struct mk_sdc_cover *cover, uint32_t need,
                       struct mk_sdc_answer *a)
{
    enum mk_err rc = MK_OK;
    a->number = ++cover->numbers;
    cover->answer[need] = *a;
    memset(a, 0, sizeof *a);
    a = &cover->answer[need];
    for (uint32_t i = 0; i < a->n_cls; i++) {
        uint32_t c = a->cls[i];
        if (cover->use[c]++ == 0) {
            cover->total += cover->cost[c];
            mk_sdc_hunt_price(&cover->hunt, c, 0);
        }
        if (rc == MK_OK)
            rc = add_user(cover, c, need);
    }
    return rc;
}

/* Out of the pattern again; the answer is the caller's. */
static void take(struct mk_sdc_cover *cover, uint32_t need,
                 struct mk_sdc_answer *a)
{
    *a = cover->answer[need];
    memset(&cover->answer[need], 0, sizeof *a);
    for (uint32_t i = 0; i < a->n_cls; i++) {
        uint32_t c = a->cls[i];
        if (--cover->use[c] == 0) {
            cover->total -= cover->cost[c];
            mk_sdc_hunt_price(&cover->hunt, c, cover->ask[c]);
        }
    }
}

/* ---- one move ---- */

static void add_shift(struct mk_sdc_attempt *t, int side, uint32_t col,
                      int32_t delta)
{
    struct mk_sdc_shift *shift = t->shift[side];
    uint32_t k = 0;
    while (k < t->n[side] && shift[k].col != col)
        k++;
    if (k == t->n[side])
        shift[t->n[side]++] = (struct mk_sdc_shift){col, 0};
    shift[k].delta += delta;
    if (shift[k].delta == 0)
        shift[k] = shift[--t->n[side]];
}

/* Adds the cube to the move, and counts what it has to pay as paid. */
static void add_cube(struct mk_sdc_cover *cover, struct mk_sdc_attempt *t,
                     int side, const struct mk_sdc_cube *cube)
{
    struct mk_sdc_hunt *hunt = &cover->hunt;
    struct mk_sdc_shift one[MK_SDC_CORNERS];
    for (uint32_t i = 0; i < cube->n; i++) {
        int32_t delta = (int32_t)(cube->sign[i] * cube->size);
        mk_sdc_hunt_shift(hunt, cube->col[i], delta);
        one[i] = (struct mk_sdc_shift){cube->col[i], delta};
        add_shift(t, side, cube->col[i], delta);
    }
    if (cube->price == 0)
        return;
    t->price += cube->price;
    size_t n = mk_sdc_hunt_touch(hunt, one, cube->n);
    for (size_t k = 0; k < n; k++) {
        uint32_t c = hunt->touched[k];
        if (hunt->delta[c] == 0 || hunt->price[c] == 0)
            continue;
        mk_sdc_hunt_price(hunt, c, 0);
        cover->paid[cover->n_paid++] = c;
    }
    mk_sdc_hunt_forget(hunt, n);
}

static int32_t shift_of(const struct mk_sdc_attempt *t, int side, uint32_t col)
{
    for (uint32_t k = 0; k < t->n[side]; k++)
        if (t->shift[side][k].col == col)
            return t->shift[side][k].delta;
    return 0;
}

/*
 * What had to be paid, from the given place on, is put back where another cube
 * through it costs less: two cubes whose common corner stays what it was.
 */
static void spare_paid(struct mk_sdc_cover *cover, uint32_t target, int side,
                       uint32_t from, struct mk_sdc_attempt *t)
{
    struct mk_sdc_hunt *hunt = &cover->hunt;
    const struct mk_sdc_system *s = cover->s;
    double of_target = hunt->price[target];
    struct mk_sdc_cube cube;
    mk_sdc_hunt_price(hunt, target, INFINITY); /* it keeps what it has */
    for (uint32_t k = from, cubes = 0;
         k < cover->n_paid && cubes < MK_SDC_CUBES;) {
        uint32_t c = cover->paid[k], col = s->row_col[s->row_start[c]];
        bool alone = s->row_start[c + 1] - s->row_start[c] == 1;
        int32_t delta = alone ? shift_of(t, side, col) : 0;
        struct mk_sdc_wish wish = {c, delta < 0, abs(delta), abs(delta),
                                   0.999 * cover->ask[c]};
        if (c == target || delta == 0 ||
            !mk_sdc_hunt_cube(hunt, &wish, &cube)) {
            k++;
            continue;
        }
        add_cube(cover, t, side, &cube);
        cubes++;
        cover->paid[k] = cover->paid[--cover->n_paid];
        mk_sdc_hunt_price(hunt, c, cover->ask[c]);
        t->price -= cover->ask[c];
    }
    mk_sdc_hunt_price(hunt, target, of_target);
}

enum manner { FREE, AT_ONCE, FREE_THEN_AT_ONCE, BIT_BY_BIT };

/* A move that takes the target as far as want, cube by cube. */
static void make_move(struct mk_sdc_cover *cover, uint32_t target, int side,
                      int64_t want, enum manner manner, double limit,
                      struct mk_sdc_attempt *t)
{
    struct mk_sdc_hunt *hunt = &cover->hunt;
    struct mk_sdc_cube cube;
    bool free_first = manner == FREE || manner == FREE_THEN_AT_ONCE;
    uint32_t paid = cover->n_paid;
    t->n[side] = 0;
    t->reach[side] = 0;
    for (int i = 0; i < MK_SDC_CUBES && t->reach[side] < want; i++) {
        int64_t left = want - t->reach[side];
        struct mk_sdc_wish wish = {target, side == 0, left, 1, 0};
        bool found = free_first && mk_sdc_hunt_cube(hunt, &wish, &cube);
        if (!found && manner == FREE)
            break;
        if (!found) {
            free_first = false;
            wish.limit = limit - t->price;
            wish.least = manner == BIT_BY_BIT ? 1 : left;
            found = wish.limit > 0 && mk_sdc_hunt_cube(hunt, &wish, &cube);
        }
        if (!found)
            break;
        add_cube(cover, t, side, &cube);
        t->reach[side] += cube.size;
    }
    if (t->reach[side] >= want)
        spare_paid(cover, target, side, paid, t);
    for (uint32_t i = 0; i < t->n[side]; i++)
        mk_sdc_hunt_shift(hunt, t->shift[side][i].col,
                          -t->shift[side][i].delta);
}

uint32_t mk_sdc_cover_stretch(struct mk_sdc_cover *cover, uint32_t cls,
                              bool up, int64_t want,
                              const struct mk_sdc_shift **shift)
{
    struct mk_sdc_attempt *t = cover->now;
    int side = up ? 0 : 1;
    make_move(cover, cls, side, want, FREE, 0, t);
    *shift = t->shift[side];
    return t->reach[side] >= want ? t->n[side] : 0;
}

/* What the attempt hid goes back to its price. */
static void forget_paid(struct mk_sdc_cover *cover)
{
    for (uint32_t k = 0; k < cover->n_paid; k++)
        mk_sdc_hunt_price(&cover->hunt, cover->paid[k],
                          cover->ask[cover->paid[k]]);
    cover->n_paid = 0;
}

/* ---- an answer ---- */

static bool is_met(const struct mk_sdc_need *need,
                   const struct mk_sdc_attempt *t)
{
    return t->reach[0] >= need->up && t->reach[1] >= need->down &&
           t->reach[0] + t->reach[1] >= need->slide;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Up by up and down by what is left of the width. */
static void try_split(struct mk_sdc_cover *cover,
                      const struct mk_sdc_need *need, int64_t up,
                      enum manner manner, double limit)
{
    struct mk_sdc_attempt *t = cover->now;
    int64_t down = larger(need->down, need->slide - up);
    t->price = 0;
    t->n[1] = 0;
    t->reach[1] = 0;
    make_move(cover, need->target.plus, 0, up, manner, limit, t);
    if (t->reach[0] >= up)
        make_move(cover, need->target.plus, 1, down, manner, limit, t);
    forget_paid(cover);
}

/* cover->best becomes the cheapest attempt; its price is limit if there is
 * none that is cheaper. */
static void try_all(struct mk_sdc_cover *cover, const struct mk_sdc_need *need,
                    double limit)
{
    int64_t most = larger(need->up, need->slide - need->down);
    int64_t step = larger(1, (most - need->up) / (SPLITS - 1));
    cover->best->price = limit;
    cover->best->reach[0] = cover->best->reach[1] = -1;
    for (int64_t up = need->up; up <= most; up += step) {
        if (larger(need->down, need->slide - up) > need->value)
            continue;
        for (int m = AT_ONCE; m <= BIT_BY_BIT; m++) {
            try_split(cover, need, up, (enum manner)m, cover->best->price);
            if (is_met(need, cover->now) &&
                (cover->now->price < cover->best->price ||
                 cover->best->reach[0] < 0)) {
                struct mk_sdc_attempt *t = cover->now;
                cover->now = cover->best;
                cover->best = t;
            }
        }
    }
}

/* Sides one after the other: the classes that they change. */
static enum mk_err list_classes(struct mk_sdc_cover *cover,
                                struct mk_sdc_answer *a)
{
    struct mk_sdc_hunt *hunt = &cover->hunt;
    size_t cap = 0;
    for (int pass = 0; pass < 4; pass++) {
        bool up = pass % 2 == 0;
        if (pass == 2) {
            a->cls = calloc(cap + 1, sizeof *a->cls);
            if (!a->cls)
                return MK_E_MEMORY;
        }
        size_t n = mk_sdc_hunt_touch(hunt, up ? a->shift : a->shift + a->n_up,
                                     up ? a->n_up : a->n_down);
        for (size_t k = 0; k < n; k++) {
            uint32_t c = hunt->touched[k];
            if (hunt->delta[c] == 0 || cover->s->cls[c].fate != MK_SDC_OPEN)
                continue;
            cap++;
            if (pass >= 2)
                a->cls[a->n_cls++] = c;
        }
        mk_sdc_hunt_forget(hunt, n);
    }
    return MK_OK;
}

static enum mk_err keep(struct mk_sdc_cover *cover, uint32_t need,
                        const struct mk_sdc_attempt *t)
{
    struct mk_sdc_answer a = {.n_up = t->n[0], .n_down = t->n[1]};
    enum mk_err rc = MK_E_MEMORY;
    a.shift = calloc(a.n_up + a.n_down + 1, sizeof *a.shift);
    if (!a.shift)
        goto out;
    memcpy(a.shift, t->shift[0], a.n_up * sizeof *a.shift);
    memcpy(a.shift + a.n_up, t->shift[1], a.n_down * sizeof *a.shift);
    MK_TRY(list_classes(cover, &a));
    rc = put(cover, need, &a);
out:
    answer_release(&a);
    return rc;
}

enum mk_err mk_sdc_cover_answer(struct mk_sdc_cover *cover, uint32_t i,
                                double limit, bool *found)
{
    const struct mk_sdc_need *need = &cover->needs->at[i];
    struct mk_sdc_attempt *t = cover->now;
    int64_t up = larger(need->up, need->slide - need->down);
    int64_t down = larger(need->down, need->slide - need->up);
    if (down > need->value)
        down = need->value;
    t->price = 0;
    make_move(cover, need->target.plus, 0, up, FREE, 0, t);
    make_move(cover, need->target.plus, 1, down, FREE, 0, t);
    *found = is_met(need, t);
    if (!*found && limit > 0) {
        try_all(cover, need, limit);
        t = cover->best;
        *found = is_met(need, t);
    }
    return *found ? keep(cover, i, t) : MK_OK;
}

/* ---- again ---- */

enum mk_err mk_sdc_cover_again(struct mk_sdc_cover *cover,
                               const uint32_t *need, size_t n,
                               uint32_t without, bool level, bool *better)
{
    struct mk_sdc_answer *old = calloc(n + 1, sizeof *old), a;
    double before = cover->total;
    bool found = true;
    enum mk_err rc = MK_OK;
    *better = false;
    if (!old)
        return MK_E_MEMORY;
    for (size_t i = 0; i < n; i++)
        take(cover, need[i], &old[i]);
    if (without != MK_SDC_NONE)
        mk_sdc_hunt_price(&cover->hunt, without, INFINITY);
    for (size_t i = 0; i < n && found && rc == MK_OK; i++)
        rc =
            mk_sdc_cover_answer(cover, need[i], before - cover->total, &found);
    if (without != MK_SDC_NONE)
        mk_sdc_hunt_price(&cover->hunt, without,
                          cover->use[without] ? 0 : cover->ask[without]);
    *better = found && cover->total < before + (level ? LEVEL : -cover->step);
    for (size_t i = 0; i < n && rc == MK_OK && !*better; i++) {
        take(cover, need[i], &a);
        answer_release(&a);
    }
    for (size_t i = 0; i < n && rc == MK_OK && !*better; i++)
        rc = put(cover, need[i], &old[i]);
    for (size_t i = 0; i < n; i++)
        answer_release(&old[i]);
    free(old);
    return rc;
}
