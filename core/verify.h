/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the parts of log verify. */
#ifndef MK_CORE_VERIFY_H
#define MK_CORE_VERIFY_H

#include "core/vault.h"
#include "crypto/merkle.h"

struct mk_verifier {
    struct mk_vault *v;
    struct mk_verify_report *report;
    mk_verify_finding *finding;
    void *ctx;
    struct mk_diag first;  /* first finding */
    struct mk_head newest; /* as mk_verify_heads found it */
};

/* All of log verify but its entry, in the transaction that is open.  v needs
 * nobody who unlocked it.  Errors: the first finding's. */
MK_MUST_USE enum mk_err mk_verify_rows(struct mk_vault *v,
                                       struct mk_verify_report *report,
                                       struct mk_diag *diag);

void mk_verify_found(struct mk_verifier *w, const struct mk_diag *diag);
/* where: the number of the row, head or leaf. */
void mk_verify_found_at(struct mk_verifier *w, enum mk_err err,
                        const char *what, uint64_t where);
/* True for an error that is a finding, after which the rest goes on. */
MK_MUST_USE bool mk_verify_took(struct mk_verifier *w, enum mk_err rc,
                                const struct mk_diag *diag);

/*
 * Heads are signed and each follows the one before; the leaves between two of
 * them make the root that the later one signs.  w->newest becomes the last.
 */
MK_MUST_USE enum mk_err mk_verify_heads(struct mk_verifier *w,
                                        struct mk_diag *diag);
/* Rows, entries, chains and the root in w->newest. */
MK_MUST_USE enum mk_err mk_verify_dossiers(struct mk_verifier *w,
                                           struct mk_diag *diag);

/* A tree that is built anew, leaf by leaf; each row it would save is compared
 * with the stored one instead, a difference is a finding. */
struct mk_verify_tree {
    struct mk_merkle_rows rows;
    struct mk_verifier *w;
    enum mk_tree tree;
};
void mk_verify_tree_init(struct mk_verify_tree *t, struct mk_verifier *w,
                         enum mk_tree tree);

#endif
