/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may open a dossier: those who are named, or all inspectors again. */
#ifndef MK_CORE_RESTRICT_H
#define MK_CORE_RESTRICT_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

/* For whom a dossier has its new key, and how many were left out of those who
 * stood there. */
struct mk_restricted_to {
    size_t n;
    uint8_t id[16][16];
    size_t left_out;
};

struct mk_access;
struct mk_dossier_ref;
struct mk_vault;
struct mk_written;

/*
 * Restricts the dossier to the members with these names; n 0 lifts it.  Also
 * for a restricted one, so that others are named or the boxes of who left go.
 * Owner and deputies have to be among them.  Closes emergencies of before, as
 * mk_restrict_again does.  Role: inspector, owner or deputy.  Log: RESTRICT.
 * Errors: E_NO_MEMBER, E_NO_INSPECTOR, E_NOT_NAMED, E_NOT_OWN,
 * E_FEW_CUSTODIANS, E_TOO_LARGE (16 are the most), E_KEYS_FULL.
 */
MK_MUST_USE enum mk_err mk_restrict(struct mk_vault *v,
                                    const struct mk_access *access,
                                    const struct mk_dossier_ref *ref,
                                    const char *const *names, size_t n,
                                    struct mk_written *out,
                                    struct mk_diag *diag);
/* A new key for the same people, those of them who are in, and shares of it
 * for the custodians of now: shares that were given in an emergency open
 * nothing any more.  Who was let in by two shares held the key, and could have
 * written himself or others into the row: the people are those of the newest
 * record in the register (core/named.h), and who closes is one of them.  *to
 * says for whom it is now.  Role: inspector, named.  Log: REKEY.
 * Errors: E_NOT_RESTRICTED, E_RESTRICTED, E_FEW_CUSTODIANS. */
MK_MUST_USE enum mk_err mk_restrict_again(struct mk_vault *v,
                                          const struct mk_access *access,
                                          const struct mk_dossier_ref *ref,
                                          struct mk_restricted_to *to,
                                          struct mk_diag *diag);

#endif
