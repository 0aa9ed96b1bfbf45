/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shell: what a vault in a file hides under the cipher of the file, and
 * no envelope hides, is sealed on its way to a server.
 *
 *   key  = HKDF-SHA256(DBK, "mk1/shell"), one for each generation of DBK
 *   env  = the envelope of crypto/envelope.h, padded, key_gen = generation
 *   aad  = "MKP1" | 16 zeros | 0 u16 | column u16 | zeros  (mk_aad)
 *
 * It binds a value to its column, not to its row: rows lie under the roots
 * that the heads sign, over the values as they are before they are sealed.
 */
#ifndef MK_STORE_SHELL_H
#define MK_STORE_SHELL_H

#include "core/base/buf.h"
#include "core/store/queries.h"
#include "crypto/secret.h"

/* Numbers in the associated data: append only. */
enum mk_shell_column {
    MK_SHELL_NONE = 0,
    MK_SHELL_DOSSIER_OWNER = 1,
    MK_SHELL_HEAD_BODY = 2,
    MK_SHELL_REGISTER_BODY = 3,
};

/* Which parameter, or which column of its rows, q carries in the shell: its
 * number from 0; MK_SHELL_NONE when there is none. */
struct mk_shell_spot {
    enum mk_shell_column column;
    unsigned at;
    bool is_param; /* else a column of the rows */
};
struct mk_shell_spot mk_shell_spot(enum mk_query q);

struct mk_shell;
struct mk_shell *mk_shell_new(void);    /* NULL: out of memory */
void mk_shell_free(struct mk_shell *s); /* NULL is fine */
/* The key of DBK's generation gen; the last one given seals.
 * Errors: E_MEMORY, E_INTERNAL (a generation twice). */
MK_MUST_USE enum mk_err mk_shell_add(struct mk_shell *s,
                                     const struct mk_secret *dbk, uint32_t gen,
                                     struct mk_diag *diag);
void mk_shell_forget(struct mk_shell *s); /* all keys */
bool mk_shell_has_key(const struct mk_shell *s);

/* out is cleared first.  Errors: E_LOCKED without a key, E_MEMORY. */
MK_MUST_USE enum mk_err mk_shell_seal(const struct mk_shell *s,
                                      enum mk_shell_column column,
                                      struct mk_buf *out, const void *p,
                                      size_t n, struct mk_diag *diag);
/* Errors: E_LOCKED without a key, E_REPLACED (of a generation that is newer
 * than all given), E_TAMPERED (another key, column or byte), E_MEMORY. */
MK_MUST_USE enum mk_err mk_shell_open(const struct mk_shell *s,
                                      enum mk_shell_column column,
                                      struct mk_buf *out, const void *p,
                                      size_t n, struct mk_diag *diag);

#endif
