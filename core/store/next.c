/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/next.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/store/file.h"
#include "core/store/query.h"
#include "core/store/rows.h"

#define KEYRING "keyring"
#define COLUMNS 12 /* most columns of a table */
#define STEP 1000  /* rows between two words of progress */

/* ---- copying ---- */

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
    return mk_query_run(c->to, t->insert, v, t->columns, NULL, diag);
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

static enum mk_err count_rows(struct copying *c, struct mk_diag *diag)
{
    struct mk_columns columns = mk_columns_of(c->from, MK_Q_ROWS_TOTAL);
    enum mk_err rc;
    bool found;

    MK_TRY(mk_query_first(c->from, MK_Q_ROWS_TOTAL, NULL, 0, &found, diag));
    c->total = mk_column_u64(&columns);
    MK_TRY(mk_columns_end(&columns, "rows", diag));
out:
    mk_query_finish(c->from, MK_Q_ROWS_TOTAL);
    return rc;
}

static enum mk_err copy_all(struct copying *c, struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(count_rows(c, diag));
    MK_TRY(mk_store_begin_write(c->to, diag));
    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
        MK_TRY(copy_table(c, &tables[i], diag));
    MK_TRY(mk_store_commit(c->to, diag));
    c->done = c->total;
    tell(c);
out:
    return rc;
}

/* What stays is removed by the next writer. */
static void discard(int dir)
{
    enum mk_err rc = mk_next_clear(dir, NULL);

    (void)rc;
}

enum mk_err mk_store_copy(struct mk_store **out, struct mk_store *from,
                          const char *path, const struct mk_secret *dbk,
                          const struct mk_copy_progress *progress,
                          struct mk_diag *diag)
{
    struct copying c = {.from = from, .progress = progress};
    enum mk_err rc;

    *out = NULL;
    if (!mk_store_in_write(from))
        return mk_fail(diag, MK_E_INTERNAL, "transaction");
    rc = mk_store_make(&c.to, from->dir, path, MK_NEXT_STORE, dbk, diag);
    if (rc == MK_OK)
        rc = copy_all(&c, diag);
    if (rc == MK_OK)
        *out = c.to;
    else if (c.to)
        mk_store_drop(c.to);
    else
        discard(from->dir);
    return rc;
}

void mk_store_drop(struct mk_store *copy)
{
    int dir = copy ? fcntl(copy->dir, F_DUPFD_CLOEXEC, 0) : -1;

    mk_store_close(copy);
    if (dir < 0)
        return;
    discard(dir);
    (void)close(dir);
}

/* ---- the switch ---- */

bool mk_next_switched(int dir)
{
    return mk_file_exists(dir, MK_NEXT_KEYRING);
}

bool mk_next_left(int dir)
{
    return mk_file_exists(dir, MK_NEXT_STORE) ||
           mk_file_exists(dir, MK_NEXT_STORE "-journal");
}

enum mk_err mk_next_clear(int dir, struct mk_diag *diag)
{
    return mk_store_unmake(dir, MK_NEXT_STORE, diag);
}

/* vault.lock is held alone.  Each step may be done already. */
static enum mk_err finish(int dir, struct mk_diag *diag)
{
    enum mk_err rc;
    bool found;

    MK_TRY(mk_file_check(dir, MK_NEXT_KEYRING, &found, diag));
    if (!found)
        goto out;
    MK_TRY(mk_file_check(dir, MK_NEXT_STORE, &found, diag));
    if (found)
        MK_TRY(mk_file_rename(dir, MK_NEXT_STORE, MK_STORE_FILE, diag));
    MK_TRY(mk_file_rename(dir, MK_NEXT_KEYRING, KEYRING, diag));
out:
    return rc;
}

enum mk_err mk_next_settle(int dir, struct mk_diag *diag)
{
    enum mk_err rc;
    int lock;

    if (!mk_next_switched(dir))
        return MK_OK;
    rc = mk_file_lock(&lock, dir, MK_STORE_LOCK, MK_STORE_BUSY_MS, diag);
    if (rc != MK_OK)
        return rc;
    rc = finish(dir, diag);
    (void)close(lock);
    return rc;
}

/* What can still be refused.  The copy is whole and closed afterwards. */
static enum mk_err prepare(struct mk_store *from, struct mk_store *copy,
                           struct mk_diag *diag)
{
    enum mk_err rc = mk_store_finish(copy, MK_NEXT_STORE, diag);

    if (rc == MK_OK && !mk_store_in_write(from))
        rc = mk_fail(diag, MK_E_INTERNAL, "transaction");
    if (rc == MK_OK) /* readers end; new ones wait */
        rc = mk_lock_take(from->lock, MK_STORE_LOCK, MK_LOCK_ALONE,
                          MK_STORE_BUSY_MS, diag);
    return rc;
}

enum mk_err mk_store_switch(struct mk_store *from, struct mk_store *copy,
                            const char *keyring, struct mk_diag *diag)
{
    enum mk_err rc = prepare(from, copy, diag);
    enum mk_err later;

    if (rc == MK_OK)
        rc = mk_file_rename(from->dir, keyring, MK_NEXT_KEYRING, diag);
    if (rc == MK_OK) {
        later = finish(from->dir, NULL);
        (void)later; /* whoever opens next finishes it */
    } else if (mk_next_switched(from->dir)) {
        rc = mk_fail(diag, MK_E_UNKNOWN_OUTCOME, MK_NEXT_KEYRING);
    } else {
        discard(from->dir);
        later = mk_file_remove(from->dir, keyring, NULL);
        (void)later; /* the next writer removes it */
    }
    mk_store_rollback(from);
    return rc;
}
