/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/copy.h"

#include "core/store/query.h"
#include "core/store/rows.h"

#define COLUMNS 12 /* most columns of a table */
#define STEP 1000  /* rows between two words of progress */

#define NO_BOUND (-1)

/* A walk gives the columns in the order in which the insert takes them. */
static const struct table {
    enum mk_query walk;
    int bound; /* its parameter: where it begins, or ends; or NO_BOUND */
    enum mk_query insert;
    unsigned columns;
} tables[] = {
    {MK_Q_DOSSIER_WALK, NO_BOUND, MK_Q_DOSSIER_INSERT, 12},
    {MK_Q_ENTRY_WALK_ALL, NO_BOUND, MK_Q_ENTRY_INSERT, 4},
    {MK_Q_LOG_WALK, 0, MK_Q_LOG_INSERT, 2},
    {MK_Q_HEAD_WALK, 0, MK_Q_HEAD_INSERT, 4},
    {MK_Q_NODE_WALK, NO_BOUND, MK_Q_NODE_SAVE, 4},
    {MK_Q_CHUNK_WALK_TAGS, NO_BOUND, MK_Q_CHUNK_INSERT, 7},
    {MK_Q_STATS_ROW_WALK, MK_STATS_SLOTS, MK_Q_STATS_ROW_SAVE, 2},
    {MK_Q_REGISTER_WALK, NO_BOUND, MK_Q_REGISTER_INSERT, 4},
    {MK_Q_TAIL_GET, NO_BOUND, MK_Q_TAIL_SET, 1},
};

struct copying {
    struct mk_store *from, *to;
    const struct mk_copy_progress *progress;
    uint64_t done, total;
};

static void tell(struct copying *c)
{
    if (c->progress && c->progress->tell)
        c->progress->tell(c->progress->ctx, c->done, c->total);
}

static enum mk_err copy_row(struct copying *c, const struct table *t,
                            struct mk_diag *diag)
{
    struct mk_sql_value v[COLUMNS];

    for (unsigned i = 0; i < t->columns; i++)
        if (!c->from->driver->ops->column(c->from->driver, t->walk, i, &v[i]))
            return mk_fail(diag, MK_E_TAMPERED, mk_query_name(t->walk));
    return mk_query_put(c->to, t->insert, v, t->columns, MK_E_TAMPERED, diag);
}

static enum mk_err copy_table(struct copying *c, const struct table *t,
                              struct mk_diag *diag)
{
    const struct mk_sql_value bound = mk_sql_u64((uint64_t)t->bound);
    enum mk_err rc;
    bool more;

    MK_TRY(mk_query_start(c->from, t->walk, &bound,
                          t->bound == NO_BOUND ? 0 : 1, diag));
    for (;;) {
        MK_TRY(mk_query_step(c->from, t->walk, &more, diag));
        if (!more)
            break;
        MK_TRY(copy_row(c, t, diag));
        if (++c->done % STEP == 0)
            tell(c);
    }
out:
    mk_query_finish(c->from, t->walk);
    return rc;
}

enum mk_err mk_copy_count(struct mk_store *st, uint64_t *rows,
                          struct mk_diag *diag)
{
    struct mk_columns columns = mk_columns_of(st, MK_Q_ROWS_TOTAL);
    enum mk_err rc;
    bool found;

    *rows = 0;
    MK_TRY(mk_query_first(st, MK_Q_ROWS_TOTAL, NULL, 0, &found, diag));
    *rows = mk_column_u64(&columns);
    MK_TRY(mk_columns_end(&columns, "rows", diag));
out:
    mk_query_finish(st, MK_Q_ROWS_TOTAL);
    return rc;
}

enum mk_err mk_copy_rows(struct mk_store *from, struct mk_store *to,
                         const struct mk_copy_progress *progress,
                         struct mk_diag *diag)
{
    struct copying c = {.from = from, .to = to, .progress = progress};
    enum mk_err rc;

    MK_TRY(mk_copy_count(from, &c.total, diag));
    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
        MK_TRY(copy_table(&c, &tables[i], diag));
    c.done = c.total;
    tell(&c);
out:
    return rc;
}
