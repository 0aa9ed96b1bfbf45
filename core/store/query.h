/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the files of core/store/ only: the store's inside, and queries with
 * typed columns on top of a driver. */
#ifndef MK_STORE_QUERY_H
#define MK_STORE_QUERY_H

#include <sys/types.h>

#include "core/store/driver.h"
#include "core/store/rows.h"

#define MK_STORE_FILE "vault.db"
#define MK_STORE_LOCK "vault.lock"
/* How long to wait for other processes. */
#define MK_STORE_BUSY_MS 60000u

enum mk_tx { MK_TX_NONE, MK_TX_READ, MK_TX_WRITE };

struct mk_store {
    struct mk_driver *driver;
    enum mk_tx tx;
    unsigned schema;
    uint64_t tail_written; /* by mk_tail_set in this write; 0 = not */
    bool on_server;        /* driver is borrowed, and nothing below is used */
    int dir;               /* of its own */
    int lock;              /* -1: a file beside the place */
    dev_t dev;             /* the file at the place when it was opened */
    ino_t ino;
};

/*
 * A store under another name in the folder, which nobody else opens: make it,
 * fill it, finish it (closed, without a journal; st goes also when that
 * fails), rename it.  unmake removes what an attempt left.
 */
MK_MUST_USE enum mk_err mk_store_make(struct mk_store **out, int dir,
                                      const char *path, const char *name,
                                      const struct mk_secret *dbk,
                                      struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_store_finish(struct mk_store *st, const char *name,
                                        struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_store_unmake(int dir, const char *name,
                                        struct mk_diag *diag);

/*
 * Starts q.  Errors: E_INTERNAL outside of a transaction (or of a write, for
 * a statement that writes), and while q is being read.
 */
MK_MUST_USE enum mk_err mk_query_start(struct mk_store *st, enum mk_query q,
                                       const struct mk_sql_value *params,
                                       size_t n, struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_query_step(struct mk_store *st, enum mk_query q,
                                      bool *more, struct mk_diag *diag);
void mk_query_finish(struct mk_store *st, enum mk_query q);

/* A statement without rows, whole.  *changed becomes how many it touched. */
MK_MUST_USE enum mk_err mk_query_run(struct mk_store *st, enum mk_query q,
                                     const struct mk_sql_value *params,
                                     size_t n, uint64_t *changed,
                                     struct mk_diag *diag);
/*
 * A statement that writes one row.  On a server it need not have been done
 * yet: then its error is that of what is asked later, at the latest of the
 * commit.
 * Errors: otherwise (E_TAMPERED, E_CHANGED) when it touches another number of
 * rows, as when somebody has the engine swallow what is written, or when such
 * a row is there already.
 */
MK_MUST_USE enum mk_err mk_query_put(struct mk_store *st, enum mk_query q,
                                     const struct mk_sql_value *params,
                                     size_t n, enum mk_err otherwise,
                                     struct mk_diag *diag);
/* Starts q and takes its first row; if *found, the caller finishes q. */
MK_MUST_USE enum mk_err mk_query_first(struct mk_store *st, enum mk_query q,
                                       const struct mk_sql_value *params,
                                       size_t n, bool *found,
                                       struct mk_diag *diag);

/*
 * Columns of the current row, read from left to right.  Who may write to the
 * file may write anything: a column of another type or size sets bad, which
 * the caller turns into E_TAMPERED once, at the end.
 */
struct mk_columns {
    struct mk_store *st;
    enum mk_query q;
    unsigned next;
    bool bad;
};
struct mk_columns mk_columns_of(struct mk_store *st, enum mk_query q);
uint64_t mk_column_u64(struct mk_columns *c);
uint32_t mk_column_u32(struct mk_columns *c);
struct mk_blob mk_column_blob(struct mk_columns *c); /* NULL is bad */
struct mk_blob mk_column_blob_or_null(struct mk_columns *c);
void mk_column_bytes(struct mk_columns *c, uint8_t *out, size_t n);
/* E_TAMPERED with the name of the table if bad. */
MK_MUST_USE enum mk_err mk_columns_end(const struct mk_columns *c,
                                       const char *table,
                                       struct mk_diag *diag);

#endif
