/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A writing transaction: the only place where something changes.
 *
 *   begin    the writer's lock; heads since ours proven
 *   ...      leaves, dossier rows, statistics, register, keyring
 *   commit   trees flushed, roots gathered, one head signed, COMMIT;
 *            then the high-water mark is raised and keyring.new renamed
 *   abort    nothing of it is there
 *
 * The first transaction of a session also carries its session leaf and takes
 * in the failed unlocks of the side file.
 */
#ifndef MK_CORE_TX_H
#define MK_CORE_TX_H

#include "core/vault.h"
#include "crypto/merkle.h"

struct mk_tx {
    struct mk_vault *v;
    struct mk_head next;        /* the head that commit will sign */
    struct mk_merkle *log;      /* borrowed from v, which keeps them */
    struct mk_merkle *dossiers; /* when first needed */
    struct mk_stats *stats;     /* the same, our own */
    bool committed;
    struct mk_keyring *keyring; /* changed copy, or NULL */
    bool has_session;
    size_t took_failed;  /* records of the side file */
    uint32_t epoch_step; /* 1 in the transaction of accept-restore */
};

/* The writer's lock without a transaction of our own: heads are proven, and
 * what others left half-way with the keyring is settled. */
MK_MUST_USE enum mk_err mk_tx_lock(struct mk_vault *v, struct mk_diag *diag);
/* Lets go of it.  rc: how it went; it comes back, or what became of the
 * documents that were written meanwhile (on a server they are rows). */
MK_MUST_USE enum mk_err mk_tx_unlock(struct mk_vault *v, enum mk_err rc,
                                     struct mk_diag *diag);

/* request: id of the transaction, or NULL for a random one.  E_CHANGED when
 * that transaction was committed before: mk_access_write makes a repeat of it. */
MK_MUST_USE enum mk_err mk_tx_begin(struct mk_tx *tx, struct mk_vault *v,
                                    const uint8_t *request,
                                    struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_tx_commit(struct mk_tx *tx, struct mk_diag *diag);
/* Fine after commit, too: does nothing then. */
void mk_tx_abort(struct mk_tx *tx);

/* An access entry; seq, time, session, actor are filled in here. */
MK_MUST_USE enum mk_err mk_tx_leaf(struct mk_tx *tx,
                                   const struct mk_log_item *item,
                                   struct mk_diag *diag);

/* Inserts (version 1) or updates row, and its leaf in the dossier tree. */
MK_MUST_USE enum mk_err mk_tx_dossier(struct mk_tx *tx,
                                      const struct mk_dossier_row *row,
                                      struct mk_diag *diag);
/* The same of a row that has nothing sealed left: ref_tag goes, too. */
MK_MUST_USE enum mk_err mk_tx_tombstone(struct mk_tx *tx,
                                        const struct mk_dossier_row *row,
                                        struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_tx_stats(struct mk_tx *tx,
                                    const struct mk_stats_record *record,
                                    struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_tx_register(struct mk_tx *tx, uint32_t kind,
                                       const void *body, size_t n,
                                       struct mk_diag *diag);
/* The changed copy becomes the keyring at commit; taken over. */
void mk_tx_keyring(struct mk_tx *tx, struct mk_keyring *changed);

/*
 * The commonest transaction: one entry, and nothing else.  It is durable
 * when this returns, so that what it announces may be revealed.
 */
MK_MUST_USE enum mk_err mk_log_now(struct mk_vault *v,
                                   const struct mk_log_item *item,
                                   struct mk_diag *diag);

/* Statistics key of v, for mk_stats_*; borrowed until keys are taken anew. */
MK_MUST_USE enum mk_err mk_vault_stats_key(struct mk_vault *v,
                                           struct mk_stats_key *key,
                                           struct mk_diag *diag);

#endif
