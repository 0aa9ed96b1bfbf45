/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a cube that was read, looked at together. */
#include <stdlib.h>

#include "reports/cube_read.h"

/* A row as one number (8 x 6 + 6 x 1 bits), and where it stood. */
struct place {
    uint64_t key;
    uint32_t site, accused;
    uint8_t change, reason;
    uint64_t line;
    uint64_t n;
};

static uint64_t key_of(const struct mk_counts_row *row)
{
    uint64_t key = 0;
    for (unsigned d = 0; d < MK_DIM_COUNT; d++)
        key = key << (mk_dim_levels(d) == MK_LEVELS_FLAG ? 1 : 6) |
              row->level[d];
    return key;
}

static int compare(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (x->change != y->change)
        return x->change < y->change ? -1 : 1;
    if (x->reason != y->reason)
        return x->reason < y->reason ? -1 : 1;
    if (x->site != y->site)
        return x->site < y->site ? -1 : 1;
    if (x->accused != y->accused)
        return x->accused < y->accused ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

static bool same(const struct place *x, const struct place *y)
{
    return x->key == y->key && x->change == y->change &&
           x->reason == y->reason && x->site == y->site &&
           x->accused == y->accused;
}

static enum mk_err check_once(const struct place *places, size_t n,
                              struct mk_diag *diag)
{
    for (size_t i = 1; i < n; i++)
        if (same(&places[i], &places[i - 1]))
            return mk_fail_at(diag, MK_E_DUPLICATE_KEY, "meldkluis-cube",
                              places[i].line, 0, 0);
    return MK_OK;
}

/* What a row adds to NOW - THEN - ADDED + REMOVED, which is nothing in all. */
static int64_t off_by(const struct place *p)
{
    bool up = p->change == MK_CHANGE_AT_NOW || p->change == MK_CHANGE_REMOVED;
    return up ? (int64_t)p->n : -(int64_t)p->n;
}

static enum mk_err check_steps(const struct place *places, size_t n,
                               struct mk_diag *diag)
{
    int64_t off = 0;
    for (size_t i = 0; i < n; i++) {
        off += off_by(&places[i]);
        if (i + 1 < n && places[i + 1].key == places[i].key)
            continue;
        if (off != 0)
            return mk_fail_at(diag, MK_E_SYNTAX, "change", places[i].line, 0,
                              0);
    }
    return MK_OK;
}

enum mk_err mk_counts_check(const struct mk_counts *c, uint64_t first_line,
                            struct mk_diag *diag)
{
    struct place *places = calloc(c->n_rows + 1, sizeof *places);
    enum mk_err rc;
    if (!places)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    for (size_t i = 0; i < c->n_rows; i++) {
        const struct mk_counts_row *row = &c->rows[i];
        places[i] = (struct place){key_of(row), row->site,   row->accused,
                                   row->change, row->reason, first_line + i,
                                   row->n};
    }
    qsort(places, c->n_rows, sizeof *places, compare);
    MK_TRY(check_once(places, c->n_rows, diag));
    if (c->version == 4)
        MK_TRY(check_steps(places, c->n_rows, diag));
out:
    free(places);
    return rc;
}
