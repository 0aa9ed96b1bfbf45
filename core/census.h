/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question put to every dossier, and what matched.  Nothing is given out
 * before the walk was proven whole (mk_sealed_walk).
 */
#ifndef MK_CORE_CENSUS_H
#define MK_CORE_CENSUS_H

#include "core/access.h"
#include "core/destroy.h"

/* What matched, with labels of its own, until it is given out. */
struct mk_census {
    struct mk_list_item *items;
    size_t n, cap;
    uint64_t others; /* own: dossiers of colleagues, which stayed shut */
};
void mk_census_release(struct mk_census *f); /* wipes */

/* What is asked of each dossier, opened as far as its summary.  *yes: keep
 * item. */
struct mk_question {
    enum mk_err (*ask)(void *ctx, const struct mk_dossier_row *row,
                       const struct mk_dek *dek, struct mk_list_item *item,
                       bool *yes, struct mk_diag *diag);
    /* the same of one that was destroyed, of which no more is known than its
     * id and the day; NULL: they are passed over */
    enum mk_err (*gone)(void *ctx, const struct mk_list_item *item, bool *yes);
    void *ctx;
    uint32_t year; /* of intake; 0: any.  Spares the others their opening. */
    bool show_barred; /* keep restricted ones that stay shut, as such */
    bool own;         /* so does this: only the caseload of who unlocked */
    const struct mk_list_whose *whose; /* or: only what this member has */
};

/* In a snapshot of its own.  Its access entry was committed before.
 * Errors: E_TAMPERED. */
MK_MUST_USE enum mk_err mk_census_run(struct mk_vault *v,
                                      const struct mk_question *q,
                                      struct mk_census *f,
                                      struct mk_diag *diag);
/*
 * An entry for each dossier that was found, before it is given out: who asks
 * who saw a dossier finds a search that showed it.  The purpose is as with
 * mk_access_ask: that of access, else BEH for own dossiers; where a
 * colleague's was found without one, there is an entry of the refusal with
 * their number, and E_PURPOSE.
 */
MK_MUST_USE enum mk_err mk_census_log(struct mk_vault *v,
                                      const struct mk_access *access,
                                      const struct mk_census *f,
                                      struct mk_log_item *item,
                                      struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_census_give_out(const struct mk_census *f,
                                           mk_list_each *each, void *ctx);

#endif
