/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recovery by cards: what an office does so that it gets in again when nobody
 * can, and while no thief of fewer cards does.  docs/RECOVERY.md tells it to
 * the office; the statements stand in core/keyring.h.
 */
#ifndef MK_CORE_RECOVERY_H
#define MK_CORE_RECOVERY_H

#include "core/base/buf.h"
#include "core/keyring.h"

struct mk_access;
struct mk_vault;

#define MK_CARD_CODE 101 /* characters of the code on a card */
#define MK_CARD_LINE 24  /* of them on a line of the sheet, and in how many */
#define MK_CARD_LINES ((MK_CARD_CODE + MK_CARD_LINE - 1) / MK_CARD_LINE)

/* A card as it was typed or read; what names it in a refusal ("kaart 2"). */
struct mk_card_text {
    const char *what;
    const void *text;
    size_t n;
};

/*
 * Do these go together, and with the set in force, enough or not?  So that who
 * types the next one need not wait for all.
 * Errors: as mk_card_read and mk_keyring_cards_check.
 */
MK_MUST_USE enum mk_err mk_recovery_cards_check(
    const struct mk_keyring *k, const struct mk_card_text *cards, size_t n,
    struct mk_diag *diag);

/*
 * Where new cards go: called for each card before the change that makes them
 * valid is committed, so it has to return only when the card is durable.
 * After an error, of its own or of the call that it was handed to, no such
 * set is there and the cards are waste paper - but for E_UNKNOWN_OUTCOME.
 * Secrets: text is a whole card.
 */
typedef enum mk_err mk_card_sink(void *ctx, uint32_t set, unsigned number,
                                 const struct mk_buf *text,
                                 struct mk_diag *diag);
struct mk_new_cards {
    struct mk_share_plan plan;
    mk_card_sink *sink;
    void *ctx;
};

/*
 * Makes a new set.  Without old cards it is proposed, and counts when another
 * custodian accepts it and holders have put their secrets in; with enough old
 * ones it is in force and opens everything at once.
 * Role: custodian.  Log: SHARE_MAKE.  Errors: as mk_keyring_share,
 * mk_keyring_combine, mk_keyring_reshare, mk_card_read.
 */
MK_MUST_USE enum mk_err mk_recovery_share(struct mk_vault *v,
                                          const struct mk_access *access,
                                          const struct mk_card_text *old,
                                          size_t n_old,
                                          const struct mk_new_cards *fresh,
                                          struct mk_diag *diag);
/* Puts a proposed set in force.  Role: custodian, not who proposed it.
 * Log: SHARE_ACCEPT. */
MK_MUST_USE enum mk_err mk_recovery_accept(struct mk_vault *v,
                                           const struct mk_access *access,
                                           struct mk_diag *diag);
/* Puts the own secrets with the set in force; *kinds: bits of those.  Any
 * role.  Log: ESCROW.  Errors: as mk_keyring_escrow. */
MK_MUST_USE enum mk_err mk_recovery_store(struct mk_vault *v,
                                          const struct mk_access *access,
                                          unsigned *kinds,
                                          struct mk_diag *diag);
/*
 * Combines cards, opens all that lies with them, and states that it did.  The
 * first time it ends practice, and so wants a second custodian and a term of
 * the log.  Role: custodian.  Log: DRILL (refused when it does not count).
 * Errors: those of the cards; E_NOT_WHOLE; E_DRILL_EARLY.
 */
MK_MUST_USE enum mk_err mk_recovery_drill(struct mk_vault *v,
                                          const struct mk_access *access,
                                          const struct mk_card_text *cards,
                                          size_t n, struct mk_diag *diag);

/* Whom the cards let in. */
struct mk_recovery_request {
    const void *text; /* made by mk_request_make */
    size_t n;
    unsigned roles;                     /* MK_ROLE_BITs */
    const struct mk_secret *passphrase; /* of the request: he signs the head */
};
/*
 * Lets the person of a request in by cards alone: v is open and locked, and
 * is again afterwards.  Issues the next set of cards, because the old ones
 * were in one hand.
 * Log: RECOVER, by him.  Errors: those of the cards, E_NOT_WHOLE, E_LOCKED
 * (the passphrase is not that of the request), as mk_keyring_admit and
 * mk_vault_unlock.
 */
MK_MUST_USE enum mk_err mk_recovery_person(
    struct mk_vault *v, const struct mk_access *access,
    const struct mk_card_text *cards, size_t n,
    const struct mk_recovery_request *request,
    const struct mk_new_cards *fresh, struct mk_member *recovered,
    struct mk_diag *diag);

/* --- retention_restore.c: the file that is not on the cards --- */

/* Bytes that such a file may have at most. */
#define MK_RETENTION_FILE_MAX ((size_t)12 * 1024 * 1024)
struct mk_retention_report {
    size_t back;    /* keys that were missing here and are back */
    size_t dropped; /* of destroyed dossiers, or of no use: not put back */
    size_t fresh;   /* years that got a new key for what comes next */
    size_t all;     /* keys in the file now */
};
/*
 * Puts a second copy (text) of the retention file back where the one in use is
 * lost or damaged, together with what is still good of that, into every place
 * where it belongs.  Each key that a dossier needs was proven to open it.
 * A key that nothing uses any more and that is not the newest of its year, or
 * that was replaced by a destruction, does not come back.
 * Role: inspector.  Log: RETENTION_RESTORE.
 * Errors: E_RETENTION_COPY (no whole file of this vault); E_RETENTION_LACKS
 * (place: year (generation): dossiers, of all that lack); E_KEY_GONE.
 */
MK_MUST_USE enum mk_err mk_retention_restore(
    struct mk_vault *v, const struct mk_access *access,
    const struct mk_buf *text, struct mk_retention_report *report,
    struct mk_diag *diag);

/*
 * Why a vault is for practice: bits, 0 when it is not.  It ends for good with
 * the first drill that counts.  The term is known to who unlocked; locked, it
 * counts as chosen.
 */
enum mk_practice {
    MK_PRACTICE_DRILL = 1,      /* nobody proved yet that the cards work */
    MK_PRACTICE_CUSTODIANS = 2, /* there is one custodian, or none */
    MK_PRACTICE_TERM = 4,       /* nobody chose how long the log is kept */
};
MK_MUST_USE unsigned mk_vault_practice(struct mk_vault *v);

#endif
