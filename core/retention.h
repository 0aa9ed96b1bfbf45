/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Retention keys: one a year of intake and generation, in a file of its own,
 * sealed under the inspectors' role secret.  Erasing a generation destroys the
 * dossiers whose keys it wraps.
 *
 *   "MKR1" | store 16 | count u32 | count times: year u32 | gen u32 |
 *   envelope of 32 bytes
 *
 * It is `retention` in the folder of the vault, or, where retention.place
 * there says so, <store>.retention in one or two folders elsewhere.  Of two
 * copies one that is good is enough to read, and what only one of them has
 * counts; to write, both have to be there.
 */
#ifndef MK_CORE_RETENTION_H
#define MK_CORE_RETENTION_H

#include "core/vault.h"
#include "crypto/envelope.h"

/* --- retention.c: the keys --- */

/*
 * The key that wraps the dossier keys of that year and generation; borrowed
 * from v.  Errors: E_RETENTION when the file does not hold it, or is gone.
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
 * Errors: E_RETENTION when the year has dossiers and no key: the file is not
 * the one that belongs here, and a new key would take the place of theirs. */
MK_MUST_USE enum mk_err mk_retention_for_new(struct mk_vault *v, uint32_t year,
                                             uint32_t *gen,
                                             const struct mk_secret **wrap,
                                             struct mk_diag *diag);
/* A new generation of each year, durable before it is used.  Inside a write
 * transaction.  Errors: E_RETENTION for a year without any. */
MK_MUST_USE enum mk_err mk_retention_next(struct mk_vault *v,
                                          const uint32_t *years, size_t n,
                                          struct mk_diag *diag);
/* Newest generation in memory; 0: none.  Is this one there? */
uint32_t mk_retention_newest(const struct mk_vault *v, uint32_t year);
MK_MUST_USE bool mk_retention_has(const struct mk_vault *v, uint32_t year,
                                  uint32_t gen);
/*
 * Erases what no dossier uses and is not the newest of its year, makes the
 * copies the same, and seals them under the newest R_D.  With the writer's lock held and heads proven; R_D.
 * *left: an old generation is still used.
 */
MK_MUST_USE enum mk_err mk_retention_settle(struct mk_vault *v, bool *left,
                                            struct mk_diag *diag);
/* At unlock, and after a new R_D: the same with a lock of its own, if the file
 * gives cause for it.
 * That it cannot be done is no error here: doctor tells. */
MK_MUST_USE enum mk_err mk_retention_tidy(struct mk_vault *v,
                                          struct mk_diag *diag);
void mk_retention_release(struct mk_vault *v);

/* --- retention_file.c: the file --- */

#define MK_RETENTION_HEADER (4 + MK_ID + 4)
#define MK_RETENTION_RECORD (8 + MK_KEY + MK_ENV_OVERHEAD)
#define MK_RETENTION_KEYS 100000u

#define MK_RETENTION_NAME (2 * MK_ID + sizeof "." MK_RETENTION_FILE)
/* Its name, in the vault or outside of it. */
void mk_retention_name_of(char out[static MK_RETENTION_NAME],
                          const struct mk_vault *v, bool outside);
/* The folder of that copy is there. */
MK_MUST_USE bool mk_retention_reachable(const struct mk_vault *v, size_t copy);

/* An empty file for a new vault. */
MK_MUST_USE enum mk_err mk_retention_create(const struct mk_docs *place,
                                            const uint8_t store[static MK_ID],
                                            struct mk_diag *diag);
/* Bytes of one copy.  Errors: E_DAMAGED when it is not there, E_PERMISSIONS. */
MK_MUST_USE enum mk_err mk_retention_read(const struct mk_vault *v,
                                          size_t copy, struct mk_buf *text,
                                          struct mk_diag *diag);
/* All keys into v, from every copy that is good. */
MK_MUST_USE enum mk_err mk_retention_load(struct mk_vault *v,
                                          struct mk_diag *diag);
/*
 * Each key of the bytes of a whole file.  each takes rk over.
 * Errors: E_DAMAGED unless it is one of this store whose records all open
 * under some generation of R_D; what each returns.
 */
typedef enum mk_err mk_retention_each(void *ctx, uint32_t year, uint32_t gen,
                                      struct mk_secret *rk);
MK_MUST_USE enum mk_err mk_retention_records(struct mk_vault *v,
                                             const struct mk_buf *text,
                                             mk_retention_each *each,
                                             void *ctx, struct mk_diag *diag);
/* Each key that can still be read in any copy in use, damaged as it may be. */
MK_MUST_USE enum mk_err mk_retention_salvage(struct mk_vault *v,
                                             mk_retention_each *each,
                                             void *ctx, struct mk_diag *diag);
/* HKDF(R_D | RK): what wraps.  Owns: the caller frees *out. */
MK_MUST_USE enum mk_err mk_retention_wrap(const struct mk_vault *v,
                                          const struct mk_secret *rd,
                                          const struct mk_secret *rk,
                                          struct mk_secret **out);
/* Takes rk over, also when it fails; one that is there already is dropped. */
MK_MUST_USE enum mk_err mk_retention_remember(struct mk_vault *v,
                                              uint32_t year, uint32_t gen,
                                              struct mk_secret *rk);
/* Writes what v holds to every copy, durable; erase: what stood there before
 * is overwritten.  Errors: E_KEY_GONE when a folder is not there. */
MK_MUST_USE enum mk_err mk_retention_save(const struct mk_vault *v, bool erase,
                                          struct mk_diag *diag);

/* Which keys the file holds: that much stands in the open. */
struct mk_retention_name {
    uint32_t year, gen;
};
struct mk_retention_names {
    struct mk_retention_name *v;
    size_t n, of_first; /* of all copies, of the first one */
    size_t good;        /* copies that could be read */
    bool differ;        /* copies are not the same, or one is not good */
    bool under_old; /* a key is sealed under an older R_D than the one held */
};
/* Without any key.  Owns: the caller frees names->v.
 * Errors: E_DAMAGED, E_PERMISSIONS when no copy is good. */
MK_MUST_USE enum mk_err mk_retention_names(const struct mk_vault *v,
                                           struct mk_retention_names *names,
                                           struct mk_diag *diag);
/* The same for log verify: whoever holds R_D opens every key. */
MK_MUST_USE enum mk_err mk_retention_list(struct mk_vault *v,
                                          struct mk_retention_names *names,
                                          struct mk_diag *diag);
MK_MUST_USE bool mk_retention_named(const struct mk_retention_names *names,
                                    uint32_t year, uint32_t gen);

/* --- retention_place.c: where it lies --- */

/* Opens the folders that v->where.vault names; one that is not there stays
 * shut. */
MK_MUST_USE enum mk_err mk_key_places_open(struct mk_vault *v,
                                           struct mk_diag *diag);
void mk_key_places_close(struct mk_vault *v);
/* E_CHANGED when they were moved since: what is written would be lost. */
MK_MUST_USE enum mk_err mk_key_places_same(struct mk_vault *v,
                                           struct mk_diag *diag);
/* A copy lies in the vault although it belongs elsewhere: a move that was cut
 * off. */
MK_MUST_USE enum mk_err mk_key_places_stale(const struct mk_vault *v,
                                            bool *stale, struct mk_diag *diag);
/* Removes that copy, if there is one. */
MK_MUST_USE enum mk_err mk_key_places_clean(const struct mk_vault *v,
                                            struct mk_diag *diag);

#endif
