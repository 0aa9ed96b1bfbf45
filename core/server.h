/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A vault on a server: for core/ only.  What differs from a folder:
 *
 *   the keyring, retention keys and the like are rows (store/docs.h), and
 *   change with the head that names them: there is no keyring.new
 *
 *   no file is encrypted under DBK; it seals the keys of the shell, which the
 *   driver puts around the few columns that no other envelope closes
 *   (store/shell.h).  A new DBK brings a new key for what is written from then
 *   on, and seals the older ones anew
 */
#ifndef MK_CORE_SERVER_H
#define MK_CORE_SERVER_H

#include "core/vault.h"

bool mk_vault_on_server(const struct mk_vault *v);
/* Rows of a vault are there, whatever became of its keyring. */
bool mk_server_was_used(const struct mk_vault *v);
/* The place that where names.  Owns: mk_docs_close. */
MK_MUST_USE enum mk_err mk_where_open(struct mk_docs *out,
                                      const struct mk_where *where,
                                      struct mk_diag *diag);
/* The rows, under dbk of the newest generation that the keyring has. */
MK_MUST_USE enum mk_err mk_where_open_rows(struct mk_vault *v,
                                           const struct mk_secret *dbk,
                                           struct mk_diag *diag);
void mk_server_lock(struct mk_vault *v); /* takes them back */
/* Rows are closed under a DBK that came since: takes it, inside of the
 * transaction that met them.  Errors: E_REPLACED in a recovery, which takes no
 * keys; E_TAMPERED when there is none. */
MK_MUST_USE enum mk_err mk_server_follow(struct mk_vault *v,
                                         struct mk_diag *diag);
/* --- server_doctor.c --- */
/* settings: as the store says them (struct mk_store_facts), and a blank. */
void mk_server_judge(const char *settings, mk_doctor_each *each, void *ctx);
void mk_server_doctor(const struct mk_vault *v, mk_doctor_each *each,
                      void *ctx);

/* --- server_shell.c: the keys of the shell --- */

/* Gives them to the driver.  dbk: of the newest generation that the keyring has.
 * Errors: E_DAMAGED (also when a newer one has sealed them since). */
MK_MUST_USE enum mk_err mk_server_shell(struct mk_vault *v,
                                        const struct mk_secret *dbk,
                                        struct mk_diag *diag);
/* The first one, for a vault that comes to be in docs: given to its driver and
 * written, inside of a transaction there. */
MK_MUST_USE enum mk_err mk_server_shell_make(const struct mk_vault *v,
                                             const struct mk_docs *docs,
                                             struct mk_diag *diag);
/* Inside of the transaction that brings a fresh DBK: all of them under that
 * one, and one more.  What this transaction still closes is under the last. */
MK_MUST_USE enum mk_err mk_server_shell_renew(const struct mk_vault *v,
                                              const struct mk_secret *fresh,
                                              uint32_t generation,
                                              struct mk_diag *diag);

#endif
