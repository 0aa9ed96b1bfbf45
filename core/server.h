/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A vault on a server: for core/ only.  What differs from a folder:
 *
 *   the keyring, retention keys and the like are rows (store/docs.h), and
 *   change with the head that names them: there is no keyring.new
 *
 *   no file is encrypted under DBK; it makes the key of the shell, which the
 *   driver puts around the few columns that no other envelope closes
 *   (store/shell.h).  A new DBK closes what is written from then on; what is
 *   older is opened along the chain
 */
#ifndef MK_CORE_SERVER_H
#define MK_CORE_SERVER_H

#include "core/vault.h"

bool mk_vault_on_server(const struct mk_vault *v);
/* The place that where names.  Owns: mk_docs_close. */
MK_MUST_USE enum mk_err mk_where_open(struct mk_docs *out,
                                      const struct mk_where *where,
                                      struct mk_diag *diag);
/* The rows, under dbk of the newest generation that the keyring has. */
MK_MUST_USE enum mk_err mk_where_open_rows(struct mk_vault *v,
                                           const struct mk_secret *dbk,
                                           struct mk_diag *diag);
/* Gives the driver the shell keys of dbk and of all before it. */
MK_MUST_USE enum mk_err mk_server_shell(struct mk_vault *v,
                                        const struct mk_secret *dbk,
                                        struct mk_diag *diag);
void mk_server_lock(struct mk_vault *v); /* takes them back */
/* Rows are closed under a DBK that came since: takes it, inside of the
 * transaction that met them.  Errors: E_REPLACED in a recovery, which takes no
 * keys; E_TAMPERED when there is none. */
MK_MUST_USE enum mk_err mk_server_follow(struct mk_vault *v,
                                         struct mk_diag *diag);
#endif
