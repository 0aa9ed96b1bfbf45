/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dossier between its two shapes: sealed rows of the store, and a case in
 * clear.  All envelopes of a dossier are made and opened here, but those of
 * its keys and its owner, which can be read without its keys, so that a
 * purpose can be asked first (core/sealed_key.h).
 */
#ifndef MK_CORE_SEALED_H
#define MK_CORE_SEALED_H

#include "core/sealed_key.h"

/* A dossier that was read, proven and opened. */
struct mk_opened {
    struct mk_dossier_row row;
    struct mk_dek *dek;
    struct mk_case c;
};
void mk_opened_init(struct mk_opened *d);
void mk_opened_release(struct mk_opened *d); /* wipes */

/* --- in a snapshot or a transaction of v, after its heads were proven --- */

/* The dossier that ref names, its row proven as by mk_sealed_row.  *found
 * false is proven too: every row was looked at and compared with the root. */
MK_MUST_USE enum mk_err mk_sealed_find(struct mk_vault *v,
                                       const struct mk_dossier_ref *ref,
                                       bool *found, struct mk_dossier_row *row,
                                       struct mk_diag *diag);
/*
 * Looks at every row in order of ordinal, then proves that these are all:
 * together they make the dossier root.  What look learnt holds only after
 * MK_OK: a list that lacks a dossier is a forgery like any other.
 * Errors: E_TAMPERED; what look returns, which ends the walk.
 */
typedef enum mk_err mk_sealed_look(void *ctx, const struct mk_dossier_row *row,
                                   struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_sealed_walk(struct mk_vault *v,
                                       mk_sealed_look *look, void *ctx,
                                       struct mk_diag *diag);
/* The row, proven by its path to the dossier root. */
MK_MUST_USE enum mk_err mk_sealed_row(struct mk_vault *v, uint64_t ordinal,
                                      struct mk_dossier_row *row,
                                      struct mk_diag *diag);
/* Reads row and entries, proves both, opens them.  Its access entry was
 * committed before. */
MK_MUST_USE enum mk_err mk_sealed_open(struct mk_vault *v, uint64_t ordinal,
                                       struct mk_opened *d,
                                       struct mk_diag *diag);
/* Opens the summary of a row into bytes, and item. */
MK_MUST_USE enum mk_err mk_sealed_summary(struct mk_vault *v,
                                          const struct mk_dossier_row *row,
                                          const struct mk_dek *dek,
                                          struct mk_buf *bytes,
                                          struct mk_list_item *item,
                                          struct mk_diag *diag);
/* The events of an opened row, in order; each is e's until the next. */
typedef enum mk_err mk_sealed_each(void *ctx, struct mk_event *e,
                                   struct mk_diag *diag);
/*
 * The entries of all dossiers, for who looks at many of them in order of
 * ordinal: one walk costs far less than one for each.  feed is empty
 * ({.walk = NULL}) at first; close is fine on an empty one, and after the
 * snapshot.
 */
struct mk_sealed_feed {
    struct mk_walk *walk;
    struct mk_entry_row next; /* if more: read ahead */
    bool more;
};
MK_MUST_USE enum mk_err mk_sealed_feed_open(struct mk_sealed_feed *feed,
                                            struct mk_vault *v,
                                            struct mk_diag *diag);
void mk_sealed_feed_close(struct mk_sealed_feed *feed);
/* Those of row, whose ordinal is above that of the row before: all are proven
 * by its chain.  Errors: E_TAMPERED. */
MK_MUST_USE enum mk_err mk_sealed_feed_events(struct mk_sealed_feed *feed,
                                              struct mk_vault *v,
                                              const struct mk_dossier_row *row,
                                              const struct mk_dek *dek,
                                              mk_sealed_each *each, void *ctx,
                                              struct mk_diag *diag);

/* --- writing, in a transaction --- */

/* A new dossier of the events in c.  id is drawn here, again while its tag is
 * taken.  ref_tag: 16 bytes or NULL. */
MK_MUST_USE enum mk_err mk_sealed_insert(struct mk_tx *tx,
                                         const struct mk_case *c,
                                         const uint8_t *ref_tag,
                                         uint8_t id[static MK_ID],
                                         struct mk_diag *diag);
/* d->c got one more event, or more: seals them and replaces the row.
 * Errors: E_CHANGED when the stored row is not the one in d. */
MK_MUST_USE enum mk_err mk_sealed_append(struct mk_tx *tx, struct mk_opened *d,
                                         struct mk_diag *diag);

/* The same with the row under other keys; d->dek becomes the new list. */
MK_MUST_USE enum mk_err mk_sealed_append_under(struct mk_tx *tx,
                                               struct mk_opened *d,
                                               const struct mk_rewrap *how,
                                               struct mk_diag *diag);

/* 16 bytes by which an old reference is found again: HMAC under a key made of
 * K_tag, since the reference itself is sealed. */
MK_MUST_USE enum mk_err mk_sealed_ref_tag(struct mk_vault *v, const void *ref,
                                          size_t n, uint8_t out[static MK_ID],
                                          struct mk_diag *diag);

#endif
