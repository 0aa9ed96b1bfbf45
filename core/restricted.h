/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The column dek of a restricted dossier: K, which opens the list of its keys,
 * in boxes for the inspectors who are named, and in shares for the custodians,
 * two of whom can help in an emergency.
 *
 *   02 | named u8 | so many times: member 16 | box of K
 *      | threshold u8 (2) | shares u8 | so many times: member 16 | number u8 |
 *        box of a share | outer envelope
 *   box of K     "MKW1" | store | dossier | dek_version u64 | K 32
 *   of a share   "MKW1" | store | dossier | dek_version u64 | number u8 | 32
 *   outer        under HKDF(R_D | RK, "mk1/dekwrap"), as of any dossier, of
 *   inner        an envelope of the list under K, key_id = mk_restricted_people
 *
 * Two envelopes, so that a new R_D or retention key can be put on by an
 * inspector who cannot open it; the inner one binds the boxes, so that he
 * cannot change for whom it is.  Source: docs/FORMAT.md "Dossier, entry".
 */
#ifndef MK_CORE_RESTRICTED_H
#define MK_CORE_RESTRICTED_H

#include "core/store/rows.h"
#include "core/vault.h"

#define MK_RESTRICTED_MOST 16 /* people named, and shares */
#define MK_RESTRICTED_THRESHOLD 2

/* What the column says in the open; borrowed from the row. */
struct mk_restricted {
    const uint8_t *named; /* n_named boxes, each behind its member */
    size_t n_named;
    const uint8_t *shares; /* n_shares boxes, behind member and number */
    size_t n_shares;
    struct mk_blob boxes; /* all that stands before the outer envelope */
    struct mk_blob outer;
};

bool mk_restricted_is(const struct mk_dossier_row *row);
/* Errors: E_DAMAGED; also where fewer than two shares would be enough. */
MK_MUST_USE enum mk_err mk_restricted_read(struct mk_restricted *out,
                                           const struct mk_dossier_row *row,
                                           struct mk_diag *diag);
/* Who is named i; of the shares, who holds number i. */
const uint8_t *mk_restricted_name(const struct mk_restricted *r, size_t i);
const uint8_t *mk_restricted_holder(const struct mk_restricted *r, size_t i,
                                    uint8_t *number);
/* What the inner envelope says of all that stands before the outer one: the
 * first 16 bytes of H("mk1/restricted" | boxes). */
void mk_restricted_people(uint8_t out[static MK_ID], struct mk_blob boxes);
bool mk_restricted_names(const struct mk_restricted *r,
                         const uint8_t id[static MK_ID]);

/* For whom: members of the keyring. */
struct mk_restrict_to {
    const struct mk_member *named[MK_RESTRICTED_MOST];
    size_t n_named; /* 0: for all inspectors again */
    const struct mk_member *custodian[MK_RESTRICTED_MOST];
    size_t n_custodians;
};
/* All custodians who are in: two of them can help in an emergency. */
void mk_restrict_to_custodians(struct mk_restrict_to *to,
                               const struct mk_vault *v);
/* Was somebody named who is an inspector no more?  To are the others then; false
 * too where nobody else is named, or fewer than two custodians are in. */
MK_MUST_USE bool mk_restricted_left(const struct mk_vault *v,
                                    const struct mk_restricted *r,
                                    struct mk_restrict_to *to);
/* A new K, and the bytes before the outer envelope, for row (id, dek_version).
 * Owns: the caller frees *k. */
MK_MUST_USE enum mk_err mk_restricted_make(const struct mk_vault *v,
                                           const struct mk_dossier_row *row,
                                           const struct mk_restrict_to *to,
                                           struct mk_buf *out,
                                           struct mk_secret **k,
                                           struct mk_diag *diag);
/* K, from the box of who unlocked v, or from the emergency access that v has
 * open.  Errors: E_RESTRICTED, E_DAMAGED. */
MK_MUST_USE enum mk_err mk_restricted_key(const struct mk_vault *v,
                                          const struct mk_dossier_row *row,
                                          const struct mk_restricted *r,
                                          struct mk_secret **k,
                                          struct mk_diag *diag);
/* The share of who unlocked v.  Errors: E_NO_SHARE, E_DAMAGED. */
MK_MUST_USE enum mk_err mk_restricted_share(const struct mk_vault *v,
                                            const struct mk_dossier_row *row,
                                            const struct mk_restricted *r,
                                            uint8_t *number,
                                            struct mk_secret **share,
                                            struct mk_diag *diag);

#endif
