/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside of a vault handle: for core/ only, clients see core/meldkluis.h.
 *
 *   open      keyring read and proven; nothing secret
 *   unlock    identity and role secrets; store open; heads proven up to head
 *   tx.h      every write: leaves, rows, roots, one signed head
 *   snapshot  a read transaction whose newest head was proven; rows are
 *             compared with its roots as they are read
 */
#ifndef MK_CORE_VAULT_H
#define MK_CORE_VAULT_H

#include "core/generation.h"
#include "core/head.h"
#include "core/meldkluis.h"
#include "core/stats.h"
#include "core/store/docs.h"
#include "crypto/merkle.h"

#define MK_KEYRING_FILE "keyring"
#define MK_KEYRING_NEW "keyring.new"
#define MK_RETENTION_FILE "retention"
#define MK_PLACES_FILE "retention.place"
#define MK_FAILED_FILE "failed"
#define MK_MOVED_FILE "moved"

/* A retention key, and what it makes: the key that wraps dossier keys. */
struct mk_retention_key {
    uint32_t year, gen;
    struct mk_secret *rk;
    struct mk_secret *wrap; /* HKDF(R_D | RK, "mk1/dekwrap") */
    /* while it is decided what to erase: a dossier has it; one of its year is
     * there; one that was destroyed had it or a later one; it goes */
    bool used, year_used, buried, due;
};

/* Stored interior nodes of one of the trees, as crypto/merkle.h wants them. */
struct mk_tree_rows {
    struct mk_store *store;
    enum mk_tree tree;
};
void mk_tree_rows_init(struct mk_merkle_rows *rows, struct mk_tree_rows *ctx,
                       struct mk_store *store, enum mk_tree tree);

/* A tree that serves more than once within a command, while the head has its
 * root: its rows are read and proven once. */
struct mk_kept_tree {
    struct mk_tree_rows rows;
    struct mk_merkle *tree; /* NULL: none */
    uint8_t root[MK_HASH];
    bool is_taken; /* by a transaction, which changes it */
};

/* The records of destroyed dossiers, as the register has them. */
struct mk_tombstones {
    struct mk_destroyed_record *v;
    size_t n;
    uint64_t n_register; /* rows when they were read; 0: not read */
};
struct mk_buried; /* destroy.h */

struct mk_vault {
    struct mk_where where;
    struct mk_docs docs; /* where the vault lies */
    int state;           /* folder of the marks */
    struct mk_keyring *keyring;
    bool keyring_is_new; /* read from keyring.new, the rename is due; never on
                            a server, where it changes with its head */
    struct mk_store *store;

    const struct mk_member *me; /* in keyring; NULL while locked */
    uint8_t my_id[MK_ID];
    struct mk_identity who;
    unsigned roles;
    /* as unlock found them, to see what changed */
    unsigned roles_found;
    uint64_t slot_found, second_found, serial_found;
    struct mk_secret *keys[MK_KEY_KINDS];
    uint8_t key_ids[MK_KEY_KINDS][MK_ID];
    uint32_t key_gens[MK_KEY_KINDS];
    struct mk_generations chain[MK_KEY_KINDS]; /* when first needed */
    struct mk_secret *ktag;      /* inspectors; loaded when first needed */
    struct mk_secret *owner_key; /* HKDF(R_D, "mk1/owner") */
    struct mk_retention_key *retention;
    size_t n_retention;
    uint64_t retention_at;       /* log_size of the head they were read at */
    struct mk_key_places places; /* of their file */
    int key_dir[MK_KEY_PLACES];  /* of places; -1: not there */
    struct mk_domain_settings settings;

    struct mk_head head; /* newest head proven; empty at first */
    struct mk_head_row head_row;
    uint8_t head_hash[MK_HASH]; /* zeros before the first head */
    bool first_use;             /* this account had no mark at unlock */
    /* what unlock found wrong with the store: only verify, doctor and
     * accept-restore work then */
    enum mk_err suspect;
    bool beside;  /* store is a copy that is not in its place yet: no mark */
    bool making;  /* in create: there is no head yet */
    bool joining; /* in a recovery: who acts is in no keyring yet */

    uint8_t session[MK_ID];
    struct mk_secret *log_key;
    bool session_logged;  /* its session leaf is committed */
    uint32_t session_gen; /* generation of R_L that it is sealed to */

    struct mk_kept_tree log_tree, dossier_tree;

    struct mk_tombstones tombstones;
    struct mk_buried *buried; /* known to this account; NULL: not read yet */
    bool bury;                /* the register has what may be missing there */

    /* K of the restricted dossier that is open by emergency access */
    struct mk_emergency_key {
        struct mk_secret *k; /* NULL: none */
        uint8_t dossier[MK_ID];
    } emergency;
    uint64_t barred; /* restricted dossiers that the last census left shut */
};

/* Reads and proves the keyring file name; fills v->keyring, v->me, v->roles.
 * Errors: E_TAMPERED when it is of another vault, or who unlocked is not in it. */
