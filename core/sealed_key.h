/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The two columns of a dossier's row by which its people reach it: `dek`, the
 * list of its keys, and `owner`, whose it is.  Nobody else makes or opens
 * them.  Source: docs/FORMAT.md "Dossier, entry".
 */
#ifndef MK_CORE_SEALED_KEY_H
#define MK_CORE_SEALED_KEY_H

#include "core/case.h"
#include "core/restricted.h"
#include "core/store/rows.h"
#include "core/tx.h"
#include "crypto/envelope.h"

/* Associated data of a column of a dossier or of one of its entries. */
void mk_sealed_aad(uint8_t aad[static MK_AAD], const struct mk_vault *v,
                   enum mk_table table, enum mk_column column,
                   const uint8_t *id, uint64_t version, const uint8_t *key_id);

/* The version in the associated data of the summary: that of the row, or, of a
 * restricted one, its number of entries (with bit 63), so that the row can get
 * new keys from somebody who cannot seal the summary anew. */
uint64_t mk_sealed_summary_version(const struct mk_dossier_row *row);

/* --- keys --- */

/*
 * The keys of one dossier, from 1 on.  What is written is sealed with the
 * last; an envelope says in key_gen which one opens it.
 */
#define MK_DEK_MAX 511
/* Most that naming people may use up: the rest is kept for a new R_D and for
 * the end of an emergency, which nobody may be kept from. */
#define MK_DEK_NAMING 255
struct mk_dek {
    size_t n; /* 1..MK_DEK_MAX */
    struct mk_secret *key[];
};
/* A list of one new key.  Owns: the caller frees *out. */
MK_MUST_USE enum mk_err mk_dek_random(struct mk_dek **out);
void mk_dek_free(struct mk_dek *dek); /* NULL is fine */

/* As mk_env_seal_padded, with the last key. */
MK_MUST_USE enum mk_err mk_dek_seal(struct mk_buf *out, size_t step,
                                    const struct mk_dek *dek,
                                    const uint8_t aad[static MK_AAD],
                                    const void *plain, size_t n);
/* As mk_env_open_padded, with the key that env names.  Errors: E_DAMAGED,
 * also when the list has no such key. */
MK_MUST_USE enum mk_err mk_dek_open(struct mk_buf *out,
                                    const struct mk_dek *dek,
                                    const uint8_t aad[static MK_AAD],
                                    struct mk_blob env, struct mk_diag *diag);

/* The keys of a proven row.  Owns: the caller frees *dek.
 * Errors: E_RESTRICTED, with the owner, when it is not for who unlocked;
 * E_DAMAGED. */
MK_MUST_USE enum mk_err mk_sealed_key(struct mk_vault *v,
                                      const struct mk_dossier_row *row,
                                      struct mk_dek **dek,
                                      struct mk_diag *diag);
/* Does this key, made of R_D and a retention key, open what the row has under
 * it?  Of a restricted row that is told of the outer envelope, so by every
 * inspector. */
MK_MUST_USE enum mk_err mk_row_wrap_fits(struct mk_vault *v,
                                         const struct mk_dossier_row *row,
                                         const struct mk_secret *wrap,
                                         bool *fits, struct mk_diag *diag);
/* Wraps dek for a new dossier: makes rk_gen, dek_version and dek of row.
 * row->dek is borrowed from out. */
MK_MUST_USE enum mk_err mk_sealed_wrap_new(struct mk_vault *v,
                                           const struct mk_dek *dek,
                                           struct mk_dossier_row *row,
                                           struct mk_buf *out,
                                           struct mk_diag *diag);

/* --- owner and deputies --- */

/* Whose the proven row is; unwraps no dossier key. */
MK_MUST_USE enum mk_err mk_sealed_owner(struct mk_vault *v,
                                        const struct mk_dossier_row *row,
                                        struct mk_owners *owners,
                                        struct mk_diag *diag);
/* Seals them for row->version; row->owner is borrowed from out. */
MK_MUST_USE enum mk_err mk_sealed_set_owner(const struct mk_vault *v,
                                            const struct mk_owners *owners,
                                            struct mk_dossier_row *row,
                                            struct mk_buf *out);

/* --- rewrapping --- */

/*
 * A row under other keys.  What its summary and entries say stays as it is,
 * and so do the keys that they are sealed with.
 */
struct mk_rewrap {
    bool fresh_dek; /* a new last key: what is written from now on is not for
                       who learnt the list before */
    const struct mk_secret *rd; /* the new R_D; NULL: as it is */
    const uint8_t *rd_id;       /* its key id, 16 bytes, and generation */
    uint32_t rd_gen;
    uint32_t rk_gen; /* generation of the retention key; 0: as it is */
    const struct mk_restrict_to *restrict_to; /* NULL: for whom it is now */
};
/* The row as it will be; its blobs are borrowed from the rest. */
struct mk_rewrapped {
    struct mk_dossier_row row;
    struct mk_dek *dek; /* NULL: left shut */
    struct mk_buf owner, column, summary, plain;
};
void mk_rewrapped_init(struct mk_rewrapped *r);
void mk_rewrapped_release(struct mk_rewrapped *r); /* wipes */
/*
 * Opens row, which is proven, with the keys of v, and seals anew: the list of
 * keys, the owner, and the summary, whose version is one higher.  A last key
 * that nothing is sealed with makes room for a fresh one.
 * A restricted dossier that is not for who unlocked gets the new keys around
 * it: list, dek_version and summary stay as they are.
 * Errors: E_DAMAGED; E_RESTRICTED where restrict_to needs it open;
 * E_KEYS_FULL when the list is (MK_DEK_MAX times fresh, and written to between
 * all of them).
 */
MK_MUST_USE enum mk_err mk_sealed_rewrapped(struct mk_vault *v,
                                            const struct mk_dossier_row *row,
                                            const struct mk_rewrap *how,
                                            struct mk_rewrapped *r,
                                            struct mk_diag *diag);
/* The same, written, with the record of who is named where restrict_to changes
 * that (core/named.h).  Once for a row in a transaction: what is written is
 * proven by the next head. */
MK_MUST_USE enum mk_err mk_sealed_rewrap(struct mk_tx *tx,
                                         const struct mk_dossier_row *row,
                                         const struct mk_rewrap *how,
                                         struct mk_diag *diag);

#endif
