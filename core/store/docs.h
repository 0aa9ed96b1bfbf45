/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a vault lies: in a folder, or in a database on a server.  Beside its
 * rows a vault has a few small documents (keyring, retention keys, failed
 * unlocks, checkpoints): files in the folder, rows of the table document on the
 * server.  A document is read whole and replaced whole.
 *
 * On a server a document that is written inside of a transaction is there when
 * that commits; outside of one each write is a transaction of its own.  Nothing
 * is deleted there: what was removed is an empty row.
 */
#ifndef MK_STORE_DOCS_H
#define MK_STORE_DOCS_H

#include "core/base/buf.h"

struct mk_driver;

struct mk_docs {
    int dir;                  /* owned; -1: on a server, or nowhere */
    struct mk_driver *server; /* borrowed; NULL: a folder, or nowhere */
    const char *below;        /* on a server: what precedes each name */
};
#define MK_DOCS_NONE                           \
    {                                          \
        .dir = -1, .server = NULL, .below = "" \
    }

/* A folder: see mk_dir_open.  Owns: mk_docs_close. */
MK_MUST_USE enum mk_err mk_docs_folder(struct mk_docs *out, const char *path,
                                       struct mk_diag *diag);
void mk_docs_server(struct mk_docs *out, struct mk_driver *server);
void mk_docs_close(struct mk_docs *p); /* nowhere: fine */
/* Documents whose names begin with name/: a folder below, which is made if need
 * be.  name: a literal.  Errors: E_NOT_FOUND (a folder that is not there, and
 * make is false). */
MK_MUST_USE enum mk_err mk_docs_below(struct mk_docs *out,
                                      const struct mk_docs *p,
                                      const char *name, bool make,
                                      struct mk_diag *diag);

/* Bytes of a name with what precedes it. */
#define MK_DOCS_NAME 80u

/* At most max bytes into out, which is cleared first.
 * Errors: E_NOT_FOUND, E_PERMISSIONS, E_TOO_LARGE, E_IO, E_SERVER. */
MK_MUST_USE enum mk_err mk_docs_read(const struct mk_docs *p, const char *name,
                                     size_t max, struct mk_buf *out,
                                     struct mk_diag *diag);
/* *there is false after an error, too.  Errors: E_IO, E_SERVER. */
MK_MUST_USE enum mk_err mk_docs_has(const struct mk_docs *p, const char *name,
                                    bool *there, struct mk_diag *diag);
/* n > 0.  Afterwards the old or the new content is there, whatever happens. */
MK_MUST_USE enum mk_err mk_docs_write(const struct mk_docs *p,
                                      const char *name, const void *bytes,
                                      size_t n, struct mk_diag *diag);
/* Fine if it is not there. */
MK_MUST_USE enum mk_err mk_docs_remove(const struct mk_docs *p,
                                       const char *name, struct mk_diag *diag);
/* The names, without what precedes them, in no order. */
typedef enum mk_err mk_docs_each(void *ctx, const char *name,
                                 struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_docs_list(const struct mk_docs *p,
                                     mk_docs_each *each, void *ctx,
                                     struct mk_diag *diag);

/*
 * Keeps others who hold the same out while a document is read and replaced.
 * lock: name of the file that is locked in a folder; on a server all writers
 * are kept out.  Let go, what was written meanwhile is durable or an error.
 */
struct mk_docs_hold {
    const struct mk_docs *place;
    int lock;  /* -1: none */
    bool ours; /* the transaction on the server was begun for this */
};
MK_MUST_USE enum mk_err mk_docs_hold(struct mk_docs_hold *h,
                                     const struct mk_docs *p, const char *lock,
                                     unsigned wait_ms, struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_docs_let_go(struct mk_docs_hold *h,
                                       struct mk_diag *diag);

/* For docs.c: the server's half (docs_server.c). */
MK_MUST_USE enum mk_err mk_docs_server_read(const struct mk_docs *p,
                                            const char *name, size_t max,
                                            struct mk_buf *out,
                                            struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_docs_server_write(const struct mk_docs *p,
                                             const char *name,
                                             const void *bytes, size_t n,
                                             struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_docs_server_list(const struct mk_docs *p,
                                            mk_docs_each *each, void *ctx,
                                            struct mk_diag *diag);

#endif