MK_MUST_USE enum mk_err mk_vault_load_keyring(struct mk_vault *v,
                                              const char *name,
                                              struct mk_diag *diag);

/*
 * --- vault_keys.c ---
 * The newest secrets of the roles held, as the keyring has them; what is held
 * already stays.  A new log key begins a new session.
 * Errors: E_NO_ROLE (not wrapped to who unlocked), E_DAMAGED.
 */
MK_MUST_USE enum mk_err mk_vault_take_keys(struct mk_vault *v,
                                           struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_vault_new_session(struct mk_vault *v,
                                             struct mk_diag *diag);
void mk_vault_drop_keys(struct mk_vault *v);
/* All generations of a kind that is held; borrowed until keys are taken anew.
 * Errors: E_NO_ROLE, E_DAMAGED. */
MK_MUST_USE enum mk_err mk_vault_generations(struct mk_vault *v,
                                             enum mk_key_kind kind,
                                             const struct mk_generations **out,
                                             struct mk_diag *diag);

/* The keyring has another text by now: who unlocked, and his secrets, follow
 * it.  Errors: E_TAMPERED (he is not in it). */
MK_MUST_USE enum mk_err mk_vault_follow_keyring(struct mk_vault *v,
                                                struct mk_diag *diag);

/* Opens the file that is there now, with the key that the keyring has now. */
MK_MUST_USE enum mk_err mk_vault_open_anew(struct mk_vault *v,
                                           struct mk_diag *diag);
/*
 * Begins a transaction of the store; when the file was replaced since (a new
 * DBK), opens what is there now.  Errors: as mk_store_begin_*; E_REPLACED when
 * the new key is not for who unlocked.
 */
MK_MUST_USE enum mk_err mk_vault_begin(struct mk_vault *v, bool write,
                                       struct mk_diag *diag);
/* Lets go of every secret and of the store. */
void mk_vault_lock(struct mk_vault *v);
/* Opens the store and proves its heads from the mark on. */
MK_MUST_USE enum mk_err mk_vault_open_store(struct mk_vault *v,
                                            const struct mk_secret *dbk,
                                            struct mk_diag *diag);

/* E_NO_ROLE unless who unlocked holds role. */
MK_MUST_USE enum mk_err mk_vault_need(const struct mk_vault *v,
                                      enum mk_role role, struct mk_diag *diag);

/* E_SUSPENDED, E_OUT, E_NOT_GRANTED when who unlocked has no role (now). */
MK_MUST_USE enum mk_err mk_vault_check_standing(const struct mk_vault *v,
                                                struct mk_diag *diag);

/*
 * Proves every head behind v->head, in order, by the table of who may change
 * what, inside the open transaction, and moves v->head to the newest.
 */
MK_MUST_USE enum mk_err mk_heads_advance(struct mk_vault *v,
                                         struct mk_diag *diag);
/* The same from the high-water mark (or from the first head): at unlock. */
MK_MUST_USE enum mk_err mk_heads_from_mark(struct mk_vault *v,
                                           struct mk_diag *diag);
/* Does the head follow prev (hash prev_hash) by the rules?  Its signer is
 * looked up in the keyring.  *head becomes what row says. */
MK_MUST_USE enum mk_err mk_head_follows(struct mk_vault *v,
                                        const struct mk_head *prev,
                                        const struct mk_head_row *row,
                                        struct mk_head *head,
                                        struct mk_diag *diag);

/* A proven snapshot; mk_snapshot_end lets go of it. */
MK_MUST_USE enum mk_err mk_snapshot_begin(struct mk_vault *v,
                                          struct mk_diag *diag);
void mk_snapshot_end(struct mk_vault *v);

/*
 * The tree as the head has it, in a snapshot or a transaction, compared with
 * its root: what is appended stands on proven rows.  What is set or shown has
 * to be proven by its own path.  Borrowed until the head changes.
 * Errors: E_TAMPERED.
 */
MK_MUST_USE enum mk_err mk_tree_get(struct mk_vault *v, enum mk_tree tree,
                                    struct mk_merkle **out,
                                    struct mk_diag *diag);
/* The same, to change it; until keep or forget nobody else gets it. */
MK_MUST_USE enum mk_err mk_tree_take(struct mk_vault *v, enum mk_tree tree,
                                     struct mk_merkle **out,
                                     struct mk_diag *diag);
/* It was changed, and v->head is now the head that says so. */
void mk_tree_keep(struct mk_vault *v, enum mk_tree tree);
/* Changes are dropped; what is read next is read from the store. */
void mk_tree_forget(struct mk_vault *v, enum mk_tree tree);
/* E_TAMPERED about what, unless root is that of the first size leaves. */
MK_MUST_USE enum mk_err mk_tree_prove(struct mk_merkle *tree, uint64_t size,
                                      const uint8_t root[static MK_HASH],
                                      const char *what, struct mk_diag *diag);

#endif
