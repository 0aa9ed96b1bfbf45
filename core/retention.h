/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Retention keys: one a year of intake and generation, in a file of its own
 * beside the store, sealed under the inspectors' role secret.  Erasing a
 * generation destroys the dossiers whose keys it wraps (its own issue).
 *
 *   "MKR1" | store 16 | count u32 | count times: year u32 | gen u32 |
 *   envelope of 32 bytes
 */
#ifndef MK_CORE_RETENTION_H
#define MK_CORE_RETENTION_H

#include "core/vault.h"

/* An empty file for a new vault. */
MK_MUST_USE enum mk_err mk_retention_create(int dir,
                                            const uint8_t store[static MK_ID],
                                            struct mk_diag *diag);

/*
 * The key that wraps the dossier keys of that year and generation; borrowed
 * from v.  Errors: E_DAMAGED when the file does not hold it, or is gone.
 */
MK_MUST_USE enum mk_err mk_retention_get(struct mk_vault *v, uint32_t year,
                                         uint32_t gen,
                                         const struct mk_secret **wrap,
                                         struct mk_diag *diag);
/* As mk_retention_get, made with another R_D.  Owns: the caller frees *wrap. */
MK_MUST_USE enum mk_err mk_retention_wrap_under(struct mk_vault *v,
                                                const struct mk_secret *rd,
                                                uint32_t year, uint32_t gen,
                                                struct mk_secret **wrap,
                                                struct mk_diag *diag);
/* The newest generation of the year; made and durable first if the year has
 * none.  Inside a write transaction, which keeps other writers out.
 * Errors: E_DAMAGED when the year has dossiers and no key: the file is not
 * the one that belongs here, and a new key would take the place of theirs. */
MK_MUST_USE enum mk_err mk_retention_for_new(struct mk_vault *v, uint32_t year,
                                             uint32_t *gen,
                                             const struct mk_secret **wrap,
                                             struct mk_diag *diag);
/* Seals the file under the newest R_D, with a lock of its own.  Without it the
 * next writer does, and until then it is read along the chain. */
MK_MUST_USE enum mk_err mk_retention_renew(struct mk_vault *v,
                                           struct mk_diag *diag);
void mk_retention_release(struct mk_vault *v);

/* Which keys the file holds: that much stands in the open. */
struct mk_retention_name {
    uint32_t year, gen;
};
struct mk_retention_names {
    struct mk_retention_name *v;
    size_t n;
};
/*
 * For log verify: its form, read anew; whoever holds R_D opens every key.
 * Owns: the caller frees names->v.  Errors: E_DAMAGED, E_PERMISSIONS.
 */
MK_MUST_USE enum mk_err mk_retention_list(struct mk_vault *v,
                                          struct mk_retention_names *names,
                                          struct mk_diag *diag);
MK_MUST_USE bool mk_retention_named(const struct mk_retention_names *names,
                                    uint32_t year, uint32_t gen);

#endif
