/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside of a vault handle: for core/ only, clients see core/meldkluis.h.
 *
 *   open      keyring read and proven; nothing secret
 *   unlock    identity and role secrets; store open; heads proven up to head
 *   tx.h      every write: leaves, rows, roots, one signed head
 *   reader    a snapshot whose newest head was proven; rows are compared
 *             with its roots as they are read
 */
#ifndef MK_CORE_VAULT_H
#define MK_CORE_VAULT_H

#include "core/head.h"
#include "core/meldkluis.h"
#include "core/stats.h"

#define MK_KEYRING_FILE "keyring"
#define MK_KEYRING_NEW "keyring.new"
#define MK_RETENTION_FILE "retention"
#define MK_FAILED_FILE "failed"

/* A retention key, and what it makes: the key that wraps dossier keys. */
struct mk_retention_key {
    uint32_t year, gen;
    struct mk_secret *rk;
    struct mk_secret *wrap; /* HKDF(R_D | RK, "mk1/dekwrap") */
};

struct mk_vault {
    struct mk_where where;
    int dir;   /* folder of the vault */
    int state; /* folder of the marks */
    struct mk_keyring *keyring;
    bool keyring_is_new; /* read from keyring.new, the rename is due */
    struct mk_store *store;

    const struct mk_member *me; /* in keyring; NULL while locked */
    uint8_t my_id[MK_ID];
    struct mk_identity who;
    unsigned roles;
    struct mk_secret *keys[MK_KEY_KINDS];
    uint8_t key_ids[MK_KEY_KINDS][MK_ID];
    uint32_t key_gens[MK_KEY_KINDS];
    struct mk_secret *ktag;      /* inspectors; loaded when first needed */
    struct mk_secret *owner_key; /* HKDF(R_D, "mk1/owner") */
    struct mk_retention_key *retention;
    size_t n_retention;
    struct mk_domain_settings settings;

    struct mk_head head; /* newest head proven; empty at first */
    struct mk_head_row head_row;
    uint8_t head_hash[MK_HASH]; /* zeros before the first head */
    bool first_use;             /* this account had no mark at unlock */
    enum mk_err
        suspect; /* what unlock found wrong with the store: only verify,
                            doctor and accept-restore work then */
    bool making; /* in create: there is no head yet */

    uint8_t session[MK_ID];
    struct mk_secret *log_key;
    bool session_logged; /* its session leaf is committed */
};

/* Reads and parses the keyring file into v->keyring, v->me.  */
MK_MUST_USE enum mk_err mk_vault_load_keyring(struct mk_vault *v,
                                              const char *name,
                                              struct mk_diag *diag);

/* E_NO_ROLE unless who unlocked holds role. */
MK_MUST_USE enum mk_err mk_vault_need(const struct mk_vault *v,
                                      enum mk_role role, struct mk_diag *diag);

/*
 * Proves every head behind v->head, in order, by the table of who may change
 * what, inside the open transaction, and moves v->head to the newest.
 */
MK_MUST_USE enum mk_err mk_heads_advance(struct mk_vault *v,
                                         struct mk_diag *diag);
/* The same from the high-water mark (or from the first head): at unlock. */
MK_MUST_USE enum mk_err mk_heads_from_mark(struct mk_vault *v,
                                           struct mk_diag *diag);
/* Does the head follow prev (hash prev_hash) by the rules?  signer is looked
 * up in the keyring.  full: for log verify, nothing that the caller already
 * recomputes is left out. */
MK_MUST_USE enum mk_err mk_head_follows(struct mk_vault *v,
                                        const struct mk_head *prev,
                                        const struct mk_head_row *row,
                                        struct mk_head *head,
                                        struct mk_diag *diag);

/* A proven snapshot; mk_reader_end lets go of it. */
MK_MUST_USE enum mk_err mk_snapshot_begin(struct mk_vault *v,
                                          struct mk_diag *diag);
void mk_snapshot_end(struct mk_vault *v);

/* Stored interior nodes of one of the trees, as crypto/merkle.h wants them. */
struct mk_tree_rows {
    struct mk_store *store;
    enum mk_tree tree;
};
struct mk_merkle_rows;
void mk_tree_rows_init(struct mk_merkle_rows *rows, struct mk_tree_rows *ctx,
                       struct mk_store *store, enum mk_tree tree);

#endif
