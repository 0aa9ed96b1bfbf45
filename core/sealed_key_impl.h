/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sealed_key.c and sealed_rewrap.c share. */
#ifndef MK_CORE_SEALED_KEY_IMPL_H
#define MK_CORE_SEALED_KEY_IMPL_H

#include "core/sealed_key.h"

/* Under which keys a row is written: those of the vault, or of a rewrap. */
struct mk_row_keys {
    const struct mk_secret *wrap;
    const struct mk_secret *owner;
    const uint8_t *rd_id;
    uint32_t rd_gen;
};
struct mk_row_keys mk_row_keys_of(const struct mk_vault *v,
                                  const struct mk_secret *wrap);

/* E_DAMAGED says which row; other errors stay as they are. */
enum mk_err mk_row_damaged(struct mk_diag *diag, enum mk_err rc,
                           const char *what, const struct mk_dossier_row *row);

/* E_KEYS_FULL says which row, and how many keys it has. */
enum mk_err mk_row_full(struct mk_diag *diag,
                        const struct mk_dossier_row *row);

/* A list of n: the first n - 1 of dek, and a new one. */
enum mk_err mk_dek_with_new_last(const struct mk_dek *dek, size_t n,
                                 struct mk_dek **out);
/* The keys one behind the other, as they are wrapped. */
enum mk_err mk_dek_join(const struct mk_dek *dek, struct mk_secret **out);

/* The list for all inspectors; dek_version becomes that of the row. */
enum mk_err mk_row_seal_list(const struct mk_vault *v,
                             const struct mk_row_keys *keys,
                             const struct mk_dek *dek,
                             struct mk_dossier_row *row, struct mk_buf *out);
enum mk_err mk_row_seal_owner(const struct mk_vault *v,
                              const struct mk_row_keys *keys,
                              const struct mk_owners *owners,
                              struct mk_dossier_row *row, struct mk_buf *out);
/* The inner envelope of a restricted row, taken out of the outer one. */
enum mk_err mk_row_open_outer(struct mk_vault *v,
                              const struct mk_dossier_row *row,
                              struct mk_restricted *r, struct mk_buf *inner,
                              struct mk_diag *diag);

#endif
