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
    struct mk_diag first; /* first finding */
    struct mk_head newest;
    struct mk_head_row newest_row;
};

void mk_verify_found(struct mk_verifier *w, const struct mk_diag *diag);
MK_MUST_USE bool mk_verify_took(struct mk_verifier *w, enum mk_err rc,
                                const struct mk_diag *diag);

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
