/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of one store into another, as they are: what is sealed stays
 * sealed.  Which key lies around them, and in which engine they lie, is the
 * business of the two drivers.
 */
#ifndef MK_STORE_COPY_H
#define MK_STORE_COPY_H

#include "core/store/store.h"

/* done and total are rows. */
struct mk_copy_progress {
    void (*tell)(void *ctx, uint64_t done, uint64_t total); /* or NULL */
    void *ctx;
};

/*
 * from is in a transaction, to in a write, with tables that are empty as their
 * schema makes them.  Memory does not grow with the number of rows.
 * Errors: E_TAMPERED (a column that no row can have, or to was not empty),
 * E_DISK_FULL, E_IO, E_SERVER.
 */
MK_MUST_USE enum mk_err mk_copy_rows(struct mk_store *from,
                                     struct mk_store *to,
                                     const struct mk_copy_progress *progress,
                                     struct mk_diag *diag);

/* How many rows there are in the tables that are copied, in a transaction. */
MK_MUST_USE enum mk_err mk_copy_count(struct mk_store *st, uint64_t *rows,
                                      struct mk_diag *diag);

#endif
